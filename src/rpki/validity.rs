//! Route origin validation (RFC 6811 §2).

use super::{
    Vrp, VrpSet,
    set::Payload,
    vrp::{Relation, relation},
};
use crate::net::{Asn, Finder, Prefix};

/// The validation state of an announcement (RFC 6811 §2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// At least one VRP matches.
    Valid,
    /// At least one VRP covers it, and none matches.
    Invalid(Reason),
    /// No VRP covers it.
    NotFound,
}

impl State {
    /// The word for it in JSON and CSV.
    pub fn text(self) -> &'static str {
        match self {
            State::Valid => "valid",
            State::Invalid(_) => "invalid",
            State::NotFound => "not-found",
        }
    }
}

/// What the VRP that comes nearest to a match lacks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reason {
    /// Its maxLength would do, but it names another origin, or AS0.
    Origin,
    /// It names this origin, but the announcement is longer than its maxLength.
    Length,
    /// Each covering VRP names another origin, and has a maxLength that is too short as well.
    OriginAndLength,
}

/// The validation state and all VRPs that cover the announcement, each in one of three lists, the most
/// specific first.
#[derive(Clone, Debug)]
pub struct Validity {
    /// The outcome.
    pub state: State,
    /// Those that match.
    pub matched: Vec<Vrp>,
    /// Those of another origin, or of AS0.
    pub unmatched_origin: Vec<Vrp>,
    /// Those of this origin whose maxLength is too short.
    pub unmatched_length: Vec<Vrp>,
}

/// Validates one announcement after the other, quickest in the order of their prefixes.
#[derive(Clone, Debug)]
pub struct Validator<'a>(Finder<'a, Payload>);

