//! What others hold, as a plan tells it: on the sandbox's own content, and with one thing of it changed.

use std::{fs, path::Path};

use crate::{
    estate::{Estate, load},
    plan::{Document, EarlierRound, Plan, PlanOptions, plan, preflight},
    registered::{Inventory, Registered},
    rpsl::Object,
    rules::{Credential, KeyScope, Settings},
};

/// The objects of a text, parted by empty lines and comments.
fn objects(text: &str) -> impl Iterator<Item = Object> {
    text.split("\n\n").filter_map(|text| Object::parse(text).ok())
}

/// The sandbox as it begins, with `changes` written over it.
fn sandbox(changes: &str) -> Registered {
    let base = include_str!("../sandbox/base.rpsl");
    Registered::whole(Inventory::of(objects(base).chain(objects(changes))))
}

/// The estate of `docs/estates/{name}`.
fn example(name: &str) -> Estate {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/estates").join(name);
    load(&root, Some("sandbox"), &crate::user::Configuration::default()).0.unwrap()
}

/// The estate of one `[[allocation]]` of sixteen /48s, with `more` in its `ripectl.toml`.
fn estate(more: &str) -> Estate {
    let root = tempfile::tempdir().unwrap();
    let config = format!(
        "format = 1\n{more}\n[manage]\nmaintainers = [\"HOBBY-MNT\"]\n[[allocation]]\nprefix = \"2a0f:85c1:260::/44\"\n\
         origin = \"AS205398\"\nsplit = 48\ntemplates = {{ inet6num = \"block\", route6 = \"route\", domain = \"zone\" }}\n\
         [allocation.blocks]\na = {{ index = 0 }}\nb = {{ index = 1 }}\n"
    );
    let templates = [
        ("block", "inet6num: {{ prefix }}\nstatus: ASSIGNED\nmnt-by: HOBBY-MNT\n"),
        ("route", "route6: {{ prefix }}\norigin: {{ origin }}\nmnt-by: HOBBY-MNT\n"),
        ("zone", "domain: {{ zone }}\nmnt-by: HOBBY-MNT\n"),
    ];
    fs::create_dir(root.path().join("templates")).unwrap();
    fs::write(root.path().join("ripectl.toml"), config).unwrap();
    for (name, text) in templates {
        fs::write(root.path().join(format!("templates/{name}.rpsl")), text).unwrap();
    }
    let (estate, findings) = load(root.path(), Some("sandbox"), &crate::user::Configuration::default());
    assert!(findings.is_empty(), "{findings:?}");
    estate.unwrap()
}

/// A plan in lines: expectations, findings, and steps with what the registry will say.
fn shown(world: &Registered, estate: &Estate) -> String {
    let mut plan = plan(world, estate, &PlanOptions::default()).unwrap();
    let credential = Credential::Maintainers(vec!["HOBBY-MNT".to_owned()]);
    let key_scopes = [KeyScope { key: String::new(), credential }];
    let now = "2026-11-01T00:00:00Z".parse().unwrap();
    preflight(&mut plan.steps, EarlierRound::default(), world, &key_scopes, &Settings::default(), now);
    lines(&plan).join("\n")
}

fn lines(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for expectation in &plan.expectations {
        lines.push(format!("{} {}", if expectation.met { "✓" } else { "✗" }, expectation.text));
        lines.extend(expectation.left_out.iter().map(|key| format!("  left out: {key}")));
        lines.extend(expectation.remedy.iter().map(|remedy| format!("  → {remedy}")));
    }
    for finding in &plan.findings {
        let place = finding.place.as_ref().map(|place| format!(" [{place}]")).unwrap_or_default();
        lines.push(format!(
            "{}: {}{place}\n  → {}",
            finding.severity,
            finding.text,
            finding.remedy.as_deref().unwrap_or("")
        ));
    }
    for step in &plan.steps {
        lines.push(format!("{} {}: {:?}", step.change.action(), step.change.id(), step.verdict()));
    }
    lines
}

#[test]
fn a_route_of_the_lir_decides_over_those_below_it() {
    assert_eq!(
        shown(&sandbox(""), &example("covered-by-lir")),
        "✓ inet6num 2a0f:85c1:270::/44: ALLOCATED-BY-LIR; mnt-lower, mnt-routes HOBBY-MNT\n\
         ✗ route6 2a0f:85c1:270::/44AS205500 (SPONSOR-MNT) exists: it decides who may make a route6 below it\n  \
         → ask noc@sponsor.example to delete it, or for `mnt-routes: HOBBY-MNT` in it\n\
         create inet6num/2a0f:85c1:270::/48: Accepted\n\
         create route6/2a0f:85c1:270::/48AS205398: Refused"
    );
}

