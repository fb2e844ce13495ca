//! The JSON of the commands is a contract: what they print is held against the schemas of `docs/schema`.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use std::{collections::BTreeSet, fs, path::Path};

#[path = "common/schema.rs"]
mod keywords;

use common::Estate;
use keywords::Schemas;
use serde_json::{Value, json};

/// The JSON that a command prints, held against the schema that it names.
fn printed(estate: &Estate, line: &str, status: i32) -> Value {
    let output = estate.run(&format!("{line} --format json"));
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(status), "{line}\n{out}{err}");
    let value: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{line}: {error}\n{out}"));
    let name = value["schema"].as_str().unwrap_or_else(|| panic!("{line} names no schema: {out}"));
    let problems = Schemas::read().problems(&format!("{}.json", name.replace('/', "-")), &value);
    assert!(problems.is_empty(), "{line}\n{}", problems.join("\n"));
    value
}

fn count(value: &Value, list: &str) -> usize {
    value[list].as_array().unwrap().len()
}

#[test]
fn a_plan_of_every_kind_of_change_is_as_its_schema_says() {
    let estate = Estate::new();
    let first = printed(&estate, "plan --registry sandbox", 0);
    let creates = first["summary"]["create"].as_u64().unwrap();
    assert!(creates >= 30 && first["summary"]["modify"].as_u64() > Some(0));
    assert_eq!(count(&first, "changes") as u64, creates + first["summary"]["modify"].as_u64().unwrap());
    assert!(
        first["changes"].as_array().unwrap().iter().any(|change| change["declared_at"]["block"] == "lux")
    );

    estate.check("plan --registry sandbox --out saved.json", 0, &["saved"]);
    assert_eq!(serde_json::from_str::<Value>(&estate.read("saved.json")).unwrap(), first);
    estate.check("apply --registry sandbox --yes", 0, &[]);

    estate.edit("ripectl.toml", "sjc = { index = 15, at = [\"sjc\"] }\n", "");
    estate.edit(
        "objects/as205398.rpsl",
        "members:        AS205398\n",
        "members:        AS205398, AS205399\n",
    );
    let expect = "[[expect]]\nobject = \"inet6num/2a0f:85c1:260::/44\"\nhas = { mnt-routes = \"OTHER-LIR-MNT\" }\nask = \"noc@sponsor.example\"\n\n[[expect]]\nabsent = [\"route6 <= 2a0f:85c1:260::/44\"]\n\n[manage]";
    estate.edit("ripectl.toml", "[manage]", expect);
    let second = printed(&estate, "plan --registry sandbox --exit-code", 1);
    assert_eq!(
        second["summary"],
        json!({"create": 0, "modify": 1, "delete": 2, "unchanged": 36, "unmanaged": 0, "irreversible": 0})
    );
    assert_eq!((count(&second, "changes"), count(&second, "expectations")), (3, 2), "{second:#}");
    let deleted = second["changes"].as_array().unwrap().iter().find(|change| change["action"] == "delete");
    assert!(deleted.unwrap()["before"][0][0].is_string() && deleted.unwrap()["after"].is_null());
}

#[test]
fn an_audit_is_as_its_schema_says() {
    let estate = Estate::new();
    let audit = printed(&estate, "audit --arc --registry sandbox", 1);
    assert_eq!(audit["summary"], json!({"objects": 4, "findings": 2, "errors": 1}));
    assert_eq!((count(&audit, "allocations"), count(&audit, "notes")), (1, 1));
    let asked = printed(&estate, "audit --arc --registry sandbox --dns", 2);
    assert_eq!((&asked["dns"]["asked"], count(&asked["dns"], "unasked")), (&json!(0), 2));
}

#[test]
fn a_run_that_ends_before_it_is_done_is_as_its_schema_says() {
    let estate = Estate::new();
    let receipt = printed(&estate, "apply --registry sandbox --yes --max-writes 2", 2);
    assert_eq!((&receipt["ended"], &receipt["summary"]["done"]), (&json!("max-writes"), &json!(2)));
}

#[test]
fn a_refusal_that_is_foreseen_is_as_its_schema_says() {
    let estate = Estate::new();
    estate.edit(
        "objects/as205398.rpsl",
        "mnt-by:         HOBBY-MNT\nsource:         RIPE\n\n#",
        "mnt-by:         HOBBY-MNT\nmnt-by:         NOBODY-MNT\nsource:         RIPE\n\n#",
    );
    let plan = printed(&estate, "plan --registry sandbox", 0);
    let refused = plan["changes"].as_array().unwrap().iter().find(|change| change["verdict"] == "refused");
    let refused = refused.unwrap_or_else(|| panic!("{plan:#}"));
    assert!(refused["refusals"][0]["text"].as_str().unwrap().contains("NOBODY-MNT"), "{refused:#}");
    let apply = printed(&estate, "apply --registry sandbox --yes", 1);
    assert!(apply["run"].is_null() && apply["refusal"].is_string());
}

