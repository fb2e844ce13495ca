//! An answer of the registry: its objects and messages, or why it cannot be one.
//!
//! Strict where the registry is not the only one that may answer: a proxy's HTML, an empty body, half a JSON or
//! JSON of another shape is never taken for "nothing found".

use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use super::{ErrorMessages, WireAttribute, WireMessage, WireObject, mask};
use crate::{
    finding::Severity,
    rpsl::{Draft, Object},
    rules::Message,
};

/// What the registry answered.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The objects; on a refused write the object as submitted.
    pub objects: Vec<Object>,
    /// What is said about the request, in order.
    pub messages: Vec<Message>,
    /// Whether it has the short form of what stands before the registry, `{"message", "url", "status"}`.
    pub is_short: bool,
    /// The URL of the request that it says it answers, if it says one.
    pub link: Option<String>,
}

/// What came instead of an answer: content type and first characters, masked.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// What tells the shapes of an answer apart. A search finds tens of thousands of objects: they are read once it is
/// known that they are some, and straight into their own form.
#[derive(Deserialize)]
struct Shape {
    message: Option<Value>,
    objects: Option<IgnoredAny>,
    errormessages: Option<IgnoredAny>,
}

/// As much of an answer as is looked at. Each object is made as soon as it is read, so that an answer of many objects
/// is never kept in two forms at once.
#[derive(Deserialize)]
struct Read {
    link: Option<Value>,
    objects: Option<ReadObjects>,
    errormessages: Option<ErrorMessages>,
}

#[derive(Default, Deserialize)]
struct ReadObjects {
    #[serde(default)]
    object: Vec<ReadObject>,
}

#[derive(Deserialize)]
#[serde(from = "WireObject")]
struct ReadObject(Result<Object, String>);

impl From<WireObject> for ReadObject {
    fn from(wire: WireObject) -> ReadObject {
        ReadObject(object(wire))
    }
}

const OTHER_SHAPE: &str = "the answer is JSON, but without objects or messages";

impl Reply {
    /// Reads a body. `content_type` is the header's value.
    pub fn read(content_type: Option<&str>, body: &[u8]) -> Result<Reply, Unreadable> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Err(Unreadable("the answer is empty".to_owned()));
        }
        let came = |what: &str| Unreadable(format!("{what}; it begins: {}", beginning(body)));
        let kind = content_type.unwrap_or("no content type");
        if !is_json(kind) {
            return Err(came(&format!("the answer is not JSON but {}", mask::excerpt(kind))));
        }
        let shape: Shape = serde_json::from_slice(body).map_err(|error| came(&broken(&error)))?;
        Reply::from_json(shape, body).map_err(|what| came(&what))
    }

    /// Reads JSON: the registry's own shape, or the short form `{"message", "url", "status"}` of its refusals.
    fn from_json(shape: Shape, body: &[u8]) -> Result<Reply, String> {
        let known = shape.objects.is_some() || shape.errormessages.is_some();
        if let (false, Some(Value::String(text))) = (known, shape.message) {
            return Ok(Reply { messages: vec![Message::error(text)], is_short: true, ..Reply::default() });
        }
        if !known {
            return Err(OTHER_SHAPE.to_owned());
        }
        let read: Read = serde_json::from_slice(body)
            .map_err(|error| format!("the answer is JSON of another shape: {error}"))?;
        let objects = read.objects.unwrap_or_default().object;
        let messages = read.errormessages.unwrap_or_default().errormessage;
        Ok(Reply {
            objects: objects.into_iter().map(|ReadObject(object)| object).collect::<Result<_, _>>()?,
            messages: messages.into_iter().map(message).collect(),
            is_short: false,
            link: read.link.as_ref().and_then(|link| Some(link.get("href")?.as_str()?.to_owned())),
        })
    }

    /// Whether the registry itself says that there is no such object, and not something on the way to it.
    pub fn says_absent(&self) -> bool {
        let absent = |message: &Message| message.text.starts_with("ERROR:101") || message.text == "Not Found";
        !self.is_short && self.objects.is_empty() && self.messages.iter().any(absent)
    }

    /// Whether it is the registry's "no object can have such a key".
    pub fn says_impossible(&self) -> bool {
        let impossible = |message: &Message| message.text.starts_with("ERROR:115");
        !self.is_short && self.objects.is_empty() && self.messages.iter().any(impossible)
    }

    /// The texts of its errors, filled in.
    pub fn errors(&self) -> Vec<String> {
        let errors = self.messages.iter().filter(|message| message.severity == Severity::Error);
        errors.map(ToString::to_string).collect()
    }
}

fn is_json(content_type: &str) -> bool {
    let media = content_type.split(';').next().unwrap_or_default().trim();
    media.eq_ignore_ascii_case("application/json")
}

fn broken(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "the answer ends in the middle of its JSON".to_owned();
    }
    if error.is_data() {
        return OTHER_SHAPE.to_owned();
    }
    format!("the answer is not JSON ({error})")
}

fn beginning(body: &[u8]) -> String {
    // A character of UTF-8 has at most 4 bytes: this is more than is shown.
    mask::excerpt(&String::from_utf8_lossy(body.get(..2000).unwrap_or(body)))
}

