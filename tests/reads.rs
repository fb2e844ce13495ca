//! What a registry answers to reads that the example never meets: resources outside of its region, objects that hide a
//! part of themselves, and searches that lag behind.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;
#[path = "common/user.rs"]
mod user;

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Stdio},
};

use common::Estate;

const KEY: &str = "RIPECTLUSERKEY0000000001";

/// The example estate, and a registry with these settings of which it knows nothing but the address.
struct World {
    estate: Estate,
    registry: Child,
}

impl World {
    fn new(settings: &str) -> World {
        let estate = Estate::new();
        let key = format!(
            "[[key]]\nid = '{KEY}'\nsecret = 'hush'\naccount = 'hobby@hobby.example'\nscope = ['ANY']\n"
        );
        fs::write(estate.path("accounts.toml"), format!("{key}expires = '2099-01-01T00:00:00Z'\n")).unwrap();
        fs::write(estate.path("settings.toml"), settings).unwrap();
        let line = "sandbox serve --listen 127.0.0.1:0 --ephemeral --accounts accounts.toml --settings settings.toml";
        let mut registry = estate.command(line).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(registry.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let host = said.trim().rsplit("//").next().unwrap();
        user::own(
            &estate,
            &format!(
                "[credential.away]\nhost = \"{host}\"\nenv = \"AWAY_KEY\"\n\
                 [registry.away]\nurl = \"http://{host}\"\nsource = \"RIPE\"\n"
            ),
        );
        estate.edit("ripectl.toml", "[manage]", "[registry.away]\ncredential = \"away\"\n[manage]");
        World { estate, registry }
    }

    /// Holds that the exit status is this and that it says all `parts`; gives back what it says.
    fn check(&self, line: &str, status: i32, parts: &[&str]) -> String {
        let mut command = self.estate.command(line);
        let output = command.env("AWAY_KEY", format!("{KEY}:hush")).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{line}\n{text}");
        for part in parts {
            assert!(text.contains(part), "`{line}` does not say `{part}` but\n{text}");
        }
        text
    }

    /// Declares one more object in a file of its own.
    fn declare(&self, file: &str, text: &str) {
        fs::write(self.estate.path(&format!("objects/{file}.rpsl")), text).unwrap();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.registry.kill().unwrap();
        self.registry.wait().unwrap();
    }
}

const PLAN: &str = "plan --registry away --exit-code";
const APPLY: &str = "apply --registry away --yes --no-validate";

/// One more route6 that the example does not have.
const ROUTE: &str = "route6: 2a0f:85c1:26f::/48\norigin: AS15169\nmnt-by: HOBBY-MNT\nsource: RIPE\n";

#[test]
fn what_lies_outside_the_region_stands_elsewhere() {
    let world = World::new("authoritative = [\"AS205000-AS205999\", \"::/0\"]\n");
    world.check(APPLY, 0, &["38 done"]);
    world.check(PLAN, 0, &["Nothing to do"]);
    world.declare("route", ROUTE);
    let text = world.check(PLAN, 1, &["1 to create", "route6 2a0f:85c1:26f::/48AS15169"]);
    assert!(!text.contains("doesn't exist in the RIPE database"), "{text}");
    world.check(APPLY, 0, &["1 done"]);
    world.check(PLAN, 0, &["Nothing to do"]);

    let set = "as-set: AS15169:AS-X\ntech-c: HN1-RIPE\nadmin-c: HN1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    world.declare("set", set);
    world.check(PLAN, 1, &["Parent object AS15169 not found"]);
    world.declare("set", "");

    let number = "aut-num: AS15169\nas-name: X\nadmin-c: HN1-RIPE\ntech-c: HN1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    world.declare("number", number);
    let told = [
        "aut-num/AS15169 is outside the registry's region",
        "take it out of the files",
        "objects/number.rpsl:1",
    ];
    world.check(PLAN, 1, &told);
    world.check(&format!("{PLAN} --only aut-num/AS15169"), 1, &told[..1]);
    world.check(
        "explain aut-num/AS15169 --registry away",
        0,
        &["away · 127.0.0.1", "aut-num/AS15169 is not registered"],
    );
    world.check(APPLY, 1, &["Nothing was written"]);
}

#[test]
fn an_incident_response_team_is_compared_changed_and_deleted() {
    let world = World::new("");
    world.check(APPLY, 0, &["38 done"]);
    let irt = "irt: IRT-HOBBY\naddress: a\ne-mail: irt@hobby.example\nauth: SSO hobby@hobby.example\n\
               admin-c: HN1-RIPE\ntech-c: HN1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    world.declare("irt", irt);
    world.check(APPLY, 0, &["1 done"]);
    world.check(PLAN, 0, &["Nothing to do: 40 objects"]);
    world.declare("irt", &irt.replace("address: a", "address: b"));
    let text = world.check(PLAN, 1, &["1 to change", "irt IRT-HOBBY"]);
    assert!(!text.contains("not shown whole"), "{text}");
    world.check(APPLY, 0, &["1 done"]);
    world.check(PLAN, 0, &["Nothing to do"]);
    fs::remove_file(world.estate.path("objects/irt.rpsl")).unwrap();
    world.estate.edit("ripectl.toml", "[manage]", "[manage]\nabsent = [\"irt/IRT-HOBBY\"]");
    world.check(PLAN, 1, &["1 to delete"]);
    world.check(APPLY, 0, &["1 done"]);
    world.check(PLAN, 0, &["Nothing to do"]);
}

#[test]
fn what_was_written_is_known_before_a_search_shows_it() {
    let world = World::new("search-lag = \"10s\"\n");
    let found = ["16 announcements: all ok", "16 route objects"];
    world.check("apply --registry away --yes --gate", 0, &["38 done", found[0], found[1]]);
    world.check(PLAN, 0, &["Nothing to do"]);
    world.check("validate --registry away", 0, &found);
    world.declare("more", ROUTE);
    world.check(PLAN, 1, &["Plan: 1 to create · 39 unchanged"]);
    world.check("apply --registry away --yes --gate", 0, &["1 done", found[0], "17 route objects"]);
    world.check("validate --registry away", 0, &[found[0], "17 route objects"]);
    // Where no journal tells of it, a few are asked for by key, and many if one of these is there.
    fs::remove_dir_all(world.estate.path(".ripectl")).unwrap();
    world.check("validate --registry away", 0, &[found[0]]);
    world.check(&format!("{PLAN} --state-dir other"), 0, &["Nothing to do"]);
    fs::remove_file(world.estate.path("objects/more.rpsl")).unwrap();
    world.check(APPLY, 0, &["1 done"]);
    world.check("validate --registry away", 0, &found);
}
