//! What the registry would answer.

use std::collections::BTreeSet;

use super::Message;
use crate::{
    finding::Severity,
    registered::Query,
    rpsl::{Key, Name, Object},
};

/// The answer to a request, as far as the facts at hand allow.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What becomes of the object.
    pub effect: Effect,
    /// What is said, in the registry's order.
    pub messages: Vec<Message>,
    /// What each authorisation rests on.
    pub authority: Vec<Authority>,
    /// Rules that could not be decided, and the fact that each needs.
    pub undecided: Vec<Undecided>,
    /// The placeholder `AUTO-n` of the submitted object and the key that it was given.
    pub automatic: Option<(String, Key)>,
}

/// What becomes of the object.
#[derive(Clone, Debug)]
pub enum Effect {
    /// It is stored for the first time.
    Created(Object),
    /// It replaces the one that was stored.
    Modified {
        /// The stored object.
        before: Object,
        /// What is stored now.
        after: Object,
    },
    /// It is gone.
    Deleted(Object),
    /// What is stored is the same already.
    Unchanged(Object),
    /// Nothing happens.
    Refused {
        /// Why, in one word.
        refusal: Refusal,
        /// The object as submitted and prepared.
        submitted: Object,
    },
}

/// Why a request is refused; what weighs most decides.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Refusal {
    /// The registry could not even read the object: 400, without the object and without a note of a dry-run.
    Unreadable,
    /// The object or a rule: 400.
    Invalid,
    /// It exists already: 409.
    Exists,
    /// The registry broke off: 500.
    BrokenOff,
    /// There is no such object: 404 for a DELETE.
    Missing,
    /// Nobody who may has asked: 401.
    Unauthorised,
}

/// A rule that needs a fact that is not at hand.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Undecided {
    /// The rule.
    pub rule: &'static str,
    /// The fact.
    pub needs: Query,
}

/// On what a permission rests: one of these maintainers must have asked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Authority {
    /// The rule that asks for it, such as `authorise-route`.
    pub rule: &'static str,
    /// The object that decides.
    pub object: Key,
    /// Its attribute that decides.
    pub attribute: Name,
    /// The maintainers named there that exist.
    pub maintainers: Vec<String>,
    /// The one that the credential speaks for; `None` is a refusal.
    pub proven: Option<String>,
    /// The attributes of the object of which any would suffice, the smallest permission first.
    pub ways: Vec<Name>,
    /// Whether it is asked as the space of something new.
    pub is_space: bool,
}

impl Decision {
    /// The messages that refuse.
    pub fn errors(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| message.severity == Severity::Error)
    }

    /// The messages that would refuse if the registry's settings, which cannot be seen, are the usual ones.
    pub fn doubtful(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| self.is_doubtful(message))
    }

    /// Whether the message would refuse if the registry's settings are the usual ones.
    pub fn is_doubtful(&self, message: &Message) -> bool {
        let hangs = |open: &Undecided| open.rule == message.rule && matches!(open.needs, Query::Setting(_));
        message.severity == Severity::Warning && self.undecided.iter().any(hangs)
    }

    /// Whether it is refused, whatever the open questions turn out to be.
    pub fn is_refused(&self) -> bool {
        matches!(self.effect, Effect::Refused { .. })
    }

    /// The open questions that a request to the registry can answer.
    pub fn open(&self) -> BTreeSet<Query> {
        self.undecided.iter().map(|undecided| undecided.needs.clone()).filter(Query::can_be_asked).collect()
    }
}
