//! The files of an estate, as text: with `walk` and `matching` the only place of `estate` that
//! touches the file system, but for `write`.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    matching,
    pattern::{Customer, Pattern},
    walk::{self, unread},
};
use crate::{
    config::At,
    digest::digest,
    disk::{CONFIG_LIMIT, FileError, RPSL_LIMIT, Refusal, Tree},
    finding::{Finding, Location, Source},
};

/// The name of the file that makes a directory an estate.
pub const CONFIG: &str = "ripectl.toml";

/// The bytes of all files of `objects/` together, and of all of `templates/`: half a million objects.
const TOTAL_LIMIT: u64 = 256 << 20;

/// No directory from here upward holds a `ripectl.toml`.
#[derive(Debug, thiserror::Error)]
#[error(
    "no {CONFIG} in {} or in a directory above it\nhint: `cd` to the directory that holds {CONFIG}",
    start.display()
)]
pub struct NotFound {
    start: PathBuf,
}

/// The nearest directory from `start`, an absolute path, upward that holds a `ripectl.toml`. Something else of that
/// name, a link say, counts too: what is above it is another estate.
pub fn find(start: &Path) -> Result<PathBuf, NotFound> {
    let holds = |directory: &&Path| directory.join(CONFIG).symlink_metadata().is_ok();
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
    /// Where the files are that `ripectl.toml` names; `None` if a finding says why it could not be entered.
    tree: Option<Tree>,
    /// Those of them that were read, by path.
    named: RefCell<BTreeMap<PathBuf, Arc<Source>>>,
}

/// A file of a customer.
pub(super) struct Included {
    /// Whose it is.
    pub customer: Customer,
    /// What it says.
    pub source: Arc<Source>,
}

impl Files {
    /// The file at `path`, which another one names: of all of them no more bytes than of all objects.
    pub fn named(&self, path: &Path, limit: u64) -> Result<Arc<Source>, Box<Finding>> {
        if let Some(source) = self.named.borrow().get(path) {
            return Ok(Arc::clone(source));
        }
        let missing = || unread(&FileError::new(path, Refusal::Outside));
        let tree = self.tree.as_ref().ok_or_else(missing)?;
        let read = self.named.borrow().values().map(|source| source.text.len() as u64).sum();
        let left = TOTAL_LIMIT.saturating_sub(read);
        let source = text(path, tree.read(path, limit.min(left)).map_err(|error| unread(&error))?)?;
        self.named.borrow_mut().insert(path.to_path_buf(), Arc::clone(&source));
        Ok(source)
    }

    /// The files that `patterns` name, ordered by path, with a finding for each that is not read.
    pub fn included(&self, patterns: &[At<Pattern>]) -> (Vec<Included>, Vec<Finding>) {
        let Some(tree) = &self.tree else { return (Vec::new(), Vec::new()) };
        let (paths, mut findings) = matching::files(tree, patterns);
        let mut included = Vec::new();
        for (path, customer) in paths {
            match self.named(&path, CONFIG_LIMIT) {
                Ok(source) => included.push(Included { customer, source }),
                Err(finding) => findings.push(*finding),
            }
        }
        (included, findings)
    }

    /// The digest of `ripectl.toml` and of all that it names, which tells estates apart.
    pub fn digest(&self) -> String {
        let line = |(path, source): (&PathBuf, &Arc<Source>)| {
            format!("\n{} {}", digest(&source.text), path.display())
        };
        let named: String = self.named.borrow().iter().map(line).collect();
        let own = self.config.as_ref().map_or("", |source| &source.text);
        match (own.is_empty(), named.is_empty()) {
            (true, _) => String::new(),
            (false, true) => digest(own),
            (false, false) => digest(&format!("{}{named}", digest(own))),
        }
    }
}

/// Files of an estate that are not written yet.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// `ripectl.toml`, if it is another one.
    pub config: Option<String>,
    /// Files below `objects/` and `templates/` by their paths: new ones, or in the place of what stands there.
    pub files: BTreeMap<PathBuf, String>,
}

/// Reads all files of the estate in `root`, with a finding for each that is not read.
pub(super) fn files(root: &Path) -> (Files, Vec<Finding>) {
    files_with(root, &Draft::default())
}

