//! `OpenPGP` public keys: the packets that the registry looks at (RFC 4880 §4, §5).

use md5::Digest;

use super::CertificateError;

/// A public key with the identities and signatures on it.
#[derive(Clone, Debug)]
pub struct PublicKey {
    /// The identities that are not revoked.
    pub owners: Vec<String>,
    /// SHA-1 over the key packet, or MD5 over the key material of a version 3 key.
    pub fingerprint: Vec<u8>,
    /// The low eight octets of the fingerprint, or of the modulus of a version 3 key.
    pub id: [u8; 8],
    /// When it was made, in seconds since 1970.
    pub created: u32,
    /// How long it is valid from then, in seconds; 0 is for ever.
    pub valid_seconds: u32,
    /// Whether a signature revokes it.
    pub is_revoked: bool,
    /// The name of its algorithm and its length in bits, where the registry asks for a length.
    pub strength: Option<(&'static str, usize)>,
}

impl PublicKey {
    /// Reads the packets of one key.
    pub fn read(bytes: &[u8]) -> Result<PublicKey, CertificateError> {
        let packets = packets(bytes).ok_or(CertificateError::NoKey)?;
        let mut masters = packets.iter().filter(|packet| packet.tag == PUBLIC_KEY);
        let master = masters.next().ok_or(CertificateError::NoKey)?;
        if masters.next().is_some() {
            return Err(CertificateError::ManyKeys);
        }
        let mut key = key_of(master.body).ok_or(CertificateError::NoKey)?;
        read_signatures(&mut key, &packets);
        Ok(key)
    }

    /// The fingerprint as `gpg` prints it: pairs of octets, with two blanks in the middle.
    pub fn fingerprint_text(&self) -> String {
        let octet = |(index, octet): (usize, &u8)| match index {
            10 => format!("  {octet:02X}"),
            _ if index > 0 && index % 2 == 0 => format!(" {octet:02X}"),
            _ => format!("{octet:02X}"),
        };
        self.fingerprint.iter().enumerate().map(octet).collect::<Vec<_>>().concat()
    }

    /// The last four octets of its id, as messages name it.
    pub fn short_id(&self) -> String {
        self.id.iter().skip(4).map(|octet| format!("{octet:02X}")).collect::<Vec<_>>().concat()
    }

    /// Whether it is no longer valid at `now`, in seconds since 1970. Whole days count.
    pub fn is_expired(&self, now: i64) -> bool {
        const DAY: u32 = 86_400;
        let days = self.valid_seconds / DAY;
        self.valid_seconds > 0 && i64::from(self.created) + i64::from(days) * i64::from(DAY) < now
    }
}

const SIGNATURE: u8 = 2;
const PUBLIC_KEY: u8 = 6;
const USER_ID: u8 = 13;
const SUBKEY: u8 = 14;

struct Packet<'a> {
    tag: u8,
    body: &'a [u8],
}

/// Octets that are taken from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self, octets: usize) -> Option<usize> {
        Some(self.take(octets)?.iter().fold(0, |number, octet| number << 8 | usize::from(*octet)))
    }

    /// The length of a packet or subpacket in the new format; partial lengths are for data, which keys have none of.
    fn length(&mut self) -> Option<usize> {
        match self.number(1)? {
            first @ 0..=191 => Some(first),
            first @ 192..=223 => Some((first - 192) * 256 + self.number(1)? + 192),
            255 => self.number(4),
            _ => None,
        }
    }

    /// The bits of a multiprecision integer, and its octets.
    fn integer(&mut self) -> Option<(usize, &'a [u8])> {
        let bits = self.number(2)?;
        Some((bits, self.take(bits.div_ceil(8))?))
    }
}

fn packets(bytes: &[u8]) -> Option<Vec<Packet<'_>>> {
    let mut reader = Reader(bytes);
    let mut found = Vec::new();
    while !reader.0.is_empty() {
        let header = u8::try_from(reader.number(1)?).ok()?;
        let (tag, length) = match header {
            0xc0.. => (header & 0x3f, reader.length()?),
            0x80.. if header & 3 == 3 => (header >> 2 & 0xf, reader.0.len()),
            0x80.. => (header >> 2 & 0xf, reader.number(1 << (header & 3))?),
            _ => return None,
        };
        found.push(Packet { tag, body: reader.take(length)? });
    }
    Some(found)
}

/// The key in the body of a public-key packet (RFC 4880 §5.5.2).
fn key_of(body: &[u8]) -> Option<PublicKey> {
    let mut reader = Reader(body);
    let version = reader.number(1)?;
    let created = u32::try_from(reader.number(4)?).ok()?;
    let days = if version < 4 { reader.number(2)? } else { 0 };
    let algorithm = reader.number(1)?;
    let material = reader.0;
    let strength = match algorithm {
        1 => Some(("RSA", reader.integer()?.0)),
        17 => Some(("DSA", reader.integer()?.0)),
        _ => None,
    };
    let (fingerprint, id) = match version {
        2 | 3 => version_3(material)?,
        _ => version_4(body)?,
    };
    let valid_seconds = u32::try_from(days).ok()?.saturating_mul(86_400);
    Some(PublicKey {
        owners: Vec::new(),
        fingerprint,
        id,
        created,
        valid_seconds,
        is_revoked: false,
        strength,
    })
}

