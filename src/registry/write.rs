//! Creating, modifying and deleting one object, really or as a dry-run.

use reqwest::Method;

use super::{
    Registry,
    send::{Effect, Request, Size},
    trouble::Trouble,
};
use crate::{
    rpsl::{Key, Name, Object},
    rules::Message,
    wire::{self, Reply},
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
    /// The object, if the answer has it: as stored if accepted, as submitted if not.
    pub object: Option<Object>,
    /// What is said.
    pub messages: Vec<Message>,
}

impl Answer {
    /// Whether the registry did it, or would.
    pub fn accepted(&self) -> bool {
        self.status == 200
    }

    /// Whether it says that what is stored is the same already. A dry-run never does (api.md §4).
    pub fn unchanged(&self) -> bool {
        let same = |message: &Message| message.text == "Submitted object identical to database object";
        self.accepted() && self.messages.iter().any(same)
    }

    /// When the object was last changed, as the answer has it.
    pub fn last_modified(&self) -> Option<String> {
        self.object.as_ref()?.value(Name::LastModified)
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
        let body = object.map(wire::request_body);
        let answered = self.send(Request { method, path, query, body, size: Size::Object, effect }).await?;
        let Reply { mut objects, messages } = answered.reply;
        Ok(Answer { status: answered.status, object: objects.pop(), messages })
    }
}
