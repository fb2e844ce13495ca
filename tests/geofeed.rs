//! The file that says where addresses are used, and the attribute that points to it.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use common::Estate;

const URL: &str = "https://www.example.net/geofeed.csv";

/// The example with what the documentation has as `[geofeed]`.
fn pointing() -> Estate {
    let estate = Estate::new();
    let config = estate.read("ripectl.toml") + "\n" + &block("toml");
    fs::write(estate.path("ripectl.toml"), config).unwrap();
    estate
}

/// The only block in this language of `docs/geofeed.md`.
fn block(language: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/geofeed.md");
    let text = fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn blocks_are_lines_and_what_is_published_is_compared() {
    let estate = Estate::new();
    let text = String::from_utf8(estate.run("geofeed").stdout).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        (lines.len(), lines[0], lines[1]),
        (15, "2a0f:85c1:261::/48,LU,,,", "2a0f:85c1:262::/48,US,,,")
    );
    estate.check("geofeed", 0, &["1 of 16 blocks has no line", "the first is anycast"]);
    estate.check("geofeed -o feed.csv", 0, &["15 prefixes written to feed.csv"]);
    assert_eq!(estate.read("feed.csv"), text);
    let rights = |name: &str| fs::metadata(estate.path(name)).unwrap().permissions().mode() & 0o777;
    fs::write(estate.path("usual"), "").unwrap();
    assert_eq!(rights("feed.csv"), rights("usual"), "others publish it");
    fs::set_permissions(estate.path("feed.csv"), fs::Permissions::from_mode(0o640)).unwrap();
    estate.check("geofeed --output feed.csv", 0, &[]);
    assert_eq!(rights("feed.csv"), 0o640);
    estate.check("geofeed --check feed.csv", 0, &["feed.csv says what is declared: 15 prefixes"]);
    estate.edit("feed.csv", "261::/48,LU", "261::/48,DE");
    estate.edit("feed.csv", "2a0f:85c1:262::/48,US,,,\n", "2a0f::/48,US,,,\n");
    let parts = [
        "feed.csv:3: should be  2a0f:85c1:261::/48,LU,,,\n",
        "feed.csv:4: should not be there\n",
        "feed.csv: lacks  2a0f:85c1:262::/48,US,,,\n",
        "3 lines of feed.csv differ from what is declared",
        "`ripectl geofeed -o feed.csv` writes it as it should be",
    ];
    estate.check("geofeed --check feed.csv", 1, &parts);
    estate.check("geofeed --check nowhere.csv", 2, &["nowhere.csv"]);
    estate.check("geofeed -o nowhere/feed.csv", 2, &["the geofeed cannot be written"]);
    estate.check("geofeed -o a.csv --check b.csv", 2, &["cannot be used with"]);
}

#[test]
fn a_region_and_a_city_are_of_the_country() {
    let estate = pointing();
    let lux = "lux = { index = 1, at = [\"lux\"] }";
    let with = |vars: &str| format!("lux = {{ index = 1, at = [\"lux\"], vars = {{ {vars} }} }}");
    let mut before = lux.to_owned();
    let mut check = |vars: &str, status: i32, parts: &[&str]| {
        estate.edit("ripectl.toml", &before, &with(vars));
        before = with(vars);
        estate.check("geofeed", status, parts)
    };
    check("region = \"lu-ca\", city = \"Capellen\"", 0, &["2a0f:85c1:261::/48,LU,LU-CA,Capellen,\n"]);
    check("region = \"NL-NH\"", 2, &["region `NL-NH` is not in the country LU", "ripectl.toml:51", "`LU-…`"]);
    check("region = \"LU-\"", 2, &["`LU-` is no region"]);
    check("region = \"Luxembourg\"", 2, &["`LUXEMBOURG` is no region"]);
    check("city = \"a, b\"", 2, &["no comma, quote, `#` or line end stands in it"]);
    check("city = 7", 2, &["`city` is no text"]);
    check("country = \"EU\", city = \"x\"", 2, &["block lux has a region or a city, and no country"]);
    check("country = \"UK\"", 2, &["`UK` is no country"]);
    estate.check("check", 1, &["error[geofeed]: `UK` is no country"]);
    let said = check("country = \"de\", city = \"Mainz\"", 0, &["2a0f:85c1:261::/48,DE,,Mainz,\n"]);
    assert!(!said.contains("no template of it names"), "{said}");
}

