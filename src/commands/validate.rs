//! `ripectl validate`: whether each announcement has its route object and its ROA.

use anyhow::{anyhow, bail};

use super::{
    Answer, evidence,
    key::Need,
    options::{FindingForm, RegistryOptions},
    route_evidence,
    session::Session,
};
use crate::{
    estate::{Estate, VrpOrigin},
    net::Prefix,
    outcome::Outcome,
    report::{Again, Output, Printer},
    validate,
};

/// Prove that every announcement has its route object and its ROA
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Only announcements within these prefixes
    prefixes: Vec<String>,
    /// The VRPs: a file or URL with the output of a validator [default: `vrps` of ripectl.toml]
    #[arg(long, value_name = "FILE|URL")]
    vrps: Option<String>, // read in `run`: a parser of arguments would repeat a password in a URL
    /// Where it goes.
    #[command(flatten)]
    pub registry: RegistryOptions,
    #[command(flatten)]
    form: FindingForm,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        self.registry.again()
    }

    /// How the announcements and what is wrong with them are shown.
    pub fn output(&self) -> Output {
        self.registry.on(self.form.output())
    }
}

/// Validates the announcements of the estate.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let within = args.prefixes.iter().map(|text| text.parse()).collect::<Result<Vec<Prefix>, _>>()?;
    let given = args.vrps.as_deref().map(str::parse::<VrpOrigin>).transpose()?;
    let session = Session::open(&args.registry, Need::Read, printer).await?;
    announced(&session.estate, &within)?;
    let vrps = evidence::fetch(&session.estate, given.as_ref()).await?;
    let vrps = vrps.ok_or_else(|| {
        anyhow!("there are no VRPs to validate against\nhint: add `[rpki] vrps = \"…\"` to ripectl.toml, or give `--vrps FILE`")
    })?;
    let validated = route_evidence::judge(&session, &within, &vrps).await?;
    Ok(Answer::new(Outcome::found_if(!validated.validation.is_ok()), validated))
}

/// Something is announced within each prefix that was typed: what was not looked at is not ok.
fn announced(estate: &Estate, within: &[Prefix]) -> anyhow::Result<()> {
    let is_empty = |within: &[Prefix]| validate::selected(estate, within).is_empty();
    let empty: Vec<String> =
        within.iter().filter(|prefix| is_empty(&[**prefix])).map(Prefix::to_string).collect();
    let hint = "hint: `[allocation.blocks]` says what is announced where";
    match empty.as_slice() {
        [] if is_empty(&[]) => bail!("nothing is announced\n{hint}"),
        [] => Ok(()),
        empty => bail!("nothing is announced within {}\n{hint}", empty.join(", ")),
    }
}
