//! Names of objects: maintainers, sets, nic handles, organisations, keys, people.

use super::text::{
    at_most, is_digit, is_letters, is_name, is_ordinal, is_word, is_word_char, only, split_run, strip_prefix,
};
use crate::net::Asn;

/// Words of the policy grammars, which cannot be names (RFC 2622 §2).
const RESERVED: [&str; 20] = [
    "ANY", "AS-ANY", "RS-ANY", "PEERAS", "AND", "OR", "NOT", "ATOMIC", "FROM", "TO", "AT", "ACTION",
    "ACCEPT", "ANNOUNCE", "EXCEPT", "REFINE", "NETWORKS", "INTO", "INBOUND", "OUTBOUND",
];

/// The name of a maintainer or an AS: 2 to 80 characters, not a reserved word.
pub fn is_object_name(text: &str) -> bool {
    is_name(text)
        && (2..=80).contains(&text.len())
        && !RESERVED.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// The name of a network or of a source: a name of at most 80 characters.
pub fn is_netname(text: &str) -> bool {
    is_name(text) && at_most(text, 80)
}

/// The name of a source: at least two characters.
pub fn is_source(text: &str) -> bool {
    is_netname(text) && text.len() >= 2
}

/// The name of a set (RFC 2622 §5): AS numbers and names with `prefix` joined by colons, one of them a name.
pub fn is_set_name(prefix: &str, text: &str) -> bool {
    let is_member = |part: &str| strip_prefix(part, prefix).is_some_and(is_word);
    at_most(text, 80)
        && text.split(':').all(|part| is_member(part) || part.parse::<Asn>().is_ok())
        && text.split(':').any(is_member)
}

/// `prefix` and a word, such as `IRT-EXAMPLE`.
pub fn is_prefixed(prefix: &str, text: &str) -> bool {
    strip_prefix(text, prefix).is_some_and(is_word)
}

/// The key of a poem or of its form: `prefix`, then letters, digits, `-` and `_`; 80 characters at most.
pub fn is_poem_name(prefix: &str, text: &str) -> bool {
    let is_rest = |rest: &str| only(rest, is_word_char) && !rest.starts_with(['-', '_']);
    at_most(text, 80) && strip_prefix(text, prefix).is_some_and(is_rest)
}

/// `AUTO-` and a number, perhaps with two to four letters behind it.
fn is_auto(text: &str) -> bool {
    let Some(rest) = strip_prefix(text, "AUTO-") else { return false };
    let (number, initials) = split_run(rest, is_digit);
    is_ordinal(number) && (initials.is_empty() || is_letters(initials, 2, 4))
}

/// Two to four letters and perhaps a number, with what follows them.
fn strip_initials(text: &str) -> Option<&str> {
    let (initials, rest) = split_run(text, |c| c.is_ascii_alphabetic());
    let (number, rest) = split_run(rest, is_digit);
    let is_number = number.is_empty() || (is_ordinal(number) && number.len() <= 6);
    (is_letters(initials, 2, 4) && is_number).then_some(rest)
}

/// A nic handle: `AB1-RIPE`, or `AUTO-1` where the registry is to choose.
pub fn is_nic_handle(text: &str) -> bool {
    let is_suffix =
        |rest: &str| rest.is_empty() || rest.strip_prefix('-').is_some_and(|s| is_letters(s, 2, 10));
    at_most(text, 30) && (is_auto(text) || strip_initials(text).is_some_and(is_suffix))
}

/// The key of an organisation: `ORG-AB1-RIPE`, or `AUTO-1` where the registry is to choose.
pub fn is_organisation(text: &str) -> bool {
    let is_suffix = |rest: &str| rest.strip_prefix('-').is_some_and(is_source);
    let named = strip_prefix(text, "ORG-").and_then(strip_initials).is_some_and(is_suffix);
    at_most(text, 30) && (named || is_auto(text))
}

/// The key of a key-cert: `PGPKEY-` and eight hexadecimal digits, `X509-1`, or `AUTO-1`.
pub fn is_key(text: &str) -> bool {
    let is_hex = |rest: &str| rest.len() == 8 && only(rest, |c| c.is_ascii_hexdigit());
    let after = |prefix| strip_prefix(text, prefix);
    after("PGPKEY-").is_some_and(is_hex)
        || after("X509-").is_some_and(is_ordinal)
        || after("AUTO-").is_some_and(is_ordinal)
}

/// A credential of a maintainer: `SSO` and an account, a key, or (refused later, by a rule) an MD5 hash.
pub fn is_credential(text: &str) -> bool {
    if let Some(account) = strip_prefix(text, "SSO ") {
        let inner = account.get(1..account.len().saturating_sub(1));
        return inner.is_some_and(|inner| inner.contains('@'));
    }
    if let Some(hash) = strip_prefix(text, "MD5-PW $1$") {
        return is_md5_hash(hash);
    }
    is_key(text) && strip_prefix(text, "X509-").is_none_or(|number| number.len() <= 20)
}

/// A salt of up to 8 and a hash of 22 characters.
fn is_md5_hash(text: &str) -> bool {
    let is_part = |part: &str| only(part, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '/'));
    let parts = text.split_once('$');
    parts.is_some_and(|(salt, hash)| is_part(salt) && salt.len() <= 8 && is_part(hash) && hash.len() == 22)
}

/// The name of a person: up to ten words, two of which begin with a letter, the first among them.
pub fn is_person_name(text: &str) -> bool {
    let accept = |c: char| c.is_ascii_alphanumeric() || "\\.`'_-".contains(c);
    let lettered = |word: &&str| word.starts_with(|c: char| c.is_ascii_alphabetic());
    are_words(text, 10, accept)
        && text.split(' ').next().is_some_and(|first| lettered(&first))
        && text.split(' ').filter(lettered).count() >= 2
}

/// The name of an organisation or role: up to 30 words of letters, digits and some signs.
pub fn is_organisation_name(text: &str) -> bool {
    are_words(text, 30, |c| c.is_ascii_alphanumeric() || "][._\"*()@,&:!'`+/-".contains(c))
}

/// Up to `max` words of up to 64 characters, one blank between them.
fn are_words(text: &str, max: usize, accept: impl Fn(char) -> bool) -> bool {
    text.split(' ').count() <= max && text.split(' ').all(|word| only(word, &accept) && word.len() <= 64)
}
