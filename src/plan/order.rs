//! The order of the steps: one graph over all of them.
//!
//! References before what refers to them; less specific blocks before more specific; a more specific route before a
//! covering one, for a covering route decides over what is made below it; an address block before its routes and
//! zones. Deletions run backward, and after what is written, except where the registry demands the room first. The person
//! of a [first pair](super::first_pair) stands right behind its maintainer: one request makes both.

use std::collections::{BTreeSet, HashMap};

use super::{
    Change,
    first_pair::{as_made, is_pair},
    graph::Graph,
};
use crate::{
    registered::Inventory,
    rpsl::{Class, Group, Key, Name, Object},
};

/// Steps that wait for each other; the first of them was let go.
pub type Cycle = Vec<Key>;

/// The order in which the changes are done, as indices, and the cycles that had to be broken.
pub fn order(changes: &[Change]) -> (Vec<usize>, Vec<Cycle>) {
    let written = Side::of(changes.iter().map(Change::after));
    let deleted = Side::of(changes.iter().map(|c| if c.after().is_none() { c.before() } else { None }));
    let pairs = pairs(changes);
    let mut graph = Graph::new(changes.len());
    for (step, change) in changes.iter().enumerate() {
        match change {
            Change::Create(object) => {
                make_room(&mut graph, step, object, &deleted);
                below(&mut graph, changes, step, object, &written);
                let partner = pairs.get(&step).and_then(|person| changes.get(*person)).map(Change::object);
                let made = partner.map(|person| as_made(object, &person.written_key()));
                after_references(&mut graph, changes, step, made.as_ref().unwrap_or(object), &written);
            }
            Change::Modify { before, after } => {
                after_references(&mut graph, changes, step, after, &written);
                before_targets(&mut graph, step, before, &deleted);
            }
            Change::Delete(object) => {
                before_targets(&mut graph, step, object, &deleted);
                before_what_is_above(&mut graph, step, object, &deleted);
            }
        }
    }
    let keys: Vec<Key> = changes.iter().map(Change::key).collect();
    let rank = |step: usize| changes.get(step).map(rank);
    let (order, cycles) = graph.sort(rank);
    let order = with_pairs(order, &pairs);
    let named = |cycle: Vec<usize>| cycle.into_iter().filter_map(|step| keys.get(step).cloned()).collect();
    (order, cycles.into_iter().map(named).collect())
}

/// The objects of one kind of change, by key and address, and the step of each.
struct Side {
    objects: Inventory,
    steps: HashMap<Key, usize>,
}

impl Side {
    fn of<'a>(objects: impl Iterator<Item = Option<&'a Object>>) -> Side {
        let mut side = Side { objects: Inventory::default(), steps: HashMap::new() };
        for (step, object) in objects.enumerate() {
            if let Some(object) = object {
                side.steps.insert(object.key(), step);
                side.objects.insert(object.clone());
            }
        }
        side
    }

    fn step(&self, key: &Key) -> Option<usize> {
        self.steps.get(key).copied()
    }

    fn steps(&self, objects: &[&Object]) -> Vec<usize> {
        objects.iter().filter_map(|object| self.step(&object.key())).collect()
    }

    /// The steps of the closest objects of `class` that contain the block of `object`; at it too with `exact`.
    fn above(&self, class: Class, object: &Object, reach: Reach) -> Vec<usize> {
        let Some(block) = object.block() else { return Vec::new() };
        let at = match reach {
            Reach::AtOrAbove => self.objects.exact(class, block),
            Reach::Above => Vec::new(),
        };
        let found = match at.is_empty() {
            true => self.objects.less_specific(class, block).into_iter().next().unwrap_or_default(),
            false => at,
        };
        self.steps(&found)
    }
}

/// Which blocks count as above another.
#[derive(Clone, Copy)]
enum Reach {
    AtOrAbove,
    Above,
}

/// The first pairs among the changes: the step of each person by that of its maintainer.
fn pairs(changes: &[Change]) -> HashMap<usize, usize> {
    let made =
        |change: &Change, class: Class| matches!(change, Change::Create(object) if object.class() == class);
    let of_class = |class| changes.iter().enumerate().filter(move |(_, change)| made(change, class));
    let partner = |maintainer: &Change| {
        of_class(Class::Person)
            .find(|(_, person)| is_pair(maintainer.object(), person.object()))
            .map(|(at, _)| at)
    };
    of_class(Class::Mntner).filter_map(|(at, maintainer)| Some((at, partner(maintainer)?))).collect()
}

/// The order, with the person of each first pair right behind its maintainer. It refers to nothing else, so it may come
/// that early.
fn with_pairs(order: Vec<usize>, pairs: &HashMap<usize, usize>) -> Vec<usize> {
    if pairs.is_empty() {
        return order;
    }
    let behind: BTreeSet<usize> = pairs.values().copied().collect();
    let alone = order.iter().filter(|step| !behind.contains(step));
    alone.flat_map(|step| std::iter::once(*step).chain(pairs.get(step).copied())).collect()
}

/// References before what refers to them. A target that is only modified comes first where that is possible: the
/// modification may be what permits the reference.
fn after_references(graph: &mut Graph, changes: &[Change], step: usize, object: &Object, written: &Side) {
    for target in references(object).iter().filter_map(|key| written.step(key)) {
        match changes.get(target) {
            Some(Change::Create(person)) if is_pair(object, person) => {}
            Some(Change::Create(_)) => graph.must(target, step),
            _ => graph.should(target, step),
        }
    }
}

