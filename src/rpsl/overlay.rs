//! An object with some attributes of another: what two parties edit together.

use std::collections::VecDeque;

use super::{
    object::{Draft, Object},
    schema::Name,
};

impl Object {
    /// The same object with the attributes `names` as `other` has them, and all else as it is and where it is.
    ///
    /// The first of a name stands where the first stood, the second where the second stood, and so on; further ones
    /// behind the last of their name, or where the class's template has them.
    #[must_use]
    pub fn with_attributes_of(&self, other: &Object, names: &[Name]) -> Object {
        let lines = |name: Name| -> VecDeque<_> { other.all(name).map(pair).collect() };
        let mut new: Vec<(Name, VecDeque<_>)> = names.iter().map(|name| (*name, lines(*name))).collect();
        let last = |name: Name| self.attributes().rposition(|attribute| attribute.name == Some(name));
        let mut draft = Draft::default();
        for (index, attribute) in self.attributes().enumerate() {
            match new.iter_mut().find(|(name, _)| attribute.name == Some(*name)) {
                None => draft.pairs.push(pair(attribute)),
                Some((name, lines)) if last(*name) == Some(index) => draft.pairs.extend(lines.drain(..)),
                Some((_, lines)) => draft.pairs.extend(lines.pop_front()),
            }
        }
        for (name, lines) in new {
            // Each goes before the first of its name.
            for (_, value) in lines.into_iter().rev() {
                draft.insert(self.class(), name, &value);
            }
        }
        draft.build().unwrap_or_else(|_| self.clone())
    }

    /// The same object without the attributes of which `is_left_out`.
    #[must_use]
    pub fn without(&self, is_left_out: impl Fn(Name) -> bool) -> Object {
        let kept = self.attributes().filter(|attribute| !attribute.name.is_some_and(&is_left_out));
        Draft::from_pairs(kept.map(pair)).build().unwrap_or_else(|_| self.clone())
    }
}

fn pair(attribute: super::Attribute) -> (String, String) {
    (attribute.label.to_owned(), attribute.raw.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTERED: &str = "inet6num: 2001:db8::/48\nnetname: A\ndescr: one\nremarks: theirs\ndescr: two\ncountry: NL\n\
                              mnt-by: Z-MNT\nsource: RIPE\n";

    fn check(names: &[Name], ours: &str, expected: &str) {
        let object = |text: &str| Object::parse(text).unwrap();
        let ours = object(&format!("inet6num: 2001:db8::/48\n{ours}"));
        let merged = object(REGISTERED).with_attributes_of(&ours, names);
        let lines: Vec<String> =
            merged.attributes().skip(1).map(|a| format!("{} {}", a.label, a.value())).collect();
        assert_eq!(lines.join(", "), expected);
        let again = merged.with_attributes_of(&ours, names);
        assert!(again.is_same_as(&merged), "twice is once");
    }

    #[test]
    fn what_is_ours_stands_where_it_stood() {
        let check = |ours, expected: &str| {
            check(&[Name::Descr], ours, &format!("{expected}, country NL, mnt-by Z-MNT, source RIPE"));
        };
        check("descr: one\ndescr: two\n", "netname A, descr one, remarks theirs, descr two");
        check("descr: 1\ndescr: two\n", "netname A, descr 1, remarks theirs, descr two");
        check("descr: 1\n", "netname A, descr 1, remarks theirs");
        check("descr: 1\ndescr: 2\ndescr: 3\n", "netname A, descr 1, remarks theirs, descr 2, descr 3");
        check("", "netname A, remarks theirs");
        check("netname: B\ncountry: LU\n", "netname A, remarks theirs");
    }

    #[test]
    fn what_is_new_stands_where_the_template_has_it() {
        let ours = "mnt-lower: A-MNT\nmnt-lower: B-MNT\nstatus: ASSIGNED\n";
        check(
            &[Name::MntLower, Name::Descr],
            ours,
            "netname A, remarks theirs, country NL, mnt-by Z-MNT, mnt-lower A-MNT, mnt-lower B-MNT, source RIPE",
        );
    }
}
