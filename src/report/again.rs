//! The commands that a message tells to type: completed, so that they go where this run went.

use crate::visible;

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
const OF_REGISTRY: [&str; 4] = ["plan", "apply", "validate", "explain"];

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

    /// A command, without the name of the program before it.
    fn command(&self, command: &str) -> String {
        let words: Vec<&str> = command.split(' ').collect();
        let first = words.first().copied().unwrap_or_default();
        let has = |option: &str| words.contains(&option);
        // A saved plan knows where it goes.
        let is_saved = first == "apply" && words.get(1).is_some_and(|word| !word.starts_with('-'));
        let reaches = OF_REGISTRY.contains(&first);
        let registry = self.registry.as_ref().filter(|_| reaches && !is_saved && !has("--registry"));
        let state =
            self.state_dir.as_ref().filter(|_| (reaches || first == "sandbox") && !has("--state-dir"));
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
        check("`ripectl \nplan`", "`ripectl \nplan`");
        assert_eq!(Again::default().completed("`ripectl plan`"), "`ripectl plan`");
    }
}
