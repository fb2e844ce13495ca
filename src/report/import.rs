//! What was taken over from a registry into files.

use std::{collections::BTreeSet, path::PathBuf};

use serde_json::{Value, json};

use super::{
    Report, Style,
    names::{Name, listed},
    paint::{Paint, add},
};
use crate::{
    finding::{Severity, counted},
    net::Prefix,
    outcome::Outcome,
    plan::{Plan, Strictness},
    rpsl::Key,
    visible,
};

/// What was taken over from a registry into files.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The name of the registry.
    pub registry: String,
    /// `ripectl.toml`, if it was made or changed.
    pub config: Option<PathBuf>,
    /// The new files, and how many objects each has.
    pub files: Vec<(PathBuf, usize)>,
    /// What they declare.
    pub objects: Vec<Key>,
    /// Tables of blocks that were made, and how many each has.
    pub folded: Vec<(Prefix, usize)>,
    /// Files in which what is registered was put in the place of what was declared.
    pub replaced: Vec<PathBuf>,
    /// How many of what was looked for were declared already.
    pub declared: usize,
    /// Others', and left out.
    pub others: Vec<Key>,
    /// Ours, and not shown whole to whoever asked.
    pub hidden: Vec<Key>,
    /// What cannot be declared as it is registered, and why.
    pub misfits: Vec<(Key, String)>,
    /// What is planned now.
    pub plan: Plan,
    /// Why it is not known what would be planned: the registry could not be asked.
    pub unproven: Option<String>,
}

impl Imported {
    /// What it came to.
    pub fn outcome(&self) -> Outcome {
        match self.unproven {
            Some(_) => Outcome::Trouble,
            None => Outcome::found_if(!self.is_whole()),
        }
    }

    /// Whether the files say what the registry says: all of it, of all that is ours.
    fn is_whole(&self) -> bool {
        self.hidden.is_empty() && self.misfits.is_empty() && self.plan.is_settled(Strictness::Strict)
    }

    /// What keeps the plan from being empty, in words.
    fn proof(&self, style: Style) -> Vec<String> {
        if let Some(why) = &self.unproven {
            return vec![
                format!("not proved, for the registry could not be asked: {why}"),
                "hint: `ripectl plan --strict` proves it".to_owned(),
            ];
        }
        if self.plan.is_settled(Strictness::Strict) {
            return vec!["proved: `ripectl plan --strict` has nothing to do".to_owned()];
        }
        let mut left = Vec::new();
        if !self.plan.steps.is_empty() {
            let differ = counted(self.plan.steps.len(), "object");
            left.push(format!("{differ} declared otherwise than registered: `ripectl plan` shows how"));
        }
        let told: BTreeSet<&Key> =
            self.hidden.iter().chain(self.misfits.iter().map(|(key, _)| key)).collect();
        let elsewhere: Vec<Key> =
            self.plan.unmanaged.iter().filter(|key| !told.contains(key)).cloned().collect();
        if !elsewhere.is_empty() {
            left.push(format!(
                "{} of yours declared nowhere yet: {}; `ripectl import --mntner` takes all of a maintainer",
                counted(elsewhere.len(), "object"),
                some(&elsewhere, style)
            ));
        }
        let told = self.plan.told().filter(|finding| finding.severity != Severity::Info);
        left.extend(told.map(|finding| finding.text));
        left
    }
}

/// So many objects are named in a line.
const MOST: usize = 6;

/// Objects and a few of their names.
fn some(keys: &[Key], style: Style) -> String {
    let most = if style.verbose { usize::MAX } else { MOST };
    let names: Vec<Name> = keys.iter().take(most).map(Name::of_key).collect();
    let more = keys.len().checked_sub(most).filter(|more| *more > 0);
    let more = more.map_or_else(String::new, |more| format!(" and {more} more: -v"));
    format!("{}{more}", visible::line(&listed(&names)))
}

impl Report for Imported {
    fn text(&self, style: Style) -> String {
        let mut text = String::new();
        let Imported { config, files, objects, replaced, declared, others, hidden, misfits, .. } = self;
        let folded = &self.folded;
        let sum = counted(objects.len(), "object");
        add(&mut text, format!("{sum} taken over into {}\n", counted(files.len(), "new file")));
        let width = files.iter().map(|(path, _)| path.display().to_string().chars().count()).max();
        for (path, count) in files {
            let (path, width) = (visible::shown(path.display()), width.unwrap_or_default());
            add(
                &mut text,
                format!(
                    "  {} {path:<width$}  {}\n",
                    style.paint(Paint::Good, "+"),
                    counted(*count, "object")
                ),
            );
        }
        for path in replaced.iter().chain(config) {
            add(
                &mut text,
                format!("  {} {}\n", style.paint(Paint::Careful, "~"), visible::shown(path.display())),
            );
        }
        for (prefix, rows) in folded {
            add(&mut text, format!("    [[allocation]] {prefix} with {}\n", counted(*rows, "block")));
        }
        if *declared > 0 {
            add(&mut text, format!("declared already: {}\n", counted(*declared, "object")));
        }
        if !others.is_empty() {
            add(&mut text, format!("left out, for others maintain them: {}\n", some(others, style)));
        }
        if !hidden.is_empty() {
            add(
                &mut text,
                format!(
                    "left out, for they are not shown whole: {}\nhint: {}import them again with a key that speaks for them: `ripectl login`\n",
                    some(hidden, style),
                    style.hang()
                ),
            );
        }
        for (key, why) in misfits {
            add(
                &mut text,
                format!("left out: {}: {}\n", visible::line(&key.to_string()), visible::line(why)),
            );
        }
        for line in self.proof(style) {
            add(&mut text, format!("{}\n", visible::line(&line)));
        }
        text
    }

    fn json(&self) -> Value {
        let keys = |keys: &[Key]| -> Vec<Value> {
            keys.iter().map(|key| json!({ "type": key.class().text(), "key": key.text() })).collect()
        };
        let file = |(path, count): &(PathBuf, usize)| json!({ "file": path.display().to_string(), "objects": count });
        let misfit =
            |(key, why): &(Key, String)| json!({ "type": key.class().text(), "key": key.text(), "why": why });
        json!({
            "schema": "ripectl/import/1",
            "registry": self.registry,
            "files": self.files.iter().map(file).collect::<Vec<_>>(),
            "changed": self.replaced.iter().chain(&self.config).map(|path| path.display().to_string()).collect::<Vec<_>>(),
            "imported": keys(&self.objects),
            "folded": self.folded.iter().map(|(prefix, rows)| json!({ "prefix": prefix.to_string(), "blocks": rows })).collect::<Vec<_>>(),
            "declared": self.declared,
            "others": keys(&self.others),
            "hidden": keys(&self.hidden),
            "misfits": self.misfits.iter().map(misfit).collect::<Vec<_>>(),
            "settled": self.unproven.is_none().then(|| self.plan.is_settled(Strictness::Strict)),
            "unmanaged": keys(&self.plan.unmanaged),
        })
    }
}
