//! In which files objects go: who we are in one, each AS with its sets in one, each block that holds other blocks with all
//! that is inside it in one, and of the rest what lies in the same /16 or /32 in one.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use crate::{
    net::{Asn, Block, Prefix},
    rpsl::{Class, Group, Key, Object, is_generated},
};

/// The text of the files that declare `objects`, by their paths; none of `taken`, which are there already.
pub fn files(objects: &[Object], taken: &BTreeSet<PathBuf>) -> BTreeMap<PathBuf, String> {
    let blocks = holders(objects);
    let mut grouped: BTreeMap<String, Vec<&Object>> = BTreeMap::new();
    for object in objects {
        grouped.entry(stem(object, &blocks)).or_default().push(object);
    }
    let mut taken: BTreeSet<String> = taken.iter().map(|path| folded(path)).collect();
    let mut files = BTreeMap::new();
    for (stem, mut objects) in grouped {
        objects.sort_by_cached_key(|object| order(object));
        let path = first_free(&stem, &mut taken);
        let texts: Vec<String> = objects.into_iter().map(text).collect();
        files.insert(path, texts.join("\n"));
    }
    files
}

/// An object as it is declared: in the registry's layout, without what the registry writes itself.
pub fn text(object: &Object) -> String {
    object.without(is_generated).print()
}

/// The widest blocks that hold another block.
fn holders(objects: &[Object]) -> Vec<Block> {
    let mut blocks: Vec<Block> =
        objects.iter().filter(|object| object.class().is_address()).filter_map(Object::block).collect();
    blocks.sort_by_key(|block| (block.family(), block.first(), std::cmp::Reverse(block.last())));
    let mut widest: Vec<Block> = Vec::new();
    for block in blocks.iter().copied() {
        if widest.last().is_none_or(|wide| !wide.contains(block)) {
            widest.push(block);
        }
    }
    let mut held: BTreeSet<Block> = BTreeSet::new();
    for block in blocks {
        held.extend(holder(&widest, block).filter(|wide| *wide != block));
    }
    widest.retain(|block| held.contains(block));
    widest
}

/// Of blocks that are apart and in order the one that contains `block`.
fn holder(widest: &[Block], block: Block) -> Option<Block> {
    let place = |wide: &Block| (wide.family(), wide.first());
    let at = widest.partition_point(|wide| place(wide) <= (block.family(), block.first()));
    widest.get(at.checked_sub(1)?).copied().filter(|wide| wide.contains(block))
}

/// The name of the file of an object, without folder and ending.
fn stem(object: &Object, blocks: &[Block]) -> String {
    let (class, key) = (object.class(), object.key());
    let is_of_space = class.is_address() || class.is_route() || class == Class::Domain;
    if let Some(block) = object.block().filter(|_| is_of_space) {
        let around = holder(blocks, block).or_else(|| block.neighbourhood().map(Prefix::block));
        return slug(&around.unwrap_or(block).to_string());
    }
    match class {
        _ if says_who_we_are(class) => "contacts".to_owned(),
        _ => match as_of(&key) {
            Some(asn) => asn,
            None if class.text().ends_with("-set") => "sets".to_owned(),
            None => slug(class.text()),
        },
    }
}

fn says_who_we_are(class: Class) -> bool {
    matches!(class.group(), Group::Maintainer | Group::Organisation | Group::Contact | Group::Credential)
}

/// `as205398` for the AS itself and for sets below it.
fn as_of(key: &Key) -> Option<String> {
    let first = key.text().split(':').next()?;
    let number: Asn = first.parse().ok()?;
    Some(number.to_string().to_ascii_lowercase())
}

/// Letters, digits and `-`, as far as a file may be called so anywhere.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || c == '.' => slug.push(c.to_ascii_lowercase()),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// The first of `objects/STEM.rpsl`, `objects/STEM-2.rpsl` and so on that is not taken; takes it.
fn first_free(stem: &str, taken: &mut BTreeSet<String>) -> PathBuf {
    let numbered = (2_u32..).map(|number| format!("objects/{stem}-{number}.rpsl"));
    let mut names = std::iter::once(format!("objects/{stem}.rpsl")).chain(numbered);
    let free = names.find(|name| taken.insert(folded(Path::new(name))));
    PathBuf::from(free.unwrap_or_default())
}

/// A path as file systems compare it that take `A` for `a`.
fn folded(path: &Path) -> String {
    path.to_string_lossy().to_lowercase()
}

/// Blocks before what is inside them, routes and zones behind their block; all else by its key.
fn order(object: &Object) -> (u8, u128, u128, Key) {
    let key = object.key();
    match object.block() {
        Some(block) => (0, block.first(), u128::MAX - block.last(), key),
        None => (1, 0, 0, key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(texts: &[&str], taken: &[&str]) -> Vec<(String, Vec<String>)> {
        let objects: Vec<Object> = texts.iter().map(|text| Object::parse(*text).unwrap()).collect();
        let taken = taken.iter().map(PathBuf::from).collect();
        let heads =
            |text: String| text.split("\n\n").map(|one| one.lines().next().unwrap().to_owned()).collect();
        files(&objects, &taken)
            .into_iter()
            .map(|(path, text)| (path.display().to_string(), heads(text)))
            .collect()
    }

    #[test]
    fn what_belongs_together_is_in_one_file() {
        let texts = [
            "route6: 2001:db8:1::/48\norigin: AS1\n",
            "inet6num: 2001:db8:1::/48\n",
            "inet6num: 2001:db8::/32\n",
            "inet6num: 2001:dc0::/32\n",
            "domain: 1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa\n",
            "inetnum: 192.0.2.0 - 192.0.2.255\n",
            "route: 192.0.2.0/24\norigin: AS1\n",
            "route: 198.51.100.0/24\norigin: AS1\n",
            "aut-num: AS1\n",
            "as-set: AS1:AS-A\n",
            "as-set: AS-B\n",
            "person: A B\nnic-hdl: AB1-RIPE\n",
            "organisation: ORG-A1-RIPE\n",
            "mntner: A-MNT\n",
            "inet-rtr: a.example\n",
        ];
        let made = laid_out(&texts, &["objects/contacts.rpsl", "objects/AS1.rpsl"]);
        let names: Vec<&str> = made.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "objects/192.0.0.0-192.0.255.255.rpsl",
                "objects/198.51.0.0-198.51.255.255.rpsl",
                "objects/2001-db8-32.rpsl",
                "objects/2001-dc0-32.rpsl",
                "objects/as1-2.rpsl",
                "objects/contacts-2.rpsl",
                "objects/inet-rtr.rpsl",
                "objects/sets.rpsl",
            ]
        );
        let block = &made[2].1;
        assert_eq!(block.len(), 4, "{block:?}");
        assert!(block[0].ends_with("2001:db8::/32") && block[1].starts_with("inet6num:"), "{block:?}");
    }

    #[test]
    fn what_the_registry_writes_itself_is_left_out_and_all_else_stays() {
        let object = "person: A  B # of us\nphone: +1\n+\n  2\ncreated: 2024-01-01T00:00:00Z\nnic-hdl: AB1-RIPE\n\
                      last-modified: 2024-01-01T00:00:00Z\nsource: RIPE\n";
        assert_eq!(
            text(&Object::parse(object).unwrap()),
            "person:         A  B # of us\nphone:          +1\n+\n                2\nnic-hdl:        AB1-RIPE\n\
             source:         RIPE\n"
        );
    }
}
