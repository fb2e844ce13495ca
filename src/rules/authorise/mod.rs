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

pub use address::class_of;

use super::{Authority, Case, Message, maintainers};
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
    /// The attributes that would decide for whoever is newly named there, the smallest permission first.
    ways: Vec<Name>,
    /// Whether it is the space of something new.
    is_space: bool,
}

impl Decider {
    /// An attribute of `object`.
    pub fn new(object: &Object, attribute: Name) -> Decider {
        Decider { object: object.key(), attribute, ways: vec![attribute], is_space: false }
    }

    /// The first of `order` that `object` has, or else `mnt-by`. A maintainer suffices in any attribute up to it.
    pub fn first(object: &Object, order: &[Name]) -> Decider {
        let attribute = order.iter().copied().find(|name| object.has(*name)).unwrap_or(Name::MntBy);
        let possible = order.iter().filter(|name| object.class().template().row(**name).is_some());
        let before = possible.copied().take_while(|name| *name != attribute);
        let is_space = object.class().is_address();
        Decider { object: object.key(), attribute, ways: before.chain([attribute]).collect(), is_space }
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
            ways: self.ways.clone(),
            is_space: self.is_space,
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
    let decider = Decider::first(parent, FROM_ABOVE);
    let authority = decider.ask(case, &parent.values(decider.attribute), None)?;
    Ok(Finding::required(authority, Authority::parent_refusal))
}

/// What decides over a new object below: the first of these that there is.
const FROM_ABOVE: &[Name] = &[Name::MntLower, Name::MntBy];

impl Authority {
    /// Nobody decides: `attribute` of `object` itself is what there is nothing above of.
    fn nobody(object: Key, attribute: Name) -> Authority {
        let (maintainers, ways) = (Vec::new(), Vec::new());
        Authority { rule: "", object, attribute, maintainers, proven: None, ways, is_space: true }
    }

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
        Message { not_proven: self.maintainers.clone(), ..message.remedy(self.way_out()) }
    }

    /// Whether it is only space of the RIPE NCC that could decide: what it is for is not registered.
    pub fn is_unregistered_space(&self) -> bool {
        let is_registry = |name: &String| maintainers::is_one_of(maintainers::REGISTRY, name);
        let all_registry = || !self.maintainers.is_empty() && self.maintainers.iter().all(is_registry);
        self.is_space && (self.ways.is_empty() || all_registry())
    }

    /// What to do where the key at hand does not suffice.
    fn way_out(&self) -> String {
        let Authority { object, attribute, maintainers, .. } = self;
        let ask = self.ask(None);
        match maintainers.as_slice() {
            names if !names.is_empty() && !self.is_unregistered_space() => {
                format!("`{attribute}:` of {object} decides: use a key of {}, or {ask}", names.join(" or "))
            }
            _ => ask,
        }
    }

    /// What to ask others for; `yours` is the maintainer that is to be named.
    pub fn ask(&self, yours: Option<&str>) -> String {
        let Authority { object, attribute, maintainers, .. } = self;
        match () {
            () if self.ways.is_empty() => {
                "nothing is registered above it that could decide: its block must be registered first"
                    .to_owned()
            }
            () if maintainers.is_empty() => {
                format!("{object} names no maintainer that exists in its `{attribute}:`")
            }
            () if self.is_unregistered_space() => format!(
                "nothing closer than {object} is registered, and that is the RIPE NCC's own: your block must be \
                 registered first, by your LIR or by the RIPE NCC"
            ),
            () => format!("ask its holder for {}", self.wish(yours)),
        }
    }

    /// What to ask the holder for: the smallest permission, and what would do as well.
    fn wish(&self, yours: Option<&str>) -> String {
        let Some((least, others)) = self.ways.split_first() else { return String::new() };
        let least = match yours {
            Some(name) => format!("`{least}: {name}`"),
            None => format!("`{least}:` with your maintainer"),
        };
        let others: Vec<String> = others.iter().map(|name| format!("`{name}:`")).collect();
        match others.as_slice() {
            [] => least,
            others => format!("{least}, which is enough ({} would do too)", others.join(" or ")),
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
