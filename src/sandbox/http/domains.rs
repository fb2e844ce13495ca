//! `POST /domain-objects/{source}`: many reverse zones at once.

use hyper::http::StatusCode;

use super::{Server, call::Call, reply::Reply, transaction};
use crate::{
    rpsl::{Class, Object},
    rules::Action,
    wire::{WireObject, request},
};

/// Creates them all, or none.
pub fn create(server: &Server, call: &Call) -> Reply {
    let objects = match read(call) {
        Ok(objects) => objects,
        Err(refusal) => return refusal,
    };
    transaction::run(server, call, &server.caller(call), |steps| {
        for object in &objects {
            let created = steps.run(Action::Create, object)?;
            steps.show(&created);
        }
        Ok(())
    })
}

fn read(call: &Call) -> Result<Vec<Object>, Reply> {
    // What this service says by itself is a text, whatever it is labelled as.
    let text = |text: String| Reply::text(StatusCode::BAD_REQUEST, text).labelled(call.format());
    let submitted =
        call.objects().map_err(|message| Reply::refusal(StatusCode::BAD_REQUEST, call, None, &[*message]))?;
    let submitted = submitted.filter(|objects| !objects.is_empty());
    let submitted = submitted.ok_or_else(|| text("WhoisResources is mandatory".to_owned()))?;
    let one = |object: &WireObject| match (&object.kind, request::claimed_class(object)) {
        (_, Some(Class::Domain)) => request::object(object).map_err(|message| text(message.to_string())),
        (Some(unknown), None) => Err(text(format!("Invalid object type: {unknown}"))),
        _ => Err(text("supports 'domain' objects only".to_owned())),
    };
    submitted.iter().map(one).collect()
}
