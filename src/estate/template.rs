//! `templates/*.rpsl`: what every block gets, rendered with the block's variables.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use minijinja::{Environment, ErrorKind, UndefinedBehavior};

use super::allocation::Vars;
use crate::finding::{Finding, Place, Source};

/// The templates of an estate, ready to be rendered.
pub(super) struct Templates<'a> {
    sources: &'a BTreeMap<String, Arc<Source>>,
    environment: Environment<'a>,
}

/// Why a template was not rendered.
pub(super) enum RenderError {
    /// The template itself is wrong: said once, when it was read.
    Broken,
    /// These variables have no value; each with its place in the template.
    Undefined(Vec<(String, Place)>),
    /// Anything else, and where.
    Other(String, Place),
}

impl<'a> Templates<'a> {
    /// Reads the templates, with a finding for each that is not one.
    pub fn new(sources: &'a BTreeMap<String, Arc<Source>>) -> (Templates<'a>, Vec<Finding>) {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_debug(true); // errors then know their range
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.set_keep_trailing_newline(true);
        let mut findings = Vec::new();
        for (name, source) in sources {
            if let Err(error) = environment.add_template(name, &source.text) {
                let finding = Finding::error("template", message(&error)).at(place(&error, source));
                findings
                    .push(finding.fix("templates are written as Jinja has it: https://docs.rs/minijinja"));
            }
        }
        (Templates { sources, environment }, findings)
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
    pub fn place(&self, name: &str) -> Option<Place> {
        let source = self.sources.get(name)?;
        Some(Place::new(source, 0..source.text.lines().next().map_or(0, str::len)))
    }

    /// The variables that template `name` asks for; `None` if it is not there or broken.
    pub fn variables(&self, name: &str) -> Option<Vec<String>> {
        let template = self.environment.get_template(name).ok()?;
        Some(template.undeclared_variables(false).into_iter().collect())
    }

    /// The first line of the file for `name` that begins with `label:`, indented or not; else its first line.
    pub fn line_of(&self, name: &str, label: &str) -> Option<Place> {
        let source = self.sources.get(name)?;
        let mut start = 0;
        for line in source.text.split_inclusive('\n') {
            let inner = line.trim_start_matches(['+', ' ', '\t']);
            if inner.strip_prefix(label).is_some_and(|rest| rest.starts_with(':')) {
                let at = start + line.len() - inner.len();
                return Some(Place::new(source, at..at + inner.trim_end().len()));
            }
            start += line.len();
        }
        self.place(name)
    }

    /// What template `name` says with `vars`.
    pub fn render(&self, name: &str, vars: &Vars) -> Result<String, RenderError> {
        let template = self.environment.get_template(name).map_err(|_| RenderError::Broken)?;
        let source = self.sources.get(name).ok_or(RenderError::Broken)?;
        match template.render(vars) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == ErrorKind::UndefinedError => {
                let candidates = template.undeclared_variables(false).into_iter().collect();
                Err(undefined(&template, vars, error, &candidates, source))
            }
            Err(error) => Err(RenderError::Other(message(&error), place(&error, source))),
        }
    }
}

/// All variables without a value: each is given one in turn, until nothing is missing.
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
        match template.render(&vars) {
            Err(next) if next.kind() == ErrorKind::UndefinedError => error = next,
            _ => return RenderError::Undefined(missing),
        }
    }
}

/// The one of `missing` that an error at `place` is about: named there, or else in the same line, for of
/// `{{ a | upper }}` the error knows only the range of `upper`.
fn culprit<'a>(missing: &[&'a String], place: &Place) -> Option<&'a String> {
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
    error.detail().map_or_else(|| kind.to_string(), |detail| format!("{kind}: {detail}"))
}

/// The range that an error knows, or else its line.
fn place(error: &minijinja::Error, source: &Arc<Source>) -> Place {
    let line = || {
        let before = error.line().unwrap_or(1).saturating_sub(1);
        let lines = || source.text.split_inclusive('\n');
        let start: usize = lines().take(before).map(str::len).sum();
        start..start + lines().nth(before).map_or(0, |line| line.trim_end().len())
    };
    let range =
        error.range().filter(|range| source.text.get(range.clone()).is_some_and(|text| !text.is_empty()));
    Place::new(source, range.unwrap_or_else(line))
}
