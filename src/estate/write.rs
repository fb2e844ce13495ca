//! Writing into the files of an estate, which are the user's: as little as possible, whole or not at all.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    disk::{FileError, Tree},
    finding::Source,
    rpsl::{File, Renamings},
};

/// Puts chosen keys into those of `files` that have what they stand for, and returns the paths of these. What declares
/// an object comes first, what refers to it last: after an interruption the key stands where it counts.
pub fn write_keys(
    root: &Path,
    files: &[Arc<Source>],
    renamings: &Renamings,
) -> Result<Vec<PathBuf>, FileError> {
    let mut changed: Vec<(bool, &Path, String)> = files
        .iter()
        .filter_map(|source| {
            let (file, _) = File::parse(source);
            let declares = file.objects().any(|(object, _)| renamings.names(object));
            file.renamed(renamings).map(|text| (!declares, source.path.as_path(), text))
        })
        .collect();
    changed.sort();
    let tree = Tree::open(root)?;
    for (_, path, text) in &changed {
        tree.replace(path, text.as_bytes())?;
    }
    let mut paths: Vec<PathBuf> = changed.into_iter().map(|(_, path, _)| path.to_path_buf()).collect();
    paths.sort();
    Ok(paths)
}

/// Takes away what a run that was killed while it wrote keys has left beside `files`.
pub fn sweep(root: &Path, files: &[Arc<Source>]) -> Result<(), FileError> {
    let tree = Tree::open(root)?;
    let mut folders: Vec<(Option<&Path>, &Path)> =
        files.iter().map(|source| (source.path.parent(), source.path.as_path())).collect();
    folders.sort();
    folders.dedup_by_key(|(folder, _)| *folder);
    folders.into_iter().try_for_each(|(_, path)| tree.sweep(path))
}

/// Whether the file of the estate could be replaced, as far as that can be told without doing it.
pub fn can_write(root: &Path, path: &Path) -> Result<(), FileError> {
    Tree::open(root)?.may_replace(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::rpsl::{Class, Key};

    fn written(files: &[(&str, &str)]) -> (tempfile::TempDir, Vec<Arc<Source>>) {
        let root = tempfile::tempdir().unwrap();
        let sources = files.iter().map(|(name, text)| {
            fs::write(root.path().join(name), text).unwrap();
            Arc::new(Source::new(*name, *text))
        });
        let sources = sources.collect();
        (root, sources)
    }

    fn renamings() -> Renamings {
        let mut renamings = Renamings::default();
        renamings.add("AUTO-1", Key::new(Class::Role, "HN42-RIPE"));
        renamings
    }

    #[test]
    fn only_what_has_the_placeholder_is_written_with_the_rights_it_had() {
        use std::os::unix::fs::PermissionsExt;
        let (root, files) = written(&[
            ("a.rpsl", "aut-num: AS1\nadmin-c: AUTO-1 # AUTO-1\n"),
            ("b.rpsl", "aut-num: AS2\n"),
            ("c.rpsl", "role: NOC\r\nnic-hdl: AUTO-1\r\n"),
        ]);
        let mode = |name: &str| fs::metadata(root.path().join(name)).unwrap().permissions().mode() & 0o777;
        fs::set_permissions(root.path().join("c.rpsl"), fs::Permissions::from_mode(0o640)).unwrap();
        let paths = write_keys(root.path(), &files, &renamings()).unwrap();
        assert_eq!(paths, [PathBuf::from("a.rpsl"), PathBuf::from("c.rpsl")]);
        let text = |name: &str| fs::read_to_string(root.path().join(name)).unwrap();
        assert_eq!(text("a.rpsl"), "aut-num: AS1\nadmin-c: HN42-RIPE # AUTO-1\n");
        assert_eq!(text("c.rpsl"), "role: NOC\r\nnic-hdl: HN42-RIPE\r\n");
        assert_eq!((mode("c.rpsl"), fs::read_dir(root.path()).unwrap().count()), (0o640, 3));
    }
}
