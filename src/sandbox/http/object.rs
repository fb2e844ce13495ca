//! One object: GET, POST, PUT and DELETE.

use std::collections::BTreeMap;

use hyper::http::StatusCode;

use super::{
    Server,
    accept::Format,
    call::Call,
    key::SearchKey,
    path::{Named, Place, is_in},
    reply::Reply,
};
use crate::{
    finding::Severity,
    registered::Registered,
    rpsl::{Class, Key, Name, Object},
    rules::{Action, Decision, Effect, Message, Refusal},
    sandbox::{
        accounts::Caller,
        filter::{View, visible},
        managed,
        state::Verdict,
    },
    wire::{
        WireObject,
        render::{Rendering, locator, resources},
        request,
    },
};

/// `GET /{source}/{class}/{key}`
pub fn read(server: &Server, call: &Call, named: &Named) -> Reply {
    let key = match named.searched() {
        Ok(key) => key,
        Err(message) => return Reply::refusal(StatusCode::BAD_REQUEST, call, None, &[*message]),
    };
    if !SearchKey::new(&named.key).fits(key.class()) {
        return Reply::refusal(StatusCode::BAD_REQUEST, call, Some(&server.base), &[invalid_key()]);
    }
    if let Some(redirect) = named.redirect(server, call) {
        return redirect;
    }
    let world = server.world();
    let mirror = server.mirror();
    let stored = world.registered.objects.get(&key);
    match stored.filter(|object| named.place.source == mirror || is_in(object, &named.place.source)) {
        Some(object) => found(server, call, object, &world.registered),
        None => Reply::nothing_found(call, &server.base, &[no_entries(&named.place.source)]),
    }
}

/// What the registry says of a key that no object of the class can have.
pub fn invalid_key() -> Message {
    Message::error(
        "ERROR:115: invalid search key\n\nSearch key entered is not valid for the specified object type(s)\n",
    )
}

/// What the registry says when nothing is found in `source`.
pub fn no_entries(source: &str) -> Message {
    Message::error("ERROR:101: no entries found\n\nNo entries found in source %s.\n").arg(source)
}

fn found(server: &Server, call: &Call, object: &Object, world: &Registered) -> Reply {
    let view = if call.is_set("unfiltered") { View::Unfiltered } else { View::Filtered };
    let seen = visible(object, view, &server.caller(call).credential, world);
    match call.streamed() {
        Format::Text => Reply::objects(call, [&seen]),
        Format::Json | Format::Xml => {
            Reply::found(call, &resources(None, vec![rendered(server, call, &seen, world)], &[]))
        }
    }
}

/// The object on the wire, with what else the query asks to be told about it.
pub fn rendered(server: &Server, call: &Call, object: &Object, world: &Registered) -> WireObject {
    let rendering = Rendering { base: &server.base, world, layout: call.layout() };
    let mut wire = rendering.object(object);
    if call.is_set("managed-attributes") {
        managed::mark_managed(&mut wire, object, &rendering);
    }
    if call.is_set("resource-holder") {
        wire.resource_holder = managed::holder(object, world);
    }
    if call.is_set("abuse-contact") {
        wire.abuse_contact = managed::abuse_contact(object, world);
    }
    wire
}

/// `POST /{source}/{class}`
pub fn create(server: &Server, call: &Call, place: &Place) -> Reply {
    let object = match single(server, call) {
        Ok(object) => object,
        Err(refusal) => return refusal,
    };
    if !object.class().text().eq_ignore_ascii_case(&place.class) {
        let text = "Object type specified in URI (%s) does not match the WhoisResources contents";
        return refused(server, call, &Message::error(text).arg(&place.class));
    }
    submit(server, call, Action::Create, &object)
}

/// `PUT /{source}/{class}/{key}`
pub fn write(server: &Server, call: &Call, named: &Named) -> Reply {
    if let Err(message) = named.place.class() {
        return Reply::refusal(StatusCode::BAD_REQUEST, call, None, &[*message]);
    }
    if let Some(redirect) = named.redirect(server, call) {
        return redirect;
    }
    let object = match single(server, call) {
        Ok(object) => object,
        Err(refusal) => return refusal,
    };
    if !object.class().text().eq_ignore_ascii_case(&named.place.class) {
        let text = "Object type and key specified in URI (%s: %s) do not match the WhoisResources contents";
        return refused(server, call, &Message::error(text).arg(&named.place.class).arg(&named.key));
    }
    if !object.written_key().eq_ignore_ascii_case(&named.key) {
        let text = "Primary key (%s) cannot be modified.";
        return refused(server, call, &Message::error(text).arg(&named.key));
    }
    submit(server, call, Action::Write, &object)
}

/// `DELETE /{source}/{class}/{key}`
pub fn delete(server: &Server, call: &Call, named: &Named) -> Reply {
    let key = match named.key() {
        Ok(key) => key,
        Err(message) => return Reply::refusal(StatusCode::BAD_REQUEST, call, None, &[*message]),
    };
    if let Some(redirect) = named.redirect(server, call) {
        return redirect;
    }
    let stored = server.world().registered.objects.get(&key).cloned();
    match stored.filter(|object| is_in(object, &named.place.source)) {
        Some(object) => submit(server, call, Action::Delete, &object),
        None => Reply::refusal(StatusCode::NOT_FOUND, call, None, &[Message::error("Not Found")]),
    }
}

fn refused(server: &Server, call: &Call, message: &Message) -> Reply {
    Reply::refusal(StatusCode::BAD_REQUEST, call, Some(&server.base), std::slice::from_ref(message))
}

