//! One validated ROA payload.

use std::{fmt, sync::Arc};

use jiff::Timestamp;

use crate::net::{Asn, Prefix};

/// A validated ROA payload (RFC 6811 §2): `origin` may announce `prefix` and its more specifics of up to
/// `max_length` bits. Origin AS0 says that nobody may (RFC 6483 §4).
///
/// Invariant: `prefix.len() <= max_length <=` the bits of its family.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Vrp {
    pub(super) prefix: Prefix,
    pub(super) origin: Asn,
    pub(super) max_length: u8,
    pub(super) expires: u32, // seconds since 1970; `FOREVER` if unknown
    pub(super) trust_anchor: Option<Arc<str>>,
}

/// The expiry of what has none.
pub(super) const FOREVER: u32 = u32::MAX;

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
        Vrp::check_length(prefix, max_length)?;
        Ok(Vrp { prefix, origin, max_length, expires: FOREVER, trust_anchor: None })
    }

    /// Whether `max_length` goes with `prefix` (RFC 9582 §4.3.2.2).
    pub(super) fn check_length(prefix: Prefix, max_length: u8) -> Result<(), VrpLengthError> {
        let is_in_range = (prefix.len()..=prefix.family().bits()).contains(&max_length);
        if is_in_range { Ok(()) } else { Err(VrpLengthError { prefix, max_length }) }
    }

    /// The same VRP, found under the trust anchor of this name.
    #[must_use]
    pub fn under(self, trust_anchor: Arc<str>) -> Vrp {
        Vrp { trust_anchor: Some(trust_anchor), ..self }
    }

    /// The same VRP, good until `time`, cut to whole seconds; what is before 1970 has expired then.
    #[must_use]
    pub fn expiring(self, time: Timestamp) -> Vrp {
        Vrp { expires: seconds(time), ..self }
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

    /// Whether it lets `origin` announce `prefix`, which it covers (RFC 6811 §2: "matched"). AS0 never matches, neither as
    /// the origin of a VRP (RFC 6483 §4) nor as that of an announcement (RFC 7607).
    pub fn authorises(&self, prefix: Prefix, origin: Asn) -> bool {
        matches!(relation(self.origin, self.max_length, prefix, origin), Relation::Matches)
    }

    /// Whether `prefix` is its prefix or a more specific one (RFC 6811: "covers").
    pub fn covers(&self, prefix: Prefix) -> bool {
        self.prefix.covers(prefix)
    }
}

/// How a VRP stands to an announcement that it covers.
pub(super) enum Relation {
    Matches,
    TooLong,
    OtherOrigin,
}

pub(super) fn relation(authorised: Asn, max_length: u8, prefix: Prefix, origin: Asn) -> Relation {
    match (authorised == origin && origin != Asn(0), prefix.len() <= max_length) {
        (true, true) => Relation::Matches,
        (true, false) => Relation::TooLong,
        (false, _) => Relation::OtherOrigin,
    }
}

/// As `AS205398 2a0f:85c1:260::/44-48 (ripe)`.
impl fmt::Display for Vrp {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}-{}", self.origin, self.prefix, self.max_length)?;
        self.trust_anchor().map_or(Ok(()), |name| write!(f, " ({name})"))
    }
}

/// Whole seconds since 1970; what is before has expired then, and what is beyond 2106 lasts for ever.
pub(super) fn seconds(time: Timestamp) -> u32 {
    u32::try_from(time.as_second().max(0)).unwrap_or(FOREVER)
}
