//! `GET /abuse-contact/{resource}`

use hyper::http::StatusCode;
use serde_json::json;

use super::{
    Server,
    accept::{DATA, Format},
    call::Call,
    reply::Reply,
};
use crate::{
    net::{Asn, Block, Family},
    registered::Registered,
    rpsl::{Class, Key, Object},
    sandbox::managed,
    wire::{
        render::{TERMS, locator},
        xml,
    },
};

/// Whom to tell about abuse from an AS number or address. What is registered without a contact has an empty one.
pub fn answer(server: &Server, call: &Call, resource: &str) -> Reply {
    let said = |status, text: String| Reply::json(status, &json!({ "message": text }));
    let Some(wanted) = Wanted::parse(resource) else {
        return said(StatusCode::BAD_REQUEST, format!("Invalid argument: {resource}"));
    };
    let world = server.world();
    let Some(object) = wanted.find(&world.registered) else {
        return said(StatusCode::NOT_FOUND, format!("No abuse contact found for {resource}"));
    };
    let none = || json!({ "key": "", "email": "", "suspect": false, "org-id": "" });
    let contact = managed::abuse_contact(object, &world.registered).unwrap_or_else(none);
    if call.streamed() == Format::Xml {
        return Reply::xml(StatusCode::OK, xml::abuse_contact(&contact)).labelled(call.negotiated(DATA));
    }
    let body = json!({
        "service": "abuse-contact",
        "link": locator(call.url(&server.base)),
        "parameters": { "primary-key": { "value": object.key().text() } },
        "abuse-contacts": contact,
        "terms-and-conditions": locator(TERMS),
    });
    Reply::json(StatusCode::OK, &body).labelled(call.negotiated(DATA))
}

/// What is asked about.
enum Wanted {
    Number(Asn),
    Addresses(Block),
}

impl Wanted {
    fn parse(text: &str) -> Option<Wanted> {
        let number = text.parse().ok().map(Wanted::Number);
        number.or_else(|| Block::parse(text).map(Wanted::Addresses))
    }

    /// The AS number, or the block or closest block above it. Nobody answers for all addresses.
    fn find<'a>(&self, world: &'a Registered) -> Option<&'a Object> {
        match self {
            Wanted::Number(asn) => world.objects.get(&Key::new(Class::AutNum, &asn.to_string())),
            Wanted::Addresses(block) => {
                let class = if block.family() == Family::V4 { Class::Inetnum } else { Class::Inet6num };
                let exact = world.objects.exact(class, *block).into_iter();
                let above = world.objects.less_specific(class, *block).into_iter().flatten();
                exact
                    .chain(above)
                    .next()
                    .filter(|object| object.prefix().is_none_or(|prefix| prefix.len() > 0))
            }
        }
    }
}
