//! `templates/*.rpsl`: what every block gets, rendered with the block's variables.
//!
//! Templates come from the repository and are not trusted: what they may say is bounded before they are read
//! (`bounds`), what they are offered is bounded each (`offered`), and so are the steps, the text and the time of a run.

mod bounds;
mod line;
mod offered;

pub(super) use line::{line_like, shown_in};

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value, value::ValueKind};

use super::written::Vars;
use crate::finding::{Finding, Location, Source};

/// The templates of an estate, ready to be rendered.
pub(super) struct Templates<'a> {
    sources: &'a BTreeMap<String, Arc<Source>>,
    environment: Environment<'a>,
    spent: Cell<Duration>,
}

/// How many steps of the engine make one object, at most. One line with a variable takes two.
const FUEL: u64 = 20_000;
/// The longest object that a template makes, in bytes.
const LONGEST: usize = 1 << 20;
/// How much all variables of a block hold, at most, in bytes.
const VARIABLES: usize = 64 << 10;
/// How long all templates of an estate take, at most. Hundred thousand objects take a fifth of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a template was not rendered.
pub(super) enum RenderError {
    /// The template itself is wrong: said once, when it was read.
    Broken,
    /// These variables have no value; each with its place in the template.
    Undefined(Vec<(String, Location)>),
    /// A loop goes through this variable, which is a string.
    Letters(String, Location),
    /// Anything else, and where.
    Other(String, Location),
}

impl<'a> Templates<'a> {
    /// Reads the templates, with a finding for each that is not one.
    pub fn new(sources: &'a BTreeMap<String, Arc<Source>>) -> (Templates<'a>, Vec<Finding>) {
        let mut environment = offered::environment();
        environment.set_fuel(Some(FUEL));
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_debug(true); // errors then know their range
        environment.set_syntax(offered::syntax());
        let mut findings = Vec::new();
        for (name, source) in sources {
            if let Err(bounds::Excess { text, at }) = bounds::check(&source.text) {
                findings.push(Finding::error("template", text).at(Location::new(source, at)));
                continue;
            }
            if let Err(error) = environment.add_template(name, &source.text) {
                let finding = Finding::error("template", message(&error)).at(place(&error, source));
                findings
                    .push(finding.fix("templates are written as Jinja has it: https://docs.rs/minijinja"));
            }
        }
        (Templates { sources, environment, spent: Cell::default() }, findings)
    }

    /// Whether there is a file for `name`.
    pub fn has(&self, name: &str) -> bool {
        self.sources.contains_key(name)
    }

    /// The names of the files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }

    /// The first line of the file for `name`.
    pub fn place(&self, name: &str) -> Option<Location> {
        let source = self.sources.get(name)?;
        Some(Location::new(source, 0..source.text.lines().next().map_or(0, str::len)))
    }

    /// The variables that template `name` asks for; `None` if it is not there or broken.
    pub fn variables(&self, name: &str) -> Option<Vec<String>> {
        let template = self.environment.get_template(name).ok()?;
        Some(template.undeclared_variables(false).into_iter().collect())
    }

    /// The text of the file for `name`.
    pub fn source(&self, name: &str) -> Option<&Arc<Source>> {
        self.sources.get(name)
    }

    /// What template `name` says with `vars`.
    pub fn render(&self, name: &str, vars: &Vars) -> Result<String, RenderError> {
        let template = self.environment.get_template(name).map_err(|_| RenderError::Broken)?;
        let source = self.sources.get(name).ok_or(RenderError::Broken)?;
        let refuse = |text: String| Err(RenderError::Other(text, Location::new(source, 0..0)));
        if let Some((name, at)) = letters(&source.text, vars) {
            return Err(RenderError::Letters(name, Location::new(source, at)));
        }
        if weight(vars) > VARIABLES {
            return refuse(format!("the variables hold more than {} KiB", VARIABLES >> 10));
        }
        if self.spent.get() > PATIENCE {
            return refuse(format!("all templates together take longer than {} s", PATIENCE.as_secs()));
        }
        let begun = Instant::now();
        let left = PATIENCE.saturating_sub(self.spent.get());
        let rendered = offered::within_time(left, || rendered(&template, vars, source));
        self.spent.set(self.spent.get() + begun.elapsed());
        rendered
    }
}

/// The first variable that a loop goes through though it is a string: letter by letter, which nobody means. A template
/// that asks which of the two it is knows better.
fn letters(template: &str, vars: &Vars) -> Option<(String, std::ops::Range<usize>)> {
    let is_text = |name: &str| vars.get(name).is_some_and(|value| value.kind() == ValueKind::String);
    let found = line::loops(template).into_iter().find(|(_, through, _)| is_text(through));
    let found = found.filter(|(_, through, _)| !template.contains(&format!("{through} is string")));
    found.map(|(_, through, at)| (through.to_owned(), at))
}

