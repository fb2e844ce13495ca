//! Declared objects: those of `objects/` and those that templates make of blocks.

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use super::{
    allocation::{Allocation, Block, Reverse, Vars},
    site::Site,
    table::{At, did_you_mean},
    template::{RenderError, Templates},
};
use crate::{
    finding::{Finding, Place, Source},
    net::{Asn, Prefix, zone_block, zone_of},
    rpsl::{Class, File, Key, Name, Object},
};

/// An object that should be in the registry.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The object, as written, with the `source:` of the run's registry.
    pub object: Object,
    /// Where it is written: its first attribute in a file, or the block that a template made it of.
    pub place: Place,
    /// How it came about.
    pub origin: Origin,
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

impl Declared {
    /// The place of the attribute with this index; of the block, if a template made the object.
    pub fn place_of(&self, attribute: usize) -> Place {
        let start = self.place.span.start;
        let written = match self.origin {
            Origin::File => self.place.source.text.get(start..).and_then(|text| Object::parse(text).ok()),
            Origin::Block { .. } | Origin::Allocation { .. } => None,
        };
        let spans = written.and_then(|object| object.spans(attribute));
        spans.map_or_else(
            || self.place.clone(),
            |(label, value)| Place::new(&self.place.source, start + label.start..start + value.end),
        )
    }

    /// The name of the block it was made of.
    pub fn block(&self) -> Option<&str> {
        match &self.origin {
            Origin::Block { name, .. } => Some(name),
            Origin::File | Origin::Allocation { .. } => None,
        }
    }
}

/// The objects of the files, with a finding for each thing that is not RPSL.
pub(super) fn written(files: &[Arc<Source>], source: &str) -> (Vec<Declared>, Vec<Finding>) {
    let (mut declared, mut findings) = (Vec::new(), Vec::new());
    for text in files {
        let (file, problems) = File::parse(text);
        findings.extend(problems);
        declared.extend(file.objects().map(|(object, place)| {
            let object = with_source(object, source);
            Declared { object, place, origin: Origin::File }
        }));
    }
    (declared, findings)
}

/// The same object with `source` in its `source:` attribute, if it has one.
fn with_source(object: &Object, source: &str) -> Object {
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

/// What a template is rendered for.
struct Subject<'a> {
    allocation: &'a Allocation,
    block: Option<&'a Block>,
}

impl Subject<'_> {
    fn prefix(&self) -> Prefix {
        self.block.map_or(self.allocation.prefix, |block| block.prefix)
    }

    fn origin(&self) -> Option<Asn> {
        self.block.map_or(self.allocation.origin, |block| block.origin)
    }

    fn place(&self) -> &Place {
        self.block.map_or(&self.allocation.place, |block| &block.place)
    }

    fn name(&self) -> String {
        self.block
            .map_or_else(|| format!("allocation {}", self.prefix()), |block| format!("block {}", block.name))
    }

    /// The text of the key that an object of `class` must have here; `None` if there cannot be one.
    fn key(&self, class: Class) -> Option<String> {
        let prefix = self.prefix();
        match class {
            Class::Route | Class::Route6 => Some(format!("{prefix}{}", self.origin()?)),
            Class::Domain => zone_of(prefix).filter(|zone| zone_block(zone) == Some(prefix.block())),
            _ => Some(prefix.to_string()),
        }
    }

    fn vars(&self, sites: &[Site], source: &str) -> Vars {
        let (prefix, block) = (self.prefix(), self.block);
        let at: &[String] = block.map_or(&[], |block| &block.sites);
        let only = match at {
            [name] => sites.iter().find(|site| site.name == *name),
            _ => None,
        };
        let known: [(&str, Option<minijinja::Value>); 12] = [
            ("prefix", Some(prefix.to_string().into())),
            ("length", Some(prefix.len().into())),
            ("network", prefix.to_string().split('/').next().map(Into::into)),
            ("block", block.map(|block| block.name.clone().into())),
            ("index", block.and_then(|block| block.index).map(Into::into)),
            ("origin", self.origin().map(|origin| origin.to_string().into())),
            ("allocation", Some(self.allocation.prefix.to_string().into())),
            ("sites", Some(at.to_vec().into())),
            ("country", only.and_then(|site| site.country.clone()).map(Into::into)),
            ("upstream", only.and_then(|site| site.upstream.clone()).map(Into::into)),
            ("source", Some(source.into())),
            ("zone", zone_of(prefix).map(Into::into)),
        ];
        let mut vars: Vars =
            known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        vars.extend(self.allocation.vars.clone());
        vars.extend(block.map(|block| block.vars.clone()).unwrap_or_default());
        vars
    }
}

