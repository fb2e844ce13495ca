//! Which handler answers which path, and what the web server in front of the registry says by itself.

use std::net::IpAddr;

use hyper::http::{Method, StatusCode, header};

use super::{
    Server, abuse,
    accept::{ALL, DATA, Format},
    call::{Call, Transport, is_service},
    domains, metadata, object,
    path::{Named, Place},
    references,
    reply::Reply,
    search, sync, versions,
};
use crate::rules::Message;

/// Answers a request.
pub fn answer(server: &Server, call: &Call, peer: IpAddr) -> Reply {
    if let Some(refusal) = refuse_plain(server, call) {
        return refusal;
    }
    let segments = call.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let reply = match segments.as_slice() {
        [""] if is_sync_host(call) => synchronise(server, call, &server.settings.source, peer),
        ["whois", "syncupdates", source] | ["whois", "syncupdates", source, ""] => {
            synchronise(server, call, source, peer)
        }
        [""] => root(call),
        ["batch", source] if is_source(server, source) => only(call, &[Method::POST], || batch(server, call)),
        [service, rest @ ..] if is_service(service) => of_service(server, call, service, rest),
        [source, rest @ ..] if is_source(server, source) => in_source(server, call, source, rest),
        _ => Reply::empty(StatusCode::BAD_REQUEST),
    };
    challenge(call, reply)
}

fn synchronise(server: &Server, call: &Call, source: &str, peer: IpAddr) -> Reply {
    only(call, SYNC, || readable(server, call, &[Format::Text], || sync::answer(server, call, source, peer)))
}

/// What is no object but beside them. What a service does not know is taken for the path of an object, as the
/// registry takes it, and refused as that.
fn of_service(server: &Server, call: &Call, service: &str, rest: &[&str]) -> Reply {
    const GET: &[Method] = &[Method::GET];
    let read =
        |offered, handler: &dyn Fn() -> Reply| only(call, GET, || readable(server, call, offered, handler));
    match (service, rest) {
        ("search", [""]) => read(ALL, &|| search::answer(server, call)),
        ("metadata", ["templates", class]) => read(DATA, &|| metadata::template(server, call, class)),
        ("metadata", ["sources"]) => read(DATA, &|| metadata::sources(server, call)),
        ("abuse-contact", key) => read(DATA, &|| abuse::answer(server, call, &key.join("/"))),
        ("references", [source]) => only(call, &[Method::POST, Method::PUT], || {
            unless_unreadable(server, call, || references::write(server, call, source))
        }),
        ("references", [source, class, key @ ..]) if !key.is_empty() => {
            of_references(server, call, &named(source, class, key))
        }
        // Any source will do.
        ("domain-objects", [source]) if !source.is_empty() => {
            only(call, &[Method::POST], || unless_unreadable(server, call, || domains::create(server, call)))
        }
        (_, [""]) => Reply::page(StatusCode::NOT_FOUND, call, &server.base),
        (_, [_]) => only(call, &[Method::POST], || invalid_source(server, call, service)),
        _ => only(call, &OF_OBJECT, || invalid_source(server, call, service)),
    }
}

/// What the registry says of a source that it does not have.
pub fn invalid_source(server: &Server, call: &Call, source: &str) -> Reply {
    let message = Message::error("Invalid source '%s'").arg(source);
    Reply::refusal(StatusCode::BAD_REQUEST, call, Some(&server.base), &[message])
}

/// Refuses a client that takes none of the formats on offer (406).
fn readable(server: &Server, call: &Call, offered: &[Format], handler: impl FnOnce() -> Reply) -> Reply {
    match call.negotiated(offered) {
        Some(_) => handler(),
        None => Reply::page(StatusCode::NOT_ACCEPTABLE, call, &server.base),
    }
}

const SYNC: &[Method] = &[Method::GET, Method::POST];

fn is_sync_host(call: &Call) -> bool {
    call.header(header::HOST).is_some_and(|host| host.to_ascii_lowercase().starts_with("syncupdates."))
}

/// Credentials and writes are not taken over plain HTTP.
fn refuse_plain(server: &Server, call: &Call) -> Option<Reply> {
    let status = StatusCode::UPGRADE_REQUIRED;
    match (call.transport(), &call.method) {
        (Transport::Secure, _) | (Transport::Plain, &Method::OPTIONS) => None,
        (Transport::Plain, &Method::GET) => call.header(header::AUTHORIZATION).map(|_| {
            Reply::page_that_says(status, "HTTPS required for Authorization Header", call, &server.base)
        }),
        (Transport::Plain, _) => Some(Reply::empty(StatusCode::BAD_REQUEST)),
    }
}

/// A refusal names the way to authenticate only to who tried that way.
fn challenge(call: &Call, reply: Reply) -> Reply {
    let basic = call.header(header::AUTHORIZATION).is_some_and(|value| {
        value.split(' ').next().is_some_and(|scheme| scheme.eq_ignore_ascii_case("Basic"))
    });
    match basic && reply.status() == StatusCode::UNAUTHORIZED {
        true => reply.with(header::WWW_AUTHENTICATE, "Basic ,charset=\"iso-8859-1 / Latin-1\""),
        false => reply,
    }
}

fn root(call: &Call) -> Reply {
    let documentation =
        "https://docs.db.ripe.net/RIPE-Database-Structure/REST-API-Data-model/#whoisresources";
    match call.method {
        Method::GET => Reply::empty(StatusCode::FOUND).with(header::LOCATION, documentation),
        _ => Reply::empty(StatusCode::BAD_REQUEST),
    }
}

