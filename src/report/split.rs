//! A division of address space: as a table, or as it was added to an estate.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{
    Report, Style,
    paint::{add, lines},
    table::table,
};
use crate::{
    finding::counted,
    net::{Asn, Prefix, Split, zone_of},
};

/// So many children are shown, unless everything is to be.
const SHOWN: usize = 256;

/// How many of `count` are shown, and what is said of the rest.
fn some(count: usize, style: Style) -> (usize, String) {
    match count.checked_sub(SHOWN) {
        Some(rest @ 1..) if !style.verbose => {
            (SHOWN, format!("\nand {rest} more, {} in all: -v or --format json\n", counted(count, "prefix")))
        }
        _ => (count, String::new()),
    }
}

/// The prefixes that an allocation is divided into.
#[derive(Clone, Copy, Debug)]
pub struct Children {
    /// The division.
    pub split: Split,
    /// Who would originate them.
    pub origin: Option<Asn>,
}

impl Children {
    /// How many there are.
    pub fn count(&self) -> usize {
        usize::try_from(self.split.count()).unwrap_or(usize::MAX)
    }

    /// Each prefix with its index.
    fn rows(&self) -> impl Iterator<Item = (u32, Prefix)> {
        (0..).zip(self.split.children())
    }
}

impl Report for Children {
    fn text(&self, style: Style) -> String {
        let mut header = vec!["index", "prefix"];
        header.extend(self.origin.map(|_| "origin"));
        header.push("reverse zone");
        let row = |(index, prefix): (u32, Prefix)| {
            let mut cells = vec![index.to_string(), prefix.to_string()];
            cells.extend(self.origin.map(|origin| origin.to_string()));
            cells.push(zone_of(prefix).unwrap_or_default());
            cells
        };
        let (shown, rest) = some(self.count(), style);
        table(&header, self.rows().take(shown).map(row), style) + &rest
    }

    fn json(&self) -> Value {
        let child = |(index, prefix): (u32, Prefix)| {
            let route = self.origin.map(|origin| format!("{prefix}{origin}"));
            json!({ "index": index, "prefix": prefix.to_string(), "route": route, "zone": zone_of(prefix) })
        };
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
    pub fn addition(&self) -> String {
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
    fn text(&self, style: Style) -> String {
        let (shown, rest) = some(self.children.count(), style);
        let head = self.toml.lines().count() - self.children.count();
        let mut text = format!("added to {}:{}\n\n", self.file.display(), self.line);
        add(&mut text, lines(self.toml.lines().take(head + shown)));
        text + &rest
    }

    fn is_file(&self) -> bool {
        true
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
        let expected = " index  prefix           origin   reverse zone\n 0      2001:db8::/48    AS64500  \
                        0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa\n 1      2001:db8:1::/48  AS64500  \
                        1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn of_many_children_the_first_are_shown_and_all_are_counted() {
        let split = Split::new("2001:db8::/32".parse().unwrap(), 48).unwrap();
        let (children, verbose) =
            (Children { split, origin: None }, Style { verbose: true, ..Style::default() });
        let text = children.text(Style::default());
        assert_eq!(text.lines().count(), 1 + SHOWN + 2);
        assert!(text.ends_with("\nand 65280 more, 65536 prefixes in all: -v or --format json\n"), "{text}");
        assert_eq!(children.text(verbose).lines().count(), 1 + (1 << 16));
        assert_eq!(children.json()["children"].as_array().unwrap().len(), 1 << 16);
        let added = Added::to("", children, Path::new("ripectl.toml"));
        assert!(added.text(Style::default()).lines().count() < SHOWN + 10);
        assert_eq!(added.toml.matches("index = ").count(), 1 << 16);
    }

    #[test]
    fn what_is_added_stands_apart_and_has_the_line_ends_of_the_file() {
        let check = |before: &str, expected: &str, line| {
            let split = Split::new("192.0.2.0/24".parse().unwrap(), 25).unwrap();
            let added = Added::to(before, Children { split, origin: None }, Path::new("ripectl.toml"));
            let first: String = added.addition().split_inclusive("]]").next().unwrap().to_owned();
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
