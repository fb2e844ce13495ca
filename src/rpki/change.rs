//! ROAs that are made and withdrawn, and the VRPs that there are then.

use std::cmp::Reverse;

use super::{Evidence, Vrp, VrpSet, set::ADDED};
use crate::net::Prefix;

/// VRPs that come and go together.
///
/// Invariant: there is one at least, none is in it twice, and none both comes and goes.
#[derive(Clone, Debug)]
pub struct Change {
    added: Vec<Vrp>,
    removed: Vec<Vrp>,
}

/// Why a change cannot be made. Each message ends with a line `hint: …`.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ChangeError {
    /// Nothing comes and nothing goes.
    #[error(
        "no VRP is added and none is removed\nhint: `--add AS205398:2a0f:85c1:260::/44-48` adds one, `--remove` takes one away"
    )]
    Nothing,
    /// One comes and goes.
    #[error(
        "VRP {0} is both added and removed\nhint: name it once: what is added is there afterwards, and what is removed is not"
    )]
    Both(Vrp),
    /// Some that are to go are not there.
    #[error("{}\nhint: {}", lines(.0), next(.0))]
    NotThere(Vec<NotThere>),
}

/// A VRP that is to go and is not there.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{source_name}` has no VRP {missing} to remove{expired}; {}", there(.missing.prefix(), .found))]
pub struct NotThere {
    /// The file or URL.
    source_name: String,
    /// What is not there.
    missing: Vrp,
    /// What is there for its prefix, or else what covers it.
    found: Vec<Vrp>,
    /// That it was there and has expired, in words.
    expired: String,
}

impl Change {
    /// The change that adds and removes these; what is named twice counts once.
    pub fn new(added: Vec<Vrp>, removed: Vec<Vrp>) -> Result<Change, ChangeError> {
        let (added, removed) = (each_once(added), each_once(removed));
        if added.is_empty() && removed.is_empty() {
            return Err(ChangeError::Nothing);
        }
        match removed.iter().find(|vrp| is_in(&added, vrp)) {
            Some(vrp) => Err(ChangeError::Both(vrp.clone())),
            None => {
                Ok(Change { added: added.into_iter().map(|vrp| vrp.under(ADDED.into())).collect(), removed })
            }
        }
    }

    /// What comes, under the trust anchor `added`.
    pub fn added(&self) -> &[Vrp] {
        &self.added
    }

    /// What goes.
    pub fn removed(&self) -> &[Vrp] {
        &self.removed
    }

    /// `evidence` after the change. What is added and there already stays as it is; refused is to remove what is not there.
    pub fn made_to(&self, evidence: &Evidence) -> Result<Evidence, ChangeError> {
        let missing = self.removed.iter().filter(|vrp| !evidence.vrps.holds(vrp));
        let missing: Vec<NotThere> = missing.map(|vrp| not_there(evidence, vrp)).collect();
        if !missing.is_empty() {
            return Err(ChangeError::NotThere(missing));
        }
        Ok(Evidence {
            vrps: evidence.vrps.changed(&self.added, &self.removed),
            expired: evidence.expired.clone(),
            generated: evidence.generated,
            valid_until: evidence.valid_until,
            source: evidence.source.clone(),
            is_fixture: evidence.is_fixture,
            notes: evidence.notes.clone(),
            assumed: evidence.assumed.clone(),
        })
    }

    /// Those that are added and let nobody announce what others do not let already: each with one of `after`, which is the
    /// set after the change, that says as much or more. One that was there before stands beside itself.
    pub fn redundant(&self, after: &VrpSet) -> impl Iterator<Item = (&Vrp, Vrp)> {
        self.added.iter().filter_map(|vrp| {
            let is_other = |other: &Vrp| other.trust_anchor() != Some(ADDED) || !other.says_the_same_as(vrp);
            let wider =
                after.covering(vrp.prefix()).find(|other| is_other(other) && other.allows_all_of(vrp));
            wider.map(|wider| (vrp, wider))
        })
    }
}

fn each_once(vrps: Vec<Vrp>) -> Vec<Vrp> {
    let mut kept: Vec<Vrp> = Vec::new();
    for vrp in vrps {
        if !is_in(&kept, &vrp) {
            kept.push(vrp);
        }
    }
    kept
}

fn is_in(vrps: &[Vrp], vrp: &Vrp) -> bool {
    vrps.iter().any(|other| other.says_the_same_as(vrp))
}

fn not_there(evidence: &Evidence, missing: &Vrp) -> NotThere {
    let gone = evidence.expired.exactly(missing.prefix()).find(|vrp| vrp.says_the_same_as(missing));
    let expired = gone.and_then(|vrp| vrp.expires());
    let mut found: Vec<Vrp> = evidence.vrps.exactly(missing.prefix()).collect();
    if found.is_empty() {
        found.extend(evidence.vrps.covering(missing.prefix()));
    }
    found.sort_by_key(|vrp| (Reverse(vrp.prefix().len()), vrp.max_length(), vrp.origin()));
    NotThere {
        source_name: evidence.source.clone(),
        missing: missing.clone(),
        found,
        expired: expired.map_or_else(String::new, |time| format!(" (it expired at {time})")),
    }
}

