//! The body of a write in XML.
//!
//! Read as leniently as the registry reads it: elements and attributes that it does not know are passed over. Bodies
//! are anyone's: nothing is nested deeply, no entity but the five of XML is known, and no document type is read.

use std::borrow::Cow;

use quick_xml::{
    Reader, XmlVersion,
    errors::{Error, IllFormedError, SyntaxError},
    events::{BytesStart, Event},
};

use crate::{
    rules::Message,
    wire::{
        WireAttribute, WireObject,
        charset::{self, Undecodable},
        request::{Refused, position},
    },
};

/// How deeply elements are nested at most; the registry's own are five deep.
const DEEPEST: usize = 32;
/// How many attributes an element has at most.
const MOST: usize = 32;

const OBJECT: [&str; 3] = ["whois-resources", "objects", "object"];
const ATTRIBUTE: [&str; 5] = ["whois-resources", "objects", "object", "attributes", "attribute"];

const CUT: &str = "XML document structures must start and end within the same entity.";

/// The objects of a body; `None` if it is empty.
pub fn objects(body: &[u8]) -> Result<Option<Vec<WireObject>>, Refused> {
    if body.is_empty() {
        return Ok(None);
    }
    let text = decoded(body)?;
    let mut document = Document { text: &text, open: Vec::new(), closed: false, objects: Vec::new() };
    let mut reader = Reader::from_str(&text);
    loop {
        let before = offset(reader.buffer_position());
        match reader.read_event() {
            Ok(Event::Eof) if document.closed => return Ok(Some(document.objects)),
            Ok(Event::Eof) if document.open.is_empty() => {
                return Err(document.refuse("Premature end of file.", text.len()));
            }
            Ok(Event::Eof) => return Err(document.refuse(CUT, text.len())),
            Ok(event) => document.take(&event, before)?,
            Err(error) => return Err(document.broken(&error, before, offset(reader.error_position()))),
        }
    }
}

/// The text of the body: in the encoding that it declares.
fn decoded(body: &[u8]) -> Result<Cow<'_, str>, Refused> {
    let end = body.windows(2).take(200).position(|pair| pair == b"?>").map_or(0, |at| at + 2);
    let declared = std::str::from_utf8(body.get(..end).unwrap_or_default()).unwrap_or_default();
    let declared = match Reader::from_str(declared).read_event() {
        Ok(Event::Decl(declaration)) => declaration.encoding().and_then(Result::ok).map(Cow::into_owned),
        _ => None,
    };
    let label = declared.as_deref().unwrap_or("UTF-8");
    charset::decode_whole(body, label).map_err(|why| match why {
        Undecodable::UnknownSet => {
            refused("Invalid encoding name \"%\".".replace('%', &label.escape_debug().to_string()), (1, 1))
        }
        Undecodable::NotInSet => {
            refused(format!("Invalid byte sequence in {}.", label.escape_debug()), (1, 1))
        }
    })
}

/// What was read of a document.
struct Document<'a> {
    text: &'a str,
    /// The names of the elements that are open.
    open: Vec<String>,
    /// Whether its one element is over.
    closed: bool,
    objects: Vec<WireObject>,
}

