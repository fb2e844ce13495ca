//! `ripectl split`: the prefixes that an allocation is divided into.

use super::Answer;
use crate::{
    net::{Asn, Family, Prefix, Split},
    outcome::Outcome,
    report::Children,
};

/// Show how a prefix divides
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The prefix, such as `2a0f:85c1:260::/44`
    prefix: String,
    /// The length of its children [default: 48 for IPv6, 24 for IPv4]
    #[arg(long, value_name = "LEN")]
    into: Option<u8>,
    /// Who originates them, such as `AS205398`
    #[arg(long, value_name = "ASN")]
    origin: Option<String>,
}

/// Divides the prefix.
pub fn run(args: &Args) -> anyhow::Result<Answer> {
    let prefix: Prefix = args.prefix.parse()?;
    let origin: Option<Asn> = args.origin.as_ref().map(|text| text.parse()).transpose()?;
    let usual = match prefix.family() {
        Family::V4 => 24,
        Family::V6 => 48,
    };
    let split = Split::new(prefix, args.into.unwrap_or(usual))?;
    Ok(Answer::new(Outcome::Clean, Children { split, origin }))
}
