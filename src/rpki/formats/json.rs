//! A JSON object with an array `roas`: Routinator, rpki-client, FORT, `StayRTR` and `rtrdump`; or the array alone:
//! rpki-prover and `rtrclient`.
//!
//! They differ in how numbers are written, in the name of the trust anchor and in `metadata`. Records become VRPs while
//! the text is parsed; no tree of 700,000 objects is built. The array is cut in as many parts as there are cores, which
//! are read at the same time: a part begins where a record begins, and the one before must end just there; if it does
//! not, the cut was inside of something, and that part reads on to the end of the array by itself.

use std::{borrow::Cow, ops::Range};

use jiff::Timestamp;
use memchr::{memchr_iter, memchr2};
use serde::{Deserialize, de::IgnoredAny};

use super::{
    Document, Format, plain,
    records::{FieldError, Records, Scalar, time},
    roas::Roa,
    slurm,
};
use crate::{
    parallel,
    reading::{Place, Problem},
};

pub(super) const FORMAT: Format = Format {
    name: "JSON of Routinator (`json`, `jsonext`), rpki-client, FORT, StayRTR, rtrdump, rtrclient or rpki-prover",
    recognise: |text| text.trim_start().starts_with(['{', '[']) && !(slurm::FORMAT.recognise)(text),
    read,
};

/// All of an object but the records.
#[derive(Deserialize)]
struct Shell<'a> {
    #[serde(borrow)]
    metadata: Option<Metadata<'a>>,
    roas: Option<Vec<IgnoredAny>>,
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

/// A part of the array.
struct Part {
    records: Records,
    /// How many records it had.
    count: u64,
    /// The offset where the next part begins, or behind the `]`.
    end: usize,
    /// Whether it ended with the `]`.
    is_last: bool,
}

/// A part is worth a thread of its own from this size on.
const WORTH_A_THREAD: usize = 1 << 20;

fn read(text: &str) -> Result<Option<Document>, Problem> {
    let Some(open) = open(text) else {
        let whole = serde_json::from_str::<IgnoredAny>(text);
        return whole.map_or_else(|error| Err(problem(&error, text, 0)), |_| Ok(None));
    };
    let (records, close) = array(text, open)?;
    let around = [text.get(..open), text.get(close - 1..)].map(Option::unwrap_or_default);
    if around == ["", "]"] || around[0].trim() == "[" {
        return match around[1].get(1..).unwrap_or_default().trim() {
            "" => Ok(Some(Document { records, ..Document::default() })),
            _ => Err(Problem::Malformed(format!(
                "something stands behind the array, at line {}",
                line(text, close)
            ))),
        };
    }
    let shell = around.concat();
    let shell: Shell = serde_json::from_str(&shell).map_err(|error| {
        let at = offset(&shell, &error);
        let own = if at < open { at } else { at - open + close - 1 };
        told(&error, text, own)
    })?;
    if shell.roas.is_none() {
        return Ok(None); // the array is one of something else
    }
    let no_time = |error| match error {
        FieldError::Time(text) => Problem::Time(text),
        other => Problem::Malformed(other.to_string()),
    };
    let metadata = shell.metadata.as_ref();
    let generated = metadata.map_or(Ok(None), Metadata::time).map_err(no_time)?;
    let valid_until = metadata.map_or(Ok(None), Metadata::end).map_err(no_time)?;
    Ok(Some(Document { records, generated, valid_until }))
}

