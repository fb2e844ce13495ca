use std::{collections::BTreeMap, fs, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

use super::*;
use crate::{
    irr::Hidden,
    registry::stub_server::{Act, Canned},
    rpsl::shared,
};

/// What a server of whois does with a command.
enum Reply {
    Send(Vec<u8>),
    Close(&'static str),
    Stall,
    Endless,
}

/// A server of whois that does with each command as `act` says; its place.
async fn whois(sources: &str, act: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Place {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = format!("irr://{}/{sources}", listener.local_addr().unwrap()).parse().unwrap();
    let act = Arc::new(act);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let act = act.clone();
            tokio::spawn(async move {
                let (reader, mut writer) = stream.into_split();
                let mut lines = BufReader::new(reader).lines();
                while let Ok(Some(line)) = lines.next_line().await {
                    match act(&line) {
                        Reply::Send(bytes) => {
                            let _ = writer.write_all(&bytes).await; // who asks may have gone
                        }
                        Reply::Stall => tokio::time::sleep(Duration::from_secs(60)).await,
                        Reply::Endless => while writer.write_all(&[b'x'; 4096]).await.is_ok() {},
                        Reply::Close(last) => {
                            let _ = writer.write_all(last.as_bytes()).await;
                            return;
                        }
                    }
                }
            });
        }
    });
    place
}

fn hasty() -> Patience {
    let second = Duration::from_secs(1);
    Patience { connect: second, still: second / 2, whole: second * 2, bytes: 1 << 20 }
}

fn prefixes(text: &str) -> Vec<Prefix> {
    text.split_whitespace().map(|prefix| prefix.parse().unwrap()).collect()
}

fn told(answer: &Answer) -> Vec<String> {
    let one = |route: &crate::irr::Route| {
        let hidden = route.hidden.map_or("", Hidden::text);
        format!("{} {} {} {hidden}", route.prefix, route.origin, route.source).trim_end().to_owned()
    };
    answer.routes.iter().map(one).collect()
}

/// The commands that an IRRd 4.5.4 was sent, with its answers.
fn recorded() -> Option<BTreeMap<String, Vec<u8>>> {
    let text = fs::read_to_string(shared::path("rpki/samples/irrd/whois-bang.txt")?).unwrap();
    let mut answers: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (command, answer) in text.split(">>> ").filter_map(|part| part.split_once('\n')) {
        let answer = answer.strip_suffix("\n\n").map_or(answer.to_owned(), |answer| format!("{answer}\n"));
        answers.insert(command.to_owned(), answer.into_bytes());
    }
    Some(answers)
}

/// The object of `whois-rpki-invalid.txt`, as it is shown when the filter is put off.
fn invalid() -> Vec<u8> {
    let text = fs::read_to_string(shared::path("rpki/samples/irrd/whois-rpki-invalid.txt").unwrap()).unwrap();
    let (_, answer) = text.split_once("A607\n").unwrap();
    format!("A607\n{}C\n", answer.get(..607).unwrap()).into_bytes()
}

