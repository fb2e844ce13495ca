//! What is registered is taken over into files that say the same, whatever the registry holds and however it is written.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[allow(dead_code, reason = "not every test uses all of it")]
mod common;
#[allow(dead_code, reason = "not every test uses all of it")]
#[path = "common/odd.rs"]
mod odd;
#[path = "common/user.rs"]
mod user;

use std::{fs, path::PathBuf, time::Instant};

use ripectl::sandbox::{self, Clock, Running, ServeOptions, Sharing};
use serde_json::Value;
use tokio::runtime::Runtime;

const KEY: &str = "RIPECTLUSERKEY0000000001:hush";
/// How many objects of the base are HOBBY-MNT's.
const OF_BASE: usize = 4;
const BASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sandbox/base.rpsl");

/// A registry that holds the base of the example network and `text`, and an empty folder of somebody who has a key for it.
struct Stage {
    running: Running,
    estate: common::Estate,
}

impl Stage {
    fn new(runtime: &Runtime, text: &str) -> Stage {
        let estate = common::Estate::empty();
        let accounts = estate.path(".home/accounts.toml");
        fs::create_dir_all(accounts.parent().unwrap()).unwrap();
        let (id, secret) = KEY.split_once(':').unwrap();
        let account = "hobby@hobby.example";
        fs::write(&accounts, format!("[[key]]\nid = '{id}'\nsecret = '{secret}'\naccount = '{account}'\n"))
            .unwrap();
        let more = estate.path(".home/more.rpsl");
        fs::write(&more, text).unwrap();
        let options = ServeOptions {
            listen: "127.0.0.1:0".parse().unwrap(),
            load: vec![PathBuf::from(BASE), more],
            accounts: Some(accounts),
            settings: None,
            state: None,
            own_key: None,
            sharing: Sharing::Alone,
            clock: Clock::default(),
        };
        let running = runtime.block_on(sandbox::start(options)).unwrap();
        let host = running.url.trim_start_matches("http://");
        let config = format!(
            "[registry.lab]\nurl = \"{}\"\nsource = \"RIPE\"\ncredential = \"lab\"\n\
             [credential.lab]\nhost = \"{host}\"\ncommand = [\"echo\", \"{KEY}\"]\n",
            running.url
        );
        user::own(&estate, &config);
        Stage { running, estate }
    }

    /// What a command says as JSON, and its exit status.
    fn json(&self, line: &str) -> (Value, Option<i32>) {
        let output = self.estate.run(&format!("{line} --registry lab --format json"));
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let value = serde_json::from_slice(&output.stdout);
        (value.unwrap_or_else(|error| panic!("{line}: {error}\n{text}")), output.status.code())
    }
}

/// Takes over `count` odd objects of each kind; the plan is empty then.
fn round_trip(count: usize) -> Stage {
    let runtime = Runtime::new().unwrap();
    let text = odd::objects(7, count);
    let number = text.split("\n\n").filter(|object| object.contains("HOBBY-MNT")).count();
    let stage = Stage::new(&runtime, &text);
    let begun = Instant::now();
    let (imported, code) = stage.json("import --mntner HOBBY-MNT");
    let took = begun.elapsed();
    let wrong = || {
        ["misfits", "hidden", "unmanaged", "others", "left"].map(|part| imported[part].to_string()).join("\n")
    };
    assert_eq!(code, Some(0), "{}", wrong());
    assert_eq!(imported["settled"], true, "{}", wrong());
    assert_eq!(imported["imported"].as_array().unwrap().len(), number + OF_BASE);
    println!("{} objects taken over in {took:.1?}", number + OF_BASE);
    let (plan, code) = stage.json("plan --exit-code --strict");
    assert_eq!((code, &plan["summary"]["unchanged"]), (Some(0), &Value::from(number + OF_BASE)), "{plan:#}");
    std::mem::forget(runtime); // the registry goes on until the stage is gone
    stage
}

#[test]
fn two_thousand_odd_objects_come_out_as_they_are_registered() {
    round_trip(140);
}

