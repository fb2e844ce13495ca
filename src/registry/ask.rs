//! Answering the questions that rules and plan have left open, in as few requests as possible.
//!
//! Questions about address space are answered for whole blocks, so that their number does not grow with the
//! number of objects; others one by one.

use std::collections::{BTreeMap, BTreeSet};

use tokio::task::JoinSet;

use super::{
    Registry,
    search::{Relation, Search, referring_attributes},
    trouble::{Kind, Trouble},
};
use crate::{
    net::Block,
    registered::{Inventory, Query, Registered, key_block},
    rpsl::{Class, Key, Name, Object, syntax},
};

impl Registry {
    /// Enters into `known` what the registry answers to `queries`, and returns the maintainers that the key is
    /// known to speak for. What lies inside a block of `widen` is asked for the whole block.
    ///
    /// Questions that no request can answer (`AsBlocks`, `EverUsed`, `Delegation`) are left open.
    pub async fn ask(
        &self,
        queries: &BTreeSet<Query>,
        widen: &[Block],
        known: &mut Registered,
    ) -> Result<Vec<String>, Trouble> {
        let batch = Batch::of(queries, widen);
        self.ask_spaces(batch.spaces, known).await?;
        self.ask_inverse(batch.inverse, known).await?;
        self.read_all(batch.lookups, known).await?;
        // Whether the key speaks for one that is still to be made, nobody can say.
        for key in batch.proofs.into_iter().filter(|key| known.objects.get(key).is_some()) {
            known.answered.note(Query::Proves(key));
        }
        Ok(proven(&known.objects))
    }

    /// Reads each object by its key, and notes those that are absent. What can be no key is not asked for: the
    /// registry calls it an invalid search key (api.md §3), which is no answer.
    pub(super) async fn read_all(&self, keys: BTreeSet<Key>, known: &mut Registered) -> Result<(), Trouble> {
        let (keys, malformed): (Vec<Key>, Vec<Key>) = keys.into_iter().partition(may_be_key);
        malformed.into_iter().for_each(|key| known.answered.note(Query::Object(key)));
        let read = |key: Key| {
            let registry = self.clone();
            async move { registry.lookup(&key).await.map(|object| (key, object)) }
        };
        for (key, object) in together(keys.into_iter().map(read)).await? {
            match object {
                Some(object) => known.put(object),
                None => known.objects.remove(&key),
            };
            known.answered.note(Query::Object(key));
        }
        Ok(())
    }

    async fn ask_spaces(&self, spaces: Spaces, known: &mut Registered) -> Result<(), Trouble> {
        let requests = spaces.into_iter().flat_map(|(block, (reach, classes))| {
            reach.relations().iter().map(move |relation| (block, reach, *relation, classes.clone()))
        });
        let search = |(block, reach, relation, classes): (Block, Reach, Relation, BTreeSet<Class>)| {
            let registry = self.clone();
            async move {
                let list: Vec<Class> = classes.into_iter().collect();
                let found = registry.search(&Search::Space { block, relation, classes: &list }).await?;
                Ok((block, reach, list, found))
            }
        };
        for (block, reach, classes, found) in together(requests.map(search)).await? {
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
                let found =
                    registry.search(&Search::Inverse { value: &value, attributes: &attributes }).await?;
                Ok((query, found))
            }
        };
        for (query, found) in together(queries.into_iter().map(search)).await? {
            enter(found, known);
            known.answered.note(query);
        }
        Ok(())
    }
}

/// Whether the text of a key has the form that the class demands; an object under another cannot be registered.
fn may_be_key(key: &Key) -> bool {
    let class = key.class();
    match (key_block(key), class.template().key) {
        (Some(_), _) => true,
        (None, [name]) => syntax::check(name.row().syntax, class, key.text()).is_ok(),
        (None, _) => false,
    }
}

/// Enters what a search found, but not over a maintainer that was read by its key: a search hides `auth`.
fn enter(found: Vec<Object>, known: &mut Registered) {
    for object in found {
        if object.class() != Class::Mntner || known.objects.get(&object.key()).is_none() {
            known.put(object);
        }
    }
}

/// Runs requests at the same time, and stops at the first trouble. [`Registry`] keeps the number of them down.
async fn together<T, F>(requests: impl Iterator<Item = F>) -> Result<Vec<T>, Trouble>
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