/// The objects that the templates make of all blocks and allocations.
pub(super) fn rendered(
    allocations: &[Allocation],
    templates: &Templates,
    sites: &[Site],
    source: &str,
) -> (Vec<Declared>, Vec<Finding>) {
    let (mut declared, mut findings) = (Vec::new(), Vec::new());
    for allocation in allocations {
        for (class, template, subject) in
            jobs(allocation).filter(|(_, template, _)| templates.has(&template.value))
        {
            match render(class, &template.value, &subject, templates, &subject.vars(sites, source)) {
                Ok(object) => declared.push(place(&with_source(&object, source), &template.value, &subject)),
                Err(problems) => findings.extend(problems),
            }
        }
    }
    (declared, merge(findings))
}

/// Which templates of an allocation are rendered for what.
fn jobs(allocation: &Allocation) -> impl Iterator<Item = (Class, &At<String>, Subject<'_>)> {
    let per_block = |class| class != Class::Domain || allocation.reverse == Reverse::Block;
    let blocks = allocation.blocks.iter().map(Some).chain([None]);
    blocks.flat_map(move |block| {
        let wanted = move |class| match block {
            Some(_) => per_block(class),
            None => class == Class::Domain && allocation.reverse == Reverse::Allocation,
        };
        let templates = allocation.templates.iter().filter(move |(class, _)| wanted(**class));
        templates.map(move |(class, template)| (*class, template, Subject { allocation, block }))
    })
}

/// A finding for each template that an allocation names and that is not there.
pub(super) fn missing_files(allocations: &[Allocation], templates: &Templates) -> Vec<Finding> {
    let named = allocations.iter().flat_map(|allocation| allocation.templates.values());
    let explain = |At { value: name, place }: &At<String>| {
        let text = format!("there is no {}{}", file(name).display(), did_you_mean(name, templates.names()));
        let remedy = "write that file, or name one that is there";
        Finding::error("template", text).fix(remedy).at(place.clone())
    };
    named.filter(|template| !templates.has(&template.value)).map(explain).collect()
}

fn file(template: &str) -> PathBuf {
    PathBuf::from(format!("templates/{template}.rpsl"))
}

fn place(object: &Object, template: &str, subject: &Subject) -> Declared {
    let template = file(template);
    let place = subject.place().clone().through(format!("{}, {}", subject.name(), template.display()));
    let origin = match subject.block {
        Some(block) => Origin::Block { name: block.name.clone(), template },
        None => Origin::Allocation { prefix: subject.prefix(), template },
    };
    Declared { object: object.clone(), place, origin }
}

/// The one object of `class` that the template makes for `subject`.
fn render(
    class: Class,
    template: &str,
    subject: &Subject,
    templates: &Templates,
    vars: &Vars,
) -> Result<Object, Vec<Finding>> {
    let refuse = |place: Option<Place>, text: String, remedy: String| {
        let place = place.unwrap_or_else(|| subject.place().clone()).through(subject.name());
        vec![Finding::error("template", text).fix(remedy).at(place)]
    };
    let Some(key) = subject.key(class) else {
        let (text, remedy) = keyless(class, subject);
        return Err(refuse(None, text, remedy));
    };
    let text = templates.render(template, vars).map_err(|error| explain(error, subject, vars))?;
    let here = |text: String, remedy: String| refuse(templates.place(template), text, remedy);
    let object = single(&text).map_err(|problem| here(problem, format!("a template makes one {class}")))?;
    match object.key() {
        made if made == Key::new(class, &key) => Ok(object),
        other => {
            let text = format!("this makes {other}, which is not the {class} of this block");
            Err(here(text, format!("begin the template with `{}`", first_line(class))))
        }
    }
}

