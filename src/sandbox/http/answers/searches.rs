//! Searches: what they find, how much of it, when, and which are refused.

use jiff::SignedDuration;

use super::{Ask, FORM, JSON, KEY, SYNC, TEXT, XML, server};
use crate::sandbox::http::Server;

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
    check("query-string=A-MNT&client=a,10.0.0.1,b", 400, "ERROR:111");
    check("query-string=A-MNT&client=a,10.0.0.1", 400, "ERROR:203");
    check("query-string=A-MNT&client=a&flags=r", 200, "A-MNT");
    check("query-string=MD5-PW+x&inverse-attribute=auth", 400, "Inverse search on 'auth'");
    check("query-string=NONE&source=RIPE&source=RIPE-NONAUTH", 404, "RIPE,RIPE-NONAUTH");
}

#[test]
fn what_is_told_of_the_registry_itself_is_no_object() {
    let server = server("");
    let nothing = "\"errormessages\":{\"errormessage\":[]}";
    let check = |query: &str, status, said: &str| {
        Ask(&format!("GET /search?{query}"), &[JSON], b"", 0).check(&server, status, said);
    };
    check("query-string=A-MNT&flags=types", 404, nothing);
    check("query-string=A-MNT&flags=types&type-filter=route", 404, nothing);
    check("query-string=A-MNT&flags=types&client=a,10.0.0.1", 404, nothing);
    check("query-string=A-MNT&flags=types&flags=lm", 400, "ERROR:901");
    check("query-string=help", 404, nothing);
    check("query-string=%20HELP%20", 404, nothing);
    for option in ["flags=r", "source=RIPE", "type-filter=route", "client=a", "inverse-attribute=mnt-by"] {
        check(&format!("query-string=help&{option}"), 404, "ERROR:101");
    }
    check("query-string=help&client=a,10.0.0.1", 400, "ERROR:203");
    let text = "http://127.0.0.1/search/?query-string=help\n\nhttps://docs.db.ripe.net/";
    Ask("GET /search?query-string=help", &[TEXT], b"", 0).check(&server, 404, text);
    Ask("GET /search?query-string=help", &[XML], b"", 0).check(&server, 404, "<errormessages/>");
}

#[test]
fn a_search_may_ask_for_well_formed_objects() {
    let server = server("");
    let check = |query: &str, expected: &str| assert_eq!(found(&server, query), expected, "{query}");
    check("query-string=2a0f::/48&flags=r&flags=valid-syntax", "route6/2a0f::/48AS7");
    check("query-string=2a0f::/48&flags=r&flags=no-valid-syntax", "inet6num/2a0f::/48");
    for query in ["2a0f::/44&flags=rx&flags=valid-syntax", "A-MNT&flags=no-valid-syntax"] {
        Ask(&format!("GET /search?query-string={query}"), &[JSON], b"", 0).check(&server, 404, "ERROR:101");
    }
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
