//! References to what is not registered: where the files hold it, why it is not there in time, and what to do.

use std::collections::BTreeMap;

use super::{Cycle, Plan, first_pair::is_pair, order};
use crate::{
    estate::{Declared, Estate},
    finding::slip,
    registered::Registered,
    rpsl::{Class, Key, Object, Placeholder},
    rules::prepare,
};

/// What is known of an object that a step refers to.
enum Fate<'a> {
    /// It is made by a later step, because of this cycle.
    Later(&'a Declared, Option<&'a Cycle>),
    /// It is made by a step before, or by the same request, which is refused itself.
    Refused(usize, &'a Declared),
    /// It is declared, and not among the steps.
    LeftOut(&'a Declared),
    /// It is not declared, and this is.
    Mistyped(String),
}

/// Puts into each refusal of a missing reference what the files know of it. `is_part` is whether `--only` leaves some out.
pub fn explain_missing(plan: &mut Plan, world: &Registered, estate: &Estate, is_part: bool) {
    let steps = plan
        .steps
        .iter()
        .enumerate()
        .filter_map(|(number, step)| Some((step.change.as_object()?.key(), number)))
        .collect();
    let declared = estate.declared.iter().rev().map(|each| (name_of(&each.object), each)).collect();
    let maintainers = world.objects.keys().filter(|key| key.class() == Class::Mntner);
    let maintainers = maintainers.chain(&estate.manage.maintainers).map(Key::text).collect();
    let cycles = &plan.cycles;
    let mut known = Known { declared, steps, cycles, is_part, maintainers, slips: BTreeMap::new() };
    for (number, step) in plan.steps.iter_mut().enumerate() {
        let Some(object) = step.change.as_object().cloned() else { continue };
        let own = object.key();
        for message in step.decision.iter_mut().flat_map(|decision| &mut decision.messages) {
            let fate = message.missing.iter().find_map(|key| known.fate(key, &object, number));
            message.remedy = fate.map(|fate| way_out(&fate, &own)).or_else(|| message.remedy.take());
        }
    }
}

/// What is known of the objects that steps refer to.
struct Known<'a> {
    /// By key, or by the placeholder of it.
    declared: BTreeMap<Key, &'a Declared>,
    steps: BTreeMap<Key, usize>,
    cycles: &'a [Cycle],
    is_part: bool,
    /// The names of those that are registered or ours.
    maintainers: Vec<&'a str>,
    /// What was found of each name that is none of them.
    slips: BTreeMap<Key, Option<String>>,
}

impl<'a> Known<'a> {
    /// What becomes of the object with this key, which is missing for the `object` of a step.
    fn fate(&mut self, key: &Key, object: &Object, step: usize) -> Option<Fate<'a>> {
        let own = &object.key();
        let declared = self.declared.get(key).copied().filter(|each| each.object.key() != *own);
        let Some(target) = declared else { return self.mistyped(key).map(Fate::Mistyped) };
        let key = target.object.key();
        match self.steps.get(&key) {
            Some(other) if *other > step && !is_pair(object, &target.object) => {
                Some(Fate::Later(target, self.cycle(own)))
            }
            Some(other) => Some(Fate::Refused(*other, target)),
            None => self.is_part.then_some(Fate::LeftOut(target)),
        }
    }

    /// The cycle for which the object did not wait for what it names.
    fn cycle(&self, own: &Key) -> Option<&'a Cycle> {
        self.cycles.iter().find(|cycle| cycle.first() == Some(own))
    }

    /// The maintainer that was meant.
    fn mistyped(&mut self, key: &Key) -> Option<String> {
        if key.class() != Class::Mntner {
            return None;
        }
        let maintainers = &self.maintainers;
        let find = || slip(key.text(), maintainers.iter().copied()).map(str::to_owned);
        self.slips.entry(key.clone()).or_insert_with(find).clone()
    }
}

/// The key of an object, or its placeholder as a reference names it.
fn name_of(object: &Object) -> Key {
    let placeholder = Placeholder::of(object).map(|placeholder| Key::new(object.class(), placeholder.name()));
    placeholder.unwrap_or_else(|| object.key())
}

