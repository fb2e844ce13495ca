//! The real chain of `tests/chain/chain.py`: where its parts are, and changes of them.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::Value;

use crate::require::components;

/// A chain that is up. It is taken down when this is dropped, or when the test is killed.
pub struct Chain {
    program: Child,
    changes: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    start: Value,
}

impl Chain {
    /// Brings up what of it is here, in a dozen seconds.
    pub fn start() -> Chain {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/chain/chain.py");
        let mut command = Command::new("python3");
        command.arg(script).arg(components()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut program = command.spawn().unwrap();
        let changes = program.stdin.take();
        let answers = BufReader::new(program.stdout.take().unwrap());
        let mut chain = Chain { program, changes, answers, start: Value::Null };
        chain.start = chain.answer("the start");
        chain
    }

    /// The components that are not here, by the names of `RIPECTL_REQUIRE`.
    pub fn missing(&self) -> Vec<&str> {
        self.start["missing"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
    }

    /// How long the start took.
    pub fn seconds(&self) -> &Value {
        &self.start["took"]["all"]
    }

    /// Arguments with each `{part}` replaced by where it is; none where a part is not up.
    pub fn arguments(&self, line: &str) -> Option<Vec<String>> {
        line.split(' ').map(|word| self.argument(word)).collect()
    }

    fn argument(&self, word: &str) -> Option<String> {
        let Some(part) = word.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            return Some(word.to_owned());
        };
        self.start[part].as_str().map(str::to_owned)
    }

    /// Changes the chain, and returns when all that it concerns shows it.
    pub fn change(&mut self, line: &str) {
        writeln!(self.changes.as_mut().unwrap(), "{line}").unwrap();
        self.answer(line);
    }

    fn answer(&mut self, question: &str) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answer: Value =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("{question}: the chain ended"));
        assert!(answer["error"].is_null(), "{question}: {}", answer["error"].as_str().unwrap_or_default());
        answer
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        drop(self.changes.take()); // the end of its stdin is its sign
        let _ = self.program.wait();
    }
}
