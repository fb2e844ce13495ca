//! A ROA as its publisher is asked for it.

use std::{fmt, str::FromStr};

use super::Pairs;
use crate::{
    net::{Asn, Prefix},
    rpki::Vrp,
};

/// Who may announce what (RFC 9582 §4): the whole of it is a ROA's identity.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RoaPayload {
    /// The AS that may announce.
    pub origin: Asn,
    /// The prefix.
    pub prefix: Prefix,
    /// The longest more specific that it may announce, in bits.
    pub max_length: u8,
}

/// A payload with what its publisher notes beside it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Roa {
    /// What it says.
    pub payload: RoaPayload,
    /// A note for people; the only thing of a ROA that can be modified.
    pub comment: Option<String>,
}

impl RoaPayload {
    /// The type of such a record, as JSON has it.
    pub const TYPE: &str = "roa";
}

/// `AS205398:2a0f:85c1:260::/48-48`.
impl fmt::Display for RoaPayload {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}-{}", self.origin, self.prefix, self.max_length)
    }
}

impl FromStr for RoaPayload {
    type Err = String;

    fn from_str(text: &str) -> Result<RoaPayload, String> {
        let wrong = || format!("`{text}` is no ROA, such as AS1:2001:db8::/32-48");
        let (origin, rest) = text.split_once(':').ok_or_else(wrong)?;
        let (prefix, max_length) = rest.rsplit_once('-').ok_or_else(wrong)?;
        read(origin, prefix, max_length)
    }
}

impl Roa {
    /// Its names and values.
    pub fn pairs(&self) -> Pairs {
        let RoaPayload { origin, prefix, max_length } = self.payload;
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let payload = [
            pair("origin", origin.to_string()),
            pair("prefix", prefix.to_string()),
            pair("max-length", max_length.to_string()),
        ];
        payload.into_iter().chain(self.comment.iter().map(|text| pair("comment", text.clone()))).collect()
    }

    /// The ROA that the pairs are.
    pub fn from_pairs(pairs: &Pairs) -> Result<Roa, String> {
        const NAMES: [&str; 4] = ["origin", "prefix", "max-length", "comment"];
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !NAMES.contains(&name.as_str())) {
            return Err(format!("`{name}` is nothing of a ROA"));
        }
        let value =
            |name: &str| pairs.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
        let need = |name: &str| value(name).ok_or_else(|| format!("`{name}` is missing"));
        let payload = read(need("origin")?, need("prefix")?, need("max-length")?)?;
        Ok(Roa { payload, comment: value("comment").map(str::to_owned) })
    }
}

fn read(origin: &str, prefix: &str, max_length: &str) -> Result<RoaPayload, String> {
    let origin: Asn = origin.parse().map_err(|error| format!("{error}"))?;
    let prefix: Prefix = prefix.parse().map_err(|error| format!("{error}"))?;
    let max_length = max_length.parse().map_err(|_| format!("maxLength `{max_length}` is no number"))?;
    Vrp::new(prefix, origin, max_length).map_err(|error| error.to_string())?;
    Ok(RoaPayload { origin, prefix, max_length })
}
