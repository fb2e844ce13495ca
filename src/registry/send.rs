//! The one way on which requests go out and answers come in.

use std::{
    error::Error,
    sync::{PoisonError, atomic::Ordering},
    time::Duration,
};

use reqwest::{Method, RequestBuilder, Response, StatusCode, Url, header};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep_until},
};

use super::{
    Notice, Registry, address,
    trouble::{Kind, Trouble},
};
use crate::{
    rpsl::{Class, Object},
    wire::{self, Reply},
};

/// How much answer is expected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Size {
    /// One object.
    Object,
    /// All that a search finds.
    Search,
}

impl Size {
    /// The largest answer, in bytes.
    fn limit(self) -> usize {
        match self {
            Size::Object => 16 << 20,
            Size::Search => 256 << 20,
        }
    }

    /// How long the whole answer may take; `patience` is how long it may stand still.
    fn time(self, patience: Duration) -> Duration {
        match self {
            Size::Object => patience * 2,
            Size::Search => patience * 10,
        }
    }
}

/// The longest pause that a registry may ask for by `Retry-After`.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// A request before it is sent.
pub(super) struct Request {
    pub method: Method,
    pub path: String,
    pub query: String,
    pub body: Option<String>,
    /// How much answer is expected.
    pub size: Size,
    /// Whether it changes the registry, and so must not be sent twice.
    pub effect: Effect,
}

/// What a request does to the registry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Effect {
    /// Nothing: it may be repeated.
    None,
    /// It may change it.
    Write,
}

/// An answer with its status, which is one that the registry gives to a well-formed request.
pub(super) struct Answered {
    pub status: u16,
    pub reply: Reply,
    pub url: Url,
}

impl Registry {
    /// Sends a request and reads its answer. 200, 400, 401, 404 and 409 with the registry's JSON are answers;
    /// all else is trouble. A refusal for being too quick is waited out.
    pub(super) async fn send(&self, request: Request) -> Result<Answered, Trouble> {
        let url = address::below(&self.0.base, &request.path, &request.query)?;
        let mut waits = self.0.target.waits.iter();
        loop {
            let raw = self.exchange(&request, &url).await.map_err(|trouble| self.clean(trouble.at(&url)))?;
            if may_be_repeated(&request, &raw)
                && let Some(planned) = waits.next()
            {
                self.hold(raw.status, raw.retry_after.unwrap_or(*planned)).await;
                continue;
            }
            let reply = understand(&raw).map_err(|trouble| self.clean(trouble.at(&url)))?;
            if request.method == Method::GET {
                self.count(&reply)?;
            }
            return Ok(Answered { status: raw.status.as_u16(), reply, url });
        }
    }

    async fn exchange(&self, request: &Request, url: &Url) -> Result<Raw, Trouble> {
        let closed = || Trouble::new(Kind::Refused, "the client is closed", "start again");
        let _slot = self.0.slots.acquire().await.map_err(|_| closed())?;
        self.0.pace.wait(&request.method).await;
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        let response = self.build(request, url).send().await.map_err(|error| broken(&error))?;
        let raw = read(response, request.size.limit()).await?;
        (self.0.listener)(&Notice::Answered(self.0.requests.load(Ordering::Relaxed)));
        Ok(raw)
    }

    fn build(&self, request: &Request, url: &Url) -> RequestBuilder {
        let mut builder = self.0.client.request(request.method.clone(), url.clone());
        builder = builder.header(header::ACCEPT, "application/json");
        builder = builder.timeout(request.size.time(self.0.target.patience));
        if let Some(body) = &request.body {
            builder = builder.header(header::CONTENT_TYPE, "application/json").body(body.clone());
        }
        match &self.0.secret {
            Some(secret) => {
                let (id, secret) = secret.expose();
                builder.basic_auth(id, Some(secret))
            }
            None => builder,
        }
    }

    /// Holds all requests back: those that the registry rejects count against its limit too (api.md §9).
    async fn hold(&self, status: StatusCode, pause: Duration) {
        (self.0.listener)(&Notice::Waiting { status: status.as_u16(), pause });
        self.0.pace.hold(pause).await;
    }

