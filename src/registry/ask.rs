//! Answering the questions that rules and plan have left open, in as few requests as possible.
//!
//! Questions about address space are answered for whole blocks, so that their number does not grow with the
//! number of objects; others one by one.

use std::collections::BTreeSet;

use tokio::task::JoinSet;

use super::{
    Registry,
    batch::{Batch, FEW, Reach, Spaces, ends, loose, of_space},
    credential_scope::hides_auth,
    read::Looked,
    search::{Relation, Search, referring_attributes},
    trouble::{Kind, Trouble},
};
use crate::{
    net::{Asn, Block, Family},
    registered::{Query, Registered},
    rpsl::{Class, Key, Name, Object, Placeholder},
};

impl Registry {
    /// Enters into `known` what the registry answers to `queries`. What lies inside a block of `widen` is asked for the whole block.
    ///
    /// Questions that no request can answer ([`Query::can_be_asked`]) are left open. What was written a moment ago is
    /// known, whether the answers show it already or not.
    pub async fn ask(
        &self,
        queries: &BTreeSet<Query>,
        widen: &[Block],
        known: &mut Registered,
    ) -> Result<(), Trouble> {
        let surroundings = self.surroundings(queries, widen, known).await?;
        let batch = Batch::of(queries, &surroundings);
        let spaces = batch.spaces.clone();
        let open = searches(batch.spaces).filter(|search| !is_known(search, known)).collect::<Vec<_>>();
        self.ask_spaces(open.into_iter(), known).await?;
        let ends = ends(&spaces, |block| !known.objects.exact(Class::Inetnum, block).is_empty());
        self.ask_spaces(searches(ends), known).await?;
        self.ask_inverse(batch.inverse, known).await?;
        self.ask_as_blocks(batch.as_blocks, known).await?;
        let searched = queries.iter().filter_map(|query| match query {
            Query::Object(key) if !batch.lookups.contains(key) => Some(key.clone()),
            _ => None,
        });
        self.confirm(searched.collect(), known).await?;
        self.read_all(batch.lookups, known).await?;
        self.read_elsewhere(batch.elsewhere, known).await?;
        let disputed = self.written().disputed(known);
        self.read_all(disputed, known).await?;
        self.written().enter(known);
        // Whether the key speaks for one that is still to be made, nobody can say.
        for key in batch.proofs.into_iter().filter(|key| known.objects.get(key).is_some()) {
            known.answered.note(Query::Proves(key));
        }
        Ok(())
    }

    /// `widen`, and where many blocks lie outside of it the registered blocks around them, so that an estate without
    /// allocations asks no more than one with them: each is found by asking what covers the first block that is left.
    async fn surroundings(
        &self,
        queries: &BTreeSet<Query>,
        widen: &[Block],
        known: &mut Registered,
    ) -> Result<Vec<Block>, Trouble> {
        let (mut around, mut loose) = (widen.to_vec(), loose(queries, widen));
        if loose.len() <= FEW {
            return Ok(around);
        }
        while let Some(block) = loose.pop_first() {
            let classes = of_space(block);
            if !classes.iter().all(|class| known.answered.covers(&Query::Covering(*class, block))) {
                let search = Search::Space { block, relation: Relation::Covering, classes: &classes };
                enter(self.search(&search).await?, known);
                note_covering(known, classes, block);
            }
            let [class, _] = classes;
            let levels = known.objects.less_specific(class, block);
            let parent =
                levels.into_iter().flatten().filter_map(Object::block).find(|parent| is_searchable(*parent));
            if let Some(parent) = parent {
                loose.retain(|block| !parent.contains(*block));
                note_covering(known, classes, parent); // what contains it contains the block too
                around.push(parent);
            }
        }
        Ok(around)
    }

    /// Reads each object by its key, and notes those that are absent.
    pub(super) async fn read_all(&self, keys: BTreeSet<Key>, known: &mut Registered) -> Result<(), Trouble> {
        let (keys, malformed): (Vec<Key>, Vec<Key>) = keys.into_iter().partition(may_be_asked_for);
        for key in malformed {
            known.answered.note(Query::Object(key));
        }
        let read = |key: Key| {
            let registry = self.clone();
            async move { registry.lookup(&key).await.map(|looked| (key, looked)) }
        };
        for (key, looked) in join_all(keys.into_iter().map(read)).await? {
            if matches!(looked, Looked::Elsewhere) {
                known.elsewhere.insert(key.clone());
            }
            match looked.object() {
                Some(object) => known.put(object),
                None => known.objects.remove(&key),
            };
            known.answered.note(Query::Object(key));
        }
        Ok(())
    }

    /// Asks by key for those of `keys` that no search lists, if they are few: it finds what is new up to 10 s late.
    async fn confirm(&self, mut keys: BTreeSet<Key>, known: &mut Registered) -> Result<(), Trouble> {
        keys.retain(|key| known.objects.get(key).is_none());
        if keys.len() > FEW { Ok(()) } else { self.read_all(keys, known).await }
    }

    /// The same where a verdict hangs on them: of many a few are asked for, and if one of these is there, all.
    pub async fn catch_up(&self, mut keys: BTreeSet<Key>, known: &mut Registered) -> Result<(), Trouble> {
        keys.retain(|key| known.objects.get(key).is_none());
        let others = keys.iter().nth(FEW).cloned().map(|key| keys.split_off(&key)).unwrap_or_default();
        self.read_all(keys.clone(), known).await?;
        let is_behind = keys.iter().any(|key| known.objects.get(key).is_some());
        if is_behind { self.read_all(others, known).await } else { Ok(()) }
    }