/// What a template says with `vars`, or why it says nothing.
fn rendered(
    template: &minijinja::Template,
    vars: &Vars,
    source: &Arc<Source>,
) -> Result<String, RenderError> {
    match text(template, vars) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == ErrorKind::UndefinedError => {
            let candidates = template.undeclared_variables(false).into_iter().collect();
            Err(undefined(template, vars, error, &candidates, source))
        }
        Err(error) => Err(RenderError::Other(message(&error), place(&error, source))),
    }
}

/// What a template says, as long as it is not too much.
fn text(template: &minijinja::Template, vars: &Vars) -> Result<String, minijinja::Error> {
    let mut bytes = Bounded(Vec::new());
    template.render_captured_to(vars, &mut bytes)?;
    String::from_utf8(bytes.0)
        .map_err(|error| minijinja::Error::new(ErrorKind::BadSerialization, error.to_string()))
}

/// Takes so much, and no more.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// About how many bytes values take.
fn weight(vars: &Vars) -> usize {
    fn of(value: &Value) -> usize {
        const NUMBER: usize = 8;
        let inner = || value.try_iter().into_iter().flatten();
        match (value.as_str(), value.kind()) {
            (Some(text), _) => text.len() + NUMBER,
            (None, ValueKind::Seq) => inner().map(|each| of(&each)).sum(),
            (None, ValueKind::Map) => {
                inner().map(|key| of(&key) + value.get_item(&key).map_or(0, |each| of(&each))).sum()
            }
            (None, _) => NUMBER,
        }
    }
    vars.iter().map(|(name, value)| name.len() + of(value)).sum()
}

/// How many variables without a value are told of one object: the next come once these have one.
const TOLD: usize = 20;

/// The variables without a value: each is given one in turn, until nothing is missing.
fn undefined(
    template: &minijinja::Template,
    vars: &Vars,
    first: minijinja::Error,
    candidates: &BTreeSet<String>,
    source: &Arc<Source>,
) -> RenderError {
    let (mut vars, mut missing, mut error) = (vars.clone(), Vec::new(), first);
    loop {
        let at = place(&error, source);
        let valueless: Vec<&String> = candidates.iter().filter(|name| !vars.contains_key(*name)).collect();
        let Some(name) = culprit(&valueless, &at) else {
            let nothing_named = missing.is_empty();
            return if nothing_named {
                RenderError::Other(message(&error), at)
            } else {
                RenderError::Undefined(missing)
            };
        };
        vars.insert(name.clone(), "".into());
        missing.push((name.clone(), at));
        if missing.len() == TOLD {
            return RenderError::Undefined(missing);
        }
        match text(template, &vars) {
            Err(next) if next.kind() == ErrorKind::UndefinedError => error = next,
            _ => return RenderError::Undefined(missing),
        }
    }
}

/// The one of `missing` that an error at `place` is about: named there, or else in the same line, for of
/// `{{ a | upper }}` the error knows only the range of `upper`.
fn culprit<'a>(missing: &[&'a String], place: &Location) -> Option<&'a String> {
    let exact = place.source.text.get(place.span.clone()).unwrap_or_default();
    let line = place.source.text.lines().nth(place.line() - 1).unwrap_or_default();
    let named_in =
        |text: &str| missing.iter().copied().find(|name| words(text).any(|word| word == name.as_str()));
    named_in(exact).or_else(|| named_in(line))
}

fn words(expression: &str) -> impl Iterator<Item = &str> {
    expression.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn message(error: &minijinja::Error) -> String {
    let kind = error.kind();
    if let Some(meaning) = bounds::meaning(error) {
        return meaning.to_owned();
    }
    error.detail().map_or_else(|| kind.to_string(), |detail| format!("{kind}: {detail}"))
}

/// The range that an error knows, or else its line.
fn place(error: &minijinja::Error, source: &Arc<Source>) -> Location {
    let line = || {
        let before = error.line().unwrap_or(1).saturating_sub(1);
        let lines = || source.text.split_inclusive('\n');
        let start: usize = lines().take(before).map(str::len).sum();
        start..start + lines().nth(before).map_or(0, |line| line.trim_end().len())
    };
    let range =
        error.range().filter(|range| source.text.get(range.clone()).is_some_and(|text| !text.is_empty()));
    Location::new(source, range.unwrap_or_else(line))
}
