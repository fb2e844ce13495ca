//! What is wished away: `absent` for what is ours, `reclaim` for what others hold in our space.
//!
//! A wish that is granted already is passed over; one that can be granted becomes a deletion; of one that cannot it is
//! told why, and who decides.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{
    Way,
    ownership::{self, Obstacle},
};
use crate::{
    config::At,
    estate::Estate,
    finding::{Finding, Location},
    registered::{Inventory, Query, Registered, Unknown},
    rpsl::{Key, Name, Object},
    rules::{self, Action, Authority, Credential, Decision, Effect, Request, Settings},
};

/// Why an object goes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Removal {
    /// It is ours, inside of an `exclusive` prefix, and declared no longer.
    Undeclared,
    /// It is ours, and `absent` names it here.
    Absent(Location),
    /// Others maintain it, and `reclaim` names it here.
    Reclaimed(Location),
    /// This run is gone this way again.
    Replayed(Way, String),
}

impl Removal {
    /// The word for it, as in the JSON of a plan.
    pub fn text(&self) -> &'static str {
        match self {
            Removal::Undeclared => "undeclared",
            Removal::Absent(_) => "absent",
            Removal::Reclaimed(_) => "reclaim",
            Removal::Replayed(Way::On, _) => "resume",
            Removal::Replayed(Way::Back, _) => "undo",
        }
    }

    /// Where it is wished for.
    pub fn place(&self) -> Option<&Location> {
        match self {
            Removal::Undeclared | Removal::Replayed(..) => None,
            Removal::Absent(place) | Removal::Reclaimed(place) => Some(place),
        }
    }
}

/// What the wishes come to.
#[derive(Debug, Default)]
pub struct Removals {
    /// The objects of others that are reclaimed.
    pub reclaimed: Inventory,
    /// Where each key is wished away.
    wishes: BTreeMap<Key, Removal>,
    /// The wishes that cannot be granted.
    pub findings: Vec<Finding>,
}

impl Removals {
    /// Those that are known beforehand.
    pub fn because(wishes: impl Iterator<Item = (Key, Removal)>) -> Removals {
        Removals { wishes: wishes.collect(), ..Removals::default() }
    }

    /// What is known beforehand of the object with this key.
    pub fn wish(&self, key: &Key) -> Option<Removal> {
        self.wishes.get(key).cloned()
    }

    /// Why the object with this key goes.
    pub fn reason(&self, key: &Key) -> Removal {
        self.wishes.get(key).cloned().unwrap_or(Removal::Undeclared)
    }

    /// The wishes of `estate` for the keys that are `wanted`, or the questions that must be answered first.
    pub fn of(
        world: &Registered,
        estate: &Estate,
        wanted: impl Fn(&Key) -> bool,
    ) -> Result<Removals, BTreeSet<Query>> {
        let manage = &estate.manage;
        let (mut removals, mut open) = (Removals::default(), BTreeSet::new());
        for wish in manage.absent.iter().filter(|wish| wanted(&wish.value)) {
            open.extend(removals.absent(world, estate, wish).err().into_iter().flatten());
        }
        for wish in manage.reclaim.iter().filter(|wish| wanted(&wish.value)) {
            open.extend(removals.reclaim(world, estate, wish).err().into_iter().flatten());
        }
        if open.is_empty() { Ok(removals) } else { Err(open) }
    }

    fn absent(&mut self, world: &Registered, estate: &Estate, wish: &At<Key>) -> Result<(), BTreeSet<Query>> {
        let Some(object) = registered(world, &wish.value)? else { return Ok(()) };
        if ownership::is_ours(object, &estate.manage) {
            self.wishes.insert(wish.value.clone(), Removal::Absent(wish.place.clone()));
            self.findings.extend(
                ownership::obstacle(&wish.value, object, &estate.manage).map(|why| stays(wish, &why)),
            );
        } else {
            self.findings.push(of_others(wish, object, &decided(world, estate, object)?));
        }
        Ok(())
    }

    fn reclaim(
        &mut self,
        world: &Registered,
        estate: &Estate,
        wish: &At<Key>,
    ) -> Result<(), BTreeSet<Query>> {
        let Some(object) = registered(world, &wish.value)? else { return Ok(()) };
        if ownership::is_ours(object, &estate.manage) {
            let text = format!("{} is ours: there is nothing to reclaim", wish.value);
            self.findings.push(finding("reclaim", wish, text).fix("name it in `absent` instead"));
            return Ok(());
        }
        let decision = decided(world, estate, object)?;
        if decision.is_refused() {
            self.findings.push(not_reclaimable(wish, object, &decision));
        } else {
            self.reclaimed.insert(object.clone());
            self.wishes.insert(wish.value.clone(), Removal::Reclaimed(wish.place.clone()));
        }
        Ok(())
    }
}

fn registered<'a>(world: &'a Registered, key: &Key) -> Result<Option<&'a Object>, BTreeSet<Query>> {
    world.object(key).map_err(|Unknown(query)| [query].into())
}

