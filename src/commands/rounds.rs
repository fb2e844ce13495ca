//! Planning in rounds: what a plan leaves open is asked of the registry, and planned over again, until nothing is open.

use std::collections::BTreeSet;

use anyhow::bail;
use jiff::Timestamp;

use super::personal_data_budget::Budget;
use crate::{
    apply::unwritable,
    estate::Estate,
    finding::{Finding, Severity, counted},
    net::Block,
    plan::{self, Action, EarlierRound, Plan},
    registered::{Query, Registered},
    registry::{Registry, Wanted},
    report::Stopped,
    rpsl::Key,
    rules::{Credential, KeyScope, Settings},
};

/// What is planned for, and who is asked.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// What the files say.
    pub estate: &'a Estate,
    /// Who is asked.
    pub registry: &'a Registry,
    /// Its surroundings.
    pub settings: &'a Settings,
    /// The blocks that questions are widened to.
    pub blocks: &'a [Block],
}

/// A plan of which every step is decided.
pub struct Decided {
    /// The plan.
    pub plan: Plan,
    /// What it rests on.
    pub world: Registered,
    /// For whom the keys speak; none without a key.
    pub key_scopes: Vec<KeyScope>,
    /// Contacts of others that were not read: there are more than may be.
    not_read: BTreeSet<String>,
}

/// The plan that `make` gives over what is registered, and all that is to be said of it. What is `known` is not asked again;
/// `is_part`: it is not all that the files want.
pub async fn planned(
    asked: Asked<'_>,
    known: Registered,
    make: impl Fn(&Registered) -> Result<Plan, BTreeSet<Query>>,
    is_part: bool,
) -> anyhow::Result<Decided> {
    let Asked { estate, registry, .. } = asked;
    let Decided { mut plan, world, mut key_scopes, not_read } = decided(asked, known, make).await?;
    if !plan.not_there.is_empty() {
        return Err(Stopped(plan.not_there).into());
    }
    plan::explain_missing(&mut plan, &world, estate, is_part);
    plan::note_needs(&mut plan);
    let spoken_for: Vec<String> = key_scopes.iter().flat_map(|scope| scope.maintainers().to_vec()).collect();
    let speaks_for = registry.has_key().then_some(spoken_for.as_slice());
    plan.causes = plan::causes(&plan, &world, estate, speaks_for);
    plan.mails = plan::mails(&plan.steps, &world);
    plan.findings.extend(unread(&not_read));
    if !registry.deletes_whole() {
        plan.findings.extend(blind(plan.count(Action::Delete)));
    }
    plan.findings.extend(unwritable(&plan, estate));
    if !registry.has_key() {
        key_scopes.clear();
    }
    Ok(Decided { plan, world, key_scopes, not_read })
}

/// Who can ask. Without a key it is foreseen what would happen with one that speaks for our maintainers.
pub fn key_scopes(registry: &Registry, estate: &Estate, world: &Registered) -> Vec<KeyScope> {
    if registry.has_key() {
        return registry.key_scopes(world);
    }
    let ours = estate.manage.maintainers.iter().map(|key| key.text().to_owned());
    vec![KeyScope { key: String::new(), credential: Credential::Maintainers(ours.collect()) }]
}

async fn decided(
    asked: Asked<'_>,
    known: Registered,
    make: impl Fn(&Registered) -> Result<Plan, BTreeSet<Query>>,
) -> anyhow::Result<Decided> {
    let Asked { estate, registry, settings, blocks } = asked;
    let maintainers: Vec<String> =
        estate.manage.maintainers.iter().map(|key| key.text().to_owned()).collect();
    let declared: BTreeSet<Key> = estate.declared.iter().map(|each| each.object.key()).collect();
    let wanted = Wanted { maintainers: &maintainers, declared: &declared, allocations: blocks };
    let mut world = registry.survey_over(wanted, known).await?;
    let mut key_scopes = self::key_scopes(registry, estate, &world);
    let mut asked = BTreeSet::new();
    let mut contacts = Budget::new(estate.manage.limits.contacts, &declared);
    let mut before = Vec::new();
    loop {
        let earlier = EarlierRound { steps: before, asked: Some(&asked) };
        let (plan, open) = round(&world, &make, earlier, &key_scopes, settings);
        let new = contacts.afford(open.difference(&asked).cloned().collect());
        match plan {
            Some(plan) if new.is_empty() && plan.is_decided() => {
                return Ok(Decided { plan, world, key_scopes, not_read: contacts.left_out().clone() });
            }
            None if new.is_empty() => bail!("the registry's answers left questions open: {open:?}"),
            plan => {
                registry.ask(&new, blocks, &mut world).await?;
                let now = self::key_scopes(registry, estate, &world);
                // What was decided of a key that speaks for less now is decided anew.
                let is_kept = now.iter().zip(&key_scopes).all(|(now, then)| now.proves_all_of(then));
                before = plan.filter(|_| is_kept).map_or_else(Vec::new, |plan| plan.steps);
                key_scopes = now;
            }
        }
        asked.extend(open); // what is too dear to be asked, too
    }
}

/// The plan as far as `world` allows, each step decided, and what is still open.
fn round(
    world: &Registered,
    make: impl Fn(&Registered) -> Result<Plan, BTreeSet<Query>>,
    earlier: EarlierRound<'_>,
    key_scopes: &[KeyScope],
    settings: &Settings,
) -> (Option<Plan>, BTreeSet<Query>) {
    match make(world) {
        Err(open) => (None, open),
        Ok(mut plan) => {
            let open =
                plan::preflight(&mut plan.steps, earlier, world, key_scopes, settings, Timestamp::now());
            (Some(plan), open)
        }
    }
}

/// What to know of deletions that are sent without the object.
fn blind(deletions: usize) -> Option<Finding> {
    let text = format!(
        "{} would take away whatever stands there by then: where this registry takes syncupdates is not known",
        counted(deletions, "deletion")
    );
    let finding = Finding::error("blind-deletion", text).weighing(Severity::Warning);
    (deletions > 0).then(|| finding.fix("`sync-url = \"https://…\"` at its table in your own configuration"))
}

/// What to know if contacts of others were not read.
fn unread(handles: &BTreeSet<String>) -> Option<Finding> {
    const SHOWN: usize = 5;
    let some: Vec<&str> = handles.iter().take(SHOWN).map(String::as_str).collect();
    let rest = handles.len().checked_sub(SHOWN).filter(|rest| *rest > 0);
    let rest = rest.map_or_else(String::new, |rest| format!(" and {rest} more"));
    let text = format!(
        "contacts of others, not read: {}{rest}; whether they are there is undecided",
        some.join(", ")
    );
    let finding = Finding::error("contacts", text).weighing(Severity::Warning);
    (!handles.is_empty()).then(|| finding.fix("`[manage] limits = { contacts = … }` allows more"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_deletes_without_the_object_is_told() {
        assert_eq!(blind(0).map(|finding| finding.text), None);
        let told = blind(2).unwrap();
        assert!(
            told.text.starts_with("2 deletions would take away whatever stands there by then"),
            "{}",
            told.text
        );
        assert!(told.remedy.unwrap().starts_with("`sync-url = "));
    }
}
