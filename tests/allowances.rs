//! Wishes that cannot be granted, and those that would do damage: each is said, with what to write or to type.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use common::Estate;

/// The example estate, applied.
fn applied() -> Estate {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    estate
}

/// Takes blocks of the example out of the files; each is an inet6num and a route6.
fn without(estate: &Estate, blocks: &[&str]) {
    let text = estate.read("ripectl.toml");
    let keep = |line: &&str| !blocks.iter().any(|block| line.starts_with(&format!("{block} = {{ index")));
    let lines: Vec<&str> = text.lines().filter(keep).collect();
    assert_eq!(text.lines().count(), lines.len() + blocks.len());
    std::fs::write(estate.path("ripectl.toml"), lines.join("\n") + "\n").unwrap();
}

#[test]
fn limits_hold_without_being_set() {
    let estate = applied();
    estate.edit("ripectl.toml", "limits = { delete = 3, modify = 10 }", "");
    without(&estate, &["ewr", "sjc"]);
    let stop = "4 deletions planned, the limit is 3 (10 % of 39 managed objects, and at least 3)";
    estate.check("plan --registry sandbox", 0, &[stop, "`--allow-deletes 4`"]);
    estate.check("apply --registry sandbox --yes", 1, &[stop, "Nothing was written"]);
    // A part of the plan is measured by the same limit.
    estate.check(
        "plan --registry sandbox --only route6/2a0f:85c1:26e::/48AS205398 --exit-code",
        1,
        &["1 to delete"],
    );
    estate.edit("templates/block.rpsl", "netname:", "remarks: x\nnetname:");
    estate.check(
        "apply --registry sandbox --yes --allow-deletes 4",
        1,
        &["14 modifications planned, the limit is 11 (30 % of 39 managed objects)"],
    );
    estate.check("apply --registry sandbox --yes --allow-deletes 4 --allow-modifies 14", 0, &["18 done"]);
}

#[test]
fn an_allowed_number_is_exact_below_the_limit_too() {
    let estate = applied();
    without(&estate, &["sjc"]);
    let stop = "2 deletions planned, and `--allow-deletes 5` allows exactly 5";
    estate.check("plan --registry sandbox --allow-deletes 5", 0, &[stop, "`--allow-deletes 2`"]);
    estate.check("apply --registry sandbox --yes --allow-deletes 5", 1, &[stop, "Nothing was written"]);
    estate.check("apply --registry sandbox --yes --allow-deletes 2 --allow-modifies 0", 0, &["2 done"]);
}

/// The example estate with these lines in `[manage]`, and these before it.
fn managing(lines: &str, before: &str) -> Estate {
    let estate = Estate::new();
    estate.edit("ripectl.toml", "[manage]", &format!("{before}[manage]\n{lines}"));
    estate
}

#[test]
fn what_others_hold_is_not_absent_for_a_wish() {
    let route = "route6/2a0f:85c1:270::/44AS205500";
    let estate = managing(&format!("absent = [\"{route}\"]"), "");
    let told = [
        &format!("{route} must be absent, but others decide over it: SPONSOR-MNT (mnt-by; mnt-lower of"),
        "ripectl.toml:",
        &format!("ask SPONSOR-MNT to delete it, and write `[[expect]] absent = [\"{route}\"]` instead"),
    ];
    estate.check("plan --registry sandbox --exit-code", 1, &told);
    estate.check("apply --registry sandbox --yes", 1, &["Nothing was written"]);
    // What is not asked for is not spoken of.
    let plan = estate.check("plan --registry sandbox --only role/HN1-RIPE", 0, &["Plan: 1 to create"]);
    assert!(!plan.contains(route), "{plan}");
}

#[test]
fn a_wish_that_is_granted_already_is_passed_over() {
    let estate = managing("absent = [\"route6/2a0f:85c1:27f::/48AS205398\"]", "");
    estate.check("apply --registry sandbox --yes", 0, &["38 done"]);
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do: 39 objects stand as declared"]);
}

