//! A JSON object with an array `roas`: Routinator, rpki-client, FORT, `StayRTR` and `rtrdump`.
//!
//! They differ in how numbers are written, in the name of the trust anchor and in `metadata`. Records
//! become VRPs while the text is parsed; no tree of 700,000 objects is built.

use std::{borrow::Cow, fmt};

use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

use super::{
    Document, Format, Problem,
    records::{Fields, Records, Scalar, time},
};
use crate::rpki::{FieldError, Place};

pub(super) const FORMAT: Format = Format {
    name: "JSON of Routinator (`json`, `jsonext`), rpki-client, FORT or StayRTR",
    recognise: |text| text.trim_start().starts_with('{'),
    read,
};

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    metadata: Option<Metadata<'a>>,
    roas: Option<Records>,
}

/// Routinator prints the first two, rpki-client and `StayRTR` the last, FORT nothing.
#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    generated: Option<Scalar<'a>>,
    #[serde(rename = "generatedTime", borrow)]
    generated_time: Option<Scalar<'a>>,
    #[serde(borrow)]
    buildtime: Option<Scalar<'a>>,
    /// Until when the document holds: `StayRTR` and its forebears, 0 for no end.
    valid: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Roa<'a> {
    #[serde(borrow)]
    asn: Option<Scalar<'a>>,
    #[serde(borrow)]
    prefix: Option<Scalar<'a>>,
    #[serde(rename = "maxLength", alias = "max_length", alias = "maxPrefixLength", borrow)]
    max_length: Option<Scalar<'a>>,
    #[serde(borrow)]
    ta: Option<Scalar<'a>>,
    #[serde(borrow)]
    expires: Option<Scalar<'a>>,
    #[serde(default, borrow)]
    source: Vec<Source<'a>>,
}

/// Routinator's `jsonext` names the trust anchor here.
#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow)]
    tal: Option<Scalar<'a>>,
    #[serde(borrow)]
    validity: Option<Term<'a>>,
    #[serde(rename = "chainValidity", borrow)]
    chain: Option<Term<'a>>,
}

/// How long a certificate holds.
#[derive(Deserialize)]
struct Term<'a> {
    #[serde(rename = "notAfter", borrow)]
    not_after: Option<Scalar<'a>>,
}

fn read(text: &str) -> Result<Document, Problem> {
    let file: File = serde_json::from_str(text).map_err(|error| problem(&error))?;
    let records = file.roas.ok_or(Problem::Foreign)?;
    let no_time = |error| match error {
        FieldError::Time(text) => Problem::Time(text),
        other => Problem::Malformed(other.to_string()),
    };
    let metadata = file.metadata.as_ref();
    let generated = metadata.map_or(Ok(None), Metadata::time).map_err(no_time)?;
    let valid_until = metadata.map_or(Ok(None), Metadata::end).map_err(no_time)?;
    Ok(Document { records, generated, valid_until })
}

fn problem(error: &serde_json::Error) -> Problem {
    if error.is_eof() { Problem::Truncated } else { Problem::Malformed(error.to_string()) }
}

impl Metadata<'_> {
    /// The earliest of the times that it gives.
    fn time(&self) -> Result<Option<Timestamp>, FieldError> {
        let given = [&self.generated, &self.generated_time, &self.buildtime];
        let times: Result<Vec<Timestamp>, FieldError> = given.into_iter().flatten().map(time).collect();
        Ok(times?.into_iter().min())
    }

    /// The time until which the document holds, if it says one.
    fn end(&self) -> Result<Option<Timestamp>, FieldError> {
        let given = match &self.valid {
            Some(serde_json::Value::Number(number)) => {
                number.as_u64().filter(|end| *end > 0).map(Scalar::Number)
            }
            Some(serde_json::Value::String(text)) => Some(Scalar::Text(Cow::Borrowed(text.as_str()))),
            _ => None,
        };
        given.as_ref().map(time).transpose()
    }
}

impl<'a> Source<'a> {
    /// When this ROA, or a certificate above it, ends.
    fn end(self) -> Option<Scalar<'a>> {
        let ends = [self.validity, self.chain].into_iter().flatten().filter_map(|term| term.not_after);
        earliest(ends)
    }
}

/// The earliest of several times; one that is none counts, so that it is refused.
fn earliest<'a>(times: impl Iterator<Item = Scalar<'a>>) -> Option<Scalar<'a>> {
    times.min_by_key(|scalar| time(scalar).ok())
}

impl<'a> From<Roa<'a>> for Fields<'a> {
    fn from(roa: Roa<'a>) -> Fields<'a> {
        let Roa { asn, prefix, max_length, ta, expires, source } = roa;
        let named = source.iter().find_map(|source| source.tal.clone());
        // Of several ROAs that say the same, the last to end counts; one that says no end has none.
        let ends: Option<Vec<Scalar>> = source.into_iter().map(Source::end).collect();
        let last = ends.into_iter().flatten().max_by_key(|scalar| time(scalar).ok());
        Fields { asn, prefix, max_length, trust_anchor: ta.or(named), expires: expires.or(last) }
    }
}

impl<'de> Deserialize<'de> for Records {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Records, D::Error> {
        struct Array;
        impl<'de> Visitor<'de> for Array {
            type Value = Records;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an array of VRPs")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Records, A::Error> {
                let mut records = Records::default();
                let mut number = 0;
                while let Some(roa) = array.next_element::<Roa>()? {
                    number += 1;
                    records.add(Place::Record(number), &roa.into());
                }
                Ok(records)
            }
        }
        deserializer.deserialize_seq(Array)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scalar<'a>, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Scalar<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a number or a text")
            }

            fn visit_u64<E>(self, number: u64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Number(number))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(number.to_string())))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(number.to_string())))
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_any(Either)
    }
}
