//! Announcements, evidence, and what is said of them.

use std::fs;

use super::*;
use crate::{registered::Inventory, rpsl::Object};

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
    let routes = listed(routes).map(route);
    let evidence = Evidence { vrps, ..Evidence::default() };
    validate(&estate(estate_text), &[], &evidence, &Registered::whole(Inventory::of(routes))).unwrap()
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(", ").filter(|item| !item.is_empty())
}

fn check(vrps: &str, routes: &str, expected: &str) {
    holds(&validated(vrps, routes), expected);
}

fn holds(validation: &Validation, expected: &str) {
    let flaws = validation.announcements.iter().flat_map(|each| &each.flaws);
    let text = |flaw: &Flaw| {
        let effect = flaw.effect.as_ref().map_or(String::new(), |effect| format!("\n  {effect}"));
        format!("{}: {}\n  {}{effect}\n  {}", flaw.rule, flaw.text, flaw.decides, flaw.fix)
    };
    assert_eq!(flaws.map(text).collect::<Vec<_>>().join("\n"), expected);
    assert_eq!(validation.is_ok(), expected.is_empty());
}

#[test]
fn what_was_not_looked_at_is_not_there() {
    let elsewhere = ESTATE.replace("any-of = [\"RIPE\"]", "any-of = [\"RADB\", \"ALTDB\"]");
    let flaw = "upstream-irr: nothing shows that RADB or ALTDB has a route6 for 2a0f:85c1:260::/48\n  \
                upstream vultr: irr = RADB or ALTDB; RIPE alone was asked\n  AS20473 drops it without one\n  \
                add \"RIPE\" to `any-of` if its route6 is enough, or leave `irr` out and look there yourself";
    holds(&validated_for(&elsewhere, GOOD.0, GOOD.1), flaw);
    let both = ESTATE.replace("any-of = [\"RIPE\"]", "any-of = [\"RADB\", \"ripe\"]");
    holds(&validated_for(&both, GOOD.0, GOOD.1), "");
}

const GOOD: (&str, &str) = ("AS205398 2a0f:85c1:260::/48-48", "2a0f:85c1:260::/48 AS205398");

#[test]
fn what_has_both_may_be_announced() {
    check(GOOD.0, GOOD.1, "");
    check(
        "AS1 2a0f:85c1::/32-48, AS205398 2a0f:85c1:260::/44-48",
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
        "rpki-invalid-origin: no ROA lets AS205398 announce 2a0f:85c1:260::/48\n  \
         VRP AS2 2a0f:85c1::/32-48: only AS2 may announce it (and 1 more that do not match)\n  \
         AS20473 drops it (roa = not-invalid), AS53667 drops it (roa = valid), and so does every network that \
         rejects invalids\n  ask noc@lir.example for a ROA AS205398 2a0f:85c1:260::/48 maxLength 48",
    );
}

#[test]
fn only_the_exact_route_counts() {
    let fix = "`ripectl apply --registry ripe`: it is declared";
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
    let asked = validate(&estate(ESTATE), &[], &Evidence::default(), &Registered::default()).unwrap_err();
    let block = "2a0f:85c1:260::/48".parse::<Prefix>().unwrap().block();
    assert_eq!(Vec::from_iter(asked), [Query::Covering(crate::rpsl::Class::Route6, block)]);
}
