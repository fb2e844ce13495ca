//! One process at a time keeps a store: whoever opens it to write holds a lock beside it.
//!
//! The lock is the operating system's, on the file `STORE.lock`: it ends with the process, however that ends, so what
//! a killed one leaves is no obstacle. A registry that serves writes into `STORE.serving` where it is reached and with
//! which key, for this user alone: another process asks there instead of opening the store.

use std::{
    fmt,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::http::Address;

/// The sole right to write to a store, as long as it lives.
#[derive(Debug)]
pub struct Lock {
    file: File,
    serving: PathBuf,
}

/// What the process that holds a lock says about itself.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Holder {
    /// Its number.
    pub process: u32,
    /// Where others reach it, if it serves them.
    pub serves: Option<Serving>,
}

/// A registry that others may ask.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
pub struct Serving {
    /// Its address, without a slash at the end; always loopback.
    pub url: String,
    /// The key for them, as `id:secret`.
    pub key: String,
    /// For whom the key speaks.
    pub maintainers: Vec<String>,
    /// The text of its settings.
    pub settings: String,
}

impl fmt::Debug for Serving {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Serving").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Lock {
    /// Takes the lock of `store`; `None` if another holds it.
    pub fn take(store: &Path) -> io::Result<Option<Lock>> {
        let (lock, serving) = (beside(store, ".lock"), beside(store, ".serving"));
        if fs::symlink_metadata(&lock).is_ok_and(|found| !found.is_file()) {
            let what = format!("{} is no regular file", lock.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        // It is never removed: who waits for a removed file and who makes it anew would both hold it.
        let file = private().create(true).truncate(false).open(lock)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let lock = Lock { file, serving };
        lock.silence()?;
        lock.say(&Holder { process: std::process::id(), serves: None })?;
        Ok(Some(lock))
    }

    /// Tells others where the store is served.
    pub fn announce(&self, serving: Serving) -> io::Result<()> {
        self.say(&Holder { process: std::process::id(), serves: Some(serving) })
    }

    /// Puts the words of the holder in place, whole or not at all.
    fn say(&self, holder: &Holder) -> io::Result<()> {
        let directory = self.serving.parent().filter(|path| !path.as_os_str().is_empty());
        // Such a file is for its user alone from the beginning.
        let mut file = tempfile::NamedTempFile::new_in(directory.unwrap_or(Path::new(".")))?;
        file.write_all(&serde_json::to_vec(holder)?)?;
        file.persist(&self.serving).map(drop).map_err(|error| error.error)
    }

    /// Takes back what was said, also by one that was killed.
    fn silence(&self) -> io::Result<()> {
        match fs::remove_file(&self.serving) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // What remains of either is put right by the next holder.
        let _ = self.silence();
        let _ = self.file.unlock();
    }
}

/// What the holder of the lock of `store` says about itself. It may be the last word of one that was killed.
pub fn holder(store: &Path) -> Option<Holder> {
    /// Longer than any that is written here.
    const LONGEST: u64 = 1 << 20;
    let mut text = Vec::new();
    File::open(beside(store, ".serving")).ok()?.take(LONGEST).read_to_end(&mut text).ok()?;
    let holder: Holder = serde_json::from_slice(&text).ok()?;
    let is_loopback =
        |serving: &Serving| serving.url.parse::<Address>().is_ok_and(|address| address.is_loopback());
    holder.serves.as_ref().is_none_or(is_loopback).then_some(holder)
}

fn beside(store: &Path, ending: &str) -> PathBuf {
    let mut path = store.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

/// How a file for this user alone is opened.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serving(url: &str) -> Serving {
        let (url, key) = (url.to_owned(), "id:secret".to_owned());
        Serving { url, key, maintainers: vec!["A-MNT".to_owned()], settings: String::new() }
    }

    #[test]
    fn one_holds_it_and_says_where_it_serves() {
        let directory = tempfile::tempdir().unwrap();
        let store = directory.path().join("sandbox.sqlite");
        let lock = Lock::take(&store).unwrap().unwrap();
        assert!(Lock::take(&store).unwrap().is_none());
        assert!(holder(&store).unwrap().serves.is_none());
        lock.announce(serving("http://127.0.0.1:1")).unwrap();
        assert_eq!(holder(&store).unwrap().serves.unwrap().url, "http://127.0.0.1:1");
        for ending in [".lock", ".serving"] {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(beside(&store, ending)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{ending} is for its user alone");
        }
        drop(lock);
        assert!(holder(&store).is_none());
        assert!(Lock::take(&store).unwrap().is_some());
    }

    #[test]
    fn what_a_killed_one_left_is_no_obstacle() {
        let directory = tempfile::tempdir().unwrap();
        let store = directory.path().join("sandbox.sqlite");
        let left = Holder { process: 1, serves: Some(serving("http://127.0.0.1:1")) };
        fs::write(beside(&store, ".serving"), serde_json::to_vec(&left).unwrap()).unwrap();
        let _lock = Lock::take(&store).unwrap().unwrap();
        assert!(holder(&store).unwrap().serves.is_none());
    }

    #[test]
    fn a_link_is_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let (store, elsewhere) =
            (directory.path().join("sandbox.sqlite"), directory.path().join("elsewhere"));
        std::os::unix::fs::symlink(&elsewhere, beside(&store, ".lock")).unwrap();
        assert!(Lock::take(&store).unwrap_err().to_string().contains("no regular file"));
        assert!(!elsewhere.exists());
    }

    #[test]
    fn nobody_is_sent_elsewhere() {
        let directory = tempfile::tempdir().unwrap();
        let store = directory.path().join("sandbox.sqlite");
        for url in
            ["http://127.0.0.1.evil.example:1", "http://127.0.0.1:1@evil.example/", "http://127.0.0.1:x"]
        {
            let elsewhere = Holder { process: 1, serves: Some(serving(url)) };
            fs::write(beside(&store, ".serving"), serde_json::to_vec(&elsewhere).unwrap()).unwrap();
            assert!(holder(&store).is_none(), "{url}");
        }
    }
}
