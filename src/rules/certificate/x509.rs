//! X.509 certificates: subject, fingerprint, validity and strength (RFC 5280).

use md5::Digest;
use x509_cert::{
    Certificate,
    attr::AttributeTypeAndValue,
    der::{Decode, Encode, Tag, Tagged, asn1::UintRef},
    name::Name,
    spki::SubjectPublicKeyInfoOwned,
};

/// What the registry looks at in a certificate.
#[derive(Clone, Debug)]
pub struct X509 {
    /// The subject in OpenSSL's old form: `/C=NL/O=Example/CN=noc.example.net`.
    pub subject: String,
    /// MD5 over the certificate, as octets with colons.
    pub fingerprint: String,
    /// The end of its validity, in seconds since 1970.
    pub not_after: i64,
    /// The name of its algorithm and its length in bits, where the registry asks for a length.
    pub strength: Option<(&'static str, usize)>,
}

impl X509 {
    /// Reads a certificate in DER.
    pub fn read(der: &[u8]) -> Option<X509> {
        let certificate = Certificate::from_der(der).ok()?;
        let encoded = certificate.to_der().ok()?;
        let fingerprint: Vec<String> =
            md5::Md5::digest(encoded).iter().map(|octet| format!("{octet:02X}")).collect();
        let body = certificate.tbs_certificate();
        Some(X509 {
            subject: subject(body.subject()),
            fingerprint: fingerprint.join(":"),
            not_after: i64::try_from(body.validity().not_after.to_unix_duration().as_secs()).ok()?,
            strength: strength(body.subject_public_key_info()),
        })
    }

    /// Whether it is no longer valid at `now`, in seconds since 1970.
    pub fn is_expired(&self, now: i64) -> bool {
        self.not_after < now
    }
}

/// The parts in their order. Names of letters get a slash in front, others keep the comma.
fn subject(name: &Name) -> String {
    let mut text = String::new();
    for part in name.iter_rdn() {
        for (index, attribute) in part.iter().enumerate() {
            let kind = kind(attribute);
            let mark = match index {
                _ if text.is_empty() || kind == "SERIALNUMBER" => "/",
                0 if kind.contains('.') => ",",
                0 => "/",
                _ => "+",
            };
            text.extend([mark, &kind, "=", &value(attribute)]);
        }
    }
    text
}

/// The names of the attributes of a subject (RFC 4519, PKCS #9).
fn kind(attribute: &AttributeTypeAndValue) -> String {
    let oid = attribute.oid.to_string();
    let known = match oid.as_str() {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "SERIALNUMBER",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "STREETADDRESS",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "T",
        "2.5.4.13" => "DESCRIPTION",
        "2.5.4.42" => "GN",
        "2.5.4.43" => "INITIALS",
        "2.5.4.44" => "GENERATION",
        "1.2.840.113549.1.9.1" => "EMAILADDRESS",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        _ => return oid,
    };
    known.to_owned()
}

fn value(attribute: &AttributeTypeAndValue) -> String {
    let bytes = attribute.value.value();
    let text: String = match attribute.value.tag() {
        Tag::BmpString => {
            let units = bytes
                .chunks_exact(2)
                .map(|pair| pair.iter().fold(0, |unit, octet| unit << 8 | u16::from(*octet)));
            char::decode_utf16(units).map(|c| c.unwrap_or('?')).collect()
        }
        Tag::TeletexString => bytes.iter().map(|octet| char::from(*octet)).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    let escaped = |c: char| if ",\"\\+=<>;".contains(c) { format!("\\{c}") } else { c.to_string() };
    text.chars().map(escaped).collect()
}

/// The length of an RSA modulus or a DSA prime.
fn strength(key: &SubjectPublicKeyInfoOwned) -> Option<(&'static str, usize)> {
    let first = |numbers: Vec<UintRef>| numbers.first().map(|number| bits(number.as_bytes()));
    match key.algorithm.oid.to_string().as_str() {
        "1.2.840.113549.1.1.1" => {
            let numbers = Vec::from_der(key.subject_public_key.as_bytes()?).ok()?;
            Some(("RSA", first(numbers)?))
        }
        "1.2.840.10040.4.1" => Some(("DSA", first(key.algorithm.parameters.as_ref()?.decode_as().ok()?)?)),
        _ => None,
    }
}

/// The bits of a number without leading zeros.
fn bits(octets: &[u8]) -> usize {
    let zeros = octets.first().map_or(0, |octet| octet.leading_zeros() as usize);
    octets.len() * 8 - zeros
}
