//! What may be read off next, and what is said where it is something else.

use super::{
    Fault, Json,
    shape::{
        BODY,
        Shape::{self, Any, List, Record, Text},
        java,
    },
};

/// How deeply it is looked into; the registry's library takes 1000 levels.
const DEEPEST: usize = 128;

/// Reads a body; what stands behind its value is not looked at.
pub fn read(body: &[u8]) -> Result<Json, Fault> {
    Scanner { body, at: 0 }.value(&BODY, "root", 0)
}

struct Scanner<'a> {
    body: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn stop<T>(&self, text: impl Into<String>) -> Result<T, Fault> {
        Err(Fault { text: text.into(), at: self.at })
    }

    /// The next byte that is no blank, which is not taken.
    fn peek(&mut self) -> Option<u8> {
        let blanks = self.body.get(self.at..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.at += blanks;
        self.body.get(self.at).copied()
    }

    /// The same where one must come, inside a `kind`.
    fn expect(&mut self, kind: &str) -> Result<u8, Fault> {
        match self.peek() {
            Some(byte) => Ok(byte),
            None => self.stop(format!("Unexpected end-of-input within/between {kind} entries")),
        }
    }

    /// The same where a `kind` may be over.
    fn expect_or_end(&mut self, kind: &str) -> Result<u8, Fault> {
        match self.peek() {
            Some(byte) => Ok(byte),
            None => self.stop(format!("Unexpected end-of-input: expected close marker for {kind}")),
        }
    }

    /// Refuses the next byte, which is read.
    fn unexpected<T>(&mut self, byte: u8, expected: &str) -> Result<T, Fault> {
        self.at += 1;
        self.stop(format!("Unexpected character ({}): {expected}", shown(byte)))
    }

    fn value(&mut self, shape: &Shape, within: &str, depth: usize) -> Result<Json, Fault> {
        if depth > DEEPEST {
            return self.stop(format!("Document nesting depth ({depth}) exceeds the maximum allowed"));
        }
        match (self.expect(within)?, shape) {
            (b'{', List(_) | Text) => self.stop(mismatch(shape, "Object")),
            (b'[', Record(..) | Text) => self.stop(mismatch(shape, "Array")),
            (b'{', _) => self.record(shape, depth),
            (b'[', _) => self.list(shape, depth),
            (first, _) => self.scalar(first, shape),
        }
    }

    fn record(&mut self, shape: &Shape, depth: usize) -> Result<Json, Fault> {
        let mut fields = Vec::new();
        self.at += 1;
        if self.expect_or_end("Object")? == b'}' {
            self.at += 1;
            return Ok(Json::Record(fields));
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
            let value = self.value(inner, "Object", depth + 1)?;
            if !matches!(inner, Any) {
                fields.push((name, value));
            }
            match self.expect_or_end("Object")? {
                b',' => self.at += 1,
                b'}' => break,
                other => return self.unexpected(other, "was expecting comma to separate Object entries"),
            }
        }
        self.at += 1;
        Ok(Json::Record(fields))
    }

    /// The shape of a field. One that is not known is told when its value has begun.
    fn field<'s>(&mut self, shape: &'s Shape, name: &str) -> Result<&'s Shape, Fault> {
        let Record(_, fields) = shape else { return Ok(&Any) };
        if let Some((_, inner)) = fields.iter().find(|(known, _)| *known == name) {
            return Ok(inner);
        }
        self.expect("Object")?;
        self.at += 1;
        self.stop(format!("Unrecognized field \"{name}\""))
    }

    fn list(&mut self, shape: &Shape, depth: usize) -> Result<Json, Fault> {
        let mut elements = Vec::new();
        let element = if let List(element) = shape { *element } else { &Any };
        self.at += 1;
        if self.expect_or_end("Array")? == b']' {
            self.at += 1;
            return Ok(Json::List(elements));
        }
        loop {
            let value = self.value(element, "Array", depth + 1)?;
            if !matches!(element, Any) {
                elements.push(value);
            }
            match self.expect_or_end("Array")? {
                b',' => self.at += 1,
                b']' => break,
                other => return self.unexpected(other, "was expecting comma to separate Array entries"),
            }
        }
        self.at += 1;
        Ok(Json::List(elements))
    }

    /// A text, a number or a word. What is of another kind than wanted is told where it begins.
    fn scalar(&mut self, first: u8, shape: &Shape) -> Result<Json, Fault> {
        let start = self.at;
        let (text, kind) = match first {
            b'"' => (self.text(" in VALUE_STRING")?, "String"),
            _ => self.bare()?,
        };
        match shape {
            _ if kind == "null" => Ok(Json::Null),
            Any => Ok(Json::Null),
            Text => Ok(Json::Text(text)),
            Record(..) => {
                Err(Fault { text: format!("Cannot construct instance of `{}`", java(shape)), at: start })
            }
            List(_) => Err(Fault { text: mismatch(shape, kind), at: start }),
        }
    }

    /// A text in quotes.
    fn text(&mut self, place: &str) -> Result<String, Fault> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.body.get(self.at) {
                None => {
                    self.at = self.body.len();
                    return self.stop(format!("Unexpected end-of-input{place}"));
                }
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(control @ ..b' ') => {
                    self.at += 1;
                    let end = "has to be escaped using backslash to be included in string value";
                    return self.stop(format!("Illegal unquoted character ({}): {end}", shown(*control)));
                }
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let quoted = self.body.get(start..self.at).unwrap_or_default();
        serde_json::from_slice(quoted).or_else(|_| self.stop("Invalid escape or UTF-8 in a text"))
    }

    /// A number or a word as written, and its kind.
    fn bare(&mut self) -> Result<(String, &'static str), Fault> {
        let rest = self.body.get(self.at..).unwrap_or_default();
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+-._".contains(byte) || !byte.is_ascii();
        let length = rest.iter().take_while(is_part).count();
        let text = String::from_utf8_lossy(rest.get(..length).unwrap_or_default()).into_owned();
        let kind = match text.as_str() {
            "null" => "null",
            "true" | "false" => "Boolean",
            number if is_number(number) && number.contains(['.', 'e', 'E']) => "Floating-point",
            number if is_number(number) => "Integer",
            "" => {
                let first = rest.first().copied().unwrap_or_default();
                let expected = "expected a valid value";
                return self.unexpected(first, expected);
            }
            _ => {
                self.at += length;
                let expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
                return self.stop(format!("Unrecognized token '{text}': was expecting {expected}"));
            }
        };
        self.at += length;
        Ok((text, kind))
    }
}

