//! The dumps of RIPE NCC's RIS whois, `riswhoisdump.IPv4` and `.IPv6`: `origin TAB prefix TAB peers that see it`, comments
//! with `%`, and an `AS_SET` as `{64497,64498}`.

use super::{Document, Format, Input};
use crate::{
    bgp::{
        path,
        routes::{self, Routes},
    },
    reading::{Place, Problem},
};

pub(super) const FORMAT: Format = Format {
    name: "a dump of riswhois",
    recognise: |input| {
        input.text.is_some_and(|text| text.lines().find(|line| !is_blank(line)).is_some_and(is_row))
    },
    read,
};

fn is_blank(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('%')
}

/// An origin, something like a prefix and a number.
fn is_row(line: &str) -> bool {
    match fields(line) {
        Some([origin, prefix, peers]) => {
            path::listed(origin.as_bytes()).is_some() && prefix.contains('/') && peers.parse::<u32>().is_ok()
        }
        None => false,
    }
}

fn fields(line: &str) -> Option<[&str; 3]> {
    let mut fields = line.split('\t').map(str::trim);
    let found = [fields.next()?, fields.next()?, fields.next()?];
    fields.next().is_none().then_some(found)
}

fn read(input: &Input) -> Result<Document, Problem> {
    let mut routes = Routes::default();
    for (number, line) in (1..).zip(input.whole_lines()?.lines()) {
        let place = Place::Line(number);
        match fields(line) {
            _ if is_blank(line) => {}
            Some([origin, prefix, _]) => {
                let origin =
                    path::listed(origin.as_bytes()).ok_or_else(|| path::no_origin(origin.as_bytes()));
                routes.add_checked(place, routes::prefix(prefix), origin);
            }
            None => routes.refuse(place, "it is no origin, prefix and number of peers, with TABs between"),
        }
    }
    Ok(Document { routes, ..Document::default() })
}

#[cfg(test)]
mod tests {
    use crate::{
        bgp::{Origin, Seen, read},
        net::Asn,
    };

    #[test]
    fn rows_and_sets_are_read() {
        let text = "% RISwhois\n\n3333\t193.0.0.0/21\t301\n{64497,64498}\t2001:db8::/32\t2\n";
        let seen = read("x", text.as_bytes()).unwrap().seen;
        let row = |prefix: &str, origin, line| Seen { prefix: prefix.parse().unwrap(), origin, line };
        assert_eq!(
            seen,
            [row("193.0.0.0/21", Origin::As(Asn(3333)), 3), row("2001:db8::/32", Origin::Set, 4)]
        );
    }

    #[test]
    fn a_row_that_is_none_is_refused() {
        let error =
            read("x", b"3333\t193.0.0.0/21\t301\n3333\t193.0.0.1/21\t301\n3333\n").unwrap_err().to_string();
        assert!(error.contains("line 2: 193.0.0.1/21 has host bits set"), "{error}");
        assert!(error.contains("line 3: it is no origin, prefix and number of peers"), "{error}");
    }
}
