//! The reference of the keys of `ripectl.toml`, from the rows that its readers have.

use serde_json::{Value, json};

use super::{
    Report, Style,
    paint::{Paint, add},
};
use crate::config::{Keys, Kind, Row};

/// All keys, or those that somebody asked for.
#[derive(Clone, Debug)]
pub struct Reference {
    keys: &'static Keys,
    sections: Vec<Section>,
    is_whole: bool,
}

/// A table and its keys, those of tables in it too.
#[derive(Clone, Debug)]
struct Section {
    /// As a file has it: `[manage]`, `[[expect]]`; empty for the file itself.
    heading: String,
    table: &'static Keys,
    entries: Vec<Entry>,
    is_whole: bool,
}

/// A key in its section.
#[derive(Clone, Debug)]
struct Entry {
    /// From the section on, such as `limits.delete`.
    path: String,
    /// From the file on, such as `manage.limits.delete`.
    full: String,
    row: &'static Row,
}

impl Reference {
    /// Of all keys.
    pub fn of(keys: &'static Keys) -> Reference {
        let is_scalar = |row: &&Row| row.kind.table().is_none() && row.kind != Kind::Later;
        let own = keys.rows.iter().filter(is_scalar);
        let own = own.map(|row| Entry { path: row.key.to_owned(), full: row.key.to_owned(), row }).collect();
        let file = Section { heading: String::new(), table: keys, entries: own, is_whole: true };
        let tables = keys.rows.iter().filter_map(section);
        Reference { keys, sections: [file].into_iter().chain(tables).collect(), is_whole: true }
    }

    /// Only of those that are called so: a key, a table, or a part of a path; `None` if there are none.
    pub fn named(self, name: &str) -> Option<Reference> {
        let name = name.trim_matches(['[', ']', '.']).replace(".NAME", "");
        let means = |entry: &Entry| {
            let path = format!(".{}.", entry.full.replace(".NAME", ""));
            path.contains(&format!(".{name}."))
        };
        let only = |section: Section| {
            let count = section.entries.len();
            let entries: Vec<Entry> = section.entries.into_iter().filter(means).collect();
            let is_whole = entries.len() == count;
            (!entries.is_empty()).then_some(Section { entries, is_whole, ..section })
        };
        let sections: Vec<Section> = self.sections.into_iter().filter_map(only).collect();
        (!sections.is_empty()).then_some(Reference { sections, is_whole: false, ..self })
    }

    /// All that can be asked for: paths and their last words.
    pub fn names(&self) -> Vec<String> {
        let entries = self.sections.iter().flat_map(|section| &section.entries);
        let mut names: Vec<String> =
            entries.flat_map(|entry| [entry.full.replace(".NAME", ""), entry.row.key.to_owned()]).collect();
        names.extend(self.keys.names().map(str::to_owned));
        names.sort();
        names.dedup();
        names
    }

    /// The paths of the keys that are promised.
    fn later(&self) -> Vec<String> {
        let own = self.keys.rows.iter().filter(|row| row.kind == Kind::Later).map(|row| row.key.to_owned());
        let below = self.keys.rows.iter().filter_map(|row| Some((row.key, row.kind.table()?.0)));
        let below = below.flat_map(|(key, table)| {
            let later = table.rows.iter().filter(|row| row.kind == Kind::Later);
            later.map(move |row| format!("{key}.{}", row.key))
        });
        own.chain(below).collect()
    }
}

fn section(row: &'static Row) -> Option<Section> {
    let (table, name) = row.kind.table()?;
    let path = format!("{}{name}", row.key);
    let heading = match row.kind {
        Kind::List(_) => format!("[[{path}]]"),
        _ => format!("[{path}]"),
    };
    let mut entries = Vec::new();
    collect(table, "", &path, &mut entries);
    Some(Section { heading, table, entries, is_whole: true })
}

/// The keys of a table below `prefix`, and those of the tables in it.
fn collect(table: &'static Keys, prefix: &str, section: &str, entries: &mut Vec<Entry>) {
    for row in table.rows.iter().filter(|row| row.kind != Kind::Later) {
        let path = format!("{prefix}{}", row.key);
        entries.push(Entry { full: format!("{section}.{path}"), path: path.clone(), row });
        if let Some((inner, name)) = row.kind.table() {
            collect(inner, &format!("{path}{name}."), section, entries);
        }
    }
}

