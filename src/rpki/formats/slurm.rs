//! Routinator's `slurm` and `slurm2`: all that it has validated, as local assertions (RFC 8416).

use super::{Document, Format, records::Records};
use crate::{
    reading::{Problem, ReadError},
    rpki::Slurm,
};

pub(super) const FORMAT: Format = Format {
    name: "Routinator's `slurm`",
    recognise: |text| {
        text.trim_start().starts_with('{') && text.get(..200).unwrap_or(text).contains("\"slurmVersion\"")
    },
    read,
};

fn read(text: &str) -> Result<Option<Document>, Problem> {
    let slurm = Slurm::read("", text.as_bytes()).map_err(|ReadError { problem, .. }| problem)?;
    Ok(Some(Document { records: Records::of(slurm.into_payloads()), ..Document::default() }))
}
