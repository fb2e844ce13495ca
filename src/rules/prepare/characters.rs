//! Which characters the registry keeps, and what it makes of the others.
//!
//! `descr` and `remarks` take most of Unicode's basic plane, all other attributes Latin-1 (rules.md §3,
//! "Characters"); the domain of a mail address becomes punycode first ("E-mail"). Both happen to the raw
//! value, comments included, before anything is checked.

use std::borrow::Cow;

use idna::{
    AsciiDenyList,
    uts46::{Hyphens, Uts46},
};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::rpsl::Name;

/// What takes the place of a character that is not kept.
const SUBSTITUTE: char = '?';

/// What the registry stores of a raw value behind `label`; `None` if that is the value itself.
///
/// In Latin-1 a character beyond the basic plane leaves a second substitute, at the end of the value: the registry counts
/// it for two, and writes one.
pub fn convert(label: &str, raw: &str) -> Option<String> {
    if raw.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')) {
        return None; // each stands for itself
    }
    let stored: String = if takes_unicode(label) {
        raw.nfc().flat_map(|c| unicode(c).chars().collect::<Vec<_>>()).collect()
    } else {
        let beyond = raw.chars().filter(|c| *c > '\u{ffff}').count();
        raw.chars().map(latin1).chain(std::iter::repeat_n(SUBSTITUTE, beyond)).collect()
    };
    (stored != raw).then_some(stored)
}

/// Whether more of a raw value is lost than the form of its blanks and composed letters, and what cannot be seen.
pub fn loses(label: &str, raw: &str) -> bool {
    match takes_unicode(label) {
        true => raw.nfc().any(|c| {
            let stored = unicode(c);
            !stored.trim().is_empty() && !stored.chars().eq([c])
        }),
        false => raw.chars().any(|c| ![c, ' '].contains(&latin1(c))),
    }
}

/// Whether values behind `label` may hold characters beyond Latin-1. Behind a short name they may not.
pub fn takes_unicode(label: &str) -> bool {
    [Name::Descr, Name::Remarks].iter().any(|name| name.text().eq_ignore_ascii_case(label))
}

/// One character of an attribute that is Latin-1.
fn latin1(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' => c,
        '\u{a0}' => ' ',
        '\u{ad}' => '-', // the soft hyphen
        _ if c.is_control() || c > '\u{ff}' => SUBSTITUTE,
        _ => c,
    }
}

/// One character of an attribute that is UTF-8, by itself.
fn unicode(c: char) -> Cow<'static, str> {
    match c {
        '\t' | '\n' | '\r' | ' '..='~' => c.to_string().into(),
        '\u{b}' | '\u{c}' | '\u{a0}' => " ".into(),
        '\u{85}' => "\n".into(), // the line end of EBCDIC
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => substitute(), // variation selectors
        _ if c.is_control() => substitute(),
        '\u{10000}'.. => truncated(c).map_or_else(substitute, unicode),
        _ => mapped(c),
    }
}

fn substitute() -> Cow<'static, str> {
    SUBSTITUTE.to_string().into()
}

/// A character beyond the basic plane, of which the registry keeps the lower 16 bits.
fn truncated(c: char) -> Option<char> {
    char::from_u32(u32::from(c) & 0xffff)
}

/// UTS #46 mapping of a name of this one character, but with upper case kept.
fn mapped(c: char) -> Cow<'static, str> {
    let (lower, valid) = to_unicode(&c.to_string());
    let kept = if c.is_uppercase() { lower.to_uppercase() } else { lower };
    match c {
        _ if is_unknown(c) => substitute(),
        _ if valid => kept.into(),
        // Joiners are valid between certain letters, which one character cannot show.
        '\u{200c}' | '\u{200d}' => c.to_string().into(),
        // No name begins with a mark: the library puts U+FFFD in its place.
        _ if is_combining_mark(c) || kept.chars().count() > 1 => kept.into(),
        _ if is_arabic_digit(c) => c.to_string().into(),
        _ => substitute(),
    }
}

/// The name in Unicode, and whether it is valid.
fn to_unicode(name: &str) -> (String, bool) {
    let (text, outcome) = Uts46::new().to_unicode(name.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
    (text.into_owned(), outcome.is_ok())
}

/// Whether a character is refused only because no name begins with it (RFC 5893 §2, rule 1).
fn is_arabic_digit(c: char) -> bool {
    to_unicode(&format!("\u{628}{c}")) == (format!("\u{628}{c}"), true)
}

/// Characters of the basic plane that Unicode 18 brought: our library has them, the registry's has Unicode 17.
/// Generated from the general categories of the two versions.
#[rustfmt::skip]
fn is_unknown(c: char) -> bool {
    matches!(
        c,
        '\u{558}' | '\u{58b}' | '\u{58c}' | '\u{5c8}' | '\u{5c9}' | '\u{b53}' | '\u{b54}' | '\u{1ade}' | '\u{1adf}'
            | '\u{1aec}'..='\u{1af0}' | '\u{208f}' | '\u{209d}'..='\u{209f}' | '\u{20c2}'..='\u{20c4}'
            | '\u{2e60}'..='\u{2e63}' | '\u{a7dd}' | '\u{a7e2}' | '\u{ab6c}' | '\u{ab6d}'
    )
}

/// The raw value with the domains of its mail addresses in punycode (RFC 3492); `None` if nothing changes.
///
/// Only of abuse-mailbox, e-mail, irt-nfy, mnt-nfy, notify, ref-nfy and upd-to behind their full names, on the first line
/// and before a comment.
pub fn punycode_email(label: &str, raw: &str) -> Option<String> {
    use Name as N;
    const MAIL: [Name; 7] = [N::AbuseMailbox, N::EMail, N::IrtNfy, N::MntNfy, N::Notify, N::RefNfy, N::UpdTo];
    if raw.is_ascii() || !MAIL.iter().any(|name| name.text().eq_ignore_ascii_case(label)) {
        return None;
    }
    let (head, tail) = raw.split_at_checked(raw.find(['#', '\n']).unwrap_or(raw.len()))?;
    let mut parts = head.split('@');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| c.is_whitespace() || "<>()[],;:\"#".contains(c)).unwrap_or(part.len());
        let (domain, rest) = part.split_at(end);
        text.extend(["@", &punycode(domain), rest]);
    }
    text.push_str(tail);
    (text != raw).then_some(text)
}

