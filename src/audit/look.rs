//! What is looked at: the registered form of what the estate declares, and how a finding about it reads.

use std::collections::{BTreeMap, BTreeSet};

use super::Delegated;
use crate::{
    estate::{Declared, Estate},
    finding::{Finding, Location, counted},
    plan::is_ours,
    registered::{Known, Query, Registered, Unknown},
    rpsl::{Key, Name, Object},
};

/// What is known, and what it is held against.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// What the files say.
    pub estate: &'a Estate,
    /// The declared objects by their keys.
    pub declared: &'a BTreeMap<Key, &'a Declared>,
    /// What is registered, as far as it is known.
    pub world: &'a Registered,
    /// What may not be asked: more contacts of others than a run may read.
    pub unread: &'a BTreeSet<Query>,
    /// What the RIPE NCC has delegated, if there is a file of it.
    pub delegated: Option<&'a Delegated>,
}

/// The questions that are still open.
pub(super) struct Open<'a> {
    unread: &'a BTreeSet<Query>,
    queries: BTreeSet<Query>,
}

impl<'a> Open<'a> {
    pub fn new(look: &Look<'a>) -> Open<'a> {
        Open { unread: look.unread, queries: BTreeSet::new() }
    }

    /// The answer, if it is there; else the question is noted, unless it may not be asked.
    pub fn known<T>(&mut self, answer: Known<T>) -> Option<T> {
        match answer {
            Ok(value) => Some(value),
            Err(Unknown(query)) => {
                if !self.unread.contains(&query) {
                    self.queries.insert(query);
                }
                None
            }
        }
    }

    /// Nothing, if no question is open.
    pub fn into_result(self) -> Result<(), BTreeSet<Query>> {
        if self.queries.is_empty() { Ok(()) } else { Err(self.queries) }
    }
}

impl<'a> Look<'a> {
    /// The registered objects that are declared, in the order of their keys.
    pub(super) fn subjects(&self) -> Vec<&'a Object> {
        self.declared.keys().filter_map(|key| self.world.objects.get(key)).collect()
    }

    /// Whether one of our maintainers maintains it.
    pub(super) fn is_ours(&self, object: &Object) -> bool {
        is_ours(object, &self.estate.manage)
    }

    /// Whether the registry's data is invented: the sandbox's, where names below `.example` are nobody's slip.
    pub(super) fn is_invented(&self) -> bool {
        self.estate.registry.is_embedded()
    }

    /// Where the attribute `name` of an object is declared, or else its first.
    pub(super) fn place(&self, key: &Key, name: Option<Name>) -> Option<Location> {
        let declared = self.declared.get(key)?;
        let at = name.and_then(|name| declared.object.attributes().position(|each| each.name == Some(name)));
        Some(declared.place_of(at.unwrap_or_default()))
    }

    /// An error about `object`, where its attribute `name` is declared.
    pub(super) fn finding(
        &self,
        rule: &'static str,
        object: &Object,
        name: Option<Name>,
        text: String,
    ) -> Finding {
        let key = object.key();
        let finding = Finding::error(rule, text).about(&key);
        match self.place(&key, name) {
            Some(place) => finding.at(place),
            None => finding,
        }
    }

    /// How what is wrong with an attribute of `object` is mended: `what` is what to do in the files, as in ``add `phone:` ``.
    pub(super) fn mended(&self, object: &Object, name: Name, what: &str) -> String {
        let key = object.key();
        let differs = |declared: &Declared| {
            declared.object.has(name) && declared.object.values(name) != object.values(name)
        };
        match self.declared.get(&key) {
            Some(declared) if differs(declared) => {
                format!(
                    "the files say otherwise: `ripectl plan --only {key}` shows what `ripectl apply` would write"
                )
            }
            Some(declared) => {
                let place = self.place(&key, Some(name)).unwrap_or_else(|| declared.place.clone());
                format!("{what} at {}:{}, then `ripectl plan`", place.source.name(), place.line())
            }
            None if self.is_ours(object) => {
                format!("`ripectl import {key}` takes it into the files; there {what}")
            }
            None => format!("ask {} to {what}", object.values(Name::MntBy).join(", ")),
        }
    }

    /// What is only said: what is not registered yet, and what is ours and not declared.
    pub(super) fn notes(&self) -> Vec<String> {
        let world = &self.world.objects;
        let absent: Vec<&Key> = self.declared.keys().filter(|key| world.get(key).is_none()).collect();
        let undeclared =
            world.iter().filter(|(key, object)| !self.declared.contains_key(key) && self.is_ours(object));
        let undeclared: Vec<&Key> = undeclared.map(|(key, _)| key).collect();
        let contacts: BTreeSet<&str> = self.unread.iter().filter_map(contact).collect();
        let mut notes = Vec::new();
        if !absent.is_empty() {
            let (count, some) = (counted(absent.len(), "object"), some(&absent));
            notes.push(format!(
                "declared and not registered, so not looked at: {count} ({some}); `ripectl plan` shows them"
            ));
        }
        if !undeclared.is_empty() {
            let (count, some) = (counted(undeclared.len(), "object"), some(&undeclared));
            notes.push(format!("registered, ours and not declared: {count} ({some}); `ripectl import KEY` takes one into the files"));
        }
        if !contacts.is_empty() {
            let count = counted(contacts.len(), "contact");
            notes.push(format!(
                "not read, {count} of others: `[manage] limits = {{ contacts = … }}` allows more"
            ));
        }
        notes
    }
}

fn contact(query: &Query) -> Option<&str> {
    match query {
        Query::Object(key) => Some(key.text()),
        _ => None,
    }
}

/// The first few of them.
fn some(keys: &[&Key]) -> String {
    const SHOWN: usize = 3;
    let mut names: Vec<String> = keys.iter().take(SHOWN).map(ToString::to_string).collect();
    if keys.len() > SHOWN {
        names.push("…".to_owned());
    }
    names.join(", ")
}
