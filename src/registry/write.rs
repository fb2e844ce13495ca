//! Creating, modifying and deleting one object, really or as a dry-run.

use reqwest::Method;

use super::{
    Registry,
    answer::is_of_request,
    request::{Body, Effect, Request, Size, To},
    trouble::Trouble,
    written::Write,
};
use crate::{
    finding::Severity,
    rpsl::{Class, Key, Name, Object},
    rules::Message,
    wire::{self, Reply, Report},
};

/// Whether a write is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// The registry says what it would do.
    Dry,
    /// The same in other words: the link of the answer tells it from one that somebody has kept from the first.
    DryAgain,
    /// It does it.
    Real,
}

/// The registry's yes or no to a write.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status: 200 is yes.
    pub status: u16,
    /// The objects of the answer, as stored if accepted, as submitted if not: one, but for a first pair.
    pub objects: Vec<Object>,
    /// What is said.
    pub messages: Vec<Message>,
    /// Whether it is the registry's "Not Found".
    says_absent: bool,
    /// Whether it tells what it is about: it shows the object that was sent, or its link is that of the request.
    is_about_it: bool,
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
        Answer { status, objects, messages: report.messages, says_absent: absent, is_about_it: true }
    }

    /// Whether it says that the registry did it, or would: 200, and no error among the messages.
    pub fn accepted(&self) -> bool {
        self.status == 200 && !self.has_error()
    }

    /// Whether it says that nothing was changed, though a real write was meant: something on the way made a dry-run of it.
    pub fn is_of_dry_run(&self) -> bool {
        self.messages.iter().any(|message| message.text.starts_with("Dry-run performed"))
    }

    /// Whether the registry says no, in its own words (api.md §3), and to this request: of all that were recorded only
    /// those that it could not read at all tell neither the object nor the request. So something on the way that says
    /// no after the registry has said yes is not believed.
    pub fn is_refusal(&self) -> bool {
        matches!(self.status, 400 | 401 | 404 | 409) && self.has_error() && self.is_about_it
    }

    /// Whether the registry says that there is no such object to delete.
    pub fn says_absent(&self) -> bool {
        self.status == 404 && self.says_absent
    }

    /// The same answer, of its objects only those of `class`.
    #[must_use]
    pub fn of_class(&self, class: Class) -> Answer {
        let objects = self.objects.iter().filter(|object| object.class() == class).cloned().collect();
        Answer { objects, messages: self.messages.clone(), ..*self }
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
        self.write(Method::POST, path, "unformatted", &[object], mode).await
    }

    /// Makes a maintainer and the person that it names, both or none (POST /references, api.md §7). The registry chooses
    /// the handle, for which `AUTO-1` stands in both. There is no dry-run of it.
    pub async fn create_pair(&self, maintainer: &Object, person: &Object) -> Result<Answer, Trouble> {
        let path = format!("references/{}", self.0.remote.source);
        self.write(Method::POST, path, "", &[maintainer, person], Mode::Real).await
    }

    /// Changes the object, or makes it if there is none (PUT). The key stands in the URL as in the object.
    pub async fn modify(&self, object: &Object, mode: Mode) -> Result<Answer, Trouble> {
        let path = self.path(object.class(), Some(&object.written_key()));
        self.write(Method::PUT, path, "unformatted", &[object], mode).await
    }

    /// Takes the object away (DELETE).
    pub async fn delete(&self, key: &Key, mode: Mode) -> Result<Answer, Trouble> {
        let path = self.path(key.class(), Some(key.text()));
        self.write(Method::DELETE, path, "reason=ripectl", &[], mode).await
    }

    async fn write(
        &self,
        method: Method,
        path: String,
        query: &str,
        sent: &[&Object],
        mode: Mode,
    ) -> Result<Answer, Trouble> {
        let undated: Vec<Object> = sent.iter().map(|object| undated(object)).collect();
        let (query, effect) = match mode {
            Mode::Dry => (format!("dry-run&{query}"), Effect::None),
            Mode::DryAgain => (format!("{query}&dry-run"), Effect::None),
            Mode::Real => (query.to_owned(), Effect::Write),
        };
        let body = match undated.as_slice() {
            [] => None,
            [object] => Some(wire::request_body(object)),
            objects => Some(wire::request_body_of(objects)),
        };
        let answered = self
            .send(Request {
                method,
                path: path.clone(),
                query: query.clone(),
                body: body.map(Body::Json),
                elsewhere: None,
                size: Size::Object,
                effect,
                to: To::Rest,
            })
            .await?;
        let says_absent = answered.reply.says_absent();
        let Reply { objects, messages, link, .. } = answered.reply;
        let shows = |sent: &Object| objects.iter().any(|shown| shown.key() == sent.key());
        if let Some(link) = &link {
            is_of_request(link, &path, &query).map_err(|trouble| trouble.at(&answered.url))?;
        }
        let is_about_it = link.is_some() || sent.iter().any(|object| shows(object));
        let mut answer = Answer { status: answered.status, objects, messages, says_absent, is_about_it };
        let is_done = mode == Mode::Real && answer.accepted() && !answer.is_of_dry_run();
        answer.messages = self.heard(answer.messages, is_done);
        if is_done && answer.objects.len() == sent.len().max(1) {
            for stored in &answer.objects {
                self.written().answered(Write { object: stored.clone(), stands: !sent.is_empty() });
            }
        }
        Ok(answer)
    }
}

/// The object without the date of its last change. The registry writes its own, and would warn of another; and who gives
/// back what was sent gives back no date, by which an answer proves that it is the registry's.
fn undated(object: &Object) -> Object {
    let mut draft = object.edit();
    draft.remove(Name::LastModified);
    draft.build().unwrap_or_else(|_| object.clone())
}
