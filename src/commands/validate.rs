//! `ripectl validate`: whether each announcement has its route object and its ROA.

use anyhow::{anyhow, bail};

use super::{
    Answer, Common, evidence, proof,
    session::{Need, Session},
};
use crate::{estate::VrpOrigin, net::Prefix, outcome::Outcome, report::Printer, validate};

/// Prove that every announcement has its route object and its ROA
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Only announcements within these prefixes
    prefixes: Vec<String>,
    /// The VRPs: a file or URL with the output of a validator [default: `vrps` of ripectl.toml]
    #[arg(long, value_name = "FILE|URL")]
    vrps: Option<String>, // read in `run`: a parser of arguments would repeat a password in a URL
}

/// Validates the announcements of the estate.
pub async fn run(args: &Args, common: &Common, printer: Printer) -> anyhow::Result<Answer> {
    let within = args.prefixes.iter().map(|text| text.parse()).collect::<Result<Vec<Prefix>, _>>()?;
    let given = args.vrps.as_deref().map(str::parse::<VrpOrigin>).transpose()?;
    let session = Session::open(common, Need::Read, printer).await?;
    if validate::selected(&session.estate, &within).is_empty() {
        bail!(
            "nothing is announced{}\nhint: `[allocation.blocks]` says what is announced where",
            shown(&within)
        );
    }
    let vrps = evidence::fetch(&session.estate, given.as_ref()).await?;
    let vrps = vrps.ok_or_else(|| {
        anyhow!("there are no VRPs to validate against\nhint: add `[rpki] vrps = \"…\"` to ripectl.toml, or give `--vrps FILE`")
    })?;
    let validated = proof::prove(&session, &within, &vrps).await?;
    Ok(Answer::new(Outcome::found_if(!validated.validation.is_ok()), validated))
}

fn shown(within: &[Prefix]) -> String {
    let texts: Vec<String> = within.iter().map(Prefix::to_string).collect();
    if texts.is_empty() { String::new() } else { format!(" within {}", texts.join(", ")) }
}
