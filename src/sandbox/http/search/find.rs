//! What a search finds.

use std::collections::BTreeMap;

use super::flags::Flag;
use crate::{
    net::{Asn, Block, zone_block},
    registered::Registered,
    rpsl::{Class, Key, Name, Object},
};

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The search key.
    pub text: &'a str,
    /// Only objects of these classes; of any if there are none.
    pub classes: &'a [Class],
    /// By what the objects say in these attributes, instead of their keys.
    pub inverse: &'a [Name],
    /// How far around an address.
    pub flags: &'a [Flag],
}

impl Wanted<'_> {
    /// The objects, in the order of classes and keys; those around an address from the largest to the smallest.
    pub fn find<'w>(&self, world: &'w Registered) -> Vec<&'w Object> {
        let mut found = match (self.inverse, self.block()) {
            ([], Some(block)) => self.around(world, block),
            ([], None) => self.by_key(world),
            _ => self.by_value(world),
        };
        found.retain(|object| self.wants(object.class()));
        found
    }

    fn wants(&self, class: Class) -> bool {
        self.classes.is_empty() || self.classes.contains(&class)
    }

    fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    /// The block that the search key is: an address, a prefix or a range; with `reverse-domain` also a zone.
    fn block(&self) -> Option<Block> {
        Block::parse(self.text).or_else(|| zone_block(self.text).filter(|_| self.has(Flag::ReverseDomain)))
    }

    fn by_value<'w>(&self, world: &'w Registered) -> Vec<&'w Object> {
        let found = self.inverse.iter().flat_map(|name| world.objects.entries_with_value(*name, self.text));
        found.collect::<BTreeMap<&Key, &Object>>().into_values().collect()
    }

    /// By primary key, and by the other attributes for lookups.
    fn by_key<'w>(&self, world: &'w Registered) -> Vec<&'w Object> {
        let keys = Class::all().filter(|class| self.wants(*class)).map(|class| Key::new(class, self.text));
        let mut found: Vec<&Object> = keys.filter_map(|key| world.objects.get(&key)).collect();
        for class in Class::all().filter(|class| self.wants(*class)) {
            let lookups = class.template().rows.iter().filter(|row| row.lookup);
            for object in lookups.flat_map(|row| world.objects.with_value(row.name, self.text)) {
                found.extend(Some(object).filter(|object| object.class() == class));
            }
        }
        if let Ok(asn) = self.text.parse::<Asn>() {
            found.extend(as_blocks(world).filter(|block| holds(block, asn)));
        }
        in_order(found)
    }

    /// Around an address: the exact block or else the closest above it, unless a flag says how far.
    fn around<'w>(&self, world: &'w Registered, block: Block) -> Vec<&'w Object> {
        let mut classes = vec![Class::Inetnum, Class::Inet6num, Class::Route, Class::Route6];
        if self.has(Flag::ReverseDomain) || self.classes.contains(&Class::Domain) {
            classes.push(Class::Domain);
        }
        classes
            .into_iter()
            .filter(|class| self.wants(*class))
            .flat_map(|c| self.level(world, c, block))
            .collect()
    }

    fn level<'w>(&self, world: &'w Registered, class: Class, block: Block) -> Vec<&'w Object> {
        let objects = &world.objects;
        let exact = || objects.exact(class, block);
        let above = || objects.less_specific(class, block);
        if self.has(Flag::Exact) {
            exact()
        } else if self.has(Flag::OneLess) {
            above().into_iter().next().unwrap_or_default()
        } else if self.has(Flag::AllLess) {
            above().into_iter().rev().flatten().chain(exact()).collect()
        } else if self.has(Flag::OneMore) {
            objects.children(class, block)
        } else if self.has(Flag::AllMore) {
            objects.more_specific(class, block)
        } else {
            let exact = exact();
            if exact.is_empty() { above().into_iter().next().unwrap_or_default() } else { exact }
        }
    }
}

fn as_blocks(world: &Registered) -> impl Iterator<Item = &Object> {
    world.objects.iter().map(|(_, object)| object).filter(|object| object.class() == Class::AsBlock)
}

fn holds(as_block: &Object, asn: Asn) -> bool {
    let range = as_block.value(Name::AsBlock).unwrap_or_default();
    let parsed = |text: &str| text.trim().parse::<Asn>().ok();
    let bounds = range.split_once('-').and_then(|(first, last)| Some((parsed(first)?, parsed(last)?)));
    bounds.is_some_and(|(first, last)| first <= asn && asn <= last)
}

/// Each once, in the order of classes and keys.
fn in_order(mut objects: Vec<&Object>) -> Vec<&Object> {
    objects.sort_by_cached_key(|object| object.key());
    objects.dedup_by_key(|object| object.key());
    objects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registered::Inventory;

    fn check(text: &str, inverse: &[Name], flags: &[Flag], expected: &str) {
        let texts = [
            "as-block: AS1 - AS9\nmnt-by: A-MNT\n",
            "aut-num: AS7\nmnt-by: A-MNT\n",
            "inet6num: 2a0f::/29\nmnt-by: A-MNT\n",
            "inet6num: 2a0f::/44\n",
            "inet6num: 2a0f::/48\nnetname: A-NET\n",
            "route6: 2a0f::/48\norigin: AS7\n",
        ];
        let world = Registered::whole(Inventory::of(texts.map(|text| Object::parse(text).unwrap())));
        let found = Wanted { text, classes: &[], inverse, flags }.find(&world);
        assert_eq!(
            found.iter().map(|o| o.key().to_string()).collect::<Vec<_>>().join(" "),
            expected,
            "{text}"
        );
    }

    #[test]
    fn by_key_value_and_address() {
        check("as7", &[], &[], "as-block/AS1 - AS9 aut-num/AS7");
        check("A-NET", &[], &[], "inet6num/2a0f::/48");
        check("AS7", &[Name::Origin], &[], "route6/2a0f::/48AS7");
        check("a-mnt", &[Name::MntBy], &[], "inet6num/2a0f::/29 as-block/AS1 - AS9 aut-num/AS7");
        check("2a0f::/48", &[], &[], "inet6num/2a0f::/48 route6/2a0f::/48AS7");
        check("2a0f::1", &[], &[Flag::OneLess], "inet6num/2a0f::/48 route6/2a0f::/48AS7");
        check(
            "2a0f::/48",
            &[],
            &[Flag::AllLess],
            "inet6num/2a0f::/29 inet6num/2a0f::/44 inet6num/2a0f::/48 route6/2a0f::/48AS7",
        );
        check("2a0f::/29", &[], &[Flag::OneMore], "inet6num/2a0f::/44 route6/2a0f::/48AS7");
        check("2a0f::/44", &[], &[Flag::Exact], "inet6num/2a0f::/44");
    }
}
