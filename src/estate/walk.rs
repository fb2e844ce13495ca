//! Which files below `objects/` and `templates/` are read, and what is said of all others.
//!
//! What is not read would look as if nobody declared it, and would be planned for deletion. So nothing is passed
//! over in silence but what is hidden by convention: names that begin with a dot, where editors, version control
//! and file managers keep their own things. Documentation and the backups of editors are told as information.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    disk::{Directory, Entry, FileError, Kind, Refusal, Tree},
    finding::{Finding, Location, Severity, Source},
};

/// How many names there may be below `objects/`, and below `templates/`.
const NAMES: usize = 100_000;
/// How many folders deep.
const DEEPEST: usize = 32;

/// What a name promises.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Promise {
    /// Objects or a template.
    Rpsl,
    /// Nobody's business.
    Hidden,
    /// A hidden file of objects: perhaps taken out of use so, perhaps not.
    HiddenRpsl,
    /// Text for people.
    Documentation,
    /// What an editor left.
    Backup,
    /// Something that will not be read.
    Other,
}

fn promise(name: &str) -> Promise {
    let end = Path::new(name).extension();
    let is_rpsl = end.is_some_and(|end| end == "rpsl");
    let is_readme = name.split('.').next().is_some_and(|stem| stem.eq_ignore_ascii_case("README"));
    match name {
        // An editor's lock, and what macOS keeps beside a file.
        _ if name.starts_with(".#") || name.starts_with("._") => Promise::Hidden,
        _ if name.starts_with('.') && is_rpsl => Promise::HiddenRpsl,
        _ if name.starts_with('.') => Promise::Hidden,
        _ if is_rpsl => Promise::Rpsl,
        _ if name.ends_with('~') || name.len() > 1 && name.starts_with('#') && name.ends_with('#') => {
            Promise::Backup
        }
        _ if is_readme || end.is_some_and(|end| end.eq_ignore_ascii_case("md")) => Promise::Documentation,
        _ => Promise::Other,
    }
}

/// The files below the folder `top` of an estate that are read, ordered by path, and what is said of the others.
/// A folder that is not there holds none.
pub(super) fn files(tree: &Tree, top: &str) -> (Vec<PathBuf>, Vec<Finding>) {
    let mut walk = Walk { left: NAMES, ..Walk::default() };
    walk.spelt_otherwise(tree, top);
    match tree.root().enter(top.as_ref()) {
        Ok(directory) => walk.folder(&directory, Path::new(top), DEEPEST),
        Err(why) if why.is_missing() => {}
        Err(why) => walk.refuse(Path::new(top), why),
    }
    walk.paths.sort();
    (walk.paths, walk.findings)
}

#[derive(Default)]
struct Walk {
    paths: Vec<PathBuf>,
    findings: Vec<Finding>,
    left: usize,
}

impl Walk {
    /// `Objects/` is not `objects/`, and all that it declares would be gone.
    fn spelt_otherwise(&mut self, tree: &Tree, top: &str) {
        let beside = tree.root().entries(NAMES).ok().flatten().unwrap_or_default();
        for entry in beside {
            if entry.name.eq_ignore_ascii_case(top) && entry.name != top {
                self.misnamed(Path::new(&entry.name), &format!("rename it to `{top}`"));
            }
        }
    }

    fn folder(&mut self, directory: &Directory, path: &Path, depth: usize) {
        let entries = match directory.entries(self.left) {
            Ok(Some(entries)) => entries,
            Ok(None) => return self.refuse(path, Refusal::TooMany(NAMES)),
            Err(why) => return self.refuse(path, why),
        };
        self.left -= entries.len();
        self.one_name_twice(path, &entries);
        for Entry { name, kind } in entries {
            let below = path.join(&name);
            let Some(text) = name.to_str() else {
                if !name.as_encoded_bytes().starts_with(b".") {
                    let text = format!("{} is not read: its name is not UTF-8", below.display());
                    self.findings.push(at(&below, Finding::error("file-name", text).fix("rename it")));
                }
                continue;
            };
            match (promise(text), kind) {
                (Promise::Hidden, _) => {}
                (Promise::HiddenRpsl, _) => self.hidden(&below),
                (Promise::Documentation, Kind::File | Kind::Link) => self.note(&below, "documentation"),
                (Promise::Backup, Kind::File | Kind::Link) => self.note(&below, "an editor's backup"),
                (_, Kind::Folder) if depth == 0 => self.refuse(&below, Refusal::TooDeep(DEEPEST)),
                (_, Kind::Folder) => match directory.enter(&name) {
                    Ok(directory) => self.folder(&directory, &below, depth - 1),
                    Err(why) => self.refuse(&below, why),
                },
                (Promise::Rpsl, Kind::File) => self.paths.push(below),
                (_, Kind::File) => {
                    let folder = path.display();
                    let better = better_name(text);
                    self.misnamed(&below, &format!("rename it to `{better}`, or move it out of {folder}/"));
                }
                (_, Kind::Link) => self.refuse(&below, Refusal::Link),
                (_, other) => self.refuse(&below, Refusal::NotAFile(other)),
            }
        }
    }

