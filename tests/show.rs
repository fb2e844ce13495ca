//! `ripectl show`: what it says of an object in each of its forms.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use common::Estate;

#[test]
fn what_is_the_same_everywhere_is_shown_once() {
    let estate = Estate::new();
    let made = "inet6num/2a0f:85c1:261::/48";
    estate.check(
        &format!("show {made} --registry sandbox"),
        0,
        &[
            "declared    block lux, ripectl.toml:51, templates/block.rpsl\n  inet6num:       2a0f:85c1:261::/48\n",
            "stored      as it is declared\n",
            "registered  not there: `ripectl plan --registry sandbox` says what would make it\n",
        ],
    );
    estate.check("apply --registry sandbox --yes", 0, &[]);
    let said = estate.check(
        &format!("show {made} --registry sandbox"),
        0,
        &["declared    block lux, ripectl.toml:51, templates/block.rpsl: as it is registered, and as it would be stored\n"],
    );
    assert_eq!((said.matches("inet6num:").count(), said.matches("last-modified:").count()), (1, 1), "{said}");
}

#[test]
fn what_differs_is_shown_as_a_plan_shows_it() {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    estate.edit("objects/as205398.rpsl", "Hobby Network\n", "Hobby Network, anycast\n");
    let lines = "  - descr:          Hobby Network\n  + descr:          Hobby Network, anycast\n";
    estate.check("show AS205398 --registry sandbox", 0, &[&format!("registered  would change so:\n{lines}")]);
    let plan = estate.check("plan --registry sandbox", 0, &[]);
    assert!(lines.lines().all(|line| plan.contains(line)), "{plan}");
    // What it takes for the same it does not store.
    estate.edit("objects/as205398.rpsl", "Hobby Network, anycast\n", "hobby network\n");
    estate.check(
        "show AS205398 --registry sandbox",
        0,
        &[
            "stored      as it is declared, but for:\n  - descr:          hobby network\n  + descr:          Hobby Network\n",
            "registered  as it would be stored\n",
        ],
    );
}

#[test]
fn an_object_that_one_side_has_not_is_shown_with_the_other() {
    let estate = Estate::new();
    let said = estate.check(
        "show 2a0f:85c1:260::/44 --registry sandbox",
        0,
        &["declared    by no file\n", "registered\n  inet6num:       2a0f:85c1:260::/44\n"],
    );
    assert!(!said.contains("stored"), "{said}");
    let nowhere =
        "`hn1-ripr` is neither declared nor registered (sandbox)\nhint: did you mean `role/HN1-RIPE`?";
    estate.check("show hn1-ripr --registry sandbox", 1, &[nowhere]);
    estate.check("show zebra --registry sandbox", 1, &["hint: write `class/key`"]);
    estate.check(
        "show route6/* --registry sandbox",
        2,
        &["`route6/*` means several objects", "plan --only 'route6/*'"],
    );
}

#[test]
fn personal_data_is_masked_for_others() {
    let estate = Estate::new();
    let long = "address:        Hobby Street 1\n                Backyard 9\n+               third floor\n";
    estate.edit("objects/contacts.rpsl", "address:        Hobby Street 1\n", long);
    for (key, secrets) in [
        ("mntner/HOBBY-MNT", &["hobby@hobby.example", "noc@hobby.example"][..]),
        ("role/HN1-RIPE", &["Hobby Street", "Backyard", "third floor", "noc@hobby.example"]),
    ] {
        let line = format!("show {key} --registry sandbox --format markdown");
        let said = estate.check(&line, 0, &["***"]);
        let shown = estate.check(&format!("{line} --show-personal"), 0, &[]);
        for secret in secrets {
            assert!(!said.contains(secret) && shown.contains(secret), "{secret}\n{said}{shown}");
        }
    }
}
