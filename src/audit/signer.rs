//! Delegation signers (RFC 4034 §5): whether a key of a zone is the one that `ds-rdata` means.

use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha384};

/// What `ds-rdata` says of a key: tag, algorithm, type of the digest, and the digest.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signer {
    /// The tag of the key.
    pub tag: u16,
    algorithm: u8,
    digest_type: u8,
    digest: Vec<u8>,
}

/// A key of a zone, as its DNSKEY record has it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DnsKey {
    /// Its tag (RFC 4034, appendix B).
    pub tag: u16,
    /// Its algorithm.
    pub algorithm: u8,
    /// The data of the record.
    pub data: Vec<u8>,
}

impl Signer {
    /// Reads `60485 5 1 2BB183AF…`; `None` if it is not so. Blanks in the digest do not count, nor do brackets round it.
    pub fn parse(text: &str) -> Option<Signer> {
        let mut words = text.split_whitespace();
        let (tag, algorithm, digest_type) =
            (words.next()?.parse().ok()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let hex: Vec<u8> = words.flat_map(str::bytes).filter(|byte| !matches!(byte, b'(' | b')')).collect();
        Some(Signer { tag, algorithm, digest_type, digest: bytes(&hex)? })
    }

    /// Whether it means `key` of the zone whose name on the wire, in small letters, is `owner`. `None` if its digest is of a
    /// type that is not known here.
    pub fn means(&self, owner: &[u8], key: &DnsKey) -> Option<bool> {
        let text = [owner, &key.data].concat();
        let digest = match self.digest_type {
            1 => Sha1::digest(text).to_vec(),
            2 => Sha256::digest(text).to_vec(),
            4 => Sha384::digest(text).to_vec(),
            _ => return None,
        };
        Some(self.tag == key.tag && self.algorithm == key.algorithm && self.digest == digest)
    }
}

/// The bytes of hexadecimal digits.
fn bytes(hex: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = hex.chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    pairs.collect()
}

/// The name of a zone on the wire, in small letters; `None` if it is no name.
pub(super) fn wire(name: &str) -> Option<Vec<u8>> {
    let mut wire = Vec::new();
    for label in name.split('.') {
        let length = u8::try_from(label.len()).ok().filter(|length| (1..64).contains(length))?;
        wire.push(length);
        wire.extend(label.to_ascii_lowercase().bytes());
    }
    wire.push(0);
    Some(wire)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};

    use super::*;

    /// The example of RFC 4034 §5.4, and with SHA-256 that of RFC 4509 §2.3.
    #[test]
    fn the_example_of_the_rfc_matches() {
        let key = "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/\
                   M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==";
        let data = [&[1, 0, 3, 5][..], &STANDARD.decode(key).unwrap()].concat();
        let key = DnsKey { tag: 60485, algorithm: 5, data };
        let owner = wire("dskey.example.com").unwrap();
        let check = |text: &str, expected| {
            assert_eq!(Signer::parse(text).unwrap().means(&owner, &key), expected, "{text}");
        };
        check("60485 5 1 ( 2BB183AF5F22588179A53B0A 98631FAD1A292118 )", Some(true));
        check("60485 5 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A", Some(true));
        check("60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292119", Some(false));
        check("60486 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118", Some(false));
        check("60485 5 3 2BB1", None);
        assert_eq!(Signer::parse("60485 5 1 2BB"), None);
        assert_eq!(Signer::parse("x"), None);
    }
}
