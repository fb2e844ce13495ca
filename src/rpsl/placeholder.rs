//! Placeholders: `AUTO-1` in the place of a key that is still to be chosen (rules.md §8).

use super::{Class, Object};

/// `AUTO-`, a number, and perhaps the letters that the key shall begin with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Placeholder {
    name: String,
    letters: String,
}

impl Placeholder {
    /// `value` as a placeholder, if it is one: `AUTO-1`, `auto-12HN`.
    pub fn parse(value: &str) -> Option<Placeholder> {
        let rest = value.split_at_checked(5).filter(|(head, _)| head.eq_ignore_ascii_case("AUTO-"))?.1;
        let letters = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = rest.strip_suffix(letters).filter(|digits| !digits.is_empty())?;
        letters
            .chars()
            .all(|c| c.is_ascii_alphabetic())
            .then(|| Placeholder { name: format!("AUTO-{digits}"), letters: letters.to_ascii_uppercase() })
    }

    /// The placeholder that stands for the key of `object` itself, if the key is still to be chosen.
    pub fn of(object: &Object) -> Option<Placeholder> {
        Placeholder::parse(&object.written_key())
    }

    /// A placeholder as it is written, without the letters that its key shall begin with.
    pub fn without_letters(value: &str) -> &str {
        value.trim_end_matches(|c: char| c.is_ascii_alphabetic())
    }

    /// What it is known by: `AUTO-1`, without the letters (the server's `AutoKey`).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The letters that were asked for; none, if they are to follow from the name.
    pub fn letters(&self) -> &str {
        &self.letters
    }
}

impl Object {
    /// The name that people know it by: of a person, role or organisation its name, of a certificate its text, of
    /// others their key. White space does not count, nor does letter case where the registry does not count it.
    pub fn known_as(&self) -> String {
        use super::Name;
        let values = |name: Name| self.all(name).map(|attribute| attribute.value()).collect::<String>();
        let name = match self.class() {
            Class::Person | Class::Role => self.value(self.class().first()).unwrap_or_default(),
            Class::Organisation => self.value(Name::OrgName).unwrap_or_default(),
            Class::KeyCert => return values(Name::Certif),
            _ => self.written_key(),
        };
        name.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_perhaps_letters() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let found = Placeholder::parse(text);
            assert_eq!(found.as_ref().map(|found| (found.name(), found.letters())), expected, "{text}");
        };
        check("auto-1", Some(("AUTO-1", "")));
        check("AUTO-12abc", Some(("AUTO-12", "ABC")));
        check("AUTO-", None);
        check("AUTO-1-RIPE", None);
        check("HN1-RIPE", None);
    }

    #[test]
    fn people_know_an_object_by_its_name() {
        let check = |a: &str, b: &str, same: bool| {
            let name = |text: &str| Object::parse(text).unwrap().known_as();
            assert_eq!(name(a) == name(b), same, "{a} {b}");
        };
        check("role: Hobby NOC # night\nnic-hdl: AUTO-1\n", "role: hobby\n+ noc\nnic-hdl: HN1-RIPE\n", true);
        check("role: Hobby NOC\n", "role: Hobby NOC 2\n", false);
        check("organisation: AUTO-1\norg-name: A B\n", "organisation: ORG-AB1-RIPE\norg-name:  A  B\n", true);
        check("key-cert: AUTO-1\ncertif: a\ncertif: b\n", "key-cert: X509-1\ncertif: a\ncertif: B\n", false);
    }
}
