//! Small reports: the children of a split, formatted files, a single line.

use serde_json::{Value, json};

use super::{
    Report, Style,
    paint::{counted, lines},
    table::table,
};
use crate::net::{Asn, Prefix, Split, zone_of};

/// The prefixes that an allocation is divided into.
#[derive(Clone, Copy, Debug)]
pub struct Children {
    /// The division.
    pub split: Split,
    /// Who would originate them.
    pub origin: Option<Asn>,
}

impl Children {
    /// Index, prefix, key of the route object, and reverse zone of each.
    fn rows(&self) -> impl Iterator<Item = (u32, Prefix, Option<String>, Option<String>)> {
        let origin = self.origin;
        (0..).zip(self.split.children()).map(move |(index, prefix)| {
            (index, prefix, origin.map(|origin| format!("{prefix}{origin}")), zone_of(prefix))
        })
    }
}

impl Report for Children {
    fn text(&self, _: Style) -> String {
        let route = if self.split.parent().address().is_ipv4() { "route" } else { "route6" };
        let mut header = vec!["index", "prefix", "reverse zone"];
        if self.origin.is_some() {
            header.insert(2, route);
        }
        let row = |(index, prefix, route, zone): (u32, Prefix, Option<String>, Option<String>)| {
            let cells =
                [Some(index.to_string()), Some(prefix.to_string()), route, Some(zone.unwrap_or_default())];
            cells.into_iter().flatten().collect()
        };
        table(&header, self.rows().map(row))
    }

    fn json(&self) -> Value {
        let child = |(index, prefix, route, zone): (u32, Prefix, Option<String>, Option<String>)| json!({ "index": index, "prefix": prefix.to_string(), "route": route, "zone": zone });
        json!({
            "schema": "ripectl/split/1",
            "prefix": self.split.parent().to_string(),
            "origin": self.origin.map(|origin| origin.to_string()),
            "children": self.rows().map(child).collect::<Vec<_>>(),
        })
    }
}

/// What `fmt` did, or would do.
#[derive(Clone, Debug)]
pub struct Formatted {
    /// The files that are not formatted as the registry prints them, as the user would type them.
    pub changed: Vec<String>,
    /// How many others there are.
    pub unchanged: usize,
    /// Whether they were written.
    pub written: Written,
}

/// Whether formatted files were written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Written {
    /// They were.
    Yes,
    /// It was only looked (`--check`).
    No,
}

impl Report for Formatted {
    fn text(&self, _: Style) -> String {
        let (verb, sum) = match self.written {
            Written::Yes => ("formatted", "formatted"),
            Written::No => ("would format", "to format"),
        };
        let mut text = lines(self.changed.iter().map(|file| format!("{verb} {file}")));
        let (changed, unchanged) = (counted(self.changed.len(), "file"), self.unchanged);
        text += format!("{changed} {sum}, {unchanged} as the registry prints them\n").as_str();
        if self.written == Written::No && !self.changed.is_empty() {
            text.push_str("hint: `ripectl fmt` does it\n");
        }
        text
    }

    fn json(&self) -> Value {
        let written = self.written == Written::Yes;
        json!({ "schema": "ripectl/fmt/1", "written": written, "changed": self.changed, "unchanged": self.unchanged })
    }
}

/// One line, such as why nothing was done.
#[derive(Clone, Debug)]
pub struct Note(pub String);

impl Report for Note {
    fn text(&self, _: Style) -> String {
        if self.0.is_empty() { String::new() } else { format!("{}\n", self.0) }
    }

    fn json(&self) -> Value {
        json!({ "schema": "ripectl/note/1", "text": self.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_is_a_table_of_children() {
        let split = Split::new("2001:db8::/47".parse().unwrap(), 48).unwrap();
        let text = Children { split, origin: Some(Asn(64500)) }.text(Style::default());
        let expected = " index  prefix           route6                  reverse zone\n 0      2001:db8::/48    2001:db8::/48AS64500    \
                        0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa\n 1      2001:db8:1::/48  2001:db8:1::/48AS64500  1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa\n";
        assert_eq!(text, expected);
    }
}