/// Fingerprint and id: RFC 4880 §12.2.
fn version_4(body: &[u8]) -> Option<(Vec<u8>, [u8; 8])> {
    let length = u16::try_from(body.len()).ok()?.to_be_bytes();
    let hash = sha1::Sha1::new().chain_update([0x99]).chain_update(length).chain_update(body).finalize();
    Some((hash.to_vec(), *hash.last_chunk()?))
}

fn version_3(material: &[u8]) -> Option<(Vec<u8>, [u8; 8])> {
    let mut reader = Reader(material);
    let (modulus, exponent) = (reader.integer()?.1, reader.integer()?.1);
    let hash = md5::Md5::new().chain_update(modulus).chain_update(exponent).finalize();
    Some((hash.to_vec(), *modulus.last_chunk()?))
}

/// What the signatures on the key and on its identities say; those on subkeys are passed over.
fn read_signatures(key: &mut PublicKey, packets: &[Packet]) {
    let own = packets
        .iter()
        .skip_while(|packet| packet.tag != PUBLIC_KEY)
        .take_while(|packet| packet.tag != SUBKEY);
    let mut identities: Vec<(String, bool)> = Vec::new();
    let mut newest = 0;
    for packet in own {
        let signature = (packet.tag == SIGNATURE).then(|| Signature::read(packet.body)).flatten();
        match (packet.tag, signature) {
            (USER_ID, _) => identities.push((identity(packet.body), false)),
            (_, Some(Signature { kind: KEY_REVOCATION, .. })) => key.is_revoked = true,
            (_, Some(Signature { kind: IDENTITY_REVOCATION, .. })) => {
                identities.iter_mut().next_back().into_iter().for_each(|(_, revoked)| *revoked = true);
            }
            (_, Some(signature)) if signature.certifies(key) && signature.created > newest => {
                newest = signature.created;
                key.valid_seconds = signature.valid_seconds;
            }
            _ => {}
        }
    }
    key.owners = identities.into_iter().filter(|(_, revoked)| !revoked).map(|(text, _)| text).collect();
}

/// An identity in Latin-1, as the registry keeps it; what is not UTF-8 is Latin-1 already.
fn identity(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().map(|c| if c > '\u{ff}' { '?' } else { c }).collect(),
        Err(_) => bytes.iter().map(|octet| char::from(*octet)).collect(),
    }
}

const KEY_REVOCATION: usize = 0x20;
const IDENTITY_REVOCATION: usize = 0x30;

/// What counts of a signature (RFC 4880 §5.2).
struct Signature {
    kind: usize,
    created: usize,
    valid_seconds: u32,
    issuer: Option<[u8; 8]>,
}

impl Signature {
    fn read(body: &[u8]) -> Option<Signature> {
        let mut reader = Reader(body);
        match reader.number(1)? {
            4 => {
                let kind = reader.number(1)?;
                reader.take(2)?; // the algorithms
                let hashed = reader.number(2)?;
                let hashed = reader.take(hashed)?;
                let unhashed = reader.number(2)?;
                let unhashed = reader.take(unhashed)?;
                let mut signature = Signature { kind, created: 0, valid_seconds: 0, issuer: None };
                signature.read_subpackets(hashed);
                signature.issuer =
                    signature.issuer.or(Signature { issuer: None, ..signature }.issuer_in(unhashed));
                Some(signature)
            }
            2 | 3 => {
                reader.take(1)?;
                let (kind, created) = (reader.number(1)?, reader.number(4)?);
                Some(Signature { kind, created, valid_seconds: 0, issuer: reader.take(8)?.try_into().ok() })
            }
            _ => None,
        }
    }

    fn issuer_in(mut self, subpackets: &[u8]) -> Option<[u8; 8]> {
        self.read_subpackets(subpackets);
        self.issuer
    }

    /// Creation time, key expiration time and issuer (RFC 4880 §5.2.3.4 to 5.2.3.6).
    fn read_subpackets(&mut self, bytes: &[u8]) -> Option<()> {
        let mut reader = Reader(bytes);
        while !reader.0.is_empty() {
            let length = reader.length()?;
            let mut subpacket = Reader(reader.take(length)?);
            match subpacket.number(1)? & 0x7f {
                2 => self.created = subpacket.number(4)?,
                9 => self.valid_seconds = u32::try_from(subpacket.number(4)?).ok()?,
                16 => self.issuer = subpacket.take(8)?.try_into().ok(),
                _ => {}
            }
        }
        Some(())
    }

    /// Whether it is the key's own statement about itself or one of its identities.
    fn certifies(&self, key: &PublicKey) -> bool {
        matches!(self.kind, 0x10..=0x13 | 0x1f) && self.issuer == Some(key.id)
    }
}
