//! `prefix,origin`, a line each; a blank or a tab may stand in the place of the comma, and a header line before all.

use memchr::memchr_iter;

use super::{Origin, Seen};
use crate::{
    net::{Asn, Prefix},
    reading::{Place, Problem, Refused},
};

pub(super) const FORMAT: &str = "lines of `prefix,origin` or `prefix origin`";

/// What may stand between two fields.
const BETWEEN: [char; 4] = [',', ';', '\t', ' '];

/// Whether the first line that says something is one of a prefix and an AS number, or the header of such lines.
pub(super) fn recognise(text: &str) -> bool {
    let first = text.lines().find(|line| !is_silent(line)).unwrap_or_default();
    is_header(first) || seen(first, 0).is_ok_and(|seen| seen.origin != Origin::Own)
}

/// The announcements, one for each line.
pub(super) fn read(text: &str) -> Result<Vec<Seen>, Problem> {
    if !text.ends_with('\n') {
        return Err(Problem::Truncated(text.lines().count())); // `192.0.2.0/24,6449` may have been `…,64496`
    }
    let mut all = Vec::with_capacity(memchr_iter(b'\n', text.as_bytes()).count());
    let mut refused = Refused::default();
    let mut is_first = true;
    for (number, line) in (1_u32..).zip(text.split('\n')) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if is_silent(line) {
            continue;
        }
        match seen(line, number) {
            Ok(seen) => all.push(seen),
            Err(_) if is_first && is_header(line) => {}
            Err(problem) => refused.add(Place::Line(number.into()), problem),
        }
        is_first = false;
    }
    if refused.count == 0 { Ok(all) } else { Err(Problem::Records(refused)) }
}

fn is_silent(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with(['#', '%'])
}

fn is_header(line: &str) -> bool {
    let mut names = fields(line);
    let first = names.next().unwrap_or_default().to_ascii_lowercase();
    let second = names.next().unwrap_or_default().to_ascii_lowercase();
    ["prefix", "network", "ip_prefix", "ip prefix"].contains(&first.as_str())
        && ["origin", "asn", "as", "origin_as", "origin_asn"].contains(&second.as_str())
}

fn fields(line: &str) -> impl Iterator<Item = &str> {
    line.split(BETWEEN).map(|field| field.trim_matches(['"', ' '])).filter(|field| !field.is_empty())
}

fn seen(line: &str, number: u32) -> Result<Seen, String> {
    let mut fields = fields(line);
    let prefix = fields.next().ok_or("the prefix is missing")?;
    let prefix: Prefix = prefix.parse().map_err(|error| format!("{error}"))?;
    let origin = fields.next().ok_or("the origin is missing")?;
    Ok(Seen { prefix, origin: self::origin(origin)?, line: number })
}

/// `205398`, `AS205398`, or `{64496,64497}` for a set.
fn origin(text: &str) -> Result<Origin, String> {
    if text.starts_with('{') {
        return Ok(Origin::Set);
    }
    if text.bytes().all(|b| b.is_ascii_digit())
        && let Ok(number) = text.parse()
    {
        return Ok(Origin::As(Asn(number)));
    }
    text.parse().map(Origin::As).map_err(|error| format!("{error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let told = match super::super::read("x", text.as_bytes()) {
            Ok(announced) => {
                let one = |seen: &Seen| match seen.origin {
                    Origin::As(asn) => format!("{} {asn} {}", seen.prefix, seen.line),
                    other => format!("{} {other:?} {}", seen.prefix, seen.line),
                };
                announced.seen.iter().map(one).collect::<Vec<_>>().join(", ")
            }
            Err(error) => error.to_string().split("\nhint: ").next().unwrap().to_owned(),
        };
        assert_eq!(told, expected, "{text}");
    }

    #[test]
    fn a_line_is_a_prefix_and_an_origin() {
        let both = "192.0.2.0/24 AS1 1, 2001:db8::/32 AS2 2";
        check("192.0.2.0/24,1\n2001:db8::/32,2\n", both);
        check("192.0.2.0/24 AS1\r\n2001:db8::/32\tas2\r\n", both);
        check("# mine\nprefix,origin\n192.0.2.0/24, AS1,x\n", "192.0.2.0/24 AS1 3");
        check("\"192.0.2.0/24\",\"{1,2}\"\n192.0.2.0/24,1\n", "192.0.2.0/24 Set 1, 192.0.2.0/24 AS1 2");
    }

    #[test]
    fn what_is_none_is_refused_with_its_line() {
        let refused = |problem: &str| {
            format!("`x`: 1 of its records cannot be read as announcements:\n  line 2: {problem}")
        };
        let check =
            |line: &str, problem: &str| check(&format!("192.0.2.0/24,1\n{line}\n"), &refused(problem));
        check("2001:db8:101::/44,1", "2001:db8:101::/44 has host bits set; did you mean 2001:db8:100::/44?");
        check("192.0.2.0/24", "the origin is missing");
        check("192.0.2.0/24,x", "`x` is not an AS number; write it as `AS205398`");
        check("192.0.2.0/24,4294967296", "`4294967296` is not an AS number; write it as `AS205398`");
        super::tests::check("192.0.2.0/24,1", "`x` is cut off: it ends in the middle of line 1");
        super::tests::check("prefix,origin\n", "`x` holds no announcement at all, so it proves nothing");
        super::tests::check(
            "hello\n",
            "`x` holds no announcements in a format that can be read; it begins with `hello`",
        );
    }
}