/// Whether a word is a number (RFC 8259 §6), however large.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = word.split_once(['e', 'E']).map_or((word, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// A byte as the registry's library shows it.
fn shown(byte: u8) -> String {
    match byte {
        b' '.. => format!("'{}' (code {byte})", char::from(byte)),
        _ => format!("(CTRL-CHAR, code {byte})"),
    }
}

fn mismatch(shape: &Shape, found: &str) -> String {
    format!("Cannot deserialize value of type `{}` from {found} value", java(shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &str, at: usize) {
        let found = read(body.as_bytes()).err().map(|fault| (fault.text, fault.at));
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
        end(r#"{"service":{"a":[1,"#, " within/between Array entries");
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
    fn says_what_no_text_or_object_can_be() {
        let domain = "net.ripe.db.whois.api.rest.domain";
        let attribute = r#"{"objects":{"object":[{"attributes":{"attribute":[{"value":"#;
        for (value, kind) in [("[1]", "Array"), ("{}", "Object")] {
            let expected = format!("Cannot deserialize value of type `java.lang.String` from {kind} value");
            check(&format!("{attribute}{value}"), &expected, attribute.len());
        }
        for value in ["5", "true", "1.5", "\"\""] {
            let (start, whole) =
                (r#"{"objects":"#, format!("Cannot construct instance of `{domain}.WhoisObjects`"));
            check(&format!("{start}{value}}}"), &whole, start.len());
        }
        for (value, kind) in
            [("5", "Integer"), ("-1.5e3", "Floating-point"), ("false", "Boolean"), ("\"x\"", "String")]
        {
            let start = r#"{"objects":{"object":"#;
            let list = format!("java.util.ArrayList<{domain}.WhoisObject>");
            let expected = format!("Cannot deserialize value of type `{list}` from {kind} value");
            check(&format!("{start}{value}}}"), &expected, start.len());
        }
        let words = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
        for word in ["x", "nul", "01", "1.", "+1", "1e", "NaN", "tru\u{e9}"] {
            check(word, &format!("Unrecognized token '{word}': {words}"), word.len());
        }
        let line = "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value";
        check("\"a\n\"", line, 3);
        check(r#""\x""#, "Invalid escape or UTF-8 in a text", 4);
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
        check(r#"{"service":1,}"#, '}', "double-quote to start field name", 14);
        check(r#"{"service" 1}"#, '1', "a colon to separate field name and value", 12);
        check(r#"{"service":1 "x":2}"#, '"', "comma to separate Object entries", 14);
        let control =
            "Unexpected character ((CTRL-CHAR, code 1)): was expecting comma to separate Array entries";
        super::tests::check("{\"service\":[1\u{1}", control, 14);
        check(r#"{"service":[1 2]}"#, '2', "comma to separate Array entries", 15);
    }

    #[test]
    fn the_first_fault_is_told_and_what_is_known_is_none() {
        check(r#"{"objekts":{}}"#, "Unrecognized field \"objekts\"", 12);
        check(r#"{"service":{"x":{}},"foo": [1"#, "Unrecognized field \"foo\"", 28);
        check(
            r#"{"objects":{"object":[{"attributes":{"attribute":[{"nme":"#,
            "Unexpected end-of-input within/between Object entries",
            57,
        );
        for fine in [
            "{}",
            " {\"link\":null} ",
            "null x",
            r#"{"objects":{"object":[{"attributes":{"attribute":[{"name":"a","value":null}]}}]}}"#,
        ] {
            check(fine, "", 0);
        }
        let deep = "[".repeat(100_000).replacen('[', "{\"service\":", 1);
        check(&deep, "Document nesting depth (129) exceeds the maximum allowed", 139);
    }
}