#[test]
fn what_must_be_absent_goes_for_that_reason() {
    let estate = applied();
    estate.edit(
        "ripectl.toml",
        "exclusive = [\"2a0f:85c1:260::/44\"]",
        "absent = [\"route6/2a0f:85c1:26f::/48AS205398\"]",
    );
    without(&estate, &["sjc"]);
    let plan = estate.check(
        "plan --registry sandbox",
        0,
        &["- route6 2a0f:85c1:26f::/48AS205398", "absent, ripectl.toml:12", "left alone: 1 object"],
    );
    assert!(!plan.contains("no longer declared"), "{plan}");
    estate.check("apply --registry sandbox --yes", 0, &["1 done"]);
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do"]);
}

#[test]
fn what_is_co_maintained_stays_and_says_why() {
    let estate = applied();
    let object = estate.read("objects/as205398.rpsl");
    assert!(object.contains("RIPE-NCC-END-MNT"));
    std::fs::remove_file(estate.path("objects/as205398.rpsl")).unwrap();
    estate.edit("ripectl.toml", "[manage]", "[manage]\nabsent = [\"aut-num/AS205398\"]");
    estate.check(
        "plan --registry sandbox --exit-code",
        1,
        &["aut-num/AS205398 stays: RIPE-NCC-END-MNT co-maintains it", "ask your sponsoring LIR"],
    );
}

const ZONE: &str = "domain/8.2.0.1.c.5.8.f.0.a.2.ip6.arpa";
const SPACE: &str = "[[expect]]\nobject = \"inet6num/2a0f:85c1:280::/44\"\n";

#[test]
fn the_holder_of_the_space_reclaims_what_others_hold_in_it() {
    let estate = managing(&format!("absent = [\"{ZONE}\"]"), SPACE);
    estate.check(
        "plan --registry sandbox --exit-code",
        1,
        &[
            "the registry lets you take it back as HOBBY-MNT, mnt-domains of inet6num/2a0f:85c1:280::/44",
            "name it in `reclaim`",
        ],
    );
    estate.edit("ripectl.toml", "absent = [\"domain/", "reclaim = [\"domain/");
    let stop = "1 reclaim planned, the limit is 0 (others maintain what is reclaimed)";
    estate.check(
        "plan --registry sandbox",
        0,
        &["reclaimed from SPONSOR-MNT, ripectl.toml:", "† can never come back", stop, "`--allow-reclaims 1`"],
    );
    estate.check("apply --registry sandbox --yes", 1, &[stop, "Nothing was written"]);
    let json = estate.run("plan --registry sandbox --format json --allow-reclaims 1");
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let change = json["changes"].as_array().unwrap().iter().find(|change| change["action"] == "delete");
    assert_eq!(change.unwrap()["removal"], "reclaim");
    estate.check("apply --registry sandbox --yes --allow-reclaims 1", 0, &["39 done"]);
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do"]);
    estate.check("plan --registry sandbox --allow-reclaims 1", 0, &["STOP: 0 reclaims planned"]);
}

#[test]
fn what_the_registry_does_not_give_back_is_not_reclaimed() {
    let route = "route6/2a0f:85c1:270::/44AS205500";
    let space = "[[expect]]\nobject = \"inet6num/2a0f:85c1:270::/44\"\n";
    let estate = managing(&format!("reclaim = [\"{route}\"]"), space);
    let plan = estate.check(
        "plan --registry sandbox --exit-code --allow-reclaims 0",
        1,
        &[&format!("{route} cannot be reclaimed with a key of ours: those decide over it: SPONSOR-MNT")],
    );
    assert!(!plan.contains("to delete ·") && plan.contains("35 to create, 3 to change"), "{plan}");
}

