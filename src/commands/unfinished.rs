//! An earlier run that did not come to its end: it is mentioned by the next one.

use super::{options::RegistryOptions, session::Session};
use crate::{
    apply::{Recorded, RecordedError},
    disk::StateDir,
    finding::{Finding, Severity},
};

/// The last run against the registry of this session, if it is not done whole.
fn recorded(session: &Session, options: &RegistryOptions) -> anyhow::Result<Option<Recorded>> {
    let state = StateDir::find(options.state.state_dir.as_deref(), &session.estate.root)?;
    match Recorded::find(state.as_ref(), None) {
        Ok(run) if run.registry == session.registry.remote().name && !run.is_whole() => Ok(Some(run)),
        Err(RecordedError::Journal(error)) => Err(error.into()),
        Ok(_) | Err(_) => Ok(None), // there is none, or none that could be gone on with
    }
}

fn told(run: &Recorded) -> (String, String) {
    let what = if run.ended { "stopped" } else { "was cut off" };
    (
        format!("run {} {what} after {} of {}", run.run, run.done(), run.steps.len()),
        "`ripectl resume` does the rest as it was planned, `ripectl undo` takes it back".to_owned(),
    )
}

/// A line about it, for who is about to write.
pub fn last(session: &Session, options: &RegistryOptions) -> anyhow::Result<Option<String>> {
    let run = recorded(session, options)?;
    Ok(run.as_ref().map(told).map(|(text, remedy)| format!("{text}; {remedy}. This plans anew.")))
}

/// A finding about it, for who only looks.
pub fn finding(session: &Session, options: &RegistryOptions) -> anyhow::Result<Option<Finding>> {
    let run = recorded(session, options)?;
    Ok(run
        .as_ref()
        .map(told)
        .map(|(text, remedy)| Finding::error("unfinished", text).weighing(Severity::Info).fix(remedy)))
}
