//! What servers sent, kept in the user's cache folder, to be asked for again only if it has changed (RFC 9110 §13, RFC 9111).
//!
//! A cache is for speed alone: what is damaged, or not the user's own, counts for nothing, and what cannot be written is not
//! kept. Neither is ever an error. An entry is a file for the user alone: the body, a line of JSON with what the server
//! said of it, and a line with the digest of all before. Its name is the digest of the URL, which itself stands nowhere.

use std::{
    fs::{self, DirBuilder},
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
    time::SystemTime,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    digest::{digest, digest_of},
    disk::Tree,
    http::Address,
    user,
};

/// So many answers are kept.
const MOST: usize = 8;
/// So many bytes they have together.
const LARGEST: u64 = 512 << 20;
/// The length of `sha256:…`.
const DIGEST: usize = 71;

/// The folder of kept answers.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    most: usize,
    largest: u64,
}

/// An answer that was kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Kept {
    /// The body.
    pub bytes: Vec<u8>,
    /// What the server said of it.
    pub about: About,
}

/// What a server said of an answer.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct About {
    /// Its `ETag`, to the letter.
    pub etag: Option<String>,
    /// Its `Last-Modified`, to the letter.
    pub last_modified: Option<String>,
    /// When it was made, by the headers of the answer that brought it.
    pub date: Option<Timestamp>,
}

impl About {
    /// Whether the server can be asked if it has changed.
    pub fn is_comparable(&self) -> bool {
        self.etag.is_some() || self.last_modified.is_some()
    }
}

impl Cache {
    /// That of the user, if there is a home; and if the answer of `address` may be kept.
    pub fn of(address: &Address) -> Option<Cache> {
        may_be_kept(address).then(user::cache_folder)?.map(Cache::at)
    }

    fn at(folder: PathBuf) -> Cache {
        Cache { folder: folder.join("http"), most: MOST, largest: LARGEST }
    }

    /// What is kept of `address`, if it is whole.
    pub fn get(&self, address: &Address) -> Option<Kept> {
        let name = name_of(address);
        if ![self.folder.clone(), self.folder.join(&name)].iter().all(|path| is_own(path)) {
            return None;
        }
        unpacked(Tree::open(&self.folder).ok()?.read(Path::new(&name), self.largest).ok()?)
    }

    /// Keeps an answer, if that can be done, and drops the oldest of too many.
    pub fn put(&self, address: &Address, bytes: &[u8], about: &About) {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.folder);
        let Some(packed) = packed(bytes, about).filter(|_| made.is_ok() && is_own(&self.folder)) else {
            return;
        };
        let (name, size) = (name_of(address), u64::try_from(packed.len()).unwrap_or(u64::MAX));
        let Some(tree) = Tree::open(&self.folder).ok().filter(|_| size <= self.largest) else { return };
        // None of these is needed for what is asked.
        let _ = tree.sweep(Path::new(&name));
        self.make_room(&name, size);
        let _ = tree.replace_privately(Path::new(&name), &packed);
    }

    /// Drops the oldest, until one more of this name and size has room.
    fn make_room(&self, name: &str, size: u64) {
        let mut others =
            self.entries().into_iter().filter(|(path, ..)| !path.ends_with(name)).collect::<Vec<_>>();
        others.sort_by_key(|(_, _, time)| *time);
        let (mut count, mut bytes) =
            (others.len() + 1, size + others.iter().map(|(_, size, _)| size).sum::<u64>());
        for (path, size, _) in others {
            if count > self.most || bytes > self.largest {
                let _ = fs::remove_file(path);
                (count, bytes) = (count - 1, bytes - size);
            }
        }
    }

    /// Each file with its size and when it was written.
    fn entries(&self) -> Vec<(PathBuf, u64, SystemTime)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let about = entries.filter_map(|entry| Some((entry.path(), entry.metadata().ok()?)));
        about.filter_map(|(path, about)| Some((path, about.len(), about.modified().ok()?))).collect()
    }
}

/// Whether an answer may be kept: not where the URL shows that it is for who has a key, for it would lie on the disk for longer
/// than the key is good for. An [`Address`] has no user and no password; a query may hold a token.
fn may_be_kept(address: &Address) -> bool {
    address.url().query().is_none()
        && address.url().username().is_empty()
        && address.url().password().is_none()
}

fn name_of(address: &Address) -> String {
    digest(address.url().as_str()).trim_start_matches("sha256:").to_owned()
}

/// Whether nobody but the user can have written what is at `path`: else it could be evidence of somebody else's making.
fn is_own(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|about| {
        !about.is_symlink() && about.uid() == rustix::process::geteuid().as_raw() && about.mode() & 0o022 == 0
    })
}