#[test]
fn wishes_that_speak_against_each_other_are_refused_with_their_lines() {
    let check = |lines: &str, told: &[&str]| {
        let estate = managing(lines, "");
        estate.check("check", 1, told);
        estate.check("plan --registry sandbox", 2, told);
    };
    check(
        "absent = [\"role/HN9-RIPE\"]",
        &["role/HN9-RIPE must be absent, but `role/*` protects it at ripectl.toml:14", "ripectl.toml:11:11"],
    );
    check("reclaim = [\"role/HN9-RIPE\"]", &["no holder of address space decides over role objects"]);
    check("reclaim = [\"route6/2a0f:85c1:260::/48AS205398\"]", &["must be absent, but is declared at"]);
    check("absent = [\"route6/2a0f:85c1:270::/44\"]", &["a route is named with its origin"]);
    check(
        "absent = [\"route6/2a0f:85c1:271::/44AS205500\"]",
        &["has host bits set; did you mean 2a0f:85c1:270::/44?"],
    );
    check(
        &format!("reclaim = [\"{ZONE}\"]"),
        &["lies in no [[allocation]]", "what others hold elsewhere is not ours to reclaim", "[[expect]]"],
    );
}

#[test]
fn exclusive_lies_in_space_that_the_estate_speaks_for() {
    let own = "exclusive = [\"2a0f:85c1:260::/44\"]";
    let check = |exclusive: &str, also: &str, status: i32, told: &[&str]| {
        let estate = Estate::new();
        estate.edit("ripectl.toml", own, &format!("exclusive = [\"{exclusive}\"]"));
        estate.edit("ripectl.toml", "[manage]", &format!("{also}\n[manage]"));
        estate.check("check", status, told);
        if status != 0 {
            estate.check("plan --registry sandbox", 2, told);
        }
    };
    let refused = |exclusive: &str, told: &[&str]| {
        let all = [&["lies in no [[allocation]] and in no", "ripectl.toml:13:14", exclusive], told].concat();
        check(exclusive, "", 1, &all);
    };
    refused("::/0", &["hint: write `2a0f:85c1:260::/44`, or a part of it\n"]);
    refused("2000::/3", &["inet6num that is declared or expected"]);
    refused("2a0f:85c1:200::/40", &["what is ours in there and not declared would be deleted"]);
    refused("2a0f:85c1:270::/44", &["write `2a0f:85c1:260::/44`, or"]);
    refused("0.0.0.0/0", &["in no inetnum", "nobody holds as much: write a prefix of yours"]);
    refused("192.0.2.0/24", &["say so first: `[[expect]] object = \"inetnum/192.0.2.0/24\"`"]);
    check("::/0", "[[expect]]\nobject = \"inet6num/::/0\"", 1, &["lies in no [[allocation]]"]);
    check("2a0f:85c1:26f::/48", "", 0, &["no problems"]);
    check("2a0f:85c1:270::/44", "[[expect]]\nobject = \"inet6num/2a0f:85c1:270::/44\"", 0, &["no problems"]);
    check("192.0.2.0/25", "[[expect]]\nobject = \"inetnum/192.0.2.0 - 192.0.2.255\"", 0, &["no problems"]);
    check(
        "192.0.2.0/25",
        "[[expect]]\nobject = \"inetnum/192.0.2.0 - 192.0.2.100\"",
        1,
        &["`192.0.2.0 - 192.0.2.100`, or a part"],
    );
    check("2a0f:85c1:270::/44", "[[expect]]\nabsent = [\"inet6num/2a0f:85c1:270::/44\"]", 1, &["lies in no"]);
}

