//! What only others can do, and who.

use std::collections::BTreeSet;

use super::{Answers, Room, Space, space::class};
use crate::{
    registered::{Inventory, Query},
    rpsl::{Class, Key, Name, Object},
};

/// What somebody else must do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ByOthers {
    /// The object.
    pub key: Key,
    /// What is to be done, by whom, and what to type.
    pub text: String,
}

/// An object of others that must name us.
pub(super) struct Access {
    pub key: Key,
    /// Where it must.
    pub attributes: Vec<&'static str>,
    /// As it is registered, if it is.
    object: Option<Object>,
}

/// What is asked of the registry to know it.
pub fn questions(answers: &Answers) -> BTreeSet<Query> {
    let asn = answers.asn.map(|asn| Query::Object(Key::new(Class::AutNum, &asn.to_string())));
    let spaces = answers.prefixes.iter().map(|prefix| Query::Covering(class(*prefix), prefix.block()));
    let maintainer = Query::Object(Key::new(Class::Mntner, &answers.maintainer));
    asn.into_iter().chain(spaces).chain([maintainer]).collect()
}

/// The objects of others that must name our maintainer.
pub(super) fn access(answers: &Answers, spaces: &[Space], held: &Inventory) -> Vec<Access> {
    let asn = answers.asn.map(|asn| (Key::new(Class::AutNum, &asn.to_string()), vec!["mnt-by"]));
    let spaces = spaces.iter().filter(|space| !space.is_ours).map(|space| {
        let below = match space.room {
            Room::Whole => vec!["mnt-routes", "mnt-domains"],
            Room::Divided(_) => vec!["mnt-lower", "mnt-routes", "mnt-domains"],
        };
        (space.key(), below)
    });
    let all = asn.into_iter().chain(spaces).map(|(key, attributes)| {
        let object = held.get(&key).cloned();
        Access { key, attributes, object }
    });
    // An aut-num that names us is ours, and taken over.
    let is_met = |access: &Access| {
        access.key.class() == Class::AutNum
            && access.object.as_ref().is_some_and(|object| names(object, "mnt-by", &answers.maintainer))
    };
    all.filter(|access| !is_met(access)).collect()
}

/// What only others can do before ours can be made.
pub fn others(answers: &Answers, spaces: &[Space], held: &Inventory) -> Vec<ByOthers> {
    let told = |access: Access| {
        let Access { key, attributes, object } = access;
        let text = match object {
            None => not_registered(&key, held),
            Some(object) => {
                let is_missing = |name: &&str| !names(&object, name, &answers.maintainer);
                let missing: Vec<&str> = attributes.into_iter().filter(is_missing).collect();
                if missing.is_empty() {
                    return None;
                }
                let holders = object.values(Name::MntBy).join(", ");
                format!(
                    "{holders} must name {} in {}: `ripectl lir request` writes the letter",
                    answers.maintainer,
                    missing.join(", ")
                )
            }
        };
        Some(ByOthers { key, text })
    };
    access(answers, spaces, held).into_iter().filter_map(told).collect()
}

/// Whether `object` names the maintainer in this attribute, for whatever prefixes.
fn names(object: &Object, attribute: &str, maintainer: &str) -> bool {
    let values = Name::from_text(attribute).map(|name| object.values(name)).unwrap_or_default();
    let named = |value: &String| {
        value.split([' ', '{']).next().is_some_and(|name| name.eq_ignore_ascii_case(maintainer))
    };
    values.iter().any(named)
}

/// Who makes what is not registered.
fn not_registered(key: &Key, held: &Inventory) -> String {
    if key.class() == Class::AutNum {
        return "not registered: the RIPE NCC assigns AS numbers, asked by your LIR; `ripectl asn request` writes what it needs"
            .to_owned();
    }
    let above =
        key.block().and_then(|block| held.less_specific(key.class(), block).into_iter().flatten().next());
    match above {
        Some(object) => format!(
            "not registered: {} makes it below {}, and names you there; `ripectl lir request` writes the letter",
            object.values(Name::MntBy).join(", "),
            object.key()
        ),
        None => "not registered: your LIR makes it, or the RIPE NCC on its request".to_owned(),
    }
}
