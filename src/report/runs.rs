//! The runs whose journals are here.

use serde_json::{Value, json};

use super::{
    Report, Style,
    paint::{Paint, add},
};
use crate::{
    apply::{Continues, Recorded, RecordedError},
    finding::counted,
    visible,
};

/// The runs whose journals are here, the last one first; what cannot be read says why.
#[derive(Debug)]
pub struct Runs(pub Vec<Result<Recorded, RecordedError>>);

impl Runs {
    fn read(&self) -> impl Iterator<Item = &Recorded> {
        self.0.iter().filter_map(|run| run.as_ref().ok())
    }

    /// What became of a run, in a word, and the run that did it.
    fn fate(&self, run: &Recorded) -> (&'static str, Option<&str>) {
        let later = self
            .read()
            .find(|other| other.of.as_ref().is_some_and(|(_, of)| *of == run.run) && other.done() > 0);
        match later.and_then(|later| Some((later.of.as_ref()?.0, later.run.as_str()))) {
            Some((Continues::Undoes, by)) => ("taken back", Some(by)),
            Some((Continues::Resumes, by)) => ("gone on with", Some(by)),
            None if run.is_whole() => ("done", None),
            None if run.ended => ("stopped", None),
            None => ("cut off", None),
        }
    }
}

impl Report for Runs {
    fn text(&self, style: Style) -> String {
        if self.0.is_empty() {
            return "Nothing was applied from here\n".to_owned();
        }
        let mut text = String::new();
        let longest = self.read().map(|run| run.run.len()).max().unwrap_or_default();
        for run in &self.0 {
            match run {
                Ok(run) => {
                    let (fate, by) = self.fate(run);
                    let paint =
                        if matches!(fate, "stopped" | "cut off") { Paint::Careful } else { Paint::Good };
                    let by = by.map_or_else(String::new, |by| format!(" by {by}"));
                    let of = run
                        .of
                        .as_ref()
                        .map_or_else(String::new, |(kind, of)| format!(", {} {of}", kind.text()));
                    let steps = format!("{} of {}", run.done(), counted(run.steps.len(), "step"));
                    let (name, registry) = (&run.run, visible::line(&run.registry));
                    add(
                        &mut text,
                        format!(
                            "{name:<longest$}  {registry:<10} {steps:<18} {}{by}{of}\n",
                            style.paint(paint, fate)
                        ),
                    );
                }
                Err(error) => {
                    let said = error.to_string();
                    add(&mut text, format!("{}\n", said.lines().next().unwrap_or_default()));
                }
            }
        }
        if self.read().next().is_some_and(|run| matches!(self.fate(run).0, "stopped" | "cut off")) {
            add(
                &mut text,
                format!(
                    "hint: {}`ripectl resume` goes on with the last one, `ripectl undo` takes it back\n",
                    style.hang()
                ),
            );
        }
        text
    }

    fn json(&self) -> Value {
        let run = |run: &Recorded| {
            let (fate, by) = self.fate(run);
            json!({
                "run": run.run,
                "registry": run.registry,
                "begun": run.begun.map(|begun| begun.to_string()),
                "steps": run.steps.len(),
                "done": run.done(),
                "fate": fate.replace(' ', "_"),
                "by": by,
                "resumes": run.of.as_ref().filter(|(kind, _)| *kind == Continues::Resumes).map(|(_, of)| of),
                "undoes": run.of.as_ref().filter(|(kind, _)| *kind == Continues::Undoes).map(|(_, of)| of),
            })
        };
        json!({"schema": "ripectl/runs/1", "runs": self.read().map(run).collect::<Vec<_>>()})
    }
}