/// Up to how many address objects outside of every allocation are read one by one.
const FEW: usize = 8;

/// How far a question about a block reaches.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Reach {
    /// To all that contains it.
    Above,
    /// Besides, to all inside it.
    Whole,
}

impl Reach {
    fn relations(self) -> &'static [Relation] {
        match self {
            Reach::Above => &[Relation::Covering],
            Reach::Whole => &[Relation::Covering, Relation::Below],
        }
    }
}

/// Searches of address space: each block, how far, and for which classes.
type Spaces = BTreeMap<Block, (Reach, BTreeSet<Class>)>;

/// Questions by the kind of request that answers them.
#[derive(Debug, Default)]
struct Batch {
    spaces: Spaces,
    lookups: BTreeSet<Key>,
    inverse: Vec<Query>,
    proofs: Vec<Key>,
}

impl Batch {
    fn of(queries: &BTreeSet<Query>, widen: &[Block]) -> Batch {
        let mut batch = Batch::default();
        let mut spots: Vec<(Class, Block, Reach)> = Vec::new();
        let mut placed: Vec<(&Key, Block)> = Vec::new();
        for query in queries {
            match query {
                Query::Covering(class, block) => spots.push((*class, *block, Reach::Above)),
                Query::Within(class, block) => spots.push((*class, *block, Reach::Whole)),
                Query::Object(key) => match key_block(key) {
                    Some(block) => placed.push((key, block)),
                    None => drop(batch.lookups.insert(key.clone())),
                },
                Query::Proves(key) => {
                    batch.lookups.insert(key.clone());
                    batch.proofs.push(key.clone());
                }
                Query::Referring(_) | Query::MaintainedBy(_) => batch.inverse.push(query.clone()),
                Query::EverUsed(_) | Query::Delegation(_) | Query::AsBlocks => {}
            }
        }
        let (inside, outside): (Vec<_>, Vec<_>) =
            placed.into_iter().partition(|(_, block)| widen.iter().any(|wide| wide.contains(*block)));
        let few = outside.len() <= FEW;
        let (single, searched) =
            if few { (outside, inside) } else { (Vec::new(), [inside, outside].concat()) };
        batch.lookups.extend(single.into_iter().map(|(key, _)| key.clone()));
        spots.extend(searched.into_iter().map(|(key, block)| (key.class(), block, Reach::Whole)));
        batch.spaces = spaces(&spots, widen);
        batch
    }
}

/// The fewest searches that answer for all spots: of the smallest block of `widen` around each, else of the
/// largest spot around it.
fn spaces(spots: &[(Class, Block, Reach)], widen: &[Block]) -> Spaces {
    let around = |block: Block| {
        let holding = widen.iter().filter(|wide| wide.contains(block));
        holding.min_by_key(|wide| wide.last() - wide.first()).copied()
    };
    let loose: BTreeSet<Block> =
        spots.iter().map(|spot| spot.1).filter(|block| around(*block).is_none()).collect();
    let mut largest: Vec<Block> = Vec::new();
    for block in loose {
        // A block stands before all that it contains.
        if !largest.last().is_some_and(|last| last.contains(block)) {
            largest.push(block);
        }
    }
    let root = |block: Block| match around(block) {
        Some(wide) => wide,
        None => largest
            .get(largest.partition_point(|each| *each <= block).wrapping_sub(1))
            .copied()
            .unwrap_or(block),
    };
    let mut spaces = Spaces::new();
    for (class, block, reach) in spots {
        let root = root(*block);
        let reach = if root == *block && around(*block).is_none() { *reach } else { Reach::Whole };
        let (so_far, classes) = spaces.entry(root).or_insert((reach, BTreeSet::new()));
        *so_far = reach.max(*so_far);
        classes.insert(*class);
    }
    spaces
}

/// Whether the registry has left something out of the object, so that it must not be written back.
pub fn filtered(object: &Object) -> bool {
    let marked = |attribute: crate::rpsl::Attribute| {
        let says = |comment: String| comment.eq_ignore_ascii_case("filtered");
        matches!(attribute.name, Some(Name::Source | Name::Auth))
            && attribute.clean().comment.is_some_and(says)
    };
    object.attributes().any(marked)
}

