//! The bytes of a file, of standard input or of a URL, and whether a message may show something of them.

use std::{
    io::{self, Read},
    path::Path,
};

use anyhow::{Context, bail};
use jiff::Timestamp;

use super::download::{Downloaded, Keeping, download};
use crate::{
    disk::{FileError, VRP_LIMIT, named::Content},
    http::Address,
    reading::ReadError,
};

/// What was fetched, and from where.
pub struct Fetched {
    name: String,
    bytes: Vec<u8>,
    quotable: bool,
    /// When it was made, as a server says; the time of a file never counts.
    pub date: Option<Timestamp>,
    /// Whether it was kept from another run, and the server says that it is unchanged.
    pub is_kept: bool,
}

impl Fetched {
    /// What a server sends, which may be anything.
    pub async fn of_url(address: &Address, keeping: Keeping) -> anyhow::Result<Fetched> {
        let Downloaded { bytes, date, is_kept } = download(address, keeping).await?;
        Ok(Fetched { name: address.to_string(), bytes, quotable: false, date, is_kept })
    }

    /// All of standard input, which may be anything too.
    pub fn of_standard_input() -> anyhow::Result<Fetched> {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(VRP_LIMIT + 1).read_to_end(&mut bytes);
        let count = read.context("standard input cannot be read")?;
        if u64::try_from(count).unwrap_or(u64::MAX) > VRP_LIMIT {
            bail!(
                "standard input has more than {} MB\nhint: is this what you meant to give?",
                VRP_LIMIT >> 20
            );
        }
        Ok(Fetched { name: "-".to_owned(), bytes, quotable: false, date: None, is_kept: false })
    }

    /// What was read of the file at `path`.
    pub fn of_file(path: &Path, content: Result<Content, FileError>) -> Result<Fetched, FileError> {
        let Content { bytes, quotable } = content?;
        Ok(Fetched { name: path.display().to_string(), bytes, quotable, date: None, is_kept: false })
    }

    /// What `read` makes of it, by its name and bytes. Its error shows something of them only if it may.
    pub fn read<T>(&self, read: impl FnOnce(&str, &[u8]) -> Result<T, ReadError>) -> Result<T, ReadError> {
        let read = read(&self.name, &self.bytes);
        if self.quotable { read } else { read.map_err(ReadError::unquoted) }
    }
}
