//! From an empty folder and an account to a validated network, in ten commands at most. What only others can do, the LIR and
//! the RIPE NCC, is done by the test.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[allow(dead_code, reason = "not every test uses all of it")]
mod common;

use std::{fs, process::Stdio};

use common::{Estate, WHO};
use ripectl::{rpsl::Object, sandbox};

/// Somebody in a folder with nothing in it.
struct User {
    estate: Estate,
    commands: usize,
}

impl User {
    fn new() -> User {
        User { estate: Estate::empty(), commands: 0 }
    }

    /// Types a command, and holds that it ends with this status and says all this.
    fn types(&mut self, line: &str, more: &[&str], status: i32, parts: &[&str]) -> String {
        self.commands += 1;
        let output = self.estate.command(line).args(more).stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{line}\n{said}");
        for part in parts {
            assert!(said.contains(part), "`{line}` does not say `{part}` but\n{said}");
        }
        said
    }

    /// What others write into the registry meanwhile.
    fn others(&self, texts: &[String]) {
        let objects = texts.iter().map(|text| Object::parse(text.as_str()).unwrap()).collect();
        sandbox::copy(&self.estate.path(".ripectl/sandbox.sqlite"), objects).unwrap();
    }

    /// The key that stands in the contacts behind this name.
    fn key(&self, name: &str) -> String {
        let contacts = self.estate.read("objects/contacts.rpsl");
        let line = contacts.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().to_owned()
    }

    /// What the RIPE NCC registers when it assigns an AS number.
    fn aut_num(&self) -> String {
        let (org, role) = (self.key("organisation:"), self.key("abuse-c:"));
        format!(
            "aut-num: AS205999\nas-name: MY-AS\norg: {org}\nsponsoring-org: ORG-SPON1-RIPE\nadmin-c: {role}\ntech-c: {role}\n\
             status: ASSIGNED\nmnt-by: RIPE-NCC-END-MNT\nmnt-by: MY-MNT\ncreated: 2026-11-26T10:00:00Z\n\
             last-modified: 2026-11-26T10:00:00Z\nsource: RIPE\n"
        )
    }

    /// What a validator sees once the ROA is there.
    fn roa(&self, prefix: &str) {
        let length = prefix.split('/').nth(1).unwrap();
        let text = format!(
            "{{\"metadata\":{{\"generated\":{}}},\"roas\":[{{\"asn\":\"AS205999\",\"prefix\":\"{prefix}\",\"maxLength\":{length},\"ta\":\"ripe\"}}]}}\n",
            jiff::Timestamp::now().as_second()
        );
        fs::write(self.estate.path("vrps.json"), text).unwrap();
    }
}

