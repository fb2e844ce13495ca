//! Roles, which are no contacts of themselves.

use super::super::{Case, Message, Rule, WRITE};
use crate::{
    registered::Known,
    rpsl::{Attribute, Class, Key, Name},
};

/// The rules of this file.
pub const RULES: &[Rule] = &[Rule {
    name: "role-not-own-contact",
    source: "personrole.SelfReferencePreventionValidator",
    says: "a role is not its own contact",
    classes: &[Class::Role],
    kinds: WRITE,
    check: not_own_contact,
    remedy: "name a person or another role there, or leave it out",
}];

fn not_own_contact(case: &Case) -> Known<Vec<Message>> {
    let itself = |attribute: &Attribute| Key::new(Class::Role, &attribute.value()) == case.submitted.key();
    let contacts = [Name::AdminC, Name::TechC].into_iter().flat_map(|name| case.submitted.all(name));
    let text = "Self reference is not allowed for attribute type \"%s\"";
    let message = |a: Attribute| Message::error(text).arg(a.label.to_ascii_lowercase()).on(a);
    Ok(contacts.filter(itself).map(message).collect())
}
