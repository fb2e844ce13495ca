//! From bytes to a text.

use std::borrow::Cow;

use super::{Kind, Problem, ReadError};
use crate::packed::{self, Packed};

/// The bytes themselves, or what a compressed file unpacks to; `name` is the file or URL for messages.
pub fn unpacked<'a>(kind: &'static Kind, name: &str, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, ReadError> {
    packed::unpack(bytes).map_err(|error| {
        let problem = match error {
            Packed::Damaged(_) => Problem::Malformed(error.to_string()),
            Packed::TooLarge { megabytes } => Problem::TooLarge { megabytes },
            Packed::Unread { what, command } => Problem::Packed { what, command },
        };
        ReadError { name: name.to_owned(), kind, problem }
    })
}

/// The text of `bytes` without a byte order mark; `formats` are those that can be read, for the message.
pub fn text<'a>(
    kind: &'static Kind,
    name: &str,
    bytes: &'a [u8],
    formats: &str,
) -> Result<&'a str, ReadError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}')),
        Err(_) => Err(unrecognised(kind, name, bytes, formats)),
    }
}

/// The refusal of what is in no known format.
pub fn unrecognised(kind: &'static Kind, name: &str, bytes: &[u8], formats: &str) -> ReadError {
    const SHOWN: usize = 60;
    const LOOKED_AT: usize = 4096;
    let start = String::from_utf8_lossy(bytes.get(..LOOKED_AT).unwrap_or(bytes));
    let line = start.trim_start().lines().next().unwrap_or_default();
    let start = line.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    let problem = Problem::Unrecognised { start, formats: formats.to_owned() };
    ReadError { name: name.to_owned(), kind, problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::VRPS;

    #[test]
    fn what_cannot_be_unpacked_is_told_in_words_of_its_kind() {
        let check = |bytes: &[u8], expected: &str| {
            assert_eq!(unpacked(&VRPS, "x", bytes).unwrap_err().to_string(), expected);
        };
        check(
            b"\x1f\x8b\x08",
            "`x`: it is compressed (gzip) and cut off or damaged\nhint: have the validator write it again",
        );
        check(
            b"\xff\xfe{\x00",
            "`x` is UTF-16 text, which is not read\nhint: `iconv -f utf-16 -t utf-8 x > FILE`, and give that",
        );
    }

    #[test]
    fn the_beginning_of_what_is_not_known_is_shown_without_controls() {
        let error = unrecognised(&VRPS, "x", b"\n\x1b[31mred\xff\nmore", "JSON");
        assert_eq!(
            error.to_string(),
            "`x` holds no VRPs in a format that can be read; it begins with `[31mred\u{fffd}`\nhint: give JSON"
        );
    }
}
