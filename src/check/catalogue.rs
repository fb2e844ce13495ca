//! Every rule by its stable name, with what it asks for: `ripectl check --rules`, and `docs/rules.md`.

mod own;
mod registry;

use crate::rules::{Rule, authorise, business};

/// A rule, described.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Described {
    /// Its stable name.
    pub name: &'static str,
    /// What it asks for, in a line.
    pub says: &'static str,
    /// Where it comes from: a class of the registry's server, or a module of ripectl.
    pub source: &'static str,
    /// Whose rule it is.
    pub chapter: Chapter,
}

/// Whose rules they are, in the order in which they are met.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Chapter {
    /// ripectl's, about the files.
    Files,
    /// The registry's, about the text of an object.
    Text,
    /// The registry's, about who may.
    Permission,
    /// The registry's, about what an object says.
    Business,
    /// ripectl's, about plans.
    Plan,
    /// ripectl's, about announcements.
    Announcements,
    /// ripectl's, about what the RIPE NCC looks at.
    Audit,
}

impl Chapter {
    /// All chapters in order.
    pub const ALL: [Chapter; 7] = [
        Chapter::Files,
        Chapter::Text,
        Chapter::Permission,
        Chapter::Business,
        Chapter::Plan,
        Chapter::Announcements,
        Chapter::Audit,
    ];

    /// What the rules are about.
    pub fn title(self) -> &'static str {
        match self {
            Chapter::Files => "The files",
            Chapter::Text => "The text of an object",
            Chapter::Permission => "Who may",
            Chapter::Business => "What the registry allows",
            Chapter::Plan => "Plans",
            Chapter::Announcements => "Announcements",
            Chapter::Audit => "Audits",
        }
    }
}

/// Every rule, chapter by chapter.
pub fn catalogue() -> Vec<Described> {
    let own = |(rows, chapter): (&'static [own::Row], Chapter)| {
        rows.iter().map(move |(name, source, says)| Described { name, says, source, chapter })
    };
    let tables = [
        (own::FILES, Chapter::Files),
        (registry::TEXT, Chapter::Text),
        (own::PLAN, Chapter::Plan),
        (own::ANNOUNCEMENTS, Chapter::Announcements),
        (own::AUDIT, Chapter::Audit),
    ];
    let permission = authorise::STRATEGIES.iter().map(|strategy| {
        let authorise::Strategy { name, says, source, .. } = *strategy;
        Described { name, says, source, chapter: Chapter::Permission }
    });
    let business = business::rules().map(|rule| {
        let Rule { name, says, source, .. } = *rule;
        Described { name, says, source, chapter: Chapter::Business }
    });
    let mut all: Vec<Described> =
        tables.into_iter().flat_map(own).chain(permission).chain(business).collect();
    all.sort_by_key(|rule| (rule.chapter, rule.name));
    all
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn every_rule_is_described_once() {
        let all = catalogue();
        let silent: Vec<_> = all.iter().filter(|rule| rule.says.is_empty()).map(|rule| rule.name).collect();
        assert_eq!(silent, [""; 0], "say what each asks for");
        let names: BTreeSet<_> = all.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), all.len());
    }

    #[test]
    fn every_name_in_the_sources_is_in_the_catalogue() {
        let mut found = BTreeSet::new();
        names_in(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut found);
        found.extend(crate::rule::Rule::ALL.map(|rule| rule.name().to_owned()));
        assert!(found.len() > 40, "{found:?}");
        let known: BTreeSet<String> = catalogue().iter().map(|rule| rule.name.to_owned()).collect();
        let missing: Vec<_> = found.difference(&known).collect();
        assert!(missing.is_empty(), "add these to src/check/catalogue/: {missing:?}");
    }

    /// The names behind what makes findings and messages, outside tests.
    fn names_in(directory: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
            let path = entry.path();
            let name = entry.file_name().into_string().unwrap();
            match path.is_dir() {
                true if name != "tests" => names_in(&path, found),
                false if path.extension().is_some_and(|end| end == "rs") && name != "tests.rs" => {
                    let text = fs::read_to_string(&path).unwrap();
                    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                    for mark in ["Finding::error(", ".of(", " rule: "] {
                        for (at, _) in code.match_indices(mark) {
                            let behind = code[at + mark.len()..].trim_start();
                            let name = behind.strip_prefix('"').and_then(|text| text.split_once('"'));
                            found.extend(name.map(|(name, _)| name.to_owned()));
                        }
                    }
                }
                _ => {}
            }
        }
        found.remove("");
    }
}
