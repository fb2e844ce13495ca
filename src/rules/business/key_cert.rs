//! Keys that are too old, revoked or too short.

use super::super::{CREATE, Case, Message, Rule, certificate::Certificate, maintainers};
use crate::{
    registered::Known,
    rpsl::{Class, Placeholder},
};

/// The rules of this file. Weak signatures of X.509 certificates are refused only where a registry lists them, and
/// the server is delivered without such a list.
pub const RULES: &[Rule] = &[
    Rule {
        name: "key-automatic-pgp",
        source: "keycert.KeycertValidator",
        says: "`AUTO-n` is for X.509 certificates, not for PGP keys",
        classes: &[Class::KeyCert],
        kinds: CREATE,
        check: automatic,
        remedy: "name it after the key: `PGPKEY-` and the last eight digits of its fingerprint",
    },
    Rule {
        name: "key-pgp-usable",
        source: "keycert.PgpKeycertValidator",
        says: "a PGP key is neither too weak nor expired or revoked",
        classes: &[Class::KeyCert],
        kinds: CREATE,
        check: pgp,
        remedy: "make a new key, or prolong this one and export it again",
    },
    Rule {
        name: "key-x509-usable",
        source: "keycert.X509KeycertValidator",
        says: "an X.509 certificate is neither too weak nor expired",
        classes: &[Class::KeyCert],
        kinds: CREATE,
        check: x509,
        remedy: "make a new certificate",
    },
];

/// The shortest RSA modulus and DSA prime that are taken.
const MINIMUM_BITS: usize = 1024;

/// The registry numbers certificates; a PGP key has a name already.
fn automatic(case: &Case) -> Known<Vec<Message>> {
    let is_pgp = matches!(Certificate::read(case.after), Ok(Certificate::Pgp(_)));
    let first = case.after.attributes().next().filter(|_| is_pgp && Placeholder::of(case.after).is_some());
    let text = "AUTO-nnn can only be used with X509 key-cert";
    Ok(first.map(|attribute| Message::error(text).on(attribute)).into_iter().collect())
}

/// What is no certificate was refused before, with words of its own.
fn pgp(case: &Case) -> Known<Vec<Message>> {
    let Ok(Certificate::Pgp(key)) = Certificate::read(case.after) else { return Ok(Vec::new()) };
    if case.proves_any(maintainers::ALLOCATION)? {
        return Ok(Vec::new());
    }
    let mut said = Vec::new();
    if key.is_expired(case.now.as_second()) {
        said.push(Message::error("Public key in keycert %s has expired").arg(key.short_id()));
    }
    if key.is_revoked {
        said.push(Message::error("Public key in keycert %s is revoked").arg(key.short_id()));
    }
    said.extend(too_short(key.strength));
    Ok(said)
}

fn x509(case: &Case) -> Known<Vec<Message>> {
    let Ok(Certificate::X509(certificate)) = Certificate::read(case.after) else { return Ok(Vec::new()) };
    if case.proves_any(maintainers::ALLOCATION)? {
        return Ok(Vec::new());
    }
    let expired = certificate.is_expired(case.now.as_second());
    let key = case.after.key();
    let message = || Message::error("Public key in keycert %s has expired").arg(key.text());
    Ok(expired.then(message).into_iter().chain(too_short(certificate.strength)).collect())
}

fn too_short(strength: Option<(&'static str, usize)>) -> Option<Message> {
    let (algorithm, bits) = strength.filter(|(_, bits)| *bits < MINIMUM_BITS)?;
    let message = Message::error("%s public key is %d bits which is less than the minimum %d");
    Some(message.arg(algorithm).arg(bits).arg(MINIMUM_BITS))
}
