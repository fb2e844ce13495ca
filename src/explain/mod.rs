//! Who may create, change or delete an object, and why: the registry's own chain, link by link.
//!
//! The links come from the strategies that [`rules::decide`](crate::rules::decide) runs; what is told besides is what
//! stands near and does not decide. Knowledge is partial, as everywhere: [`explain`] returns the questions that are
//! open, somebody asks them, and it is called again. Nothing here asks, and nothing is written.

mod minimal;
mod nearby;

use std::collections::BTreeSet;

use jiff::Timestamp;

pub use minimal::minimal;
pub use nearby::{Nearby, Why};

use crate::{
    finding::Severity,
    registered::{Known, Query, Registered, Unknown},
    rpsl::{Key, Object},
    rules::{Asked, Authority, Case, Credential, Kind, Message, Settings, authorise, business},
};

/// Who may do what to an object.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The object.
    pub key: Key,
    /// Whether it is registered.
    pub stands: bool,
    /// What can be done to it: creation if it is absent, else modification and deletion.
    pub actions: Vec<Chain>,
}

/// All permissions that one action needs.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The action.
    pub action: Kind,
    /// The permissions in the registry's order; each must be given.
    pub permissions: Vec<Permission>,
    /// What stands near and does not decide.
    pub nearby: Vec<Nearby>,
    /// What is said against a deletion besides: that others refer to the object, that the RIPE NCC maintains it too.
    pub refusals: Vec<Message>,
    /// Rules that hang on what nobody can ask.
    pub open: Vec<(&'static str, Query)>,
}

/// One permission, and on what it rests.
#[derive(Clone, Debug)]
pub struct Permission {
    /// The rule that asks for it.
    pub rule: &'static str,
    /// The objects and attributes that decide. Empty where the object that would decide is absent.
    pub deciders: Vec<Authority>,
    /// The object that would decide and is absent, where it is known by name.
    pub absent: Option<Key>,
    /// Whether the key at hand has it.
    pub given: bool,
}

impl Explanation {
    /// How many of the actions the key may do.
    pub fn permitted(&self) -> usize {
        self.actions.iter().filter(|chain| chain.may() == Some(true)).count()
    }
}

impl Chain {
    /// Whether the key at hand may; `None` if that hangs on what nobody can ask.
    pub fn may(&self) -> Option<bool> {
        match self.refusals.is_empty() && self.permissions.iter().all(|permission| permission.given) {
            true if !self.open.is_empty() => None,
            given => Some(given),
        }
    }
}

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The key of the object.
    pub key: &'a Key,
    /// What it would be: as it is declared, or [made up](minimal()).
    pub wanted: &'a Object,
    /// Who asks.
    pub credential: &'a Credential,
    /// The surroundings of the registry.
    pub settings: &'a Settings,
    /// What was asked in vain: what hangs on it stays open.
    pub unanswered: &'a BTreeSet<Query>,
}

/// Explains as far as `world` allows, and returns the questions that a request can answer; empty: this is all.
pub fn explain(world: &Registered, subject: Subject) -> (Explanation, BTreeSet<Query>) {
    let key = subject.key.clone();
    let (stored, mut open) = match world.object(subject.key) {
        Ok(stored) => (stored, BTreeSet::new()),
        Err(Unknown(query)) => {
            return (Explanation { key, stands: false, actions: Vec::new() }, [query].into());
        }
    };
    let nobody = Asked::default();
    let kinds: &[(Kind, &Object)] = match stored {
        None => &[(Kind::Create, subject.wanted)],
        Some(stored) => &[(Kind::Modify, subject.wanted), (Kind::Delete, stored)],
    };
    let actions = kinds.iter().map(|(kind, after)| {
        // What is merely made up says nothing of an object that stands.
        let is_made_up = !subject.wanted.has(crate::rpsl::Name::Source);
        let after = stored.filter(|_| is_made_up).unwrap_or(after);
        let case = Case {
            world,
            settings: subject.settings,
            credential: subject.credential,
            now: Timestamp::UNIX_EPOCH, // no permission depends on the time
            kind: *kind,
            before: stored,
            after,
            submitted: after,
            asked: &nobody,
        };
        chain(&case, subject.unanswered, &mut open)
    });
    let actions = actions.collect();
    (Explanation { key, stands: stored.is_some(), actions }, open)
}

