//! Files that the user named on the command line.
//!
//! Read through links, for they are the user's own choice, and a pipe is as good as a file (`<(zcat vrps.json.gz)`).
//! But a name may have come from a shell's pattern in a repository that nobody vouches for: what is not the file that
//! stands there under that name is never quoted ([`Content::quotable`]), and never written.

use std::{
    fs::File,
    io::{self, Cursor, Read},
    path::{Component, Path, PathBuf},
    time::{Duration, Instant},
};

use rustix::{
    event::{self, PollFd, PollFlags, Timespec},
    fs::{self, Mode},
};

use crate::finding::without_mark;

use super::{
    FileError, Kind, Refusal, Tree,
    directory::{self, READ},
};

/// What stands in a file.
#[derive(Debug)]
pub struct Content {
    /// All of it.
    pub bytes: Vec<u8>,
    /// Whether messages may quote it: a regular file that no link led to.
    pub quotable: bool,
}

/// How long a pipe is waited for.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// For the next bytes of a pipe with a name, which may have no writer at all.
    named: Duration,
    /// For the next bytes of a pipe that was made with its writer.
    silent: Duration,
    /// For its end.
    total: Duration,
}

/// Long enough for a validator's download behind `<(curl …)`.
const PATIENCE: Patience = Patience {
    named: Duration::from_secs(5),
    silent: Duration::from_secs(60),
    total: Duration::from_secs(600),
};

/// The bytes of the file or pipe at `path`, no more than `limit`.
pub fn read(path: &Path, limit: u64) -> Result<Content, FileError> {
    read_within(path, limit, PATIENCE).map_err(|why| FileError::new(path, why))
}

/// What `understand` makes of the text of the file or pipe at `path`. Its errors are given back only if they may quote.
pub fn understood<T, E: From<FileError>>(
    path: &Path,
    limit: u64,
    understand: impl FnOnce(String) -> Result<T, E>,
) -> Result<T, E> {
    let refused = |why| E::from(FileError::new(path, why));
    let Content { bytes, quotable } = read(path, limit)?;
    let text = String::from_utf8(bytes);
    let text = text.map_err(|error| refused(Refusal::NotUtf8(error.utf8_error().valid_up_to())))?;
    understand(without_mark(text)).map_err(|error| if quotable { error } else { refused(Refusal::Unquoted) })
}

/// The bytes of the regular file at `path`, which is to be written again: so no link is followed to it.
pub fn read_to_replace(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let (tree, rest) = writable(path)?;
    tree.read(&rest, limit).map_err(|error| FileError::new(path, error.why))
}

/// Puts `bytes` in the place of the file at `path`, whole or not at all, with the rights that it had; not through
/// links.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let (tree, rest) = writable(path)?;
    tree.replace(&rest, bytes).map_err(|error| FileError::new(path, error.why))
}

/// The same, for the user alone, whatever rights were there.
pub fn replace_privately(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let (tree, rest) = writable(path)?;
    tree.replace_privately(&rest, bytes).map_err(|error| FileError::new(path, error.why))
}

/// The same, for others to read: with the rights that it had, or that files usually have.
pub fn publish(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let (tree, rest) = writable(path)?;
    tree.publish(&rest, bytes).map_err(|error| FileError::new(path, error.why))
}

/// A file or pipe that is read bit by bit, however large it is.
pub struct Stream {
    /// Where its bytes come from; a pipe was read whole, for its writer must not be waited for without end.
    pub reader: Box<dyn Read>,
    /// Whether messages may quote it: a regular file that no link led to.
    pub quotable: bool,
}

/// The bytes of the file at `path`, as they are asked for, or of the pipe, no more than `limit` of these.
pub fn stream(path: &Path, limit: u64) -> Result<Stream, FileError> {
    let streamed = || {
        let Opened { file, kind, quotable } = opened(path)?;
        let reader: Box<dyn Read> = match kind {
            Kind::Pipe => Box::new(Cursor::new(drain(file, limit, PATIENCE)?)),
            _ => Box::new(file),
        };
        Ok(Stream { reader, quotable })
    };
    streamed().map_err(|why| FileError::new(path, why))
}

