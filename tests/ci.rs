//! The jobs of docs/ci.md, as they stand there: what is under `run:` and `script:`, and the shell script, is run by a shell in an
//! estate that is right and in estates that are wrong.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use std::{fs, path::Path};

use common::Estate;

/// What installs something, which no test does.
const INSTALLS: &str = "cargo install ";

/// A page of documentation.
fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci.md")).unwrap()
}

/// The fenced blocks of this language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

/// The first line of a block, which names the file.
fn name(block: &str) -> &str {
    block.lines().find_map(|line| line.strip_prefix("# ")).unwrap()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The commands of a job: behind `run:`, in one line or in the block below `run: |`, and the list below `script:`.
fn steps(block: &str) -> Vec<String> {
    let lines: Vec<&str> = block.lines().collect();
    let below = |at: usize| {
        let own = indent(lines[at].trim_start_matches("- "));
        let deep = lines[at].find(|c: char| c.is_ascii_alphabetic()).unwrap_or(own);
        lines[at + 1..].iter().take_while(move |line| indent(line) > deep).map(|line| line.trim())
    };
    let mut steps = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim().trim_start_matches("- ");
        match line.split_once(':').map(|(key, value)| (key, value.trim())) {
            Some(("run", "|")) => steps.push(below(at).collect::<Vec<_>>().join("\n")),
            Some(("run", command)) => steps.push(command.to_owned()),
            Some(("script" | "before_script", "")) => {
                steps.extend(below(at).map(|line| line.strip_prefix("- ").unwrap().to_owned()));
            }
            _ => {}
        }
    }
    steps
}

/// The jobs: a name, and what it runs.
fn jobs() -> Vec<(String, Vec<String>)> {
    let page = page();
    let mut jobs: Vec<(String, Vec<String>)> = Vec::new();
    for block in blocks(&page, "yaml") {
        let steps = steps(block);
        let count = |text: &str| text.matches("ripectl ").count();
        assert_eq!(
            steps.iter().map(|step| count(step)).sum::<usize>(),
            count(block),
            "a step was missed:\n{block}"
        );
        jobs.push((
            name(block).to_owned(),
            steps.into_iter().filter(|step| !step.starts_with(INSTALLS)).collect(),
        ));
    }
    for script in blocks(&page, "sh") {
        jobs.push(("a plain shell".to_owned(), vec![script.to_owned()]));
    }
    assert_eq!(jobs.len(), 4, "each of the four kinds has a job");
    jobs
}

/// Runs the steps of a job, up to the first that fails; its command and status, and all that was said and written.
fn run(estate: &Estate, steps: &[String]) -> (Option<(String, i32)>, String) {
    let mut told = String::new();
    for step in steps {
        // As the runners of GitHub and Forgejo call it.
        let mut shell = estate.program("sh", &["-e", "-c", step]);
        shell.env("REGISTRY", "sandbox").env("VRPS", "fixtures/vrps.json");
        shell.env("GITHUB_STEP_SUMMARY", estate.path("summary.md"));
        let output = shell.output().unwrap();
        told += &(String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap());
        let status = output.status.code().unwrap();
        if status != 0 {
            for file in ["validate.sarif", "validate.xml", "summary.md"] {
                told += &fs::read_to_string(estate.path(file)).unwrap_or_default();
            }
            return (Some((step.clone(), status)), told);
        }
    }
    (None, told)
}

/// An estate in which all stands as declared.
fn applied() -> Estate {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    estate
}

#[test]
fn what_is_right_passes() {
    for (name, steps) in jobs() {
        let estate = applied();
        let (failed, told) = run(&estate, &steps);
        assert_eq!(failed, None, "{name}\n{told}");
        if name == "a plain shell" {
            assert_eq!(told, "", "where all is well there is no mail");
        }
        if name.contains("github") {
            let summary = estate.read("summary.md");
            assert!(summary.contains("Nothing to do: 39 objects stand as declared"), "{summary}");
        }
    }
}

/// In each job the step that looks at it fails, with the status that says why, and what it says names the fault.
#[test]
fn what_is_wrong_stops_the_job_and_is_named() {
    let check = |fault: &dyn Fn(&Estate), command: &str, status: i32, named: &[&str]| {
        for (name, steps) in jobs() {
            let estate = applied();
            fault(&estate);
            let (failed, told) = run(&estate, &steps);
            let Some((step, seen)) = failed else { panic!("{name}: `{command}` did not fail\n{told}") };
            assert!(
                step.contains(&format!("ripectl {command} ")) && seen == status,
                "{name}: {seen} of `{step}`\n{told}"
            );
            for part in named {
                assert!(told.contains(part), "{name} does not say `{part}`:\n{told}");
            }
        }
    };
    let misspelt = |estate: &Estate| estate.edit("objects/as205398.rpsl", "as-name:", "as-nmae:");
    check(&misspelt, "check", 1, &["objects/as205398.rpsl", "as-nmae"]);
    let differs = |estate: &Estate| {
        estate.edit("objects/as205398.rpsl", "source:", "remarks:        one more\nsource:");
    };
    check(&differs, "plan", 1, &["AS205398", "one more"]);
    let other = |estate: &Estate| {
        estate.edit(
            "fixtures/vrps.json",
            "\"AS205398\", \"prefix\": \"2a0f:85c1:265",
            "\"AS64500\", \"prefix\": \"2a0f:85c1:265",
        );
    };
    check(&other, "validate", 1, &["rpki-invalid-origin", "2a0f:85c1:265::/48"]);
    let gone = |estate: &Estate| fs::remove_file(estate.path("fixtures/vrps.json")).unwrap();
    check(&gone, "validate", 2, &["fixtures/vrps.json", "hint: "]);
}