impl Document<'_> {
    /// Takes the next part, which begins at the byte `at`.
    fn take(&mut self, event: &Event, at: usize) -> Result<(), Refused> {
        match event {
            Event::Start(element) => self.enter(element, at),
            Event::Empty(element) => {
                self.enter(element, at)?;
                self.leave();
                Ok(())
            }
            Event::End(_) => {
                self.leave();
                Ok(())
            }
            Event::Text(text) if self.open.is_empty() && !text.trim_ascii().is_empty() => Err(self.stray(at)),
            Event::CData(_) | Event::GeneralRef(_) if self.open.is_empty() => Err(self.stray(at)),
            Event::DocType(_) => Err(self.refuse("DOCTYPE is disallowed.", at)),
            _ => Ok(()),
        }
    }

    fn enter(&mut self, element: &BytesStart, at: usize) -> Result<(), Refused> {
        if self.closed {
            let text = "The markup in the document following the root element must be well-formed.";
            return Err(self.refuse(text, at));
        }
        if self.open.len() >= DEEPEST {
            return Err(self.refuse("Elements are nested too deeply.", at));
        }
        let name = element.name().into_inner().to_owned();
        if self.open.is_empty() && name != "whois-resources" {
            return Err(
                self.refuse(&format!("unexpected element (uri:\"\", local:\"{}\")", name.escape_debug()), at)
            );
        }
        self.open.push(name);
        let pairs = self.pairs(element, at)?;
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        if self.open == OBJECT {
            self.objects.push(WireObject { kind: value("type"), ..WireObject::default() });
        }
        if let (true, Some(object)) = (self.open == ATTRIBUTE, self.objects.last_mut()) {
            let name = value("name").unwrap_or_default();
            let attribute = WireAttribute {
                name,
                value: value("value"),
                comment: value("comment"),
                ..WireAttribute::default()
            };
            object.attributes.attribute.push(attribute);
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.open.pop();
        self.closed = self.open.is_empty();
    }

    /// The attributes of an element.
    fn pairs(&self, element: &BytesStart, at: usize) -> Result<Vec<(String, String)>, Refused> {
        let mut pairs = Vec::new();
        let less_than = self.text.get(at + 1..).and_then(|rest| rest.get(..element.len()));
        if let Some(inside) = less_than.and_then(|element| element.find('<')) {
            let text = "The value of an attribute must not contain the '<' character.";
            return Err(self.refuse(text, at + 1 + inside));
        }
        for attribute in element.attributes() {
            let broken = |text: String| self.refuse(&text, at);
            let attribute = attribute.map_err(|error| broken(error.to_string()))?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| broken(error.to_string()))?;
            pairs.push((attribute.key.into_inner().to_owned(), value.into_owned()));
            if pairs.len() > MOST {
                return Err(self.refuse("An element has too many attributes.", at));
            }
        }
        Ok(pairs)
    }

    fn stray(&self, at: usize) -> Refused {
        let place = if self.closed { "trailing section" } else { "prolog" };
        self.refuse(&format!("Content is not allowed in {place}."), at)
    }

    /// What is said of a document that is not well-formed, in the words of the registry's parser where they are known.
    fn broken(&self, error: &Error, before: usize, at: usize) -> Refused {
        match error {
            Error::IllFormed(IllFormedError::MismatchedEndTag { expected, .. }) => {
                let text = format!(
                    "The element type \"{expected}\" must be terminated by the matching end-tag \"</{expected}>\"."
                );
                // Behind the mark with which an end begins.
                self.refuse(&text, before + 2)
            }
            Error::IllFormed(IllFormedError::UnmatchedEndTag(_)) => self.refuse(
                "The markup in the document following the root element must be well-formed.",
                before + 1,
            ),
            Error::IllFormed(IllFormedError::UnclosedReference) => {
                self.refuse("The entity name must immediately follow the '&' in the entity reference.", at)
            }
            Error::Syntax(SyntaxError::InvalidBangMarkup) => self.refuse(&error.to_string(), at),
            Error::Syntax(_) => self.refuse(CUT, self.text.len()),
            _ => self.refuse(&error.to_string(), at),
        }
    }

    fn refuse(&self, text: &str, at: usize) -> Refused {
        refused(text.to_owned(), position(self.text, at))
    }
}

