//! `ripectl audit --arc`: against the sandbox, a file of delegations, and name servers on loopback with every fault.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;
#[path = "common/nameserver.rs"]
mod nameserver;

use std::{
    fs,
    io::Write,
    net::SocketAddr,
    time::{Duration, Instant},
};

use common::Estate;
use nameserver::{Behaviour, start};
use ripectl::{
    audit::{Server, Zone},
    dns::{self, Bounds, Reach, Resolve},
    rpsl::{Class, Key},
};
use serde_json::Value;

const SERVERS: [&str; 2] = ["ns1.hobby.example", "ns2.hobby.example"];
const ZONE: &str = "6.2.0.1.c.5.8.f.0.a.2.ip6.arpa";

/// The example network as it is when all is applied.
fn applied() -> Estate {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes --no-validate", 0, &[]);
    estate
}

/// The line that asks two name servers.
fn asking(servers: [SocketAddr; 2]) -> String {
    let [one, two] = servers;
    format!(
        "audit --arc --registry sandbox --dns --resolve ns1.hobby.example={one} --resolve ns2.hobby.example={two}"
    )
}

#[test]
fn what_is_registered_is_looked_at() {
    let estate = Estate::new();
    estate.check(
        "audit --arc --registry sandbox",
        1,
        &[
            "error[arc-abuse-contact]: organisation/ORG-HOBY1-RIPE has no `abuse-c`",
            "objects/contacts.rpsl:26",
            "`ripectl plan --only organisation/ORG-HOBY1-RIPE --registry sandbox`",
            "declared and not registered, so not looked at: 35 objects",
            "2a0f:85c1:260::/44  ALLOCATED-BY-LIR  0.0 %",
            "nobody asked the name servers; `ripectl audit --arc --dns --registry sandbox` does",
        ],
    );
    estate.check("apply --registry sandbox --yes --no-validate", 0, &[]);
    let said = estate.check(
        "audit --arc --registry sandbox",
        0,
        &["2a0f:85c1:260::/44  ALLOCATED-BY-LIR  100.0 %   16", "39 objects, no name server asked: 2 notes"],
    );
    assert!(!said.contains("error["), "{said}");
    // What is taken out of the files stays registered, and is said.
    estate.edit("ripectl.toml", "sjc = { index = 15, at = [\"sjc\"] }\n", "");
    estate.check(
        "audit --arc --registry sandbox",
        0,
        &["registered, ours and not declared: 2 objects (inet6num/2a0f:85c1:26f::/48, "],
    );
}

#[test]
fn what_is_used_and_not_assigned_is_told() {
    let estate = unassigned();
    estate.check(
        "audit --arc --registry sandbox",
        1,
        &[
            "warning[arc-unassigned]: route6/2a0f:85c1:260::/48AS205398 uses 2a0f:85c1:260::/48, which no assignment covers",
            "declare an inet6num with `status: ASSIGNED` for it (a block of the [[allocation]] at ripectl.toml:",
            "the same for 15 others: ",
            "16 warnings, 2 notes",
        ],
    );
}

#[test]
fn which_audit_is_to_be_said() {
    let estate = Estate::new();
    estate.check("audit", 2, &["which audit is meant?", "hint: `ripectl audit --arc` looks at"]);
    estate.check("audit --arc --resolve ns1=127.0.0.1:53", 2, &["--dns"]);
    estate.check("audit --arc --dns --resolve ns1", 2, &["`ns1` does not say where a name server is"]);
}

#[test]
fn what_was_delegated_is_held_against_the_files() {
    let estate = applied();
    let file = |records: &str| {
        let count = records.lines().count();
        fs::write(
            estate.path("d.txt"),
            format!("2|ripencc|20261126|{count}|19830705|20261125|+0100\n{records}"),
        )
        .unwrap();
    };
    let line = "audit --arc --registry sandbox --delegated d.txt";
    file(
        "ripencc|NL|ipv6|2a0f:85c0::|29|20190211|allocated|lir\nripencc|NL|asn|205398|1|20240603|assigned|hobby\n",
    );
    estate.check(line, 0, &["note: d.txt: 1 resource looked for"]);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(estate.read("d.txt").as_bytes()).unwrap();
    fs::write(estate.path("d.gz"), packed.finish().unwrap()).unwrap();
    estate.check(&line.replace("d.txt", "d.gz"), 0, &["note: d.gz: 1 resource looked for"]);
    file(
        "ripencc|NL|ipv6|2a0f:85c0::|29|20190211|reserved|\nripencc|NL|asn|205398|1|20240603|assigned|hobby\nripencc|NL|asn|205500|1|20240603|assigned|hobby\n",
    );
    estate.check(
        line,
        1,
        &[
            "error[arc-delegated]: 2a0f:85c1:260::/44 is an allocation of the estate, and d.txt has 2a0f:85c1:260::/44 as reserved",
            "error[arc-unknown-resource]: AS205500 is delegated to the holder of the estate's resources",
            "d.txt:4",
            "`ripectl import aut-num/AS205500 --registry sandbox`",
        ],
    );
    file("ripencc|NL|ipv6|2a0f:85c0|29|20190211|allocated|lir\n");
    estate.check(line, 2, &["d.txt:2: `2a0f:85c0` is no IPv6 address"]);
    fs::write(estate.path("d.txt"), "nothing\n").unwrap();
    estate.check(line, 2, &["d.txt:1 is no header"]);
    estate.check(
        "audit --arc --registry sandbox --delegated nowhere.txt",
        2,
        &["`nowhere.txt` cannot be read"],
    );
}

