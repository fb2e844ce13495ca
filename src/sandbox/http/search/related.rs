//! The contacts and organisations that a search shows beside what it found.

use std::collections::HashSet;

use crate::{
    registered::Registered,
    rpsl::{Key, Name, Object},
};

/// Attributes whose objects are shown with the one that names them.
const RELATED: [Name; 6] = [Name::Org, Name::AdminC, Name::TechC, Name::ZoneC, Name::Author, Name::PingHdl];

/// What was found, each followed by what it names and was not shown before; or all of that at the end.
pub fn with_related<'a>(found: Vec<&'a Object>, world: &'a Registered, ungrouped: bool) -> Vec<&'a Object> {
    let mut shown: HashSet<Key> = found.iter().map(|object| object.key()).collect();
    let (mut all, mut behind) = (Vec::new(), Vec::new());
    for object in found {
        all.push(object);
        let mut related: Vec<&Object> =
            named(object, world).into_iter().filter(|o| shown.insert(o.key())).collect();
        related.sort_by_cached_key(|object| object.key());
        if ungrouped { behind.extend(related) } else { all.extend(related) }
    }
    all.extend(behind);
    all
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
        let all = with_related(vec![mntner], &world, false);
        let keys: Vec<String> = all.iter().map(|object| object.key().to_string()).collect();
        assert_eq!(keys, ["mntner/A-MNT", "role/R1-RIPE", "person/P1-RIPE"]);
    }
}
