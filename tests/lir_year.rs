//! A year of an LIR: six allocations, 500 customers from the tables of an IPAM, of whom some change, leave and come, and a
//! template that changes. Each plan fits a screen, each apply leaves an empty plan, and what is written is what was changed.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[allow(dead_code, reason = "not every test uses all of it")]
mod common;

use std::{collections::BTreeMap, fs, net::Ipv4Addr};

use common::Estate;
use ripectl::sandbox::{self, Network, Status};
use serde_json::Value;

/// The allocations, and how they are registered.
const SPACES: [(&str, Status); 6] = [
    ("2a0e:4000::/32", Status::AllocatedByRir),
    ("2a0e:4001::/32", Status::AllocatedByRir),
    ("2a0e:4002::/32", Status::AllocatedByRir),
    ("193.104.0.0/18", Status::AllocatedPa),
    ("193.105.0.0/18", Status::AllocatedPa),
    ("193.106.0.0/18", Status::AllocatedPa),
];
/// How many lines a screen has.
const SCREEN: usize = 50;

/// What the IPAM knows of a customer: which allocation, which block of it, and the country.
type Ipam = BTreeMap<usize, (usize, String, &'static str)>;

/// Customer `number`, in the allocation and block that follow from it.
fn customer(number: usize) -> (usize, String, &'static str) {
    let (space, index) = (number % SPACES.len(), number / SPACES.len());
    let block = if space < 3 {
        format!("2a0e:400{space}:{index:x}::/48")
    } else {
        let first = u32::from(Ipv4Addr::new(193, 101 + u8::try_from(space).unwrap(), 0, 0));
        format!("{}/28", Ipv4Addr::from(first + u32::try_from(index).unwrap() * 16))
    };
    (space, block, "NL")
}

/// The tables, as the IPAM exports them.
fn export(estate: &Estate, ipam: &Ipam) {
    for space in 0..SPACES.len() {
        let rows = ipam.iter().filter(|(_, (own, ..))| *own == space);
        let rows = rows
            .map(|(number, (_, block, country))| format!("C{number:03},{block},c{number:03},{country}\n"));
        let text = "Netname,Prefix,Tenant,country\n".to_owned() + &rows.collect::<String>();
        fs::write(estate.path(&format!("ipam/{space}.csv")), text).unwrap();
    }
}

fn lir(ipam: &Ipam) -> Estate {
    let estate = Estate::empty();
    for part in ["templates", "ipam", ".ripectl"] {
        fs::create_dir(estate.path(part)).unwrap();
    }
    let network = Network {
        maintainer: "YEAR-MNT".to_owned(),
        asn: None,
        spaces: SPACES.iter().map(|(prefix, status)| (prefix.parse().unwrap(), *status)).collect(),
        is_given: true,
    };
    sandbox::replace(&estate.path(".ripectl/sandbox.sqlite"), sandbox::surroundings(&network).unwrap())
        .unwrap();
    let exclusive: Vec<String> = SPACES.iter().map(|(prefix, _)| format!("\"{prefix}\"")).collect();
    let mut config = format!(
        "format = 1\n[manage]\nmaintainers = [\"YEAR-MNT\"]\nexclusive = [{}]\n",
        exclusive.join(", ")
    );
    for (number, (prefix, _)) in SPACES.iter().enumerate() {
        let templates = if number < 3 { "inet6num = \"v6\"" } else { "inetnum = \"v4\"" };
        config += &format!(
            "[[allocation]]\nprefix = \"{prefix}\"\ntemplates = {{ {templates} }}\nrows = \"ipam/{number}.csv\"\n\
             columns = {{ name = \"Netname\", prefix = \"Prefix\", customer = \"Tenant\" }}\n"
        );
    }
    fs::write(estate.path("ripectl.toml"), config).unwrap();
    for (name, class, status) in [("v6", "inet6num", "ASSIGNED"), ("v4", "inetnum", "ASSIGNED PA")] {
        let text = format!(
            "{class}: {{{{ prefix }}}}\nnetname: YEAR-{{{{ block }}}}\ncountry: {{{{ country }}}}\nadmin-c: YN1-RIPE\n\
             tech-c: YN1-RIPE\nstatus: {status}\nmnt-by: YEAR-MNT\nsource: {{{{ source }}}}\n"
        );
        fs::write(estate.path(&format!("templates/{name}.rpsl")), text).unwrap();
    }
    export(&estate, ipam);
    estate
}

/// Plans, holds that the plan fits a screen and is of so many changes, applies, and holds that just these were written and
/// that nothing is left.
fn change(estate: &Estate, what: &str, counts: [usize; 3], more: &str) {
    let mut command = estate.command(&format!("plan --registry sandbox --summary{more}"));
    let output = command.env("COLUMNS", "100").output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    let lines = shown.lines().count();
    assert!(output.status.success() && lines <= SCREEN, "{what}: {lines} lines\n{shown}");
    let output = estate.run(&format!("plan --registry sandbox --format json{more}"));
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    let planned = ["create", "modify", "delete"].map(|action| plan["summary"][action].as_u64().unwrap());
    assert_eq!(planned.map(|count| usize::try_from(count).unwrap()), counts, "{what}");
    let output = estate.run(&format!("apply --registry sandbox --yes --no-validate --format json{more}"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{what}: {said}{}", String::from_utf8_lossy(&output.stdout));
    let receipt: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(receipt["summary"]["done"].as_u64(), Some(counts.iter().sum::<usize>() as u64), "{what}");
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do"]);
    println!("{what}: {lines} lines");
}

#[test]
fn a_year_of_an_lir() {
    let mut ipam: Ipam = (0..500).map(|number| (number, customer(number))).collect();
    let estate = lir(&ipam);
    change(&estate, "500 customers", [500, 0, 0], "");
    for number in (0..500).step_by(13).chain([1, 2]).take(40) {
        ipam.get_mut(&number).unwrap().2 = "BE";
    }
    export(&estate, &ipam);
    change(&estate, "40 change", [0, 40, 0], "");
    for number in (5..500).step_by(50) {
        ipam.remove(&number);
    }
    export(&estate, &ipam);
    change(&estate, "10 leave", [0, 0, 10], "");
    ipam.extend((500..525).map(|number| (number, customer(number))));
    export(&estate, &ipam);
    change(&estate, "25 come", [25, 0, 0], "");
    estate.edit("templates/v6.rpsl", "country:", "descr: Customer of Year\ncountry:");
    let of_v6 = ipam.values().filter(|(space, ..)| *space < 3).count();
    estate.check("apply --registry sandbox --yes --no-validate", 1, &["modifications planned"]);
    change(&estate, "a template changes", [0, of_v6, 0], &format!(" --allow-modifies {of_v6}"));
    // One customer is looked at alone, and a run that is to end early is gone on with.
    ipam.get_mut(&7).unwrap().2 = "DE";
    ipam.get_mut(&8).unwrap().2 = "DE";
    export(&estate, &ipam);
    estate.check("plan --registry sandbox --only customer:c007", 0, &["Plan: 1 to change"]);
    estate.check("apply --registry sandbox --yes --no-validate --max-writes 1", 2, &["1 done, 1 not tried"]);
    estate.check("resume --yes --no-validate", 0, &["1 done"]);
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do"]);
}
