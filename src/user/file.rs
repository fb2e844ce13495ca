//! The file of the user's own configuration: where it is, and whether it is the user's own.

use std::{
    env, fs,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Configuration, parse};
use crate::finding::{Finding, Location, Severity, Source};

/// The largest configuration that is read.
const LARGEST: u64 = 1 << 20;

/// Where it is, if the user has a home: `$XDG_CONFIG_HOME/ripectl/config.toml`, or below `$HOME/.config` (XDG Base
/// Directory Specification: a relative path counts for nothing).
pub fn path() -> Option<PathBuf> {
    Some(folder("XDG_CONFIG_HOME", ".config")?.join("config.toml"))
}

/// Where what can be had again is kept, if the user has a home: `$XDG_CACHE_HOME/ripectl`, or below `$HOME/.cache`.
pub fn cache_folder() -> Option<PathBuf> {
    folder("XDG_CACHE_HOME", ".cache")
}

fn folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = absolute(variable).or_else(|| Some(absolute("HOME")?.join(below_home)));
    Some(folder?.join("ripectl"))
}

/// The user's own configuration; empty if there is none. All that is wrong with it is said at once, and then it is
/// of no use: who could write it could send keys elsewhere.
pub fn load() -> Result<Configuration, Vec<Finding>> {
    let Some(path) = path() else { return Ok(Configuration::default()) };
    let text = match text(&path) {
        Ok(Some(text)) => text,
        Ok(None) => return Ok(absent(&path)),
        Err(finding) => return Err(vec![*finding]),
    };
    let (configuration, findings) = parse(&path, &text);
    let is_wrong = findings.iter().any(|finding| finding.severity == Severity::Error);
    if is_wrong { Err(findings) } else { Ok(configuration) }
}

fn absent(path: &Path) -> Configuration {
    Configuration { path: path.to_path_buf(), ..Configuration::default() }
}

fn text(path: &Path) -> Result<Option<String>, Box<Finding>> {
    let shown = path.display();
    let wrong = |text: String, next: String| {
        let place = Location::new(&Arc::new(Source::new(path, "")), 0..0);
        Box::new(Finding::error("user-config", text).fix(next).at(place))
    };
    let unreadable = |error: io::Error| {
        wrong(format!("your own configuration cannot be read: {error}"), format!("see `ls -l {shown}`"))
    };
    let about = match fs::metadata(path) {
        Ok(about) => about,
        Err(error) if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind()) => {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(error)),
    };
    if !about.is_file() {
        return Err(wrong(
            "your own configuration is no regular file".to_owned(),
            format!("see `ls -l {shown}`"),
        ));
    }
    let file = fs::File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    if !is_own(&about) {
        let text = "your own configuration belongs to somebody else, who could send keys elsewhere";
        return Err(wrong(text.to_owned(), format!("`chown $USER {shown}`, if it is yours")));
    }
    if others_may(&about, 0o022) {
        let text = "others may write your own configuration, and could send keys elsewhere";
        return Err(wrong(text.to_owned(), format!("`chmod go-w {shown}`")));
    }
    let mut text = String::new();
    match file.take(LARGEST + 1).read_to_string(&mut text) {
        Ok(_) if text.len() as u64 <= LARGEST => Ok(Some(text)),
        Ok(_) => {
            let text = format!("your own configuration is larger than {} MiB", LARGEST >> 20);
            Err(wrong(text, "take out what is not of ripectl".to_owned()))
        }
        Err(error) => Err(unreadable(error)),
    }
}

/// Whether a file belongs to the user, or to the administrator.
pub(super) fn is_own(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    [rustix::process::geteuid().as_raw(), 0].contains(&about.uid())
}

/// Whether a file belongs to the administrator.
pub(super) fn is_of_root(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    about.uid() == 0
}

/// Whether a file has one of the rights in `mask`.
pub(super) fn others_may(about: &fs::Metadata, mask: u32) -> bool {
    use std::os::unix::fs::MetadataExt;
    about.mode() & mask != 0
}
