//! FRR: `show bgp … neighbors X advertised-routes json`, `show bgp … json`, and `show bgp … PREFIX json`.
//!
//! FRR 8.4 exits with 0 whatever happens: a neighbour that it does not know is a `warning`, and one whose session is down is an
//! object with no route and without the table's version. The whole object without a route is a proof that the neighbour
//! was asked for, and that nothing is announced to it.

use serde::Deserialize;

use super::{
    Document, Format, Input,
    json::{self, Pairs, Text},
};
use crate::{
    bgp::{
        path,
        routes::{self, Routes},
    },
    reading::{Place, Problem},
};

pub(super) const FORMAT: Format = Format {
    name: "JSON of FRR (`advertised-routes json`, `show bgp … json`)",
    recognise: |input| {
        input.has_key(&["advertisedRoutes", "routes", "warning", "paths"]) && !input.has_key(&["data", "rib"])
    },
    read,
};

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    warning: Option<Text<'a>>,
    #[serde(rename = "bgpTableVersion")]
    table_version: Option<u64>,
    #[serde(rename = "totalPrefixCounter")]
    total: Option<u64>,
    #[serde(rename = "advertisedRoutes", borrow)]
    advertised: Option<Pairs<'a, Path<'a>>>,
    #[serde(borrow)]
    routes: Option<Pairs<'a, Vec<Path<'a>>>>,
    #[serde(borrow)]
    prefix: Option<Text<'a>>,
    #[serde(borrow)]
    paths: Option<Vec<Detailed<'a>>>,
}

/// A path of a table. FRR leaves out what is not so.
#[derive(Deserialize)]
struct Path<'a> {
    #[serde(rename = "path", borrow)]
    ases: Option<Text<'a>>,
    valid: Option<bool>,
    /// What of it holds, in a table that is advertised.
    #[serde(rename = "appliedStatusSymbols")]
    status: Option<serde::de::IgnoredAny>,
}

/// A path as the details of one prefix show it.
#[derive(Deserialize)]
struct Detailed<'a> {
    #[serde(borrow)]
    aspath: Option<AsPath<'a>>,
    valid: Option<bool>,
}

#[derive(Deserialize)]
struct AsPath<'a> {
    #[serde(borrow)]
    string: Option<Text<'a>>,
}

/// What is left out.
const INVALID: &str = "path that FRR does not hold valid";

fn read(input: &Input) -> Result<Document, Problem> {
    let file: File = json::parse(input.text.unwrap_or_default())?;
    if let Some(Text(warning)) = file.warning {
        return Err(Problem::CouldNotLook {
            what: format!("FRR warns: {warning}"),
            hint: "look at `show bgp summary`: name a neighbour that there is, and the address family that it is activated for",
        });
    }
    if file.advertised.as_ref().is_some_and(|routes| routes.0.is_empty()) && file.table_version.is_none() {
        return Err(Problem::CouldNotLook {
            what: "FRR advertises no route and shows no table: the session is down, or not a single route was sent".to_owned(),
            hint: "look at `show bgp summary` whether the session is Established, and ask again when it is",
        });
    }
    if let (Some(advertised), Some(total)) = (&file.advertised, file.total)
        && advertised.0.len() as u64 != total
    {
        let shown = advertised.0.len();
        return Err(Problem::Malformed(format!("it says that it has {total} routes, but has {shown}")));
    }
    let proves_none = file.advertised.is_some() && file.total == Some(0);
    let mut routes = Routes::default();
    let advertised = file.advertised.into_iter().flat_map(|pairs| pairs.0);
    let tables = file.routes.into_iter().flat_map(|pairs| pairs.0);
    let tables = tables.flat_map(|(prefix, paths)| paths.into_iter().map(move |path| (prefix.clone(), path)));
    for (number, (prefix, path)) in (1..).zip(advertised.chain(tables)) {
        // What is advertised has its status; what is in a table says whether it is valid.
        if path.status.is_none() && path.valid != Some(true) {
            routes.skip(INVALID);
            continue;
        }
        let origin = path.ases.ok_or_else(|| "it has no `path`".to_owned());
        let origin = origin.and_then(|Text(path)| path::origin(&path));
        routes.add_checked(Place::Record(number), routes::prefix(&prefix), origin);
    }
    details(&mut routes, file.prefix, file.paths.unwrap_or_default());
    Ok(Document { routes, proves_none, ..Document::default() })
}

/// The paths of one prefix; one that begins here is `Local`.
fn details(routes: &mut Routes, prefix: Option<Text>, paths: Vec<Detailed>) {
    let prefix = prefix.ok_or_else(|| "it has no `prefix`".to_owned());
    let prefix = prefix.and_then(|Text(prefix)| routes::prefix(&prefix));
    for (number, path) in (1..).zip(paths) {
        if path.valid != Some(true) {
            routes.skip(INVALID);
            continue;
        }
        let text = path.aspath.and_then(|path| path.string).ok_or_else(|| "it has no `aspath`".to_owned());
        let origin = text.and_then(|Text(path)| path::origin(if path == "Local" { "" } else { &path }));
        routes.add_checked(Place::Record(number), prefix.clone(), origin);
    }
}

#[cfg(test)]
mod tests {
    use crate::bgp::{Origin, read};

    fn refusal(text: &str) -> String {
        read("x", text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_could_not_look_is_no_silence() {
        let warning = refusal("{\n  \"warning\":\"No such neighbor in this view/vrf\"\n}\n");
        assert!(
            warning.starts_with("`x`: FRR warns: No such neighbor in this view/vrf\nhint: "),
            "{warning}"
        );
        let down = refusal(r#"{"advertisedRoutes":{},"totalPrefixCounter":0,"filteredPrefixCounter":0}"#);
        assert!(down.contains("the session is down"), "{down}");
    }

    #[test]
    fn the_whole_object_without_a_route_proves_silence() {
        let text = r#"{"bgpTableVersion":4,"localAS":64500,"advertisedRoutes":{},"totalPrefixCounter":0}"#;
        assert_eq!(read("x", text.as_bytes()).unwrap().seen, []);
        let fewer = refusal(r#"{"bgpTableVersion":4,"advertisedRoutes":{},"totalPrefixCounter":2}"#);
        assert!(fewer.contains("it says that it has 2 routes, but has 0"), "{fewer}");
    }

    #[test]
    fn what_is_not_valid_is_left_out_and_counted() {
        let text = r#"{"vrfId":0,"routes":{"192.0.2.0/24":[{"valid":true,"path":"64500 {64496,64497}"},{"path":"1"}]}}"#;
        let announced = read("x", text.as_bytes()).unwrap();
        assert_eq!(announced.seen.iter().map(|seen| seen.origin).collect::<Vec<_>>(), [Origin::Set]);
        assert_eq!(announced.skipped.iter().map(|skipped| skipped.count).sum::<usize>(), 1);
    }
}
