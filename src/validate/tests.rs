//! Announcements, evidence, and what is said of them.

use std::fs;

use super::*;
use crate::{
    registered::{Inventory, Query, Registered},
    rpki::VrpSet,
    rpsl::Object,
};

const ESTATE: &str = r#"
format = 1
[manage]
maintainers = ["A-MNT"]
[upstreams]
vultr = { asn = "AS20473", roa = "not-invalid", irr = { any-of = ["RIPE"] }, longest = 48 }
buyvm = { asn = "AS53667", roa = "valid" }
[sites]
ams = { upstream = "vultr" }
lux = { upstream = "buyvm" }
[[allocation]]
prefix = "2a0f:85c1:260::/44"
origin = "AS205398"
split = 48
templates = { route6 = "route" }
[allocation.blocks]
any = { index = 0, at = ["*"] }
[[rpki.publisher]]
prefixes = ["2a0f:85c1:260::/44"]
kind = "lir"
mail-to = "noc@lir.example"
"#;

const ROUTE: &str = "route6: {{ prefix }}\norigin: {{ origin }}\nmnt-by: A-MNT\nsource: {{ source }}\n";

fn estate(text: &str) -> Estate {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("ripectl.toml"), text).unwrap();
    fs::create_dir(root.path().join("templates")).unwrap();
    fs::write(root.path().join("templates/route.rpsl"), ROUTE).unwrap();
    let (estate, findings) = crate::estate::load(root.path(), None, &crate::user::Configuration::default());
    assert_eq!(findings, []);
    estate.unwrap()
}

/// VRPs as `AS1 2001:db8::/32-48, …`, routes as `2001:db8::/48 AS1, …`.
fn validated(vrps: &str, routes: &str) -> Validation {
    validated_for(ESTATE, vrps, routes)
}

fn validated_for(estate_text: &str, vrps: &str, routes: &str) -> Validation {
    let vrp = |text: &str| {
        let (origin, rest) = text.split_once(' ').unwrap();
        let (prefix, length) = rest.rsplit_once('-').unwrap();
        Vrp::new(prefix.parse().unwrap(), origin.parse().unwrap(), length.parse().unwrap()).unwrap()
    };
    let route = |text: &str| {
        let (prefix, origin) = text.split_once(' ').unwrap();
        Object::parse(format!("route6: {prefix}\norigin: {origin}\nmnt-by: A-MNT\nsource: RIPE\n")).unwrap()
    };
    let vrps: VrpSet = listed(vrps).map(vrp).collect();
    let world = Registered::whole(Inventory::of(listed(routes).map(route)));
    let estate = estate(estate_text);
    let subjects = subjects(Some(&estate), Vec::new(), &[]);
    let prefixes = subjects.iter().map(|subject| subject.prefix);
    let routes = registered_routes(&world, prefixes, "RIPE").unwrap();
    let grounds = Grounds {
        estate: Some(Arc::new(estate)),
        vrps: Some(Arc::new(Evidence { vrps, ..Evidence::default() })),
        routes: Some(Arc::new(Routes::new(routes, vec!["RIPE".to_owned()], false))),
        upstreams: true,
        within: Vec::new(),
        seen_in: None,
        now: NOW.parse().unwrap(),
    };
    validate(subjects, grounds)
}

const NOW: &str = "2026-11-27T12:00:00Z";

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(", ").filter(|item| !item.is_empty())
}

fn check(vrps: &str, routes: &str, expected: &str) {
    holds(&validated(vrps, routes), expected);
}

fn holds(validation: &Validation, expected: &str) {
    let flaws = validation.explain(|_| true).flat_map(|each| each.flaws).filter(|flaw| !flaw.follows);
    let text = |flaw: Flaw| {
        let effect = flaw.effect.as_ref().map_or(String::new(), |effect| format!("\n  {effect}"));
        format!("{}: {}\n  {}{effect}\n  {}", flaw.rule.name(), flaw.text, flaw.decides, flaw.fix)
    };
    assert_eq!(flaws.map(text).collect::<Vec<_>>().join("\n"), expected);
    assert_eq!(validation.is_ok(), expected.is_empty());
}

