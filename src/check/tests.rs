//! A rule each: files in, findings out.

use std::{fs, path::Path};

use super::*;

const CONFIG: &str = "format = 1\n[manage]\nmaintainers = [\"HOBBY-MNT\"]\n";

/// An estate of these files beside a small `ripectl.toml`.
fn estate(files: &[(&str, &str)]) -> Estate {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in [("ripectl.toml", CONFIG)].iter().chain(files) {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let (estate, findings) =
        crate::estate::inspect(root.path(), None, &crate::user::Configuration::default());
    assert_eq!(findings, []);
    estate.unwrap()
}

fn shown(estate: &Estate) -> String {
    let settings = Settings { source: estate.registry.source.clone(), ..Settings::default() };
    let findings = check(estate, &settings, Timestamp::UNIX_EPOCH);
    let show = |f: Finding| format!("{} {} {}: {}", f.place.unwrap(), f.severity, f.rule, f.text);
    findings.into_iter().map(show).collect::<Vec<_>>().join("\n")
}

/// What is found wrong with the objects of `objects/a.rpsl`.
fn check_objects(text: &str, expected: &str) {
    assert_eq!(shown(&estate(&[("objects/a.rpsl", text)])), expected);
}

fn inet6num(prefix: &str, rest: &str) -> String {
    format!(
        "inet6num: {prefix}\nnetname: HOBBY\ncountry: NL\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\n{rest}\nmnt-by: HOBBY-MNT\nsource: RIPE\n"
    )
}

fn as_set(name: &str, rest: &str) -> String {
    format!("as-set: {name}\n{rest}tech-c: HP1-RIPE\nadmin-c: HP1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n")
}

#[test]
fn the_repositorys_own_estate_is_clean() {
    let (estate, findings) = crate::estate::load(
        Path::new(env!("CARGO_MANIFEST_DIR")),
        None,
        &crate::user::Configuration::default(),
    );
    assert_eq!(findings, []);
    assert_eq!(shown(&estate.unwrap()), "");
}

#[test]
fn structure_and_syntax_at_their_lines() {
    check_objects(
        "# ours\n\nas-set: AS205398:AS-HOBBY\nmemebers: AS205398\nmembers: not a member\ntech-c: HP1-RIPE\nadmin-c: HP1-RIPE\nsource: RIPE\n",
        "objects/a.rpsl:3 error structure-missing: Mandatory attribute \"mnt-by\" is missing\n\
         objects/a.rpsl:4 error structure-unknown: \"memebers\" is not a known RPSL attribute\n\
         objects/a.rpsl:5 error syntax: Syntax error in not a member",
    );
}

#[test]
fn a_slip_in_the_text_hides_nothing_else() {
    let text = as_set("AS-HOBBY", "memebers: AS1\n").replace("mnt-by: HOBBY-MNT\n", "");
    check_objects(
        &text,
        "objects/a.rpsl:1 error structure-missing: Mandatory attribute \"mnt-by\" is missing\n\
         objects/a.rpsl:2 error structure-unknown: \"memebers\" is not a known RPSL attribute\n\
         objects/a.rpsl:1 error as-set-hierarchical: Cannot create AS-SET object with a short format name. Only hierarchical AS-SET creation is allowed, i.e. at least one ASN must be referenced",
    );
    check_objects(
        &inet6num("2a0f:85c1:261::/48", "status: ASSIGNED").replace("country: NL", "country: NLD"),
        "objects/a.rpsl:3 error syntax: Syntax error in NLD",
    );
}

#[test]
fn characters_that_would_be_lost() {
    check_objects(
        &as_set("AS205398:AS-HOBBY", "descr: caf\u{e9}\nremarks: \u{1f600}\n"),
        "objects/a.rpsl:3 warning characters-lossy: Attribute \"remarks:\" has been converted to \"?\"",
    );
}

#[test]
fn what_stands_below_an_assignment() {
    let parent = inet6num("2a0f:85c1:260::/44", "status: ASSIGNED");
    check_objects(
        &format!("{parent}\n{}", inet6num("2a0f:85c1:261::/48", "status: ASSIGNED")),
        "objects/a.rpsl:15 error inet6num-status-hierarchy: inet6num parent has incorrect status: ASSIGNED",
    );
    let parent = inet6num("2a0f:85c1:260::/44", "status: ALLOCATED-BY-LIR");
    check_objects(&format!("{parent}\n{}", inet6num("2a0f:85c1:261::/48", "status: ASSIGNED")), "");
}

#[test]
fn attributes_that_an_assignment_cannot_have() {
    check_objects(
        &inet6num("2a0f:85c1:261::/48", "status: ASSIGNED\nmnt-lower: HOBBY-MNT"),
        "objects/a.rpsl:7 error mnt-lower-on-assignment: \"mnt-lower:\" attribute not allowed for resources with \"ASSIGNED:\" status",
    );
    check_objects(
        &inet6num(
            "2a0f:85c1:261::/48",
            "status: ASSIGNED\nremarks: geofeed: https://geo.ripe.net/g.csv\ngeofeed: https://geo.ripe.net/g.csv",
        ),
        "objects/a.rpsl:8 error geofeed-twice: Only one between the \"geofeed:\" and \"remark: geofeed:\" attributes is allowed.",
    );
}

#[test]
fn names_that_a_new_object_cannot_have() {
    check_objects(
        &as_set("AS-HOBBY", ""),
        "objects/a.rpsl:1 error as-set-hierarchical: Cannot create AS-SET object with a short format name. Only hierarchical AS-SET creation is allowed, i.e. at least one ASN must be referenced",
    );
    // It was registered when it still could be.
    check_objects(&as_set("AS-HOBBY", "created: 2012-01-01T00:00:00Z\n"), "");
    check_objects(
        "person: A B\nnic-hdl: AS-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\naddress: x\nphone: +31 20 5550100\ne-mail: a@b.example\n",
        "objects/a.rpsl:1 error reserved-word: Names starting with 'as-' are reserved for 'as-set'.",
    );
}

#[test]
fn what_the_registry_made_is_not_taken_for_new() {
    check_objects(
        "aut-num: AS205398\nas-name: HOBBY-AS\norg: ORG-HOBY1-RIPE\nsponsoring-org: ORG-SPON1-RIPE\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\nstatus: ASSIGNED\nmnt-by: RIPE-NCC-END-MNT\nmnt-by: HOBBY-MNT\nsource: RIPE\n",
        "",
    );
}

#[test]
fn a_contact_for_abuse_has_a_mailbox() {
    let role =
        "role: NOC\naddress: x\ne-mail: a@b.example\nnic-hdl: HN1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    let organisation = "organisation: ORG-HB1-RIPE\norg-name: H\norg-type: OTHER\naddress: x\ncountry: NL\ne-mail: a@b.example\nabuse-c: HN1-RIPE\nmnt-ref: HOBBY-MNT\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    check_objects(
        &format!("{role}\n{organisation}"),
        "objects/a.rpsl:14 error abuse-c-role: The \"abuse-c\" ROLE object 'HN1-RIPE' has no \"abuse-mailbox:\"\nAdd \"abuse-mailbox:\" to the ROLE object, then update the ORGANISATION object",
    );
}

#[test]
fn a_new_object_is_known_by_its_placeholder_and_may_be_named_by_it() {
    let person = "person: Harriet Pace\naddress: x\nphone: +31 20 5550100\ne-mail: a@b.example\nnic-hdl: AUTO-1\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    check_objects(
        &format!("{}\n{person}", as_set("AS205398:AS-HOBBY", "").replace("HP1-RIPE", "AUTO-1")),
        "",
    );
    check_objects(
        &as_set("AS205398:AS-HOBBY", "").replace("tech-c: HP1-RIPE", "tech-c: AUTO-7"),
        "objects/a.rpsl:2 error key-automatic-unknown: Reference \"AUTO-7\" not found",
    );
}

