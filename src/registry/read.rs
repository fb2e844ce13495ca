//! Looking up one object by its key.

use std::sync::Arc;

use reqwest::Method;

use super::{
    KeyIndex, Registry,
    credential_scope::{filtered, hides_auth},
    request::{Effect, Request, Size, To},
    trouble::{Kind, Trouble},
};
use crate::rpsl::{Class, Key, Object};

/// What became of a lookup.
#[derive(Clone, Debug)]
pub enum Looked {
    /// The object stands.
    Found(Object),
    /// There is none.
    Absent,
    /// The registry keeps the key in its other source, if there is an object.
    Elsewhere,
}

impl Looked {
    /// The object, if it was found.
    pub fn object(self) -> Option<Object> {
        match self {
            Looked::Found(object) => Some(object),
            Looked::Absent | Looked::Elsewhere => None,
        }
    }
}

impl Registry {
    /// The object with this key, unfiltered and as it was written. It is absent only if the registry itself says so:
    /// with 404 that there is none, or with 400 that there can be none.
    pub async fn lookup(&self, key: &Key) -> Result<Looked, Trouble> {
        let elsewhere = may_be_elsewhere(key.class()).then(|| self.path_elsewhere(key));
        let path = self.path(key.class(), Some(key.text()));
        match hides_auth(key.class()) {
            true => self.read_with_each(key, &path).await,
            false => self.read(key, path, elsewhere).await,
        }
    }

    /// The same with each key, for `auth` is shown only to one that speaks for the object; as the first of those sees it.
    async fn read_with_each(&self, key: &Key, path: &str) -> Result<Looked, Trouble> {
        let mut seen: Option<Object> = None;
        for at in 0..self.0.keys.len().max(1) {
            let looked = Registry(Arc::clone(&self.0), KeyIndex(at)).read(key, path.to_owned(), None).await?;
            let Looked::Found(object) = looked else { return Ok(looked) };
            self.note_shown(at, &object);
            if seen.as_ref().is_none_or(|seen| filtered(seen) && !filtered(&object)) {
                seen = Some(object);
            }
        }
        Ok(seen.map_or(Looked::Absent, Looked::Found))
    }

    /// The object with this key in the registry's other source.
    pub async fn lookup_elsewhere(&self, key: &Key) -> Result<Looked, Trouble> {
        self.read(key, self.path_elsewhere(key), None).await
    }

    async fn read(&self, key: &Key, path: String, elsewhere: Option<String>) -> Result<Looked, Trouble> {
        let answered = self
            .send(Request {
                method: Method::GET,
                path,
                query: "unfiltered&unformatted".to_owned(),
                body: None,
                elsewhere,
                size: Size::Object,
                effect: Effect::None,
                to: To::Rest,
            })
            .await?;
        match (answered.status, answered.reply.objects.as_slice()) {
            (404, _) if answered.reply.says_absent() => Ok(Looked::Absent),
            (400, _) if answered.reply.says_impossible() => Ok(Looked::Absent),
            (301, _) => Ok(Looked::Elsewhere),
            (200, [object]) if object.key() == *key => Ok(Looked::Found(object.clone())),
            (200, objects) => {
                let keys: Vec<String> = objects.iter().map(|object| object.key().to_string()).collect();
                let what = format!("asked for {key}, the answer has [{}]", keys.join(", "));
                Err(Trouble::new(Kind::Unreadable, what, "check the URL of the registry").at(answered.url))
            }
            (status, _) => Err(refused(status, &answered.reply.errors()).at(answered.url)),
        }
    }
}

/// Whether the registry keeps objects of the class in both of its sources (api.md §3).
pub(super) fn may_be_elsewhere(class: Class) -> bool {
    matches!(class, Class::AutNum | Class::Route | Class::Route6)
}

/// A question that the registry did not want to answer.
pub(super) fn refused(status: u16, errors: &[String]) -> Trouble {
    let what = format!("status {status}: {}", crate::wire::excerpt(&errors.join(" ")));
    let kind = if status == 401 { Kind::Unauthorised } else { Kind::Status(status) };
    Trouble::new(kind, what, "check the key and the source of the registry")
}
