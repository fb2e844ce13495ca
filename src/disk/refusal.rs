//! Why a file is not read or written.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    time::Duration,
};

use super::Kind;

/// Why a file is left alone; reads on after its name.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A link may lead anywhere.
    #[error("is a link, and links are not followed here")]
    Link,
    /// It is something that does not keep bytes, such as a folder or a device.
    #[error("is {0}, not a file")]
    NotAFile(Kind),
    /// A file stands where a folder is needed.
    #[error("is {0}, not a folder")]
    NotAFolder(Kind),
    /// The kernel makes it up as it is read: the environment of a process, say.
    #[error("belongs to the kernel and is no file on a disk")]
    Kernel,
    /// `..`, or a path from the root of the file system.
    #[error("leads out of the estate")]
    Outside,
    /// More bytes than anyone means.
    #[error("is larger than {} MiB", .0 >> 20)]
    TooLarge(u64),
    /// No text.
    #[error("is not UTF-8 from byte {0} on")]
    NotUtf8(usize),
    /// It is not what it should be, and may be anything that this machine can read.
    #[error("cannot be understood; what a link or a pipe leads to is not shown")]
    Unquoted,
    /// More names than anyone means.
    #[error("holds more than {0} names")]
    TooMany(usize),
    /// Folders in folders in folders.
    #[error("is more than {0} folders deep")]
    TooDeep(usize),
    /// Nobody writes to the pipe.
    #[error("is a pipe to which nobody wrote for {} s", .0.as_secs())]
    Silent(Duration),
    /// Somebody writes to the pipe, but does not come to an end.
    #[error("is a pipe that was not at its end after {} s", .0.as_secs())]
    Slow(Duration),
    /// The system says no.
    #[error("cannot be {doing}: {cause}")]
    Io {
        /// `read` or `written`.
        doing: &'static str,
        /// What the system says.
        cause: io::Error,
    },
}

impl Refusal {
    /// It cannot be read.
    pub(super) fn read(cause: impl Into<io::Error>) -> Refusal {
        Refusal::Io { doing: "read", cause: cause.into() }
    }

    /// It cannot be written.
    pub(super) fn written(cause: impl Into<io::Error>) -> Refusal {
        Refusal::Io { doing: "written", cause: cause.into() }
    }

    /// It is not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Refusal::Io { cause, .. } if cause.kind() == io::ErrorKind::NotFound)
    }

    /// What to do about it.
    pub fn way_out(&self) -> &'static str {
        match self {
            Refusal::Link | Refusal::Kernel => "put the file itself there",
            Refusal::NotAFile(_) => "put a regular file there, or take it away",
            Refusal::NotAFolder(_) => "make a folder of it, or take it away",
            Refusal::Outside => "put the file below the folder of ripectl.toml and name it from there",
            Refusal::TooLarge(_) => "divide it, or look at what it holds",
            Refusal::NotUtf8(_) => {
                "is it the right file? If it is UTF-16, as some editors and shells write: `iconv -f utf-16 -t utf-8`"
            }
            Refusal::Unquoted => "name the file itself to see more",
            Refusal::TooMany(_) | Refusal::TooDeep(_) => "is all of this meant to be here?",
            Refusal::Slow(_) => "write it to a file first",
            Refusal::Silent(_) => "is the program that should write to it running?",
            Refusal::Io { cause, .. } => match cause.kind() {
                io::ErrorKind::NotFound => "is the name right?",
                io::ErrorKind::PermissionDenied => "permit it, or run this as somebody who may",
                _ => "look at it with `ls -l`",
            },
        }
    }
}

/// A file that is not read or written.
#[derive(Debug)]
pub struct FileError {
    /// Which: of a path the part that is refused, so that `objects` is named and not each file below it.
    pub path: PathBuf,
    /// Why.
    pub why: Refusal,
}

impl FileError {
    /// `path` is refused.
    pub fn new(path: &Path, why: Refusal) -> FileError {
        FileError { path: path.to_path_buf(), why }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "`{}` {}\nhint: {}", self.path.display(), self.why, self.why.way_out())
    }
}

impl std::error::Error for FileError {}