/// Runs a handler for these methods; others are 405.
fn only(call: &Call, methods: &[Method], handler: impl FnOnce() -> Reply) -> Reply {
    match &call.method {
        method if methods.contains(method) => handler(),
        &Method::HEAD if methods.contains(&Method::GET) => handler(),
        &Method::OPTIONS => allowed(StatusCode::OK, methods),
        _ => allowed(StatusCode::METHOD_NOT_ALLOWED, methods),
    }
}

fn allowed(status: StatusCode, methods: &[Method]) -> Reply {
    let names: Vec<&str> = methods.iter().map(Method::as_str).chain(["OPTIONS"]).collect();
    Reply::empty(status).with(header::ALLOW, names.join(","))
}

fn is_source(server: &Server, source: &str) -> bool {
    let source = source.to_ascii_uppercase();
    source == server.settings.source || source == server.settings.nonauth() || source.ends_with("-GRS")
}

fn in_source(server: &Server, call: &Call, source: &str, rest: &[&str]) -> Reply {
    let written = source;
    let source = source.to_ascii_uppercase();
    let is_mirror = source.ends_with("-GRS");
    // Mirrors are read only: nothing else is passed on to them.
    if is_mirror && !matches!(call.method, Method::GET | Method::OPTIONS) {
        return Reply::empty(StatusCode::BAD_REQUEST);
    }
    let read = |handler: &dyn Fn() -> Reply| readable(server, call, ALL, handler);
    match rest {
        [class] => of_class(server, call, &Place { source, class: (*class).to_owned() }),
        [] | [_, .., ""] => Reply::empty(StatusCode::BAD_REQUEST),
        _ if call.method == Method::GET && is_mirror && source != server.mirror() => {
            read(&|| invalid_source(server, call, written))
        }
        [_, _, .., "versions"] | [_, _, .., "versions", _]
            if call.method == Method::GET && source != server.settings.source =>
        {
            read(&|| invalid_source(server, call, written))
        }
        [class, key @ .., "versions"] if call.method == Method::GET => {
            read(&|| versions::list(server, call, &named(&source, class, key)))
        }
        [class, key @ .., "versions", number] if call.method == Method::GET => {
            read(&|| versions::one(server, call, &named(&source, class, key), number))
        }
        [class, key @ ..] => of_object(server, call, &named(&source, class, key)),
    }
}

fn named(source: &str, class: &str, key: &[&str]) -> Named {
    // The prefix length of an address stands behind a slash of its own.
    Named { place: Place { source: source.to_owned(), class: class.to_owned() }, key: key.join("/") }
}

fn of_references(server: &Server, call: &Call, named: &Named) -> Reply {
    let handler: &dyn Fn() -> Reply = match call.method {
        Method::DELETE => &|| references::delete(server, call, named),
        _ => &|| references::list(server, call, named),
    };
    only(call, &[Method::DELETE, Method::GET], || readable(server, call, DATA, handler))
}

/// Batches are for people at the RIPE NCC's own pages and for client certificates: keys are not heard.
fn batch(server: &Server, call: &Call) -> Reply {
    Reply::page(StatusCode::UNAUTHORIZED, call, &server.base)
}

fn of_class(server: &Server, call: &Call, place: &Place) -> Reply {
    match call.method {
        Method::POST => unless_unreadable(server, call, || object::create(server, call, place)),
        Method::OPTIONS => allowed(StatusCode::OK, &[Method::POST]),
        Method::GET | Method::PUT | Method::DELETE => {
            allowed(StatusCode::METHOD_NOT_ALLOWED, &[Method::POST])
        }
        _ => Reply::empty(StatusCode::BAD_REQUEST),
    }
}

const OF_OBJECT: [Method; 3] = [Method::DELETE, Method::GET, Method::PUT];

fn of_object(server: &Server, call: &Call, named: &Named) -> Reply {
    match call.method {
        Method::GET => readable(server, call, ALL, || object::read(server, call, named)),
        Method::PUT => unless_unreadable(server, call, || object::write(server, call, named)),
        Method::DELETE => readable(server, call, DATA, || object::delete(server, call, named)),
        Method::OPTIONS => {
            let methods = OF_OBJECT.iter().map(Method::as_str).collect::<Vec<_>>().join(",");
            let reply = Reply::text(StatusCode::OK, "").labelled(Some(Format::Json));
            let reply = reply.with(header::ALLOW, format!("HEAD,{methods},OPTIONS"));
            match call.header(header::ORIGIN) {
                Some(origin) => reply.with(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin),
                None => reply,
            }
        }
        Method::POST => {
            let reply = Reply::page(StatusCode::METHOD_NOT_ALLOWED, call, &server.base);
            reply.with(header::ALLOW, "DELETE,GET,OPTIONS,PUT")
        }
        _ => Reply::empty(StatusCode::BAD_REQUEST),
    }
}

/// Refuses a body of an unknown type (415), and a client that cannot read an answer (406).
pub fn unless_unreadable(server: &Server, call: &Call, handler: impl FnOnce() -> Reply) -> Reply {
    if call.negotiated(DATA).is_none() {
        return Reply::page(StatusCode::NOT_ACCEPTABLE, call, &server.base);
    }
    if call.has_content_type("application/json") || call.has_content_type("application/xml") {
        return handler();
    }
    Reply::page(StatusCode::UNSUPPORTED_MEDIA_TYPE, call, &server.base)
}
