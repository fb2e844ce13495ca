//! The report that answers syncupdates, as text: what became of one deletion (api.md §5).

use crate::{finding::Severity, rules::Message};

/// What became of an object.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whether it is gone.
    pub succeeded: bool,
    /// What is said.
    pub messages: Vec<Message>,
}

const MARKS: [(&str, Severity); 3] =
    [("***Error:", Severity::Error), ("***Warning:", Severity::Warning), ("***Info:", Severity::Info)];

impl Report {
    /// What a report says of the deletion of the object with this title (`[mntner] A-MNT`); `None` if nothing.
    pub fn of_deletion(text: &str, title: &str) -> Option<Report> {
        let is_of = |line: &str, word: &str| {
            line.strip_prefix(word).is_some_and(|rest| {
                let named = rest.get(..title.len()).is_some_and(|start| start.eq_ignore_ascii_case(title));
                named && rest.get(title.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            })
        };
        let mut lines = text.lines().map(|line| line.trim_end_matches('\r'));
        let succeeded = loop {
            let line = lines.next()?;
            match line {
                _ if is_of(line, "Delete SUCCEEDED: ") => break true,
                _ if is_of(line, "Delete FAILED: ") => break false,
                _ => {}
            }
        };
        let own = lines.take_while(|line| *line != "---" && !line.starts_with("~~~~"));
        Some(Report { succeeded, messages: messages(own) })
    }
}

/// The messages between the lines of an object; what is wrapped goes on behind blanks.
fn messages<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Message> {
    let mut found: Vec<(Severity, String)> = Vec::new();
    let mut goes_on = false;
    for line in lines {
        let mark = MARKS.iter().find_map(|(mark, severity)| Some((line.strip_prefix(mark)?, severity)));
        match (mark, found.last_mut()) {
            (Some((text, severity)), _) => {
                found.push((*severity, text.trim().to_owned()));
                goes_on = true;
            }
            (None, Some((_, text))) if goes_on && line.starts_with("            ") => {
                text.push(' ');
                text.push_str(line.trim());
            }
            _ => goes_on = false,
        }
    }
    found.into_iter().map(|(severity, text)| Message::new(severity, "%s").arg(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "SUMMARY OF UPDATE:\n\nNumber of objects found: 1\n\nDETAILED EXPLANATION:\n\n\n~~~~~~~~\n\
        The following object(s) were found to have ERRORS:\n\n---\nDelete FAILED: [role] NO1-RIPE   NOC\n\n\
        role:           NOC\nnic-hdl:        NO1-RIPE\n***Warning: about it\nsource:         RIPE\n\n\
        ***Error:   Object [role] NO1-RIPE doesn't match version\n            in database\n\n\
        ***Info:    other\n\n---\nDelete SUCCEEDED: [mntner] A-MNT\n\n\n~~~~~~~~\n";

    fn said(title: &str) -> Option<(bool, Vec<String>)> {
        let report = Report::of_deletion(TEXT, title)?;
        let said = report.messages.iter().map(|message| format!("{}: {message}", message.severity));
        Some((report.succeeded, said.collect()))
    }

    #[test]
    fn what_became_of_an_object_is_read_from_the_report() {
        let (succeeded, messages) = said("[role] no1-ripe").unwrap();
        assert!(!succeeded);
        let mismatch = "error: Object [role] NO1-RIPE doesn't match version in database";
        assert_eq!(messages, ["warning: about it", mismatch, "info: other"]);
        assert_eq!(said("[mntner] A-MNT"), Some((true, Vec::new())));
        assert_eq!(said("[mntner] A-MN"), None, "another one is not it");
    }
}
