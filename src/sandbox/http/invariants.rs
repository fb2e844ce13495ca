//! Whatever is asked of it, what is registered stays whole: random requests, good and bad, one after the other.
//!
//! After each one: every reference leads to an object, nothing changed but what the request named, a request that
//! was refused or rehearsed changed nothing, and the store holds what the memory holds.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr},
    path::Path,
};

use hyper::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use proptest::{
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde_json::json;

use super::{Server, call::Call, route};
use crate::{
    finding::Source,
    registered::Registered,
    rpsl::{Class, File, Key, Name, Object},
    sandbox::{
        accounts::Accounts,
        settings,
        state::World,
        store::{Content, Store},
    },
};

/// A registry, a holder of space (A), and somebody else (B).
const BASE: &str = "
mntner: A-MNT\nadmin-c: PA1-RIPE\nupd-to: a@a.example\nauth: SSO a@a.example\nmnt-by: A-MNT\nsource: RIPE

mntner: B-MNT\nadmin-c: PA1-RIPE\nupd-to: b@b.example\nauth: SSO b@b.example\nmnt-by: B-MNT\nsource: RIPE

person: Ann A\ne-mail: a@a.example\nnic-hdl: PA1-RIPE\nmnt-by: A-MNT\nsource: RIPE

role: Dummy\ne-mail: d@d.example\nnic-hdl: DR1-RIPE\nmnt-by: B-MNT\nsource: RIPE

organisation: ORG-A1-RIPE\norg-name: A\norg-type: OTHER\naddress: X\ne-mail: a@a.example\nmnt-ref: A-MNT\nmnt-by: A-MNT\nsource: RIPE

aut-num: AS64000\nas-name: A\nadmin-c: PA1-RIPE\ntech-c: PA1-RIPE\nstatus: ASSIGNED\nmnt-by: A-MNT\nsource: RIPE

inet6num: ::/0\nnetname: ALL\ncountry: EU\nadmin-c: DR1-RIPE\ntech-c: DR1-RIPE\nstatus: ALLOCATED-BY-RIR\nmnt-by: B-MNT\nsource: RIPE

inet6num: 2a0f:1::/32\nnetname: A\ncountry: NL\nadmin-c: PA1-RIPE\ntech-c: PA1-RIPE\nstatus: ALLOCATED-BY-LIR\nmnt-by: A-MNT\nmnt-lower: A-MNT\nmnt-routes: A-MNT\nmnt-domains: A-MNT\nsource: RIPE
";

const KEYS: &str = r#"
    [[key]]
    id = "AAAAAAAAAAAAAAAAAAAAAAAA"
    secret = "s"
    account = "a@a.example"
    [[key]]
    id = "BBBBBBBBBBBBBBBBBBBBBBBB"
    secret = "s"
    account = "b@b.example"
"#;

/// Who asks: A mostly, else B or nobody.
const ASKERS: [Option<&str>; 6] = [
    Some("Basic QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBOnM="),
    Some("Basic QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBOnM="),
    Some("Basic QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBOnM="),
    Some("Basic QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBOnM="),
    Some("Basic QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCOnM="),
    None,
];

/// The values that references are drawn from; the last of each is never registered.
const CONTACTS: [&str; 8] =
    ["PA1-RIPE", "PA1-RIPE", "PA1-RIPE", "PA1-RIPE", "PC1-RIPE", "RC1-RIPE", "RC2-RIPE", "XX9-RIPE"];
const MAINTAINERS: [&str; 8] = ["A-MNT", "A-MNT", "A-MNT", "A-MNT", "A-MNT", "C-MNT", "B-MNT", "NO-MNT"];

/// What is done with an object.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Verb {
    Post,
    Put,
    Delete,
    /// A deletion with all that only refers to each other.
    DeleteGroup,
    /// By syncupdates, written or deleted.
    Sync,
    SyncDelete,
    /// A domain by its own service, twice in one request.
    Domains,
}

/// What is wrong with a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Flaw {
    None,
    /// The attribute with this index is missing.
    Without(usize),
    /// The attribute with this index is there twice.
    Twice(usize),
    /// The attribute with this index has a value that cannot be.
    Garbled(usize),
    /// An attribute that no class has.
    Unknown,
    /// The body ends in its middle.
    Cut,
}

