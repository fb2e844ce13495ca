//! The user's own configuration of a test.

use std::{fs, os::unix::fs::PermissionsExt};

use super::common::Estate;

/// Writes it as one that only the user can write.
pub fn own(estate: &Estate, text: &str) {
    let path = estate.path(".home/ripectl/config.toml");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
}
