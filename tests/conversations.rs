//! What people read when it matters: one conversation each, as typed and as answered, held against `tests/conversations/`.
//!
//! A conversation that has changed is to be read, and then written anew by `RIPECTL_CONVERSATIONS=write`.
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

use std::{fs, process::Command, thread, time::Duration};

use common::Estate;
use proxy::{Act, Asked, Proxy};
use stage::{KEY, LIR_KEY, Stage};
use tokio::runtime::Runtime;

/// What was typed and answered so far.
#[derive(Default)]
struct Conversation(String);

impl Conversation {
    /// Notes what the user does beside it.
    fn note(&mut self, what: &str) {
        self.0 += &format!("# {what}\n\n");
    }

    /// Types a line of `command`, and holds that it ends with this status.
    fn say(&mut self, line: &str, command: &mut Command, status: i32) {
        if ["apply", "undo", "resume"].iter().any(|run| line.starts_with(run)) {
            thread::sleep(Duration::from_millis(1100)); // runs of one second would have numbers
        }
        let output = command.env("COLUMNS", "90").output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{line}\n{text}");
        self.0 += &format!("$ ripectl {line}\n{}exit {status}\n\n", without_chance(&text));
    }

    /// Holds that it is the one that was read.
    fn is(&self, name: &str) {
        let path = format!("{}/tests/conversations/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        let text = self.0.trim_end().to_owned() + "\n";
        if std::env::var("RIPECTL_CONVERSATIONS").is_ok_and(|how| how == "write") {
            fs::write(&path, &text).unwrap();
        }
        let known = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            known == text,
            "{name} is not what was read, but\n{text}\nread it, then RIPECTL_CONVERSATIONS=write"
        );
    }
}

/// The text without what is another each time: times of day, names of runs, digests.
fn without_chance(text: &str) -> String {
    let shape =
        |word: &str| -> String { word.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect() };
    let word = |word: &str| {
        let bare = word.trim_end_matches([',', ';', ':', '.', '\n', ')', '`']);
        let rest = &word[bare.len()..];
        match shape(bare).as_str() {
            "99:99:99Z" => format!("09:58:12Z{rest}"),
            "99999999T999999Z" => format!("20261126T095812Z{rest}"),
            _ if bare.starts_with("http://127.0.0.1:") => {
                let path = bare.splitn(4, '/').nth(3).unwrap_or_default();
                format!("http://127.0.0.1:8043/{path}{rest}")
            }
            _ if bare.contains("sha256:") => {
                format!("{}sha256:…{rest}", bare.split("sha256:").next().unwrap())
            }
            _ => word.to_owned(),
        }
    };
    text.split_inclusive([' ', '\n'])
        .map(|part| {
            let end = part.len() - usize::from(part.ends_with([' ', '\n']));
            word(&part[..end]) + &part[end..]
        })
        .collect()
}

/// The example network, applied to the sandbox.
fn applied() -> Estate {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    estate
}

/// A line at the sandbox.
fn say(talk: &mut Conversation, estate: &Estate, line: &str, status: i32) {
    talk.say(line, &mut estate.command(line), status);
}

const SJC: &str = "sjc = { index = 15, at = [\"sjc\"] }\n";

#[test]
fn undo() {
    let (estate, mut talk) = (applied(), Conversation::default());
    estate.edit("ripectl.toml", SJC, "");
    talk.note("the block `sjc` is taken out of ripectl.toml");
    say(&mut talk, &estate, "apply --registry sandbox --yes --no-validate", 0);
    say(&mut talk, &estate, "undo", 2);
    say(&mut talk, &estate, "undo --yes --no-validate", 0);
    say(&mut talk, &estate, "runs", 0);
    say(&mut talk, &estate, "plan --registry sandbox --exit-code", 1);
    talk.is("undo");
}

