//! Answers: status, headers and body, in the format that was asked for.

use http_body_util::Full;
use hyper::{
    body::Bytes,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
};
use serde::Serialize;

use super::call::{Call, Format};
use crate::{
    rpsl::Object,
    rules::Message,
    wire::{
        Resources,
        render::{self, locator},
        text, xml,
    },
};

/// An answer before it is sent.
#[derive(Clone, Debug)]
pub struct Reply {
    status: StatusCode,
    content_type: Option<&'static str>,
    headers: Vec<(HeaderName, String)>,
    body: Vec<u8>,
}

const TEXT: &str = "text/plain;charset=utf-8";

impl Reply {
    /// Only a status.
    pub fn empty(status: StatusCode) -> Reply {
        Reply { status, content_type: None, headers: Vec::new(), body: Vec::new() }
    }

    /// JSON of any shape.
    pub fn json(status: StatusCode, value: &impl Serialize) -> Reply {
        let body = serde_json::to_vec(value).unwrap_or_default();
        Reply { content_type: Some("application/json"), body, ..Reply::empty(status) }
    }

    /// Plain text.
    pub fn text(status: StatusCode, text: impl Into<String>) -> Reply {
        Reply { content_type: Some(TEXT), body: text.into().into_bytes(), ..Reply::empty(status) }
    }

    /// A text that is labelled as JSON, as the registry does with some refusals.
    pub fn bare(status: StatusCode, text: &str) -> Reply {
        Reply { content_type: Some("application/json"), ..Reply::text(status, text) }
    }

    /// XML that is written already.
    pub fn xml(status: StatusCode, text: String) -> Reply {
        Reply { content_type: Some("application/xml"), ..Reply::text(status, text) }
    }

    /// What the registry's web server says by itself: `{message, url, status}`.
    pub fn web_server(status: StatusCode, message: &str, call: &Call, base: &str) -> Reply {
        let url = call.url(&format!("{base}/whois"));
        let body = serde_json::json!({ "message": message, "url": url, "status": status.as_str() });
        Reply::json(status, &body)
    }

    /// A refusal as plain text: the web server's own page.
    pub fn page(status: StatusCode, url: &str) -> Reply {
        let reason = status.canonical_reason().unwrap_or_default();
        let code = status.as_str();
        let text = format!("HTTP ERROR {code} {reason}\nURI: {url}\nSTATUS: {code}\nMESSAGE: {reason}\n");
        Reply { content_type: Some("text/plain;charset=iso-8859-1"), ..Reply::text(status, text) }
    }

    /// Messages without objects; with a link to the request where the registry gives one.
    pub fn refusal(status: StatusCode, call: &Call, base: Option<&str>, messages: &[Message]) -> Reply {
        let link = base.map(|base| locator(call.url(base)));
        match call.format() {
            Some(Format::Text) => Reply::text(status, text::messages(messages)),
            _ => Reply::resources(status, call, &render::resources(link, Vec::new(), messages)),
        }
    }

    /// Objects and messages, in JSON or XML.
    pub fn resources(status: StatusCode, call: &Call, resources: &Resources) -> Reply {
        match call.format() {
            Some(Format::Xml) => Reply::xml(status, xml::resources(resources)),
            _ => Reply::json(status, resources),
        }
    }

    /// Objects as plain text.
    pub fn objects<'a>(objects: impl IntoIterator<Item = &'a Object>) -> Reply {
        Reply::text(StatusCode::OK, text::objects(objects))
    }

    /// The answer with one more header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The answer as it is sent. A header that cannot be one is left out.
    pub fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store, must-revalidate"));
        if let Some(content_type) = self.content_type {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}
