//! One validated ROA payload.

use std::{fmt, str::FromStr, sync::Arc};

use jiff::Timestamp;

use crate::net::{Asn, AsnError, Prefix, PrefixError};

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

/// A text that is no VRP, and what to write.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}\nhint: write it as `AS205398:2a0f:85c1:260::/44-48`; without `-48` the maxLength is 44")]
pub struct VrpTextError(VrpTextProblem);

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
enum VrpTextProblem {
    #[error("`{0}` has no AS and prefix with a colon between them")]
    Form(String),
    #[error(transparent)]
    Origin(#[from] AsnError),
    #[error(transparent)]
    Prefix(#[from] PrefixError),
    #[error("maxLength `{0}` is no number of bits")]
    Number(String),
    #[error(transparent)]
    Length(#[from] VrpLengthError),
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

    /// What it says, without the trust anchor that it is under: `AS205398 2a0f:85c1:260::/44-48`.
    pub fn says(&self) -> String {
        format!("{} {}-{}", self.origin, self.prefix, self.max_length)
    }

    /// As it is typed, and read again: `AS205398:2a0f:85c1:260::/44-48`.
    pub fn as_typed(&self) -> String {
        format!("{}:{}-{}", self.origin, self.prefix, self.max_length)
    }

    /// Whether it lets the same AS announce the same, under whatever trust anchor and for however long.
    pub fn says_the_same_as(&self, other: &Vrp) -> bool {
        (self.prefix, self.origin, self.max_length) == (other.prefix, other.origin, other.max_length)
    }

    /// Whether it lets announce all that `other` does.
    pub fn allows_all_of(&self, other: &Vrp) -> bool {
        self.origin == other.origin && self.covers(other.prefix) && self.max_length >= other.max_length
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
        f.write_str(&self.says())?;
        self.trust_anchor().map_or(Ok(()), |name| write!(f, " ({name})"))
    }
}

/// As Krill writes it, without the blank: `AS205398:2a0f:85c1:260::/44-48`. Without `-MAX` the maxLength is the length of the
/// prefix (RFC 9582 §4.3.2.2).
impl FromStr for Vrp {
    type Err = VrpTextError;

    fn from_str(text: &str) -> Result<Vrp, VrpTextError> {
        parsed(text).map_err(VrpTextError)
    }
}

fn parsed(text: &str) -> Result<Vrp, VrpTextProblem> {
    let (origin, rest) = text.split_once(':').ok_or_else(|| VrpTextProblem::Form(text.to_owned()))?;
    let origin: Asn = origin.trim().parse()?;
    let Some((prefix, max_length)) = rest.split_once('-') else {
        let prefix: Prefix = rest.parse()?;
        return Ok(Vrp::new(prefix, origin, prefix.len())?);
    };
    let prefix: Prefix = prefix.parse()?;
    let is_number = (1..=3).contains(&max_length.len()) && max_length.bytes().all(|b| b.is_ascii_digit());
    let number = is_number.then(|| max_length.parse().ok()).flatten();
    let max_length = number.ok_or_else(|| VrpTextProblem::Number(max_length.to_owned()))?;
    Ok(Vrp::new(prefix, origin, max_length)?)
}

/// Whole seconds since 1970; what is before has expired then, and what is beyond 2106 lasts for ever.
pub(super) fn seconds(time: Timestamp) -> u32 {
    u32::try_from(time.as_second().max(0)).unwrap_or(FOREVER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vrp_is_read_as_it_is_typed() {
        let check = |text: &str, expected: &str| {
            let read = text.parse::<Vrp>();
            let told = read.map_or_else(|error| error.to_string(), |vrp| vrp.to_string());
            assert_eq!(told.lines().next().unwrap(), expected, "{text}");
            assert!(!told.contains('`') || told.contains("\nhint: write it as `AS205398:"), "{told}");
        };
        check("AS205398:2a0f:85c1:260::/44-48", "AS205398 2a0f:85c1:260::/44-48");
        check("AS205398: 2a0f:85c1:260::/44-48", "AS205398 2a0f:85c1:260::/44-48");
        check("AS205398:2a0f:85c1:260::/44", "AS205398 2a0f:85c1:260::/44-44");
        check("as0:192.0.2.0/24", "AS0 192.0.2.0/24-24");
        check("AS1:192.0.2.0/24-32", "AS1 192.0.2.0/24-32");
        check("AS1:2001:db8:1::/32-48", "2001:db8:1::/32 has host bits set; did you mean 2001:db8::/32?");
        check(
            "AS1:2001:db8::/32-31",
            "maxLength 31 of 2001:db8::/32 is out of range; it must be from 32 to 128",
        );
        check(
            "AS1:192.0.2.0/24-33",
            "maxLength 33 of 192.0.2.0/24 is out of range; it must be from 24 to 32",
        );
        check("AS1:192.0.2.0/24-", "maxLength `` is no number of bits");
        check("AS1:192.0.2.0/24-+24", "maxLength `+24` is no number of bits");
        check("AS1:192.0.2.0/24-256", "maxLength `256` is no number of bits");
        check("2a0f:85c1:260::/44-48", "`2a0f` is not an AS number; write it as `AS205398`");
        check("192.0.2.0/24", "`192.0.2.0/24` has no AS and prefix with a colon between them");
        check(
            "AS1:192.0.2.0",
            "`192.0.2.0` is not a prefix; write it as `2001:db8:100::/44` or `192.0.2.0/24`",
        );
    }
}
