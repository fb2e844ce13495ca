//! What kept the registry from being asked or understood. Never "there is no such object".

use std::fmt;

/// A request that came to nothing: what happened, where, and what to do next.
#[derive(Clone, Debug, thiserror::Error)]
pub struct Trouble {
    /// What kind it is.
    pub kind: Kind,
    /// What happened.
    pub what: String,
    /// The URL, without secrets; empty before there was one.
    pub url: String,
    /// What to do or to type next.
    pub next: String,
}

/// The kinds of trouble, by what a caller can do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// No connection was made: nothing was sent.
    Unreachable,
    /// The connection broke, or no answer came in time, after the request may have been sent.
    Broken,
    /// An answer with this status that is neither yes nor no.
    Status(u16),
    /// An answer that is not the registry's.
    Unreadable,
    /// An answer that points elsewhere; nothing is followed.
    Redirect,
    /// An answer above the limit.
    TooLarge,
    /// The registry does not accept the key, or the connection for a key.
    Unauthorised,
    /// A limit of the registry that waiting did not lift, or one that ripectl keeps.
    Limit,
    /// The request was not made because it would not be safe.
    Refused,
}

impl Trouble {
    pub(super) fn new(kind: Kind, what: impl Into<String>, next: impl Into<String>) -> Trouble {
        Trouble { kind, what: what.into(), url: String::new(), next: next.into() }
    }

    pub(super) fn at(self, url: impl fmt::Display) -> Trouble {
        Trouble { url: url.to_string(), ..self }
    }

    /// How sure it is that a write that met with it was not done; `None` if nothing reached the registry, or it was
    /// turned away unread (429: api.md §7).
    pub fn doubt(&self) -> Option<Doubt> {
        match self.kind {
            Kind::Broken | Kind::Status(408 | 500..) => Some(Doubt::Lost),
            Kind::Status(_) | Kind::Redirect | Kind::Unauthorised | Kind::Unreadable | Kind::TooLarge => {
                Some(Doubt::Unclear)
            }
            Kind::Unreachable | Kind::Limit | Kind::Refused => None,
        }
    }
}

/// What a write without a proof of success may have come to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Doubt {
    /// The registry itself says no: it was not done, unless something on the way sent it twice.
    Refused,
    /// An answer came that says neither yes nor no.
    Unclear,
    /// No answer came, or one that the registry never gave: the request may still be under way.
    Lost,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.what)?;
        match self.url.as_str() {
            "" => {}
            // What was to be asked there is of no use to whoever mends a network.
            url if self.kind == Kind::Unreachable => {
                let place: Vec<&str> = url.splitn(4, '/').take(3).collect();
                write!(f, "\n  at {}", place.join("/"))?;
            }
            url => write!(f, "\n  at {url}")?,
        }
        write!(f, "\nhint: {}", self.next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_was_not_reached_the_place_is_told() {
        let told =
            |kind| Trouble::new(kind, "what", "next").at("https://a.example/ripe/aut-num/AS1?x").to_string();
        assert_eq!(told(Kind::Unreachable), "what\n  at https://a.example\nhint: next");
        assert_eq!(told(Kind::Broken), "what\n  at https://a.example/ripe/aut-num/AS1?x\nhint: next");
    }

    #[test]
    fn only_what_was_sent_leaves_doubt() {
        let check = |kind, expected| assert_eq!(Trouble::new(kind, "", "").doubt(), expected, "{kind:?}");
        check(Kind::Unreachable, None);
        check(Kind::Limit, None);
        check(Kind::Refused, None);
        check(Kind::Broken, Some(Doubt::Lost));
        check(Kind::Status(504), Some(Doubt::Lost));
        check(Kind::Status(408), Some(Doubt::Lost));
        check(Kind::Status(201), Some(Doubt::Unclear));
        check(Kind::Status(204), Some(Doubt::Unclear));
        check(Kind::Unreadable, Some(Doubt::Unclear));
        check(Kind::TooLarge, Some(Doubt::Unclear));
        check(Kind::Status(405), Some(Doubt::Unclear));
        check(Kind::Redirect, Some(Doubt::Unclear));
        check(Kind::Unauthorised, Some(Doubt::Unclear));
    }
}