/// The one object of the body.
fn single(server: &Server, call: &Call) -> Result<Object, Reply> {
    let refuse = |message: request::Refused| Reply::refusal(StatusCode::BAD_REQUEST, call, None, &[*message]);
    let objects = call.objects().map_err(refuse)?.unwrap_or_default();
    if let [object] = objects.as_slice() {
        return request::object(object).map_err(refuse);
    }
    let text = "Single object expected in WhoisResources (found %d)";
    Err(refused(server, call, &Message::error(text).arg(objects.len())))
}

/// Has the rules decide, stores what they allow unless it is a dry-run, and answers.
fn submit(server: &Server, call: &Call, action: Action, object: &Object) -> Reply {
    let caller = server.writer(call);
    let automatic: BTreeMap<String, Key> = BTreeMap::new();
    let asker = server.asker(&caller, &automatic);
    let dry = call.is_set("dry-run");
    let decided = server.transact(call.now, |work| {
        let decision = work.decide(action, object, asker);
        work.apply(&decision.effect);
        let status = status(&decision.effect);
        let shown = shown(&decision, action);
        let world = work.registered();
        let wire: Vec<WireObject> =
            shown.iter().map(|object| rendered(server, call, object, world)).collect();
        let read = !matches!(decision.effect, Effect::Refused { refusal: Refusal::Unreadable, .. });
        let messages = announced(&caller, dry && read, &decision, world);
        (if dry { Verdict::Undo } else { Verdict::Keep }, (status, wire, messages, decision))
    });
    let Some((status, wire, mut messages, decision)) = decided else {
        let message = Message::error("Unexpected error occurred");
        return Reply::refusal(StatusCode::INTERNAL_SERVER_ERROR, call, Some(&server.base), &[message]);
    };
    messages.extend(decision.messages.into_iter().filter(|message| !(dry && is_no_change(message))));
    by_severity(&mut messages);
    Reply::resources(status, call, &resources(Some(locator(call.url(&server.base))), wire, &messages))
}

/// What is said before all else: how the credential fared, and that nothing is written.
pub fn announced(caller: &Caller, dry: bool, decision: &Decision, world: &Registered) -> Vec<Message> {
    let of_key = of_key(caller, decision, world);
    caller.notes.iter().cloned().chain(of_key).chain(of_rehearsal(dry)).collect()
}

/// What is said of a request that is only tried.
pub fn of_rehearsal(dry: bool) -> Option<Message> {
    dry.then(|| Message::info("Dry-run performed, no changes to the database have been made"))
}

/// What is said of a key, which nobody looks at before a maintainer is asked that knows accounts.
pub fn of_key(caller: &Caller, decision: &Decision, world: &Registered) -> Vec<Message> {
    let has_account = |object: &Object| {
        object.values(Name::Auth).iter().any(|auth| auth.to_ascii_uppercase().starts_with("SSO"))
    };
    // A maintainer that is just being made may speak for itself.
    let submitted = match &decision.effect {
        Effect::Refused { submitted, .. } => Some(submitted),
        _ => None,
    };
    let knows_accounts = |name: &String| {
        let mut keys = [Class::Mntner, Class::Irt].into_iter().map(|class| Key::new(class, name));
        keys.any(|key| {
            let itself = submitted.filter(|submitted| submitted.key() == key);
            world.objects.get(&key).or(itself).is_some_and(has_account)
        })
    };
    let mut asked = decision.authority.iter().flat_map(|authority| &authority.maintainers);
    let when_asked = caller.when_asked.iter().filter(|_| asked.any(knows_accounts));
    let proven = decision.authority.iter().any(|authority| authority.proven.is_some());
    when_asked.chain(caller.when_proven.iter().filter(|_| proven)).cloned().collect()
}

/// Errors first, then warnings; the order among equals stays.
pub fn by_severity(messages: &mut [Message]) {
    messages.sort_by_key(|message| match message.severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Info => 2,
    });
}

/// A dry-run does not tell that nothing would change.
fn is_no_change(message: &Message) -> bool {
    message.rule == "identical"
}

/// The status of an answer.
pub fn status(effect: &Effect) -> StatusCode {
    match effect {
        Effect::Created(_) | Effect::Modified { .. } | Effect::Deleted(_) | Effect::Unchanged(_) => {
            StatusCode::OK
        }
        Effect::Refused { refusal, .. } => match refusal {
            Refusal::Invalid | Refusal::Unreadable => StatusCode::BAD_REQUEST,
            Refusal::Exists => StatusCode::CONFLICT,
            Refusal::Missing => StatusCode::NOT_FOUND,
            Refusal::BrokenOff => StatusCode::INTERNAL_SERVER_ERROR,
            Refusal::Unauthorised => StatusCode::UNAUTHORIZED,
        },
    }
}

/// The object that an answer shows: what was stored or taken away, or what was submitted.
/// A refused deletion shows none, nor does a zone whose name servers fail the check.
pub fn shown(decision: &Decision, action: Action) -> Option<&Object> {
    match &decision.effect {
        Effect::Created(object) | Effect::Deleted(object) | Effect::Unchanged(object) => Some(object),
        Effect::Modified { after, .. } => Some(after),
        Effect::Refused { refusal: Refusal::Unreadable, .. } => None,
        Effect::Refused { submitted, .. } => {
            let unchecked = decision.messages.iter().any(|message| message.rule == "domain-dns");
            (action != Action::Delete && !unchecked).then_some(submitted)
        }
    }
}
