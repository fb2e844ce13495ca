//! The files of an estate, as text: the only place of `estate` that touches the file system.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::finding::{Finding, Place, Source};

/// The name of the file that makes a directory an estate.
pub const CONFIG: &str = "ripectl.toml";

/// No directory from here upward holds a `ripectl.toml`.
#[derive(Debug, thiserror::Error)]
#[error(
    "no {CONFIG} in {} or in a directory above it\nhint: `cd` to the directory that holds {CONFIG}",
    start.display()
)]
pub struct NotFound {
    start: PathBuf,
}

/// The nearest directory from `start`, an absolute path, upward that holds a `ripectl.toml`.
pub fn find(start: &Path) -> Result<PathBuf, NotFound> {
    let holds = |directory: &&Path| directory.join(CONFIG).is_file();
    let found = start.ancestors().find(holds).map(Path::to_path_buf);
    found.ok_or_else(|| NotFound { start: start.to_path_buf() })
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// `ripectl.toml`; `None` if a finding says why it could not be read.
    pub config: Option<Arc<Source>>,
    /// `objects/**/*.rpsl`, ordered by path.
    pub objects: Vec<Arc<Source>>,
    /// `templates/**/*.rpsl` by the name that `ripectl.toml` calls them: `block` is `templates/block.rpsl`.
    pub templates: BTreeMap<String, Arc<Source>>,
}

/// Reads all files of the estate in `root`, with a finding for each that is not readable text.
pub(super) fn files(root: &Path) -> (Files, Vec<Finding>) {
    let mut findings = Vec::new();
    let config = text(root, Path::new(CONFIG)).map_err(|finding| findings.push(*finding)).ok();
    let mut below = |directory| {
        let (sources, problems) = sources(root, directory);
        findings.extend(problems);
        sources
    };
    let objects = below("objects");
    let templates = below("templates").into_iter().map(|source| (template_name(&source.path), source));
    let templates = templates.collect();
    (Files { config, objects, templates }, findings)
}

/// The files of objects of the estate in `root`, `objects/**/*.rpsl` ordered by path, with a finding for each
/// that is not readable text. A directory that is not there holds none.
pub fn objects(root: &Path) -> (Vec<Arc<Source>>, Vec<Finding>) {
    sources(root, "objects")
}

fn sources(root: &Path, directory: &str) -> (Vec<Arc<Source>>, Vec<Finding>) {
    let (mut sources, mut findings, mut paths) = (Vec::new(), Vec::new(), Vec::new());
    walk(root, Path::new(directory), &mut paths, &mut findings);
    paths.sort();
    for path in paths {
        match text(root, &path) {
            Ok(source) => sources.push(source),
            Err(finding) => findings.push(*finding),
        }
    }
    (sources, findings)
}

/// Collects the `.rpsl` files below `directory`. Hidden files (an editor's, say) and links to directories,
/// which may form a circle, are passed over.
fn walk(root: &Path, directory: &Path, paths: &mut Vec<PathBuf>, findings: &mut Vec<Finding>) {
    let entries = match fs::read_dir(root.join(directory)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return,
        Err(error) => return findings.push(unreadable(directory, &error)),
    };
    for entry in entries {
        match entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))) {
            Ok((name, _)) if name.as_encoded_bytes().starts_with(b".") => {}
            Ok((name, kind)) if kind.is_dir() => walk(root, &directory.join(name), paths, findings),
            Ok((name, _)) if Path::new(&name).extension().is_some_and(|end| end == "rpsl") => {
                paths.push(directory.join(name));
            }
            Ok(_) => {}
            Err(error) => findings.push(unreadable(directory, &error)),
        }
    }
}

fn text(root: &Path, path: &Path) -> Result<Arc<Source>, Box<Finding>> {
    let bytes = fs::read(root.join(path)).map_err(|error| unreadable(path, &error))?;
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(path, &error))?;
    Ok(Arc::new(Source::new(path, text)))
}

fn unreadable(path: &Path, error: &io::Error) -> Finding {
    let source = Arc::new(Source::new(path, String::new()));
    Finding::error("file", format!("{} cannot be read: {error}", path.display()))
        .at(Place::new(&source, 0..0))
}

fn not_utf8(path: &Path, error: &std::string::FromUtf8Error) -> Finding {
    let at = error.utf8_error().valid_up_to();
    let byte = error.as_bytes().get(at).copied().unwrap_or_default();
    let readable = error.as_bytes().get(..at).unwrap_or_default();
    let text = String::from_utf8_lossy(readable).into_owned();
    let source = Arc::new(Source::new(path, text));
    let path = path.display();
    Finding::error("utf-8", format!("{path} is not UTF-8: byte {at} is 0x{byte:02X}"))
        .at(Place::new(&source, at..at))
        .fix(format!("if it is Latin-1: `iconv -f latin1 -t utf-8 {path}`"))
}

/// `templates/a/b.rpsl` is called `a/b`.
fn template_name(path: &Path) -> String {
    let path = path.strip_prefix("templates").unwrap_or(path).with_extension("");
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
