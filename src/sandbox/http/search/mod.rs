//! `GET /search`: by key, by address, by inverse attribute.

mod find;
mod flags;
mod query;
mod related;

use hyper::http::StatusCode;
use serde_json::json;

use super::{
    Server,
    accept::Format,
    call::Call,
    object::{no_entries, rendered},
    path::is_in,
    reply::Reply,
};
use crate::{
    rpsl::{Class, Name, Object},
    rules::{Credential, Message, prepare::is_well_formed},
    sandbox::filter::{View, visible},
    wire::{Objects, Resources, render::resources},
};
use find::find;
use flags::Flag;
use query::{Query, Refused};
use related::{Beside, with_related};

/// How many objects are shown before others may write: a long answer holds nobody up.
const AT_ONCE: usize = 256;

/// Answers a search.
pub fn answer(server: &Server, call: &Call) -> Reply {
    let query = match Query::read(server, call) {
        Ok(query) => query,
        Err(refused) => return refusal(server, call, refused),
    };
    let has_options =
        ["flags", "source", "type-filter", "inverse-attribute", "client"].iter().any(|name| call.has(name));
    if query.is_about_the_registry() || query.is_for_help() && !has_options {
        // What is told is no object, and no error.
        return Reply::nothing_found(call, &server.base, &[]);
    }
    if query::proxy_address(call).is_some() {
        let message = Message::error("ERROR:203: you are not allowed to act as a proxy\n");
        return refusal(server, call, Refused::Linked(Box::new(message)));
    }
    let unsearchable: Vec<Message> = query
        .inverse
        .iter()
        .flatten()
        .copied()
        .filter(|name| !is_searchable(*name))
        .map(not_searchable)
        .collect();
    let found = if unsearchable.is_empty() { matching(server, call, &query) } else { None };
    let Some(page) = found else {
        let sources =
            if query.sources.is_empty() { server.settings.source.clone() } else { query.sources.join(",") };
        let said: Vec<Message> = unsearchable.into_iter().chain([no_entries(&sources)]).collect();
        return Reply::nothing_found(call, &server.base, &said);
    };
    shown(server, call, &query, &page)
}

fn refusal(server: &Server, call: &Call, refused: Refused) -> Reply {
    let bad = StatusCode::BAD_REQUEST;
    match refused {
        Refused::NoNumber => Reply::page(StatusCode::NOT_FOUND, call, &server.base),
        Refused::Linked(message) => Reply::refusal(bad, call, Some(&server.base), &[*message]),
        Refused::Plain(messages) => Reply::refusal(bad, call, None, &messages),
    }
}

/// Whether some class can be searched by the attribute.
fn is_searchable(name: Name) -> bool {
    Class::all().any(|class| class.template().row(name).is_some_and(|row| row.inverse))
}

fn not_searchable(name: Name) -> Message {
    let text = "ERROR:105: attribute is not searchable\n\n\"%s\" is not an inverse searchable attribute.\n";
    Message::error(text).arg(name.text())
}

/// What is to be shown of what is found, with what belongs to it; `None` if nothing is.
fn matching(server: &Server, call: &Call, query: &Query) -> Option<Vec<Object>> {
    let world = server.world();
    let mut found = find(query, &world.registered, &|key| world.is_unread(key, call.now));
    let mirror = server.mirror();
    let wanted =
        |object: &Object| query.sources.iter().any(|source| *source == mirror || is_in(object, source));
    found.retain(|object| query.sources.is_empty() || wanted(object));
    let named = (!query.has(Flag::NoReferenced) && !query.has(Flag::Resource)).then_some(Beside::Named);
    let beside: Vec<Beside> =
        named.into_iter().chain(query.has(Flag::Irt).then_some(Beside::Teams)).collect();
    found = with_related(found, &world.registered, &beside, query.has(Flag::NoGrouping));
    let hidden = query.has(Flag::NoPersonal) && !query.has(Flag::ShowPersonal);
    found.retain(|object| !hidden || !object.class().is_contact());
    if query.has(Flag::ValidSyntax) || query.has(Flag::NoValidSyntax) {
        let wanted = query.has(Flag::ValidSyntax);
        found.retain(|object| is_well_formed(object, &server.settings) == wanted);
    }
    (!found.is_empty()).then(|| page(query, &found))
}

/// Those behind the offset, as many as the limit allows. Both are as the registry counts: a negative offset takes
/// from the limit.
fn page(query: &Query, found: &[&Object]) -> Vec<Object> {
    let last = query.limit.map(|limit| limit.saturating_add(query.offset));
    let shown =
        |(index, _): &(i64, &&Object)| *index >= query.offset && last.is_none_or(|last| *index < last);
    (0..).zip(found).filter(shown).map(|(_, object)| (*object).clone()).collect()
}

fn shown(server: &Server, call: &Call, query: &Query, page: &[Object]) -> Reply {
    let view = if query.has(Flag::NoFiltering) { View::Unfiltered } else { View::Filtered };
    let is_text = call.streamed() == Format::Text;
    let (mut seen, mut wire) = (Vec::new(), Vec::new());
    for some in page.chunks(AT_ONCE) {
        let world = server.world();
        for object in some {
            // A search knows no API keys: nobody sees `auth` here.
            let object = visible(object, view, &Credential::Nobody, &world.registered);
            match is_text {
                true => seen.push(object),
                false => wire.push(rendered(server, call, &object, &world.registered)),
            }
        }
    }
    if is_text {
        return Reply::objects(call, &seen);
    }
    let (service, parameters) = (Some(json!({ "name": "search" })), Some(query.parameters(call)));
    let objects = Some(Objects { object: wire });
    Reply::found(call, &Resources { service, parameters, objects, ..resources(None, Vec::new(), &[]) })
}
