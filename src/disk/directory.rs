//! An open folder. Names in it are opened without following links, and looked at through the handle.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    fs::File,
    io::Read,
    os::{fd::OwnedFd, unix::ffi::OsStringExt},
    path::Path,
};

use rustix::{
    fs::{self, Access, AtFlags, Dir, FileType, Mode, OFlags},
    io::Errno,
};

use super::Refusal;

/// An open folder.
#[derive(Debug)]
pub struct Directory(OwnedFd);

/// What stands under a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A pipe with a name.
    Pipe,
    /// A socket.
    Socket,
    /// A disk, a terminal, `/dev/zero`.
    Device,
}

/// A name in a folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// The name.
    pub name: OsString,
    /// What it stands for.
    pub kind: Kind,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Kind::File => "a file",
            Kind::Folder => "a folder",
            Kind::Link => "a link",
            Kind::Pipe => "a pipe",
            Kind::Socket => "a socket",
            Kind::Device => "a device",
        })
    }
}

impl From<FileType> for Kind {
    fn from(kind: FileType) -> Kind {
        match kind {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            FileType::Symlink => Kind::Link,
            FileType::Fifo => Kind::Pipe,
            FileType::Socket => Kind::Socket,
            _ => Kind::Device,
        }
    }
}

/// For reading; a pipe without a writer or a terminal does not make it wait.
pub(super) const READ: OFlags =
    OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);
const ENTER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
const CREATE: OFlags =
    OFlags::WRONLY.union(OFlags::CREATE).union(OFlags::EXCL).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

impl Directory {
    /// The folder at `path`, through links: only for one that the user named or stands in.
    pub fn open(path: &Path) -> Result<Directory, Refusal> {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        fs::open(path, ENTER, Mode::empty()).map(Directory).map_err(Refusal::read)
    }

    /// The folder `name` in this one.
    pub fn enter(&self, name: &OsStr) -> Result<Directory, Refusal> {
        let opened = fs::openat(&self.0, name, ENTER | OFlags::NOFOLLOW, Mode::empty());
        opened.map(Directory).map_err(|error| match self.kind(name) {
            Ok(Kind::Link) => Refusal::Link,
            Ok(kind) if kind != Kind::Folder => Refusal::NotAFolder(kind),
            _ => Refusal::read(error),
        })
    }

    /// The regular file `name` in this folder, for reading.
    pub fn file(&self, name: &OsStr) -> Result<File, Refusal> {
        let file = self.handle(name)?;
        match kind_of(&file)? {
            Kind::File => Ok(file),
            other => Err(Refusal::NotAFile(other)),
        }
    }

    /// What `name` in this folder stands for, whatever that is but a link, for reading.
    pub(super) fn handle(&self, name: &OsStr) -> Result<File, Refusal> {
        let opened = fs::openat(&self.0, name, READ | OFlags::NOFOLLOW, Mode::empty());
        opened.map(File::from).map_err(|error| match self.kind(name) {
            Ok(Kind::Link) => Refusal::Link,
            Ok(kind) if kind != Kind::File => Refusal::NotAFile(kind),
            _ => Refusal::read(error),
        })
    }

    /// The regular file `name` in this folder, for adding to its end.
    pub(super) fn append(&self, name: &OsStr) -> Result<File, Refusal> {
        let flags = OFlags::RDWR | OFlags::APPEND | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = fs::openat(&self.0, name, flags, Mode::empty()).map_err(Refusal::written)?;
        match kind_of(&File::from(file.try_clone().map_err(Refusal::written)?))? {
            Kind::File => Ok(File::from(file)),
            other => Err(Refusal::NotAFile(other)),
        }
    }

    /// Whether this process may write to `name` in this folder, or to the folder itself (`.`).
    pub(super) fn may_write(&self, name: &OsStr) -> Result<(), Refusal> {
        fs::accessat(&self.0, name, Access::WRITE_OK, AtFlags::EACCESS).map_err(Refusal::written)
    }

