//! The letter to the LIR, and the request for an AS number: whole, sent by nobody, and in the forms that are promised.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[allow(dead_code, reason = "not every test uses all of it")]
mod common;
#[allow(dead_code, reason = "not every test uses all of it")]
#[path = "common/schema.rs"]
mod schema;

use common::Estate;
use serde_json::Value;

const ACCESS: &str = "\n[[expect]]\nobject = \"inet6num/2a0f:85c1:260::/44\"\nhas = { mnt-lower = [\"HOBBY-MNT\", \"OTHER-MNT\"], mnt-irt = \"IRT-X\" }\n\
                      ask = \"noc@sponsor.example\"\n";

fn json(estate: &Estate, line: &str, status: i32) -> Value {
    let output = estate.run(&format!("{line} --format json"));
    assert_eq!(output.status.code(), Some(status), "{}", String::from_utf8_lossy(&output.stderr));
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = value["schema"].as_str().unwrap().replace('/', "-");
    let problems = schema::Schemas::read().problems(&format!("{name}.json"), &value);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    value
}

#[test]
fn a_letter_has_all_that_is_to_be_done_and_nothing_that_is() {
    let estate = Estate::new();
    estate.check("lir request --registry sandbox", 0, &["nothing is to be asked for"]);
    estate.edit(
        "ripectl.toml",
        "\n# The networks that carry",
        &format!("{ACCESS}\n# The networks that carry"),
    );
    let letter = json(&estate, "lir request --registry sandbox --vrps fixtures/vrps.csv", 0);
    assert_eq!(
        (&letter["to"][0], letter["items"].as_array().unwrap().len()),
        (&"noc@sponsor.example".into(), 1)
    );
    let item = &letter["items"][0];
    // HOBBY-MNT is there already.
    assert_eq!(item["lines"], serde_json::json!(["mnt-lower:      OTHER-MNT", "mnt-irt:        IRT-X"]));
    let after = item["after"].as_str().unwrap();
    assert!(after.contains("mnt-lower:      HOBBY-MNT\nmnt-lower:      OTHER-MNT\n"), "{after}");
    // A ROA that is missing.
    estate.edit("fixtures/vrps.csv", "AS205398,2a0f:85c1:264::/48,48,testbed\n", "");
    let line = "lir request --registry sandbox --vrps fixtures/vrps.csv --no-progress";
    estate.check(
        line,
        0,
        &["2. Please make a ROA: 2a0f:85c1:264::/48, AS205398, maxLength 48.\n   It is announced at mia."],
    );
}

#[test]
fn what_nobody_expected_is_asked_for_too() {
    let estate = Estate::new();
    // A route6 of the LIR over another block of theirs decides, and no `[[expect]]` says so.
    let config = estate
        .read("ripectl.toml")
        .replace("2a0f:85c1:260::/44", "2a0f:85c1:270::/44")
        .replace("reverse = ", "# ");
    std::fs::write(
        estate.path("ripectl.toml"),
        config.replace(", domain = \"zone\"", "").replace("vars = { nserver", "# vars = { nserver"),
    )
    .unwrap();
    let letter = estate.check(
        "lir request --registry sandbox --state-dir state",
        0,
        &["In route6 2a0f:85c1:270::/44AS205500, please add"],
    );
    assert!(letter.contains("     mnt-routes:     HOBBY-MNT\n"), "{letter}");
    assert!(estate.path("state/sandbox.sqlite").exists());
}

#[test]
fn a_route_in_the_way_may_stay_if_it_lets_us() {
    let estate = Estate::new();
    let config = include_str!("../docs/estates/covered-by-lir/ripectl.toml");
    let config = config.replace("inet6num = \"block\", ", "");
    std::fs::write(estate.path("ripectl.toml"), config).unwrap();
    let letter = json(&estate, "lir request --registry sandbox", 0);
    let item = letter["items"].as_array().unwrap().iter().find(|item| item["wish"] == "remove").unwrap();
    assert_eq!(
        (&item["instead"], &item["object"]["key"]),
        (&"mnt-routes:     HOBBY-MNT".into(), &"2a0f:85c1:270::/44AS205500".into())
    );
    assert!(
        item["after"].as_str().unwrap().contains("mnt-routes:     HOBBY-MNT\nmnt-by:         SPONSOR-MNT\n"),
        "{item}"
    );
}

#[test]
fn a_letter_is_a_file_or_a_mail() {
    let estate = Estate::new();
    estate.check("lir request --registry sandbox -o none.eml", 0, &["nothing is to be asked for"]);
    assert!(!estate.path("none.eml").exists());
    estate.edit(
        "ripectl.toml",
        "\n# The networks that carry",
        &format!("{ACCESS}\n# The networks that carry"),
    );
    let said = estate.check(
        "lir request --registry sandbox --output letter.txt",
        0,
        &["written to letter.txt; sending it is yours"],
    );
    assert!(!said.contains("please add"), "{said}");
    assert!(estate.read("letter.txt").contains("please add"));
    estate.check("lir request --registry sandbox -o letter.eml", 0, &["written to letter.eml"]);
    let mail = estate.read("letter.eml");
    for part in [
        "To: <noc@sponsor.example>\r\n",
        "From: <noc@hobby.example>\r\n",
        "X-Unsent: 1\r\n",
        "Date: ",
        "Subject: ",
    ] {
        assert!(mail.contains(part), "{part}\n{mail}");
    }
    // An address is one, and no lines of a header.
    estate.edit("ripectl.toml", "ask = \"noc@sponsor.example\"", "ask = \"a@b.example\\nBcc: c@d.example\"");
    estate.check("lir request --registry sandbox -o letter.eml", 0, &["written to letter.eml"]);
    let mail = estate.read("letter.eml");
    assert!(!mail.contains("Bcc") && mail.contains("To: <noc@sponsor.example>\r\n"), "{mail}");
    estate.check("lir request --registry nosuch", 2, &["no registry `nosuch`"]);
}

#[test]
fn a_request_for_an_as_number_is_whole_or_says_what_is_missing() {
    let estate = Estate::new();
    let missing = "asn request --registry sandbox --state-dir state";
    let request = json(&estate, missing, 0);
    // The peers are those of `[upstreams]`.
    assert_eq!(request["peers"], serde_json::json!(["AS20473", "AS53667"]));
    assert_eq!(request["organisation"], "ORG-HOBY1-RIPE");
    estate.check("asn request --registry sandbox --no-progress -o pack.txt", 0, &["written to pack.txt"]);
    assert!(estate.read("pack.txt").contains("Contact:           HN1-RIPE\n"));
    estate.check(
        "asn request --registry sandbox --output pack.txt --peer AS64500",
        1,
        &["connected to two others at least"],
    );
    estate.edit("objects/contacts.rpsl", "country:        NL\n", "");
    estate.edit("objects/contacts.rpsl", "abuse-c:        HN1-RIPE\n", "");
    let said = ["has no `country:`", "has no `abuse-c:`"];
    estate.check("asn request --registry sandbox", 1, &said);
    assert_eq!(json(&estate, "asn request --registry sandbox", 1)["draft"], Value::Null);
    estate.check("asn request --registry nosuch", 2, &["no registry `nosuch`"]);
}
