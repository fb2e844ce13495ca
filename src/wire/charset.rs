//! Bytes to text, in the character set that a label names.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, mem::decode_latin1};

/// The text of `bytes`; what is no character is replaced. `None` if nobody knows a set of this name.
pub fn decode<'a>(bytes: &'a [u8], label: &str) -> Option<Cow<'a, str>> {
    if is_latin1(label) {
        return Some(decode_latin1(bytes));
    }
    let encoding = Encoding::for_label(label.trim().as_bytes())?;
    match encoding == UTF_8 {
        true => Some(String::from_utf8_lossy(bytes)),
        false => Some(encoding.decode_without_bom_handling(bytes).0),
    }
}

/// Whether a label names Latin-1. For the Web it is one of Windows-1252.
fn is_latin1(label: &str) -> bool {
    ["iso-8859-1", "latin1", "iso_8859-1", "l1"].iter().any(|name| label.trim().eq_ignore_ascii_case(name))
}

/// Why bytes are no text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Undecodable {
    /// Nobody knows a character set of the name.
    UnknownSet,
    /// They are not of the character set.
    NotInSet,
}

/// The text of a document, in the character set of its byte order mark, else in the one of the label.
pub fn decode_whole<'a>(bytes: &'a [u8], label: &str) -> Result<Cow<'a, str>, Undecodable> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, bytes.get(mark..).unwrap_or_default()),
        None if is_latin1(label) => return Ok(decode_latin1(bytes)),
        None => (Encoding::for_label(label.trim().as_bytes()).ok_or(Undecodable::UnknownSet)?, bytes),
    };
    encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or(Undecodable::NotInSet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_what_its_set_says() {
        let check = |label: &str, expected: Option<&str>| {
            assert_eq!(decode(b"a\xe9\x80", label).as_deref(), expected, "{label}");
        };
        check("ISO-8859-1", Some("aé\u{80}"));
        check("windows-1252", Some("aé€"));
        check(" utf-8 ", Some("a\u{fffd}"));
        check("iso-8859-5", Some("aщ\u{80}"));
        check("klingon", None);
    }

    #[test]
    fn a_document_is_wholly_in_its_set() {
        let check = |bytes: &[u8], label: &str, expected: Result<&str, Undecodable>| {
            assert_eq!(
                decode_whole(bytes, label).as_deref(),
                expected.as_ref().copied(),
                "{bytes:?} {label}"
            );
        };
        check(b"a\xe9", "ISO-8859-1", Ok("aé"));
        check(b"a\xe9", "utf-8", Err(Undecodable::NotInSet));
        check(b"\xef\xbb\xbfa", "ISO-8859-1", Ok("a"));
        check(b"\xff\xfea\0", "utf-8", Ok("a"));
        check(b"\xfe\xff\0a", "utf-16", Ok("a"));
        check(b"\xfe\xff\xd8\0", "utf-16", Err(Undecodable::NotInSet));
        check(b"a", "klingon", Err(Undecodable::UnknownSet));
    }
}
