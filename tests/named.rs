//! No command and no option is named that does not exist: in the README, in `docs/`, in help and in messages.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[allow(dead_code, reason = "only the code of the modules is looked at here")]
#[path = "common/source.rs"]
mod source;
#[path = "common/tree.rs"]
mod tree;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use clap::CommandFactory;
use ripectl::cli::Cli;

/// Options of other programs.
const OTHERS: [&str; 2] = ["--features", "--profile"];

/// What every line may have.
const EVERYWHERE: [&str; 2] = ["--help", "--version"];

/// Where something is said to users: its name, and the text.
fn texts() -> Vec<(String, String)> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![project.join("README.md"), project.join("CHANGELOG.md")];
    markdown(&project.join("docs"), &mut files);
    let mut texts: Vec<(String, String)> =
        files.iter().map(|file| (file.display().to_string(), fs::read_to_string(file).unwrap())).collect();
    texts
        .extend(source::modules().into_iter().map(|module| (module.path.display().to_string(), module.code)));
    let mut root = Cli::command();
    root.build();
    help(&root, &mut texts);
    texts
}

fn markdown(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            markdown(&path, files);
        } else if path.extension().is_some_and(|end| end == "md") {
            files.push(path);
        }
    }
}

fn help(command: &clap::Command, texts: &mut Vec<(String, String)>) {
    let mut own = command.clone();
    texts.push((format!("the help of {}", command.get_name()), own.render_long_help().to_string()));
    command.get_subcommands().for_each(|below| help(below, texts));
}

/// What is wrong with a line that begins behind `ripectl `.
fn wrong(line: &str) -> Option<String> {
    let ends = |c: char| "`\n\\\"#;<>".contains(c);
    let line = line.replace("\\|", "|");
    let line = line.split(ends).next().unwrap_or_default();
    let mut words = line.split_whitespace().peekable();
    if words.next_if(|word| *word == "-C").is_some() {
        words.next();
    }
    let words: Vec<&str> = words.collect();
    let first = words.first()?.trim_end_matches(['.', ',', ':', ')']);
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    if first.starts_with('-') || !first.split('|').all(is_word) || first == "help" {
        return None; // a placeholder, or options alone
    }
    let commands = tree::commands();
    let of = |name: &str| {
        commands
            .iter()
            .filter(|known| known.name == name || known.name.starts_with(&format!("{name} ")))
            .collect::<Vec<_>>()
    };
    let mut meant = Vec::new();
    for name in first.split('|') {
        let found = of(name);
        if found.is_empty() {
            return Some(format!("there is no command `{name}`"));
        }
        let second = words.get(1).copied().unwrap_or_default().trim_end_matches(['.', ',', ':', ')']);
        let is_group = found.iter().all(|known| known.name != name);
        if is_group && second.split('|').all(is_word) {
            for below in second.split('|') {
                let found = of(&format!("{name} {below}"));
                if found.is_empty() {
                    return Some(format!("there is no command `{name} {below}`"));
                }
                meant.extend(found);
            }
        } else {
            meant.extend(found);
        }
    }
    let known: BTreeSet<String> = meant.iter().flat_map(|command| command.options()).collect();
    let named = words.iter().filter_map(|word| option(word));
    let mut unknown = named.filter(|name| !known.contains(name) && !EVERYWHERE.contains(&name.as_str()));
    unknown.next().map(|name| format!("`{first}` has no option `{name}`"))
}

/// The option that a word begins with: `[--only=KEY]` names `--only`.
fn option(word: &str) -> Option<String> {
    let word = word.trim_start_matches(['[', '(']);
    let name = word.strip_prefix("--")?;
    let end = name.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(name.len());
    (end > 0 && !name[..end].ends_with('-')).then(|| format!("--{}", &name[..end]))
}

/// The lines behind `ripectl ` that are commands: in backticks, behind a prompt or `<(`, and in blocks of Markdown.
fn lines(text: &str, is_markdown: bool) -> Vec<&str> {
    const NAME: &str = "ripectl ";
    let mut found = Vec::new();
    for (at, _) in text.match_indices(NAME) {
        let before = &text[..at];
        let begins =
            before.ends_with(['`', '(']) || before.ends_with("$ ") || before.ends_with("./target/debug/");
        let in_block = is_markdown && before.ends_with('\n') && before.matches("```").count() % 2 == 1;
        if begins || in_block {
            found.push(&text[at + NAME.len()..]);
        }
    }
    found
}

#[test]
fn no_command_is_named_that_does_not_exist() {
    let (mut seen, mut found) = (0, Vec::new());
    for (name, text) in texts() {
        for line in lines(&text, Path::new(&name).extension().is_some_and(|end| end == "md")) {
            seen += 1;
            found.extend(
                wrong(line)
                    .map(|what| format!("{name}: {what} in `ripectl {}`", line.lines().next().unwrap())),
            );
        }
    }
    assert!(seen > 100, "{seen} lines were looked at");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_option_is_named_that_does_not_exist() {
    let mut known: BTreeSet<String> = tree::commands().iter().flat_map(tree::Known::options).collect();
    known.extend(EVERYWHERE.iter().chain(&OTHERS).map(|name| (*name).to_owned()));
    let (mut seen, mut found) = (0, Vec::new());
    for (name, text) in texts() {
        for (at, _) in text.match_indices("`--") {
            let Some(option) = option(&text[at + 1..]) else { continue };
            seen += 1;
            let is_there = known.contains(&option) || option == "--allow"; // `--allow-…` are several
            found.extend((!is_there).then(|| format!("{name}: {option}")));
        }
    }
    assert!(seen > 50, "{seen} options were looked at");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_look_sees_what_is_wrong() {
    let check = |line: &str, expected: Option<&str>| assert_eq!(wrong(line).as_deref(), expected, "{line}");
    check("plan --registry sandbox` shows", None);
    check("plam`", Some("there is no command `plam`"));
    check("plan --yes`", Some("`plan` has no option `--yes`"));
    check("-C x plan --exit-code`", None);
    check("sandbox serve\\|dump\\|reset\\|copy`", None);
    check("sandbox serve\\|dmup`", Some("there is no command `sandbox dmup`"));
    check("help COMMAND`", None);
    check("COMMAND`", None);
}
