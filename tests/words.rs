//! Texts that misled somebody: the situation as it was met, and what is said now.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use std::{
    fs,
    io::{BufRead, BufReader},
    process::Stdio,
};

use common::Estate;

/// The example with these files beside its own.
fn with(files: &[(&str, &str)]) -> Estate {
    let estate = Estate::new();
    for (path, text) in files {
        fs::write(estate.path(path), text).unwrap();
    }
    estate
}

/// What `ripectl check` says of the example with these files beside its own.
fn check(files: &[(&str, &str)], status: i32, parts: &[&str]) -> String {
    with(files).check("check", status, parts)
}

fn position(text: &str, part: &str) -> usize {
    text.find(part).unwrap_or_else(|| panic!("`{part}` is not in\n{text}"))
}

#[test]
fn a_byte_order_mark_is_read_over_or_called_by_its_name() {
    let estate = Estate::new();
    for file in ["ripectl.toml", "objects/contacts.rpsl", "templates/block.rpsl", "fixtures/vrps.json"] {
        let text = estate.read(file);
        fs::write(estate.path(file), format!("\u{feff}{text}")).unwrap();
    }
    estate.check("check", 0, &["no problems"]);
    estate.check("validate --registry sandbox", 1, &["irr-missing"]);
    estate.check("plan --registry sandbox --out p.json", 0, &[]);
    let plan = estate.read("p.json");
    fs::write(estate.path("p.json"), format!("\u{feff}{plan}")).unwrap();
    estate.check("apply p.json --yes", 0, &["Applied to sandbox: 38 done"]);

    let joined = "as-set: AS205398:AS-A\ntech-c: HN1-RIPE\nadmin-c: HN1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n\n\u{feff}as-set: AS205398:AS-B\n";
    let said =
        check(&[("objects/x.rpsl", joined)], 1, &["objects/x.rpsl:7", "delete the line and type it anew"]);
    assert!(
        said.contains("a byte order mark (U+FEFF) stands in the name of this attribute, `as-set:`"),
        "{said}"
    );
    assert!(!said.contains("did you mean"), "{said}");
    let inside = "as-set: AS205398:AS-A\n\u{feff}tech-c: HN1-RIPE\nadmin-c: HN1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    check(&[("objects/x.rpsl", inside)], 1, &["a byte order mark (U+FEFF) stands in `tech-c:`"]);

    let wide: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain("person: A".bytes().flat_map(|byte| [byte, 0])).collect();
    let estate = Estate::new();
    fs::write(estate.path("objects/x.rpsl"), wide).unwrap();
    estate.check(
        "check",
        1,
        &["it is UTF-16, as some editors write: `iconv -f utf-16 -t utf-8 objects/x.rpsl`"],
    );
}

const PASTED: &str = "\
% This is the RIPE Database query service.

mntner:         OTHER-MNT
admin-c:        HP1-RIPE
upd-to:         unread@ripe.net
auth:           PGPKEY-12345678
auth:           SSO # Filtered
mnt-by:         OTHER-MNT
created:        2020-01-01T00:00:00Z
last-modified:  2020-01-01T00:00:00Z
source:         RIPE # Filtered

person:         A B
address:        x
phone:          +31 20 1
nic-hdl:        AB1-RIPE
mnt-by:         HOBBY-MNT
created:        2020-01-01T00:00:00Z
last-modified:  2020-01-01T00:00:00Z
source:         RIPE # Filtered
";

#[test]
fn a_pasted_answer_of_whois_says_what_is_missing_and_who_shows_it() {
    let said = check(
        &[("objects/pasted.rpsl", PASTED)],
        1,
        &[
            "objects/pasted.rpsl:3",
            "`auth` is shown to a key that speaks for it alone",
            "https://rest.db.ripe.net/ripe/mntner/OTHER-MNT.txt?unfiltered",
            "objects/pasted.rpsl:13",
            "`notify`, `e-mail` are not in it if the object has them: paste what `whois -B AB1-RIPE` shows",
            ": 2 errors",
        ],
    );
    assert!(!said.contains("expected `SSO") && !said.contains("add a line `e-mail"), "{said}");
    let unmarked = PASTED.replace("RIPE # Filtered", "RIPE");
    check(&[("objects/pasted.rpsl", &unmarked)], 1, &["Syntax error in SSO", "OTHER-MNT.txt?unfiltered"]);
}

