//! From the bytes that come back to an answer of the registry, or to trouble.

use std::time::Duration;

use percent_encoding::percent_decode_str;
use reqwest::{Response, StatusCode, header};

use super::{
    request::Effect,
    trouble::{Kind, Trouble},
};
use crate::{
    http::Fault,
    wire::{self, Reply},
};

/// The longest pause that a registry may ask for by `Retry-After`.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// An answer as it came.
pub(super) struct Raw {
    pub status: StatusCode,
    pub content_type: Option<String>,
    pub location: Option<String>,
    pub retry_after: Option<Duration>,
    pub body: Vec<u8>,
}

/// Reads an answer of at most `limit` bytes.
pub(super) async fn read(mut response: Response, limit: usize) -> Result<Raw, Trouble> {
    let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (content_type, location) = (text(header::CONTENT_TYPE), text(header::LOCATION));
    let seconds = text(header::RETRY_AFTER).and_then(|text| text.trim().parse().ok());
    let retry_after = seconds.map(|seconds| Duration::from_secs(seconds).min(LONGEST_WAIT));
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if body.len() + chunk.len() > limit {
            let what = format!("the answer is larger than {} MiB", limit >> 20);
            return Err(Trouble::new(Kind::TooLarge, what, "ask for less, such as one allocation at a time"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Raw { status, content_type, location, retry_after, body })
}

/// Whether the same request may be sent again after a while. A write is repeated only after 429, which the
/// registry gives before it looks at a request (api.md §7).
pub(super) fn may_be_repeated(raw: &Raw, effect: Effect) -> bool {
    match raw.status {
        StatusCode::TOO_MANY_REQUESTS => !is_daily(raw),
        StatusCode::SERVICE_UNAVAILABLE => effect == Effect::None,
        _ => false,
    }
}

/// Whether a limit is meant that no short wait lifts: the daily one, or a block of the address.
fn is_daily(raw: &Raw) -> bool {
    let text = String::from_utf8_lossy(&raw.body);
    text.contains("ERROR:201") || text.contains("has been blocked")
}

/// The registry's own words, or the trouble that something else came. That it points to the path `elsewhere` of its
/// other source is said without words.
pub(super) fn understand(raw: &Raw, elsewhere: Option<&str>) -> Result<Reply, Trouble> {
    match raw.status.as_u16() {
        301 if elsewhere.is_some_and(|path| points_to(raw, path)) => return Ok(Reply::default()),
        300..=399 => return Err(redirected(raw)),
        403 | 426 => return Err(unauthorised(raw)),
        200 | 400 | 401 | 404 | 409 => {}
        status => return Err(other_status(status, raw)),
    }
    Reply::read(raw.content_type.as_deref(), &raw.body).map_err(|unreadable| {
        let what = format!("status {}: {unreadable}", raw.status.as_u16());
        Trouble::new(
            Kind::Unreadable,
            what,
            "something on the way answered instead of the registry; try again later",
        )
    })
}

/// The text of an answer that is one.
pub(super) fn understand_text(raw: &Raw, kind: &str) -> Result<String, Trouble> {
    match raw.status.as_u16() {
        200 if raw.content_type.as_deref().is_some_and(|found| found.starts_with(kind)) => {
            Ok(String::from_utf8_lossy(&raw.body).into_owned())
        }
        200 => Err(Trouble::new(
            Kind::Unreadable,
            format!("status 200, and no {kind}"),
            "something on the way answered instead of the registry; try again later",
        )),
        300..=399 => Err(redirected(raw)),
        403 | 426 => Err(unauthorised(raw)),
        status => Err(other_status(status, raw)),
    }
}

/// Whether the answer points to `path`, at whatever host: nothing is followed.
fn points_to(raw: &Raw, path: &str) -> bool {
    let to = |location: &str| ends_with(location.split(['?', '#']).next().unwrap_or_default(), path);
    raw.location.as_deref().is_some_and(to)
}

/// Refuses an answer whose `link` is that of another request: somebody on the way has kept it from an earlier one.
pub(super) fn is_of_request(link: &str, path: &str, query: &str) -> Result<(), Trouble> {
    let (asked, with) = link.split_once('?').unwrap_or((link, ""));
    if ends_with(asked, path) && with == query {
        return Ok(());
    }
    let what = format!("the answer is one to another request: {}", wire::excerpt(link));
    Err(Trouble::new(
        Kind::Unreadable,
        what,
        "something on the way answered instead of the registry; try again later",
    ))
}

/// Whether `url`, without a query, ends with this path, at whatever host.
fn ends_with(url: &str, path: &str) -> bool {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().to_ascii_lowercase();
    decoded(url).ends_with(&decoded(&format!("/{path}")))
}

fn redirected(raw: &Raw) -> Trouble {
    let to = wire::excerpt(raw.location.as_deref().unwrap_or("nowhere"));
    let what =
        format!("status {}: the registry points to {to}; redirects are not followed", raw.status.as_u16());
    // Only AS numbers and routes have another source (rules.md: 301).
    let has_another = |class: &str| to.to_ascii_lowercase().contains(&format!("-nonauth/{class}/"));
    let next = if ["aut-num", "route", "route6"].into_iter().any(has_another) {
        "its AS number or prefix is outside of the registry's region: what stood there in 2018 stands in its other \
         source, RIPE-NONAUTH, and nothing new can be made; take it out of the estate, and use the IRR of its region"
    } else {
        "check the URL and the source of the registry"
    };
    Trouble::new(Kind::Redirect, what, next)
}

fn unauthorised(raw: &Raw) -> Trouble {
    let what = format!("status {}: the registry refuses the request: {}", raw.status.as_u16(), said(raw));
    Trouble::new(Kind::Unauthorised, what, "check the API key and that the URL begins with `https://`")
}

fn other_status(status: u16, raw: &Raw) -> Trouble {
    let what = format!("status {status}: {}", said(raw));
    match status {
        429 => Trouble::new(Kind::Limit, what, "the registry's limit is reached: go on later, or tomorrow"),
        500.. => {
            Trouble::new(Kind::Status(status), what, "the registry is in trouble itself: try again later")
        }
        _ => Trouble::new(Kind::Status(status), what, "check the URL of the registry"),
    }
}

/// What an answer says that is not needed to be understood.
fn said(raw: &Raw) -> String {
    match Reply::read(raw.content_type.as_deref(), &raw.body) {
        Ok(reply) => wire::excerpt(&reply.errors().join(" ")),
        Err(unreadable) => unreadable.to_string(),
    }
}

/// What became of a request that got no whole answer.
pub(super) fn broken(error: &reqwest::Error) -> Trouble {
    let fault = Fault::of(error);
    let (kind, next) = match &fault {
        Fault::NoConnection(_) => (
            Kind::Unreachable,
            "is the network there, and the registry at work? `--registry sandbox` needs neither",
        ),
        Fault::TooLate | Fault::Broken(_) => (Kind::Broken, "try again later"),
    };
    Trouble::new(kind, fault.to_string(), next)
}
