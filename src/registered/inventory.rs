//! Objects in memory, with the indexes that rules and searches need.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::OnceLock,
};

use super::{keys::Keys, space::Space};
use crate::{
    net::Block,
    rpsl::{Class, Key, Name, Object},
};

/// Objects by key, by address, and by the values that name other objects or are searched for.
///
/// The indexes are made when they are first asked for, and kept up from then on: a comparison asks for keys alone.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    objects: BTreeMap<Key, Object>,
    indexes: OnceLock<Indexes>,
}

/// The keys of the objects by address and by value.
#[derive(Clone, Debug, Default)]
struct Indexes {
    spaces: BTreeMap<Class, Space>,
    values: HashMap<(Name, Box<str>), Keys>,
}

impl Indexes {
    fn of(objects: &BTreeMap<Key, Object>) -> Indexes {
        let mut indexes = Indexes::default();
        for (key, object) in objects {
            indexes.insert(key, object);
        }
        indexes
    }

    fn insert(&mut self, key: &Key, object: &Object) {
        for index in indexed(object) {
            self.values
                .entry(index)
                .and_modify(|keys| keys.insert(key.clone()))
                .or_insert_with(|| Keys::of(key.clone()));
        }
        if let Some(block) = object.block() {
            self.spaces.entry(object.class()).or_default().insert(block, key.clone());
        }
    }

    fn remove(&mut self, key: &Key, object: &Object) {
        for index in indexed(object) {
            if let Some(keys) = self.values.get_mut(&index) {
                keys.remove(key);
                if keys.is_empty() {
                    self.values.remove(&index);
                }
            }
        }
        if let (Some(block), Some(space)) = (object.block(), self.spaces.get_mut(&object.class())) {
            space.remove(block, key);
        }
    }
}

impl Inventory {
    /// An inventory of these objects; of two with one key the later stays.
    pub fn of(objects: impl IntoIterator<Item = Object>) -> Inventory {
        let mut inventory = Inventory::default();
        for object in objects {
            inventory.insert(object);
        }
        inventory
    }

    /// Enters an object, and gives back the one that had its key.
    pub fn insert(&mut self, object: Object) -> Option<Object> {
        let key = object.key();
        let before = self.remove(&key);
        if let Some(indexes) = self.indexes.get_mut() {
            indexes.insert(&key, &object);
        }
        self.objects.insert(key, object);
        before
    }

    /// Takes out the object with this key.
    pub fn remove(&mut self, key: &Key) -> Option<Object> {
        let object = self.objects.remove(key)?;
        if let Some(indexes) = self.indexes.get_mut() {
            indexes.remove(key, &object);
        }
        Some(object)
    }

    /// The object with this key.
    pub fn get(&self, key: &Key) -> Option<&Object> {
        self.objects.get(key)
    }

