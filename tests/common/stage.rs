//! A registry in this process, and an estate beside it that names it `faulty`: what stands between is the test's.

use std::{fs, path::Path, process::Command, sync::Arc};

use ripectl::{
    registry::{Registry, Remote},
    sandbox::{self, Clock, Running, ServeOptions, Sharing},
    target::Change,
    user::Secret,
};

use super::{common, user};

pub const KEY: &str = "RIPECTLUSERKEY0000000001:hush";
/// The key of the LIR.
#[allow(dead_code, reason = "not every test uses it")]
pub const LIR_KEY: &str = "RIPECTLUSERKEY0000000002:quiet";
/// A key that is the user's too, and expires in nine days.
#[allow(dead_code, reason = "not every test uses it")]
pub const SOON_KEY: &str = "RIPECTLUSERKEY0000000003:whisper";

/// A key whose secret has all that is written otherwise somewhere.
#[allow(dead_code, reason = "not every test uses it")]
pub const PLANTED: &str = "RIPECTLUSERKEY0000000004:pl+nted/s3cret=~";

/// Who may come in.
fn accounts() -> String {
    let expires = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(9 * 24);
    let keys = [
        (KEY, "hobby@hobby.example", String::new()),
        (LIR_KEY, "noc@sponsor.example", String::new()),
        (PLANTED, "hobby@hobby.example", String::new()),
        (SOON_KEY, "hobby@hobby.example", format!("expires = '{expires}'\n")),
    ];
    let key = |(key, account, more): &(&str, &str, String)| {
        let (id, secret) = key.split_once(':').unwrap();
        format!("[[key]]\nid = '{id}'\nsecret = '{secret}'\naccount = '{account}'\n{more}")
    };
    keys.iter().map(key).collect()
}

/// A registry with the base of the example network, or what is kept in a file, and a folder with the example's files.
pub struct Stage {
    pub running: Running,
    pub estate: common::Estate,
}

#[allow(dead_code, reason = "each test uses some")]
impl Stage {
    pub async fn new() -> Stage {
        Stage::with(common::Estate::new(), None).await
    }

    /// With these files, and what is kept in the file `state`.
    pub async fn with(estate: common::Estate, state: Option<&Path>) -> Stage {
        let file = estate.path("accounts.toml");
        fs::write(&file, accounts()).unwrap();
        let options = ServeOptions {
            listen: "127.0.0.1:0".parse().unwrap(),
            load: Vec::new(),
            accounts: Some(file),
            settings: None,
            state: state.map(Path::to_path_buf),
            own_key: None,
            sharing: Sharing::Alone,
            clock: Clock::default(),
        };
        Stage { running: sandbox::start(options).await.unwrap(), estate }
    }

    /// A command against a registry at `url`, which it calls `faulty`.
    pub fn command(&self, url: &str, line: &str) -> Command {
        let host = url.trim_start_matches("http://");
        let registry =
            format!("[registry.faulty]\nurl = \"{url}\"\nsource = \"RIPE\"\ncredential = \"faulty\"\n");
        let credential = format!("[credential.faulty]\nhost = \"{host}\"\nenv = \"FAULTY_KEY\"\n");
        user::own(&self.estate, &format!("{registry}{credential}"));
        let mut command = self.estate.command(line);
        command.env("FAULTY_KEY", KEY);
        command
    }

    /// The registry itself, past what stands between.
    pub fn truth(&self) -> Registry {
        let remote = Remote::new("truth", &self.running.url, "RIPE");
        Registry::new(remote, vec![Secret::parse(KEY).unwrap().named("test")], Arc::new(|_| ())).unwrap()
    }

    /// Which of `changes` the registry holds.
    pub async fn stored(&self, changes: &[Change]) -> Vec<bool> {
        let truth = self.truth();
        let mut stored = Vec::with_capacity(changes.len());
        for change in changes {
            let now = truth.lookup(&change.key()).await.unwrap().object();
            stored.push(match (change.after(), now) {
                (Some(after), Some(now)) => after.is_same_as(&now),
                (after, now) => after.is_none() && now.is_none(),
            });
        }
        stored
    }
}
