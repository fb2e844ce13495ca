//! Answers as the registry's XML. There is no reading of it.

use std::fmt::Write;

use super::{Link, Resources, WireAttribute, WireMessage, WireObject};

/// A whole answer.
pub fn resources(resources: &Resources) -> String {
    let mut body = String::new();
    body.extend(resources.link.iter().map(|found| link("link", found)));
    let objects = resources.objects.iter().flat_map(|objects| &objects.object);
    wrap(&mut body, "objects", &objects.map(object).collect::<String>());
    let messages = resources.errormessages.iter().flat_map(|messages| &messages.errormessage);
    wrap(&mut body, "errormessages", &messages.map(message).collect::<String>());
    body.extend(resources.terms.iter().map(|found| link("terms-and-conditions", found)));
    document("whois-resources", &body)
}

/// A document with this root element around `body`, which is XML already.
pub fn document(root: &str, body: &str) -> String {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    format!("{head}<{root} xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n{body}</{root}>\n")
}

/// An element without content.
pub fn element(name: &str, attributes: &[(&str, &str)]) -> String {
    let mut text = format!("<{name}");
    for (key, value) in attributes {
        // Writing to a string cannot fail.
        let _ = write!(text, " {key}=\"{}\"", escaped(value));
    }
    text.push_str("/>\n");
    text
}

fn wrap(body: &mut String, name: &str, inner: &str) {
    if !inner.is_empty() {
        body.extend(["<", name, ">\n", inner, "</", name, ">\n"]);
    }
}

fn link(name: &str, link: &Link) -> String {
    element(name, &[("xlink:type", &link.kind), ("xlink:href", &link.href)])
}

fn object(object: &WireObject) -> String {
    let mut inner: String = object.link.iter().map(|found| link("link", found)).collect();
    inner.extend(object.source.iter().map(|source| element("source", &[("id", &source.id)])));
    let key = object.primary_key.iter().flat_map(|key| &key.attribute);
    wrap(&mut inner, "primary-key", &key.map(attribute).collect::<String>());
    wrap(&mut inner, "attributes", &object.attributes.attribute.iter().map(attribute).collect::<String>());
    let kind = escaped(object.kind.as_deref().unwrap_or_default());
    format!("<object type=\"{kind}\">\n{inner}</object>\n")
}

fn attribute(attribute: &WireAttribute) -> String {
    let optional = [
        ("referenced-type", &attribute.referenced_type),
        ("value", &attribute.value),
        ("comment", &attribute.comment),
    ];
    let mut attributes = vec![("name", attribute.name.as_str())];
    attributes.extend(optional.iter().filter_map(|(key, value)| Some((*key, value.as_deref()?))));
    element("attribute", &attributes)
}

fn message(message: &WireMessage) -> String {
    let mut inner: String = message.attribute.iter().map(attribute).collect();
    for arg in &message.args {
        inner.push_str(&element("args", &[("value", arg.value.as_deref().unwrap_or_default())]));
    }
    let (severity, text) = (escaped(&message.severity), escaped(&message.text));
    format!("<errormessage severity=\"{severity}\" text=\"{text}\">\n{inner}</errormessage>\n")
}

fn escaped(text: &str) -> String {
    let one = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\n' => "&#10;".to_owned(),
        _ => c.to_string(),
    };
    text.chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_escaped() {
        let expected = "<attribute name=\"descr\" value=\"a &lt;&quot;b&quot;&gt; &amp; c\"/>\n";
        assert_eq!(element("attribute", &[("name", "descr"), ("value", "a <\"b\"> & c")]), expected);
    }
}
