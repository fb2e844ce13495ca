//! What the registry ties to each status of an address object (rules.md §6.2, §6.3; `statuses` of its schema).

use crate::rpsl::{Class, Name, Object};

/// A status and what follows from it.
#[derive(Debug, Eq, PartialEq)]
pub struct Status {
    /// Its name, in the registry's spelling.
    pub name: &'static str,
    /// The statuses that the object above may have.
    pub parents: &'static [&'static str],
    /// The types that its organisation may have, in the registry's order.
    pub org_types: &'static [&'static str],
    /// What else follows from it.
    pub traits: &'static [Trait],
}

/// What may follow from a status.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Trait {
    /// It is an allocation of the RIPE NCC.
    Allocation,
    /// `org:` must be there.
    NeedsOrganisation,
    /// A maintainer of the registration services must be in `mnt-by:` and must have asked.
    NeedsRegistry,
    /// The maintainer of allocations must have asked.
    NeedsAllocationMaintainer,
    /// `mnt-lower:` may not be added.
    NoLower,
    /// It may have `sponsoring-org:`.
    Sponsored,
}

use Trait::{Allocation, NeedsAllocationMaintainer, NeedsOrganisation, NeedsRegistry, NoLower, Sponsored};

/// The status of a block whose holder divides it for others, one assignment like the other.
pub const AGGREGATED: &str = "AGGREGATED-BY-LIR";
/// The status of space older than the registry.
pub const LEGACY: &str = "LEGACY";

const LIR_OTHER: &[&str] = &["LIR", "OTHER"];

/// The statuses of inet6num objects.
const INET6NUM: &[Status] = &[
    Status {
        name: "ALLOCATED-BY-RIR",
        parents: &["ALLOCATED-BY-RIR"],
        org_types: &["IANA", "RIR", "LIR"],
        traits: &[Allocation, NeedsOrganisation, NeedsRegistry, NeedsAllocationMaintainer],
    },
    Status {
        name: "ALLOCATED-BY-LIR",
        parents: &["ALLOCATED-BY-RIR", "ALLOCATED-BY-LIR"],
        org_types: LIR_OTHER,
        traits: &[],
    },
    Status {
        name: AGGREGATED,
        parents: &["ALLOCATED-BY-RIR", "ALLOCATED-BY-LIR", AGGREGATED],
        org_types: LIR_OTHER,
        traits: &[],
    },
    Status {
        name: "ASSIGNED",
        parents: &["ALLOCATED-BY-RIR", "ALLOCATED-BY-LIR", AGGREGATED],
        org_types: LIR_OTHER,
        traits: &[NoLower],
    },
    Status {
        name: "ASSIGNED ANYCAST",
        parents: &["ALLOCATED-BY-RIR"],
        org_types: LIR_OTHER,
        traits: &[NeedsOrganisation, NeedsRegistry, NoLower, Sponsored],
    },
    Status {
        name: "ASSIGNED PI",
        parents: &["ALLOCATED-BY-RIR"],
        org_types: LIR_OTHER,
        traits: &[NeedsOrganisation, NeedsRegistry, NoLower, Sponsored],
    },
];