    /// Names that are one where case does not count, so that a checkout there loses all but one.
    fn one_name_twice(&mut self, path: &Path, entries: &[Entry]) {
        let mut seen: BTreeMap<String, &OsStr> = BTreeMap::new();
        for Entry { name, .. } in entries {
            let Some(first) = seen.insert(name.to_string_lossy().to_lowercase(), name) else { continue };
            let (first, second) = (path.join(first), path.join(name));
            let text = format!(
                "{} and {} differ in letter case only: where that does not count (macOS, Windows) one is lost",
                first.display(),
                second.display()
            );
            let finding = Finding::error("file-name", text).weighing(Severity::Warning);
            self.findings.push(at(&second, finding.fix("rename one of them")));
        }
    }

    fn misnamed(&mut self, path: &Path, remedy: &str) {
        let text = format!(
            "{} is not read, so what it declares would count as not declared: only `objects/` and `templates/`, and \
             names in them that end in `.rpsl`, are read",
            path.display()
        );
        self.findings.push(at(path, Finding::error("file-name", text).fix(remedy)));
    }

    fn hidden(&mut self, path: &Path) {
        let text = format!("{} is hidden, so it is not read", path.display());
        let finding = Finding::error("file-name", text).weighing(Severity::Warning);
        self.findings.push(at(path, finding.fix("take the dot away if it declares something")));
    }

    fn note(&mut self, path: &Path, what: &str) {
        let text = format!("{} is {what} and not read", path.display());
        self.findings.push(at(path, Finding::error("file-name", text).weighing(Severity::Info)));
    }

    fn refuse(&mut self, path: &Path, why: Refusal) {
        self.findings.push(unread(&FileError::new(path, why)));
    }
}

/// What is said of a file that could not be looked at.
pub fn unread(error: &FileError) -> Finding {
    let FileError { path, why } = error;
    at(path, Finding::error("file", format!("{} {why}", path.display())).fix(why.way_out()))
}

fn at(path: &Path, finding: Finding) -> Finding {
    finding.at(Location::new(&Arc::new(Source::new(path, String::new())), 0..0))
}

/// `lux.rpsl` for `lux`, `lux.RPSL`, `lux.txt` and `lux.rpsl.txt`.
fn better_name(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let stem = lower.find(".rpsl").filter(|at| *at > 0).or_else(|| name.rfind('.').filter(|at| *at > 0));
    format!("{}.rpsl", stem.and_then(|at| name.get(..at)).unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_it_is() {
        let check = |name: &str, expected| assert_eq!(promise(name), expected, "{name}");
        check("lux.rpsl", Promise::Rpsl);
        check("README.rpsl", Promise::Rpsl);
        for hidden in [".gitkeep", ".DS_Store", ".lux.rpsl.swp", ".#lux.rpsl", "._lux.rpsl", ".rpsl"] {
            check(hidden, Promise::Hidden);
        }
        check(".lux.rpsl", Promise::HiddenRpsl);
        for text in ["README", "README.txt", "readme.md", "NOTES.md"] {
            check(text, Promise::Documentation);
        }
        for backup in ["lux.rpsl~", "#lux.rpsl#"] {
            check(backup, Promise::Backup);
        }
        for other in ["lux", "lux.RPSL", "lux.rpsl.txt", "lux.rpsl.orig", "lux.txt", "#", "READMEnot", "rpsl"]
        {
            check(other, Promise::Other);
        }
    }

    #[test]
    fn a_better_name_is_near() {
        for name in ["lux", "lux.RPSL", "lux.rpsl.txt", "lux.txt", "lux.Rpsl.bak"] {
            assert_eq!(better_name(name), "lux.rpsl", "{name}");
        }
        assert_eq!(better_name("as205398.as-set"), "as205398.rpsl");
        assert_eq!(better_name("\u{130}x.RPSL"), "\u{130}x.rpsl");
    }
}
