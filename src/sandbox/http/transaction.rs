//! Several objects in one request: all of them, or none.

use std::collections::BTreeMap;

use hyper::http::StatusCode;

use super::{
    Server,
    call::Call,
    object::{by_severity, of_key, rendered, shown, status},
    reply::Reply,
};
use crate::{
    rpsl::{Key, Object},
    rules::{Action, Message},
    sandbox::{
        accounts::Caller,
        state::{Verdict, Work},
    },
    wire::{
        WireObject,
        render::{locator, resources},
    },
};

/// A refusal to do more: the steps so far are undone.
#[derive(Clone, Copy, Debug)]
pub struct Stopped(StatusCode);

/// A request of several steps, while it runs. Each step sees those before it.
#[derive(Debug)]
pub struct Steps<'a, 'w> {
    server: &'a Server,
    call: &'a Call,
    caller: &'a Caller,
    work: &'a mut Work<'w>,
    automatic: BTreeMap<String, Key>,
    /// The objects that the answer shows, in order.
    pub objects: Vec<WireObject>,
    /// What was said.
    pub messages: Vec<Message>,
}

impl Steps<'_, '_> {
    /// Does one step. What is said about it is kept; a refusal shows the object, and stops.
    /// Gives the object as it is stored, or as it was.
    pub fn run(&mut self, action: Action, object: &Object) -> Result<Object, Stopped> {
        let asker = self.server.asker(self.caller, &self.automatic);
        let decision = self.work.decide(action, object, asker);
        self.messages.extend(of_key(self.caller, &decision, self.work.registered()));
        self.messages.extend(decision.messages.iter().cloned());
        self.automatic.extend(decision.automatic.clone());
        self.work.apply(&decision.effect);
        let status = status(&decision.effect);
        match (status, shown(&decision, action)) {
            (StatusCode::OK, Some(done)) => Ok(done.clone()),
            (_, submitted) => {
                if let Some(submitted) = submitted {
                    self.show(&submitted.clone());
                }
                Err(Stopped(status))
            }
        }
    }

    /// Shows an object in the answer.
    pub fn show(&mut self, object: &Object) {
        self.objects.push(rendered(self.server, self.call, object, self.work.registered()));
    }

    /// The work below, to read from.
    pub fn work(&self) -> &Work<'_> {
        self.work
    }
}

/// Runs the steps of a request, keeps or undoes them, and answers.
pub fn run(
    server: &Server,
    call: &Call,
    caller: &Caller,
    steps: impl FnOnce(&mut Steps) -> Result<(), Stopped>,
) -> Reply {
    let done = server.transact(call.now, |work| {
        let automatic = BTreeMap::new();
        let messages = caller.notes.clone();
        let mut running = Steps { server, call, caller, work, automatic, objects: Vec::new(), messages };
        let status = steps(&mut running).map_or_else(|Stopped(status)| status, |()| StatusCode::OK);
        let verdict = if status == StatusCode::OK { Verdict::Keep } else { Verdict::Undo };
        (verdict, (status, running.objects, running.messages))
    });
    let Some((status, objects, mut messages)) = done else {
        let message = Message::error("Unexpected error occurred");
        return Reply::refusal(StatusCode::INTERNAL_SERVER_ERROR, call, Some(&server.base), &[message]);
    };
    by_severity(&mut messages);
    Reply::resources(status, call, &resources(Some(locator(call.url(&server.base))), objects, &messages))
}