/// One request.
#[derive(Clone, Debug)]
struct Wish {
    verb: Verb,
    pairs: Vec<(&'static str, String)>,
    flaw: Flaw,
    asker: Option<&'static str>,
    dry: bool,
}

fn pairs() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let values =
        (0..13_usize, select(&CONTACTS[..]), select(&CONTACTS[..]), select(&MAINTAINERS[..]), 0..3_u8);
    values.prop_map(|(kind, contact, other, maintainer, variant)| {
        object(kind, contact, other, maintainer, variant)
    })
}

fn object(
    kind: usize,
    contact: &str,
    other: &str,
    maintainer: &str,
    variant: u8,
) -> Vec<(&'static str, String)> {
    let by_contacts =
        format!("admin-c: {contact}\ntech-c: {other}\nmnt-by: {maintainer}\nremarks: {variant}");
    let status =
        ["ASSIGNED", "ALLOCATED-BY-LIR", "AGGREGATED-BY-LIR\nassignment-size: 64"][usize::from(variant)];
    let some = |line: &'static str| if variant == 2 { line } else { "" };
    let (held, routed) = (some("mnt-irt: irt-C\norg: ORG-A1-RIPE\n"), some("member-of: AS64000:RS-C\n"));
    let grouped = some("member-of: AS64000:AS-C\n");
    let block = variant + 1;
    let text = match kind {
        0 => format!(
            "mntner: C-MNT\nadmin-c: {contact}\nupd-to: c@c.example\nauth: SSO a@a.example\nmnt-by: {maintainer}\ndescr: {variant}"
        ),
        1 => format!(
            "person: Carl C\ne-mail: c@c.example\nnic-hdl: PC{}-RIPE\nmnt-by: {maintainer}\nremarks: {variant}",
            variant + 1
        ),
        2 | 3 => format!(
            "role: Crew\ne-mail: c@c.example\nabuse-mailbox: c@c.example\nnic-hdl: RC{}-RIPE\n{by_contacts}",
            kind - 1
        ),
        4 => format!("irt: irt-C\naddress: X\ne-mail: c@c.example\nauth: SSO a@a.example\n{by_contacts}"),
        5 => format!(
            "inet6num: 2a0f:1:{block}::/48\nnetname: C\ncountry: NL\n{held}{by_contacts}\nstatus: {status}"
        ),
        6 => format!(
            "inet6num: 2a0f:1:{block}::/64\nnetname: C\ncountry: NL\n{by_contacts}\nmnt-domains: {maintainer}\nstatus: ASSIGNED"
        ),
        7 => format!("route6: 2a0f:1:{block}::/48\norigin: AS64000\n{routed}mnt-by: {maintainer}"),
        8 => format!("as-set: AS64000:AS-C\nmembers: AS1\nmbrs-by-ref: {maintainer}\n{by_contacts}"),
        9 => format!("route-set: AS64000:RS-C\nmbrs-by-ref: ANY\n{by_contacts}"),
        10 => format!(
            "domain: {block}.0.0.0.1.0.0.0.f.0.a.2.ip6.arpa\nzone-c: {contact}\nnserver: ns1.c.example\nnserver: ns2.c.example\n{by_contacts}"
        ),
        11 => format!(
            "organisation: ORG-A1-RIPE\norg-name: A\norg-type: OTHER\naddress: {variant}\ne-mail: a@a.example\nabuse-c: {contact}\nmnt-ref: {maintainer}\nmnt-by: A-MNT"
        ),
        _ => format!("aut-num: AS64000\nas-name: A\n{grouped}{by_contacts}"),
    };
    let lines = text.lines().map(|line| line.split_once(": ").unwrap()).chain([("source", "RIPE")]);
    // The names live as long as the program: they are the table's own.
    lines.map(|(name, value)| (Name::from_text(name).unwrap().text(), value.to_owned())).collect()
}

fn wish() -> impl Strategy<Value = Wish> {
    use Verb::{Delete, DeleteGroup, Domains, Post, Put, Sync, SyncDelete};
    const VERBS: [Verb; 13] =
        [Post, Post, Post, Post, Put, Put, Put, Put, Sync, Delete, DeleteGroup, SyncDelete, Domains];
    let flaw = prop_oneof![
        25 => Just(Flaw::None),
        1 => (0..12_usize).prop_map(Flaw::Without),
        1 => (0..12_usize).prop_map(Flaw::Twice),
        1 => (0..12_usize).prop_map(Flaw::Garbled),
        1 => Just(Flaw::Unknown),
        1 => Just(Flaw::Cut),
    ];
    let dry = prop_oneof![7 => Just(false), 1 => Just(true)];
    (select(&VERBS[..]), pairs(), flaw, select(&ASKERS[..]), dry)
        .prop_map(|(verb, pairs, flaw, asker, dry)| Wish { verb, pairs, flaw, asker, dry })
}

