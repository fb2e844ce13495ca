//! The files below a folder, which is never left.

use std::{
    ffi::{OsStr, OsString},
    fs::{File, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Component, Path, PathBuf},
    process,
};

use rustix::io::Errno;

use super::{
    Directory, FileError, Refusal,
    directory::{self, Kind},
};

/// How many names of a folder are looked through for what was left over.
const NAMES: usize = 100_000;

/// The files below a folder. Paths are relative to it; `..`, an absolute path and any link are refused.
#[derive(Debug)]
pub struct Tree(Directory);

impl Tree {
    /// What is below `root`; links on the way to it are followed.
    pub fn open(root: &Path) -> Result<Tree, FileError> {
        Directory::open(root).map(Tree).map_err(|why| FileError::new(root, why))
    }

    /// The folder at its root.
    pub fn root(&self) -> &Directory {
        &self.0
    }

    /// The bytes of the regular file at `path`, no more than `limit`.
    pub fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        let found = self.parent(path)?;
        let bytes = found.directory().file(&found.name).and_then(|file| directory::read(&file, limit));
        bytes.map_err(|why| FileError::new(path, why))
    }

    /// What stands at `path`, a pipe perhaps, open for reading.
    pub(super) fn handle(&self, path: &Path) -> Result<File, FileError> {
        let found = self.parent(path)?;
        found.directory().handle(&found.name).map_err(|why| FileError::new(path, why))
    }

    /// Puts `bytes` in the place of the file at `path`, whole or not at all, with the rights that it had. What is
    /// there must be a regular file.
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        self.put(path, bytes, Rights::Kept)
    }

    /// The same, for its owner alone, whatever rights were there.
    pub fn replace_privately(&self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        self.put(path, bytes, Rights::OwnersAlone)
    }

    /// The same, for others to read: a new file has the rights that files usually have.
    pub fn publish(&self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        self.put(path, bytes, Rights::Usual)
    }

    fn put(&self, path: &Path, bytes: &[u8], rights: Rights) -> Result<(), FileError> {
        let found = self.parent(path)?;
        replace(found.directory(), &found.name, bytes, rights).map_err(|why| FileError::new(path, why))
    }

    /// Makes the file at `path`, whole or not at all, and the folders that it lies in. Nothing may stand there.
    pub fn add(&self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        let refused = |why| FileError::new(path, why);
        let mut names = names(path).map_err(refused)?;
        let Some(name) = names.pop() else { return Err(refused(Refusal::NotAFile(Kind::Folder))) };
        let mut entered = None::<Directory>;
        for name in names {
            let next = entered.as_ref().unwrap_or(&self.0).make_usual(&name);
            entered = Some(next.map_err(refused)?);
        }
        add(entered.as_ref().unwrap_or(&self.0), &name, bytes).map_err(refused)
    }

    /// Whether [`Tree::replace`] would find nothing in its way, as far as that can be told without doing it.
    pub fn may_replace(&self, path: &Path) -> Result<(), FileError> {
        let found = self.parent(path)?;
        let (directory, name) = (found.directory(), &found.name);
        let look = || match directory.kind(name)? {
            Kind::File => directory.may_write(name).and_then(|()| directory.may_write(".".as_ref())),
            Kind::Link => Err(Refusal::Link),
            other => Err(Refusal::NotAFile(other)),
        };
        look().map_err(|why| FileError::new(path, why))
    }

    /// Takes away what a process that was killed in [`Tree::replace`] has left beside the file at `path`.
    pub fn sweep(&self, path: &Path) -> Result<(), FileError> {
        let found = self.parent(path)?;
        let directory = found.directory();
        let refused = |why| FileError::new(path, why);
        for entry in directory.entries(NAMES).map_err(refused)?.unwrap_or_default() {
            if entry.kind == Kind::File && is_left_over(&entry.name) {
                directory.remove(&entry.name).map_err(|error| refused(Refusal::written(error)))?;
            }
        }
        Ok(())
    }

    fn parent(&self, path: &Path) -> Result<Found<'_>, FileError> {
        let mut names = names(path).map_err(|why| FileError::new(path, why))?;
        let Some(name) = names.pop() else {
            return Err(FileError::new(path, Refusal::NotAFile(Kind::Folder)));
        };
        let (mut entered, mut walked) = (None::<Directory>, PathBuf::new());
        for name in names {
            walked.push(&name);
            let next = entered.as_ref().unwrap_or(&self.0).enter(&name);
            entered = Some(next.map_err(|why| FileError::new(&walked, why))?);
        }
        Ok(Found { root: &self.0, entered, name })
    }
}

