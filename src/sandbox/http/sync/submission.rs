//! The text that is submitted: objects apart by empty lines, with what to do with each.

use crate::{rpsl::Object, rules::Action};

/// What a text holds.
#[derive(Debug, Default)]
pub struct Submission {
    /// Its objects.
    pub entries: Vec<Entry>,
    /// Paragraphs that are none.
    pub others: Vec<String>,
}

/// An object and what to do with it.
#[derive(Debug)]
pub struct Entry {
    /// The object.
    pub object: Object,
    /// Make, write, or take away.
    pub action: Action,
    /// In earnest or not.
    pub mode: Mode,
}

/// Whether an entry is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// It is.
    Real,
    /// It is only tried.
    DryRun,
}

/// Lines in an object that are not attributes of it. Passwords are ignored (api.md §2).
const PSEUDO: [&str; 4] = ["delete", "dry-run", "password", "override"];

impl Submission {
    /// Reads `data`; `create` says that no object may exist.
    pub fn read(data: &str, create: bool) -> Submission {
        let text = data.replace("\r\n", "\n");
        let mut submission = Submission::default();
        for paragraph in paragraphs(&text) {
            let lines = paragraph.lines().filter(|line| pseudo(line).is_none());
            let own: String = lines.flat_map(|line| [line, "\n"]).collect();
            let says = |name: &str| paragraph.lines().any(|line| pseudo(line) == Some(name));
            match Object::parse(own.as_str()) {
                Ok(object) => {
                    let action = match (says("delete"), create) {
                        (true, _) => Action::Delete,
                        (false, true) => Action::Create,
                        (false, false) => Action::Write,
                    };
                    let mode = if says("dry-run") { Mode::DryRun } else { Mode::Real };
                    submission.entries.push(Entry { object, action, mode });
                }
                Err(_) if own.trim().is_empty() => {}
                Err(_) => submission.others.push(paragraph.trim().to_owned()),
            }
        }
        submission
    }
}

fn pseudo(line: &str) -> Option<&'static str> {
    let (label, _) = line.split_once(':')?;
    PSEUDO.into_iter().find(|name| name.eq_ignore_ascii_case(label.trim_end()))
}

/// The runs of lines that are not blank.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.lines() {
        match paragraphs.last_mut() {
            Some(last) if !line.trim().is_empty() => last.extend([line, "\n"]),
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_objects_and_what_to_do_with_them() {
        let text = "role: A\r\nnic-hdl: A1-RIPE\r\ndelete: gone\r\n\r\nhello\n\nrole: B\ndry-run: yes\n\npassword: x\n";
        let submission = Submission::read(text, false);
        let read = |entry: &Entry| {
            format!("{:?} {:?} {}", entry.action, entry.mode, entry.object.attributes().len())
        };
        let entries: Vec<String> = submission.entries.iter().map(read).collect();
        assert_eq!(entries, ["Delete Real 2", "Write DryRun 1"]);
        assert_eq!(submission.others, ["hello"]);
    }
}
