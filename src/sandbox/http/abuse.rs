//! `GET /abuse-contact/{resource}`

use hyper::http::StatusCode;
use serde_json::json;

use super::{
    Server,
    call::{Call, Format},
    reply::Reply,
};
use crate::{
    net::{Asn, Block, Family},
    registered::Registered,
    rpsl::{Class, Key, Object},
    sandbox::managed,
    wire::xml,
};

/// Whom to tell about abuse from an AS number or address.
pub fn answer(server: &Server, call: &Call, resource: &str) -> Reply {
    let world = server.world();
    let found = object(resource, &world.registered);
    let contact = found.and_then(|object| managed::abuse_contact(object, &world.registered));
    let (Some(object), Some(contact)) = (found, contact) else {
        let body = json!({ "message": format!("No abuse contact found for {resource}") });
        return Reply::json(StatusCode::NOT_FOUND, &body);
    };
    if call.format() == Some(Format::Xml) {
        let text = |name| contact.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        let element = xml::element("abuse-contacts", &[("key", text("key")), ("email", text("email"))]);
        return Reply::xml(StatusCode::OK, xml::document("abuse-resources", &element));
    }
    let body = json!({
        "service": "abuse-contact",
        "link": { "type": "locator", "href": call.url(&server.base) },
        "parameters": { "primary-key": { "value": object.key().text() } },
        "abuse-contacts": contact,
    });
    Reply::json(StatusCode::OK, &body)
}

/// The AS number, or the block or closest block above it.
fn object<'a>(resource: &str, world: &'a Registered) -> Option<&'a Object> {
    if resource.parse::<Asn>().is_ok() {
        return world.objects.get(&Key::new(Class::AutNum, resource));
    }
    let block = Block::parse(resource)?;
    let class = if block.family() == Family::V4 { Class::Inetnum } else { Class::Inet6num };
    let exact = world.objects.exact(class, block).into_iter();
    exact.chain(world.objects.less_specific(class, block).into_iter().flatten()).next()
}
