//! The API key: read from the environment or asked for, held in a type that cannot be printed.

use std::{
    fmt,
    io::{self, IsTerminal, Read},
    path::PathBuf,
};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

use super::{
    environment::{FILE_VARIABLE, VARIABLE},
    kept::LARGEST,
};
use crate::{digest::digest, visible};

/// How many letters and digits the id of an API key has (rules.md §10).
const ID_LENGTH: usize = 24;

/// An API key of the registry. Has no `Display`, and `Debug` shows nothing of it.
///
/// Invariant: the id is 24 letters and digits, and the secret is not empty and has no white space.
#[derive(Clone)]
pub struct Secret {
    id: String,
    secret: String,
}

/// A key, and what it is called among several.
#[derive(Clone, Debug)]
pub struct NamedSecret {
    /// The name of its credential.
    pub name: String,
    /// The key.
    pub secret: Secret,
}

/// Why a text is no API key. Says nothing of the text itself.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It has another form.
    #[error(
        "this is no API key: {0}\nhint: a key is 24 letters and digits, a colon and the secret, or the base64 of that"
    )]
    Form(String),
    /// It cannot be asked for.
    #[error("there is no API key\nhint: set {VARIABLE}=<key id>:<secret>, or run it on a terminal")]
    NoTerminal,
    /// Nothing came from stdin.
    #[error(
        "no API key came\nhint: type it on a terminal, or let a program print it: `pass show ripe | ripectl login`"
    )]
    Nothing,
    /// The environment gives two.
    #[error("{VARIABLE} and {FILE_VARIABLE} are both set\nhint: unset one of them")]
    Both,
    /// The file that the environment names may not be used.
    #[error("{FILE_VARIABLE}: {}: {what}\nhint: {next}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
        /// What to type.
        next: String,
    },
    /// The terminal could not be read.
    #[error("the API key could not be read from the terminal: {0}")]
    Terminal(#[source] io::Error),
}

impl Secret {
    /// Reads `id:secret`, the base64 of it, or a whole `Authorization: Basic` header with that.
    pub fn parse(text: &str) -> Result<Secret, SecretError> {
        let text = text.split_whitespace().last().unwrap_or_default();
        let known;
        let plain = if text.contains(':') {
            text
        } else {
            known = decoded(text).ok_or_else(|| SecretError::Form("there is no colon in it".to_owned()))?;
            &known
        };
        let (id, secret) =
            plain.split_once(':').ok_or_else(|| SecretError::Form("there is no colon in it".to_owned()))?;
        if id.len() != ID_LENGTH || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
            let count = id.chars().count();
            return Err(SecretError::Form(format!("before the colon stand {count} characters")));
        }
        if secret.is_empty() || secret.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(SecretError::Form("behind the colon stands no secret".to_owned()));
        }
        Ok(Secret { id: id.to_owned(), secret: secret.to_owned() })
    }

    /// Asks for the key on the terminal, without echo.
    pub fn ask(registry: &str) -> Result<Secret, SecretError> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Err(SecretError::NoTerminal);
        }
        let prompt = format!("API key for {} (id:secret): ", visible::line(registry));
        let text = rpassword::prompt_password(prompt).map_err(SecretError::Terminal)?;
        Secret::parse(&text)
    }

    /// Asks for the key on the terminal; without one it is read from stdin, as another program prints it.
    pub fn typed_or_piped(registry: &str) -> Result<Secret, SecretError> {
        if io::stdin().is_terminal() {
            return Secret::ask(registry);
        }
        let mut text = String::new();
        io::stdin().take(LARGEST).read_to_string(&mut text).map_err(SecretError::Terminal)?;
        let line = text.lines().find(|line| !line.trim().is_empty());
        Secret::parse(line.ok_or(SecretError::Nothing)?)
    }

    /// The id and the secret in the form in which a file keeps it.
    pub fn to_be_kept(&self) -> String {
        format!("{}:{}\n", self.id, self.secret)
    }

    /// The key under the name of the credential that it comes from.
    pub fn named(self, name: &str) -> NamedSecret {
        NamedSecret { name: name.to_owned(), secret: self }
    }

    /// By what it is told from another key, and shows nothing of either: the digest of its id.
    pub fn fingerprint(&self) -> String {
        digest(&self.id)
    }

    /// The id and the secret, for the request and for nothing else.
    pub fn expose(&self) -> (&str, &str) {
        (&self.id, &self.secret)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// The text that `encoded` is the base64 of (RFC 4648 §4), padded or not.
fn decoded(encoded: &str) -> Option<String> {
    String::from_utf8(STANDARD_NO_PAD.decode(encoded.trim_end_matches('=')).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::Secret;

    const KEY: &str = "RIPECTLUSERKEY0000000001:secret-user";

    #[test]
    fn accepts_every_form_in_which_a_key_is_pasted() {
        let check = |text: &str| {
            let secret = Secret::parse(text).unwrap();
            assert_eq!(secret.expose(), ("RIPECTLUSERKEY0000000001", "secret-user"));
        };
        check(KEY);
        check(" RIPECTLUSERKEY0000000001:secret-user\n");
        check("UklQRUNUTFVTRVJLRVkwMDAwMDAwMDAxOnNlY3JldC11c2Vy");
        check("Authorization: Basic UklQRUNUTFVTRVJLRVkwMDAwMDAwMDAxOnNlY3JldC11c2Vy");
    }

    #[test]
    fn a_refusal_does_not_repeat_the_key() {
        let check = |text: &str, expected: &str| {
            let error = Secret::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        };
        check("HOBBY-MNT:hunter2", "before the colon stand 9 characters");
        check("hunter2", "there is no colon in it");
        check("RIPECTLUSERKEY0000000001:", "behind the colon stands no secret");
    }

    #[test]
    fn cannot_be_printed() {
        assert_eq!(format!("{:?}", Secret::parse(KEY).unwrap()), "Secret(***)");
    }
}