impl<'a> Validator<'a> {
    /// One that validates against `vrps`.
    pub fn new(vrps: &'a VrpSet) -> Validator<'a> {
        Validator(vrps.map().finder())
    }

    /// The validation state of the announcement of `prefix` by `origin` (RFC 6811 §2). AS0 never matches, neither as
    /// the origin of a VRP (RFC 6483 §4) nor as that of an announcement (RFC 7607); an announcement without an origin,
    /// such as one of an `AS_SET`, is one of AS0 here.
    pub fn state(&mut self, prefix: Prefix, origin: Asn) -> State {
        let mut nearest = State::NotFound;
        for (_, vrp) in self.0.covering(prefix) {
            let reason = match relation(vrp.origin, vrp.max_length, prefix, origin) {
                Relation::Matches => return State::Valid,
                Relation::TooLong => Reason::Length,
                Relation::OtherOrigin if prefix.len() <= vrp.max_length => Reason::Origin,
                Relation::OtherOrigin => Reason::OriginAndLength,
            };
            nearest = match (nearest, reason) {
                (State::Invalid(Reason::Length), _) | (_, Reason::Length) => State::Invalid(Reason::Length),
                (State::Invalid(Reason::Origin), _) => nearest,
                _ => State::Invalid(reason),
            };
        }
        nearest
    }
}

/// The validation state of the announcement of `prefix` by `origin` and all VRPs that led to it (see
/// [`Validator::state`]).
pub fn validate(vrps: &VrpSet, prefix: Prefix, origin: Asn) -> Validity {
    let (mut matched, mut unmatched_origin, mut unmatched_length) = (vec![], vec![], vec![]);
    for vrp in vrps.covering(prefix) {
        match relation(vrp.origin(), vrp.max_length(), prefix, origin) {
            Relation::Matches => matched.push(vrp),
            Relation::TooLong => unmatched_length.push(vrp),
            Relation::OtherOrigin => unmatched_origin.push(vrp),
        }
    }
    let state = Validator::new(vrps).state(prefix, origin);
    Validity { state, matched, unmatched_origin, unmatched_length }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    use proptest::prelude::*;

    use super::*;

    /// Reads `AS1 2001:db8::/32-48, AS2 …`.
    pub(crate) fn vrps(text: &str) -> VrpSet {
        let vrp = |item: &str| {
            let (origin, rest) = item.trim().split_once(' ').unwrap();
            let (prefix, max_length) = rest.rsplit_once('-').unwrap();
            Vrp::new(prefix.parse().unwrap(), origin.parse().unwrap(), max_length.parse().unwrap()).unwrap()
        };
        text.split(',').filter(|item| !item.is_empty()).map(vrp).collect()
    }

    #[test]
    fn states_and_reasons() {
        let check = |set: &str, prefix: &str, expected: State| {
            let set = vrps(set);
            let validity = validate(&set, prefix.parse().unwrap(), Asn(1));
            assert_eq!(validity.state, expected, "{set:?} {prefix}");
        };
        let (origin, length) = (State::Invalid(Reason::Origin), State::Invalid(Reason::Length));
        let both = State::Invalid(Reason::OriginAndLength);
        check("AS1 2001:db8::/32-48", "2001:db8:1::/48", State::Valid);
        check("AS1 2001:db8::/32-48", "2001:db8:1::/49", length);
        check("AS1 2001:db8::/32-48", "2001:db8::/31", State::NotFound);
        check("AS1 2001:db8::/32-48", "2001:db9::/48", State::NotFound);
        check("AS2 2001:db8::/32-48", "2001:db8:1::/48", origin);
        check("AS2 2001:db8::/32-32", "2001:db8:1::/48", both);
        check("AS0 2001:db8::/32-128", "2001:db8:1::/48", origin);
        check("AS0 2001:db8::/32-128,AS1 2001:db8::/32-48", "2001:db8:1::/48", State::Valid);
        check("AS2 2001:db8:1::/48-48,AS1 2001:db8::/32-48", "2001:db8:1::/48", State::Valid);
        check("AS2 2001:db8:1::/48-48,AS1 2001:db8::/32-32", "2001:db8:1::/48", length);
        check("AS2 2001:db8:1::/48-48,AS2 2001:db8::/32-32", "2001:db8:1::/48", origin);
        check("AS1 0.0.0.0/0-24", "2001:db8:1::/48", State::NotFound);
    }

    #[test]
    fn as0_may_not_announce() {
        let set = vrps("AS0 2001:db8::/32-32");
        let validity = validate(&set, "2001:db8::/32".parse().unwrap(), Asn(0));
        assert_eq!(validity.state, State::Invalid(Reason::Origin));
    }

    /// RFC 6811 §2, read aloud.
    fn brute_force(vrps: &[Vrp], prefix: Prefix, origin: Asn) -> (bool, usize) {
        let covering: Vec<&Vrp> = vrps.iter().filter(|vrp| vrp.prefix().covers(prefix)).collect();
        let matches =
            |vrp: &&Vrp| prefix.len() <= vrp.max_length() && vrp.origin() == origin && origin.0 != 0;
        (covering.iter().any(matches), covering.len())
    }

    /// Prefixes that meet often: addresses of four bits at the top and up to two more at the bottom.
    pub(crate) fn some_prefix() -> impl Strategy<Value = Prefix> {
        let v4 = (0..16_u32, 0..4_u32, prop_oneof![0..6_u8, 30..=32_u8])
            .prop_map(|(top, low, length)| (IpAddr::from(Ipv4Addr::from(top << 28 | low)), length));
        let v6 = (0..16_u128, 0..4_u128, prop_oneof![0..6_u8, 126..=128_u8])
            .prop_map(|(top, low, length)| (IpAddr::from(Ipv6Addr::from(top << 124 | low)), length));
        prop_oneof![v4, v6].prop_map(|(address, length)| Prefix::truncated(address, length).unwrap())
    }

    pub(crate) fn some_vrp() -> impl Strategy<Value = Vrp> {
        (some_prefix(), 0..4_u32, 0..=128_u8).prop_map(|(prefix, origin, more)| {
            let max_length = prefix.len().saturating_add(more % 8).min(prefix.family().bits());
            Vrp::new(prefix, Asn(origin), max_length).unwrap()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn agrees_with_rfc_6811(
            list in prop::collection::vec(some_vrp(), 0..40), prefix in some_prefix(), origin in 0..4_u32,
        ) {
            let set: VrpSet = list.into_iter().collect();
            let list: Vec<Vrp> = set.iter().collect();
            let validity = validate(&set, prefix, Asn(origin));
            let (valid, covering) = brute_force(&list, prefix, Asn(origin));
            prop_assert_eq!(validity.state == State::Valid, valid);
            prop_assert_eq!(validity.state == State::NotFound, covering == 0);
            let (matched, other) = (validity.matched, validity.unmatched_origin);
            prop_assert_eq!(matched.len() + other.len() + validity.unmatched_length.len(), covering);
        }
    }
}