fn object(wire: WireObject) -> Result<Object, String> {
    let pairs: Vec<(String, String)> = wire.attributes.attribute.into_iter().map(pair).collect();
    let count = pairs.len();
    let object =
        Draft::from_pairs(pairs).build().map_err(|error| format!("an object of the answer: {error}"))?;
    if object.attributes().len() != count {
        return Err("an object of the answer has an attribute that is none".to_owned());
    }
    Ok(object)
}

fn pair(attribute: WireAttribute) -> (String, String) {
    let value = attribute.value.unwrap_or_default();
    let raw = match attribute.comment.filter(|comment| !comment.is_empty()) {
        Some(comment) => format!("{value} # {comment}"),
        None => value,
    };
    (attribute.name, raw)
}

fn message(wire: WireMessage) -> Message {
    let severity = match wire.severity.to_ascii_lowercase().as_str() {
        "warning" => Severity::Warning,
        "info" => Severity::Info,
        _ => Severity::Error,
    };
    let args = wire.args.into_iter().map(|arg| arg.value.unwrap_or_default()).collect();
    let attribute = wire.attribute.map(pair);
    Message { args, attribute, ..Message::new(severity, wire.text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: Option<&str> = Some("application/json;charset=utf-8");

    #[test]
    fn says_what_came_instead_of_an_answer() {
        let check = |kind: Option<&str>, body: &str, expected: &str| {
            assert_eq!(Reply::read(kind, body.as_bytes()).unwrap_err().to_string(), expected);
        };
        check(JSON, " \n", "the answer is empty");
        check(
            Some("text/html"),
            "<html>\n<h1>Bad gateway</h1>",
            "the answer is not JSON but text/html; it begins: <html> <h1>Bad gateway</h1>",
        );
        check(
            Some("application/xml"),
            "<whois-resources/>",
            "the answer is not JSON but application/xml; it begins: <whois-resources/>",
        );
        check(None, "x", "the answer is not JSON but no content type; it begins: x");
        check(
            JSON,
            r#"{"objects":{"object":[{"type":"ro"#,
            r#"the answer ends in the middle of its JSON; it begins: {"objects":{"object":[{"type":"ro"#,
        );
        check(JSON, "[]", "the answer is JSON, but without objects or messages; it begins: []");
        check(JSON, "{}", "the answer is JSON, but without objects or messages; it begins: {}");
        check(
            JSON,
            r#"{"objects":{"object":[{"attributes":{"attribute":[{"name":"banana","value":"x"}]}}]}}"#,
            concat!(
                "an object of the answer: `banana` is not a class of objects; it begins: ",
                r#"{"objects":{"object":[{"attributes":{"attribute":[{"name":"banana","value":"x"}]}}]}}"#
            ),
        );
    }

    #[test]
    fn reads_objects_formatted_or_not() {
        let check = |attributes: &str, expected: &str| {
            let body =
                format!(r#"{{"objects":{{"object":[{{"attributes":{{"attribute":[{attributes}]}}}}]}}}}"#);
            assert_eq!(Reply::read(JSON, body.as_bytes()).unwrap().objects[0].text(), expected);
        };
        check(r#"{"name":"person","value":"         A B # x\n  y"}"#, "person:         A B # x\n  y\n");
        check(r#"{"name":"person","value":"A B","comment":"x"}"#, "person:         A B # x\n");
    }

    #[test]
    fn an_attribute_cannot_smuggle_in_another() {
        let body = r#"{"objects":{"object":[{"attributes":{"attribute":[{"name":"person","value":"A\n\nrole: B"}]}}]}}"#;
        let reply = Reply::read(JSON, body.as_bytes()).unwrap();
        assert_eq!(reply.objects[0].attributes().len(), 1);
        let body = r#"{"objects":{"object":[{"attributes":{"attribute":[{"name":"person: A\nrole","value":"B"}]}}]}}"#;
        assert!(Reply::read(JSON, body.as_bytes()).is_err());
    }

    #[test]
    fn reads_messages_of_both_shapes() {
        let check = |body: &str, expected: &[&str]| {
            assert_eq!(Reply::read(JSON, body.as_bytes()).unwrap().errors(), expected);
        };
        check(
            r#"{"errormessages":{"errormessage":[{"severity":"Error","text":"\"%s\" is %s","args":[{"value":"a"},{}]},
                {"severity":"Info","text":"x"}]}}"#,
            &["\"a\" is "],
        );
        check(r#"{"message":"Too Many Requests","url":"x","status":"429"}"#, &["Too Many Requests"]);
    }

    #[test]
    fn reads_what_the_registry_was_recorded_to_answer() {
        let Some(folder) = crate::rpsl::shared::path("registry/transcripts") else { return };
        let mut absent = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            for line in std::fs::read_to_string(file.unwrap().path()).unwrap().lines() {
                let case: Value = serde_json::from_str(line).unwrap();
                let (path, kind) =
                    (case["path"].as_str().unwrap(), case["response_headers"]["content-type"].as_str());
                let asked = (path.starts_with("/ripe/") || path == "/search") && !path.contains("/versions");
                let body = &case["response_body"];
                if asked
                    && body.is_object()
                    && [200, 400, 401, 404, 409].map(Value::from).contains(&case["status"])
                {
                    let reply = Reply::read(kind, body.to_string().as_bytes()).unwrap();
                    // The short form is of the web server: it knows no such path.
                    let known = body.get("errormessages").is_some();
                    assert_eq!(reply.says_absent(), case["status"] == 404 && known, "{case}");
                    absent += usize::from(reply.says_absent());
                }
            }
        }
        assert!(absent > 0);
    }
}
