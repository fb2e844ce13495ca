//! The sandbox inside this process, behind `--registry sandbox`: a registry on loopback, reached over HTTP like any
//! other, with a key that lives as long as the run.

use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    io::Write,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
};

use anyhow::Context;

use crate::{
    registry::Secret,
    rpsl::Key,
    rules::Settings,
    sandbox::{self, Running, ServeOptions, settings},
};

/// A running sandbox.
pub struct Embedded {
    /// Stops it when dropped.
    pub running: Running,
    /// The key that speaks for our maintainers.
    pub secret: Secret,
    /// Its surroundings, which are known here.
    pub settings: Settings,
}

/// The accounts file of the sandbox.
#[derive(serde::Serialize)]
struct Accounts<'a> {
    key: [Account<'a>; 1],
}

#[derive(serde::Serialize)]
struct Account<'a> {
    id: &'a str,
    secret: &'a str,
    maintainers: Vec<&'a str>,
}

/// The name of the file in which a sandbox is kept, in the directory of what the program keeps.
pub const STORE: &str = "sandbox.sqlite";

/// Starts the sandbox that is kept in `state_dir`, with a new key for `maintainers`.
pub async fn start(maintainers: &[Key], state_dir: &Path) -> anyhow::Result<Embedded> {
    let (id, secret) = (random(24), random(32));
    let maintainers = maintainers.iter().map(Key::text).collect();
    let accounts = Accounts { key: [Account { id: &id, secret: &secret, maintainers }] };
    let mut file = tempfile::NamedTempFile::new().context("there is no room for a temporary file")?;
    file.write_all(toml::to_string(&accounts)?.as_bytes())?;
    let options = ServeOptions {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        load: Vec::new(),
        accounts: Some(file.path().to_path_buf()),
        settings: None,
        state: Some(state_dir.join(STORE)),
    };
    let running = sandbox::start(options).await.context("the sandbox does not start")?;
    let (settings, _) = settings::parse("")?;
    Ok(Embedded { running, secret: Secret::parse(&format!("{id}:{secret}"))?, settings })
}

/// Letters and digits that nobody outside this process can guess.
fn random(length: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let letter = |_| {
        let number = RandomState::new().hash_one(length); // seeded anew by the operating system
        let at = usize::try_from(number % 36).unwrap_or_default();
        LETTERS.get(at).map_or('A', |letter| char::from(*letter))
    };
    (0..length).map(letter).collect()
}
