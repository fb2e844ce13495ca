//! The rules of the RIPE Database, as a transition function over what is known of it.
//!
//! [`decide`] says what a request would come to: the sandbox answers with it, `plan` folds it over its steps,
//! `check` runs it with nothing known but the estate. Its phases follow the server's order of processing
//! (rules.md §1): [`prepare`], [`authorise`], [`business`]. A rule reads facts with `?`; a fact that is not at
//! hand makes the rule undecided and names the question. Nothing here knows of HTTP or files.

pub mod authorise;
pub mod business;
mod case;
pub mod certificate;
mod decision;
mod handles;
mod log;
pub mod maintainers;
pub mod managed;
mod message;
#[cfg(test)]
mod monotone;
#[cfg(test)]
mod no_fixture_keys;
pub mod prepare;
#[cfg(test)]
mod recorded;
mod request;
mod settings;
pub mod stand_in;
mod table_order;

pub use case::{Asked, CREATE, Case, DELETE, Kind, MODIFY, Rule, WRITE};
pub use decision::{Authority, Decision, Effect, Refusal, Undecided};
pub use log::Log;
pub use message::Message;
pub use prepare::{is_stored_form, stored};
pub use request::{Action, Credential, KeyScope, Request, Scope};
pub use settings::{Certainty, Passwords, Region, Settings, nonauth};

use jiff::Timestamp;

use crate::{
    registered::{Query, Registered, Unknown},
    rpsl::{Class, Key, Name, Object},
};

/// Decides a request as far as `world` allows.
pub fn decide(world: &Registered, request: &Request, settings: &Settings, now: Timestamp) -> Decision {
    let mut log = Log::under(settings);
    // What is wrong with the object itself hides everything else.
    let (submitted, stored) = match prepared(world, request, settings, &mut log) {
        Ok(both) => both,
        Err((refusal, submitted)) => return refused(refusal, submitted, Vec::new(), log),
    };
    let (before, credential) = (stored.as_ref(), request.credential);
    let nobody = Asked::default();
    let case = |kind, after, asked| {
        let submitted = &submitted;
        Case { world, settings, credential, now, kind, before, after, submitted, asked }
    };
    let kind = kind_of(request.action, before, &submitted);
    let is_identical = kind == Kind::Noop;
    // What is identical goes on as it is stored; the registry may still want it otherwise.
    let given = before.filter(|_| is_identical).unwrap_or(&submitted);
    let transformed = match kind {
        Kind::Delete => prepare::Transformed { object: submitted.clone(), automatic: None },
        _ => prepare::transform(&case(kind, given, &nobody), request, &mut log),
    };

    // Permission, and then everything else: both are said together.
    let (authority, asked, authorised) = authorise(&case(kind, &transformed.object, &nobody), &mut log);
    let generated = prepare::generate(&case(kind, &transformed.object, &asked), &mut log);
    let kind = match kind_of(request.action, before, &generated) {
        // What nobody was allowed to send is no repetition: every rule looks at it (`SingleUpdateHandler.getAction`).
        Kind::Noop if log.has_errors() => Kind::Modify,
        kind => kind,
    };
    let after = before.filter(|_| kind == Kind::Noop).cloned().unwrap_or(generated);
    let by_rule = check_business(&case(kind, &after, &asked), &mut log);

    if log.has_errors() {
        let refusal = if authorised { by_rule.unwrap_or(Refusal::Invalid) } else { Refusal::Unauthorised };
        // What is identical is answered with the object that is stored, also to those who may not write it.
        let submitted = if is_identical { stored.unwrap_or(submitted) } else { submitted };
        return refused(refusal, submitted, authority, log);
    }
    let effect = effect_of(kind, stored, after, &mut log);
    let (messages, undecided) = log.finish();
    Decision { effect, messages, authority, undecided, automatic: transformed.automatic }
}

/// The submitted object in the registry's spelling and the one that is stored under its key; or why it goes no
/// further, with what it was made into so far.
fn prepared(
    world: &Registered,
    request: &Request,
    settings: &Settings,
    log: &mut Log,
) -> Result<(Object, Option<Object>), (Refusal, Object)> {
    let is_delete = request.action == Action::Delete;
    if let Some(message) = prepare::stumbles(request.object).filter(|_| !is_delete) {
        log.say(message);
        return Err((Refusal::Unreadable, request.object.clone()));
    }
    let submitted = match is_delete {
        true => prepare::sanitise(request.object, log),
        false => prepare::sanitise(&prepare::convert_characters(request.object, log), log),
    };
    check_dns(&submitted, is_delete, settings, log);
    let stored = find_stored(world, &submitted, log);
    if is_delete && stored.is_none() {
        let text = "Object %s does not exist in the database";
        log.say(Message::error(text).arg(formatted_key(&submitted)).of("delete-missing"));
        return Err((Refusal::Missing, submitted));
    }
    if !is_delete {
        prepare::check_structure(&submitted, stored.as_ref(), settings, log);
    }
    match log.has_errors() && request.action != Action::Review {
        true => Err((Refusal::Invalid, submitted)),
        false => Ok((submitted, stored)),
    }
}

fn refused(refusal: Refusal, submitted: Object, authority: Vec<Authority>, log: Log) -> Decision {
    let (messages, undecided) = log.finish();
    let effect = Effect::Refused { refusal, submitted };
    Decision { effect, messages, authority, undecided, automatic: None }
}

