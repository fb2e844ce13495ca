//! The registry behind `--registry sandbox`: kept beside the estate, with a key of its own making.

use std::{
    fmt,
    io::{self, Write},
    net::Ipv4Addr,
};

use super::{
    Running, SandboxError, ServeOptions,
    accounts::{Accounts, ApiKey},
    settings, start_with,
};
use crate::{disk::StateDir, rules::Credential};

/// Where the registry is kept, in the state directory.
pub const STORE: &str = "sandbox.sqlite";
/// Where its key is kept.
const KEY_FILE: &str = "sandbox.key";

/// The key of the sandbox's user, as `id:secret`.
#[derive(Clone, Eq, PartialEq)]
pub struct SandboxKey(String);

impl SandboxKey {
    /// The text that proves the user, to be sent to the sandbox and nowhere else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SandboxKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("SandboxKey(…)")
    }
}

/// Starts the registry that is kept in `state`, with a key that speaks for `maintainers`.
pub async fn start_embedded(
    state: &StateDir,
    maintainers: Vec<String>,
) -> Result<(Running, SandboxKey), SandboxError> {
    let key = key(state)?;
    let options = ServeOptions {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        load: Vec::new(),
        accounts: None,
        settings: None,
        state: Some(state.file(STORE)?),
    };
    let (id, secret) = key.0.split_once(':').unwrap_or_default();
    let credential = Credential::Maintainers(maintainers);
    let account = ApiKey { id: id.to_owned(), secret: secret.to_owned(), credential, expires: None };
    let running = start_with(options, Accounts::of(vec![account]), settings::usual()).await?;
    Ok((running, key))
}

/// The key that is kept in `state`, or a new one.
fn key(state: &StateDir) -> Result<SandboxKey, SandboxError> {
    let failed = |source| SandboxError::File { path: state.path().join(KEY_FILE), source };
    if let Some(mut file) = state.create(KEY_FILE)? {
        let key = SandboxKey(format!("{}:{}", letters(24).map_err(failed)?, letters(32).map_err(failed)?));
        file.write_all(key.0.as_bytes()).map_err(failed)?;
        return Ok(key);
    }
    let bytes = state.read(KEY_FILE)?.unwrap_or_default();
    match str::from_utf8(&bytes).map(str::trim) {
        Ok(text) if is_key(text) => Ok(SandboxKey(text.to_owned())),
        _ => {
            let what = "holds no key; remove it and a new one is made";
            Err(failed(io::Error::new(io::ErrorKind::InvalidData, what)))
        }
    }
}

fn is_key(text: &str) -> bool {
    let is_plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.split_once(':').is_some_and(|(id, secret)| id.len() == 24 && is_plain(id) && is_plain(secret))
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
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn the_key_is_made_once() {
        let directory = tempfile::tempdir().unwrap();
        let state = StateDir::open(None, directory.path()).unwrap();
        let first = key(&state).unwrap();
        assert!(is_key(first.expose()), "{}", first.expose().len());
        assert_eq!(key(&state).unwrap(), first);
        assert_ne!(letters(24).unwrap(), letters(24).unwrap());
        for nonsense in ["nonsense", "ABCDEFGHIJKLMNOPQRSTUVWX:", "ABCDEFGHIJKLMNOPQRSTUVW-:a", "\u{e9}"] {
            fs::write(state.path().join(KEY_FILE), nonsense).unwrap();
            assert!(key(&state).unwrap_err().to_string().contains("remove it"), "{nonsense}");
        }
        assert!(StateDir::find(None, Path::new("/nowhere")).unwrap().is_none());
    }
}
