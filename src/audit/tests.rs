//! What is registered, what the estate has of it, and what is found.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Arc,
};

use super::*;
use crate::{
    estate::Estate,
    finding::{Severity, Source},
    registered::{Inventory, Registered},
    rpsl::Object,
};

const CONFIG: &str =
    "format = 1\n[manage]\nmaintainers = [\"A-MNT\"]\n[[allocation]]\nprefix = \"2a0f:85c1:260::/44\"\n";

/// What is registered and in order: an allocation with an assignment, its route and its zone.
const WORLD: &str = "\
mntner: A-MNT\nadmin-c: A1-RIPE\nauth: SSO a@a.net\nmnt-by: A-MNT\nupd-to: a@a.net\nsource: RIPE\n
role: A\naddress: Street 1\nphone: +31 20 5550100\ne-mail: noc@a.net\nnic-hdl: A1-RIPE\nabuse-mailbox: abuse@a.net\nmnt-by: A-MNT\nsource: RIPE\n
organisation: ORG-A1-RIPE\norg-name: A\norg-type: LIR\naddress: Street 1\nphone: +31 20 5550100\ne-mail: noc@a.net\nabuse-c: A1-RIPE\nmnt-ref: A-MNT\nmnt-by: A-MNT\nsource: RIPE\n
inet6num: 2a0f:85c1:260::/44\nnetname: A\ncountry: NL\norg: ORG-A1-RIPE\nadmin-c: A1-RIPE\ntech-c: A1-RIPE\nstatus: ALLOCATED-BY-RIR\nmnt-by: A-MNT\nsource: RIPE\n
inet6num: 2a0f:85c1:261::/48\nnetname: B\ncountry: NL\nadmin-c: A1-RIPE\ntech-c: A1-RIPE\nstatus: ASSIGNED\nmnt-by: A-MNT\nsource: RIPE\n
route6: 2a0f:85c1:261::/48\norigin: AS205398\nmnt-by: A-MNT\nsource: RIPE\n
route6: 2a0f:85c1:260::/44\norigin: AS205398\nmnt-by: A-MNT\nsource: RIPE\n
domain: 1.6.2.0.1.c.5.8.f.0.a.2.ip6.arpa\nadmin-c: A1-RIPE\ntech-c: A1-RIPE\nzone-c: A1-RIPE\nnserver: ns1.a.net\nnserver: ns2.a.net\nmnt-by: A-MNT\nsource: RIPE\n";

fn objects(text: &str) -> Vec<Object> {
    text.split("\n\n")
        .filter(|text| !text.trim().is_empty())
        .map(|text| Object::parse(text.trim_start()).unwrap())
        .collect()
}

/// An estate in which all of [`WORLD`] is declared.
fn estate() -> Estate {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("ripectl.toml"), CONFIG).unwrap();
    fs::create_dir(root.path().join("objects")).unwrap();
    fs::write(root.path().join("objects/all.rpsl"), WORLD).unwrap();
    let (estate, findings) = crate::estate::load(root.path(), None, &crate::user::Configuration::default());
    assert!(estate.is_some(), "{findings:#?}");
    estate.unwrap()
}

/// Runs `judge` over what is registered.
fn looked<T>(registered: &str, delegated: Option<&Delegated>, judge: impl FnOnce(&Look) -> T) -> T {
    let estate = estate();
    let world = Registered::whole(Inventory::of(objects(registered)));
    let declared: BTreeMap<_, _> = estate.declared.iter().map(|each| (each.object.key(), each)).collect();
    judge(&Look { estate: &estate, declared: &declared, world: &world, unread: &BTreeSet::new(), delegated })
}

/// The findings as `rule: the first line of the text`.
fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|found| format!("{}: {}", found.rule, found.text.lines().next().unwrap())).collect()
}

