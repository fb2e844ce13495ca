//! Files that commands read and write.

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;

use crate::{
    estate,
    finding::{Finding, Place, Source},
};

/// The directory of the `ripectl.toml` that is found upward from where the user stands.
pub fn root() -> anyhow::Result<PathBuf> {
    let here = env::current_dir().context("the working directory cannot be told")?;
    Ok(estate::find(&here)?)
}

/// Reads a file of text that the user named.
pub fn text(path: &Path) -> Result<Arc<Source>, Box<Finding>> {
    let source = |text| Arc::new(Source::new(path, text));
    let shown = path.display();
    let refuse = |rule, text: String| Finding::error(rule, text).at(Place::new(&source(String::new()), 0..0));
    let bytes = fs::read(path).map_err(|error| refuse("file", format!("{shown} cannot be read: {error}")))?;
    String::from_utf8(bytes).map(source).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let finding = refuse("utf-8", format!("{shown} is not UTF-8 from byte {at} on"));
        finding.fix(format!("if it is Latin-1: `iconv -f latin1 -t utf-8 {shown}`")).into()
    })
}

/// Puts `text` in the place of the file at `path`, whole or not at all, with the rights that it had.
pub fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let put = || -> std::io::Result<()> {
        // A link stays a link: what it leads to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let directory =
            path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        if let Ok(old) = fs::metadata(&path) {
            file.as_file().set_permissions(old.permissions())?;
        }
        file.persist(&path).map(drop).map_err(|error| error.error)
    };
    put().with_context(|| format!("{} cannot be written", path.display()))
}
