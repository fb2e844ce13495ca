//! The main job, end to end: the example network against the embedded registry, as a user types it.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use common::Estate;

#[test]
fn plan_apply_and_validate_the_example_network() {
    let estate = Estate::new();
    estate.check("check", 0, &["no problems"]);
    estate.check("fmt --check", 0, &[]);
    estate.check("apply --registry sandbox --yes", 0, &["Plan: 35 to create", "16 announcements: all ok"]);
    estate.check("apply --registry sandbox --yes", 0, &["Nothing to do", "Nothing was written"]);
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do: 39 objects stand as declared"]);
}

#[test]
fn damage_is_hard_to_do_by_accident() {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    for line in ["ewr = { index = 14, at = [\"ewr\"] }\n", "sjc = { index = 15, at = [\"sjc\"] }\n"] {
        estate.edit("ripectl.toml", line, "");
    }
    estate.check("apply --registry sandbox", 2, &["nobody can be asked here"]);
    estate.check("apply --registry sandbox --yes", 1, &["4 deletions planned, the limit is 3"]);
    estate.check("apply --registry sandbox --yes --allow-deletes 3", 1, &["4 deletions planned"]);
    estate.check("plan --registry sandbox --allow-deletes 4 --out plan.json", 0, &["4 to delete"]);
    estate.check("apply plan.json --registry sandbox --yes --allow-deletes 4", 0, &["4 done"]);
    estate.check(
        "apply plan.json --registry sandbox --yes --allow-deletes 4",
        1,
        &["moved since the plan was saved"],
    );
}

#[test]
fn a_prefix_with_host_bits_is_refused() {
    let estate = Estate::new();
    let told = "error: 2001:db8:101::/44 has host bits set; did you mean 2001:db8:100::/44?";
    estate.check("split 2001:db8:101::/44", 2, &[told]);
}
