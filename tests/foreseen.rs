//! What is foreseen to be refused is asked of the registry before it stops a run: it has the word.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[allow(dead_code, reason = "not every test uses all of it")]
mod common;
#[path = "common/user.rs"]
mod user;

use std::fs;

use ripectl::sandbox::{self, Clock, Running, ServeOptions, Sharing};
use tokio::runtime::Runtime;

const KEY: &str = "RIPECTLUSERKEY0000000001:hush";

/// A registry with these settings, which nobody outside sees, and an estate that declares these objects there.
fn registry(runtime: &Runtime, settings: &str, objects: &str) -> (Running, common::Estate) {
    let estate = common::Estate::new();
    let base = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/sandbox/base.rpsl")).unwrap();
    let block = "\ninet6num: 2001:db8::/32\nnetname: DOC\ncountry: NL\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\n\
                 status: ALLOCATED-BY-RIR\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    let accounts =
        "[[key]]\nid = 'RIPECTLUSERKEY0000000001'\nsecret = 'hush'\naccount = 'hobby@hobby.example'\n";
    let file = |name: &str, text: &str| {
        let path = estate.path(name);
        fs::write(&path, text).unwrap();
        path
    };
    let options = ServeOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        load: vec![file("base.rpsl", &(base + block))],
        accounts: Some(file("accounts.toml", accounts)),
        settings: Some(file("settings.toml", settings)),
        state: None,
        own_key: None,
        sharing: Sharing::Alone,
        clock: Clock::default(),
    };
    let running = runtime.block_on(sandbox::start(options)).unwrap();
    let host = running.url.trim_start_matches("http://");
    let registry =
        format!("[registry.lab]\nurl = \"{}\"\nsource = \"RIPE\"\ncredential = \"lab\"\n", running.url);
    user::own(
        &estate,
        &format!("{registry}[credential.lab]\nhost = \"{host}\"\ncommand = [\"echo\", \"{KEY}\"]\n"),
    );
    for folder in ["objects", "templates"] {
        fs::remove_dir_all(estate.path(folder)).unwrap();
        fs::create_dir(estate.path(folder)).unwrap();
    }
    file("ripectl.toml", "format = 1\n[manage]\nmaintainers = [\"HOBBY-MNT\"]\n");
    file("objects/all.rpsl", objects);
    (running, estate)
}

const BOGON: &str = "route6: 2001:db8::/48\norigin: AS205398\nmnt-by: HOBBY-MNT\nsource: RIPE\n";

#[test]
fn the_registry_has_the_word_about_what_was_foreseen() {
    let runtime = Runtime::new().unwrap();
    let (_running, estate) = registry(&runtime, "bogons = []\n", BOGON);
    estate.check("plan --registry lab", 0, &["✗ will be refused: Bogon prefix 2001:db8::/48"]);
    let told = "route6/2001:db8::/48AS205398 was foreseen to be refused (Bogon prefix 2001:db8::/48 is not allowed.), \
                and the registry would take it";
    estate.check("apply --registry lab --yes --no-validate", 0, &[told, "1 done"]);
    estate.check("plan --registry lab --exit-code", 0, &["Nothing to do"]);
}

#[test]
fn what_the_registry_refuses_too_stops_the_run() {
    let runtime = Runtime::new().unwrap();
    let (_running, estate) = registry(&runtime, "", BOGON);
    let said = ["1 of 1 step would be refused", "Nothing was written"];
    let text = estate.check("apply --registry lab --yes --no-validate", 1, &said);
    assert!(!text.contains("would take it"), "{text}");
}

/// A block below one that is refused: the registry's dry-run would say of it what has to do with nothing.
#[test]
fn what_hangs_on_an_earlier_step_is_not_asked() {
    let runtime = Runtime::new().unwrap();
    let block = |prefix: &str, status: &str| {
        format!(
            "inet6num: {prefix}\nnetname: DOC\ncountry: NL\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\nstatus: {status}\n\
             mnt-by: HOBBY-MNT\nsource: RIPE\n\n"
        )
    };
    // Nothing may stand below ASSIGNED: the /48 is taken today, and refused once the /40 is made.
    let objects = block("2001:db8::/40", "ASSIGNED") + &block("2001:db8::/48", "ASSIGNED");
    let (_running, estate) = registry(&runtime, "", &objects);
    let text =
        estate.check("apply --registry lab --yes --no-validate", 1, &["1 of 2 steps would be refused"]);
    assert!(!text.contains("would take it"), "{text}");
}
