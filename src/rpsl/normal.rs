//! When the registry takes two objects for the same.

use std::collections::HashSet;

use super::{Attribute, Object, schema::Name};

/// Attributes that do not count in the comparison: the registry writes them (`RpslObjectFilter`).
const GENERATED: [Name; 6] =
    [Name::Created, Name::Changed, Name::LastModified, Name::Fingerpr, Name::Owner, Name::Method];

/// Whether the registry writes the attribute itself, whatever is submitted.
pub fn is_generated(name: Name) -> bool {
    GENERATED.contains(&name)
}

/// What two objects have in common when the registry answers "identical to database object": the sequence of
/// attributes with their clean values and comments, in small letters but for the names of accounts, without what the
/// registry generates.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Normal(Vec<Line>);

/// One attribute in normal form: name, elements without repetition, comment.
pub type Line = (String, Vec<String>, Option<String>);

impl Attribute<'_> {
    /// Its normal form: what two attributes have in common that the registry takes for equal.
    pub fn normal(&self) -> Line {
        let label = self.name.map_or(self.label, |name| name.text()).to_ascii_lowercase();
        let clean = self.clean();
        let elements = super::value::elements(self.name, &clean.value).into_iter();
        let mut seen = HashSet::new();
        let comparable = |element| comparable(self.name, element);
        let elements = elements.map(comparable).filter(|element| seen.insert(element.clone())).collect();
        (label, elements, clean.comment.map(|comment| comment.to_lowercase()))
    }
}

/// An element in the letters in which it is compared: small ones, but for the name of an account. The registry compares
/// the accounts that are meant, and a name in other letters is that of none, or of another (`SsoTranslator`).
fn comparable(name: Option<Name>, element: &str) -> String {
    match element.split_once(' ') {
        Some((scheme, account)) if name == Some(Name::Auth) && scheme.eq_ignore_ascii_case("SSO") => {
            format!("sso {account}")
        }
        _ => element.to_lowercase(),
    }
}

impl Object {
    /// Its normal form (rules.md §3; the server's `RpslAttribute.equals` and `RpslObjectFilter`).
    pub fn normal(&self) -> Normal {
        let counted = |name: Option<Name>| !name.is_some_and(is_generated);
        Normal(self.attributes().filter(|a| counted(a.name)).map(|attribute| attribute.normal()).collect())
    }

    /// Whether the registry takes the two for the same.
    pub fn is_same_as(&self, other: &Object) -> bool {
        self.class() == other.class() && self.normal() == other.normal()
    }
}

#[cfg(test)]
mod tests {
    use crate::rpsl::{Object, shared};

    #[test]
    fn the_same_for_the_registry() {
        let Some(vectors) = shared::json("registry/vectors/equality.json") else { return };
        let cases = vectors["noop"].as_array().unwrap();
        assert!(!cases.is_empty());
        for case in cases {
            let object = |side: &str| Object::parse(case[side].as_str().unwrap()).unwrap();
            assert_eq!(object("a").is_same_as(&object("b")), case["noop"].as_bool().unwrap(), "{case}");
        }
    }
}
