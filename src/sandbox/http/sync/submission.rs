//! The text that is submitted: objects apart by empty lines, with what to do with each (the server's `UpdatesParser`).

use std::collections::BTreeSet;

use crate::{
    rpsl::Object,
    rules::{Action, Message},
    sandbox::http::object::by_severity,
};

/// The longest object, in characters.
const LONGEST: usize = 5_000_000;

/// What a text holds.
#[derive(Debug)]
pub struct Submission {
    /// Its objects.
    pub entries: Vec<Entry>,
    /// Paragraphs that are none.
    pub others: Vec<String>,
    /// In earnest or not.
    pub mode: Mode,
    /// What is said about all of it.
    pub messages: Vec<Message>,
}

/// An object and what to do with it.
#[derive(Debug)]
pub struct Entry {
    /// The object.
    pub object: Object,
    /// Make, write, or take away.
    pub action: Action,
    /// Why it cannot be done, whatever the object is.
    pub complaints: Vec<Message>,
    /// How many different passwords of the registry's staff stand with it.
    pub overrides: usize,
}

/// Whether a text is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// It is.
    Real,
    /// It is only tried.
    DryRun,
}

/// A line with a password of the registry's staff, for the object with which it stands.
const OVERRIDE: &str = "override:";
/// Lines that are no attributes. Other passwords are ignored (api.md §2).
const ABOUT_ALL: [&str; 3] = ["password:", "dry-run:", OVERRIDE];

impl Submission {
    /// Reads `data`; `create` says that no object may exist. One line that asks for it makes all of it a dry-run.
    pub fn read(data: &str, create: bool) -> Submission {
        let text = data.replace('\r', "");
        let mode = if text.lines().any(|line| begins(line, "dry-run:")) { Mode::DryRun } else { Mode::Real };
        let mut submission =
            Submission { entries: Vec::new(), others: Vec::new(), mode, messages: Vec::new() };
        for paragraph in paragraphs(&text) {
            submission.take(&paragraph, create);
        }
        by_severity(&mut submission.messages);
        submission
    }

    fn take(&mut self, paragraph: &str, create: bool) {
        let about_all = |line: &str| ABOUT_ALL.iter().any(|label| begins(line, label));
        let own = joined(paragraph.lines().filter(|line| !about_all(line)));
        let own = own.trim();
        let passwords = paragraph.lines().filter(|line| begins(line, OVERRIDE));
        let overrides = passwords
            .filter_map(|line| line.get(OVERRIDE.len()..))
            .map(str::trim)
            .collect::<BTreeSet<_>>()
            .len();
        let deletions = own.lines().filter(|line| begins(line, "delete:")).count();
        let object = joined(own.lines().filter(|line| !begins(line, "delete:")));
        let length = object.chars().count();
        if length > LONGEST {
            let text = "Ignored object with size %d, exceeds maximum object size %d.";
            self.messages.push(Message::error(text).arg(length).arg(LONGEST));
            return self.pass_over(own, overrides);
        }
        match read(&object) {
            Some(object) => self.entries.push(Entry {
                object,
                action: match (deletions, create) {
                    (1.., _) => Action::Delete,
                    (0, true) => Action::Create,
                    (0, false) => Action::Write,
                },
                complaints: complaints(deletions, create),
                overrides,
            }),
            None => self.pass_over(own, overrides),
        }
    }

    /// Takes a paragraph for none of an object; passwords with it are for nothing.
    fn pass_over(&mut self, own: &str, overrides: usize) {
        if !own.is_empty() {
            self.others.push(own.to_owned());
        }
        let text = "An override password was found not attached to an object and was ignored";
        let warning = Message::warning(text);
        if overrides > 0 && !self.messages.contains(&warning) {
            self.messages.push(warning);
        }
    }
}

/// Why an object cannot be deleted like this.
fn complaints(deletions: usize, create: bool) -> Vec<Message> {
    let keyword = "%s is not allowed when keyword %s is specified";
    let created = (deletions > 0 && create).then(|| Message::error(keyword).arg("DELETE").arg("NEW"));
    let twice =
        (deletions > 1).then(|| Message::error("Multiple reasons specified for %s operation").arg("DELETE"));
    created.into_iter().chain(twice).collect()
}

/// The object that a paragraph is. A line of blanks goes on, and there are no comments between attributes.
fn read(paragraph: &str) -> Option<Object> {
    let text = joined(paragraph.lines().map(|line| if line.trim().is_empty() { "+" } else { line }));
    let mut own = text.lines().filter(|line| !line.starts_with([' ', '\t', '+']));
    own.all(has_label).then(|| Object::parse(text.as_str()).ok()).flatten()
}

/// Whether a line begins with what can be the name of an attribute.
fn has_label(line: &str) -> bool {
    let is_in_label = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '*' | ' ');
    line.split_once(':').is_some_and(|(label, _)| !label.is_empty() && label.chars().all(is_in_label))
}

