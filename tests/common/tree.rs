//! The command line as clap knows it: every command that does something, with its options.

use clap::{Arg, Command, CommandFactory};
use ripectl::cli::Cli;

/// A command that does something, such as `sandbox dump`.
pub struct Known {
    /// Its words.
    pub name: String,
    command: Command,
}

/// What prints a file as it is, and has no other form.
#[allow(dead_code, reason = "each test uses some")]
pub const FILES: [&str; 2] = ["completions", "man"];

/// All of them.
pub fn commands() -> Vec<Known> {
    let mut root = Cli::command();
    root.build();
    let mut found = Vec::new();
    collect("", &root, &mut found);
    assert!(found.len() >= 11, "the walk found {} commands", found.len());
    found
}

fn collect(path: &str, command: &Command, found: &mut Vec<Known>) {
    for child in command.get_subcommands().filter(|child| child.get_name() != "help") {
        let name = format!("{path} {}", child.get_name()).trim().to_owned();
        if child.has_subcommands() {
            collect(&name, child, found);
        } else {
            found.push(Known { name, command: child.clone() });
        }
    }
}

/// The words of a line that name its command.
#[allow(dead_code, reason = "each test uses some")]
pub fn command_of(line: &str) -> String {
    let names = commands().into_iter().map(|known| known.name);
    let is_of = |name: &String| line == name || line.starts_with(&format!("{name} "));
    names.filter(is_of).max_by_key(String::len).unwrap_or_default()
}

#[allow(dead_code, reason = "each test uses some")]
impl Known {
    /// Its options, `--help` aside, as they are typed.
    pub fn options(&self) -> Vec<String> {
        let options = self.command.get_arguments().filter_map(Arg::get_long).filter(|name| *name != "help");
        options.map(|name| format!("--{name}")).collect()
    }

    /// What stands without an option.
    pub fn positionals(&self) -> Vec<String> {
        self.command.get_positionals().map(|arg| arg.get_id().to_string()).collect()
    }

    /// The values that an option has.
    pub fn values(&self, option: &str) -> Vec<String> {
        let arg = self.command.get_arguments().find(|arg| arg.get_long() == Some(option));
        let values = arg.map(Arg::get_possible_values).unwrap_or_default();
        values.iter().map(|value| value.get_name().to_owned()).collect()
    }

    /// Whether the option takes a value.
    pub fn takes_value(&self, option: &str) -> bool {
        let long = option.trim_start_matches("--");
        let arg = self.command.get_arguments().find(|arg| arg.get_long() == Some(long));
        arg.is_some_and(|arg| arg.get_action().takes_values())
    }

    /// How many values an option takes at a time, at most.
    pub fn most_values(&self, option: &str) -> usize {
        let long = option.trim_start_matches("--");
        let arg = self.command.get_arguments().find(|arg| arg.get_long() == Some(long)).unwrap();
        arg.get_num_args().map_or(0, |range| range.max_values())
    }
}
