//! The commands that a message tells to type: completed, so that they go where this run went.

use serde_json::Value;

use crate::{finding::Finding, visible};

/// What was typed beside the command, and has to be typed again to mean the same.
#[derive(Clone, Debug, Default)]
pub struct Again {
    /// The folder of `-C`.
    pub directory: Option<String>,
    /// The registry of `--registry`.
    pub registry: Option<String>,
    /// The folder of `--state-dir`.
    pub state_dir: Option<String>,
}

/// The commands that take `--registry`.
const OF_REGISTRY: &[&str] = &[
    "plan", "apply", "validate", "audit", "explain", "check", "show", "import", "lir", "asn", "login",
    "logout", "whoami", "roa",
];
/// The commands of these that keep something, and take `--state-dir`.
const OF_STATE: &[&str] =
    &["plan", "apply", "validate", "audit", "explain", "sandbox", "show", "import", "lir", "asn", "whoami"];

impl Again {
    /// The text with each command between backticks completed.
    pub(super) fn completed(&self, text: &str) -> String {
        const COMMAND: &str = "`ripectl ";
        let mut parts = text.split(COMMAND);
        let mut completed = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            completed.push_str(COMMAND);
            match part.split_once('`') {
                Some((command, rest)) if !command.contains('\n') => {
                    completed.push_str(&format!("{}`{rest}", self.command(command)));
                }
                _ => completed.push_str(part),
            }
        }
        completed
    }

    /// The same finding, with the commands in it completed.
    pub(super) fn finding(&self, finding: Finding) -> Finding {
        let remedy = finding.remedy.as_deref().map(|remedy| self.completed(remedy));
        Finding { text: self.completed(&finding.text), remedy, ..finding }
    }

    /// JSON with the commands completed in what is said to people. All else is data, and true to the letter.
    pub(super) fn json(&self, value: &mut Value) {
        const SAID: [&str; 7] = ["remedy", "next", "refusal", "trouble", "fix", "text", "hint"];
        match value {
            Value::Array(values) => values.iter_mut().for_each(|value| self.json(value)),
            Value::Object(entries) => {
                for (key, value) in entries.iter_mut() {
                    match value {
                        Value::String(text) if SAID.contains(&key.as_str()) => *text = self.completed(text),
                        value => self.json(value),
                    }
                }
            }
            _ => {}
        }
    }

    /// A command, without the name of the program before it.
    fn command(&self, command: &str) -> String {
        let words: Vec<&str> = command.split(' ').collect();
        let first = words.first().copied().unwrap_or_default();
        let has = |option: &str| words.contains(&option);
        // A saved plan knows where it goes.
        let is_saved = first == "apply" && words.get(1).is_some_and(|word| !word.starts_with('-'));
        let reaches = OF_REGISTRY.contains(&first) && !has("--rules");
        let registry = self.registry.as_ref().filter(|_| reaches && !is_saved && !has("--registry"));
        let state = self.state_dir.as_ref().filter(|_| OF_STATE.contains(&first) && !has("--state-dir"));
        let before = self.directory.as_ref().map(|folder| format!("-C {} ", quoted(folder)));
        let behind = registry.map(|name| format!(" --registry {}", quoted(name)));
        let state = state.map(|folder| format!(" --state-dir {}", quoted(folder)));
        [before, Some(command.to_owned()), behind, state].into_iter().flatten().collect()
    }
}

/// A word as a shell takes it.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,+@%".contains(c);
    let word = visible::line(word);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_goes_where_this_run_went() {
        let again = Again {
            directory: Some("my net".into()),
            registry: Some("sandbox".into()),
            state_dir: Some("s".into()),
        };
        let check = |text: &str, expected: &str| assert_eq!(again.completed(text), expected);
        check(
            "look at `ripectl plan`, then",
            "look at `ripectl -C 'my net' plan --registry sandbox --state-dir s`, then",
        );
        check("`ripectl apply --registry ripe`", "`ripectl -C 'my net' apply --registry ripe --state-dir s`");
        check("`ripectl apply p.json` does it", "`ripectl -C 'my net' apply p.json --state-dir s` does it");
        check(
            "`ripectl fmt` and `ripectl sandbox dump`",
            "`ripectl -C 'my net' fmt` and `ripectl -C 'my net' sandbox dump --state-dir s`",
        );
        check("`ripectl check`", "`ripectl -C 'my net' check --registry sandbox`");
        check("`ripectl \nplan`", "`ripectl \nplan`");
        let mut value =
            serde_json::json!({ "findings": [{ "remedy": "`ripectl plan`", "key": "`ripectl plan`" }] });
        again.json(&mut value);
        let expected = serde_json::json!({ "findings": [{
            "remedy": "`ripectl -C 'my net' plan --registry sandbox --state-dir s`", "key": "`ripectl plan`"
        }] });
        assert_eq!(value, expected, "in JSON what is said is completed, and what is data is left alone");
        assert_eq!(Again::default().completed("`ripectl plan`"), "`ripectl plan`");
    }
}
