//! What is known after every answer that a read may give: each class, each question that a plan asks, each answer.

use std::collections::BTreeSet;

use super::{
    Kind, Trouble,
    credential_scope::hides_auth,
    filtered,
    search::referring_attributes,
    stub_server::{Act, Canned, absent, http, json},
};
use crate::{
    net::{Asn, zone_block},
    registered::{Query, Registered},
    rpsl::{Class, Key, Name, Object},
    rules::KeyScope,
};

/// What is known when the registry answers so. `trouble` is an error that names the URL and what to do, after which
/// nothing is known; `later` is the answer behind one 429. Nothing is `elsewhere` that can only be in one source.
const TABLE: &str = "
question    found   filtered  404    115      301-other  301-away  401      429      later   500      html
object      there   hidden    none   none     elsewhere  trouble   trouble  trouble  there   trouble  trouble
elsewhere   there   hidden    none   none     trouble    trouble   trouble  trouble  there   trouble  trouble
covering    there   hidden    none   trouble  trouble    trouble   trouble  trouble  there   trouble  trouble
within      there   hidden    none   trouble  trouble    trouble   trouble  trouble  there   trouble  trouble
referring   there   hidden    none   trouble  trouble    trouble   trouble  trouble  there   trouble  trouble
maintained  there   hidden    none   trouble  trouble    trouble   trouble  trouble  there   trouble  trouble
as-block    there   hidden    none   trouble  trouble    trouble   trouble  trouble  there   trouble  trouble
proves      proven  hidden    none   none     elsewhere  trouble   trouble  trouble  proven  trouble  trouble
";

/// The classes whose objects may be in either source.
const OF_BOTH: [Class; 3] = [Class::AutNum, Class::Route, Class::Route6];

/// A key of each class.
const KEYS: [(Class, &str); 22] = [
    (Class::AsBlock, "AS1 - AS9"),
    (Class::AsSet, "AS15169:AS-X"),
    (Class::AutNum, "AS15169"),
    (Class::Domain, "6.2.0.1.c.5.8.f.0.a.2.ip6.arpa"),
    (Class::FilterSet, "FLTR-X"),
    (Class::Inet6num, "2a0f:85c1:260::/44"),
    (Class::Inetnum, "193.201.149.0 - 193.201.149.127"),
    (Class::InetRtr, "a.example.net"),
    (Class::Irt, "IRT-X"),
    (Class::KeyCert, "PGPKEY-12345678"),
    (Class::Mntner, "X-MNT"),
    (Class::Organisation, "ORG-XY1-RIPE"),
    (Class::PeeringSet, "PRNG-X"),
    (Class::Person, "XY1-RIPE"),
    (Class::Poem, "POEM-X"),
    (Class::PoeticForm, "FORM-X"),
    (Class::Role, "XZ1-RIPE"),
    (Class::Route, "193.201.149.0/24AS15169"),
    (Class::Route6, "2a0f:85c1:264::/48AS15169"),
    (Class::Route6, "2a0f:85c1:264::/48as15169"),
    (Class::RouteSet, "RS-X"),
    (Class::RtrSet, "RTRS-X"),
];

/// An object with this key. It is maintained by itself, if that can be.
fn object(key: &Key) -> String {
    let (class, text) = (key.class(), key.text());
    let lines = match (class.template().key, key.route()) {
        ([prefix, origin], Some((block, number))) => format!("{prefix}: {block}\n{origin}: {number}\n"),
        ([name], _) if *name == class.first() => format!("{name}: {text}\n"),
        (names, _) => format!("{}: X Y\n{}: {text}\n", class.first(), names[0]),
    };
    let auth = if hides_auth(class) { "auth: SSO a@b.example\n" } else { "" };
    format!("{lines}{auth}mnt-by: X-MNT\nsource: RIPE\n")
}

/// The question of this name about the object with this key; `None` if nobody has it.
fn query(question: &str, key: &Key) -> Option<Query> {
    let block = || key.block().or_else(|| zone_block(key.text()));
    match question {
        "object" => Some(Query::Object(key.clone())),
        "elsewhere" => Some(Query::Elsewhere(key.clone())),
        "covering" => Some(Query::Covering(key.class(), block()?)),
        "within" => Some(Query::Within(key.class(), block()?)),
        "referring" if referring_attributes(key.class()).is_empty() => None,
        "referring" => Some(Query::Referring(key.clone())),
        "maintained" => Some(Query::MaintainedBy(Key::new(Class::Mntner, "X-MNT"))),
        "as-block" => Some(Query::AsBlockOf(Asn(5))).filter(|_| key.class() == Class::AsBlock),
        "proves" => Some(Query::Proves(key.clone())).filter(|_| hides_auth(key.class())),
        other => panic!("{other}"),
    }
}