#[test]
fn zones_of_one_line_cannot_stand_together() {
    let zone = |name: &str| {
        format!(
            "domain: {name}\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\nzone-c: HP1-RIPE\nnserver: ns1.hobby.example\nnserver: ns2.hobby.example\nmnt-by: HOBBY-MNT\nsource: RIPE\n"
        )
    };
    check_objects(
        &format!("{}\n{}", zone("6.2.0.1.c.5.8.f.0.a.2.ip6.arpa"), zone("1.6.2.0.1.c.5.8.f.0.a.2.ip6.arpa")),
        "objects/a.rpsl:10 error domain-hierarchy: Existing less specific domain object found 2a0f:85c1:260::/44",
    );
}

#[test]
fn what_was_read_from_the_registry_is_not_new_and_says_when_it_was_made() {
    let times = "created: 2012-01-01T00:00:00Z\nlast-modified: 2020-01-01T00:00:00Z\n";
    check_objects(&as_set("AS205398:AS-HOBBY", times), "");
}

#[test]
fn a_fault_in_a_template_is_told_once() {
    let config = "[[allocation]]\nprefix = \"2a0f:85c1:260::/44\"\nsplit = 48\ntemplates = { inet6num = \"block\" }\n\
                  [allocation.blocks]\na = { index = 0 }\nb = { index = 1 }\n";
    let template = inet6num("{{ prefix }}", "status: ASSIGNED\nmnt-lower: HOBBY-MNT");
    let files = [("ripectl.toml", &*format!("{CONFIG}{config}")), ("templates/block.rpsl", &*template)];
    assert_eq!(
        shown(&estate(&files)),
        "templates/block.rpsl:7 (block a, block b) error mnt-lower-on-assignment: \
         \"mnt-lower:\" attribute not allowed for resources with \"ASSIGNED:\" status",
    );
}

