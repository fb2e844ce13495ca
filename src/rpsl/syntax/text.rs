//! What the syntaxes are composed of: runs of characters, prefixes in any letter case, words.

/// Splits `text` behind its longest beginning of characters that `accept` takes.
pub fn split_run(text: &str, accept: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !accept(c)).unwrap_or(text.len()))
}

/// What follows `prefix`, which may be in any letter case.
pub fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Whether `text` is one or more characters that `accept` takes.
pub fn only(text: &str, accept: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(accept)
}

/// Whether `text` has at most `max` characters.
pub fn at_most(text: &str, max: usize) -> bool {
    text.chars().count() <= max
}

/// Letters, digits, `-` and `_`.
pub fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// A digit.
pub fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Letters, digits, `-` and `_`, the last a letter or digit.
pub fn is_word(text: &str) -> bool {
    only(text, is_word_char) && text.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// A word that begins with a letter.
pub fn is_name(text: &str) -> bool {
    is_word(text) && text.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Digits that do not begin with 0.
pub fn is_ordinal(text: &str) -> bool {
    only(text, is_digit) && !text.starts_with('0')
}

/// `min` to `max` letters.
pub fn is_letters(text: &str, min: usize, max: usize) -> bool {
    only(text, |c| c.is_ascii_alphabetic()) && (min..=max).contains(&text.len())
}
