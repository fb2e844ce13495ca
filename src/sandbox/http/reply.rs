//! Answers: status, headers and body, in the format that was asked for.

use http_body_util::Full;
use hyper::{
    body::Bytes,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
};
use quick_xml::escape::escape;
use serde::Serialize;

use super::{
    accept::{Format, ranges},
    call::Call,
};
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

    /// XML that is written already.
    pub fn xml(status: StatusCode, text: String) -> Reply {
        Reply { content_type: Some("application/xml"), ..Reply::text(status, text) }
    }

    /// The web server's own page, in the first form that the client takes; nothing but the status if it takes none.
    pub fn page(status: StatusCode, call: &Call, base: &str) -> Reply {
        Reply::page_that_says(status, status.canonical_reason().unwrap_or_default(), call, base)
    }

    /// The same with another text than that of the status.
    pub fn page_that_says(status: StatusCode, message: &str, call: &Call, base: &str) -> Reply {
        let url = call.inner_url(base);
        let accept = call.header(header::ACCEPT).unwrap_or("text/html");
        let form = |range: &str| match range.to_ascii_lowercase().as_str() {
            "application/json" | "text/json" => {
                let body = serde_json::json!({ "message": message, "url": url, "status": status.as_str() });
                Some(Reply::json(status, &body))
            }
            "text/plain" => Some(text_page(status, message, &url)),
            "text/html" | "text/*" | "*/*" => Some(html_page(status, message, &url)),
            _ => None,
        };
        ranges(accept).into_iter().find_map(form).unwrap_or_else(|| Reply::empty(status))
    }

    /// Messages without objects; with a link to the request where the registry gives one.
    pub fn refusal(status: StatusCode, call: &Call, base: Option<&str>, messages: &[Message]) -> Reply {
        let link = base.map(|base| locator(call.url(base)));
        match call.format() {
            Some(Format::Text) => Reply::text(status, text::messages(messages)),
            _ => Reply::resources(status, call, &render::resources(link, Vec::new(), messages)),
        }
    }

    /// What is said when nothing is found one by one: as text it has a form of its own.
    pub fn nothing_found(call: &Call, base: &str, messages: &[Message]) -> Reply {
        match call.streamed() {
            Format::Text => {
                Reply::text(StatusCode::NOT_FOUND, text::nothing_found(&call.url(base), messages))
                    .labelled(call.format())
            }
            Format::Json | Format::Xml => {
                let body = render::resources(Some(locator(call.url(base))), Vec::new(), messages);
                // The list is there even if it is empty.
                let errormessages = Some(body.errormessages.unwrap_or_default());
                Reply::resources(StatusCode::NOT_FOUND, call, &Resources { errormessages, ..body })
            }
        }
    }

    /// Objects and messages, in JSON or XML.
    pub fn resources(status: StatusCode, call: &Call, resources: &Resources) -> Reply {
        match call.format() {
            Some(Format::Xml) => Reply::xml(status, xml::resources(resources)),
            _ => Reply::json(status, resources),
        }
    }

    /// Objects that were found one by one, in JSON or XML.
    pub fn found(call: &Call, resources: &Resources) -> Reply {
        let reply = match call.streamed() {
            Format::Json => Reply::json(StatusCode::OK, resources),
            Format::Xml | Format::Text => Reply::xml(StatusCode::OK, xml::resources(resources)),
        };
        reply.labelled(call.format())
    }

    /// Objects that were found one by one, as plain text.
    pub fn objects<'a>(call: &Call, objects: impl IntoIterator<Item = &'a Object>) -> Reply {
        Reply::text(StatusCode::OK, text::objects(objects)).labelled(call.format())
    }

    /// The answer labelled with the media type that was agreed on, whatever its form is.
    #[must_use]
    pub fn labelled(mut self, format: Option<Format>) -> Reply {
        self.content_type = Some(match format {
            Some(Format::Text) | None => TEXT,
            Some(format) => format.media(),
        });
        self
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

fn text_page(status: StatusCode, message: &str, url: &str) -> Reply {
    let code = status.as_str();
    let text = format!("HTTP ERROR {code} {message}\nURI: {url}\nSTATUS: {code}\nMESSAGE: {message}\n");
    Reply { content_type: Some("text/plain;charset=iso-8859-1"), ..Reply::text(status, text) }
}

fn html_page(status: StatusCode, message: &str, url: &str) -> Reply {
    let (code, message, url) = (status.as_str(), escape(message), escape(url));
    let row = |name: &str, value: &str| format!("<tr><th>{name}:</th><td>{value}</td></tr>\n");
    let rows = [row("URI", &url), row("STATUS", code), row("MESSAGE", &message)].concat();
    let text = format!(
        "<html>\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html;charset=ISO-8859-1\"/>\n\
         <title>Error {code} {message}</title>\n</head>\n<body>\n<h2>HTTP ERROR {code} {message}</h2>\n\
         <table>\n{rows}</table>\n\n</body>\n</html>\n"
    );
    Reply { content_type: Some("text/html;charset=iso-8859-1"), ..Reply::text(status, text) }
}
