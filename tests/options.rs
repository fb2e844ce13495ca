//! Options exist only where they mean something: every option of every command has a row here, which shows its effect,
//! and is refused by every other command.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;
#[path = "common/tree.rs"]
mod tree;

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader},
    process::Stdio,
};

use common::Estate;

/// What shows that an option has an effect: a line with it, its exit status, and what it says, or does not say, which
/// is the other way round without it.
enum Shows {
    /// The line says this.
    Says(&'static str, i32, &'static str),
    /// The line does not say this.
    Hides(&'static str, i32, &'static str),
    /// It is tried in a test of its own: its name.
    In(&'static str),
}
use Shows::{Hides, In, Says};

/// The rows: command, option, and what shows its effect.
#[rustfmt::skip]
const ROWS: &[(&str, &str, Shows)] = &[
    ("plan", "--only", Says("plan --registry sandbox --only aut-num/AS205398", 0, "1 to change · 0 unchanged")),
    ("plan", "--out", In("a_saved_plan_goes_where_it_was_made_for")),
    ("plan", "--exit-code", In("an_exit_status_tells_found_from_trouble in statuses.rs")),
    ("plan", "--allow-deletes", In("limits_are_lifted_by_exact_numbers")),
    ("plan", "--allow-modifies", In("limits_are_lifted_by_exact_numbers")),
    ("plan", "--summary", Says("plan --registry sandbox --summary", 0, "What is done")),
    ("plan", "--strict", In("what_is_ours_and_undeclared_counts_only_strictly in allowances.rs")),
    ("plan", "--allow-irreversible", In("what_can_never_come_back_goes_only_in_so_many_words in allowances.rs")),
    ("plan", "--allow-reclaims", In("the_holder_of_the_space_reclaims_what_others_hold_in_it in allowances.rs")),
    ("plan", "--allow-announced", In("a_route_of_an_announced_prefix_goes_only_by_name")),
    ("plan", "--allow-lossy", In("characters_that_the_registry_cannot_store_are_lost_only_if_that_is_allowed in allowances.rs")),
    ("plan", "--registry", Says("plan --registry nosuch", 2, "no registry `nosuch`")),
    ("plan", "--state-dir", In("the_state_is_where_it_is_said_to_be")),
    ("plan", "--no-progress", In("progress_is_for_terminals")),
    ("plan", "--format", Says("plan --registry sandbox --format json", 0, "ripectl/plan/2")),
    ("plan", "--show-personal", Says("plan --registry sandbox -v --format markdown --show-personal", 0, "noc@hobby.example")),
    ("plan", "--verbose", Says("plan --registry sandbox --verbose", 0, "+ source:         RIPE")),
    ("apply", "--expect", In("a_saved_plan_is_what_was_reviewed in allowances.rs")),
    ("apply", "--only", Says("apply --registry sandbox --yes --only role/HN1-RIPE", 0, "Applied to sandbox: 1 done")),
    ("apply", "--yes", Hides("apply --registry sandbox --yes", 0, "nobody can be asked")),
    ("apply", "--gate", In("a_gate_stops_what_was_applied_and_is_not_valid in edges.rs")),
    ("apply", "--no-validate", Hides("apply --registry sandbox --yes --no-validate", 0, "16 announcements: all ok")),
    ("apply", "--try-anyway", In("what_is_certain_to_be_refused_is_not_begun in edges.rs")),
    ("apply", "--allow-deletes", In("limits_are_lifted_by_exact_numbers")),
    ("apply", "--allow-modifies", In("limits_are_lifted_by_exact_numbers")),
    ("apply", "--allow-irreversible", In("what_can_never_come_back_goes_only_in_so_many_words in allowances.rs")),
    ("apply", "--allow-reclaims", In("the_holder_of_the_space_reclaims_what_others_hold_in_it in allowances.rs")),
    ("apply", "--allow-announced", In("a_route_of_an_announced_prefix_goes_only_by_name")),
    ("apply", "--allow-lossy", In("characters_that_the_registry_cannot_store_are_lost_only_if_that_is_allowed in allowances.rs")),
    ("apply", "--registry", Says("apply --registry nosuch --yes", 2, "no registry `nosuch`")),
    ("apply", "--state-dir", In("the_state_is_where_it_is_said_to_be")),
    ("apply", "--no-progress", In("progress_is_for_terminals")),
    ("apply", "--format", Says("apply --registry sandbox --yes --format json", 0, "ripectl/apply/2")),
    ("apply", "--show-personal", In("personal_data_is_shown_when_asked_for")),
    ("apply", "--verbose", Says("apply --registry sandbox --yes --verbose", 0, "✓ create inet6num 2a0f:85c1:260::/48")),
    ("apply", "--max-writes", In("a_run_ends_in_order_and_is_gone_on_with in customers.rs")),
    ("apply", "--until", In("a_run_ends_in_order_and_is_gone_on_with in customers.rs")),
    ("resume", "--max-writes", In("a_run_ends_in_order_and_is_gone_on_with in customers.rs")),
    ("resume", "--until", In("a_run_ends_in_order_and_is_gone_on_with in customers.rs")),
    ("undo", "--max-writes", In("a_run_ends_in_order_and_is_gone_on_with in customers.rs")),
    ("undo", "--until", In("a_run_ends_in_order_and_is_gone_on_with in customers.rs")),
    ("resume", "--receipt", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("resume", "--only", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("resume", "--allow-announced", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("resume", "--yes", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("resume", "--gate", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("resume", "--no-validate", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("resume", "--try-anyway", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("resume", "--journal", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("resume", "--registry", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("resume", "--state-dir", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("resume", "--no-progress", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("resume", "--format", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("resume", "--show-personal", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("resume", "--verbose", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--receipt", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--only", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--allow-announced", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--yes", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--gate", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--no-validate", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--try-anyway", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--journal", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--registry", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--state-dir", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--no-progress", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--format", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--show-personal", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("undo", "--verbose", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("apply", "--journal", In("a_journal_on_stdout_is_a_receipt in replays.rs")),
    ("login", "--registry", In("a_key_is_kept_once_it_has_proved_for_whom_it_speaks in keys.rs")),
    ("login", "--name", In("a_key_is_kept_once_it_has_proved_for_whom_it_speaks in keys.rs")),
    ("login", "--mntner", In("what_proves_nothing_is_not_kept in keys.rs")),
    ("login", "--file", In("a_key_goes_into_the_keyring_and_comes_out_of_it in keyring.rs")),
    ("login", "--format", In("a_second_key_stands_beside_the_first in keys.rs")),
    ("logout", "--registry", In("a_key_is_kept_once_it_has_proved_for_whom_it_speaks in keys.rs")),
    ("logout", "--name", In("a_second_key_stands_beside_the_first in keys.rs")),
    ("logout", "--format", In("a_second_key_stands_beside_the_first in keys.rs")),
    ("whoami", "--registry", Says("whoami --registry nosuch", 2, "no registry `nosuch`")),
    ("whoami", "--state-dir", In("the_state_is_where_it_is_said_to_be")),
    ("whoami", "--no-progress", In("progress_is_for_terminals")),
    ("whoami", "--format", Says("whoami --registry sandbox --format json", 0, "ripectl/whoami/1")),
    ("runs", "--state-dir", In("runs_are_gone_on_with_and_taken_back in replays.rs")),
    ("runs", "--format", Says("runs --format json", 0, "ripectl/runs/1")),
    ("validate", "--vrps", Says("validate --registry sandbox --vrps nowhere.json", 2, "`nowhere.json`")),
    ("validate", "--assume", In("a_vrp_is_assumed_for_a_run in what_if.rs")),
    ("validate", "--slurm", In("exceptions_are_applied in seen.rs")),
    ("validate", "--max-age", In("evidence_is_as_old_as_it_says in seen.rs")),
    ("validate", "--expired", In("evidence_is_as_old_as_it_says in seen.rs")),
    ("validate", "--require-ta", In("evidence_is_as_old_as_it_says in seen.rs")),
    ("validate", "--announcements", In("what_is_seen_is_judged_without_an_estate in seen.rs")),
    ("validate", "--bird", In("a_router_is_asked_over_its_socket in seen.rs")),
    ("validate", "--irr", In("route_objects_of_a_dump_are_looked_at in seen.rs")),
    ("validate", "--origin", In("what_a_router_originates_itself_is_of_the_as_that_is_named in seen.rs")),
    ("validate", "--proof", In("route_objects_of_a_dump_are_looked_at in seen.rs")),
    ("validate", "--all", In("of_many_rows_those_with_findings_are_shown in seen.rs")),
    ("validate", "--summary", In("of_many_rows_those_with_findings_are_shown in seen.rs")),
    ("validate", "--registry", Says("validate --registry nosuch", 2, "no registry `nosuch`")),
    ("validate", "--state-dir", In("the_state_is_where_it_is_said_to_be")),
    ("validate", "--no-progress", In("progress_is_for_terminals")),
    ("validate", "--format", Says("validate --registry sandbox --format junit", 1, "<testsuites tests=\"16\"")),
    ("validate", "--show-personal", Says("validate --registry sandbox --vrps fixtures/some.json --format github --show-personal", 1, "noc@sponsor.example")),
    ("validate", "--verbose", In("many_findings_of_a_rule_are_grouped")),
    ("roa check", "--add", In("a_change_that_makes_something_worse_is_found in what_if.rs")),
    ("roa check", "--remove", In("a_change_that_makes_something_worse_is_found in what_if.rs")),
    ("roa check", "--vrps", In("a_change_is_judged_by_the_evidence_that_validate_demands in what_if.rs")),
    ("roa check", "--slurm", In("a_change_is_judged_by_the_evidence_that_validate_demands in what_if.rs")),
    ("roa check", "--max-age", In("a_change_is_judged_by_the_evidence_that_validate_demands in what_if.rs")),
    ("roa check", "--expired", In("a_change_is_judged_by_the_evidence_that_validate_demands in what_if.rs")),
    ("roa check", "--require-ta", In("a_change_is_judged_by_the_evidence_that_validate_demands in what_if.rs")),
    ("roa check", "--announcements", In("a_change_that_makes_something_worse_is_found in what_if.rs")),
    ("roa check", "--bird", In("a_change_is_judged_by_the_evidence_that_validate_demands in what_if.rs")),
    ("roa check", "--origin", In("a_change_is_judged_by_the_evidence_that_validate_demands in what_if.rs")),
    ("roa check", "--all", In("what_changes_is_shown_in_every_form in what_if.rs")),
    ("roa check", "--format", In("what_changes_is_shown_in_every_form in what_if.rs")),
    ("roa check", "--show-personal", In("a_change_is_judged_on_what_is_declared_too in what_if.rs")),
    ("roa check", "--verbose", In("a_change_is_judged_on_what_is_declared_too in what_if.rs")),
    ("roa check", "--registry", Says("roa check --add AS1:2001:db8::/32 --registry nosuch", 2, "no registry `nosuch`")),
    ("audit", "--arc", Hides("audit --arc --registry sandbox", 1, "which audit is meant?")),
    ("audit", "--delegated", Says("audit --arc --registry sandbox --delegated nowhere.txt", 2, "nowhere.txt")),
    ("audit", "--dns", In("each_fault_of_a_name_server_is_found in audit.rs")),
    ("audit", "--resolve", In("each_fault_of_a_name_server_is_found in audit.rs")),
    ("audit", "--registry", Says("audit --arc --registry nosuch", 2, "no registry `nosuch`")),
    ("audit", "--state-dir", In("the_state_is_where_it_is_said_to_be")),
    ("audit", "--no-progress", In("progress_is_for_terminals")),
    ("audit", "--format", Says("audit --arc --registry sandbox --format json", 1, "ripectl/audit/1")),
    ("audit", "--show-personal", In("what_reaches_nobody_is_shown_to_others_only_if_asked_for in audit.rs")),
    ("audit", "--verbose", In("many_findings_are_cut_unless_all_is_to_be_shown in audit.rs")),
    ("check", "--rules", Says("check --rules", 0, "as-set-hierarchical")),
    ("check", "--registry", Says("check --registry nosuch", 2, "no registry `nosuch`")),
    ("check", "--format", Says("check --format json", 0, "ripectl/findings/1")),
    ("check", "--show-personal", In("personal_data_is_shown_when_asked_for")),
    ("check", "--verbose", In("many_findings_of_a_rule_are_grouped")),
    ("show", "--registry", Says("show AS205398 --registry nosuch", 2, "no registry `nosuch`")),
    ("show", "--state-dir", In("the_state_is_where_it_is_said_to_be")),
    ("show", "--no-progress", In("progress_is_for_terminals")),
    ("show", "--format", Says("show AS205398 --registry sandbox --format json", 0, "ripectl/show/1")),
    ("show", "--show-personal", Says("show HN1-RIPE --registry sandbox --format markdown --show-personal", 0, "noc@hobby.example")),
    ("show", "--verbose", Says("show AS205398 --registry sandbox --verbose", 0, "\n    as-name:")),
    ("explain", "--registry", Says("explain AS205398 --registry nosuch", 2, "no registry `nosuch`")),
    ("explain", "--state-dir", In("the_state_is_where_it_is_said_to_be")),
    ("explain", "--no-progress", In("progress_is_for_terminals")),
    ("explain", "--format", Says("explain AS205398 --registry sandbox --format json", 0, "ripectl/explain/1")),
    ("explain", "--show-personal", In("personal_data_is_shown_when_asked_for")),
    ("fmt", "--check", Says("fmt --check objects/loose.rpsl", 1, "would format objects/loose.rpsl")),
    ("fmt", "--format", Says("fmt --check objects/loose.rpsl --format sarif", 1, "\"ruleId\": \"format\"")),
    ("fmt", "--show-personal", In("personal_data_is_shown_when_asked_for")),
    ("fmt", "--verbose", In("many_findings_of_a_rule_are_grouped")),
    ("init", "--mntner", In("what_is_registered_is_taken_over in init.rs")),
    ("init", "--asn", In("what_is_registered_is_taken_over in init.rs")),
    ("init", "--prefix", In("what_is_registered_is_taken_over in init.rs")),
    ("init", "--country", In("what_is_registered_is_taken_over in init.rs")),
    ("init", "--lir", In("who_has_nothing_gets_files_that_are_in_order in init.rs")),
    ("init", "--person", In("all_that_is_wrong_with_the_answers_is_said_at_once_and_nothing_is_written in init.rs")),
    ("init", "--address", In("all_that_is_wrong_with_the_answers_is_said_at_once_and_nothing_is_written in init.rs")),
    ("init", "--phone", In("all_that_is_wrong_with_the_answers_is_said_at_once_and_nothing_is_written in init.rs")),
    ("init", "--email", In("all_that_is_wrong_with_the_answers_is_said_at_once_and_nothing_is_written in init.rs")),
    ("init", "--account", In("all_that_is_wrong_with_the_answers_is_said_at_once_and_nothing_is_written in init.rs")),
    ("init", "--org-name", In("all_that_is_wrong_with_the_answers_is_said_at_once_and_nothing_is_written in init.rs")),
    ("init", "--sandbox", In("who_has_nothing_gets_files_that_are_in_order in init.rs")),
    ("init", "--status", In("what_the_ripe_ncc_assigned_is_ours in init.rs")),
    ("init", "--given", In("what_the_ripe_ncc_assigned_is_ours in init.rs")),
    ("init", "--registry", In("what_is_registered_is_taken_over in init.rs")),
    ("init", "--state-dir", In("its_json_is_that_of_the_schema_and_its_state_where_it_is_said in init.rs")),
    ("init", "--no-progress", In("its_json_is_that_of_the_schema_and_its_state_where_it_is_said in init.rs")),
    ("init", "--format", In("its_json_is_that_of_the_schema_and_its_state_where_it_is_said in init.rs")),
    ("lir request", "--vrps", In("a_letter_has_all_that_is_to_be_done_and_nothing_that_is in letters.rs")),
    ("lir request", "--output", In("a_letter_is_a_file_or_a_mail in letters.rs")),
    ("lir request", "--registry", In("a_letter_is_a_file_or_a_mail in letters.rs")),
    ("lir request", "--state-dir", In("what_nobody_expected_is_asked_for_too in letters.rs")),
    ("lir request", "--no-progress", In("a_letter_has_all_that_is_to_be_done_and_nothing_that_is in letters.rs")),
    ("lir request", "--format", In("a_letter_has_all_that_is_to_be_done_and_nothing_that_is in letters.rs")),
    ("asn request", "--peer", In("a_request_for_an_as_number_is_whole_or_says_what_is_missing in letters.rs")),
    ("asn request", "--output", In("a_request_for_an_as_number_is_whole_or_says_what_is_missing in letters.rs")),
    ("asn request", "--registry", In("a_request_for_an_as_number_is_whole_or_says_what_is_missing in letters.rs")),
    ("asn request", "--state-dir", In("a_request_for_an_as_number_is_whole_or_says_what_is_missing in letters.rs")),
    ("asn request", "--no-progress", In("a_request_for_an_as_number_is_whole_or_says_what_is_missing in letters.rs")),
    ("asn request", "--format", In("a_request_for_an_as_number_is_whole_or_says_what_is_missing in letters.rs")),
    ("import", "--mntner", In("nothing_of_the_users_is_written_over in import.rs")),
    ("import", "--org", In("what_is_looked_for_is_found in import.rs")),
    ("import", "--prefix", In("what_is_looked_for_is_found in import.rs")),
    ("import", "--origin", In("what_is_looked_for_is_found in import.rs")),
    ("import", "--fold", In("blocks_that_are_alike_are_rows_of_a_table in import.rs")),
    ("import", "--from", In("a_dump_is_taken_for_what_it_is in import.rs")),
    ("import", "--managed", In("what_the_ripe_ncc_changed_is_taken_over_and_nothing_else in import.rs")),
    ("import", "--force", In("nothing_of_the_users_is_written_over in import.rs")),
    ("import", "--registry", Says("import AS205398 --registry nosuch", 2, "no registry `nosuch`")),
    ("import", "--state-dir", In("the_state_is_where_it_is_said_to_be")),
    ("import", "--no-progress", In("progress_is_for_terminals")),
    ("import", "--format", Says("import AS205398 --registry sandbox --format json", 1, "ripectl/import/1")),
    ("import", "--verbose", In("what_is_looked_for_is_found in import.rs")),
    ("geofeed", "--output", In("blocks_are_lines_and_what_is_published_is_compared in geofeed.rs")),
    ("geofeed", "--check", In("blocks_are_lines_and_what_is_published_is_compared in geofeed.rs")),
    ("geofeed", "--registry", Says("geofeed --registry nosuch", 2, "no registry `nosuch`")),
    ("geofeed", "--format", Says("geofeed --format json", 0, "ripectl/geofeed/1")),
    ("split", "--into", Says("split 2001:db8::/46 --into 47", 0, "2001:db8:2::/47")),
    ("split", "--origin", Says("split 2001:db8::/46 --origin AS205398", 0, "2001:db8::/48    AS205398")),
    ("split", "--write", Says("split 2001:db8::/46 --write", 0, "added to ripectl.toml")),
    ("split", "--verbose", Says("split 2001:db8::/32 --verbose", 0, "2001:db8:ffff::/48")),
    ("split", "--format", Says("split 2001:db8::/46 --format json", 0, "ripectl/split/1")),
    ("sandbox serve", "--listen", Says("sandbox serve --listen 192.0.2.1:1 --ephemeral", 2, "192.0.2.1:1")),
    ("sandbox serve", "--load", Says("sandbox serve --load nowhere.rpsl --ephemeral --listen 127.0.0.1:0", 2, "nowhere.rpsl")),
    ("sandbox serve", "--accounts", Says("sandbox serve --accounts nowhere.toml --ephemeral --listen 127.0.0.1:0", 2, "nowhere.toml")),
    ("sandbox serve", "--settings", Says("sandbox serve --settings nowhere.toml --ephemeral --listen 127.0.0.1:0", 2, "nowhere.toml")),
    ("sandbox serve", "--ephemeral", In("what_serves_keeps_or_forgets")),
    ("sandbox serve", "--state-dir", In("what_serves_keeps_or_forgets")),
    ("sandbox serve", "--format", In("what_serves_keeps_or_forgets")),
    ("sandbox dump", "--state-dir", Says("sandbox dump --state-dir elsewhere", 2, "no sandbox at elsewhere")),
    ("sandbox dump", "--format", In("personal_data_is_shown_when_asked_for")),
    ("sandbox dump", "--show-personal", In("personal_data_is_shown_when_asked_for")),
    ("sandbox copy", "--registry", Says("sandbox copy --registry nosuch", 2, "no registry `nosuch`")),
    ("sandbox copy", "--state-dir", In("a_copy_goes_into_the_state_that_is_named")),
    ("sandbox copy", "--no-progress", In("progress_is_for_terminals")),
    ("sandbox copy", "--format", In("a_copy_goes_into_the_state_that_is_named")),
    ("sandbox reset", "--yes", Says("sandbox reset --yes", 0, "of its base again")),
    ("sandbox reset", "--state-dir", In("the_state_is_where_it_is_said_to_be")),
    ("sandbox reset", "--format", Says("sandbox reset --yes --format json", 0, "ripectl/note/1")),
    ("reference", "--json-schema", Says("reference --json-schema", 0, "\"additionalProperties\": false")),
    ("reference", "--format", Says("reference --format json", 0, "ripectl/reference/1")),
    ("completions", "--dynamic", Says("completions bash --dynamic", 0, "RIPECTL_COMPLETE")),
    ("man", "--dir", Says("man --dir pages", 0, "pages in pages")),
];

/// What every command has.
#[rustfmt::skip]
const COMMON: [(&str, Shows); 3] = [
    ("--quiet", In("what_is_quiet_says_errors_alone in completions.rs")),
    ("--directory", Says("-C nowhere check", 2, "`nowhere` cannot be entered")),
    ("--color", Says("check --rules --color always", 0, "\u{1b}[1mThe files\u{1b}[0m")),
];

/// The example with a file that is not formatted, and VRPs in which one is missing.
fn estate() -> Estate {
    let estate = Estate::new();
    fs::write(
        estate.path("objects/loose.rpsl"),
        "as-set: AS205398:AS-LOOSE\ntech-c: HN1-RIPE\nadmin-c: HN1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n",
    )
    .unwrap();
    let some = estate.read("fixtures/vrps.json").replace("2a0f:85c1:263::/48", "2a0f:85c1:273::/48");
    fs::write(estate.path("fixtures/some.json"), some).unwrap();
    estate
}

fn without(line: &str, option: &str) -> String {
    let takes = tree::commands()
        .iter()
        .any(|known| known.name == tree::command_of(line) && known.takes_value(option));
    let mut words = line.split(' ').peekable();
    let mut kept = Vec::new();
    while let Some(word) = words.next() {
        if word == option {
            if takes {
                words.next();
            }
        } else {
            kept.push(word);
        }
    }
    kept.join(" ")
}

#[test]
fn every_option_of_every_command_has_a_row() {
    let common: BTreeSet<String> = COMMON.iter().map(|(option, _)| (*option).to_owned()).collect();
    for command in tree::commands() {
        let rows = ROWS.iter().filter(|(name, ..)| *name == command.name);
        let rows: BTreeSet<String> = rows.map(|(_, option, _)| (*option).to_owned()).collect();
        let has: BTreeSet<String> =
            command.options().into_iter().filter(|name| !common.contains(name)).collect();
        assert_eq!(has, rows, "the options of `{}`, and those with a row", command.name);
        assert!(common.iter().all(|option| command.options().contains(option)), "{}", command.name);
    }
    // A row that names a test names one that is there.
    let tests: Vec<String> = [
        "options.rs",
        "edges.rs",
        "statuses.rs",
        "allowances.rs",
        "replays.rs",
        "customers.rs",
        "keys.rs",
        "keyring.rs",
        "import.rs",
        "init.rs",
        "letters.rs",
        "completions.rs",
        "audit.rs",
        "geofeed.rs",
        "seen.rs",
        "what_if.rs",
    ]
    .map(|file| fs::read_to_string(format!("{}/tests/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap())
    .to_vec();
    for (command, option, shows) in ROWS {
        let In(test) = shows else { continue };
        let name = format!("fn {}()", test.split(' ').next().unwrap());
        let there = tests.iter().any(|text| text.contains(&name) && text.contains(option));
        assert!(there, "{command} {option}: there is no {test}");
    }
}

#[test]
fn every_option_does_something() {
    let common = COMMON.iter().map(|(option, shows)| ("", *option, shows));
    for (command, option, shows) in
        ROWS.iter().map(|(command, option, shows)| (*command, *option, shows)).chain(common)
    {
        let (line, status, said, part) = match shows {
            Says(line, status, part) => (line, *status, true, part),
            Hides(line, status, part) => (line, *status, false, part),
            In(_) => continue,
        };
        let estate = estate();
        if line.starts_with("validate") && line.contains("some.json") {
            estate.check("apply --registry sandbox --yes", 0, &[]);
        }
        let text = estate.check(line, status, &[]);
        assert_eq!(text.contains(part), said, "`{line}`: {part}\n{text}");
        if line.starts_with("sandbox serve") || option == "--directory" {
            continue; // It would serve, or the folder is the value.
        }
        let bare = estate.run(&without(line, option));
        let bare = String::from_utf8(bare.stdout).unwrap() + &String::from_utf8(bare.stderr).unwrap();
        assert_ne!(bare.contains(part), said, "`{line}` says the same without {option} ({command})\n{bare}");
    }
}

/// An option that a command has not is refused there, before anything is done.
#[test]
fn what_means_nothing_is_refused() {
    let estate = Estate::new();
    let commands = tree::commands();
    let all: BTreeSet<(String, bool)> = commands
        .iter()
        .flat_map(|command| {
            command.options().into_iter().map(|option| {
                let takes = command.takes_value(&option);
                (option, takes)
            })
        })
        .collect();
    let mut tried = 0;
    for command in &commands {
        for (option, takes) in all.iter().filter(|(option, _)| !command.options().contains(option)) {
            let line = if *takes {
                format!("{} {option}=1", command.name)
            } else {
                format!("{} {option}", command.name)
            };
            estate.check(&line, 2, &["unexpected argument"]);
            tried += 1;
        }
        for option in command.options().iter().filter(|option| command.takes_value(option)) {
            assert_eq!(command.most_values(option), 1, "{} {option} takes one value", command.name);
        }
    }
    assert!(tried > 60, "{tried}");
    assert!(!estate.path(".ripectl").exists(), "nothing was done");
    estate.check("validate --only AS205398 2a0f:85c1:299::/48", 2, &["unexpected argument '--only'"]);
    estate.check("plan --registry sandbox --only AS205398 HN1-RIPE", 2, &["unexpected argument 'HN1-RIPE'"]);
    estate.check("sandbox --registry x dump", 2, &["unexpected argument '--registry'"]);
    estate.check("check --rules --registry ripe", 2, &["cannot be used with"]);
}

/// Forms are offered where they mean something.
#[test]
fn forms_of_findings_are_for_what_finds() {
    for command in tree::commands().iter().filter(|command| !tree::FILES.contains(&command.name.as_str())) {
        let finds = ["plan", "validate", "audit", "check", "fmt"].contains(&command.name.as_str());
        let expected: &[&str] = if ["validate", "roa check"].contains(&command.name.as_str()) {
            &["text", "json", "markdown", "sarif", "github", "junit", "csv"]
        } else if finds {
            &["text", "json", "markdown", "sarif", "github", "junit"]
        } else {
            &["text", "json", "markdown"]
        };
        assert_eq!(command.values("format"), expected, "{}", command.name);
    }
    let estate = Estate::new();
    estate.check(
        "apply --registry sandbox --yes --format sarif",
        2,
        &["possible values: text, json, markdown"],
    );
    estate.check("check --rules --format junit", 2, &["hint: "]);
    estate.check("check --rules --format sarif", 0, &["\"id\": \"as-set-hierarchical\""]);
    estate.check("fmt --format junit", 2, &["hint: `ripectl fmt --check`"]);
}

#[test]
fn only_what_is_meant_is_planned() {
    let estate = Estate::new();
    let plan = |only: &str, counts: &str| {
        let text = estate.check(&format!("plan --registry sandbox {only}"), 0, &[counts]);
        text.lines().filter(|line| line.contains(" + ") || line.contains(" ~ ")).count()
    };
    plan("--only route6/*", "Plan: 16 to create · 0 unchanged");
    plan("--only block:ams", "Plan: 2 to create · 0 unchanged");
    plan("--only block:ams --only block:lux", "Plan: 4 to create · 0 unchanged");
    plan("--only route6/2a0f:85c1:265::/48AS205398", "Plan: 1 to create · 0 unchanged");
    plan("--only 2a0f:85c1:265::/48", "Plan: 1 to create · 0 unchanged");
    plan("--only *:265::*", "Plan: 2 to create · 0 unchanged");
    for (nothing, hint) in [
        ("zebra/*", "neither declared nor registered"),
        ("route6/2001:db8::/48AS1", "neither declared nor registered"),
        ("block:amss", "did you mean `--only block:ams`?"),
        ("HN2-RIPE", "there is no `HN2-RIPE`"),
    ] {
        for command in ["plan", "plan --exit-code", "apply --yes"] {
            estate.check(&format!("{command} --registry sandbox --only {nothing}"), 2, &[hint]);
            let line = format!("{command} --registry sandbox --only route6/* --only {nothing}");
            estate.check(&line, 2, &[hint]);
        }
    }
    // What stands in the space of a block and is no longer declared belongs to it.
    estate.check("apply --registry sandbox --yes", 0, &[]);
    estate.edit(
        "ripectl.toml",
        "templates = { inet6num = \"block\", route6 = \"route\"",
        "templates = { route6 = \"route\"",
    );
    let text = estate.check(
        "plan --registry sandbox --only block:ams",
        0,
        &["1 to delete", "- inet6num 2a0f:85c1:265::/48"],
    );
    assert!(!text.contains("2a0f:85c1:264::/48"), "{text}");
}

#[test]
fn a_saved_plan_goes_where_it_was_made_for() {
    let estate = Estate::new();
    let contacts = "--only role/* --only mntner/* --only organisation/* --only aut-num/*";
    estate.check(&format!("apply --registry sandbox --yes {contacts}"), 0, &["done"]);
    let said = estate.check(
        "plan --registry sandbox --only block:ams --out p.json",
        0,
        &["saved to p.json (sha256:", "`ripectl apply p.json` does it"],
    );
    assert!(!said.contains("apply p.json --registry"), "{said}");
    estate.check(
        "apply p.json --registry ripe --yes --only block:ams",
        2,
        &["p.json is a plan for `sandbox`, and not for `ripe`"],
    );
    assert!(estate.path(".ripectl").exists());
    estate.check("apply p.json --yes --only block:ams", 0, &["Applied to sandbox: 2 done"]);
    let elsewhere = "plan --registry sandbox --state-dir s --out q.json";
    estate.check(elsewhere, 0, &["`ripectl apply q.json --state-dir s` does it"]);
    estate.check("apply q.json --state-dir s --yes", 0, &["Applied to sandbox: 38 done"]);
    let root = estate.path("").display().to_string();
    let up = format!("-C {} plan --registry sandbox --out r.json", root.trim_end_matches('/'));
    estate.check(&up, 0, &[&format!("`ripectl -C {} apply r.json` does it", root.trim_end_matches('/'))]);
    estate.check(
        "apply --registry sandbox",
        2,
        &["`ripectl plan --registry sandbox`, then `ripectl apply --yes --registry sandbox`"],
    );
}

#[test]
fn limits_are_lifted_by_exact_numbers() {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    estate.edit(
        "ripectl.toml",
        "ewr = { index = 14, at = [\"ewr\"] }\nsjc = { index = 15, at = [\"sjc\"] }\n",
        "",
    );
    estate.check("plan --registry sandbox", 0, &["4 deletions planned, the limit is 3"]);
    let plan = estate.check("plan --registry sandbox --allow-deletes 4", 0, &["4 to delete"]);
    assert!(!plan.contains("the limit is"), "{plan}");
    estate.check("apply --registry sandbox --yes --allow-deletes 4", 0, &["4 done"]);
    estate.edit("ripectl.toml", "modify = 10", "modify = 0");
    estate.edit("objects/as205398.rpsl", "Hobby Network\n", "Hobby Network, anycast\n");
    estate.check("plan --registry sandbox", 0, &["the limit is 0"]);
    let plan = estate.check("plan --registry sandbox --allow-modifies 1", 0, &["1 to change"]);
    assert!(!plan.contains("the limit is"), "{plan}");
    estate.check("apply --registry sandbox --yes --allow-modifies 1", 0, &["1 done"]);
}

#[test]
fn a_route_of_an_announced_prefix_goes_only_by_name() {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    estate.edit(
        "ripectl.toml",
        "exclusive = [",
        "absent = [\"route6/2a0f:85c1:26f::/48AS205398\"]\nexclusive = [",
    );
    estate.edit("ripectl.toml", "route6 = \"route\", ", "");
    let limits = "--allow-deletes 16";
    estate.check(&format!("plan --registry sandbox {limits}"), 0, &["STOP: still announced at sjc"]);
    let named = format!("--allow-announced 2a0f:85c1:26f::/48 {limits}");
    let plan =
        estate.check(&format!("plan --registry sandbox {named}"), 0, &["STOP: still announced at ams"]);
    assert!(!plan.contains("still announced at sjc"), "{plan}");
    estate.check(&format!("apply --registry sandbox --yes {named}"), 1, &["still announced at"]);
}

#[test]
fn the_state_is_where_it_is_said_to_be() {
    let estate = Estate::new();
    for line in [
        "plan --registry sandbox",
        "validate --registry sandbox",
        "audit --arc --registry sandbox",
        "show AS205398 --registry sandbox",
        "explain AS205398 --registry sandbox",
        "import AS205398 --registry sandbox",
        "whoami --registry sandbox",
        "apply --registry sandbox --yes",
        "sandbox reset --yes",
    ] {
        let folder = format!("state-{}", line.split(' ').next().unwrap());
        estate.run(&format!("{line} --state-dir {folder}"));
        assert!(estate.path(&folder).join("sandbox.sqlite").exists(), "{line}");
        assert!(!estate.path(".ripectl").exists(), "{line}");
    }
}

/// Nobody looks at a progress bar where stderr is no terminal: with the option and without it, there is none.
#[test]
fn progress_is_for_terminals() {
    let estate = Estate::new();
    for line in [
        "plan --registry sandbox",
        "apply --registry sandbox --yes",
        "validate --registry sandbox",
        "audit --arc --registry sandbox",
        "show AS205398 --registry sandbox",
        "explain AS205398 --registry sandbox",
        "import AS205398 --registry sandbox",
        "whoami --registry sandbox",
        "sandbox copy --registry sandbox",
    ] {
        for line in [line.to_owned(), format!("{line} --no-progress")] {
            let said = String::from_utf8(estate.run(&line).stderr).unwrap();
            assert!(
                !said.contains('█') && !said.contains("reading") && !said.contains("unexpected"),
                "{line}\n{said}"
            );
        }
    }
}

#[test]
fn personal_data_is_shown_when_asked_for() {
    let estate = Estate::new();
    let check = |line: &str, status: i32, personal: &str| {
        let masked = estate.check(line, status, &[]);
        assert!(!masked.contains(personal), "{line}\n{masked}");
        estate.check(&format!("{line} --show-personal"), status, &[personal]);
    };
    // What is talked about on stderr is for whoever runs it, and is not masked: the receipt on stdout is.
    estate.edit("objects/contacts.rpsl", "noc@hobby.example", "noc@hobby.example noc@other.example");
    check("check --format markdown", 1, "noc@other.example");
    check("check --format github", 1, "noc@other.example");
    estate.edit("objects/contacts.rpsl", "noc@hobby.example noc@other.example", "noc@hobby.example");
    fs::write(estate.path("broken.rpsl"), "person noc@hobby.example\n").unwrap();
    estate.check("fmt --check broken.rpsl --format github --show-personal", 1, &["rpsl-structure"]);
    estate.check("plan --registry sandbox", 0, &[]);
    check("sandbox dump --format markdown", 0, "upd-to:         noc@");
    estate.check("explain AS205398 --registry sandbox --format markdown --show-personal", 0, &["may"]);
    estate.check("apply --registry sandbox --yes --format markdown --show-personal", 0, &["Applied"]);
}

#[test]
fn many_findings_of_a_rule_are_grouped() {
    let estate = Estate::new();
    let broken: String = (0..25)
        .map(|number| format!("as-set: AS205398:AS-{number}\nbroken line {number}\nsource: RIPE\n\n"))
        .collect();
    fs::write(estate.path("objects/broken.rpsl"), broken).unwrap();
    for line in ["check", "fmt --check", "fmt --check objects/broken.rpsl"] {
        let text = estate.check(line, 1, &["and 5 more of rpsl-structure: -v"]);
        assert_eq!(text.matches("error[rpsl-structure]").count(), 20, "{line}");
        let all = estate.check(&format!("{line} -v"), 1, &[]);
        assert_eq!(all.matches("error[rpsl-structure]").count(), 25, "{line}");
        for (form, one) in [
            ("json", "\"rule\": \"rpsl-structure\""),
            ("github", "title=rpsl-structure"),
            ("junit", "name=\"rpsl-structure\""),
            ("sarif", "\"ruleId\": \"rpsl-structure\""),
        ] {
            let all = estate.check(&format!("{line} --format {form}"), 1, &[]);
            assert_eq!(all.matches(one).count(), 25, "{line} --format {form}");
        }
    }
    fs::remove_file(estate.path("objects/broken.rpsl")).unwrap();
    // What is the same for many is told once, with their names.
    let names = [
        "the same for 11 others: 2a0f:85c1:265::/48 to 2a0f:85c1:26f::/48\n",
        "the same for 3 others: 2a0f:85c1:262::/48, 2a0f:85c1:263::/48, 2a0f:85c1:264::/48\n",
    ];
    let text = estate.check("validate --registry sandbox", 1, &names);
    assert_eq!(text.matches("error irr-missing").count(), 2);
    let all = estate.check("validate --registry sandbox --verbose", 1, &[]);
    assert_eq!(all.matches("error irr-missing").count(), 16);
    let broken: String = (0..25)
        .map(|number| format!("as-set: AS205398:AS-{number}\nbroken line\nsource: RIPE\n\n"))
        .collect();
    fs::write(estate.path("objects/broken.rpsl"), broken).unwrap();
    let text = estate.check(
        "check",
        1,
        &["the same for 24 others: objects/broken.rpsl:6, objects/broken.rpsl:10, "],
    );
    assert_eq!(text.matches("error[rpsl-structure]").count(), 1);
}

#[test]
fn what_serves_keeps_or_forgets() {
    let estate = Estate::new();
    let serve = |line: &str| {
        let mut child = estate.command(line).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        while !said.contains("listening on") {
            assert!(lines.read_line(&mut said).unwrap() > 0, "{line}: {said}");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        said
    };
    serve("sandbox serve --listen 127.0.0.1:0 --ephemeral");
    assert!(!estate.path(".ripectl").exists());
    serve("sandbox serve --listen 127.0.0.1:0 --state-dir s");
    assert!(estate.path("s/sandbox.sqlite").exists() && !estate.path(".ripectl").exists());
    assert!(
        serve("sandbox serve --listen 127.0.0.1:0 --ephemeral --format json")
            .contains("\"text\": \"listening on http")
    );
}

#[test]
fn a_copy_goes_into_the_state_that_is_named() {
    let estate = Estate::new();
    let mut child = estate
        .command("sandbox serve --listen 127.0.0.1:0 --ephemeral")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().trim_start_matches("listening on ");
    estate.edit(
        "ripectl.toml",
        "[registry.ripe]",
        &format!("[registry.local]\nurl = \"{url}\"\nsource = \"RIPE\"\n\n[registry.ripe]"),
    );
    let copied = estate.run("sandbox copy --registry local --state-dir s --format json");
    child.kill().unwrap();
    child.wait().unwrap();
    let said = String::from_utf8(copied.stdout).unwrap() + &String::from_utf8(copied.stderr).unwrap();
    assert_eq!(copied.status.code(), Some(0), "{said}");
    assert!(
        said.contains("\"schema\": \"ripectl/note/1\"") && said.contains("plan --registry sandbox"),
        "{said}"
    );
    assert!(estate.path("s/sandbox.sqlite").exists() && !estate.path(".ripectl").exists());
}