/// The statuses of inetnum objects.
const INETNUM: &[Status] = &[
    Status {
        name: "ALLOCATED PA",
        parents: &["ALLOCATED UNSPECIFIED"],
        org_types: &["RIR", "LIR"],
        traits: &[Allocation, NeedsOrganisation, NeedsRegistry],
    },
    Status {
        name: "ALLOCATED-ASSIGNED PA",
        parents: &["ALLOCATED UNSPECIFIED"],
        org_types: &["RIR", "LIR"],
        traits: &[Allocation, NeedsOrganisation, NeedsRegistry],
    },
    Status {
        name: "ALLOCATED UNSPECIFIED",
        parents: &["ALLOCATED UNSPECIFIED"],
        org_types: &["IANA", "RIR", "LIR"],
        traits: &[Allocation, NeedsOrganisation, NeedsRegistry],
    },
    Status {
        name: "LIR-PARTITIONED PA",
        parents: &["ALLOCATED PA", "LIR-PARTITIONED PA"],
        org_types: LIR_OTHER,
        traits: &[],
    },
    Status {
        name: "SUB-ALLOCATED PA",
        parents: &["ALLOCATED PA", "LIR-PARTITIONED PA", "SUB-ALLOCATED PA"],
        org_types: LIR_OTHER,
        traits: &[],
    },
    Status {
        name: AGGREGATED,
        parents: &["ALLOCATED PA", "SUB-ALLOCATED PA", "LIR-PARTITIONED PA"],
        org_types: LIR_OTHER,
        traits: &[],
    },
    Status {
        name: "ASSIGNED PA",
        parents: &["ALLOCATED PA", "LIR-PARTITIONED PA", "SUB-ALLOCATED PA", AGGREGATED],
        org_types: LIR_OTHER,
        traits: &[NoLower],
    },
    Status {
        name: "ASSIGNED ANYCAST",
        parents: &["ALLOCATED UNSPECIFIED"],
        org_types: LIR_OTHER,
        traits: &[NeedsRegistry, NoLower, Sponsored],
    },
    Status {
        name: "ASSIGNED PI",
        parents: &["ALLOCATED UNSPECIFIED"],
        org_types: &["RIR", "LIR", "OTHER"],
        traits: &[NoLower, Sponsored],
    },
    Status {
        name: LEGACY,
        parents: &["ALLOCATED UNSPECIFIED", LEGACY],
        org_types: LIR_OTHER,
        traits: &[Sponsored],
    },
];

/// The statuses of a class; none, if its objects have none.
fn table(class: Class) -> &'static [Status] {
    match class {
        Class::Inetnum => INETNUM,
        Class::Inet6num => INET6NUM,
        _ => &[],
    }
}

impl Status {
    /// The status of an inetnum or inet6num; `None` of another object, or if there is no such status (any more).
    pub fn of(object: &Object) -> Option<&'static Status> {
        let name = object.value(Name::Status)?;
        table(object.class()).iter().find(|status| status.name.eq_ignore_ascii_case(&name))
    }

    /// Whether `what` follows from it.
    pub fn has(&self, what: Trait) -> bool {
        self.traits.contains(&what)
    }

    /// Whether an object with it may stand directly below one with `parent`.
    pub fn fits_below(&self, parent: &Status) -> bool {
        self.parents.contains(&parent.name)
    }
}

/// Whether a block of assignments of one size may be made directly below `parent`, which is no such block itself.
pub fn takes_aggregated(parent: &Object) -> bool {
    let aggregated = table(parent.class()).iter().find(|status| status.name == AGGREGATED);
    let above = Status::of(parent).filter(|above| above.name != AGGREGATED);
    aggregated.zip(above).is_some_and(|(own, above)| own.fits_below(above))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_fits_below_an_assignment() {
        let check = |below: &str, above: &str, expected: bool| {
            let find = |name: &str| INET6NUM.iter().find(|status| status.name == name).unwrap();
            assert_eq!(find(below).fits_below(find(above)), expected, "{below} below {above}");
        };
        check("ASSIGNED", "ALLOCATED-BY-LIR", true);
        check("ASSIGNED", "AGGREGATED-BY-LIR", true);
        check("ASSIGNED", "ASSIGNED", false);
        check("ALLOCATED-BY-LIR", "ASSIGNED PI", false);
    }

    #[test]
    fn every_parent_is_a_status() {
        for status in INETNUM.iter().chain(INET6NUM) {
            let table = if INETNUM.contains(status) { INETNUM } else { INET6NUM };
            for parent in status.parents {
                assert!(table.iter().any(|each| each.name == *parent), "{parent}");
            }
        }
    }
}
