//! `ripectl reference`: the keys of `ripectl.toml`.

use anyhow::anyhow;

use super::{Answer, options::ReportForm};
use crate::{
    config::{did_you_mean, json_schema},
    estate::KEYS,
    outcome::Outcome,
    report::{Again, Output, Personal, Printer, Reference, Verbatim},
    visible,
};

/// Show what can stand in ripectl.toml: its keys, their values, and what holds without them
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Only this table or key, such as `manage` or `limits.delete`
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Print the JSON Schema of the file, for an editor that completes and checks while you type
    #[arg(long, conflicts_with_all = ["name", "format"])]
    json_schema: bool,
    #[command(flatten)]
    form: ReportForm,
}

impl Args {
    /// What a further command needs, to mean the same: nothing.
    pub fn again(&self) -> Again {
        Again::default()
    }

    /// How the reference is shown. Its examples are nobody's data.
    pub fn output(&self) -> Output {
        Output { personal: Personal::Shown, ..self.form.output() }
    }
}

/// Looks it up.
#[expect(clippy::unused_async, reason = "the shape of a command, also of one without I/O")]
pub async fn run(args: &Args, _: Printer) -> anyhow::Result<Answer> {
    if args.json_schema {
        let schema = format!("{:#}\n", json_schema(&KEYS, "ripectl.toml.json"));
        return Ok(Answer::new(Outcome::Clean, Verbatim(schema)));
    }
    let whole = Reference::of(&KEYS);
    let Some(name) = &args.name else { return Ok(Answer::new(Outcome::Clean, whole)) };
    let names = whole.names();
    let found = whole.named(name).ok_or_else(|| {
        let (shown, meant) = (visible::line(name), did_you_mean(name, names.iter().map(String::as_str)));
        anyhow!("ripectl.toml has no key `{shown}`{meant}\nhint: `ripectl reference` shows all of them")
    })?;
    Ok(Answer::new(Outcome::Clean, found))
}
