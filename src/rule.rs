//! The rules: a stable name, how much a breach weighs, and sets of them.

use crate::finding::Severity;

/// What is asked of an announcement, of a VRP or of a route object. In this order they are told.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[repr(u8)]
pub enum Rule {
    /// Every covering VRP names another origin.
    RpkiInvalidOrigin,
    /// It is longer than the VRPs of its origin allow.
    RpkiInvalidLength,
    /// No VRP covers it.
    RpkiNotFound,
    /// The holder says of it, or of space around it, that nobody may announce it.
    RpkiAs0,
    /// A VRP allows more specifics that nobody announces (RFC 9319).
    RpkiMaxLengthLoose,
    /// The VRP that makes it valid is about to end.
    RpkiExpiresSoon,
    /// No route object covers it.
    IrrMissing,
    /// The route objects for its prefix name other origins.
    IrrOriginMismatch,
    /// There are route objects for less specific prefixes only.
    IrrCoveringOnly,
    /// Its route object is only in registries that an upstream does not look at.
    IrrOnlyIn,
    /// Its route object is hidden, for the RPKI makes it invalid.
    IrrRpkiInvalid,
    /// Its route object is hidden for another reason.
    IrrHidden,
    /// A route object of somebody else for space of ours.
    IrrForeign,
    /// A route object of ours that nothing announced needs.
    IrrStale,
    /// A VRP of ours that nothing announced needs.
    RoaStale,
    /// It is seen, and not declared.
    AnnouncedUndeclared,
    /// It is declared, and not seen.
    DeclaredUnannounced,
    /// It is longer than what is carried in general.
    TooSpecific,
    /// It is special-purpose space, or its origin is no AS of the Internet.
    Bogon,
    /// Its path ends in an `AS_SET`.
    AsSetOrigin,
    /// No as-set of ours has its origin.
    AsSetMissingMember,
    /// A waiver has ended.
    WaiverExpired,
    /// An upstream would filter it.
    UpstreamWouldFilter,
}

impl Rule {
    /// All of them, in order.
    pub const ALL: [Rule; 23] = [
        Rule::RpkiInvalidOrigin,
        Rule::RpkiInvalidLength,
        Rule::RpkiNotFound,
        Rule::RpkiAs0,
        Rule::RpkiMaxLengthLoose,
        Rule::RpkiExpiresSoon,
        Rule::IrrMissing,
        Rule::IrrOriginMismatch,
        Rule::IrrCoveringOnly,
        Rule::IrrOnlyIn,
        Rule::IrrRpkiInvalid,
        Rule::IrrHidden,
        Rule::IrrForeign,
        Rule::IrrStale,
        Rule::RoaStale,
        Rule::AnnouncedUndeclared,
        Rule::DeclaredUnannounced,
        Rule::TooSpecific,
        Rule::Bogon,
        Rule::AsSetOrigin,
        Rule::AsSetMissingMember,
        Rule::WaiverExpired,
        Rule::UpstreamWouldFilter,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Rule::RpkiInvalidOrigin => "rpki-invalid-origin",
            Rule::RpkiInvalidLength => "rpki-invalid-length",
            Rule::RpkiNotFound => "rpki-not-found",
            Rule::RpkiAs0 => "rpki-as0",
            Rule::RpkiMaxLengthLoose => "rpki-max-length-loose",
            Rule::RpkiExpiresSoon => "rpki-expires-soon",
            Rule::IrrMissing => "irr-missing",
            Rule::IrrOriginMismatch => "irr-origin-mismatch",
            Rule::IrrCoveringOnly => "irr-covering-only",
            Rule::IrrOnlyIn => "irr-only-in",
            Rule::IrrRpkiInvalid => "irr-rpki-invalid",
            Rule::IrrHidden => "irr-hidden",
            Rule::IrrForeign => "irr-foreign",
            Rule::IrrStale => "irr-stale",
            Rule::RoaStale => "roa-stale",
            Rule::AnnouncedUndeclared => "announced-undeclared",
            Rule::DeclaredUnannounced => "declared-unannounced",
            Rule::TooSpecific => "too-specific",
            Rule::Bogon => "bogon",
            Rule::AsSetOrigin => "as-set-origin",
            Rule::AsSetMissingMember => "as-set-missing-member",
            Rule::WaiverExpired => "waiver-expired",
            Rule::UpstreamWouldFilter => "upstream-would-filter",
        }
    }

    /// The rule of this name.
    pub fn named(name: &str) -> Option<Rule> {
        Rule::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// How much a breach weighs, unless `[rules]` of ripectl.toml says otherwise: what makes networks drop an
    /// announcement is an error.
    pub fn severity(self) -> Severity {
        match self {
            Rule::RpkiAs0
            | Rule::RpkiMaxLengthLoose
            | Rule::RpkiExpiresSoon
            | Rule::IrrForeign
            | Rule::IrrStale
            | Rule::RoaStale
            | Rule::DeclaredUnannounced
            | Rule::AsSetMissingMember
            | Rule::WaiverExpired => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// A set of rules.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Rules(u32);

impl Rules {
    /// The rules for which `is_in` says yes.
    pub fn of(is_in: impl Fn(Rule) -> bool) -> Rules {
        Rule::ALL.into_iter().filter(|rule| is_in(*rule)).collect()
    }

    /// Adds one.
    pub fn insert(&mut self, rule: Rule) {
        self.0 |= 1 << rule as u8;
    }

    /// Adds one, if there is one.
    pub fn insert_some(&mut self, rule: Option<Rule>) {
        if let Some(rule) = rule {
            self.insert(rule);
        }
    }

    /// Whether it has this one.
    pub fn contains(self, rule: Rule) -> bool {
        self.0 & (1 << rule as u8) != 0
    }

    /// Those that are in both.
    #[must_use]
    pub fn and(self, other: Rules) -> Rules {
        Rules(self.0 & other.0)
    }

    /// Those that are not in `other`.
    #[must_use]
    pub fn without(self, other: Rules) -> Rules {
        Rules(self.0 & !other.0)
    }

    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many it has.
    pub fn len(self) -> usize {
        self.0.count_ones().try_into().unwrap_or_default()
    }

    /// Its rules, in order.
    pub fn iter(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.into_iter().filter(move |rule| self.contains(*rule))
    }
}

impl FromIterator<Rule> for Rules {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Rules {
        let mut all = Rules::default();
        rules.into_iter().for_each(|rule| all.insert(rule));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_stands_at_its_place_and_has_its_name() {
        for (place, rule) in (0..).zip(Rule::ALL) {
            assert_eq!((rule as u8, Rule::named(rule.name())), (place, Some(rule)));
            assert!(Rules::of(|other| other == rule).iter().eq([rule]));
        }
    }
}
