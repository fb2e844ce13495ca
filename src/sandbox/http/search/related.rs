//! The contacts and organisations that a search shows beside what it found.

use std::collections::HashSet;

use crate::{
    registered::Registered,
    rpsl::{Key, Name, Object},
};

/// Attributes whose objects are shown with the one that names them.
const RELATED: [Name; 6] = [Name::Org, Name::AdminC, Name::TechC, Name::ZoneC, Name::Author, Name::PingHdl];

/// What is shown beside what was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Beside {
    /// What it names.
    Named,
    /// The incident response teams of addresses, or of the closest above that have one.
    Teams,
}

/// What was found, each followed by what belongs to it and was not shown before; or all of that at the end.
pub fn with_related<'a>(
    found: Vec<&'a Object>,
    world: &'a Registered,
    beside: &[Beside],
    ungrouped: bool,
) -> Vec<&'a Object> {
    let mut shown: HashSet<Key> = found.iter().map(|object| object.key()).collect();
    let (mut all, mut behind) = (Vec::new(), Vec::new());
    for object in found {
        all.push(object);
        let mut related: Vec<&Object> =
            related(object, world, beside).into_iter().filter(|o| shown.insert(o.key())).collect();
        related.sort_by_cached_key(|object| object.key());
        if ungrouped { behind.extend(related) } else { all.extend(related) }
    }
    all.extend(behind);
    all
}

fn related<'a>(object: &Object, world: &'a Registered, beside: &[Beside]) -> Vec<&'a Object> {
    let of = |one: &Beside| match one {
        Beside::Named => named(object, world),
        Beside::Teams => teams(object, world),
    };
    beside.iter().flat_map(of).collect()
}

fn teams<'a>(object: &Object, world: &'a Registered) -> Vec<&'a Object> {
    if !object.class().is_address() {
        return Vec::new();
    }
    let above =
        object.block().map(|block| world.objects.less_specific(object.class(), block)).unwrap_or_default();
    let closest =
        std::iter::once(object).chain(above.into_iter().flatten()).find(|each| each.has(Name::MntIrt));
    let names = closest.map(|holder| holder.values(Name::MntIrt)).unwrap_or_default();
    names.iter().filter_map(|name| world.referenced(Name::MntIrt, name).ok()?).collect()
}

fn named<'a>(object: &Object, world: &'a Registered) -> Vec<&'a Object> {
    let of = |name: Name| object.values(name).into_iter().map(move |value| (name, value));
    RELATED
        .into_iter()
        .flat_map(of)
        .filter_map(|(name, value)| world.referenced(name, &value).ok()?)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registered::Inventory;

    #[test]
    fn contacts_follow_what_names_them() {
        let texts = [
            "person: P\nnic-hdl: P1-RIPE\n",
            "role: R\nnic-hdl: R1-RIPE\nadmin-c: P1-RIPE\n",
            "mntner: A-MNT\nadmin-c: P1-RIPE\ntech-c: r1-ripe\n",
        ];
        let world = Registered::whole(Inventory::of(texts.map(|text| Object::parse(text).unwrap())));
        let mntner = world.maintainer("A-MNT").unwrap().unwrap();
        let all = with_related(vec![mntner], &world, &[Beside::Named], false);
        let keys: Vec<String> = all.iter().map(|object| object.key().to_string()).collect();
        assert_eq!(keys, ["mntner/A-MNT", "role/R1-RIPE", "person/P1-RIPE"]);
    }
}
