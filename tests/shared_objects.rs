//! Objects that are edited together with others: what is ours is compared and written, all else stays as it stands.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use std::fs;

use common::Estate;
use serde_json::Value;

const AS: &str = "aut-num/AS205398";
const SET: &str = "as-set/AS205398:AS-HOBBY";

/// The example with an object that is shared.
fn sharing(key: &str, attributes: &str) -> Estate {
    let estate = Estate::new();
    let shared = format!("\n[[shared]]\nkey = \"{key}\"\nattributes = [{attributes}]\n");
    fs::write(estate.path("ripectl.toml"), estate.read("ripectl.toml") + &shared).unwrap();
    estate
}

/// The lines of an object in a plan: before and after.
fn lines(estate: &Estate, key: &str) -> [Vec<String>; 2] {
    let output = estate.run(&format!("plan --registry sandbox --only {key} --format json"));
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    let lines = |side: &str| {
        let pairs = plan["changes"][0][side].as_array().unwrap();
        let word = |value: &Value| value.as_str().unwrap().trim().to_owned();
        pairs.iter().map(|pair| format!("{}: {}", word(&pair[0]), word(&pair[1]))).collect()
    };
    ["before", "after"].map(lines)
}

#[test]
fn only_what_is_ours_is_planned_and_written() {
    let estate = sharing(AS, "\"descr\"");
    let [before, after] = lines(&estate, AS);
    let mut expected: Vec<String> = before
        .into_iter()
        .filter(|line| !line.starts_with("created") && !line.starts_with("last-"))
        .collect();
    expected.insert(2, "descr: Hobby Network".to_owned());
    assert_eq!(after, expected, "all else stays in its order");
    let plan = format!("plan --registry sandbox --exit-code --only {AS}");
    estate.check(&plan, 1, &["Plan: 1 to change", "+ descr:          Hobby Network"]);
    estate.check("apply --registry sandbox --yes", 0, &["done"]);
    estate.check(&plan, 0, &["1 object stands as declared"]);
    estate.edit("objects/as205398.rpsl", "as-name:        HOBBY-AS", "as-name:        OTHER-AS");
    estate.check(&plan, 0, &["1 object stands as declared"]);
    estate.check("check", 0, &["is shared: what stands here has no effect in as-name, import, export"]);
    estate.check(
        &format!("show {AS} --registry sandbox"),
        0,
        &["- as-name:        OTHER-AS\n  + as-name:        HOBBY-AS", "registered  as it would be stored"],
    );
}

#[test]
fn a_part_is_enough() {
    let estate = sharing(AS, "\"descr\"");
    let text = estate.read("objects/as205398.rpsl");
    let set = text.find("# What we announce").unwrap();
    let part = format!("aut-num: AS205398\ndescr: Anycast\nsource: RIPE\n\n{}", &text[set..]);
    fs::write(estate.path("objects/as205398.rpsl"), part).unwrap();
    estate.check("check", 0, &["no problems"]);
    estate.check("apply --registry sandbox --yes", 0, &["+ descr:          Anycast", "done"]);
    estate.check(
        &format!("plan --registry sandbox --exit-code --only {AS}"),
        0,
        &["1 object stands as declared"],
    );
}

#[test]
fn import_writes_the_part_that_is_ours() {
    let estate = sharing(AS, "\"admin-c\", \"descr\"");
    let text = estate.read("objects/as205398.rpsl");
    let set = text.find("# What we announce").unwrap();
    fs::write(estate.path("objects/as205398.rpsl"), &text[set..]).unwrap();
    let refused = "aut-num/AS205398 is shared, and no file or block declares it";
    estate.check(
        "plan --registry sandbox",
        2,
        &[refused, "hint: `ripectl import aut-num/AS205398 --registry sandbox` writes what is ours of it"],
    );
    // The rest of the example is not registered, which `import` ends with 1 for.
    estate.check(&format!("import {AS} --registry sandbox"), 1, &["1 object taken over"]);
    let made = "aut-num:        AS205398\nadmin-c:        HP1-RIPE\nsource:         RIPE\n";
    assert_eq!(estate.read("objects/as205398-2.rpsl"), made);
    // What others say of it since then is theirs; what is ours comes back with `--force`.
    estate.edit("objects/as205398-2.rpsl", "HP1-RIPE", "HN1-RIPE");
    estate.check(&format!("import {AS} --registry sandbox --force"), 1, &["as205398-2.rpsl"]);
    assert_eq!(estate.read("objects/as205398-2.rpsl"), made);
}

#[test]
fn what_others_must_make_with_us_is_not_made() {
    let estate = sharing(SET, "\"members\"");
    let plan = format!("plan --registry sandbox --exit-code --only {SET}");
    estate.check(&plan, 1, &["Plan: 1 to create"]);
    let text = estate.read("objects/as205398.rpsl");
    let (head, tail) = text.rsplit_once("mnt-by:         HOBBY-MNT\n").unwrap();
    let both = format!("{head}mnt-by:         HOBBY-MNT, SPONSOR-MNT\n{tail}");
    fs::write(estate.path("objects/as205398.rpsl"), both).unwrap();
    let said = "as-set/AS205398:AS-HOBBY is shared and not registered: of it only members is ours to say";
    let text = estate.check(&plan, 1, &[said, "ask the others to make it"]);
    assert!(!text.contains("to create"), "{text}");
}
