//! Declared objects that templates make of blocks and allocations.

use std::{
    collections::{HashMap, hash_map::Entry},
    ops::Range,
    path::PathBuf,
    sync::Arc,
};

use super::{
    Estate,
    allocation::Allocation,
    blocks::Block,
    declared::{Declared, Origin, Rendered, Written, of_customer, with_source},
    joined::joined,
    misread::misread,
    pattern::Customer,
    template::{RenderError, Templates},
    written::{Given, RESERVED, Reverse, Vars},
};
use crate::{
    config::{At, did_you_mean},
    finding::{Finding, Location, Source},
    net::{Asn, Prefix, zone_block, zone_of},
    rpsl::{Class, File, Key, Object},
};

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

    fn place(&self) -> &Location {
        self.block.map_or(&self.allocation.place, |block| &block.place)
    }

    fn customer(&self) -> Option<&Customer> {
        self.block.map_or(self.allocation.customer.as_ref(), |block| block.customer.as_ref())
    }

    fn name(&self) -> String {
        let whole = || format!("allocation {}", self.prefix());
        of_customer(self.block.map_or_else(whole, |block| format!("block {}", block.name)), self.customer())
    }

    /// The reverse zone with exactly these addresses.
    fn zone(&self) -> Option<String> {
        zone_of(self.prefix()).filter(|zone| zone_block(zone) == Some(self.prefix().block()))
    }

    /// The text of the key that an object of `class` must have here; `None` if there cannot be one.
    fn key(&self, class: Class) -> Option<String> {
        let prefix = self.prefix();
        match class {
            Class::Route | Class::Route6 => Some(format!("{prefix}{}", self.origin()?)),
            Class::Domain => self.zone(),
            _ => Some(prefix.to_string()),
        }
    }

    /// The variables that are written: the block's, those of its row, and those of the allocation, each below the former.
    fn given(&self) -> Vec<Given> {
        self.allocation.given(self.block)
    }

    /// All variables: those that ripectl knows, the allocation's above them, the block's above these.
    fn vars(&self, estate: &Estate) -> Vars {
        let (prefix, block) = (self.prefix(), self.block);
        let at: &[String] = block.map_or(&[], |block| &block.sites);
        let only = block.and_then(|block| block.only_site(&estate.sites));
        let known: [(&str, Option<minijinja::Value>); 13] = [
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
            ("geofeed", estate.geofeed.as_ref().map(|geofeed| geofeed.url.clone().into())),
            ("source", Some(estate.registry.source.clone().into())),
            ("zone", self.zone().map(Into::into)),
        ];
        let mut vars: Vars =
            known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        for given in self.given().into_iter().rev() {
            vars.extend(given.iter().map(|(name, at)| (name.clone(), at.value.clone())));
        }
        vars
    }
}

/// The objects that the templates make of all blocks and allocations.
pub(super) fn all(estate: &Estate, templates: &Templates, sources: &[&str]) -> (Vec<Declared>, Vec<Finding>) {
    let source = estate.registry.source.as_str();
    let (mut declared, mut findings) = (Vec::new(), Vec::new());
    for allocation in &estate.allocations {
        for (class, template, subject) in
            jobs(allocation).filter(|(_, template, _)| templates.has(&template.value))
        {
            match render(class, &template.value, &subject, templates, &subject.vars(estate)) {
                Ok(object) => {
                    findings.extend(not_as_it_seems(&object, sources, &template.value, templates, &subject));
                    declared.push(placed(with_source(&object, source), &template.value, templates, &subject));
                }
                Err(problems) => findings.extend(problems),
            }
        }
    }
    (declared, merge(findings))
}

