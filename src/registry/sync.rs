//! Deleting an object only as it stands: by syncupdates, where the whole object is sent, compared and taken away in one
//! step (rules.md: "must carry the whole current object"). A DELETE takes whatever stands there.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

use super::{
    Answer, Mode, Registry,
    request::{Body, Effect, Request, Size, To},
    trouble::{Kind, Trouble},
    written::Write,
};
use crate::{rpsl::Object, wire::Report};

/// Where a registry takes syncupdates.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SyncPlace {
    /// The base URL, such as `https://syncupdates.db.ripe.net`.
    pub base: String,
    /// The path below it; none at a host of its own.
    pub path: String,
}

impl SyncPlace {
    /// A host that does nothing else.
    pub fn own(base: &str) -> SyncPlace {
        SyncPlace { base: base.to_owned(), path: String::new() }
    }

    /// The place of a registry at `base` whose configuration names none: the RIPE NCC's are known, and a registry on
    /// this machine has it below `/whois`, as the server's own program has.
    pub fn known(base: &str, is_loopback: bool, source: &str) -> Option<SyncPlace> {
        match base.strip_prefix("https://rest") {
            Some(rest) if rest.trim_end_matches('/').ends_with(".db.ripe.net") => {
                Some(SyncPlace::own(&format!("https://syncupdates{rest}")))
            }
            _ => {
                let below = if base.trim_end_matches('/').ends_with("/whois") { "" } else { "whois/" };
                let path = format!("{below}syncupdates/{source}");
                is_loopback.then(|| SyncPlace { base: base.to_owned(), path })
            }
        }
    }
}

impl Registry {
    /// Whether a deletion carries the whole object, so that it cannot take away what somebody else has changed.
    pub fn deletes_whole(&self) -> bool {
        self.0.sync.is_some()
    }

    /// Takes the object away if it still is as it is here (syncupdates); where the registry is not known to take those,
    /// whatever stands there (DELETE).
    pub async fn delete_whole(&self, object: &Object) -> Result<Answer, Trouble> {
        let Some((_, path)) = &self.0.sync else { return self.delete(&object.key(), Mode::Real).await };
        let text = format!("{}delete: ripectl\n", object.print());
        let body = format!("DATA={}", utf8_percent_encode(&text, NON_ALPHANUMERIC));
        let request = Request {
            method: Method::POST,
            path: path.clone(),
            query: String::new(),
            body: Some(Body::Form(body)),
            elsewhere: None,
            size: Size::Object,
            effect: Effect::Write,
            to: To::Sync,
        };
        let answered = self.send_text(&request, "text/plain").await?;
        let key = object.key();
        let title = format!("[{}] {}", key.class(), key.text());
        let Some(report) = Report::of_deletion(&answered.text, &title) else {
            let what = format!("the answer to the deletion of {key} says nothing of it");
            let next = "something on the way answered instead of the registry; try again later";
            return Err(Trouble::new(Kind::Unreadable, what, next).at(&answered.url));
        };
        let answer = Answer::of_report(report, object);
        if answer.accepted() {
            self.written().answered(Write { object: object.clone(), stands: false });
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_registry_has_its_place_for_syncupdates() {
        let check = |base: &str, loopback, expected: Option<&str>| {
            let place = SyncPlace::known(base, loopback, "RIPE").map(|p| format!("{} {}", p.base, p.path));
            assert_eq!(place.as_deref(), expected);
        };
        check("https://rest.db.ripe.net", false, Some("https://syncupdates.db.ripe.net "));
        check("https://rest-test.db.ripe.net/", false, Some("https://syncupdates-test.db.ripe.net/ "));
        check("https://rest.db.ripe.net.example.net", false, None);
        check("https://rest.example.net", false, None);
        check("http://127.0.0.1:1080/whois", true, Some("http://127.0.0.1:1080/whois syncupdates/RIPE"));
        check("http://127.0.0.1:1080", true, Some("http://127.0.0.1:1080 whois/syncupdates/RIPE"));
    }
}
