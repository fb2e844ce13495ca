//! The first pair: a maintainer and a person that name each other, neither of which can be made before the other.
//!
//! The registry makes both in one request (`POST /references`, api.md §7): it enters the maintainer with a contact of its
//! own, then the person, and then puts the person in the place of that contact. It chooses the handle, and puts it into
//! the one `admin-c` of the maintainer and nowhere else, so only such pairs fit; others stay a cycle, which is told.

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
    let Some(handle) = Placeholder::of(person) else { return false };
    let is_handle =
        |value: &String| Placeholder::parse(value).as_ref().map(Placeholder::name) == Some(handle.name());
    let referring = [Name::AdminC, Name::TechC].map(|name| maintainer.values(name));
    let [admins, technicians] = &referring;
    let maintainers = person.values(Name::MntBy);
    let is_only_referred_to_there =
        admins.iter().all(is_handle) && admins.len() == 1 && !technicians.iter().any(is_handle);
    let is_maintained = maintainers.len() == 1
        && maintainers.iter().all(|name| name.eq_ignore_ascii_case(&maintainer.written_key()));
    is_only_referred_to_there && is_maintained && !person.has(Name::Org) && !person.has(Name::MntRef)
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
        check("admin-c: AUTO-3\nadmin-c: X1-RIPE\nmnt-by: A-MNT\n", person, false);
        check("admin-c: AUTO-3\ntech-c: AUTO-3\nmnt-by: A-MNT\n", person, false);
        check("admin-c: AUTO-3\ntech-c: X1-RIPE\nmnt-by: A-MNT\n", person, true);
        check("admin-c: AUTO-4\nmnt-by: A-MNT\n", person, false);
        check("admin-c: AB1-RIPE\nmnt-by: A-MNT\n", "nic-hdl: AB1-RIPE\nmnt-by: A-MNT\n", false);
        check("admin-c: AUTO-3\nmnt-by: A-MNT\n", "nic-hdl: AUTO-3\nmnt-by: A-MNT, B-MNT\n", false);
        check("admin-c: AUTO-3\nmnt-by: A-MNT\n", "nic-hdl: AUTO-3\nmnt-by: B-MNT\n", false);
    }
}