#[test]
fn the_first_person_and_maintainer_name_each_other() {
    let pair = "person: A B\naddress: x\nphone: +31 20 1\ne-mail: a@b.example\nnic-hdl: AB7-RIPE\nmnt-by: FRESH-MNT\nsource: RIPE\n\n\
                mntner: FRESH-MNT\nadmin-c: AB7-RIPE\nupd-to: a@b.example\nauth: SSO a@b.example\nmnt-by: FRESH-MNT\nsource: RIPE\n";
    let estate = with(&[("objects/first.rpsl", pair)]);
    let said = estate.check(
        "plan --registry sandbox --only */AB7-RIPE --only */FRESH-MNT",
        0,
        &[
            "person/AB7-RIPE stands at objects/first.rpsl:1 and names mntner/FRESH-MNT in its turn: neither can be made before",
            "make mntner/FRESH-MNT with a contact that is registered already, apply, then name the new one in it",
            "https://apps.db.ripe.net/db-web-ui/webupdates/create/RIPE/person/self",
            "mntner/FRESH-MNT is step 1, which is refused itself: mend that first",
        ],
    );
    assert!(!said.contains("create the object first"), "{said}");
}

#[test]
fn a_block_that_is_not_registered_is_the_first_thing_that_is_said() {
    let estate = Estate::new();
    for file in ["ripectl.toml", "objects/contacts.rpsl"] {
        let text = estate.read(file).replace("2a0f:85c1:260", "2a0f:85c1:250");
        fs::write(estate.path(file), text).unwrap();
    }
    let said = estate.check(
        "plan --registry sandbox",
        0,
        &[
            "inet6num/2a0f:85c1:250::/44 is not registered (sandbox): inet6num/2a0f:85c0::/29 of SPONSOR-MNT is what stands \
             above it; for this 33 of 38 steps will be refused",
            "the sandbox begins with the example network, and nothing of yours",
            "`ripectl sandbox copy --registry ripe`",
        ],
    );
    assert!(position(&said, "is not registered (sandbox)") < position(&said, "Plan: "), "{said}");
    estate.check(
        "apply --registry sandbox --yes",
        1,
        &["33 of 38 steps would be refused: inet6num/2a0f:85c1:250::/44 is not registered"],
    );
}

#[test]
fn a_rendered_value_is_shown_where_it_is_written() {
    let estate = Estate::new();
    estate.edit("ripectl.toml", "country = \"EU\"", "country = \"E U\"");
    let line = estate.read("ripectl.toml").lines().position(|line| line.contains("E U")).unwrap() + 1;
    estate.check(
        "check",
        1,
        &["templates/block.rpsl:3:1", &format!("note: block anycast, `country` at ripectl.toml:{line}")],
    );
    let estate = Estate::new();
    estate.edit("templates/block.rpsl", "status:         ASSIGNED", "status         ASSIGNED");
    estate.check(
        "check",
        1,
        &["templates/block.rpsl:7:1", "this makes `status         ASSIGNED`: this line is no attribute"],
    );
    let estate = Estate::new();
    estate.edit("templates/zone.rpsl", "{% endfor %}", "{% endfr %}");
    estate.check("check", 1, &["templates/zone.rpsl:8:"]);
}

#[test]
fn a_list_that_is_a_string_is_not_taken_letter_by_letter() {
    let estate = Estate::new();
    estate.edit(
        "ripectl.toml",
        "nserver = [\"ns1.hobby.example\", \"ns2.hobby.example\"]",
        "nserver = \"ns1.hobby.example\"",
    );
    estate.check(
        "check",
        1,
        &[
            "`nserver` at ripectl.toml:46 is a string, and this would go through its letters",
            "templates/zone.rpsl:6:18",
            "write `nserver = [\"…\"]`, a list",
        ],
    );
}

#[test]
fn what_stops_an_apply_is_told_by_name() {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    estate.edit(
        "objects/contacts.rpsl",
        "auth:           SSO hobby@hobby.example",
        "auth:           SSO other@hobby.example",
    );
    let said = estate.check(
        "apply --registry sandbox --yes",
        1,
        &[
            "Nothing was written to sandbox: mntner/HOBBY-MNT: every `auth` would be replaced",
            "hint: add the new `auth` first",
        ],
    );
    assert!(!said.contains("see STOP above"), "{said}");
    let said = estate.check(
        "plan --registry sandbox --out p.json",
        0,
        &["saved to p.json, to be looked at: it is not applied while 1 finding stops it"],
    );
    assert!(!said.contains("does it"), "{said}");
}

