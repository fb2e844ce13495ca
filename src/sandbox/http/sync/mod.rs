//! syncupdates: many objects as text, each stored by itself, answered with a report (api.md §5).

mod form;
mod report;
mod submission;

use std::{collections::BTreeMap, net::IpAddr};

use hyper::http::{Method, StatusCode};

use super::{
    Server,
    call::Call,
    object::{announced, by_severity, of_rehearsal},
    reply::Reply,
};
use crate::{
    rpsl::{Key, Object},
    rules::{Action, Decision, Effect, Message},
    sandbox::{accounts::Caller, state::Verdict},
};
use form::Fields;
use report::{Done, Report};
use submission::{Entry, Mode, Submission};

/// Answers a request to syncupdates at `source`.
pub fn answer(server: &Server, call: &Call, source: &str, peer: IpAddr) -> Reply {
    let fields = match Fields::read(server, call) {
        Ok(fields) => fields,
        Err(refusal) => return refusal,
    };
    let data = fields.value("DATA");
    if call.method == Method::GET && data.is_some() {
        return Reply::page(StatusCode::FORBIDDEN, &call.at(format!("/syncupdates/{source}/")), &server.base);
    }
    let bad = |text: String| Reply::text(StatusCode::BAD_REQUEST, text);
    if !source.eq_ignore_ascii_case(&server.settings.source) {
        return bad(format!("Invalid source specified: {source}"));
    }
    if fields.is_set("DIFF") {
        return bad("the DIFF method is not actually supported by the Syncupdates interface".to_owned());
    }
    let report = Report { peer, now: call.now, source: &server.settings.source };
    match data {
        None if fields.is_set("NEW") => bad("DATA parameter is missing".to_owned()),
        Some(data) if !fields.is_set("HELP") => {
            let submission = Submission::read(data, fields.is_set("NEW"));
            let done = run(server, call, submission.entries, submission.mode);
            Reply::text(StatusCode::OK, report.results(&done, &submission.others, &submission.messages))
        }
        _ => Reply::text(StatusCode::OK, report.help()),
    }
}

/// How many attempts a request has beyond one for each entry. The real server has none such limit, but drops a request
/// after ten minutes.
const RETRIES: usize = 50_000;

/// Runs the entries, in an order in which they succeed.
fn run(server: &Server, call: &Call, entries: Vec<Entry>, mode: Mode) -> Vec<Done> {
    let caller = server.caller(call);
    let mut automatic: BTreeMap<String, Key> = BTreeMap::new();
    attempts(entries, RETRIES, |entry| {
        let done = one(server, call, &caller, &mut automatic, entry, mode);
        if done.failed() { Err(done) } else { Ok(done) }
    })
}

/// Tries all entries, and what failed again in another round, until one brings nothing more or would be more than `retries`.
fn attempts<E, D>(entries: Vec<E>, retries: usize, mut attempt: impl FnMut(&E) -> Result<D, D>) -> Vec<D> {
    let (mut pending, mut left, mut done) = (entries, retries, Vec::new());
    loop {
        let before = pending.len();
        let mut failed = Vec::new();
        for entry in pending {
            match attempt(&entry) {
                Ok(result) => done.push(result),
                Err(result) => failed.push((entry, result)),
            }
        }
        let again = left.checked_sub(failed.len()).filter(|_| !failed.is_empty() && failed.len() < before);
        let Some(rest) = again else {
            done.extend(failed.into_iter().map(|(_, result)| result));
            return done;
        };
        left = rest;
        pending = failed.into_iter().map(|(entry, _)| entry).collect();
    }
}

