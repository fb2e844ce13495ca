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

/// Runs the entries until a round brings nothing more: what failed is tried again after the rest.
fn run(server: &Server, call: &Call, entries: Vec<Entry>, mode: Mode) -> Vec<Done> {
    let caller = server.caller(call);
    let mut automatic: BTreeMap<String, Key> = BTreeMap::new();
    let mut done = Vec::new();
    let mut pending = entries;
    loop {
        let before = pending.len();
        let mut failed = Vec::new();
        for entry in pending {
            let result = one(server, call, &caller, &mut automatic, &entry, mode);
            if result.failed() { failed.push((entry, result)) } else { done.push(result) }
        }
        if failed.is_empty() || failed.len() == before {
            done.extend(failed.into_iter().map(|(_, result)| result));
            return done;
        }
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