/// Whether a line begins so, in any letter case.
fn begins(line: &str, label: &str) -> bool {
    line.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label))
}

fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The runs of lines that are not empty, without blanks around them.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.split('\n') {
        match paragraphs.last_mut() {
            Some(last) if !line.is_empty() => last.extend([line, "\n"]),
            _ => paragraphs.push(String::new()),
        }
    }
    let trimmed = paragraphs.iter().map(|paragraph| paragraph.trim().to_owned());
    trimmed.filter(|paragraph| !paragraph.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, create: bool, mode: Mode, entries: &[&str], others: &[&str]) {
        let submission = Submission::read(text, create);
        let said = |entry: &Entry| {
            let complaints: String = entry.complaints.iter().map(|message| format!(" {message}")).collect();
            format!("{:?} {}{complaints}", entry.action, entry.object.print().replace('\n', "/"))
        };
        assert_eq!(submission.entries.iter().map(said).collect::<Vec<_>>(), entries, "{text:?}");
        assert_eq!(
            (submission.mode, submission.others),
            (mode, others.iter().map(|s| (*s).to_owned()).collect()),
            "{text:?}"
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "(role: A\n|delete:|dry-run:|[ \t]\n|\n|\r|[^\u{0}]|source: RIPE){0,40}") {
            let submission = Submission::read(&text, false);
            assert!(submission.entries.len() + submission.others.len() <= text.len());
        }
    }

    const A: &str = "role:           A/nic-hdl:        A1-RIPE/";

    #[test]
    fn reads_objects_and_what_to_do_with_them() {
        use Mode::{DryRun, Real};
        let text = "role: A\r\nnic-hdl: A1-RIPE\r\nDelete: gone\r\n\r\nhello\n\n\n\nrole: B\nsource: RIPE\n\npassword: x\n";
        let b = "Write role:           B/source:         RIPE/";
        check(text, false, Real, &[&format!("Delete {A}"), b], &["hello"]);
        check("role: A\nnic-hdl: A1-RIPE", true, Real, &[&format!("Create {A}")], &[]);
        for line in ["dry-run:", "DRY-RUN: no", "\n\ndry-run: yes\n", "\n\nrole: B\nsource: RIPE\ndry-run:"] {
            let also: &[&str] = if line.contains('B') { &[b] } else { &[] };
            let all: Vec<String> =
                std::iter::once(format!("Write {A}")).chain(also.iter().map(|s| (*s).to_owned())).collect();
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            check(&format!("role: A\nnic-hdl: A1-RIPE\n{line}"), false, DryRun, &all, &[]);
        }
        for line in [" dry-run: yes", "dry-run : yes", "remarks: dry-run: yes"] {
            assert_eq!(Submission::read(&format!("role: A\n{line}\n"), false).mode, Real, "{line}");
        }
        check("", false, Real, &[], &[]);
        check(" \n\n\t\n", true, Real, &[], &[]);
    }

    #[test]
    fn a_line_of_blanks_goes_on() {
        let text = "role: A\n \t \nremarks: x\n  \n\n \nrole: B\n";
        let (a, b) = ("Write role:           A/+/remarks:        x/", "Write role:           B/");
        check(text, false, Mode::Real, &[a, b], &[]);
    }

    #[test]
    fn what_is_no_object_is_given_back() {
        check("# who\nrole: A", false, Mode::Real, &[], &["# who\nrole: A"]);
        check("hello\npassword: x\ndelete: y\ndry-run:", false, Mode::DryRun, &[], &["hello\ndelete: y"]);
        check("role: A\na_b: c", false, Mode::Real, &[], &["role: A\na_b: c"]);
        check("role: A\n: c", false, Mode::Real, &[], &["role: A\n: c"]);
        check("delete: x", false, Mode::Real, &[], &["delete: x"]);
        let huge = format!("role: {}", "x".repeat(LONGEST));
        let submission = Submission::read(&huge, false);
        assert_eq!((submission.entries.len(), submission.others.len()), (0, 1));
        let said = "Ignored object with size 5000007, exceeds maximum object size 5000000.";
        assert_eq!(submission.messages[0].to_string(), said);
    }

    #[test]
    fn a_deletion_has_one_reason_and_is_nothing_new() {
        let (new, twice) = (
            "DELETE is not allowed when keyword NEW is specified",
            "Multiple reasons specified for DELETE operation",
        );
        let text = "role: A\nnic-hdl: A1-RIPE\ndelete: x\n";
        check(text, true, Mode::Real, &[&format!("Delete {A} {new}")], &[]);
        check(&format!("{text}delete: y"), false, Mode::Real, &[&format!("Delete {A} {twice}")], &[]);
        check(&format!("{text}delete: y"), true, Mode::Real, &[&format!("Delete {A} {new} {twice}")], &[]);
    }
}
