//! `OpenBGPD`: `bgpctl -j show rib` and its variants, as 7.7 prints them.
//!
//! Of a neighbour that it does not know it answers `{"status":"FAILED","error":…}`; of a table without routes, `{}`, which
//! proves nothing, since it prints the same of a session that is down.

use serde::Deserialize;

use super::{
    Document, Format, Input,
    json::{self, Text},
};
use crate::{
    bgp::{
        path,
        routes::{self, Routes},
    },
    reading::{Place, Problem},
};

pub(super) const FORMAT: Format = Format {
    name: "JSON of OpenBGPD (`bgpctl -j show rib`)",
    recognise: |input| input.has_key(&["rib"]) || (input.has_key(&["status"]) && input.has_key(&["error"])),
    read,
};

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    error: Option<Text<'a>>,
    #[serde(default, borrow)]
    rib: Vec<Route<'a>>,
}

#[derive(Deserialize)]
struct Route<'a> {
    #[serde(borrow)]
    prefix: Option<Text<'a>>,
    #[serde(borrow)]
    aspath: Option<Text<'a>>,
    valid: Option<bool>,
}

fn read(input: &Input) -> Result<Document, Problem> {
    let file: File = json::parse(input.text.unwrap_or_default())?;
    if let Some(Text(error)) = file.error {
        return Err(Problem::CouldNotLook {
            what: format!("OpenBGPD answers `{error}`"),
            hint: "look at `bgpctl show summary` for the neighbour as it stands there, and whether it is up",
        });
    }
    let mut routes = Routes::default();
    for (number, route) in (1..).zip(file.rib) {
        if route.valid == Some(false) {
            routes.skip("route that OpenBGPD does not hold valid");
            continue;
        }
        let prefix = route.prefix.ok_or_else(|| "it has no `prefix`".to_owned());
        let path = route.aspath.ok_or_else(|| "it has no `aspath`".to_owned());
        routes.add_checked(
            Place::Record(number),
            prefix.and_then(|Text(prefix)| routes::prefix(&prefix)),
            path.and_then(|Text(path)| path::origin(&path)),
        );
    }
    Ok(Document { routes, ..Document::default() })
}

#[cfg(test)]
mod tests {
    use crate::{
        bgp::{Origin, read},
        net::Asn,
    };

    /// As `OpenBGPD` 7.7 printed it, less what is not read.
    #[test]
    fn a_table_is_read() {
        let text = "{\n\t\"rib\": [\n\t\t{\n\t\t\t\"prefix\": \"192.0.2.0/24\",\n\t\t\t\"aspath\": \"\",\n\t\t\t\"neighbor\": {\n\t\t\t\t\
                    \"remote_addr\": \"???\"\n\t\t\t},\n\t\t\t\"valid\": true\n\t\t},\n\t\t{ \"prefix\": \"2001:db8::/48\", \"aspath\": \"64500 64496\", \"valid\": true }\n\t]\n}\n";
        let seen = read("x", text.as_bytes()).unwrap().seen;
        assert_eq!(
            seen.iter().map(|seen| seen.origin).collect::<Vec<_>>(),
            [Origin::Own, Origin::As(Asn(64496))]
        );
    }

    #[test]
    fn a_neighbour_that_is_not_known_is_no_silence() {
        let text = "{\n\t\"status\": \"FAILED\",\n\t\"error\": \"no such neighbor\"\n}\n";
        let error = read("x", text.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("`x`: OpenBGPD answers `no such neighbor`\nhint: "), "{error}");
    }
}