/// What the registry would answer if a key of our maintainers asked it to delete `object`.
fn decided(world: &Registered, estate: &Estate, object: &Object) -> Result<Decision, BTreeSet<Query>> {
    let ours = estate.manage.maintainers.iter().map(|key| key.text().to_owned()).collect();
    let credential = Credential::Maintainers(ours);
    let settings = Settings { source: estate.registry.source.clone(), ..Settings::default() };
    let automatic = BTreeMap::new();
    let request = Request { action: Action::Delete, object, credential: &credential, automatic: &automatic };
    let decision = rules::decide(world, &request, &settings, Timestamp::UNIX_EPOCH); // no deletion depends on the time
    let open = decision.open();
    if open.is_empty() { Ok(decision) } else { Err(open) }
}

fn finding(rule: &'static str, wish: &At<Key>, text: String) -> Finding {
    Finding::error(rule, text).about(&wish.value).at(wish.place.clone())
}

/// One of ours that stays all the same.
fn stays(wish: &At<Key>, why: &Obstacle) -> Finding {
    let key = &wish.value;
    let (text, remedy) = match why {
        Obstacle::RipeNcc(name) => (
            format!(
                "{key} stays: {name} co-maintains it, and what the RIPE NCC co-maintains is never deleted"
            ),
            "ask your sponsoring LIR, or ncc@ripe.net, to delete it, and take it out of `absent`".to_owned(),
        ),
        Obstacle::Others(others) => (
            format!("{key} stays: {} maintains it too", others.join(", ")),
            "delete it together with them, or have them taken out of its `mnt-by` first".to_owned(),
        ),
        Obstacle::Protected => {
            (format!("{key} stays: `protect` names it"), "take it out of `absent` or of `protect`".to_owned())
        }
    };
    finding("absent", wish, text).fix(remedy)
}

/// One that others maintain, and who may delete it.
fn of_others(wish: &At<Key>, object: &Object, decision: &Decision) -> Finding {
    let key = &wish.value;
    let by = maintainers(object);
    let (who, remedy) = match (&decision.effect, holder(object, decision)) {
        (Effect::Deleted(_), Some(holder)) => (
            format!("{by} (mnt-by)"),
            format!(
                "the registry lets you take it back as {holder}: name it in `reclaim` of [manage] instead"
            ),
        ),
        _ => (
            deciders(object, decision),
            format!(
                "ask {by} to delete it, and write `[[expect]] absent = [\"{key}\"]` instead: then every plan looks for it"
            ),
        ),
    };
    finding("absent", wish, format!("{key} must be absent, but others decide over it: {who}")).fix(remedy)
}

fn not_reclaimable(wish: &At<Key>, object: &Object, decision: &Decision) -> Finding {
    let key = &wish.value;
    let is_refused_to_us = holder(object, decision).is_none();
    let why = match decision.errors().find(|message| !message.rule.starts_with("authorise-")) {
        Some(message) if !is_refused_to_us => message.to_string(),
        _ => format!("those decide over it: {}", deciders(object, decision)),
    };
    finding("reclaim", wish, format!("{key} cannot be reclaimed with a key of ours: {}", why.trim()))
        .fix(format!("ask {} to delete it, and take it out of `reclaim`", maintainers(object)))
}

/// `SPONSOR-MNT (mnt-by; mnt-lower of inet6num/2a0f:85c0::/29)`: whom the registry asks before it deletes `object`.
fn deciders(object: &Object, decision: &Decision) -> String {
    let own = object.key();
    let mut asked: Vec<(String, Vec<String>)> = Vec::new();
    for Authority { object, attribute, maintainers, .. } in &decision.authority {
        let names = maintainers.join(" or ");
        let role = if *object == own { attribute.to_string() } else { format!("{attribute} of {object}") };
        match asked.iter_mut().find(|(other, _)| *other == names) {
            _ if names.is_empty() => {}
            Some((_, roles)) if roles.contains(&role) => {}
            Some((_, roles)) => roles.push(role),
            None => asked.push((names, vec![role])),
        }
    }
    let asked: Vec<String> =
        asked.into_iter().map(|(names, roles)| format!("{names} ({})", roles.join("; "))).collect();
    if asked.is_empty() { maintainers(object) } else { asked.join(", ") }
}

/// As what one of our maintainers may delete `object`, such as `mnt-lower of inet6num/2a0f:85c0::/29`.
fn holder(object: &Object, decision: &Decision) -> Option<String> {
    let own = object.key();
    let proven = |authority: &&Authority| authority.proven.is_some() && authority.object != own;
    let Authority { object, attribute, proven, .. } = decision.authority.iter().find(proven)?;
    Some(format!("{}, {attribute} of {object}", proven.as_deref().unwrap_or_default()))
}

fn maintainers(object: &Object) -> String {
    match object.values(Name::MntBy) {
        names if names.is_empty() => "its holder".to_owned(),
        names => names.join(" or "),
    }
}
