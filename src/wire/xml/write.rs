//! Answers as the registry's XML.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};
use serde_json::Value;

use crate::wire::{
    Link, Reference, Resources, WireAttribute, WireMessage, WireObject,
    render::{TERMS, locator},
};

type Xml = Writer<Vec<u8>>;

/// The name of an attribute of an element, and its value.
type Pair<'a> = (&'a str, &'a str);

/// A whole answer.
pub fn resources(resources: &Resources) -> String {
    document("whois-resources", |xml| {
        resources.link.iter().try_for_each(|found| link(xml, "link", found))?;
        resources.service.iter().try_for_each(|service| described(xml, "service", service))?;
        if let Some(objects) = &resources.objects {
            within(xml, "objects", &[], |xml| objects.object.iter().try_for_each(|each| object(xml, each)))?;
        }
        if let Some(messages) = &resources.errormessages {
            list(xml, "errormessages", &messages.errormessage, message)?;
        }
        resources.terms.iter().try_for_each(|found| link(xml, "terms-and-conditions", found))
    })
}

/// The versions of an object: the number of each, and when it was written.
pub fn versions(class: &str, key: &str, versions: &[(usize, String)]) -> String {
    let version = |xml: &mut Xml, (number, date): &(usize, String)| {
        within(xml, "version", &[], |xml| {
            text(xml, "revision", &number.to_string())?;
            text(xml, "date", date)?;
            text(xml, "operation", "ADD/UPD")
        })
    };
    document("whois-resources", |xml| {
        within(xml, "versions", &[("type", class), ("key", key)], |xml| {
            versions.iter().try_for_each(|each| version(xml, each))
        })?;
        link(xml, "terms-and-conditions", &locator(TERMS))
    })
}

/// The sources of the registry.
pub fn sources(sources: &[&str]) -> String {
    document("whois-resources", |xml| {
        within(xml, "sources", &[], |xml| {
            sources.iter().try_for_each(|id| empty(xml, "source", &[("id", id)]))
        })
    })
}