/// A name, and the folder that it is in.
struct Found<'a> {
    root: &'a Directory,
    entered: Option<Directory>,
    name: OsString,
}

impl Found<'_> {
    fn directory(&self) -> &Directory {
        self.entered.as_ref().unwrap_or(self.root)
    }
}

/// The names that a path consists of, if it stays below where it begins.
fn names(path: &Path) -> Result<Vec<OsString>, Refusal> {
    let mut names = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => names.push(name.to_owned()),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return Err(Refusal::Outside),
        }
    }
    Ok(names)
}

/// The rights of a file that is put in the place of another.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Rights {
    /// Those of the one that was there; a new one is the owner's alone.
    Kept,
    /// Those of the one that was there; a new one has the usual ones.
    Usual,
    /// The owner's alone, whatever was there.
    OwnersAlone,
}

fn replace(directory: &Directory, name: &OsStr, bytes: &[u8], rights: Rights) -> Result<(), Refusal> {
    let old = match directory.kind(name) {
        Ok(Kind::File) => Some(directory.mode(name)?),
        Ok(Kind::Link) => return Err(Refusal::Link),
        Ok(other) => return Err(Refusal::NotAFile(other)),
        Err(why) if why.is_missing() => None,
        Err(why) => return Err(why),
    };
    let (new, mut file) = match (rights, old) {
        (Rights::Usual, None) => first_free(directory, Directory::create_usual)?,
        _ => first_free(directory, Directory::create)?,
    };
    let mut put = || -> io::Result<()> {
        file.write_all(bytes)?;
        if let Some(mode) = old.filter(|_| rights != Rights::OwnersAlone) {
            file.set_permissions(Permissions::from_mode(mode.as_raw_mode()))?;
        }
        file.sync_all()?;
        directory.rename(&new, name)?;
        directory.sync()
    };
    put().map_err(|cause| {
        let _ = directory.remove(&new); // there may be nothing to remove, and the cause says more
        Refusal::written(cause)
    })
}

fn add(directory: &Directory, name: &OsStr, bytes: &[u8]) -> Result<(), Refusal> {
    let (new, mut file) = first_free(directory, Directory::create_usual)?;
    let put = file.write_all(bytes).and_then(|()| file.sync_all());
    let put = put.and_then(|()| Ok(directory.link(&new, name)?)).and_then(|()| directory.sync());
    let _ = directory.remove(&new); // what it could be called is said already
    put.map_err(Refusal::written)
}

/// Whether a name is one of [`first_free`], made by a process that is no more.
fn is_left_over(name: &OsStr) -> bool {
    let numbers = name.to_str().and_then(|name| name.strip_prefix(".ripectl-")?.split_once('-'));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    numbers.is_some_and(|(id, number)| is_number(id) && is_number(number) && id != process::id().to_string())
}

