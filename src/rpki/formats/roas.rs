//! One record of JSON, in the names of every validator.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, de::Visitor};

use super::records::{Fields, Scalar, time};

/// A record; `rtrclient` calls things otherwise, and writes the length of the prefix apart.
#[derive(Deserialize)]
pub(super) struct Roa<'a> {
    #[serde(alias = "origin", borrow)]
    asn: Option<Scalar<'a>>,
    #[serde(borrow)]
    prefix: Option<Scalar<'a>>,
    #[serde(borrow)]
    length: Option<Scalar<'a>>,
    #[serde(rename = "maxLength", alias = "max_length", alias = "maxPrefixLength", alias = "maxlen", borrow)]
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
        let Roa { asn, prefix, length, max_length, ta, expires, source } = roa;
        let named = source.iter().find_map(|source| source.tal.clone());
        // Of several ROAs that say the same, the last to end counts; one that says no end has none.
        let ends: Option<Vec<Scalar>> = source.into_iter().map(Source::end).collect();
        let last = ends.into_iter().flatten().max_by_key(|scalar| time(scalar).ok());
        Fields { asn, prefix, length, max_length, trust_anchor: ta.or(named), expires: expires.or(last) }
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
