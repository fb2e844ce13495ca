//! The client against answers as they come from a registry, and from what may stand before it.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Kind, Mode, Registry, Remote, Trouble, Wanted, Write,
    stub_server::{Act, Canned, absent, http, json},
};
use crate::{
    net::Block,
    registered::{Query, Registered},
    rpsl::{Class, Key, Object},
};

const ROUTE: &str = "route6: 2a0f:85c1:264::/48\norigin: AS205398\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
const MNTNER: &str = "mntner: HOBBY-MNT\nauth: SSO a@b.example\nmnt-by: HOBBY-MNT\nsource: RIPE\n";

fn route() -> Object {
    Object::parse(ROUTE).unwrap()
}

async fn lookup(act: Act) -> Result<Option<Object>, Trouble> {
    let server = Canned::serve(move |_, _| act.clone()).await;
    server.registry().lookup(&route().key()).await.map(super::Looked::object)
}

#[tokio::test]
async fn only_the_registry_itself_can_say_that_there_is_none() {
    assert!(lookup(absent()).await.unwrap().is_none());
    let check = async |act: Act, kind: Kind, expected: &str| {
        let trouble = lookup(act).await.unwrap_err();
        assert_eq!(trouble.kind, kind, "{trouble}");
        assert!(trouble.to_string().contains(expected), "{trouble}");
        assert!(trouble.to_string().contains("route6/2a0f:85c1:264::/48AS205398?unfiltered"), "{trouble}");
        assert!(trouble.to_string().contains("\nhint: "), "{trouble}");
    };
    let html = "<html>\n<body>Login</body>";
    check(
        http("200 OK", "text/html", html),
        Kind::Unreadable,
        "not JSON but text/html; it begins: <html> <body>",
    )
    .await;
    check(http("404 Not Found", "text/html", html), Kind::Unreadable, "status 404: the answer is not JSON")
        .await;
    check(http("404 Not Found", "application/json", "{}"), Kind::Unreadable, "without objects or messages")
        .await;
    let short = r#"{"message":"Not Found here","status":"404"}"#;
    check(http("404 Not Found", "application/json", short), Kind::Status(404), "Not Found here").await;
    check(http("200 OK", "application/json", ""), Kind::Unreadable, "the answer is empty").await;
    check(http("200 OK", "application/xml", "<whois-resources/>"), Kind::Unreadable, "application/xml").await;
    let half = r#"{"objects":{"object":[{"type":"#;
    check(http("200 OK", "application/json", half), Kind::Unreadable, "ends in the middle of its JSON").await;
    let cut = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{\"objects\"";
    check(Act::Send(cut.to_owned()), Kind::Broken, "the connection broke").await;
    check(Act::Reset, Kind::Broken, "the connection broke").await;
    check(Act::Hang, Kind::Broken, "no answer in time").await;
    check(Act::Drip, Kind::Broken, "no answer in time").await;
    check(http("500 Oops", "text/plain", "x"), Kind::Status(500), "status 500").await;
    check(http("503 Busy", "text/plain", "x"), Kind::Status(503), "status 503").await;
    check(http("426 Upgrade", "application/json", short), Kind::Unauthorised, "Not Found here").await;
    check(json("200 OK", &[], &[]), Kind::Unreadable, "the answer has []").await;
    check(json("200 OK", &[MNTNER], &[]), Kind::Unreadable, "the answer has [mntner/HOBBY-MNT]").await;
}

#[tokio::test]
async fn an_answer_above_the_limit_is_not_read_to_its_end() {
    let trouble = lookup(http("200 OK", "application/json", &" ".repeat((16 << 20) + 1))).await.unwrap_err();
    assert_eq!(trouble.kind, Kind::TooLarge, "{trouble}");
}

#[tokio::test]
async fn nobody_there_is_not_nothing_there() {
    let remote = Remote::new("test", "http://127.0.0.1:1", "RIPE");
    let registry = Registry::new(remote, Vec::new(), Arc::new(|_| ())).unwrap();
    let trouble = registry.lookup(&route().key()).await.unwrap_err();
    assert_eq!(trouble.kind, Kind::Unreachable);
    assert_eq!(trouble.doubt(), None);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let moved = "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/RIPE-NONAUTH/route6/x\r\nContent-Length: 0\r\n\r\n";
    let server = Canned::serve(move |_, _| Act::Send(moved.to_owned())).await;
    let registry = server.registry();
    for trouble in [
        registry.modify(&route(), Mode::Real).await.unwrap_err(),
        registry.lookup(&route().key()).await.unwrap_err(),
    ] {
        assert_eq!(trouble.kind, Kind::Redirect);
        assert!(trouble.to_string().contains("outside of the registry's region"), "{trouble}");
    }
    assert_eq!(server.lines().len(), 2);
}

#[tokio::test]
async fn the_registry_is_waited_for_when_it_asks() {
    let busy = || http("429 Too Many Requests", "text/plain", "");
    let server =
        Canned::serve(move |_, count| if count < 2 { busy() } else { json("200 OK", &[ROUTE], &[]) }).await;
    let answer = server.registry().create(&route(), Mode::Real).await.unwrap();
    assert!(answer.accepted());
    assert_eq!(server.lines(), vec!["POST /ripe/route6?unformatted"; 3]);

    let server = Canned::serve(move |_, _| busy()).await;
    assert_eq!(server.registry().lookup(&route().key()).await.unwrap_err().kind, Kind::Limit);
    assert_eq!(server.lines().len(), 3, "the waits are used up");

    let daily =
        r#"{"errormessages":{"errormessage":[{"severity":"Error","text":"ERROR:201: access denied"}]}}"#;
    let server = Canned::serve(move |_, _| http("429 Too Many", "application/json", daily)).await;
    assert_eq!(server.registry().lookup(&route().key()).await.unwrap_err().kind, Kind::Limit);
    assert_eq!(server.lines().len(), 1, "the daily limit is not waited out");
}

#[tokio::test]
async fn one_refusal_for_being_too_quick_holds_all_requests_back() {
    let server = Canned::serve(|_, count| match count {
        0 => Act::Send("HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n".to_owned()),
        _ => absent(),
    })
    .await;
    let registry = server.registry();
    let queries: BTreeSet<Query> =
        (1..=30).map(|n| Query::Object(Key::new(Class::Role, &format!("HN{n}-RIPE")))).collect();
    let mut known = Registered::default();
    let ask = registry.ask(&queries, &[], &mut known);
    let early = tokio::time::timeout(std::time::Duration::from_millis(500), ask).await;
    assert!(early.is_err(), "the registry asked to wait a second");
    assert!(server.lines().len() <= 3, "what was under way, and no more: {:?}", server.lines());
}

#[tokio::test]
async fn a_write_is_not_repeated_after_an_answer_that_leaves_doubt() {
    let server = Canned::serve(|_, _| http("503 Busy", "text/html", "<html>")).await;
    let trouble = server.registry().create(&route(), Mode::Real).await.unwrap_err();
    assert!(trouble.doubt().is_some());
    assert_eq!(server.writes(), 1);
}

#[tokio::test]
async fn requests_are_written_as_the_registry_reads_them() {
    let server = Canned::serve(|_, _| json("200 OK", &[ROUTE], &[])).await;
    let registry = server.registry();
    let range = Key::new(Class::Inetnum, "193.201.149.0/24");
    registry.modify(&route(), Mode::Dry).await.unwrap();
    registry.delete(&range, Mode::Real).await.unwrap();
    registry.delete(&range, Mode::Dry).await.unwrap();
    assert_eq!(
        server.lines(),
        [
            "PUT /ripe/route6/2a0f:85c1:264::/48AS205398?dry-run&unformatted",
            "DELETE /ripe/inetnum/193.201.149.0%20-%20193.201.149.255?reason=ripectl",
            "DELETE /ripe/inetnum/193.201.149.0%20-%20193.201.149.255?dry-run&reason=ripectl",
        ]
    );
    let asked = &server.asked()[0];
    assert!(asked.head.contains("authorization: Basic UklQRUNUTFVTRVJLRVkwMDAwMDAwMDAxOnNlY3JldC11c2Vy"));
    assert!(asked.head.contains("accept: application/json"));
    assert_eq!(asked.body, crate::wire::request_body(&route()));
}

#[tokio::test]
async fn a_secret_that_an_answer_repeats_is_not_shown() {
    let echo = "Authorization: Basic UklQRUNUTFVTRVJLRVkwMDAwMDAwMDAxOnNlY3JldC11c2Vy, secret-user";
    let trouble = lookup(http("502 Bad Gateway", "text/plain", echo)).await.unwrap_err();
    for secret in ["secret-user", "UklQ", "RIPECTLUSERKEY"] {
        assert!(!format!("{trouble} {trouble:?}").contains(secret), "{trouble}");
    }
}

/// A registry with HOBBY-MNT, its person, and routes of which the search by maintainer lists all.
fn estate(line: &str, routes: &[String]) -> Act {
    let person = "person: A B\nnic-hdl: AB1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    let hidden = "mntner: HOBBY-MNT\nauth: SSO # Filtered\nmnt-by: HOBBY-MNT\nsource: RIPE # Filtered\n";
    let routes: Vec<&str> = routes.iter().map(String::as_str).collect();
    let path = line.split('?').next().unwrap_or_default();
    match path {
        "GET /search" if line.contains("inverse-attribute=mnt-by") => {
            json("200 OK", &[&[hidden, person], routes.as_slice()].concat(), &[])
        }
        "GET /ripe/mntner/HOBBY-MNT" => json("200 OK", &[MNTNER], &[]),
        "GET /ripe/person/AB1-RIPE" => json("200 OK", &[person], &[]),
        _ => absent(),
    }
}

fn routes(count: usize) -> Vec<String> {
    (0..count).map(|n| ROUTE.replace("264::", &format!("2{n:02x}::"))).collect()
}

#[tokio::test]
async fn the_number_of_requests_does_not_grow_with_the_estate() {
    let check = async |present: usize, declared: usize, expected: usize| {
        let server = Canned::serve(move |asked, _| estate(&asked.line, &routes(present))).await;
        let registry = server.registry();
        let keys: BTreeSet<Key> =
            routes(declared).iter().map(|text| Object::parse(&**text).unwrap().key()).collect();
        let maintainers = ["HOBBY-MNT".to_owned()];
        let allocations = [Block::parse("2a0f:85c1:200::/40").unwrap()];
        let wanted = Wanted { maintainers: &maintainers, declared: &keys, allocations: &allocations };
        let known = registry.survey(wanted).await.unwrap();
        assert_eq!(server.lines().len(), expected, "{:#?}", server.lines());
        assert_eq!(registry.counts().requests, expected);
        assert_eq!(registry.key_scopes(&known)[0].maintainers(), ["HOBBY-MNT"]);
        assert_eq!(known.objects.len(), present + 2);
        for key in &keys {
            assert!(known.object(key).is_ok(), "{key} is known, absent or not");
        }
    };
    check(2, 2, 3).await;
    check(200, 200, 3).await;
    check(10, 20, 5).await;
    check(10, 250, 5).await;
}

#[tokio::test]
async fn auth_is_taken_from_the_lookup_and_never_from_a_search() {
    let server = Canned::serve(|asked, _| estate(&asked.line, &[])).await;
    let registry = server.registry();
    let mut known = Registered::default();
    let maintainer = Key::new(Class::Mntner, "HOBBY-MNT");
    let proves = BTreeSet::from([Query::Proves(maintainer.clone())]);
    registry.ask(&proves, &[], &mut known).await.unwrap();
    assert_eq!(registry.key_scopes(&known)[0].maintainers(), ["HOBBY-MNT"]);
    let held = BTreeSet::from([Query::MaintainedBy(maintainer.clone())]);
    registry.ask(&held, &[], &mut known).await.unwrap();
    assert!(!super::filtered(known.objects.get(&maintainer).unwrap()));
    assert!(known.asked_proof(&maintainer).is_ok());
}

#[tokio::test]
async fn trouble_in_one_of_many_requests_is_trouble() {
    let server = Canned::serve(|asked, _| match asked.line.contains("all-more") {
        true => http("200 OK", "text/html", "<html>"),
        false => absent(),
    })
    .await;
    let mut known = Registered::default();
    let block = Block::parse("2a0f:85c1:260::/44").unwrap();
    let within = BTreeSet::from([Query::Within(Class::Route6, block)]);
    assert!(server.registry().ask(&within, &[], &mut known).await.is_err());
    assert!(known.more_specific(Class::Route6, block).is_err(), "still unknown");
}

#[tokio::test]
async fn personal_data_is_not_harvested() {
    let server = Canned::serve(|asked, _| {
        let handle = asked.line.split(['/', '?']).nth(3).unwrap_or_default();
        json("200 OK", &[&format!("person: A B\nnic-hdl: {handle}\nmnt-by: HOBBY-MNT\nsource: RIPE\n")], &[])
    })
    .await;
    let mut remote = Remote::new("test", &server.url, "RIPE");
    remote.limits.contacts = 2;
    let registry = Registry::new(remote, Vec::new(), Arc::new(|_| ())).unwrap();
    for handle in ["AA1-RIPE", "AA2-RIPE", "AA1-RIPE"] {
        assert!(registry.lookup(&Key::new(Class::Person, handle)).await.is_ok());
    }
    let third = registry.lookup(&Key::new(Class::Person, "AA3-RIPE")).await;
    assert_eq!(third.unwrap_err().kind, Kind::Limit);
}

#[tokio::test]
async fn what_a_write_was_answered_with_is_known_though_no_search_shows_it_yet() {
    let server = Canned::serve(|asked, _| match asked.line.split([' ', '?']).next() {
        Some("GET") => absent(),
        _ => json("200 OK", &[ROUTE], &[]),
    })
    .await;
    let (registry, key) = (server.registry(), route().key());
    let block = Block::parse("2a0f:85c1:260::/44").unwrap();
    let stands = async || {
        let mut known = Registered::default();
        let within = BTreeSet::from([Query::Within(Class::Route6, block)]);
        registry.ask(&within, &[], &mut known).await.unwrap();
        !known.more_specific(Class::Route6, block).unwrap().is_empty()
    };
    registry.create(&route(), Mode::Dry).await.unwrap();
    assert!(!stands().await, "a dry-run writes nothing");
    registry.create(&route(), Mode::Real).await.unwrap();
    assert!(stands().await);
    registry.delete(&key, Mode::Real).await.unwrap();
    assert!(!stands().await);
    assert!(!server.lines().iter().any(|line| line.starts_with("GET /ripe")), "nothing else is asked for");
}

#[tokio::test]
async fn a_few_that_no_search_lists_are_asked_for_by_key() {
    let check = async |declared: usize, lookups: usize| {
        let server = Canned::serve(|_, _| absent()).await;
        let keys = routes(declared).into_iter().map(|text| Query::Object(Object::parse(text).unwrap().key()));
        let block = [Block::parse("2a0f:85c1:200::/40").unwrap()];
        server.registry().ask(&keys.collect(), &block, &mut Registered::default()).await.unwrap();
        let lines = server.lines();
        assert_eq!(lines.iter().filter(|line| line.starts_with("GET /ripe")).count(), lookups, "{lines:?}");
    };
    check(3, 3).await;
    check(8, 8).await;
    check(9, 0).await;
}

#[tokio::test]
async fn what_an_earlier_run_wrote_is_asked_for_where_a_search_does_not_show_it() {
    let server = Canned::serve(|asked, _| {
        match asked.line.starts_with("GET /ripe/route6/2a0f:85c1:264::/48AS205398") {
            true => json("200 OK", &[ROUTE], &[]),
            false => absent(),
        }
    })
    .await;
    let (registry, block) = (server.registry(), Block::parse("2a0f:85c1:260::/44").unwrap());
    let elsewhere = Object::parse(ROUTE.replace("264::", "274::")).unwrap();
    registry.heed([route(), elsewhere].map(|object| Write { object, stands: true }));
    let mut known = Registered::default();
    for _ in 0..2 {
        registry.ask(&BTreeSet::from([Query::Within(Class::Route6, block)]), &[], &mut known).await.unwrap();
        assert_eq!(known.more_specific(Class::Route6, block).unwrap().len(), 1);
    }
    let lookups = server.lines().iter().filter(|line| line.starts_with("GET /ripe")).count();
    assert_eq!(lookups, 1, "{:?}", server.lines());
}
