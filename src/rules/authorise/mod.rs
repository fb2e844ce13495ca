//! Who may: each strategy names the objects and attributes that decide (rules.md §5).
//!
//! All strategies that apply must be satisfied; of the maintainers that one names, any suffices. A strategy
//! gives the [`Authority`] that each permission rests on, never a bare yes or no.

mod address;
mod as_block;
mod by;
mod domain;
mod irt;
mod reference;
mod route;

use super::{Authority, Case, Message};
use crate::{
    registered::{Known, Unknown},
    rpsl::{AnyCase, Class, Key, Name, Object},
};

/// A strategy: its rule's name, the server's class that holds it, and what it finds.
pub struct Strategy {
    /// The stable name of the rule.
    pub name: &'static str,
    /// The server's class.
    pub source: &'static str,
    /// What it asks for, in a line.
    pub says: &'static str,
    /// What it rests on, and what it says where it is not satisfied.
    pub check: fn(&Case) -> Known<Finding>,
}

/// What a strategy found.
#[derive(Debug, Default)]
pub struct Finding {
    /// Each permission that was asked for.
    pub authority: Vec<Authority>,
    /// The refusals, and what else is to be said.
    pub messages: Vec<Message>,
}

/// The strategies in the order in which the registry runs them.
pub const STRATEGIES: &[Strategy] = &[
    Strategy {
        name: "authorise-as-block",
        source: "AutnumAuthentication",
        says: "the as-block above a new aut-num consents: `mnt-lower`, else `mnt-by`",
        check: as_block::check,
    },
    Strategy {
        name: "authorise-domain",
        source: "DomainAuthentication",
        says: "the address space of a new reverse zone consents: `mnt-domains`, else `mnt-lower` from above, else `mnt-by`",
        check: domain::check,
    },
    Strategy {
        name: "authorise-parent",
        source: "InetnumAuthentication",
        says: "the block above a new one consents: `mnt-lower`, else `mnt-by`",
        check: address::check,
    },
    Strategy {
        name: "authorise-mnt-by",
        source: "MntByAuthentication",
        says: "a maintainer of the object consents; to a deletion also the holder of the space",
        check: by::check,
    },
    Strategy {
        name: "authorise-mnt-irt",
        source: "MntIrtAuthentication",
        says: "an irt that is newly named consents",
        check: irt::check,
    },
    Strategy {
        name: "authorise-reference",
        source: "ReferenceAuthentication",
        says: "an object with `mnt-ref` consents to being newly named",
        check: reference::check,
    },
    Strategy {
        name: "authorise-route",
        source: "RouteIpAddressAuthentication",
        says: "the closest route, or without one the closest block, consents to a new route: `mnt-routes`, else `mnt-lower` from above, else `mnt-by`",
        check: route::check,
    },
];

/// What decides over a request: an attribute of an object.
#[derive(Clone, Debug)]
pub struct Decider {
    /// The object.
    pub object: Key,
    /// The attribute.
    pub attribute: Name,
}

impl Decider {
    /// An attribute of `object`.
    pub fn new(object: &Object, attribute: Name) -> Decider {
        Decider { object: object.key(), attribute }
    }

    /// Asks whether the credential speaks for one of the maintainers `named` that exist. `own` is a maintainer that
    /// names itself: it is asked once more as it stands in the request, also if it does not exist yet.
    pub fn ask(&self, case: &Case, named: &[String], own: Option<&Object>) -> Known<Authority> {
        let mut asked = Authority {
            rule: "",
            object: self.object.clone(),
            attribute: self.attribute,
            maintainers: Vec::new(),
            proven: None,
        };
        let mut open: Option<Unknown> = None;
        let itself = own.filter(|own| named.iter().any(|name| own.key() == Key::new(Class::Mntner, name)));
        let mut seen = AnyCase::default();
        let once = named.iter().filter(|name| seen.insert(name));
        let existing = once.map(|name| (name.as_str(), case.world.maintainer(name)));
        for (name, found) in existing.chain(itself.map(|own| ("", Ok(Some(own))))) {
            match found.and_then(|found| {
                found.map(|m| case.credential.proves(case.world, m).map(|p| (m, p))).transpose()
            }) {
                Ok(None) => {}
                Ok(Some((maintainer, proven))) => {
                    let text = maintainer.key().text().to_owned();
                    if proven && asked.proven.is_none() {
                        asked.proven = Some(text.clone());
                    }
                    asked.maintainers.push(text);
                }
                Err(unknown) => {
                    asked.maintainers.push(name.to_owned());
                    open = open.or(Some(unknown));
                }
            }
        }
        match (open, &asked.proven) {
            (Some(unknown), None) => Err(unknown),
            _ => Ok(asked),
        }
    }
}

/// The consent of the set or aut-num above a new set: its `mnt-lower`, or without one its `mnt-by`.
pub fn parent_of_set(case: &Case, parent: &Object) -> Known<Finding> {
    let attribute = if parent.has(Name::MntLower) { Name::MntLower } else { Name::MntBy };
    let authority = Decider::new(parent, attribute).ask(case, &parent.values(attribute), None)?;
    Ok(Finding::required(authority, Authority::parent_refusal))
}

impl Authority {
    /// The registry's words for a refusal.
    pub fn refusal(&self) -> Message {
        self.refusal_as("Authorisation for [%s] %s failed\nusing \"%s:\"\n")
    }

    /// The same for the object above.
    pub fn parent_refusal(&self) -> Message {
        self.refusal_as("Authorisation for parent [%s] %s failed\nusing \"%s:\"\n")
    }

    fn refusal_as(&self, head: &str) -> Message {
        let subject = |tail: &str| {
            Message::error(format!("{head}{tail}"))
                .arg(self.object.class())
                .arg(self.object.text())
                .arg(self.attribute)
        };
        let message = match self.maintainers.is_empty() {
            true => subject("no valid maintainer found\n").arg(""),
            false => subject("not authenticated by: %s").arg(self.maintainers.join(", ")),
        };
        message.remedy(self.remedy())
    }

    fn remedy(&self) -> String {
        match self.maintainers.as_slice() {
            [] => format!("{} names no maintainer that exists in its `{}:`", self.object, self.attribute),
            names => format!(
                "`{}:` of {} decides: use a key of {}, or ask its holder to name your maintainer there",
                self.attribute,
                self.object,
                names.join(" or ")
            ),
        }
    }
}

impl Finding {
    /// One permission that must be there.
    fn required(authority: Authority, refusal: fn(&Authority) -> Message) -> Finding {
        let messages = if authority.proven.is_none() { vec![refusal(&authority)] } else { Vec::new() };
        Finding { authority: vec![authority], messages }
    }
}