#[test]
fn what_was_done_is_as_its_schema_says() {
    let estate = Estate::new();
    let apply = printed(&estate, "apply --registry sandbox --yes", 0);
    assert_eq!(apply["summary"]["done"], json!(count(&apply, "steps")));
    assert_eq!(apply["validation"]["schema"], "ripectl/validate/1");
    let again = printed(&estate, "apply --registry sandbox --yes", 0);
    assert_eq!((count(&again, "steps"), &again["run"]), (0, &Value::Null));
}

#[test]
fn what_announcements_are_worth_is_as_its_schema_says() {
    let estate = Estate::new();
    let nothing = printed(&estate, "validate --registry sandbox", 1);
    // No route object is there: of each that vultr carries it is said too that vultr wants one.
    let findings = nothing["announcements"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|each| each["findings"].as_array().unwrap());
    let rules: Vec<&str> = findings.map(|finding| finding["rule"].as_str().unwrap()).collect();
    let count = |name: &str| rules.iter().filter(|rule| **rule == name).count();
    let at = |each: &Value| each["sites"].as_array().unwrap().clone();
    let buyvm = ["lux", "lv", "ny", "mia"];
    let carried = nothing["announcements"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|each| at(each).iter().any(|site| !buyvm.contains(&site.as_str().unwrap())));
    assert_eq!((count("irr-missing"), count("upstream-would-filter")), (16, carried.count()));
    assert_eq!(nothing["summary"], json!({"announcements": 16, "ok": 0, "findings": rules.len()}));
    estate.check("apply --registry sandbox --yes", 0, &[]);
    estate.edit(
        "fixtures/vrps.json",
        r#""AS205398", "prefix": "2a0f:85c1:263::/48""#,
        r#""AS64500", "prefix": "2a0f:85c1:263::/48""#,
    );
    let one = printed(&estate, "validate 2a0f:85c1:263::/48 --registry sandbox", 1);
    let announcement = &one["announcements"][0];
    assert_eq!(
        (&announcement["rpki"]["state"], &announcement["irr"]["state"]),
        (&json!("invalid"), &json!("match"))
    );
    assert_eq!(announcement["rpki"]["vrps"][0]["origin"], "AS64500");
}

#[test]
fn explanations_and_findings_are_as_their_schemas_say() {
    let estate = Estate::new();
    for key in [
        "route6/2a0f:85c1:260::/48AS205398",
        "aut-num/AS205398",
        "domain/6.2.0.1.c.5.8.f.0.a.2.ip6.arpa",
        "mntner/HOBBY-MNT",
    ] {
        let explained = printed(&estate, &format!("explain {key} --registry sandbox"), 0);
        assert!(count(&explained, "actions") > 0, "{key}");
    }
    assert!(count(&printed(&estate, "reference", 0), "keys") > 40);
    assert_eq!(
        printed(&estate, "reference publisher.kind", 0)["keys"][0]["words"],
        json!(["lir", "ripe", "krill"])
    );
    assert_eq!(count(&printed(&estate, "geofeed -o feed.csv", 0), "entries"), 15);
    estate.edit("feed.csv", "LU", "DE");
    assert_eq!(printed(&estate, "geofeed --check feed.csv", 1)["differences"][0]["line"], 3);
    let shown = printed(&estate, "show aut-num/AS205398 --registry sandbox", 0);
    assert_eq!(shown["declared_at"]["line"], 3);
    assert_eq!(printed(&estate, "show HN2-RIPE --registry sandbox", 1)["nearest"], "role/HN1-RIPE");
    assert_eq!(
        printed(&estate, "show inet6num/2a0f:85c1:260::/44 --registry sandbox", 0)["declared"],
        Value::Null
    );
    let made = printed(&estate, "show inet6num/2a0f:85c1:261::/48 --registry sandbox", 0);
    assert_eq!((&made["declared_at"]["block"], &made["registered"]), (&json!("lux"), &Value::Null));
    assert_eq!(count(&printed(&estate, "check", 0), "findings"), 0);
    estate.edit("objects/contacts.rpsl", "noc@hobby.example", "noc at hobby.example");
    let found = printed(&estate, "check", 1);
    assert!(
        found["findings"].as_array().unwrap().iter().any(|finding| finding["line"].is_u64()),
        "{found:#}"
    );
    estate.edit("objects/contacts.rpsl", "nic-hdl:", "nic-hdl ");
    printed(&estate, "check", 1);
    printed(&estate, "fmt --check", 1);
}

