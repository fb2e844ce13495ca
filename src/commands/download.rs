//! Fetching VRPs from a URL.
//!
//! The URL may come from a repository, and what answers there may be any service of this machine: no key is sent, no
//! redirect is followed, and nothing of the answer stands in a message.

use std::time::Duration;

use anyhow::bail;
use jiff::Timestamp;

use crate::http::{self, Address, Fault};

/// The largest answer that is read: a validator's JSON of all VRPs has about 60 MB.
const LARGEST: usize = 256 << 20;
/// How long an answer may stand still.
const STILL: Duration = Duration::from_secs(20);
/// How long it may take as a whole.
const WHOLE: Duration = Duration::from_secs(60);

const HINT: &str = "hint: is the validator running, and is this its output? `--vrps FILE` takes what another program fetched";

/// What a server sent.
pub struct Downloaded {
    /// The body.
    pub bytes: Vec<u8>,
    /// When it was made, as the server says: `Last-Modified`, or else its `Date`.
    pub date: Option<Timestamp>,
}

/// What is at `address`.
pub async fn download(address: &Address) -> anyhow::Result<Downloaded> {
    within(WHOLE, address).await
}

async fn within(whole: Duration, address: &Address) -> anyhow::Result<Downloaded> {
    let failed = |error: reqwest::Error| {
        anyhow::anyhow!("the VRPs at `{address}` cannot be fetched: {}\n{HINT}", Fault::of(&error))
    };
    let client = http::client(address, STILL).map_err(failed)?;
    let mut response = client.get(address.url().clone()).timeout(whole).send().await.map_err(failed)?;
    match response.status().as_u16() {
        200 => {}
        status @ 300..=399 => {
            bail!(
                "`{address}` answers {status} and points elsewhere; redirects are not followed\nhint: write the URL that it leads to, if you know it to be right"
            )
        }
        status => bail!("`{address}` answers {status}\n{HINT}"),
    }
    let date = ["last-modified", "date"].iter().find_map(|name| {
        let text = response.headers().get(*name)?.to_str().ok()?;
        jiff::fmt::rfc2822::parse(text).ok().map(|time| time.timestamp())
    });
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if bytes.len() + chunk.len() > LARGEST {
            bail!("`{address}` sends more than {} MB\n{HINT}", LARGEST >> 20);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Downloaded { bytes, date })
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::registry::stub_server::{Act, Canned};

    #[tokio::test]
    async fn what_drips_for_ever_is_given_up() {
        let begun = Instant::now();
        for act in [Act::Drip, Act::Hang] {
            let server = Canned::serve(move |_, _| act.clone()).await;
            let error = within(Duration::from_millis(300), &server.url.parse().unwrap()).await.err().unwrap();
            assert!(error.to_string().contains("cannot be fetched: no answer in time\nhint: "), "{error}");
        }
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}