/// The maintainers and incident response teams that the key speaks for: those whose `auth` it is shown.
///
/// It is also shown that of a maintainer which another one maintains that it speaks for (rules.md §10). The
/// accounts of those that only maintain themselves tell the two apart.
fn proven(objects: &Inventory) -> Vec<String> {
    let shown = |object: &&Object| {
        matches!(object.class(), Class::Mntner | Class::Irt)
            && !filtered(object)
            && !accounts(object).is_empty()
    };
    let (alone, others): (Vec<&Object>, Vec<&Object>) =
        objects.iter().map(|(_, object)| object).filter(shown).partition(|object| {
            object.values(Name::MntBy).iter().all(|name| Key::new(Class::Mntner, name) == object.key())
        });
    let mut ours: Option<BTreeSet<String>> = None;
    for maintainer in &alone {
        let theirs = accounts(maintainer);
        ours = Some(ours.map_or(theirs.clone(), |ours| ours.intersection(&theirs).cloned().collect()));
    }
    let may = |object: &&Object| ours.as_ref().is_none_or(|ours| !ours.is_disjoint(&accounts(object)));
    alone
        .into_iter()
        .chain(others.into_iter().filter(may))
        .map(|object| object.key().text().to_owned())
        .collect()
}

/// The accounts that `auth: SSO` lines name, in small letters.
fn accounts(maintainer: &Object) -> BTreeSet<String> {
    let values = maintainer.values(Name::Auth);
    let pairs = values.iter().filter_map(|auth| auth.split_once(' '));
    pairs
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("SSO"))
        .map(|(_, name)| name.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Block {
        Block::parse(text).unwrap()
    }

    #[test]
    fn many_questions_about_an_allocation_are_one() {
        let check = |spots: &[(Class, &str, Reach)], widen: &[&str], expected: &str| {
            let spots: Vec<_> =
                spots.iter().map(|(class, text, reach)| (*class, block(text), *reach)).collect();
            let widen: Vec<_> = widen.iter().map(|text| block(text)).collect();
            let found = spaces(&spots, &widen);
            let lines = found.iter().map(|(block, (reach, classes))| {
                let classes: Vec<_> = classes.iter().map(|class| class.text()).collect();
                format!("{block} {reach:?} {}", classes.join(","))
            });
            assert_eq!(lines.collect::<Vec<_>>().join("; "), expected);
        };
        let (n, r) = (Class::Inet6num, Class::Route6);
        let (above, whole) = (Reach::Above, Reach::Whole);
        check(
            &[(n, "2a0f::/48", above), (r, "2a0f:1::/48", above), (n, "2a0f:2::/48", whole)],
            &["2a0f::/29", "2a0f::/32", "2a0f::/40"],
            "2a0f::/29 Whole inet6num,route6; 2a0f::/40 Whole inet6num",
        );
        check(&[(n, "2a0f::/48", above)], &[], "2a0f::/48 Above inet6num");
        check(&[(n, "2a0f::/48", above), (n, "2a0f::/44", above)], &[], "2a0f::/44 Whole inet6num");
        check(
            &[(n, "2a0f::/44", above), (n, "2a0f:1::/44", whole)],
            &[],
            "2a0f::/44 Above inet6num; 2a0f:1::/44 Whole inet6num",
        );
    }

    #[test]
    fn the_key_speaks_for_whose_auth_it_is_shown() {
        let check = |texts: &[&str], expected: &[&str]| {
            let objects = Inventory::of(texts.iter().map(|text| Object::parse(*text).unwrap()));
            assert_eq!(proven(&objects), expected);
        };
        let hidden = "mntner: LIR-MNT\nauth: SSO # Filtered\nmnt-by: LIR-MNT\nsource: RIPE # Filtered\n";
        let own = "mntner: A-MNT\nauth: SSO a@b.example\nauth: SSO c@b.example\nmnt-by: A-MNT\n";
        let held = "mntner: B-MNT\nauth: SSO x@b.example\nmnt-by: A-MNT\n";
        let shared = "mntner: C-MNT\nauth: SSO C@b.example\nmnt-by: A-MNT\n";
        check(&[hidden, own, held, shared], &["A-MNT", "C-MNT"]);
        check(&["mntner: P-MNT\nauth: PGPKEY-AAAAAAAA\nmnt-by: P-MNT\n"], &[]);
        check(&[held], &["B-MNT"]);
        let irt = "irt: irt-A\nauth: SSO c@b.example\nmnt-by: B-MNT\n";
        check(&[own, irt], &["A-MNT", "irt-A"]);
    }
}
