//! `plan` never writes, and neither does what else only looks: proven before a server that fails on any write.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[allow(dead_code, reason = "not every test uses all of it")]
mod common;
#[allow(dead_code, reason = "not every test uses all of it")]
#[path = "common/proxy.rs"]
mod proxy;
#[path = "common/stage.rs"]
mod stage;
#[path = "common/user.rs"]
mod user;

use std::sync::{Arc, Mutex};

use proxy::{Act, Asked, Proxy};
use stage::Stage;
use tokio::runtime::Runtime;

#[test]
fn what_only_looks_sends_only_reads() {
    let runtime = Runtime::new().unwrap();
    let stage = runtime.block_on(Stage::new());
    // Something to create, to change and to delete.
    let applied =
        stage.command(&stage.running.url, "apply --registry faulty --yes --no-validate").output().unwrap();
    assert_eq!(applied.status.code(), Some(0), "{}", String::from_utf8_lossy(&applied.stderr));
    stage.estate.edit("ripectl.toml", "sjc = { index = 15, at = [\"sjc\"] }\n", "");
    let set =
        "as-set: AS205398:AS-NEW\ntech-c: HP1-RIPE\nadmin-c: HP1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    std::fs::write(stage.estate.path("objects/new.rpsl"), set).unwrap();
    stage.estate.edit("templates/block.rpsl", "netname:", "remarks: x\nnetname:");
    let (writes, kept) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<Mutex<usize>>::default());
    let (seen, reads) = (Arc::clone(&writes), Arc::clone(&kept));
    let act = move |asked: &Asked, _: usize| {
        *reads.lock().unwrap() += 1;
        if asked.text.starts_with("GET ") {
            return Act::Pass;
        }
        seen.lock().unwrap().push(asked.text.lines().next().unwrap().to_owned());
        Act::Instead(0, |_, _| None)
    };
    let proxy = runtime.block_on(Proxy::start(&stage.running.url, act));
    let lines = [
        ("plan", 0),
        ("plan --verbose --exit-code --strict", 1),
        ("plan --out saved.json --allow-modifies 15 --allow-deletes 2", 0),
        ("plan --format json", 0),
        ("plan --format markdown --show-personal", 0),
        ("plan --only route6/*", 0),
        ("explain route6/2a0f:85c1:26c::/48AS205398", 0),
        ("validate", 0),
        ("audit --arc", 1), // names below `.example` reach nobody but in the sandbox
        ("whoami", 0),
        ("apply --yes --no-validate", 1), // more is changed than the limit allows: it stops before any write
    ];
    for (line, status) in lines {
        let output = stage.command(&proxy.url, &format!("{line} --registry faulty")).output().unwrap();
        let text =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{line}\n{text}");
    }
    assert_eq!(*writes.lock().unwrap(), [""; 0]);
    assert!(*kept.lock().unwrap() > 30, "it was asked");
    // What is proven is worth something only if a write is seen.
    let line = "apply --yes --no-validate --allow-modifies 15 --allow-announced 2a0f:85c1:26f::/48 --registry faulty";
    let output = stage.command(&proxy.url, line).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(!writes.lock().unwrap().is_empty());
}
