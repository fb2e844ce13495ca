//! What a shell is told: static scripts, what it asks for while somebody types, and manual pages.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;
#[path = "common/tree.rs"]
mod tree;

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::Path,
    process::{Command, Output},
    time::SystemTime,
};

use common::Estate;

/// What is offered for the last word of the line, by the way in which fish asks.
fn ask(estate: &Estate, line: &str) -> Output {
    let mut command = estate.command("--");
    command.env("RIPECTL_COMPLETE", "fish").args(line.split(' ')).output().unwrap()
}

/// The words that are offered, without what is told of each.
fn offered(estate: &Estate, line: &str) -> Vec<String> {
    let output = ask(estate, line);
    assert!(output.status.success() && output.stderr.is_empty(), "{line}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

fn check(estate: &Estate, line: &str, expected: &[&str]) {
    assert_eq!(offered(estate, line), expected, "{line}");
}

#[test]
fn keys_are_offered_by_class_or_bare() {
    let estate = Estate::new();
    check(&estate, "ripectl show role/", &["role/HN1-RIPE"]);
    check(&estate, "ripectl show hn", &["HN1-RIPE"]);
    check(&estate, "ripectl explain rol", &["role/"]);
    check(&estate, "ripectl show route6/2a0f:85c1:26f", &["route6/2a0f:85c1:26f::/48AS205398"]);
    check(&estate, "ripectl plan --only block:s", &["block:sto", "block:sgp", "block:syd", "block:sjc"]);
    check(&estate, "ripectl plan --only blo", &["block:"]);
    check(&estate, "ripectl apply --only=aut-num/", &["--only=aut-num/AS205398"]);
    let all = offered(&estate, "ripectl show ");
    assert!(all.contains(&"route6/".to_owned()) && all.len() < 20, "classes first: {all:?}");
    let told = String::from_utf8(ask(&estate, "ripectl show role/").stdout).unwrap();
    assert!(told.starts_with("role/HN1-RIPE\tobjects/contacts.rpsl:3"), "{told}");
}

#[test]
fn registries_credentials_and_runs_are_offered() {
    let estate = Estate::new();
    estate.edit(
        "ripectl.toml",
        "[manage]",
        "[registry.local]\nurl = \"http://127.0.0.1:1\"\nsource = \"RIPE\"\n\n[manage]",
    );
    check(&estate, "ripectl plan --registry ", &["ripe", "ripe-test", "ripe-rc", "sandbox", "local"]);
    fs::create_dir_all(estate.path(".home/ripectl")).unwrap();
    let own = "[credential.hobby]\nhost = \"rest.db.ripe.net\"\nenv = \"X\"\n";
    fs::write(estate.path(".home/ripectl/config.toml"), own).unwrap();
    check(&estate, "ripectl logout --name h", &["hobby"]);
    estate.check("apply --registry sandbox --yes", 0, &[]);
    estate.edit("objects/as205398.rpsl", "Hobby Network", "Hobby Network, anycast");
    estate.check("apply --registry sandbox --yes --state-dir s", 0, &[]);
    let run = |folder: &str| {
        let journals = fs::read_dir(estate.path(folder).join("journal")).unwrap();
        let names: Vec<String> =
            journals.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(names.len(), 1, "{names:?}");
        names[0].trim_end_matches(".jsonl").to_owned()
    };
    check(&estate, "ripectl undo 2", &[&run(".ripectl")]);
    check(&estate, "ripectl resume --state-dir s 2", &[&run("s")]);
    let elsewhere = common::Estate::new();
    fs::remove_dir_all(elsewhere.path("objects")).unwrap();
    fs::remove_file(elsewhere.path("ripectl.toml")).unwrap();
    check(&elsewhere, "ripectl show role/", &[]);
    let folder = estate.path("").display().to_string();
    check(&elsewhere, &format!("ripectl -C {folder} show role/"), &["role/HN1-RIPE"]);
    check(&elsewhere, "ripectl plan --registry s", &["sandbox"]);
}

/// Whatever is wrong, nothing is said, nothing is offered that is not there, and nothing is touched.
#[test]
fn what_cannot_be_read_offers_nothing_silently() {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    let state = |folder: &Path| -> Vec<(String, SystemTime, u32)> {
        let mut all = Vec::new();
        let mut open = vec![folder.to_path_buf()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let (path, about) = {
                    let e = entry.unwrap();
                    (e.path(), e.metadata().unwrap())
                };
                all.push((path.display().to_string(), about.modified().unwrap(), about.mode()));
                if about.is_dir() {
                    open.push(path);
                }
            }
        }
        all.sort();
        all
    };
    let before = state(&estate.path(""));
    for line in [
        "show role/",
        "undo 2",
        "plan --registry s",
        "logout --name x",
        "plan --only block:a",
        "pla",
        "nosuch ",
    ] {
        offered(&estate, &format!("ripectl {line}"));
    }
    assert_eq!(state(&estate.path("")), before, "a look changes nothing");
    let nobody = ask(&estate, "");
    assert!(nobody.stderr.is_empty(), "{nobody:?}");
    let unknown = estate.command("--").env("RIPECTL_COMPLETE", "nosuch").arg("ripectl").output().unwrap();
    assert!(unknown.stderr.is_empty() && unknown.stdout.is_empty(), "{unknown:?}");
    // What is broken leaves the rest to be offered.
    estate.edit("objects/as205398.rpsl", "aut-num:", "aut-nmu:");
    check(&estate, "ripectl show role/", &["role/HN1-RIPE"]);
    fs::write(estate.path("ripectl.toml"), "format = [").unwrap();
    for line in ["show role/", "plan --only block:", "undo 9", "show a\u{301}"] {
        check(&estate, &format!("ripectl {line}"), &[]);
    }
    fs::write(estate.path(".home"), "no folder").unwrap();
    check(&estate, "ripectl logout --name ", &[]);
}

/// Bash takes words apart at colons.
#[test]
fn bash_completes_keys_with_colons() {
    let estate = Estate::new();
    let script = r#"
        source <("$0" completions bash --dynamic)
        COMP_LINE="$1" COMP_POINT=${#1} COMP_TYPE=9 COMP_KEY=9
        COMP_WORDS=(ripectl show route6/2a0f : 85c1 : 26f) COMP_CWORD=6
        _clap_complete_ripectl_joined ripectl 26f :
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let ask = |line: &str| {
        let mut bash = Command::new("bash");
        bash.args(["-c", script, env!("CARGO_BIN_EXE_ripectl"), line]).current_dir(estate.path(""));
        let output = bash.env("HOME", estate.path(".home")).env_remove("XDG_CONFIG_HOME").output().unwrap();
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(ask("ripectl show route6/2a0f:85c1:26f"), "26f::/48AS205398\n");
    assert_eq!(ask("ripectl show role/"), "role/HN1-RIPE\n");
    assert_eq!(ask("ripectl spl"), "split\n");
}

#[test]
fn every_shell_has_both_scripts() {
    let estate = Estate::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let fixed = estate.check(&format!("completions {shell}"), 0, &["whoami", "exit-code"]);
        let asking = estate.check(&format!("completions {shell} --dynamic"), 0, &["RIPECTL_COMPLETE"]);
        assert!(!asking.contains("whoami") && !fixed.contains("RIPECTL_COMPLETE"), "{shell}");
        assert!(asking.contains(env!("CARGO_BIN_EXE_ripectl")), "{asking}");
    }
    let output = estate.run("completions bash");
    let file = estate.path("completion.bash");
    fs::write(&file, output.stdout).unwrap();
    let parsed = Command::new("bash").arg("-n").arg(file).output().unwrap();
    assert!(parsed.status.success(), "{parsed:?}");
    estate.check("completions tcsh", 2, &["possible values: bash, elvish, fish, powershell, zsh"]);
}

#[test]
fn every_command_has_a_page() {
    let estate = Estate::new();
    let page = estate.check("man", 0, &[".TH ripectl 1", "ripectl\\-plan(1)"]);
    estate.check("man --dir pages", 0, &["pages in pages"]);
    assert_eq!(estate.read("pages/ripectl.1"), page);
    for command in tree::commands() {
        let text = estate.read(&format!("pages/ripectl-{}.1", command.name.replace(' ', "-")));
        for option in command.options() {
            let option = option.replace('-', "\\-");
            assert!(text.contains(&option), "{} has no {option}\n{text}", command.name);
        }
    }
    estate.check("man --dir ripectl.toml", 2, &["the folder ripectl.toml cannot be made"]);
}

#[test]
fn what_is_quiet_says_errors_alone() {
    let estate = Estate::new();
    let check = |line: &str, status: i32, said: &[&str], unsaid: &[&str]| {
        let loud = estate.run(line);
        let quiet = estate.run(&format!("{line} -q"));
        assert_eq!((loud.status.code(), quiet.status.code()), (Some(status), Some(status)), "{line}");
        assert_eq!(loud.stdout.len(), quiet.stdout.len(), "{line}: the data are the same");
        let [loud, quiet] = [loud, quiet].map(|output| String::from_utf8(output.stderr).unwrap());
        assert!(
            unsaid.iter().all(|part| loud.contains(part) && !quiet.contains(part)),
            "{line}\n{loud}---\n{quiet}"
        );
        assert!(
            said.iter().all(|part| loud.contains(part) && quiet.contains(part)),
            "{line}\n{loud}---\n{quiet}"
        );
        assert!(!said.is_empty() || quiet.is_empty(), "{quiet}");
    };
    check("plan --registry sandbox --out p.json", 0, &[], &["saved to p.json"]);
    check("split 2001:db8:ffff::/46 --registry", 2, &["error: "], &[]);
    estate.edit(
        "ripectl.toml",
        "vars = { country = \"EU\" }",
        "vars = { country = \"EU\", cuntry = \"EU\" }",
    );
    check("plan --registry sandbox", 0, &[], &["no template of it names the variable `cuntry`"]);
    estate.edit("ripectl.toml", "format = 1", "format = 2");
    check("plan --registry sandbox", 2, &["this is format 2"], &[]);
    estate.check("--quiet check", 1, &["this is format 2"]);
}
