//! For whom the key speaks, and what the registry hides: what can be told from the objects that it shows.

use std::{collections::BTreeSet, sync::PoisonError};

use super::Registry;
use crate::{
    registered::{Inventory, Registered},
    rpsl::{Class, Key, Name, Object},
    rules::{Credential, KeyScope},
    user::NamedSecret,
};

/// Whether the registry has left something out of the object, so that it must not be written back.
pub fn filtered(object: &Object) -> bool {
    let marked = |attribute: crate::rpsl::Attribute| {
        let says = |comment: String| comment.eq_ignore_ascii_case("filtered");
        matches!(attribute.name, Some(Name::Source | Name::Auth))
            && attribute.clean().comment.is_some_and(says)
    };
    object.attributes().any(marked)
}

/// Whether a search hides a part of objects of this class (api.md §4, §9): maintainers and incident response teams.
pub(super) fn hides_auth(class: Class) -> bool {
    class.template().row(Name::Auth).is_some()
}

impl Registry {
    /// The keys, and for whom each speaks as far as it was seen by now in `known`.
    pub fn key_scopes(&self, known: &Registered) -> Vec<KeyScope> {
        let key_scope = |key: &NamedSecret, objects: &Inventory| KeyScope {
            key: key.name.clone(),
            credential: Credential::Maintainers(proven(objects)),
        };
        match self.0.keys.as_slice() {
            // What was written a moment ago counts too.
            [only] => vec![key_scope(only, &known.objects)],
            keys => {
                let shown = self.0.shown.lock().unwrap_or_else(PoisonError::into_inner);
                keys.iter().zip(shown.iter()).map(|(key, shown)| key_scope(key, shown)).collect()
            }
        }
    }

    /// Notes what of an object the key with this number was shown.
    pub(super) fn note_shown(&self, at: usize, object: &Object) {
        let mut shown = self.0.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shown) = shown.get_mut(at) {
            shown.insert(object.clone());
        }
    }
}

/// The maintainers and incident response teams that the key speaks for: those whose `auth` it is shown.
///
/// It is also shown that of a maintainer which another one maintains that it speaks for (rules.md §10). The
/// accounts of those that only maintain themselves tell the two apart.
fn proven(objects: &Inventory) -> Vec<String> {
    let shown = |object: &&Object| {
        matches!(object.class(), Class::Mntner | Class::Irt)
            && !filtered(object)
            && !accounts(object).is_empty()
    };
    let (alone, others): (Vec<&Object>, Vec<&Object>) =
        objects.iter().map(|(_, object)| object).filter(shown).partition(|object| {
            object.values(Name::MntBy).iter().all(|name| Key::new(Class::Mntner, name) == object.key())
        });
    let mut ours: Option<BTreeSet<String>> = None;
    for maintainer in &alone {
        let theirs = accounts(maintainer);
        ours = Some(ours.map_or(theirs.clone(), |ours| ours.intersection(&theirs).cloned().collect()));
    }
    let may = |object: &&Object| ours.as_ref().is_none_or(|ours| !ours.is_disjoint(&accounts(object)));
    alone
        .into_iter()
        .chain(others.into_iter().filter(may))
        .map(|object| object.key().text().to_owned())
        .collect()
}

/// The accounts that `auth: SSO` lines name, in small letters.
fn accounts(maintainer: &Object) -> BTreeSet<String> {
    let values = maintainer.values(Name::Auth);
    let pairs = values.iter().filter_map(|auth| auth.split_once(' '));
    pairs
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("SSO"))
        .map(|(_, name)| name.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_speaks_for_whose_auth_it_is_shown() {
        let check = |texts: &[&str], expected: &[&str]| {
            let objects = Inventory::of(texts.iter().map(|text| Object::parse(*text).unwrap()));
            assert_eq!(proven(&objects), expected);
        };
        let hidden =
            "mntner: SPONSOR-MNT\nauth: SSO # Filtered\nmnt-by: SPONSOR-MNT\nsource: RIPE # Filtered\n";
        let own = "mntner: A-MNT\nauth: SSO a@b.example\nauth: SSO c@b.example\nmnt-by: A-MNT\n";
        let held = "mntner: B-MNT\nauth: SSO x@b.example\nmnt-by: A-MNT\n";
        let shared = "mntner: C-MNT\nauth: SSO C@b.example\nmnt-by: A-MNT\n";
        check(&[hidden, own, held, shared], &["A-MNT", "C-MNT"]);
        check(&["mntner: P-MNT\nauth: PGPKEY-AAAAAAAA\nmnt-by: P-MNT\n"], &[]);
        check(&[held], &["B-MNT"]);
        let irt = "irt: irt-A\nauth: SSO c@b.example\nmnt-by: B-MNT\n";
        check(&[own, irt], &["A-MNT", "irt-A"]);
    }
}
