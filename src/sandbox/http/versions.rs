//! `GET /{source}/{class}/{key}/versions[/{number}]`

use hyper::http::StatusCode;
use serde_json::{Value, json};

use super::{
    Server,
    call::{Call, Format},
    object::{no_entries, rendered},
    place::Named,
    reply::Reply,
};
use crate::{
    rpsl::{Class, Key},
    rules::Message,
    sandbox::{
        filter::{View, visible},
        history::Revision,
    },
    wire::render::resources,
};

/// The history of an object, as a list.
pub fn list(server: &Server, call: &Call, named: &Named) -> Reply {
    let (key, revisions) = match history(server, call, named) {
        Ok(found) => found,
        Err(refusal) => return refusal,
    };
    let version = |(index, revision): (usize, &Revision)| json!({ "deleted": Value::Null, "revision": index + 1, "date": stamp(revision), "operation": "ADD/UPD" });
    let list: Vec<Value> = revisions.iter().enumerate().map(version).collect();
    let body = json!({
        "errormessages": { "errormessage": [] },
        "versions": { "type": key.class().text(), "key": key.text(), "version": list },
        "terms-and-conditions": { "type": "locator", "href": "https://docs.db.ripe.net/terms-conditions.html" },
    });
    Reply::json(StatusCode::OK, &body)
}

/// One version of an object.
pub fn one(server: &Server, call: &Call, named: &Named, number: &str) -> Reply {
    let (_, revisions) = match history(server, call, named) {
        Ok(found) => found,
        Err(refusal) => return refusal,
    };
    let index = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let Some(revision) = index.and_then(|index| revisions.get(index)) else {
        let text = "ERROR:117: version cannot exceed %d for this object\n\nVersions are numbers greater or equal to 1\nbut cannot exceed the object's current version number.\n";
        let message = Message::error(text).arg(revisions.len());
        return Reply::refusal(StatusCode::NOT_FOUND, call, Some(&server.base), &[message]);
    };
    let world = server.world();
    let reader = server.caller(call).credential;
    let seen = visible(&revision.object, View::Filtered, &reader, &world.registered);
    if call.format() == Some(Format::Text) {
        return Reply::objects([&seen]);
    }
    let wire = rendered(server, call, &seen, &world.registered);
    Reply::resources(StatusCode::OK, call, &resources(None, vec![wire], &[]))
}

fn stamp(revision: &Revision) -> String {
    revision.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn history(server: &Server, call: &Call, named: &Named) -> Result<(Key, Vec<Revision>), Reply> {
    let Some(key) = named.key() else {
        let message = Message::error(format!("Invalid object type: {}", named.place.class));
        return Err(Reply::refusal(StatusCode::BAD_REQUEST, call, None, &[message]));
    };
    if matches!(key.class(), Class::Person | Class::Role) {
        let text = "ERROR:116: unsupported query\n\nVersions are not supported for PERSON/ROLE objects\n";
        return Err(Reply::refusal(StatusCode::BAD_REQUEST, call, None, &[Message::error(text)]));
    }
    let revisions = server.world().revisions(&key);
    if revisions.is_empty() {
        let message = no_entries(&named.place.source);
        return Err(Reply::refusal(StatusCode::NOT_FOUND, call, Some(&server.base), &[message]));
    }
    Ok((key, revisions))
}
