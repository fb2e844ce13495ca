//! The clean value and comment of a raw attribute value.

use super::schema::Name;

/// What stands between words; other white space belongs to them.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// A raw value taken apart: what it says, and its comment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Clean {
    /// Continuation lines joined, comments removed, white space folded to single blanks, ends trimmed.
    pub value: String,
    /// The comments of all lines joined with blanks; `None` if there are none or they are empty.
    pub comment: Option<String>,
}

/// Takes `raw` apart as the registry does (`RpslAttribute`): a `#` begins a comment to the end of its line,
/// a `+` at the beginning of a continuation line is dropped. In `contact:` a `#` glued to the text belongs to it.
pub fn clean(name: Option<Name>, raw: &str) -> Clean {
    let mut value = Folded::default();
    let mut comment = Folded::default();
    for (index, line) in raw.split('\n').enumerate() {
        let line = if index == 0 { line } else { line.strip_prefix('+').unwrap_or(line) };
        let (text, note) = match comment_start(name, line) {
            Some(at) => line.split_at_checked(at).unwrap_or((line, "")),
            None => (line, ""),
        };
        value.words(text);
        comment.words(note.strip_prefix('#').unwrap_or(note));
    }
    let comment = Some(comment.0).filter(|text| !text.is_empty());
    Clean { value: value.0, comment }
}

fn comment_start(name: Option<Name>, line: &str) -> Option<usize> {
    let glued = name == Some(Name::Contact);
    let free =
        |at: usize| line.get(..at).is_none_or(|before| before.is_empty() || before.ends_with([' ', '\t']));
    line.match_indices('#').map(|(at, _)| at).find(|at| !glued || free(*at))
}

/// Words joined with single blanks.
#[derive(Default)]
struct Folded(String);

impl Folded {
    fn words(&mut self, text: &str) {
        for word in text.split(BLANKS).filter(|word| !word.is_empty()) {
            if !self.0.is_empty() {
                self.0.push(' ');
            }
            self.0.push_str(word);
        }
    }
}

/// The elements of a clean value: split at commas and trimmed if the attribute is a list, else the value itself.
/// Empty elements remain; syntax refuses them.
pub fn elements(name: Option<Name>, value: &str) -> Vec<&str> {
    match name.is_some_and(|name| name.row().list) {
        true => value.split(',').map(str::trim).collect(),
        false => vec![value],
    }
}

/// The raw value in the registry's layout: text at column 16, `+` for a blank continuation line.
/// `label` is the attribute's name as printed before the colon.
pub fn layout(label: &str, raw: &str) -> String {
    // An unknown name that begins like the short ones of long ago has its value close behind it.
    let column: usize = if label.starts_with('*') { 5 } else { 16 };
    let mut printed = String::new();
    for (index, line) in raw.split('\n').enumerate() {
        let (mark, text) = match line.strip_prefix('+') {
            Some(rest) if index > 0 => ("+", rest.trim_matches(BLANKS)),
            _ => ("", line.trim_matches(BLANKS)),
        };
        let used = if index == 0 { label.len() + 1 } else { mark.len() };
        if index > 0 {
            printed.push('\n');
            printed.push_str(if text.is_empty() { "+" } else { mark });
        }
        if !text.is_empty() {
            printed.extend(std::iter::repeat_n(' ', column.saturating_sub(used).max(1)));
            printed.push_str(text);
        }
    }
    printed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::shared;

    #[test]
    fn takes_values_apart_and_lays_them_out_as_the_registry_does() {
        let Some(vectors) = shared::json("registry/vectors/equality.json") else { return };
        for vector in vectors["clean"].as_array().unwrap() {
            let (label, raw) = (vector["attribute"].as_str().unwrap(), vector["raw"].as_str().unwrap());
            let name = Name::from_text(label);
            let clean = clean(name, raw);
            let mut seen = Vec::new();
            for element in elements(name, &clean.value) {
                if !seen.contains(&element) {
                    seen.push(element);
                }
            }
            assert_eq!(serde_json::json!(seen), vector["clean"], "{vector}");
            assert_eq!(serde_json::json!(clean.comment), vector["comment"], "{vector}");
            assert_eq!(layout(label, raw), vector["formatted"].as_str().unwrap(), "{vector}");
        }
    }

    #[test]
    fn only_blanks_tabs_and_line_ends_are_layout() {
        // Found by the fuzzer: `fmt` dropped a form feed, which the registry keeps until it makes a `?` of it.
        assert_eq!(layout("descr", "\u{c}\r"), "          \u{c}");
        assert_eq!(layout("descr", " x\u{a0}"), "          x\u{a0}");
    }
}