/// What becomes of an object that nothing speaks against.
fn effect_of(kind: Kind, stored: Option<Object>, after: Object, log: &mut Log) -> Effect {
    match (kind, stored) {
        (Kind::Noop, Some(stored)) => {
            let text = "Submitted object identical to database object";
            log.say(Message::warning(text).of("identical"));
            Effect::Unchanged(stored)
        }
        (Kind::Delete, Some(_)) => Effect::Deleted(after),
        (Kind::Modify, Some(before)) => Effect::Modified { before, after },
        _ => Effect::Created(after),
    }
}

/// The object under the key of `submitted`, in the registry's spelling.
fn find_stored(world: &Registered, submitted: &Object, log: &mut Log) -> Option<Object> {
    match world.object(&submitted.key()) {
        Ok(stored) => stored.map(|stored| prepare::sanitise(stored, &mut Log::default())),
        Err(unknown) => {
            log.missing("stored", unknown);
            None
        }
    }
}

fn kind_of(action: Action, stored: Option<&Object>, submitted: &Object) -> Kind {
    match (action, stored) {
        (Action::Delete, _) => Kind::Delete,
        (Action::Create, _) | (Action::Write | Action::Review, None) => Kind::Create,
        (Action::Write, Some(stored)) if stored.is_same_as(submitted) => Kind::Noop,
        (Action::Write | Action::Review, Some(_)) => Kind::Modify,
    }
}

/// The check of a reverse zone's name servers, which happens before all else and cannot be foreseen.
fn check_dns(submitted: &Object, is_delete: bool, settings: &Settings, log: &mut Log) {
    if submitted.class() != Class::Domain || is_delete || submitted.block().is_none() {
        return;
    }
    let key = submitted.key();
    match &settings.failing_dns {
        None => log.missing("domain-dns", Unknown(Query::Delegation(key))),
        Some(zones) => {
            if let Some((_, text)) = zones.iter().find(|(zone, _)| zone.eq_ignore_ascii_case(key.text())) {
                log.say(Message::error(text.clone()).of("domain-dns"));
            }
        }
    }
}

/// Runs every strategy; gives what each permission rests on, the maintainers that took part, and whether all strategies
/// are satisfied.
fn authorise(case: &Case, log: &mut Log) -> (Vec<Authority>, Asked, bool) {
    let (mut authority, mut asked) = (Vec::new(), Asked::default());
    if let Credential::Override(passwords) = case.credential {
        // Nobody else is asked (`Authenticator`).
        let refusal = match passwords {
            0 | 1 => "Override authentication failed",
            _ => "Multiple override passwords used",
        };
        log.say(Message::error(refusal));
        return (authority, asked, false);
    }
    let mut authorised = true;
    for strategy in authorise::STRATEGIES {
        match (strategy.check)(case) {
            Ok(found) => {
                let refuses = found.messages.iter().any(|m| m.severity == crate::finding::Severity::Error);
                authorised &= !refuses;
                if !refuses {
                    found.authority.iter().for_each(|each| asked.add(case, &each.maintainers));
                }
                authority.extend(found.authority.into_iter().map(|a| Authority { rule: strategy.name, ..a }));
                log.take(strategy.name, Ok(found.messages));
            }
            Err(unknown) => log.missing(strategy.name, unknown),
        }
    }
    (authority, asked, authorised)
}

impl Asked {
    /// Adds the maintainers of one permission. One that is just being made may speak for itself.
    fn add(&mut self, case: &Case, maintainers: &[String]) {
        let itself =
            |name: &str| case.class() == Class::Mntner && case.after.key() == Key::new(Class::Mntner, name);
        for name in maintainers {
            let stored = case.world.maintainer(name);
            let maintainer = stored.map(|stored| stored.or_else(|| itself(name).then_some(case.after)));
            let proves = |maintainer| case.credential.proves(case.world, maintainer);
            match maintainer.and_then(|maintainer| maintainer.map_or(Ok(false), proves)) {
                Ok(true) => self.proven.push(name.clone()),
                Ok(false) => {}
                Err(unknown) => self.open.push((name.clone(), unknown)),
            }
        }
    }
}

/// Runs every business rule that is for the case; gives the refusal of the rules that have one of their own.
fn check_business(case: &Case, log: &mut Log) -> Option<Refusal> {
    let mut refusal = None;
    for rule in business::rules().filter(|rule| rule.applies(case)) {
        let said = (rule.check)(case).map(|messages| {
            let remedied = |m: Message| Message { remedy: m.remedy.or_else(|| business::remedy(rule)), ..m };
            messages.into_iter().map(remedied).collect::<Vec<_>>()
        });
        let breaks = said.as_ref().is_ok_and(|said| !said.is_empty());
        log.take(rule.name, said);
        match rule.name {
            business::MUST_NOT_EXIST if breaks => refusal = Some(Refusal::Exists),
            business::READABLE_HOLES if breaks => return refusal.or(Some(Refusal::BrokenOff)),
            _ => {}
        }
    }
    refusal
}

/// The key as the registry writes it in messages, such as `[person] FP1-TEST   First Person`.
fn formatted_key(object: &Object) -> String {
    let class = object.class();
    match class {
        Class::Person | Class::Role => {
            let name = object.value(class.first()).unwrap_or_default();
            format!("[{class}] {}   {name}", object.value(Name::NicHdl).unwrap_or_default())
        }
        _ => format!("[{class}] {}", object.key().text()),
    }
}
