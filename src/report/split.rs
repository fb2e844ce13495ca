//! A division of address space: as a table, or as it was added to an estate.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Report, Style, paint::lines, table::table};
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

/// A division that was added to the end of an estate's file.
#[derive(Clone, Debug)]
pub struct Added {
    children: Children,
    file: PathBuf,
    /// The line on which it begins, from 1.
    line: usize,
    /// What parts it from what stood before.
    gap: String,
    toml: String,
}

impl Added {
    /// The division as an `[[allocation]]` behind `before`, which is the text of `file`, with its line ends.
    pub fn to(before: &str, children: Children, file: &Path) -> Added {
        let end = if before.contains("\r\n") { "\r\n" } else { "\n" };
        let gap = match before {
            "" => String::new(),
            whole if whole.ends_with('\n') => end.to_owned(),
            _ => end.repeat(2),
        };
        let line = format!("{before}{gap}").matches('\n').count() + 1;
        let toml = children.toml().replace('\n', end);
        Added { children, file: file.to_path_buf(), line, gap, toml }
    }

    /// What stands behind the text that was there.
    pub fn text(&self) -> String {
        format!("{}{}", self.gap, self.toml)
    }
}

impl Children {
    /// As an allocation of an estate, with a block for each.
    fn toml(&self) -> String {
        let mut head = vec!["[[allocation]]".to_owned(), format!("prefix = \"{}\"", self.split.parent())];
        head.extend(self.origin.map(|origin| format!("origin = \"{origin}\"")));
        head.extend(self.split.child(0).map(|child| format!("split = {}", child.len())));
        head.push("[allocation.blocks]".to_owned());
        let block = |(index, prefix): (u32, Prefix)| {
            format!("{:<28} # {prefix}", format!("b{index} = {{ index = {index} }}"))
        };
        lines(head.into_iter().chain((0..).zip(self.split.children()).map(block)))
    }
}

impl Report for Added {
    fn text(&self, _: Style) -> String {
        format!("added to {}:{}\n\n{}", self.file.display(), self.line, self.toml.replace('\r', ""))
    }

    fn json(&self) -> Value {
        let mut json = self.children.json();
        json["added"] =
            json!({ "file": self.file.display().to_string(), "line": self.line, "text": self.toml });
        json
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

    #[test]
    fn what_is_added_stands_apart_and_has_the_line_ends_of_the_file() {
        let check = |before: &str, expected: &str, line| {
            let split = Split::new("192.0.2.0/24".parse().unwrap(), 25).unwrap();
            let added = Added::to(before, Children { split, origin: None }, Path::new("ripectl.toml"));
            let first: String = added.text().split_inclusive("]]").next().unwrap().to_owned();
            assert_eq!((first.as_str(), added.line), (expected, line));
            assert_eq!(added.toml.lines().count(), 6);
            assert_eq!(added.toml.contains("\r\n"), before.contains("\r\n"));
        };
        check("", "[[allocation]]", 1);
        check("format = 1\n", "\n[[allocation]]", 3);
        check("format = 1\r\n", "\r\n[[allocation]]", 3);
        check("format = 1", "\n\n[[allocation]]", 3);
    }
}