#[test]
fn what_a_wider_block_says_is_not_said_again() {
    let estate = Estate::new();
    let more = "\n[[allocation]]\nprefix = \"2a0f:85c1:260::/44\"\norigin = \"AS205398\"\n\
                [allocation.blocks]\nwide = { prefix = \"2a0f:85c1:260::/45\", vars = { country = \"US\" } }\n\
                same = { prefix = \"2a0f:85c1:268::/48\", vars = { country = \"US\" } }\n";
    fs::write(estate.path("ripectl.toml"), estate.read("ripectl.toml") + more).unwrap();
    let parts = ["2a0f:85c1:268::/48", "says that it is elsewhere", "ripectl.toml"];
    estate.check("geofeed", 2, &parts);
    estate.edit(
        "ripectl.toml",
        "2a0f:85c1:268::/48\", vars = { country = \"US\"",
        "2a0f:85c1:269::/49\", vars = { country = \"SE\"",
    );
    let text = estate.check("geofeed", 0, &["2a0f:85c1:261::/48,LU,,,\n2a0f:85c1:265"]);
    assert!(!text.contains("2a0f:85c1:262::/48"), "{text}");
    // A block that is everywhere is taken out of one that is somewhere.
    assert!(text.contains("2a0f:85c1:260::/45,US,,,\n2a0f:85c1:260::/48,,,,\n"), "{text}");
}

#[test]
fn the_attribute_points_to_the_file() {
    let estate = pointing();
    // The object of the allocation is the LIR's.
    let plan = "plan --registry sandbox --exit-code --only inet6num/*";
    let said = "inet6num 2a0f:85c1:260::/44";
    estate.check(plan, 1, &["What others must hold", said, &format!("should be {URL}")]);
    estate.check("check", 0, &["no problems"]);
    // The template of the documentation says it of each block, which is enough.
    let usual = estate.read("templates/block.rpsl");
    fs::write(estate.path("templates/block.rpsl"), block("jinja")).unwrap();
    estate.check("check", 0, &["no problems"]);
    let text = estate.check(&format!("{plan} -v"), 1, &[&format!("+ geofeed:        {URL}")]);
    assert!(!text.contains("geofeed is missing"), "{text}");
    estate.edit("templates/block.rpsl", "{{ geofeed }}", "https://www.example.net/other.csv");
    estate.check(
        "check",
        0,
        &["names another geofeed than `[geofeed] url`", &format!("write `geofeed: {URL}`")],
    );
    // Where it is ours, it must say so.
    fs::write(estate.path("templates/block.rpsl"), usual).unwrap();
    let own = "inet6num: 2a0f:85c1:260::/44\nnetname: HOBBY-NET\ncountry: NL\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\n\
               status: ALLOCATED-BY-LIR\nmnt-by: HOBBY-MNT\ncreated: 2024-06-03T08:00:00Z\nsource: RIPE\n";
    fs::write(estate.path("objects/own.rpsl"), own).unwrap();
    let missing = "inet6num/2a0f:85c1:260::/44 does not say where the geofeed is";
    estate.check("check", 0, &[missing, &format!("add the line `geofeed: {URL}`"), "objects/own.rpsl:1"]);
    estate.edit("objects/own.rpsl", "country", &format!("geofeed: {URL}\ncountry"));
    let said = estate.check("check", 0, &[]);
    assert!(!said.contains("geofeed"), "{said}");
    estate.edit("objects/own.rpsl", "country", "remarks: geofeed: https://a.example.net/\ncountry");
    estate.check("check", 1, &["Only one between the \"geofeed:\" and \"remark: geofeed:\" attributes"]);
}

#[test]
fn a_url_that_the_registry_would_refuse_is_refused() {
    let estate = pointing();
    let mut before = URL.to_owned();
    let mut check = |url: &str, says: &str| {
        estate.edit("ripectl.toml", &before, url);
        url.clone_into(&mut before);
        estate.check(
            "check",
            1,
            &["`url`: ", says, "such as `https://example.net/geofeed.csv`", "ripectl.toml:"],
        );
    };
    check("http://www.example.net/geofeed.csv", "no https URL");
    check("https://localhost/geofeed.csv", "no https URL");
    check("https://example.net/geofeed.csv#x", "behind `#` or a blank");
    estate.edit("ripectl.toml", "\nurl = \"https://example.net/geofeed.csv#x\"", "");
    estate.check("check", 1, &["`url` is missing"]);
}
