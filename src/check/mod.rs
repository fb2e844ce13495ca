//! What the registry would find wrong with the declared objects, as far as the files alone can tell.
//!
//! There is no second set of rules: each object is put before [`rules::decide`] over a world that knows nothing but
//! the estate. What a rule needs to know beyond it leaves that rule undecided, silently: `plan` will ask. Known is
//!
//! * every declared object, also to those before it in the order of a plan, so that references inside the estate
//!   hold; address objects are entered in that order, so that a fault between two of them is told once;
//! * what stands above a block, where something declared does, and what stands inside it.
//!
//! Whether an object is registered already is not known, and the registry asks more of a new object than of one
//! that stands. So each is judged twice ([`Action::Review`]): as new, over a world without it, and as it stands. What
//! is wrong either way is told. What is wrong with a new one only is told too, with the way to say that it is not new;
//! but not where the files tell that it stands: it has `created:`, as everything has that was read from the
//! registry; it is one of the maintainers that we act as; or it is of those that the registry itself makes.
//!
//! Of an object that is edited together with others ([`Shared`](crate::estate::Shared)) the files hold a part. Only what is
//! ours in it is judged, and nothing that hangs on the rest of it is known.
//!
//! Not here: what is no RPSL, templates, keys declared twice (the [estate](crate::estate) finds them), and everything
//! that hangs on what is registered ([`crate::plan`]).

mod aggregate;
mod attribute_of;
mod catalogue;
mod dedupe;
mod part;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;

pub use catalogue::{Chapter, Described, catalogue};
use part::{Parts, is_of_ours};

use crate::{
    estate::{Declared, Estate, Origin},
    finding::{Finding, Severity},
    geofeed,
    plan::{self, Change},
    registered::{Inventory, Query, Registered},
    rpsl::{Class, Group, Key, Name, Object},
    rules::{
        self, Action, Credential, Decision, Message, Request, Settings, maintainers, prepare::filtered::MAIL,
    },
};

/// Rules whose messages tell what the registry does, and nothing that is wrong.
const INFORMATIONAL: [&str; 2] = ["identical", "abuse-mailbox-unlimited"];

/// Rules that the estate itself holds, whatever is registered.
const TOLD: [&str; 1] = ["key-automatic-twice"];

/// Attributes that an object read from the registry has, and that the registry writes anew.
const TIMES: [Name; 2] = [Name::Created, Name::LastModified];

/// All that the rules say against the declared objects, in the order of the files.
pub fn check(estate: &Estate, settings: &Settings, now: Timestamp) -> Vec<Finding> {
    let changes: Vec<Change> = estate.declared.iter().map(|d| Change::Create(d.object.clone())).collect();
    let order = people_first(plan::order(&changes).0, &changes);
    let ours: Vec<String> = estate.manage.maintainers.iter().map(|key| key.text().to_owned()).collect();
    let mut judge = Judge {
        world: known_from(&estate.declared),
        automatic: BTreeMap::new(),
        credential: Credential::Maintainers(ours),
        settings,
        now,
    };
    let declared = order.into_iter().filter_map(|at| Some((at, estate.declared.get(at)?)));
    let mut found: Vec<(usize, &Declared, Vec<Finding>)> =
        declared.map(|(at, declared)| (at, declared, judge.findings(declared))).collect();
    found.sort_by_key(|(at, ..)| *at);
    let told = found
        .into_iter()
        .flat_map(|(_, declared, findings)| findings.into_iter().map(move |f| (declared, f)));
    let mut findings = plan::in_templates(estate);
    findings.extend(dedupe::for_each_template(told));
    findings.extend(aggregate::suggestions(estate));
    if estate.geofeed.is_some() {
        findings.extend(geofeed::feed(estate).findings);
    }
    findings
}

/// What the rules say against an object that is declared nowhere and would stand among those of the estate.
pub fn draft(object: &Object, estate: &Estate, settings: &Settings, now: Timestamp) -> Vec<String> {
    let ours: Vec<String> = estate.manage.maintainers.iter().map(|key| key.text().to_owned()).collect();
    let mut judge = Judge {
        world: known_from(&estate.declared),
        automatic: BTreeMap::new(),
        credential: Credential::Maintainers(ours),
        settings,
        now,
    };
    judge.world.put(object.clone());
    judge.said(object).iter().map(|message| message.to_string().trim().to_owned()).collect()
}