#[tokio::test]
async fn what_irrd_answered_by_whois_is_understood() {
    let Some(answers) = recorded() else { return };
    let (answers, invalid) = (Arc::new(answers), invalid());
    let asked = Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = asked.clone();
    let place = whois("", move |command| {
        let mut log = log.lock().unwrap();
        log.push(command.to_owned());
        let filtered = !log.iter().any(|command| command == "!fno-rpki-filter");
        Reply::Send(match command {
            "!!" => Vec::new(),
            "!n" | "!sTESTIRR" => b"C\n".to_vec(),
            "!r2a0f:85c1:26a::/48,L" if filtered => b"D\n".to_vec(),
            "!r2a0f:85c1:26a::/48,L" => invalid.clone(),
            "!fno-scope-filter" | "!fno-route-preference-filter" => b"A3\nok\nC\n".to_vec(),
            command if command.starts_with("!n") => b"C\n".to_vec(),
            command => answers.get(command).cloned().unwrap_or(b"D\n".to_vec()),
        })
    })
    .await;
    let announced = prefixes("2a0f:85c1:260:1::/64 2a0f:85c1:26a::/48 2001:db8::/32");
    let answer = routes_within(&hasty(), &place, &announced, &[]).await.unwrap();
    assert_eq!(
        told(&answer),
        ["2a0f:85c1:260::/48 AS205398 TESTIRR", "2a0f:85c1:26a::/48 AS205398 TESTIRR rpki"]
    );
    assert_eq!(answer.routes[0].maintainers, ["RIPECTL-MNT"]);
    let [source] = &answer.sources[..] else { panic!("{:?}", answer.sources) };
    assert_eq!((source.name.as_str(), source.authoritative), ("TESTIRR", Some(true)));
    assert_eq!(source.updated.unwrap().to_string(), "2026-11-23T09:27:16.457249Z");
    assert!(answer.unasked.is_empty() && answer.pseudo > 0);
    let [updated, pseudo] = &answer.notes()[..] else { panic!("{:?}", answer.notes()) };
    assert_eq!(updated, "TESTIRR: updated 2026-11-23T09:27:16.457249Z");
    assert!(pseudo.ends_with(" of the pseudo-source RPKI left out"), "{pseudo}");
    let inside = routes_within(&hasty(), &place, &[], &prefixes("2a0f:85c1:260::/44")).await.unwrap();
    assert_eq!(inside.routes.len(), 5);
    let asked = asked.lock().unwrap();
    assert_eq!(asked.iter().filter(|command| *command == "!r2a0f:85c1:26a::/48,L").count(), 4);
}

/// A registry with one route for each filter that hides it, and sources that are named.
#[tokio::test]
async fn what_is_hidden_has_its_reason() {
    let state = Arc::new(std::sync::Mutex::new(0));
    let place = whois("ripe,RADB", move |command| {
        let mut off = state.lock().unwrap();
        let object = |origin: usize| format!("route: 192.0.2.0/24\norigin: AS{origin}\nsource: RADB\n\n");
        Reply::Send(match command {
            "!!" => Vec::new(),
            "!s-lc" => b"A15\nRIPE,RADB,RPKI\nC\n".to_vec(),
            "!sRIPE,RADB" => b"C\n".to_vec(),
            "!fno-route-preference-filter" => b"F Unrecognised command: f\n".to_vec(),
            command if command.starts_with("!f") => {
                *off += 1;
                b"A3\nok\nC\n".to_vec()
            }
            command if command.starts_with("!r") => {
                let text: String = (0..=*off).map(object).collect();
                let text = text.trim_end().to_owned() + "\n";
                format!("A{}\n{text}C\n", text.len()).into_bytes()
            }
            _ => b"F no\n".to_vec(),
        })
    })
    .await;
    let answer = routes_within(&hasty(), &place, &prefixes("192.0.2.0/24"), &[]).await.unwrap();
    assert_eq!(
        told(&answer),
        ["192.0.2.0/24 AS0 RADB", "192.0.2.0/24 AS1 RADB rpki", "192.0.2.0/24 AS2 RADB scope"]
    );
    assert_eq!(answer.unasked, [Hidden::RoutePreference]);
    let why = "what is hidden because a source that is preferred has an overlapping route object cannot be asked for there, and counts as missing";
    assert_eq!(answer.notes(), [why]);
    let names: Vec<&str> = answer.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["RIPE", "RADB"]);
}

