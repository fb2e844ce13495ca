//! The RIPE Database as a place that is written to: one request a change, but for the first pair, proven by dry-runs, which
//! its master answers.

mod handle;
mod keys;
mod pair;
mod proof;
mod recover;
mod rehearse;
mod review;
mod run_state;
mod settle;
mod unnamed;
mod writable;

pub use keys::{KeyError, Keys, finish_naming, free_handle, write_names};
pub use recover::{Fate, RecoverError, recover, still_declared};
pub use rehearse::would_take;
pub use writable::unwritable;

use super::{Connection, Event, Item, Log, Lost, Received, Status, StepResult};
use crate::{
    registry::{Answer, Mode, Registry, Trouble},
    rpsl::{Object, Placeholder},
    rules::Message,
    target::{Batching, Change, Record, RecordId, TargetId},
};
use pair::Pair;
use review::Modified;
use run_state::RunState;

/// A RIPE Database, the keys that are still to be chosen in it, and what this run has done there.
pub struct RipeDatabase<'a> {
    registry: &'a Registry,
    keys: &'a mut Keys,
    earlier: RunState,
    modified: Vec<Modified>,
}

impl<'a> RipeDatabase<'a> {
    /// Writes to `registry`, and the keys that it chooses into the files of `keys`.
    pub fn new(registry: &'a Registry, keys: &'a mut Keys) -> RipeDatabase<'a> {
        RipeDatabase { registry, keys, earlier: RunState::default(), modified: Vec::new() }
    }
}

impl Connection for RipeDatabase<'_> {
    fn batching(&self, _target: &TargetId) -> Batching {
        Batching::Linked
    }

    async fn prepare(&mut self, items: &[Item], log: &mut Log<'_>) -> Result<(), (usize, Message)> {
        let changes: Vec<Change> = items.iter().filter_map(|item| item.change.to_objects()).collect();
        match self.keys.choose(self.registry, &changes, log.journal).await {
            Ok((given, files)) => {
                for (from, key) in given.iter() {
                    (log.observer)(Event::Named { key, from, files: &files });
                }
                self.earlier.given = given;
                Ok(())
            }
            Err(message) => {
                let is_unnamed = |item: &Item| item.change.as_object().is_some_and(is_unnamed);
                Err((items.iter().position(is_unnamed).unwrap_or_default(), message))
            }
        }
    }

    fn resolved(&self, change: &Change<Record>) -> Change<Record> {
        change
            .to_objects()
            .map_or_else(|| change.clone(), |change| self.earlier.resolve(&change).to_records())
    }

    async fn prove(&mut self, batch: &[Item]) -> Vec<Result<(), Vec<Message>>> {
        let mut proven = Vec::with_capacity(batch.len());
        for item in batch {
            proven.push(match item.change.to_objects() {
                Some(change) => settle::prove_unchanged(&registry_for(self.registry, item), &change).await,
                None => Err(vec![no_object(item)]),
            });
        }
        proven
    }

    async fn submit(&mut self, batch: &[Item]) -> Vec<Received> {
        if let Some(pair) = Pair::of(batch) {
            return pair.submit(self.registry).await;
        }
        let mut received = Vec::with_capacity(batch.len());
        for item in batch {
            received.push(match item.change.to_objects() {
                Some(change) => {
                    proof::proof(&change, send(&registry_for(self.registry, item), &change).await)
                }
                None => Received::NotSent(vec![no_object(item)]),
            });
        }
        received
    }

    async fn settle(&mut self, lost: Vec<Lost>) -> Vec<StepResult> {
        let lost = match pair::settle(self.registry, self.keys, lost).await {
            Ok(settled) => return settled,
            Err(lost) => lost,
        };
        let mut settled = Vec::with_capacity(lost.len());
        for lost in lost {
            settled.push(match lost.item.change.as_object() {
                Some(object) if is_unnamed(object) => unnamed::found(self.registry, self.keys, lost).await,
                _ => settle::settled(&registry_for(self.registry, &lost.item), lost).await,
            });
        }
        settled
    }

    fn ended(&mut self, item: &Item, result: &mut StepResult, log: &mut Log<'_>) {
        let stored = result.stored.as_ref().and_then(Record::object);
        if let (Some(sent), Some(stored)) = (item.change.after().and_then(Record::object), stored) {
            self.earlier.note(sent, stored);
            let before = item.change.before().and_then(Record::object);
            let is_new = result.status == Status::Done;
            self.modified.extend(before.filter(|_| is_new).and_then(|before| Modified::of(before, stored)));
        }
        unnamed::keep(item, result, self.keys, log);
    }

    async fn review(&mut self) -> Vec<(RecordId, Message)> {
        review::review(self.registry, &self.modified).await
    }

    /// With another handle, if one that was chosen here turns out to have been given away before.
    async fn is_to_be_tried_again(
        &mut self,
        item: &Item,
        result: &mut StepResult,
        log: &mut Log<'_>,
    ) -> bool {
        let Some(change) = item.change.to_objects() else { return false };
        let is_chosen = result.id.key().is_some_and(|key| self.keys.is_chosen(key));
        if !is_chosen || !unnamed::is_given_away(result) {
            return false;
        }
        let named = self.earlier.resolve(&change);
        match self.keys.choose_again(self.registry, named.object(), log.journal).await {
            Ok((key, files)) => {
                (log.observer)(Event::Named { key: &key, from: named.key().text(), files: &files });
                self.earlier.given.add(&change.object().written_key(), key);
                true
            }
            Err(message) => {
                result.messages.push(message);
                false
            }
        }
    }
}

/// The registry, asked with the key of the change; with the first one where that is not at hand any more.
fn registry_for(registry: &Registry, item: &Item) -> Registry {
    let chosen = item.sent_with.as_ref().and_then(|key| registry.with_key(key));
    chosen.unwrap_or_else(|| registry.clone())
}

fn is_unnamed(object: &Object) -> bool {
    Placeholder::of(object).is_some()
}

fn no_object(item: &Item) -> Message {
    Message::error(format!("{} is no object of a RIPE Database", item.change.id()))
}

async fn send(registry: &Registry, change: &Change) -> Result<Answer, Trouble> {
    match change {
        Change::Create(object) => registry.create(object, Mode::Real).await,
        Change::Modify { after, .. } => registry.modify(after, Mode::Real).await,
        Change::Delete(object) => registry.delete_whole(object).await,
    }
}