/// One attribute more, one other, and one less, in an object of each class: each is planned as just that, and stored.
#[test]
fn an_edit_of_what_was_taken_over_is_planned_as_that_edit() {
    let stage = round_trip(1);
    let edits: [fn(&str) -> Option<String>; 3] = [
        |object| Some(format!("{object}remarks:        more\n")),
        |object| {
            object
                .contains("remarks:        more\n")
                .then(|| object.replace("remarks:        more", "remarks:        other"))
        },
        |object| Some(object.replace("remarks:        other\n", "")),
    ];
    let expected = [(0, 1), (1, 1), (1, 0)];
    let mut classes = std::collections::BTreeSet::new();
    for file in walk(&stage.estate.path("objects")) {
        let whole = fs::read_to_string(&file).unwrap();
        for (at, object) in whole.split("\n\n").enumerate() {
            let class = object.split(':').next().unwrap().to_owned();
            if !classes.insert(class.clone()) {
                continue;
            }
            let mut now = format!("{}\n", object.trim_end());
            for (edit, lines) in edits.iter().zip(expected) {
                now = edit(&now).unwrap();
                let mut objects: Vec<String> =
                    fs::read_to_string(&file).unwrap().split("\n\n").map(str::to_owned).collect();
                objects[at] = now.trim_end().to_owned();
                fs::write(&file, objects.join("\n\n").trim_end().to_owned() + "\n").unwrap();
                let (plan, _) = stage.json("plan");
                let changes = plan["changes"].as_array().unwrap();
                assert_eq!(changes.len(), 1, "{class}: {plan:#}");
                assert_eq!(
                    (&changes[0]["action"], &changes[0]["type"]),
                    (&"modify".into(), &class.as_str().into())
                );
                assert_eq!(
                    differing(&changes[0]),
                    lines,
                    "{}",
                    stage.estate.check("plan --registry lab", 0, &[])
                );
                if class == "aut-num" {
                    fs::write(&file, &whole).unwrap(); // its organisation has no abuse contact, so that nothing of it can be changed
                    break;
                }
                let (applied, code) = stage.json("apply --yes --no-validate");
                assert_eq!(
                    code,
                    Some(0),
                    "{class}: {}\n{applied:#}",
                    stage.estate.check("plan --registry lab", 0, &[])
                );
                assert_eq!(stage.json("plan --exit-code --strict").1, Some(0), "{class}");
            }
        }
    }
    assert_eq!(classes.len(), odd::CLASSES, "{classes:?}");
}

/// How many lines a change takes away and adds.
fn differing(change: &Value) -> (usize, usize) {
    let side = |side: &str| -> Vec<String> {
        let pairs = change[side].as_array().unwrap().iter();
        let pairs = pairs.filter(|pair| !["created", "last-modified"].contains(&pair[0].as_str().unwrap()));
        // The columns in which a value goes on below belong to the file.
        pairs
            .map(|pair| {
                let text = pair.to_string().replace("\\t", " ");
                text.split_whitespace().collect::<Vec<_>>().join(" ").replace("\\n ", "\\n")
            })
            .collect()
    };
    let (before, after) = (side("before"), side("after"));
    let only = |one: &[String], other: &[String]| one.iter().filter(|line| !other.contains(line)).count();
    (only(&before, &after), only(&after, &before))
}

