//! The text of a geofeed (RFC 8805): a line for each prefix, with its country, region and city.

use std::collections::HashMap;

use super::{Entry, Geolocation};
use crate::net::Prefix;

/// What stands above the lines. There is no date in it, so that the same lines are the same file.
const HEADER: &str =
    "# Where addresses are used (RFC 8805), made by `ripectl geofeed`\n# prefix,country,region,city,postal\n";

/// The file with these lines.
pub fn print(entries: &[Entry]) -> String {
    let lines: String = entries.iter().map(|entry| line(entry) + "\n").collect();
    format!("{HEADER}{lines}")
}

/// Its line. The postal code is left empty: it tells too much of too few (RFC 8805 §2.1.1.5).
pub fn line(Entry { prefix, location }: &Entry) -> String {
    let Geolocation { country, region, city } = location;
    format!("{prefix},{country},{region},{city},")
}

/// A line of a published file that is not as it would be printed, or one that it has not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// The line, from 1; `None` if the file lacks one.
    pub line: Option<usize>,
    /// The line as it would be; `None` if there would be none.
    pub wanted: Option<String>,
}

/// What differs in `published`, in the order of its lines, and what it lacks behind them. Comments, blanks around fields, the
/// case of codes and the order of lines do not count.
pub fn differences(entries: &[Entry], published: &str) -> Vec<Difference> {
    let mut open: HashMap<Prefix, &Entry> = entries.iter().map(|entry| (entry.prefix, entry)).collect();
    let mut found = Vec::new();
    for (index, text) in published.lines().enumerate().filter(|(_, text)| is_line(text)) {
        let read = read(text);
        let own = read.as_ref().and_then(|(prefix, _)| open.remove(prefix));
        let said = read.and_then(|(_, location)| location);
        if own.is_none() || said.as_ref() != own.map(|entry| &entry.location) {
            found.push(Difference { line: Some(index + 1), wanted: own.map(line) });
        }
    }
    let missing = entries.iter().filter(|entry| open.contains_key(&entry.prefix));
    found.extend(missing.map(|entry| Difference { line: None, wanted: Some(line(entry)) }));
    found
}

/// Whether a line is no comment, and not empty.
fn is_line(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && !text.starts_with('#')
}

/// The addresses that a line is about, and where it says that they are, if no more than would be printed.
fn read(text: &str) -> Option<(Prefix, Option<Geolocation>)> {
    let mut fields = text.split(',').map(str::trim);
    let first = fields.next()?;
    let address = || Prefix::truncated(first.parse().ok()?, if first.contains(':') { 128 } else { 32 });
    let prefix = first.parse().ok().or_else(address)?;
    let mut field = || fields.next().unwrap_or_default().to_owned();
    let (country, region, city) = (field().to_ascii_uppercase(), field().to_ascii_uppercase(), field());
    let is_end = fields.all(str::is_empty);
    Some((prefix, is_end.then_some(Geolocation { country, region, city })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(prefix: &str, [country, region, city]: [&str; 3]) -> Entry {
        let [country, region, city] = [country, region, city].map(str::to_owned);
        Entry { prefix: prefix.parse().unwrap(), location: Geolocation { country, region, city } }
    }

    fn entries() -> [Entry; 2] {
        [entry("192.0.2.0/24", ["NL", "NL-NH", "Amsterdam"]), entry("2001:db8::/48", ["LU", "", ""])]
    }

    #[test]
    fn a_line_has_five_fields() {
        let text = print(&entries());
        let lines: Vec<&str> = text.lines().filter(|line| is_line(line)).collect();
        assert_eq!(lines, ["192.0.2.0/24,NL,NL-NH,Amsterdam,", "2001:db8::/48,LU,,,"]);
        assert_eq!(differences(&entries(), &text), []);
    }

    #[test]
    fn what_is_published_is_compared_line_by_line() {
        let check = |published: &str, expected: &[(Option<usize>, Option<&str>)]| {
            let found = differences(&entries(), published);
            let found: Vec<_> = found.iter().map(|each| (each.line, each.wanted.as_deref())).collect();
            assert_eq!(found, expected, "{published}");
        };
        let (v4, v6) = ("192.0.2.0/24,NL,NL-NH,Amsterdam,", "2001:db8::/48,LU,,,");
        check("# x\r\n2001:DB8:0::/48, lu,\r\n192.0.2.0/24,nl,nl-nh,Amsterdam\r\n", &[]);
        check("", &[(None, Some(v4)), (None, Some(v6))]);
        check(&format!("{v4}\n2001:db8::/48,DE,,,\n"), &[(Some(2), Some(v6))]);
        check(&format!("{v4}\n{v6}\n{v6}\n"), &[(Some(3), None)]);
        check(&format!("{v4}\n{v6}\n2001:db8:1::/48,DE,,,\nnonsense\n"), &[(Some(3), None), (Some(4), None)]);
        check(&format!("{v4}1011\n{v6}\n"), &[(Some(1), Some(v4))]);
        check("192.0.2.1,NL,,,\n", &[(Some(1), None), (None, Some(v4)), (None, Some(v6))]);
    }
}
