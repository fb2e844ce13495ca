//! Which files are customers', and whose each is.

use std::{
    path::{Component, Path},
    str::FromStr,
    sync::Arc,
};

use crate::config::{Kind, Read, Value};

/// The name of a customer, shared by all that is theirs.
pub type Customer = Arc<str>;

/// Which files are included: a path, with one `*` in a part of it at most.
///
/// Invariant: it has two parts at least, stays below the estate, and its first part is a folder that is read for nothing
/// else.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pattern(Vec<Part>);

/// A part of a pattern.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Part {
    /// This name.
    Name(String),
    /// Any name that begins and ends so.
    Any(String, String),
}

/// What is wrong with a pattern, and the way out.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("{0}")]
pub struct PatternError(&'static str, &'static str);

impl Pattern {
    /// Its parts, the last of which is that of files.
    pub(super) fn parts(&self) -> &[Part] {
        &self.0
    }
}

impl Part {
    /// What `*` stands for in `name`; `None` if this part is not so.
    pub(super) fn star<'a>(&self, name: &'a str) -> Option<&'a str> {
        match self {
            Part::Name(own) => (own == name).then_some(""),
            Part::Any(start, end) => {
                name.strip_prefix(start.as_str())?.strip_suffix(end.as_str()).filter(|star| !star.is_empty())
            }
        }
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Pattern, PatternError> {
        let path = Path::new(text);
        let refuse = |what, remedy| Err(PatternError(what, remedy));
        if text.is_empty() || !stays_inside(path) {
            return refuse(
                "leads out of the estate",
                "write a path from the folder of ripectl.toml, such as `customers/*.toml`",
            );
        }
        let names = path.iter().filter(|part| *part != ".").map(|part| part.to_string_lossy());
        let parts: Vec<Part> = names
            .map(|name| match name.split_once('*') {
                Some((start, end)) => Part::Any(start.to_owned(), end.to_owned()),
                None => Part::Name(name.into_owned()),
            })
            .collect();
        let has_stars = |part: &Part| matches!(part, Part::Any(_, end) if end.contains('*'));
        let is_toml = |part: &Part| {
            let (Part::Name(end) | Part::Any(_, end)) = part;
            Path::new(end).extension().is_some_and(|end| end == "toml") || end == ".toml"
        };
        match parts.as_slice() {
            [Part::Name(first), .., last] if first != "objects" && first != "templates" => {
                if parts.iter().any(has_stars) {
                    refuse("`*` stands for all of a name, or one part of it", "write one `*` between two `/`")
                } else if is_toml(last) {
                    Ok(Pattern(parts))
                } else {
                    refuse("these are no TOML files", "let it end in `.toml`")
                }
            }
            _ => refuse(
                "is in no folder of its own",
                "put the files into a folder, and write `customers/*.toml`, say",
            ),
        }
    }
}

impl Read for Pattern {
    const KIND: Kind = Kind::Text("a path with one `*` in a name at most");

    fn read(value: Value) -> Option<Pattern> {
        match value.text()?.parse() {
            Ok(pattern) => Some(pattern),
            Err(PatternError(what, remedy)) => value.refuse_with(what, remedy),
        }
    }
}

/// Whose file `path` is: what the first `*` of `parts` stands for, or else the stem of its name.
pub(super) fn customer(parts: &[Part], path: &Path) -> Customer {
    let names = path.iter().map(|name| name.to_string_lossy());
    let mut stars = parts.iter().zip(names).filter(|(part, _)| matches!(part, Part::Any(..)));
    let first = stars.find_map(|(part, name)| part.star(&name).map(str::to_owned));
    let stem = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    first.unwrap_or_else(stem).into()
}

/// Whether a path stays below where it begins.
pub(super) fn stays_inside(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_what_the_first_star_stands_for() {
        let check = |pattern: &str, path: &str, expected: &str| {
            let pattern: Pattern = pattern.parse().unwrap();
            assert_eq!(&*customer(pattern.parts(), Path::new(path)), expected, "{path}");
        };
        check("customers/*.toml", "customers/acme.toml", "acme");
        check("customers/*/customer.toml", "customers/acme/customer.toml", "acme");
        check("customers/*/*.toml", "customers/acme/v6.toml", "acme");
        check("customers/c-*/v6.toml", "customers/c-17/v6.toml", "17");
        check("customers/acme.toml", "customers/acme.toml", "acme");
    }

    #[test]
    fn a_pattern_stays_in_a_folder_of_its_own() {
        let check = |text: &str, expected: &str| {
            let told = text.parse::<Pattern>().map_or_else(|error| error.to_string(), |_| String::new());
            assert_eq!(told, expected, "{text}");
        };
        check("customers/*.toml", "");
        check("./a/b*c/d.toml", "");
        for out in ["", "/etc/*.toml", "../x/*.toml", "a/../../x.toml"] {
            check(out, "leads out of the estate");
        }
        for bare in ["*.toml", "acme.toml", "*/customer.toml", "objects/*.toml", "templates/a.toml", "."] {
            check(bare, "is in no folder of its own");
        }
        check("a/**.toml", "`*` stands for all of a name, or one part of it");
        for other in ["customers/*", "customers/*.rpsl", "customers/x"] {
            check(other, "these are no TOML files");
        }
    }
}
