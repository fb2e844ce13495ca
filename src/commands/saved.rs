//! A plan that was saved and reviewed: what is applied is what it says, or nothing.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use anyhow::{Context, bail};

use super::{Allowances, session::Session};
use crate::{
    digest::digest,
    disk::{DUMP_LIMIT, named},
    finding::{Finding, Location, Source},
    plan::{Allowed, Document, PlanOptions, Selector},
    report::{Planned, quoted},
    target::{Address, Change, Record, TargetId},
    visible,
};

/// A saved plan, and the file that it stands in.
pub struct Saved {
    /// The file.
    pub source: Arc<Source>,
    /// The plan.
    pub document: Document,
}

impl Saved {
    /// Reads it; with `expected`, only if the file has that digest.
    pub fn read(path: &Path, expected: Option<&str>) -> anyhow::Result<Saved> {
        named::understood(path, DUMP_LIMIT, |text| {
            let name = visible::shown(path.display());
            let found = digest(&text);
            let is_other = |expected: &&str| {
                let bare = |text: &str| text.trim().trim_start_matches("sha256:").to_ascii_lowercase();
                bare(expected) != bare(&found)
            };
            if let Some(expected) = expected.filter(is_other) {
                bail!(
                    "{name} is not the plan that is expected: it is {found}, and not {}\n\
                     hint: review it, then give the digest that `ripectl plan --out` said",
                    visible::line(expected)
                );
            }
            let document = Document::read(&text).context(name)?;
            Ok(Saved { source: Arc::new(Source::new(path, text)), document })
        })
    }

    fn name(&self) -> String {
        visible::shown(self.source.path.display())
    }

    /// What is meant and allowed: what it was made with. Other wishes beside it were never reviewed.
    pub fn options(&self, given: &Allowances) -> anyhow::Result<PlanOptions> {
        let made = self.document.made();
        let given = given.plan_options();
        let only: Vec<String> = given.only.iter().map(ToString::to_string).collect();
        let is_given = !only.is_empty() || given.allowed != Allowed::default();
        if is_given && (only != made.only || given.allowed != made.allowed) {
            bail!(
                "{} was made with other `--only` or `--allow-…` than stand beside it\n\
                 hint: leave them out: it is done with what it was made with; or plan again",
                self.name()
            );
        }
        let only: Result<Vec<Selector>, _> = made.only.iter().map(|text| text.parse()).collect();
        let only = only.with_context(|| format!("{}: `only`", self.name()))?;
        Ok(PlanOptions { only, allowed: made.allowed.clone() })
    }

    /// Whether it was made by this program, from this estate.
    pub fn check_origin(&self, session: &Session) -> anyhow::Result<()> {
        let (made, name) = (self.document.made(), self.name());
        let again = format!(
            "hint: plan again: `ripectl plan --out {}`",
            quoted(&self.source.path.display().to_string())
        );
        let version = env!("CARGO_PKG_VERSION");
        if made.ripectl != version {
            let other = visible::line(&made.ripectl);
            bail!(
                "{name} was made by ripectl {other}, and this is {version}, which may plan otherwise\n{again}"
            );
        }
        if made.estate != session.estate.digest {
            bail!(
                "{name} is the plan of another estate, or ripectl.toml was changed since it was made, or a file that it names\n{again}"
            );
        }
        Ok(())
    }

    /// What of it would be done otherwise now, each at its line. Where it was changed by hand this is trouble.
    pub fn moved(&self, planned: &Planned) -> anyhow::Result<Vec<Finding>> {
        let then = self.document.changes()?;
        let now = planned.plan.steps.iter().map(|step| (step.address(), &step.change));
        let (then, now): (Changes, Changes) = (then.iter().map(addressed).collect(), now.collect());
        let gone = differing(&then, &now).map(|(address, change)| {
            let text = format!("no longer so: {} {}", change.action(), change.id());
            let finding = Finding::error("moved", text).fix("plan again, and look at what changed");
            match self.place_of(address) {
                Some(place) => finding.at(place),
                None => finding,
            }
        });
        let come = differing(&now, &then).map(|(_, change)| {
            let text = format!("not in the plan: {} {}", change.action(), change.id());
            Finding::error("moved", text).fix("plan again, and look at what changed")
        });
        let moved: Vec<Finding> = gone.chain(come).collect();
        if self.document.is_intact() {
            return Ok(moved);
        }
        let lines = moved.iter().filter_map(|finding| finding.place.as_ref()).map(Location::line);
        let line = lines.min().map(|line| format!(":{line}"));
        bail!(
            "{}{} was changed by hand since it was saved: it is not what was planned\n\
             hint: change the files, and plan again",
            self.name(),
            line.unwrap_or_default()
        );
    }

    /// Where the change of a record stands in the file: the line of its key.
    fn place_of(&self, address: &Address) -> Option<Location> {
        let json = |text: &str| serde_json::to_string(text).unwrap_or_default();
        let kind = format!("\"type\": {}", json(address.id.kind()));
        let key = format!("\"key\": {}", json(&address.id.key_text()));
        let text = &self.source.text;
        let at = text.match_indices(&key).map(|(at, _)| at).find(|at| {
            let before = text.get(..*at).unwrap_or_default();
            before.lines().rev().take(3).any(|line| line.contains(&kind))
        })?;
        Some(Location::new(&self.source, at..at + key.len()))
    }
}

/// A plan changes a record once in each place.
type Changes<'a> = BTreeMap<Address, &'a Change<Record>>;

fn addressed((target, change): &(TargetId, Change<Record>)) -> (Address, &Change<Record>) {
    (Address { target: target.clone(), id: change.id() }, change)
}

/// The changes of `one` that are not the same in `other`.
fn differing<'a>(
    one: &'a Changes,
    other: &'a Changes,
) -> impl Iterator<Item = (&'a Address, &'a Change<Record>)> {
    let differs = |address: &Address, change: &Change<Record>| {
        other.get(address).is_none_or(|other| !change.is_same_as(other))
    };
    one.iter()
        .filter(move |(address, change)| differs(address, change))
        .map(|(address, change)| (address, *change))
}