#[test]
fn a_command_of_the_future_says_what_can_be_done_today() {
    let estate = Estate::new();
    estate.check(
        "bgp",
        2,
        &["`ripectl bgp` is not there yet", "hint: today: `ripectl validate` proves what is announced"],
    );
    estate.check("plam", 2, &["unrecognized subcommand 'plam'"]);
}

#[test]
fn an_option_before_its_command_is_told_where_it_stands() {
    let estate = Estate::new();
    let told = ["`--registry` is an option of `plan`", "`ripectl plan --registry …`"];
    estate.check("--registry sandbox plan", 2, &told);
    estate.check("--registry=sandbox plan", 2, &told);
    estate.check("-v check", 2, &["`-v` is an option of `check`", "`ripectl check -v …`"]);
    estate.check("--registry sandbox fmt", 2, &["unexpected argument '--registry'"]);
    estate.check("plan --yes", 2, &["unexpected argument '--yes'"]);
}

#[test]
fn two_objects_without_an_empty_line_between_them_are_two() {
    let text = "person: A B\naddress: x\nphone: +31 20 1\ne-mail: a@b.example\nnic-hdl: AB7-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n\
                person: C D\naddress: x\nphone: +31 20 1\ne-mail: a@b.example\nnic-hdl: CD7-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    let said = check(
        &[("objects/x.rpsl", &format!("# ours\n\n{text}"))],
        1,
        &[
            "`person:` begins a second object, and no empty line stands between it and `person: A B` in line 3",
            "objects/x.rpsl:10:1",
            "put an empty line before this one",
            ": 1 error\n",
        ],
    );
    assert!(!said.contains("found in null"), "{said}");
}

#[test]
fn a_circle_of_three_is_told_as_one() {
    let role = |name: &str, handle: &str, contact: &str| {
        format!(
            "role: {name}\naddress: x\ne-mail: a@b.example\nadmin-c: {contact}\nnic-hdl: {handle}-RIPE\nmnt-by: HOBBY-MNT\n\
             source: RIPE\n\n"
        )
    };
    let three =
        [role("A", "AA7", "BB7-RIPE"), role("B", "BB7", "CC7-RIPE"), role("C", "CC7", "AA7-RIPE")].concat();
    let estate = with(&[("objects/three.rpsl", &three)]);
    let said = estate.check(
        "plan --registry sandbox --only */AA7-RIPE --only */BB7-RIPE --only */CC7-RIPE",
        0,
        &[
            "role/BB7-RIPE stands at objects/three.rpsl:9 and is made later; these wait for each other, and none can be made \
             first: role/AA7-RIPE → role/BB7-RIPE → role/CC7-RIPE → role/AA7-RIPE",
            "role/AA7-RIPE is step 1, which is refused itself: mend that first",
        ],
    );
    assert!(!said.contains("in its turn"), "{said}");
}

#[test]
fn a_cause_that_explains_some_refusals_is_not_told_of_all() {
    let estate = Estate::new();
    estate.edit("objects/contacts.rpsl", "admin-c:", "admin-c:        ZZ1-RIPE\nadmin-c:");
    for file in ["ripectl.toml", "objects/contacts.rpsl"] {
        let text = estate.read(file).replace("2a0f:85c1:260", "2a0f:85c1:250");
        fs::write(estate.path(file), text).unwrap();
    }
    let said = estate.check("apply --registry sandbox --yes", 1, &["of 38 steps would be refused\n"]);
    assert!(said.contains("is not registered (sandbox)"), "{said}");
}

#[test]
fn what_only_leaves_out_is_not_missing_from_the_files() {
    let estate = Estate::new();
    estate.check(
        "plan --registry sandbox --only inet6num/*",
        0,
        &[
            "Unknown object referenced HN1-RIPE; for this 16 of 16 steps will be refused",
            "role/HN1-RIPE is declared at objects/contacts.rpsl:3, and `--only` leaves it out: add `--only role/HN1-RIPE`",
        ],
    );
}

#[test]
fn a_mistyped_maintainer_is_noticed_offline() {
    let estate = Estate::new();
    estate.edit("objects/contacts.rpsl", "mnt-by:         HOBBY-MNT", "mnt-by:         HOBY-MNT");
    let said = estate.check(
        "check",
        0,
        &["HOBY-MNT is neither declared nor one of `[manage] maintainers`", "did you mean `HOBBY-MNT`?"],
    );
    assert!(said.contains(": 1 warning\n"), "{said}");
}

