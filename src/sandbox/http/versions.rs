//! `GET /{source}/{class}/{key}/versions[/{number}]`

use hyper::http::StatusCode;
use serde_json::{Value, json};

use super::{
    Server,
    accept::Format,
    call::Call,
    key::SearchKey,
    object::{invalid_key, no_entries, rendered},
    path::Named,
    reply::Reply,
};
use crate::{
    rpsl::{Class, Key},
    rules::Message,
    sandbox::{
        filter::{View, visible},
        history::Revision,
    },
    wire::{
        render::{TERMS, locator, resources},
        xml,
    },
};

/// The history of an object, as a list.
pub fn list(server: &Server, call: &Call, named: &Named) -> Reply {
    let (key, revisions) = match history(server, call, named) {
        Ok(found) => found,
        Err(refusal) => return refusal,
    };
    let versions: Vec<Version> = (1..).zip(revisions.iter().map(stamp)).collect();
    if call.takes_text() {
        return Reply::text(StatusCode::OK, list_text(key.class(), &named.key, &versions))
            .labelled(call.format());
    }
    if call.format() == Some(Format::Xml) {
        return Reply::xml(StatusCode::OK, xml::versions(key.class().text(), &named.key, &versions));
    }
    let version = |(revision, date): &Version| json!({ "deleted": Value::Null, "revision": revision, "date": date, "operation": "ADD/UPD" });
    let list: Vec<Value> = versions.iter().map(version).collect();
    let body = json!({
        "errormessages": { "errormessage": [] },
        "versions": { "type": key.class().text(), "key": named.key, "version": list },
        "terms-and-conditions": locator(TERMS),
    });
    Reply::json(StatusCode::OK, &body).labelled(call.format())
}

/// The number of a version, and when it was written.
type Version = (usize, String);

fn list_text(class: Class, key: &str, versions: &[Version]) -> String {
    let class = class.text().to_ascii_uppercase();
    let mut text = format!("Version history for {class} object \"{key}\"\n\n");
    text.push_str(&format!("{:<5}  {:<16}  {:<7}\n", "rev#", "Date", "Op."));
    for (number, date) in versions {
        text.push_str(&format!("{number:<5} {date:<21} ADD/UPD\n"));
    }
    text
}

/// One version of an object.
pub fn one(server: &Server, call: &Call, named: &Named, number: &str) -> Reply {
    // As the registry's library reads a number.
    let Ok(number) = number.parse::<i32>() else {
        return Reply::page(StatusCode::NOT_FOUND, call, &server.base);
    };
    if number < 0 {
        return refused(call, Message::error("--show-version has a flag argument"));
    }
    let (_, revisions) = match history(server, call, named) {
        Ok(found) => found,
        Err(refusal) => return refusal,
    };
    let Some(index) = usize::try_from(number).ok().and_then(|number| number.checked_sub(1)) else {
        let text = "version flag number must be greater than 0\n\nERROR:111: invalid option supplied\n\nUse help query to see the valid options.\n";
        return refused(call, Message::error(text));
    };
    let Some(revision) = revisions.get(index) else {
        let text = "ERROR:117: version cannot exceed %d for this object\n\nVersions are numbers greater or equal to 1\nbut cannot exceed the object's current version number.\n";
        let message = Message::error(text).arg(revisions.len());
        return Reply::refusal(StatusCode::NOT_FOUND, call, Some(&server.base), &[message]);
    };
    let world = server.world();
    let reader = server.caller(call).credential;
    let seen = visible(&revision.object, View::Filtered, &reader, &world.registered);
    if call.takes_text() {
        return Reply::text(StatusCode::OK, seen.print()).labelled(call.format());
    }
    let wire = rendered(server, call, &seen, &world.registered);
    Reply::resources(StatusCode::OK, call, &resources(None, vec![wire], &[])).labelled(call.format())
}

fn stamp(revision: &Revision) -> String {
    revision.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn refused(call: &Call, message: Message) -> Reply {
    Reply::refusal(StatusCode::BAD_REQUEST, call, None, &[message])
}

fn history(server: &Server, call: &Call, named: &Named) -> Result<(Key, Vec<Revision>), Reply> {
    let key = named.searched().map_err(|message| refused(call, *message))?;
    if !SearchKey::new(&named.key).fits(key.class()) {
        return Err(refused(call, invalid_key()));
    }
    if key.class().is_contact() {
        let text = "ERROR:116: unsupported query\n\nVersions are not supported for PERSON/ROLE objects\n";
        return Err(refused(call, Message::error(text)));
    }
    let revisions = server.world().revisions(&key);
    if revisions.is_empty() {
        let message = no_entries(&named.place.source);
        return Err(Reply::refusal(StatusCode::NOT_FOUND, call, Some(&server.base), &[message]));
    }
    Ok((key, revisions))
}
