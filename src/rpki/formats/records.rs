//! From the fields of a record to a VRP, the same for all formats.

use std::borrow::Cow;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::{
    net::{Asn, AsnError, Prefix, PrefixError},
    reading::{Place, Problem, Refused},
    rpki::{Payloads, VrpLengthError, vrp::seconds},
};

/// A value that some validators print as a number and others as a text.
#[derive(Clone)]
pub(super) enum Scalar<'a> {
    Number(u64),
    Text(Cow<'a, str>),
}

/// The fields of one record as they were printed.
#[derive(Default)]
pub(super) struct Fields<'a> {
    pub(super) asn: Option<Scalar<'a>>,
    pub(super) prefix: Option<Scalar<'a>>,
    /// Where the prefix has none of its own (`rtrclient`).
    pub(super) length: Option<Scalar<'a>>,
    pub(super) max_length: Option<Scalar<'a>>,
    pub(super) trust_anchor: Option<Scalar<'a>>,
    pub(super) expires: Option<Scalar<'a>>,
}

/// A record whose fields are read already.
pub(super) struct Plain<'a> {
    pub(super) prefix: Prefix,
    pub(super) origin: Asn,
    pub(super) max_length: u8,
    /// In seconds since 1970.
    pub(super) expires: Option<u32>,
    pub(super) anchor: Option<&'a str>,
}

/// The VRPs read so far, and the records that are none.
#[derive(Default)]
pub(super) struct Records {
    payloads: Payloads,
    refused: Refused,
}

/// A field of a record that is not what it should be.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum FieldError {
    /// It is not there.
    #[error("the {0} is missing")]
    Missing(&'static str),
    /// No AS number.
    #[error(transparent)]
    Asn(#[from] AsnError),
    /// No prefix, or one with host bits.
    #[error(transparent)]
    Prefix(#[from] PrefixError),
    /// No number of bits.
    #[error("maxLength `{0}` is not a number of bits")]
    Length(String),
    /// A maxLength that does not go with its prefix.
    #[error(transparent)]
    Range(#[from] VrpLengthError),
    /// No time.
    #[error("`{0}` is no time")]
    Time(String),
}

impl Records {
    /// VRPs that were read elsewhere.
    pub(super) fn of(payloads: Payloads) -> Records {
        Records { payloads, refused: Refused::default() }
    }

    /// Adds the record at `place`.
    pub(super) fn add(&mut self, place: Place, fields: &Fields) {
        if let Err(problem) = fields.push(&mut self.payloads) {
            self.refused.add(place, problem);
        }
    }

    /// Adds one whose fields are read already; or does not, if it is none.
    pub(super) fn take(&mut self, plain: &Plain) -> bool {
        plain.push(&mut self.payloads).is_ok()
    }

    /// Adds those that stand behind these, `before` of which were read.
    pub(super) fn then(&mut self, later: Records, before: u64) {
        self.payloads.append(later.payloads);
        self.refused.then(later.refused, before);
    }

    /// All VRPs, if each record was one.
    pub(super) fn finish(self) -> Result<Payloads, Problem> {
        if self.refused.count == 0 { Ok(self.payloads) } else { Err(Problem::Records(self.refused)) }
    }
}

impl Plain<'_> {
    pub(super) fn push(&self, payloads: &mut Payloads) -> Result<(), VrpLengthError> {
        payloads.push(self.prefix, self.origin, self.max_length, self.expires, self.anchor)
    }
}

impl Fields<'_> {
    pub(super) fn push(&self, payloads: &mut Payloads) -> Result<(), FieldError> {
        let origin = origin(self.asn.as_ref().ok_or(FieldError::Missing("AS number"))?)?;
        let prefix = self.prefix()?;
        let max_length = self.max_length.as_ref().map_or(Ok(prefix.len()), length)?;
        let expires = self.expires.as_ref().map(time).transpose()?.map(seconds);
        let anchor = self.trust_anchor.as_ref().map(Scalar::text);
        Ok(Plain { prefix, origin, max_length, expires, anchor: anchor.as_deref() }.push(payloads)?)
    }

    fn prefix(&self) -> Result<Prefix, FieldError> {
        let prefix = self.prefix.as_ref().ok_or(FieldError::Missing("prefix"))?.text();
        match self.length.as_ref().filter(|_| !prefix.contains('/')) {
            Some(length) => Ok(format!("{prefix}/{}", length.text()).parse()?),
            None => Ok(prefix.parse()?),
        }
    }
}

impl Scalar<'_> {
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Scalar::Number(number) => Cow::Owned(number.to_string()),
            Scalar::Text(text) => Cow::Borrowed(text),
        }
    }
}

/// An AS number with or without `AS`.
fn origin(value: &Scalar) -> Result<Asn, FieldError> {
    let short = match value {
        Scalar::Number(number) => u32::try_from(*number).ok(),
        Scalar::Text(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        Scalar::Text(_) => None,
    };
    match (short, value) {
        (Some(number), _) => Ok(Asn(number)),
        (None, Scalar::Number(number)) => Ok(format!("AS{number}").parse()?),
        (None, Scalar::Text(text)) if text.bytes().all(|b| b.is_ascii_digit()) => {
            Ok(format!("AS{text}").parse()?)
        }
        (None, Scalar::Text(text)) => Ok(text.parse()?),
    }
}

fn length(value: &Scalar) -> Result<u8, FieldError> {
    let number = match value {
        Scalar::Number(number) => u8::try_from(*number).ok(),
        Scalar::Text(text) => text.trim().parse().ok(),
    };
    number.ok_or_else(|| FieldError::Length(value.text().into_owned()))
}

/// Seconds since 1970, RFC 3339, or a date and a time in UTC (Routinator's `csvext`).
pub(super) fn time(value: &Scalar) -> Result<Timestamp, FieldError> {
    let text = value.text();
    let seconds = text.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let civil = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    let time = seconds.or_else(|| text.parse().ok()).or_else(civil);
    time.ok_or_else(|| FieldError::Time(text.into_owned()))
}
