//! References to what is not registered: where the files hold it, why it is not there in time, and what to do.

use std::collections::BTreeMap;

use super::Plan;
use crate::{
    estate::{Declared, Estate},
    finding::slip,
    registered::Registered,
    rpsl::{Class, Key, Name, Object, Placeholder},
    rules::{Message, prepare},
};

/// The rules that refuse a reference.
const RULES: [&str; 4] = ["reference-exists", "maintainer-exists", "key-automatic-unknown", "set-parent"];

/// What is known of an object that a step refers to.
enum Fate<'a> {
    /// It is made by a later step, which refers to this one in its turn.
    Later(&'a Declared),
    /// It is made by a step before, which is refused itself.
    Refused(usize, &'a Declared),
    /// It is declared, and not among the steps.
    LeftOut(&'a Declared),
    /// It is not declared, and this is.
    Mistyped(String),
}

/// Puts into each refusal of a missing reference what the files know of it. `is_part` is whether `--only` leaves some out.
pub fn explain_missing(plan: &mut Plan, world: &Registered, estate: &Estate, is_part: bool) {
    let steps = plan.steps.iter().enumerate().map(|(number, step)| (step.change.key(), number)).collect();
    let mut known = Known { declared: BTreeMap::new(), steps, world, estate, is_part };
    for each in &estate.declared {
        known.declared.entry(name_of(&each.object)).or_default().push(each);
    }
    for (number, step) in plan.steps.iter_mut().enumerate() {
        let own = step.change.key();
        let messages = step.decision.iter_mut().flat_map(|decision| &mut decision.messages);
        for message in messages.filter(|message| RULES.contains(&message.rule)) {
            let fate = names(message).iter().find_map(|name| known.fate(name, message, &own, number));
            message.remedy = fate.map(|fate| way_out(&fate, &own)).or_else(|| message.remedy.take());
        }
    }
}

/// What is known of the objects that steps refer to.
struct Known<'a> {
    /// By key or placeholder, in capital letters.
    declared: BTreeMap<String, Vec<&'a Declared>>,
    steps: BTreeMap<Key, usize>,
    world: &'a Registered,
    estate: &'a Estate,
    is_part: bool,
}

impl<'a> Known<'a> {
    /// What becomes of the object with this name, which `message` says is missing for the object `own` of a step.
    fn fate(&self, name: &str, message: &Message, own: &Key, step: usize) -> Option<Fate<'a>> {
        let classes = classes(message);
        let fits = |each: &&&Declared| {
            let key = each.object.key();
            key != *own && (classes.is_empty() || classes.contains(&key.class()))
        };
        let declared = self.declared.get(&name.to_ascii_uppercase());
        let Some(target) = declared.and_then(|declared| declared.iter().find(fits)) else {
            return (classes == [Class::Mntner]).then(|| self.mistyped(name)).flatten().map(Fate::Mistyped);
        };
        match self.steps.get(&target.object.key()) {
            Some(other) if *other > step => Some(Fate::Later(target)),
            Some(other) => Some(Fate::Refused(*other, target)),
            None => self.is_part.then_some(Fate::LeftOut(target)),
        }
    }

    /// The maintainer that was meant.
    fn mistyped(&self, name: &str) -> Option<String> {
        let registered = self.world.objects.keys().filter(|key| key.class() == Class::Mntner);
        slip(name, registered.chain(&self.estate.manage.maintainers).map(Key::text)).map(str::to_owned)
    }
}

/// The key of an object, or its placeholder, in capital letters.
fn name_of(object: &Object) -> String {
    let placeholder = Placeholder::of(object).map(|placeholder| placeholder.name().to_owned());
    placeholder.unwrap_or_else(|| object.key().text().to_ascii_uppercase())
}

/// The classes that the missing object may have; empty if the message does not tell.
fn classes(message: &Message) -> &'static [Class] {
    let about = message.attribute.as_ref().and_then(|(label, _)| Name::from_text(label));
    match about {
        Some(name) => name.row().references,
        None if message.rule == "maintainer-exists" => &[Class::Mntner],
        None => &[],
    }
}

/// The keys that a message says are missing.
fn names(message: &Message) -> Vec<String> {
    message.args.iter().flat_map(|arg| arg.split(',')).map(|name| name.trim().to_owned()).collect()
}

fn way_out(fate: &Fate, own: &Key) -> String {
    match fate {
        Fate::Later(target) => {
            let (name, place) = (target.object.key(), &target.place);
            format!(
                "{name} stands at {place} and names {own} in its turn: neither can be made before the other"
            )
        }
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

/// What to do about two objects that name each other, of which `first` is to be made first.
pub fn first_of_two(first: &Key) -> String {
    let by_web = match first.class() {
        Class::Mntner | Class::Person | Class::Role => {
            format!(
                "; without any contact yet, make the pair in the RIPE NCC's web form: {}",
                prepare::FIRST_PAIR
            )
        }
        _ => String::new(),
    };
    format!(
        "make {first} with a contact that is registered already, apply, then name the new one in it{by_web}"
    )
}