/// What stops referring, or goes, before the object that it referred to goes.
fn before_targets(graph: &mut Graph, step: usize, before: &Object, deleted: &Side) {
    for target in references(before).iter().filter_map(|key| deleted.step(key)) {
        graph.must(step, target);
    }
}

/// A new object behind what decides over it, and a more specific route before a covering one.
fn below(graph: &mut Graph, changes: &[Change], step: usize, object: &Object, written: &Side) {
    let mut behind = |others: Vec<usize>| {
        for other in others {
            match changes.get(other) {
                Some(Change::Create(_)) => graph.must(other, step),
                _ => graph.should(other, step),
            }
        }
    };
    behind(above(object, written));
    behind(parents(object).iter().filter_map(|key| written.step(key)).collect());
    if object.class().is_route() {
        for covering in written.above(object.class(), object, Reach::Above) {
            graph.must(step, covering);
        }
    }
}

/// Backward: what is below goes before what is above it, and a covering route before the more specific one.
fn before_what_is_above(graph: &mut Graph, step: usize, object: &Object, deleted: &Side) {
    let parents = parents(object);
    for other in above(object, deleted).into_iter().chain(parents.iter().filter_map(|key| deleted.step(key)))
    {
        graph.must(step, other);
    }
    if object.class().is_route() {
        for covering in deleted.above(object.class(), object, Reach::Above) {
            graph.must(covering, step);
        }
    }
}

/// The steps of the address blocks that decide over `object`.
fn above(object: &Object, side: &Side) -> Vec<usize> {
    match object.class() {
        class @ (Class::Inetnum | Class::Inet6num) => side.above(class, object, Reach::Above),
        Class::Route => side.above(Class::Inetnum, object, Reach::AtOrAbove),
        Class::Route6 => side.above(Class::Inet6num, object, Reach::AtOrAbove),
        Class::Domain => {
            let mut both = side.above(Class::Inet6num, object, Reach::AtOrAbove);
            both.extend(side.above(Class::Inetnum, object, Reach::AtOrAbove));
            both
        }
        _ => Vec::new(),
    }
}

/// Where the registry demands it, what goes makes room first: zones of one line cannot nest, nothing stands below an
/// assigned block, and no two blocks cross.
fn make_room(graph: &mut Graph, step: usize, object: &Object, deleted: &Side) {
    let (class, Some(block)) = (object.class(), object.block()) else { return };
    if !matches!(class.group(), Group::Zone | Group::Address) {
        return;
    }
    let levels = deleted.objects.less_specific(class, block);
    let inside = deleted.objects.more_specific(class, block);
    let closed = |outer: &Object| class == Class::Domain || is_assigned(outer);
    let above = levels.into_iter().flatten().filter(|outer| closed(outer));
    let below = inside.into_iter().filter(|_| closed(object));
    let same: Vec<&Object> = deleted.objects.exact(class, block);
    let crossing = deleted.objects.crossing(class, block);
    let crossing = crossing.map_or_else(Vec::new, |block| deleted.objects.exact(class, block));
    for outgoing in above.chain(below).chain(same).chain(crossing) {
        if let Some(other) = deleted.step(&outgoing.key()) {
            graph.must(other, step);
        }
    }
}

fn is_assigned(block: &Object) -> bool {
    block.value(Name::Status).is_some_and(|status| status.to_ascii_uppercase().starts_with("ASSIGNED"))
}

/// The keys of other objects that `object` refers to. A value that may name several classes gives one key for each.
pub fn references(object: &Object) -> BTreeSet<Key> {
    let own = object.key();
    let named = object.attributes().filter_map(|attribute| attribute.name.map(|name| (name, attribute)));
    let referring = named.filter(|(name, _)| !name.row().references.is_empty());
    let keys = referring.flat_map(|(name, attribute)| {
        let values = attribute.values().into_iter();
        values.flat_map(move |value| {
            name.row().references.iter().map(move |class| target(*class, name, &value))
        })
    });
    keys.filter(|key| *key != own).collect()
}

fn target(class: Class, name: Name, value: &str) -> Key {
    let value = match name {
        Name::MntRoutes => value.split([' ', '{']).next().unwrap_or_default(), // the rest is a list of prefixes
        _ => value,
    };
    Key::new(class, value)
}

/// The objects whose names a hierarchical name begins with (RFC 2622 §5): `AS1:AS-A:AS-B` stands below `AS1:AS-A`
/// and AS1.
fn parents(object: &Object) -> Vec<Key> {
    let (class, key) = (object.class(), object.key());
    let is_set = class.group() == Group::Set;
    let cuts = key.text().match_indices(':').filter(|_| is_set);
    let names = cuts.filter_map(|(at, _)| key.text().get(..at));
    names.flat_map(|name| [Key::new(class, name), Key::new(Class::AutNum, name)]).collect()
}

/// What comes first among steps that may be done in any order: writes before deletions, then the order in which a
/// registry grows (contacts, maintainers, numbers, policy, routes, zones).
fn rank(change: &Change) -> (bool, i8) {
    let growth = change.object().class().group() as i8;
    let is_delete = matches!(change, Change::Delete(_));
    (is_delete, if is_delete { -growth } else { growth })
}

/// How `cycle` reads: `mntner/A-MNT → person/A1-RIPE → mntner/A-MNT`.
pub fn cycle_text(cycle: &[Key]) -> String {
    let ring = cycle.iter().chain(cycle.first());
    ring.map(Key::to_string).collect::<Vec<_>>().join(" → ")
}