impl Wish {
    /// The attributes with their flaw.
    fn submitted(&self) -> Vec<(&'static str, String)> {
        let mut pairs = self.pairs.clone();
        match self.flaw {
            Flaw::Without(at) => drop(pairs.remove(at % self.pairs.len())),
            Flaw::Twice(at) => pairs.push(pairs[at % self.pairs.len()].clone()),
            Flaw::Garbled(at) => pairs[at % self.pairs.len()].1 = "~ ~".to_owned(),
            Flaw::Unknown => pairs.push(("colour", "red".to_owned())),
            Flaw::None | Flaw::Cut => {}
        }
        pairs
    }

    fn text(&self) -> String {
        self.submitted().iter().map(|(name, value)| format!("{name}: {value}\n")).collect()
    }

    fn key(&self) -> Key {
        let text: String = self.pairs.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        Object::parse(text).unwrap().key()
    }

    fn call(&self, now: Timestamp) -> Call {
        let key = self.key();
        let escaped = percent_encoding::utf8_percent_encode(key.text(), percent_encoding::NON_ALPHANUMERIC);
        let query = if self.dry { "?dry-run" } else { "" };
        let (method, path) = match self.verb {
            Verb::Post => (Method::POST, format!("/ripe/{}{query}", key.class())),
            Verb::Put => (Method::PUT, format!("/ripe/{}/{escaped}{query}", key.class())),
            Verb::Delete => (Method::DELETE, format!("/ripe/{}/{escaped}{query}", key.class())),
            Verb::DeleteGroup => (Method::DELETE, format!("/references/ripe/{}/{escaped}", key.class())),
            Verb::Sync | Verb::SyncDelete => (Method::POST, "/whois/syncupdates/ripe".to_owned()),
            Verb::Domains => (Method::POST, "/domain-objects/ripe".to_owned()),
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.extend(self.asker.map(|asker| (header::AUTHORIZATION, HeaderValue::from_static(asker))));
        let mut body = self.body().into_bytes();
        if self.flaw == Flaw::Cut {
            body.truncate(body.len() / 2);
        }
        Call::new(method, &path.parse().unwrap(), headers, body, now)
    }

    fn body(&self) -> String {
        let pairs = self.submitted();
        let attributes: Vec<_> =
            pairs.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        let object =
            json!({"type": pairs.first().map(|pair| pair.0), "attributes": {"attribute": attributes}});
        match self.verb {
            Verb::Delete | Verb::DeleteGroup => String::new(),
            Verb::Post | Verb::Put => json!({"objects": {"object": [object]}}).to_string(),
            Verb::Domains => json!({"objects": {"object": [object, object]}}).to_string(),
            Verb::Sync | Verb::SyncDelete => {
                let reason = if self.verb == Verb::SyncDelete { "delete: x\n" } else { "" };
                let dry = if self.dry { "dry-run: x\n" } else { "" };
                let data = format!("{}{reason}{dry}", self.text());
                format!(
                    "DATA={}",
                    percent_encoding::utf8_percent_encode(&data, percent_encoding::NON_ALPHANUMERIC)
                )
            }
        }
    }

    /// Whether the request may change the object with this key.
    fn may_change(&self, key: &Key) -> bool {
        let contact = matches!(key.class(), Class::Mntner | Class::Person | Class::Role);
        *key == self.key() || (self.verb == Verb::DeleteGroup && contact)
    }
}

/// The texts of all objects, and the handles that were used.
type Snapshot = (BTreeMap<Key, String>, BTreeSet<String>);

fn content(objects: impl Iterator<Item = Object>, used: impl Iterator<Item = String>) -> Snapshot {
    (objects.map(|object| (object.key(), object.text().to_owned())).collect(), used.collect())
}

fn in_memory(world: &Registered) -> Snapshot {
    content(world.objects.iter().map(|(_, object)| object.clone()), world.used_names().map(str::to_owned))
}

fn in_store(file: &Path) -> Snapshot {
    let Content { objects, used, .. } = Store::read(file).unwrap().content().unwrap();
    content(objects.into_iter(), used.into_iter())
}

/// The references that lead nowhere. What the registry does not hold to (rules.md §2) does not count.
fn dangling(world: &Registered) -> Vec<String> {
    let unchecked = [Name::Members, Name::MpMembers, Name::Origin, Name::LocalAs];
    let mut found = Vec::new();
    for (key, object) in world.objects.iter() {
        for attribute in object.attributes() {
            let name =
                attribute.name.filter(|name| !unchecked.contains(name) && !name.row().references.is_empty());
            for value in name.map_or_else(Vec::new, |_| attribute.values()) {
                let named = value.split([' ', '{']).next().unwrap_or_default();
                let is_word = matches!(named.to_ascii_uppercase().as_str(), "ANY" | "SSO");
                if !is_word && world.referenced(name.unwrap(), named).unwrap().is_none() {
                    found.push(format!("{key}: {}: {value}", attribute.label));
                }
            }
        }
    }
    found
}

fn server(file: &Path) -> Server {
    let source = std::sync::Arc::new(Source::new("base", BASE));
    let objects = File::parse(&source).0.objects().map(|(object, _)| object.clone()).collect();
    let mut world = World::open(Some(Store::open(file).unwrap()), Timestamp::UNIX_EPOCH).unwrap();
    world.load(objects).unwrap();
    let (settings, pace) = settings::parse("").unwrap();
    Server::new(world, Accounts::parse(KEYS).unwrap(), settings, pace, "http://127.0.0.1".to_owned())
}

/// Sends the requests one after the other; gives how many changed something.
fn check(wishes: &[Wish]) -> Result<usize, TestCaseError> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("registry.sqlite");
    let server = server(&file);
    let mut before = in_memory(&server.world().registered);
    let mut changes = 0;
    for (index, wish) in wishes.iter().enumerate() {
        let now = Timestamp::from_second(i64::try_from(index).unwrap()).unwrap();
        let reply = route::answer(&server, &wish.call(now), IpAddr::V4(Ipv4Addr::LOCALHOST));
        prop_assert_ne!(reply.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let world = server.world();
        let after = in_memory(&world.registered);
        prop_assert_eq!(dangling(&world.registered), Vec::<String>::new());
        let changed = |key: &&Key| before.0.get(*key) != after.0.get(*key);
        let keys: BTreeSet<&Key> = before.0.keys().chain(after.0.keys()).filter(changed).collect();
        if reply.status() != StatusCode::OK
            || (wish.dry && wish.verb != Verb::DeleteGroup && wish.verb != Verb::Domains)
        {
            prop_assert_eq!(&before, &after, "{} {:?}", reply.status(), wish);
        }
        prop_assert!(keys.iter().all(|key| wish.may_change(key)), "{:?} by {:?}", keys, wish);
        prop_assert!(before.1.is_subset(&after.1), "a handle is never freed");
        if !keys.is_empty() {
            changes += 1;
            prop_assert_eq!(&in_store(&file), &after);
        }
        drop(world);
        before = after;
    }
    let again = World::open(Some(Store::read(&file).unwrap()), Timestamp::UNIX_EPOCH).unwrap();
    for key in before.0.keys() {
        let texts = |world: &World| -> Vec<String> {
            world.revisions(key).iter().map(|revision| revision.object.text().to_owned()).collect()
        };
        prop_assert_eq!(texts(&server.world()), texts(&again), "{}", key);
    }
    Ok(changes)
}

#[test]
fn no_sequence_of_requests_leaves_it_broken() {
    let (mut sent, mut changed) = (0, 0);
    let config = Config { cases: 120, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(wish(), 10..60), |wishes| check(&wishes).map(drop))
        .unwrap();
    // The same again with a fixed seed, to know that enough of them does something.
    let mut runner = TestRunner::deterministic();
    for _ in 0..20 {
        let wishes = prop::collection::vec(wish(), 60).new_tree(&mut runner).unwrap().current();
        sent += wishes.len();
        changed += check(&wishes).unwrap();
    }
    println!("{changed} of {sent} requests changed something");
    assert!(changed * 20 >= sent && changed * 2 <= sent, "{changed} of {sent}");
}
