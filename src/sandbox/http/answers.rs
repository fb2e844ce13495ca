//! What is answered to which request: status, form and words, a table for each door.

use std::net::{IpAddr, Ipv4Addr};

use futures_util::FutureExt;
use http_body_util::BodyExt;
use hyper::http::{HeaderMap, HeaderName, Method, header};
use jiff::{SignedDuration, Timestamp};

use super::{Server, call::Call, route};
use crate::{
    finding::Source,
    rpsl::File,
    sandbox::{accounts::Accounts, settings, state::World},
};

const BASE: &str = "
mntner: A-MNT\nadmin-c: PA1-RIPE\nupd-to: a@a.example\nauth: SSO a@a.example\nmnt-by: A-MNT\nsource: RIPE

person: Ann A\ne-mail: a@a.example\nnic-hdl: PA1-RIPE\nmnt-by: A-MNT\nsource: RIPE

irt: IRT-AA\nauth: SSO a@a.example\ne-mail: a@a.example\nadmin-c: PA1-RIPE\nmnt-by: A-MNT\nsource: RIPE

as-block: AS1 - AS9\nmnt-by: A-MNT\nsource: RIPE

aut-num: AS7\nas-name: A\nmnt-by: A-MNT\nsource: RIPE

aut-num: AS64000\nas-name: A\nmnt-by: A-MNT\nsource: RIPE-NONAUTH

inetnum: 0.0.0.0 - 255.255.255.255\nnetname: ALL\nsource: RIPE

inet6num: 2a0f::/29\nnetname: L\nmnt-irt: IRT-AA\nmnt-by: A-MNT\nsource: RIPE

inet6num: 2a0f::/44\nnetname: A\nmnt-by: A-MNT\nsource: RIPE

inet6num: 2a0f::/48\nnetname: A-NET\nmnt-by: A-MNT\nsource: RIPE

route6: 2a0f::/48\norigin: AS7\nmnt-by: A-MNT\nsource: RIPE

domain: 0.0.0.0.0.0.0.0.f.0.a.2.ip6.arpa\nmnt-by: A-MNT\nsource: RIPE
";

const KEYS: &str = "[[key]]\nid = \"AAAAAAAAAAAAAAAAAAAAAAAA\"\nsecret = \"s\"\nmaintainers = [\"A-MNT\"]\n";
const KEY: (&str, &str) = ("authorization", "Basic QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBOnM=");
const JSON: (&str, &str) = ("accept", "application/json");
const XML: (&str, &str) = ("accept", "application/xml");
const TEXT: (&str, &str) = ("accept", "text/plain");
const SYNC: (&str, &str) = ("host", "syncupdates.db.example");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn server(settings: &str) -> Server {
    let source = std::sync::Arc::new(Source::new("base", BASE));
    let objects = File::parse(&source).0.objects().map(|(object, _)| object.clone()).collect();
    let mut world = World::open(None, Timestamp::UNIX_EPOCH).unwrap();
    world.load(objects).unwrap();
    let settings = format!("authoritative = [\"AS1-AS999\", \"2000::/4\", \"0.0.0.0/0\"]\n{settings}");
    let (settings, pace) = settings::parse(&settings).unwrap();
    Server::new(world, Accounts::parse(KEYS).unwrap(), settings, pace, "http://127.0.0.1".to_owned())
}

/// A request `METHOD target`, its headers and body, at so many seconds.
struct Ask<'a>(&'a str, &'a [(&'static str, &'a str)], &'a [u8], i64);

impl Ask<'_> {
    /// Status, content type, location and body of the answer.
    fn of(&self, server: &Server) -> (u16, String, String) {
        let Ask(line, given, body, second) = self;
        let (method, target) = line.split_once(' ').unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in *given {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        let now = Timestamp::from_second(*second).unwrap();
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let call = Call::new(method, &target.parse().unwrap(), headers, body.to_vec(), now);
        let reply = route::answer(server, &call, IpAddr::V4(Ipv4Addr::LOCALHOST)).into_response();
        let header = |name| reply.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let (status, kind, location) =
            (reply.status().as_u16(), header(header::CONTENT_TYPE), header(header::LOCATION));
        let body = reply.into_body().collect().now_or_never().unwrap().unwrap().to_bytes();
        (status, kind, location + std::str::from_utf8(&body).unwrap())
    }

    /// Holds that the answer has this status, and says this.
    fn check(&self, server: &Server, status: u16, said: &str) {
        let (found, kind, body) = self.of(server);
        assert_eq!(found, status, "{} {:?}: {kind} {body}", self.0, self.1);
        assert!(body.contains(said), "{} {:?} does not say {said:?}: {kind} {body}", self.0, self.1);
    }
}

