//! Bytes to text, in the character set that a label names.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, mem::decode_latin1};

/// The text of `bytes`; what is no character is replaced. `None` if nobody knows a set of this name.
pub fn decode<'a>(bytes: &'a [u8], label: &str) -> Option<Cow<'a, str>> {
    let label = label.trim();
    // For the Web these are other names of Windows-1252.
    if ["iso-8859-1", "latin1", "iso_8859-1", "l1"].iter().any(|name| label.eq_ignore_ascii_case(name)) {
        return Some(decode_latin1(bytes));
    }
    let encoding = Encoding::for_label(label.as_bytes())?;
    match encoding == UTF_8 {
        true => Some(String::from_utf8_lossy(bytes)),
        false => Some(encoding.decode_without_bom_handling(bytes).0),
    }
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
}