#[test]
fn a_placeholder_of_a_template_is_noticed_offline() {
    let estate = Estate::new();
    estate.edit("templates/block.rpsl", "admin-c:        HN1-RIPE", "admin-c:        AUTO-1");
    let role =
        "role: New\naddress: x\ne-mail: a@b.example\nnic-hdl: AUTO-1\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    fs::write(estate.path("objects/new.rpsl"), role).unwrap();
    estate.check(
        "check",
        1,
        &["`AUTO-1` is referred to by a template or a variable", "templates/block.rpsl:5:1"],
    );
}

#[test]
fn one_thing_of_two_lines_is_told_once() {
    let text = "as-set: AS205398:AS-X\ntech-c: AUTO-2\nadmin-c: AUTO-2\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    let said = check(
        &[("objects/x.rpsl", text)],
        1,
        &["objects/x.rpsl:2", "line 3 too", "declare an object with `AUTO-2` as its key"],
    );
    assert_eq!(said.matches("Reference \"AUTO-2\" not found").count(), 1, "{said}");
    let estate = with(&[("objects/x.rpsl", text)]);
    for form in ["markdown", "sarif", "github", "junit"] {
        estate.check(&format!("check --format {form}"), 1, &["line 3 too"]);
    }
    let json: serde_json::Value = serde_json::from_str(&estate.check("check --format json", 1, &[])).unwrap();
    let found = json["findings"].as_array().unwrap();
    let finding = found.iter().find(|finding| finding["text"].to_string().contains("AUTO-2")).unwrap();
    let also = serde_json::json!([{ "file": "objects/x.rpsl", "line": 3, "column": 1 }]);
    assert_eq!((&finding["line"], &finding["also_at"], &finding["via"]), (&2.into(), &also, &().into()));
    let said = estate.check("plan --registry sandbox --only as-set/AS205398:AS-X", 0, &[]);
    assert_eq!(said.matches("Reference \"AUTO-2\" not found").count(), 1, "{said}");
}

#[test]
fn notes_are_no_warnings() {
    let estate = Estate::new();
    fs::write(estate.path("objects/README.md"), "what stands here").unwrap();
    estate.check("check", 0, &["39 objects: 1 note\n"]);
}

#[test]
fn hints_go_where_the_run_went_in_every_form() {
    let estate = Estate::new();
    estate.edit(
        "ripectl.toml",
        "prefix = \"2a0f:85c1:260::/44\"\norigin",
        "prefix = \"2a0f:85c1:250::/44\"\norigin",
    );
    estate.edit(
        "ripectl.toml",
        "exclusive = [\"2a0f:85c1:260::/44\"]",
        "exclusive = [\"2a0f:85c1:250::/44\"]",
    );
    let elsewhere = with(&[]);
    let folder = estate.path("").display().to_string();
    for form in ["json", "markdown", "sarif", "github", "junit", "text"] {
        let line = format!("-C {folder} plan --registry sandbox --format {form}");
        let said = elsewhere.check(&line, 0, &[]);
        assert!(
            said.contains(&format!("ripectl -C {folder} sandbox copy --registry ripe")),
            "{form}\n{said}"
        );
        assert!(!said.contains("ripectl sandbox copy"), "{form}\n{said}");
    }
}

#[test]
fn a_copy_without_a_key_says_what_it_does_not_know() {
    let estate = Estate::new();
    let serve = "sandbox serve --listen 127.0.0.1:0 --ephemeral";
    let mut child = estate.command(serve).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().trim_start_matches("listening on ");
    let local = format!("[registry.local]\nurl = \"{url}\"\nsource = \"RIPE\"\n\n[registry.ripe]");
    estate.edit("ripectl.toml", "[registry.ripe]", &local);
    let copied = estate.run("sandbox copy --registry local");
    child.kill().unwrap();
    child.wait().unwrap();
    let said = String::from_utf8(copied.stdout).unwrap();
    assert!(
        said.contains("the `auth` of HOBBY-MNT was not shown, so changes of it cannot be rehearsed"),
        "{said}"
    );
    estate.check(
        "plan --registry sandbox",
        0,
        &[
            "its `auth` was not shown when it was copied",
            "give `ripectl sandbox copy` a key that speaks for it",
        ],
    );
}