/// What may stand there: the example, or what the kind says.
fn value(row: &Row) -> String {
    match (row.example, row.kind) {
        ("", kind) | (_, kind @ Kind::Words(_)) => said(kind),
        (example, Kind::Text("a text") | Kind::List(_) | Kind::Table(_) | Kind::Named(_)) => {
            format!("`{example}`")
        }
        (example, Kind::OneOrMore(_)) => format!("`{example}`, or an array of them"),
        (example, kind) => format!("{}, as `{example}`", said(kind)),
    }
}

fn said(kind: Kind) -> String {
    match kind {
        Kind::Boolean => "`true` or `false`".to_owned(),
        Kind::Number(..) => "a number".to_owned(),
        Kind::Text(what) => what.to_owned(),
        Kind::Words(words) => words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(", "),
        Kind::Variable => "a text, a number, a truth value, or a list of these".to_owned(),
        Kind::OneOrMore(kind) => format!("{}, or an array of them", said(*kind)),
        Kind::List(Kind::Table(_)) => "tables".to_owned(),
        Kind::List(_) => "an array".to_owned(),
        Kind::Named(Kind::Variable) => {
            "a table of texts, numbers, truth values and lists of these".to_owned()
        }
        Kind::Table(_) | Kind::Named(_) => "a table".to_owned(),
        Kind::Later => "nothing yet".to_owned(),
    }
}

fn without(row: &Row) -> &'static str {
    row.without.unwrap_or("must be there")
}

impl Report for Reference {
    fn text(&self, style: Style) -> String {
        let mut text = String::new();
        for Section { heading, table, entries, is_whole } in &self.sections {
            if !heading.is_empty() {
                let gap = if text.is_empty() { "" } else { "\n" };
                add(&mut text, format!("{gap}{}  {}\n", style.paint(Paint::Strong, heading), table.title));
            }
            if *is_whole && !heading.is_empty() && !table.about.is_empty() {
                add(&mut text, format!("{}\n", table.about.replace('\n', " ")));
            }
            for Entry { path, row, .. } in entries {
                let hang = style.hang();
                add(&mut text, format!("  {path:<22} {hang}{}\n", row.says));
                let without = if row.without.is_some() { "without it: " } else { "" };
                add(
                    &mut text,
                    format!("  {:<22} {hang}{}; {without}{}\n", "", value(row), self::without(row)),
                );
            }
        }
        text
    }

    fn markdown(&self) -> String {
        let mut text = String::new();
        if self.is_whole {
            add(&mut text, format!("# {}\n\n{}\n", self.keys.title, self.keys.about));
        }
        for Section { heading, table, entries, is_whole } in &self.sections {
            if !heading.is_empty() {
                let gap = if text.is_empty() { "" } else { "\n" };
                add(&mut text, format!("{gap}## `{heading}`: {}\n", table.title));
            }
            if *is_whole && !heading.is_empty() && !table.about.is_empty() {
                add(&mut text, format!("\n{}\n", table.about));
            }
            add(&mut text, "\n| key | what it says | value | without it |\n|---|---|---|---|\n");
            for Entry { path, row, .. } in entries {
                add(&mut text, format!("| `{path}` | {} | {} | {} |\n", row.says, value(row), without(row)));
            }
        }
        if self.is_whole {
            let later: Vec<String> = self.later().iter().map(|path| format!("`{path}`")).collect();
            let told = "are not there yet: a file that uses one is refused, with a sentence that says so.";
            add(&mut text, format!("\n{} {told}\n", later.join(", ")));
        }
        text
    }

    fn json(&self) -> Value {
        let key = |Entry { full, row, .. }: &Entry| {
            let words = match row.kind {
                Kind::Words(words) => json!(words),
                _ => Value::Null,
            };
            json!({
                "path": full,
                "says": row.says,
                "value": said(row.kind),
                "words": words,
                "example": (!row.example.is_empty()).then_some(row.example),
                "required": row.without.is_none(),
                "without": row.without,
            })
        };
        let keys: Vec<Value> = self.sections.iter().flat_map(|section| &section.entries).map(key).collect();
        json!({ "schema": "ripectl/reference/1", "keys": keys })
    }
}