/// The template of a class: what is to be said of each attribute.
pub fn template(class: &str, source: &str, rows: &[[(&'static str, String); 4]]) -> String {
    let row = |xml: &mut Xml, row: &[(&'static str, String); 4]| {
        let pairs: Vec<Pair> = row.iter().map(|(name, value)| (*name, value.as_str())).collect();
        empty(xml, "attribute", &pairs)
    };
    document("template-resources", |xml| {
        within(xml, "templates", &[], |xml| {
            within(xml, "template", &[("type", class)], |xml| {
                empty(xml, "source", &[("id", source)])?;
                within(xml, "attributes", &[], |xml| rows.iter().try_for_each(|each| row(xml, each)))
            })
        })
    })
}

/// Whom to write about abuse.
pub fn abuse_contact(contact: &Value) -> String {
    document("abuse-resources", |xml| described(xml, "abuse-contacts", contact))
}

/// What refers to an object: on one line, unlike all else.
pub fn references(tree: &Reference) -> String {
    let mut xml = Writer::new(b"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>".to_vec());
    let _ = reference(&mut xml, tree);
    String::from_utf8(xml.into_inner()).unwrap_or_default()
}

fn reference(xml: &mut Xml, node: &Reference) -> io::Result<()> {
    within(xml, "references", &[], |xml| {
        text(xml, "primaryKey", &node.primary_key)?;
        text(xml, "objectType", &node.object_type)?;
        list(xml, "incoming", &node.incoming, reference)?;
        empty(xml, "outgoing", &[])
    })
}

/// A document with this root. Writing to memory cannot fail.
fn document(root: &'static str, inner: impl FnOnce(&mut Xml) -> io::Result<()>) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 4);
    let written = xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    let namespace = ("xmlns:xlink", "http://www.w3.org/1999/xlink");
    let _ = written.and_then(|()| within(&mut xml, root, &[namespace], inner));
    String::from_utf8(xml.into_inner()).unwrap_or_default()
}

fn within(
    xml: &mut Xml,
    name: &'static str,
    pairs: &[Pair],
    inner: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    let element = xml.create_element(name).with_attributes(pairs.iter().copied());
    element.write_inner_content(inner).map(drop)
}

fn empty(xml: &mut Xml, name: &'static str, pairs: &[Pair]) -> io::Result<()> {
    xml.create_element(name).with_attributes(pairs.iter().copied()).write_empty().map(drop)
}

/// An element with all of these in it.
fn list<T>(
    xml: &mut Xml,
    name: &'static str,
    all: &[T],
    one: impl Fn(&mut Xml, &T) -> io::Result<()>,
) -> io::Result<()> {
    match all {
        [] => empty(xml, name, &[]),
        all => within(xml, name, &[], |xml| all.iter().try_for_each(|each| one(xml, each))),
    }
}

fn text(xml: &mut Xml, name: &'static str, text: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(text)).map(drop)
}

fn link(xml: &mut Xml, name: &'static str, link: &Link) -> io::Result<()> {
    empty(xml, name, &[("xlink:type", &link.kind), ("xlink:href", &link.href)])
}

fn object(xml: &mut Xml, object: &WireObject) -> io::Result<()> {
    let kind = object.kind.as_deref().unwrap_or_default();
    within(xml, "object", &[("type", kind)], |xml| {
        object.link.iter().try_for_each(|found| link(xml, "link", found))?;
        object.source.iter().try_for_each(|source| empty(xml, "source", &[("id", &source.id)]))?;
        if let Some(key) = &object.primary_key {
            attributes(xml, "primary-key", &key.attribute)?;
        }
        attributes(xml, "attributes", &object.attributes.attribute)?;
        object.resource_holder.iter().try_for_each(|holder| described(xml, "resource-holder", holder))?;
        object.abuse_contact.iter().try_for_each(|contact| described(xml, "abuse-contact", contact))?;
        object.managed.iter().try_for_each(|managed| text(xml, "managed", &managed.to_string()))
    })
}

/// An element with what a value of JSON says of it.
fn described(xml: &mut Xml, name: &'static str, value: &Value) -> io::Result<()> {
    let said = |(name, value): (&String, &Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (name.clone(), value)
    };
    let said: Vec<(String, String)> = value.as_object().into_iter().flatten().map(said).collect();
    let pairs: Vec<Pair> = said.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    empty(xml, name, &pairs)
}

fn attributes(xml: &mut Xml, name: &'static str, attributes: &[WireAttribute]) -> io::Result<()> {
    within(xml, name, &[], |xml| attributes.iter().try_for_each(|each| attribute(xml, each)))
}

fn attribute(xml: &mut Xml, attribute: &WireAttribute) -> io::Result<()> {
    let optional = [
        ("value", &attribute.value),
        ("referenced-type", &attribute.referenced_type),
        ("comment", &attribute.comment),
    ];
    let mut pairs = vec![("name", attribute.name.as_str())];
    pairs.extend(optional.iter().filter_map(|(key, value)| Some((*key, value.as_deref()?))));
    pairs.extend(attribute.managed.map(|managed| ("managed", if managed { "true" } else { "false" })));
    match &attribute.link {
        Some(found) => within(xml, "attribute", &pairs, |xml| link(xml, "link", found)),
        None => empty(xml, "attribute", &pairs),
    }
}

fn message(xml: &mut Xml, message: &WireMessage) -> io::Result<()> {
    let pairs = [("severity", message.severity.as_str()), ("text", message.text.as_str())];
    within(xml, "errormessage", &pairs, |xml| {
        message.attribute.iter().try_for_each(|about| attribute(xml, about))?;
        let value = |arg: &crate::wire::WireArg| arg.value.clone().unwrap_or_default();
        message.args.iter().try_for_each(|arg| empty(xml, "args", &[("value", &value(arg))]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        rules::Message,
        wire::{WireAttributes, render},
    };

    #[test]
    fn an_answer_is_indented_and_its_marks_are_escaped() {
        let attribute = WireAttribute {
            name: "descr".to_owned(),
            value: Some("a <\"b\"> & c\n d".to_owned()),
            link: Some(locator("http://x")),
            ..WireAttribute::default()
        };
        let attributes = WireAttributes { attribute: vec![attribute] };
        let object = WireObject { kind: Some("role".to_owned()), attributes, ..WireObject::default() };
        let answer = render::resources(None, vec![object], &[Message::error("no %s").arg("x")]);
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<whois-resources xmlns:xlink="http://www.w3.org/1999/xlink">
    <objects>
        <object type="role">
            <attributes>
                <attribute name="descr" value="a &lt;&quot;b&quot;&gt; &amp; c&#10; d">
                    <link xlink:type="locator" xlink:href="http://x"/>
                </attribute>
            </attributes>
        </object>
    </objects>
    <errormessages>
        <errormessage severity="Error" text="no %s">
            <args value="x"/>
        </errormessage>
    </errormessages>
    <terms-and-conditions xlink:type="locator" xlink:href="https://docs.db.ripe.net/terms-conditions.html"/>
</whois-resources>"#;
        assert_eq!(resources(&answer), expected);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let value = Some("  a\tb\n+\n c é \u{85}'x'".to_owned());
        let attribute = |name: &str| WireAttribute {
            name: name.to_owned(),
            value: value.clone(),
            ..WireAttribute::default()
        };
        let attributes = WireAttributes { attribute: vec![attribute("role"), attribute("descr")] };
        let object = WireObject { attributes, ..WireObject::default() };
        let text = resources(&render::resources(None, vec![object], &[]));
        let read = super::super::objects(text.as_bytes()).unwrap().unwrap();
        let values: Vec<_> = read[0].attributes.attribute.iter().map(|each| each.value.clone()).collect();
        assert_eq!(values, [value.clone(), value]);
    }
}
