//! Who may do what to an object, as `explain` tells it.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::{
    Report, Style,
    paint::{Paint, add, indented},
};
use crate::{
    explain::{Chain, Explanation, Nearby, Permission, Why},
    registered::Query,
    rpsl::{Key, Name},
    rules::{Authority, KeyScope, Kind},
};

/// The rule of which every decider must consent; of the others one suffices.
const ALL_MUST: &str = "authorise-reference";

/// An explanation, and whose key it is about.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The explanation.
    pub explanation: Explanation,
    /// The registry that was asked.
    pub registry: String,
    /// The key at hand that may do most of it; `None` if there is no key, and one that speaks for `ours` was assumed.
    pub key_scope: Option<KeyScope>,
    /// The maintainers of `[manage]`.
    pub ours: Vec<String>,
}

impl Report for Explained {
    fn text(&self, style: Style) -> String {
        let Explanation { key, stands, actions } = &self.explanation;
        let stands = if *stands { "is registered" } else { "is not registered" };
        let mut text = format!("{key} {stands}\n");
        add(
            &mut text,
            match self.key_scope.as_ref().map(KeyScope::maintainers) {
                None => format!("there is no key at hand; with one of {}:\n", listed(&self.ours)),
                Some([]) => "the key at hand speaks for none of the maintainers asked\n".to_owned(),
                Some(names) => format!("the key at hand speaks for {}\n", listed(names)),
            },
        );
        for chain in actions {
            add(&mut text, self.chain_text(chain, style));
        }
        text
    }

    fn json(&self) -> Value {
        let Explanation { key, stands, actions } = &self.explanation;
        json!({
            "schema": "ripectl/explain/1",
            "registry": self.registry,
            "type": key.class().to_string(),
            "key": key.text(),
            "registered": stands,
            "speaks_for": self.key_scope.as_ref().map(KeyScope::maintainers),
            "actions": actions.iter().map(chain_value).collect::<Vec<_>>(),
        })
    }
}

impl Explained {
    fn chain_text(&self, chain: &Chain, style: Style) -> String {
        let verdict = match chain.may() {
            Some(true) => style.paint(Paint::Good, "this key may"),
            Some(false) => style.paint(Paint::Bad, "this key may not"),
            None => style.paint(Paint::Careful, "nobody can tell beforehand"),
        };
        let mut text = format!("\nto {} it: {verdict}\n", verb(chain.action));
        for permission in &chain.permissions {
            add(&mut text, self.permission_text(chain, permission, style));
        }
        let hang = style.hang();
        for refusal in &chain.refusals {
            let said = refusal.to_string();
            add(
                &mut text,
                format!("  {} {hang}{}\n", style.paint(Paint::Bad, "✗"), indented(said.trim(), 4)),
            );
            let remedy = refusal.remedy.as_ref().map(|remedy| format!("      {remedy}\n"));
            add(&mut text, remedy.unwrap_or_default());
        }
        for (rule, query) in &chain.open {
            add(&mut text, format!("  ? {hang}{rule}: {}\n", unasked(query)));
        }
        for object in &chain.nearby {
            add(&mut text, format!("  · {hang}{}\n", style.paint(Paint::Faint, &nearby_text(object))));
        }
        text
    }

    fn permission_text(&self, chain: &Chain, permission: &Permission, style: Style) -> String {
        if permission.deciders.is_empty() {
            let none = match &permission.absent {
                Some(key) => format!("{key} does not exist\n      make it first"),
                None => "no block is registered above it: only the RIPE NCC could make it".to_owned(),
            };
            return format!("  {} {}{none}\n", style.paint(Paint::Bad, "✗"), style.hang());
        }
        // What is refused elsewhere is of no account where one of several suffices.
        let deciders = permission.deciders.iter().filter(|d| !permission.given || d.proven.is_some());
        let mut text: String = deciders.map(|decider| self.decider_text(chain, decider, style)).collect();
        if !permission.given && permission.deciders.len() > 1 && permission.rule != ALL_MUST {
            text.push_str("      one of these suffices\n");
        }
        text
    }

