//! One object in its forms, as `show` tells it.

use serde_json::{Value, json};

use super::{
    Report, Style,
    differing::{declared_at, differing, labelled},
    paint::{Paint, add, lines},
};
use crate::{
    estate::Declared,
    plan::Forms,
    rpsl::{Key, Object},
    target::Record,
    visible,
};

/// An object as it is declared, as it is registered, and as it would be stored.
#[derive(Clone, Debug)]
pub struct ShownObject {
    /// The object.
    pub key: Key,
    /// The registry that was asked.
    pub registry: String,
    /// Its forms.
    pub forms: Forms,
}

/// What was asked for and is neither declared nor registered.
#[derive(Clone, Debug)]
pub struct Nowhere {
    /// What was typed.
    pub typed: String,
    /// The registry that was asked.
    pub registry: String,
    /// The declared object whose key is most like it.
    pub nearest: Option<Key>,
}

impl Report for ShownObject {
    fn text(&self, style: Style) -> String {
        let mut text = format!("{}\n", style.paint(Paint::Strong, &self.key.to_string()));
        for (name, says, object) in self.parts(style) {
            add(&mut text, format!("{name:<12}{}{says}\n", style.hang()));
            add(&mut text, lines(object.iter().map(|line| format!("  {line}"))));
        }
        text
    }

    fn json(&self) -> Value {
        let Forms { declared, registered, stored } = &self.forms;
        json!({
            "schema": "ripectl/show/1",
            "registry": self.registry,
            "type": self.key.class().text(),
            "key": self.key.text(),
            "declared_at": declared.as_ref().map(place_value),
            "declared": declared.as_ref().map(|declared| pairs(&declared.object)),
            "stored": stored.as_ref().map(pairs),
            "registered": registered.as_ref().map(pairs),
            "filtered": self.forms.is_filtered(),
            "same": self.is_one(),
            "nearest": null,
        })
    }
}

/// A line of its own for each form: what it is called, what is said of it, and the lines below it.
type Part = (&'static str, String, Vec<String>);

impl ShownObject {
    /// Whether all three forms are there, and are the same.
    fn is_one(&self) -> bool {
        let Forms { declared, registered, stored } = &self.forms;
        let declared = declared.as_ref().map(|declared| &declared.object);
        match (declared, stored, registered) {
            (Some(declared), Some(stored), Some(registered)) => {
                is_alike(declared, stored) && is_alike(stored, registered)
            }
            _ => false,
        }
    }

    fn parts(&self, style: Style) -> Vec<Part> {
        let Forms { declared, registered, stored } = &self.forms;
        match (declared.as_ref().zip(stored.as_ref()), registered) {
            (Some((declared, _)), Some(registered)) if self.is_one() => {
                let says = format!("{}: as it is registered, and as it would be stored", at(declared));
                vec![("declared", says, whole(registered, style))]
            }
            (Some((declared, stored)), registered) => vec![
                ("declared", at(declared), whole(&declared.object, style)),
                would_be_stored(&declared.object, stored, style),
                self.as_registered(registered.as_ref(), stored, style),
            ],
            (None, Some(registered)) => vec![
                ("declared", "by no file".to_owned(), Vec::new()),
                ("registered", self.hidden().unwrap_or_default(), whole(registered, style)),
            ],
            (None, None) => Vec::new(),
        }
    }

    fn as_registered(&self, registered: Option<&Object>, stored: &Object, style: Style) -> Part {
        let Some(registered) = registered else {
            return (
                "registered",
                "not there: `ripectl plan` says what would make it".to_owned(),
                Vec::new(),
            );
        };
        if let Some(says) = self.hidden() {
            return ("registered", says, change(registered, stored, style));
        }
        match is_alike(registered, stored) {
            true => ("registered", "as it would be stored".to_owned(), Vec::new()),
            false => ("registered", "would change so:".to_owned(), change(registered, stored, style)),
        }
    }

    /// What is said of an object of which the registry does not show all.
    fn hidden(&self) -> Option<String> {
        let says = "not shown whole to the key at hand: what is marked `# Filtered` stands otherwise there";
        self.forms.is_filtered().then(|| says.to_owned())
    }
}

fn would_be_stored(declared: &Object, stored: &Object, style: Style) -> Part {
    match is_alike(declared, stored) {
        true => ("stored", "as it is declared".to_owned(), Vec::new()),
        false => ("stored", "as it is declared, but for:".to_owned(), change(declared, stored, style)),
    }
}

/// Whether two objects have the same lines, as people compare them.
fn is_alike(one: &Object, other: &Object) -> bool {
    Record::from(one.clone()).lines() == Record::from(other.clone()).lines()
}

fn change(before: &Object, after: &Object, style: Style) -> Vec<String> {
    differing(&before.clone().into(), &after.clone().into(), style)
}

/// Each attribute on a line of its own, in the layout of the registry.
fn whole(object: &Object, style: Style) -> Vec<String> {
    let pairs = Record::from(object.clone()).whole();
    pairs.iter().map(|(name, value)| labelled(name, value, style)).collect()
}

fn at(declared: &Declared) -> String {
    declared_at(Some(&declared.origin), declared.customer.as_ref(), &declared.place)
}

fn place_value(declared: &Declared) -> Value {
    let Declared { place, origin, .. } = declared;
    json!({
        "file": place.source.path.display().to_string(),
        "line": place.line(),
        "block": origin.block(),
        "template": origin.template().map(|path| path.display().to_string()),
    })
}

fn pairs(object: &Object) -> Value {
    object.attributes().map(|a| json!([a.label.trim(), a.raw.trim()])).collect()
}

impl Report for Nowhere {
    fn text(&self, style: Style) -> String {
        let Nowhere { typed, registry, nearest } = self;
        let typed = visible::line(typed);
        let hint = match nearest {
            Some(key) => format!("did you mean `{key}`?"),
            None => "write `class/key`, such as `route6/2001:db8::/48AS64500`".to_owned(),
        };
        format!("`{typed}` is neither declared nor registered ({registry})\nhint: {}{hint}\n", style.hang())
    }

    fn json(&self) -> Value {
        json!({
            "schema": "ripectl/show/1",
            "registry": self.registry,
            "type": null,
            "key": self.typed,
            "declared_at": null,
            "declared": null,
            "stored": null,
            "registered": null,
            "filtered": false,
            "same": false,
            "nearest": self.nearest.as_ref().map(ToString::to_string),
        })
    }
}
