//! What the end-to-end tests share: a copy of the example estate, and the program run in it as a user types it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// A copy of the repository's estate, with a sandbox of its own.
pub struct Estate(TempDir);

/// What `init` is told of somebody who has nothing but an account.
#[allow(dead_code, reason = "each test uses some")]
pub const WHO: [&str; 14] = [
    "--person",
    "Anna Smith",
    "--address",
    "Street 1",
    "--address",
    "1000 AA Amsterdam",
    "--phone",
    "+31 20 5550100",
    "--email",
    "anna@my.example",
    "--org-name",
    "My Network",
    "--country",
    "NL",
];

#[allow(dead_code, reason = "each test uses some")]
impl Estate {
    pub fn new() -> Estate {
        let directory = folder();
        for part in ["ripectl.toml", "objects", "templates", "fixtures"] {
            copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &directory.path().join(part));
        }
        Estate(directory)
    }

    /// A folder with nothing in it.
    pub fn empty() -> Estate {
        Estate(folder())
    }

    /// A copy of this one as it stands, with all that was kept in it.
    pub fn copied(&self) -> Estate {
        let directory = folder();
        copy(self.0.path(), directory.path());
        Estate(directory)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces the first `from` in a file.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "{file} has no `{from}`");
        fs::write(self.path(file), text.replacen(from, to, 1)).unwrap();
    }

    /// The program with these arguments, in the estate, without a key. Nobody's own configuration is read
    /// but that of the test, `.home/ripectl/config.toml`.
    pub fn command(&self, line: &str) -> Command {
        self.program(env!("CARGO_BIN_EXE_ripectl"), &line.split(' ').collect::<Vec<_>>())
    }

    /// Another program, which finds ours in its `PATH`.
    pub fn program(&self, name: &str, arguments: &[&str]) -> Command {
        let own = Path::new(env!("CARGO_BIN_EXE_ripectl")).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new(name);
        command.args(arguments).current_dir(self.0.path()).env_remove("RIPECTL_API_KEY");
        command.env("PATH", format!("{}:{path}", own.display()));
        command.env("COLUMNS", "1000"); // what is looked for is not wrapped
        command.env("HOME", self.path(".home")).env("XDG_CONFIG_HOME", self.path(".home"));
        command.env_remove("XDG_CACHE_HOME");
        command
    }

    pub fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    /// Holds that the exit status is this and that stdout and stderr say all `parts`; gives back what they say.
    pub fn check(&self, line: &str, status: i32, parts: &[&str]) -> String {
        let output = self.run(line);
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{line}\n{text}");
        for part in parts {
            assert!(text.contains(part), "`{line}` does not say `{part}` but\n{text}");
        }
        text
    }
}

/// A folder of the test's own, in memory where that is to be had: what is killed here is a program, and no machine.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        copy(&from.join(&name), &to.join(&name));
    }
}