#[test]
fn a_zone_of_the_lir_leaves_no_room_for_those_below_it() {
    assert_eq!(
        shown(&sandbox(""), &example("zone-of-lir")),
        "✓ inet6num 2a0f:85c1:280::/44: mnt-lower, mnt-domains HOBBY-MNT\n\
         ✗ domain 8.2.0.1.c.5.8.f.0.a.2.ip6.arpa (SPONSOR-MNT) exists: none of yours can be made below it\n  \
         left out: domain/0.8.2.0.1.c.5.8.f.0.a.2.ip6.arpa\n  \
         → ask noc@sponsor.example to delete it, or for NS records in that zone instead\n\
         create inet6num/2a0f:85c1:280::/48: Accepted"
    );
}

/// The plan for two blocks when the /44 has `status`, and `more` is registered besides.
fn check_status(status: &str, more: &str, expected: &str) {
    let block = format!("inet6num: 2a0f:85c1:260::/44\nstatus: {status}\nmnt-by: HOBBY-MNT\n\n{more}");
    let estate = estate("");
    let plan = plan(&sandbox(&block), &estate, &PlanOptions::default()).unwrap();
    let steps = plan.steps.iter().map(|step| format!("{} {}", step.change.action(), step.change.id()));
    let findings = plan.findings.iter().map(|finding| {
        let place = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
        format!(
            "{} {}: {}\n→ {}",
            finding.severity,
            place,
            finding.text,
            finding.remedy.as_deref().unwrap_or("")
        )
    });
    let text = findings.chain(steps).collect::<Vec<_>>().join("\n");
    let rest = "create route6/2a0f:85c1:260::/48AS205398\ncreate route6/2a0f:85c1:261::/48AS205398\n\
                create domain/6.2.0.1.c.5.8.f.0.a.2.ip6.arpa";
    assert_eq!(text.replace(rest, "routes and zone"), expected);
}

#[test]
fn the_status_above_decides_what_is_rendered_below() {
    let without = "routes, reverse zones and ROAs work without";
    let place = "ripectl.toml:9";
    let blocks = "create inet6num/2a0f:85c1:260::/48\ncreate inet6num/2a0f:85c1:261::/48";
    let assigned = |status: &str| {
        format!(
            "warning {place}: inet6num 2a0f:85c1:260::/44 is {status}: no inet6num can be made below it; 2 blocks are \
             left without one\n→ {without}: take `inet6num` out of `templates`\nroutes and zone"
        )
    };
    for status in ["ASSIGNED", "ASSIGNED PI", "ASSIGNED ANYCAST"] {
        check_status(status, "", &assigned(status));
    }
    check_status("ALLOCATED-BY-LIR", "", &format!("{blocks}\nroutes and zone"));
    check_status("AGGREGATED-BY-LIR\nassignment-size: 48", "", &format!("{blocks}\nroutes and zone"));
    check_status(
        "AGGREGATED-BY-LIR\nassignment-size: 56",
        "",
        &format!(
            "warning {place}: inet6num 2a0f:85c1:260::/44 is AGGREGATED-BY-LIR with assignment-size 56: below it only \
             a /56 can be made; 2 blocks are left without one\n\
             → {without}: make them a /56, or take `inet6num` out of `templates`\nroutes and zone"
        ),
    );
}

#[test]
fn what_is_registered_is_never_left_out() {
    check_status(
        "ASSIGNED",
        "inet6num: 2a0f:85c1:260::/48\nstatus: ASSIGNED\nremarks: old\nmnt-by: HOBBY-MNT\n",
        "warning ripectl.toml:9: inet6num 2a0f:85c1:260::/44 is ASSIGNED: no inet6num can be made below it; 1 block is \
         left without one\n→ routes, reverse zones and ROAs work without: take `inet6num` out of `templates`\n\
         modify inet6num/2a0f:85c1:260::/48\nroutes and zone",
    );
}

/// What a plan says of `expect`, beside a /44 of another maintainer.
fn check_expect(expect: &str, expected: &str) {
    let estate = estate(&format!("[[expect]]\n{expect}"));
    let world = sandbox(
        "inet6num: 2a0f:85c1:260::/44\nstatus: ALLOCATED-BY-LIR\nmnt-by: HOLDER-MNT\nmnt-lower: hobby-mnt, HOLDER-MNT\n\
         mnt-routes: HOBBY-MNT {2a0f:85c1:260::/44^48}\n\n\
         inet6num: 2a0f:85c1:26f::/48\nstatus: ASSIGNED\nmnt-by: HOLDER-MNT\n",
    );
    let plan = plan(&world, &estate, &PlanOptions::default()).unwrap();
    assert_eq!(
        lines(&plan)
            .iter()
            .filter(|line| !line.starts_with("create"))
            .cloned()
            .collect::<Vec<_>>()
            .join("\n"),
        expected
    );
}