/// What is wrong with a rendered object though it is one, each at the line of the template that begins like it.
fn not_as_it_seems(
    object: &Object,
    sources: &[&str],
    template: &str,
    templates: &Templates,
    subject: &Subject,
) -> Vec<Finding> {
    let rendered = templates.source(template).map(|source| Rendered::new(source, subject.given()));
    let placed = |(at, finding): (Range<usize>, Finding)| {
        let line = object.text().get(at.start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let place = rendered.as_ref().and_then(|rendered| rendered.place(line, &subject.name()));
        finding.at(place.unwrap_or_else(|| subject.place().clone()))
    };
    misread(object, sources).into_iter().map(placed).collect()
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
        let templates = allocation.templates_for(block).iter().filter(move |(class, _)| wanted(**class));
        templates.map(move |(class, template)| (*class, template, Subject { allocation, block }))
    })
}

/// A finding for each template that an allocation names and that is not there.
pub(super) fn missing_files(allocations: &[Allocation], templates: &Templates) -> Vec<Finding> {
    let named = allocations.iter().flat_map(Allocation::named_templates);
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

fn placed(object: Object, template: &str, templates: &Templates, subject: &Subject) -> Declared {
    let written = match templates.source(template) {
        Some(source) => Written::Rendered(Rendered::new(source, subject.given())),
        None => Written::Nowhere,
    };
    let template = file(template);
    let place = subject.place().clone().through(format!("{}, {}", subject.name(), template.display()));
    let origin = match subject.block {
        Some(block) => Origin::Block { name: block.name.clone(), template },
        None => Origin::Allocation { prefix: subject.prefix(), template },
    };
    Declared { object, place, origin, customer: subject.customer().cloned(), shared: None, written }
}

/// The one object of `class` that the template makes for `subject`.
fn render(
    class: Class,
    template: &str,
    subject: &Subject,
    templates: &Templates,
    vars: &Vars,
) -> Result<Object, Vec<Finding>> {
    let refuse = |place: Option<Location>, text: String, remedy: String| {
        let place = place.unwrap_or_else(|| subject.place().clone()).through(subject.name());
        vec![Finding::error("template", text).fix(remedy).at(place)]
    };
    let Some(key) = subject.key(class) else {
        let (text, remedy) = keyless(class, subject);
        return Err(refuse(None, text, remedy));
    };
    let text = templates.render(template, vars).map_err(|error| explain(error, subject, vars))?;
    let here = |text: String, remedy: String| refuse(templates.place(template), text, remedy);
    let rendered = templates.source(template).map(|source| Rendered::new(source, subject.given()));
    let object = single(&text).map_err(|Problem { line, text, remedy }| {
        let line = line.and_then(|line| rendered.as_ref()?.place(&line, &subject.name()));
        match line {
            Some(place) => vec![Finding::error("template", text).fix(remedy).at(place)],
            None => here(text, format!("a template makes one {class}")),
        }
    })?;
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
    let by_hand = "write `reverse = \"none\"`, and its zones into objects/";
    match (class, subject.block) {
        (Class::Domain, None) => (
            format!("{prefix} is not one reverse zone"),
            format!("write `reverse = \"block\"`, or {by_hand}"),
        ),
        (Class::Domain, Some(_)) => (format!("{prefix} is not one reverse zone"), by_hand.to_owned()),
        _ => (format!("{prefix} has no origin"), "add `origin = \"AS…\"`".to_owned()),
    }
}

fn first_line(class: Class) -> String {
    let value = if class == Class::Domain { "zone" } else { "prefix" };
    format!("{class}: {{{{ {value} }}}}")
}

/// Why what a template makes is not one object, with the line of it that is wrong.
struct Problem {
    line: Option<String>,
    text: String,
    remedy: String,
}

impl Problem {
    fn of_all(text: String) -> Problem {
        Problem { line: None, text, remedy: String::new() }
    }
}

/// The one object that is `text`.
fn single(text: &str) -> Result<Object, Problem> {
    let source = Arc::new(Source::new("", text));
    let (file, problems) = File::parse(&source);
    if let Some(problem) = problems.first() {
        let line = problem.place.as_ref().map_or(1, Location::line);
        let shown = text.lines().nth(line - 1).unwrap_or_default();
        let text = format!("this makes `{shown}`: {}", problem.text);
        let remedy = problem.remedy.clone().unwrap_or_default();
        return Err(Problem { line: Some(shown.to_owned()), text, remedy });
    }
    let mut objects = file.objects();
    match (objects.next(), objects.next()) {
        (Some((object, _)), None) => match joined(object) {
            None => Ok(object.clone()),
            Some(second) => {
                Err(Problem::of_all(format!("this makes more than one object, also a {}", second.class)))
            }
        },
        (None, _) => Err(Problem::of_all("this makes nothing".into())),
        (Some(_), Some((second, _))) => {
            Err(Problem::of_all(format!("this makes more than one object, also {}", second.key())))
        }
    }
}

fn explain(error: RenderError, subject: &Subject, vars: &Vars) -> Vec<Finding> {
    match error {
        RenderError::Broken => Vec::new(),
        RenderError::Other(text, place) => {
            vec![Finding::error("template", text).at(place.through(subject.name()))]
        }
        RenderError::Letters(name, place) => {
            let written = subject.given().iter().find_map(|given| Some(given.get(&name)?.place.to_string()));
            let written = written.map_or_else(String::new, |place| format!(" at {place}"));
            let text = format!("`{name}`{written} is a string, and this would go through its letters");
            let remedy = format!("write `{name} = [\"…\"]`, a list, also for one");
            vec![Finding::error("template", text).fix(remedy).at(place.through(subject.name()))]
        }
        RenderError::Undefined(missing) => {
            missing.into_iter().map(|(name, place)| undefined(&name, place, subject, vars)).collect()
        }
    }
}

fn undefined(name: &str, place: Location, subject: &Subject, vars: &Vars) -> Finding {
    let text = format!("`{name}` has no value{}", did_you_mean(name, vars.keys().map(String::as_str)));
    Finding::error("template", text).fix(way_to_value(name, subject)).at(place.through(subject.name()))
}

/// Where a variable gets its value from.
fn way_to_value(name: &str, subject: &Subject) -> String {
    if RESERVED.contains(&name) {
        return format!(
            "it has none for {}: test for it with `{{% if {name} is defined %}}`",
            subject.prefix()
        );
    }
    let Allocation { prefix, place, .. } = subject.allocation;
    let allocation = format!("allocation {prefix} ({place})");
    match subject.block {
        Some(block) if block.row.is_some() => {
            format!(
                "fill a column `{name}` in {}, or add `{name} = \"…\"` to `vars` of {allocation}",
                block.place
            )
        }
        Some(block) => {
            format!(
                "add `{name} = \"…\"` to `vars` of block {} ({}) or of {allocation}",
                block.name, block.place
            )
        }
        None => format!("add `{name} = \"…\"` to `vars` of {allocation}"),
    }
}

/// One finding for what is said at the same place of a template for several blocks: the first, which names
/// them.
fn merge(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    let mut said: HashMap<(Here, String), usize> = HashMap::new();
    for finding in findings {
        let Some(place) = &finding.place else {
            merged.push(finding);
            continue;
        };
        let here = (Arc::as_ptr(&place.source), place.span.clone());
        match said.entry((here, finding.text.clone())) {
            Entry::Occupied(first) => {
                if let Some(place) = merged.get_mut(*first.get()).and_then(|first| first.place.as_mut()) {
                    join(&mut place.via, finding.place.and_then(|place| place.via));
                }
            }
            Entry::Vacant(first) => {
                first.insert(merged.len());
                merged.push(finding);
            }
        }
    }
    merged
}

/// A place as something to compare: its file and the bytes in it.
type Here = (*const Source, Range<usize>);

/// Adds one more block to those that are named, as long as someone would still read them.
fn join(via: &mut Option<String>, more: Option<String>) {
    const READABLE: usize = 400;
    match (via, more) {
        (Some(via), Some(more)) if via.len() < READABLE => {
            via.push_str(", ");
            via.push_str(&more);
        }
        (Some(via), Some(_)) if !via.ends_with('…') => via.push_str(", …"),
        _ => {}
    }
}
