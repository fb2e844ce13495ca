//! From a value to tokens: at each place the longest token that fits, a keyword before a name.

use super::{
    lexicon::{Kind, Lexicon},
    number::{longer, more_specifics_of_set, number, run},
    token::{SetKind, Token},
};

/// A token and where it stands in the value, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) token: Token,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Splits `value` into tokens; the last is [`Token::End`].
pub(super) fn tokens(value: &str, lexicon: &Lexicon) -> Vec<Place> {
    let mut places = Vec::new();
    let mut start = 0;
    while let Some(rest) = value.get(start..)
        && let Some(first) = rest.chars().next()
    {
        if matches!(first, ' ' | '\t' | '\n') {
            start += 1;
            continue;
        }
        let (length, token) = longest(rest, lexicon).unwrap_or((first.len_utf8(), Token::Symbol(first)));
        places.push(Place { token, start, end: start + length });
        start += length;
    }
    places.push(Place { token: Token::End, start: value.len(), end: value.len() });
    places
}

/// The longest token at the beginning of `text` and its length; among equals the first: a keyword
/// before a set, a set before a name.
fn longest(text: &str, lexicon: &Lexicon) -> Option<(usize, Token)> {
    let bytes = text.as_bytes();
    let keyword = lexicon.keywords().filter(|word| starts_with(bytes, word)).max_by_key(|word| word.len());
    let known = lexicon.kinds.iter().filter_map(|kind| match kind {
        Kind::AsRange => as_range(text),
        Kind::Set(set) => set_name(bytes, *set).map(|length| (length, Token::Set(*set))),
        Kind::Name => name(bytes),
    });
    let keyword = keyword.map(|word| (word.len(), Token::Keyword(word)));
    let as_number = as_number(bytes).map(|length| (length, Token::AsNumber));
    let candidates = [keyword, operator(text), as_number, number(text)].into_iter().flatten().chain(known);
    candidates.reduce(longer)
}

/// RFC 1035 §2.3.4.
const MAX_LABEL: usize = 63;

fn starts_with(bytes: &[u8], word: &str) -> bool {
    bytes.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
}

fn operator(text: &str) -> Option<(usize, Token)> {
    let fixed = [
        ("==", Token::Compare),
        ("=", Token::Assign),
        (".=", Token::Append),
        ("~*", Token::SameHops),
        ("~+", Token::SameHops),
    ];
    let found = fixed.into_iter().find(|(sign, _)| text.starts_with(sign));
    found.map(|(sign, token)| (sign.len(), token)).or_else(|| more_specifics_of_set(text))
}

/// The length of an AS number: no leading zero, at most 4294967295; a longer number is cut, so
/// that what follows is in the way.
fn as_number(bytes: &[u8]) -> Option<usize> {
    if !starts_with(bytes, "AS") {
        return None;
    }
    let count = run(bytes, 2, |byte| byte.is_ascii_digit()).min(10);
    match (bytes.get(2), count) {
        (_, 0) => None,
        (Some(b'0'), _) => Some(3),
        (_, 10) if !fits_32_bits(bytes.get(2..12)?) => Some(11),
        _ => Some(2 + count),
    }
}

fn fits_32_bits(digits: &[u8]) -> bool {
    std::str::from_utf8(digits).is_ok_and(|text| text.parse::<u32>().is_ok())
}

fn as_range(text: &str) -> Option<(usize, Token)> {
    let bytes = text.as_bytes();
    let first = as_number(bytes)?;
    let dash = first + run(bytes, first, |byte| byte == b' ');
    if bytes.get(dash) != Some(&b'-') {
        return None;
    }
    let second = dash + 1 + run(bytes, dash + 1, |byte| byte == b' ');
    let end = second + as_number(bytes.get(second..)?)?;
    let number =
        |from: usize, to: usize| text.get(from + 2..to).and_then(|digits| digits.parse::<u32>().ok());
    let token = if number(0, first) <= number(second, end) {
        Token::AsRange
    } else {
        Token::Invalid("a range with the smaller AS number first")
    };
    Some((end, token))
}

/// A label of a domain name.
fn name(bytes: &[u8]) -> Option<(usize, Token)> {
    bytes.first().filter(|byte| byte.is_ascii_alphabetic())?;
    let length = last_alphanumeric(bytes, 0, |byte| byte.is_ascii_alphanumeric() || byte == b'-')?;
    let token =
        if length > MAX_LABEL { Token::Invalid("a label of at most 63 characters") } else { Token::Name };
    Some((length, token))
}

/// Where the last letter or digit of the run of `condition` from `start` on ends.
fn last_alphanumeric(bytes: &[u8], start: usize, condition: impl Fn(u8) -> bool) -> Option<usize> {
    let count = run(bytes, start, condition);
    let body = bytes.get(start..start + count)?;
    body.iter().rposition(u8::is_ascii_alphanumeric).map(|last| start + last + 1)
}

/// The length of the name of a set of this kind, hierarchical or not: `AS1:AS-FOO:PeerAS`. At least
/// one element is a set's name, the others AS numbers or `PeerAS` (RFC 2622 §5).
fn set_name(bytes: &[u8], kind: SetKind) -> Option<usize> {
    let mut found = None;
    let mut has_set = false;
    let mut start = 0;
    loop {
        let rest = bytes.get(start..)?;
        let set = starts_with(rest, kind.prefix()).then(|| {
            last_alphanumeric(rest, kind.prefix().len(), |b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
        });
        has_set |= set.flatten().is_some();
        let peer_as = starts_with(rest, "PEERAS").then_some("PEERAS".len());
        let Some(length) = as_number(rest).or(peer_as).or(set.flatten()) else {
            return found;
        };
        let end = start + length;
        if has_set {
            found = Some(end);
        }
        if bytes.get(end) != Some(&b':') {
            return found;
        }
        start = end + 1;
    }
}
