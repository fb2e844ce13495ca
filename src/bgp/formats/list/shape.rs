//! How the lines of a list are divided, and what stands in one.

use memchr::memchr;

use crate::{
    bgp::{Origin, path, routes},
    net::{Asn, Prefix, number_at, prefix_at, prefix_of},
};

/// Names of columns that hold the prefix.
const PREFIX: [&str; 6] = ["prefix", "ip prefix", "network", "route", "cidr", "announcement"];
/// Names of columns that hold the origin.
const ORIGIN: [&str; 7] = ["origin", "asn", "as", "origin as", "origin_as", "originas", "origin asn"];

/// How a line is divided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Shape {
    /// The byte between fields; a space stands for any white space.
    separator: u8,
    prefix: usize,
    origin: usize,
    /// How many fields a line has; as many as it likes where the columns have names.
    fields: Option<usize>,
    pub(super) has_header: bool,
}

/// What holds no pair: nothing, or a comment.
pub(super) fn is_blank(line: &[u8]) -> bool {
    line.is_empty() || line.starts_with(b"#")
}

/// Whether a text is a prefix, or was meant to be one.
fn is_like_a_prefix(text: &str) -> bool {
    text.contains('/') && text.bytes().all(|byte| byte.is_ascii_hexdigit() || b".:/".contains(&byte))
}

/// The first line that is no comment.
pub(super) fn first_line(text: &str) -> Option<&str> {
    text.lines().map(str::trim).find(|line| !is_blank(line.as_bytes()))
}

impl Shape {
    /// How the first line that is no comment is divided; `None` if it is neither a header nor a pair.
    pub(super) fn of(text: &str) -> Option<Shape> {
        let line = first_line(text).filter(|line| !line.starts_with(['{', '[', '<']))?;
        // The commas of a set divide nothing.
        let outside = line.split('{').next().unwrap_or(line).as_bytes();
        let separator = [b',', b';', b'\t'].into_iter().find(|byte| outside.contains(byte)).unwrap_or(b' ');
        let shape = Shape { separator, prefix: 0, origin: 1, fields: Some(2), has_header: false };
        let names: Vec<String> = shape.names(line).collect();
        let column = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
        match (column(&PREFIX), column(&ORIGIN)) {
            (Some(prefix), Some(origin)) => {
                Some(Shape { prefix, origin, fields: None, has_header: true, ..shape })
            }
            // What stands first is a prefix, or was meant to be one.
            _ => names.first().filter(|name| is_like_a_prefix(name)).map(|_| shape),
        }
    }

    /// The fields of a header, in lower case.
    pub(super) fn names(self, header: &str) -> impl Iterator<Item = String> {
        self.fields(header.as_bytes()).map(|name| String::from_utf8_lossy(name).to_ascii_lowercase())
    }

    /// The fields of a line, without the white space and the quotes around them.
    fn fields(self, line: &[u8]) -> impl Iterator<Item = &[u8]> {
        let mut rest = Some(line);
        std::iter::from_fn(move || {
            let line = rest?;
            let (field, after) = match self.end(line) {
                Some(end) => (line.get(..end)?, line.get(end + 1..)),
                None => (line, None),
            };
            rest = if self.separator == b' ' { after.map(<[u8]>::trim_ascii_start) } else { after };
            let field = field.trim_ascii();
            Some(match field {
                [b'"', inner @ .., b'"'] => inner,
                _ => field,
            })
        })
    }

    /// Where the first field of `line` ends; a set in braces or a quoted text is one field.
    fn end(self, line: &[u8]) -> Option<usize> {
        let from = match line.first()? {
            b'{' => memchr(b'}', line).unwrap_or(0),
            b'"' => line.get(1..).and_then(|inner| memchr(b'"', inner)).map_or(0, |at| at + 1),
            _ => 0,
        };
        let after = line.get(from..)?;
        let at = match self.separator {
            b' ' => after.iter().position(u8::is_ascii_whitespace),
            separator => memchr(separator, after),
        };
        at.map(|at| from + at)
    }

    /// The pair in the first line of `text` and the lines after it, if the line is a plain one: a prefix, the separator,
    /// a number. All other lines are for [`Shape::pair`], which takes longer.
    pub(super) fn quick(self, text: &[u8]) -> Option<(Prefix, Origin, &[u8])> {
        if self.prefix != 0 || self.origin != 1 {
            return None;
        }
        let (prefix, rest) = prefix_at(text)?;
        let (_, rest) = rest.split_first().filter(|(byte, _)| **byte == self.separator)?;
        let (origin, rest) = number_at(rest.strip_prefix(b"AS").unwrap_or(rest))?;
        let rest = rest.strip_prefix(b"\r").unwrap_or(rest).strip_prefix(b"\n")?;
        Some((prefix, Origin::As(Asn(origin)), rest))
    }

    /// The pair in a line, if it is one.
    pub(super) fn pair(self, line: &[u8]) -> Option<(Prefix, Origin)> {
        let (mut prefix, mut origin, mut count) = (None, None, 0);
        for (place, field) in self.fields(line).enumerate() {
            if place == self.prefix {
                prefix = prefix_of(field);
            }
            if place == self.origin {
                origin = path::listed(field);
            }
            count += 1;
        }
        let is_whole = self.fields.is_none_or(|fields| fields == count);
        is_whole.then_some((prefix?, origin?))
    }

    /// Why a line is no pair.
    pub(super) fn problem(self, line: &[u8]) -> String {
        let fields: Vec<&[u8]> = self.fields(line).collect();
        let (Some(prefix), Some(origin)) = (fields.get(self.prefix), fields.get(self.origin)) else {
            return "it has no prefix and origin".to_owned();
        };
        if let Err(problem) = routes::prefix(&String::from_utf8_lossy(prefix)) {
            return problem;
        }
        if path::listed(origin).is_none() {
            return path::no_origin(origin);
        }
        format!("it has {} fields and not 2: name them in a header line, as in `prefix,origin`", fields.len())
    }
}