#[test]
fn with_a_block_of_an_lir_that_must_first_give_access() {
    let mut user = User::new();
    let line =
        "init --sandbox --mntner MY-MNT --asn AS205999 --prefix 2a0e:4000:40::/44 --lir noc@sponsor.example";
    user.types(line, &WHO, 0, &["What only others can do", "SPONSOR-MNT must name MY-MNT in mnt-lower"]);
    user.types(
        "plan --registry sandbox",
        &[],
        0,
        &["Plan: 6 to create · 0 unchanged · 2 waiting for others"],
    );
    user.types(
        "apply --registry sandbox --yes",
        &[],
        0,
        &["4 done, 2 waiting", "`ripectl lir request --registry sandbox`"],
    );
    let letter = user.types(
        "lir request --registry sandbox",
        &[],
        0,
        &[
            "To: noc@sponsor.example",
            "In inet6num 2a0e:4000:40::/44, please add",
            "     mnt-lower:      MY-MNT\n     mnt-routes:     MY-MNT\n     mnt-domains:    MY-MNT\n",
            "route6/2a0e:4000:40::/48AS205999",
            "Please make a ROA: 2a0e:4000:40::/48, AS205999, maxLength 48.",
        ],
    );
    // The LIR does to the letter what it is asked for, and asks the RIPE NCC for the AS number.
    let object =
        letter.split("The object as it should be:\n\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let object: String = object.lines().map(|line| format!("{}\n", line.trim_start())).collect();
    let dates = "created: 2026-11-26T10:00:00Z\nlast-modified: 2026-11-26T10:00:00Z\nsource:";
    user.others(&[object.replace("source:", dates), user.aut_num()]);
    user.roa("2a0e:4000:40::/48");
    user.types("apply --registry sandbox --yes", &[], 0, &["✓ inet6num 2a0e:4000:40::/44", "2 done"]);
    user.types("import AS205999 --registry sandbox", &[], 0, &["1 object taken over"]);
    user.types("plan --registry sandbox --exit-code --strict", &[], 0, &["Nothing to do"]);
    user.types("validate --registry sandbox --vrps vrps.json", &[], 0, &["1 announcement: all ok"]);
    user.types("lir request --registry sandbox --vrps vrps.json", &[], 0, &["nothing is to be asked for"]);
    assert!(user.commands <= 10, "{} commands", user.commands);
}

#[test]
fn with_pi_space_and_an_as_number_of_ones_own() {
    let mut user = User::new();
    user.types("init --sandbox --mntner MY-MNT", &WHO, 0, &["4 objects"]);
    user.types("plan --registry sandbox", &[], 0, &["Plan: 4 to create", "one request makes both or none"]);
    user.types("apply --registry sandbox --yes", &[], 0, &["4 done"]);
    let pack = "asn request --registry sandbox --peer AS20473 --peer AS53667";
    user.types(pack, &[], 0, &["Connected to:      AS20473, AS53667", "aut-num:        AS4200000000"]);
    // The RIPE NCC assigns both.
    let (org, role) = (user.key("organisation:"), user.key("abuse-c:"));
    let space = format!(
        "inet6num: 2a0e:4000:40::/48\nnetname: MY-NET\ncountry: NL\norg: {org}\nsponsoring-org: ORG-SPON1-RIPE\nadmin-c: {role}\n\
         tech-c: {role}\nstatus: ASSIGNED PI\nmnt-by: RIPE-NCC-END-MNT\nmnt-by: MY-MNT\nmnt-routes: MY-MNT\nmnt-domains: MY-MNT\n\
         created: 2026-11-26T10:00:00Z\nlast-modified: 2026-11-26T10:00:00Z\nsource: RIPE\n"
    );
    user.others(&[user.aut_num(), space]);
    user.types("import --mntner MY-MNT --registry sandbox", &[], 0, &["2 objects taken over"]);
    // What an editor is for: where the prefix is announced, and what is made of it.
    let space = "\n[sites]\nhome = {}\n\n[[allocation]]\nprefix = \"2a0e:4000:40::/48\"\norigin = \"AS205999\"\n\
                 templates = { route6 = \"route\" }\n[allocation.blocks]\nmain = { prefix = \"2a0e:4000:40::/48\", at = [\"home\"] }\n";
    let config = user.estate.read("ripectl.toml") + space;
    fs::write(user.estate.path("ripectl.toml"), config).unwrap();
    fs::create_dir_all(user.estate.path("templates")).unwrap();
    let route = "route6: {{ prefix }}\norigin: {{ origin }}\nmnt-by: MY-MNT\nsource: {{ source }}\n";
    fs::write(user.estate.path("templates/route.rpsl"), route).unwrap();
    user.types("apply --registry sandbox --yes", &[], 0, &["Plan: 1 to create", "1 done"]);
    user.types("plan --registry sandbox --exit-code --strict", &[], 0, &["Nothing to do"]);
    user.roa("2a0e:4000:40::/48");
    user.types("validate --registry sandbox --vrps vrps.json", &[], 0, &["1 announcement: all ok"]);
    assert!(user.commands <= 10, "{} commands", user.commands);
}

#[test]
fn the_readme_shows_the_first_of_them() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    assert!(readme.contains("ripectl init --sandbox"));
}

/// What people write: the person and the role of the network as contacts of the maintainer. One request takes one of them,
/// so the rest comes with the next apply.
#[test]
fn a_first_maintainer_with_more_contacts_than_one_request_takes() {
    let mut user = User::new();
    user.types("init --sandbox --mntner MY-MNT", &WHO, 0, &[]);
    let contacts = user.estate.read("objects/contacts.rpsl");
    let role = contacts.lines().find(|line| line.starts_with("nic-hdl:") && line.contains("-RIPE")).unwrap();
    let role = role.split_whitespace().nth(1).unwrap();
    let contacts = contacts.replace(role, "AUTO-7");
    let more = "admin-c:        AUTO-1\nadmin-c:        AUTO-7\ntech-c:         AUTO-7\ntech-c:         AUTO-1\nupd-to:";
    let contacts = contacts.replacen("admin-c:        AUTO-1\nupd-to:", more, 1);
    fs::write(user.estate.path("objects/contacts.rpsl"), contacts).unwrap();
    let told = "it makes this one with that contact alone, and the next `ripectl apply --registry sandbox` adds the others";
    let plan = user.types("plan --registry sandbox", &[], 0, &["Plan: 4 to create · 0 unchanged\n", told]);
    assert!(!plan.contains("STOP") && !plan.contains('✗') && !plan.contains("order-cycle"), "{plan}");
    user.types("apply --registry sandbox --yes", &[], 0, &["4 done"]);
    user.types(
        "apply --registry sandbox --yes",
        &[],
        0,
        &["Plan: 1 to change · 3 unchanged", "+ tech-c:", "1 done"],
    );
    user.types("plan --registry sandbox --exit-code --strict", &[], 0, &["Nothing to do"]);
    user.types("check", &[], 0, &["no problems"]);
}