    /// What `name` in this folder stands for; a link stands for itself.
    pub fn kind(&self, name: &OsStr) -> Result<Kind, Refusal> {
        let stat = fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW).map_err(Refusal::read)?;
        Ok(FileType::from_raw_mode(stat.st_mode).into())
    }

    /// The rights of `name` in this folder.
    pub(super) fn mode(&self, name: &OsStr) -> Result<Mode, Refusal> {
        let stat = fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW).map_err(Refusal::read)?;
        Ok(Mode::from_raw_mode(stat.st_mode))
    }

    /// At most `limit` names in this folder in the order of bytes; `None` if there are more.
    pub fn entries(&self, limit: usize) -> Result<Option<Vec<Entry>>, Refusal> {
        let mut entries = Vec::new();
        for entry in Dir::read_from(&self.0).map_err(Refusal::read)? {
            let entry = entry.map_err(Refusal::read)?;
            let name = OsString::from_vec(entry.file_name().to_bytes().to_vec());
            if name == "." || name == ".." {
                continue;
            }
            if entries.len() == limit {
                return Ok(None);
            }
            // Not every file system tells the kind on the way.
            let kind = match entry.file_type() {
                FileType::Unknown => self.kind(&name)?,
                known => known.into(),
            };
            entries.push(Entry { name, kind });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Some(entries))
    }

    /// Makes the file `name`, which must not be there, for its owner alone.
    pub(super) fn create(&self, name: &OsStr) -> rustix::io::Result<File> {
        fs::openat(&self.0, name, CREATE, Mode::RUSR | Mode::WUSR).map(File::from)
    }

    /// Makes the file `name`, which must not be there, with the rights that the user gives to what is made.
    pub(super) fn create_usual(&self, name: &OsStr) -> rustix::io::Result<File> {
        fs::openat(&self.0, name, CREATE, Mode::from_raw_mode(0o666)).map(File::from)
    }

    /// Makes the folder `name` with the rights that the user gives to what is made, or leaves what is there, and enters it.
    pub(super) fn make_usual(&self, name: &OsStr) -> Result<Directory, Refusal> {
        match fs::mkdirat(&self.0, name, Mode::from_raw_mode(0o777)) {
            Ok(()) | Err(Errno::EXIST) => self.enter(name),
            Err(error) => Err(Refusal::written(error)),
        }
    }

    /// Gives `from` the further name `to`, which nothing may have.
    pub(super) fn link(&self, from: &OsStr, to: &OsStr) -> rustix::io::Result<()> {
        fs::linkat(&self.0, from, &self.0, to, AtFlags::empty())
    }

    /// Makes the folder `name`, or leaves what is there, and enters it.
    pub(super) fn make(&self, name: &OsStr) -> Result<Directory, Refusal> {
        match fs::mkdirat(&self.0, name, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => self.enter(name),
            Err(error) => Err(Refusal::written(error)),
        }
    }

    /// Gives `name` of this folder these rights. A link must not stand there.
    pub(super) fn permit(&self, name: &OsStr, mode: Mode) -> Result<(), Refusal> {
        fs::chmodat(&self.0, name, mode, AtFlags::empty()).map_err(Refusal::written)
    }

    /// Makes this folder its owner's alone.
    pub(super) fn close(&self) -> Result<(), Refusal> {
        let stat = fs::fstat(&self.0).map_err(Refusal::written)?;
        if Mode::from_raw_mode(stat.st_mode) == Mode::RWXU {
            return Ok(());
        }
        fs::fchmod(&self.0, Mode::RWXU).map_err(Refusal::written)
    }

    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> rustix::io::Result<()> {
        fs::renameat(&self.0, from, &self.0, to)
    }

    pub(super) fn remove(&self, name: &OsStr) -> rustix::io::Result<()> {
        fs::unlinkat(&self.0, name, AtFlags::empty())
    }

    /// Waits until the names in this folder are on the disk.
    pub fn sync(&self) -> std::io::Result<()> {
        Ok(fs::fsync(&self.0)?)
    }
}

/// What an open handle stands for.
pub(super) fn kind_of(file: &File) -> Result<Kind, Refusal> {
    let stat = fs::fstat(file).map_err(Refusal::read)?;
    Ok(FileType::from_raw_mode(stat.st_mode).into())
}

/// All bytes of a regular file, if they are no more than `limit`, also if it grows meanwhile.
pub(super) fn read(file: &File, limit: u64) -> Result<Vec<u8>, Refusal> {
    let size = file.metadata().map_err(Refusal::read)?.len();
    if size > limit {
        return Err(Refusal::TooLarge(limit));
    }
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(Refusal::read)?;
    if u64::try_from(bytes.len()).is_ok_and(|size| size <= limit) {
        Ok(bytes)
    } else {
        Err(Refusal::TooLarge(limit))
    }
}
