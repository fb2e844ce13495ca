//! Sets: their hierarchical names, whose parents must consent, and what they must hold.

use super::super::{CREATE, Case, Message, Rule, WRITE, authorise::parent_of_set};
use crate::{
    registered::Known,
    rpsl::{Class, Key, Name, Object, schema::Syntax, syntax},
};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "as-set-hierarchical",
        source: "sets.ASNameHierarchicalValidator",
        says: "the name of a new as-set begins with an AS number",
        classes: &[Class::AsSet],
        kinds: CREATE,
        check: hierarchical,
        remedy: "put an AS number in front of the name, as in `AS64500:AS-EXAMPLE`",
    },
    Rule {
        name: "set-one-kind",
        source: "sets.PeeringSetAttributeMustBePresent",
        says: "a peering-set or filter-set has one of its two kinds of values",
        classes: &[Class::PeeringSet, Class::FilterSet],
        kinds: WRITE,
        check: one_kind,
        remedy: "keep exactly one of the two kinds",
    },
    Rule {
        name: super::SET_PARENT,
        source: "sets.SetnameMustExistValidator",
        says: "the set or AS number in front of the last colon exists, and consents",
        classes: &[Class::AsSet, Class::FilterSet, Class::PeeringSet, Class::RouteSet, Class::RtrSet],
        kinds: CREATE,
        check: parent_consents,
        remedy: "create the set above it first, or begin the name with an AS number of your own",
    },
];

fn hierarchical(case: &Case) -> Known<Vec<Message>> {
    let text = "Cannot create AS-SET object with a short format name. Only hierarchical AS-SET creation is allowed, i.e. at least one ASN must be referenced";
    let is_flat = !case.after.key().text().contains(':');
    Ok(is_flat.then(|| Message::error(text)).into_iter().collect())
}

fn one_kind(case: &Case) -> Known<Vec<Message>> {
    let (plain, extended) = match case.class() {
        Class::PeeringSet => (Name::Peering, Name::MpPeering),
        _ => (Name::Filter, Name::MpFilter),
    };
    let text = match (case.after.has(plain), case.after.has(extended)) {
        (false, false) => "A %s object must contain either %s or %s attribute",
        (true, true) => "A %s object cannot contain both %s and %s attributes",
        _ => return Ok(Vec::new()),
    };
    Ok(vec![Message::error(text).arg(case.class()).arg(plain).arg(extended)])
}

/// An ordinary error, though it is about permission: alone it is answered with 400.
fn parent_consents(case: &Case) -> Known<Vec<Message>> {
    let Some(parent) = parent_key(case.after) else { return Ok(Vec::new()) };
    match case.world.object(&parent)? {
        Some(object) => Ok(parent_of_set(case, object)?.messages),
        None => Ok(vec![Message::error("Parent object %s not found").arg(parent.text()).missing([parent])]),
    }
}

/// What stands in front of the last colon of the name of a set: a set or an aut-num.
pub fn parent_key(object: &Object) -> Option<Key> {
    let class = object.class();
    let classes = [Class::AsSet, Class::FilterSet, Class::PeeringSet, Class::RouteSet, Class::RtrSet];
    let name = object.value(class.first()).filter(|_| classes.contains(&class))?;
    let (parent, _) = name.rsplit_once(':')?;
    Some(Key::new(parent_class(class, parent), parent))
}

fn parent_class(class: Class, parent: &str) -> Class {
    let is = |form: Syntax| syntax::check(form, class, parent).is_ok();
    match () {
        () if is(Syntax::AsNumber) => Class::AutNum,
        () if is(Syntax::AsSet) => Class::AsSet,
        () => class,
    }
}
