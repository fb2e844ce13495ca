//! The registry behind `--registry sandbox`: kept beside the estate, with a key of its own making.

use std::{
    fmt, fs,
    io::{self, Read, Write},
    net::Ipv4Addr,
    path::Path,
};

use super::{
    Running, SandboxError, ServeOptions, Sharing,
    accounts::{Accounts, ApiKey},
    settings, start_with,
};
use crate::rules::{Credential, Scope};

/// The account of the user in the base that a fresh sandbox holds.
const USER: &str = "hobby@hobby.example";
/// Where the key is kept, in the state directory.
const KEY_FILE: &str = "sandbox.key";
/// Where the registry is kept.
const STORE_FILE: &str = "sandbox.sqlite";

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

/// Starts the registry that is kept in `directory` (`.ripectl`), which is made if it is not there.
pub async fn start_embedded(directory: &Path) -> Result<(Running, SandboxKey), SandboxError> {
    let failed = |source| SandboxError::File { path: directory.to_owned(), source };
    prepare_directory(directory).map_err(failed)?;
    let key = key(&directory.join(KEY_FILE)).map_err(failed)?;
    let options = ServeOptions {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        load: Vec::new(),
        accounts: None,
        settings: None,
        state: Some(directory.join(STORE_FILE)),
        own_key: None,
        sharing: Sharing::Alone,
    };
    let (id, secret) = key.0.split_once(':').unwrap_or_default();
    let credential = Credential::Account { name: USER.to_owned(), scope: Scope::Any };
    let account = ApiKey { id: id.to_owned(), secret: secret.to_owned(), credential, expires: None };
    let running =
        start_with(options, (Accounts::of(vec![account]), settings::usual(), String::new())).await?;
    Ok((running, key))
}

/// Makes the state directory: for the user alone, and out of version control.
fn prepare_directory(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(directory, fs::Permissions::from_mode(0o700))?;
    }
    let ignore = directory.join(".gitignore");
    if ignore.exists() { Ok(()) } else { fs::write(ignore, "*\n") }
}

/// The key in `file`, or a new one that is written there.
fn key(file: &Path) -> io::Result<SandboxKey> {
    match fs::read_to_string(file) {
        Ok(text) if is_key(text.trim()) => Ok(SandboxKey(text.trim().to_owned())),
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{KEY_FILE} holds no key; remove it and a new one is made"),
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let text = format!("{}:{}", letters(24)?, letters(32)?);
            write_private(file, &text)?;
            Ok(SandboxKey(text))
        }
        Err(error) => Err(error),
    }
}

fn is_key(text: &str) -> bool {
    text.split_once(':').is_some_and(|(id, secret)| id.len() == 24 && !secret.is_empty())
}

fn write_private(file: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())
}

/// So many random letters and digits, each as likely as any other.
fn letters(count: usize) -> io::Result<String> {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut random = fs::File::open("/dev/urandom")?;
    let mut text = String::new();
    let mut bytes = [0; 64];
    while text.len() < count {
        random.read_exact(&mut bytes)?;
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
    fn the_key_is_made_once() {
        let directory = tempfile::tempdir().unwrap();
        let state = directory.path().join(".ripectl");
        prepare_directory(&state).unwrap();
        let file = state.join(KEY_FILE);
        let first = key(&file).unwrap();
        assert!(is_key(first.expose()), "{}", first.expose().len());
        assert_eq!(key(&file).unwrap(), first);
        assert_ne!(letters(24).unwrap(), letters(24).unwrap());
        fs::write(&file, "nonsense").unwrap();
        assert!(key(&file).is_err());
        assert_eq!(fs::read_to_string(state.join(".gitignore")).unwrap(), "*\n");
    }
}