/// A new hidden file.
fn first_free(
    directory: &Directory,
    create: fn(&Directory, &OsStr) -> rustix::io::Result<File>,
) -> Result<(OsString, File), Refusal> {
    const TRIES: u32 = 1000;
    for number in 0..TRIES {
        let name = OsString::from(format!(".ripectl-{}-{number}", process::id()));
        match create(directory, &name) {
            Ok(file) => return Ok((name, file)),
            Err(Errno::EXIST) => {}
            Err(error) => return Err(Refusal::written(error)),
        }
    }
    Err(Refusal::written(Errno::EXIST))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use super::*;

    const LIMIT: u64 = 8;

    /// A root with a file in a folder, links to both, a pipe, and a file beside the root.
    fn planted() -> (tempfile::TempDir, Tree) {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("root");
        fs::create_dir_all(root.join("folder")).unwrap();
        fs::write(root.join("folder/file"), "text").unwrap();
        fs::write(place.path().join("secret"), "secret").unwrap();
        symlink("../secret", root.join("out")).unwrap();
        symlink("folder/file", root.join("in")).unwrap();
        symlink("folder", root.join("linked")).unwrap();
        symlink("circle", root.join("circle")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            root.join("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR,
            0,
        )
        .unwrap();
        fs::File::create(root.join("sparse")).unwrap().set_len(5 << 30).unwrap();
        fs::write(root.join("long"), "123456789").unwrap();
        fs::write(root.join("full"), "12345678").unwrap();
        let tree = Tree::open(&root).unwrap();
        (place, tree)
    }

    #[test]
    fn only_regular_files_below_the_root_are_read() {
        let (_place, tree) = planted();
        let check = |path: &str, expected: &str| {
            let found = match tree.read(Path::new(path), LIMIT) {
                Ok(bytes) => String::from_utf8(bytes).unwrap(),
                Err(error) => error.to_string().lines().next().unwrap().to_owned(),
            };
            assert_eq!(found, expected, "{path}");
        };
        check("folder/file", "text");
        check("./folder/./file", "text");
        check("full", "12345678");
        check("long", "`long` is larger than 0 MiB");
        check("sparse", "`sparse` is larger than 0 MiB");
        for link in ["out", "in", "circle"] {
            check(link, &format!("`{link}` is a link, and links are not followed here"));
        }
        check("linked/file", "`linked` is a link, and links are not followed here");
        check("../secret", "`../secret` leads out of the estate");
        check("folder/../full", "`folder/../full` leads out of the estate");
        check("/etc/hostname", "`/etc/hostname` leads out of the estate");
        check("folder", "`folder` is a folder, not a file");
        check("full/file", "`full` is a file, not a folder");
        check("pipe", "`pipe` is a pipe, not a file");
        check("none", "`none` cannot be read: No such file or directory (os error 2)");
        check("", "`` is a folder, not a file");
    }

    #[test]
    fn a_file_is_replaced_whole_and_where_it_stands() {
        let (place, tree) = planted();
        let root = place.path().join("root");
        let file = root.join("folder/file");
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        tree.replace(Path::new("folder/file"), b"new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        for path in ["out", "in", "linked/file", "pipe", "folder", "../secret", "none/file"] {
            assert!(tree.replace(Path::new(path), b"evil").is_err(), "{path}");
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::read_to_string(place.path().join("secret")).unwrap(), "secret");
        assert_eq!(fs::read_dir(root.join("folder")).unwrap().count(), 1, "nothing is left behind");
    }

    #[test]
    fn whether_a_file_may_be_replaced_is_known_before() {
        let (place, tree) = planted();
        let check = |path: &str, expected: &str| {
            let error = tree.may_replace(Path::new(path)).err().map(|error| error.to_string());
            let said = error.as_ref().and_then(|text| text.lines().next()).unwrap_or_default();
            assert_eq!(said, expected, "{path}");
        };
        check("folder/file", "");
        check("in", "`in` is a link, and links are not followed here");
        check("pipe", "`pipe` is a pipe, not a file");
        check("none", "`none` cannot be read: No such file or directory (os error 2)");
        check("linked/file", "`linked` is a link, and links are not followed here");
        let folder = place.path().join("root/folder");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "looking leaves nothing behind");
        let own = format!(".ripectl-{}-1", process::id());
        for name in [".ripectl-1-0", ".ripectl-x-0", ".ripectl-1", &own] {
            fs::write(folder.join(name), "").unwrap();
        }
        tree.sweep(Path::new("folder/file")).unwrap();
        assert!(!folder.join(".ripectl-1-0").exists());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 4);
    }
}
