//! The body of a write: JSON to objects, refused with the registry's own texts.
//!
//! Reading is as strict as the registry: a field that it does not know is refused, and everything in an object
//! but its attributes is ignored. Nothing here knows what attributes mean.

use super::{
    SourceId, WireAttribute, WireAttributes, WireObject,
    json::{self, Json},
};
use crate::{
    rpsl::{Class, Draft, Name, Object, ObjectError, layout},
    rules::{Message, prepare},
};

/// What the registry says when it refuses a body: always 400.
pub type Refused = Box<Message>;

/// The objects of a body in JSON; `None` if it is empty or `null`.
pub fn objects(body: &[u8]) -> Result<Option<Vec<WireObject>>, Refused> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    match json::read(body) {
        Ok(Json::Null) => Ok(None),
        Ok(resources) => {
            Ok(Some(resources.field("objects").field("object").elements().iter().map(submitted).collect()))
        }
        Err(fault) => {
            let (line, column) = position(&String::from_utf8_lossy(body), fault.at);
            Err(exception(&fault.text, line, column))
        }
    }
}

/// An object as submitted: what anybody reads of it.
fn submitted(object: &Json) -> WireObject {
    let attribute = |attribute: &Json| WireAttribute {
        name: attribute.text("name").unwrap_or_default(),
        value: attribute.text("value"),
        comment: attribute.text("comment"),
        referenced_type: attribute.text("referenced-type"),
        ..WireAttribute::default()
    };
    let attributes = object.field("attributes").field("attribute").elements().iter();
    WireObject {
        kind: object.text("type"),
        source: object.field("source").text("id").map(|id| SourceId { id }),
        attributes: WireAttributes { attribute: attributes.map(attribute).collect() },
        action: object.text("action"),
        ..WireObject::default()
    }
}

/// The object that the attributes of a submitted one make.
///
/// What is refused here has no class or no key.
pub fn object(submitted: &WireObject) -> Result<Object, Refused> {
    let attributes = &submitted.attributes.attribute;
    if attributes.is_empty() {
        return Err(refused("The validated collection is empty"));
    }
    let pairs = attributes.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
    let is_folded = pairs.iter().any(|(_, raw)| raw.contains('\n'));
    let pairs = if is_folded { read_again(&pairs)? } else { pairs };
    let object = Draft::from_pairs(pairs).build().map_err(no_object)?;
    prepare::no_key(&object).map_or(Ok(object), |message| Err(Box::new(message)))
}

/// The attributes as they come out of the print of the object, which is what the registry goes on with: behind an empty
/// line in a value, also at its end, what follows is the name of the next attribute.
fn read_again(pairs: &[(String, String)]) -> Result<Vec<(String, String)>, Refused> {
    let print = |(label, raw): &(String, String)| format!("{label}:{}\n", layout(label, raw));
    let text: String = pairs.iter().map(print).collect();
    let (mut read, mut rest) = (Vec::new(), text.as_str());
    while !rest.is_empty() {
        let (label, behind) = rest.split_once(':').ok_or_else(|| refused("No key found"))?;
        let goes_on = |at: usize| behind.get(at + 1..).is_some_and(|next| next.starts_with([' ', '\t', '+']));
        let end = behind.match_indices('\n').map(|(at, _)| at).find(|at| !goes_on(*at));
        let (raw, next) = end.and_then(|at| behind.split_at_checked(at)).unwrap_or((behind, ""));
        read.push((label.to_owned(), raw.trim_start_matches(' ').to_owned()));
        rest = next.strip_prefix('\n').unwrap_or(next);
    }
    Ok(read)
}

/// Label and raw value of a submitted attribute; a comment stands behind the value. The registry prints what was
/// submitted before it reads it: values begin at their column, and tabs become blanks.
fn pair(attribute: &WireAttribute) -> Result<(String, String), Refused> {
    let name = &attribute.name;
    if name.is_empty() || name.starts_with([' ', '\t', '+', '#', '%']) || name.contains([':', '\n', '\r']) {
        return Err(refused(format!("\"{}\" is not a known RPSL attribute", name.escape_debug())));
    }
    let Some(value) = &attribute.value else {
        return Err(refused(format!("Attribute {name} has no value")));
    };
    let value = value.replace('\t', " ");
    let value = value.trim_start_matches(' ');
    let may_contain_mark = Name::from_text(name) == Some(Name::Contact);
    let raw = match attribute.comment.as_deref().map(str::trim).filter(|comment| !comment.is_empty()) {
        None => value.to_owned(),
        Some(_) if value.contains('#') && !may_contain_mark => {
            return Err(refused("Value cannot have a comment"));
        }
        Some(comment) => format!("{value} # {comment}"),
    };
    Ok((name.to_ascii_lowercase(), raw))
}

fn no_object(error: ObjectError) -> Refused {
    match error {
        ObjectError::UnknownClass { name, .. } => refused(format!("Invalid object type: {name}")),
        ObjectError::Empty | ObjectError::NotAnAttribute(_) => refused("The validated collection is empty"),
    }
}

/// The class that the body claims for an object, which only some services read.
pub fn claimed_class(submitted: &WireObject) -> Option<Class> {
    Class::named(submitted.kind.as_deref()?)
}

