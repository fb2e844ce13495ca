//! `GET /search`: by key, by address, by inverse attribute.

mod find;
mod flags;
mod related;

use hyper::http::StatusCode;
use serde_json::{Value, json};

use super::{
    Server,
    call::{Call, Format},
    object::{no_entries, rendered},
    place::is_in,
    reply::Reply,
};
use crate::{
    rpsl::{Class, Name, Object},
    rules::{Credential, Message},
    sandbox::filter::{View, visible},
    wire::{Resources, render::resources},
};
use find::Wanted;
use flags::Flag;

/// The parameters of a search.
#[derive(Debug)]
struct Query {
    text: String,
    classes: Vec<Class>,
    inverse: Vec<Name>,
    flags: Vec<Flag>,
    sources: Vec<String>,
}

/// A refusal, and whether the registry's answer links to the request.
#[derive(Debug)]
struct Refused {
    message: Box<Message>,
    linked: bool,
}

/// How many objects are shown before others may write: a long answer holds nobody up.
const AT_ONCE: usize = 256;

/// Answers a search.
pub fn answer(server: &Server, call: &Call) -> Reply {
    let query = match read(server, call) {
        Ok(query) => query,
        Err(Refused { message, linked }) => {
            let base = linked.then_some(server.base.as_str());
            return Reply::refusal(StatusCode::BAD_REQUEST, call, base, &[*message]);
        }
    };
    let world = server.world();
    let wanted =
        Wanted { text: &query.text, classes: &query.classes, inverse: &query.inverse, flags: &query.flags };
    let mut found = wanted.find(&world.registered);
    found.retain(|object| query.sources.iter().any(|source| is_in(object, source)));
    let found = match query.flags.contains(&Flag::NoReferenced) {
        true => found,
        false => related::with_related(found, &world.registered, query.flags.contains(&Flag::NoGrouping)),
    };
    let page = found.into_iter().skip(number(call, "offset", 0)).take(number(call, "limit", usize::MAX));
    let page: Vec<Object> = page.cloned().collect();
    drop(world);
    if page.is_empty() {
        let source = query.sources.first().map_or(server.settings.source.as_str(), String::as_str);
        return Reply::refusal(StatusCode::NOT_FOUND, call, Some(&server.base), &[no_entries(source)]);
    }
    let view = if query.flags.contains(&Flag::NoFiltering) { View::Unfiltered } else { View::Filtered };
    let (mut seen, mut wire) = (Vec::new(), Vec::new());
    for some in page.chunks(AT_ONCE) {
        let world = server.world();
        for object in some {
            // A search knows no API keys: nobody sees `auth` here.
            let object = visible(object, view, &Credential::Nobody, &world.registered);
            match call.format() {
                Some(Format::Text) => seen.push(object),
                _ => wire.push(rendered(server, call, &object, &world.registered)),
            }
        }
    }
    if call.format() == Some(Format::Text) {
        return Reply::objects(&seen);
    }
    let service = Some(json!({ "name": "search" }));
    let answer =
        Resources { service, parameters: Some(parameters(call, &query)), ..resources(None, wire, &[]) };
    Reply::resources(StatusCode::OK, call, &answer)
}

fn number(call: &Call, name: &str, otherwise: usize) -> usize {
    call.values(name).first().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

fn read(server: &Server, call: &Call) -> Result<Query, Refused> {
    let text = call.values("query-string").into_iter().next().unwrap_or_default();
    if text.trim().is_empty() {
        return Err(linked(Message::error("Query param 'query-string' cannot be empty")));
    }
    Ok(Query {
        text: text.trim().to_owned(),
        sources: sources(server, call)?,
        flags: flags::read(&call.values("flags")).map_err(linked)?,
        classes: classes(call)?,
        inverse: inverse(call)?,
    })
}

fn linked(message: impl Into<Box<Message>>) -> Refused {
    Refused { message: message.into(), linked: true }
}

/// The elements of all values of a parameter: each may be a list.
fn elements(call: &Call, name: &str) -> Vec<String> {
    let values = call.values(name);
    let split = values.iter().flat_map(|value| value.split(',')).map(str::trim);
    split.filter(|element| !element.is_empty()).map(str::to_owned).collect()
}

fn sources(server: &Server, call: &Call) -> Result<Vec<String>, Refused> {
    let known = [server.settings.source.clone(), server.settings.nonauth()];
    let given = elements(call, "source");
    let unknown = |source: &&String| {
        let name = source.to_ascii_uppercase();
        !known.contains(&name) && name != format!("{}-GRS", server.settings.source)
    };
    if let Some(unknown) = given.iter().find(unknown) {
        return Err(linked(Message::error("Invalid source '%s'").arg(unknown)));
    }
    Ok(if given.is_empty() { known.to_vec() } else { given.iter().map(|s| s.to_ascii_uppercase()).collect() })
}

fn classes(call: &Call) -> Result<Vec<Class>, Refused> {
    let class = |name: String| {
        let short = |class: &Class| class.template().short.eq_ignore_ascii_case(&name);
        Class::from_text(&name).or_else(|| Class::all().find(short)).ok_or_else(|| {
            let message = Message::error("ERROR:103: unknown object type '%s'\n").arg(&name);
            Refused { message: Box::new(message), linked: false }
        })
    };
    once(elements(call, "type-filter").into_iter().map(class))
}

fn inverse(call: &Call) -> Result<Vec<Name>, Refused> {
    let name = |text: String| {
        Name::from_text(&text).or_else(|| Name::from_short(&text)).ok_or_else(|| {
            let text_of = "ERROR:104: unknown attribute\n\n\"%s\" is not a known attribute.\n";
            Refused { message: Box::new(Message::error(text_of).arg(&text)), linked: false }
        })
    };
    once(elements(call, "inverse-attribute").into_iter().map(name))
}

/// Each once, or the first refusal; there are few that differ.
fn once<T: PartialEq>(all: impl Iterator<Item = Result<T, Refused>>) -> Result<Vec<T>, Refused> {
    let mut found = Vec::new();
    for each in all {
        let each = each?;
        if !found.contains(&each) {
            found.push(each);
        }
    }
    Ok(found)
}

/// The parameters as the answer gives them back.
fn parameters(call: &Call, query: &Query) -> Value {
    let list = |inner: &str, key: &str, values: Vec<String>| match values.is_empty() {
        true => json!({}),
        false => json!({ inner: values.iter().map(|value| json!({ key: value })).collect::<Vec<_>>() }),
    };
    let flags = query.flags.iter().map(|flag| flag.name().to_owned()).collect();
    json!({
        "inverse-lookup": list("inverse-attribute", "value", call.values("inverse-attribute")),
        "type-filters": list("type-filter", "id", query.classes.iter().map(Class::to_string).collect()),
        "flags": list("flag", "value", flags),
        "query-strings": list("query-string", "value", vec![query.text.clone()]),
        "sources": list("source", "id", call.values("source")),
    })
}