/// What is found if `from` is registered as `to`.
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(WORLD.contains(from), "{from}");
    let audit = looked(&WORLD.replace(from, to), None, |look| arc(look).unwrap());
    assert_eq!(told(&audit.findings), expected, "{from} → {to}");
}

#[test]
fn what_is_in_order_is_no_finding() {
    check("Street 1", "Street 2", &[]);
    let audit = looked(WORLD, None, |look| arc(look).unwrap());
    assert_eq!((audit.objects, audit.notes.len()), (8, 0), "{:?}", audit.notes);
    let [share] = audit.shares.as_slice() else { panic!("{:?}", audit.shares) };
    assert_eq!(
        (share.assignments, share.permille, share.status.as_deref()),
        (1, 62, Some("ALLOCATED-BY-RIR"))
    );
}

#[test]
fn abuse_contacts_lead_to_a_mailbox() {
    check(
        "abuse-c: A1-RIPE\n",
        "",
        &["arc-abuse-contact: organisation/ORG-A1-RIPE has no `abuse-c`: nobody can be told of abuse"],
    );
    check(
        "abuse-c: A1-RIPE",
        "abuse-c: B1-RIPE",
        &["arc-abuse-contact: organisation/ORG-A1-RIPE has `abuse-c` B1-RIPE, and there is no such role"],
    );
    check(
        "abuse-mailbox: abuse@a.net\n",
        "",
        &[
            "arc-abuse-contact: role A1-RIPE, the `abuse-c` of organisation/ORG-A1-RIPE, has no `abuse-mailbox`",
        ],
    );
}

#[test]
fn contact_data_is_complete_and_real() {
    let role = "address: Street 1\nphone: +31 20 5550100\ne-mail: noc@a.net\nnic-hdl";
    check(
        role,
        "address: Street 1\ne-mail: noc@a.net\nnic-hdl",
        &["arc-contact-data: role/A1-RIPE has no `phone`"],
    );
    check(
        role,
        "phone: +31 20 5550100\ne-mail: noc@a.net\nnic-hdl",
        &["arc-contact-data: role/A1-RIPE has no `address`"],
    );
    check(
        role,
        "address: changeme\nphone: +31 20 5550100\ne-mail: noc@example.com\nnic-hdl",
        &[
            "arc-contact-data: role/A1-RIPE has `address: changeme`, which reaches nobody",
            "arc-contact-data: role/A1-RIPE has `e-mail: noc@example.com`, which reaches nobody",
        ],
    );
    let weight = |from: &str| {
        let audit = looked(&WORLD.replacen(from, "", 1), None, |look| arc(look).unwrap());
        audit.findings.iter().map(|found| found.severity).collect::<Vec<_>>()
    };
    assert_eq!(weight("address: Street 1\n"), [Severity::Warning]);
    assert_eq!(weight("phone: +31 20 5550100\n"), [Severity::Info], "it has an e-mail address");
    assert_eq!(weight("phone: +31 20 5550100\ne-mail: noc@a.net\n"), [Severity::Error, Severity::Error]);
}

#[test]
fn references_and_holders_are_registered() {
    check(
        "netname: B\ncountry: NL\nadmin-c: A1-RIPE",
        "netname: B\ncountry: NL\nadmin-c: GONE1-RIPE",
        &["arc-reference: inet6num/2a0f:85c1:261::/48 has `admin-c` GONE1-RIPE, which is not registered"],
    );
    check(
        "country: NL\norg: ORG-A1-RIPE\n",
        "country: NL\n",
        &["arc-holder: inet6num/2a0f:85c1:260::/44 has no `org`: nobody is its holder"],
    );
}

#[test]
fn what_is_used_is_assigned_once() {
    check(
        "status: ASSIGNED\n",
        "status: ALLOCATED-BY-LIR\n",
        &[
            "arc-holder: inet6num/2a0f:85c1:261::/48 has no `org`: nobody is its holder",
            "arc-unassigned: route6/2a0f:85c1:261::/48AS205398 uses 2a0f:85c1:261::/48, which no assignment covers",
            "arc-unassigned: domain/1.6.2.0.1.c.5.8.f.0.a.2.ip6.arpa uses 2a0f:85c1:261::/48, which no assignment covers",
        ],
    );
}

