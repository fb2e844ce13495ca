//! Creating, modifying and deleting one object, really or as a dry-run.

use reqwest::Method;

use super::{
    Registry,
    request::{Body, Effect, Request, Size, To},
    trouble::Trouble,
    written::Write,
};
use crate::{
    finding::Severity,
    rpsl::{Key, Name, Object},
    rules::Message,
    wire::{self, Reply, Report},
};

/// Whether a write is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// The registry says what it would do.
    Dry,
    /// It does it.
    Real,
}

/// The registry's yes or no to a write.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status: 200 is yes.
    pub status: u16,
    /// The objects of the answer: one, as stored if accepted, as submitted if not.
    pub objects: Vec<Object>,
    /// What is said.
    pub messages: Vec<Message>,
    /// Whether it is the registry's "Not Found".
    says_absent: bool,
    /// Whether it is of what stands before the registry.
    is_short: bool,
}

impl Answer {
    /// What a report of syncupdates says of the deletion of `object`.
    pub(super) fn of_report(report: Report, object: &Object) -> Answer {
        let says = |words: &str| report.messages.iter().any(|message| message.to_string().contains(words));
        let (absent, unauthorised) = (says("does not exist in the database"), says("Authorisation for"));
        let status = match report.succeeded {
            true => 200,
            false if absent => 404,
            false if unauthorised => 401,
            false => 400,
        };
        let objects = if report.succeeded { vec![object.clone()] } else { Vec::new() };
        Answer { status, objects, messages: report.messages, says_absent: absent, is_short: false }
    }

    /// Whether it says that the registry did it, or would: 200, and no error among the messages.
    pub fn accepted(&self) -> bool {
        self.status == 200 && !self.has_error()
    }

    /// Whether it says that nothing was changed, though a real write was meant: something on the way made a dry-run of it.
    pub fn is_of_dry_run(&self) -> bool {
        self.messages.iter().any(|message| message.text.starts_with("Dry-run performed"))
    }

    /// Whether the registry says no, in its own words (api.md §3).
    pub fn is_refusal(&self) -> bool {
        matches!(self.status, 400 | 401 | 404 | 409) && self.has_error() && !self.is_short
    }

    /// Whether the registry says that there is no such object to delete.
    pub fn says_absent(&self) -> bool {
        self.status == 404 && self.says_absent
    }

    fn has_error(&self) -> bool {
        self.messages.iter().any(|message| message.severity == Severity::Error)
    }

    /// The object, if the answer has exactly one.
    pub fn object(&self) -> Option<&Object> {
        match self.objects.as_slice() {
            [object] => Some(object),
            _ => None,
        }
    }

    /// Whether it says that what is stored is the same already. A dry-run never does (api.md §4).
    pub fn unchanged(&self) -> bool {
        let same = |message: &Message| message.text == "Submitted object identical to database object";
        self.accepted() && self.messages.iter().any(same)
    }

    /// When the object was last changed, as the answer has it.
    pub fn last_modified(&self) -> Option<String> {
        self.object()?.value(Name::LastModified)
    }
}

impl Registry {
    /// Makes the object; refused if its key exists (POST).
    pub async fn create(&self, object: &Object, mode: Mode) -> Result<Answer, Trouble> {
        let path = self.path(object.class(), None);
        self.write(Method::POST, path, "unformatted", Some(object), mode).await
    }

    /// Changes the object, or makes it if there is none (PUT). The key stands in the URL as in the object.
    pub async fn modify(&self, object: &Object, mode: Mode) -> Result<Answer, Trouble> {
        let path = self.path(object.class(), Some(&object.written_key()));
        self.write(Method::PUT, path, "unformatted", Some(object), mode).await
    }

    /// Takes the object away (DELETE).
    pub async fn delete(&self, key: &Key, mode: Mode) -> Result<Answer, Trouble> {
        let path = self.path(key.class(), Some(key.text()));
        self.write(Method::DELETE, path, "reason=ripectl", None, mode).await
    }

    async fn write(
        &self,
        method: Method,
        path: String,
        query: &str,
        object: Option<&Object>,
        mode: Mode,
    ) -> Result<Answer, Trouble> {
        let (query, effect) = match mode {
            Mode::Dry => (format!("dry-run&{query}"), Effect::None),
            Mode::Real => (query.to_owned(), Effect::Write),
        };
        let body = object.map(wire::request_body).map(Body::Json);
        let answered = self
            .send(Request {
                method,
                path,
                query,
                body,
                elsewhere: None,
                size: Size::Object,
                effect,
                to: To::Rest,
            })
            .await?;
        let says_absent = answered.reply.says_absent();
        let Reply { objects, messages, is_short } = answered.reply;
        let answer = Answer { status: answered.status, objects, messages, says_absent, is_short };
        if mode == Mode::Real
            && answer.accepted()
            && !answer.is_of_dry_run()
            && let Some(stored) = answer.object()
        {
            self.written().answered(Write { object: stored.clone(), stands: object.is_some() });
        }
        Ok(answer)
    }
}
