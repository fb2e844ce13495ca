//! Text from outside, made harmless for whoever reads it.
//!
//! A message of a registry, the name of a file, a value of an object: each may hold characters that a terminal obeys, that
//! turn the direction of writing, or that nobody sees (Unicode TR 36 and TR 39; CVE-2021-42574). Where text is shown
//! they appear as `\u{1b}`, and nothing else is changed. Text that is true to the letter is in JSON.

use std::{borrow::Cow, fmt};

/// Whether a reader neither sees the character nor wants its effect: controls, what turns the direction of writing,
/// what has no width, what ends a line in Unicode only, and what is no character at all.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0x00AD
                | 0x034F
                | 0x061C
                | 0x115F..=0x1160
                | 0x17B4..=0x17B5
                | 0x180B..=0x180F
                | 0x200B..=0x200F
                | 0x2028..=0x202E
                | 0x2060..=0x206F
                | 0x3164
                | 0xFDD0..=0xFDEF
                | 0xFEFF
                | 0xFFA0
                | 0xFFF0..=0xFFFB
                | 0xFFFE..=0xFFFF
                | 0xE0000..=0xE0FFF
        )
}

/// What to do about a character that nobody sees.
pub const WAY_OUT: &str = "delete the line and type it anew; such marks come from editors, and from files that were joined as they were";

/// The name of the first character of `text` that nobody sees, and `text` without all of them, if there is one.
pub fn unseen(text: &str) -> Option<(String, String)> {
    let first = text.chars().find(|c| is_hidden(*c))?;
    let number = format!("U+{:04X}", u32::from(first));
    let name = if first == '\u{feff}' {
        format!("a byte order mark ({number})")
    } else {
        format!("a character that nobody sees ({number})")
    };
    Some((name, text.chars().filter(|c| !is_hidden(*c)).collect()))
}

/// `text` with what is hidden made visible, but for line ends and tabs.
pub fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, |c| is_hidden(c) && c != '\n' && c != '\t')
}

/// `text` on one line: as [`visible`], and line ends and tabs are made visible too.
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, is_hidden)
}

/// Something that is shown on one line, such as a path: [`line()`] of what it shows.
pub fn shown(value: impl fmt::Display) -> String {
    line(&value.to_string()).into_owned()
}

/// JSON, as serialised, with what is hidden as `\u202e`: the same value, which nobody is deceived by.
pub fn json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut units = [0; 2];
    for c in text.chars() {
        match c {
            '\n' => shown.push(c),
            c if is_hidden(c) => {
                for unit in c.encode_utf16(&mut units) {
                    shown.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => shown.push(c),
        }
    }
    // A build server that reads the log looks for `##[`; in JSON it stands in a string only.
    shown.replace("##", "#\\u0023")
}

fn escaped(text: &str, is_hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_hidden(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// `text` with no line that a build server takes for a command: `::error::…` (GitHub, blanks before it or not),
/// `##[…]`, `##vso[…]`, `##teamcity[…]` (anywhere in a line). Their first character is made visible.
pub fn inert(text: &str) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let lines = text.split_inclusive('\n').map(|line| {
        let begin = line.trim_start();
        let command = begin.strip_prefix("::").is_some_and(|rest| {
            // `::ffff:0:0/96` is a prefix: a command has `::` once more.
            rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains("::")
        });
        let blanks = line.strip_suffix(begin).unwrap_or_default();
        let rest = if command { begin.replacen(':', "\\u{3a}", 1) } else { begin.to_owned() };
        format!("{blanks}{}", without_marks(&rest))
    });
    Cow::Owned(lines.collect())
}

/// `##word[` with its first character made visible.
fn without_marks(line: &str) -> String {
    let mut shown = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once("##") {
        let word = behind.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        shown.push_str(before);
        shown.push_str(if word.starts_with('[') { "\\u{23}" } else { "#" });
        rest = rest.split_at_checked(before.len() + 1).map_or("", |(_, rest)| rest); // `###[` has it too
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_made_visible() {
        let check = |text: &str, expected: &str| assert_eq!(visible(text), expected);
        check("a\tb\nGrüße → 網 ✓", "a\tb\nGrüße → 網 ✓");
        check("\u{1b}[2J\r\u{7}\u{7f}", "\\u{1b}[2J\\u{d}\\u{7}\\u{7f}");
        check("\u{9b}31m", "\\u{9b}31m");
        check("admin\u{202e}nimda\u{2066}\u{200f}\u{61c}", "admin\\u{202e}nimda\\u{2066}\\u{200f}\\u{61c}");
        check(
            "a\u{200b}b\u{feff}c\u{2028}d\u{ad}e\u{e0041}",
            "a\\u{200b}b\\u{feff}c\\u{2028}d\\u{ad}e\\u{e0041}",
        );
        assert_eq!(line("a\nb\tc"), "a\\u{a}b\\u{9}c");
        assert!(matches!(visible("plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_stays_true() {
        let value = serde_json::json!({ "\u{202e}": "\u{9b}\u{e0041} ##[error] \u{1b}\\#" });
        let shown = json(&value.to_string());
        assert!(shown.chars().all(|c| !is_hidden(c)) && !shown.contains("##"), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }

    #[test]
    fn no_line_is_a_command_of_a_build_server() {
        let check = |text: &str, expected: &str| assert_eq!(inert(text), expected);
        check("a\n  ::error file=x::y\nb", "a\n  \\u{3a}:error file=x::y\nb");
        check("::stop-commands::x", "\\u{3a}:stop-commands::x");
        check(" ::/0 AS1\n ::ffff:0:0/96", " ::/0 AS1\n ::ffff:0:0/96");
        check("x ##[error]y ##vso[task]z", "x \\u{23}#[error]y \\u{23}#vso[task]z");
        check("## a\n### b [c]", "## a\n### b [c]");
        check("###vso[a]", "#\\u{23}#vso[a]");
        check("####[b]#####x[c]", "##\\u{23}#[b]###\\u{23}#x[c]");
    }
}
