//! What a shell offers behind a word that is being typed: keys, registries, credentials and runs, as the files have them.
//!
//! It only looks: nothing is written, nothing is asked of anybody, and what cannot be read offers nothing, silently.

use std::{
    collections::BTreeSet,
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use super::files;
use crate::{
    apply,
    estate::{self, Declared, Estate},
    rpsl::Class,
    user::{self, Configuration},
    visible,
};

/// The variable in which a shell says that it asks, and which shell it is.
pub const VARIABLE: &str = "RIPECTL_COMPLETE";

/// Offers keys of declared objects.
pub fn keys() -> ArgValueCompleter {
    offering(|typed| Some(keys_like(&estate()?, typed)))
}

/// Offers what `--only` takes: keys, and blocks.
pub fn selectors() -> ArgValueCompleter {
    offering(|typed| {
        let estate = estate()?;
        let mut found = keys_like(&estate, typed);
        found.extend(blocks_like(&estate, typed));
        Some(found)
    })
}

/// Offers registries.
pub fn registries() -> ArgValueCompleter {
    offering(|typed| {
        let root = files::root_if_any().ok()?;
        let names = estate::registry_names(root.as_deref(), &user());
        Some(names.into_iter().filter(|name| begins(name, typed)).map(CompletionCandidate::new).collect())
    })
}

/// Offers the credentials of the user's own configuration.
pub fn credentials() -> ArgValueCompleter {
    offering(|typed| {
        let names = user().credentials.into_iter().map(|credential| credential.name);
        Some(names.filter(|name| begins(name, typed)).map(CompletionCandidate::new).collect())
    })
}

/// Offers runs, the last one first.
pub fn runs() -> ArgValueCompleter {
    offering(|typed| {
        let runs = apply::run_names(state_dir(env::args_os()).as_deref(), &files::root().ok()?);
        let candidate = |(at, run)| CompletionCandidate::new(run).display_order(Some(at));
        Some(runs.into_iter().filter(|run| begins(run, typed)).enumerate().map(candidate).collect())
    })
}

fn offering(
    find: impl Fn(&str) -> Option<Vec<CompletionCandidate>> + Send + Sync + 'static,
) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| typed.to_str().and_then(&find).unwrap_or_default())
}

/// The estate here, with what can be read in spite of errors.
fn estate() -> Option<Estate> {
    estate::inspect(&files::root().ok()?, None, &user()).0
}

fn user() -> Configuration {
    user::load().unwrap_or_default()
}

/// Keys that begin with what was typed: behind a class those of the class, else the classes and what needs none.
fn keys_like(estate: &Estate, typed: &str) -> Vec<CompletionCandidate> {
    let class = typed.split_once('/').and_then(|(class, _)| Class::from_text(class));
    let key = |declared: &Declared| {
        let key = declared.object.key();
        let text = if class.is_some() { key.to_string() } else { key.text().to_owned() };
        let place = format!("{}:{}", declared.place.source.name(), declared.place.line());
        (!typed.is_empty() && begins(&text, typed) && visible::visible(&text) == text)
            .then(|| CompletionCandidate::new(text).help(Some(place.into())))
    };
    let classes: BTreeSet<Class> =
        estate.declared.iter().map(|declared| declared.object.class()).filter(|_| class.is_none()).collect();
    let classes = classes.into_iter().map(|class| format!("{class}/")).filter(|class| begins(class, typed));
    classes.map(CompletionCandidate::new).chain(estate.declared.iter().filter_map(key)).collect()
}

/// `block:` where it may be meant, then the blocks.
fn blocks_like(estate: &Estate, typed: &str) -> Vec<CompletionCandidate> {
    const BLOCK: &str = "block:";
    if !begins(typed, BLOCK) {
        return BLOCK.starts_with(typed).then(|| CompletionCandidate::new(BLOCK)).into_iter().collect();
    }
    let blocks = estate.allocations.iter().flat_map(|allocation| &allocation.blocks);
    let offered = blocks.map(|block| (format!("{BLOCK}{}", block.name), block.prefix.to_string()));
    let offered = offered.filter(|(text, _)| begins(text, typed) && visible::visible(text) == *text);
    offered.map(|(text, prefix)| CompletionCandidate::new(text).help(Some(prefix.into()))).collect()
}

/// Whether `text` begins with what was typed, in whatever letter case.
fn begins(text: &str, typed: &str) -> bool {
    text.get(..typed.len()).is_some_and(|head| head.eq_ignore_ascii_case(typed))
}

/// What stands behind `--state-dir` in the words of a line.
fn state_dir(words: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    let mut words = words.skip_while(|word| !word.to_string_lossy().starts_with("--state-dir"));
    match words.next()?.to_str()?.split_once('=') {
        Some((_, folder)) => Some(PathBuf::from(folder)),
        None => words.next().map(PathBuf::from),
    }
}

/// Whether a shell asks what can be typed next.
pub fn is_asked() -> bool {
    env::var_os(VARIABLE).is_some_and(|shell| !shell.is_empty())
}

/// The words of the line that a shell asks about, with the program's name.
pub fn asked_about(words: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    words.skip_while(|word| word != "--").skip(1)
}

/// Goes where the line that is being typed would go (`-C`).
pub fn enter(folder: &Path) {
    // From where it cannot be entered nothing is offered that is there.
    let _ = env::set_current_dir(folder);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_directory_is_that_of_the_line() {
        let check = |line: &str, expected: Option<&str>| {
            assert_eq!(
                state_dir(line.split(' ').map(OsString::from)).as_deref(),
                expected.map(Path::new),
                "{line}"
            );
        };
        check("ripectl undo --state-dir s ", Some("s"));
        check("ripectl undo --state-dir=s ", Some("s"));
        check("ripectl undo ", None);
        check("ripectl undo --state-dir", None);
    }

    #[test]
    fn what_begins_with_what_was_typed_is_offered() {
        assert!(begins("HN1-RIPE", "hn1") && begins("HN1-RIPE", "") && !begins("HN1", "hn1-"));
        assert!(!begins("é", "a"));
    }
}
