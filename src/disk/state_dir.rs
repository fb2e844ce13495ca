//! The folder of what the program keeps: the sandbox, journals. Losing it costs `undo`, never correctness.
//!
//! It lies in the repository, where a pull request may have put one of its own making. So it is made its owner's
//! alone (0700, files 0600) also if it is there already, and nothing in it is a link.

use std::{
    ffi::OsStr,
    fmt,
    fs::{self, DirBuilder, File},
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use rustix::{fs::Mode, io::Errno};

use super::{
    CONFIG_LIMIT, Directory, FileError, Kind, Refusal,
    directory::{self, Entry},
};

/// Its name beside `ripectl.toml`.
const NAME: &str = ".ripectl";
/// What keeps it out of version control, and tells that a folder is one.
const IGNORE: &str = ".gitignore";
/// How deep it is: `journal/` and what is in it.
const DEEPEST: usize = 4;
/// How many names it holds, with room for a journal an hour for years.
const LIMIT: usize = 100_000;

/// The folder of what the program keeps.
#[derive(Debug)]
pub struct StateDir {
    path: PathBuf,
    directory: Directory,
}

/// The folder of what the program keeps cannot be used.
#[derive(Debug)]
pub enum StateDirError {
    /// Something in it, or it itself.
    File(FileError),
    /// It is somebody else's: its rights are not ours to change.
    Foreign(PathBuf),
}

impl StateDir {
    /// Opens `given`, or `.ripectl` in `root`; made if it is not there.
    pub fn open(given: Option<&Path>, root: &Path) -> Result<StateDir, StateDirError> {
        let (path, directory) = match given {
            Some(path) => (path.to_path_buf(), named(path)?),
            None => {
                (StateDir::place(None, root), Directory::open(root).and_then(|root| root.make(NAME.as_ref())))
            }
        };
        let refused = |why| FileError::new(&path, why);
        let directory = directory.map_err(refused)?;
        directory.close().map_err(refused)?;
        close_all(&directory, &path, DEEPEST)?;
        let state = StateDir { path, directory };
        state.mark()?;
        Ok(state)
    }

    /// As [`StateDir::open`], but none is made.
    pub fn find(given: Option<&Path>, root: &Path) -> Result<Option<StateDir>, StateDirError> {
        match fs::symlink_metadata(StateDir::place(given, root)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => StateDir::open(given, root).map(Some),
        }
    }

    /// The names of the files in the folder `name` of `given`, or of `.ripectl` in `root`; none where they cannot be
    /// listed. For what only looks: no rights are changed, and nothing is made.
    pub fn names(given: Option<&Path>, root: &Path, name: &str) -> Vec<String> {
        let folder =
            Directory::open(&StateDir::place(given, root)).and_then(|state| state.enter(name.as_ref()));
        let entries = folder.and_then(|folder| folder.entries(LIMIT)).ok().flatten().unwrap_or_default();
        let files = entries.into_iter().filter(|entry| entry.kind == Kind::File);
        files.filter_map(|entry| entry.name.into_string().ok()).collect()
    }

    /// Where it would be: `given`, or `.ripectl` in `root`.
    pub fn place(given: Option<&Path>, root: &Path) -> PathBuf {
        given.map_or_else(|| root.join(NAME), Path::to_path_buf)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder `name` in it, its owner's alone; made if it is not there.
    pub fn below(&self, name: &str) -> Result<StateDir, StateDirError> {
        let path = self.path.join(name);
        let made = self.directory.make(name.as_ref()).and_then(|made| made.close().map(|()| made));
        let directory = made.map_err(|why| FileError::new(&path, why))?;
        Ok(StateDir { path, directory })
    }

    /// The folder `name` in it, if there is one.
    pub fn enter(&self, name: &str) -> Result<Option<StateDir>, StateDirError> {
        match self.directory.kind(name.as_ref()) {
            Err(why) if why.is_missing() => Ok(None),
            _ => self.below(name).map(Some),
        }
    }

    /// The names of its files.
    pub fn files(&self) -> Result<Vec<String>, StateDirError> {
        let entries = self.directory.entries(LIMIT).map_err(|why| FileError::new(&self.path, why))?;
        let entries = entries.ok_or_else(|| FileError::new(&self.path, Refusal::TooMany(LIMIT)))?;
        let files = entries.into_iter().filter(|entry| entry.kind == Kind::File);
        Ok(files.filter_map(|entry| entry.name.into_string().ok()).collect())
    }

    /// Its file `name`, for reading.
    pub fn reader(&self, name: &str) -> Result<File, StateDirError> {
        self.directory.file(name.as_ref()).map_err(|why| self.refused(name, why))
    }

    /// Its file `name`, for reading and for adding to its end.
    pub fn appender(&self, name: &str) -> Result<File, StateDirError> {
        self.directory.append(name.as_ref()).map_err(|why| self.refused(name, why))
    }

    /// The path of its file `name`, for a library that opens files itself: what is there is a regular file, and what
    /// is not is made, for its owner alone.
    pub fn file(&self, name: &str) -> Result<PathBuf, StateDirError> {
        self.add_if_missing(name)?;
        // Without links, so that the library need not follow any.
        let path = fs::canonicalize(&self.path).map_err(|error| self.refused(name, Refusal::read(error)))?;
        Ok(path.join(name))
    }

    /// Whether there is a file `name` in it.
    pub fn holds(&self, name: &str) -> bool {
        self.directory.kind(name.as_ref()).is_ok_and(|kind| kind == Kind::File)
    }

    /// Makes its file `name` for its owner alone; `None` if there is something of that name.
    pub fn create(&self, name: &str) -> Result<Option<File>, StateDirError> {
        match self.directory.create(name.as_ref()) {
            Ok(file) => Ok(Some(file)),
            Err(Errno::EXIST) => Ok(None),
            Err(error) => Err(self.refused(name, Refusal::written(error))),
        }
    }

    /// Waits until the names in it are on the disk.
    pub fn sync(&self) -> io::Result<()> {
        self.directory.sync()
    }

    /// Marks the folder as one of ours, also if another process was ended before it had written that.
    fn mark(&self) -> Result<(), StateDirError> {
        self.add_if_missing(IGNORE)?;
        let refused = |error| self.refused(IGNORE, Refusal::written(error));
        if self.reader(IGNORE)?.metadata().map_err(refused)?.len() > 0 {
            return Ok(());
        }
        self.appender(IGNORE)?.write_all(b"*\n").map_err(refused)
    }

    fn add_if_missing(&self, name: &str) -> Result<(), StateDirError> {
        if self.create(name)?.is_some() {
            return Ok(());
        }
        match self.directory.kind(name.as_ref()) {
            Ok(Kind::File) => Ok(()),
            Ok(Kind::Link) => Err(self.refused(name, Refusal::Link)),
            Ok(other) => Err(self.refused(name, Refusal::NotAFile(other))),
            Err(why) => Err(self.refused(name, why)),
        }
    }

    fn refused(&self, name: &str, why: Refusal) -> StateDirError {
        FileError::new(&self.path.join(name), why).into()
    }
}

/// The folder that the user named, through links. One that holds something else is left alone: `--state-dir /tmp`
/// would otherwise take the rights of everybody else.
fn named(path: &Path) -> Result<Result<Directory, Refusal>, StateDirError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    let opened = made.map_err(Refusal::written).and_then(|()| Directory::open(path));
    let Ok(directory) = &opened else { return Ok(opened) };
    let entries = directory.entries(LIMIT).map_err(|why| FileError::new(path, why))?;
    let begun = entries.is_some_and(|entries| entries.iter().all(|entry| entry.name == IGNORE));
    let ignore = directory.file(IGNORE.as_ref()).and_then(|file| directory::read(&file, CONFIG_LIMIT));
    if ignore.map_or(begun, |text| is_mark(&text, begun)) {
        return Ok(opened);
    }
    Err(StateDirError::Foreign(path.to_path_buf()))
}

/// Whether this is what [`StateDir::mark`] writes: `*`, twice if two processes began at once, and nothing yet where
/// one is about to, with nothing else in the folder (`begun`).
fn is_mark(text: &[u8], begun: bool) -> bool {
    let mut lines = text.trim_ascii().split(|byte| *byte == b'\n');
    lines.all(|line| line == b"*") || begun && text.is_empty()
}

/// Makes all that is in `directory` its owner's alone. Files are not opened: closing one would drop the locks that
/// the sandbox of this very process holds on it (fcntl(2)).
fn close_all(directory: &Directory, path: &Path, depth: usize) -> Result<(), FileError> {
    let refused = |name: &OsStr, why| FileError::new(&path.join(name), why);
    let entries = directory.entries(LIMIT).map_err(|why| FileError::new(path, why))?;
    for Entry { name, kind } in entries.ok_or_else(|| FileError::new(path, Refusal::TooMany(LIMIT)))? {
        match kind {
            Kind::File => close_file(directory, &name).map_err(|why| refused(&name, why))?,
            Kind::Folder if depth == 0 => return Err(refused(&name, Refusal::TooDeep(DEEPEST))),
            Kind::Folder => {
                let folder = directory.enter(&name).and_then(|folder| folder.close().map(|()| folder));
                let folder = folder.map_err(|why| refused(&name, why))?;
                close_all(&folder, &path.join(&name), depth - 1)?;
            }
            Kind::Link => return Err(refused(&name, Refusal::Link)),
            other => return Err(refused(&name, Refusal::NotAFile(other))),
        }
    }
    Ok(())
}

fn close_file(directory: &Directory, name: &OsStr) -> Result<(), Refusal> {
    let ours = Mode::RUSR | Mode::WUSR;
    match directory.mode(name) {
        Ok(mode) if mode == ours => Ok(()),
        Ok(_) => directory.permit(name, ours),
        Err(why) if why.is_missing() => Ok(()), // a sandbox that ends takes its working files away
        Err(why) => Err(why),
    }
}

impl From<FileError> for StateDirError {
    fn from(error: FileError) -> StateDirError {
        StateDirError::File(error)
    }
}

impl fmt::Display for StateDirError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            StateDirError::File(FileError { path, why }) => {
                let way_out = match why {
                    Refusal::Link | Refusal::NotAFile(_) | Refusal::NotAFolder(_) => {
                        "remove it, and it is made anew; nothing was read or written"
                    }
                    _ => "`--state-dir DIR` names another place",
                };
                write!(f, "`{}` {why}\nhint: {way_out}", path.display())
            }
            StateDirError::Foreign(path) => write!(
                f,
                "`{}` holds other things than what ripectl keeps\nhint: name a folder that is empty or not there yet, \
                 such as `--state-dir {}`",
                path.display(),
                path.join("ripectl").display()
            ),
        }
    }
}

