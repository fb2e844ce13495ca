//! What validators print, in small; and the real samples where they are at hand.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    net::Asn,
    reading::{Problem, ReadError},
    rpki::{Evidence, Slurm, State, Vrp, read, validate},
};

const ROUTINATOR: &str = r#"{ "metadata": { "generated": 1795425688, "generatedTime": "2026-11-23T09:21:28Z" },
  "roas": [
    { "asn": "AS1", "prefix": "2001:db8::/32", "maxLength": 48, "ta": "ripe" },
    { "asn": "AS1", "prefix": "2001:db8::/32", "maxLength": 48, "ta": "ripe" },
    { "asn": "AS0", "prefix": "192.0.2.0/24", "maxLength": 24, "ta": "arin" }
  ],
  "aspas": [ { "customer": "AS1", "providers": ["AS2"], "ta": "ripe" } ] }"#;

fn roas(roas: &str) -> String {
    format!(r#"{{"roas":[{roas}]}}"#)
}

/// The evidence as `VRP, VRP, … @time`, or the first line or lines of the refusal before its hint.
fn outcome(result: Result<Evidence, ReadError>) -> String {
    let evidence = match result {
        Ok(evidence) => evidence,
        Err(error) => return error.to_string().split("\nhint: ").next().unwrap().to_owned(),
    };
    let vrps: Vec<String> = evidence.vrps.iter().map(|vrp| vrp.to_string()).collect();
    let time = evidence.generated.map(|time| format!(" @{time}")).unwrap_or_default();
    vrps.join(", ") + &time
}

fn check(text: &str, expected: &str) {
    assert_eq!(outcome(read("x", text.as_bytes())), expected, "{text}");
}

#[test]
fn json_of_every_validator() {
    check(ROUTINATOR, "AS0 192.0.2.0/24-24 (arin), AS1 2001:db8::/32-48 (ripe) @2026-11-23T09:21:28Z");
    check(
        r#"{"metadata":{"generated":1795425688},"roas":[{"asn":"AS1","prefix":"192.0.2.0/24","maxLength":24,
            "source":[{"type":"roa","uri":"rsync://x/y.roa","tal":"ripe","validity":{"notBefore":"x"}}]}]}"#,
        "AS1 192.0.2.0/24-24 (ripe) @2026-11-23T09:21:28Z",
    );
    check(
        r#"{"metadata":{"buildtime":"2026-11-23T09:22:37Z","elapsedtime":"0","vrps":4,"talfiles":["a"]},
            "roas":[{"asn":1,"prefix":"192.0.2.0/24","maxLength":24,"ta":"ripe","expires":1795521562}]}"#,
        "AS1 192.0.2.0/24-24 (ripe) @2026-11-23T09:22:37Z",
    );
    check(&roas(r#"{ "asn" : "as1", "prefix" : "192.0.2.0/24" }"#), "AS1 192.0.2.0/24-24");
    check(&roas(r#"{"prefix":"192.0.2.0/24","maxLength":"25","asn":"1","ta":null}"#), "AS1 192.0.2.0/24-25");
    check(&roas(r#"{"prefix":"192.0.2.0\/24","max_length":25,"asn":1}"#), "AS1 192.0.2.0/24-25");
}

/// Only the `roas` of the document itself are its records.
#[test]
fn what_else_is_called_roas_is_none() {
    let (own, other) = (r#"{"asn":1,"prefix":"192.0.2.0/24"}"#, r#"{"asn":2,"prefix":"192.0.2.0/24"}"#);
    let first = "AS1 192.0.2.0/24-24";
    check(&format!(r#"{{"x":{{"roas":[{other}]}},"roas":[{own}]}}"#), first);
    check(&format!(r#"{{"x":[{{"roas":[{other}]}}],"roas":[{own}]}}"#), first);
    check(&format!(r#"{{"x":"\\\"roas\":[{{","roas":[{own}]}}"#), first);
    check(&format!(r#"{{"roas":[{own}],"x":{{"roas":[{other}]}}}}"#), first);
    check(&format!(r#"{{"metadata":{{"roas":7}},"roas" : [{own}]}}"#), first);
    check(
        &format!(r#"{{"x":{{"roas":[{other}]}},"roas":[]}}"#),
        "`x` holds no VRP at all, so it proves nothing",
    );
    check(
        &format!(r#"{{"roas":[{own}],"roas":[{other}]}}"#),
        "`x`: duplicate field `roas` at line 1 column 50",
    );
    let none = read("x", format!(r#"{{"x":{{"roas":[{other}]}}}}"#).as_bytes()).unwrap_err();
    assert!(matches!(none.problem, Problem::Unrecognised { .. }), "{none}");
}

#[test]
fn csv_of_every_validator() {
    check("ASN,IP Prefix,Max Length,Trust Anchor\nAS1,192.0.2.0/24,25,ripe\n", "AS1 192.0.2.0/24-25 (ripe)");
    check(
        "\"ASN\",\"IP Prefix\",\"Max Length\",\"Trust Anchor\"\r\n\"AS1\",\"192.0.2.0/24\",\"25\",\"ripe\"\r\n",
        "AS1 192.0.2.0/24-25 (ripe)",
    );
    check(
        "URI,ASN,IP Prefix,Max Length,Not Before,Not After\n\
         rsync://x/y.roa,AS1,192.0.2.0/24,,2026-11-23 09:14:54,2027-11-22 09:19:54\n",
        "AS1 192.0.2.0/24-24",
    );
    check("ASN,IP Prefix,Max Length,Trust Anchor,Expires\nAS1,::/0,0,ripe,1795521562\n", "AS1 ::/0-0 (ripe)");
    check("ASN,Prefix,Max prefix length\nAS1,192.0.2.0/24,24\n", "AS1 192.0.2.0/24-24");
}

#[test]
fn the_last_roa_that_says_it_ends_it() {
    let check = |sources: &str, expected: Option<&str>| {
        let text =
            roas(&format!(r#"{{"asn":1,"prefix":"192.0.2.0/24","maxLength":24,"source":[{sources}]}}"#));
        let evidence = read("x", text.as_bytes()).unwrap();
        let ends = evidence.vrps.iter().next().unwrap().expires().map(|time| time.to_string());
        assert_eq!(ends.as_deref(), expected, "{sources}");
    };
    let roa = |own: &str, chain: &str| {
        format!(
            r#"{{"type":"roa","tal":"ripe","validity":{{"notBefore":"x","notAfter":"{own}"}},"chainValidity":{{"notAfter":"{chain}"}}}}"#
        )
    };
    let (early, late) = ("2026-11-24T00:00:00Z", "2027-01-01T00:00:00Z");
    check(&roa(late, early), Some(early));
    check(&roa(early, late), Some(early));
    check(&format!("{},{}", roa(late, early), roa(late, late)), Some(late));
    check(&format!(r#"{},{{"type":"exception","path":null}}"#, roa(early, early)), None);
    check(r#"{"type":"roa","tal":"ripe"}"#, None);
    check("", None);
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_format() {
    check(&format!("\u{feff}{}", roas(r#"{"asn":1,"prefix":"192.0.2.0/24"}"#)), "AS1 192.0.2.0/24-24");
    check("\u{feff}ASN,Prefix,Max prefix length\nAS1,192.0.2.0/24,24\n", "AS1 192.0.2.0/24-24");
}

#[test]
fn a_record_that_is_no_vrp_is_refused_with_its_place() {
    let one = |roa: &str, expected: &str| {
        let good = r#"{"asn":1,"prefix":"192.0.2.0/24"},"#;
        let expected = format!("`x`: 1 of its records cannot be read as VRPs:\n  record 2: {expected}");
        check(&roas(&(good.to_owned() + roa)), &expected);
    };
    one(
        r#"{"asn":1,"prefix":"2001:db8:101::/44"}"#,
        "2001:db8:101::/44 has host bits set; did you mean 2001:db8:100::/44?",
    );
    one(
        r#"{"asn":1,"prefix":"192.0.2.0/24","maxLength":23}"#,
        "maxLength 23 of 192.0.2.0/24 is out of range; it must be from 24 to 32",
    );
    one(
        r#"{"asn":1,"prefix":"192.0.2.0/24","maxLength":33}"#,
        "maxLength 33 of 192.0.2.0/24 is out of range; it must be from 24 to 32",
    );
    one(r#"{"asn":1,"prefix":"192.0.2.0/24","maxLength":-1}"#, "maxLength `-1` is not a number of bits");
    one(r#"{"prefix":"192.0.2.0/24"}"#, "the AS number is missing");
    one(
        r#"{"asn":4294967296,"prefix":"192.0.2.0/24"}"#,
        "`AS4294967296` is not an AS number; write it as `AS205398`",
    );
    one(r#"{"asn":1}"#, "the prefix is missing");
    check(
        "ASN,Prefix,Max prefix length\nAS1,192.0.2.0/24,24\nASX,192.0.2.0/24,24\nAS1,192.0.2.0/24,8\n",
        "`x`: 2 of its records cannot be read as VRPs:\
         \n  line 3: `ASX` is not an AS number; write it as `AS205398`\
         \n  line 4: maxLength 8 of 192.0.2.0/24 is out of range; it must be from 24 to 32",
    );
}

#[test]
fn what_is_cut_off_is_refused_wherever_the_cut_is() {
    let csv = "ASN,IP Prefix,Max Length,Trust Anchor\nAS1,192.0.2.0/24,24,ripe\n";
    let bird = "roa6 table r;\nprotocol static {\n\troa6 { table r; };\n\troute 2001:db8::/32 max 48 as 1;\n\troute 192.0.2.0/24 max 24 as 1;\n}\n";
    for cut in 60..bird.len() - 2 {
        assert!(read("x", &bird.as_bytes()[..cut]).is_err(), "{:?}", &bird[..cut]);
    }
    assert_eq!(read("x", bird.as_bytes()).unwrap().vrps.len(), 2);
    for text in [ROUTINATOR, csv] {
        for cut in 0..text.len() {
            let start = text.as_bytes().get(..cut).unwrap();
            let error = read("x", start).expect_err("a part is not the whole");
            let expected = match error.problem {
                Problem::Truncated(_) => cut > 0,
                Problem::Empty => cut == 0 || text == csv, // its header alone
                Problem::Unrecognised { .. } => text == csv, // a part of its header
                _ => false,
            };
            assert!(expected, "{cut}: {error:?}");
        }
    }
}

#[test]
fn what_proves_nothing_is_refused() {
    check("", "`x` holds no VRP at all, so it proves nothing");
    check(&roas(""), "`x` holds no VRP at all, so it proves nothing");
    check("ASN,IP Prefix,Max Length,Trust Anchor\n", "`x` holds no VRP at all, so it proves nothing");
    let foreign = "`x` holds no VRPs in a format that can be read; it begins with";
    check("AS1,192.0.2.0/24,24,ripe\n", &format!("{foreign} `AS1,192.0.2.0/24,24,ripe`"));
    check("roa-set {\n}\n", "`x` holds no VRP at all, so it proves nothing");
    check(
        r#"{"error": "Initial validation ongoing"}"#,
        &format!("{foreign} `{{\"error\": \"Initial validation ongoing\"}}`"),
    );
    check(r#"{"metadata":{"generated":"soon"},"roas":[]}"#, "`x`: `soon` is no time");
    check(
        "ASN,Prefix,Max prefix length\nAS1,192.0.2.0/24\n",
        "`x`: line 2 has 2 fields, but the header has 3",
    );
    check(
        "{\"roas\":[\n{\"asn\":1,\"prefix\":\"10.0.0.0/8\"}\n],,\n\"x\":1}",
        "`x`: key must be a string at line 3 column 3",
    );
    check(r#"{"roas":[]} {"roas":[]}"#, "`x`: trailing characters at line 1 column 13");
    check(
        "ASN,Prefix,Max prefix length\nAS1,192.0.2.0/24,24\nAS1,2001:db8::/32,\"32\nAS1,10.0.0.0/8,8\n",
        "`x`: line 3 has a quote that does not end in it",
    );
    let damaged = read("x", &[0x1f, 0x8b, 8, 0, 0xff]);
    assert_eq!(outcome(damaged), "`x`: it is compressed (gzip) and cut off or damaged");
    assert!(read("x", &[0x80, 0x8b, 8, 0, 0xff]).unwrap_err().to_string().contains(foreign));
}

#[test]
fn a_foreign_format_is_answered_with_those_that_can_be_read() {
    let error = read("x", b"hello\n").unwrap_err().to_string();
    for format in super::FORMATS {
        assert!(error.contains(format.name), "{error}");
    }
}

/// The file that users of the example network start with.
#[test]
fn the_fixture_has_a_roa_for_each_block() {
    for (file, dated) in [("vrps.json", true), ("vrps.csv", false)] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(file);
        let evidence = read(file, &fs::read(path).unwrap()).unwrap();
        assert_eq!((evidence.vrps.len(), evidence.generated.is_some()), (16, dated), "{file}");
        for block in 0..16 {
            let prefix = format!("2a0f:85c1:26{block:x}::/48").parse().unwrap();
            assert_eq!(validate(&evidence.vrps, prefix, Asn(205_398)).state, State::Valid, "{prefix}");
        }
    }
}

/// The same four VRPs, as each validator really printed them.
#[test]
fn real_samples_agree() {
    let Some(samples) = samples() else {
        println!("skipped: no samples of validators (../shared or RIPECTL_SHARED)");
        return;
    };
    let read = |file: &str| {
        let evidence = read(file, &fs::read(samples.join(file)).unwrap()).unwrap();
        let say = |vrp: Vrp| format!("{} {}-{}", vrp.origin(), vrp.prefix(), vrp.max_length());
        (evidence.vrps.iter().map(say).collect::<Vec<_>>(), evidence.generated.is_some())
    };
    let (expected, _) = read("routinator/vrps.json");
    assert_eq!(expected.len(), 4);
    let check = |file: &str, dated: bool| assert_eq!(read(file), (expected.clone(), dated), "{file}");
    check("routinator/vrps.json", true);
    check("routinator/vrps.jsonext", true);
    check("routinator/vrps.csv", false);
    check("routinator/vrps.csvcompat", false);
    check("routinator/vrps.csvext", false);
    check("rpki-client/json", true);
    check("rpki-client/csv", false);
    check("fort/roas.json", false);
    check("fort/roas.csv", false);
    check("rtr/rtrdump-from-routinator.json", false);
    check("rtr/rtrclient.json", false);
    check("rtr/rtrclient.csv", false);
    check("rtr/rtrclient.csvwithheader", false);
    check("routinator/vrps.bird1", false);
    check("routinator/vrps.bird2", false);
    check("routinator/vrps.openbgpd", false);
    check("routinator/vrps.slurm", false);
    check("routinator/vrps.slurm2", false);
    check("rpki-client/bird", true);
    check("rpki-client/bird1v6", true);
    check("rpki-client/openbgpd", true);
    check("bird/show-route-roa.txt", false);
    assert_eq!(read("stayrtr/rpki.json").0, read("stayrtr/rtrdump-v2.json").0);
    // The same through SLURM: what Routinator itself makes of it, and what StayRTR does.
    let slurm = Slurm::read("s", &fs::read(samples.join("slurm/slurm-v1.json")).unwrap()).unwrap();
    let evidence = rpki_read("routinator/vrps.json", &samples);
    let say = |vrp: Vrp| format!("{} {}-{}", vrp.origin(), vrp.prefix(), vrp.max_length());
    let applied: Vec<String> = Slurm::apply(&[slurm], evidence).unwrap().vrps.iter().map(say).collect();
    assert_eq!(applied, read("slurm/routinator-with-slurm.json").0);
    assert_eq!(applied, read("stayrtr/rpki.json").0);
}

fn rpki_read(file: &str, samples: &Path) -> Evidence {
    read(file, &fs::read(samples.join(file)).unwrap()).unwrap()
}

/// What validators print beside, and cannot serve: with the cause.
#[test]
fn real_samples_of_something_else_are_refused() {
    let Some(samples) = samples() else {
        println!("skipped: no samples of validators (../shared or RIPECTL_SHARED)");
        return;
    };
    let check = |file: &str, expected: &str| {
        let error = read("x", &fs::read(samples.join(file)).unwrap()).unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains("\nhint: "), "{file}: {error}");
    };
    check("routinator/vrps.rpsl", "RPSL says no maxLength");
    check("routinator/vrps.summary", "it is a summary");
    check("gobgp/rpki-table.txt", "it is a table for people");
    check("rpki-client/bird1v4", "holds no VRP at all");
    check("routinator/http-503-initial.resp", "holds no VRPs in a format");
    check("rtr/rtrclient-pfx.txt", "holds no VRPs in a format");
    check("rpki-client/filemode-roa.json", "holds no VRPs in a format");
    let refused = |file: &str, expected: &str| {
        let error = Slurm::read("x", &fs::read(samples.join(file)).unwrap()).unwrap_err().to_string();
        assert!(error.contains(expected), "{file}: {error}");
    };
    refused("slurm/bad-maxlen.json", "maxLength 20 of 2001:db8::/32 is out of range");
    refused("slurm/missing-keys.json", "missing field `bgpsecFilters`");
}

/// What the parts of an array say is what the whole says, wherever it is cut.
#[test]
fn a_long_array_is_read_in_parts() {
    let record = |number: u32| {
        let odd = if number % 1000 == 7 { r#", "source": [ {"tal": "x"}, {"tal": "y"} ]"# } else { "" };
        let [_, a, b, c] = number.to_be_bytes();
        format!("{{ \"asn\": \"AS{number}\", \"prefix\": \"10.{a}.{b}.{c}/32\", \"maxLength\": 32{odd} }}")
    };
    let text = |last: &str| {
        let records: Vec<String> = (0..60_000).map(record).chain([last.to_owned()]).collect();
        format!("{{\"metadata\":{{}},\n\"roas\":[\n{}\n]}}\n", records.join(",\n"))
    };
    let whole = text(&record(60_000));
    assert!(whole.len() > 3 << 20, "{}", whole.len());
    let evidence = read("x", whole.as_bytes()).unwrap();
    assert_eq!(evidence.vrps.len(), 60_001);
    assert_eq!(evidence.vrps.iter().last().unwrap().origin(), Asn(60_000));
    let bad = outcome(read("x", text(r#"{"asn":1,"prefix":"10.0.0.1/31"}"#).as_bytes()));
    assert!(bad.contains("record 60001: 10.0.0.1/31 has host bits set"), "{bad}");
    let broken = outcome(read("x", text("oops").as_bytes()));
    assert_eq!(broken, "`x`: expected value at line 60003 column 1");
    for cut in [whole.len() / 3, whole.len() / 2, whole.len() - 3] {
        let error = read("x", whole.as_bytes().get(..cut).unwrap()).unwrap_err();
        assert!(matches!(error.problem, Problem::Truncated(_)), "{error}");
    }
}

fn samples() -> Option<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let named = std::env::var_os("RIPECTL_SHARED").map(PathBuf::from);
    let folders = [Some(beside), named].into_iter().flatten();
    folders.map(|shared| shared.join("rpki/samples")).find(|samples| samples.is_dir())
}
