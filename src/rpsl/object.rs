//! An object: its text, and which parts of the text its attributes are.

use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

use super::{
    Key,
    schema::{Class, Name},
    value::{self, Clean},
};
use crate::net::{Block, Prefix, zone_block};

/// One object of the registry, as text.
///
/// Invariant: the first attribute names a class, and every attribute is a range of the text. There is no
/// `PartialEq`: ask for [`Object::normal`], which says what the registry takes for the same.
#[derive(Clone, Debug)]
pub struct Object {
    class: Class,
    text: Arc<str>,
    lines: Arc<[Line]>,
    /// Asked for again and again, and dear to spell.
    key: OnceLock<Key>,
}

#[derive(Clone, Debug)]
struct Line {
    name: Option<Name>,
    /// Where the label begins; it ends at the colon, behind which the value begins.
    start: u32,
    value: Range<u32>,
}

impl Line {
    fn label(&self) -> Range<u32> {
        self.start..self.value.start - 1
    }
}

/// An attribute of an object, borrowed from it.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'a> {
    /// The attribute, if the registry knows it by this long or short name.
    pub name: Option<Name>,
    /// The name as written before the colon, untrimmed.
    pub label: &'a str,
    /// Everything behind the colon to the end of its last continuation line, without that line's end.
    pub raw: &'a str,
}

impl Attribute<'_> {
    /// The clean value and comment.
    pub fn clean(&self) -> Clean {
        value::clean(self.name, self.raw)
    }

    /// The clean value.
    pub fn value(&self) -> String {
        self.clean().value
    }

    /// The elements of the clean value: one, unless the attribute is a list.
    pub fn values(&self) -> Vec<String> {
        value::elements(self.name, &self.value()).into_iter().map(str::to_owned).collect()
    }
}

/// Why a text is not an object; the range is the offending part of it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ObjectError {
    /// There is no attribute at all.
    #[error("there is no object here")]
    Empty,
    /// A line is neither `name: value` nor a continuation nor a comment.
    #[error("this line is no attribute")]
    NotAnAttribute(Range<usize>),
    /// The first attribute names no class.
    #[error("`{name}` is not a class of objects")]
    UnknownClass {
        /// What stands there instead.
        name: String,
        /// Where.
        at: Range<usize>,
    },
}

impl Object {
    /// Reads the one object that is `text`. Lines that begin with `#` or `%` are comments.
    pub fn parse(text: impl Into<Arc<str>>) -> Result<Object, ObjectError> {
        let text = text.into();
        let lines = read_lines(&text)?;
        Object::of(text, lines)
    }

    fn of(text: Arc<str>, lines: Vec<Line>) -> Result<Object, ObjectError> {
        let first = lines.first().ok_or(ObjectError::Empty)?;
        let label = part(&text, &first.label());
        let class = Class::from_text(label).or_else(|| class_of(first.name)).ok_or_else(|| {
            ObjectError::UnknownClass { name: label.to_owned(), at: usize_range(&first.label()) }
        })?;
        Ok(Object { class, lines: lines.into(), text, key: OnceLock::new() })
    }

    /// Its class.
    pub fn class(&self) -> Class {
        self.class
    }

