//! What keeps damage from being done by accident: refusals of ripectl's own, before any of the registry's.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Change,
    limits::{self, Counts},
    ownership,
};
use crate::{
    estate::{Announcement, Estate, Manage},
    finding::{Finding, Severity},
    net::Prefix,
    registered::{Inventory, Query, Registered, all},
    rpsl::{AnyCase, Class, Group, Key, Name, Object},
    rules::{prepare::filtered, stand_in},
};

/// What the user allowed for this run, in so many words.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Allowed {
    /// This number of deletions, and no other (`--allow-deletes`).
    pub deletes: Option<u32>,
    /// This number of modifications, and no other (`--allow-modifies`).
    pub modifies: Option<u32>,
    /// This number of objects of others, and no other (`--allow-reclaims`).
    pub reclaims: Option<u32>,
    /// This number of deletions of what can never come back, and no other (`--allow-irreversible`).
    pub irreversible: Option<u32>,
    /// Characters may be lost that the registry cannot store (`--allow-lossy`).
    pub lossy: bool,
    /// Routes of these prefixes and of more specific ones may go though they are announced (`--allow-announced`).
    pub announced: Vec<Prefix>,
}

/// All reasons not to do `changes`, as errors, and what is to be known of them, as warnings.
pub fn guard(
    changes: &[Change],
    counts: &Counts,
    world: &Registered,
    estate: &Estate,
    allowed: &Allowed,
) -> Vec<Finding> {
    let stop = |change: &Change| match change {
        Change::Create(_) => None,
        Change::Modify { before, after } => lockout(before, after, &estate.manage),
        Change::Delete(object) => still_announced(object, &estate.announcements, allowed),
    };
    let mut findings: Vec<Finding> = changes.iter().filter_map(stop).collect();
    // A number is allowed last: once what is counted is as it should be.
    findings.extend(limits::check(counts, &estate.manage.limits, allowed));
    findings.extend(orphans(changes, &world.objects));
    findings.extend(allowed_in_vain(changes, &estate.announcements, allowed));
    findings.extend(unseen(changes, &estate.announcements));
    findings
}

/// Prefixes whose announced routes may go, and of which none does.
fn allowed_in_vain(changes: &[Change], announcements: &[Announcement], allowed: &Allowed) -> Vec<Finding> {
    let goes = |allowed: Prefix| {
        let going = changes.iter().filter(|change| matches!(change, Change::Delete(_))).map(Change::object);
        let announced = going.filter_map(|object| announcement_of(object, announcements));
        announced.map(|each| each.prefix).any(|prefix| allowed.block().contains(prefix.block()))
    };
    let in_vain = allowed.announced.iter().filter(|prefix| !goes(**prefix));
    let explain = |prefix: &Prefix| {
        let text = format!(
            "`--allow-announced {prefix}` allows nothing: no route of {prefix} goes that is announced"
        );
        Finding::error("still-announced", text).weighing(Severity::Warning).fix("leave it out")
    };
    in_vain.map(explain).collect()
}

/// A change after which none of our maintainers has a say any more, or a maintainer of ours nobody who may use it. What
/// was filtered is refused by the registry, with a better reason.
fn lockout(before: &Object, after: &Object, manage: &Manage) -> Option<Finding> {
    if filtered::is_filtered(after) {
        return None;
    }
    let finding =
        |text: String, remedy: String| Some(Finding::error("lockout", text).about(after.key()).fix(remedy));
    if !ownership::is_ours(after, manage) {
        let text = "none of our maintainers would be in `mnt-by` any more: it could not be changed back";
        let kept = before.values(Name::MntBy).join(", ");
        return finding(text.to_owned(), format!("keep one of ours in `mnt-by` (it has {kept})"));
    }
    let (old, new) = (before.values(Name::Auth), after.values(Name::Auth));
    let new = AnyCase::of(new.iter().map(String::as_str));
    let kept = |auth: &String| new.contains(auth);
    let is_copied = |auth: &String| stand_in::is_account(auth);
    if after.class() == Class::Mntner && !old.is_empty() && old.iter().all(is_copied) && !old.iter().any(kept)
    {
        let text = "its `auth` was not shown when it was copied, and a stand-in that nobody has was put there: whether the \
                    declared `auth` changes it cannot be told";
        return finding(
            text.to_owned(),
            "give `ripectl sandbox copy` a key that speaks for it, or rehearse the rest with `--only`".into(),
        );
    }
    if after.class() == Class::Mntner && !old.is_empty() && !old.iter().any(kept) {
        let text = "every `auth` would be replaced: whoever may use this maintainer now may not undo it";
        return finding(
            text.to_owned(),
            "add the new `auth` first, and take the old one away in a second run".into(),
        );
    }
    None
}

