//! `/references/{source}`: who refers to an object, a person with their maintainer, and the end of both.

use std::collections::BTreeSet;

use hyper::http::{Method, StatusCode};

use super::{
    Server,
    accept::{DATA, Format},
    call::Call,
    path::Named,
    reply::Reply,
    transaction::{self, Steps, Stopped},
};
use crate::{
    registered::Registered,
    rpsl::{Class, Key, Name, Object},
    rules::{Action, Message},
    wire::{Reference, WireObject, render::resources, request, xml},
};

/// `GET /references/{source}/{class}/{key}`: two levels of what refers to it, in whatever source.
pub fn list(server: &Server, call: &Call, named: &Named) -> Reply {
    let world = server.world();
    let key = match named.key() {
        Ok(key) if world.registered.objects.get(&key).is_some() => key,
        Ok(_) => return refused(call, StatusCode::NOT_FOUND, "Not Found"),
        Err(message) => return refused(call, StatusCode::BAD_REQUEST, &message.text),
    };
    let tree = Reference {
        primary_key: named.key.clone(),
        object_type: named.place.class.clone(),
        incoming: incoming(&key, &world.registered, 2),
    };
    match call.negotiated(DATA) {
        Some(Format::Xml) => Reply::xml(StatusCode::OK, xml::references(&tree)),
        _ => Reply::json(StatusCode::OK, &tree),
    }
}

fn incoming(key: &Key, world: &Registered, levels: usize) -> Vec<Reference> {
    if levels == 0 {
        return Vec::new();
    }
    let one = |object: &&Object| Reference {
        primary_key: object.written_key(),
        object_type: object.class().text().to_owned(),
        incoming: incoming(&object.key(), world, levels - 1),
    };
    world.objects.referring(key).iter().map(one).collect()
}

/// A refusal in one sentence, in the form of the answer.
fn refused(call: &Call, status: StatusCode, text: &str) -> Reply {
    let body = resources(None, Vec::new(), &[Message::error(text.to_owned())]);
    match call.negotiated(DATA) {
        Some(Format::Xml) => Reply::xml(status, xml::resources(&body)),
        _ => Reply::json(status, &body),
    }
}

/// Refuses what would be written to another source than the registry's own.
fn in_own(server: &Server, call: &Call, source: &str) -> Result<(), Reply> {
    match source.eq_ignore_ascii_case(&server.settings.source) {
        true => Ok(()),
        false => Err(refused(call, StatusCode::BAD_REQUEST, &format!("Invalid source '{source}'"))),
    }
}

/// `POST` and `PUT /references/{source}`.
pub fn write(server: &Server, call: &Call, source: &str) -> Reply {
    let bad = |text: &str| refused(call, StatusCode::BAD_REQUEST, text);
    let submitted = match call.objects() {
        Ok(Some(submitted)) => submitted,
        Ok(None) => return bad("WhoisResources is mandatory"),
        Err(message) => return Reply::refusal(StatusCode::BAD_REQUEST, call, None, &[*message]),
    };
    let replaces = call.method == Method::PUT;
    if replaces && call.values("override").first().is_none_or(String::is_empty) {
        return bad("override is mandatory");
    }
    match in_own(server, call, source) {
        Err(refusal) => refusal,
        Ok(()) if replaces => replace(server, call, &submitted),
        Ok(()) => create(server, call, submitted),
    }
}

/// Several objects at once, for the registry's staff only.
fn replace(server: &Server, call: &Call, submitted: &[WireObject]) -> Reply {
    let read = |each: &WireObject| {
        let action = match each.action.as_deref() {
            Some("DELETE") => Action::Delete,
            _ => Action::Write,
        };
        Ok((action, request::object(each)?))
    };
    let objects: Vec<(Action, Object)> = match submitted.iter().map(read).collect() {
        Ok(objects) => objects,
        Err(message) => {
            let message: request::Refused = message;
            return Reply::refusal(StatusCode::BAD_REQUEST, call, None, &[*message]);
        }
    };
    transaction::run(server, call, &server.writer(call), |steps| {
        objects.iter().try_for_each(|(action, object)| steps.run(*action, object).map(drop))
    })
}

/// A maintainer and a person that refer to each other.
fn create(server: &Server, call: &Call, submitted: Vec<WireObject>) -> Reply {
    let (mntner, person) = match pair(&submitted, &server.world().registered) {
        Ok(pair) => pair,
        Err(message) => {
            let body = resources(None, submitted, &[*message]);
            return Reply::resources(StatusCode::BAD_REQUEST, call, &body);
        }
    };
    let dummy = server.settings.dummy_contact.as_str();
    transaction::run(server, call, &server.caller(call), |steps| {
        let mut draft = mntner.edit();
        draft.set(Name::AdminC, dummy);
        steps.run(Action::Create, &draft.build().unwrap_or_else(|_| mntner.clone()))?;
        let person = steps.run(Action::Create, &person)?;
        let mntner = steps.run(Action::Write, &mntner)?;
        steps.show(&mntner);
        steps.show(&person);
        steps.messages.retain(|message| message.rule.is_empty());
        Ok(())
    })
}