/// One entry in a transaction of its own.
fn one(
    server: &Server,
    call: &Call,
    caller: &Caller,
    automatic: &mut BTreeMap<String, Key>,
    entry: &Entry,
    mode: Mode,
) -> Done {
    let dry = mode == Mode::DryRun;
    if !entry.complaints.is_empty() {
        return complained(server, caller, entry, dry);
    }
    let caller = &caller.clone().with_override(entry.overrides);
    let asker = server.asker(caller, automatic);
    let decided = server.transact(call.now, |work| {
        let decision = work.decide(entry.action, &entry.object, asker);
        work.apply(&decision.effect);
        let exists = work.registered().objects.get(&entry.object.key()).is_some();
        let messages = announced(caller, dry, &decision, work.registered());
        (if dry { Verdict::Undo } else { Verdict::Keep }, (decision, messages, exists))
    });
    let Some((decision, mut messages, exists)) = decided else {
        let messages = vec![Message::error("Unexpected error occurred")];
        return Done { outcome: "Create FAILED", object: entry.object.clone(), before: None, messages };
    };
    if !dry {
        automatic.extend(decision.automatic.clone());
    }
    let (outcome, object) = outcome(&decision, entry, exists);
    messages.extend(decision.messages);
    by_severity(&mut messages);
    let before = match decision.effect {
        Effect::Modified { before, .. } if dry => Some(before),
        _ => None,
    };
    Done { outcome, object, before, messages }
}

/// What becomes of an entry that cannot be, before anyone is asked for.
fn complained(server: &Server, caller: &Caller, entry: &Entry, dry: bool) -> Done {
    let absent = server.world().registered.objects.get(&entry.object.key()).is_none();
    let text = "Object %s does not exist in the database";
    let missing = absent.then(|| Message::error(text).arg(report::title(&entry.object)));
    let mut messages: Vec<Message> = caller.notes.iter().cloned().chain(of_rehearsal(dry)).collect();
    messages.extend(entry.complaints.iter().cloned().chain(missing));
    by_severity(&mut messages);
    Done { outcome: "Delete FAILED", object: entry.object.clone(), before: None, messages }
}

fn outcome(decision: &Decision, entry: &Entry, exists: bool) -> (&'static str, Object) {
    match &decision.effect {
        Effect::Created(object) => ("Create SUCCEEDED", object.clone()),
        Effect::Modified { after, .. } => ("Modify SUCCEEDED", after.clone()),
        Effect::Deleted(object) => ("Delete SUCCEEDED", object.clone()),
        Effect::Unchanged(object) => ("No operation", object.clone()),
        Effect::Refused { submitted, .. } => match entry.action {
            Action::Delete => ("Delete FAILED", submitted.clone()),
            Action::Write if exists => ("Modify FAILED", submitted.clone()),
            Action::Write | Action::Create | Action::Review => ("Create FAILED", submitted.clone()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of `count` entries, each of which needs the one behind it, are done, and in how many attempts.
    fn check(count: usize, retries: usize) -> (usize, usize) {
        let (mut next, mut tried) = (count, 0);
        let done = attempts((1..=count).collect(), retries, |entry| {
            tried += 1;
            let is_next = *entry == next;
            next -= usize::from(is_next);
            if is_next { Ok(true) } else { Err(false) }
        });
        assert_eq!(done.len(), count, "each is told of once");
        (done.into_iter().filter(|done| *done).count(), tried)
    }

    #[test]
    fn attempts_do_not_grow_with_the_square_of_what_is_submitted() {
        assert_eq!(check(4, 100), (4, 4 + 3 + 2 + 1));
        assert_eq!(check(4, 5), (3, 4 + 3 + 2));
        assert_eq!(check(4, 0), (1, 4));
        let (done, tried) = check(3_000, 10_000);
        assert!(done >= 4 && tried <= 3_000 + 10_000, "{done}, {tried}");
    }

    #[test]
    fn what_brings_nothing_is_not_tried_again() {
        let mut tried = 0;
        let all = attempts(vec![1, 2], 100, |entry| {
            tried += 1;
            Err::<i32, _>(*entry)
        });
        assert_eq!((all, tried), (vec![1, 2], 2));
    }
}
