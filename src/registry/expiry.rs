//! When a key expires. The registry says it in its answers to writes, within the last two weeks (api.md §1).

use std::{collections::BTreeMap, sync::PoisonError};

use jiff::civil::Date;

use super::Registry;
use crate::rules::Message;

/// What it says: the id of the key, which is nobody's business, and the date.
const EXPIRES: &str = "API KeyId %s is due to expire on %s";

impl Registry {
    /// Takes what is said of the key itself out of the messages to a request, and keeps it. Who says nothing of it tells
    /// something only where it did what a key was for (`is_done`): a refused key, or somebody on the way, knows no date.
    pub(super) fn heard(&self, messages: Vec<Message>, is_done: bool) -> Vec<Message> {
        let (of_key, rest): (Vec<Message>, _) =
            messages.into_iter().partition(|message| message.text == EXPIRES);
        if let Some(key) = self.0.keys.get(self.1.0) {
            let date = of_key.iter().find_map(|message| message.args.get(1)?.parse().ok());
            let mut expiries = self.0.expiries.lock().unwrap_or_else(PoisonError::into_inner);
            match date {
                Some(date) => drop(expiries.insert(key.name.clone(), Some(date))),
                None if is_done => drop(expiries.entry(key.name.clone()).or_default()),
                None => {}
            }
        }
        rest
    }

    /// When each key that was written with expires, by its name; no date where it is not soon.
    pub fn expiries(&self) -> BTreeMap<String, Option<Date>> {
        self.0.expiries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// By what each key is told from another of the same name, by its name.
    pub fn fingerprints(&self) -> BTreeMap<String, String> {
        self.0.keys.iter().map(|key| (key.name.clone(), key.secret.fingerprint())).collect()
    }
}