#[test]
fn host_bits_are_refused_in_files_as_in_the_configuration() {
    let object = |text: &str| {
        let estate = Estate::new();
        std::fs::write(estate.path("objects/more.rpsl"), format!("# mine\n\n{text}source: RIPE\n")).unwrap();
        estate
    };
    let route = "route6: 2a0f:85c1:26f::1/48\norigin: AS205398\nmnt-by: HOBBY-MNT\n";
    let told = [
        "error[host-bits]: `route6`: 2a0f:85c1:26f::1/48 has host bits set; did you mean 2a0f:85c1:26f::/48?",
        "objects/more.rpsl:3:1",
        "write `2a0f:85c1:26f::/48`",
    ];
    object(route).check("check", 1, &told);
    object(route).check("plan --registry sandbox", 2, &told);
    object(route).check("apply --registry sandbox --yes", 2, &told);
    let v4 = object("route: 192.0.2.1/24\norigin: AS205398\nmnt-by: HOBBY-MNT\n");
    let said = v4.check("check", 1, &["did you mean 192.0.2.0/24?", "objects/more.rpsl:3"]);
    assert!(!said.contains("error[syntax]"), "told once:\n{said}");
    let holes = object(
        "route6: 2a0f:85c1:270::/44\norigin: AS205398\nholes: 2a0f:85c1:271::1/48\nmnt-by: HOBBY-MNT\n",
    );
    holes.check("check", 1, &["`holes`: 2a0f:85c1:271::1/48 has host bits set", "objects/more.rpsl:5"]);

    let estate = Estate::new();
    estate.edit("templates/route.rpsl", "{{ prefix }}", "{{ network }}1/{{ length }}");
    let told = ["2a0f:85c1:260::1/48 has host bits set", "templates/route.rpsl:1", "block anycast"];
    estate.check("check", 1, &told);
    estate.check("plan --registry sandbox", 2, &told);
}

#[test]
fn a_swallowed_line_is_said() {
    let estate = Estate::new();
    estate.edit(
        "objects/as205398.rpsl",
        "descr:          Hobby Network\n",
        "descr:          Hobby Network\n   remarks: ours\n",
    );
    let told = [
        "this line continues `descr:` above",
        "objects/as205398.rpsl:",
        "begin it in the first column if `remarks:`",
    ];
    estate.check("check", 0, &told);
    estate.check("plan --registry sandbox", 0, &told);

    let estate = Estate::new();
    estate.edit("templates/zone.rpsl", "nserver:  ", "  nserver:");
    estate.check("check", 1, &["this line continues `zone-c:` above", "templates/zone.rpsl:7"]);
}

#[test]
fn an_object_of_another_registry_is_not_silently_ours() {
    let estate = Estate::new();
    estate.edit("objects/as205398.rpsl", "source:         RIPE", "source:         RADB");
    let told =
        ["error[source]: this object is of RADB", "objects/as205398.rpsl:", "take it out of the files"];
    estate.check("check", 1, &told);
    estate.check("plan --registry sandbox", 2, &told);
    estate.edit("objects/as205398.rpsl", "source:         RADB", "source:         test");
    estate.check("check", 0, &["no problems"]);
    estate.edit("objects/as205398.rpsl", "source:         test", "source:         CORP");
    estate.check("check", 1, &["`source: CORP` is of no registry that there is here"]);
    estate.edit("ripectl.toml", "[manage]", "[registry.corp]\nsource = \"CORP\"\n\n[manage]");
    estate.check("check --registry sandbox", 0, &["no problems"]);
    estate.edit("templates/route.rpsl", "{{ source }}", "ALTDB");
    estate.check("check --registry sandbox", 1, &["this object is of ALTDB", "templates/route.rpsl:5"]);
}