    /// Reads objects to which the registry pointed: never where it pointed, but in its other source.
    async fn read_elsewhere(&self, keys: BTreeSet<Key>, known: &mut Registered) -> Result<(), Trouble> {
        let read = |key: Key| {
            let registry = self.clone();
            async move { registry.lookup_elsewhere(&key).await.map(|looked| (key, looked)) }
        };
        for (key, looked) in join_all(keys.into_iter().map(read)).await? {
            looked.object().map(|object| known.put(object));
            known.answered.note(Query::Elsewhere(key));
        }
        Ok(())
    }

    async fn ask_spaces(
        &self,
        searches: impl Iterator<Item = SpaceSearch>,
        known: &mut Registered,
    ) -> Result<(), Trouble> {
        let search = |(block, reach, relation, classes): SpaceSearch| {
            let registry = self.clone();
            async move {
                let list: Vec<Class> = classes.into_iter().collect();
                let found = registry.search(&Search::Space { block, relation, classes: &list }).await?;
                Ok((block, reach, list, found))
            }
        };
        for (block, reach, classes, found) in join_all(searches.map(search)).await? {
            enter(found, known);
            for class in classes {
                match reach {
                    Reach::Whole => known.answered.note_space(class, block),
                    Reach::Above => known.answered.note(Query::Covering(class, block)),
                }
            }
        }
        Ok(())
    }

    async fn ask_inverse(&self, queries: Vec<Query>, known: &mut Registered) -> Result<(), Trouble> {
        let search = |query: Query| {
            let registry = self.clone();
            async move {
                let (value, attributes) = match &query {
                    Query::Referring(key) => (key.text().to_owned(), referring_attributes(key.class())),
                    Query::MaintainedBy(key) => (key.text().to_owned(), vec![Name::MntBy]),
                    _ => return Ok((query, Vec::new())),
                };
                if attributes.is_empty() {
                    return Ok((query, Vec::new()));
                }
                let search = Search::Inverse { value: &value, attributes: &attributes, classes: &[] };
                let found = registry.search(&search).await?;
                Ok((query, found))
            }
        };
        for (query, found) in join_all(queries.into_iter().map(search)).await? {
            enter(found, known);
            known.answered.note(query);
        }
        Ok(())
    }

    async fn ask_as_blocks(&self, numbers: Vec<Asn>, known: &mut Registered) -> Result<(), Trouble> {
        let search = |asn: Asn| {
            let registry = self.clone();
            async move { registry.search(&Search::AsBlock(asn)).await.map(|found| (asn, found)) }
        };
        for (asn, found) in join_all(numbers.into_iter().map(search)).await? {
            enter(found, known);
            known.answered.note(Query::AsBlockOf(asn));
        }
        Ok(())
    }
}

/// A search of address space: the block, how far all searches of it reach, this one, and the classes.
type SpaceSearch = (Block, Reach, Relation, BTreeSet<Class>);

fn searches(spaces: Spaces) -> impl Iterator<Item = SpaceSearch> {
    spaces.into_iter().flat_map(|(block, (reach, classes))| {
        reach.relations().iter().map(move |relation| (block, reach, *relation, classes.clone()))
    })
}

/// Whether it is known already what a search would find above its block.
fn is_known((block, _, relation, classes): &SpaceSearch, known: &Registered) -> bool {
    let covers = |class: &Class| known.answered.covers(&Query::Covering(*class, *block));
    *relation == Relation::Covering && classes.iter().all(covers)
}

fn note_covering(known: &mut Registered, classes: [Class; 2], block: Block) {
    for class in classes {
        known.answered.note(Query::Covering(class, block));
    }
}

/// Whether a block is small enough to be searched whole: what a registry allocates, and not all that it has.
fn is_searchable(block: Block) -> bool {
    let (bits, shortest) = match block.family() {
        Family::V4 => (32, 10),
        Family::V6 => (128, 19),
    };
    block.last() - block.first() < 1 << (bits - shortest)
}

/// Whether the registry can be asked for this key. It knows names that are older than their form, so the form is its to
/// judge; but what is no single word it takes for something else, and nothing is registered under a placeholder.
fn may_be_asked_for(key: &Key) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && !word.starts_with('-') && word.bytes().all(|b| b.is_ascii_graphic());
    Placeholder::parse(key.text()).is_none() && key.text().split(" - ").all(is_word) // a range is two
}

/// Enters what a search found, but not over what was read by its key for the `auth` that a search hides.
fn enter(found: Vec<Object>, known: &mut Registered) {
    for object in found {
        if !hides_auth(object.class()) || known.objects.get(&object.key()).is_none() {
            known.put(object);
        }
    }
}

/// Runs requests at the same time, and stops at the first trouble. [`Registry`] keeps the number of them down.
async fn join_all<T, F>(requests: impl Iterator<Item = F>) -> Result<Vec<T>, Trouble>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Trouble>> + Send + 'static,
{
    let mut tasks: JoinSet<Result<T, Trouble>> = requests.collect();
    let mut answers = Vec::with_capacity(tasks.len());
    while let Some(ended) = tasks.join_next().await {
        let lost =
            |error| Trouble::new(Kind::Refused, format!("a request was dropped: {error}"), "run it again");
        answers.push(ended.map_err(lost)??);
    }
    Ok(answers)
}
