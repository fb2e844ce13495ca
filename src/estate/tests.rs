//! The estate as its user sees it: files in, objects, announcements and complaints out.

use std::{fs, path::Path};

use super::*;
use crate::rpsl::{Class, Name};

/// A small estate without a flaw, for tests to change one thing in.
const CONFIG_TEXT: &str = r#"format = 1
[sites]
ams = { upstream = "vultr", country = "NL" }
lux = { upstream = "vultr" }
[upstreams]
vultr = { asn = "AS20473", longest = 48 }
[[allocation]]
prefix = "2a0f:85c1:260::/44"
origin = "AS205398"
split = 48
templates = { inet6num = "block" }
[allocation.blocks]
any = { index = 0, at = ["*"], vars = { country = "EU" } }
ams = { index = 1, at = ["ams"] }
"#;

const BLOCK: &str =
    "inet6num: {{ prefix }}\nnetname: {{ block }}\ncountry: {{ country }}\nsource: {{ source }}\n";

/// Writes `files` over those of the small estate.
fn written(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let small = [(CONFIG, CONFIG_TEXT.as_bytes()), ("templates/block.rpsl", BLOCK.as_bytes())];
    for (path, content) in small.iter().chain(files) {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    root
}

/// `file:line:column text`, what led there, and the way out on a line of its own.
fn shown(findings: &[Finding]) -> String {
    let show = |finding: &Finding| {
        let place = finding.place.as_ref().map_or_else(String::new, |place| {
            let via = place.via.as_ref().map(|via| format!("({via}) ")).unwrap_or_default();
            format!("{}:{}:{} {via}", place.source.path.display(), place.line(), place.column())
        });
        let remedy = finding.remedy.as_ref().map(|remedy| format!("\n→ {remedy}")).unwrap_or_default();
        format!("{place}{}{remedy}", finding.text)
    };
    findings.iter().map(show).collect::<Vec<_>>().join("\n")
}

/// The small estate with `files` written over it is refused with `expected`.
fn check_files(files: &[(&str, &[u8])], expected: &str) {
    let root = written(files);
    let (estate, findings) = load(root.path(), None);
    assert_eq!(shown(&findings), expected);
    assert!(estate.is_none(), "nothing must be planned with half an estate");
}

/// The small estate with `old` replaced by `new` in `ripectl.toml` is refused with `expected`.
fn check(old: &str, new: &str, expected: &str) {
    assert!(CONFIG_TEXT.contains(old), "{old} is not in the small estate");
    check_files(&[(CONFIG, CONFIG_TEXT.replacen(old, new, 1).as_bytes())], expected);
}

fn sound(root: &Path, registry: Option<&str>) -> Estate {
    let (estate, findings) = load(root, registry);
    assert_eq!(shown(&findings), "");
    estate.unwrap()
}

#[test]
fn the_example_network_has_sixteen_announcements() {
    let estate = sound(Path::new(env!("CARGO_MANIFEST_DIR")), Some("sandbox"));
    let count = |class| estate.declared.iter().filter(|declared| declared.object.class() == class).count();
    let classes = [Class::Inet6num, Class::Route6, Class::Domain, Class::AutNum, Class::AsSet, Class::Role];
    assert_eq!(classes.map(count), [16, 16, 1, 1, 1, 1]);
    assert_eq!(estate.declared.len(), 39);
    assert_eq!(estate.announcements.len(), 16);
    assert_eq!(estate.announcements.iter().map(|a| a.sites.len()).collect::<Vec<_>>(), {
        let mut sites = vec![1; 16];
        sites[0] = 15;
        sites
    });
    let at = |asn| {
        estate.sites.iter().filter(|site| estate.upstream_of(&site.name).unwrap().asn == Asn(asn)).count()
    };
    assert_eq!((at(53667), at(20473)), (4, 11));
}

#[test]
fn the_example_network_uses_only_attributes_of_its_classes() {
    let base = include_str!("../sandbox/base.rpsl");
    let source =
        std::sync::Arc::new(crate::finding::Source { path: "base.rpsl".into(), text: base.to_owned() });
    let (file, findings) = crate::rpsl::File::parse(&source);
    assert_eq!(shown(&findings), "");
    let estate = sound(Path::new(env!("CARGO_MANIFEST_DIR")), Some("sandbox"));
    let declared: Vec<_> = estate.declared.iter().map(|declared| &declared.object).collect();
    let based: Vec<_> = file.objects().map(|(object, _)| object).collect();
    assert_eq!(based.len(), 21);
    for object in declared.into_iter().chain(based) {
        let template = object.class().template();
        let ranks: Vec<_> = object
            .attributes()
            .map(|a| {
                template
                    .rows
                    .iter()
                    .position(|row| Some(row.name) == a.name)
                    .unwrap_or_else(|| panic!("{}", a.label))
            })
            .collect();
        let policy = object.class() == Class::AutNum; // whose policy attributes stand in the user's order
        assert!(policy || ranks.is_sorted(), "{}", object.key());
        assert!(object.names(Name::Source, "RIPE"), "{}", object.key());
    }
}

#[test]
fn a_block_knows_its_country_and_where_it_came_from() {
    let root =
        written(&[("objects/a/p.rpsl", b"\nperson: A B\nnic-hdl: AB1-TEST\nsource:   RIPE # Filtered\n")]);
    let estate = sound(root.path(), Some("ripe-test"));
    let texts: Vec<_> = estate.declared.iter().map(|declared| declared.object.text()).collect();
    let any = "inet6num: 2a0f:85c1:260::/48\nnetname: any\ncountry: EU\nsource: TEST\n";
    let ams = "inet6num: 2a0f:85c1:261::/48\nnetname: ams\ncountry: NL\nsource: TEST\n";
    assert_eq!(texts, ["person: A B\nnic-hdl: AB1-TEST\nsource:   TEST # Filtered\n", any, ams]);
    let places: Vec<_> = estate.declared.iter().map(|declared| declared.place_of(2).to_string()).collect();
    let block = |line, name| format!("ripectl.toml:{line} (block {name}, templates/block.rpsl)");
    assert_eq!(places, ["objects/a/p.rpsl:4", &block(13, "any"), &block(14, "ams")]);
    assert_eq!(estate.declared[1].block(), Some("any"));
}

#[test]
fn an_announcement_is_a_block_at_its_sites() {
    let config = CONFIG_TEXT
        .replace(", at = [\"ams\"] }", " }")
        .replace("vars = { country", "origin = \"AS1\", vars = { country");
    let config = config.replace("block\" }", "block\" }\nvars = { country = \"GB\" }");
    let root = written(&[(CONFIG, config.as_bytes())]);
    let shown: Vec<_> = sound(root.path(), None).announcements;
    let shown = shown.into_iter().map(|a| format!("{} {} {:?} {}", a.prefix, a.origin, a.sites, a.place));
    assert_eq!(shown.collect::<Vec<_>>(), ["2a0f:85c1:260::/48 AS1 [\"ams\", \"lux\"] ripectl.toml:14"]);
}

#[test]
fn a_reverse_zone_is_one_for_all_or_one_for_each_block() {
    let zones = |reverse: &str| {
        let config = CONFIG_TEXT
            .replace("inet6num = \"block\" }", &format!("domain = \"zone\" }}\nreverse = \"{reverse}\""));
        let root = written(&[(CONFIG, config.as_bytes()), ("templates/zone.rpsl", b"domain: {{ zone }}\n")]);
        let declared = sound(root.path(), None).declared;
        declared.iter().map(|declared| declared.object.key().text().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(zones("allocation"), ["6.2.0.1.c.5.8.f.0.a.2.ip6.arpa"]);
    assert_eq!(zones("block"), ["0.6.2.0.1.c.5.8.f.0.a.2.ip6.arpa", "1.6.2.0.1.c.5.8.f.0.a.2.ip6.arpa"]);
    assert_eq!(zones("none"), [""; 0]);
}

#[test]
fn an_unknown_key_gets_a_suggestion() {
    check(
        "split = 48",
        "splt = 48\nsplit = 48",
        "ripectl.toml:10:1 `splt` is not a key here\n\
         → did you mean `split`?",
    );
    check(
        "[sites]",
        "colour = 1\n[sites]",
        "ripectl.toml:2:1 `colour` is not a key here\n\
         → known here: format, include, expect, shared, waiver, registry, manage, upstreams, sites, allocation, rpki",
    );
}

#[test]
fn all_problems_are_said_at_once() {
    let config = "format = 1\nsits = {}\n[manage]\nlimit = 3\n[[allocation]]\nprefix = 7\n";
    let objects: &[(&str, &[u8])] = &[(CONFIG, config.as_bytes()), ("objects/a.rpsl", b"rout6: ::/0\n")];
    check_files(
        objects,
        "ripectl.toml:2:1 `sits` is not a key here\n\
         → did you mean `sites`?\n\
         ripectl.toml:4:1 `limit` is not a key here\n\
         → did you mean `limits`?\n\
         ripectl.toml:6:10 `prefix`: must be a string, and is an integer\n\
         objects/a.rpsl:1:1 `rout6` is not a class of objects\n\
         → did you mean `route6:`?",
    );
}

#[test]
fn a_value_of_the_wrong_type_or_form_is_refused() {
    check(
        "split = 48",
        "split = \"48\"",
        "ripectl.toml:10:9 `split`: must be a whole number from 0 to 255, and is a string",
    );
    check(
        "split = 48",
        "split = 480",
        "ripectl.toml:10:9 `split`: must be a whole number from 0 to 255, and is 480",
    );
    check(
        "split = 48",
        "split = 40",
        "ripectl.toml:10:9 2a0f:85c1:260::/44 cannot be split into /40; choose a length from /45 to /128",
    );
    check(
        "\"AS20473\"",
        "\"20473\"",
        "ripectl.toml:6:17 `asn`: `20473` is not an AS number; write it as `AS205398`",
    );
    check(
        "longest = 48",
        "roa = \"valids\"",
        "ripectl.toml:6:34 `roa`: `valids` is none of `any`, `not-invalid`, `valid`; did you mean `valid`?",
    );
    check(
        "260::/44",
        "261::/44",
        "ripectl.toml:8:10 `prefix`: 2a0f:85c1:261::/44 has host bits set; did you mean 2a0f:85c1:260::/44?",
    );
    check(
        "[sites]",
        "[manage]\nprotect = [\"rle/*\", \"role\"]\n[sites]",
        "ripectl.toml:3:12 `protect`: `rle` is not a class of objects; did you mean `role`?\n\
         ripectl.toml:3:21 `protect`: `role` must be `class/key`, as `role/HN1-RIPE`, or `class/*`",
    );
    check(
        "[sites]",
        "[rpki]\nmax-age = \"2\"\nvrps = \"rtr://localhost:3323\"\n[sites]",
        "ripectl.toml:3:11 `max-age`: `2` is not an age; write it as `90s`, `30m`, `2h` or `1d`, or `never` for a fixture\n\
         ripectl.toml:4:8 `vrps`: rtr:// is not there yet\n\
         → name a file or a URL that your validator writes, such as http://localhost:8323/jsonext",
    );
    check(
        "country = \"EU\"",
        "prefix = \"EU\", country = \"EU\"",
        "ripectl.toml:13:39 `vars`: `prefix` has its value from ripectl\n\
         → give the variable another name, here and in the templates",
    );
}

#[test]
fn what_must_be_there_is_asked_for() {
    check(
        "format = 1\n",
        "",
        "ripectl.toml:1:1 `format` is missing\n\
         → put `format = 1` on the first line",
    );
    check(
        "format = 1\n",
        "format = 2\n",
        "ripectl.toml:1:10 this is format 2, and this version of ripectl knows format 1\n\
         → write `format = 1`, or update ripectl",
    );
    check(
        "asn = \"AS20473\", ",
        "",
        "ripectl.toml:6:9 `asn` is missing\n\
         → add `asn = \"AS64500\"`",
    );
    check(
        "origin = \"AS205398\"\n",
        "",
        "ripectl.toml:12:1 block `any` has no origin\n\
         → add `origin = \"AS…\"` to it or to its allocation\n\
         ripectl.toml:13:1 block `ams` has no origin\n\
         → add `origin = \"AS…\"` to it or to its allocation",
    );
}

#[test]
fn what_is_not_toml_is_shown_where_it_breaks() {
    check(
        "split = 48",
        "split = ",
        "ripectl.toml:10:9 string values must be quoted, expected literal string",
    );
}

#[test]
fn what_comes_later_is_not_taken_silently() {
    check(
        "[sites]",
        "include = [\"x\"]\n[sites]",
        "ripectl.toml:2:11 `include` is not there yet: this version of ripectl does not act on it\n\
         → take it out, or put `#` before its lines",
    );
    check(
        "[sites]",
        "[[waiver]]\nrule = \"x\"\n[sites]",
        "ripectl.toml:2:1 `waiver` is not there yet: this version of ripectl does not act on it\n\
         → take it out, or put `#` before its lines",
    );
    check(
        "split = 48",
        "split = 48\nrows = \"x.csv\"",
        "ripectl.toml:11:8 `rows` is not there yet: this version of ripectl does not act on it\n\
         → take it out, or put `#` before its lines",
    );
}

#[test]
fn a_repository_does_not_say_where_keys_are_sent() {
    let check = |registry: &str, expected: &str| check("[sites]", &format!("{registry}\n[sites]"), expected);
    check(
        "[registry.lab]\nurl = \"https://evil.example\"\nsource = \"TEST\"",
        "there is no registry `lab`\n\
         → choose one of: ripe, ripe-test, ripe-rc, sandbox\n\
         ripectl.toml:3:7 `https://evil.example`: a repository may not say where writes and keys are sent\n\
         → put the url of registry `lab` into your own configuration; here only 127.0.0.1, [::1] and localhost may stand",
    );
    check(
        "[registry.ripe]\nurl = \"http://127.0.0.1:1\"",
        "ripectl.toml:3:7 registry `ripe` is built in: its url and source are known\n\
         → take this line out, or give the registry another name",
    );
    check(
        "[registry.lab]\nurl = \"http://127.0.0.1:1\"",
        "there is no registry `lab`\n\
         → choose one of: ripe, ripe-test, ripe-rc, sandbox\n\
         ripectl.toml:2:11 registry `lab` has no `source`\n\
         → add `source = \"TEST\"`, as its objects have it",
    );
}

#[test]
fn the_registry_of_the_run() {
    let config = CONFIG_TEXT
        .replace("[sites]", "[registry.lab]\nurl = \"http://localhost:8080/\"\nsource = \"test\"\n[sites]");
    let root = written(&[(CONFIG, config.as_bytes())]);
    let chosen = |name| sound(root.path(), name).registry;
    assert_eq!(chosen(None).name, "lab");
    assert_eq!(chosen(None).endpoint, Endpoint::Url("http://localhost:8080".into()));
    assert_eq!(chosen(Some("lab")).source, "TEST");
    assert_eq!(chosen(Some("sandbox")).endpoint, Endpoint::Embedded);
    let (_, findings) = load(root.path(), Some("sandbx"));
    assert_eq!(shown(&findings), "there is no registry `sandbx`\n→ did you mean `--registry sandbox`?");
    let small = written(&[]);
    assert_eq!(sound(small.path(), None).registry.name, "ripe");
}

#[test]
fn blocks_are_parts_of_their_allocation_and_apart() {
    let check = |ams: &str, expected: &str| check("index = 1,", ams, expected);
    check(
        "index = 0,",
        "ripectl.toml:14:1 blocks `any` (ripectl.toml:13) and `ams` both have index 0, 2a0f:85c1:260::/48\n\
         → index 1 is free",
    );
    check(
        "index = 16,",
        "ripectl.toml:14:17 block `ams`: 2a0f:85c1:260::/44 has 16 parts, and none with index 16\n\
         → choose an index from 0 to 15",
    );
    check(
        "prefix = \"2a0f:85c1:260:8000::/52\",",
        "ripectl.toml:14:1 blocks `any` (ripectl.toml:13) and `ams` overlap: 2a0f:85c1:260::/48 and 2a0f:85c1:260:8000::/52\n\
         → index 1 is free",
    );
    check(
        "prefix = \"2a0f:85c1:270::/48\",",
        "ripectl.toml:14:18 block `ams`: 2a0f:85c1:270::/48 is not inside 2a0f:85c1:260::/44\n\
         → move it to the [[allocation]] that holds it, or give a prefix of 2a0f:85c1:260::/44",
    );
    check(
        "prefix = \"2a0f:85c1:261::/47\",",
        "ripectl.toml:14:18 `prefix`: 2a0f:85c1:261::/47 has host bits set; did you mean 2a0f:85c1:260::/47?",
    );
    check(
        "index = 1, prefix = \"2a0f:85c1:261::/48\",",
        "ripectl.toml:14:29 block `ams` has an index and a prefix\n\
         → leave one of them out",
    );
    check(
        "",
        "ripectl.toml:14:1 block `ams` has neither an index nor a prefix\n\
         → add `index = 1`, say",
    );
}

#[test]
fn an_index_needs_a_split() {
    check(
        "split = 48\n",
        "",
        "ripectl.toml:12:17 block `any` has an index, but 2a0f:85c1:260::/44 is not split\n\
         → add `split = 48`, say, to the allocation, or give the block a prefix\n\
         ripectl.toml:13:17 block `ams` has an index, but 2a0f:85c1:260::/44 is not split\n\
         → add `split = 48`, say, to the allocation, or give the block a prefix",
    );
}

#[test]
fn sites_and_upstreams_are_known() {
    check(
        "at = [\"ams\"]",
        "at = [\"asm\"]",
        "ripectl.toml:14:26 block `ams`: there is no site `asm`\n\
         → add `asm = { upstream = \"…\" }` to [sites]",
    );
    check(
        "at = [\"ams\"]",
        "at = [\"ams\", \"ams\"]",
        "ripectl.toml:14:33 block `ams` names site `ams` twice\n\
         → leave it out here",
    );
    check(
        "{ upstream = \"vultr\" }",
        "{ upstream = \"vulture\" }",
        "ripectl.toml:4:20 site `lux`: there is no upstream `vulture`; did you mean `vultr`?\n\
         → add `vulture = { asn = \"AS…\" }` to [upstreams]",
    );
}

#[test]
fn a_template_must_exist_and_fit() {
    check(
        "\"block\"",
        "\"blok\"",
        "ripectl.toml:11:26 there is no templates/blok.rpsl; did you mean `block`?\n\
         → write that file, or name one that is there",
    );
    check(
        "inet6num = ",
        "inetnum = ",
        "ripectl.toml:11:25 2a0f:85c1:260::/44 cannot have inetnum objects\n\
         → write `inet6num` instead of `inetnum`",
    );
    check(
        "split = 48",
        "split = 48\nreverse = \"block\"",
        "ripectl.toml:11:11 `reverse` asks for reverse zones, but no template makes them\n\
         → add `domain = \"zone\"` to `templates`, or write `reverse = \"none\"`",
    );
}

#[test]
fn a_template_makes_the_one_object_of_its_block() {
    let check = |template: &str, expected: &str| {
        check_files(&[("templates/block.rpsl", template.as_bytes())], expected)
    };
    check(
        "inet6num: {{ prefix }}\nnetname: {{ netnam }}\nremarks: {{ other | upper }}\n",
        "templates/block.rpsl:2:13 (block any, block ams) `netnam` has no value\n\
         → add `netnam = \"…\"` to `vars` of block any (ripectl.toml:13) or of allocation 2a0f:85c1:260::/44 (ripectl.toml:8)\n\
         templates/block.rpsl:3:21 (block any, block ams) `other` has no value\n\
         → add `other = \"…\"` to `vars` of block any (ripectl.toml:13) or of allocation 2a0f:85c1:260::/44 (ripectl.toml:8)",
    );
    check(
        "inet6num: {{ prefix }}\n{% if %}\n",
        "templates/block.rpsl:2:7 syntax error: unexpected end of block\n\
         → templates are written as Jinja has it: https://docs.rs/minijinja",
    );
    check(
        "inet6num: {{ prefix }}\nnonsense\n",
        "templates/block.rpsl:1:1 (block any, block ams) line 2 of what this makes, `nonsense`: this line is no attribute\n\
         → a template makes one inet6num",
    );
    check(
        "inet6num: {{ allocation }}\n",
        "templates/block.rpsl:1:1 (block any, block ams) this makes inet6num/2a0f:85c1:260::/44, which is not the inet6num of this block\n\
         → begin the template with `inet6num: {{ prefix }}`",
    );
    check(
        "route6: {{ prefix }}\norigin: {{ origin }}\n",
        "templates/block.rpsl:1:1 (block any) this makes route6/2a0f:85c1:260::/48AS205398, which is not the inet6num of this block\n\
         → begin the template with `inet6num: {{ prefix }}`\n\
         templates/block.rpsl:1:1 (block ams) this makes route6/2a0f:85c1:261::/48AS205398, which is not the inet6num of this block\n\
         → begin the template with `inet6num: {{ prefix }}`",
    );
    check(
        "inet6num: {{ prefix }}\n\nperson: {{ block }}\nnic-hdl: A-RIPE\n",
        "templates/block.rpsl:1:1 (block any, block ams) this makes more than one object, also person/A-RIPE\n\
         → a template makes one inet6num",
    );
    check(
        "\n",
        "templates/block.rpsl:1:1 (block any, block ams) this makes nothing\n\
         → a template makes one inet6num",
    );
}

#[test]
fn a_variable_with_no_value_is_asked_for_where_it_belongs() {
    check(
        ", vars = { country = \"EU\" }",
        "",
        "templates/block.rpsl:3:13 (block any) `country` has no value\n\
         → add `country = \"…\"` to `vars` of block any (ripectl.toml:13) or of allocation 2a0f:85c1:260::/44 (ripectl.toml:8)",
    );
}

#[test]
fn a_key_is_declared_once() {
    let object = "inet6num: 2A0F:85C1:261:0::/48\nsource: RIPE\n\nperson: A\nnic-hdl: A1-RIPE\n\nrole: A\nnic-hdl: A1-RIPE\n\nrole: B\nnic-hdl: a1-ripe\n";
    check_files(
        &[("objects/x.rpsl", object.as_bytes())],
        "objects/x.rpsl:10:1 role/a1-ripe is declared twice, first at objects/x.rpsl:7\n\
         → take one of them out\n\
         ripectl.toml:14:1 (block ams, templates/block.rpsl) inet6num/2a0f:85c1:261::/48 is declared twice, first at objects/x.rpsl:1\n\
         → take one of them out",
    );
    let absent =
        CONFIG_TEXT.replace("[sites]", "[manage]\nabsent = [\"inet6num/2a0f:85c1:261::/48\"]\n[sites]");
    check_files(
        &[(CONFIG, absent.as_bytes())],
        "ripectl.toml:3:11 inet6num/2a0f:85c1:261::/48 must be absent, but is declared at ripectl.toml:16 (block ams, templates/block.rpsl)\n\
         → take it out of `absent`, or do not declare it",
    );
}

#[test]
fn a_file_must_be_text() {
    check_files(
        &[("objects/x.rpsl", b"person: A\naddress: M\xfcnchen\n")],
        "objects/x.rpsl:2:11 objects/x.rpsl is not UTF-8: byte 20 is 0xFC\n\
         → if it is Latin-1: `iconv -f latin1 -t utf-8 objects/x.rpsl`",
    );
    check_files(
        &[(CONFIG, b"format = 1 # \xff\n")],
        "ripectl.toml:1:14 ripectl.toml is not UTF-8: byte 13 is 0xFF\n\
         → if it is Latin-1: `iconv -f latin1 -t utf-8 ripectl.toml`",
    );
}

#[test]
fn hidden_files_and_other_files_are_passed_over() {
    let root = written(&[
        ("objects/.#x.rpsl", b"\xff"),
        ("objects/README", b"\xff"),
        ("objects/.git/x.rpsl", b"\xff"),
    ]);
    sound(root.path(), None);
}

#[test]
fn an_estate_is_found_upward() {
    let root = written(&[("objects/a/p.rpsl", b"")]);
    assert_eq!(find(&root.path().join("objects/a")).unwrap(), root.path());
    let none = tempfile::tempdir().unwrap();
    let expected = format!(
        "no ripectl.toml in {} or in a directory above it\nhint: `cd` to the directory that holds ripectl.toml",
        none.path().display()
    );
    assert_eq!(find(none.path()).unwrap_err().to_string(), expected);
}