#[test]
fn a_key_is_found_or_absent_or_none_or_elsewhere() {
    let server = server("");
    let check = |line: &str, status, said: &str| Ask(line, &[JSON], b"", 0).check(&server, status, said);
    check("GET /ripe/as-block/AS1%20-%20AS9", 200, "AS1 - AS9");
    check("GET /ripe/as-block/AS655", 404, "ERROR:101");
    check("GET /ripe/as-set/AS4294967296:AS-X", 404, "ERROR:101");
    check("GET /ripe/as-set/AS-X-", 404, "ERROR:101");
    check("GET /ripe/route-set/AS7", 400, "ERROR:115");
    check("GET /ripe/key-cert/AUTO-1", 400, "ERROR:115");
    check("GET /ripe/organisation/12", 400, "ERROR:115");
    check("GET /ripe/banana/x", 400, "Invalid object type: banana");
    check("GET /ripe/person/a%20-b", 400, "search key can not contain flags");
    check("GET /ripe/aut-num/AS7", 200, "AS7");
    check("GET /ripe/aut-num/AS64000", 301, "/RIPE-NONAUTH/aut-num/AS64000");
    check("GET /ripe-nonauth/aut-num/AS64000", 200, "AS64000");
    check("GET /ripe-nonauth/aut-num/AS7?unfiltered", 301, "/RIPE/aut-num/AS7?unfiltered");
    check("GET /ripe/aut-num/AS4294967296", 301, "/RIPE-NONAUTH/aut-num/AS4294967296");
    check("GET /ripe-nonauth/aut-num/AS4294967296", 404, "source %s");
    check("GET /ripe/aut-num/AS7x", 400, "ERROR:115");
    check("DELETE /ripe/aut-num/AS7x", 301, "/RIPE-NONAUTH/aut-num/AS7x");
    check("PUT /ripe/aut-num/x", 415, "Unsupported Media Type");
    Ask("PUT /ripe/aut-num/x", &[JSON, ("content-type", "application/json")], b"", 0).check(
        &server,
        301,
        "/RIPE-NONAUTH/aut-num/x",
    );
    check("DELETE /ripe-nonauth/aut-num/x", 404, "Not Found");
    check("GET /ripe/route6/3fff::/32AS7", 301, "/RIPE-NONAUTH/route6/3fff::/32AS7");
    check("GET /ripe/route6/3fff::/32", 404, "ERROR:101");
    check("GET /ripe/route6/10.0.0.0/8AS7", 400, "ERROR:115");
    check("GET /ripe/inet6num/2a0f::/48", 200, "A-NET");
    check("GET /ripe/inetnum/2a0f::/48", 400, "ERROR:115");
    check("GET /ripe-grs/mntner/A-MNT", 200, "A-MNT");
    check("GET /arin-grs/mntner/A-MNT", 400, "Invalid source '%s'");
    for method in ["POST", "PUT", "DELETE", "PATCH", "HEAD"] {
        check(&format!("{method} /ripe-grs/mntner/A-MNT"), 400, "");
    }
    check("PATCH /ripe/mntner/A-MNT", 400, "");
    check("PATCH /search", 405, "");
    check("OPTIONS /ripe-grs/mntner/A-MNT", 200, "");
    check("HEAD /search?query-string=A-MNT", 200, "");
    check("GET /ripe/mntner/", 400, "");
    check("GET /nowhere", 400, "");
    check("GET /metadata/sources/x/y", 400, "Invalid source '%s'");
    check("GET /metadata/banana", 405, "");
    check("GET /abuse-contact/10.0.0.1", 404, "No abuse contact found for 10.0.0.1");
    check("GET /abuse-contact/x", 400, "Invalid argument: x");
    check("GET /abuse-contact/AS8", 404, "No abuse contact found for AS8");
    check("GET /abuse-contact/2a0f::1", 200, r#""email":"""#);
}

#[test]
fn each_client_reads_the_form_that_it_takes() {
    let server = server("");
    let check = |target: &str, accept: Option<&str>, status, kind: &str, begins: &str| {
        let headers: Vec<_> = accept.into_iter().map(|accept| ("accept", accept)).collect();
        let (found, given, body) = Ask(&format!("GET {target}"), &headers, b"", 0).of(&server);
        assert_eq!((found, given.as_str()), (status, kind), "{target} {accept:?}: {body}");
        assert!(body.starts_with(begins), "{target} {accept:?}: {body}");
    };
    let plain = "text/plain;charset=utf-8";
    let (json, xml) = ("application/json", "application/xml");
    let (there, absent, never) = ("/ripe/aut-num/AS7", "/ripe/aut-num/AS8", "/ripe/route/AS7");
    check(there, None, 200, xml, "<?xml");
    check(there, Some(json), 200, json, "{\"objects\"");
    check(there, Some("text/plain"), 200, plain, "aut-num:        AS7");
    check(there, Some("application/json;q=0.5, text/plain"), 200, plain, "{\"objects\"");
    check(there, Some("text/plain;q=0.5, application/json"), 200, json, "aut-num:");
    check("/ripe/aut-num/AS7.txt", Some("*/*"), 200, plain, "aut-num:");
    check("/ripe/aut-num/AS7.json", None, 200, xml, "{\"objects\"");
    check(absent, Some(xml), 404, xml, "<?xml");
    let nothing = "http://127.0.0.1/ripe/aut-num/AS8\nSeverity: Error\nText: ERROR:101: no entries found\n\nNo entries found in source %s.\n[RIPE]\nhttps://docs.db.ripe.net/";
    check(absent, Some("text/plain"), 404, plain, nothing);
    check(absent, Some("text/plain;q=0.5, application/json"), 404, json, nothing);
    let refused = "Severity: Error\nText: ERROR:115: invalid search key\n\nSearch key entered is not valid for the specified object type(s)\n\nlocator: https://docs.db.ripe.net/";
    check(never, Some("text/plain"), 400, plain, refused);
    check(never, Some(json), 400, json, "{\"link\"");
    for target in [there, absent, never, "/search?query-string=AS7", "/ripe/aut-num/AS7/versions"] {
        check(target, Some("text/html"), 406, "text/html;charset=iso-8859-1", "<html>");
        check(target, Some("text/html, application/json;q=0"), 406, "text/html;charset=iso-8859-1", "<html>");
        check(target, Some("image/png"), 406, "", "");
    }
    check(
        "/metadata/sources",
        Some("text/plain"),
        406,
        "text/plain;charset=iso-8859-1",
        "HTTP ERROR 406 Not Acceptable\nURI: http://127.0.0.1/whois/metadata/sources\n",
    );
    check("/metadata/sources", Some(xml), 200, xml, "<?xml");
    check("/metadata/templates/role", Some(xml), 200, xml, "<?xml");
    check("/metadata/templates/x", None, 404, "text/html;charset=iso-8859-1", "<html>");
    check("/abuse-contact/2a0f::1", Some(xml), 200, xml, "<?xml");
    let proxied = [TEXT, ("host", "rest.example:1"), ("x-forwarded-proto", "https")];
    Ask("GET /search?query-string=AS88&password=x", &proxied, b"", 0).check(
        &server,
        404,
        "https://rest.example/search/?query-string=AS88\nSeverity",
    );
}

#[test]
fn versions_are_those_of_the_one_source() {
    let server = server("");
    let check =
        |line: &str, accept, status, said: &str| Ask(line, &[accept], b"", 0).check(&server, status, said);
    check("GET /ripe/aut-num/AS7/versions", JSON, 200, r#""versions":{"type":"aut-num","key":"AS7""#);
    check("GET /ripe/aut-num/AS7/versions", XML, 200, "<versions type=\"aut-num\" key=\"AS7\">");
    check(
        "GET /ripe/aut-num/as7/versions",
        TEXT,
        200,
        "Version history for AUT-NUM object \"as7\"\n\nrev#   Date              Op.    \n1     1970-01-01T00:00:00Z  ADD/UPD\n",
    );
    check("GET /ripe/aut-num/AS7/versions/1", TEXT, 200, "aut-num:        AS7\n");
    check("GET /ripe/aut-num/AS7/versions/1", XML, 200, "<object type=\"aut-num\">");
    for source in ["ripe-nonauth", "RIPE-GRS", "arin-grs"] {
        for path in ["versions", "versions/1"] {
            for accept in [JSON, XML, TEXT] {
                check(&format!("GET /{source}/aut-num/AS7/{path}"), accept, 400, "Invalid source");
            }
        }
    }
    check("GET /ripe/aut-num/AS7/versions/2", JSON, 404, "ERROR:117");
    check("GET /ripe/aut-num/AS7/versions/x", JSON, 404, "\"message\":\"Not Found\"");
    check("GET /ripe/aut-num/AS7/versions/0", JSON, 400, "must be greater than 0");
    check("GET /ripe/aut-num/AS7/versions/-1", JSON, 400, "--show-version has a flag argument");
    check("GET /ripe/aut-num/AS8/versions", JSON, 404, "ERROR:101");
    check("GET /ripe/aut-num/x/versions", JSON, 400, "ERROR:115");
    check("GET /ripe/person/PA1-RIPE/versions", JSON, 400, "ERROR:116");
    check("GET /ripe/banana/x/versions", JSON, 400, "Invalid object type");
}

/// The keys of the objects that a search shows.
fn found(server: &Server, query: &str) -> String {
    let (status, _, body) = Ask(&format!("GET /search?{query}"), &[JSON], b"", 0).of(server);
    assert_eq!(status, 200, "{query}: {body}");
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let objects = body["objects"]["object"].as_array().unwrap();
    let link = |object: &serde_json::Value| {
        object["link"]["href"].as_str().unwrap().splitn(5, '/').nth(4).unwrap().to_owned()
    };
    objects.iter().map(link).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_search_finds_by_key_address_and_value() {
    let server = server("");
    let check = |query: &str, expected: &str| assert_eq!(found(&server, query), expected, "{query}");
    check("query-string=as7&flags=r", "as-block/AS1 - AS9 aut-num/AS7");
    check("query-string=as8&flags=r", "as-block/AS1 - AS9");
    check("query-string=AS1-AS9&flags=r", "as-block/AS1 - AS9");
    check("query-string=A-NET&flags=r", "inet6num/2a0f::/48");
    check("query-string=2a0f::/48&flags=r", "inet6num/2a0f::/48 route6/2a0f::/48AS7");
    check("query-string=2a0f::/48AS7&flags=r", "route6/2a0f::/48AS7");
    check("query-string=2a0f::1&flags=l&flags=r", "inet6num/2a0f::/48 route6/2a0f::/48AS7");
    check("query-string=2a0f::/48&flags=lr", "inet6num/2a0f::/44");
    check(
        "query-string=2a0f::/48&flags=Lr&type-filter=i6",
        "inet6num/2a0f::/29 inet6num/2a0f::/44 inet6num/2a0f::/48",
    );
    check("query-string=2a0f::/29&flags=mr", "inet6num/2a0f::/44 route6/2a0f::/48AS7");
    check(
        "query-string=2a0f::/29&flags=all-more&flags=r&type-filter=inet6num,route6",
        "inet6num/2a0f::/44 inet6num/2a0f::/48 route6/2a0f::/48AS7",
    );
    check("query-string=2a0f::/44&flags=xr", "inet6num/2a0f::/44");
    check("query-string=AS7&inverse-attribute=origin&flags=r", "route6/2a0f::/48AS7");
    check("query-string=PA1-RIPE&inverse-attribute=person&flags=r", "mntner/A-MNT irt/IRT-AA");
    check("query-string=mnt-by+A-MNT&flags=ir&type-filter=mntner", "mntner/A-MNT");
    check("query-string=A-MNT", "mntner/A-MNT person/PA1-RIPE");
    check("query-string=A-MNT&flags=no-personal", "mntner/A-MNT");
    check("query-string=A-MNT&flags=no-personal&flags=show-personal", "mntner/A-MNT person/PA1-RIPE");
    check("query-string=A-MNT&source=RIPE&source=ripe-nonauth&flags=r", "mntner/A-MNT");
    check("query-string=AS64000&source=RIPE-NONAUTH&flags=r", "aut-num/AS64000");
    check("query-string=A-MNT&source=ripe-grs&flags=r", "mntner/A-MNT");
    check("query-string=2a0f::/48&flags=cr&type-filter=inet6num", "inet6num/2a0f::/48 irt/IRT-AA");
}

#[test]
fn zones_are_found_by_name_and_both_ways_if_asked() {
    let server = server("");
    let zone = "0.0.0.0.0.0.0.0.f.0.a.2.ip6.arpa";
    let check = |query: &str, expected: &str| assert_eq!(found(&server, query), expected, "{query}");
    check(&format!("query-string={zone}&flags=r"), &format!("domain/{zone}"));
    check(&format!("query-string=0.{zone}.&flags=r"), &format!("domain/{zone}"));
    check(
        &format!("query-string={zone}&flags=dr"),
        &format!("inet6num/2a0f::/48 route6/2a0f::/48AS7 domain/{zone}"),
    );
    check(
        "query-string=2a0f::/48&flags=drx",
        &format!("inet6num/2a0f::/48 route6/2a0f::/48AS7 domain/{zone}"),
    );
    check("query-string=2a0f::/48&flags=dr&type-filter=domain", &format!("domain/{zone}"));
    check("query-string=2a0f::/29&flags=dMr&type-filter=domain", &format!("domain/{zone}"));
    Ask("GET /search?query-string=2a0f::/48&type-filter=domain", &[JSON], b"", 0).check(
        &server,
        404,
        "ERROR:101",
    );
}

#[test]
fn a_search_shows_as_many_as_asked() {
    let server = server("");
    let all = "query-string=A-MNT&inverse-attribute=mnt-by&flags=r&type-filter=i6";
    let check =
        |more: &str, expected: &str| assert_eq!(found(&server, &format!("{all}{more}")), expected, "{more}");
    check("&limit=1", "inet6num/2a0f::/29");
    check("&offset=1&limit=1", "inet6num/2a0f::/44");
    check("&offset=2", "inet6num/2a0f::/48");
    check("&offset=9", "");
    check("&limit=0", "");
    check("&limit=", "inet6num/2a0f::/29 inet6num/2a0f::/44 inet6num/2a0f::/48");
    check("&offset=-1", "inet6num/2a0f::/29 inet6num/2a0f::/44 inet6num/2a0f::/48");
    check("&offset=-1&limit=2", "inet6num/2a0f::/29");
    for wrong in ["offset=x", "limit=x", "limit=1.5", "offset=9999999999", "limit=%201"] {
        let line = format!("GET /search?flags=K&query-string=&{wrong}");
        Ask(&line, &[JSON], b"", 0).check(&server, 404, "\"message\":\"Not Found\"");
    }
}

#[test]
fn a_search_that_cannot_be_is_refused() {
    let server = server("");
    let check = |query: &str, status, said: &str| {
        Ask(&format!("GET /search?{query}"), &[JSON], b"", 0).check(&server, status, said);
    };
    check("query-string=%20", 400, "cannot be empty");
    check("query-string=-r+A-MNT", 400, "Flags are not allowed in 'query-string'");
    check("query-string=--+-r", 400, "search key can not contain flags");
    check("query-string=10.0.0.0+-+10.0.0.255&flags=r", 200, "ALL");
    check("query-string=A-MNT&source=RIPE,RIPE-NONAUTH", 400, "Invalid source '%s'");
    check("query-string=A-MNT&source=RIPE&source=", 400, "Invalid source '%s'");
    check("query-string=A-MNT&flags=FQ", 400, "Invalid search flag");
    check("query-string=A-MNT&flags=F", 400, "Disallowed search flag '%s'");
    check("query-string=A-MNT&type-filter=-x", 400, "--select-types has a flag argument");
    check("query-string=A-MNT&type-filter=x&inverse-attribute=y&flags=lm", 400, "ERROR:103");
    check("query-string=A-MNT&inverse-attribute=y&flags=lm", 400, "ERROR:104");
    check("query-string=A-MNT&flags=lm", 400, "ERROR:901");
    check("query-string=A-MNT&inverse-attribute=as-name", 404, "ERROR:105");
    check("query-string=A-MNT&inverse-attribute=as-name", 404, "ERROR:101");
    check("query-string=A-MNT&flags=l", 200, "A-MNT");
    for flag in ["m", "M"] {
        for all in ["::/0", "0/0", "0.0.0.0/0", "0.0.0.0+-+255.255.255.255"] {
            check(&format!("query-string={all}&flags={flag}r"), 400, "ERROR:1");
        }
    }
    check("query-string=::/0&flags=M&type-filter=mntner", 400, "ERROR:112");
    check("query-string=::/0&flags=M&type-filter=mntner", 400, "ERROR:115");
    check("query-string=::/0&flags=L&type-filter=mntner", 400, "ERROR:115");
    check("query-string=PA1-RIPE&type-filter=route6", 400, "ERROR:115");
    check("query-string=PA1-RIPE&type-filter=route6,person&flags=r", 200, "PA1-RIPE");
    check("query-string=PA1-RIPE&type-filter=person&flags=no-personal", 400, "ERROR:115");
    check("query-string=A-MNT&flags=d", 404, "ERROR:101"); // a name of a network, perhaps
    check(
        "query-string=A-MNT&flags=resource&source=RIPE",
        400,
        "\"--resource\"},{\"value\":\"-s, --sources\"",
    );
    check("query-string=A-MNT&flags=valid-syntax&flags=no-valid-syntax", 400, "ERROR:109");
    check("query-string=A-MNT&client=a,b", 400, "ERROR:111");
    check("query-string=A-MNT&client=a,10.0.0.1", 200, "A-MNT");
    check("query-string=MD5-PW+x&inverse-attribute=auth", 400, "Inverse search on 'auth'");
    check("query-string=NONE&source=RIPE&source=RIPE-NONAUTH", 404, "RIPE,RIPE-NONAUTH");
}

#[test]
fn what_is_new_at_an_address_is_found_when_the_addresses_are_read_again() {
    let server = server("search-lag = \"10s\"");
    let sync = |text: &str, second| {
        let body = format!(
            "DATA={}",
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
        );
        Ask("POST /", &[SYNC, FORM, KEY], body.as_bytes(), second).check(&server, 200, "SUCCEEDED");
    };
    let ask = |target: &str, second, status| {
        Ask(&format!("GET {target}"), &[JSON], b"", second).check(&server, status, "");
    };
    let route = "route6: 2a0f:1::/48\norigin: AS7\nmnt-by: A-MNT\nsource: RIPE\n";
    let (exact, by_origin) = (
        "/search?query-string=2a0f:1::/48&flags=xr&type-filter=route6",
        "/search?query-string=2a0f:1::/48AS7&flags=r",
    );
    let by_value = "/search?query-string=A-MNT&inverse-attribute=mnt-by&type-filter=route6&flags=r";
    ask(exact, 0, 404);
    sync(route, 1);
    ask("/ripe/route6/2a0f:1::/48AS7", 1, 200);
    ask(by_value, 1, 200);
    for target in [exact, by_origin, "/search?query-string=2a0f:1::/32&flags=Mr&type-filter=route6"] {
        ask(target, 1, 404);
        ask(target, 10, 404);
        ask(target, 11, 200);
    }
    sync(&format!("{route}remarks: changed\n"), 12);
    ask(exact, 12, 200);
    sync(&format!("{route}remarks: changed\ndelete: x\n"), 13);
    ask(exact, 13, 404);
    sync(route, 14);
    ask(exact, 15, 404);
    ask(exact, 24, 200);
    sync("role: R\ne-mail: a@a.example\nnic-hdl: RR1-RIPE\nmnt-by: A-MNT\nsource: RIPE\n", 30);
    ask("/search?query-string=RR1-RIPE&flags=r", 30, 200);
    assert_eq!(server.world().search_lag, SignedDuration::from_secs(10));
}

#[test]
fn bodies_are_read_in_json_and_xml() {
    let server = server("");
    let xml = |attributes: &str| {
        format!(
            "<?xml version=\"1.0\"?><whois-resources><objects><object type=\"as-set\"><source id=\"ripe\"/><attributes>{attributes}</attributes></object></objects></whois-resources>"
        )
    };
    let pair = |name: &str, value: &str| format!("<attribute name=\"{name}\" value=\"{value}\"/>");
    let set = [
        ("as-set", "AS7:AS-X"),
        ("tech-c", "PA1-RIPE"),
        ("admin-c", "PA1-RIPE"),
        ("mnt-by", "A-MNT"),
        ("source", "RIPE"),
    ];
    let body = xml(&set.map(|(name, value)| pair(name, value)).concat());
    let kind = ("content-type", "application/xml; charset=utf-8");
    let check = |line: &str, body: &str, status, said: &str| {
        Ask(line, &[XML, kind, KEY], body.as_bytes(), 0).check(&server, status, said);
    };
    check("POST /ripe/as-set?dry-run", &body, 200, "<attribute name=\"as-set\" value=\"AS7:AS-X\"/>");
    check("PUT /ripe/as-set/AS7:AS-X", &body, 200, "<object type=\"as-set\">");
    check("POST /ripe/as-set", &body, 409, "errormessage severity=\"Error\"");
    check("PUT /ripe/as-set/AS7:AS-X", &xml(&pair("descr", "x")), 400, "Invalid object type: descr");
    check("PUT /ripe/as-set/AS7:AS-X", &xml(&pair("as-set", "AS7:AS-Y")), 400, "cannot be modified");
    check(
        "PUT /ripe/as-set/AS7:AS-X",
        &xml(&pair("as-set", "AS7:AS-X")),
        400,
        "No source: found in AS7:AS-X",
    );
    check("POST /ripe/as-set", "", 400, "Single object expected in WhoisResources");
    check("POST /ripe/as-set", "<whois-resources>", 400, "XML processing exception");
    check("POST /domain-objects/ripe", "<whois-resources/>", 400, "WhoisResources is mandatory");
    check("POST /references/ripe", "<whois-resources/>", 400, "Unable to find MNTNER");
    Ask("POST /ripe/as-set", &[JSON, ("content-type", "text/xml"), KEY], body.as_bytes(), 0).check(
        &server,
        415,
        "Unsupported Media Type",
    );
}

#[test]
fn a_text_is_sent_as_a_form() {
    let server = server("");
    let check = |line: &str, headers: &[(&'static str, &str)], body: &[u8], status, said: &str| {
        let all: Vec<_> = [SYNC, KEY].into_iter().chain(headers.iter().copied()).collect();
        Ask(line, &all, body, 0).check(&server, status, said);
    };
    let help = "You have requested Help information";
    check("GET /", &[], b"", 200, help);
    check("GET /?HELP=yes", &[], b"", 200, help);
    check("GET /?NEW=yes", &[], b"", 400, "DATA parameter is missing");
    check("GET /?NEW=no", &[], b"", 200, help);
    check("GET /?DATA=x", &[TEXT], b"", 403, "URI: http://127.0.0.1/whois/syncupdates/RIPE/?DATA=x");
    check("POST /", &[], b"", 400, "");
    check("POST /", &[("content-type", "text/plain")], b"DATA=x", 415, "Unsupported Media Type");
    check("POST /", &[FORM, JSON], b"DATA=x", 406, "Not Acceptable");
    check("POST /", &[FORM], b"", 200, help);
    check("POST /", &[FORM], b"NEW=yes&DATA=", 400, "DATA parameter is missing");
    check("POST /", &[FORM], b"DATA=x&HELP=yes", 200, help);
    check("POST /", &[FORM], b"DATA=x&HELP=no", 200, "do not look like objects");
    check("POST /", &[FORM], b"DATA=x&DIFF=yes", 400, "the DIFF method is not actually supported");
    check("POST /", &[FORM], b"DATA=x&DIFF=no", 200, "do not look like objects");
    check("POST /", &[("content-type", "multipart/form-data")], b"", 400, "");
    check(
        "POST /",
        &[("content-type", "application/x-www-form-urlencoded; charset=klingon")],
        b"DATA=x",
        400,
        "",
    );
    check("PUT /", &[FORM], b"DATA=x", 405, "");
    check(
        "POST /whois/syncupdates/ripe-nonauth",
        &[FORM],
        b"DATA=x",
        400,
        "Invalid source specified: ripe-nonauth",
    );
    check("POST /whois/syncupdates/ripe", &[FORM], b"DATA=x", 200, "do not look like objects");
    let role = "role: R\naddress: H%C%\ne-mail: a@a.example\nnic-hdl: AUTO-1\nmnt-by: A-MNT\nsource: RIPE\ndry-run:\nmnt-by: X-MNT\n";
    let latin = format!("DATA={}", role.replace("%C%", "%F6").replace('\n', "%0A"));
    check(
        "POST /",
        &[("content-type", "application/x-www-form-urlencoded; charset=ISO-8859-1")],
        latin.as_bytes(),
        200,
        "address:        Hö\n",
    );
    check("POST /", &[FORM], latin.replace("%F6", "%C3%B6").as_bytes(), 200, "address:        Hö\n");
    let part = "--X\r\nContent-Disposition: form-data; name=\"DATA\"\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n";
    let parts = [part.as_bytes(), role.replace("%C%", "\u{1}").as_bytes(), b"\r\n--X--\r\n"].concat();
    let parts: Vec<u8> = parts.into_iter().map(|byte| if byte == 1 { 0xf6 } else { byte }).collect();
    check(
        "POST /",
        &[("content-type", "multipart/form-data; boundary=X")],
        &parts,
        200,
        "address:        Hö\n",
    );
}

#[test]
fn one_line_makes_all_of_a_text_a_rehearsal_that_shows_differences() {
    let server = server("");
    let sync = |text: &str| {
        let body = format!(
            "DATA={}",
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
        );
        let (status, _, report) = Ask("POST /", &[SYNC, FORM, KEY], body.as_bytes(), 0).of(&server);
        assert_eq!(status, 200);
        report
    };
    let person =
        "person: Ann A\nremarks: x\ne-mail: b@a.example\nnic-hdl: PA1-RIPE\nmnt-by: A-MNT\nsource: RIPE\n";
    let set = "as-set: AS7:AS-X\ntech-c: PA1-RIPE\nadmin-c: PA1-RIPE\nmnt-by: A-MNT\nsource: RIPE\n";
    let report = sync(&format!("{person}\n{set}\ndry-run:\n"));
    let difference = "Modify SUCCEEDED: [person] PA1-RIPE   Ann A\n\n@@ -1,5 +1,7 @@\n person:         Ann A\n-e-mail:         a@a.example\n+remarks:        x\n+e-mail:         b@a.example\n nic-hdl:        PA1-RIPE\n mnt-by:         A-MNT\n+last-modified:  1970-01-01T00:00:00Z\n source:         RIPE\n\n\n***Info:    Dry-run performed, no changes to the database have been made\n\n\n";
    assert!(report.contains(difference), "{report}");
    assert!(report.contains("Create SUCCEEDED: [as-set] AS7:AS-X\n\n\n***Info:    Dry-run"), "{report}");
    Ask("GET /ripe/as-set/AS7:AS-X", &[JSON], b"", 0).check(&server, 404, "");
    assert!(!sync(person).contains("@@"), "only a rehearsal shows it");
    assert!(!sync(&format!("{person}dry-run: x")).contains("@@"), "nothing differs");
    let report = sync("mntner: A-MNT\nsource: RIPE\ndelete: a\ndelete: b\n");
    assert!(report.contains("Delete FAILED: [mntner] A-MNT\n\nmntner:         A-MNT\nsource:         RIPE\n\n***Error:   Multiple reasons specified for DELETE operation\n\n\n"), "{report}");
}