#[test]
fn of_a_shared_object_what_is_ours_is_judged() {
    let shared =
        |key: &str, ours: &str| format!("{CONFIG}[[shared]]\nkey = \"{key}\"\nattributes = [{ours}]\n");
    let check = |config: &str, text: &str, expected: &str| {
        assert_eq!(shown(&estate(&[("ripectl.toml", config), ("objects/a.rpsl", text)])), expected);
    };
    let key = "inet6num/2001:db8::/48";
    let part = "inet6num: 2001:db8::/48\n";
    check(&shared(key, "\"descr\""), &format!("{part}descr: ours\nsource: RIPE\n"), "");
    check(
        &shared(key, "\"country\", \"netname\""),
        &format!("{part}country: N1\nmemo: x\nsource: RIPE\n"),
        "objects/a.rpsl:1 error structure-missing: Mandatory attribute \"netname\" is missing\n\
         objects/a.rpsl:3 error structure-unknown: \"memo\" is not a known RPSL attribute\n\
         objects/a.rpsl:2 error syntax: Syntax error in N1",
    );
    // What stands below it is not taken for an orphan, nor for a child of what is above.
    let below = inet6num("2001:db8:0:1::/64", "status: ASSIGNED");
    let above = inet6num("2001:db8::/32", "status: ASSIGNED");
    let middle = format!("{above}\n{part}descr: ours\n\n{below}");
    check(&shared(key, "\"descr\""), &middle, "");
    check(
        CONFIG,
        &format!("{above}\n{below}"),
        "objects/a.rpsl:15 error inet6num-status-hierarchy: inet6num parent has incorrect status: ASSIGNED",
    );
}

#[test]
fn a_hundred_assignments_that_say_the_same_could_be_one() {
    let assignment = |index: u32, country: &str| {
        let object = inet6num(&format!("2001:db8:{index:x}::/48"), "status: ASSIGNED");
        object.replace("HOBBY\n", &format!("CUST-{index}\n")).replace(": NL", &format!(": {country}"))
    };
    let above = |status: &str| inet6num("2001:db8::/32", &format!("status: {status}"));
    let told = |count: u32, other: &str, status: &str| {
        let texts = (0x100..0x100 + count).map(|index| assignment(index, "NL"));
        let text: Vec<String> = [above(status), assignment(0x200, other)].into_iter().chain(texts).collect();
        let findings = shown(&estate(&[("objects/a.rpsl", &text.join("\n"))]));
        findings.split_once("info aggregation: ").map(|(_, told)| told.to_owned())
    };
    let object = "inet6num:       2001:db8:100::/41\nnetname:        CUST\ncountry:        NL\nadmin-c:        HP1-RIPE\n\
                  tech-c:         HP1-RIPE\nstatus:         AGGREGATED-BY-LIR\nassignment-size:48\n\
                  mnt-by:         HOBBY-MNT\nsource:         RIPE";
    let expected = format!(
        "100 assignments in 2001:db8:100::/41 say the same, of a /48 each: one inet6num with the status \
         AGGREGATED-BY-LIR could stand for them\n{object}"
    );
    assert_eq!(told(100, "DE", "ALLOCATED-BY-LIR").as_deref(), Some(expected.as_str()));
    assert_eq!(told(99, "DE", "ALLOCATED-BY-LIR"), None);
    assert_eq!(told(100, "DE", "AGGREGATED-BY-LIR\nassignment-size: 48"), None);
    let wider = told(100, "NL", "ALLOCATED-BY-LIR").unwrap();
    assert!(wider.starts_with("101 assignments in 2001:db8::/38 say the same"), "{wider}");
}

#[test]
fn assignments_of_ipv4_could_be_one_too() {
    let inetnum = |range: &str, status: &str| {
        let object = inet6num("::/0", &format!("status: {status}"));
        object.replacen("inet6num: ::/0", &format!("inetnum: {range}"), 1)
    };
    let parts =
        (0..128).map(|at| inetnum(&format!("192.0.2.{} - 192.0.2.{}", at * 2, at * 2 + 1), "ASSIGNED PA"));
    let above = inetnum("192.0.0.0 - 192.0.3.255", "ALLOCATED PA");
    let text: Vec<String> = std::iter::once(above).chain(parts).collect();
    let told = shown(&estate(&[("objects/a.rpsl", &text.join("\n"))]));
    let part = "128 assignments in 192.0.2.0/24 say the same, of a /31 each: one inetnum with the status AGGREGATED-BY-LIR \
                could stand for them\ninetnum:        192.0.2.0 - 192.0.2.255\nnetname:        HOBBY\n";
    assert!(told.contains(part), "{told}");
}

#[test]
fn space_of_a_customer_is_not_aggregated_over() {
    let parts = (0x100..0x200).filter(|index| *index != 0x140);
    let parts = parts.map(|index| inet6num(&format!("2001:db8:{index:x}::/48"), "status: ASSIGNED"));
    let above = inet6num("2001:db8::/32", "status: ALLOCATED-BY-LIR");
    let text: Vec<String> = std::iter::once(above).chain(parts).collect();
    let of = |more: &str| {
        let config = format!("{CONFIG}{more}");
        shown(&estate(&[("ripectl.toml", &config), ("objects/a.rpsl", &text.join("\n"))]))
    };
    assert!(of("").contains("255 assignments in 2001:db8:100::/40 say the same"), "{}", of(""));
    let apart = of("[[allocation]]\nprefix = \"2001:db8:140::/48\"\n");
    assert!(apart.contains("128 assignments in 2001:db8:180::/41") && !apart.contains("::/40"), "{apart}");
}