    /// Its objects in the order of classes and keys.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Object)> {
        self.objects.iter()
    }

    /// Its keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.objects.keys()
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The objects of `class` at exactly `block`.
    pub fn exact(&self, class: Class, block: Block) -> Vec<&Object> {
        self.indexes().spaces.get(&class).map_or_else(Vec::new, |space| self.at(space, block))
    }

    /// The objects of `class` whose block is larger than `block` and contains it, level by level, the closest first.
    pub fn less_specific(&self, class: Class, block: Block) -> Vec<Vec<&Object>> {
        let Some(space) = self.indexes().spaces.get(&class) else { return Vec::new() };
        space.less_specific(block).map(|above| self.at(space, above)).collect()
    }

    /// The objects of `class` one level below `block`.
    pub fn children(&self, class: Class, block: Block) -> Vec<&Object> {
        let Some(space) = self.indexes().spaces.get(&class) else { return Vec::new() };
        space.children(block).into_iter().flat_map(|child| self.at(space, child)).collect()
    }

    /// All objects of `class` inside `block`, without those at exactly `block`.
    pub fn more_specific(&self, class: Class, block: Block) -> Vec<&Object> {
        let Some(space) = self.indexes().spaces.get(&class) else { return Vec::new() };
        space.more_specific(block).flat_map(|inner| self.at(space, inner)).collect()
    }

    /// A block of `class` that overlaps `block` though neither contains the other.
    pub fn crossing(&self, class: Class, block: Block) -> Option<Block> {
        self.indexes().spaces.get(&class)?.crossing(block)
    }

    fn indexes(&self) -> &Indexes {
        self.indexes.get_or_init(|| Indexes::of(&self.objects))
    }

    fn at(&self, space: &Space, block: Block) -> Vec<&Object> {
        space.exact(block).iter().filter_map(|key| self.objects.get(key)).collect()
    }

    /// The objects in which a value of `name` is `value`, in any letter case. Only attributes that name other
    /// objects, and those by which the registry searches, are indexed, and not the key itself; of `mnt-routes` the
    /// maintainer counts.
    pub fn with_value(&self, name: Name, value: &str) -> Vec<&Object> {
        self.entries_with_value(name, value).map(|(_, object)| object).collect()
    }

    /// The same with their keys, in the order of these.
    pub fn entries_with_value(&self, name: Name, value: &str) -> impl Iterator<Item = (&Key, &Object)> {
        let keys = self.indexes().values.get(&(name, value.to_ascii_lowercase().into()));
        keys.into_iter().flat_map(Keys::iter).filter_map(|key| self.objects.get_key_value(key))
    }

    /// The objects that refer to the one with this key, itself not counted, in the order of keys.
    pub fn referring(&self, key: &Key) -> Vec<&Object> {
        let names =
            crate::rpsl::schema::ATTRIBUTES.iter().filter(|row| row.references.contains(&key.class()));
        let found = names
            .filter_map(|row| self.indexes().values.get(&(row.name, key.text().to_ascii_lowercase().into())));
        let keys: BTreeSet<&Key> = found.flat_map(Keys::iter).filter(|each| *each != key).collect();
        keys.into_iter().filter_map(|key| self.objects.get(key)).collect()
    }
}

/// The values by which an object is found, in small letters.
fn indexed(object: &Object) -> Vec<(Name, Box<str>)> {
    let template = object.class().template();
    // A key, and the prefix of a route, are found without this index: by key, and by address.
    let is_key = |name: Name| template.key.first() == Some(&name);
    let counts = |name: Name| {
        !is_key(name)
            && (!name.row().references.is_empty()
                || template.row(name).is_some_and(|row| row.inverse || row.lookup || row.primary))
    };
    let attributes = object.attributes().filter_map(|a| a.name.map(|name| (name, a)));
    let values = attributes.filter(|(name, _)| counts(*name)).flat_map(|(name, attribute)| {
        attribute.values().into_iter().map(move |value| (name, searched(name, &value)))
    });
    values.collect()
}

fn searched(name: Name, value: &str) -> Box<str> {
    let value = match name {
        Name::MntRoutes => value.split([' ', '{']).next().unwrap_or_default(),
        _ => value,
    };
    value.to_ascii_lowercase().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inventory() -> Inventory {
        let texts = [
            "mntner: A-MNT\nadmin-c: P1-RIPE\nmnt-by: A-MNT\n",
            "person: P\nnic-hdl: P1-RIPE\nmnt-by: a-mnt\n",
            "inet6num: 2a0f::/32\nmnt-by: A-MNT\nmnt-routes: A-MNT {2a0f::/48}\n",
        ];
        Inventory::of(texts.map(|text| Object::parse(text).unwrap()))
    }

    #[test]
    fn finds_by_value_and_by_reference() {
        let mut inventory = inventory();
        let keys = |found: Vec<&Object>| found.iter().map(|o| o.key().to_string()).collect::<Vec<_>>();
        assert_eq!(keys(inventory.with_value(Name::MntBy, "A-mnt")).len(), 3);
        assert_eq!(keys(inventory.with_value(Name::MntRoutes, "A-MNT")), ["inet6num/2a0f::/32"]);
        let person = Key::new(Class::Person, "P1-RIPE");
        assert_eq!(keys(inventory.referring(&person)), ["mntner/A-MNT"]);
        let mntner = Key::new(Class::Mntner, "A-MNT");
        assert_eq!(keys(inventory.referring(&mntner)), ["inet6num/2a0f::/32", "person/P1-RIPE"]);
        inventory.remove(&mntner);
        assert_eq!(inventory.with_value(Name::AdminC, "P1-RIPE").len(), 0);
    }
}
