//! What came from a URL is kept, asked for again only if it has changed, and judged as strictly as ever.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;
#[path = "common/validator.rs"]
mod validator;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use common::Estate;
use jiff::Timestamp;
use validator::Validator;

/// So long ago.
fn ago(hours: u64) -> Timestamp {
    (SystemTime::now() - Duration::from_secs(hours * 3600)).try_into().unwrap()
}

/// VRPs that were made then.
fn made(at: Timestamp) -> String {
    let roa = r#"{"asn":"AS3333","prefix":"193.0.0.0/21","maxLength":21,"ta":"ripe"}"#;
    format!("{{\"metadata\":{{\"generated\":{}}},\"roas\":[{roa}]}}", at.as_second())
}

const CSV: &str = "ASN,IP Prefix,Max Length,Trust Anchor\nAS3333,193.0.0.0/21,21,ripe\n";

/// The time as a header has it (RFC 9110 §5.6.7).
fn header(name: &str, at: Timestamp) -> String {
    let text = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap();
    format!("{name}: {text}")
}

/// A folder with an announcement, and a validator.
fn stage() -> (Estate, Validator) {
    let folder = Estate::empty();
    fs::write(folder.path("seen.csv"), "193.0.0.0/21,AS3333\n").unwrap();
    (folder, Validator::serve())
}

fn line(validator: &Validator, more: &str) -> String {
    format!("validate --announcements seen.csv --vrps {}/vrps {more}", validator.url).trim_end().to_owned()
}

/// The files of the cache.
fn kept(folder: &Estate) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.path(".home/.cache/ripectl/http")).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

#[test]
fn what_is_unchanged_is_not_sent_again() {
    let (folder, validator) = stage();
    validator.answers(&["ETag: \"1\"", &header("Last-Modified", ago(1))], &made(ago(0)));
    let first = folder.check(&line(&validator, ""), 0, &["1 VRP, 0 min old", "all ok"]);
    let second = folder.check(
        &line(&validator, ""),
        0,
        &["unchanged since it was last fetched, says the server (304)"],
    );
    assert_eq!(validator.statuses(), ["200", "304"]);
    assert!(!first.contains("304") && second.contains("1 VRP, 0 min old"), "{first}{second}");
    let files = kept(&folder);
    assert_eq!(files.len(), 1);
    assert_eq!(fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(files[0].file_name().unwrap().len(), 64);
    // Another ETag brings another body.
    validator.answers(&["ETag: \"2\""], &made(ago(0)).replace("3333", "3334"));
    folder.check(&line(&validator, ""), 1, &["rpki-invalid-origin"]);
    // What is damaged is fetched and written anew.
    fs::write(&files[0], "{}").unwrap();
    validator.answers(&[&header("Last-Modified", ago(1))], &made(ago(0)));
    folder.check(&line(&validator, ""), 0, &["all ok"]);
    folder.check(&line(&validator, ""), 0, &["(304)"]);
    assert_eq!(validator.statuses(), ["200", "200", "304"]);
    // Announcements too.
    validator.answers(&["ETag: \"3\""], "193.0.0.0/21,AS3333\n");
    fs::write(folder.path("vrps.json"), made(ago(0))).unwrap();
    for _ in 0..2 {
        let line = format!("validate --vrps vrps.json --announcements {}/seen", validator.url);
        folder.check(&line, 0, &["1 announcement: all ok"]);
    }
    assert_eq!(validator.statuses(), ["200", "304"]);
}

#[test]
fn unchanged_is_not_young() {
    let (folder, validator) = stage();
    // By its own metadata.
    validator.answers(&["ETag: \"1\""], &made(ago(3)));
    folder.check(&line(&validator, "--max-age never"), 0, &["all ok"]);
    folder.check(&line(&validator, "--max-age never"), 0, &["(304)"]);
    folder.check(&line(&validator, ""), 2, &["3h ago; max-age is \"2h\""]);
    // What is kept was too old, and was fetched: it is as old.
    assert_eq!(validator.statuses(), ["200", "304", "304", "200"]);
    // The same VRPs with a later time, under the same ETag, as of a validator that found nothing new.
    validator.answers(&["ETag: \"1\""], &made(ago(0)));
    folder.check(&line(&validator, ""), 0, &["1 VRP, 0 min old"]);
    folder.check(&line(&validator, ""), 0, &["1 VRP, 0 min old", "(304)"]);
    assert_eq!(validator.statuses(), ["304", "200", "304"]);
    // By `Last-Modified`.
    validator.answers(&["ETag: \"2\"", &header("Last-Modified", ago(3)), &header("Date", ago(0))], CSV);
    for _ in 0..2 {
        folder.check(&line(&validator, ""), 2, &["3h ago; max-age is \"2h\""]);
    }
    // By the `Date` of the answer that brought it, and not of the one that says that it is unchanged.
    validator.answers(&["ETag: \"3\"", &header("Date", ago(3))], CSV);
    folder.check(&line(&validator, "--max-age 4h"), 0, &["3 h 0 min old"]);
    validator.answers(&["ETag: \"3\"", &header("Date", ago(0))], CSV);
    folder.check(&line(&validator, "--max-age 4h"), 0, &["3 h 0 min old", "(304)"]);
}

#[test]
fn what_may_not_or_cannot_be_kept_is_fetched_each_time() {
    let (folder, validator) = stage();
    let twice = |line: &str, home: Option<&str>| {
        for _ in 0..2 {
            let mut command = folder.command(line);
            if let Some(home) = home {
                command.env("XDG_CACHE_HOME", home);
            }
            let output = command.output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(
                (output.status.code(), said.as_str()),
                (Some(0), "route objects were not looked at\n")
            );
        }
        assert_eq!(validator.statuses(), ["200", "200"], "{line}");
        assert!(kept(&folder).is_empty(), "{line}");
    };
    let line = line(&validator, "--format csv");
    // A token in the URL, which stands nowhere on the disk.
    validator.answers(&["ETag: \"1\""], &made(ago(0)));
    twice(&line.replace("/vrps ", "/vrps?token=hunter2 "), None);
    // The server forbids it (RFC 9111 §5.2.2.5), or says nothing to compare with.
    validator.answers(&["ETag: \"1\"", "Cache-Control: private, no-store"], &made(ago(0)));
    twice(&line, None);
    validator.answers(&[], &made(ago(0)));
    twice(&line, None);
    // No folder to keep it in.
    validator.answers(&["ETag: \"1\""], &made(ago(0)));
    twice(&line, Some("/dev/null/cache"));
    // One of somebody who lets others write there.
    let open = folder.path("open");
    fs::create_dir_all(open.join("ripectl/http")).unwrap();
    fs::set_permissions(open.join("ripectl/http"), fs::Permissions::from_mode(0o777)).unwrap();
    twice(&line, Some(open.to_str().unwrap()));
}
