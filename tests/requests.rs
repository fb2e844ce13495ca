//! How many requests a first plan takes: no more for many objects than for few, in both families, with and without
//! allocations in `ripectl.toml`.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[allow(dead_code, reason = "not every test uses all of it")]
mod common;

use std::{fmt::Write, fs};

use ripectl::sandbox::{self, Clock, ServeOptions, Sharing};
use tokio::runtime::Runtime;

/// How many allocations of each family there are.
const ALLOCATIONS: usize = 3;

/// What the LIR has given to us: allocations of each family.
fn allocations() -> String {
    let mut text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/sandbox/base.rpsl")).unwrap();
    let rest = "netname: LIR-NET\ncountry: NL\norg: ORG-SPON1-RIPE\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\n\
                mnt-by: SPONSOR-MNT\nmnt-lower: HOBBY-MNT\nmnt-routes: HOBBY-MNT\nsource: RIPE\n";
    for number in 0..ALLOCATIONS {
        write!(text, "\ninetnum: 81.{number}.0.0 - 81.{number}.255.255\nstatus: ALLOCATED PA\n{rest}")
            .unwrap();
        write!(text, "\ninet6num: 2a0e:{number:x}::/32\nstatus: ALLOCATED-BY-RIR\n{rest}").unwrap();
    }
    text
}

/// An estate of so many blocks of each family below the allocations, each with its route.
fn estate(count: usize, has_allocations: bool) -> common::Estate {
    let estate = common::Estate::new();
    let mut config =
        "format = 1\n[registry.many]\ncredential = \"many\"\n[manage]\nmaintainers = [\"HOBBY-MNT\"]\n"
            .to_owned();
    if has_allocations {
        for number in 0..ALLOCATIONS {
            write!(config, "[[allocation]]\nprefix = \"81.{number}.0.0/16\"\n").unwrap();
            write!(config, "[[allocation]]\nprefix = \"2a0e:{number:x}::/32\"\n").unwrap();
        }
    }
    let rest =
        "netname: HOBBY\ncountry: NL\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    let route = "origin: AS205398\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    let mut text = String::new();
    for number in 0..count {
        let (allocation, block) = (number % ALLOCATIONS, number / ALLOCATIONS);
        let (third, fourth) = (block / 32, block % 32 * 8);
        let last = fourth + 7;
        write!(text, "inetnum: 81.{allocation}.{third}.{fourth} - 81.{allocation}.{third}.{last}\nstatus: ASSIGNED PA\n{rest}\n").unwrap();
        write!(text, "route: 81.{allocation}.{third}.{fourth}/29\n{route}\n").unwrap();
        write!(text, "inet6num: 2a0e:{allocation:x}:{block:x}::/48\nstatus: ASSIGNED\n{rest}\n").unwrap();
        write!(text, "route6: 2a0e:{allocation:x}:{block:x}::/48\n{route}\n").unwrap();
    }
    for folder in ["objects", "templates"] {
        fs::remove_dir_all(estate.path(folder)).unwrap();
    }
    fs::create_dir(estate.path("objects")).unwrap();
    fs::write(estate.path("objects/many.rpsl"), text).unwrap();
    fs::write(estate.path("ripectl.toml"), config).unwrap();
    estate
}

/// How many requests a first plan takes.
fn requests(runtime: &Runtime, count: usize, has_allocations: bool) -> usize {
    let estate = estate(count, has_allocations);
    let base = estate.path("base.rpsl");
    fs::write(&base, allocations()).unwrap();
    let options = ServeOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        load: vec![base],
        accounts: None,
        settings: None,
        state: None,
        own_key: None,
        sharing: Sharing::Alone,
        clock: Clock::default(),
    };
    let running = runtime.block_on(sandbox::start(options)).unwrap();
    let home = estate.path(".home/ripectl");
    fs::create_dir_all(&home).unwrap();
    let config = format!("[registry.many]\nurl = \"{}\"\nsource = \"RIPE\"\n", running.url);
    fs::write(home.join("config.toml"), config).unwrap();
    let said =
        estate.check("plan --registry many --allow-modifies 0", 0, &[&format!("{} to create", 4 * count)]);
    let words: Vec<&str> = said.split([' ', ',', '\n']).collect();
    let at = words.iter().position(|word| *word == "requests").unwrap();
    words[at - 1].parse().unwrap()
}

#[test]
fn many_objects_take_no_more_requests_than_few() {
    let runtime = Runtime::new().unwrap();
    for has_allocations in [true, false] {
        let [few, many] = [40, 400].map(|count| requests(&runtime, count, has_allocations));
        println!(
            "{few} requests for 160 new objects, {many} for 1,600; allocations declared: {has_allocations}"
        );
        assert_eq!(few, many, "allocations declared: {has_allocations}");
        // Of one maintainer, in twice as many allocations, with an organisation, a person and an AS number.
        let most = 2 + 2 * (2 * ALLOCATIONS) + 3 + 10;
        assert!(many <= most, "{many} requests, at most {most}");
    }
}
