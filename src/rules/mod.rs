//! The rules of the RIPE Database.
mod case;
mod decision;
mod message;
mod request;
mod settings;

pub use case::{CREATE, Case, DELETE, Kind, MODIFY, Rule, WRITE};
pub use decision::{Authority, Decision, Effect, Refusal, Undecided};
pub use message::Message;
pub use request::{Action, Credential, Request, Scope};
pub use settings::{Region, Settings};

use crate::registered::Registered;
use jiff::Timestamp;

/// Decides a request.
pub fn decide(world: &Registered, request: &Request, settings: &Settings, now: Timestamp) -> Decision {
    let _ = (world, settings, now);
    let effect = Effect::Refused { refusal: Refusal::Invalid, submitted: request.object.clone() };
    Decision { effect, messages: Vec::new(), authority: Vec::new(), undecided: Vec::new(), automatic: None }
}