#[tokio::test]
async fn trouble_with_whois_is_told_and_never_taken_for_an_answer() {
    async fn check(
        sources: &str,
        act: impl Fn(&str) -> Option<Reply> + Send + Sync + 'static,
        expected: &str,
    ) {
        let place = whois(sources, move |command| {
            act(command).unwrap_or_else(|| {
                Reply::Send(match command {
                    "!!" => Vec::new(),
                    "!s-lc" => b"A5\nRIPE\nC\n".to_vec(),
                    _ => b"C\n".to_vec(),
                })
            })
        })
        .await;
        let error =
            routes_within(&hasty(), &place, &prefixes("192.0.2.0/24"), &[]).await.unwrap_err().to_string();
        assert!(error.starts_with(&format!("`{place}`")) && error.contains("\nhint: "), "{error}");
        assert!(error.contains(expected), "{expected}: {error}");
    }
    let to_route = |reply: fn() -> Reply| move |command: &str| command.starts_with("!r").then(reply);
    let sends = |text: &'static str| Reply::Send(text.into());
    check("", to_route(|| Reply::Stall), "no answer to `!r192.0.2.0/24,L` within 0.5 s").await;
    check("", to_route(|| Reply::Close("")), "it hung up before the answer to `!r192.0.2.0/24,L` was whole")
        .await;
    check("", to_route(|| Reply::Close("A100\nroute:")), "it hung up before the answer").await;
    check("", move |c| c.starts_with("!r").then(|| sends("A3\nabcdef\nC\n")), "sends another length").await;
    check("", move |c| c.starts_with("!r").then(|| sends("A99999999999\n")), "announces 99999999999 bytes")
        .await;
    check(
        "",
        move |c| c.starts_with("!r").then(|| sends("F An internal error\x1b[2J\n")),
        "An internal error\\u{1b}[2J",
    )
    .await;
    check(
        "",
        move |c| c.starts_with("!r").then(|| sends("A21\nroute: 192.0.2.1/24\nC\n")),
        "sends another length",
    )
    .await;
    check(
        "",
        move |c| c.starts_with("!r").then(|| sends("A20\nroute: 192.0.2.1/24\nC\n")),
        "has host bits set",
    )
    .await;
    check("", move |c| c.starts_with("!r").then_some(Reply::Endless), "does not speak as IRRd does").await;
    check("", move |_| Some(Reply::Endless), "does not speak as IRRd does").await;
    check("", move |_| Some(Reply::Close("%% Access denied")), "denies access to this machine").await;
    check("", move |_| Some(Reply::Close("HTTP/1.1 400 Bad Request\r\n\r\n")), "does not speak as IRRd does")
        .await;
    let unknown = "F One or more selected sources are unavailable.\n";
    check("NOPE", move |c| (c == "!sNOPE").then(|| sends(unknown)), "`!sNOPE`: One or more selected sources")
        .await;
    check("", move |c| (c == "!s-lc").then(|| sends("A5\nRPKI\nC\n")), "names no source of route objects")
        .await;
    let closed: Place = "irr://127.0.0.1:1".parse().unwrap();
    let error = routes_within(&hasty(), &closed, &[], &[]).await.unwrap_err().to_string();
    assert!(error.starts_with("`irr://127.0.0.1:1`: no connection: Connection refused"), "{error}");
}

/// A server that does not read while it cannot write would wait for ever for a client that does not either.
#[tokio::test]
async fn many_questions_and_large_answers_do_not_block_each_other() {
    let text = "remarks: x\n".repeat(100);
    let place = whois("", move |command| {
        let object = format!("route: 192.0.2.0/24\norigin: AS1\nsource: RIPE\n{text}");
        Reply::Send(match command {
            "!!" => Vec::new(),
            "!s-lc" => b"A5\nRIPE\nC\n".to_vec(),
            command if command.starts_with("!r") => format!("A{}\n{object}C\n", object.len()).into_bytes(),
            _ => b"C\n".to_vec(),
        })
    })
    .await;
    let many: Vec<Prefix> =
        (0..1000u32).map(|n| format!("10.{}.{}.0/24", n / 256, n % 256).parse().unwrap()).collect();
    let patience = Patience { whole: Duration::from_secs(60), bytes: 64 << 20, ..hasty() };
    let answer = routes_within(&patience, &place, &many, &[]).await.unwrap();
    assert_eq!(told(&answer), ["192.0.2.0/24 AS1 RIPE"]);
}