/// Each label that is not ASCII converted; the domain as it is if one cannot be.
fn punycode(domain: &str) -> Cow<'_, str> {
    let label =
        |label: &str| if label.is_ascii() { Ok(label.to_owned()) } else { idna::domain_to_ascii(label) };
    // The full stops that separate labels: RFC 3490 §3.1.
    let labels: Result<Vec<_>, _> =
        domain.split(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}']).map(label).collect();
    labels.map_or(Cow::Borrowed(domain), |labels| labels.join(".").into())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::rpsl::shared;

    #[test]
    fn stores_what_the_registry_stores() {
        let check = |name, raw: &str, stored: &str| {
            assert_eq!(convert(name, raw).as_deref().unwrap_or(raw), stored, "{name}: {raw:?}");
            assert_eq!(convert(name, raw).is_none(), raw == stored);
        };
        check("address", "a\u{7}b\u{a0}c\u{ad}d", "a?b c-d");
        check("address", "Zo\u{eb} \u{20ac} \u{1f600}", "Zo\u{eb} ? ??");
        check("address", "\u{1f600} and \u{1f600} # x", "? and ? # x??");
        check("rm", "\u{41c}", "?");
        check(
            "Remarks",
            "e\u{301} \u{41c} \u{6771} \u{2013} \u{20ac} \u{1f600}",
            "\u{e9} \u{41c} \u{6771} \u{2013} \u{20ac} ?",
        );
        check("remarks", "x\u{fe0f} \u{e0100}", "x? ?");
        check("descr", "plain, line by line\n+\tand on", "plain, line by line\n+\tand on");
    }

    #[test]
    fn what_only_looks_otherwise_is_not_lost() {
        let check = |label, raw: &str, lost: bool| assert_eq!(loses(label, raw), lost, "{label}: {raw:?}");
        check("descr", "e\u{301}\u{a0}\u{6771}, zero\u{200b}width, co\u{ad}op", false);
        check("descr", "fox \u{1f98a}", true);
        check("remarks", "name\u{2122}, \u{fb01}sh, \u{bd}", true);
        check("address", "Zo\u{eb}\u{a0}Stra\u{df}e", false);
        check("address", "\u{65e5}\u{672c}", true);
        check("address", "e\u{301}", true);
        check("address", "co\u{ad}op", true);
    }

    #[test]
    fn converts_every_character_as_the_registry_does() {
        let Some(vectors) = shared::json("registry/vectors/chars.json") else { return };
        for (list, name) in [("utf8", "remarks"), ("latin1", "address")] {
            let pairs = vectors[list].as_array().unwrap().iter();
            let listed: HashMap<u64, &str> =
                pairs.map(|pair| (pair[0].as_u64().unwrap(), pair[1].as_str().unwrap())).collect();
            let last = u32::try_from(*listed.keys().max().unwrap()).unwrap();
            let wrong: Vec<String> = ('\0'..=char::from_u32(last).unwrap())
                .filter_map(|c| {
                    let raw = c.to_string();
                    let expected = listed.get(&u64::from(c)).copied().unwrap_or(&raw);
                    let stored = convert(name, &raw).unwrap_or(raw.clone());
                    (stored != expected)
                        .then(|| format!("U+{:04X} {stored:?}, not {expected:?}", u32::from(c)))
                })
                .collect();
            assert!(wrong.is_empty(), "{list}: {} wrong\n{}", wrong.len(), wrong.join("\n"));
            assert!(listed.len() > 90, "{list}");
        }
    }

    #[test]
    fn domains_of_mail_become_punycode() {
        let check = |name: &str, raw: &str, expected: Option<&str>| {
            assert_eq!(punycode_email(name, raw).as_deref(), expected, "{name}: {raw}");
        };
        check("e-mail", "info@m\u{fc}nchen.example", Some("info@xn--mnchen-3ya.example"));
        check(
            "Notify",
            "N\u{f6} <a@m\u{fc}nchen.Example> # b@m\u{fc}nchen.example",
            Some("N\u{f6} <a@xn--mnchen-3ya.Example> # b@m\u{fc}nchen.example"),
        );
        check("em", "info@m\u{fc}nchen.example", None);
        check("e-mail", "m\u{fc}ller@example.net", None);
        check("remarks", "info@m\u{fc}nchen.example", None);
    }
}
