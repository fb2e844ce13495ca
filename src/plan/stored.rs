//! What the registry would store of a declared object: the one place where a declaration is made comparable.

use crate::{
    estate::Declared,
    rpsl::{Class, Name, Object, is_generated},
    rules::{Log, prepare},
};

/// Whether the registry has left something out of what it showed (api.md §4): it marks `auth` or `source`.
pub(super) fn is_filtered(object: &Object) -> bool {
    let marks = object.attributes().filter(|a| matches!(a.name, Some(Name::Auth | Name::Source)));
    let mut comments = marks.filter_map(|attribute| attribute.clean().comment);
    comments.any(|comment| comment.eq_ignore_ascii_case("filtered"))
}

/// What a declaration comes to in the place of `registered`: of an object that is shared, what is ours over all else as it
/// stands.
///
/// So the comparison sees a difference only where it is ours to say, and a modification carries what the others have.
pub fn declared_over(declared: &Declared, registered: Option<&Object>) -> Object {
    match declared.shared.as_ref().zip(registered) {
        Some((shared, stands)) => {
            stands.without(is_generated).with_attributes_of(&declared.object, shared.attributes())
        }
        None => declared.object.clone(),
    }
}

/// The object as it would be stored in the place of `registered`: in the registry's characters and spelling.
///
/// The status of an AS number is the registry's to say (rules.md, `AutnumStatus`): a declaration that leaves it out
/// is completed with the one that stands. A comment behind the id of an organisation belongs to the file: the
/// registry drops it with the placeholder, and takes none later (`ManagedAttributeValidator`).
pub fn as_stored(declared: &Object, registered: Option<&Object>) -> Object {
    let declared = prepare::convert_characters(declared, &mut Log::default());
    with_status(&without_key_comment(prepare::sanitise(&declared, &mut Log::default())), registered)
}

fn without_key_comment(declared: Object) -> Object {
    let key = declared.all(Name::Organisation).next().filter(|_| declared.class() == Class::Organisation);
    let Some(key) = key.map(|key| key.clean()).filter(|clean| clean.comment.is_some()) else {
        return declared;
    };
    let mut draft = declared.edit();
    draft.set(Name::Organisation, &key.value);
    draft.build().unwrap_or(declared)
}

fn with_status(declared: &Object, registered: Option<&Object>) -> Object {
    let status = registered.filter(|_| declared.class() == Class::AutNum && !declared.has(Name::Status));
    let Some((before, status)) = status.and_then(|before| Some((before, before.value(Name::Status)?))) else {
        return declared.clone();
    };
    let mut draft = declared.edit();
    match follower(before, declared) {
        Some(follower) if draft.position(follower).is_some() => {
            let at = draft.position(follower).unwrap_or_default();
            draft.pairs.insert(at, (Name::Status.text().to_owned(), status));
        }
        _ => draft.insert(Class::AutNum, Name::Status, &status),
    }
    draft.build().unwrap_or_else(|_| declared.clone())
}

/// The first attribute that stands behind the status in `before` and in `declared` too, so that the order stays.
fn follower(before: &Object, declared: &Object) -> Option<Name> {
    let mut behind =
        before.attributes().filter_map(|a| a.name).skip_while(|name| *name != Name::Status).skip(1);
    behind.find(|name| declared.has(*name) && !before_status(before, *name))
}

fn before_status(object: &Object, name: Name) -> bool {
    let mut ahead = object.attributes().filter_map(|a| a.name).take_while(|each| *each != Name::Status);
    ahead.any(|each| each == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shown_is_marked() {
        let check = |text: &str, expected| assert_eq!(is_filtered(&Object::parse(text).unwrap()), expected);
        check("mntner: A-MNT\nauth: SSO # Filtered\nsource: RIPE # Filtered\n", true);
        check("mntner: A-MNT\nauth: SSO a@b.example\nremarks: x # Filtered\nsource: RIPE\n", false);
    }

    #[test]
    fn a_comment_behind_the_id_of_an_organisation_belongs_to_the_file() {
        let check = |text: &str, expected: &str| {
            let stored = as_stored(&Object::parse(text).unwrap(), None);
            let comment = |name| stored.all(name).next().and_then(|attribute| attribute.clean().comment);
            let found = [Name::Organisation, Name::OrgName, Name::NicHdl, Name::Org].map(comment);
            assert_eq!(found.into_iter().flatten().collect::<String>(), expected, "{text}");
        };
        check("organisation: ORG-A1-RIPE # a\norg-name: A # b\n", "b");
        check("role: A\nnic-hdl: A1-RIPE # a\n", "a");
        check("aut-num: AS1\norg: ORG-A1-RIPE # a\n", "a");
    }

    #[test]
    fn the_status_of_an_as_number_is_the_registrys() {
        let check = |registered: &str, declared: &str| {
            let (registered, declared) =
                (Object::parse(registered).unwrap(), Object::parse(declared).unwrap());
            assert!(as_stored(&declared, Some(&registered)).is_same_as(&registered), "{}", declared.text());
        };
        let head = "aut-num: AS1\nas-name: A\nadmin-c: X\n";
        check(
            &format!("{head}status: ASSIGNED\nmnt-by: A-MNT\nsource: RIPE\n"),
            &format!("{head}mnt-by: A-MNT\nsource: RIPE\n"),
        );
        check(&format!("{head}remarks: x\nstatus: ASSIGNED\n"), &format!("{head}remarks: x\n"));
        check(head, head);
        check(
            &format!("{head}status: ASSIGNED\nmnt-by: A\n"),
            &format!("{head}status: ASSIGNED\nmnt-by: A\n"),
        );
    }
}
