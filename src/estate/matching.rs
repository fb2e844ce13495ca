//! The files that the patterns of `include` name, and what is said of the others in their folders.
//!
//! A customer's file that is not read would take all that it declares out of the estate. So a pattern that names no file,
//! a folder of a customer without its file, and a name that is the right one but for its spelling stop the run.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    pattern::{Customer, Part, Pattern, customer},
    walk::unread,
};
use crate::{
    config::At,
    disk::{Directory, FileError, Kind, Refusal, Tree},
    finding::{Finding, Location},
};

/// How many names there may be in the folders of one pattern.
const NAMES: usize = 100_000;

/// The files that `patterns` name, ordered by path, each with whose it is.
pub(super) fn files(tree: &Tree, patterns: &[At<Pattern>]) -> (BTreeMap<PathBuf, Customer>, Vec<Finding>) {
    let mut found = Found::default();
    for At { value, place } in patterns {
        let mut search = Search { parts: value.parts(), place, left: NAMES, count: 0, found: &mut found };
        search.folder(tree.root(), Path::new(""), value.parts());
        if search.count == 0 {
            let finding = Finding::error("include", "no file is named so");
            let remedy = "write one, or take the pattern out";
            found.findings.push(finding.fix(remedy).at(place.clone()));
        }
    }
    let Found { files, near, mut findings } = found;
    findings.extend(near.into_iter().filter(|(path, _)| !files.contains_key(path)).map(|(_, told)| told));
    (files, findings)
}

#[derive(Default)]
struct Found {
    files: BTreeMap<PathBuf, Customer>,
    /// What no pattern names, unless another one does.
    near: BTreeMap<PathBuf, Finding>,
    findings: Vec<Finding>,
}

/// The search for the files of one pattern.
struct Search<'a> {
    parts: &'a [Part],
    place: &'a Location,
    left: usize,
    /// How many there are, readable or not.
    count: usize,
    found: &'a mut Found,
}

impl Search<'_> {
    /// Looks in the folder at `path` for what `parts` name, which are left of the pattern.
    fn folder(&mut self, directory: &Directory, path: &Path, parts: &[Part]) {
        let Some((part, below)) = parts.split_first() else { return };
        match part {
            Part::Name(name) => match directory.kind(name.as_ref()) {
                Ok(kind) => self.name(directory, path, name, kind, below),
                Err(why) if why.is_missing() => self.missing(directory, path, name),
                Err(why) => self.refuse(&path.join(name), why),
            },
            Part::Any(..) => match directory.entries(self.left) {
                Ok(Some(entries)) => {
                    self.left -= entries.len();
                    for entry in entries {
                        let Some(name) = entry.name.to_str() else {
                            self.near(&path.join(&entry.name), "its name is not UTF-8", "rename it");
                            continue;
                        };
                        if name.starts_with('.') {
                            continue;
                        }
                        match part.star(name) {
                            // What lies between the folders of customers is nobody's.
                            Some(_) if !below.is_empty() && entry.kind == Kind::File => {}
                            Some(_) => self.name(directory, path, name, entry.kind, below),
                            None if below.is_empty() => self.other(path, name),
                            None => {}
                        }
                    }
                }
                Ok(None) => self.refuse(path, Refusal::TooMany(NAMES)),
                Err(why) => self.refuse(path, why),
            },
        }
    }

    /// A name that is as the pattern says, with `below` left of it.
    fn name(&mut self, directory: &Directory, path: &Path, name: &str, kind: Kind, below: &[Part]) {
        let path = path.join(name);
        match kind {
            Kind::File if below.is_empty() => {
                self.count += 1;
                let customer = customer(self.parts, &path);
                self.found.files.entry(path).or_insert(customer);
            }
            Kind::Link => self.refuse(&path, Refusal::Link),
            _ if below.is_empty() => self.refuse(&path, Refusal::NotAFile(kind)),
            Kind::Folder => match directory.enter(name.as_ref()) {
                Ok(directory) => self.folder(&directory, &path, below),
                Err(why) => self.refuse(&path, why),
            },
            other => self.refuse(&path, Refusal::NotAFolder(other)),
        }
    }

    /// A folder that should hold `name` and does not. Of the folder that all customers are in, it is said that no file
    /// is named so.
    fn missing(&mut self, directory: &Directory, path: &Path, name: &str) {
        let entries = directory.entries(NAMES).ok().flatten().unwrap_or_default();
        let mut names = entries.iter().filter_map(|entry| entry.name.to_str());
        let near = names.find(|other| other.eq_ignore_ascii_case(name));
        let is_of_customer =
            self.parts.iter().take(path.iter().count()).any(|part| matches!(part, Part::Any(..)));
        match near {
            Some(other) => {
                self.near(
                    &path.join(other),
                    "its name is spelt otherwise",
                    &format!("rename it to `{name}`"),
                );
            }
            None if is_of_customer => {
                let text = format!("{} holds no `{name}`", path.display());
                let finding = Finding::error("include", text).at(self.place.clone());
                self.found.findings.push(finding.fix("write that file, or move the folder elsewhere"));
            }
            None => {}
        }
    }

    /// A name in a folder of customers' files that is not as the pattern says.
    fn other(&mut self, path: &Path, name: &str) {
        let is_toml = format!("{}.", name.to_ascii_lowercase()).contains(".toml.");
        if is_toml && !name.ends_with('~') {
            self.near(
                &path.join(name),
                "no pattern of `include` names it",
                "rename it, add a pattern, or move it elsewhere",
            );
        }
    }

    fn near(&mut self, path: &Path, why: &str, remedy: &str) {
        let text =
            format!("{} is not read, so what it declares would count as not declared: {why}", path.display());
        let finding = Finding::error("include", text).fix(remedy).at(self.place.clone());
        self.found.near.insert(path.to_path_buf(), finding);
    }

    fn refuse(&mut self, path: &Path, why: Refusal) {
        self.count += 1; // that nothing is named so is not what is wrong
        self.found.findings.push(unread(&FileError::new(path, why)));
    }
}