#[test]
fn values_are_compared_as_the_registry_compares() {
    let with = |has: &str| {
        format!("object = \"inet6num/2a0f:85c1:260::/44\"\nhas = {{ {has} }}\nask = \"noc@lir.example\"")
    };
    let name = "inet6num 2a0f:85c1:260::/44";
    check_expect(
        &with("mnt-lower = [\"HOBBY-MNT\", \"holder-mnt\"]"),
        &format!("✓ {name}: mnt-lower HOBBY-MNT, holder-mnt"),
    );
    check_expect(&with("mnt-routes = \"hobby-mnt\""), &format!("✓ {name}: mnt-routes hobby-mnt"));
    check_expect(
        &with("mnt-routes = \"HOBBY-MNT {2a0f:85c1:260::/44^46}\""),
        &format!(
            "✗ {name}: mnt-routes is HOBBY-MNT {{2a0f:85c1:260::/44^48}}, should be HOBBY-MNT {{2a0f:85c1:260::/44^46}}\n  \
             → ask noc@lir.example for `mnt-routes: HOBBY-MNT {{2a0f:85c1:260::/44^46}}` in it"
        ),
    );
    check_expect(
        &with("mnt-by = \"HOBBY-MNT\", mnt-domains = \"HOBBY-MNT\""),
        &format!(
            "✗ {name}: mnt-by is HOLDER-MNT, should be HOBBY-MNT; mnt-domains is missing, should be HOBBY-MNT\n  \
             → ask noc@lir.example for `mnt-by: HOBBY-MNT` and `mnt-domains: HOBBY-MNT` in it"
        ),
    );
    check_expect("object = \"mntner/hobby-mnt\"", "✓ mntner hobby-mnt stands");
    check_expect(
        "object = \"route6/2a0f:85c1:260::/44AS1\"\nhas = { mnt-by = \"HOLDER-MNT\" }",
        "✗ route6 2a0f:85c1:260::/44AS1 is not registered\n  → ask its holder to make it with `mnt-by: HOLDER-MNT`",
    );
}

#[test]
fn what_must_be_absent_is_looked_for_on_its_side() {
    check_expect("absent = [\"inet6num > 2a0f:85c1:261::/48\"]", "✓ no inet6num below 2a0f:85c1:261::/48");
    check_expect("absent = [\"mntner/X-MNT\"]", "✓ no mntner X-MNT");
    check_expect(
        "absent = [\"inet6num >= 2a0f:85c1:26f::/48\"]\nask = \"noc@lir.example\"",
        "✗ inet6num 2a0f:85c1:26f::/48 (HOLDER-MNT) exists\n  → ask noc@lir.example to delete it",
    );
    check_expect(
        "absent = [\"inet6num < 2a0f:85c1:260::/44\"]",
        "✗ inet6num 2a0f:85c0::/29 (RIPE-NCC-HM-MNT, SPONSOR-MNT) exists (and 1 more): it decides what may be made \
         below it\n  → ask its holder to delete it",
    );
}

#[test]
fn what_is_not_known_of_others_is_asked_for() {
    let estate = example("zone-of-lir");
    let open = plan(&Registered::default(), &estate, &PlanOptions::default()).unwrap_err();
    let shown: Vec<String> = open.iter().map(crate::plan::document::question).collect();
    assert_eq!(
        shown,
        [
            "whether there is inet6num/2a0f:85c1:280::/44",
            "whether there is inet6num/2a0f:85c1:280::/48",
            "whether there is domain/0.8.2.0.1.c.5.8.f.0.a.2.ip6.arpa",
            "whether there is mntner/HOBBY-MNT",
            "what domain covers 2a0f:85c1:280::/44",
        ]
    );
}

#[test]
fn the_json_of_a_plan_has_what_others_must_hold() {
    let plan = plan(&sandbox(""), &example("zone-of-lir"), &PlanOptions::default()).unwrap();
    let json = serde_json::to_value(Document::of(&plan, "sandbox")).unwrap();
    let expectations = &json["expectations"];
    assert_eq!(expectations[0]["object"], "inet6num/2a0f:85c1:280::/44");
    assert_eq!(expectations[0]["met"], true);
    assert!(expectations[0].get("absent").is_none());
    let unmet = serde_json::json!({
        "absent": "domain <= 2a0f:85c1:280::/44",
        "met": false,
        "text": "domain 8.2.0.1.c.5.8.f.0.a.2.ip6.arpa (SPONSOR-MNT) exists: none of yours can be made below it",
        "stands": [{"type": "domain", "key": "8.2.0.1.c.5.8.f.0.a.2.ip6.arpa"}],
        "ask": "noc@sponsor.example",
        "remedy": "ask noc@sponsor.example to delete it, or for NS records in that zone instead",
        "left_out": [{"type": "domain", "key": "0.8.2.0.1.c.5.8.f.0.a.2.ip6.arpa"}],
        "declared_at": {"file": "ripectl.toml", "line": 15, "block": null},
    });
    assert_eq!(expectations[1], unmet);
    assert!(Document::read(&json.to_string()).is_ok());
}