/// The body, what is said of it, and the digest of both.
fn packed(bytes: &[u8], about: &About) -> Option<Vec<u8>> {
    let about = serde_json::to_string(about).ok()?;
    let mut packed = Vec::with_capacity(bytes.len() + about.len() + DIGEST + 2);
    packed.extend_from_slice(bytes);
    packed.push(b'\n');
    packed.extend_from_slice(about.as_bytes());
    packed.push(b'\n');
    let digest = digest_of(&packed);
    packed.extend_from_slice(digest.as_bytes());
    Some(packed)
}

fn unpacked(mut packed: Vec<u8>) -> Option<Kept> {
    let (told, digest) = packed.split_at_checked(packed.len().checked_sub(DIGEST)?)?;
    if digest_of(told).as_bytes() != digest {
        return None;
    }
    let told = told.strip_suffix(b"\n")?;
    let body = told.iter().rposition(|byte| *byte == b'\n')?;
    let about = serde_json::from_slice(told.get(body..)?).ok()?;
    packed.truncate(body);
    Some(Kept { bytes: packed, about })
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::PermissionsExt, time::Duration};

    use super::*;

    fn address(name: &str) -> Address {
        format!("https://validator.example/{name}").parse().unwrap()
    }

    fn about() -> About {
        let date = "2026-11-23T12:00:00Z".parse().ok();
        About { etag: Some("\"1-2\"".to_owned()), last_modified: None, date }
    }

    #[test]
    fn what_was_kept_comes_back_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let (cache, address) = (Cache::at(folder.path().join("ripectl")), address("vrps.json"));
        assert_eq!(cache.get(&address), None);
        for body in [&b""[..], b"{}", b"a\nb\n\n"] {
            cache.put(&address, body, &about());
            assert_eq!(cache.get(&address), Some(Kept { bytes: body.to_vec(), about: about() }));
        }
        let file = cache.folder.join(name_of(&address));
        assert_eq!(name_of(&address).len(), 64);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let whole = fs::read(&file).unwrap();
        assert!(!String::from_utf8_lossy(&whole).contains("validator.example"));
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(&file, damaged).unwrap();
            assert_eq!(cache.get(&address), None, "bit at {at}");
            fs::write(&file, &whole[..at]).unwrap();
            assert_eq!(cache.get(&address), None, "cut at {at}");
        }
        cache.put(&address, b"new", &about());
        assert_eq!(cache.get(&address).unwrap().bytes, b"new", "what is damaged is written anew");
        for path in [&file, &cache.folder] {
            let mode = fs::metadata(path).unwrap().permissions();
            fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
            assert_eq!(cache.get(&address), None, "others may have written it");
            fs::set_permissions(path, mode).unwrap();
        }
        assert!(cache.get(&address).is_some());
        fs::remove_file(&file).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &file).unwrap();
        assert_eq!(cache.get(&address), None);
        cache.put(&address, b"new", &about());
        assert_eq!(cache.get(&address), None, "a link is neither followed nor replaced");
    }

    #[test]
    fn the_oldest_of_too_many_go() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache { most: 3, largest: 1000, ..Cache::at(folder.path().to_path_buf()) };
        let there = |names: &str| {
            names.chars().filter(|name| cache.get(&address(&name.to_string())).is_some()).collect::<String>()
        };
        let put = |name: char, size: usize| {
            cache.put(&address(&name.to_string()), &vec![b'x'; size], &about());
            std::thread::sleep(Duration::from_millis(20));
        };
        "abcd".chars().for_each(|name| put(name, 1));
        assert_eq!(there("abcd"), "bcd");
        put('b', 2);
        put('e', 1);
        assert_eq!(there("abcde"), "bde", "what is written again is the youngest");
        put('f', 800);
        assert_eq!(there("abcdef"), "f", "there is room for a thousand bytes");
        put('g', 2000);
        assert_eq!(there("fg"), "f", "and for nothing larger");
    }

    #[test]
    fn what_cannot_be_written_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let cache = Cache::at(folder.path().join("file"));
        cache.put(&address("a"), b"x", &about());
        assert_eq!(cache.get(&address("a")), None);
    }

    /// A token in a query is a credential; what it gives is not for the disk.
    #[test]
    fn what_a_key_was_needed_for_is_not_kept() {
        let check =
            |url: &str, expected: bool| assert_eq!(may_be_kept(&url.parse().unwrap()), expected, "{url}");
        check("https://validator.example/json", true);
        check("http://127.0.0.1:8323/json", true);
        check("https://validator.example/json?token=hunter2", false);
        check("https://validator.example/json?", false);
    }
}
