//! The choice of a handle. Pure: the random number comes from outside.

use std::collections::BTreeSet;

use crate::{
    rpsl::{Class, Key, Object, Placeholder},
    rules::prepare::initials,
};

/// A handle has at most six digits.
const NUMBERS: u32 = 999_999;

/// A handle for `object`, which is not among `taken`: the letters that the registry would choose, a number from
/// `random`, so that two who choose at the same time do not choose the same, and the source.
pub fn choose(
    object: &Object,
    placeholder: &Placeholder,
    source: &str,
    taken: &BTreeSet<Key>,
    random: u32,
) -> Key {
    let letters = initials(object, placeholder);
    let letters: String = letters.chars().filter(char::is_ascii_alphabetic).take(4).collect();
    let letters = format!("{:A<2}", letters.to_ascii_uppercase());
    let is_suffix = (2..=10).contains(&source.len()) && source.bytes().all(|b| b.is_ascii_alphabetic());
    let suffix = if is_suffix { format!("-{}", source.to_ascii_uppercase()) } else { String::new() };
    let key = |number: u32| Key::new(object.class(), &format!("{letters}{number}{suffix}"));
    // Persons and roles share their names.
    let is_free = |key: &Key| {
        ![Class::Person, Class::Role].iter().any(|class| taken.contains(&Key::new(*class, key.text())))
    };
    let numbers = (0..NUMBERS).map(|step| (random % NUMBERS + step) % NUMBERS + 1);
    numbers.map(key).find(is_free).unwrap_or_else(|| key(NUMBERS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::syntax;

    #[test]
    fn letters_number_and_source() {
        let check = |object: &str, source: &str, taken: &[&str], random: u32, expected: &str| {
            let object = Object::parse(object).unwrap();
            let placeholder = Placeholder::of(&object).unwrap();
            let taken = taken.iter().map(|text| Key::new(Class::Person, text)).collect();
            let key = choose(&object, &placeholder, source, &taken, random);
            assert_eq!((key.class(), key.text()), (object.class(), expected));
            let name = object.class().template().key[0];
            assert!(syntax::check(name.row().syntax, object.class(), key.text()).is_ok(), "{key}");
        };
        let role = "role: Hobby NOC of X-Rays\nnic-hdl: AUTO-1\n";
        check(role, "RIPE", &[], 41, "HNOX42-RIPE");
        check(role, "RIPE", &["hnox42-ripe", "HNOX43-RIPE"], 41, "HNOX44-RIPE");
        check(role, "RIPE", &["HNOX999999-RIPE"], 999_998, "HNOX1-RIPE");
        check(role, "RIPE", &[], u32::MAX, "HNOX971590-RIPE");
        check("role: Hobby NOC\nnic-hdl: auto-7xy\n", "TEST", &[], 6, "XY7-TEST");
        check("role: Écho\nnic-hdl: AUTO-1\n", "RIPE", &[], 0, "AA1-RIPE");
        check("person: Anna Smith\nnic-hdl: AUTO-1\n", "RIPE", &[], 0, "AS1-RIPE");
        check("person: Anna Smith\nnic-hdl: AUTO-1\n", "IRR-1", &[], 0, "AS1");
    }
}