#[test]
fn what_was_not_looked_at_is_not_there() {
    let elsewhere = ESTATE.replace("any-of = [\"RIPE\"]", "any-of = [\"RADB\", \"ALTDB\"]");
    let flaw = "upstream-would-filter: nothing shows that RADB or ALTDB has a route6 for 2a0f:85c1:260::/48; only RIPE \
                has\n  upstream vultr: irr = RADB or ALTDB; asked: RIPE\n  AS20473 drops it\n  register it in RADB or \
                ALTDB; if it is there, have it looked at: `--irr`; if RIPE is enough for AS20473, add it to `any-of`";
    holds(&validated_for(&elsewhere, GOOD.0, GOOD.1), flaw);
    let both = ESTATE.replace("any-of = [\"RIPE\"]", "any-of = [\"RADB\", \"ripe\"]");
    holds(&validated_for(&both, GOOD.0, GOOD.1), "");
}

const GOOD: (&str, &str) = ("AS205398 2a0f:85c1:260::/48-48", "2a0f:85c1:260::/48 AS205398");

#[test]
fn what_has_both_may_be_announced() {
    check(GOOD.0, GOOD.1, "");
    check(
        "AS1 2a0f:85c1::/32-48, AS205398 2a0f:85c1:260::/48-48",
        "2a0f:85c1:260::/44 AS1, 2a0f:85c1:260::/48 AS1, 2a0f:85c1:260::/48 AS205398",
        "",
    );
}

#[test]
fn a_roa_that_does_not_match_decides() {
    check(
        "AS1 2001:db8::/32-32",
        GOOD.1,
        "rpki-not-found: no ROA covers 2a0f:85c1:260::/48\n  no VRP covers 2a0f:85c1:260::/48\n  \
         AS53667 drops it (roa = valid)\n  \
         ask noc@lir.example for a ROA AS205398 2a0f:85c1:260::/48 maxLength 48",
    );
    check(
        "AS205398 2a0f:85c1:260::/47-47",
        GOOD.1,
        "rpki-invalid-length: 2a0f:85c1:260::/48 is longer than the ROA for AS205398 allows\n  \
         VRP AS205398 2a0f:85c1:260::/47-47: a /47 with maxLength 47 forbids its /48s\n  \
         AS20473 drops it (roa = not-invalid), AS53667 drops it (roa = valid), and so does every network that \
         rejects invalids\n  ask noc@lir.example for a ROA AS205398 2a0f:85c1:260::/48 maxLength 48",
    );
    check(
        "AS1 2a0f:85c1:260::/44-44, AS2 2a0f:85c1::/32-48",
        GOOD.1,
        "rpki-invalid-origin: no ROA lets AS205398 announce 2a0f:85c1:260::/48; below the ROA of somebody else it is \
         invalid without one, and not merely not found\n  \
         VRP AS2 2a0f:85c1::/32-48: only AS2 may announce it (and 1 more that do not match)\n  \
         AS20473 drops it (roa = not-invalid), AS53667 drops it (roa = valid), and so does every network that \
         rejects invalids\n  ask noc@lir.example for a ROA AS205398 2a0f:85c1:260::/48 maxLength 48",
    );
}

#[test]
fn only_the_exact_route_counts() {
    let fix = "`ripectl apply --registry ripe --only route6/2a0f:85c1:260::/48AS205398`: it is declared";
    let drops = "AS20473 drops it (irr = RIPE)";
    check(
        GOOD.0,
        "",
        &format!(
            "irr-missing: there is no route6 for 2a0f:85c1:260::/48\n  \
             RIPE has no route6 that covers 2a0f:85c1:260::/48\n  {drops}\n  {fix}"
        ),
    );
    check(
        GOOD.0,
        "2a0f:85c1:260::/48 AS1",
        &format!(
            "irr-origin-mismatch: the route6 for 2a0f:85c1:260::/48 does not name AS205398\n  \
             route6 2a0f:85c1:260::/48AS1 (RIPE, mnt-by A-MNT)\n  {drops}\n  {fix}"
        ),
    );
    check(
        GOOD.0,
        "2a0f:85c1:260::/44 AS205398",
        &format!(
            "irr-covering-only: there is no route6 for 2a0f:85c1:260::/48, only for a less specific prefix\n  \
             route6 2a0f:85c1:260::/44AS205398 (RIPE, mnt-by A-MNT)\n  {drops}\n  {fix}"
        ),
    );
}

