//! One request with its facts, as the rules see it, and the shape of a rule.

use jiff::Timestamp;

use super::{Credential, Message, Settings};
use crate::{
    registered::{Known, Registered, Unknown},
    rpsl::{AnyCase, Class, Name, Object},
};

/// What is really going to happen, once it is known what is stored.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Nothing is stored under the key, or the request insists that nothing is.
    Create,
    /// Something else is stored.
    Modify,
    /// The object goes.
    Delete,
    /// The same is stored.
    Noop,
}

/// A request with its facts.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What is known of the registry.
    pub world: &'a Registered,
    /// The registry's surroundings.
    pub settings: &'a Settings,
    /// Who asks.
    pub credential: &'a Credential,
    /// The time of the request.
    pub now: Timestamp,
    /// What is going to happen.
    pub kind: Kind,
    /// What is stored; of a deletion the same as `after`.
    pub before: Option<&'a Object>,
    /// The object as it would be stored; of a deletion the object that goes.
    pub after: &'a Object,
    /// The object as it was submitted and prepared, without what the registry generates.
    pub submitted: &'a Object,
    /// The maintainers whose consent was asked for; none before the phase of authorisation.
    pub asked: &'a Asked,
}

/// The maintainers whose consent was asked for, as far as the credential may speak for them.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// It speaks for these.
    pub proven: Vec<String>,
    /// Whether it speaks for these is not known: one of others was enough.
    pub open: Vec<(String, Unknown)>,
}

impl<'a> Case<'a> {
    /// The class of the object.
    pub fn class(&self) -> Class {
        self.after.class()
    }

    /// The values of `name` that the stored object does not have, compared without regard to letter case.
    pub fn added(&self, name: Name) -> Vec<String> {
        difference(Some(self.after), self.before, name)
    }

    /// The values of `name` that the stored object alone has.
    pub fn removed(&self, name: Name) -> Vec<String> {
        difference(self.before, Some(self.after), name)
    }

    /// Whether the set of values of `name` is another one than before.
    pub fn changes(&self, name: Name) -> bool {
        !self.added(name).is_empty() || !self.removed(name).is_empty()
    }

    /// The maintainers among `names` that exist.
    pub fn maintainers(&self, names: &[String]) -> Known<Vec<&'a Object>> {
        let mut found = Vec::new();
        for name in names {
            found.extend(self.world.maintainer(name)?);
        }
        Ok(found)
    }

    /// Whether one of the maintainers among `names` takes part in the request: its consent was asked for and the
    /// credential speaks for it. That it could speak for one that has no say here does not count.
    pub fn proves_any(&self, names: &[&str]) -> Known<bool> {
        let proven = AnyCase::of(self.asked.proven.iter().map(String::as_str));
        if names.iter().any(|name| proven.contains(name)) {
            return Ok(true);
        }
        let names = AnyCase::of(names.iter().copied());
        let open = self.asked.open.iter().find(|(name, _)| names.contains(name));
        open.map_or(Ok(false), |(_, unknown)| Err(unknown.clone()))
    }
}

fn difference(of: Option<&Object>, without: Option<&Object>, name: Name) -> Vec<String> {
    let values = |object: Option<&Object>| object.map_or_else(Vec::new, |object| object.values(name));
    let mut seen = AnyCase::of(values(without).iter().map(String::as_str));
    values(of).into_iter().filter(|value| seen.insert(value)).collect()
}

/// One rule of the registry.
#[derive(Debug)]
pub struct Rule {
    /// Its stable name, as `ripectl check --rules` lists it.
    pub name: &'static str,
    /// Where it comes from: the server's class that holds it (rules.md §6).
    pub source: &'static str,
    /// What it asks for, in a line.
    pub says: &'static str,
    /// The classes it is for; empty for all.
    pub classes: &'static [Class],
    /// What must be going to happen.
    pub kinds: &'static [Kind],
    /// What it says about a case, or the fact that it needs.
    pub check: fn(&Case) -> Known<Vec<Message>>,
    /// What the user can do about it, unless the message knows better.
    pub remedy: &'static str,
}

impl Rule {
    /// Whether the rule is for this case.
    pub fn applies(&self, case: &Case) -> bool {
        (self.classes.is_empty() || self.classes.contains(&case.class())) && self.kinds.contains(&case.kind)
    }
}

/// Creation and modification.
pub const WRITE: &[Kind] = &[Kind::Create, Kind::Modify];
/// Creation alone.
pub const CREATE: &[Kind] = &[Kind::Create];
/// Modification alone.
pub const MODIFY: &[Kind] = &[Kind::Modify];
/// Deletion alone.
pub const DELETE: &[Kind] = &[Kind::Delete];
