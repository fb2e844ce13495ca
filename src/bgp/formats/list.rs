//! A list of prefixes and origins, a pair a line: `prefix,origin`, `prefix origin` or with a TAB, `AS` before the number or
//! not. With a header line the columns are found by name; without one there are two.

use memchr::{memchr, memchr_iter};

use super::{Document, Format, Input};
use crate::{
    bgp::{
        Origin, Seen, path,
        routes::{self, Routes},
    },
    net::{Asn, Prefix, number_at, prefix_at, prefix_of},
    parallel,
    reading::{Place, Problem},
};

pub(super) const FORMAT: Format = Format {
    name: "a list of `prefix,origin`",
    recognise: |input| input.text.is_some_and(|text| shape(text).is_some()),
    read,
};

/// Names of columns that hold the prefix.
const PREFIX: [&str; 6] = ["prefix", "ip prefix", "network", "route", "cidr", "announcement"];
/// Names of columns that hold the origin.
const ORIGIN: [&str; 7] = ["origin", "asn", "as", "origin as", "origin_as", "originas", "origin asn"];

/// How a line is divided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Shape {
    /// The byte between fields; a space stands for any white space.
    separator: u8,
    prefix: usize,
    origin: usize,
    /// How many fields a line has; as many as it likes where the columns have names.
    fields: Option<usize>,
    has_header: bool,
}

/// What holds no pair: nothing, or a comment.
fn is_blank(line: &[u8]) -> bool {
    line.is_empty() || line.starts_with(b"#")
}

/// How a column is named that only VRPs have: `Max Length`, `Maxlen`, `Max prefix length`.
const OF_VRPS: &str = "max";

/// Whether a text is a prefix, or was meant to be one.
fn is_like_a_prefix(text: &str) -> bool {
    text.contains('/') && text.bytes().all(|byte| byte.is_ascii_hexdigit() || b".:/".contains(&byte))
}

fn first_line(text: &str) -> Option<&str> {
    text.lines().map(str::trim).find(|line| !is_blank(line.as_bytes()))
}

/// How the first line that is no comment is divided; `None` if it is neither a header nor a pair.
fn shape(text: &str) -> Option<Shape> {
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

fn read(input: &Input) -> Result<Document, Problem> {
    let text = input.whole_lines()?;
    let shape = shape(text).unwrap_or(Shape {
        separator: b',',
        prefix: 0,
        origin: 1,
        fields: Some(2),
        has_header: false,
    });
    let header = first_line(text).filter(|_| shape.has_header).unwrap_or_default();
    if shape.names(header).any(|name| name.starts_with(OF_VRPS)) {
        let what =
            "it holds VRPs, for it has a column of maxLengths: judged by themselves, all of them are valid"
                .to_owned();
        return Err(Problem::CouldNotLook {
            what,
            hint: "VRPs are given as `--vrps`; `--announcements` wants what routers announce",
        });
    }
    let mut routes = Routes::default();
    for part in parallel::each(parts(text.as_bytes(), shape.has_header), |part| shape.routes(part)) {
        routes.then(part);
    }
    Ok(Document { routes, ..Document::default() })
}

/// Whole lines, the first of them with this number.
struct Part<'a> {
    lines: &'a [u8],
    number: u32,
    count: usize,
}

/// A part is worth a thread of its own from this size on.
const WORTH_A_THREAD: usize = 1 << 20;

/// The lines with pairs, all that are behind the header, in as many parts as there are cores.
fn parts(text: &[u8], has_header: bool) -> Vec<Part<'_>> {
    let part = |lines, number| Part { lines, number, count: memchr_iter(b'\n', lines).count() };
    let (mut rest, mut number, mut parts) = (text, 1_u32, Vec::new());
    if has_header {
        while let Some((line, after)) = line_at(rest) {
            (rest, number) = (after, number.saturating_add(1));
            if !is_blank(line) {
                break;
            }
        }
    }
    for left in (1..=parallel::parts(rest.len(), WORTH_A_THREAD)).rev() {
        let about = rest.get(rest.len() / left..).unwrap_or_default();
        let behind = if left == 1 { None } else { line_at(about) };
        let (lines, after) = rest.split_at(rest.len() - behind.map_or(0, |(_, after)| after.len()));
        let part = part(lines, number);
        number = number.saturating_add(u32::try_from(part.count).unwrap_or(u32::MAX));
        parts.push(part);
        rest = after;
    }
    parts
}

/// The first line of `text` without the white space around it, and what follows it; `None` at the end.
fn line_at(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if text.is_empty() {
        return None;
    }
    let (line, after) = text.split_at(memchr(b'\n', text).unwrap_or(text.len()));
    Some((line.trim_ascii(), after.get(1..).unwrap_or_default()))
}

impl Shape {
    /// The pairs of a part.
    fn routes(self, Part { lines, number, count }: Part) -> Routes {
        let mut routes = Routes { seen: Vec::with_capacity(count), ..Routes::default() };
        let (mut rest, mut next) = (lines, number);
        while !rest.is_empty() {
            let number = next;
            next = number.saturating_add(1);
            if let Some((prefix, origin, after)) = self.quick(rest) {
                routes.seen.push(Seen { prefix, origin, line: number });
                rest = after;
                continue;
            }
            let Some((line, after)) = line_at(rest) else { break };
            rest = after;
            match self.pair(line) {
                _ if is_blank(line) => {}
                Some((prefix, origin)) => routes.seen.push(Seen { prefix, origin, line: number }),
                None => routes.refuse(Place::Line(u64::from(number)), self.problem(line)),
            }
        }
        routes
    }