#[test]
fn what_was_not_asked_is_a_question() {
    let prefix: Prefix = "2a0f:85c1:260::/48".parse().unwrap();
    let asked = registered_routes(&Registered::default(), std::iter::once(prefix), "RIPE").unwrap_err();
    assert_eq!(Vec::from_iter(asked), [Query::Covering(crate::rpsl::Class::Route6, prefix.block())]);
}

/// What `check --rules` lists of this module is what there is.
#[test]
fn each_rule_is_in_the_catalogue() {
    let text = include_str!("../check/catalogue/own.rs");
    for rule in Rule::ALL {
        assert!(text.contains(&format!("(\"{}\", \"validate\"", rule.name())), "{}", rule.name());
    }
    assert_eq!(text.matches("\", \"validate\", \"").count(), Rule::ALL.len());
}

/// The verdicts alone, of what is seen: `10.0.0.0/8 AS1, …`.
fn judged(estate: Option<Estate>, vrps: &str, seen: &str) -> Vec<String> {
    let seen = listed(seen).map(|text| {
        let (prefix, origin) = text.split_once(' ').unwrap();
        let origin = (origin != "AS_SET").then(|| origin.parse().unwrap());
        Subject::seen_in(0, 1, prefix.parse().unwrap(), origin)
    });
    let evidence = Evidence { vrps: crate::rpki::vrps(vrps), ..Evidence::default() };
    let subjects = subjects(estate.as_ref(), seen.collect(), &[]);
    let grounds = Grounds {
        estate: estate.map(Arc::new),
        vrps: (!vrps.is_empty()).then(|| Arc::new(evidence)),
        routes: None,
        upstreams: true,
        within: Vec::new(),
        seen_in: Some(vec!["router".to_owned()]),
        now: NOW.parse().unwrap(),
    };
    let validation = validate(subjects, grounds);
    let names = |rules: Rules| rules.iter().map(Rule::name).collect::<Vec<_>>().join(" ");
    let each = validation.subjects.iter().zip(&validation.verdicts);
    let mut all: Vec<String> = each
        .map(|(subject, verdict)| format!("{} {}: {}", subject.prefix, subject.origin, names(verdict.broken)))
        .collect();
    all.extend(validation.others.iter().map(|flaw| format!("{}: {}", flaw.subject, flaw.rule.name())));
    all
}

#[test]
fn what_is_seen_without_an_estate_is_judged() {
    let check = |vrps: &str, seen: &str, expected: &[&str]| assert_eq!(judged(None, vrps, seen), expected);
    let vrps = "AS1 193.0.0.0/21-24, AS0 193.0.8.0/21-24, AS2 2a00::/32-48";
    check(vrps, "193.0.0.0/21 AS1", &["193.0.0.0/21 AS1: rpki-max-length-loose"]);
    check(
        vrps,
        "193.0.0.0/25 AS1, 193.0.8.0/24 AS1, 193.0.16.0/24 AS1, 2a00::/48 AS1",
        &[
            "193.0.0.0/25 AS1: rpki-invalid-length too-specific",
            "193.0.8.0/24 AS1: rpki-invalid-origin rpki-as0",
            "193.0.16.0/24 AS1: rpki-not-found",
            "2a00::/48 AS1: rpki-invalid-origin",
        ],
    );
    check(
        "",
        "10.0.0.0/8 AS1, 193.0.0.0/21 AS_SET, 193.0.0.0/21 AS64500",
        &["10.0.0.0/8 AS1: bogon", "193.0.0.0/21 AS0: as-set-origin", "193.0.0.0/21 AS64500: bogon"],
    );
}