    /// Its text, as given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its attributes in order.
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = Attribute<'_>> + DoubleEndedIterator {
        self.lines.iter().map(|line| Attribute {
            name: line.name,
            label: part(&self.text, &line.label()),
            raw: part(&self.text, &line.value),
        })
    }

    /// The ranges of its text that are the label and the raw value of the attribute with this index.
    pub fn spans(&self, index: usize) -> Option<(Range<usize>, Range<usize>)> {
        self.lines.get(index).map(|line| (usize_range(&line.label()), usize_range(&line.value)))
    }

    /// The attributes with this name.
    pub fn all(&self, name: Name) -> impl Iterator<Item = Attribute<'_>> {
        self.attributes().filter(move |attribute| attribute.name == Some(name))
    }

    /// The elements of all values of `name`, in order.
    pub fn values(&self, name: Name) -> Vec<String> {
        self.all(name).flat_map(|attribute| attribute.values()).collect()
    }

    /// The clean value of the first attribute with this name.
    pub fn value(&self, name: Name) -> Option<String> {
        self.all(name).next().map(|attribute| attribute.value())
    }

    /// Whether it has the attribute.
    pub fn has(&self, name: Name) -> bool {
        self.lines.iter().any(|line| line.name == Some(name))
    }

    /// Whether one of the values of `name` is `value`, in any letter case.
    pub fn names(&self, name: Name, value: &str) -> bool {
        self.values(name).iter().any(|each| each.eq_ignore_ascii_case(value))
    }

    /// Its primary key, as the registry spells it.
    pub fn key(&self) -> Key {
        self.key.get_or_init(|| Key::new(self.class, &self.written_key())).clone()
    }

    /// Its primary key as written: the clean values of the key attributes, one behind the other.
    pub fn written_key(&self) -> String {
        self.class.template().key.iter().filter_map(|name| self.value(*name)).collect()
    }

    /// The block of addresses that an inetnum, inet6num, route, route6 or domain is about.
    pub fn block(&self) -> Option<Block> {
        let value = self.value(self.class.first())?;
        match self.class {
            Class::Inetnum => Block::parse_v4(&value),
            Class::Route => Block::parse_v4(&value).filter(|block| block.prefix().is_some()),
            Class::Inet6num | Class::Route6 => Block::parse_v6(&value),
            Class::Domain => zone_block(&value),
            _ => None,
        }
    }

    /// The prefix of a route or route6, or of an address object that is one.
    pub fn prefix(&self) -> Option<Prefix> {
        self.block()?.prefix()
    }

    /// The object in the registry's layout: values at column 16, comments between attributes left out.
    pub fn print(&self) -> String {
        let line = |a: Attribute| format!("{}:{}\n", a.label, value::layout(a.label, a.raw));
        self.attributes().map(line).collect()
    }

    /// A draft of its attributes, to be changed and built into another object.
    pub fn edit(&self) -> Draft {
        Draft::from_pairs(self.attributes().map(|a| (a.label.to_owned(), a.raw.to_owned())))
    }
}

/// An object's attributes as owned pairs of label and raw value, while they are being changed.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Label and raw value, in order.
    pub pairs: Vec<(String, String)>,
}

impl Draft {
    /// A draft of these attributes.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Draft {
        Draft { pairs: pairs.into_iter().collect() }
    }

    /// The index of the first attribute with this name.
    pub fn position(&self, name: Name) -> Option<usize> {
        self.pairs.iter().position(|(label, _)| named(label) == Some(name))
    }

    /// Replaces the value of the first attribute `name`, or leaves the draft as it is without one.
    pub fn set(&mut self, name: Name, value: &str) {
        if let Some((_, raw)) = self.position(name).and_then(|at| self.pairs.get_mut(at)) {
            value.clone_into(raw);
        }
    }

    /// Removes every attribute `name`.
    pub fn remove(&mut self, name: Name) {
        self.pairs.retain(|(label, _)| named(label) != Some(name));
    }

    /// Inserts an attribute where the class's template has it: before the first of its name,
    /// or without one before the first attribute that follows it there (`RpslObjectBuilder.addAttributeSorted`).
    pub fn insert(&mut self, class: Class, name: Name, value: &str) {
        let rank = |name: Name| class.template().rows.iter().position(|row| row.name == name);
        let behind = |label: &str| named(label).is_some_and(|other| rank(other) >= rank(name));
        let at = self.pairs.iter().position(|(label, _)| behind(label)).unwrap_or(self.pairs.len());
        self.pairs.insert(at, (name.text().to_owned(), value.to_owned()));
    }

    /// The object with these attributes.
    pub fn build(&self) -> Result<Object, ObjectError> {
        let (mut text, mut lines) = (String::new(), Vec::new());
        for (label, raw) in &self.pairs {
            let start = narrow(text.len());
            text.push_str(label);
            text.push(':');
            let begins = narrow(text.len());
            let raw = continued(raw);
            let value = if raw.starts_with([' ', '\t']) { raw } else { value::layout(label, &raw) };
            text.push_str(&value);
            lines.push(Line { name: named(label), start, value: begins..narrow(text.len()) });
            text.push('\n');
        }
        Object::of(text.into(), lines)
    }
}

