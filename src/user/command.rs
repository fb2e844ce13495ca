//! A command that prints a key: run without a shell, bounded in time and output, and without the keys of the environment
//! that are ripectl's own. It is the user's program, and is given the rest of the environment.

use std::{
    io::{self, Read},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use super::{
    environment::{FILE_VARIABLE, VARIABLE},
    kept::{LARGEST, Unfit},
};

/// How long a command may take: somebody may have to type a passphrase or touch a token.
const PATIENCE: Duration = Duration::from_secs(60);

/// The first line that `words` print. What it says on stderr is for whoever runs it.
pub(super) fn first_line(words: &[String]) -> Result<String, Unfit> {
    first_line_within(words, PATIENCE)
}

fn first_line_within(words: &[String], patience: Duration) -> Result<String, Unfit> {
    let unfit = |what: String, next: &str| Unfit { what, next: next.to_owned() };
    let [program, rest @ ..] = words else {
        return Err(unfit("it is empty".to_owned(), "name a program and its arguments"));
    };
    // A name is looked for in PATH; a path must not depend on the folder, which is the repository's.
    if program.contains('/') && !program.starts_with('/') {
        return Err(unfit(
            format!("`{program}` begins nowhere"),
            "give its path from the top, or its name alone",
        ));
    }
    let started = Command::new(program)
        .args(rest)
        .env_remove(VARIABLE)
        .env_remove(FILE_VARIABLE)
        .stdout(Stdio::piped())
        .spawn();
    let mut child = started.map_err(|error| {
        unfit(format!("`{program}` cannot be run: {error}"), "is it installed, and in PATH?")
    })?;
    let printed = child.stdout.take().map(|stdout| printed_within(stdout, patience));
    let what = match printed {
        Some(Ok(Ok(text))) => Ok(text),
        Some(Ok(Err(error))) => Err(format!("what `{program}` printed cannot be read: {error}")),
        Some(Err(_)) | None => Err(format!("`{program}` printed no key within {} s", patience.as_secs())),
    };
    let text = what.map_err(|what| {
        end(&mut child);
        unfit(what, "run it by hand")
    })?;
    let Some(ended) = ended_within(&mut child, patience) else {
        end(&mut child);
        return Err(unfit(format!("`{program}` printed a key and did not end"), "run it by hand"));
    };
    match (ended.success(), text.lines().find(|line| !line.trim().is_empty())) {
        (false, _) => Err(unfit(format!("`{program}` ended with {ended}"), "run it by hand")),
        (true, None) => Err(unfit(format!("`{program}` printed nothing"), "run it by hand")),
        (true, Some(line)) => Ok(line.to_owned()),
    }
}

/// What is printed before the end of the output, or of the time.
fn printed_within(
    stdout: ChildStdout,
    patience: Duration,
) -> Result<io::Result<String>, mpsc::RecvTimeoutError> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        let read = stdout.take(LARGEST).read_to_string(&mut text).map(|_| text);
        let _ = sender.send(read); // nobody waits any more
    });
    receiver.recv_timeout(patience)
}

/// How it ended, if it does before the time.
fn ended_within(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(ended)) => return Some(ended),
            Ok(None) if begun.elapsed() < patience => thread::sleep(Duration::from_millis(5)),
            Ok(None) | Err(_) => return None,
        }
    }
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &[&str], patience: u64) -> String {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        match first_line_within(&words, Duration::from_millis(patience)) {
            Ok(line) => format!("ok {line}"),
            Err(Unfit { what, next }) => format!("{what}; {next}"),
        }
    }

    #[test]
    fn its_first_line_is_the_key_and_its_failures_show_nothing_of_it() {
        assert_eq!(said(&["printf", "\\nid:one\\nmore\\n"], 5000), "ok id:one");
        assert_eq!(
            said(&["sh", "-c", "echo hush; exit 3"], 5000),
            "`sh` ended with exit status: 3; run it by hand"
        );
        assert_eq!(said(&["true"], 5000), "`true` printed nothing; run it by hand");
        assert!(said(&["printf", "\\377"], 5000).contains("printed cannot be read: "));
        assert!(said(&["sleep", "10"], 50).starts_with("`sleep` printed no key within 0 s"));
        assert!(said(&["sh", "-c", "echo a; exec >&-; sleep 10"], 50).contains("did not end"));
        assert!(said(&["no-such-program"], 50).contains("cannot be run"));
        assert!(said(&["bin/pass"], 50).contains("begins nowhere"));
        assert!(said(&[], 50).contains("empty"));
        let endless = said(&["yes"], 5000);
        assert!(endless.contains("ended with signal") || endless == "ok y", "{endless}");
    }
}