fn read_within(path: &Path, limit: u64, patience: Patience) -> Result<Content, Refusal> {
    let Opened { file, kind, quotable } = opened(path)?;
    let bytes = match kind {
        Kind::Pipe => drain(file, limit, patience),
        _ => directory::read(&file, limit),
    }?;
    Ok(Content { bytes, quotable })
}

/// A file on a disk, or a pipe.
struct Opened {
    file: File,
    kind: Kind,
    quotable: bool,
}

fn opened(path: &Path) -> Result<Opened, Refusal> {
    let (base, rest) = anchored(path);
    // Opened once: a pipe whose reader goes and comes back has lost what was written in between.
    let (file, no_link) = match Tree::open(&base).and_then(|tree| tree.handle(&rest)) {
        Ok(file) => (file, true),
        // Through a link, or a folder that may be entered but not listed.
        Err(_) => (File::from(fs::open(path, READ, Mode::empty()).map_err(Refusal::read)?), false),
    };
    let kind = directory::kind_of(&file)?;
    let quotable = no_link && kind == Kind::File;
    match kind {
        Kind::File if is_made_up(&file) => Err(Refusal::Kernel),
        Kind::File | Kind::Pipe => Ok(Opened { file, kind, quotable }),
        other => Err(Refusal::NotAFile(other)),
    }
}

/// The part of a path that is taken as it is, and the names below it. A relative path begins where the user stands,
/// an absolute one at the top, and each after its last `..`.
fn anchored(path: &Path) -> (PathBuf, PathBuf) {
    let is_fixed = |part: &Component| !matches!(part, Component::Normal(_) | Component::CurDir);
    let fixed = path.components().collect::<Vec<_>>().iter().rposition(is_fixed).map_or(0, |at| at + 1);
    (path.components().take(fixed).collect(), path.components().skip(fixed).collect())
}

/// Where a file is written that the user named: below where the user stands no link is followed, and elsewhere none
/// in the place of the file itself.
fn writable(path: &Path) -> Result<(Tree, PathBuf), FileError> {
    let here = std::env::current_dir().unwrap_or_default();
    let path = if here.as_os_str().is_empty() { path } else { path.strip_prefix(&here).unwrap_or(path) };
    let (base, rest) = match (path.is_absolute(), path.parent(), path.file_name()) {
        (true, Some(folder), Some(name)) => (folder.to_path_buf(), PathBuf::from(name)),
        _ => anchored(path),
    };
    Ok((Tree::open(&base)?, rest))
}

/// Whether the kernel makes up what is read: `/proc/self/environ` is a regular file, but on no disk.
#[cfg(target_os = "linux")]
fn is_made_up(file: &File) -> bool {
    const PROCFS: u64 = 0x9fa0;
    const SYSFS: u64 = 0x6265_6572;
    let is_one = |kind| [PROCFS, SYSFS].contains(&kind);
    fs::fstatfs(file).is_ok_and(|found| u64::try_from(found.f_type).is_ok_and(is_one))
}

#[cfg(not(target_os = "linux"))]
fn is_made_up(_: &File) -> bool {
    false
}

/// Whether a pipe was made without a name, by a shell for instance, so that its writer is or was there.
#[cfg(target_os = "linux")]
fn has_no_name(pipe: &File) -> bool {
    const PIPEFS: u64 = 0x5049_5045;
    fs::fstatfs(pipe).is_ok_and(|found| u64::try_from(found.f_type).is_ok_and(|kind| kind == PIPEFS))
}

#[cfg(not(target_os = "linux"))]
fn has_no_name(_: &File) -> bool {
    true
}

