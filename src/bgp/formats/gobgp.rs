//! `GoBGP`: `gobgp neighbor X adj-out -j`, `adj-in -j` and `gobgp global rib -j`: an object with the paths of each prefix.
//!
//! The prefix is the key: attribute 14 lists every prefix of the update in which a route came.

use serde::Deserialize;

use super::{
    Document, Format, Input,
    json::{self, Pairs},
};
use crate::{
    bgp::{
        Origin,
        routes::{self, Routes},
    },
    net::Asn,
    reading::{Place, Problem},
};

pub(super) const FORMAT: Format = Format {
    name: "JSON of GoBGP (`adj-out -j`, `global rib -j`)",
    recognise: |input| {
        input.keys.as_ref().is_some_and(|keys| keys.first().is_none_or(|key| key.contains('/')))
            && input.text.is_some_and(|text| text.trim_end().ends_with('}') || text.contains("\"nlri\""))
    },
    read,
};

#[derive(Deserialize)]
struct Path {
    #[serde(default)]
    attrs: Vec<Attribute>,
}

/// A path attribute; only the AS path counts here.
#[derive(Deserialize)]
struct Attribute {
    #[serde(rename = "type")]
    code: u8,
    #[serde(default)]
    as_paths: Vec<Segment>,
}

#[derive(Deserialize)]
struct Segment {
    segment_type: u8,
    #[serde(default)]
    asns: Vec<u32>,
}

const AS_PATH: u8 = 2;

fn read(input: &Input) -> Result<Document, Problem> {
    let Pairs(table): Pairs<Vec<Path>> = json::parse(input.text.unwrap_or_default())?;
    let mut routes = Routes::default();
    let paths = table.iter().flat_map(|(prefix, paths)| paths.iter().map(move |path| (prefix, path)));
    for (number, (prefix, path)) in (1..).zip(paths) {
        routes.add_checked(Place::Record(number), routes::prefix(prefix), path.origin());
    }
    Ok(Document { routes, ..Document::default() })
}

impl Path {
    /// A route that begins here has no AS path.
    fn origin(&self) -> Result<Origin, String> {
        let path = self.attrs.iter().find(|attribute| attribute.code == AS_PATH);
        match path.and_then(|path| path.as_paths.last()) {
            None | Some(Segment { segment_type: 3 | 4, .. }) => Ok(Origin::Own),
            Some(Segment { segment_type: 1, .. }) => Ok(Origin::Set),
            Some(Segment { segment_type: 2, asns }) => match asns.last() {
                Some(asn) => Ok(Origin::As(Asn(*asn))),
                None => Err("its AS path ends in a sequence of nothing".to_owned()),
            },
            Some(Segment { segment_type, .. }) => {
                Err(format!("its AS path ends in a segment of type {segment_type}, which there is not"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        bgp::{Origin, read},
        net::Asn,
    };

    #[test]
    fn the_last_segment_is_the_origin() {
        let check = |attrs: &str, expected: Option<Origin>| {
            let text =
                format!(r#"{{"2001:db8::/48":[{{"nlri":{{"prefix":"2001:db8::/48"}},"attrs":[{attrs}]}}]}}"#);
            let origin =
                read("x", text.as_bytes()).ok().map(|announced| announced.seen.first().unwrap().origin);
            assert_eq!(origin, expected, "{attrs}");
        };
        let path = |segments: &str| format!(r#"{{"type":2,"as_paths":[{segments}]}}"#);
        check("", Some(Origin::Own));
        check(&path(r#"{"segment_type":2,"num":2,"asns":[1,64500]}"#), Some(Origin::As(Asn(64500))));
        check(&path(r#"{"segment_type":2,"asns":[1]},{"segment_type":1,"asns":[2,3]}"#), Some(Origin::Set));
        check(&path(r#"{"segment_type":3,"asns":[65001]}"#), Some(Origin::Own));
        check(&path(r#"{"segment_type":9,"asns":[1]}"#), None);
        check(&path(r#"{"segment_type":2,"asns":[]}"#), None);
    }

    #[test]
    fn an_empty_table_proves_nothing() {
        let error = read("x", b"{}").unwrap_err().to_string();
        assert!(error.contains("holds no announcement at all"), "{error}");
    }
}