/// A raw value whose further lines all continue the first one, also those that were given without a mark: an empty one
/// gets a `+`, others blanks.
fn continued(raw: &str) -> String {
    if !raw.contains(['\n', '\r']) {
        return raw.to_owned();
    }
    let mark = |line: &str| match line.chars().next() {
        Some(' ' | '\t' | '+') => line.to_owned(),
        None => "+".to_owned(),
        Some(_) => format!("{:16}{line}", ""),
    };
    let mut lines = raw.trim_end_matches('\n').split('\n').map(|line| line.trim_end_matches('\r'));
    let first = lines.next().unwrap_or_default().to_owned();
    std::iter::once(first).chain(lines.map(mark)).collect::<Vec<_>>().join("\n")
}

fn named(label: &str) -> Option<Name> {
    Name::from_text(label).or_else(|| Name::from_short(label))
}

fn class_of(name: Option<Name>) -> Option<Class> {
    name.and_then(|name| Class::from_text(name.text()))
}

fn read_lines(text: &str) -> Result<Vec<Line>, ObjectError> {
    let mut lines: Vec<Line> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches('\n').trim_end_matches('\r');
        let end = start + content.len();
        if content.trim().is_empty() && !lines.is_empty() {
            break; // an object ends at an empty line
        }
        if content.starts_with([' ', '\t', '+']) && !lines.is_empty() {
            if let Some(last) = lines.last_mut() {
                last.value.end = narrow(end);
            }
        } else if !content.trim().is_empty() && !content.starts_with(['#', '%']) {
            let colon = content.find(':').ok_or(ObjectError::NotAnAttribute(start..end))?;
            let label = narrow(start)..narrow(start + colon);
            let value = narrow(start + colon + 1)..narrow(end);
            lines.push(Line { name: named(part(text, &label)), start: label.start, value });
        }
        start += line.len();
    }
    Ok(lines)
}

/// Offsets are kept in 32 bits: a text of 4 GiB or more is cut there, and reads as malformed.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

fn usize_range(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

fn part<'a>(text: &'a str, range: &Range<u32>) -> &'a str {
    text.get(usize_range(range)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_an_object() {
        let text = "person: A B\naddress:  x\n+\n  y # z\n# note\nmb: A-MNT\nsource: RIPE";
        let object = Object::parse(text).unwrap();
        assert_eq!(object.text(), text);
        assert_eq!(object.value(Name::Address).as_deref(), Some("x y"));
        assert_eq!(object.value(Name::MntBy).as_deref(), Some("A-MNT"));
        let printed = "person:         A B\naddress:        x\n+\n                y # z\nmb:             A-MNT\nsource:         RIPE\n";
        assert_eq!(object.print(), printed);
    }

    #[test]
    fn refuses_what_is_no_object() {
        let check = |text: &str, expected: &str| {
            assert_eq!(Object::parse(text).unwrap_err().to_string(), expected);
        };
        check("", "there is no object here");
        check("rout6: ::/0\n", "`rout6` is not a class of objects");
        check("person: A\nnonsense\n", "this line is no attribute");
    }

    #[test]
    fn a_draft_puts_an_attribute_where_the_template_has_it() {
        let object = Object::parse("person: A B\nmnt-by: A-MNT\nsource: RIPE\n").unwrap();
        let mut draft = object.edit();
        draft.insert(Class::Person, Name::Created, "2026-01-01T00:00:00Z");
        let text = draft.build().unwrap().print();
        assert!(text.ends_with("created:        2026-01-01T00:00:00Z\nsource:         RIPE\n"), "{text}");
    }
}
