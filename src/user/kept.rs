//! Getting a key from where it is kept.

use std::{
    env, fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use super::file;

/// The largest file of a key: a key has some eighty characters.
pub(super) const LARGEST: u64 = 16 << 10;

/// Why a file may not be used as the keeper of a key, and what to do about it.
pub(super) struct Unfit {
    pub what: String,
    pub next: String,
}

/// The text of a file that belongs to the user and that nobody else can read.
///
/// A relative path begins at the folder of the configuration, and `~/` is the user's home.
pub(super) fn file(path: &Path) -> Result<String, Unfit> {
    read(&placed(path), is_private)
}

/// The same of a file that the environment names: a runner mounts it, often as the administrator's and for all to read.
pub(super) fn mounted(path: &Path) -> Result<String, Unfit> {
    read(path, |about| file::is_of_root(about) || is_private(about))
}

/// Whether nobody but its owner may read or write it.
fn is_private(about: &fs::Metadata) -> bool {
    !file::others_may(about, 0o177)
}

/// The text of a file of the user's or the administrator's that nobody else may write, if its rights are such.
fn read(path: &Path, has_rights: impl Fn(&fs::Metadata) -> bool) -> Result<String, Unfit> {
    let shown = path.display();
    let unreadable = |error: io::Error| Unfit {
        what: format!("it cannot be read: {error}"),
        next: format!("put the key there as KEYID:SECRET, for yourself alone: `chmod 600 {shown}`"),
    };
    let unfit = |what: &str, next: String| Err(Unfit { what: what.to_owned(), next });
    // Asked before it is opened: to open a pipe is to wait for its other end.
    let about = fs::metadata(path).map_err(unreadable)?;
    if !about.is_file() {
        return unfit("it is no regular file", "name a file that holds the key".to_owned());
    }
    let opened = fs::File::open(path).map_err(unreadable)?;
    let about = opened.metadata().map_err(unreadable)?;
    if !file::is_own(&about) {
        return unfit("it belongs to somebody else", format!("`chown $USER {shown}`, if it is yours"));
    }
    if file::others_may(&about, 0o022) {
        return unfit("others may write it", format!("`chmod 600 {shown}`"));
    }
    if !has_rights(&about) {
        return unfit("others may read it", format!("`chmod 600 {shown}`"));
    }
    let mut text = String::new();
    match opened.take(LARGEST + 1).read_to_string(&mut text) {
        Ok(_) if text.len() as u64 <= LARGEST => Ok(text),
        Ok(_) => unfit("it is too large for a key", "name a file that holds the key alone".to_owned()),
        Err(error) => Err(unreadable(error)),
    }
}

/// Where a file of the configuration is: a relative path begins at its folder, and `~/` is the user's home.
pub fn placed(path: &Path) -> PathBuf {
    if let (Ok(rest), Some(home)) = (path.strip_prefix("~"), env::var_os("HOME")) {
        return PathBuf::from(home).join(rest);
    }
    let folder = file::path().and_then(|config| config.parent().map(Path::to_path_buf));
    folder.unwrap_or_default().join(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_gives_a_key_only_if_nobody_else_can_have_written_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "text").unwrap();
        let said = |mode: u32, read: fn(&Path) -> Result<String, Unfit>| {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            read(&path).map_err(|unfit| unfit.what)
        };
        let is_root = rustix::process::geteuid().is_root();
        let refused = |what: &str| Err(what.to_owned());
        for mode in [0o600, 0o400] {
            assert_eq!(
                (said(mode, mounted), said(mode, file)),
                (Ok("text".to_owned()), Ok("text".to_owned()))
            );
        }
        assert_eq!(said(0o644, file), refused("others may read it"));
        // The administrator's is for all to read, where a runner mounts it.
        let for_all = if is_root { Ok("text".to_owned()) } else { refused("others may read it") };
        assert_eq!(said(0o444, mounted), for_all);
        for mode in [0o622, 0o666, 0o620] {
            let writable = refused("others may write it");
            assert_eq!((said(mode, mounted), said(mode, file)), (writable.clone(), writable));
        }
    }
}