/// Findings of many kinds in every form: what people, programs and build servers see.
#[test]
fn announcements() {
    let (estate, mut talk) = (applied(), Conversation::default());
    let edit = |from: &str, to: &str| estate.edit("fixtures/vrps.json", from, to);
    talk.note("the ROA of 2a0f:85c1:265::/48 names AS64500, that of 2a0f:85c1:266::/48 is gone, and that of 2a0f:85c1:267::/48 allows /56");
    edit("\"AS205398\", \"prefix\": \"2a0f:85c1:265", "\"AS64500\", \"prefix\": \"2a0f:85c1:265");
    edit(
        "    { \"asn\": \"AS205398\", \"prefix\": \"2a0f:85c1:266::/48\", \"maxLength\": 48, \"ta\": \"testbed\" },\n",
        "",
    );
    edit("2a0f:85c1:267::/48\", \"maxLength\": 48", "2a0f:85c1:267::/48\", \"maxLength\": 56");
    talk.note("the loss of the ROA is waived until the end of 2100; the routers announce 2a0f:85c1:263:8000::/49 besides, and not 2a0f:85c1:26f::/48");
    let waiver = "\n[[waiver]]\nprefix = \"2a0f:85c1:266::/48\"\nrule = \"rpki-not-found\"\nuntil = 2100-12-31\nwhy = \"the ROA is asked for, ticket 7\"\n";
    estate.edit("ripectl.toml", "\n# Who makes the ROAs.", &format!("{waiver}\n# Who makes the ROAs."));
    let seen: String = (0..15).map(|block| format!("2a0f:85c1:26{block:x}::/48,205398\n")).collect();
    fs::write(estate.path("seen.csv"), format!("{seen}2a0f:85c1:263:8000::/49,205398\n")).unwrap();
    let line = "validate --registry sandbox --announcements seen.csv";
    for form in
        ["", " --summary", " --format csv", " --format markdown", " --format github", " --format junit"]
    {
        say(&mut talk, &estate, &format!("{line}{form}"), 1);
    }
    for form in ["sarif", "json"] {
        say(
            &mut talk,
            &estate,
            &format!(
                "validate 2a0f:85c1:265::/48 2a0f:85c1:263::/48 --registry sandbox --announcements seen.csv --format {form}"
            ),
            1,
        );
    }
    let check = "roa check --remove AS205398:2a0f:85c1:260::/48 --add AS205398:2a0f:85c1:266::/48";
    say(&mut talk, &estate, check, 1);
    talk.is("announcements");
}

#[test]
fn resume() {
    let (runtime, mut talk) = (Runtime::new().unwrap(), Conversation::default());
    let stage = runtime.block_on(Stage::new());
    let url = stage.running.url.clone();
    let first = stage.command(&url, "apply --registry faulty --yes").output().unwrap();
    assert!(first.status.success());
    let set = |name: &str| {
        format!(
            "as-set: AS205398:{name}\ntech-c: HP1-RIPE\nadmin-c: HP1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n\n"
        )
    };
    fs::write(stage.estate.path("objects/sets.rpsl"), set("AS-A") + &set("AS-B") + &set("AS-C")).unwrap();
    // The second creation reaches the registry, and its answer nobody; nor does anything after it.
    let posts = std::sync::atomic::AtomicUsize::new(0);
    let act = move |asked: &Asked, _: usize| {
        use std::sync::atomic::Ordering::SeqCst;
        let before = posts.fetch_add(usize::from(asked.text.starts_with("POST ")), SeqCst);
        match (asked.text.starts_with("POST "), before) {
            (true, 1) => Act::Instead(1, |_, _| None),
            (_, 2..) => Act::Instead(0, |_, _| None),
            _ => Act::Pass,
        }
    };
    let proxy = runtime.block_on(Proxy::start(&url, act));
    talk.note("three as-sets are new in objects/; the network goes while the second is written");
    let line = "apply --yes --no-validate --registry faulty";
    talk.say(line, &mut stage.command(&proxy.url, line), 2);
    talk.note("the network is back");
    for (line, status) in [
        ("plan --registry faulty", 0),
        ("resume --yes --no-validate", 0),
        ("plan --exit-code --registry faulty", 0),
    ] {
        talk.say(line, &mut stage.command(&url, line), status);
    }
    talk.is("resume");
}