fn chain(case: &Case, unanswered: &BTreeSet<Query>, open: &mut BTreeSet<Query>) -> Chain {
    let mut chain = Chain {
        action: case.kind,
        permissions: Vec::new(),
        nearby: Vec::new(),
        refusals: Vec::new(),
        open: Vec::new(),
    };
    let strategies = authorise::STRATEGIES.iter().map(|strategy| (strategy.name, (strategy.check)(case)));
    for (rule, found) in strategies.chain([(business::SET_PARENT, set_parent(case))]) {
        let known = found.map(|found| permission(rule, found));
        let known = known.and_then(|found| Ok((nearby::near(case, &found)?, found)));
        match known {
            Ok((_, found)) if found.deciders.is_empty() && found.given => {}
            Ok((nearby, found)) => {
                chain.nearby.extend(nearby);
                chain.permissions.push(found);
            }
            Err(Unknown(query)) if query.can_be_asked() && !unanswered.contains(&query) => {
                open.insert(query);
            }
            Err(Unknown(query)) => chain.open.push((rule, query)),
        }
    }
    chain.permissions.extend(parentless(case, &chain.permissions, open));
    chain.refusals = refusals(case, &chain.permissions, open);
    open.retain(|query| !unanswered.contains(query));
    chain
}

/// What the rules say against a deletion, whoever asks. Of a creation or a change it hangs on what is written.
fn refusals(case: &Case, permissions: &[Permission], open: &mut BTreeSet<Query>) -> Vec<Message> {
    let proven = permissions.iter().flat_map(|permission| &permission.deciders);
    let proven = proven.filter_map(|decider| decider.proven.clone()).collect();
    let case = Case { asked: &Asked { proven, open: Vec::new() }, ..*case };
    let mut refusals = Vec::new();
    for rule in business::rules().filter(|rule| case.kind == Kind::Delete && rule.applies(&case)) {
        match (rule.check)(&case) {
            Ok(said) => refusals.extend(said.into_iter().map(|message| Message {
                remedy: message.remedy.or_else(|| business::remedy(rule)),
                rule: rule.name,
                ..message
            })),
            Err(Unknown(query)) => {
                open.extend(Some(query).filter(Query::can_be_asked));
            }
        }
    }
    refusals.retain(|message| message.severity == Severity::Error);
    refusals
}

fn permission(rule: &'static str, found: authorise::Finding) -> Permission {
    let given = !found.messages.iter().any(|message| message.severity == Severity::Error);
    let deciders = found.authority.into_iter().map(|authority| Authority { rule, ..authority }).collect();
    Permission { rule, deciders, absent: None, given }
}

fn set_parent(case: &Case) -> Known<authorise::Finding> {
    let parent = business::set_parent(case.after).filter(|_| case.kind == Kind::Create);
    match parent.map(|key| case.world.object(&key)).transpose()?.flatten() {
        Some(parent) => authorise::parent_of_set(case, parent),
        None => Ok(authorise::Finding::default()),
    }
}

/// What must stand above a new object and does not.
fn parentless(case: &Case, found: &[Permission], open: &mut BTreeSet<Query>) -> Option<Permission> {
    let none = |rule, absent| Some(Permission { rule, deciders: Vec::new(), absent, given: false });
    if case.kind != Kind::Create {
        return None;
    }
    if let Some(parent) = business::set_parent(case.after) {
        return match case.world.object(&parent) {
            Ok(None) => none(business::SET_PARENT, Some(parent)),
            Ok(Some(_)) => None,
            Err(Unknown(query)) => {
                open.insert(query);
                None
            }
        };
    }
    let rule = "authorise-parent";
    let is_block = case.class().is_address();
    let asked = found.iter().any(|permission| permission.rule == rule);
    let known = case.after.block().is_some_and(|block| case.world.less_specific(case.class(), block).is_ok());
    let answered = is_block && !asked && known && open.is_empty();
    answered.then(|| none(rule, None)).flatten()
}