/// The offset behind the `[` of the records: of the array that is the document, or of the one that the document has under
/// `roas`, and nothing inside of it.
fn open(text: &str) -> Option<usize> {
    let (bytes, start) = (text.as_bytes(), text.len() - text.trim_start().len());
    if bytes.get(start) == Some(&b'[') {
        return Some(start + 1);
    }
    let (mut depth, mut at) = (0_usize, start);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = string_end(bytes, at + 1)?;
                let [colon, bracket] =
                    [skip_blanks(text, end), skip_blanks(text, skip_blanks(text, end) + 1)];
                let found = [colon, bracket].map(|at| bytes.get(at).copied());
                // rpki-client counts them in `metadata` under the same name.
                if depth == 1 && bytes.get(at..end) == Some(b"\"roas\"") && found == [Some(b':'), Some(b'[')]
                {
                    return Some(bracket + 1);
                }
                at = end;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The offset behind the quote that ends the string whose inside begins at `from`.
fn string_end(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let at = from + memchr2(b'"', b'\\', bytes.get(from..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        from = at + 2; // what is escaped is one byte, or more of which none is a quote
    }
}

/// The records of the array that begins at `open`, and the offset behind its `]`.
fn array(text: &str, open: usize) -> Result<(Records, usize), Problem> {
    let parts = parallel::each(bounds(text, open), |range| part(text, range));
    let mut whole = Part { records: Records::default(), count: 0, end: open, is_last: false };
    for part in parts {
        if whole.is_last {
            break; // it went on by itself
        }
        let part = part?;
        match whole.count {
            0 => whole.records = part.records,
            before => whole.records.then(part.records, before),
        }
        whole = Part { count: whole.count + part.count, records: whole.records, ..part };
    }
    if whole.is_last {
        Ok((whole.records, whole.end))
    } else {
        Err(Problem::Truncated(line(text, text.len())))
    }
}

/// Where the parts begin and end: each but the first begins with a `{` behind a `},`.
fn bounds(text: &str, open: usize) -> Vec<Range<usize>> {
    let parts = parallel::parts(text.len() - open, WORTH_A_THREAD);
    let mut starts = vec![open];
    for number in 1..parts {
        let middle = open + (text.len() - open) / parts * number;
        starts.extend(record_behind(text, middle).filter(|at| starts.last().is_some_and(|last| last < at)));
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

fn record_behind(text: &str, from: usize) -> Option<usize> {
    let ends = memchr_iter(b'}', text.as_bytes().get(from..)?);
    ends.take(100).find_map(|at| {
        let comma = skip_blanks(text, from + at + 1);
        let brace = skip_blanks(text, comma + 1);
        let found = [comma, brace].map(|at| text.as_bytes().get(at).copied());
        (found == [Some(b','), Some(b'{')]).then_some(brace)
    })
}

/// The records from the beginning of `range` to its end, or to the end of the array.
fn part(text: &str, range: Range<usize>) -> Result<Part, Problem> {
    let mut part =
        Part { records: Records::default(), count: 0, end: skip_blanks(text, range.start), is_last: false };
    let byte = |at: usize| text.as_bytes().get(at).copied();
    if byte(part.end) == Some(b']') {
        return Ok(Part { end: part.end + 1, is_last: true, ..part });
    }
    loop {
        part.count += 1;
        let length = part.take(text)?;
        part.end = skip_blanks(text, part.end + length);
        match byte(part.end) {
            Some(b',') => part.end = skip_blanks(text, part.end + 1),
            Some(b']') => return Ok(Part { end: part.end + 1, is_last: true, ..part }),
            None => return Err(Problem::Truncated(line(text, text.len()))),
            Some(_) => {
                return Err(Problem::Malformed(format!(
                    "expected `,` or `]` at line {}",
                    line(text, part.end)
                )));
            }
        }
        if part.end == range.end {
            return Ok(part);
        }
    }
}

impl Part {
    /// Adds the record that begins where this part ends so far; its length in the text.
    fn take(&mut self, text: &str) -> Result<usize, Problem> {
        let rest = text.get(self.end..).unwrap_or_default();
        if let Some((plain, length)) = plain::record_at(rest.as_bytes())
            && self.records.take(&plain)
        {
            return Ok(length);
        }
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Roa>();
        let Some(value) = values.next() else { return Err(Problem::Truncated(line(text, text.len()))) };
        let roa = value.map_err(|error| problem(&error, text, self.end))?;
        self.records.add(Place::Record(self.count), &roa.into());
        Ok(values.byte_offset())
    }
}

fn skip_blanks(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    from + rest.iter().take_while(|b| matches!(b, b' ' | b'\n' | b'\r' | b'\t')).count()
}

/// The number of the line in which `offset` lies.
fn line(text: &str, offset: usize) -> usize {
    memchr_iter(b'\n', text.as_bytes().get(..offset).unwrap_or_default()).count() + 1
}

/// Where in `text` serde found its error.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    before + error.column().saturating_sub(1)
}

/// What serde says of the text that begins at `start`.
fn problem(error: &serde_json::Error, text: &str, start: usize) -> Problem {
    told(error, text, start + offset(text.get(start..).unwrap_or_default(), error))
}

fn told(error: &serde_json::Error, text: &str, at: usize) -> Problem {
    if error.is_eof() {
        return Problem::Truncated(line(text, text.len()));
    }
    let told = error.to_string();
    let told = told.rsplit_once(" at line ").map_or(told.as_str(), |(told, _)| told);
    let column = at - text.get(..at).and_then(|text| text.rfind('\n')).map_or(0, |end| end + 1) + 1;
    Problem::Malformed(format!("{told} at line {} column {column}", line(text, at)))
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
