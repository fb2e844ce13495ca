//! Address prefix ranges (RFC 2622 §2): a prefix and which of its more specifics are meant.

use std::str::FromStr;

use super::{Block, Prefix};

/// A prefix with a range operator, such as `2001:db8::/32^48` or `192.0.2.0/24^+`.
///
/// Invariant: `prefix.len() <= shortest <= longest <= bits of the family`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PrefixRange {
    /// The prefix.
    pub prefix: Prefix,
    /// The length of the shortest prefixes that are meant.
    pub shortest: u8,
    /// The length of the longest.
    pub longest: u8,
}

/// A text that is no prefix range.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not a prefix range; write it as `2001:db8::/32`, `…^48`, `…^48-64`, `…^+` or `…^-`")]
pub struct PrefixRangeError(String);

impl PrefixRange {
    /// Whether `prefix` is one of those that are meant.
    pub fn includes(self, prefix: Prefix) -> bool {
        self.prefix.covers(prefix) && (self.shortest..=self.longest).contains(&prefix.len())
    }
}

impl FromStr for PrefixRange {
    type Err = PrefixRangeError;

    /// `^-`: all more specifics; `^+`: these and itself; `^n`: those of length n; `^n-m`: of n to m.
    fn from_str(text: &str) -> Result<PrefixRange, PrefixRangeError> {
        let refuse = || PrefixRangeError(text.to_owned());
        let (prefix, operator) = text.split_once('^').map_or((text, None), |(p, o)| (p, Some(o)));
        let whole = prefix.contains('/').then(|| Block::parse(prefix)).flatten();
        let prefix = whole.and_then(Block::prefix).ok_or_else(refuse)?;
        let (own, most) = (prefix.len(), prefix.family().bits());
        let (shortest, longest) = match operator {
            None => (own, own),
            Some("-") => (own + 1, most),
            Some("+") => (own, most),
            Some(lengths) => {
                let (from, to) = lengths.split_once('-').unwrap_or((lengths, lengths));
                (from.parse().map_err(|_| refuse())?, to.parse().map_err(|_| refuse())?)
            }
        };
        match own <= shortest && shortest <= longest && longest <= most {
            true => Ok(PrefixRange { prefix, shortest, longest }),
            false => Err(refuse()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_say_which_more_specifics_are_meant() {
        let check = |range: &str, prefix: &str, expected: bool| {
            let range: PrefixRange = range.parse().unwrap();
            assert_eq!(range.includes(prefix.parse().unwrap()), expected, "{range:?} {prefix}");
        };
        check("2001:db8::/32", "2001:db8::/32", true);
        check("2001:db8::/32", "2001:db8::/48", false);
        check("2001:db8::/32^+", "2001:db8::/32", true);
        check("2001:db8::/32^-", "2001:db8::/32", false);
        check("2001:db8::/32^48", "2001:db8:1::/48", true);
        check("2001:db8::/32^40-48", "2001:db8::/36", false);
        assert!("2001:db8::/32^24".parse::<PrefixRange>().is_err());
        assert!("::/0^129".parse::<PrefixRange>().is_err());
    }
}
