//! Objects of every class that a user may have, written as nobody would: odd spacing, comments, continuation lines, comma
//! lists, unusual orders, several maintainers.

use std::fmt::Write;

/// How many classes are among them, with those of the base.
pub const CLASSES: usize = 17;

/// Numbers that are the same for the same seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

/// `count` objects of each of the kinds, as text that a registry is filled with.
pub fn objects(seed: u64, count: usize) -> String {
    let mut numbers = Numbers(seed);
    let mut text = String::new();
    for n in 0..count {
        for (first, lines) in kinds(n) {
            object(&mut text, &first, lines, &mut numbers);
        }
    }
    text
}

/// An object: its first line, the others in any order, and what is odd about them.
fn object(text: &mut String, first: &str, mut lines: Vec<String>, numbers: &mut Numbers) {
    lines.push(
        numbers
            .of(&[
                "mnt-by: HOBBY-MNT",
                "mnt-by:HOBBY-MNT, SPONSOR-MNT",
                "mnt-by:\tsponsor-mnt\nmnt-by: HOBBY-MNT # ours",
            ])
            .to_owned(),
    );
    for _ in 0..numbers.below(3) {
        lines.push(
            numbers
                .of(&[
                    "remarks:",
                    "remarks:   two  blanks",
                    "remarks: a\n+\n  b # of c",
                    "remarks: line\n\tgoes on",
                    "remarks: {{ not a variable }}",
                    "remarks: caf\u{e9} \u{fc}ber",
                    "notify: a@hobby.example # comment",
                ])
                .to_owned(),
        );
    }
    for at in (1..lines.len()).rev() {
        lines.swap(at, numbers.below(at + 1));
    }
    let _ = writeln!(text, "{first}");
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
    let dates = "created: 2020-01-01T00:00:00Z\nlast-modified: 2024-06-03T08:00:00Z";
    let _ = writeln!(text, "{dates}\nsource: RIPE\n");
}

type Kind = (String, Vec<String>);

fn kinds(n: usize) -> Vec<Kind> {
    let kind = |first: String, lines: &[&str]| (first, lines.iter().map(|line| (*line).to_owned()).collect());
    let own = |first: String, lines: &[&str], more: String| {
        let (first, mut lines): Kind = kind(first, lines);
        lines.push(more);
        (first, lines)
    };
    let contacts = ["admin-c: HP1-RIPE", "tech-c:HP1-RIPE", "tech-c: HP1-RIPE # again"];
    let block = format!("2a0f:85c1:1{n:03x}::/48");
    let range = format!("10.{}.{}", n / 250, n % 250);
    let contacts_and = |more: &[&'static str]| [&contacts[..], more].concat();
    vec![
        own(
            format!("person: Odd One{}", letters(n)),
            &["address: Street 1\n  Town", "phone: +31 20 1", "e-mail: a@hobby.example"],
            format!("nic-hdl: OD{}-RIPE", n + 1),
        ),
        own(
            format!("role: Odd {}", letters(n)),
            &[
                "address: Street, with comma",
                "e-mail: r@hobby.example",
                "abuse-mailbox: abuse@hobby.example",
                "admin-c: HP1-RIPE",
            ],
            format!("nic-hdl: OR{}-RIPE", n + 1),
        ),
        kind(
            format!("mntner: ODD{n}-MNT"),
            &[
                "admin-c: HP1-RIPE",
                "upd-to: a@hobby.example",
                "auth: SSO hobby@hobby.example # me",
                "auth: PGPKEY-AAAAAAAA",
            ],
        ),
        kind(
            format!("irt: IRT-ODD{n}"),
            &[
                "address: Street",
                "e-mail: i@hobby.example",
                "admin-c: HP1-RIPE",
                "tech-c: HP1-RIPE",
                "auth: SSO hobby@hobby.example",
            ],
        ),
        kind(
            format!("organisation: ORG-OD{}-RIPE", n + 1),
            &[
                "org-name: Odd",
                "org-type: OTHER",
                "address: Street",
                "country: NL",
                "e-mail: o@hobby.example",
                "mnt-ref: HOBBY-MNT",
                "admin-c: HP1-RIPE",
                "abuse-c: HN1-RIPE",
            ],
        ),
        kind(
            format!("as-set: AS205398:AS-ODD{n}"),
            &contacts_and(&["members: AS1, AS2,AS3", "members:AS205398:AS-X # those", "mbrs-by-ref: ANY"]),
        ),
        kind(
            format!("route-set: AS205398:RS-ODD{n}"),
            &contacts_and(&["members: 192.0.2.0/24^+, 198.51.100.0/24", "mp-members: 2001:DB8::/32"]),
        ),
        kind(
            format!("filter-set: AS205398:FLTR-ODD{n}"),
            &contacts_and(&["filter: { 192.0.2.0/24^+ } AND\n  NOT AS1"]),
        ),
        kind(format!("peering-set: AS205398:PRNG-ODD{n}"), &contacts_and(&["peering: AS1 at 192.0.2.1"])),
        kind(format!("rtr-set: AS205398:RTRS-ODD{n}"), &contacts_and(&["members: rtr.hobby.example"])),
        kind(
            format!("inet-rtr: odd{n}.hobby.example"),
            &contacts_and(&["local-as: AS205398", "ifaddr: 192.0.2.1 masklen 24"]),
        ),
        kind(
            format!("inet6num: {block}"),
            &contacts_and(&[
                "netname: ODD",
                "country: NL",
                "country: DE # too",
                "descr: a\n+\n b",
                "status: ASSIGNED",
            ]),
        ),
        kind(
            format!("inetnum: {range}.0 - {range}.{}", 7 + n % 200),
            &contacts_and(&["netname: odd", "country: NL", "status: ASSIGNED PA", "org: ORG-HOBY1-RIPE"]),
        ),
        kind(format!("route6: {block}"), &["origin: AS205398", "descr: x", "ping-hdl: HP1-RIPE"]),
        kind(format!("route: {range}.0/24"), &["origin: AS205398 # ours"]),
        own(
            format!("domain: {}", zone(n)),
            &["admin-c: HP1-RIPE", "tech-c: HP1-RIPE", "zone-c: HP1-RIPE", "nserver: NS1.hobby.example"],
            "nserver: ns2.hobby.example".to_owned(),
        ),
    ]
}

fn zone(n: usize) -> String {
    format!("{}.{}.{}.1.1.c.5.8.f.0.a.2.ip6.arpa", n % 16, n / 16 % 16, n / 256)
}

/// A number in letters: persons have no digits in their names.
fn letters(mut n: usize) -> String {
    let mut text = String::new();
    loop {
        text.push(char::from(b'a' + u8::try_from(n % 26).unwrap()));
        n /= 26;
        if n == 0 {
            return text;
        }
    }
}