/// The order, with the person of a first pair before its maintainer: what that names is known then.
fn people_first(mut order: Vec<usize>, changes: &[Change]) -> Vec<usize> {
    let object = |at: usize| changes.get(at).map(Change::object);
    for at in 1..order.len() {
        let Some([one, next]) = order.get(at - 1..=at).and_then(|two| <[usize; 2]>::try_from(two).ok())
        else {
            break;
        };
        if object(one).zip(object(next)).is_some_and(|(one, next)| plan::is_pair(one, next)) {
            order.swap(at - 1, at);
        }
    }
    order
}

/// What the estate knows of a registry, before any address object is entered.
fn known_from(declared: &[Declared]) -> Registered {
    // Of what is shared the files know a part: it could be taken for all.
    let whole = || declared.iter().filter(|declared| declared.shared.is_none());
    let objects = || whole().map(|declared| declared.object.clone());
    let (all, parts) = (Inventory::of(objects()), Parts::of(declared));
    let mut world = Registered {
        objects: Inventory::of(objects().filter(|object| object.block().is_none())),
        ..Registered::default()
    };
    for object in all.iter().map(|(_, object)| object) {
        let Some(block) = object.block() else { continue };
        for class in Class::all().filter(|class| class.is_in_space()) {
            if !all.less_specific(class, block).is_empty() && !parts.cover(class, block) {
                world.answered.note(Query::Covering(class, block));
            }
            world.answered.note(Query::Within(class, block));
        }
    }
    world
}

/// What the files tell about whether an object is registered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Existence {
    /// It is.
    Stands,
    /// It is not: the registry is to choose its key.
    New,
    /// They do not tell.
    Unknown,
}

/// The rules with the facts of the estate.
struct Judge<'a> {
    world: Registered,
    automatic: BTreeMap<String, Key>,
    credential: Credential,
    settings: &'a Settings,
    now: Timestamp,
}

impl Judge<'_> {
    /// What is wrong with an object, which is entered as one that stands.
    fn findings(&mut self, declared: &Declared) -> Vec<Finding> {
        let object = &declared.object;
        let existence = match declared.shared {
            Some(_) => Existence::Stands, // or others make it
            None => self.existence(object),
        };
        self.world.objects.remove(&object.key());
        let as_new = match existence {
            Existence::Stands => Vec::new(),
            Existence::New | Existence::Unknown => self.said(object),
        };
        self.world.put(object.clone());
        let standing = match existence {
            Existence::New => Vec::new(),
            Existence::Stands | Existence::Unknown => self.said(object),
        };
        if declared.shared.is_some() {
            self.world.objects.remove(&object.key());
        }
        let said: HashSet<_> = standing.iter().map(Message::said).collect();
        let also = |message: &Message| said.contains(&message.said());
        let can_tell = existence == Existence::Unknown && declared.origin == Origin::File;
        let new_only = as_new.into_iter().filter(|message| !also(message));
        let new_only: Vec<Message> =
            new_only.map(|message| if can_tell { unless_registered(message) } else { message }).collect();
        let is_told = |message: &&Message| {
            declared.shared.as_ref().is_none_or(|shared| is_of_ours(message, object, shared))
        };
        let said = standing.iter().chain(&new_only).filter(is_told);
        let places = attribute_of::Places::of(object);
        let told = without_echoes(said.map(|message| (message, places.attribute(message))));
        let mut findings: Vec<Finding> = Vec::new();
        for new in told.map(|(message, at)| finding(message, at, declared)) {
            match findings.iter_mut().find(|told| (told.rule, &told.text) == (new.rule, &new.text)) {
                // The same goes for another line of the object: it is told once.
                Some(told) => new.place.into_iter().for_each(|place| told.add_place(place)),
                None => findings.push(new),
            }
        }
        findings
    }

    /// What the rules say against it: as new, if the world does not hold it, else as it stands.
    fn said(&mut self, object: &Object) -> Vec<Message> {
        let decision = self.decide(object);
        self.automatic.extend(decision.automatic.clone());
        if let Some((_, key)) = &decision.automatic {
            let mut draft = object.edit();
            draft.set(object.class().template().key[0], key.text());
            draft.build().into_iter().for_each(|named| drop(self.world.put(named)));
        }
        decision.messages.into_iter().filter(is_wrong).collect()
    }

    fn decide(&self, object: &Object) -> Decision {
        let action = Action::Review;
        let request = Request { action, object, credential: &self.credential, automatic: &self.automatic };
        rules::decide(&self.world, &request, self.settings, self.now)
    }

    fn existence(&self, object: &Object) -> Existence {
        let key = object.key();
        let chosen = key.text().get(..5).is_none_or(|head| !head.eq_ignore_ascii_case("AUTO-"));
        let theirs = || maintainers::any_of_registry(&object.values(Name::MntBy));
        let made_by_registry = match object.class().group() {
            Group::AsBlock | Group::AutNum | Group::Organisation => true,
            Group::Address => theirs(),
            Group::Credential if object.class() == Class::KeyCert => {
                key.text().to_ascii_uppercase().starts_with("X509-")
            }
            _ => false,
        };
        let is_ours = || {
            matches!(&self.credential, Credential::Maintainers(ours)
            if ours.iter().any(|name| key == Key::new(Class::Mntner, name)))
        };
        match () {
            () if !chosen => Existence::New,
            () if object.has(Name::Created) || made_by_registry || is_ours() => Existence::Stands,
            () => Existence::Unknown,
        }
    }
}

