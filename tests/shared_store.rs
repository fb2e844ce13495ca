//! Two processes on one embedded store: the second asks the one that serves, waits for the one that works, or is
//! refused; whatever is acknowledged stands.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    thread,
};

use common::Estate;

/// How often two processes begin at the same time.
const ROUNDS: u32 = 6;

/// A served sandbox, killed at the end.
struct Served(Child);

impl Served {
    /// Serves the sandbox of an estate and waits until it can be asked.
    fn of(estate: &Estate) -> Served {
        let mut command = estate.command("sandbox serve --listen 127.0.0.1:0");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("listening on"), "{line:?}");
        Served(child)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn two_applies_at_once_do_the_work_once() {
    for round in 0..ROUNDS {
        let estate = Estate::new();
        let apply = || estate.run("apply --registry sandbox --yes --no-progress");
        let (one, other) = thread::scope(|scope| {
            let other = scope.spawn(apply);
            (apply(), other.join().unwrap())
        });
        let (one, other) = (said(&one), said(&other));
        let did = [&one, &other].map(|text| text.contains("38 done"));
        let waited = [&one, &other].map(|text| text.contains("Nothing to do"));
        assert_eq!(did.map(|did| !did), waited, "round {round}\n{one}\n{other}");
        assert!(did != [true, true] && did != [false, false], "round {round}\n{one}\n{other}");
        estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do"]);
    }
}

#[test]
fn two_that_declare_something_else_lose_nothing() {
    let base = "objects/as205398.rpsl";
    for round in 0..ROUNDS {
        let (one, other) = (Estate::new(), Estate::new());
        one.edit(base, "Hobby Network", "Hobby Network one");
        let state = one.path(".ripectl").display().to_string();
        let apply = |estate: &Estate| {
            said(&estate.run(&format!("apply --registry sandbox --yes --no-progress --state-dir {state}")))
        };
        let (first, second) = thread::scope(|scope| {
            let second = scope.spawn(|| apply(&other));
            (apply(&one), second.join().unwrap())
        });
        // Whoever came second changes the one line that the first has written otherwise.
        let done = [first.contains("38 done"), second.contains("38 done")];
        let after = [first.contains("1 done"), second.contains("1 done")];
        assert_ne!(done[0], done[1], "round {round}\n{first}\n{second}");
        assert_eq!([after[1], after[0]], done, "round {round}\n{first}\n{second}");
    }
}

#[test]
fn a_served_one_is_asked() {
    let estate = Estate::new();
    let served = Served::of(&estate);
    estate.check("apply --registry sandbox --yes", 0, &["38 done"]);
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do"]);
    let kept = estate.check("sandbox dump", 0, &["2a0f:85c1:264::/48"]);
    let process = served.0.id().to_string();
    let refused = ["serves this sandbox at http://127.0.0.1:", process.as_str(), "hint: stop that one first"];
    estate.check("sandbox reset --yes", 2, &refused);
    estate.check("sandbox serve --listen 127.0.0.1:0", 2, &refused);
    drop(served); // by SIGKILL
    assert_eq!(estate.check("sandbox dump", 0, &[]), kept);
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do"]);
    estate.check("sandbox reset --yes", 0, &["of its base again"]);
}

#[test]
fn a_served_one_without_our_maintainers_is_not_written_to() {
    let estate = Estate::new();
    let _served = Served::of(&estate);
    estate.edit(
        "ripectl.toml",
        "maintainers = [\"HOBBY-MNT\"]",
        "maintainers = [\"HOBBY-MNT\", \"NEW-MNT\"]",
    );
    estate.check("plan --registry sandbox", 2, &["has no key for NEW-MNT", "hint: start that one again"]);
}
