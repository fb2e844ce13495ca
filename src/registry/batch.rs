//! The fewest requests that answer a set of questions. Pure: sends nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::search::Relation;
use crate::{
    net::{Asn, Block, Family},
    registered::Query,
    rpsl::{Class, Key},
};

/// Up to how many address objects are read one by one: outside of every allocation, or where no search lists them.
pub const FEW: usize = 8;

/// How far a question about a block reaches.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Reach {
    /// To all that contains it.
    Above,
    /// Besides, to all inside it.
    Whole,
}

impl Reach {
    /// The searches that answer it.
    pub fn relations(self) -> &'static [Relation] {
        match self {
            Reach::Above => &[Relation::Covering],
            Reach::Whole => &[Relation::Covering, Relation::Below],
        }
    }
}

/// Searches of address space: each block, how far, and for which classes.
pub type Spaces = BTreeMap<Block, (Reach, BTreeSet<Class>)>;

/// Questions by the kind of request that answers them.
#[derive(Debug, Default)]
pub struct Batch {
    /// By searches of address space.
    pub spaces: Spaces,
    /// By lookups.
    pub lookups: BTreeSet<Key>,
    /// By lookups in the other source.
    pub elsewhere: BTreeSet<Key>,
    /// By inverse searches.
    pub inverse: Vec<Query>,
    /// By searches for the as-block of an AS number.
    pub as_blocks: Vec<Asn>,
    /// By looking up maintainers, which stand in `lookups` too.
    pub proofs: Vec<Key>,
}

impl Batch {
    /// The requests for `queries`; what lies inside a block of `widen` is asked for the whole block.
    pub fn of(queries: &BTreeSet<Query>, widen: &[Block]) -> Batch {
        let mut batch = Batch::default();
        let mut spots: Vec<(Class, Block, Reach)> = Vec::new();
        let mut placed: Vec<(&Key, Block)> = Vec::new();
        for query in queries {
            match query {
                Query::Covering(class, block) => spots.push((*class, *block, Reach::Above)),
                Query::Within(class, block) => spots.push((*class, *block, Reach::Whole)),
                Query::Object(key) => match key.block() {
                    Some(block) => placed.push((key, block)),
                    None => drop(batch.lookups.insert(key.clone())),
                },
                Query::Elsewhere(key) => drop(batch.elsewhere.insert(key.clone())),
                Query::Proves(key) => {
                    batch.lookups.insert(key.clone());
                    batch.proofs.push(key.clone());
                }
                Query::AsBlockOf(asn) => batch.as_blocks.push(*asn),
                Query::Referring(_) | Query::MaintainedBy(_) => batch.inverse.push(query.clone()),
                query => debug_assert!(!query.can_be_asked(), "{query:?}"),
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
        // Who asks for the one kind will ask for the other: a search of both is one request.
        if around(*block).is_some() && (class.is_address() || class.is_route()) {
            classes.extend(of_space(root));
        }
    }
    spaces
}

/// The classes of the objects that divide the space of a block, and of its routes.
pub fn of_space(block: Block) -> [Class; 2] {
    match block.family() {
        Family::V4 => [Class::Inetnum, Class::Route],
        Family::V6 => [Class::Inet6num, Class::Route6],
    }
}

/// The ends of each range of IPv4 that was searched whole, and at which no object stands: what overlaps a range without
/// containing it, or being inside it, contains one of its ends. Prefixes do not overlap like that, and the registry lets
/// nothing overlap what stands.
pub fn ends(spaces: &Spaces, stands: impl Fn(Block) -> bool) -> Spaces {
    let is_open = |(block, (reach, classes)): &(&Block, &(Reach, BTreeSet<Class>))| {
        *reach == Reach::Whole && classes.contains(&Class::Inetnum) && !stands(**block)
    };
    let ranges = spaces.iter().filter(is_open).flat_map(|(block, _)| block.ends());
    let ends = ranges.filter(|end| !spaces.contains_key(end));
    ends.map(|end| (end, (Reach::Above, BTreeSet::from([Class::Inetnum])))).collect()
}

/// The blocks of address space that `queries` ask about, with the class of the objects that divide it, but for those
/// inside of `widen`.
pub fn loose(queries: &BTreeSet<Query>, widen: &[Block]) -> BTreeSet<Block> {
    let block = |query: &Query| match query {
        Query::Covering(_, block) | Query::Within(_, block) => Some(*block),
        Query::Object(key) => key.block(),
        _ => None,
    };
    let blocks = queries.iter().filter_map(block);
    blocks.filter(|block| !widen.iter().any(|wide| wide.contains(*block))).collect()
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
            "2a0f::/29 Whole inet6num,route6; 2a0f::/40 Whole inet6num,route6",
        );
        check(&[(n, "2a0f::/48", above)], &[], "2a0f::/48 Above inet6num");
        check(&[(n, "2a0f::/48", above), (n, "2a0f::/44", above)], &[], "2a0f::/44 Whole inet6num");
        check(
            &[(n, "2a0f::/44", above), (n, "2a0f:1::/44", whole)],
            &[],
            "2a0f::/44 Above inet6num; 2a0f:1::/44 Whole inet6num",
        );
    }
}