#[test]
fn name_servers_in_order_are_no_finding() {
    let estate = applied();
    let good = || start(Behaviour::good(&SERVERS));
    estate.check(
        &asking([good(), good()]),
        0,
        &[
            "1 reverse zone: name servers asked at 2 addresses",
            "39 objects, name servers at 2 addresses: 2 notes",
        ],
    );
}

/// What is said of the first of two servers that is not as the other.
fn check(estate: &Estate, edit: impl FnOnce(&mut Behaviour), parts: &[&str]) {
    let good = Behaviour::good(&SERVERS);
    let mut other = good.clone();
    edit(&mut other);
    let said = estate.check(&asking([start(other), start(good)]), 1, parts);
    let found = said.lines().filter(|line| line.starts_with("error[dns") || line.starts_with("warning[dns"));
    assert_eq!(found.count(), 1, "{said}");
}

#[test]
fn each_fault_of_a_name_server_is_found() {
    let estate = applied();
    let of_server = |rule: &str, text: &str| format!("{rule}: ns1.hobby.example (127.0.0.1) {text}");
    check(
        &estate,
        |server| (server.udp, server.tcp) = (false, false),
        &[
            &of_server("error[dns-dead]", &format!("does not answer for {ZONE}")),
            "connection refused",
            "templates/zone.rpsl:7",
        ],
    );
    check(
        &estate,
        |server| server.authoritative = false,
        &[&of_server(
            "error[dns-lame]",
            &format!("is no server of {ZONE}: its answer is not authoritative (no AA)"),
        )],
    );
    check(
        &estate,
        |server| server.code = 5,
        &[&of_server("error[dns-lame]", &format!("is no server of {ZONE}: it says REFUSED"))],
    );
    check(
        &estate,
        |server| server.tcp = false,
        &[&of_server("error[dns-tcp]", &format!("does not answer for {ZONE} over TCP: "))],
    );
    check(
        &estate,
        |server| server.udp = false,
        &[&of_server(
            "error[dns-udp]",
            &format!("does not answer for {ZONE} over UDP: no answer within 3 s"),
        )],
    );
    check(&estate, |server| server.edns = false, &[&of_server("warning[dns-edns]", "answers without EDNS")]);
    check(
        &estate,
        |server| server.serial = 70,
        &["warning[dns-serial]: ", "70: ns1.hobby.example (127.0.0.1)", "71: ns2.hobby.example (127.0.0.1)"],
    );
    check(
        &estate,
        |server| server.servers = vec!["NS1.hobby.example".to_owned(), "ns3.hobby.example".to_owned()],
        &[
            &of_server("error[dns-servers]", &format!("for {ZONE}: NS ns1.hobby.example, ns3.hobby.example")),
            "the object has nserver ns1.hobby.example, ns2.hobby.example",
        ],
    );
}

#[test]
fn a_signer_means_a_key_of_the_zone() {
    // The digest, SHA-256 of the zone's name on the wire and the key, was made by another program.
    let key = [&[1, 1, 3, 13][..], &[7; 64]].concat();
    let line = |digest: &str| format!("mnt-by:         HOBBY-MNT\nds-rdata:       {digest}\n");
    let estate = Estate::new();
    estate.edit(
        "templates/zone.rpsl",
        "mnt-by:         HOBBY-MNT\n",
        &line(&format!("1811 13 2 {}", "ab".repeat(32))),
    );
    estate.check("apply --registry sandbox --yes --no-validate", 0, &[]);
    let servers =
        || [(); 2].map(|()| start(Behaviour { keys: vec![key.clone()], ..Behaviour::good(&SERVERS) }));
    let said = estate.check(
        &asking(servers()),
        1,
        &[
            "error[dns-signer]: `ds-rdata` of domain/",
            "means no key of the zone: 1811",
            "the zone has the keys ",
        ],
    );
    assert!(said.contains(&format!("the zone has the keys {}", tag(&key))), "{said}");
}