    /// Counts the objects of an answer, and stops when the personal data of too many was read.
    fn count(&self, reply: &Reply) -> Result<(), Trouble> {
        self.0.objects.fetch_add(reply.objects.len(), Ordering::Relaxed);
        let mut contacts = self.0.contacts.lock().unwrap_or_else(PoisonError::into_inner);
        contacts.extend(reply.objects.iter().filter(|object| is_personal(object)).map(Object::key));
        let (most, name) = (self.0.target.contacts, &self.0.target.name);
        if contacts.len() <= most {
            return Ok(());
        }
        let what =
            format!("more than {most} persons and roles would be read, which {name} takes for harvesting");
        Err(Trouble::new(Kind::Limit, what, "plan a part of the estate (`--only`), or go on tomorrow"))
    }

    /// The trouble without anything secret that an answer may have repeated.
    fn clean(&self, trouble: Trouble) -> Trouble {
        match &self.0.secret {
            Some(secret) => {
                Trouble { what: secret.hide(&trouble.what), url: secret.hide(&trouble.url), ..trouble }
            }
            None => trouble,
        }
    }
}

/// What is counted as personal data: persons, and roles without an abuse-mailbox.
fn is_personal(object: &Object) -> bool {
    match object.class() {
        Class::Person => true,
        Class::Role => !object.has(crate::rpsl::Name::AbuseMailbox),
        _ => false,
    }
}

/// An answer as it came.
struct Raw {
    status: StatusCode,
    content_type: Option<String>,
    location: Option<String>,
    retry_after: Option<Duration>,
    body: Vec<u8>,
}

async fn read(mut response: Response, limit: usize) -> Result<Raw, Trouble> {
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
fn may_be_repeated(request: &Request, raw: &Raw) -> bool {
    match raw.status {
        StatusCode::TOO_MANY_REQUESTS => !is_daily(raw),
        StatusCode::SERVICE_UNAVAILABLE => request.effect == Effect::None,
        _ => false,
    }
}

/// Whether a limit is meant that no short wait lifts: the daily one, or a block of the address.
fn is_daily(raw: &Raw) -> bool {
    let text = String::from_utf8_lossy(&raw.body);
    text.contains("ERROR:201") || text.contains("has been blocked")
}

fn understand(raw: &Raw) -> Result<Reply, Trouble> {
    match raw.status.as_u16() {
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

fn redirected(raw: &Raw) -> Trouble {
    let to = wire::excerpt(raw.location.as_deref().unwrap_or("nowhere"));
    let what =
        format!("status {}: the registry points to {to}; redirects are not followed", raw.status.as_u16());
    let other_source = to.to_ascii_uppercase().contains("-NONAUTH/");
    let next = if other_source {
        "the object belongs to the other source, RIPE-NONAUTH: take it out of the estate"
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

fn broken(error: &reqwest::Error) -> Trouble {
    let what = causes(error);
    match (error.is_connect() || error.is_builder(), error.is_timeout()) {
        (true, _) => {
            Trouble::new(Kind::Unreachable, format!("no connection: {what}"), "check the URL and the network")
        }
        (_, true) => Trouble::new(Kind::Broken, format!("no answer in time: {what}"), "try again later"),
        _ => Trouble::new(Kind::Broken, format!("the connection broke: {what}"), "try again later"),
    }
}

/// An error with all that caused it, without its URL.
pub(super) fn causes(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    causes.dedup();
    if causes.is_empty() { "no reason given".to_owned() } else { causes.join(": ") }
}

/// The registry's rates: 50 reads and 10 others a second from one address (rules.md §11), kept with some room.
pub(super) struct Pace {
    read: Duration,
    write: Duration,
    free: Mutex<Instant>,
}

impl Pace {
    /// The pace towards a registry; this machine is not spared.
    pub fn towards(base: &Url) -> Pace {
        let (read, write) = if address::is_loopback(base) { (0, 0) } else { (25, 125) };
        Pace {
            read: Duration::from_millis(read),
            write: Duration::from_millis(write),
            free: Mutex::new(Instant::now()),
        }
    }

    /// Lets no request go out for a while.
    async fn hold(&self, pause: Duration) {
        let mut free = self.free.lock().await;
        *free = (*free).max(Instant::now() + pause);
    }

    /// Waits for the next moment at which a request may go out.
    async fn wait(&self, method: &Method) {
        let interval = if *method == Method::GET { self.read } else { self.write };
        let mut free = self.free.lock().await;
        let start = (*free).max(Instant::now());
        *free = start + interval;
        drop(free);
        sleep_until(start).await;
    }
}
