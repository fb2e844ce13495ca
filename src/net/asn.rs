//! Autonomous system numbers (RFC 6793), in `asplain` (RFC 5396).

use std::{fmt, str::FromStr};

/// The number of an autonomous system, 0 to 4294967295; printed as `AS205398`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Asn(pub u32);

/// A text that is no AS number.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not an AS number; write it as `AS205398`")]
pub struct AsnError(String);

impl Asn {
    /// Adds its text, as [`fmt::Display`] shows it, to `text`.
    pub fn push_to(self, text: &mut String) {
        text.push_str("AS");
        super::prefix::push_decimal(text, self.0);
    }
}

impl FromStr for Asn {
    type Err = AsnError;

    /// Reads `AS` (in any case) and a decimal number without leading zeros, as the registry does.
    fn from_str(text: &str) -> Result<Asn, AsnError> {
        let refuse = || AsnError(text.to_owned());
        let (prefix, digits) = text.split_at_checked(2).ok_or_else(refuse)?;
        if !prefix.eq_ignore_ascii_case("AS") || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refuse());
        }
        let number: u32 = digits.parse().map_err(|_| refuse())?;
        match digits.starts_with('0') && number != 0 {
            true => Err(refuse()),
            false => Ok(Asn(number)),
        }
    }
}

impl fmt::Display for Asn {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "AS{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_registry_reads() {
        let check = |text: &str, expected: Option<u32>| {
            assert_eq!(text.parse().ok().map(|Asn(n)| n), expected, "{text}");
        };
        check("AS205398", Some(205_398));
        check("as1", Some(1));
        check("AS00", Some(0));
        check("AS01", None);
        check("AS4294967296", None);
        check("AS1.10", None);
        check("205398", None);
        check("AS", None);
        check("AS+1", None);
    }
}
