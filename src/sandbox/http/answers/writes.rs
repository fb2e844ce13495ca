//! Writes: bodies in XML, and the forms of syncupdates.

use super::{Ask, FORM, JSON, KEY, SYNC, TEXT, XML, server};

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
    check("POST /references/ripe", "<whois-resources/>", 400, "Unable to find MNTNER");
    let less = body.replace("AS7:AS-X", "a<b");
    check("POST /ripe/as-set", &less, 400, "must not contain the");
    Ask("POST /ripe/as-set", &[JSON, ("content-type", "text/xml"), KEY], body.as_bytes(), 0).check(
        &server,
        415,
        "Unsupported Media Type",
    );
}

#[test]
fn many_zones_are_refused_in_a_text() {
    let server = server("");
    let check = |source: &str, accept: (&'static str, &str), body: &str, kind: &str, said: &str| {
        let headers = [accept, KEY, ("content-type", "application/json")];
        let line = format!("POST /domain-objects/{source}");
        assert_eq!(
            Ask(&line, &headers, body.as_bytes(), 0).of(&server),
            (400, kind.to_owned(), said.to_owned()),
            "{body}"
        );
    };
    let (json, xml, mandatory) = ("application/json", "application/xml", "WhoisResources is mandatory");
    for body in ["", "null", "{}", r#"{"objects":null}"#, r#"{"objects":{"object":[]}}"#] {
        check("ripe", JSON, body, json, mandatory);
        check("TEST", XML, body, xml, mandatory);
    }
    let one = |kind: &str| format!(r#"{{"objects":{{"object":[{{{kind}"attributes":{{}}}}]}}}}"#);
    for kind in ["", r#""type":"role","#, r#""type":"mt","#] {
        check("x", JSON, &one(kind), json, "supports 'domain' objects only");
    }
    check("x", JSON, &one(r#""type":"bogus","#), json, "Invalid object type: bogus");
    check("x", JSON, &one(r#""type":"DN","#), json, "The validated collection is empty");
}

#[test]
fn bodies_of_another_shape_are_refused_in_the_words_of_the_registry() {
    let server = server("");
    let check = |line: &str, body: &str, said: &str| {
        let headers = [JSON, KEY, ("content-type", "application/json")];
        let (status, _, answer) = Ask(line, &headers, body.as_bytes(), 0).of(&server);
        assert_eq!(status, 400, "{line} {body}: {answer}");
        assert!(answer.contains(said), "{line} {body}: {answer}");
        for word in ["struct", "Wire", "Resources, ", "expected"] {
            assert!(!answer.contains(word) || said.contains(word), "{line} {body}: {answer}");
        }
    };
    let single =
        "\"text\":\"Single object expected in WhoisResources (found %d)\",\"args\":[{\"value\":\"0\"}]";
    for body in ["", "null", "{}", " {\"objects\":null}", "\u{feff}{}"] {
        check("POST /ripe/role", body, single);
        check("PUT /ripe/role/X1-RIPE", body, single);
    }
    for body in ["5", "true", "\"x\""] {
        check(
            "POST /ripe/role",
            body,
            "Cannot construct instance of `net.ripe.db.whois.api.rest.domain.WhoisResources`",
        );
    }
    let value = |value: &str| {
        format!(
            r#"{{"objects":{{"object":[{{"attributes":{{"attribute":[{{"name":"role","value":{value}}}]}}}}]}}}}"#
        )
    };
    check(
        "POST /ripe/role",
        &value("[]"),
        "Cannot deserialize value of type `java.lang.String` from Array value",
    );
    check("POST /ripe/role", r#"{"objects":{"object":[null]}}"#, "The validated collection is empty");
}

#[test]
fn what_refers_to_each_other_is_written_to_the_one_source() {
    let server = server("");
    let check = |line: &str, body: &str, status, said: &str| {
        let headers = [JSON, KEY, ("content-type", "application/json")];
        Ask(line, &headers, body.as_bytes(), 0).check(&server, status, said);
    };
    let source =
        "{\"errormessages\":{\"errormessage\":[{\"severity\":\"Error\",\"text\":\"Invalid source 'TEST'\"}]}";
    for line in
        ["DELETE /references/TEST/bogus/x", "POST /references/TEST", "PUT /references/TEST?override=x"]
    {
        check(line, "{}", 400, source);
    }
    check("DELETE /references/ripe-nonauth/mntner/A-MNT", "", 400, "Invalid source 'ripe-nonauth'");
    check("DELETE /references/ripe/bogus/x", "", 400, "Invalid object type: bogus");
    check("DELETE /references/ripe/an/AS99", "", 404, "Not Found");
    check("DELETE /references/ripe/an/AS7", "", 400, "Object type AUT-NUM is not supported.");
    for body in ["", "null"] {
        check("POST /references/TEST", body, 400, "WhoisResources is mandatory");
        check("PUT /references/TEST", body, 400, "WhoisResources is mandatory");
    }
    check("PUT /references/TEST?override=", "{}", 400, "override is mandatory");
    let person = r#"{"objects":{"object":[{"attributes":{"attribute":[{"name":"person","value":"Ann A"},{"name":"e-mail","value":"b@a.example"},{"name":"nic-hdl","value":"PA1-RIPE"},{"name":"mnt-by","value":"A-MNT"},{"name":"source","value":"RIPE"}]}}]}}"#;
    check("PUT /references/RIPE?override=me,x", person, 401, "Override authentication failed");
    check("PUT /references/RIPE?override=me,x", person, 401, "/references/RIPE?override=me,FILTERED");
    check("PUT /references/RIPE?override=x", "{}", 200, "\"link\"");
}

#[test]
fn a_password_of_the_staff_is_never_right() {
    let server = server("");
    let refused = "\"text\":\"Override authentication failed\"";
    let body = r#"{"objects":{"object":[{"attributes":{"attribute":[{"name":"person","value":"Ann A"},{"name":"e-mail","value":"b@a.example"},{"name":"nic-hdl","value":"PA1-RIPE"},{"name":"mnt-by","value":"A-MNT"},{"name":"source","value":"RIPE"}]}}]}}"#;
    let check = |line: &str, status, said: &str| {
        let headers = [JSON, KEY, ("content-type", "application/json")];
        Ask(line, &headers, body.as_bytes(), 0).check(&server, status, said);
    };
    for password in
        ["override", "override=", "override=x", "override=me,x,why&dry-run", "override=a&override=b"]
    {
        check(&format!("PUT /ripe/person/PA1-RIPE?{password}"), 401, refused);
        check(&format!("DELETE /ripe/person/PA1-RIPE?{password}"), 401, refused);
        check(&format!("POST /ripe/person?{password}"), 401, refused);
    }
    check("GET /ripe/person/PA1-RIPE?override=x", 200, "Ann A");
    check("PUT /ripe/person/PA1-RIPE?dry-run", 200, "b@a.example");

    let sync = |text: &str, said: &[&str]| {
        let body = format!(
            "DATA={}",
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
        );
        let (_, _, report) = Ask("POST /", &[SYNC, FORM, KEY], body.as_bytes(), 0).of(&server);
        for said in said {
            assert!(report.contains(said), "{text}: {report}");
        }
    };
    let person = "person: Ann A\ne-mail: b@a.example\nnic-hdl: PA1-RIPE\nmnt-by: A-MNT\nsource: RIPE\n";
    let set = "as-set: AS7:AS-X\ntech-c: PA1-RIPE\nadmin-c: PA1-RIPE\nmnt-by: A-MNT\nsource: RIPE\n";
    let (failed, one) = ("Modify FAILED: [person] PA1-RIPE", "***Error:   Override authentication failed");
    sync(
        &format!("{person}override: me,x\n\n{set}\ndry-run:\n"),
        &[failed, one, "Create SUCCEEDED: [as-set]"],
    );
    sync(&format!("OVERRIDE: x\n{person}override: x \n"), &[failed, one]);
    sync(
        &format!("{person}override: x\noverride: y\n"),
        &[failed, "***Error:   Multiple override passwords used"],
    );
    let lost =
        "***Warning: An override password was found not attached to an object and was\n            ignored\n";
    sync("override: x\n\noverride: y\n", &[lost]);
    sync(&format!("hello\noverride: x\n\n{set}dry-run:\n"), &[lost, "Create SUCCEEDED: [as-set]"]);
}

#[test]
fn what_is_written_is_never_answered_as_text() {
    let server = server("");
    let check = |line: &str, accept, status, kind: &str| {
        let json = ("content-type", "application/json");
        let (found, given, body) = Ask(line, &[("accept", accept), json], b"{}", 0).of(&server);
        assert_eq!((found, given.as_str()), (status, kind), "{line} {accept}: {body}");
    };
    for line in [
        "POST /ripe/role",
        "PUT /ripe/role/X1-RIPE",
        "DELETE /ripe/role/X1-RIPE",
        "POST /domain-objects/ripe",
    ] {
        let status = if line.starts_with("DELETE") { 404 } else { 400 };
        check(line, "text/plain, application/json;q=0.5", status, "application/json");
        check(line, "text/plain", 406, "text/plain;charset=iso-8859-1");
        check(line, "text/html;q=0.1, image/png", 406, "text/html;charset=iso-8859-1");
    }
    check("DELETE /ripe/role/X1-RIPE", "*/*", 404, "application/xml");
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
