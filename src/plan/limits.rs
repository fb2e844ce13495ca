//! How much one run may delete and change: a share of what is managed, unless the user says a number.

use super::{Allowed, Change};
use crate::{
    estate::Limits,
    finding::{Finding, counted},
    registered::Inventory,
};

/// How many objects there are of what is limited.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Objects that stand and are ours to change or to delete.
    pub managed: usize,
    /// Deletions.
    pub deletes: usize,
    /// Modifications.
    pub modifies: usize,
    /// Deletions of what others maintain.
    pub reclaims: usize,
    /// Deletions of what is ours, and can never come back.
    pub irreversible: usize,
}

impl Counts {
    /// Those of `changes`, where `managed` objects stand and `reclaimed` are others'.
    pub fn of(
        changes: &[Change],
        managed: usize,
        reclaimed: &Inventory,
        is_irreversible: impl Fn(&Change) -> bool,
    ) -> Counts {
        let count = |counts: &dyn Fn(&Change) -> bool| changes.iter().filter(|change| counts(change)).count();
        let is_delete = |change: &Change| matches!(change, Change::Delete(_));
        let is_theirs = |change: &Change| reclaimed.get(&change.key()).is_some();
        let reclaims = count(&|change| is_delete(change) && is_theirs(change));
        Counts {
            managed,
            deletes: count(&is_delete) - reclaims,
            modifies: count(&|change| matches!(change, Change::Modify { .. })),
            reclaims,
            irreversible: count(&|change| !is_theirs(change) && is_irreversible(change)),
        }
    }
}

/// What is limited, and what holds where `[manage] limits` says nothing.
struct Limit {
    /// One of the changes that count, as it is called in a message.
    noun: &'static str,
    /// How many there are.
    count: fn(&Counts) -> usize,
    /// How many are in order, and why, where nothing is set.
    usual: fn(&Counts) -> (usize, String),
    /// The number of `[manage] limits`.
    set: fn(&Limits) -> Option<u32>,
    /// The option that allows a number.
    option: &'static str,
    /// The number that it allows.
    allowed: fn(&Allowed) -> Option<u32>,
}

const LIMITS: [Limit; 4] = [
    Limit {
        noun: "deletion",
        count: |counts| counts.deletes,
        usual: |counts| share(10, counts.managed, 3),
        set: |limits| limits.delete,
        option: "--allow-deletes",
        allowed: |allowed| allowed.deletes,
    },
    Limit {
        noun: "modification",
        count: |counts| counts.modifies,
        usual: |counts| share(30, counts.managed, 10),
        set: |limits| limits.modify,
        option: "--allow-modifies",
        allowed: |allowed| allowed.modifies,
    },
    Limit {
        noun: "reclaim",
        count: |counts| counts.reclaims,
        usual: |_| (0, "others maintain what is reclaimed".to_owned()),
        set: |_| None,
        option: "--allow-reclaims",
        allowed: |allowed| allowed.reclaims,
    },
    Limit {
        noun: "deletion for ever",
        count: |counts| counts.irreversible,
        usual: |_| (0, "what is marked † can never come back".to_owned()),
        set: |_| None,
        option: "--allow-irreversible",
        allowed: |allowed| allowed.irreversible,
    },
];

/// `percent` of what is managed, but at least so many, and how to say it.
fn share(percent: usize, managed: usize, least: usize) -> (usize, String) {
    let share = managed.saturating_mul(percent) / 100;
    let least_said = if share > least { String::new() } else { format!(", and at least {least}") };
    (share.max(least), format!("{percent} % of {}{least_said}", counted(managed, "managed object")))
}

/// Whether more is planned than may be done in one run. A number that the user allows is exact: fewer changes are not
/// what was looked at either.
pub fn check(counts: &Counts, limits: &Limits, allowed: &Allowed) -> Vec<Finding> {
    LIMITS.iter().filter_map(|limit| limit.check(counts, limits, allowed)).collect()
}