fn way_out(fate: &Fate, own: &Key) -> String {
    match fate {
        Fate::Later(target, cycle) => later(target, *cycle, own),
        Fate::Refused(number, target) => {
            format!(
                "{} is step {}, which is refused itself: mend that first",
                target.object.key(),
                number + 1
            )
        }
        Fate::LeftOut(target) => {
            let (name, place) = (target.object.key(), &target.place);
            format!("{name} is declared at {place}, and `--only` leaves it out: add `--only {name}`")
        }
        Fate::Mistyped(meant) => format!("did you mean `{meant}`?"),
    }
}

/// Why a target that is made later cannot be made before.
fn later(target: &Declared, cycle: Option<&Cycle>, own: &Key) -> String {
    let (name, place) = (target.object.key(), &target.place);
    match cycle {
        _ if order::references(&target.object).contains(own) => {
            format!(
                "{name} stands at {place} and names {own} in its turn: neither can be made before the other"
            )
        }
        Some(cycle) => format!(
            "{name} stands at {place} and is made later; these wait for each other, and none can be made first: {}",
            order::cycle_text(cycle)
        ),
        None => format!("{name} stands at {place}, and is made by a later step"),
    }
}

/// What to do about two objects that name each other, of which `first` is to be made first.
pub fn first_of_two(first: &Key) -> String {
    let by_web = match first.class() {
        Class::Mntner | Class::Person | Class::Role => {
            format!(
                "; without any contact yet, let the maintainer have `admin-c: AUTO-1`, and let that be the `nic-hdl` of a \
                 person with only this maintainer: one request makes both. Or use the RIPE NCC's web form: {}",
                prepare::FIRST_PAIR
            )
        }
        _ => String::new(),
    };
    format!(
        "make {first} with a contact that is registered already, apply, then name the new one in it{by_web}"
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{
        estate,
        plan::{PlanOptions, plan},
        registered::Inventory,
        rules::{Decision, Effect, Message},
    };

    /// The hints of refusals that say that these are missing, among the steps of the repository's own estate over an empty
    /// registry. The message is of no rule in particular.
    fn hints(missing: &[&str]) -> Vec<Option<String>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let user = crate::user::Configuration::default();
        let estate = estate::load(root, Some("sandbox"), &user).0.unwrap();
        let world = Registered::whole(Inventory::default());
        let mut plan = plan(&world, &estate, &PlanOptions::default()).unwrap();
        let step = plan.steps.last_mut().unwrap();
        let message =
            |name: &&str| Message::error("no %s").arg(name).missing([Key::new(Class::Mntner, name)]);
        step.decision = Some(Decision {
            effect: Effect::Unchanged(step.change.as_object().unwrap().clone()),
            messages: missing.iter().map(message).collect(),
            authority: Vec::new(),
            undecided: Vec::new(),
            automatic: None,
        });
        explain_missing(&mut plan, &world, &estate, false);
        let messages = plan.steps.pop().unwrap().decision.unwrap().messages;
        messages.into_iter().map(|message| message.remedy).collect()
    }

    #[test]
    fn a_slip_is_found_whichever_rule_misses_the_name() {
        let meant = Some("did you mean `HOBBY-MNT`?".to_owned());
        assert_eq!(hints(&["HOBY-MNT", "ELSE-MNT", "hoby-mnt"]), [meant.clone(), None, meant]);
    }

    #[test]
    fn a_name_is_looked_up_once() {
        let (steps, slips) = (BTreeMap::new(), BTreeMap::new());
        let maintainers = vec!["ELSE-MNT", "HOBBY-MNT"];
        let mut known =
            Known { declared: BTreeMap::new(), steps, cycles: &[], is_part: false, maintainers, slips };
        let mut meant = |name: &str| known.mistyped(&Key::new(Class::Mntner, name));
        assert_eq!((meant("HOBY-MNT").as_deref(), meant("LIX-MNT")), (Some("HOBBY-MNT"), None));
        known.maintainers.clear();
        let mut meant = |name: &str| known.mistyped(&Key::new(Class::Mntner, name));
        assert_eq!((meant("hoby-mnt").as_deref(), meant("LIX-MNT")), (Some("HOBBY-MNT"), None));
    }
}
