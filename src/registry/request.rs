//! A request, before it is sent.

use std::time::Duration;

use reqwest::Method;

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
    pub fn limit(self) -> usize {
        match self {
            Size::Object => 16 << 20,
            Size::Search => 64 << 20,
        }
    }

    /// How long the whole answer may take; `patience` is how long it may stand still.
    pub fn time(self, patience: Duration) -> Duration {
        match self {
            Size::Object => patience * 2,
            Size::Search => patience * 10,
        }
    }
}

/// What a request carries.
pub(super) enum Body {
    /// Objects, as the REST API takes them.
    Json(String),
    /// Fields of a form (`application/x-www-form-urlencoded`).
    Form(String),
}

/// Which of a registry's two interfaces is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum To {
    /// The REST API.
    Rest,
    /// Syncupdates.
    Sync,
}

/// A request before it is sent.
pub(super) struct Request {
    pub method: Method,
    pub path: String,
    pub query: String,
    pub body: Option<Body>,
    /// The path of the same object in the registry's other source: that it points there is an answer to a read.
    pub elsewhere: Option<String>,
    /// How much answer is expected.
    pub size: Size,
    /// Whether it changes the registry, and so must not be sent twice.
    pub effect: Effect,
    /// Where it goes.
    pub to: To,
}

/// What a request does to the registry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Effect {
    /// Nothing: it may be repeated.
    None,
    /// It may change it.
    Write,
}