    /// The fields of a header, in lower case.
    fn names(self, header: &str) -> impl Iterator<Item = String> {
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
    fn quick(self, text: &[u8]) -> Option<(Prefix, Origin, &[u8])> {
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
    fn pair(self, line: &[u8]) -> Option<(Prefix, Origin)> {
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
    fn problem(self, line: &[u8]) -> String {
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

#[cfg(test)]
mod tests {
    use crate::bgp::{Origin, read};

    fn check(text: &str, expected: &str) {
        let shown = match read("x", text.as_bytes()) {
            Ok(announced) => {
                let row = |seen: &crate::bgp::Seen| match seen.origin {
                    Origin::As(asn) => format!("{} {} {asn}\n", seen.line, seen.prefix),
                    other => format!("{} {} {other:?}\n", seen.line, seen.prefix),
                };
                announced.seen.iter().map(row).collect::<String>()
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(shown.trim_end(), expected, "{text}");
    }

    #[test]
    fn each_shape_of_a_pair_is_read() {
        check("192.0.2.0/24,64500\n", "1 192.0.2.0/24 AS64500");
        check("192.0.2.0/24 AS64500\n", "1 192.0.2.0/24 AS64500");
        check("192.0.2.0/24   AS64500  \n", "1 192.0.2.0/24 AS64500");
        check("192.0.2.0/24\tas64500\r\n\r\n", "1 192.0.2.0/24 AS64500");
        check("# ours\n\n2001:db8::/48, AS64500\n", "3 2001:db8::/48 AS64500");
        check("\u{feff}2001:db8::/48;64500\n", "1 2001:db8::/48 AS64500");
        check("\"192.0.2.0/24\",\"64500\"\n", "1 192.0.2.0/24 AS64500");
        check("192.0.2.0/24 {64500,64501}\n", "1 192.0.2.0/24 Set");
        check("192.0.2.0/24,{64500,64501}\n", "1 192.0.2.0/24 Set");
    }

    #[test]
    fn columns_are_found_by_their_names() {
        check("prefix,origin\n192.0.2.0/24,64500\n", "2 192.0.2.0/24 AS64500");
        check("ASN,IP Prefix,note\n64500,192.0.2.0/24,\"a, b\"\n", "2 192.0.2.0/24 AS64500");
        check(
            "prefix,origin,rpki,irr,ok,rules\n192.0.2.0/24,AS64500,valid,,true,\n",
            "2 192.0.2.0/24 AS64500",
        );
    }

    #[test]
    fn what_is_no_pair_is_refused_with_its_line() {
        let check = |line: &str, expected: &str| {
            let expected = format!(
                "`x`: 1 of its records cannot be read as announcements:\n  line 2: {expected}\n\
                 hint: no router prints such records; have it write the file again, or correct them"
            );
            check(&format!("192.0.2.0/24,64500\n{line}\n"), &expected);
        };
        check("192.0.2.1/24,64500", "192.0.2.1/24 has host bits set; did you mean 192.0.2.0/24?");
        check("192.0.2.0/24,1.10", "`1.10` is not an AS number; write it as `AS205398`");
        check("192.0.2.0/24,", "`` is not an AS number; write it as `AS205398`");
        check("192.0.2.0/24", "it has no prefix and origin");
        check(
            "192.0.2.0/24,1,2",
            "it has 3 fields and not 2: name them in a header line, as in `prefix,origin`",
        );
        check("prefix,origin", "`prefix` is not a prefix; write it as `2001:db8:100::/44` or `192.0.2.0/24`");
        check("192.0.2.0/24,\u{1b}[31m", "`\\u{1b}[31m` is not an AS number; write it as `AS205398`");
    }

    /// Who gives VRPs as what is announced would find all of them valid.
    #[test]
    fn vrps_are_no_announcements() {
        let refused = "`x`: it holds VRPs, for it has a column of maxLengths: judged by themselves, all of them are valid\n\
             hint: VRPs are given as `--vrps`; `--announcements` wants what routers announce";
        check("ASN,IP Prefix,Max Length,Trust Anchor\nAS1,192.0.2.0/24,24,ripe\n", refused);
        check("\"ASN\",\"Prefix\",\"Max prefix length\"\nAS1,192.0.2.0/24,24\n", refused);
        check("Network  Maxlen AS  Server\n192.0.2.0/24  24  1  127.0.0.1:3323\n", refused);
        check("prefix;origin;maxLength\n192.0.2.0/24;1;24\n", refused);
    }

    #[test]
    fn a_list_that_is_cut_off_or_empty_is_refused() {
        check(
            "192.0.2.0/24,64500\n198.51.100.0/24,645",
            "`x` is cut off: it ends in the middle of line 2\nhint: fetch it again, and replace it only when complete",
        );
        let empty = "`x` holds no announcement at all, so it proves nothing\n\
             hint: look whether the session is up, and whether the command asked for this neighbour and this address family";
        check("prefix,origin\n", empty);
        check("\n", empty);
    }
}
