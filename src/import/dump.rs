//! The objects of a dump, such as the RIPE NCC publishes or `ripectl sandbox dump` prints.

use crate::rpsl::{Key, Object};

/// What is taken of a dump.
#[derive(Clone, Debug, Default)]
pub struct Dump {
    /// The objects that are wanted.
    pub objects: Vec<Object>,
    /// How many paragraphs are no object.
    pub unread: usize,
}

/// The objects of `bytes` that are wanted: RPSL with a blank line between objects, in UTF-8 or, as the published ones are,
/// in Latin-1. One after the other, for a dump holds millions.
pub fn dump(bytes: &[u8], is_wanted: impl Fn(&Key, &Object) -> bool) -> Dump {
    let mut dump = Dump::default();
    for paragraph in paragraphs(bytes) {
        let text = match std::str::from_utf8(&paragraph) {
            Ok(text) => text.to_owned(),
            Err(_) => paragraph.iter().map(|byte| char::from(*byte)).collect(),
        };
        match Object::parse(text) {
            Ok(object) if is_wanted(&object.key(), &object) => dump.objects.push(object),
            Ok(_) => {}
            Err(_) => dump.unread += 1,
        }
    }
    dump
}

/// The paragraphs, without lines of comment between objects, and with bare line ends.
fn paragraphs(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    std::iter::from_fn(move || {
        let mut paragraph: Vec<u8> = Vec::new();
        for line in lines.by_ref() {
            match line {
                [] if paragraph.is_empty() => {}
                [] => return Some(paragraph),
                [b'#' | b'%', ..] => {}
                line => {
                    paragraph.extend_from_slice(line);
                    paragraph.push(b'\n');
                }
            }
        }
        (!paragraph.is_empty()).then_some(paragraph)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_of_a_dump_is_taken_in_either_encoding() {
        let dump = |bytes: &[u8]| dump(bytes, |key, _| key.text() != "AS2");
        let text = b"# a dump\n%\n\naut-num: AS1\r\ndescr: caf\xe9\r\n\r\n\naut-num: AS2\n\nno object\n\naut-num: AS3\ndescr: \xc3\xa9";
        let taken = dump(text);
        let shown: Vec<String> =
            taken.objects.iter().map(|object| object.text().replace('\n', "|")).collect();
        assert_eq!(shown, ["aut-num: AS1|descr: café|", "aut-num: AS3|descr: é|"]);
        assert_eq!(taken.unread, 1);
        assert_eq!(dump(b"").objects.len(), 0);
    }
}
