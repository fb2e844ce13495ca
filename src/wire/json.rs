//! What is wrong with a body in JSON, in the words of the registry's reader: the first fault in the order in which it
//! is read, and where. What is not known here is left to be found by who reads the body.

/// A fault, and the byte at which the registry says that it is.
#[derive(Debug, Eq, PartialEq)]
pub struct Fault {
    /// What it is.
    pub text: String,
    /// Behind what was read last.
    pub at: usize,
}

/// What may stand in a place.
enum Shape {
    /// Anything: it is passed over.
    Any,
    /// An object of this Java class, with these fields.
    Record(&'static str, &'static [(&'static str, Shape)]),
    /// An array of these.
    List(&'static Shape),
}

use Shape::{Any, List, Record};

const ATTRIBUTE: Shape = Record(
    "Attribute",
    &[
        ("link", Any),
        ("name", Any),
        ("value", Any),
        ("comment", Any),
        ("referenced-type", Any),
        ("managed", Any),
    ],
);
const ATTRIBUTES: Shape = Record("Attributes", &[("attribute", List(&ATTRIBUTE))]);
const OBJECT: Shape = Record(
    "WhoisObject",
    &[
        ("type", Any),
        ("link", Any),
        ("source", Any),
        ("primary-key", Any),
        ("attributes", ATTRIBUTES),
        ("managed", Any),
        ("resource-holder", Any),
        ("abuse-contact", Any),
        ("version", Any),
        ("action", Any),
        ("objectmessages", Any),
    ],
);
const OBJECTS: Shape = Record("WhoisObjects", &[("object", List(&OBJECT))]);
const BODY: Shape = Record(
    "WhoisResources",
    &[
        ("link", Any),
        ("service", Any),
        ("parameters", Any),
        ("objects", OBJECTS),
        ("errormessages", Any),
        ("terms-and-conditions", Any),
        ("version", Any),
        ("versions", Any),
        ("grsSources", Any),
    ],
);

/// How deeply it is looked into; who reads the body refuses what is nested more deeply.
const DEEPEST: usize = 64;

/// The first fault of a body.
pub fn fault(body: &[u8]) -> Option<Fault> {
    let mut scanner = Scanner { body, at: 0 };
    match scanner.value(&BODY, "root", 0) {
        Err(Stop::At(fault)) => Some(fault),
        Ok(()) | Err(Stop::Unknown) => None,
    }
}

/// Why it is not read on.
enum Stop {
    At(Fault),
    Unknown,
}

type Read<T> = Result<T, Stop>;

struct Scanner<'a> {
    body: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn stop<T>(&self, text: impl Into<String>) -> Read<T> {
        Err(Stop::At(Fault { text: text.into(), at: self.at }))
    }

    /// The next byte that is no blank, which is not taken.
    fn peek(&mut self) -> Option<u8> {
        let blanks = self.body.get(self.at..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.at += blanks;
        self.body.get(self.at).copied()
    }

    /// The same where one must come, inside a `kind`.
    fn expect(&mut self, kind: &str) -> Read<u8> {
        match self.peek() {
            Some(byte) => Ok(byte),
            None => self.stop(format!("Unexpected end-of-input within/between {kind} entries")),
        }
    }

    /// The same where a `kind` may be over.
    fn expect_or_end(&mut self, kind: &str) -> Read<u8> {
        match self.peek() {
            Some(byte) => Ok(byte),
            None => self.stop(format!("Unexpected end-of-input: expected close marker for {kind}")),
        }
    }

    /// Refuses the next byte, which is read.
    fn unexpected<T>(&mut self, byte: u8, expected: &str) -> Read<T> {
        self.at += 1;
        let shown = match byte {
            b' '.. => format!("'{}' (code {byte})", char::from(byte)),
            _ => format!("(CTRL-CHAR, code {byte})"),
        };
        self.stop(format!("Unexpected character ({shown}): {expected}"))
    }

    fn value(&mut self, shape: &Shape, within: &str, depth: usize) -> Read<()> {
        if depth > DEEPEST {
            return Err(Stop::Unknown);
        }
        let first = self.expect(within)?;
        match (first, shape) {
            (b'{', List(_)) => {
                self.stop(format!("Cannot deserialize value of type `{}` from Object value", java(shape)))
            }
            (b'[', Record(..)) => {
                self.stop(format!("Cannot deserialize value of type `{}` from Array value", java(shape)))
            }
            (b'"', Record(..)) => self.stop(format!("Cannot construct instance of `{}`", java(shape))),
            (b'{', _) => self.record(shape, depth),
            (b'[', _) => self.list(shape, depth),
            (b'"', _) => self.text(" in VALUE_STRING").map(drop),
            _ => self.scalar(),
        }
    }

    fn record(&mut self, shape: &Shape, depth: usize) -> Read<()> {
        self.at += 1;
        if self.expect_or_end("Object")? == b'}' {
            self.at += 1;
            return Ok(());
        }
        loop {
            match self.expect("Object")? {
                b'"' => {}
                other => return self.unexpected(other, "was expecting double-quote to start field name"),
            }
            let name = self.text(" in field name")?;
            match self.expect("Object")? {
                b':' => self.at += 1,
                other => {
                    return self.unexpected(other, "was expecting a colon to separate field name and value");
                }
            }
            let inner = self.field(shape, &name)?;
            self.value(inner, "Object", depth + 1)?;
            match self.expect_or_end("Object")? {
                b',' => self.at += 1,
                b'}' => break,
                other => return self.unexpected(other, "was expecting comma to separate Object entries"),
            }
        }
        self.at += 1;
        Ok(())
    }

    /// The shape of a field. One that is not known is told when its value has begun.
    fn field<'s>(&mut self, shape: &'s Shape, name: &str) -> Read<&'s Shape> {
        let Record(_, fields) = shape else { return Ok(&Any) };
        if let Some((_, inner)) = fields.iter().find(|(known, _)| *known == name) {
            return Ok(inner);
        }
        self.expect("Object")?;
        self.at += 1;
        self.stop(format!("Unrecognized field \"{name}\""))
    }

    fn list(&mut self, shape: &Shape, depth: usize) -> Read<()> {
        let element = if let List(element) = shape { *element } else { &Any };
        self.at += 1;
        if self.expect_or_end("Array")? == b']' {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(element, "Array", depth + 1)?;
            match self.expect_or_end("Array")? {
                b',' => self.at += 1,
                b']' => break,
                other => return self.unexpected(other, "was expecting comma to separate Array entries"),
            }
        }
        self.at += 1;
        Ok(())
    }

    /// A text in quotes, as written.
    fn text(&mut self, place: &str) -> Read<String> {
        self.at += 1;
        let start = self.at;
        loop {
            match self.body.get(self.at) {
                None => {
                    self.at = self.body.len();
                    return self.stop(format!("Unexpected end-of-input{place}"));
                }
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
            }
        }
        let text = String::from_utf8_lossy(self.body.get(start..self.at).unwrap_or_default()).into_owned();
        self.at += 1;
        Ok(text)
    }

    /// A number or a word; whether it is one is for others to say.
    fn scalar(&mut self) -> Read<()> {
        let rest = self.body.get(self.at..).unwrap_or_default();
        let length =
            rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
        self.at += length;
        if length > 0 { Ok(()) } else { Err(Stop::Unknown) }
    }
}

/// The registry's own name for what is read.
fn java(shape: &Shape) -> String {
    match shape {
        Any => "java.lang.Object".to_owned(),
        Record(name, _) => format!("net.ripe.db.whois.api.rest.domain.{name}"),
        List(element) => format!("java.util.ArrayList<{}>", java(element)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &str, at: usize) {
        let found = fault(body.as_bytes()).map(|fault| (fault.text, fault.at));
        let expected = (!expected.is_empty()).then(|| (expected.to_owned(), at));
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn says_where_a_body_ends_too_early() {
        let end = |body: &str, text: &str| check(body, &format!("Unexpected end-of-input{text}"), body.len());
        end("{", ": expected close marker for Object");
        end(r#"{"objects":"#, " within/between Object entries");
        end(r#"{"objects""#, " within/between Object entries");
        end(r#"{"obj"#, " in field name");
        end(r#"{"objects":{"object":["#, ": expected close marker for Array");
        end(r#"{"objects":{"object":[{},"#, " within/between Array entries");
        end(r#"{"objects":{"object":[{"type":"ro"#, " in VALUE_STRING");
        end(r#"{"objects":{"object":[{"type":"ro\"#, " in VALUE_STRING");
        end(r#"{"objects":{"object":[{"type":"role""#, ": expected close marker for Object");
        end(r#"{"objects":{"object":[{"type":"role"}"#, ": expected close marker for Array");
        end(r#"{"objects":{"object":[]} "#, ": expected close marker for Object");
        end(r#"{"link":{"a":[1,"#, " within/between Array entries");
    }

    #[test]
    fn says_what_is_of_another_kind() {
        let resources = "net.ripe.db.whois.api.rest.domain.WhoisResources";
        check("[]", &format!("Cannot deserialize value of type `{resources}` from Array value"), 0);
        check("\"x\"", &format!("Cannot construct instance of `{resources}`"), 0);
        let list = "java.util.ArrayList<net.ripe.db.whois.api.rest.domain.WhoisObject>";
        check(
            r#"{"objects":{"object":{}}}"#,
            &format!("Cannot deserialize value of type `{list}` from Object value"),
            21,
        );
        let objects = "net.ripe.db.whois.api.rest.domain.WhoisObjects";
        check(
            r#"{"objects":[]}"#,
            &format!("Cannot deserialize value of type `{objects}` from Array value"),
            11,
        );
    }

    #[test]
    fn says_which_character_was_not_expected() {
        let check = |body: &str, c: char, expected: &str, at| {
            check(
                body,
                &format!("Unexpected character ('{c}' (code {})): was expecting {expected}", u32::from(c)),
                at,
            );
        };
        check("{a}", 'a', "double-quote to start field name", 2);
        check(r#"{"link":1,}"#, '}', "double-quote to start field name", 11);
        check(r#"{"link" 1}"#, '1', "a colon to separate field name and value", 9);
        check(r#"{"link":1 "x":2}"#, '"', "comma to separate Object entries", 11);
        let control =
            "Unexpected character ((CTRL-CHAR, code 1)): was expecting comma to separate Array entries";
        super::tests::check("{\"link\":[1\u{1}", control, 11);
        check(r#"{"link":[1 2]}"#, '2', "comma to separate Array entries", 12);
    }

    #[test]
    fn the_first_fault_is_told_and_what_is_known_is_none() {
        check(r#"{"objekts":{}}"#, "Unrecognized field \"objekts\"", 12);
        check(r#"{"link":{"x":{}},"foo": [1"#, "Unrecognized field \"foo\"", 25);
        check(
            r#"{"objects":{"object":[{"attributes":{"attribute":[{"nme":"#,
            "Unexpected end-of-input within/between Object entries",
            57,
        );
        for fine in [
            "{}",
            " {\"link\":null} ",
            r#"{"objects":{"object":[{"attributes":{"attribute":[{"name":"a","value":null}]}}]}}"#,
        ] {
            check(fine, "", 0);
        }
        check("x", "", 0); // a word, which others refuse
        check(&"[".repeat(100_000).replacen('[', "{\"link\":", 1), "", 0);
    }
}