/// Another role, applied, whose file is gone again.
fn with_a_role_that_goes() -> Estate {
    let estate = applied();
    let role = "role: Test NOC\naddress: Amsterdam\ne-mail: noc@hobby.example\nadmin-c: HP1-RIPE\nnic-hdl: TN1-RIPE\n\
                mnt-by: HOBBY-MNT\nsource: RIPE\n";
    fs::write(estate.path("objects/test.rpsl"), role).unwrap();
    estate.check("apply --registry sandbox --yes", 0, &["1 done"]);
    fs::remove_file(estate.path("objects/test.rpsl")).unwrap();
    estate
}

#[test]
fn protect() {
    let (estate, mut talk) = (with_a_role_that_goes(), Conversation::default());
    talk.note("the file of role TN1-RIPE is gone; `protect` names \"role/*\"");
    say(&mut talk, &estate, "plan --registry sandbox --exit-code --strict", 1);
    talk.note("`[manage] absent = [\"role/TN1-RIPE\"]`");
    estate.edit("ripectl.toml", "[manage]\n", "[manage]\nabsent = [\"role/TN1-RIPE\"]\n");
    say(&mut talk, &estate, "plan --registry sandbox", 2);
    talk.is("protect");
}

#[test]
fn irreversible() {
    let (estate, mut talk) = (with_a_role_that_goes(), Conversation::default());
    estate.edit("ripectl.toml", "[manage]\n", "[manage]\nabsent = [\"role/TN1-RIPE\"]\n");
    estate.edit("ripectl.toml", "\"role/*\", ", "");
    talk.note("role TN1-RIPE is not protected any more, and `absent` names it");
    say(&mut talk, &estate, "apply --registry sandbox --yes --no-validate", 1);
    say(&mut talk, &estate, "apply --registry sandbox --yes --no-validate --allow-irreversible 1", 0);
    say(&mut talk, &estate, "undo --yes --no-validate", 0);
    talk.is("irreversible");
}

#[test]
fn absent() {
    let (estate, mut talk) = (applied(), Conversation::default());
    let text = estate.read("objects/as205398.rpsl");
    let set = text.find("as-set:").unwrap();
    fs::write(estate.path("objects/as205398.rpsl"), &text[..set]).unwrap();
    talk.note(
        "as-set AS205398:AS-HOBBY is taken out of objects/as205398.rpsl: it lies in no `exclusive` prefix",
    );
    say(&mut talk, &estate, "plan --registry sandbox", 0);
    estate.edit(
        "ripectl.toml",
        "[manage]\n",
        "[manage]\nabsent = [\"as-set/AS205398:AS-HOBBY\", \"aut-num/AS205500\"]\n",
    );
    talk.note("`[manage] absent = [\"as-set/AS205398:AS-HOBBY\", \"aut-num/AS205500\"]`, which is another's");
    say(&mut talk, &estate, "plan --registry sandbox", 0);
    estate.edit("ripectl.toml", ", \"aut-num/AS205500\"", "");
    talk.note("without the other's");
    say(&mut talk, &estate, "apply --registry sandbox --yes --no-validate", 0);
    talk.is("absent");
}

#[test]
fn limits() {
    let (estate, mut talk) = (applied(), Conversation::default());
    estate.edit("ripectl.toml", SJC, "");
    estate.edit("ripectl.toml", "ewr = { index = 14, at = [\"ewr\"] }\n", "");
    talk.note("the blocks `ewr` and `sjc` are taken out of ripectl.toml");
    say(&mut talk, &estate, "apply --registry sandbox --yes --no-validate", 1);
    say(&mut talk, &estate, "apply --registry sandbox --yes --no-validate --allow-deletes 3", 1);
    say(&mut talk, &estate, "apply --registry sandbox --yes --no-validate --allow-deletes 4", 0);
    talk.is("limits");
}

