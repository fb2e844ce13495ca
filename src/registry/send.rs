//! The one way on which requests go out and answers come in.

use std::{
    sync::{PoisonError, atomic::Ordering},
    time::Duration,
};

use reqwest::{Method, RequestBuilder, StatusCode, Url, header};

use super::{
    Notice, Registry, address,
    answer::{Raw, broken, may_be_repeated, read, understand, understand_text},
    request::{Body, Request, To},
    trouble::{Kind, Trouble},
};
use crate::{
    rpsl::{Class, Name, Object},
    wire::Reply,
};

/// An answer with its status, which is one that the registry gives to a well-formed request.
pub(super) struct Answered {
    pub status: u16,
    pub reply: Reply,
    pub url: Url,
}

/// An answer that is text.
pub(super) struct Text {
    pub text: String,
    pub url: Url,
}

impl Registry {
    /// Sends a request and reads its answer. 200, 400, 401, 404 and 409 with the registry's JSON are answers, and 301
    /// to the other source where that is one; all else is trouble. A refusal for being too quick is waited out.
    pub(super) async fn send(&self, request: Request) -> Result<Answered, Trouble> {
        let (raw, url) = self.answer_to(&request).await?;
        let understood = understand(&raw, request.elsewhere.as_deref()).and_then(|reply| self.cleared(reply));
        let reply = understood.map_err(|trouble| self.clean(trouble.at(&url)))?;
        if request.method == Method::GET {
            self.count(&reply)?;
        }
        Ok(Answered { status: raw.status.as_u16(), reply, url })
    }

    /// The same for an answer that is text of this kind: 200 is an answer, all else is trouble.
    pub(super) async fn send_text(&self, request: &Request, kind: &str) -> Result<Text, Trouble> {
        let (raw, url) = self.answer_to(request).await?;
        let text = understand_text(&raw, kind).map_err(|trouble| self.clean(trouble.at(&url)))?;
        Ok(Text { text: self.0.echo.text(&text).into_owned(), url })
    }

    /// What comes back once nothing is asked for any more but an answer.
    async fn answer_to(&self, request: &Request) -> Result<(Raw, Url), Trouble> {
        let base = match (request.to, &self.0.sync) {
            (To::Sync, Some((address, _))) => address,
            (To::Sync, None) | (To::Rest, _) => &self.0.base,
        };
        let url = address::below(base.url(), &request.path, &request.query)?;
        let mut waits = self.0.remote.limits.waits.iter();
        loop {
            let raw = self.exchange(request, &url).await.map_err(|trouble| self.clean(trouble.at(&url)))?;
            match waits.next().filter(|_| may_be_repeated(&raw, request.effect)) {
                Some(planned) => self.hold(raw.status, raw.retry_after.unwrap_or(*planned)).await,
                None => return Ok((raw, url)),
            }
        }
    }

    async fn exchange(&self, request: &Request, url: &Url) -> Result<Raw, Trouble> {
        let closed = || Trouble::new(Kind::Refused, "the client is closed", "start again");
        let _slot = self.0.slots.acquire().await.map_err(|_| closed())?;
        self.0.pace.wait(&request.method).await;
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        let response = self.build(request, url).send().await.map_err(|error| broken(&error))?;
        let raw = self.0.echo.clear(read(response, request.size.limit()).await?);
        (self.0.listener)(&Notice::Answered(self.0.requests.load(Ordering::Relaxed)));
        Ok(raw)
    }

    fn build(&self, request: &Request, url: &Url) -> RequestBuilder {
        let mut builder = self.0.client.request(request.method.clone(), url.clone());
        let accepted = match request.to {
            To::Rest => "application/json",
            To::Sync => "text/plain",
        };
        builder = builder.header(header::ACCEPT, accepted);
        builder = builder.timeout(request.size.time(self.0.remote.limits.patience));
        let carried = request.body.as_ref().map(|body| match body {
            Body::Json(text) => ("application/json", text),
            Body::Form(text) => ("application/x-www-form-urlencoded; charset=UTF-8", text),
        });
        if let Some((kind, text)) = carried {
            builder = builder.header(header::CONTENT_TYPE, kind).body(text.clone());
        }
        match self.0.keys.get(self.1.0) {
            Some(key) => {
                let (id, secret) = key.secret.expose();
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
        let (most, name) = (self.0.remote.limits.contacts, &self.0.remote.name);
        if contacts.len() <= most {
            return Ok(());
        }
        let what =
            format!("more than {most} persons and roles would be read, which {name} takes for harvesting");
        Err(Trouble::new(Kind::Limit, what, "plan a part of the estate (`--only`), or go on tomorrow"))
    }

    /// The reply without a key that it repeats.
    fn cleared(&self, reply: Reply) -> Result<Reply, Trouble> {
        self.0.echo.clear_reply(reply).map_err(|_| {
            let what = "an object of the answer has the API key where it cannot be left out";
            Trouble::new(Kind::Unreadable, what, "check the URL of the registry, and make another key")
        })
    }

    /// The trouble without a key that an answer may have repeated.
    fn clean(&self, trouble: Trouble) -> Trouble {
        let clear = |text: &str| self.0.echo.text(text).into_owned();
        Trouble { what: clear(&trouble.what), url: clear(&trouble.url), ..trouble }
    }
}

/// What is counted as personal data: persons, and roles without an abuse-mailbox.
fn is_personal(object: &Object) -> bool {
    match object.class() {
        Class::Person => true,
        Class::Role => !object.has(Name::AbuseMailbox),
        _ => false,
    }
}
