//! The certificates in key-cert objects.

use crate::rpsl::{Name, Object};

/// Whether the certificate is X.509, as its first line says.
pub fn is_x509(object: &Object) -> bool {
    let certificate = object.all(Name::Certif).map(|a| a.value()).find(|line| !line.is_empty());
    certificate.is_some_and(|line| line.contains("BEGIN CERTIFICATE"))
}
