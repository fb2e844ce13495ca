//! Fetching VRPs and announcements from a URL.
//!
//! The URL may come from a repository, and what answers there may be any service of this machine: no key is sent, no
//! redirect is followed, and nothing of the answer stands in a message.

use std::time::Duration;

use anyhow::bail;
use jiff::Timestamp;

use reqwest::{
    Response,
    header::{DATE, ETAG, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED},
};

use super::cache::{About, Cache, Kept};
use crate::http::{self, Address, Fault};

/// The largest answer that is read: a validator's JSON of all VRPs has about 60 MB.
const LARGEST: usize = 256 << 20;
/// How long an answer may stand still.
const STILL: Duration = Duration::from_secs(20);
/// How long it may take as a whole.
const WHOLE: Duration = Duration::from_secs(60);

const HINT: &str = "hint: does it run, and is this its output? A file in the place of the URL does too, whatever program fetched it";

/// What a server sent.
pub struct Downloaded {
    /// The body.
    pub bytes: Vec<u8>,
    /// When it was made, as the server says: `Last-Modified`, or else its `Date`. Of what was kept it is the time that came
    /// with it: that it is unchanged makes it no younger.
    pub date: Option<Timestamp>,
    /// Whether the server said that what was kept is unchanged.
    pub is_kept: bool,
}

/// Whether what was kept may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Keeping {
    /// If the server says that it is unchanged.
    IfUnchanged,
    /// It may not: all is fetched.
    Anew,
}

/// What is at `address`.
pub async fn download(address: &Address, keeping: Keeping) -> anyhow::Result<Downloaded> {
    let cache = Cache::of(address);
    let kept =
        cache.as_ref().filter(|_| keeping == Keeping::IfUnchanged).and_then(|cache| cache.get(address));
    match (within(WHOLE, address, kept.as_ref().map(|kept| &kept.about)).await?, kept) {
        (Answer::Unchanged, Some(Kept { bytes, about })) => {
            Ok(Downloaded { bytes, date: about.date, is_kept: true })
        }
        (Answer::Unchanged, None) => bail!("`{address}` answers 304 though nothing is kept of it\n{HINT}"),
        (Answer::Whole { bytes, about, may_be_kept }, _) => {
            if let Some(cache) = cache.filter(|_| may_be_kept && about.is_comparable()) {
                cache.put(address, &bytes, &about);
            }
            Ok(Downloaded { bytes, date: about.date, is_kept: false })
        }
    }
}

/// What a server answered.
enum Answer {
    /// What it sent before is unchanged (RFC 9110 §15.4.5).
    Unchanged,
    /// All of it.
    Whole {
        bytes: Vec<u8>,
        about: About,
        /// Whether the server does not forbid to keep it (RFC 9111 §5.2.2.5).
        may_be_kept: bool,
    },
}

async fn within(whole: Duration, address: &Address, known: Option<&About>) -> anyhow::Result<Answer> {
    let failed = |error: reqwest::Error| {
        anyhow::anyhow!("`{address}` cannot be fetched: {}\n{HINT}", Fault::of(&error))
    };
    let client = http::client(address, STILL).map_err(failed)?;
    let mut request = client.get(address.url().clone()).timeout(whole);
    for (name, value) in known.into_iter().flat_map(conditions) {
        request = request.header(name, value);
    }
    let mut response = request.send().await.map_err(failed)?;
    match response.status().as_u16() {
        200 => {}
        304 if known.is_some() => return Ok(Answer::Unchanged),
        status @ (300..=303 | 305..=399) => {
            bail!(
                "`{address}` answers {status} and points elsewhere; redirects are not followed\nhint: write the URL that it leads to, if you know it to be right"
            )
        }
        status => bail!("`{address}` answers {status}\n{HINT}"),
    }
    let (about, may_be_kept) = (about(&response), !is_private(&response));
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if bytes.len() + chunk.len() > LARGEST {
            bail!("`{address}` sends more than {} MB\n{HINT}", LARGEST >> 20);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Answer::Whole { bytes, about, may_be_kept })
}

