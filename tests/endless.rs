//! Nothing is endless: what an estate, a file or a server can say is answered in bounded time and memory.
//!
//! Each case runs with a limit of memory and of time that is far above what is needed, and far below what it took
//! where it grew without a bound. What is held is how it ends, and what it says.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]
#![cfg(unix)]

#[allow(dead_code, reason = "each test uses a part of it")]
mod common;

use std::{
    fs,
    io::Read,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use common::Estate;

/// How long each case may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much address space each may have, in KiB.
const MEMORY: u64 = 2 << 20;

/// Runs the program in a folder within the limits: its status, and all that it says.
fn run(folder: &Path, line: &str) -> (Option<i32>, String) {
    let mut command = Command::new("sh");
    let limited = format!("ulimit -v {MEMORY}; exec \"$0\" {line}");
    command.args(["-c", &limited, env!("CARGO_BIN_EXE_ripectl")]).current_dir(folder);
    command.env_remove("RIPECTL_API_KEY").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let out = read(child.stdout.take().unwrap());
    let err = read(child.stderr.take().unwrap());
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("`{line}` has not ended after {PATIENCE:?}");
        }
        thread::sleep(Duration::from_millis(10));
    };
    (status, out.join().unwrap() + &err.join().unwrap())
}

/// Reads to the end, beside what else is done.
fn read(mut from: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Holds how a command ends within the limits, and what it says.
fn check(estate: &Estate, line: &str, status: i32, parts: &[&str]) {
    let (found, text) = run(&estate.path(""), line);
    let shown: String = text.chars().take(2000).collect();
    assert_eq!(found, Some(status), "{line}\n{shown}");
    for part in parts {
        assert!(text.contains(part), "`{line}` does not say `{part}` but\n{shown}");
    }
}

/// Holds that `check` refuses an estate whose template for blocks says this.
fn template(text: &str, said: &str) {
    let estate = Estate::new();
    fs::write(estate.path("templates/block.rpsl"), text).unwrap();
    check(&estate, "check", 1, &[said, "templates/block.rpsl:"]);
}

#[test]
fn templates_end() {
    let nested = "{% for a in range(1000) %}".repeat(4) + "x" + &"{% endfor %}".repeat(4);
    template(&nested, "this goes on too long");
    let wide = format!("{{% for a in range(1000) %}}{}{{% endfor %}}", "x".repeat(20_000));
    template(&wide, "this makes too much text");
    template("{{ sites | batch(4000000000, 1) }}", "unknown filter");
    template("{{ 'a' * 4000000000 }}", "`*` is not offered");
    template("{{ ['a'] * 4000000000 }}", "`*` is not offered");
    template("{{ '%999999999d' | format(1) }}", "unknown filter");
    template("{{ 'a' | indent(4000000000) }}", "too much");
    template("{{ range(4000000000) | list }}", "too much");
    template(&"{% set x = x ~ x %}".repeat(40), "`~` is not offered");
    template(
        &format!("{{% set x = 'a' %}}{}", "{% set x = x | replace('a', 'aaaaaaaaaa') %}".repeat(99)),
        "too much",
    );
    template("{% for a in sites recursive %}{{ loop(sites) }}{% endfor %}", "`recursive`");
    template("{% include 'block' %}", "`include` is not offered");
    template("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "`macro` is not offered");
}

#[test]
fn templates_that_nest_are_refused_before_they_are_parsed() {
    const DEEP: usize = 15_000;
    let expression = |inner: &str| format!("{{{{ {inner} }}}}");
    let many = "words and signs";
    template(&expression(&"(".repeat(DEEP)), many);
    template(&expression(&"[".repeat(DEEP)), many);
    template(&expression(&"-".repeat(DEEP)), many);
    template(&expression(&format!("{}1", "1+".repeat(DEEP))), many);
    template(&expression(&format!("a{}", ".a".repeat(DEEP))), many);
    template(&expression(&format!("a{}", "|d".repeat(DEEP))), many);
    template(&expression(&"not ".repeat(DEEP / 2)), many);
    template(&"{% if a %}".repeat(900), "deep in each other");
    template(&format!("{{% if a %}}{}{{% endif %}}", "{% elif b %}".repeat(900)), "`elif`");
    template(&"{{a}}".repeat(6000), "tags");
    template(&"x".repeat(1 << 20), "at most 32768 are read");
    template(&"\n".repeat(1 << 20), "at most 32768 are read");
}