/// A server of GraphQL whose second answer is this; the first one is the status as it was recorded.
async fn graphql(status: &'static str, answer: String) -> (Canned, Place) {
    let server = Canned::serve(move |asked, number| {
        assert!(asked.line.starts_with("POST /graphql/"), "{}", asked.line);
        let about = r#"{"data":{"databaseStatus":[{"source":"TESTIRR","authoritative":true,
            "lastUpdate":"2026-11-23T09:27:16.457249+00:00"},null,{"source":"RPKI","authoritative":false}]},
            "errors":[{"message":"Cannot return null for non-nullable field DatabaseStatus.authoritative."}]}"#;
        let (status, body) = if number == 0 { ("200 OK", about) } else { (status, answer.as_str()) };
        Act::Send(format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ))
    })
    .await;
    let place = format!("{}/graphql/", server.url).parse().unwrap();
    (server, place)
}

#[tokio::test]
async fn what_irrd_answered_by_graphql_is_understood() {
    let Some(sample) = shared::json("rpki/samples/irrd/graphql-objects.json") else { return };
    let mut objects = sample["response"]["data"]["rpslObjects"].clone();
    objects[2]["rpkiStatus"] = "invalid".into();
    objects[3]["routePreferenceStatus"] = "suppressed".into();
    let out_of_scope = serde_json::json!([objects[4]]);
    objects.as_array_mut().unwrap().remove(4);
    let answer = serde_json::json!({ "data": { "v0": objects, "h0": out_of_scope } });
    let (server, place) = graphql("200 OK", answer.to_string()).await;
    let answer = routes_within(&hasty(), &place, &prefixes("2a0f:85c1:260::/44"), &[]).await.unwrap();
    assert_eq!(
        told(&answer),
        [
            "2a0f:85c1:260::/48 AS205398 TESTIRR rpki",
            "2a0f:85c1:261::/48 AS205398 TESTIRR route-preference",
            "2a0f:85c1:26a::/48 AS205398 TESTIRR",
            "2a0f:85c1:264::/48 AS205398 TESTIRR scope",
        ]
    );
    assert_eq!((answer.sources.len(), answer.pseudo), (1, 2));
    let asked = server.asked();
    assert!(asked[1].body.contains("ipLessSpecific:\\\"2a0f:85c1:260::/44\\\""), "{}", asked[1].body);
}

#[tokio::test]
async fn trouble_with_graphql_is_told_and_never_taken_for_an_answer() {
    async fn check(status: &'static str, answer: &str, expected: &str) {
        let (_server, place) = graphql(status, answer.to_owned()).await;
        let error =
            routes_within(&hasty(), &place, &prefixes("192.0.2.0/24"), &[]).await.unwrap_err().to_string();
        assert!(error.starts_with(&format!("`{place}`: {expected}")), "{error}");
        assert!(error.contains("\nhint: "), "{error}");
    }
    for (sample, status) in [("graphql-err.json", "400 Bad Request"), ("graphql-err-empty.json", "200 OK")] {
        let Some(sample) = shared::json(&format!("rpki/samples/irrd/{sample}")) else { return };
        let message = sample["response"]["errors"][0]["message"].as_str().unwrap();
        check(status, &sample["response"].to_string(), &format!("it could not look: {message}")).await;
    }
    check("500 Internal Server Error", "Internal Server Error", "it answers 500").await;
    check("200 OK", "<html>", "what answers there is no answer of an IRRd (no JSON)").await;
    check("200 OK", r#"{"data":{"v0":[]}}"#, "what answers there is no answer of an IRRd").await;
    check("200 OK", r#"{"data":{"v0":null,"h0":[]}}"#, "what answers there is no answer of an IRRd").await;
    check("200 OK", r#"{"data":{"v0":[{"source":"X"}],"h0":[]}}"#, "what answers there is no answer").await;
    check("302 Found", "", "it answers 302 and points elsewhere").await;
    check("404 Not Found", "", "it answers 404").await;
    let stalls = Canned::serve(|_, _| Act::Hang).await;
    let place = format!("{}/graphql/", stalls.url).parse().unwrap();
    let error = routes_within(&hasty(), &place, &[], &[]).await.unwrap_err().to_string();
    assert!(error.contains("no answer in time") || error.contains("no whole answer"), "{error}");
}
