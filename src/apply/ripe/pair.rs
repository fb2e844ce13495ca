//! The first pair in one request: a maintainer and the person that it names, both made or none.

use super::{
    super::{Item, Lost, Received, StepResult},
    Keys, proof, settle, unnamed,
};
use crate::{
    plan,
    registry::{Answer, Doubt, Registry, Trouble},
    rpsl::{Class, Name, Object, Placeholder},
    target::{Change, Record},
};

/// What stands for the handle in the request (`ReferencesService`, api.md §7).
const HANDLE: &str = "AUTO-1";

/// A maintainer and the person that it names.
pub(super) struct Pair<'a> {
    item: &'a Item,
    maintainer: &'a Object,
    person: &'a Object,
}

impl Pair<'_> {
    /// The pair that a batch is, if it is one.
    pub fn of(batch: &[Item]) -> Option<Pair<'_>> {
        let [item, other] = batch else { return None };
        let (maintainer, person) = (item.change.as_object()?, other.change.as_object()?);
        plan::is_pair(maintainer, person).then_some(Pair { item, maintainer, person })
    }

    /// Sends both, once.
    pub async fn submit(&self, registry: &Registry) -> Vec<Received> {
        let registry = super::registry_for(registry, self.item);
        let person = self.person_as_sent();
        let answer = registry.create_pair(&self.maintainer_with(HANDLE), &person).await;
        let made = answer.as_ref().ok().and_then(|answer| handle(answer.of_class(Class::Person).object()));
        let maintainer = self.maintainer_with(made.as_deref().unwrap_or(HANDLE));
        let received = [maintainer, person].map(|sent| {
            let answer = one_of(&answer, sent.class());
            proof::proof(&Change::Create(sent), answer)
        });
        match received.iter().all(|each| matches!(each, Received::Done(..) | Received::NotSent(_))) {
            true => received.into(),
            false => received.map(in_doubt).into(),
        }
    }

    /// The maintainer as it is sent and stored: with this in the place of its contact. The registry keeps no comment where
    /// it puts a handle.
    fn maintainer_with(&self, contact: &str) -> Object {
        plan::as_made(self.maintainer, contact)
    }

    /// The person as it is sent.
    fn person_as_sent(&self) -> Object {
        let letters = Placeholder::of(self.person).map(|own| own.letters().to_owned()).unwrap_or_default();
        with(self.person, Name::NicHdl, &format!("{HANDLE}{letters}"))
    }
}

fn with(object: &Object, name: Name, value: &str) -> Object {
    let mut draft = object.edit();
    draft.set(name, value);
    draft.build().unwrap_or_else(|_| object.clone())
}

/// The handle that a person was given.
fn handle(person: Option<&Object>) -> Option<String> {
    person.map(|person| person.key().text().to_owned())
}

/// The answer as one about the object of this class.
fn one_of(answer: &Result<Answer, Trouble>, class: Class) -> Result<Answer, Trouble> {
    answer.as_ref().map(|answer| answer.of_class(class)).map_err(Clone::clone)
}

/// What is said of one of two that were not both proven: neither is believed.
fn in_doubt(received: Received) -> Received {
    match received {
        Received::Done(_, _, messages) => Received::Doubt(Doubt::Unclear, messages),
        other => other,
    }
}

/// What became of a pair whose answer did not prove it; `lost` is given back if it is none.
///
/// The person is found by its maintainer, name and age; with its handle the maintainer is settled like any other.
pub(super) async fn settle(
    registry: &Registry,
    keys: &Keys,
    lost: Vec<Lost>,
) -> Result<Vec<StepResult>, Vec<Lost>> {
    let items: Vec<Item> = lost.iter().map(|lost| lost.item.clone()).collect();
    let Some(pair) = Pair::of(&items) else { return Err(lost) };
    let Ok([maintainer, person]) = <[Lost; 2]>::try_from(lost) else { return Ok(Vec::new()) };
    let registry = super::registry_for(registry, pair.item);
    let found = unnamed::found(&registry, keys, person).await;
    let settled = match handle(found.stored.as_ref().and_then(Record::object)) {
        Some(handle) => {
            let change = Change::Create(pair.maintainer_with(&handle)).to_records();
            let item = Item { change, ..maintainer.item.clone() };
            settle::settled(&registry, Lost { item, ..maintainer }).await
        }
        None => StepResult::of(&maintainer.item, found.status, found.messages.clone()),
    };
    Ok(vec![settled, found])
}
