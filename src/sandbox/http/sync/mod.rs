//! syncupdates: many objects as text, each stored by itself, answered with a report (api.md §5).

mod report;
mod submission;

use std::{collections::BTreeMap, net::IpAddr};

use hyper::http::{Method, StatusCode, header};

use super::{
    Server,
    call::{Call, form},
    object::{announced, by_severity},
    reply::Reply,
};
use crate::{
    rpsl::{Key, Object},
    rules::{Action, Decision, Effect, Message},
    sandbox::{accounts::Caller, state::Verdict},
};
use report::{Done, Report};
use submission::{Entry, Mode, Submission};

/// Answers a request to syncupdates.
pub fn answer(server: &Server, call: &Call, peer: IpAddr) -> Reply {
    let fields = if call.method == Method::GET { form(call.query.as_bytes()) } else { form(&call.body) };
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let data = field("DATA").unwrap_or_default();
    if call.method == Method::GET && !data.is_empty() {
        let host = call.header(header::HOST).unwrap_or_default();
        let url = format!("https://{host}/whois/syncupdates/{}/?{}", server.settings.source, call.query);
        return Reply::page(StatusCode::FORBIDDEN, &url);
    }
    if field("DIFF").is_some() {
        return Reply::text(
            StatusCode::BAD_REQUEST,
            "the DIFF method is not actually supported by the Syncupdates interface",
        );
    }
    let report = Report { peer, now: call.now, source: &server.settings.source };
    if data.trim().is_empty() || field("HELP").is_some() {
        return Reply::text(StatusCode::OK, report.help());
    }
    let create = field("NEW").is_some_and(|value| !value.is_empty() && !value.eq_ignore_ascii_case("no"));
    let submission = Submission::read(data, create);
    let done = run(server, call, submission.entries);
    Reply::text(StatusCode::OK, report.results(&done, &submission.others))
}

/// Runs the entries until a round brings nothing more: what failed is tried again after the rest.
fn run(server: &Server, call: &Call, entries: Vec<Entry>) -> Vec<Done> {
    let caller = server.caller(call);
    let mut automatic: BTreeMap<String, Key> = BTreeMap::new();
    let mut done = Vec::new();
    let mut pending = entries;
    loop {
        let before = pending.len();
        let mut failed = Vec::new();
        for entry in pending {
            let result = one(server, call, &caller, &mut automatic, &entry);
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
) -> Done {
    let asker = server.asker(caller, automatic);
    let dry = entry.mode == Mode::DryRun;
    let decided = server.transact(call.now, |work| {
        let decision = work.decide(entry.action, &entry.object, asker);
        work.apply(&decision.effect);
        let exists = work.registered().objects.get(&entry.object.key()).is_some();
        let messages = announced(caller, dry, &decision, work.registered());
        (if dry { Verdict::Undo } else { Verdict::Keep }, (decision, messages, exists))
    });
    let Some((decision, mut messages, exists)) = decided else {
        let messages = vec![Message::error("Unexpected error occurred")];
        return Done { outcome: "Create FAILED", object: entry.object.clone(), messages };
    };
    if !dry {
        automatic.extend(decision.automatic.clone());
    }
    let (outcome, object) = outcome(&decision, entry, exists);
    messages.extend(decision.messages);
    by_severity(&mut messages);
    Done { outcome, object, messages }
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