/// The headers that ask for what has changed only.
fn conditions(about: &About) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    let pairs = [(IF_NONE_MATCH, &about.etag), (IF_MODIFIED_SINCE, &about.last_modified)];
    pairs.into_iter().filter_map(|(name, text)| Some((name, HeaderValue::from_str(text.as_ref()?).ok()?)))
}

fn about(response: &Response) -> About {
    let text = |name: HeaderName| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
    // A `Last-Modified` that cannot be read is no reason to take the time of the answer for it.
    let date = text(LAST_MODIFIED).or_else(|| text(DATE)).and_then(|text| http_date(&text));
    About { etag: text(ETAG), last_modified: text(LAST_MODIFIED), date }
}

/// The time in a header, in any of the three forms that RFC 9110 §5.6.7 has.
fn http_date(text: &str) -> Option<Timestamp> {
    Timestamp::try_from(httpdate::parse_http_date(text.trim()).ok()?).ok()
}

/// Whether the server forbids to keep it.
fn is_private(response: &Response) -> bool {
    let values = response.headers().get_all("cache-control").iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case("no-store"))
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
            let error =
                within(Duration::from_millis(300), &server.url.parse().unwrap(), None).await.err().unwrap();
            assert!(error.to_string().contains("cannot be fetched: no answer in time\nhint: "), "{error}");
        }
        assert!(begun.elapsed() < Duration::from_secs(10));
    }

    const BODY: &str = "HTTP/1.1 200 OK\r\nETag: W/\"a,b\"\r\nLast-Modified: Mon, 23 Nov 2026 09:21:28 GMT\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

    /// RFC 9110 §13.1.2 and §13.1.3: the validators go back to the letter.
    #[tokio::test]
    async fn what_is_known_is_asked_for_on_condition() {
        let server = Canned::serve(|asked, _| match asked.head.contains("if-none-match: W/\"a,b\"\r\n") {
            true => Act::Send("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_owned()),
            false => Act::Send(BODY.to_owned()),
        })
        .await;
        let address = server.url.parse().unwrap();
        let first = within(WHOLE, &address, None).await.unwrap();
        let Answer::Whole { about, may_be_kept, .. } = first else { panic!("it was not asked on condition") };
        assert_eq!((about.date.unwrap().to_string().as_str(), may_be_kept), ("2026-11-23T09:21:28Z", true));
        let second = within(WHOLE, &address, Some(&about)).await.unwrap();
        assert!(matches!(second, Answer::Unchanged));
        let heads: Vec<String> = server.asked().into_iter().map(|asked| asked.head).collect();
        let since = "if-modified-since: Mon, 23 Nov 2026 09:21:28 GMT";
        assert_eq!(
            heads.iter().map(|head| head.contains(since)).collect::<Vec<_>>(),
            [false, true],
            "{heads:?}"
        );
    }

    #[test]
    fn each_form_of_a_date_is_read() {
        let forms =
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"];
        for form in forms {
            assert_eq!(http_date(form).unwrap().to_string(), "1994-11-06T08:49:37Z", "{form}");
        }
        assert_eq!(http_date("2026-11-23T09:21:28Z"), None);
    }

    /// It may be years old, whenever it is sent.
    #[tokio::test]
    async fn what_says_unreadably_when_it_was_made_is_of_no_age() {
        let body = BODY.replace("Mon, 23 Nov 2026 09:21:28 GMT", "yesterday");
        let server = Canned::serve(move |_, _| Act::Send(body.clone())).await;
        let answer = within(WHOLE, &server.url.parse().unwrap(), None).await.unwrap();
        assert!(matches!(answer, Answer::Whole { about: About { date: None, .. }, .. }));
    }

    #[tokio::test]
    async fn nothing_is_unchanged_that_was_not_asked_about() {
        let server = Canned::serve(|_, _| {
            Act::Send("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_owned())
        })
        .await;
        let error = within(WHOLE, &server.url.parse().unwrap(), None).await.err().unwrap();
        assert!(error.to_string().contains("answers 304\nhint: "), "{error}");
    }
}
