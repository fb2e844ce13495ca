//! An LIR's estate: customers with files and rows of their own, plans by customer, and runs that end before they are done.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use std::{fs, path::Path};

use common::Estate;
use serde_json::Value;

/// The estate of `docs/estates/lir`.
fn lir() -> Estate {
    let estate = Estate::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/estates/lir");
    for part in ["objects", "templates", "fixtures"] {
        fs::remove_dir_all(estate.path(part)).unwrap();
    }
    copy(&from, &estate.path("."));
    estate
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

#[test]
fn recipes_of_the_documentation_are_those_that_are_tried() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(project.join("docs/lir.md")).unwrap();
    let tried = fs::read_to_string(project.join("docs/estates/lir/ripectl.toml")).unwrap();
    let recipes = text.split("## Recipes").nth(1).unwrap();
    let blocks: Vec<&str> =
        recipes.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 2);
    for block in blocks {
        assert!(tried.contains(block), "docs/estates/lir does not try\n{block}");
    }
}

#[test]
fn each_customer_is_planned_alone_or_counted() {
    let estate = lir();
    estate.check("check", 0, &[]);
    let all = estate.check("plan --registry sandbox --summary", 0, &["Plan: 9 to create"]);
    for part in [
        "inet6num  8",
        "role      1",
        "acme: + 2 inet6num · + 1 role",
        "beta, delta: + 1 inet6num each",
        "epsilon, gamma: + 2 inet6num each",
        "+ 8 × inet6num  templates/assignment.rpsl",
    ] {
        assert!(all.contains(part), "`{part}` is not in\n{all}");
    }
    estate.check(
        "plan --registry sandbox --only customer:acme",
        0,
        &["Plan: 3 to create", "block ACME-1 of acme", "role AN99-RIPE"],
    );
    estate.check(
        "plan --registry sandbox --only customer:gamma",
        0,
        &["Plan: 2 to create", "block GAMMA-LAB of gamma"],
    );
    estate.check(
        "plan --registry sandbox --only customer:gama",
        2,
        &["did you mean `--only customer:gamma`?"],
    );
    estate.check("plan --registry sandbox --summary --format json", 2, &["`--summary` is for people"]);

    let output = estate.run("plan --registry sandbox --format json");
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    let of = |key: &str| {
        let changes = plan["changes"].as_array().unwrap();
        changes.iter().find(|change| change["key"] == key).unwrap_or_else(|| panic!("no {key} in {plan:#}"))
    };
    let delta = of("2a0f:85c1:27f::/48");
    assert_eq!(
        (&delta["customer"], &delta["declared_at"]["line"]),
        (&"delta".into(), &5.into()),
        "{delta:#}"
    );
    let descr = delta["after"].as_array().unwrap().iter().find(|line| line[0] == "descr").unwrap();
    assert_eq!(descr[1].as_str().unwrap().trim(), "Delta second line");
    assert_eq!(of("AN99-RIPE")["customer"], "acme");
}

#[test]
fn a_row_that_goes_is_counted_to_its_customer_and_a_saved_plan_is_of_its_table() {
    let estate = lir();
    estate.check("apply --registry sandbox --yes --only customer:epsilon", 0, &["2 done"]);
    estate.check("plan --registry sandbox --out saved.json", 0, &["saved"]);
    estate.edit("ipam/phpipam.csv", ";LU", ";BE");
    estate.check(
        "apply --registry sandbox saved.json --yes",
        2,
        &["was changed since it was made, or a file that it names"],
    );
    estate.check(
        "plan --registry sandbox --only customer:epsilon",
        0,
        &["Plan: 1 to change", "- country:        LU", "+ country:        BE"],
    );
    estate.check("plan --registry sandbox --summary", 0, &["epsilon: ~ 1 inet6num", "+ country:        BE"]);
}

#[test]
fn a_run_ends_in_order_and_is_gone_on_with() {
    let estate = lir();
    let ended =
        ["Ended after 4 writes; applied to sandbox: 4 done, 5 not tried", "4 of 9 done; `ripectl resume "];
    estate.check("apply --registry sandbox --yes --max-writes 4", 2, &ended);
    estate.check("runs", 0, &["4 of 9"]);
    let again = "Ended after 2 writes; applied to sandbox: 2 done, 3 not tried";
    estate.check("resume --yes --max-writes 2", 2, &[again]);
    estate.check("resume --yes --until 23:59", 0, &["no step begins after ", ":59 ", "3 done"]);
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do: 9 objects"]);
    estate.check(
        "undo --yes --max-writes 1",
        2,
        &["Ended after 1 write; applied to sandbox: 1 done, 2 not tried"],
    );
    estate.check("undo --yes --until 23:59", 0, &["no step begins after "]);
    estate.check("apply --yes --registry sandbox --until 25:00", 2, &["write the time of day as HH:MM"]);
    estate.check("apply --yes --registry sandbox --max-writes 0", 2, &["--max-writes"]);
}
