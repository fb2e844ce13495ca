//! Lookups: by key, in each form, and of versions.

use super::{Ask, JSON, TEXT, XML, server};

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
    check("GET /ripe/MT/A-MNT", 200, "A-MNT");
    check("GET /ripe/*mt/A-MNT", 200, "A-MNT");
    check("GET /ripe/an/AS64000", 301, "/RIPE-NONAUTH/an/AS64000");
    check("DELETE /ripe/banana/x", 400, "Invalid object type: banana");
    check("DELETE /ripe/pn/XX1-RIPE", 404, "Not Found");
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
fn who_refers_to_an_object_is_told_in_two_forms() {
    let server = server("");
    let check = |target: &str, accept: Option<&str>, status, kind: &str, said: &str| {
        let headers: Vec<_> = accept.into_iter().map(|accept| ("accept", accept)).collect();
        let (found, given, body) = Ask(&format!("GET /references/{target}"), &headers, b"", 0).of(&server);
        assert_eq!((found, given.as_str()), (status, kind), "{target} {accept:?}: {body}");
        assert!(body.contains(said), "{target} {accept:?}: {body}");
    };
    let (json, xml, page) = ("application/json", "application/xml", "text/html;charset=iso-8859-1");
    let role = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><references><primaryKey>irt-aa</primaryKey><objectType>IT</objectType><incoming><references><primaryKey>2a0f::/29</primaryKey><objectType>inet6num</objectType><incoming/><outgoing/></references></incoming><outgoing/></references>";
    for (target, accept) in [
        ("TEST/IT/irt-aa", None),
        ("ripe/IT/irt-aa", Some("*/*")),
        ("ripe/IT/irt-aa", Some("text/plain, application/xml;q=0.1")),
        ("ripe/IT/irt-aa.xml", Some(json)),
    ] {
        check(target, accept, 200, xml, role);
    }
    let tree = r#"{"primaryKey":"irt-aa","objectType":"IT","incoming":[{"primaryKey":"2a0f::/29","objectType":"inet6num"}]}"#;
    check("x/IT/irt-aa", Some(json), 200, json, tree);
    check("ripe/mntner/A-MNT", Some("text/html"), 406, page, "406");
    check("ripe/mntner/A-MNT", Some("text/plain"), 406, "text/plain;charset=iso-8859-1", "406");
    check("ripe/bogus/x", Some(json), 400, json, "\"text\":\"Invalid object type: bogus\"");
    check("ripe/mntner/NO-MNT", None, 404, xml, "text=\"Not Found\"");
    check("ripe/mntner/NO-MNT", Some("text/plain, application/json;q=0.5"), 404, json, "Not Found");
    check("ripe/mntner", Some(json), 400, json, "Invalid source '%s'");
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