impl Limit {
    fn check(&self, counts: &Counts, limits: &Limits, allowed: &Allowed) -> Option<Finding> {
        let Limit { noun, option, .. } = self;
        let count = (self.count)(counts);
        let planned = format!("{} planned", counted(count, noun));
        let finding = |text: String, remedy: String| Some(Finding::error("limit", text).fix(remedy));
        if let Some(number) = (self.allowed)(allowed) {
            let is_exact = usize::try_from(number).is_ok_and(|number| number == count);
            let what =
                if count == 0 { format!("leave `{option}` out") } else { format!("`{option} {count}`") };
            return match is_exact {
                true => None,
                false => finding(
                    format!("{planned}, and `{option} {number}` allows exactly {number}"),
                    format!("look at what is planned, then {what}"),
                ),
            };
        }
        let (limit, why) = match (self.set)(limits) {
            Some(number) => (usize::try_from(number).unwrap_or(usize::MAX), "`[manage] limits`".to_owned()),
            None => (self.usual)(counts),
        };
        match count > limit {
            true => finding(
                format!("{planned}, the limit is {limit} ({why})"),
                format!("look at each of them, then `{option} {count}`"),
            ),
            false => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    /// What is said of so many deletions and modifications.
    fn check(
        (deletes, modifies): (usize, usize),
        managed: usize,
        set: (Option<u32>, Option<u32>),
        allowed: (Option<u32>, Option<u32>),
        expected: &[&str],
    ) {
        let counts = Counts { managed, deletes, modifies, reclaims: 0, irreversible: 0 };
        let limits = Limits { delete: set.0, modify: set.1, ..Limits::default() };
        let allowed = Allowed { deletes: allowed.0, modifies: allowed.1, ..Allowed::default() };
        let found = super::check(&counts, &limits, &allowed);
        let text = |finding: Finding| format!("{} → {}", finding.text, finding.remedy.unwrap_or_default());
        assert_eq!(found.into_iter().map(text).collect::<Vec<_>>(), expected);
    }

    const UNSET: (Option<u32>, Option<u32>) = (None, None);

    #[test]
    fn limits_hold_without_being_set() {
        check((3, 10), 0, UNSET, UNSET, &[]);
        check((10, 30), 100, UNSET, UNSET, &[]);
        check((3, 11), 39, UNSET, UNSET, &[]);
        check(
            (4, 11),
            33,
            UNSET,
            UNSET,
            &[
                "4 deletions planned, the limit is 3 (10 % of 33 managed objects, and at least 3) \
                 → look at each of them, then `--allow-deletes 4`",
                "11 modifications planned, the limit is 10 (30 % of 33 managed objects, and at least 10) \
                 → look at each of them, then `--allow-modifies 11`",
            ],
        );
        check(
            (11, 30),
            100,
            UNSET,
            UNSET,
            &["11 deletions planned, the limit is 10 (10 % of 100 managed objects) \
               → look at each of them, then `--allow-deletes 11`"],
        );
    }

    #[test]
    fn a_limit_that_is_set_is_the_one_that_counts() {
        check(
            (20, 31),
            100,
            (Some(20), None),
            UNSET,
            &["31 modifications planned, the limit is 30 (30 % of 100 managed objects) \
             → look at each of them, then `--allow-modifies 31`"],
        );
        check(
            (1, 0),
            1000,
            (Some(0), Some(0)),
            UNSET,
            &[
                "1 deletion planned, the limit is 0 (`[manage] limits`) → look at each of them, then `--allow-deletes 1`",
            ],
        );
        check((0, 0), 1000, (Some(0), Some(0)), UNSET, &[]);
    }

    #[test]
    fn a_number_that_is_allowed_is_exact() {
        check((4, 40), 5, UNSET, (Some(4), Some(40)), &[]);
        check(
            (2, 0),
            5,
            UNSET,
            (Some(5), None),
            &["2 deletions planned, and `--allow-deletes 5` allows exactly 5 \
             → look at what is planned, then `--allow-deletes 2`"],
        );
        check(
            (0, 1),
            5,
            (Some(9), Some(9)),
            (Some(5), Some(0)),
            &[
                "0 deletions planned, and `--allow-deletes 5` allows exactly 5 \
             → look at what is planned, then leave `--allow-deletes` out",
                "1 modification planned, and `--allow-modifies 0` allows exactly 0 \
             → look at what is planned, then `--allow-modifies 1`",
            ],
        );
        check((0, 0), 5, UNSET, (Some(0), Some(0)), &[]);
    }
    #[test]
    fn what_others_maintain_goes_only_in_so_many_words() {
        let counts = Counts { managed: 1000, deletes: 1, modifies: 0, reclaims: 1, irreversible: 0 };
        let found = |reclaims| {
            let allowed = Allowed { reclaims, ..Allowed::default() };
            let found = super::check(&counts, &Limits::default(), &allowed);
            found.into_iter().map(|finding| finding.text).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(found(None), "1 reclaim planned, the limit is 0 (others maintain what is reclaimed)");
        assert_eq!(found(Some(2)), "1 reclaim planned, and `--allow-reclaims 2` allows exactly 2");
        assert_eq!(found(Some(1)), "");
    }
}