/// The same with those of `draft` over them.
pub(super) fn files_with(root: &Path, draft: &Draft) -> (Files, Vec<Finding>) {
    let tree = match Tree::open(root) {
        Ok(tree) => tree,
        Err(error) => return (Files::default(), vec![unread(&error)]),
    };
    let mut findings = Vec::new();
    let config = match &draft.config {
        Some(text) => Some(Arc::new(Source::new(CONFIG, text.clone()))),
        None => config_of(&tree).map_err(|finding| findings.push(*finding)).ok(),
    };
    let mut below = |directory| {
        let (mut sources, problems) = sources(&tree, directory);
        findings.extend(problems);
        let new = draft.files.iter().filter(|(path, _)| path.starts_with(directory));
        sources.retain(|source| !draft.files.contains_key(&source.path));
        sources.extend(new.map(|(path, text)| Arc::new(Source::new(path, text.clone()))));
        sources.sort_by(|one, other| one.path.cmp(&other.path));
        sources
    };
    let objects = below("objects");
    let templates = below("templates").into_iter().map(|source| (template_name(&source.path), source));
    let templates = templates.collect();
    (Files { config, objects, templates, tree: Some(tree), ..Files::default() }, findings)
}

/// The files of objects of the estate in `root`, `objects/**/*.rpsl` ordered by path, with a finding for each
/// that is not read. A directory that is not there holds none.
pub fn objects(root: &Path) -> (Vec<Arc<Source>>, Vec<Finding>) {
    match Tree::open(root) {
        Ok(tree) => sources(&tree, "objects"),
        Err(error) => (Vec::new(), vec![unread(&error)]),
    }
}

/// The paths of the files of templates of the estate in `root`.
pub fn template_paths(root: &Path) -> Vec<PathBuf> {
    Tree::open(root).map(|tree| walk::files(&tree, "templates").0).unwrap_or_default()
}

/// These files of the estate in `root` as they are now.
pub fn read_again<'a>(
    root: &Path,
    paths: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<Vec<Arc<Source>>, Box<Finding>> {
    let tree = Tree::open(root).map_err(|error| unread(&error))?;
    let read = |path: &PathBuf| text(path, tree.read(path, RPSL_LIMIT).map_err(|error| unread(&error))?);
    paths.into_iter().map(read).collect()
}

/// The `ripectl.toml` of the estate in `root`.
pub fn config(root: &Path) -> Result<Arc<Source>, Box<Finding>> {
    config_of(&Tree::open(root).map_err(|error| unread(&error))?)
}

/// What the bytes of the file `path` say, if they are UTF-8.
pub fn text(path: &Path, bytes: Vec<u8>) -> Result<Arc<Source>, Box<Finding>> {
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(path, &error))?;
    Ok(Arc::new(Source::new(path, text)))
}

fn config_of(tree: &Tree) -> Result<Arc<Source>, Box<Finding>> {
    let path = Path::new(CONFIG);
    text(path, tree.read(path, CONFIG_LIMIT).map_err(|error| unread(&error))?)
}

fn sources(tree: &Tree, directory: &str) -> (Vec<Arc<Source>>, Vec<Finding>) {
    let (mut sources, mut left) = (Vec::new(), TOTAL_LIMIT);
    let (paths, mut findings) = walk::files(tree, directory);
    for path in paths {
        let source = match tree.read(&path, RPSL_LIMIT.min(left)) {
            Ok(bytes) => {
                left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                text(&path, bytes)
            }
            Err(FileError { why: Refusal::TooLarge(limit), .. }) if limit < RPSL_LIMIT => {
                let whole = FileError::new(Path::new(directory), Refusal::TooLarge(TOTAL_LIMIT));
                findings.push(unread(&whole));
                return (Vec::new(), findings); // with a part of them there is nothing to look for
            }
            Err(error) => Err(unread(&error).into()),
        };
        match source {
            Ok(source) => sources.push(source),
            Err(finding) => findings.push(*finding),
        }
    }
    (sources, findings)
}

fn not_utf8(path: &Path, error: &std::string::FromUtf8Error) -> Finding {
    let at = error.utf8_error().valid_up_to();
    let byte = error.as_bytes().get(at).copied().unwrap_or_default();
    let readable = error.as_bytes().get(..at).unwrap_or_default();
    let text = String::from_utf8_lossy(readable).into_owned();
    let source = Arc::new(Source::new(path, text));
    let path = path.display();
    Finding::error("utf-8", format!("{path} is not UTF-8: byte {at} is 0x{byte:02X}"))
        .at(Location::new(&source, at..at))
        .fix(match error.as_bytes() {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
                format!(
                    "it is UTF-16, as some editors write: `iconv -f utf-16 -t utf-8 {path}` makes it readable"
                )
            }
            _ => format!("if it is Latin-1: `iconv -f latin1 -t utf-8 {path}`"),
        })
}

/// `templates/a/b.rpsl` is called `a/b`.
fn template_name(path: &Path) -> String {
    let path = path.strip_prefix("templates").unwrap_or(path).with_extension("");
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
