//! Declared objects, where they come from, and those of `objects/`.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    include::owner,
    joined::joined,
    misread::misread,
    pattern::Customer,
    shared::Shared,
    template::{line_like, shown_in},
    written::Given,
};
use crate::{
    finding::{Finding, Location, Source},
    net::Prefix,
    rpsl::{File, Key, Name, Object, Placeholder},
};

/// An object that should be in the registry.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The object, as written, with the `source:` of the run's registry.
    pub object: Object,
    /// Where it is written: its first attribute in a file, or the block that a template made it of.
    pub place: Location,
    /// How it came about.
    pub origin: Origin,
    /// Whose it is, if it is a customer's.
    pub customer: Option<Customer>,
    /// Which attributes of it are ours, if it is edited together with others.
    pub shared: Option<Arc<Shared>>,
    /// Where its attributes are.
    pub(super) written: Written,
}

/// Where the attributes of a declared object are written.
#[derive(Clone, Debug)]
pub(super) enum Written {
    /// In a file of objects: the object as it stands there.
    File(Object),
    /// In a template, with what its variables hold.
    Rendered(Rendered),
    /// The template is gone.
    Nowhere,
}

/// A template, and the variables that are written for what it is rendered for.
#[derive(Clone, Debug)]
pub(super) struct Rendered {
    template: Arc<Source>,
    given: Vec<Given>,
}

impl Rendered {
    /// What `template` makes with `given`; the earlier ones come first.
    pub fn new(template: &Arc<Source>, given: Vec<Given>) -> Rendered {
        Rendered { template: Arc::clone(template), given }
    }

    /// The line of the template that `line` was made of for the subject of this name, and where the variables in it are
    /// written.
    pub fn place(&self, line: &str, subject: &str) -> Option<Location> {
        let at = line_like(&self.template.text, line)?;
        let shown = shown_in(&self.template.text, at.clone());
        let written = shown
            .into_iter()
            .filter_map(|name| Some((name, self.given.iter().find_map(|given| given.get(name))?)));
        let written =
            written.map(|(name, at)| format!(", `{name}` at {}:{}", at.place.source.name(), at.place.line()));
        let via = std::iter::once(subject.to_owned()).chain(written).collect::<String>();
        Some(Location::new(&self.template, at).through(via))
    }
}

/// How a declared object came about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// It stands in a file of `objects/`.
    File,
    /// A template made it of a block.
    Block {
        /// The name of the block.
        name: String,
        /// The template's file.
        template: PathBuf,
    },
    /// A template made it of a whole allocation.
    Allocation {
        /// The allocation.
        prefix: Prefix,
        /// The template's file.
        template: PathBuf,
    },
}

impl Origin {
    /// The name of the block it was made of.
    pub fn block(&self) -> Option<&str> {
        match self {
            Origin::Block { name, .. } => Some(name),
            Origin::File | Origin::Allocation { .. } => None,
        }
    }

    /// What a template made it of, as messages call it.
    pub fn subject(&self) -> Option<String> {
        match self {
            Origin::File => None,
            Origin::Block { name, .. } => Some(format!("block {name}")),
            Origin::Allocation { prefix, .. } => Some(format!("allocation {prefix}")),
        }
    }

    /// The file of the template that made it.
    pub fn template(&self) -> Option<&Path> {
        match self {
            Origin::File => None,
            Origin::Block { template, .. } | Origin::Allocation { template, .. } => Some(template),
        }
    }
}

impl Declared {
    /// The place of the attribute with this index: in its file, or in the template that made it.
    pub fn place_of(&self, attribute: usize) -> Location {
        let place = match &self.written {
            Written::File(object) => object.spans(attribute).map(|(label, value)| {
                let start = self.place.span.start;
                Location::new(&self.place.source, start + label.start..start + value.end)
            }),
            Written::Rendered(rendered) => self.object.attributes().nth(attribute).and_then(|attribute| {
                let value = attribute.raw.lines().next().unwrap_or_default();
                rendered.place(&format!("{}:{value}", attribute.label), &self.subject()?)
            }),
            Written::Nowhere => None,
        };
        place.unwrap_or_else(|| self.place.clone())
    }