    fn decider_text(&self, chain: &Chain, decider: &Authority, style: Style) -> String {
        let own = decider.object == self.explanation.key;
        let whose = if own { "the object".to_owned() } else { decider.object.to_string() };
        let who = match decider.maintainers.as_slice() {
            [] => "names no maintainer that exists".to_owned(),
            names => listed(names),
        };
        let line = match decider.attribute {
            attribute if own && attribute == decider.object.class().first() => {
                "nothing is registered above it that could decide".to_owned()
            }
            attribute => format!("{attribute} of {whose}: {who}"),
        };
        let hang = style.hang();
        if let Some(proven) = &decider.proven {
            let of_several = decider.maintainers.len() > 1;
            let through = if of_several { format!("      through {proven}") } else { String::new() };
            return format!("  {} {hang}{line}{through}\n", style.paint(Paint::Good, "✓"));
        }
        let mut text = format!("  {} {hang}{line}", style.paint(Paint::Bad, "✗"));
        if !decider.maintainers.is_empty() {
            add(&mut text, "      this key does not speak for it");
        }
        text.push('\n');
        if let Some(remedy) = self.remedy(chain, decider, own) {
            add(&mut text, format!("      {remedy}\n"));
        }
        text
    }

    /// What to do where the key at hand does not suffice.
    fn remedy(&self, chain: &Chain, decider: &Authority, own: bool) -> Option<String> {
        let names = decider.maintainers.as_slice();
        let ours = self.ours.first()?;
        match (own, names) {
            (true, []) => None,
            (true, names) if chain.action == Kind::Create => {
                Some(format!("use a key of {}, or write another `{}:`", listed(names), decider.attribute))
            }
            (true, names) => Some(format!("use a key of {}, or ask its holder to do it", listed(names))),
            (false, _) => Some(decider.ask(Some(ours))),
        }
    }
}

fn listed(names: &[String]) -> String {
    names.join(", ")
}

fn verb(kind: Kind) -> &'static str {
    match kind {
        Kind::Create => "create",
        Kind::Modify | Kind::Noop => "change",
        Kind::Delete => "delete",
    }
}

/// What no request answers, in words.
fn unasked(query: &Query) -> &'static str {
    match query {
        Query::Delegation(_) => "the registry checks the name servers first",
        _ => "this cannot be asked",
    }
}

fn nearby_text(aside: &Nearby) -> String {
    let what = match aside.attribute {
        Some(attribute) => format!("{attribute} of {}", aside.object),
        None => aside.object.to_string(),
    };
    format!("{what} does not decide: {}", reason(&aside.why))
}

fn reason(why: &Why) -> String {
    match why {
        Why::Attribute(name) => format!("{name} comes first"),
        Why::Closer(key) => format!("{key} is closer"),
        Why::Route(key) => format!("{key} decides before any block"),
    }
}

fn chain_value(chain: &Chain) -> Value {
    json!({
        "action": match chain.action {
            Kind::Create => "create",
            Kind::Modify | Kind::Noop => "modify",
            Kind::Delete => "delete",
        },
        "may": chain.may(),
        "permissions": chain.permissions.iter().map(permission_value).collect::<Vec<_>>(),
        "refusals": chain.refusals.iter().map(|refusal| json!({
            "rule": refusal.rule,
            "text": refusal.to_string(),
            "remedy": refusal.remedy,
        })).collect::<Vec<_>>(),
        "aside": chain.nearby.iter().map(|aside| json!({
            "object": object_value(&aside.object),
            "attribute": aside.attribute.map(Name::text),
            "why": reason(&aside.why),
        })).collect::<Vec<_>>(),
        "undecided": chain.open.iter().map(|(rule, query)| json!({ "rule": rule, "needs": unasked(query) })).collect::<Vec<_>>(),
    })
}

fn permission_value(permission: &Permission) -> Value {
    let decider = |decider: &Authority| {
        json!({
            "object": object_value(&decider.object),
            "attribute": decider.attribute.text(),
            "maintainers": decider.maintainers,
            "proven": decider.proven,
        })
    };
    json!({
        "rule": permission.rule,
        "given": permission.given,
        "deciders": permission.deciders.iter().map(decider).collect::<Vec<_>>(),
        "absent": permission.absent.as_ref().map(object_value),
    })
}

fn object_value(key: &Key) -> Value {
    json!({ "type": key.class().to_string(), "key": key.text() })
}
