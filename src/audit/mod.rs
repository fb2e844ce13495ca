//! What RIPE NCC's assisted registry check (ARC) looks at, beforehand: registry data, resources and reverse DNS.
//!
//! Pure, as [`crate::validate`] is: [`arc`] judges what is registered of what the estate declares and of the space below its
//! allocations, and gives back the questions that are still open; [`zones`] says which name servers are to be asked, and
//! [`judge_zones`] what their answers are worth. What a check of the RIPE NCC is about is described at
//! <https://www.ripe.net/manage-ips-and-asns/resource-management/assisted-registry-check/>.

mod contacts;
mod delegated;
mod issued;
mod look;
mod references;
mod signer;
mod space;
mod zone_judgement;
mod zones;

use std::collections::BTreeSet;

pub use delegated::{Delegated, DelegatedError};
pub use look::Look;
pub use signer::{DnsKey, Signer};
pub use space::Share;
pub use zone_judgement::judge_zones;
pub use zones::{Asked, Heard, Reply, Seen, Server, Zone, lower, zones};

use crate::{finding::Finding, registered::Query};
use look::Open;

/// What a look at registry data and resources came to.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// How many registered objects were looked at.
    pub objects: usize,
    /// How much of each allocation is assigned.
    pub shares: Vec<Share>,
    /// What is only said: it is no finding.
    pub notes: Vec<String>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// Looks at registry data and resources, or says what must be asked of the registry first.
pub fn arc(look: &Look) -> Result<Audit, BTreeSet<Query>> {
    let mut open = Open::new(look);
    let holdings = space::holdings(look, &mut open);
    let subjects = look.subjects();
    let mut findings = contacts::findings(look, &subjects, &holdings, &mut open);
    let space = space::Space::of(look, &holdings, &mut open);
    findings.extend(references::findings(look, &subjects, &holdings, &space, &mut open));
    findings.extend(references::without_organisation(look, &subjects, &holdings));
    findings.extend(space.findings(look, &holdings));
    let mut notes = look.notes();
    if let Some(delegated) = look.delegated {
        let judged = issued::judge(look, delegated, &subjects, &holdings);
        findings.extend(judged.findings);
        notes.extend(judged.notes);
    }
    open.into_result()?;
    let objects = subjects.len() + space.undeclared(look);
    Ok(Audit { objects, shares: space.shares, notes, findings })
}

#[cfg(test)]
mod tests;
