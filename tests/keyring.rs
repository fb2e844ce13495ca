//! A key goes into the keyring of the operating system, and comes out of it: a GNOME Keyring of the test's own.
//!
//! With `--features keyring`; where dbus-run-session or gnome-keyring-daemon is not there, it says so and is passed over.
#![cfg(feature = "keyring")]
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[allow(dead_code, reason = "not every test uses all of it")]
mod common;
#[path = "common/require.rs"]
#[allow(dead_code, reason = "not every test uses all of it")]
mod require;
#[path = "common/stage.rs"]
mod stage;
#[path = "common/user.rs"]
mod user;

use std::process::Command;

use stage::{KEY, Stage};
use tokio::runtime::Runtime;

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn a_key_goes_into_the_keyring_and_comes_out_of_it() {
    if !["dbus-run-session", "gnome-keyring-daemon"].into_iter().all(is_there) {
        return require::is_missing("keyring");
    }
    let runtime = Runtime::new().unwrap();
    let stage = runtime.block_on(Stage::new());
    let url = &stage.running.url;
    user::own(&stage.estate, &format!("[registry.lab]\nurl = \"{url}\"\nsource = \"RIPE\"\n"));
    // One session for all of it: a bus and a keyring that end with the script.
    let script = format!(
        "export XDG_DATA_HOME=$PWD/.data; printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n\
         r() {{ {bin} \"$@\" --registry lab 2>&1; echo \"exit $?\"; }}\n\
         echo {KEY} | r login; ls .home/ripectl; r whoami; r logout; r whoami\n\
         echo {KEY} | r login --file; ls .home/ripectl\n",
        bin = env!("CARGO_BIN_EXE_ripectl")
    );
    let mut command = Command::new("dbus-run-session");
    command
        .args(["--", "sh", "-c", &script])
        .current_dir(stage.estate.path(""))
        .env_remove("RIPECTL_API_KEY");
    command.env("HOME", stage.estate.path(".home")).env("XDG_CONFIG_HOME", stage.estate.path(".home"));
    let output = command.env("COLUMNS", "1000").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut rest = text.as_str();
    for part in [
        "speaks for HOBBY-MNT",
        "kept in the keyring",
        "exit 0\nconfig.toml\n",
        "speaks for HOBBY-MNT",
        "kept in the keyring",
        "exit 0",
        "the keyring has it no more",
        "No key goes to lab",
        "exit 1",
        "lab.key, for you alone",
        "exit 0\nconfig.toml\nlab.key\n",
    ] {
        let at = rest.find(part).unwrap_or_else(|| panic!("`{part}` does not come\n{text}"));
        rest = &rest[at + part.len()..];
    }
    assert!(!text.contains("hush"), "{text}");
}
