//! The registry behind `--registry sandbox`: what it is kept in, and the key that is made for a run of it.

use std::{fmt, io};

/// Where the registry is kept, in the state directory.
pub const STORE: &str = "sandbox.sqlite";

/// A key that is made for a run.
#[derive(Clone)]
pub struct OwnKey {
    /// What stands before the colon: 24 letters and digits.
    pub id: String,
    /// What stands behind it.
    pub secret: String,
    /// The maintainers for whom it speaks.
    pub maintainers: Vec<String>,
}

impl OwnKey {
    /// A new one, which nobody outside this process can guess.
    pub fn new(maintainers: Vec<String>) -> io::Result<OwnKey> {
        Ok(OwnKey { id: letters(24)?, secret: letters(32)?, maintainers })
    }

    /// The text that proves who asks, to be sent to this registry and nowhere else.
    pub fn expose(&self) -> String {
        format!("{}:{}", self.id, self.secret)
    }
}

impl fmt::Debug for OwnKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("OwnKey").field("maintainers", &self.maintainers).finish_non_exhaustive()
    }
}

/// So many random letters and digits, each as likely as any other.
fn letters(count: usize) -> io::Result<String> {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut text = String::new();
    let mut bytes = [0; 64];
    while text.len() < count {
        getrandom::fill(&mut bytes)?;
        // Bytes above the last whole multiple would make some letters likelier.
        let fair = bytes.iter().filter(|byte| **byte < 248).map(|byte| usize::from(*byte % 62));
        let found = fair.filter_map(|index| ALPHABET.get(index)).map(|letter| char::from(*letter));
        text.extend(found.take(count - text.len()));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_new_and_cannot_be_printed() {
        let (one, other) = (OwnKey::new(Vec::new()).unwrap(), OwnKey::new(Vec::new()).unwrap());
        assert_eq!((one.id.len(), one.secret.len()), (24, 32));
        assert_ne!(one.expose(), other.expose());
        assert!(!format!("{one:?}").contains(&one.id) && !format!("{one:?}").contains(&one.secret));
    }
}