fn refused(text: String, (line, column): (usize, usize)) -> Refused {
    let message = Message::error("XML processing exception: %s (line: %s, column: %s)");
    Box::new(message.arg(text).arg(line).arg(column))
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::request;

    fn check(body: &[u8], expected: &str) {
        let printed = objects(body).and_then(|objects| {
            objects.unwrap_or_default().iter().map(|each| Ok(request::object(each)?.print())).collect()
        });
        let said = printed.unwrap_or_else(|message: Refused| message.to_string());
        assert_eq!(said, expected, "{}", String::from_utf8_lossy(body));
    }

    fn with(attributes: &str) -> String {
        format!(
            "<whois-resources><objects><object type=\"x\"><attributes>{attributes}</attributes></object></objects></whois-resources>"
        )
    }

    #[test]
    fn reads_attributes_and_nothing_else() {
        let attributes = r#"
            <!-- a --><attribute name="ROLE" value="A &amp;&#32;B" referenced-type="x"><link/>text</attribute>
            <other><attribute name="fax-no" value="1"/></other>
            <attribute comment='c' name='nic-hdl' value='A1-RIPE'/>
            <attribute name="address" value="a&#10; b
c"/>"#;
        let printed =
            "role:           A & B\nnic-hdl:        A1-RIPE # c\naddress:        a\n                b c\n";
        check(with(attributes).as_bytes(), printed);
        let whole =
            format!("<?xml version='1.0' encoding='utf-8'?>\n<?x y?>{}\n<!-- end -->\n", with(attributes));
        check(whole.as_bytes(), printed);
        check(b"", "");
        check(b"<whois-resources/>", "");
        check(b"<whois-resources><objects/></whois-resources>", "");
    }

    #[test]
    fn reads_the_encoding_that_is_declared() {
        let body = with(
            r#"<attribute name="role" value="R"/><attribute name="nic-hdl" value="A"/><attribute name="address" value="é"/>"#,
        );
        let printed = "role:           R\nnic-hdl:        A\naddress:        é\n";
        let latin = |text: &str| text.chars().map(|c| u8::try_from(c).unwrap()).collect::<Vec<u8>>();
        check(body.as_bytes(), printed);
        check(&latin(&format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{body}")), printed);
        let no_utf8 = "XML processing exception: Invalid byte sequence in UTF-8. (line: 1, column: 1)";
        check(&latin(&body), no_utf8);
        let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("\u{feff}<?xml version='1.0' encoding='UTF-16'?>{body}")
                .encode_utf16()
                .flat_map(order)
                .collect()
        };
        check(&wide(u16::to_be_bytes), printed);
        check(&wide(u16::to_le_bytes), printed);
        check(format!("\u{feff}{body}").as_bytes(), printed);
        check(
            b"<?xml version='1.0' encoding='x-none'?><a/>",
            "XML processing exception: Invalid encoding name \"x-none\". (line: 1, column: 1)",
        );
    }

    #[test]
    fn refuses_what_is_not_well_formed() {
        let check = |body: &str, text: &str, line: usize, column: usize| {
            check(
                body.as_bytes(),
                &format!("XML processing exception: {text} (line: {line}, column: {column})"),
            );
        };
        check("<whois-resources><objects>", CUT, 1, 27);
        check("<whois-resources>\n<obj", CUT, 2, 5);
        check("<whois-resources>\n<!-- ", CUT, 2, 6);
        check(" \n", "Premature end of file.", 2, 1);
        check("x", "Content is not allowed in prolog.", 1, 1);
        check("{\"objects\":{}}", "Content is not allowed in prolog.", 1, 1);
        check("<whois-resources/>x", "Content is not allowed in trailing section.", 1, 19);
        let behind = "The markup in the document following the root element must be well-formed.";
        check("<whois-resources/><a/>", behind, 1, 19);
        let end = "The element type \"objects\" must be terminated by the matching end-tag \"</objects>\".";
        check("<whois-resources><objects></whois-resources>", end, 1, 29);
        let less = "The value of an attribute must not contain the '<' character.";
        check("<whois-resources a=\"x\"\n b='y<z'/>", less, 2, 6);
        check("<whois-resources><objects><object type=\"<\"></object>", less, 1, 41);
        check("<roles/>", "unexpected element (uri:\"\", local:\"roles\")", 1, 1);
    }

    #[test]
    fn what_would_grow_is_refused() {
        let refuses = |body: &str| {
            assert!(objects(body.as_bytes()).is_err(), "{}", body.chars().take(90).collect::<String>());
        };
        refuses("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><whois-resources>&a;</whois-resources>");
        refuses(&with("<attribute name=\"role\" value=\"&a;\"/>"));
        refuses(&with("<attribute name=\"role\" value=\"&#0;\"/>"));
        refuses(&format!("<whois-resources>{}", "<a>".repeat(1_000_000)));
        let many: String = (0..200_000).map(|number| format!(" a{number}=\"\"")).collect();
        refuses(&with(&format!("<attribute{many}/>")));
    }
}
