//! The list of rules: `ripectl check --rules`, and `docs/rules.md`.

use serde_json::{Value, json};

use super::{
    Report, Style,
    forms::cell,
    paint::{Paint, add},
};
use crate::check::{Chapter, Described, catalogue};

/// Every rule with what it asks for.
#[derive(Clone, Copy, Debug)]
pub struct Rules;

/// Each chapter with its rules.
fn grouped() -> impl Iterator<Item = (Chapter, Vec<Described>)> {
    let all = catalogue();
    Chapter::ALL
        .into_iter()
        .map(move |chapter| (chapter, all.iter().copied().filter(|rule| rule.chapter == chapter).collect()))
}

impl Report for Rules {
    fn text(&self, style: Style) -> String {
        let width = catalogue().iter().map(|rule| rule.name.len()).max().unwrap_or_default();
        let mut text = String::new();
        for (chapter, rules) in grouped() {
            add(&mut text, format!("{}\n", style.paint(Paint::Strong, chapter.title())));
            for rule in rules {
                add(&mut text, format!("  {:width$}  {}\n", rule.name, rule.says));
            }
        }
        text
    }

    fn json(&self) -> Value {
        let value = |rule: &Described| json!({ "name": rule.name, "group": rule.chapter.title(), "text": rule.says, "source": rule.source });
        json!({ "schema": "ripectl/rules/1", "rules": catalogue().iter().map(value).collect::<Vec<_>>() })
    }

    fn is_of_rules(&self) -> bool {
        true
    }

    fn markdown(&self) -> String {
        let mut text = String::from(
            "# The rules\n\n\
             Every rule has a stable name, which findings carry. Those of the registry come from its server's classes \
             (RIPE-NCC/whois); the others are ripectl's own. Made by `ripectl check --rules --format markdown > docs/rules.md`.\n",
        );
        for (chapter, rules) in grouped() {
            add(
                &mut text,
                format!("\n## {}\n\n| rule | what it asks for | source |\n|---|---|---|\n", chapter.title()),
            );
            for rule in rules {
                add(&mut text, format!("| `{}` | {} | {} |\n", rule.name, cell(rule.says), rule.source));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_is_current() {
        let written = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md"))
            .unwrap_or_default();
        assert!(
            written == Rules.markdown(),
            "docs/rules.md is not current: `cargo run -- check --rules --format markdown > docs/rules.md`"
        );
    }

    #[test]
    fn every_rule_is_listed() {
        let text = Rules.text(Style::default());
        assert!(text.contains("\n  as-set-hierarchical "), "{text}");
        assert_eq!(text.lines().count(), catalogue().len() + Chapter::ALL.len());
    }
}
