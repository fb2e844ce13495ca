//! The versions of an object: when it was changed, by whomever (`/versions`, api.md §4).

use reqwest::Method;
use serde::Deserialize;

use super::{
    Registry, address,
    request::{Effect, Request, Size, To},
    trouble::{Kind, Trouble},
};
use crate::rpsl::Key;

/// A version of an object.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Version {
    /// Its number, from 1.
    pub revision: u32,
    /// When it was written, as its `last-modified` says.
    pub date: String,
}

#[derive(Deserialize)]
struct Document {
    versions: List,
}

#[derive(Deserialize)]
struct List {
    version: Vec<Version>,
}

impl Registry {
    /// The versions of the object, the oldest first. Persons and roles have none.
    pub async fn versions(&self, key: &Key) -> Result<Vec<Version>, Trouble> {
        let request = Request {
            method: Method::GET,
            path: format!("{}/versions", self.path(key.class(), Some(key.text()))),
            query: String::new(),
            body: None,
            elsewhere: None,
            size: Size::Object,
            effect: Effect::None,
            to: To::Rest,
        };
        let answered = self.send_text(&request, "application/json").await?;
        let document: Document = serde_json::from_str(&answered.text).map_err(|_| {
            let what = format!("the versions of {key} cannot be read");
            Trouble::new(Kind::Unreadable, what, "try again later").at(&answered.url)
        })?;
        Ok(document.versions.version)
    }

    /// Where people see the versions of an object.
    pub fn versions_url(&self, key: &Key) -> String {
        let path = format!("{}/versions", self.path(key.class(), Some(key.text())));
        address::below(self.0.base.url(), &path, "").map_or(path, |url| url.to_string())
    }
}
