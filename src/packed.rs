//! Files as others hand them over: what stands in the way of reading bytes as text, a compression or a character set, is
//! recognised by the first bytes.

use std::{borrow::Cow, io::Read};

use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;

/// The most that is unpacked: a validator's JSON of all VRPs has about 60 MB, the RIPE NCC's list of what it delegated 20.
const LARGEST: usize = 256 << 20;

/// First bytes, what they tell, and the command that makes text of it.
const MAGIC: [(&[u8], &str, &str); 10] = [
    (b"\x1f\x8b", "gzip", "gzip -dc"),
    (b"\x28\xb5\x2f\xfd", "zstd", "zstd -dc"),
    (b"\xfd7zXZ\x00", "xz", "xz -dc"),
    (b"BZh", "bzip2", "bzip2 -dc"),
    (b"\x04\x22\x4d\x18", "lz4", "lz4 -dc"),
    (b"PK\x03\x04", "zip", "unzip -p"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip", "7z x -so"),
    (b"\x1f\x9d", "compress", "zcat"),
    (b"\xff\xfe", "UTF-16", "iconv -f utf-16 -t utf-8"),
    (b"\xfe\xff", "UTF-16", "iconv -f utf-16 -t utf-8"),
];

/// Why bytes cannot be read as text.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Packed {
    /// The compressed file is not whole.
    #[error("it is compressed ({0}) and cut off or damaged")]
    Damaged(&'static str),
    /// More than anybody prints.
    #[error("it unpacks to more than {megabytes} MB")]
    TooLarge {
        /// How much is read.
        megabytes: usize,
    },
    /// A compression, or a character set, that is not read.
    #[error("it is {what}, which is not read: give what `{command}` makes of it")]
    Unread {
        /// What it is.
        what: String,
        /// The command that makes text of it.
        command: &'static str,
    },
}

/// The bytes themselves, or what a gzip or bzip2 file unpacks to; refused is any other compression or character set that is
/// recognised.
pub fn unpack(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Packed> {
    unpack_within(LARGEST, bytes)
}

/// The same, with the most bytes that are unpacked.
fn unpack_within(largest: usize, bytes: &[u8]) -> Result<Cow<'_, [u8]>, Packed> {
    let Some((_, kind, _)) = known(bytes) else { return Ok(Cow::Borrowed(bytes)) };
    let most = u64::try_from(largest).unwrap_or(u64::MAX);
    let mut unpacked = Vec::new();
    let read = match kind {
        "gzip" => MultiGzDecoder::new(bytes).take(most + 1).read_to_end(&mut unpacked),
        "bzip2" => MultiBzDecoder::new(bytes).take(most + 1).read_to_end(&mut unpacked),
        _ => return Err(unread(bytes)),
    };
    match read {
        Err(_) => Err(Packed::Damaged(kind)),
        Ok(length) if length > largest => Err(Packed::TooLarge { megabytes: largest >> 20 }),
        Ok(_) if known(&unpacked).is_some() => Err(unread(&unpacked)),
        Ok(_) => Ok(Cow::Owned(unpacked)),
    }
}

fn known(bytes: &[u8]) -> Option<(&'static [u8], &'static str, &'static str)> {
    MAGIC.into_iter().find(|(magic, ..)| bytes.starts_with(magic))
}

fn unread(bytes: &[u8]) -> Packed {
    let (kind, command) = known(bytes).map_or(("", ""), |(_, kind, command)| (kind, command));
    let what = if kind == "UTF-16" { "UTF-16 text".to_owned() } else { format!("compressed ({kind})") };
    Packed::Unread { what, command }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn check(bytes: &[u8], expected: &str) {
        let text = match unpack(bytes) {
            Ok(bytes) => String::from_utf8(bytes.into_owned()).unwrap(),
            Err(error) => error.to_string(),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn gzip_is_unpacked() {
        check(b"{}", "{}");
        check(&gzip(b"{}"), "{}");
        check(&[gzip(b"{"), gzip(b"}")].concat(), "{}");
        let packed = gzip(b"{\"roas\":[]}");
        for cut in 2..packed.len() {
            let part = packed.get(..cut).unwrap();
            check(part, "it is compressed (gzip) and cut off or damaged");
        }
    }

    fn bzip2(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// As collectors of routes pack their tables.
    #[test]
    fn bzip2_is_unpacked() {
        // `printf '{}' | bzip2 | xxd -i`
        let others = b"\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\xa7\x26\xdd\x4e\x00\x00\x00\x00\x80\x00\x0a\x20\x00\x21\x00\x82\xb1\x77\x24\x53\x85\x09\x0a\x72\x6d\xd4\xe0";
        check(others, "{}");
        check(&bzip2(b"{}"), "{}");
        check(&[bzip2(b"{"), bzip2(b"}")].concat(), "{}");
        let packed = bzip2(b"{\"roas\":[]}");
        for cut in 3..packed.len() {
            check(packed.get(..cut).unwrap(), "it is compressed (bzip2) and cut off or damaged");
        }
        check(
            &gzip(&bzip2(b"{}")),
            "it is compressed (bzip2), which is not read: give what `bzip2 -dc` makes of it",
        );
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let most = 1 << 20;
        let bomb = |size: usize| gzip(&vec![b' '; size]);
        assert!(bomb(most + 1).len() < most / 100);
        assert_eq!(unpack_within(most, &bomb(most)).unwrap().len(), most);
        let refused = unpack_within(most, &bomb(most + 1)).unwrap_err().to_string();
        assert_eq!(refused, "it unpacks to more than 1 MB");
        let refused = unpack_within(most, &bzip2(&vec![b' '; most + 1])).unwrap_err().to_string();
        assert_eq!(refused, "it unpacks to more than 1 MB");
    }

    #[test]
    fn what_cannot_be_unpacked_is_called_by_its_name() {
        let check = |bytes: &[u8], what: &str, command: &str| {
            check(bytes, &format!("it is {what}, which is not read: give what `{command}` makes of it"));
        };
        check(b"\x28\xb5\x2f\xfd...", "compressed (zstd)", "zstd -dc");
        check(b"\xfd7zXZ\x00...", "compressed (xz)", "xz -dc");
        check(b"PK\x03\x04...", "compressed (zip)", "unzip -p");
        check(b"\xff\xfe{\x00", "UTF-16 text", "iconv -f utf-16 -t utf-8");
        check(b"\xfe\xff\x00{", "UTF-16 text", "iconv -f utf-16 -t utf-8");
        check(&gzip(&gzip(b"{}")), "compressed (gzip)", "gzip -dc");
    }
}