#[test]
fn an_assignment_in_an_assignment_is_told() {
    let inner = |status: &str, outer: &str| {
        let more = format!(
            "\ninet6num: 2a0f:85c1:261:1::/64\nnetname: C\ncountry: NL\nadmin-c: A1-RIPE\ntech-c: A1-RIPE\nstatus: {status}\nmnt-by: A-MNT\nsource: RIPE\n"
        );
        let world = WORLD.replace("status: ASSIGNED\n", &format!("status: {outer}\n")) + &more;
        told(&looked(&world, None, |look| arc(look).unwrap()).findings)
    };
    let expected = "arc-overlap: inet6num/2a0f:85c1:261:1::/64 (ASSIGNED) lies in inet6num/2a0f:85c1:261::/48 (ASSIGNED), which leaves nothing to assign";
    assert_eq!(inner("ASSIGNED", "ASSIGNED"), [expected]);
    assert_eq!(inner("ASSIGNED", "AGGREGATED-BY-LIR"), [""; 0]);
}

#[test]
fn what_is_not_known_is_asked_for() {
    let estate = estate();
    let declared: BTreeMap<_, _> = estate.declared.iter().map(|each| (each.object.key(), each)).collect();
    let world = Registered::default();
    let look = Look {
        estate: &estate,
        declared: &declared,
        world: &world,
        unread: &BTreeSet::new(),
        delegated: None,
    };
    let open = arc(&look).unwrap_err();
    assert!(open.iter().any(|query| matches!(query, Query::Within(..))), "{open:?}");
    // What may not be asked is said.
    let audit = arc(&Look { unread: &open, ..look }).unwrap();
    assert!(
        audit.notes.iter().any(|note| note.starts_with("declared and not registered")),
        "{:?}",
        audit.notes
    );
}

#[test]
fn what_was_delegated_is_what_is_known() {
    let judged = |records: &str| {
        let text = format!("2|ripencc|20261126|1|19830705|20261125|+0100\n{records}");
        let delegated = Delegated::parse(&Arc::new(Source::new("d.txt", text))).unwrap();
        looked(WORLD, Some(&delegated), |look| arc(look).unwrap())
    };
    let own = "ripencc|NL|ipv6|2a0f:85c0::|29|20200101|allocated|a\n";
    let audit = judged(own);
    assert_eq!(told(&audit.findings), [""; 0]);
    assert_eq!(audit.notes, ["d.txt: 1 resource looked for"]);
    assert_eq!(
        told(&judged("ripencc||ipv6|2a0f:85c0::|29||reserved|\n").findings),
        [
            "arc-delegated: inet6num/2a0f:85c1:260::/44 is registered, and d.txt has 2a0f:85c1:260::/44 as reserved"
        ]
    );
    assert_eq!(
        told(&judged("ripencc|NL|ipv6|2a10::|29|20200101|allocated|a\n").findings),
        [
            "arc-delegated: inet6num/2a0f:85c1:260::/44 is registered, and d.txt has 2a0f:85c1:260::/44 in no line"
        ]
    );
    let more = format!(
        "{own}ripencc|NL|ipv4|192.0.2.0|256|20200101|assigned|a\nripencc|NL|asn|64500|1|20200101|assigned|a\n"
    );
    let audit = judged(&more);
    assert_eq!(
        told(&audit.findings),
        [
            "arc-unknown-resource: 192.0.2.0/24 is delegated to the holder of the estate's resources, and no file knows it",
            "arc-unknown-resource: AS64500 is delegated to the holder of the estate's resources, and no file knows it",
        ]
    );
    assert_eq!(audit.findings[0].place.as_ref().unwrap().to_string(), "d.txt:3");
}

