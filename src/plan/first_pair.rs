//! The first pair: a maintainer and a person that name each other, neither of which can be made before the other.
//!
//! The registry makes both in one request (`POST /references`, api.md §7): it enters the maintainer with a contact of its
//! own, then the person, and then puts the person in the place of that contact. It chooses the handle, and puts it into
//! one `admin-c` of the maintainer and nowhere else: where the files name the person there more often, or another contact
//! beside it, the maintainer is [made with that one](as_made), and the next plan changes it to what they say.

use super::Change;
use crate::rpsl::{Class, Name, Object, Placeholder};

/// Whether `one` and `next` make the first pair, the maintainer first.
pub fn is_first_pair(one: &Change<&Object>, next: &Change<&Object>) -> bool {
    match (one, next) {
        (Change::Create(maintainer), Change::Create(person)) => is_pair(maintainer, person),
        _ => false,
    }
}

/// Whether the registry would make the two in one request.
pub fn is_pair(maintainer: &Object, person: &Object) -> bool {
    if (maintainer.class(), person.class()) != (Class::Mntner, Class::Person) {
        return false;
    }
    let is_named = Placeholder::of(person).is_some_and(|handle| names(maintainer, Name::AdminC, &handle) > 0);
    let maintainers = person.values(Name::MntBy);
    let is_maintained = maintainers.len() == 1
        && maintainers.iter().all(|name| name.eq_ignore_ascii_case(&maintainer.written_key()));
    is_named && is_maintained && !person.has(Name::Org) && !person.has(Name::MntRef)
}

/// How often an attribute of the maintainer names what the placeholder stands for.
fn names(maintainer: &Object, name: Name, handle: &Placeholder) -> usize {
    let is_handle =
        |value: &String| Placeholder::parse(value).as_ref().map(Placeholder::name) == Some(handle.name());
    maintainer.values(name).iter().filter(|value| is_handle(value)).count()
}

/// The maintainer as the request makes it: with `contact` as its only `admin-c`, and no `tech-c` that is still to be made.
pub fn as_made(maintainer: &Object, contact: &str) -> Object {
    let mut draft = maintainer.edit();
    if maintainer.values(Name::TechC).iter().any(|value| Placeholder::parse(value).is_some()) {
        draft.remove(Name::TechC);
    }
    let first = draft.position(Name::AdminC);
    let mut at = 0..;
    draft.pairs.retain(|(label, _)| {
        let at = at.next();
        Name::from_text(label.trim()) != Some(Name::AdminC) || at == first
    });
    draft.set(Name::AdminC, contact);
    draft.build().unwrap_or_else(|_| maintainer.clone())
}

/// Whether the request makes the maintainer as the files have it, but for the handle.
pub fn is_made_whole(maintainer: &Object, person: &Object) -> bool {
    as_made(maintainer, &person.written_key()).attributes().count() == maintainer.attributes().count()
        && maintainer.values(Name::AdminC).len() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_one_request_can_make() {
        let check = |maintainer: &str, person: &str, expected: bool| {
            let maintainer = Object::parse(format!("mntner: A-MNT\n{maintainer}source: RIPE\n")).unwrap();
            let person = Object::parse(format!("person: A B\n{person}source: RIPE\n")).unwrap();
            assert_eq!(is_pair(&maintainer, &person), expected, "{maintainer:?} {person:?}");
        };
        let person = "nic-hdl: AUTO-3AB\nmnt-by: a-mnt\n";
        check("admin-c: auto-3 # me\nmnt-by: A-MNT\n", person, true);
        check("admin-c: X1-RIPE\nadmin-c: AUTO-3\nmnt-by: A-MNT\n", person, true);
        check("admin-c: AUTO-3\ntech-c: AUTO-3\nmnt-by: A-MNT\n", person, true);
        check("admin-c: X1-RIPE\ntech-c: AUTO-3\nmnt-by: A-MNT\n", person, false);
        check("admin-c: AUTO-3\ntech-c: X1-RIPE\nmnt-by: A-MNT\n", person, true);
        check("admin-c: AUTO-4\nmnt-by: A-MNT\n", person, false);
        check("admin-c: AB1-RIPE\nmnt-by: A-MNT\n", "nic-hdl: AB1-RIPE\nmnt-by: A-MNT\n", false);
        check("admin-c: AUTO-3\nmnt-by: A-MNT\n", "nic-hdl: AUTO-3\nmnt-by: A-MNT, B-MNT\n", false);
        check("admin-c: AUTO-3\nmnt-by: A-MNT\n", "nic-hdl: AUTO-3\nmnt-by: B-MNT\n", false);
    }

    #[test]
    fn what_does_not_fit_into_the_request_is_left_for_the_next_plan() {
        let person = Object::parse("person: A B\nnic-hdl: AUTO-3\nmnt-by: A-MNT\n").unwrap();
        let check = |contacts: &str, expected: &str, is_whole: bool| {
            let object =
                |contacts: &str| Object::parse(format!("mntner: A-MNT\n{contacts}mnt-by: A-MNT\n")).unwrap();
            let made = as_made(&object(contacts), "AUTO-1");
            assert_eq!(made.print(), object(expected).print());
            assert_eq!(is_made_whole(&object(contacts), &person), is_whole, "{contacts}");
        };
        check("admin-c: AUTO-3\n", "admin-c: AUTO-1\n", true);
        check("admin-c: AUTO-3\ntech-c: X1-RIPE\n", "admin-c: AUTO-1\ntech-c: X1-RIPE\n", true);
        check("admin-c: AUTO-3\ntech-c: X1-RIPE\ntech-c: AUTO-3\n", "admin-c: AUTO-1\n", false);
        check("admin-c: AUTO-3\ntech-c: AUTO-4\n", "admin-c: AUTO-1\n", false);
        check("admin-c: X1-RIPE\nadmin-c: AUTO-3\n", "admin-c: AUTO-1\n", false);
    }
}