#[test]
fn what_the_other_commands_print_is_as_its_schema_says() {
    let estate = Estate::new();
    assert!(count(&printed(&estate, "check --rules", 0), "rules") > 100);
    let split = printed(&estate, "split 2001:db8:100::/46 --origin AS64500", 0);
    assert_eq!((count(&split, "children"), split.get("added")), (4, None));
    assert_eq!(split["children"][3]["route"], "2001:db8:103::/48AS64500");
    assert_eq!(printed(&estate, "split 192.0.2.0/24 --into 25", 0)["children"][0]["zone"], Value::Null);
    let added = printed(&estate, "split 2001:db8:100::/46 --write", 0);
    assert_eq!(added["added"]["file"], "ripectl.toml");
    assert_eq!(printed(&estate, "fmt --check", 0)["changed"], json!([]));
    estate.edit("objects/contacts.rpsl", "nic-hdl:        ", "nic-hdl: ");
    let looked = printed(&estate, "fmt --check", 1);
    assert_eq!((&looked["changed"], &looked["written"]), (&json!(["objects/contacts.rpsl"]), &json!(false)));
    assert_eq!(printed(&estate, "fmt", 0)["written"], true);
    printed(&estate, "plan --registry sandbox", 0);
    let imported = printed(&estate, "import --registry sandbox HOBBY-MNT SPONSOR-MNT", 1);
    assert_eq!((&imported["declared"], &imported["settled"]), (&json!(1), &json!(false)));
    assert_eq!(imported["others"][0]["key"], "SPONSOR-MNT");
    let objects = printed(&estate, "sandbox dump", 0);
    assert_eq!(objects["objects"][0]["attributes"][0][1], objects["objects"][0]["key"]);
    assert!(printed(&estate, "sandbox reset --yes", 0)["text"].is_string());
}

/// Every form that the program names has its schema, and every schema its row in the documentation.
#[test]
fn every_form_has_a_schema() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documented = fs::read_to_string(project.join("docs/schema/README.md")).unwrap();
    let sources = walk(&project.join("src"));
    let forms = sources
        .iter()
        .flat_map(|text| text.split("\"schema\": \"").skip(1))
        .filter_map(|rest| rest.split('"').next());
    let forms: BTreeSet<String> = forms.map(|form| format!("{}.json", form.replace('/', "-"))).collect();
    assert!(forms.len() >= 9, "{forms:?}");
    let schemas = Schemas::read();
    for file in forms {
        assert_eq!(schemas.get(&file)["$id"], json!(file));
        assert!(documented.contains(&format!("| `{file}` |")), "docs/schema/README.md has no {file}");
    }
}

/// The texts of the files in a folder.
fn walk(folder: &Path) -> Vec<String> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| if path.is_dir() { walk(&path) } else { vec![fs::read_to_string(&path).unwrap()] })
        .collect()
}

/// What the design promises at least, in its words.
#[test]
fn the_schemas_demand_what_is_promised() {
    let schemas = Schemas::read();
    let demands = |file: &str, at: &str, names: &str| {
        let schema = schemas.get(file).pointer(at).unwrap_or_else(|| panic!("{file} has no {at}"));
        for name in names.split(' ') {
            let required = schema["required"].as_array().unwrap().contains(&json!(name));
            assert!(required, "{file} {at} does not demand {name}");
        }
    };
    let plan = "ripectl-plan-2.json";
    demands(plan, "", "schema registry summary changes unmanaged expectations");
    demands(plan, "/properties/summary", "create modify delete unchanged unmanaged");
    demands(
        plan,
        "/$defs/change",
        "action type key declared_at irreversible before after verdict refusals undecided",
    );
    demands(plan, "/$defs/change/properties/declared_at", "file line block");
    demands(plan, "/$defs/change/properties/refusals/items", "text rule remedy");
    demands(plan, "/$defs/change/properties/undecided/items", "rule needs");
    demands(plan, "/$defs/object", "type key");
    let apply = "ripectl-apply-2.json";
    demands(apply, "", "schema run summary steps");
    demands(apply, "/properties/summary", "done failed not_tried in_doubt");
    demands(apply, "/properties/steps/items", "action type key status messages");
    let validate = "ripectl-validate-1.json";
    demands(validate, "", "schema summary evidence announcements");
    demands(validate, "/properties/summary", "announcements ok findings");
    demands(validate, "/properties/evidence/properties/vrps", "source count generated");
    let each = "/properties/announcements/items";
    demands(validate, each, "prefix origin sites ok rpki irr findings");
    demands(validate, &format!("{each}/properties/rpki"), "state vrps");
    demands(
        validate,
        &format!("{each}/properties/rpki/properties/vrps/items"),
        "prefix origin max_length ta",
    );
    demands(validate, &format!("{each}/properties/irr"), "state routes");
    demands(validate, &format!("{each}/properties/irr/properties/routes/items"), "source prefix origin");
    demands(validate, &format!("{each}/properties/findings/items"), "rule severity text decides fix");
}

#[test]
fn the_checker_sees_what_is_wrong() {
    let schemas = Schemas::read();
    let check = |value: Value, expected: &str| {
        let problems = schemas.problems("ripectl-findings-1.json", &value).join("\n");
        assert!(problems.contains(expected), "{problems}");
    };
    let summary = json!({"findings": 0, "errors": 0});
    check(
        json!({"schema": "ripectl/findings/2", "command": "check", "summary": summary, "findings": []}),
        "$.schema: const",
    );
    check(json!({"schema": "ripectl/findings/1", "summary": summary, "findings": []}), "$: required");
    check(
        json!({"schema": "ripectl/findings/1", "command": "x", "summary": summary, "findings": []}),
        "$.command: enum",
    );
    check(
        json!({"schema": "ripectl/findings/1", "command": "check", "summary": {"findings": -1, "errors": 0}, "findings": [{"more": 1}]}),
        "$.findings[0]: additionalProperties",
    );
}