impl std::error::Error for StateDirError {}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    /// The first line of what is said, or nothing.
    fn said(root: &Path) -> String {
        let error = StateDir::open(None, root).and_then(|state| state.file("sandbox.sqlite")).err();
        error.map_or(String::new(), |error| error.to_string().replace(&format!("{}/", root.display()), ""))
    }

    #[test]
    fn what_is_there_is_closed_to_others() {
        let root = tempfile::tempdir().unwrap();
        let state = root.path().join(NAME);
        fs::create_dir_all(state.join("journal")).unwrap();
        fs::write(state.join("sandbox.sqlite"), "").unwrap();
        fs::write(state.join("journal/1.jsonl"), "").unwrap();
        for path in ["", "journal", "sandbox.sqlite", "journal/1.jsonl"] {
            fs::set_permissions(state.join(path), fs::Permissions::from_mode(0o777)).unwrap();
        }
        assert_eq!(said(root.path()), "");
        let modes =
            ["", "journal", "sandbox.sqlite", "journal/1.jsonl", IGNORE].map(|name| mode(&state.join(name)));
        assert_eq!(modes, [0o700, 0o700, 0o600, 0o600, 0o600]);
        assert_eq!(fs::read_to_string(state.join(IGNORE)).unwrap(), "*\n");
    }

    #[test]
    fn a_link_is_neither_followed_nor_written() {
        let check = |link: &str| {
            let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let target = elsewhere.path().join("target");
            fs::create_dir_all(root.path().join(link).parent().unwrap()).unwrap();
            symlink(&target, root.path().join(link)).unwrap();
            let expected = format!(
                "`{link}` is a link, and links are not followed here\n\
                 hint: remove it, and it is made anew; nothing was read or written"
            );
            assert_eq!(said(root.path()), expected);
            assert!(!target.exists(), "{link}");
            fs::create_dir(&target).unwrap();
            assert_eq!(said(root.path()), expected);
            assert_eq!(fs::read_dir(&target).unwrap().count(), 0, "{link}");
        };
        for link in
            ["", "/.gitignore", "/journal", "/sandbox.sqlite", "/sandbox.sqlite-wal", "/journal/1.jsonl"]
        {
            check(&format!("{NAME}{link}"));
        }
    }

    #[test]
    fn one_that_another_process_has_begun_is_one() {
        for (mark, others, taken) in [
            ("", false, true),
            ("*\n", true, true),
            ("*\n*\n", true, true),
            ("", true, false),
            ("target\n", false, false),
        ] {
            let place = tempfile::tempdir().unwrap();
            fs::write(place.path().join(IGNORE), mark).unwrap();
            if others {
                fs::write(place.path().join("letter"), "").unwrap();
            }
            let opened = StateDir::open(Some(place.path()), Path::new(""));
            assert_eq!(opened.is_ok(), taken, "{mark:?} {others}");
            let after = if taken && mark.is_empty() { "*\n" } else { mark };
            assert_eq!(fs::read_to_string(place.path().join(IGNORE)).unwrap(), after);
        }
    }

    #[test]
    fn a_folder_of_other_things_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("letter"), "").unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let error = StateDir::open(Some(place.path()), Path::new("")).unwrap_err().to_string();
        assert!(error.contains("holds other things"), "{error}");
        assert_eq!(mode(place.path()), 0o755);
        let (below, link) = (place.path().join("a/b"), place.path().join("link"));
        symlink(&below, &link).unwrap();
        for _ in 0..2 {
            StateDir::open(Some(&below), Path::new("")).unwrap();
            StateDir::open(Some(&link), Path::new("")).unwrap();
        }
        assert_eq!(mode(&below), 0o700);
    }
}
