//! Objects and messages as the registry's JSON.

use super::{
    ErrorMessages, Link, Objects, Resources, SourceId, WireArg, WireAttribute, WireAttributes, WireMessage,
    WireObject,
};
use crate::{
    finding::Severity,
    registered::Registered,
    rpsl::{AnyCase, Attribute, Name, Object, elements},
    rules::Message,
};

/// Where the terms stand under which the registry answers.
pub const TERMS: &str = "https://docs.db.ripe.net/terms-conditions.html";

/// How attributes are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Layout {
    /// Clean values, comments apart, one attribute for each element of a list.
    Formatted,
    /// Raw values as stored, with pad, line ends and comments.
    Unformatted,
}

/// What objects are rendered for.
#[derive(Clone, Copy, Debug)]
pub struct Rendering<'a> {
    /// Where links begin, as in `https://rest.db.ripe.net`; without a slash at the end.
    pub base: &'a str,
    /// Where references are looked up.
    pub world: &'a Registered,
    /// How attributes are written.
    pub layout: Layout,
}

impl Rendering<'_> {
    /// The object on the wire.
    pub fn object(&self, object: &Object) -> WireObject {
        let source = object.value(Name::Source).unwrap_or_default().to_ascii_lowercase();
        let attributes =
            object.attributes().flat_map(|attribute| self.attribute(attribute, &source)).collect();
        WireObject {
            kind: Some(object.class().text().to_owned()),
            link: Some(self.link(&source, object.class().text(), &object.written_key())),
            source: Some(SourceId { id: source }),
            primary_key: Some(primary_key(object)),
            attributes: WireAttributes { attribute: attributes },
            ..WireObject::default()
        }
    }

    /// The attributes on the wire that one attribute becomes.
    pub fn attribute(&self, attribute: Attribute, source: &str) -> Vec<WireAttribute> {
        let name = attribute.label.to_ascii_lowercase();
        let (values, comment) = match self.layout {
            Layout::Unformatted => (vec![attribute.raw.to_owned()], None),
            Layout::Formatted => {
                let clean = attribute.clean();
                (distinct(elements(attribute.name, &clean.value)), clean.comment)
            }
        };
        let one = |value: String| {
            let referenced = self.referenced(attribute, &value);
            WireAttribute {
                link: referenced.as_ref().map(|(class, key)| self.link(source, class, key)),
                name: name.clone(),
                value: Some(value),
                comment: comment.clone(),
                referenced_type: referenced.map(|(class, _)| class.to_owned()),
                managed: None,
            }
        };
        values.into_iter().map(one).collect()
    }

    /// Class and spelling of the object that a value names, if it is there.
    fn referenced(&self, attribute: Attribute, value: &str) -> Option<(&'static str, String)> {
        let name = attribute.name.filter(|name| !name.row().references.is_empty())?;
        let value = match self.layout {
            Layout::Formatted => value.to_owned(),
            Layout::Unformatted => attribute.value(),
        };
        let word = if name == Name::MntRoutes { value.split([' ', '{']).next()? } else { &value };
        let object = self.world.referenced(name, word).ok()??;
        Some((object.class().text(), word.to_owned()))
    }

    fn link(&self, source: &str, class: &str, key: &str) -> Link {
        locator(format!("{}/{source}/{class}/{key}", self.base))
    }
}

/// Each element once, in any letter case.
fn distinct(elements: Vec<&str>) -> Vec<String> {
    let mut seen = AnyCase::default();
    elements.into_iter().filter(|element| seen.insert(element)).map(str::to_owned).collect()
}

fn primary_key(object: &Object) -> WireAttributes {
    let part = |name: &Name| {
        let value = object.value(*name)?;
        Some(WireAttribute { name: name.text().to_owned(), value: Some(value), ..WireAttribute::default() })
    };
    WireAttributes { attribute: object.class().template().key.iter().filter_map(part).collect() }
}

/// A link to `href`.
pub fn locator(href: impl Into<String>) -> Link {
    Link { kind: "locator".to_owned(), href: href.into() }
}

/// A message on the wire; the value of an empty argument is left out.
pub fn message(message: &Message) -> WireMessage {
    let arg = |arg: &String| WireArg { value: Some(arg.clone()).filter(|arg| !arg.is_empty()) };
    let attribute = message.attribute.as_ref().map(|(name, value)| WireAttribute {
        name: name.clone(),
        value: Some(value.chars().filter(|c| is_printed(*c)).collect()),
        ..WireAttribute::default()
    });
    WireMessage {
        severity: severity(message.severity).to_owned(),
        attribute,
        text: message.text.to_string(),
        args: message.args.iter().map(arg).collect(),
    }
}

/// Whether the registry prints a character of what was submitted: what XML 1.0 cannot hold, and what is beyond
/// 16 bits, it leaves out.
fn is_printed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}')
}

/// How the registry spells a severity.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Info => "Info",
    }
}

/// A whole answer: `link` where it was asked, objects and messages where there are any.
pub fn resources(link: Option<Link>, objects: Vec<WireObject>, messages: &[Message]) -> Resources {
    let errormessage: Vec<WireMessage> = messages.iter().map(message).collect();
    Resources {
        link,
        objects: (!objects.is_empty()).then_some(Objects { object: objects }),
        errormessages: (!errormessage.is_empty()).then_some(ErrorMessages { errormessage }),
        terms: Some(locator(TERMS)),
        ..Resources::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registered::Inventory;

    fn check(text: &str, layout: Layout, expected: &str) {
        let mntner = Object::parse("mntner: A-MNT\nsource: RIPE\n").unwrap();
        let world = Registered::whole(Inventory::of([mntner]));
        let rendering = Rendering { base: "http://x", world: &world, layout };
        let object = rendering.object(&Object::parse(text).unwrap());
        let line = |a: &WireAttribute| {
            let parts =
                [&a.value, &a.comment, &a.referenced_type, &a.link.as_ref().map(|link| link.href.clone())];
            parts.map(|part| part.clone().unwrap_or_default()).join("|")
        };
        let lines: Vec<String> = object.attributes.attribute.iter().map(line).collect();
        assert_eq!(lines.join("\n"), expected);
    }

    #[test]
    fn formatted_takes_values_apart_and_unformatted_leaves_them() {
        let text = "as-set: AS1:AS-A\nmnt-by: A-MNT, b-mnt, B-MNT # c\nremarks: x\n  y\nsource: RIPE\n";
        let formatted = "AS1:AS-A|||\nA-MNT|c|mntner|http://x/ripe/mntner/A-MNT\nb-mnt|c||\nx y|||\nRIPE|||";
        check(text, Layout::Formatted, formatted);
        check(text, Layout::Unformatted, " AS1:AS-A|||\n A-MNT, b-mnt, B-MNT # c|||\n x\n  y|||\n RIPE|||");
    }

    #[test]
    fn an_empty_argument_has_no_value() {
        let wire = message(&Message::error("%s %s").arg("a").arg(""));
        assert_eq!(serde_json::to_string(&wire.args).unwrap(), r#"[{"value":"a"},{}]"#);
    }
}
