//! An object as the body of a write.

use serde_json::json;

use super::{Objects, Resources, SourceId, WireAttribute, WireAttributes, WireObject};
use crate::rpsl::{Name, Object};

/// The body of a POST or PUT of `object`, unformatted: every value with its blanks, lines and comments.
///
/// The registry takes a `#` inside the value for the comment (api.md §4), so that what is stored is what the
/// file says. Line ends are `\n` whatever the file has.
pub fn request_body(object: &Object) -> String {
    body(vec![wire_object(object)])
}

/// The body of a request about several objects, each with its class (api.md §7).
pub fn request_body_of(objects: &[Object]) -> String {
    let kind = |object: &Object| Some(object.class().text().to_owned());
    let typed = |object: &Object| WireObject { kind: kind(object), ..wire_object(object) };
    body(objects.iter().map(typed).collect())
}

fn body(object: Vec<WireObject>) -> String {
    json!(Resources { objects: Some(Objects { object }), ..Resources::default() }).to_string()
}

fn wire_object(object: &Object) -> WireObject {
    let attributes = object.attributes().map(|attribute| WireAttribute {
        name: attribute.label.trim().to_owned(),
        value: Some(attribute.raw.replace('\r', "")),
        ..WireAttribute::default()
    });
    let source = object.value(Name::Source).map(|id| SourceId { id });
    let attributes = WireAttributes { attribute: attributes.collect() };
    WireObject { source, attributes, ..WireObject::default() }
}

#[cfg(test)]
mod tests {
    use super::request_body;
    use crate::rpsl::Object;

    fn check(text: &str, expected: &str) {
        let body: serde_json::Value =
            serde_json::from_str(&request_body(&Object::parse(text).unwrap())).unwrap();
        let object = &body["objects"]["object"][0];
        assert_eq!(object["attributes"]["attribute"].to_string(), expected);
        assert_eq!(object["source"]["id"], "RIPE");
    }

    #[test]
    fn values_keep_their_lines_and_comments() {
        check(
            "person: A B # who\naddress:  x\r\n+\n  y\nmb: A-MNT\nsource: RIPE",
            concat!(
                r#"[{"name":"person","value":" A B # who"},{"name":"address","value":"  x\n+\n  y"},"#,
                r#"{"name":"mb","value":" A-MNT"},{"name":"source","value":" RIPE"}]"#
            ),
        );
    }
}
