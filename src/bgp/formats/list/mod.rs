//! A list of prefixes and origins, a pair a line: `prefix,origin`, `prefix origin` or with a TAB, `AS` before the number or
//! not. With a header line the columns are found by name; without one there are two.

mod shape;

use memchr::{memchr, memchr_iter};

use super::{Document, Format, Input};
use crate::{
    bgp::{Seen, routes::Routes},
    parallel,
    reading::{Place, Problem},
};
use shape::{Shape, first_line, is_blank};

pub(super) const FORMAT: Format = Format {
    name: "a list of `prefix,origin`",
    recognise: |input| input.text.is_some_and(|text| Shape::of(text).is_some()),
    read,
};

/// How a column is named that only VRPs have: `Max Length`, `Maxlen`, `Max prefix length`.
const OF_VRPS: &str = "max";

fn read(input: &Input) -> Result<Document, Problem> {
    let text = input.whole_lines()?;
    let Some(shape) = Shape::of(text) else { return Ok(Document::default()) }; // nothing but comments
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
    for part in parallel::each(parts(text.as_bytes(), shape.has_header), |part| pairs(shape, &part)) {
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

/// The pairs of a part.
fn pairs(shape: Shape, Part { lines, number, count }: &Part) -> Routes {
    let mut routes = Routes { seen: Vec::with_capacity(*count), ..Routes::default() };
    let (mut rest, mut next) = (*lines, *number);
    while !rest.is_empty() {
        let number = next;
        next = number.saturating_add(1);
        if let Some((prefix, origin, after)) = shape.quick(rest) {
            routes.seen.push(Seen { prefix, origin, line: number });
            rest = after;
            continue;
        }
        let Some((line, after)) = line_at(rest) else { break };
        rest = after;
        match shape.pair(line) {
            _ if is_blank(line) => {}
            Some((prefix, origin)) => routes.seen.push(Seen { prefix, origin, line: number }),
            None => routes.refuse(Place::Line(u64::from(number)), shape.problem(line)),
        }
    }
    routes
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
        check("192.0.2.0/24,AS_SET\n", "1 192.0.2.0/24 Set");
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

    /// Wherever it is cut, and whatever stands there.
    #[test]
    fn a_long_list_is_read_in_parts() {
        let row = |number: u32| match number % 1000 {
            7 => format!("# {number}\n"),
            8 => "\n".to_owned(),
            9 => format!("\"10.{}.{}.0/24\" , \"AS{number}\"\n", number >> 8 & 0xff, number & 0xff),
            _ => format!("10.{}.{}.0/24,{number}\n", number >> 8 & 0xff, number & 0xff),
        };
        let rows: String = (3..250_000).map(row).collect();
        let text = format!("# a list\nprefix,origin\n{rows}");
        assert!(text.len() > 4 << 20, "{}", text.len());
        let announced = read("x", text.as_bytes()).unwrap();
        assert_eq!(announced.seen.len(), 250_000 - 3 - 2 * 250);
        for seen in &announced.seen {
            assert_eq!(seen.origin, Origin::As(crate::net::Asn(seen.line)), "its line is its number");
        }
        let broken = text.replace("\n# 249007\n", "\n249007\n").replace("\n# 7\n", "\n7\n");
        let error = read("x", broken.as_bytes()).unwrap_err().to_string();
        assert!(
            error.contains("2 of its records")
                && error.contains("line 7: ")
                && error.contains("line 249007: "),
            "{error}"
        );
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
