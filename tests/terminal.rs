//! What is read at a terminal: the README's tour and every other text, with no line too long, no word cut, nothing lost.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use std::{env, fs, path::Path, process::Command};

use common::Estate;
use unicode_width::UnicodeWidthStr;

/// The columns of what is no terminal.
const COLUMNS: usize = 80;

/// What a line of a shell says, on stdout and stderr, in so many columns.
fn said(estate: &Estate, line: &str, columns: Option<usize>) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_ripectl")).parent().unwrap();
    let path = format!("{}:{}", program.display(), env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(estate.path("")).env("PATH", path).env_remove("RIPECTL_API_KEY");
    shell
        .env("HOME", estate.path(".home"))
        .env("XDG_CONFIG_HOME", estate.path(".home"))
        .env_remove("COLUMNS");
    shell.envs(columns.map(|columns| ("COLUMNS", columns.to_string())));
    let output = shell.output().unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

/// Holds that no line is wider, unless it is one word and what it is moved in by; the widest that is not.
fn fits(line: &str, text: &str, columns: usize) -> usize {
    let is_word = |shown: &&str| !shown.trim_start_matches(' ').contains(' ');
    let shown: Vec<&str> = text.lines().filter(|shown| shown.width() <= columns || !is_word(shown)).collect();
    let widest = shown.into_iter().max_by_key(|shown| shown.width()).unwrap_or_default();
    assert!(widest.width() <= columns, "`{line}`: {} columns\n{widest}\n\n{text}", widest.width());
    widest.width()
}

/// The commands of the README's console blocks, without `$ `.
fn tour() -> Vec<String> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let blocks = readme.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned).collect()
}

/// An estate with the other estates of `docs/`.
fn estate() -> Estate {
    let estate = Estate::new();
    said(&estate, &format!("cp -r {}/docs .", env!("CARGO_MANIFEST_DIR")), None);
    estate
}

#[test]
fn the_tour_of_the_readme_fits() {
    let (estate, tour) = (estate(), tour());
    assert!(tour.len() >= 10, "{tour:?}");
    let widest = tour.iter().map(|line| fits(line, &said(&estate, line, None), COLUMNS)).max();
    println!("the widest line of the tour has {} columns", widest.unwrap());
}

#[test]
fn what_is_wrong_fits_too() {
    let estate = estate();
    let check = |line: &str| fits(line, &said(&estate, line, None), COLUMNS);
    check("ripectl check --rules");
    check("ripectl plan --registry sandbox -v");
    check("ripectl validate --registry sandbox");
    check("ripectl split 2a0f:85c1:260::/44 --origin AS205398");
    check("ripectl split 2a0f:85c1:260::/48 --into 56 --origin AS205398");
    check("ripectl split 2001::/19 --into 64");
    for line in
        ["", "plan", "apply", "validate", "check", "explain", "fmt", "split", "sandbox serve", "sandbox copy"]
    {
        check(&format!("ripectl {line} --help"));
    }
    estate.edit("objects/contacts.rpsl", "noc@hobby.example", "noc at hobby.example");
    estate.edit(
        "objects/as205398.rpsl",
        "tech-c:         HN1-RIPE",
        "tech-c:         HN2-RIPE # who answers when the network is down, day and night, weekends too",
    );
    estate.edit("templates/block.rpsl", "source:", "no-such-attribute: {{ prefix }}\nsource:");
    check("ripectl check");
    check("ripectl check -v");
    check("ripectl plan --registry sandbox");
    check("ripectl explain no/such/thing --registry sandbox");
    check("ripectl plan --registry nowhere-that-is-known");
    check("ripectl apply --registry sandbox --yes --only route6/2001:db8::/32AS1");
    fs::write(
        estate.path("ripectl.toml"),
        "format = 1\n[registry.sandbox]\nno-such-key-in-this-file = \"anything at all\"\n",
    )
    .unwrap();
    check("ripectl check");
}

/// What is wrapped is there, word for word, whatever the width.
#[test]
fn no_word_is_lost_or_cut() {
    let estate = estate();
    for line in [
        "ripectl plan --registry sandbox",
        "ripectl plan --registry sandbox -v",
        "ripectl explain 2a0f:85c1:260::/44 --registry sandbox",
        "ripectl check --rules",
        "ripectl -C docs/estates/covered-by-lir plan --registry sandbox",
    ] {
        let words = |columns| {
            let text = said(&estate, line, Some(columns));
            fits(line, &text, columns);
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            words.into_iter().filter(|word| !word.ends_with('Z')).collect::<Vec<_>>() // the time
        };
        let whole = words(1000);
        for columns in [40, 80, 132] {
            assert_eq!(words(columns), whole, "{line} in {columns} columns");
        }
    }
}

/// What other programs read is as long as it is.
#[test]
fn what_is_no_text_is_not_wrapped() {
    let estate = estate();
    let text = "remarks:        a remark of a hundred characters, which stands on one line, however narrow the terminal may be";
    estate.edit(
        "objects/as205398.rpsl",
        "tech-c:         HN1-RIPE",
        &format!("tech-c:         HN1-RIPE\n{text}"),
    );
    said(&estate, "ripectl apply --registry sandbox --yes --no-validate", None);
    let dump = said(&estate, "ripectl sandbox dump", Some(40));
    assert!(dump.lines().any(|line| line == text), "{dump}");
    for form in ["json", "markdown", "sarif", "github", "junit"] {
        let shown = |columns| said(&estate, &format!("ripectl check --format {form}"), Some(columns));
        assert_eq!(shown(40), shown(200), "{form}");
    }
}

/// A first line says which file and which registry it is about, as the user would type them.
#[test]
fn the_first_line_says_what_it_is_about() {
    let estate = estate();
    let check = |line: &str, expected: &str| {
        let text = said(&estate, line, None);
        assert!(text.starts_with(expected), "`{line}` does not begin with `{expected}` but\n{text}");
    };
    for command in ["plan", "apply --yes", "validate", "explain AS205398"] {
        check(&format!("ripectl {command} --registry sandbox"), "ripectl.toml · sandbox · 127.0.0.1");
    }
    check("ripectl check --registry sandbox", "ripectl.toml · sandbox\n");
    check("cd objects && ripectl check", "../ripectl.toml · ripe\n");
    let folder = "docs/estates/zone-of-lir";
    check(&format!("ripectl -C {folder} check"), &format!("{folder}/ripectl.toml · "));
    let json = said(&estate, "ripectl plan --registry sandbox --format json", None);
    assert!(json.starts_with('{'), "{json}");
}
