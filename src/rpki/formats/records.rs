//! From the fields of a record to a VRP, the same for all formats.

use std::{borrow::Cow, collections::HashSet, sync::Arc};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::{
    net::{Asn, Prefix},
    rpki::{FieldError, Place, RecordError, Vrp, VrpError},
};

/// A value that some validators print as a number and others as a text.
#[derive(Clone)]
pub(super) enum Scalar<'a> {
    Number(u64),
    Text(Cow<'a, str>),
}

/// The fields of one record as they were printed.
pub(super) struct Fields<'a> {
    pub(super) asn: Option<Scalar<'a>>,
    pub(super) prefix: Option<Scalar<'a>>,
    pub(super) max_length: Option<Scalar<'a>>,
    pub(super) trust_anchor: Option<Scalar<'a>>,
    pub(super) expires: Option<Scalar<'a>>,
}

/// The VRPs read so far, and the records that are none.
#[derive(Default)]
pub(super) struct Records {
    vrps: Vec<Vrp>,
    refused: usize,
    first: Vec<RecordError>,
    anchors: HashSet<Arc<str>>,
}

impl Records {
    /// How many of the refused records are kept for the message.
    const KEPT: usize = 5;

    /// Adds the record at `place`.
    pub(super) fn add(&mut self, place: Place, fields: &Fields) {
        match fields.vrp() {
            Ok(vrp) => {
                let anchor = fields.trust_anchor.as_ref().map(|name| self.anchor(&name.text()));
                self.vrps.push(anchor.into_iter().fold(vrp, Vrp::under));
            }
            Err(problem) => {
                self.refused += 1;
                self.first.push(RecordError { place, problem });
                self.first.truncate(Records::KEPT);
            }
        }
    }

    /// All VRPs, if each record was one; `name` is for the message.
    pub(super) fn finish(self, name: &str) -> Result<Vec<Vrp>, VrpError> {
        match self.refused {
            0 => Ok(self.vrps),
            count => Err(VrpError::Records { name: name.to_owned(), count, first: self.first }),
        }
    }

    /// One shared copy of each name: there are five, and 700,000 VRPs.
    fn anchor(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.anchors.get(name) {
            return known.clone();
        }
        let new: Arc<str> = name.into();
        self.anchors.insert(new.clone());
        new
    }
}

impl Fields<'_> {
    fn vrp(&self) -> Result<Vrp, FieldError> {
        let origin = origin(self.asn.as_ref().ok_or(FieldError::Missing("AS number"))?)?;
        let prefix: Prefix = self.prefix.as_ref().ok_or(FieldError::Missing("prefix"))?.text().parse()?;
        let max_length = self.max_length.as_ref().map_or(Ok(prefix.len()), length)?;
        let expires = self.expires.as_ref().map(time).transpose()?;
        Ok(expires.into_iter().fold(Vrp::new(prefix, origin, max_length)?, Vrp::expiring))
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
    let text = value.text();
    let bare = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    Ok(if bare { format!("AS{text}").parse()? } else { text.parse()? })
}

fn length(value: &Scalar) -> Result<u8, FieldError> {
    let text = value.text();
    text.trim().parse().map_err(|_| FieldError::Length(text.into_owned()))
}

/// Seconds since 1970, RFC 3339, or a date and a time in UTC (Routinator's `csvext`).
pub(super) fn time(value: &Scalar) -> Result<Timestamp, FieldError> {
    let text = value.text();
    let seconds = text.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let civil = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    let time = seconds.or_else(|| text.parse().ok()).or_else(civil);
    time.ok_or_else(|| FieldError::Time(text.into_owned()))
}
