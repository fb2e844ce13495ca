//! `[[shared]]`: objects that are edited together with another party, and which of their attributes are ours.

use std::sync::Arc;

use super::KeyPattern;
use crate::{
    config::{At, Keys, Kind, Read, Row, Table, Value},
    finding::{Finding, Location, suggestion},
    rpsl::{Class, Key, Name, Object, is_generated},
};

/// Objects of which only some attributes are ours to say.
#[derive(Debug)]
pub struct Shared {
    /// Which objects.
    objects: KeyPattern,
    /// The attributes that are ours, in the order of the file.
    attributes: Vec<Name>,
    /// Where it is written.
    pub place: Location,
}

impl Shared {
    /// The attributes that are ours.
    pub fn attributes(&self) -> &[Name] {
        &self.attributes
    }

    /// Whether an attribute is ours to say.
    pub fn is_ours(&self, name: Name) -> bool {
        self.attributes.contains(&name)
    }

    /// Which objects.
    pub fn objects(&self) -> &KeyPattern {
        &self.objects
    }

    /// Whether it means the object with this key.
    pub fn means(&self, key: &Key) -> bool {
        self.objects.matches(key)
    }

    /// Whether an attribute that is declared has no effect, being another's to say.
    pub fn is_idle(&self, class: Class, name: Name) -> bool {
        !self.is_ours(name) && !is_of_frame(class, name) && !is_generated(name)
    }

    /// What we declare of `object`: its key, `source`, and the attributes that are ours.
    pub fn part_of(&self, object: &Object) -> Object {
        object.without(|name| !self.is_ours(name) && !is_of_frame(object.class(), name))
    }
}

/// Whether it is an attribute that every declaration has, whoever says the rest: the key, and the source.
fn is_of_frame(class: Class, name: Name) -> bool {
    name == Name::Source || name == class.first() || class.template().key.contains(&name)
}

/// A `[[shared]]` as written.
pub(super) struct Written {
    key: At<KeyPattern>,
    attributes: Vec<At<String>>,
}

/// The keys of `[[shared]]`.
const KEYS: Keys = Keys {
    title: "objects that are edited together with others",
    about: "Of such an object only `attributes` are compared and written; all else stays as it is registered ([lir.md](lir.md)).",
    rows: &[
        Row::needed::<At<KeyPattern>>("key", "\"inet6num/2001:db8::/32\"", "which object, or all of a class"),
        Row::needed::<Vec<At<String>>>(
            "attributes",
            "[\"descr\", \"mnt-lower\"]",
            "the attributes that are ours",
        ),
    ],
};

impl Read for Written {
    const KIND: Kind = Kind::Table(&KEYS);

    fn read(value: Value) -> Option<Written> {
        value.table(&KEYS, |table| {
            let (key, attributes) = (table.need("key"), table.need("attributes"));
            Some(Written { key: key?, attributes: attributes? })
        })?
    }
}

/// All `[[shared]]` of the file.
pub(super) fn read(root: &mut Table) -> Vec<Arc<Shared>> {
    let written: Vec<Written> = root.get("shared").unwrap_or_default();
    written.into_iter().map(|written| Arc::new(understand(written, root))).collect()
}

fn understand(Written { key, attributes }: Written, root: &Table) -> Shared {
    let class = key.value.class();
    let mut ours = Vec::new();
    if attributes.is_empty() {
        let finding = Finding::error("config-value", format!("no attribute of {} is ours", key.value));
        let remedy = "name one, as in `attributes = [\"descr\"]`, or take this [[shared]] out";
        root.report(finding.fix(remedy).at(key.place.clone()));
    }
    for At { value: text, place } in attributes {
        match attribute(&text, class) {
            Ok(name) if ours.contains(&name) => {
                let finding = Finding::error("config-value", format!("`{text}` is named twice"));
                root.report(finding.fix("take one of the two out").at(place));
            }
            Ok(name) => ours.push(name),
            Err((text, remedy)) => {
                root.report(Finding::error("config-value", text).fix(remedy).at(place));
            }
        }
    }
    Shared { objects: key.value, attributes: ours, place: key.place }
}

/// The attribute of this name, or why it cannot be ours, and what to do.
fn attribute(text: &str, class: Class) -> Result<Name, (String, String)> {
    let template = class.template();
    let out = || "take it out of `attributes`".to_owned();
    match Name::from_text(text).filter(|name| template.row(*name).is_some()) {
        None => {
            let known = || template.rows.iter().map(|row| row.name.text());
            let meant = suggestion(text, known()).map(|meant| format!("did you mean `{meant}`?"));
            let all = || format!("write one of: {}", known().collect::<Vec<_>>().join(", "));
            Err((format!("{class} objects have no `{text}`"), meant.unwrap_or_else(all)))
        }
        Some(Name::Source) => Err(("`source` is the registry's, and no party's to edit".to_owned(), out())),
        Some(name) if template.key.contains(&name) => {
            Err((format!("`{name}` names the object, and cannot be edited"), out()))
        }
        Some(name) if is_generated(name) => Err((format!("the registry writes `{name}` itself"), out())),
        Some(name) => Ok(name),
    }
}
