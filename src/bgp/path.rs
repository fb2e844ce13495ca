//! The origin of an AS path that is written as text, and numbers of AS.

use super::Origin;
use crate::net::{Asn, number_at};

/// The origin of a path such as `64500 64496 {64497,64498}`: sets in braces, confederation segments in parentheses
/// (sequences) or brackets (sets), as BIRD, FRR, `OpenBGPD` and `RIPEstat` print them.
pub(super) fn origin(path: &str) -> Result<Origin, String> {
    let path = path.trim();
    match path.bytes().last() {
        None => Ok(Origin::Own),
        Some(b'}') if path.contains('{') => Ok(Origin::Set),
        Some(b')') if path.contains('(') => Ok(Origin::Own),
        Some(b']') if path.contains('[') => Ok(Origin::Own),
        Some(_) => {
            let last = path.rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or(path);
            match plain(last.as_bytes()) {
                Some(asn) => Ok(Origin::As(asn)),
                None => Err(format!("`{path}` is no AS path")),
            }
        }
    }
}

/// The origin in a list: `AS205398`, `205398`, or a set such as `{64497,64498}`.
pub(super) fn listed(field: &[u8]) -> Option<Origin> {
    match field {
        // The word is ours: `validate --format csv`.
        b"AS_SET" | [b'{', .., b'}'] => Some(Origin::Set),
        [b'A' | b'a', b'S' | b's', digits @ ..] => plain(digits).map(Origin::As),
        _ => plain(field).map(Origin::As),
    }
}

/// Why [`listed`] finds no origin.
pub(super) fn no_origin(field: &[u8]) -> String {
    let field = String::from_utf8_lossy(field);
    format!("`{field}` is not an AS number; write it as `AS205398`")
}

/// A number of an AS in decimal digits without leading zeros (RFC 5396, `asplain`).
pub(super) fn plain(digits: &[u8]) -> Option<Asn> {
    number_at(digits).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| Asn(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_segment_tells_the_origin() {
        let check = |path: &str, expected: Option<Origin>| assert_eq!(origin(path).ok(), expected, "{path}");
        check("64500 64496", Some(Origin::As(Asn(64496))));
        check("4294967295", Some(Origin::As(Asn(u32::MAX))));
        check("", Some(Origin::Own));
        check(" (65001 65002)", Some(Origin::Own));
        check("(65001) 64500", Some(Origin::As(Asn(64500))));
        check("[65001,65002]", Some(Origin::Own));
        check("64500 {64496,64497}", Some(Origin::Set));
        check("64500 {64496 64497} ", Some(Origin::Set));
        check("64500 }", None);
        check("64500 6449x", None);
        check("4294967296", None);
        check("1.10", None);
    }

    #[test]
    fn a_list_has_numbers_with_or_without_letters() {
        let check = |field: &str, expected: Option<Origin>| {
            assert_eq!(listed(field.as_bytes()), expected, "{field}");
        };
        check("AS205398", Some(Origin::As(Asn(205_398))));
        check("as0", Some(Origin::As(Asn(0))));
        check("{1,2}", Some(Origin::Set));
        check("AS3.1", None);
        check("01", None);
        check("-1", None);
        check("99999999999999999999", None);
        check("", None);
    }
}