#[test]
fn orphans() {
    let (estate, mut talk) = (applied(), Conversation::default());
    estate.edit("ripectl.toml", SJC, "");
    talk.note("the block `sjc` is taken out of ripectl.toml, and only its inet6num is to go");
    let only = "apply --registry sandbox --yes --no-validate --only inet6num/2a0f:85c1:26f::/48";
    say(&mut talk, &estate, only, 1);
    say(&mut talk, &estate, "apply --registry sandbox --yes --no-validate", 0);
    talk.is("orphans");
}

#[test]
fn lockout() {
    let (estate, mut talk) = (applied(), Conversation::default());
    estate.edit("objects/as205398.rpsl", "mnt-by:         HOBBY-MNT", "mnt-by:         SPONSOR-MNT");
    talk.note("objects/as205398.rpsl gives the aut-num to SPONSOR-MNT");
    say(&mut talk, &estate, "apply --registry sandbox --yes --no-validate", 1);
    talk.is("lockout");
}

#[test]
fn changed_plan() {
    let (estate, mut talk) = (applied(), Conversation::default());
    estate.edit("ripectl.toml", SJC, "");
    say(&mut talk, &estate, "plan --registry sandbox --out plan.json", 0);
    let saved = estate.read("plan.json");
    fs::write(estate.path("plan.json"), saved.replace("26f::/48", "26e::/48")).unwrap();
    talk.note("somebody writes 26e for 26f into plan.json");
    say(&mut talk, &estate, "apply plan.json --yes --no-validate", 2);
    say(&mut talk, &estate, "apply plan.json --yes --no-validate --expect sha256:0000", 2);
    fs::write(estate.path("plan.json"), saved).unwrap();
    estate.edit("objects/as205398.rpsl", "descr:          Hobby Network", "descr:          Hobby");
    talk.note("plan.json is as it was saved again, and objects/as205398.rpsl has another `descr` since");
    say(&mut talk, &estate, "apply plan.json --yes --no-validate", 1);
    talk.is("changed-plan");
}

#[test]
fn no_single_key() {
    let (runtime, mut talk) = (Runtime::new().unwrap(), Conversation::default());
    let stage = runtime.block_on(Stage::new());
    let url = &stage.running.url;
    let registry =
        format!("[registry.lab]\nurl = \"{url}\"\nsource = \"RIPE\"\ncredential = [\"hobby\", \"lir\"]\n");
    let host = url.trim_start_matches("http://");
    let credential = |name: &str, key: &str| {
        format!("[credential.{name}]\nhost = \"{host}\"\ncommand = [\"echo\", \"{key}\"]\n")
    };
    let text = format!("{registry}{}{}", credential("hobby", KEY), credential("lir", LIR_KEY));
    user::own(&stage.estate, &text);
    for folder in ["objects", "templates"] {
        fs::remove_dir_all(stage.estate.path(folder)).unwrap();
        fs::create_dir(stage.estate.path(folder)).unwrap();
    }
    let config = "format = 1\n[manage]\nmaintainers = [\"HOBBY-MNT\", \"SPONSOR-MNT\"]\n";
    fs::write(stage.estate.path("ripectl.toml"), config).unwrap();
    let block = "inet6num: 2a0f:85c1:300::/48\nnetname: HOBBY\ncountry: NL\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\n\
                 status: ASSIGNED\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    fs::write(stage.estate.path("objects/block.rpsl"), block).unwrap();
    talk.note("inet6num 2a0f:85c1:300::/48 lies in the LIR's space, and is to be HOBBY-MNT's");
    say(&mut talk, &stage.estate, "whoami --registry lab", 0);
    say(&mut talk, &stage.estate, "apply --registry lab --yes --no-validate", 1);
    talk.is("no-single-key");
}