/// A zone of two servers, of which `edit` changes what they say.
fn heard(edit: impl FnOnce(&mut Vec<Asked>)) -> Vec<String> {
    let reply = Reply {
        is_authoritative: true,
        code: "NOERROR".to_owned(),
        has_edns: true,
        serial: Some(7),
        servers: ["ns1.a.net", "ns2.a.net"].map(str::to_owned).into(),
        keys: Vec::new(),
    };
    let asked = |server: &str, address: &str| Asked {
        server: server.to_owned(),
        address: address.parse().unwrap(),
        udp: Heard::Reply(reply.clone()),
        tcp: Heard::Reply(reply.clone()),
        servers: Heard::Reply(reply.clone()),
        keys: None,
    };
    let mut asked = vec![asked("ns1.a.net", "192.0.2.1:53"), asked("ns2.a.net", "192.0.2.2:53")];
    edit(&mut asked);
    looked(WORLD, None, |look| {
        let zones = zones(look);
        assert_eq!(zones.len(), 1);
        let seen = Seen { asked, ..Seen::default() };
        told(&judge_zones(look, [(&zones[0], &seen)]))
    })
}

fn said(heard: &mut Heard) -> &mut Reply {
    match heard {
        Heard::Reply(reply) => reply,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_fault_of_a_name_server_has_its_name() {
    const ZONE: &str = "1.6.2.0.1.c.5.8.f.0.a.2.ip6.arpa";
    let nothing = || Heard::Nothing("no answer".to_owned());
    assert_eq!(heard(|_| ()), [""; 0]);
    assert_eq!(
        heard(|all| all[0].tcp = nothing()),
        [format!("dns-tcp: ns1.a.net (192.0.2.1) does not answer for {ZONE} over TCP: no answer")]
    );
    assert_eq!(
        heard(|all| all[0].udp = nothing()),
        [format!("dns-udp: ns1.a.net (192.0.2.1) does not answer for {ZONE} over UDP: no answer")]
    );
    let dead = heard(|all| {
        (all[1].udp, all[1].tcp, all[1].servers) = (nothing(), nothing(), nothing());
    });
    assert_eq!(dead, [format!("dns-dead: ns2.a.net (192.0.2.2) does not answer for {ZONE}")]);
    let lame = heard(|all| {
        let Asked { udp, tcp, servers, .. } = &mut all[0];
        for heard in [udp, tcp, servers] {
            said(heard).is_authoritative = false;
        }
    });
    assert_eq!(
        lame,
        [format!(
            "dns-lame: ns1.a.net (192.0.2.1) is no server of {ZONE}: its answer is not authoritative (no AA)"
        )]
    );
    let refused = heard(|all| {
        let Asked { udp, tcp, servers, .. } = &mut all[0];
        for heard in [udp, tcp, servers] {
            said(heard).code = "REFUSED".to_owned();
        }
    });
    assert_eq!(refused, [format!("dns-lame: ns1.a.net (192.0.2.1) is no server of {ZONE}: it says REFUSED")]);
    assert_eq!(
        heard(|all| said(&mut all[0].udp).has_edns = false),
        ["dns-edns: ns1.a.net (192.0.2.1) answers without EDNS: no OPT record comes back"]
    );
    assert_eq!(
        heard(|all| said(&mut all[0].udp).serial = Some(8)),
        [format!("dns-serial: the servers of {ZONE} have different versions of it (SOA serial)")]
    );
    assert_eq!(
        heard(|all| drop(said(&mut all[1].servers).servers.pop_first())),
        [format!("dns-servers: ns2.a.net (192.0.2.2) for {ZONE}: NS ns2.a.net")]
    );
    assert_eq!(
        heard(|all| all[0].udp = Heard::Unasked("no network".to_owned())),
        [""; 0],
        "it is nobody's fault"
    );
}
