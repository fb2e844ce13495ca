//! Route objects by GraphQL: many questions in a request, as fields with names of their own.

use std::fmt::Write;

use reqwest::Client;
use serde_json::{Map, Value, json};

use super::{Answer, Found, IrrdError, Patience, Source};
use crate::{
    http::{self, Address, Fault},
    irr::{Hidden, PSEUDO_SOURCE},
    net::Prefix,
    visible,
};

/// Of how many prefixes is asked in one request.
const AT_ONCE: usize = 50;

/// All that is asked of an object. (IRRd reads the text from its database only where the field stands here and not in a
/// fragment with a name; it does not tell the scope filter's verdict, so that there are two questions for a prefix.)
const FIELDS: &str = "source objectText \
    ... on RPSLRoute {rpkiStatus routePreferenceStatus} ... on RPSLRoute6 {rpkiStatus routePreferenceStatus}";

/// What is in scope and what is not, with the letter that begins the name of the field.
const SCOPES: [(&str, &str); 2] = [("v", "[in_scope]"), ("h", "[out_scope_as,out_scope_prefix]")];

const AGAIN: &str = "ask again later, ask its operator, or take a dump of the registry (`--irr FILE`)";
const NO_IRRD: &str =
    "is an IRRd there? its GraphQL is at `/graphql/`, below the URL that its configuration names";

/// See [`super::routes`].
pub async fn routes(
    patience: &Patience,
    address: &Address,
    prefixes: &[Prefix],
    inside: &[Prefix],
) -> Result<Answer, IrrdError> {
    let client = http::client(address, patience.still).map_err(|error| unreached(&error))?;
    let mut left = patience.bytes;
    let status = "{databaseStatus {source authoritative lastUpdate}}";
    let status = ask(&client, address, status, &mut left).await?;
    let sources = sources(&status)?;
    let mut found = Found::default();
    for questions in questions(prefixes, inside).chunks(AT_ONCE) {
        let reply = ask(&client, address, &query(questions), &mut left).await?;
        take(&reply, questions.len() * SCOPES.len(), &mut found)?;
    }
    Ok(found.answer(sources, Vec::new()))
}

/// The filters for all route objects that count: less specific ones, the exact ones among them; and more specific ones,
/// without the exact ones.
fn questions(prefixes: &[Prefix], inside: &[Prefix]) -> Vec<String> {
    let covering = prefixes.iter().chain(inside).map(|prefix| format!("ipLessSpecific:\"{prefix}\""));
    let inside = inside.iter().map(|prefix| format!("ipMoreSpecific:\"{prefix}\""));
    let mut questions: Vec<String> = covering.chain(inside).collect();
    questions.sort_unstable();
    questions.dedup();
    questions
}

fn query(questions: &[String]) -> String {
    let mut query = String::from("{");
    for (number, filter) in questions.iter().enumerate() {
        for (letter, scope) in SCOPES {
            let _ = write!(
                query,
                "{letter}{number}:rpslObjects({filter},objectClass:[\"route\",\"route6\"],\
                 rpkiStatus:[valid,invalid,not_found],scopeFilterStatus:{scope},\
                 routePreferenceStatus:[visible,suppressed]){{{FIELDS}}} "
            ); // a String takes all
        }
    }
    query + "}"
}

/// The sources that a status names. Of an alias IRRd cannot say what it is asked, and says so beside the others.
fn sources(reply: &Value) -> Result<Vec<Source>, IrrdError> {
    let listed =
        reply.pointer("/data/databaseStatus").and_then(Value::as_array).ok_or_else(|| refused(reply))?;
    let one = |said: &Value| {
        Some(Source {
            name: said.get("source")?.as_str()?.to_ascii_uppercase(),
            authoritative: said.get("authoritative").and_then(Value::as_bool),
            updated: said.get("lastUpdate").and_then(|time| time.as_str()?.parse().ok()),
        })
    };
    Ok(listed.iter().filter_map(one).filter(|source| source.name != PSEUDO_SOURCE).collect())
}

/// Takes all objects of a reply to so many questions. Missing fields are no empty ones: IRRd has `null` where it could not look.
fn take(reply: &Value, asked: usize, found: &mut Found) -> Result<(), IrrdError> {
    let has_errors = reply.get("errors").and_then(Value::as_array).is_some_and(|errors| !errors.is_empty());
    let fields =
        reply.get("data").and_then(Value::as_object).filter(|data| !has_errors && data.len() == asked);
    let fields: &Map<String, Value> = fields.ok_or_else(|| refused(reply))?;
    for (name, objects) in fields {
        let objects = objects.as_array().ok_or_else(|| refused(reply))?;
        for object in objects {
            let text = object.get("objectText").and_then(Value::as_str).ok_or_else(|| refused(reply))?;
            let is = |field: &str, value: &str| object.get(field).and_then(Value::as_str) == Some(value);
            let hidden = match () {
                () if is("rpkiStatus", "invalid") => Some(Hidden::Rpki),
                () if name.starts_with('h') => Some(Hidden::Scope),
                () if is("routePreferenceStatus", "suppressed") => Some(Hidden::RoutePreference),
                () => None,
            };
            found.add(text.as_bytes(), hidden)?;
        }
    }
    Ok(())
}

/// The trouble that a reply in JSON is, in its own words if it has any.
fn refused(reply: &Value) -> IrrdError {
    const SHOWN: usize = 200;
    let message = reply.pointer("/errors/0/message").and_then(Value::as_str);
    let what = match message {
        Some(message) => {
            let message: String = message.chars().take(SHOWN).collect();
            format!("it could not look: {}", visible::line(&message))
        }
        None => "what answers there is no answer of an IRRd".to_owned(),
    };
    IrrdError::trouble(what, if message.is_some() { AGAIN } else { NO_IRRD })
}

/// The reply to `query`, in JSON; `left` is how many bytes may still come in all.
async fn ask(client: &Client, address: &Address, query: &str, left: &mut usize) -> Result<Value, IrrdError> {
    let request = client.post(address.url().clone()).header("Content-Type", "application/json");
    let sent = request.body(json!({ "query": query }).to_string()).send().await;
    let mut response = sent.map_err(|error| unreached(&error))?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreached(&error))? {
        *left = left
            .checked_sub(chunk.len())
            .ok_or_else(|| IrrdError::trouble("it sends more than is read", AGAIN))?;
        body.extend_from_slice(&chunk);
    }
    let reply: Option<Value> = serde_json::from_slice(&body).ok().filter(Value::is_object);
    match (status, reply) {
        (200, Some(reply)) => Ok(reply),
        (200, None) => {
            Err(IrrdError::trouble("what answers there is no answer of an IRRd (no JSON)", NO_IRRD))
        }
        (300..=399, _) => {
            let what = format!("it answers {status} and points elsewhere; redirects are not followed");
            Err(IrrdError::trouble(what, "write the URL that it leads to, if you know it to be right"))
        }
        (400, Some(reply)) if reply.get("errors").is_some() => Err(refused(&reply)),
        (status @ 500..=599, _) => Err(IrrdError::trouble(format!("it answers {status}"), AGAIN)),
        (status, _) => Err(IrrdError::trouble(format!("it answers {status}"), NO_IRRD)),
    }
}

fn unreached(error: &reqwest::Error) -> IrrdError {
    let fault = Fault::of(error);
    let hint = if matches!(fault, Fault::NoConnection(_)) { NO_IRRD } else { AGAIN };
    IrrdError::trouble(fault.to_string(), hint)
}
