//! The clean value and comment of a raw attribute value.

use super::schema::Name;

/// A raw value taken apart: what it says, and its comment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Clean {
    /// Continuation lines joined, comments removed, white space folded to single blanks, ends trimmed.
    pub value: String,
    /// The comments of all lines joined with blanks; `None` if there are none or they are empty.
    pub comment: Option<String>,
}

/// Takes `raw` apart as the registry does (`RpslAttribute`): a `#` begins a comment to the end of its line and is itself
/// no part of it, a `+` at the beginning of a continuation line is dropped. In `contact:` a `#` glued to text belongs
/// to the value.
pub fn clean(name: Option<Name>, raw: &str) -> Clean {
    let glued = name == Some(Name::Contact);
    let (mut value, mut comment) = (String::new(), String::new());
    // Of value and comment that share a blank, the one that goes on first has it.
    let (mut blank, mut in_comment, mut line_begins) = (true, false, false);
    for c in raw.chars() {
        let begins = std::mem::replace(&mut line_begins, c == '\n');
        match c {
            '\n' => (blank, in_comment) = (true, false),
            '+' if begins => {}
            '#' if glued && !blank => value.push(c),
            '#' => in_comment = true,
            ' ' | '\t' | '\r' => blank = true,
            _ => {
                let text = if in_comment { &mut comment } else { &mut value };
                if std::mem::take(&mut blank) && !text.is_empty() {
                    text.push(' ');
                }
                text.push(c);
            }
        }
    }
    let comment = Some(comment).filter(|text| !text.is_empty());
    Clean { value, comment }
}

/// The elements of a clean value: split at commas and trimmed if the attribute is a list, else the value itself.
/// Empty elements remain; syntax refuses them.
pub fn elements(name: Option<Name>, value: &str) -> Vec<&str> {
    match name.is_some_and(|name| name.row().list) {
        true => value.split(',').map(str::trim).collect(),
        false => vec![value],
    }
}

/// The raw value in the registry's layout (`RpslAttribute.writeTo`): text at column 16, at 5 behind a short name with a
/// star; a tab is a blank, blanks at the end of a line go, and a blank continuation line becomes `+`. Where the name
/// reaches the column already, the blanks behind it stay as they are. `label` is the name as printed before the colon.
pub fn layout(label: &str, raw: &str) -> String {
    let column = if label.starts_with('*') { 5 } else { 16 };
    let mut printed = String::new();
    let (mut at, mut blanks) = (label.chars().count() + 1, 0);
    for c in raw.chars() {
        match c {
            '+' if at == 0 && blanks == 0 => {
                printed.push(c);
                at += 1;
            }
            ' ' | '\t' | '\r' => blanks += 1,
            '\n' => {
                printed.push_str(if at == 0 && blanks > 0 { "+\n" } else { "\n" });
                (at, blanks) = (0, 0);
            }
            _ => {
                if at < column {
                    (blanks, at) = (column - at, column);
                }
                printed.extend(std::iter::repeat_n(' ', std::mem::take(&mut blanks)));
                printed.push(c);
            }
        }
    }
    if at == 0 && blanks > 0 {
        printed.push('+');
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
