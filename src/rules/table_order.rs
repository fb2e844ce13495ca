//! The order in which the registry speaks of several attributes at once.
//!
//! It keeps what is wrong with which attribute in a hash table and walks through that: the order is none that people
//! would choose, but a fixed one. It follows from the hash of an attribute (`RpslAttribute`, `CIString`), and from how a
//! `HashMap` of Java spreads hashes over its buckets, which are twice as many whenever three quarters are in use.

use crate::rpsl::Attribute;

/// The items in the order of that table, by the attribute that each is about.
pub fn in_table_order<T>(items: Vec<(Attribute, T)>) -> Vec<T> {
    let mut buckets = 16_u32;
    while items.len() * 4 > buckets as usize * 3 {
        buckets *= 2;
    }
    let bucket = |hash: u32| (hash ^ hash >> 16) & (buckets - 1);
    let mut placed: Vec<(u32, T)> = items.into_iter().map(|(a, item)| (bucket(hash(&a)), item)).collect();
    placed.sort_by_key(|(bucket, _)| *bucket);
    placed.into_iter().map(|(_, item)| item).collect()
}

/// An attribute: its name as it is written, and the sum of its values in small letters, each once.
fn hash(attribute: &Attribute) -> u32 {
    let mut values: Vec<String> = attribute.values().iter().map(|value| value.to_lowercase()).collect();
    values.sort_unstable();
    values.dedup();
    let values =
        values.iter().fold(0_u32, |sum, value| sum.wrapping_add(31).wrapping_add(hash_of_text(value)));
    hash_of_text(&attribute.label.to_ascii_lowercase()).wrapping_mul(31).wrapping_add(values)
}

/// The hash of a Java string, over its units of UTF-16.
fn hash_of_text(text: &str) -> u32 {
    text.encode_utf16().fold(0, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::Object;

    #[test]
    fn a_text_has_the_hash_that_java_gives_it() {
        assert_eq!(hash_of_text(""), 0);
        assert_eq!(hash_of_text("hello"), 99_162_322); // as the documentation of many a class shows
    }

    #[test]
    fn attributes_stand_by_bucket() {
        let check = |text: &str, expected: &[&str]| {
            let object = Object::parse(text).unwrap();
            let items = object.attributes().skip(1).map(|a| (a, a.value())).collect();
            assert_eq!(in_table_order(items), expected);
        };
        // Both as the registry answered (api.md §9).
        check("inet6num: x\nadmin-c: LP1-ARIN\nmnt-irt: IRT-NONE\n", &["IRT-NONE", "LP1-ARIN"]);
        check("mntner: x\nadmin-c: LP1-ARIN\nadmin-c: LP1-AP\n", &["LP1-AP", "LP1-ARIN"]);
        check("mntner: x\nadmin-c: lp1-arin\nadmin-c: lp1-ap\n", &["lp1-ap", "lp1-arin"]);
    }
}
