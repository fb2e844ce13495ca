//! The certificate inside a key-cert object, as far as the registry looks at it: whose it is, its fingerprint,
//! and whether it is too old or too weak. Nothing is verified with it.

mod pgp;
mod x509;

pub use pgp::PublicKey;
pub use x509::X509;

use crate::rpsl::{Name, Object};

/// A certificate that was read.
#[derive(Clone, Debug)]
pub enum Certificate {
    /// An `OpenPGP` public key (RFC 4880).
    Pgp(PublicKey),
    /// An X.509 certificate (RFC 5280).
    X509(X509),
}

/// Why there is no certificate, in the registry's words.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CertificateError {
    /// Neither kind of armour.
    #[error("The supplied object has no key")]
    NoArmour,
    /// The armour of a PGP key without a key inside.
    #[error("The supplied object has no key")]
    NoKey,
    /// More than one PGP key.
    #[error("The supplied object has multiple keys")]
    ManyKeys,
    /// The armour of an X.509 certificate without one inside.
    #[error("Invalid X509 Certificate")]
    NotX509,
}

impl Certificate {
    /// Reads the certificate in the `certif` lines of a key-cert.
    pub fn read(object: &Object) -> Result<Certificate, CertificateError> {
        let lines = certificate_lines(object);
        let armoured = |kind: &str| {
            let at =
                |edge: &str| lines.iter().position(|line| line.contains(&format!("-----{edge} {kind}-----")));
            lines.get(at("BEGIN")? + 1..at("END")?)
        };
        if let Some(body) = armoured("PGP PUBLIC KEY BLOCK") {
            let packets = decode(body).ok_or(CertificateError::NoKey)?;
            return PublicKey::read(&packets).map(Certificate::Pgp);
        }
        let body = armoured("CERTIFICATE").ok_or(CertificateError::NoArmour)?;
        let certificate = decode(body).and_then(|der| X509::read(&der));
        certificate.map(Certificate::X509).ok_or(CertificateError::NotX509)
    }

    /// What `method:` says of it.
    pub fn method(&self) -> &'static str {
        match self {
            Certificate::Pgp(_) => "PGP",
            Certificate::X509(_) => "X509",
        }
    }

    /// What the `owner:` lines say of it.
    pub fn owners(&self) -> Vec<String> {
        match self {
            Certificate::Pgp(key) => key.owners.clone(),
            Certificate::X509(certificate) => vec![certificate.subject.clone()],
        }
    }

    /// What `fingerpr:` says of it.
    pub fn fingerprint(&self) -> String {
        match self {
            Certificate::Pgp(key) => key.fingerprint_text(),
            Certificate::X509(certificate) => certificate.fingerprint.clone(),
        }
    }
}

/// The lines of all `certif` attributes, those on continuation lines too.
fn certificate_lines(object: &Object) -> Vec<String> {
    let of_attribute = |raw: &str| {
        let lines = raw.split('\n').enumerate();
        lines
            .map(|(index, line)| {
                if index == 0 { line } else { line.strip_prefix('+').unwrap_or(line) }.trim().to_owned()
            })
            .collect::<Vec<_>>()
    };
    object.all(Name::Certif).flat_map(|attribute| of_attribute(attribute.raw)).collect()
}

/// What is inside the armour: headers and checksum are passed over.
fn decode(body: &[String]) -> Option<Vec<u8>> {
    use base64::Engine;
    let data: String = body
        .iter()
        .filter(|line| !line.contains(':') && !line.starts_with('='))
        .map(String::as_str)
        .collect();
    base64::engine::general_purpose::STANDARD.decode(data).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::{Draft, shared};
    use serde_json::Value;

    fn attributes(body: &Value) -> Vec<(String, String)> {
        let list =
            body["objects"]["object"][0]["attributes"]["attribute"].as_array().cloned().unwrap_or_default();
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        list.iter().map(|a| (text(&a["name"]), text(&a["value"]))).collect()
    }

    fn folded(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn says_of_each_certificate_what_the_server_said() {
        let files = ["transcripts/07-keycert.jsonl", "cases/key-cert.jsonl", "cases/lifecycle.jsonl"];
        let mut checked = 0;
        for path in files.iter().filter_map(|file| shared::path(&format!("registry/{file}"))) {
            let text = std::fs::read_to_string(path).unwrap();
            let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
            for step in lines.flat_map(|line| line["steps"].as_array().cloned().unwrap_or_else(|| vec![line]))
            {
                let submitted = attributes(&step["request_body"]);
                if step["status"] != 200 || submitted.first().is_none_or(|(name, _)| name != "key-cert") {
                    continue;
                }
                let certificate = Certificate::read(&Draft::from_pairs(submitted).build().unwrap()).unwrap();
                let stored = attributes(&step["response_body"]);
                let of = |name: &str| {
                    let values = stored.iter().filter(|(n, _)| n == name).map(|(_, value)| folded(value));
                    values.collect::<Vec<_>>()
                };
                assert_eq!(of("method"), [certificate.method()]);
                assert_eq!(of("owner"), certificate.owners());
                assert_eq!(of("fingerpr"), [folded(&certificate.fingerprint())]);
                checked += 1;
            }
        }
        println!("{checked} certificates checked");
    }

    #[test]
    fn what_holds_no_certificate_is_refused() {
        let check = |lines: &[&str], expected: CertificateError| {
            let pairs = lines.iter().map(|line| ("certif".to_owned(), (*line).to_owned()));
            let first = [("key-cert".to_owned(), "PGPKEY-00000000".to_owned())];
            let object = Draft::from_pairs(first.into_iter().chain(pairs)).build().unwrap();
            assert_eq!(Certificate::read(&object).unwrap_err(), expected);
        };
        let pgp = ["-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----END PGP PUBLIC KEY BLOCK-----"];
        let x509 = ["-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"];
        check(&["nothing"], CertificateError::NoArmour);
        check(&pgp, CertificateError::NoKey);
        check(&[pgp[0], "", "gibberish", pgp[1]], CertificateError::NoKey);
        check(&[x509[0], "Z2liYmVyaXNo", x509[1]], CertificateError::NotX509);
        // A version 4 RSA key without its numbers, and two of them.
        check(&[pgp[0], "", "mAYEAAAAAAE=", pgp[1]], CertificateError::NoKey);
        check(&[pgp[0], "", "mAYEAAAAAAGYBgQAAAAAAQ==", pgp[1]], CertificateError::ManyKeys);
    }
}
