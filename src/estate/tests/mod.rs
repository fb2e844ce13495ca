//! The estate as its user sees it: files in, objects, announcements and complaints out.

use std::{fs, path::Path};

mod customers;
mod refused;
mod rows;
mod shared;

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
[manage]
maintainers = ["A-MNT"]
"#;

const BLOCK: &str = "inet6num: {{ prefix }}\nnetname: {{ block }}\ncountry: {{ country }}\nmnt-by: A-MNT\nsource: {{ source }}\n";

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

fn sound(root: &Path, registry: Option<&str>) -> Estate {
    let (estate, findings) = load(root, registry, &Configuration::default());
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
    let base = include_str!("../../sandbox/base.rpsl");
    let source = std::sync::Arc::new(crate::finding::Source::new("base.rpsl", base));
    let (file, findings) = crate::rpsl::File::parse(&source);
    assert_eq!(shown(&findings), "");
    let estate = sound(Path::new(env!("CARGO_MANIFEST_DIR")), Some("sandbox"));
    let declared: Vec<_> = estate.declared.iter().map(|declared| &declared.object).collect();
    let based: Vec<_> = file.objects().map(|(object, _)| object).collect();
    assert_eq!(based.len(), 26);
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
    let any = "inet6num: 2a0f:85c1:260::/48\nnetname: any\ncountry: EU\nmnt-by: A-MNT\nsource: TEST\n";
    let ams = "inet6num: 2a0f:85c1:261::/48\nnetname: ams\ncountry: NL\nmnt-by: A-MNT\nsource: TEST\n";
    assert_eq!(texts, ["person: A B\nnic-hdl: AB1-TEST\nsource:   TEST # Filtered\n", any, ams]);
    let places: Vec<_> = estate.declared.iter().map(|declared| declared.place_of(2).to_string()).collect();
    let expected = [
        "objects/a/p.rpsl:4",
        "templates/block.rpsl:3 (block any, `country` at ripectl.toml:13)",
        "templates/block.rpsl:3 (block ams)",
    ];
    assert_eq!(places, expected, "the line of the template, and that of the variable if one is written");
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

/// A block that is made otherwise than the others names its own templates; all of them, for those of the allocation count
/// no more then.
#[test]
fn a_block_may_have_templates_of_its_own() {
    let row = "ams = { index = 1, at = [\"ams\"]";
    let made = |own: &str| {
        let config = CONFIG_TEXT.replace(row, &format!("{row}, templates = {own}"));
        let other = format!("{BLOCK}remarks: other\n").replace("source: {{ source }}\nremarks", "remarks");
        let root = written(&[
            (CONFIG, config.as_bytes()),
            ("templates/other.rpsl", (other + "source: RIPE\n").as_bytes()),
            ("templates/route.rpsl", b"route6: {{ prefix }}\norigin: {{ origin }}\nmnt-by: A-MNT\n"),
        ]);
        let (estate, findings) = load(root.path(), None, &Configuration::default());
        let estate = estate.unwrap_or_else(|| panic!("{}", shown(&findings)));
        let of_block = estate.declared.iter().filter(|each| each.block() == Some("ams"));
        of_block
            .map(|each| (each.object.key().to_string(), each.object.has(Name::Remarks)))
            .collect::<Vec<_>>()
    };
    let block = |other| ("inet6num/2a0f:85c1:261::/48".to_owned(), other);
    let route = ("route6/2a0f:85c1:261::/48AS205398".to_owned(), false);
    assert_eq!(made("{ inet6num = \"block\" }"), [block(false)]);
    assert_eq!(made("{ inet6num = \"other\", route6 = \"route\" }"), [block(true), route.clone()]);
    assert_eq!(made("{ route6 = \"route\" }"), [route]);
    assert_eq!(made("{}"), []);
}

#[test]
fn a_reverse_zone_is_one_for_all_or_one_for_each_block() {
    let zones = |reverse: &str| {
        let config = CONFIG_TEXT
            .replace("inet6num = \"block\" }", &format!("domain = \"zone\" }}\nreverse = \"{reverse}\""));
        let root = written(&[
            (CONFIG, config.as_bytes()),
            ("templates/zone.rpsl", b"domain: {{ zone }}\nmnt-by: A-MNT\n"),
        ]);
        let (estate, findings) = load(root.path(), None, &Configuration::default());
        let unused = findings.iter().all(|finding| finding.rule == "unused"); // the template for blocks
        assert!(unused, "{}", shown(&findings));
        let declared = estate.unwrap().declared;
        declared.iter().map(|declared| declared.object.key().text().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(zones("allocation"), ["6.2.0.1.c.5.8.f.0.a.2.ip6.arpa"]);
    assert_eq!(zones("block"), ["0.6.2.0.1.c.5.8.f.0.a.2.ip6.arpa", "1.6.2.0.1.c.5.8.f.0.a.2.ip6.arpa"]);
    assert_eq!(zones("none"), [""; 0]);
}

#[test]
fn what_is_expected_of_others() {
    let expect = "[[expect]]\nobject = \"inet6num/2A0F:85C1:260::/44\"\n\
        has = { status = \"allocated-by-lir\", mnt-lower = [\"A-MNT\", \"B-MNT\"] }\nask = \"noc@lir.example\"\n\
        [[expect]]\nabsent = [\"route6<=2a0f:85c1:260::/44\", \"mntner/X-MNT\"]\n[sites]";
    let root = written(&[(CONFIG, CONFIG_TEXT.replace("[sites]", expect).as_bytes())]);
    let expects = sound(root.path(), None).expects;
    let shown = expects.iter().map(|expect| {
        let demand = match &expect.demand {
            Demand::Has { key, values } => format!("{key} {values:?}"),
            Demand::Absent(absence) => format!("no {absence}"),
        };
        format!("{}: {demand}, ask {}", expect.place, expect.ask.as_deref().unwrap_or("-"))
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            "ripectl.toml:3: inet6num/2a0f:85c1:260::/44 [(Status, [\"allocated-by-lir\"]), \
             (MntLower, [\"A-MNT\", \"B-MNT\"])], ask noc@lir.example",
            "ripectl.toml:7: no route6 <= 2a0f:85c1:260::/44, ask -",
            "ripectl.toml:7: no mntner/X-MNT, ask -",
        ]
    );
}

#[test]
fn the_registry_of_the_run() {
    let config = CONFIG_TEXT
        .replace("[sites]", "[registry.lab]\nurl = \"http://localhost:8080/\"\nsource = \"test\"\n[sites]");
    let root = written(&[(CONFIG, config.as_bytes())]);
    let chosen = |name| sound(root.path(), name).registry;
    assert_eq!(chosen(None).name, "lab");
    assert_eq!(chosen(None).endpoint, Endpoint::Url("http://localhost:8080".parse().unwrap()));
    assert_eq!(chosen(Some("lab")).source, "TEST");
    assert_eq!(chosen(Some("sandbox")).endpoint, Endpoint::Embedded);
    let (_, findings) = load(root.path(), Some("sandbx"), &Configuration::default());
    assert_eq!(shown(&findings), "there is no registry `sandbx`\n→ did you mean `--registry sandbox`?");
    let small = written(&[]);
    assert_eq!(sound(small.path(), None).registry.name, "ripe");
}

/// The user's own configuration with this text.
fn own(text: &str) -> Configuration {
    let (configuration, findings) = crate::user::parse(Path::new("/home/u/config.toml"), text);
    assert_eq!(shown(&findings), "");
    configuration
}

#[test]
fn the_registries_of_the_user_are_known_too() {
    let user = own(
        "[registry.corp]\nurl = \"https://rest.corp.example/\"\nsource = \"corp\"\ncredential = \"corp\"\n\
         [registry.lab]\ncredential = \"lab\"\n[registry.ripe]\ncredential = \"mine\"\n",
    );
    let config = |registries: &str| CONFIG_TEXT.replace("[sites]", &format!("{registries}\n[sites]"));
    let check = |name: &str, registries: &str, expected: (&str, &str, Option<&str>)| {
        let root = written(&[(CONFIG, config(registries).as_bytes())]);
        let (estate, findings) = load(root.path(), Some(name), &user);
        assert_eq!(shown(&findings), "");
        let Registry { endpoint, source, credentials, .. } = estate.unwrap().registry;
        let (url, expected_source, expected_credential) = expected;
        assert_eq!(endpoint, Endpoint::Url(url.parse().unwrap()), "{name}");
        assert_eq!(
            (source.as_str(), credentials.first().map(String::as_str)),
            (expected_source, expected_credential)
        );
    };
    let corp = ("https://rest.corp.example", "CORP", Some("corp"));
    check("corp", "", corp);
    check("corp", "[registry.corp]\ncredential = \"theirs\"", corp);
    check("corp", "[registry.corp]\nurl = \"https://rest.corp.example\"\nsource = \"CORP\"", corp);
    let lab = "[registry.lab]\nurl = \"http://127.0.0.1:1\"\nsource = \"TEST\"";
    check("lab", lab, ("http://127.0.0.1:1", "TEST", Some("lab")));
    check(
        "ripe",
        "[registry.ripe]\ncredential = \"theirs\"",
        ("https://rest.db.ripe.net", "RIPE", Some("mine")),
    );
    assert!(sound(written(&[]).path(), Some("ripe-rc")).registry.is_public());

    let refused = |name: &str, registries: &str, user: &Configuration, expected: &str| {
        let root = written(&[(CONFIG, config(registries).as_bytes())]);
        let (estate, findings) = load(root.path(), Some(name), user);
        assert!(estate.is_none());
        assert_eq!(shown(&findings), expected);
    };
    let another = |what: &str, line: u8, column: u8| {
        format!(
            "ripectl.toml:{line}:{column} registry `corp` has another {what} in your own configuration, \
             /home/u/config.toml\n→ take this line out, or give the registry another name"
        )
    };
    let theirs = "[registry.corp]\nurl = \"http://127.0.0.1:1\"\nsource = \"TEST\"";
    refused("corp", theirs, &user, &format!("{}\n{}", another("url", 3, 7), another("source", 4, 10)));
    refused(
        "lab",
        "",
        &user,
        "there is no registry `lab`\n→ choose one of: ripe, ripe-test, ripe-rc, sandbox, corp",
    );
    let built_in = own("[registry.ripe]\nurl = \"https://rest.evil.example\"\nsource = \"RIPE\"\n");
    refused(
        "ripe",
        "",
        &built_in,
        "/home/u/config.toml:1:11 registry `ripe` is built in: its url and source are known\n\
         → take this line out, or give the registry another name",
    );
}

#[test]
fn what_is_only_worth_a_warning_leaves_the_estate_whole() {
    let config = CONFIG_TEXT.replace("[sites]", "[registry.sandbox]\ncredential = \"x\"\n[sites]");
    let root = written(&[(CONFIG, config.as_bytes())]);
    let (estate, findings) = load(root.path(), None, &Configuration::default());
    assert_eq!(
        shown(&findings),
        "ripectl.toml:3:14 registry `sandbox` makes its own key: the credential is not used\n→ take this line out"
    );
    assert_eq!(estate.unwrap().declared.len(), 2, "the blocks are rendered all the same");
}

#[test]
fn what_is_hidden_is_passed_over() {
    let root = written(&[
        ("objects/.#x.rpsl", b"\xff"),
        ("objects/.gitkeep", b"\xff"),
        ("objects/.git/x.rpsl", b"\xff"),
    ]);
    sound(root.path(), None);
}

#[test]
fn what_declares_nothing_is_said_and_stops_nothing() {
    let root = written(&[
        ("objects/.y.rpsl", b"\xff"),
        ("objects/README", b"\xff"),
        ("objects/x.rpsl", b""),
        ("objects/X.rpsl", b""),
        ("objects/x.rpsl~", b"\xff"),
        ("templates/NOTES.md", b"\xff"),
    ]);
    let (estate, findings) = load(root.path(), None, &Configuration::default());
    assert!(estate.is_some());
    assert_eq!(
        shown(&findings),
        "objects/x.rpsl:1:1 objects/X.rpsl and objects/x.rpsl differ in letter case only: where that does not count \
         (macOS, Windows) one is lost\n\
         → rename one of them\n\
         objects/.y.rpsl:1:1 objects/.y.rpsl is hidden, so it is not read\n\
         → take the dot away if it declares something\n\
         objects/README:1:1 objects/README is documentation and not read\n\
         objects/x.rpsl~:1:1 objects/x.rpsl~ is an editor's backup and not read\n\
         templates/NOTES.md:1:1 templates/NOTES.md is documentation and not read"
    );
    assert!(findings.iter().all(|finding| finding.severity != Severity::Error));
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

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
    #[test]
    fn whatever_is_cut_out_there_is_an_estate_or_a_reason(from in 0..CONFIG_TEXT.len(), count in 1..40_usize) {
        let cut: String = CONFIG_TEXT.chars().take(from).chain(CONFIG_TEXT.chars().skip(from + count)).collect();
        let root = written(&[(CONFIG, cut.as_bytes())]);
        let (estate, findings) = load(root.path(), None, &Configuration::default());
        let is_wrong = findings.iter().any(|finding| finding.severity == Severity::Error);
        proptest::prop_assert_eq!(estate.is_none(), is_wrong);
        proptest::prop_assert!(findings.iter().all(|finding| finding.place.is_some()));
    }
}