#[test]
fn what_is_seen_and_what_is_declared_are_compared() {
    let check = |vrps: &str, seen: &str, expected: &[&str]| {
        assert_eq!(judged(Some(estate(ESTATE)), vrps, seen), expected, "{seen}");
    };
    let roa = "AS205398 2a0f:85c1:260::/48-48";
    check(roa, "2a0f:85c1:260::/48 AS205398", &["2a0f:85c1:260::/48 AS205398: "]);
    check(
        roa,
        "193.0.0.0/21 AS3333",
        &["193.0.0.0/21 AS3333: rpki-not-found", "2a0f:85c1:260::/48 AS205398: declared-unannounced"],
    );
    check(
        "AS205398 2a0f:85c1:260::/48-48, AS205398 2a0f:85c1:26f::/48-48",
        "2a0f:85c1:260::/48 AS205398, 2a0f:85c1:261::/49 AS205398, 2a0f:85c1:262::/48 AS1",
        &[
            "2a0f:85c1:260::/48 AS205398: ",
            "2a0f:85c1:261::/49 AS205398: rpki-not-found announced-undeclared too-specific",
            "2a0f:85c1:262::/48 AS1: rpki-not-found announced-undeclared",
            "2a0f:85c1:26f::/48 AS205398: roa-stale",
        ],
    );
    // Who announces our prefix too makes our ROA no stale one.
    check(
        roa,
        "2a0f:85c1:260::/48 AS1, 2a0f:85c1:260::/48 AS205398",
        &[
            "2a0f:85c1:260::/48 AS1: rpki-invalid-origin announced-undeclared",
            "2a0f:85c1:260::/48 AS205398: ",
        ],
    );
}

#[test]
fn rules_can_be_switched_off_and_waived_for_a_while() {
    let check = |more: &str, expected: &str, is_ok: bool| {
        let validation = validated_for(&format!("{ESTATE}{more}"), "AS1 2001:db8::/32-32", GOOD.1);
        let flaws = validation.explain(|_| true).flat_map(|each| each.flaws);
        let told = |flaw: Flaw| {
            format!("{} {} {}", flaw.rule.name(), flaw.severity, flaw.waived.unwrap_or_default())
        };
        assert_eq!(flaws.map(|flaw| told(flaw).trim().to_owned()).collect::<Vec<_>>().join(", "), expected);
        assert_eq!(validation.is_ok(), is_ok);
    };
    let drops = "upstream-would-filter error";
    check("", &format!("rpki-not-found error, {drops}"), false);
    check("[rules]\nrpki-not-found = \"warning\"\n", &format!("rpki-not-found warning, {drops}"), false);
    check("[rules]\nrpki-not-found = \"off\"\nupstream-would-filter = \"off\"\n", "", true);
    let waiver = |rule: &str, until: &str| {
        format!(
            "[[waiver]]\nprefix = \"2a0f:85c1:260::/44\"\nrule = \"{rule}\"\nwhy = \"x\"\nuntil = {until}\n"
        )
    };
    let both = waiver("rpki-not-found", "2026-11-27") + &waiver("upstream-would-filter", "2027-01-01");
    let waived = "rpki-not-found error waived until 2026-11-27: x, upstream-would-filter error waived until 2027-01-01: x";
    check(&both, waived, true);
    check(
        &waiver("rpki-not-found", "2026-11-26"),
        &format!("rpki-not-found error, waiver-expired warning, {drops}"),
        false,
    );
    // One that has ended is nothing where another holds.
    let again = waiver("rpki-not-found", "2026-11-26") + &both;
    check(&again, waived, true);
    // What stands beside the announcements is waived as they are.
    let stale = "AS205398 2a0f:85c1:260::/48-48, AS205398 2a0f:85c1:26f::/48-48";
    let beside = |more: &str| {
        let text = format!("{ESTATE}[rules]\nroa-stale = \"error\"\n{more}");
        let validation = validated_for(&text, stale, GOOD.1);
        let waived: Vec<bool> = validation.others.iter().map(|flaw| flaw.waived.is_some()).collect();
        (validation.is_ok(), waived)
    };
    assert_eq!(beside(""), (false, vec![false]));
    assert_eq!(beside(&waiver("roa-stale", "2027-01-01")), (true, vec![true]));
}
