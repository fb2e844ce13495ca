//! Markdown, for the comments of a pull request, where what comes from outside is text and nothing else.

use std::borrow::Cow;

use crate::{finding::Finding, report::Findings, visible::visible};

/// A table of the findings below what was looked at.
pub fn markdown(findings: &Findings) -> String {
    let head = format!("**{}**: {}, {}\n", findings.command, findings.looked_at, findings.sum());
    if findings.findings.is_empty() {
        return head;
    }
    let rows: String = findings.findings.iter().map(row).collect();
    format!("{head}\n| | where | rule | what | way out |\n|---|---|---|---|---|\n{rows}")
}

fn row(finding: &Finding) -> String {
    let place = finding.place.as_ref().map(|place| code(&place.to_string()));
    let also = finding.also().as_deref().map(cell);
    let about: Vec<String> =
        place.into_iter().chain(also).chain(finding.object.as_deref().map(cell)).collect();
    let remedy = finding.remedy.as_deref().map(cell).unwrap_or_default();
    let (severity, rule) = (finding.severity, finding.rule);
    format!("| {severity} | {} | `{rule}` | {} | {remedy} |\n", about.join("<br>"), cell(&finding.text))
}

/// What begins and ends a block of code with `text` in it: longer than any run of backticks there.
pub fn fence(text: &str) -> String {
    "`".repeat(longest_run(text).max(2) + 1)
}

/// A text for a cell, which it cannot leave: what stands between backticks is code, all else is text without
/// links, mentions, pictures or HTML.
pub fn cell(text: &str) -> String {
    let text = visible(text);
    let text = text.trim();
    let pieces: Vec<&str> = text.split('`').collect();
    if longest_run(text) > 1 || pieces.len().is_multiple_of(2) {
        return prose(text);
    }
    let piece = |(at, piece): (usize, &&str)| if at % 2 == 0 { prose(piece) } else { code(piece) };
    pieces.iter().enumerate().map(piece).collect()
}

/// Code on one line (GitHub Flavored Markdown §6.3, and §4.10 for `|`).
fn code(text: &str) -> String {
    let text = visible(text).replace('\n', " ").replace('|', "\\|");
    match longest_run(&text) {
        0 => format!("`{text}`"),
        run => {
            let fence = "`".repeat(run + 1);
            format!("{fence} {text} {fence}")
        }
    }
}

/// Text in which nothing has a meaning. An empty comment parts what would become a link or call somebody.
fn prose(text: &str) -> String {
    const PARTED: [(&str, &str); 2] = [("://", ":<!-- -->//"), ("www.", "www<!-- -->.")];
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = rest.next() {
        match c {
            // In a mail address it calls nobody.
            '@' if !before.is_alphanumeric() => shown.push_str("@<!-- -->"),
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '\n' => shown.push_str("<br>"),
            '#' if rest.peek().is_some_and(char::is_ascii_digit) => shown.push_str("#<!-- -->"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '|' | '$' => shown.extend(['\\', c]),
            c => shown.push(c),
        }
        before = c;
    }
    let part = |text: Cow<'_, str>, (from, to): (&str, &str)| Cow::Owned(text.replace(from, to));
    PARTED.into_iter().fold(Cow::Owned(shown), part).into_owned()
}

/// The length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_text_and_nothing_else() {
        let check = |text: &str, expected: &str| assert_eq!(cell(text), expected);
        check("write `a|b` for <x>", "write `a\\|b` for &lt;x&gt;");
        check("ping @someone, see #1", "ping @<!-- -->someone, see #<!-- -->1");
        check("write to noc@a.example", "write to noc@a.example");
        check("![x](https://a.example/x.png)", "!\\[x\\](https:<!-- -->//a.example/x.png)");
        check("a `b @c", "a \\`b @<!-- -->c");
        check("``` @x", "\\`\\`\\` @<!-- -->x");
        check("a\u{202e}b | c\nd", "a\\\\u{202e}b \\| c<br>d");
        check("*a* __b__ ~~c~~", "\\*a\\* \\_\\_b\\_\\_ \\~\\~c\\~\\~");
        assert_eq!(code("a`b\nc"), "`` a`b c ``");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fence("a ` b"), "```");
        assert_eq!(fence("```\n````"), "`````");
    }
}
