//! The keys that go to a registry. Nothing of a key itself is shown.

use serde_json::{Value, json};

use super::{
    Report, Style,
    paint::{Paint, add},
};
use crate::visible;

/// The keys that go to a registry, the first preferred.
#[derive(Clone, Debug)]
pub struct KeysInUse {
    registry: String,
    keys: Vec<KeyInUse>,
}

/// A key, and what is known of it.
#[derive(Clone, Debug)]
pub struct KeyInUse {
    /// What it is called.
    pub name: String,
    /// Where it is kept.
    pub kept: String,
    /// The maintainers that it speaks for, if that was asked.
    pub speaks_for: Option<Vec<String>>,
    /// When it expires, where that is known.
    pub expires: Option<String>,
}

impl KeysInUse {
    /// The keys of the registry of this name.
    pub fn of(registry: &str, keys: Vec<KeyInUse>) -> KeysInUse {
        KeysInUse { registry: registry.to_owned(), keys }
    }
}

impl Report for KeysInUse {
    fn text(&self, style: Style) -> String {
        let registry = visible::line(&self.registry);
        if self.keys.is_empty() {
            return format!("No key goes to {registry}: `ripectl login` keeps one\n");
        }
        let mut text = String::new();
        for KeyInUse { name, kept, speaks_for, expires } in &self.keys {
            let whom = match speaks_for {
                None => String::new(),
                Some(names) if names.is_empty() => style.paint(
                    Paint::Bad,
                    "  speaks for none of the maintainers: mistyped, expired, or another's",
                ),
                Some(names) => format!("  speaks for {}", visible::line(&names.join(", "))),
            };
            let expires = expires.as_ref().map_or_else(String::new, |date| format!(", expires on {date}"));
            let (name, kept) = (visible::line(name), visible::line(kept));
            add(&mut text, format!("key \"{name}\" for {registry}{whom}{expires}\n  kept in {kept}\n"));
        }
        text
    }

    fn json(&self) -> Value {
        let key = |key: &KeyInUse| json!({"name": key.name, "kept": key.kept, "speaks_for": key.speaks_for, "expires": key.expires});
        json!({
            "schema": "ripectl/whoami/1",
            "registry": self.registry,
            "keys": self.keys.iter().map(key).collect::<Vec<_>>(),
        })
    }
}