/// A route that goes while its prefix is announced, as far as the estate knows.
fn still_announced(object: &Object, announcements: &[Announcement], allowed: &Allowed) -> Option<Finding> {
    let announcement = announcement_of(object, announcements)?;
    let prefix = announcement.prefix;
    if allowed.announced.iter().any(|allowed| allowed.block().contains(prefix.block())) {
        return None;
    }
    let text = format!("still announced at {}", announcement.sites.join(", "));
    let remedy = format!("withdraw it there and plan again, or `--allow-announced {prefix}`");
    Some(Finding::error("still-announced", text).about(object.key()).fix(remedy))
}

/// The announcement that a route object is for.
fn announcement_of<'a>(object: &Object, announcements: &'a [Announcement]) -> Option<&'a Announcement> {
    let prefix = object.prefix().filter(|_| object.class().is_route())?;
    let origin = object.value(Name::Origin)?;
    let same = |a: &&Announcement| a.prefix == prefix && a.origin.to_string().eq_ignore_ascii_case(&origin);
    announcements.iter().find(same)
}

/// That nobody has looked whether the routes that go, and that no file announces any more, are announced still.
fn unseen(changes: &[Change], announcements: &[Announcement]) -> Option<Finding> {
    let going = changes.iter().filter(|change| matches!(change, Change::Delete(_))).map(Change::object);
    let is_unseen =
        |object: &&Object| object.class().is_route() && announcement_of(object, announcements).is_none();
    let count = going.filter(is_unseen).count();
    let text = format!(
        "{} that no file announces; whether a router still does is not seen from here",
        if count == 1 { "1 route goes".to_owned() } else { format!("{count} routes go") }
    );
    let finding = Finding::error("still-announced", text).weighing(Severity::Info);
    (count > 0).then(|| finding.fix("withdraw what goes at every site first"))
}

/// What must be known of the surroundings of blocks that go: what is above them, and what is inside.
pub fn surroundings(changes: &[Change], world: &Registered) -> Result<(), BTreeSet<Query>> {
    let going = changes.iter().filter(|change| matches!(change, Change::Delete(_))).map(Change::object);
    let questions = going.flat_map(|object| {
        let (class, classes) = (object.class(), below(object.class()));
        let block = object.block().filter(|_| !classes.is_empty());
        let above = block.map(|block| world.exact(class, block));
        let inside = block
            .into_iter()
            .flat_map(move |block| classes.iter().map(move |class| world.more_specific(*class, block)));
        above.into_iter().chain(inside)
    });
    all(questions).map(drop)
}

/// Blocks, routes and zones that would stand without the block that is above them now.
fn orphans(changes: &[Change], registered: &Inventory) -> Vec<Finding> {
    let going: BTreeSet<Key> =
        changes.iter().filter(|c| matches!(c, Change::Delete(_))).map(Change::key).collect();
    let orphans = |change: &Change| {
        let Change::Delete(object) = change else { return None };
        let (block, classes) = (object.block()?, below(object.class()));
        let inside = classes.iter().flat_map(|class| {
            let at = if *class == object.class() { Vec::new() } else { registered.exact(*class, block) };
            at.into_iter().chain(registered.more_specific(*class, block))
        });
        let left: Vec<String> =
            inside.map(Object::key).filter(|key| !going.contains(key)).map(|key| key.to_string()).collect();
        (!left.is_empty()).then(|| orphaned(object, &left))
    };
    changes.iter().filter_map(orphans).collect()
}

fn orphaned(object: &Object, left: &[String]) -> Finding {
    const SHOWN: usize = 5;
    let more = left.len().saturating_sub(SHOWN);
    let shown = left.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let text = format!("what is below it would be left without it: {shown}{more}");
    let remedy = "delete these too, or keep the block; only the holder of the space above can make it again";
    Finding::error("orphans", text).about(object.key()).fix(remedy)
}

/// The classes that live in the address space of a block.
fn below(class: Class) -> &'static [Class] {
    match class {
        Class::Inet6num => &[Class::Inet6num, Class::Route6, Class::Domain],
        Class::Inetnum => &[Class::Inetnum, Class::Route, Class::Domain],
        _ => &[],
    }
}

/// Whether what is done cannot be undone: the handles of people and organisations are never given out again, AS
/// numbers are made by the RIPE NCC alone, and a block only by whom the space above it allows. Not knowing who that
/// is counts as not being allowed.
pub fn is_irreversible(change: &Change, world: &Registered, manage: &Manage) -> bool {
    let Change::Delete(object) = change else { return false };
    match object.class().group() {
        Group::Contact | Group::Organisation | Group::AutNum | Group::AsBlock => true,
        Group::Address => !may_be_made_again(object, world, manage),
        _ => false,
    }
}

fn may_be_made_again(object: &Object, world: &Registered, manage: &Manage) -> bool {
    let Some(block) = object.block() else { return false };
    let Ok(levels) = world.less_specific(object.class(), block) else { return false };
    let parent = levels.into_iter().flatten().next();
    parent.is_some_and(|parent| {
        let decides = if parent.has(Name::MntLower) { Name::MntLower } else { Name::MntBy };
        manage.maintainers.iter().any(|maintainer| parent.names(decides, maintainer.text()))
    })
}