/// The tag of a key (RFC 4034, appendix B).
fn tag(data: &[u8]) -> u32 {
    let sum: u32 =
        data.iter().enumerate().map(|(at, byte)| u32::from(*byte) << if at % 2 == 0 { 8 } else { 0 }).sum();
    (sum + (sum >> 16)) & 0xffff
}

#[test]
fn findings_have_all_their_forms() {
    let estate = Estate::new();
    let json = estate.run("audit --arc --registry sandbox --format json");
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&json["schema"], &json["dns"]["asked"]), (&"ripectl/audit/1".into(), &Value::Null));
    assert_eq!(json["findings"][0]["rule"], "arc-abuse-contact");
    estate.check(
        "audit --arc --registry sandbox --format github",
        1,
        &["::error file=objects/contacts.rpsl,line=26"],
    );
    estate.check("audit --arc --registry sandbox --format sarif", 1, &["\"ruleId\": \"arc-abuse-contact\""]);
    estate.check(
        "audit --arc --registry sandbox --format junit",
        1,
        &["<failure type=\"arc-abuse-contact\""],
    );
    estate.check(
        "audit --arc --registry sandbox --format markdown",
        1,
        &["**audit**: 4 objects, no name server asked, 1 error"],
    );
}

/// Files that make a block of routes without assignments.
fn unassigned() -> Estate {
    let estate = Estate::new();
    estate.edit("ripectl.toml", "inet6num = \"block\", ", "");
    fs::remove_file(estate.path("templates/block.rpsl")).unwrap();
    estate.edit("ripectl.toml", ", vars = { country = \"EU\" }", "");
    estate.check("apply --registry sandbox --yes --no-validate", 0, &[]);
    estate
}

#[test]
fn many_findings_are_cut_unless_all_is_to_be_shown() {
    let estate = unassigned();
    let count = |line: &str| estate.check(line, 1, &[]).matches("which no assignment covers").count();
    let (few, all) =
        (count("audit --arc --registry sandbox"), count("audit --arc --registry sandbox --verbose"));
    assert_eq!((few, all), (1, 16));
}

#[test]
fn what_reaches_nobody_is_shown_to_others_only_if_asked_for() {
    let estate = Estate::new();
    estate.edit(
        "objects/contacts.rpsl",
        "e-mail:         hobby@hobby.example",
        "e-mail:         hobby@hobby.invalid",
    );
    estate.check("apply --registry sandbox --yes --no-validate", 0, &[]);
    let line = "audit --arc --registry sandbox --format github";
    let masked = estate.check(line, 1, &["person/HP1-RIPE"]);
    assert!(!masked.contains("hobby@hobby.invalid"), "{masked}");
    estate.check(&format!("{line} --show-personal"), 1, &["hobby@hobby.invalid"]);
}

#[test]
fn who_was_not_asked_is_not_well() {
    let estate = applied();
    let one = start(Behaviour::good(&SERVERS));
    let line = format!("audit --arc --registry sandbox --dns --resolve ns1.hobby.example={one}");
    let not_asked = "note: not asked, ns2.hobby.example: a run against the sandbox contacts no other host";
    estate.check(&line, 2, &[not_asked, "name servers asked at 1 address"]);
    // An address that no network leads to is passed over, if the server was asked at another. The system refuses to send to
    // this one at all.
    let nowhere = "255.255.255.255";
    let line = format!("{} --resolve ns1.hobby.example={nowhere}:53", asking([one, one]));
    estate.check(
        &line,
        0,
        &[&format!("note: not asked, ns1.hobby.example ({nowhere}): "), "asked at 2 addresses"],
    );
}

#[tokio::test]
async fn the_time_for_all_has_an_end() {
    let silent = || start(Behaviour { udp: false, tcp: false, ..Behaviour::good(&SERVERS) });
    let server = |at: usize| Server { name: format!("ns{at}.hobby.example"), glue: Vec::new() };
    let sink = std::net::UdpSocket::bind("127.0.0.1:0").unwrap(); // nothing comes back, not even a refusal
    let resolve: Vec<Resolve> = (0..4)
        .map(|at| Resolve {
            name: server(at).name,
            address: if at == 0 { silent() } else { sink.local_addr().unwrap() },
        })
        .collect();
    let zone = Zone {
        key: Key::new(Class::Domain, ZONE),
        name: ZONE.to_owned(),
        servers: (0..4).map(server).collect(),
        signers: Vec::new(),
    };
    let bounds =
        Bounds { answer: Duration::from_millis(400), total: Duration::from_millis(600), parallel: 1 };
    let begun = Instant::now();
    let answers = dns::ask(&[zone], &resolve, Reach::Said, bounds).await;
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!((answers.seen[0].asked.len(), answers.too_late), (1, 3));
}
