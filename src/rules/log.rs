//! Messages and open questions, as they come up while a request is decided.

use std::collections::{HashMap, HashSet};

use super::{Message, Settings, Undecided, message::Said};
use crate::{
    finding::Severity,
    registered::{Known, Query, Unknown},
};

/// What was said so far.
#[derive(Debug, Default)]
pub struct Log<'a> {
    settings: Option<&'a Settings>,
    messages: Vec<Message>,
    /// What the messages say: none is said twice.
    said: HashSet<Said>,
    undecided: Vec<Undecided>,
}

impl<'a> Log<'a> {
    /// A log for a registry with these settings: what hangs on one that cannot be seen is an open question, and no
    /// error.
    pub fn under(settings: &'a Settings) -> Log<'a> {
        Log { settings: Some(settings), ..Log::default() }
    }

    /// Adds a message, unless the same was said already.
    pub fn say(&mut self, message: Message) {
        let unseen = self.settings.and_then(|settings| settings.unseen(message.rule));
        let message = match unseen.filter(|_| message.severity == Severity::Error) {
            Some(setting) => {
                self.missing(message.rule, Unknown(Query::Setting(setting)));
                Message { severity: Severity::Warning, ..message }
            }
            None => message,
        };
        if self.said.insert(message.said()) {
            self.messages.push(message);
        }
    }

    /// Adds what a rule says, or that it needs a fact.
    pub fn take(&mut self, rule: &'static str, said: Known<Vec<Message>>) {
        match said {
            Ok(messages) => messages.into_iter().for_each(|message| self.say(message.of(rule))),
            Err(unknown) => self.missing(rule, unknown),
        }
    }

    /// Notes that `rule` needs a fact.
    pub fn missing(&mut self, rule: &'static str, Unknown(needs): Unknown) {
        self.undecided.push(Undecided { rule, needs });
    }

    /// Whether an error was said.
    pub fn has_errors(&self) -> bool {
        self.messages.iter().any(|message| message.severity == Severity::Error)
    }

    /// Everything in the registry's order (`WhoisResources.setErrorMessages`): what is about the object before what
    /// is about an attribute, attribute by attribute, and then errors before warnings before information.
    pub fn finish(self) -> (Vec<Message>, Vec<Undecided>) {
        let (mut ordered, about): (Vec<_>, Vec<_>) =
            self.messages.into_iter().partition(|message| message.attribute.is_none());
        let mut numbers = HashMap::new();
        let grouped = about.into_iter().map(|message| {
            let next = numbers.len();
            (*numbers.entry(message.attribute.clone()).or_insert(next), message)
        });
        let mut grouped: Vec<(usize, Message)> = grouped.collect();
        grouped.sort_by_key(|(group, _)| *group);
        ordered.extend(grouped.into_iter().map(|(_, message)| message));
        ordered.sort_by_key(|message| message.severity);
        (ordered, self.undecided)
    }
}
