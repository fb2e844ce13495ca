//! Keys in the keyring of the operating system: the Secret Service of a Linux or BSD desktop, the Keychain of macOS.
//!
//! Behind the feature `keyring`, which releases switch on; without it there is none, and it is said what to do instead.

use super::Secret;

/// Why a keyring does not do what is asked of it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct NoKeyring(String);

/// The key that is kept under this name.
pub(super) fn get(name: &str) -> Result<String, NoKeyring> {
    entry::get(name)
}

/// Keeps a key under this name.
pub fn keep(name: &str, secret: &Secret) -> Result<(), NoKeyring> {
    entry::keep(name, secret.to_be_kept().trim_end())
}

/// Forgets the key of this name.
pub fn forget(name: &str) -> Result<(), NoKeyring> {
    entry::forget(name)
}

#[cfg(feature = "keyring")]
mod entry {
    use std::thread;

    use keyring::v1::{Entry, Error, Result};

    use super::NoKeyring;

    /// What keys stand under in the keyring, beside their names.
    const SERVICE: &str = "ripectl";

    pub fn get(name: &str) -> std::result::Result<String, NoKeyring> {
        beside(name, |entry| entry.get_password())
    }

    pub fn keep(name: &str, key: &str) -> std::result::Result<(), NoKeyring> {
        let key = key.to_owned();
        beside(name, move |entry| entry.set_password(&key))
    }

    pub fn forget(name: &str) -> std::result::Result<(), NoKeyring> {
        beside(name, |entry| entry.delete_credential())
    }

    /// Does it on a thread of its own, for the service is asked over a bus with a runtime of its own. Of what went wrong
    /// only the kind is said: an error of a keyring may hold what was kept.
    fn beside<T: Send + 'static>(
        name: &str,
        what: impl FnOnce(&Entry) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, NoKeyring> {
        let name = name.to_owned();
        let done = thread::spawn(move || Entry::new(SERVICE, &name).and_then(|entry| what(&entry))).join();
        let text = match done {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(Error::NoEntry)) => "the keyring has no such key",
            Ok(Err(Error::NoStorageAccess(_))) => "the keyring is locked",
            Ok(Err(Error::NoDefaultStore | Error::PlatformFailure(_))) => "no keyring is running here",
            Ok(Err(_)) | Err(_) => "the keyring did not do it",
        };
        Err(NoKeyring(text.to_owned()))
    }
}

#[cfg(not(feature = "keyring"))]
mod entry {
    use super::NoKeyring;

    pub fn get(_: &str) -> Result<String, NoKeyring> {
        Err(none())
    }

    pub fn keep(_: &str, _: &str) -> Result<(), NoKeyring> {
        Err(none())
    }

    pub fn forget(_: &str) -> Result<(), NoKeyring> {
        Err(none())
    }

    fn none() -> NoKeyring {
        NoKeyring("this ripectl was built without keyrings (`cargo build --features keyring`)".to_owned())
    }
}