fn walk(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn nothing_of_the_users_is_written_over() {
    let runtime = Runtime::new().unwrap();
    let stage = Stage::new(&runtime, "");
    let estate = &stage.estate;
    estate.check(
        "import --registry lab AS205398",
        2,
        &["says whose objects are yours", "`ripectl import --mntner YOUR-MNT --registry lab`"],
    );
    assert!(!estate.path("ripectl.toml").exists() && !estate.path("objects").exists());
    // Single objects, and then the rest beside them.
    estate.check(
        "import --registry lab --mntner NOBODY-MNT",
        2,
        &["there is no maintainer NOBODY-MNT at lab", "nothing was written"],
    );
    assert!(!estate.path("ripectl.toml").exists());
    let config = "# mine\nformat = 1\nmanage = { maintainers = [\"HOBBY-MNT\"] } # ours\n";
    fs::write(estate.path("ripectl.toml"), config).unwrap();
    let single = "import --registry lab aut-num/AS205398 HP1-RIPE SPONSOR-MNT";
    let said = estate.check(
        single,
        1,
        &[
            "2 objects taken over",
            "others maintain them: SPONSOR-MNT",
            "objects of yours declared nowhere yet",
        ],
    );
    assert!(said.contains("  + objects/as205398.rpsl "), "{said}");
    let own = estate.read("objects/contacts.rpsl") + "\n# a comment of mine\n";
    fs::write(estate.path("objects/contacts.rpsl"), &own).unwrap();
    let all = "import --registry lab --mntner HOBBY-MNT";
    estate.check(
        all,
        0,
        &["2 objects taken over", "+ objects/contacts-2.rpsl", "declared already: 2 objects", "proved: "],
    );
    assert_eq!((estate.read("ripectl.toml"), estate.read("objects/contacts.rpsl")), (config.to_owned(), own));
    estate.check(all, 0, &["0 objects taken over", "declared already: 4 objects"]);
    // What the files declare otherwise stays, unless what is registered is wanted in its place.
    estate.edit("objects/contacts.rpsl", "+31 20 5550100", "+31 20 5550199");
    estate.check(
        all,
        1,
        &["1 object declared otherwise than registered: `ripectl plan --registry lab` shows how"],
    );
    assert!(estate.read("objects/contacts.rpsl").contains("5550199"));
    estate.check(&format!("{all} --force"), 0, &["~ objects/contacts.rpsl", "proved: "]);
    let now = estate.read("objects/contacts.rpsl");
    assert!(now.contains("5550100") && now.ends_with("# a comment of mine\n"), "{now}");
}

/// Without a key what is hidden is not written: as it is shown it would do damage.
#[test]
fn what_is_not_shown_whole_is_not_written() {
    let runtime = Runtime::new().unwrap();
    let stage = Stage::new(&runtime, "");
    let config = stage.estate.read(".home/ripectl/config.toml");
    user::own(&stage.estate, config.split("credential = ").next().unwrap());
    let said = stage.estate.check(
        "import --registry lab --mntner HOBBY-MNT",
        1,
        &["3 objects taken over", "they are not shown whole: HOBBY-MNT", "`ripectl login"],
    );
    assert!(!said.contains("proved"), "{said}");
    let all: String =
        walk(&stage.estate.path("objects")).iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    assert!(!all.to_ascii_lowercase().contains("filtered"), "{all}");
}

/// Each way to say what is meant finds that and nothing else.
#[test]
fn what_is_looked_for_is_found() {
    let runtime = Runtime::new().unwrap();
    let stage = Stage::new(&runtime, &odd::objects(3, 8));
    let config = "format = 1\n[manage]\nmaintainers = [\"HOBBY-MNT\"]\n";
    let taken = |what: &str| -> Vec<String> {
        let _ = fs::remove_dir_all(stage.estate.path("objects"));
        fs::write(stage.estate.path("ripectl.toml"), config).unwrap();
        let (imported, _) = stage.json(&format!("import {what}"));
        let keys = imported["imported"].as_array().unwrap().iter();
        keys.map(|key| format!("{}/{}", key["type"].as_str().unwrap(), key["key"].as_str().unwrap()))
            .collect()
    };
    let inside = taken("--prefix 2a0f:85c1:1000::/46");
    let expected = [
        "inet6num/2a0f:85c1:1000::/48",
        "inet6num/2a0f:85c1:1001::/48",
        "route6/2a0f:85c1:1003::/48AS205398",
    ];
    assert!(expected.iter().all(|key| inside.contains(&(*key).to_owned())), "{inside:?}");
    assert_eq!(inside.len(), 12, "{inside:?}");
    let routes = taken("--origin AS205398");
    assert_eq!(routes.iter().filter(|key| key.starts_with("route")).count(), 16, "{routes:?}");
    assert_eq!((routes.len(), routes.contains(&"aut-num/AS205398".to_owned())), (17, true), "{routes:?}");
    let held = taken("--org ORG-HOBY1-RIPE");
    assert!(
        held.contains(&"organisation/ORG-HOBY1-RIPE".to_owned())
            && held.iter().all(|key| !key.starts_with("route")),
        "{held:?}"
    );
    assert_eq!(held.iter().filter(|key| key.starts_with("inetnum")).count(), 8, "{held:?}");
    assert_eq!(taken("as-set/*ODD3"), ["as-set/AS205398:AS-ODD3"]);
    assert_eq!(taken("OD1-RIPE ODD0-MNT"), ["mntner/ODD0-MNT", "person/OD1-RIPE"]);
    let others = "import --registry lab --prefix 2a0f:85c1::/32 --prefix 2a00::/12";
    let short = stage.estate.check(others, 1, &["others maintain them: "]);
    assert!(
        !short.contains("-v")
            || stage.estate.check(&format!("{others} --verbose"), 1, &[]).len() >= short.len()
    );
}

/// An allocation of an LIR with two hundred blocks that are alike, and seven that are not.
fn customers() -> String {
    let common = "country: NL\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\nstatus: ASSIGNED\nmnt-by: HOBBY-MNT\n";
    let dates = "created: 2020-01-01T00:00:00Z\nlast-modified: 2024-06-03T08:00:00Z\nsource: RIPE\n\n";
    let block = |prefix: &str, more: &str| format!("inet6num: {prefix}\n{more}{common}{dates}");
    let route =
        |prefix: &str, asn: u32| format!("route6: {prefix}\norigin: AS{asn}\nmnt-by: HOBBY-MNT\n{dates}");
    let lir = common.replace("ASSIGNED", "ALLOCATED-BY-LIR").replace("HOBBY-MNT", "SPONSOR-MNT");
    let mut text = format!("inet6num: 2a0f:85c1:8000::/36\nnetname: POOL\n{lir}{dates}");
    for n in 0..200 {
        let prefix = format!("2a0f:85c1:8{n:03x}::/48");
        text += &block(&prefix, &format!("netname: CUST-{n}\n{}", "descr: a site\n".repeat(n % 3)));
        text += &route(&prefix, if n % 10 == 0 { 205_398 } else { 64_500 });
    }
    text += &block("2a0f:85c1:8f00::/56", "netname: SHORT\n");
    text += &block("2a0f:85c1:8f01::/48", "netname: NO-ROUTE\n");
    let two = "2a0f:85c1:8f02::/48";
    text += &(block(two, "netname: TWO-ROUTES\n") + &route(two, 205_398) + &route(two, 64_500));
    text += &block("2a0f:85c1:8f03::/48", "remarks: first\nnetname: ORDER\nremarks: again\n");
    text += &block("2a0f:85c1:8f04::/48", "netname: LINES\ndescr: one\n  two\n");
    text += &block("2a0f:85c1:8f05::/48", "netname: TAG # a comment\nremarks: {{ prefix }} {% if %}\n");
    text += &block("2a0f:85c1:8f06::/48", "descr: before\nnetname: EARLY\n");
    text
}

#[test]
fn blocks_that_are_alike_are_rows_of_a_table() {
    let runtime = Runtime::new().unwrap();
    let stage = Stage::new(&runtime, &customers());
    let (imported, code) = stage.json("import --mntner HOBBY-MNT --fold");
    assert_eq!(code, Some(0), "{}", stage.estate.check("plan --registry lab", 0, &[]));
    let table = serde_json::json!([{ "prefix": "2a0f:85c1:8000::/36", "blocks": 207 }]);
    assert_eq!((&imported["folded"], &imported["misfits"]), (&table, &serde_json::json!([])));
    let config = stage.estate.read("ripectl.toml");
    let rows = config.split("[allocation.blocks]\n").nth(1).unwrap();
    assert_eq!(rows.lines().count(), 207, "{rows}");
    // What most have stands there once.
    assert!(
        config.contains("\norigin = \"AS64500\"\nsplit = 48\n") && !rows.contains("\"ASSIGNED\""),
        "{config}"
    );
    assert!(
        rows.contains("cust-7 = { index = 7, vars = { ")
            && rows.contains("cust-0 = { index = 0, origin = \"AS205398\""),
        "{rows}"
    );
    let (plan, code) = stage.json("plan --exit-code --strict");
    assert_eq!((code, &plan["summary"]["unchanged"]), (Some(0), &Value::from(OF_BASE + 409)));
    // A line of the template changes all that it makes: not the three in another order or with a value on two lines.
    let template = "templates/2a0f-85c1-8000-36.rpsl";
    stage.estate.edit(template, "country:        NL", "country:        DE");
    let (plan, _) = stage.json("plan --allow-modifies 204");
    assert_eq!(plan["summary"]["modify"], 204, "{:#}", plan["summary"]);
    // And again it takes over nothing: all is declared.
    stage.estate.edit(template, "country:        DE", "country:        NL");
    let said =
        stage.estate.check("import --registry lab --mntner HOBBY-MNT --fold", 0, &["0 objects taken over"]);
    assert!(!said.contains("[[allocation]]"), "{said}");
}

/// A dump says what is there, perhaps not whole and not as it is today: what it hides is read, and all of it is proved.
#[test]
fn a_dump_is_taken_for_what_it_is() {
    let runtime = Runtime::new().unwrap();
    let stage = Stage::new(&runtime, &odd::objects(5, 2));
    let base = fs::read_to_string(BASE).unwrap();
    let hidden = base.replace("auth:           SSO hobby@hobby.example", "auth:           SSO # Filtered");
    let old = odd::objects(5, 2).replace("netname: ODD", "netname: ELSE");
    fs::write(stage.estate.path("dump.db"), format!("# of yesterday\n\n{hidden}\n\n{old}")).unwrap();
    let line = "import --registry lab --mntner HOBBY-MNT --from dump.db";
    let said = stage.estate.check(
        line,
        1,
        &["2a0f:85c1:1000::/48: what would be stored of it differs from what is registered"],
    );
    assert!(!said.contains("not shown whole"), "{said}");
    let contacts = stage.estate.read("objects/contacts.rpsl");
    assert!(contacts.contains("SSO hobby@hobby.example") && !contacts.contains("Filtered"), "{contacts}");
    assert!(!fs::read_to_string(stage.estate.path("objects/2a0f-85c1-32.rpsl")).unwrap().contains("ELSE"));
    // Without the registry it is written, and said to be unproven.
    for part in ["objects", "ripectl.toml"] {
        let path = stage.estate.path(part);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }
    let config = stage.estate.read(".home/ripectl/config.toml");
    let port = stage.running.url.rsplit(':').next().unwrap();
    user::own(&stage.estate, &config.replace(port, "1"));
    let said = stage.estate.check(
        line,
        2,
        &["not proved, for the registry could not be asked", "`ripectl plan --strict"],
    );
    assert!(said.contains("not shown whole: HOBBY-MNT"), "{said}");
    assert!(stage.estate.read("objects/2a0f-85c1-32.rpsl").contains("ELSE"));
    fs::write(stage.estate.path("dump.db"), "{\"no\": \"dump\"}").unwrap();
    stage.estate.check(line, 2, &["dump.db is no dump: 1 of it are no objects"]);
}

#[test]
fn what_the_ripe_ncc_changed_is_taken_over_and_nothing_else() {
    let estate = common::Estate::new();
    estate.check("apply --registry sandbox --yes --no-validate", 0, &[]);
    // The files say what stood before the RIPE NCC changed the organisation of the AS and a maintainer of its own.
    let before = estate.read("objects/as205398.rpsl");
    let old = before.replace("org:            ORG-HOBY1-RIPE", "org:            ORG-SPON1-RIPE");
    let old = old.replace("descr:          Hobby Network", "descr:          Hobby, new");
    fs::write(estate.path("objects/as205398.rpsl"), &old).unwrap();
    let told = estate.check("import AS205398 --managed --registry sandbox", 1, &["~ objects/as205398.rpsl"]);
    assert!(!told.contains("+ objects/"), "{told}");
    let now = estate.read("objects/as205398.rpsl");
    assert_eq!(now, before.replace("descr:          Hobby Network", "descr:          Hobby, new"));
    // What is ours is still planned.
    estate.check("plan --registry sandbox", 0, &["Plan: 1 to change", "+ descr:          Hobby, new"]);
    let told = estate.check("import AS205398 --managed --registry sandbox", 1, &["0 objects taken over"]);
    assert!(!told.contains("~ objects/"), "{told}");
    estate.check("import AS205398 --managed --force --registry sandbox", 2, &["cannot be used with"]);
}