/// Whether the message is of something wrong, and not only of what the registry does.
fn is_wrong(message: &Message) -> bool {
    let about = message.attribute.as_ref().and_then(|(label, _)| Name::from_text(label));
    let of_times = about.is_some_and(|name| TIMES.contains(&name));
    message.severity != Severity::Info
        && !of_times
        && ![&INFORMATIONAL[..], &TOLD].concat().contains(&message.rule)
}

/// The same message with the way to say that the object is not new.
fn unless_registered(message: Message) -> Message {
    let known = "if it is registered already, keep its `created:` line: then it is not taken for new";
    let remedy = message.remedy.as_deref().filter(|remedy| !remedy.is_empty());
    let remedy = remedy.map_or_else(|| known.to_owned(), |remedy| format!("{remedy}; {known}"));
    message.remedy(remedy)
}

/// The messages without those that follow from the text being wrong: a second one about an attribute that has no
/// meaning, and those about permission where there may be nobody to ask.
fn without_echoes<'a>(
    said: impl Iterator<Item = (&'a Message, Option<usize>)>,
) -> impl Iterator<Item = (&'a Message, Option<usize>)> {
    let all: Vec<_> = said.collect();
    let is_of_text = |message: &Message| message.rule == "syntax" || message.rule.starts_with("structure-");
    let of_text = all.iter().filter(|(message, _)| is_of_text(message));
    let broken: HashSet<Option<usize>> = of_text.map(|(_, at)| *at).collect();
    let is_filtered = all.iter().any(|(message, _)| message.rule == "structure-filtered");
    let is_echo = move |message: &Message, at: Option<usize>| {
        let about_broken = at.is_some() && broken.contains(&at);
        let of_filter = is_filtered && follows_from_filter(message);
        let of_broken = !is_of_text(message) && (about_broken || message.rule.starts_with("authorise-"));
        of_filter || !broken.is_empty() && of_broken
    };
    all.into_iter().filter(move |(message, at)| !is_echo(message, *at))
}

/// Whether the message is of what whois leaves out, or of the mark that it leaves.
fn follows_from_filter(message: &Message) -> bool {
    let is_marked =
        || message.attribute.as_ref().is_some_and(|(_, raw)| raw.trim_end().ends_with("# Filtered"));
    match message.rule {
        "structure-missing" => {
            message.args.iter().filter_map(|arg| Name::from_text(arg)).any(|n| MAIL.contains(&n))
        }
        "source-comment" => true,
        "syntax" | "registry-managed-comment" => is_marked(),
        _ => false,
    }
}

fn finding(message: &Message, at: Option<usize>, declared: &Declared) -> Finding {
    let place = at.map_or_else(|| declared.place.clone(), |index| declared.place_of(index));
    let text = message.to_string();
    let finding = Finding::error(message.rule, text.trim())
        .weighing(message.severity)
        .about(declared.object.key())
        .at(place);
    Finding { remedy: message.remedy.clone().filter(|remedy| !remedy.is_empty()), ..finding }
}
