//! The first files of an estate, and what comes next.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{
    Report, Style,
    paint::{Paint, add},
};
use crate::{begin::ByOthers, finding::counted, plan::Plan, rpsl::Key, visible};

/// The first files of an estate.
#[derive(Clone, Debug)]
pub struct Initialised {
    /// The name of the registry.
    pub registry: String,
    /// The files, and how many objects each declares.
    pub files: Vec<(PathBuf, usize)>,
    /// What was registered already, and is declared now.
    pub imported: Vec<Key>,
    /// Ours, and not shown whole to whoever asked.
    pub hidden: Vec<Key>,
    /// What cannot be declared as it is registered, and why.
    pub misfits: Vec<(Key, String)>,
    /// What only others can do.
    pub others: Vec<ByOthers>,
    /// The account whose key makes the first maintainer, where a real registry is meant.
    pub account: Option<String>,
    /// What is planned now.
    pub plan: Plan,
}

impl Initialised {
    /// What is typed next, and why.
    fn next(&self) -> Vec<String> {
        let mut next = Vec::new();
        if let Some(account) = &self.account {
            let account = visible::line(account);
            next.push(format!(
                "an API key of the account {account}, made at https://apikeys.db.ripe.net, is needed to apply: `RIPECTL_API_KEY` holds it, or `ripectl login` once the maintainer is there"
            ));
        }
        next.push(match self.plan.steps.len() {
            0 => "`ripectl plan` looks whether it is still so".to_owned(),
            steps => format!(
                "`ripectl plan` shows the {} to be made, `ripectl apply` makes them",
                counted(steps, "object")
            ),
        });
        next
    }
}

impl Report for Initialised {
    fn text(&self, style: Style) -> String {
        let mut text = String::new();
        add(&mut text, format!("{} written\n", counted(self.files.len(), "file")));
        let shown = |path: &PathBuf| visible::shown(path.display());
        let width = self.files.iter().map(|(path, _)| shown(path).chars().count()).max().unwrap_or_default();
        for (path, objects) in &self.files {
            let objects = if *objects > 0 { counted(*objects, "object") } else { String::new() };
            let line = format!("  {} {:<width$}  {objects}", style.paint(Paint::Good, "+"), shown(path));
            add(&mut text, format!("{}\n", line.trim_end()));
        }
        if !self.imported.is_empty() {
            add(
                &mut text,
                format!("taken over from {}: {}\n", self.registry, counted(self.imported.len(), "object")),
            );
        }
        for key in &self.hidden {
            add(
                &mut text,
                format!("left out, for it is not shown whole: {}\n", visible::line(&key.to_string())),
            );
        }
        if !self.hidden.is_empty() {
            add(&mut text, "hint: `ripectl login`, and then `ripectl import` takes them over\n");
        }
        for (key, why) in &self.misfits {
            add(
                &mut text,
                format!("left out: {}: {}\n", visible::line(&key.to_string()), visible::line(why)),
            );
        }
        if !self.others.is_empty() {
            add(&mut text, "\nWhat only others can do\n");
        }
        for ByOthers { key, text: told } in &self.others {
            add(
                &mut text,
                format!("  {}: {}{}\n", visible::line(&key.to_string()), style.hang(), visible::line(told)),
            );
        }
        text.push('\n');
        for line in self.next() {
            add(&mut text, format!("next: {}{line}\n", style.hang()));
        }
        text
    }

    fn json(&self) -> Value {
        let keys = |keys: &[Key]| -> Vec<Value> {
            keys.iter().map(|key| json!({ "type": key.class().text(), "key": key.text() })).collect()
        };
        let file = |(path, count): &(PathBuf, usize)| json!({ "file": path.display().to_string(), "objects": count });
        let other = |other: &ByOthers| json!({ "type": other.key.class().text(), "key": other.key.text(), "text": other.text });
        let misfit =
            |(key, why): &(Key, String)| json!({ "type": key.class().text(), "key": key.text(), "why": why });
        json!({
            "schema": "ripectl/init/1",
            "registry": self.registry,
            "files": self.files.iter().map(file).collect::<Vec<_>>(),
            "imported": keys(&self.imported),
            "hidden": keys(&self.hidden),
            "misfits": self.misfits.iter().map(misfit).collect::<Vec<_>>(),
            "others": self.others.iter().map(other).collect::<Vec<_>>(),
            "planned": self.plan.steps.len(),
        })
    }

    fn is_record(&self) -> bool {
        true
    }
}