#[test]
fn whose_objects_are_ours_is_said_before_anything_else() {
    let ours = "maintainers = [\"HOBBY-MNT\"]";
    let estate = Estate::new();
    estate.edit("ripectl.toml", ours, "");
    let missing = "`[manage] maintainers` is missing: no registered object would be ours";
    let said =
        estate.check("check", 1, &[missing, "ripectl.toml:10:1", "add `maintainers = [\"HOBBY-MNT\"]`"]);
    assert!(said.starts_with("ripectl.toml · ripe\nerror[maintainers]: "), "{said}");
    estate.check("plan --registry sandbox", 2, &[missing]);
    estate.check("apply --registry sandbox --yes", 2, &[missing]);

    let estate = Estate::new();
    estate.edit("ripectl.toml", ours, "maintainers = [\"HOBY-MNT\"]");
    let said = estate.check(
        "check",
        0,
        &["no declared object has HOBY-MNT in its `mnt-by`", "did you mean `HOBBY-MNT`?"],
    );
    assert!(said.starts_with("ripectl.toml · ripe\nwarning[maintainers]: "), "{said}");
    let told = ["HOBY-MNT is not registered (sandbox)", "ripectl.toml:11:16", "did you mean `HOBBY-MNT`?"];
    let plan = estate.run("plan --registry sandbox --exit-code");
    let plan = String::from_utf8(plan.stdout).unwrap();
    let (first, rest) = plan.split_once("Plan: ").unwrap();
    assert!(told.iter().all(|part| first.contains(part)), "{first}");
    assert!(!rest.contains("HOBY-MNT is not registered"), "said once:\n{rest}");
    estate.check("apply --registry sandbox --yes", 1, &["HOBY-MNT is not registered", "Nothing was written"]);

    // One of several: the others' objects can be kept.
    let estate = Estate::new();
    estate.edit("ripectl.toml", ours, "maintainers = [\"HOBBY-MNT\", \"HOBBY2-MNT\"]");
    estate.check(
        "apply --registry sandbox --yes",
        0,
        &["warning", "HOBBY2-MNT is not registered", "38 done"],
    );
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_file() {
    let estate = Estate::new();
    for file in ["ripectl.toml", "objects/as205398.rpsl", "templates/route.rpsl", "fixtures/vrps.json"] {
        let marked = format!("\u{feff}{}", estate.read(file));
        std::fs::write(estate.path(file), marked).unwrap();
    }
    estate.check("check", 0, &["no problems"]);
    estate.check("apply --registry sandbox --yes --gate", 0, &["38 done", "all ok"]);
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do"]);
}

/// VRPs for the first two blocks of the example, with `more` in the record of the second.
fn vrps(metadata: &str, more: &str) -> String {
    let one = |block: u8, more: &str| {
        format!(
            r#"{{"asn":"AS205398","prefix":"2a0f:85c1:26{block}::/48","maxLength":48,"ta":"ripe"{more}}}"#
        )
    };
    format!(r#"{{"metadata":{metadata},"roas":[{},{}]}}"#, one(0, ""), one(1, more))
}

#[test]
fn what_has_expired_is_no_evidence() {
    let estate = applied();
    let check = |text: &str, status: i32, told: &[&str]| {
        std::fs::write(estate.path("v.json"), text).unwrap();
        estate.check("validate 2a0f:85c1:260::/47 --registry sandbox --vrps v.json", status, told)
    };
    check(&vrps("{}", ""), 0, &["2 VRPs, a fixture", "all ok"]);
    let said = check(
        &vrps("{}", r#","expires":1700000000"#),
        1,
        &[
            "1 VRP, 1 more expired and left out",
            "rpki-not-found",
            "no VRP covers 2a0f:85c1:261::/48; VRP AS205398 2a0f:85c1:261::/48-48 (ripe) did, and expired at \
             2023-11-14T22:13:20Z",
        ],
    );
    assert!(said.contains("2 announcements: 1 ok, 1 with errors"), "{said}");
    check(&vrps("{}", r#","expires":4070908800"#), 0, &["2 VRPs, a fixture"]);
    check(
        &vrps(r#"{"valid":1597516000}"#, ""),
        2,
        &["says itself that it is valid until 2020-08-15T18:26:40Z"],
    );
    let json = estate.run("validate --registry sandbox --vrps v.json --format json");
    assert_eq!((json.status.code(), json.stdout.as_slice()), (Some(2), b"".as_slice()));
    check(&vrps("{}", r#","expires":1700000000"#), 1, &[]);
    let json = estate.run("validate --registry sandbox --vrps v.json --format json");
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(
        (&json["evidence"]["vrps"]["count"], &json["evidence"]["vrps"]["expired"]),
        (&1.into(), &1.into())
    );
    let csv = "ASN,IP Prefix,Max Length,Trust Anchor,Expires\nAS205398,2a0f:85c1:260::/48,48,ripe,4070908800\n\
               AS205398,2a0f:85c1:261::/48,48,ripe,1700000000\n";
    check(csv, 1, &["1 VRP, 1 more expired and left out", "rpki-not-found"]);
}

#[test]
fn a_compressed_file_is_read_or_called_by_its_name() {
    let estate = applied();
    let line = "validate 2a0f:85c1:260::/47 --registry sandbox --vrps v.json.gz";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, vrps("{}", "").as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    std::fs::write(estate.path("v.json.gz"), &packed).unwrap();
    estate.check(line, 0, &["v.json.gz (compressed), 2 VRPs", "all ok"]);
    std::fs::write(estate.path("v.json.gz"), &packed[..packed.len() - 9]).unwrap();
    estate.check(line, 2, &["compressed (gzip) and cut off or damaged"]);
    std::fs::write(estate.path("v.json.gz"), b"\x28\xb5\x2f\xfd\x00\x00").unwrap();
    estate.check(line, 2, &["`v.json.gz` is compressed (zstd)", "zstd -dc v.json.gz"]);
    std::fs::write(estate.path("v.json.gz"), b"\xff\xfe{\x00}\x00").unwrap();
    estate.check(line, 2, &["`v.json.gz` is UTF-16 text", "iconv -f utf-16 -t utf-8"]);
}

#[test]
fn what_has_no_effect_is_said() {
    let check = |from: &str, to: &str, told: &[&str]| {
        let estate = Estate::new();
        estate.edit("ripectl.toml", from, to);
        estate.check("check", 0, told);
    };
    check(
        "vars = { country = \"EU\" }",
        "vars = { country = \"EU\", nservr = [\"x\"] }",
        &[
            "block anycast: no template of it names the variable `nservr`; did you mean `nserver`?",
            "ripectl.toml:50",
        ],
    );
    check(
        "vars = { nserver",
        "vars = { dscr = \"x\", nserver",
        &["allocation 2a0f:85c1:260::/44: no template", "`dscr`"],
    );
    let dead = "[upstreams]\nold = { asn = \"AS64500\" }";
    check("[upstreams]", dead, &["info", "upstream `old` carries no site", "ripectl.toml:18"]);
    let estate = Estate::new();
    estate.edit("ripectl.toml", "at = [\"*\"]", "at = [\"lux\"]");
    estate.edit("ripectl.toml", "[sites]", "[sites]\noslo = { upstream = \"buyvm\" }");
    estate.check("check", 0, &["info", "site `oslo` announces nothing", "ripectl.toml:23"]);
    let estate = Estate::new();
    std::fs::write(estate.path("templates/old.rpsl"), "route6: {{ prefix }}\n").unwrap();
    estate.check("check", 0, &["no allocation names the template `old`", "templates/old.rpsl:1"]);

    let estate = Estate::new();
    estate.edit("ripectl.toml", "\"mntner/*\"]", "\"mntner/*\", \"aut-num/AS205389\"]");
    let told = [
        "`protect` names aut-num/AS205389, which is neither declared nor registered as ours",
        "did you mean `aut-num/AS205398`?",
    ];
    estate.check("plan --registry sandbox", 0, &told);
    estate.edit("ripectl.toml", "AS205389", "AS205398");
    let plan =
        estate.check("plan --registry sandbox --allow-announced 2a0f:85c1:261::/48", 0, &["allows nothing"]);
    assert!(!plan.contains("`protect` names"), "{plan}");
}

#[test]
fn characters_that_the_registry_cannot_store_are_lost_only_if_that_is_allowed() {
    let estate = applied();
    let file = "objects/as205398.rpsl";
    let hobby = "descr:          Hobby Network\n";
    estate.edit(file, hobby, "descr:          Hobby 😀 Network\u{a0}café™\n");
    let plan = "plan --registry sandbox --exit-code";
    let told = [
        "STOP: the registry cannot store all characters, and would make of it",
        "  descr: Hobby ? Network cafétm\n",
        "write it in characters that it takes, or `--allow-lossy`",
    ];
    estate.check(plan, 1, &told);
    estate.check("apply --registry sandbox --yes", 1, &["Nothing was written"]);
    estate.check(&format!("{plan} --allow-lossy --out saved"), 1, &["`ripectl apply saved` does it"]);
    estate.check("apply saved --yes --only role/*", 2, &["was made with other `--only` or `--allow-…`"]);
    estate.check("apply saved --yes", 0, &["1 done", "warning: the registry cannot store all"]);
    estate.check(plan, 0, &["Nothing to do"]);
    // What is lost already is not lost again.
    estate.edit(file, "descr:          Hobby", "remarks:        another\ndescr:          Hobby");
    let text = estate.check(plan, 1, &["1 to change"]);
    assert!(!text.contains("STOP"), "{text}");
    // What only looks otherwise is not lost, nor is a mail domain that becomes punycode.
    estate.edit(file, "remarks:        another", "remarks:        a\u{a0}noth\u{65}\u{301}r");
    estate.edit(file, "😀", "fox");
    estate.edit(file, "™", "");
    estate.check("apply --registry sandbox --yes", 0, &["1 done"]);
    estate.edit("objects/contacts.rpsl", "address:", "address:        日本\naddress:");
    let text = estate.check("plan --registry sandbox --format markdown", 0, &["address: ***"]);
    assert!(!text.contains("??"), "{text}");
}

/// The example, applied, with a role more, which the files have no longer.
fn with_a_role_that_goes() -> Estate {
    let estate = Estate::new();
    let role = "role: Two NOC\naddress: Street 1\ne-mail: two@hobby.example\nnic-hdl: TN1-RIPE\nmnt-by: HOBBY-MNT\n\
                source: RIPE\n";
    std::fs::write(estate.path("objects/more.rpsl"), role).unwrap();
    estate.check("apply --registry sandbox --yes", 0, &["39 done"]);
    std::fs::remove_file(estate.path("objects/more.rpsl")).unwrap();
    estate
}

#[test]
fn what_is_ours_and_undeclared_counts_only_strictly() {
    let estate = with_a_role_that_goes();
    let told = "Ours and not declared, left alone: 1 object";
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do", told, "role TN1-RIPE"]);
    estate.check("plan --registry sandbox --exit-code --strict", 1, &[told]);
    estate.check("plan --registry sandbox --strict", 2, &["--exit-code"]);
}

#[test]
fn what_protect_names_stays_though_its_file_is_gone_and_absent_names_it() {
    let estate = with_a_role_that_goes();
    estate.edit("ripectl.toml", "[manage]\n", "[manage]\nabsent = [\"role/TN1-RIPE\"]\n");
    estate.check("apply --registry sandbox --yes", 2, &["`role/*` protects it at ripectl.toml:"]);
}

#[test]
fn what_can_never_come_back_goes_only_in_so_many_words() {
    let estate = with_a_role_that_goes();
    estate.edit("ripectl.toml", "[manage]\n", "[manage]\nabsent = [\"role/TN1-RIPE\"]\n");
    estate.edit("ripectl.toml", "\"role/*\", ", "");
    let stop = "1 deletion for ever planned, the limit is 0 (what is marked † can never come back)";
    let parts = [" 1 † role TN1-RIPE", "absent, ripectl.toml:", stop, "`--allow-irreversible 1`"];
    estate.check("plan --registry sandbox", 0, &parts);
    estate.check("apply --registry sandbox --yes", 1, &[stop, "Nothing was written"]);
    estate.check("apply --registry sandbox --yes --allow-irreversible 2", 1, &["allows exactly 2"]);
    estate.check("apply --registry sandbox --yes --allow-irreversible 1", 0, &["1 done"]);
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do"]);
}

#[test]
fn a_block_goes_only_with_what_is_below_it() {
    let estate = applied();
    without(&estate, &["sjc"]);
    let only = "apply --registry sandbox --yes --only inet6num/2a0f:85c1:26f::/48";
    let stop = "what is below it would be left without it: route6/2a0f:85c1:26f::/48AS205398";
    estate.check(only, 1, &[stop, "delete these too, or keep the block", "Nothing was written"]);
    estate.check("apply --registry sandbox --yes", 0, &["2 done"]);
}

#[test]
fn a_saved_plan_is_what_was_reviewed() {
    use std::os::unix::fs::PermissionsExt;
    let estate = applied();
    without(&estate, &["syd", "ewr", "sjc"]);
    std::fs::write(estate.path("plan.json"), "old").unwrap();
    let plan = "plan --registry sandbox --allow-deletes 6 --out plan.json";
    let said = estate.check(plan, 0, &["saved to plan.json (sha256:", "`ripectl apply plan.json` does it"]);
    let mode = std::fs::metadata(estate.path("plan.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds what the registry does not show to all");
    let digest = said.split_once("(sha256:").unwrap().1.split_once(')').unwrap().0;
    let text = estate.read("plan.json");

    let other = format!("apply plan.json --yes --expect sha256:{}", "0".repeat(64));
    estate.check(&other, 2, &["plan.json is not the plan that is expected", digest]);
    estate.check("apply --yes --expect sha256:0", 2, &["<FILE>"]);
    let put = |text: &str| std::fs::write(estate.path("plan.json"), text).unwrap();
    let refused = |text: &str, parts: &[&str]| {
        put(text);
        estate.check("apply plan.json --yes", 2, &[&["plan.json", "hint: "], parts].concat());
    };
    refused(
        &text.replace("ripectl/plan/2", "ripectl/plan/1"),
        &["`ripectl/plan/1`", "reads `ripectl/plan/2`"],
    );
    refused("{\"schema\": \"ripectl/plan/1\", \"changes\": []}", &["`ripectl/plan/1`"]);
    let version = format!("\"ripectl\": \"{}\"", env!("CARGO_PKG_VERSION"));
    refused(&text.replace(&version, "\"ripectl\": \"9.9.9\""), &["was made by ripectl 9.9.9"]);
    refused(&text[..text.len() / 2], &["this is no saved plan", "line"]);
    let hand = text.replace("2a0f:85c1:26f::/48", "2a0f:85c1:26c::/48");
    let key = "\"key\": \"2a0f:85c1:26c::/48AS205398\"";
    let line = hand[..hand.find(key).unwrap()].lines().count();
    refused(&hand, &[&format!("plan.json:{line} was changed by hand since it was saved")]);
    refused(
        &text.replacen("\"verdict\": \"accepted\"", "\"verdict\": \"undecided\"", 1),
        &["was changed by hand"],
    );

    put(&text);
    let old = estate.read("ripectl.toml");
    estate.edit("ripectl.toml", "[manage]\n", "# another\n[manage]\n");
    estate.check("apply plan.json --yes", 2, &["the plan of another estate, or ripectl.toml was changed"]);
    std::fs::write(estate.path("ripectl.toml"), old).unwrap();
    estate.check("apply plan.json --yes --allow-deletes 5", 2, &["made with other `--only` or `--allow-…`"]);
    estate.edit("objects/as205398.rpsl", "descr:          Hobby Network", "descr:          Hobby");
    estate.check("apply plan.json --yes", 1, &["not in the plan: modify aut-num/AS205398"]);
    estate.edit("objects/as205398.rpsl", "descr:          Hobby", "descr:          Hobby Network");
    estate.check(&format!("apply plan.json --yes --expect sha256:{digest}"), 0, &["6 done"]);
    estate.check(
        "apply plan.json --yes",
        1,
        &["plan.json:", "no longer so: delete route6/2a0f:85c1:26f::/48AS205398"],
    );
}
