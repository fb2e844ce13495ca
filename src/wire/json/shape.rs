//! The shapes of the registry's classes.

/// What may stand in a place.
pub enum Shape {
    /// Anything: it is passed over.
    Any,
    /// A text, or what has one.
    Text,
    /// An object of this Java class, with these fields.
    Record(&'static str, &'static [(&'static str, Shape)]),
    /// An array of these.
    List(&'static Shape),
}

use Shape::{Any, List, Record, Text};

const LINK: Shape = Record("Link", &[("type", Text), ("href", Text)]);
const ATTRIBUTE: Shape = Record(
    "Attribute",
    &[
        ("link", LINK),
        ("name", Text),
        ("value", Text),
        ("comment", Text),
        ("referenced-type", Text),
        ("managed", Any),
    ],
);
const ATTRIBUTES: &[(&str, Shape)] = &[("attribute", List(&ATTRIBUTE))];
const OBJECT: Shape = Record(
    "WhoisObject",
    &[
        ("type", Text),
        ("link", LINK),
        ("source", Record("Source", &[("id", Text)])),
        ("primary-key", Record("PrimaryKey", ATTRIBUTES)),
        ("attributes", Record("Attributes", ATTRIBUTES)),
        ("managed", Any),
        ("resource-holder", Any),
        ("abuse-contact", Any),
        ("version", Any),
        ("action", Text),
        ("objectmessages", Any),
    ],
);
const OBJECTS: Shape = Record("WhoisObjects", &[("object", List(&OBJECT))]);
/// A whole body.
pub const BODY: Shape = Record(
    "WhoisResources",
    &[
        ("link", LINK),
        ("service", Any),
        ("parameters", Any),
        ("objects", OBJECTS),
        ("sources", Any),
        ("geolocation-attributes", Any),
        ("errormessages", Any),
        ("terms-and-conditions", LINK),
        ("version", Any),
        ("versions", Any),
        ("grsSources", Any),
    ],
);

/// The registry's own name for what is read.
pub fn java(shape: &Shape) -> String {
    match shape {
        Any => "java.lang.Object".to_owned(),
        Text => "java.lang.String".to_owned(),
        Record(name, _) => format!("net.ripe.db.whois.api.rest.domain.{name}"),
        List(element) => format!("java.util.ArrayList<{}>", java(element)),
    }
}