/// What is there for a prefix, or covers it.
fn there(prefix: Prefix, found: &[Vrp]) -> String {
    const MOST: usize = 8;
    let shown: Vec<String> = found.iter().take(MOST).map(Vrp::to_string).collect();
    let rest = found.len().saturating_sub(MOST);
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let shown = format!("{}{rest}", shown.join(", "));
    match found.first() {
        None => format!("nothing there covers {prefix}"),
        Some(first) if first.prefix() == prefix => format!("for {prefix} there is {shown}"),
        Some(_) => format!("there is nothing for {prefix} itself, only what covers it: {shown}"),
    }
}

fn lines(missing: &[NotThere]) -> String {
    missing.iter().map(NotThere::to_string).collect::<Vec<_>>().join("\n")
}

fn next(missing: &[NotThere]) -> String {
    match missing.iter().find_map(|each| each.found.first()) {
        Some(vrp) => format!("name one that is there, as in `--remove {}`", vrp.as_typed()),
        None => "leave it out: what is not there need not be removed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpki::vrps;

    fn typed(text: &str) -> Vec<Vrp> {
        vrps(text).iter().collect()
    }

    #[test]
    fn what_comes_is_there_and_what_goes_is_not() {
        let check = |there: &str, added: &str, removed: &str, expected: &str| {
            let evidence = Evidence { vrps: vrps(there), source: "x".to_owned(), ..Evidence::default() };
            let made = Change::new(typed(added), typed(removed)).and_then(|change| change.made_to(&evidence));
            let told =
                |evidence: Evidence| evidence.vrps.iter().map(|vrp| vrp.to_string()).collect::<Vec<_>>();
            let told = made.map_or_else(|error| error.to_string(), |evidence| told(evidence).join(", "));
            assert_eq!(told, expected, "{there} {added} {removed}");
        };
        let there = "AS1 10.0.0.0/8-16, AS2 10.0.0.0/8-8, AS3 10.1.0.0/16-16";
        check(
            there,
            "AS1 10.0.0.0/8-8, AS2 10.0.0.0/8-8",
            "AS3 10.1.0.0/16-16",
            "AS1 10.0.0.0/8-8 (added), AS2 10.0.0.0/8-8, AS1 10.0.0.0/8-16",
        );
        check(
            there,
            "",
            "AS3 10.0.0.0/8-8",
            "`x` has no VRP AS3 10.0.0.0/8-8 to remove; for 10.0.0.0/8 there is AS2 10.0.0.0/8-8, AS1 10.0.0.0/8-16\n\
             hint: name one that is there, as in `--remove AS2:10.0.0.0/8-8`",
        );
        check(
            there,
            "",
            "AS3 10.1.1.0/24-24",
            "`x` has no VRP AS3 10.1.1.0/24-24 to remove; there is nothing for 10.1.1.0/24 itself, only what covers it: \
             AS3 10.1.0.0/16-16, AS2 10.0.0.0/8-8, AS1 10.0.0.0/8-16\n\
             hint: name one that is there, as in `--remove AS3:10.1.0.0/16-16`",
        );
        check(
            there,
            "",
            "AS3 11.0.0.0/8-8",
            "`x` has no VRP AS3 11.0.0.0/8-8 to remove; nothing there covers 11.0.0.0/8\n\
             hint: leave it out: what is not there need not be removed",
        );
        check(
            there,
            "",
            "AS3 11.0.0.0/8-8, AS1 10.0.0.0/8-16, AS9 10.0.0.0/8-8",
            "`x` has no VRP AS9 10.0.0.0/8-8 to remove; for 10.0.0.0/8 there is AS2 10.0.0.0/8-8, AS1 10.0.0.0/8-16\n\
             `x` has no VRP AS3 11.0.0.0/8-8 to remove; nothing there covers 11.0.0.0/8\n\
             hint: name one that is there, as in `--remove AS2:10.0.0.0/8-8`",
        );
        check(
            there,
            "AS3 10.1.0.0/16-16",
            "AS3 10.1.0.0/16-16",
            "VRP AS3 10.1.0.0/16-16 is both added and removed\n\
             hint: name it once: what is added is there afterwards, and what is removed is not",
        );
        check("AS1 10.0.0.0/8-16", "", "AS1 10.0.0.0/8-16", "");
        assert_eq!(Change::new(Vec::new(), Vec::new()).unwrap_err(), ChangeError::Nothing);
    }

    #[test]
    fn what_others_allow_already_is_redundant() {
        let check = |there: &str, added: &str, expected: &[&str]| {
            let change = Change::new(typed(added), Vec::new()).unwrap();
            let after = vrps(there).changed(change.added(), &[]);
            let told: Vec<String> = change.redundant(&after).map(|(_, wider)| wider.to_string()).collect();
            assert_eq!(told, expected, "{there} {added}");
        };
        check("AS1 10.0.0.0/8-16", "AS1 10.1.0.0/16-16", &["AS1 10.0.0.0/8-16"]);
        check("AS1 10.0.0.0/8-16", "AS1 10.1.0.0/16-17", &[]);
        check("AS1 10.0.0.0/8-16", "AS2 10.1.0.0/16-16", &[]);
        check("AS1 10.0.0.0/8-16", "AS1 10.0.0.0/8-16", &["AS1 10.0.0.0/8-16"]);
        check("", "AS1 10.0.0.0/8-16, AS1 10.1.0.0/16-16", &["AS1 10.0.0.0/8-16 (added)"]);
    }
}