/// Why `subject` cannot have an object of `class`.
fn keyless(class: Class, subject: &Subject) -> (String, String) {
    let prefix = subject.prefix();
    match class {
        Class::Domain => (
            format!("{prefix} is not the content of one reverse zone"),
            "write `reverse = \"block\"`, or `\"none\"` and its zones into objects/".into(),
        ),
        _ => (format!("{prefix} has no origin"), "add `origin = \"AS…\"`".into()),
    }
}

fn first_line(class: Class) -> String {
    let value = if class == Class::Domain { "zone" } else { "prefix" };
    format!("{class}: {{{{ {value} }}}}")
}

/// The one object that is `text`.
fn single(text: &str) -> Result<Object, String> {
    let source = Arc::new(Source { path: PathBuf::new(), text: text.to_owned() });
    let (file, problems) = File::parse(&source);
    if let Some(problem) = problems.first() {
        let line = problem.place.as_ref().map_or(1, Place::line);
        let shown = text.lines().nth(line - 1).unwrap_or_default();
        return Err(format!("line {line} of what this makes, `{shown}`: {}", problem.text));
    }
    let mut objects = file.objects();
    match (objects.next(), objects.next()) {
        (Some((object, _)), None) => Ok(object.clone()),
        (None, _) => Err("this makes nothing".into()),
        (Some(_), Some((second, _))) => {
            Err(format!("this makes more than one object, also {}", second.key()))
        }
    }
}

fn explain(error: RenderError, subject: &Subject, vars: &Vars) -> Vec<Finding> {
    match error {
        RenderError::Broken => Vec::new(),
        RenderError::Other(text, place) => {
            vec![Finding::error("template", text).at(place.through(subject.name()))]
        }
        RenderError::Undefined(missing) => {
            missing.into_iter().map(|(name, place)| undefined(&name, place, subject, vars)).collect()
        }
    }
}

fn undefined(name: &str, place: Place, subject: &Subject, vars: &Vars) -> Finding {
    let text = format!("`{name}` has no value{}", did_you_mean(name, vars.keys().map(String::as_str)));
    let block = subject.block.map(|block| format!("block {} ({}) or of ", block.name, block.place));
    let block = block.unwrap_or_default();
    let Allocation { prefix, place: written, .. } = subject.allocation;
    let remedy = format!("add `{name} = \"…\"` to `vars` of {block}allocation {prefix} ({written})");
    Finding::error("template", text).fix(remedy).at(place.through(subject.name()))
}

/// One finding for what is said at the same place of a template for several blocks: the first, which names them all.
fn merge(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    for finding in findings {
        let same = |other: &&mut Finding| {
            let (one, two) = (other.place.as_ref(), finding.place.as_ref());
            let where_it_is = |place: Option<&Place>| place.map(|p| (p.source.path.clone(), p.span.clone()));
            other.text == finding.text && where_it_is(one) == where_it_is(two)
        };
        match merged.iter_mut().find(same).and_then(|other| other.place.as_mut()) {
            Some(place) => join(&mut place.via, finding.place.and_then(|place| place.via)),
            None => merged.push(finding),
        }
    }
    merged
}

fn join(via: &mut Option<String>, more: Option<String>) {
    if let (Some(via), Some(more)) = (via, more) {
        via.push_str(", ");
        via.push_str(&more);
    }
}

/// A finding for each object whose key another one before it has.
pub(super) fn duplicates(declared: &[Declared]) -> Vec<Finding> {
    let mut seen: HashMap<Key, &Place> = HashMap::new();
    let mut findings = Vec::new();
    for Declared { object, place, .. } in declared {
        let key = object.key();
        if let Some(first) = seen.get(&key) {
            let text = format!("{key} is declared twice, first at {first}");
            let finding = Finding::error("duplicate-key", text).fix("take one of them out");
            findings.push(finding.about(&key).at(place.clone()));
        } else {
            seen.insert(key, place);
        }
    }
    findings
}