    /// The name of the block it was made of.
    pub fn block(&self) -> Option<&str> {
        self.origin.block()
    }

    /// What a template made it of, and whose that is, as messages call it.
    fn subject(&self) -> Option<String> {
        self.origin.subject().map(|subject| of_customer(subject, self.customer.as_ref()))
    }
}

/// `block lux of acme`.
pub fn of_customer(subject: String, customer: Option<&Customer>) -> String {
    match customer {
        Some(customer) => format!("{subject} of {customer}"),
        None => subject,
    }
}

/// The objects of the files, as they are for the registry with the source `own`, with a finding for each thing that is
/// not RPSL or not what it seems. `sources` are those of all registries.
pub(super) fn written(
    files: &[Arc<Source>],
    own: &str,
    sources: &[&str],
    customers: &[Customer],
) -> (Vec<Declared>, Vec<Finding>) {
    let (mut declared, mut findings) = (Vec::new(), Vec::new());
    for text in files {
        let customer = owner(&text.path, customers);
        let (file, problems) = File::parse(text);
        findings.extend(problems);
        for (object, place) in file.objects() {
            let first = object.spans(0).map_or(0, |(label, _)| label.start);
            let start = place.span.start.saturating_sub(first);
            findings.extend(
                misread(object, sources)
                    .into_iter()
                    .map(|(at, finding)| finding.at(Location::new(text, start + at.start..start + at.end))),
            );
            if let Some(second) = joined(object) {
                findings.push(second.finding(object, text, start, place.line()));
                continue;
            }
            let written = Written::File(object.clone());
            declared.push(Declared {
                object: with_source(object, own),
                place,
                origin: Origin::File,
                customer: customer.cloned(),
                shared: None,
                written,
            });
        }
    }
    (declared, findings)
}

/// The same object with `source` in its `source:` attribute, if it has one.
pub(super) fn with_source(object: &Object, source: &str) -> Object {
    let Some(index) = object.attributes().position(|attribute| attribute.name == Some(Name::Source)) else {
        return object.clone();
    };
    let old = object.value(Name::Source).unwrap_or_default();
    let Some((_, span)) = object.spans(index).filter(|_| old != source) else { return object.clone() };
    let mut text = object.text().to_owned();
    let raw = text.get(span.clone()).unwrap_or_default();
    let new = if old.is_empty() { format!(" {source}{raw}") } else { raw.replacen(&old, source, 1) };
    text.replace_range(span, &new);
    Object::parse(text).unwrap_or_else(|_| object.clone())
}

/// A finding for each object whose key, or the placeholder of it, another one before it has.
pub(super) fn duplicates(declared: &[Declared]) -> Vec<Finding> {
    let mut seen: HashMap<Key, &Location> = HashMap::new();
    let mut placeholders: HashMap<String, &Declared> = HashMap::new();
    let mut findings = Vec::new();
    for each @ Declared { object, place, .. } in declared {
        let key = object.key();
        let placeholder = Placeholder::of(object).map(|placeholder| placeholder.name().to_owned());
        let other = placeholder.as_ref().and_then(|name| placeholders.get(name));
        if let Some(first) = seen.get(&key) {
            let text = format!("{key} is declared twice, first at {first}");
            let finding = Finding::error("duplicate-key", text).fix("take one of them out");
            findings.push(finding.about(&key).at(place.clone()));
        } else if let Some((name, other)) = placeholder.as_ref().zip(other) {
            findings.push(ambiguous(name, each, other));
        }
        seen.entry(key).or_insert(place);
        if let Some(name) = placeholder {
            placeholders.entry(name).or_insert(each);
        }
    }
    findings
}

/// A placeholder is known by its number alone: two objects with one number cannot be told apart where they are
/// referred to.
fn ambiguous(name: &str, declared: &Declared, first: &Declared) -> Finding {
    let text = format!("{name} stands for {} at {} too", first.object.key(), first.place);
    let key = declared.object.key();
    Finding::error("duplicate-key", text)
        .about(&key)
        .at(declared.place.clone())
        .fix("write another number for one of them, here and where it is referred to")
}