/// All that comes out of a pipe, up to its end.
fn drain(mut pipe: File, limit: u64, patience: Patience) -> Result<Vec<u8>, Refusal> {
    let begun = Instant::now();
    let wait = if has_no_name(&pipe) { patience.silent } else { patience.named };
    let timeout = Timespec::try_from(wait).ok();
    let (mut bytes, mut chunk) = (Vec::new(), vec![0; 1 << 16]);
    loop {
        let ready = event::poll(&mut [PollFd::new(&pipe, PollFlags::IN)], timeout.as_ref());
        match ready {
            Ok(0) => return Err(Refusal::Silent(wait)),
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(Refusal::read(error)),
        }
        match pipe.read(&mut chunk) {
            Ok(0) => return Ok(bytes),
            Ok(count) => bytes.extend_from_slice(chunk.get(..count).unwrap_or_default()),
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
            Err(error) => return Err(Refusal::read(error)),
        }
        if u64::try_from(bytes.len()).map_or(true, |length| length > limit) {
            return Err(Refusal::TooLarge(limit));
        }
        if begun.elapsed() > patience.total {
            return Err(Refusal::Slow(patience.total));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write, os::unix::fs::symlink, thread};

    use super::*;

    const QUICK: Patience = Patience {
        named: Duration::from_millis(200),
        silent: Duration::from_millis(200),
        total: Duration::from_secs(1),
    };

    fn make_pipe(path: &Path) {
        let mode = Mode::RUSR | Mode::WUSR;
        rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    }

    fn shown(path: &Path) -> String {
        match read_within(path, 8, QUICK) {
            Ok(Content { bytes, quotable }) => {
                format!(
                    "{}{}",
                    String::from_utf8(bytes).unwrap(),
                    if quotable { "" } else { ", not to be quoted" }
                )
            }
            Err(why) => why.to_string(),
        }
    }

    #[test]
    fn files_and_pipes_are_read_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "text").unwrap();
        fs::write(path("long"), "123456789").unwrap();
        symlink("file", path("link")).unwrap();
        symlink("/proc/self/environ", path("environment")).unwrap();
        symlink("circle", path("circle")).unwrap();
        make_pipe(&path("pipe"));
        let check = |name: &str, expected: &str| assert_eq!(shown(&path(name)), expected, "{name}");
        check("file", "text");
        check(
            "../../../../../../../../etc/../etc/nothing",
            "cannot be read: No such file or directory (os error 2)",
        );
        check("link", "text, not to be quoted");
        check("long", "is larger than 0 MiB");
        check("", "is a folder, not a file");
        check("pipe", "is a pipe to which nobody wrote for 0 s");
        check("circle", "cannot be read: Too many levels of symbolic links (os error 40)");
        if cfg!(target_os = "linux") {
            check("environment", "belongs to the kernel and is no file on a disk");
            check("/proc/self/environ", "belongs to the kernel and is no file on a disk");
            check("/dev/zero", "is a device, not a file");
        }
    }

    #[test]
    fn a_path_is_walked_from_its_last_step_up() {
        let check = |path: &str, base: &str, rest: &str| {
            assert_eq!(anchored(Path::new(path)), (base.into(), rest.into()), "{path}");
        };
        check("a/b", "", "a/b");
        check("./a", "", "./a");
        check("../a/b", "..", "a/b");
        check("a/../../b", "a/../..", "b");
        check("/a/b", "/", "a/b");
    }

    #[test]
    fn a_pipe_is_read_to_its_end_and_no_further_than_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        make_pipe(&path);
        let check = |parts: &'static [&'static str], expected: &str| {
            let writer = path.clone();
            let writing = thread::spawn(move || {
                let mut pipe = fs::OpenOptions::new().write(true).open(writer).unwrap();
                for part in parts {
                    thread::sleep(Duration::from_millis(50));
                    let _ = pipe.write_all(part.as_bytes()); // the reader may have gone
                }
            });
            assert_eq!(shown(&path), expected);
            writing.join().unwrap();
        };
        check(&["te", "xt"], "text, not to be quoted");
        check(&[], ", not to be quoted");
        check(&["12345", "6789"], "is larger than 0 MiB");
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "text").unwrap();
        symlink("file", path("link")).unwrap();
        for name in ["link", ""] {
            assert!(replace(&path(name), b"evil").is_err(), "{name}");
            assert!(read_to_replace(&path(name), 8).is_err(), "{name}");
        }
        replace(&path("new"), b"new").unwrap();
        replace(&path("file"), b"other").unwrap();
        assert_eq!(fs::read_to_string(path("new")).unwrap(), "new");
        assert_eq!(read_to_replace(&path("./file"), 8).unwrap(), b"other");
    }
}