fn refused(text: impl Into<std::borrow::Cow<'static, str>>) -> Refused {
    Box::new(Message::error(text))
}

/// Line and column of the byte `at` of a text, both from 1.
pub fn position(text: &str, at: usize) -> (usize, usize) {
    let before = String::from_utf8_lossy(text.as_bytes().get(..at).unwrap_or(text.as_bytes()));
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

fn exception(text: &str, line: usize, column: usize) -> Refused {
    let message = Message::error("JSON processing exception: %s (line: %s, column: %s)");
    Box::new(message.arg(text).arg(line).arg(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &str) {
        let answer = objects(body.as_bytes());
        let answer = answer.and_then(|objects| objects.unwrap_or_default().iter().map(object).collect());
        let found = answer.map_or_else(
            |message: Refused| message.to_string(),
            |objects: Vec<Object>| objects.iter().map(Object::print).collect(),
        );
        assert_eq!(found, expected, "{body}");
    }

    fn with(attributes: &str) -> String {
        format!(r#"{{"objects":{{"object":[{{"attributes":{{"attribute":[{attributes}]}}}}]}}}}"#)
    }

    #[test]
    fn reads_attributes_and_nothing_else() {
        let body = with(
            r#"{"name":"ROLE","value":"  A\tB # x"},{"name":"nic-hdl","value":"A1-RIPE","comment":"c"},{"name":"source","value":"RIPE"}"#,
        );
        check(&body, "role:           A B # x\nnic-hdl:        A1-RIPE # c\nsource:         RIPE\n");
        check("", "");
        check(r#"{"objects":{"object":[]}}"#, "");
        check(r#"{"objects":{"object":null}} behind"#, "");
        check("\u{feff}{}", "");
        assert!(objects(b" null ").unwrap().is_none() && objects(b"{}").unwrap().is_some());
    }

    #[test]
    fn numbers_and_words_are_texts_and_the_last_of_two_counts() {
        let body = with(
            r#"{"name":"role","name":"person","value":5,"value":5.50},{"name":"nic-hdl","value":"A1-RIPE"},{"name":"remarks","value":true,"comment":null},{"name":"remarks","value":-1E400},{"name":"source","value":"\u0052IPE"}"#,
        );
        check(
            &body,
            "person:         5.50\nnic-hdl:        A1-RIPE\nremarks:        true\nremarks:        -1E400\nsource:         RIPE\n",
        );
    }

    #[test]
    fn an_empty_line_ends_a_value_and_begins_a_name() {
        let role = r#"{"name":"role","value":"R"},{"name":"nic-hdl","value":"A1-RIPE"}"#;
        let names = |attributes: &str| {
            let objects = objects(with(attributes).as_bytes()).unwrap().unwrap();
            object(&objects[0])
                .map(|object| object.attributes().map(|a| a.label.to_owned()).collect::<Vec<_>>())
        };
        let next = r#"{"name":"source","value":"RIPE"}"#;
        let found = names(&format!(r#"{role},{{"name":"address","value":"x\n"}},{next}"#)).unwrap();
        assert_eq!(found, ["role", "nic-hdl", "address", "\nsource"]);
        let found = names(&format!(r#"{role},{{"name":"address","value":"x\n\ny"}},{next}"#)).unwrap();
        assert_eq!(found, ["role", "nic-hdl", "address", "\n                y\nsource"]);
        let found = names(&format!(r#"{role},{{"name":"address","value":"x\n \ny\nz"}},{next}"#)).unwrap();
        assert_eq!(found, ["role", "nic-hdl", "address", "source"]);
        let found = names(&format!(r#"{role},{{"name":"source","value":"RIPE\n"}}"#)).unwrap_err();
        assert_eq!(found.to_string(), "No key found");
    }

    #[test]
    fn refuses_with_the_words_of_the_registry() {
        let at = |text: &str| format!("JSON processing exception: {text}");
        check(
            r#"{"objects":"#,
            &at("Unexpected end-of-input within/between Object entries (line: 1, column: 12)"),
        );
        check(r#"{"objekts":{}}"#, &at("Unrecognized field \"objekts\" (line: 1, column: 13)"));
        check(&with(""), "The validated collection is empty");
        check(&with(r#"{"name":"source","value":"RIPE"}"#), "Invalid object type: source");
        let handle = r#"{"name":"nic-hdl","value":"AUTO-1"}"#;
        let role = r#"{"name":"role","value":"R"}"#;
        check(&with(&format!("{role},{handle},{handle}")), "Multiple nic-hdl: found in null");
        check(
            &with(&format!("{role},{{\"name\":\"nic-hdl\",\"value\":\"\"}}")),
            "key attributes must have value",
        );
        check(&with(r#"{"name":"role"}"#), "Attribute role has no value");
        check(&with(r#"{"name":"a: b\nrole","value":""}"#), "\"a: b\\nrole\" is not a known RPSL attribute");
    }

    #[test]
    fn survives_what_is_not_json() {
        let refused = |body: &[u8]| assert!(objects(body).is_err());
        refused(b"\xff\xfe{}");
        refused("[".repeat(100_000).as_bytes());
        refused(br#"{"objects":{"object":[{"attributes":7}]}}"#);
        refused(br#"{"objects":{"object":"x"}}"#);
    }
}