/// The answer of this name to a request about `key`, the `count`th.
fn act(answer: &str, key: &Key, count: usize) -> Act {
    let (text, busy) = (object(key), http("429 Too Many Requests", "text/plain", ""));
    let error = |text| [("Error", text)];
    let moved =
        |to: String| Act::Send(format!("HTTP/1.1 301 Moved\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"));
    let path = format!("{}/{}?unfiltered&unformatted", key.class(), key.text().replace(' ', "%20"));
    match answer {
        "later" if count == 0 => busy,
        "found" | "later" => json("200 OK", &[&text], &[]),
        "filtered" => {
            let text = text.replace("auth: SSO a@b.example", "auth: SSO # Filtered");
            json("200 OK", &[&text.replace("source: RIPE", "source: RIPE # Filtered")], &[])
        }
        "404" => absent(),
        "115" => json(
            "400 Bad Request",
            &[],
            &error("ERROR:115: invalid search key\n\nSearch key entered is not valid"),
        ),
        "301-other" => moved(format!("https://rest.elsewhere.example/RIPE-NONAUTH/{path}")),
        "301-away" => moved(format!("https://rest.elsewhere.example/RIPE/{path}")),
        "401" => json("401 Unauthorized", &[], &error("who are you?")),
        "429" => busy,
        "500" => json("500 Internal Server Error", &[], &error("Unexpected error occurred")),
        "html" => http("200 OK", "text/html", "<html>log in</html>"),
        other => panic!("{other}"),
    }
}

/// What is known in the end, in one word.
fn word(key: &Key, query: &Query, known: &Registered, asked: Result<Vec<KeyScope>, Trouble>) -> &'static str {
    if let Err(trouble) = &asked {
        assert!(!known.answered.covers(query), "{query:?} is open still");
        assert!(trouble.url.starts_with("http://127.0.0.1") && trouble.next.len() > 10, "{trouble:?}");
        assert_eq!(trouble.kind == Kind::Redirect, trouble.what.contains("301"), "{trouble:?}");
        return "trouble";
    }
    let found = known.objects.get(key);
    match found {
        _ if known.elsewhere.contains(key) => "elsewhere",
        Some(object) if filtered(object) => "hidden",
        Some(_) if matches!(query, Query::Proves(_)) => {
            assert!(known.answered.covers(query) && asked.unwrap()[0].maintainers() == [key.text()]);
            "proven"
        }
        Some(_) => "there",
        None => {
            assert!(
                matches!(query, Query::Proves(_)) || known.answered.covers(query),
                "{query:?} is answered"
            );
            "none"
        }
    }
}

#[tokio::test]
async fn every_answer_to_every_question_is_understood() {
    assert!(Class::all().all(|class| KEYS.iter().any(|(each, _)| *each == class)), "each class has a key");
    let mut lines = TABLE.trim().lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let answers = lines.next().unwrap();
    let mut checked = 0;
    for row in lines {
        for (class, text) in KEYS {
            let key = Key::new(class, text);
            assert_eq!(Object::parse(object(&key)).unwrap().key(), key);
            let Some(query) = query(row[0], &key) else { continue };
            for (answer, expected) in answers.iter().zip(&row).skip(1) {
                let is_strange = *expected == "elsewhere" && !OF_BOTH.contains(&class);
                let expected = if is_strange { "trouble" } else { expected };
                let (name, about) = ((*answer).to_owned(), key.clone());
                let server = Canned::serve(move |_, count| act(&name, &about, count)).await;
                let mut known = Registered::default();
                let registry = server.registry();
                let asked = registry.ask(&BTreeSet::from([query.clone()]), &[], &mut known).await;
                let asked = asked.map(|()| registry.key_scopes(&known));
                assert_eq!(word(&key, &query, &known, asked), expected, "{query:?} and {answer}");
                let strange =
                    |line: &String| !line.starts_with("GET /ripe") && !line.starts_with("GET /search?");
                assert!(!server.lines().iter().any(strange), "no redirect is followed: {:?}", server.lines());
                checked += 1;
            }
        }
    }
    assert!(checked > 900, "{checked} answers");
}

#[tokio::test]
async fn what_stands_in_the_other_source_is_read_there_if_it_matters() {
    let key = Key::new(Class::AutNum, "AS15169");
    let foreign = object(&key).replace("source: RIPE", "source: RIPE-NONAUTH");
    let server =
        Canned::serve(move |asked, _| match asked.line.starts_with("GET /ripe-nonauth/aut-num/AS15169?") {
            true => json("200 OK", &[&foreign], &[]),
            false => act("301-other", &Key::new(Class::AutNum, "AS15169"), 0),
        })
        .await;
    let (registry, mut known) = (server.registry(), Registered::default());
    registry.ask(&BTreeSet::from([Query::Object(key.clone())]), &[], &mut known).await.unwrap();
    assert!(known.is_elsewhere(&key).unwrap());
    let open = known.object(&key).unwrap_err().0;
    assert_eq!(open, Query::Elsewhere(key.clone()), "whether there is one is another question");
    registry.ask(&BTreeSet::from([open]), &[], &mut known).await.unwrap();
    let source = known.object(&key).unwrap().and_then(|found| found.value(Name::Source));
    assert_eq!(source.as_deref(), Some("RIPE-NONAUTH"));
    assert_eq!(server.lines().len(), 2);
}
