//! `/references/{source}`: who refers to an object, a person with their maintainer, and the end of both.

use std::collections::BTreeSet;

use hyper::http::StatusCode;
use serde_json::{Value, json};

use super::{
    Server,
    call::Call,
    path::Named,
    reply::Reply,
    transaction::{self, Steps, Stopped},
};
use crate::{
    registered::Registered,
    rpsl::{Class, Key, Name, Object},
    rules::{Action, Message},
    wire::{WireObject, render::resources, request},
};

/// `GET /references/{source}/{class}/{key}`: two levels of what refers to it.
pub fn list(server: &Server, call: &Call, named: &Named) -> Reply {
    let world = server.world();
    let key = named.key().filter(|key| world.registered.objects.get(key).is_some());
    let Some(key) = key else {
        return Reply::refusal(StatusCode::NOT_FOUND, call, None, &[Message::error("Not Found")]);
    };
    Reply::json(StatusCode::OK, &tree(&key, &world.registered, 2))
}

fn tree(key: &Key, world: &Registered, levels: usize) -> Value {
    let mut node = json!({ "primaryKey": key.text(), "objectType": key.class().text() });
    let referring = if levels == 0 { Vec::new() } else { world.objects.referring(key) };
    if let (false, Value::Object(fields)) = (referring.is_empty(), &mut node) {
        let incoming: Vec<Value> =
            referring.iter().map(|object| tree(&object.key(), world, levels - 1)).collect();
        fields.insert("incoming".to_owned(), json!(incoming));
    }
    node
}

/// `POST /references/{source}`: a maintainer and a person that refer to each other.
pub fn create(server: &Server, call: &Call) -> Reply {
    let refuse = |message: request::Refused| Reply::refusal(StatusCode::BAD_REQUEST, call, None, &[*message]);
    let submitted = match call.objects() {
        Ok(submitted) => submitted,
        Err(message) => return refuse(message),
    };
    let (mntner, person) = match pair(&submitted, &server.world().registered) {
        Ok(pair) => pair,
        Err(message) => {
            let body = resources(None, submitted, &[*message]);
            return Reply::resources(StatusCode::BAD_REQUEST, call, &body);
        }
    };
    let dummy = server.settings.dummy_contact.as_str();
    transaction::run(server, call, |steps| {
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
    let refuse =
        |status, message: &str| Reply::refusal(status, call, None, &[Message::error(message.to_owned())]);
    let Some(key) = named.key() else {
        return refuse(StatusCode::BAD_REQUEST, &format!("Invalid object type: {}", named.place.class));
    };
    if !is_supported(key.class()) {
        let class = key.class().text().to_ascii_uppercase();
        return refuse(StatusCode::BAD_REQUEST, &format!("Object type {class} is not supported."));
    }
    let group = {
        let world = server.world();
        if world.registered.objects.get(&key).is_none() {
            return refuse(StatusCode::NOT_FOUND, "Not Found");
        }
        group(&key, &world.registered)
    };
    match group {
        Err(message) => Reply::refusal(StatusCode::BAD_REQUEST, call, None, &[*message]),
        Ok(group) => {
            let dummy = server.settings.dummy_contact.as_str();
            transaction::run(server, call, |steps| {
                // Like any refused deletion, this one shows no object.
                take_away(&group, dummy, steps).inspect_err(|_| steps.objects.clear())
            })
        }
    }
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
