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
    transaction::run(server, call, |steps| {
        for object in &objects {
            let created = steps.run(Action::Create, object)?;
            steps.show(&created);
        }
        Ok(())
    })
}

fn read(call: &Call) -> Result<Vec<Object>, Reply> {
    let refuse = |message: request::Refused| Reply::refusal(StatusCode::BAD_REQUEST, call, None, &[*message]);
    let submitted = call.objects().map_err(refuse)?;
    if submitted.is_empty() {
        return Err(Reply::bare(StatusCode::BAD_REQUEST, "WhoisResources is mandatory"));
    }
    let is_domain = |object: &WireObject| request::claimed_class(object) == Some(Class::Domain);
    if !submitted.iter().all(is_domain) {
        return Err(Reply::bare(StatusCode::BAD_REQUEST, "supports 'domain' objects only"));
    }
    submitted.iter().map(request::object).collect::<Result<_, _>>().map_err(refuse)
}
