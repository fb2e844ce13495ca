//! Looking up one object by its key.

use reqwest::Method;

use super::{
    Registry,
    request::{Effect, Request, Size},
    trouble::{Kind, Trouble},
};
use crate::rpsl::{Key, Object};

impl Registry {
    /// The object with this key, unfiltered and as it was written; `None` only if the registry itself answers
    /// with 404 that there is none.
    pub async fn lookup(&self, key: &Key) -> Result<Option<Object>, Trouble> {
        let answered = self
            .send(Request {
                method: Method::GET,
                path: self.path(key.class(), Some(key.text())),
                query: "unfiltered&unformatted".to_owned(),
                body: None,
                size: Size::Object,
                effect: Effect::None,
            })
            .await?;
        match (answered.status, answered.reply.objects.as_slice()) {
            (404, _) if answered.reply.says_absent() => Ok(None),
            (200, [object]) if object.key() == *key => Ok(Some(object.clone())),
            (200, objects) => {
                let keys: Vec<String> = objects.iter().map(|object| object.key().to_string()).collect();
                let what = format!("asked for {key}, the answer has [{}]", keys.join(", "));
                Err(Trouble::new(Kind::Unreadable, what, "check the URL of the registry").at(answered.url))
            }
            (status, _) => Err(refused(status, &answered.reply.errors()).at(answered.url)),
        }
    }
}

/// A question that the registry did not want to answer.
pub(super) fn refused(status: u16, errors: &[String]) -> Trouble {
    let what = format!("status {status}: {}", crate::wire::excerpt(&errors.join(" ")));
    let kind = if status == 401 { Kind::Unauthorised } else { Kind::Status(status) };
    Trouble::new(kind, what, "check the key and the source of the registry")
}
