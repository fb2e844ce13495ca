//! One validated ROA payload.

use std::{cmp::Reverse, fmt, sync::Arc};

use jiff::Timestamp;

use crate::net::{Asn, Prefix};

/// A validated ROA payload (RFC 6811 §2): `origin` may announce `prefix` and its more specifics of up to
/// `max_length` bits. Origin AS0 says that nobody may (RFC 6483 §4).
///
/// Invariant: `prefix.len() <= max_length <=` the bits of its family.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Vrp {
    prefix: Prefix,
    origin: Asn,
    max_length: u8,
    expires: u32, // seconds since 1970; `FOREVER` if unknown. 700,000 of these are held at a time.
    trust_anchor: Option<Arc<str>>,
}

const FOREVER: u32 = u32::MAX;

/// A maxLength that is shorter than its prefix or longer than an address.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("maxLength {max_length} of {prefix} is out of range; it must be from {} to {}", prefix.len(), prefix.family().bits())]
pub struct VrpLengthError {
    prefix: Prefix,
    max_length: u8,
}

impl Vrp {
    /// The VRP for `prefix` up to `max_length` bits, without trust anchor and expiry.
    pub fn new(prefix: Prefix, origin: Asn, max_length: u8) -> Result<Vrp, VrpLengthError> {
        if (prefix.len()..=prefix.family().bits()).contains(&max_length) {
            Ok(Vrp { prefix, origin, max_length, expires: FOREVER, trust_anchor: None })
        } else {
            Err(VrpLengthError { prefix, max_length })
        }
    }

    /// The same VRP, found under the trust anchor of this name.
    #[must_use]
    pub fn under(self, trust_anchor: Arc<str>) -> Vrp {
        Vrp { trust_anchor: Some(trust_anchor), ..self }
    }

    /// The same VRP, good until `time`, cut to whole seconds; what is before 1970 has expired then.
    #[must_use]
    pub fn expiring(self, time: Timestamp) -> Vrp {
        let expires = u32::try_from(time.as_second().max(0)).unwrap_or(FOREVER);
        Vrp { expires, ..self }
    }

    /// The prefix that it covers.
    pub fn prefix(&self) -> Prefix {
        self.prefix
    }

    /// The only AS that it lets announce.
    pub fn origin(&self) -> Asn {
        self.origin
    }

    /// The longest announcement that it lets through, in bits.
    pub fn max_length(&self) -> u8 {
        self.max_length
    }

    /// The name of the trust anchor, as the validator calls it.
    pub fn trust_anchor(&self) -> Option<&str> {
        self.trust_anchor.as_deref()
    }

    /// The time after which it no longer counts, if the validator printed one.
    pub fn expires(&self) -> Option<Timestamp> {
        (self.expires != FOREVER).then(|| Timestamp::from_second(self.expires.into()).ok())?
    }

    /// Whether `prefix` is its prefix or a more specific one (RFC 6811: "covers").
    pub fn covers(&self, prefix: Prefix) -> bool {
        self.prefix.covers(prefix)
    }

    /// Whether the two say the same, whoever said it and for however long.
    pub(super) fn says_what(&self, other: &Vrp) -> bool {
        (self.prefix, self.max_length, self.origin) == (other.prefix, other.max_length, other.origin)
    }

    /// By prefix, maxLength, origin; of those that say the same, the longest lived stands first.
    pub(super) fn order(&self) -> impl Ord {
        (self.prefix, self.max_length, self.origin, Reverse(self.expires))
    }
}

/// As `AS205398 2a0f:85c1:260::/44-48 (ripe)`.
impl fmt::Display for Vrp {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}-{}", self.origin, self.prefix, self.max_length)?;
        self.trust_anchor().map_or(Ok(()), |name| write!(f, " ({name})"))
    }
}