/// The maintainer and the person of a body.
fn pair(submitted: &[WireObject], world: &Registered) -> Result<(Object, Object), request::Refused> {
    let of = |class: Class| {
        let found = submitted.iter().find(|object| request::claimed_class(object) == Some(class));
        let name = class.text().to_ascii_uppercase();
        found.ok_or_else(|| Box::new(Message::error(format!("Unable to find {name} in WhoisResources"))))
    };
    let (mntner, person) = (of(Class::Mntner)?, of(Class::Person)?);
    let mntner = request::object(mntner)?;
    if world.objects.get(&mntner.key()).is_some() {
        return Err(Box::new(Message::error(format!("mntner {} already exists", mntner.key().text()))));
    }
    Ok((mntner, request::object(person)?))
}

/// `DELETE /references/{source}/{class}/{key}`: the object with all that only it and its like refer to.
pub fn delete(server: &Server, call: &Call, named: &Named) -> Reply {
    let bad = |text: &str| refused(call, StatusCode::BAD_REQUEST, text);
    if let Err(refusal) = in_own(server, call, &named.place.source) {
        return refusal;
    }
    let key = match named.key() {
        Ok(key) => key,
        Err(message) => return bad(&message.text),
    };
    let group = {
        let world = server.world();
        if world.registered.objects.get(&key).is_none() {
            return refused(call, StatusCode::NOT_FOUND, "Not Found");
        }
        if !is_supported(key.class()) {
            let class = key.class().text().to_ascii_uppercase();
            return bad(&format!("Object type {class} is not supported."));
        }
        group(&key, &world.registered)
    };
    let group = match group {
        Ok(group) => group,
        Err(message) => return bad(&message.text),
    };
    // The password is heard where there is more than one object.
    let caller = if group.len() > 1 { server.writer(call) } else { server.caller(call) };
    let dummy = server.settings.dummy_contact.as_str();
    transaction::run(server, call, &caller, |steps| {
        // Like any refused deletion, this one shows no object.
        take_away(&group, dummy, steps).inspect_err(|_| steps.objects.clear())
    })
}

fn is_supported(class: Class) -> bool {
    matches!(class, Class::Mntner | Class::Person | Class::Role)
}

/// The object and everything that refers to it, directly or through others.
fn group(key: &Key, world: &Registered) -> Result<Vec<Object>, request::Refused> {
    let mut keys = BTreeSet::from([key.clone()]);
    let mut pending = vec![key.clone()];
    while let Some(next) = pending.pop() {
        // Contacts first: the registry names the first that is of another class.
        for object in world.objects.referring(&next).into_iter().rev() {
            let key = object.key();
            if !is_supported(key.class()) {
                let class = key.class().text().to_ascii_uppercase();
                let text = format!("Referencing object {} type {class} is not supported.", key.text());
                return Err(Box::new(Message::error(text)));
            }
            if keys.insert(key.clone()) {
                pending.push(key);
            }
        }
    }
    Ok(keys.iter().filter_map(|key| world.objects.get(key).cloned()).collect())
}

/// Lets the maintainers refer to the dummy contact, and then takes away contacts and maintainers.
fn take_away(group: &[Object], dummy: &str, steps: &mut Steps) -> Result<(), Stopped> {
    let (mntners, contacts): (Vec<_>, Vec<_>) =
        group.iter().partition(|object| object.class() == Class::Mntner);
    for mntner in &mntners {
        steps.run(Action::Write, &with_dummy(mntner, dummy))?;
    }
    for contact in contacts.iter().chain(&mntners) {
        let stored = steps.work().registered().objects.get(&contact.key()).cloned();
        steps.run(Action::Delete, stored.as_ref().unwrap_or(contact))?;
    }
    mntners.iter().chain(&contacts).for_each(|object| steps.show(object));
    Ok(())
}

/// The maintainer with the dummy as its only contact.
fn with_dummy(mntner: &Object, dummy: &str) -> Object {
    let mut draft = mntner.edit();
    for name in [Name::AdminC, Name::TechC] {
        if let Some(first) = draft.position(name) {
            let contacts = draft
                .pairs
                .iter()
                .enumerate()
                .filter(|(index, (label, _))| *index == first || Name::from_text(label) != Some(name));
            draft.pairs = contacts.map(|(_, pair)| pair.clone()).collect();
            draft.set(name, dummy);
        }
    }
    draft.build().unwrap_or_else(|_| mntner.clone())
}
