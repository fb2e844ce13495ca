//! How to reach somebody: mail addresses and telephone numbers.

use std::str::CharIndices;

use super::text::{at_most, is_digit, only, split_run, strip_prefix};

/// A telephone number: `+31 20 535 4444`, with `(0)` within and `ext. 12` behind it if need be.
pub fn is_phone(text: &str) -> bool {
    at_most(text, 30) && text.strip_prefix('+').and_then(phone_number).is_some_and(str::is_empty)
}

fn phone_number(text: &str) -> Option<&str> {
    let mut rest = digits(text)?;
    if let Some(inner) = rest.strip_prefix('(') {
        rest = digits(digits(inner)?.strip_prefix(')')?)?;
    }
    strip_prefix(rest, "ext.").map_or(Some(rest), digits)
}

/// What follows a run of digits, dots, blanks and hyphens, which may not be empty.
fn digits(text: &str) -> Option<&str> {
    let (run, rest) = split_run(text, |c| is_digit(c) || matches!(c, '.' | ' ' | '-'));
    (!run.is_empty()).then_some(rest)
}

/// A mail address, alone or as in `Name <user@example.net>` (RFC 822), read as the registry's mail library
/// does: exactly one address, whose local part is ASCII; a group is not an address.
pub fn is_email(text: &str) -> bool {
    at_most(text, 320) && mailbox(text).is_some_and(|address| is_address(address.trim()))
}

/// The one address in a list of addresses: without display name and comments.
fn mailbox(text: &str) -> Option<&str> {
    let mut found = address_spans(text)?.into_iter();
    let (start, end) = found.next()?;
    found.next().is_none().then(|| text.get(start..end))?
}

/// Where the addresses of a list begin and end. `None` if the list is malformed.
fn address_spans(text: &str) -> Option<Vec<(usize, usize)>> {
    let mut parts = Vec::new();
    let (mut start, mut end, mut in_angles) = (None, None, false);
    let mut rest = text.char_indices();
    while let Some((at, c)) = rest.next() {
        match c {
            '(' => {
                skip_comment(&mut rest)?;
                end = end.or(start.map(|_| at));
            }
            '<' if !in_angles => {
                in_angles = true;
                (start, end) = (Some(at + 1), Some(skip_to('>', &mut rest)?));
            }
            '"' => {
                start = start.or(Some(at));
                skip_to('"', &mut rest)?;
            }
            '[' => drop(skip_to(']', &mut rest)?),
            ',' => {
                parts.extend(start.map(|start| (start, end.unwrap_or(at))));
                (start, end, in_angles) = (None, None, false);
            }
            '<' | '>' | ')' | ':' | ';' => return None,
            _ if c.is_ascii_whitespace() => {}
            _ => start = start.or(Some(at)),
        }
    }
    parts.extend(start.map(|start| (start, end.unwrap_or(text.len()))));
    Some(parts)
}

/// Reads up to `close` and says where it stands; a backslash takes the next character along.
fn skip_to(close: char, rest: &mut CharIndices) -> Option<usize> {
    while let Some((at, c)) = rest.next() {
        match c {
            _ if c == close => return Some(at),
            '\\' => drop(rest.next()),
            '"' => drop(skip_to('"', rest)?),
            _ => {}
        }
    }
    None
}

/// Reads the rest of a comment, in which others may nest.
fn skip_comment(rest: &mut CharIndices) -> Option<()> {
    while let Some((_, c)) = rest.next() {
        match c {
            ')' => return Some(()),
            '(' => skip_comment(rest)?,
            '\\' => drop(rest.next()),
            _ => {}
        }
    }
    None
}

fn is_address(text: &str) -> bool {
    let parts = match text.strip_prefix('"') {
        Some(quoted) => {
            split_unescaped(quoted, '"').and_then(|(local, rest)| Some((local, rest.strip_prefix('@')?)))
        }
        None => split_unescaped(text, '@').filter(|(local, _)| is_local_part(local)),
    };
    parts.is_some_and(|(local, domain)| local.is_ascii() && is_mail_domain(domain))
}

/// What stands before and behind the first `mark` without a backslash before it.
fn split_unescaped(text: &str, mark: char) -> Option<(&str, &str)> {
    let mut halves = text.match_indices(mark).filter_map(|(at, _)| text.split_at_checked(at));
    let (before, behind) = halves.find(|(before, _)| !before.ends_with('\\'))?;
    Some((before, behind.strip_prefix(mark)?))
}

/// Words joined by single dots; a backslash takes the next character along.
fn is_local_part(text: &str) -> bool {
    let mut escaped = false;
    let is_plain = text.chars().all(|c| {
        let accepted = escaped || !(c <= ' ' || c == '\x7f' || "()<>,;:\"[]@".contains(c));
        escaped = c == '\\';
        accepted
    });
    is_plain && text.split('.').all(|word| !word.is_empty())
}

/// Labels of letters (of any script) and digits joined by single dots, or a literal such as `[192.0.2.1]`.
fn is_mail_domain(text: &str) -> bool {
    if let Some(literal) = text.strip_prefix('[') {
        let is_inner = |inner: &str| inner.chars().all(|c| c > ' ' && !matches!(c, '\x7f' | '[' | ']'));
        return literal.strip_suffix(']').is_some_and(is_inner);
    }
    text.split('.').all(|label| only(label, |c| c.is_alphanumeric() || c == '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_address_is_one_address() {
        let check = |text: &str, expected: bool| assert_eq!(is_email(text), expected, "{text}");
        check("\"Example, Ann\" <ann@example.net>", true);
        check("\"a b\"@example.net (comment (nested))", true);
        check("noc@[192.0.2.1]", true);
        check("noc@example.net,", true);
        check("Ann <ann@example.net> <bob@example.net>", false);
        check("team: ann@example.net;", false);
        check("a..b@example.net", false);
        check("noc@example.net.", false);
        check("noc@exa_mple.net", false);
        check("a\\@example.net", false);
        check("noc@example.net (comment", false);
        check("", false);
    }
}
