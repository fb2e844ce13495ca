//! Which of several keys a step is sent with: a request carries one, and it must do for all that the step needs.

use std::collections::BTreeSet;

use crate::rules::{Credential, Decision, KeyScope, Message};

/// The rule of what needs two keys at once.
const ONE_KEY: &str = "one-key";

/// What is decided of a step.
pub(super) struct Decided {
    /// The decision.
    pub decision: Decision,
    /// The name of the key that it is sent with; none where there is no choice.
    pub sent_with: Option<String>,
    /// Whether it hangs on no earlier step.
    pub stands_alone: bool,
}

impl Decided {
    fn new(decision: Decision, key_scope: Option<&KeyScope>) -> Decided {
        Decided { decision, sent_with: key_scope.map(|key_scope| key_scope.key.clone()), stands_alone: false }
    }
}

/// Decides a step with the first key that may do it; with one of which it is not known, if none is known to; else with the
/// first. Where only several together might do it, that is why it is refused.
pub(super) fn choose(key_scopes: &[KeyScope], decide: impl Fn(&Credential) -> Decision) -> Decided {
    if let [only] = key_scopes {
        return Decided::new(decide(&only.credential), None);
    }
    let mut best: Option<(Rank, &KeyScope, Decision)> = None;
    for key_scope in key_scopes {
        let decision = decide(&key_scope.credential);
        let rank = Rank::of(&decision);
        if best.as_ref().is_none_or(|(so_far, ..)| rank < *so_far) {
            best = Some((rank, key_scope, decision));
        }
        if rank == Rank::Accepted {
            break;
        }
    }
    match best {
        Some((Rank::Refused, key_scope, decision)) => {
            Decided::new(unless_together(key_scopes, decision, &decide), Some(key_scope))
        }
        Some((_, key_scope, decision)) => Decided::new(decision, Some(key_scope)),
        None => Decided::new(decide(&Credential::Nobody), None),
    }
}

/// How good a decision is, the best first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Rank {
    Accepted,
    Undecided,
    Refused,
}

impl Rank {
    fn of(decision: &Decision) -> Rank {
        match (decision.is_refused(), decision.undecided.is_empty()) {
            (true, _) => Rank::Refused,
            (false, false) => Rank::Undecided,
            (false, true) => Rank::Accepted,
        }
    }
}

/// The refusal; first of all with what it needs, if the keys together would do.
fn unless_together(
    key_scopes: &[KeyScope],
    mut refused: Decision,
    decide: impl Fn(&Credential) -> Decision,
) -> Decision {
    let together = decide(&KeyScope::together(key_scopes));
    let needed: BTreeSet<&str> =
        together.authority.iter().filter_map(|authority| authority.proven.as_deref()).collect();
    if together.is_refused() || needed.len() < 2 {
        return refused;
    }
    let names = needed.into_iter().collect::<Vec<_>>().join(" and ");
    let message = Message::error("no single key of yours can do this step: it needs %s together")
        .arg(&names)
        .of(ONE_KEY)
        .remedy(format!(
            "a request carries one key: let one account stand in `auth: SSO` of {names}; or look for a permission that \
             one of them can give the other: `ripectl explain KEY`"
        ));
    refused.messages.insert(0, message);
    refused
}
