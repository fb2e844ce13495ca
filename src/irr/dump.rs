//! Dumps as registries publish them: `ripe.db.route6.gz`, `radb.db`, the exports of IRRd.

use std::{
    io::{self, Cursor, ErrorKind, Read},
    sync::Arc,
};

use flate2::read::MultiGzDecoder;

use super::{
    object::{self, Seen},
    paragraphs::{LONGEST, Paragraph, Paragraphs, Stop},
    route::Route,
};
use crate::{
    finding::counted,
    net::{Asn, Prefix},
    reading::{Place, Problem, ROUTES, ReadError, Refused, unpacked, unrecognised},
};

/// The first bytes of gzip (RFC 1952 §2.3.1).
const GZIP: &[u8] = b"\x1f\x8b";
/// The first bytes of what no registry publishes.
const BZIP2: &[u8] = b"BZh";

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What can be read, for messages.
const FORMATS: &str =
    "route objects in RPSL, as registries publish them (`ripe.db.route6.gz`), packed with gzip or not";

/// The route objects of a dump.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Dump {
    /// Those that were wanted, in the order of the dump.
    pub routes: Vec<Route>,
    /// How many objects there were, of any class.
    pub objects: u64,
    /// How many of them were route objects; those of the pseudo-source are none.
    pub seen: u64,
    /// What was left out.
    pub left_out: LeftOut,
    /// Whether it says itself that it ends where it ends (`# EOF`, as exports of IRRd do). Others do not say so: one that
    /// was cut off between two objects looks whole.
    pub says_end: bool,
}

/// Objects of a dump that are not among its routes, by the reason.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct LeftOut {
    /// Of other classes.
    pub others: u64,
    /// Of the pseudo-source `RPKI`: ROAs, which are judged as ROAs.
    pub pseudo: u64,
    /// Route objects that were not asked for.
    pub unwanted: u64,
}

impl LeftOut {
    /// Each reason with its number, in words; those without any object are not named.
    pub fn words(&self) -> Vec<String> {
        let reasons = [
            (self.others, "of another class"),
            (self.pseudo, "of the pseudo-source RPKI, which is no route object"),
            (self.unwanted, "for other address space"),
        ];
        let words = reasons.into_iter().filter(|(count, _)| *count > 0);
        words
            .map(|(count, why)| {
                format!("{} {why}", counted(usize::try_from(count).unwrap_or(usize::MAX), "object"))
            })
            .collect()
    }
}

/// Reads a dump from `reader` (plain, or packed with gzip), and keeps the routes for which `wanted` says yes; `name` is the
/// file or URL for messages.
///
/// Refused is a dump without a single route object, and one in which an object that says to be a route object is none.
pub fn read_dump(
    name: &str,
    reader: impl Read,
    wanted: impl Fn(Prefix, Asn) -> bool,
) -> Result<Dump, ReadError> {
    let refuse = |problem| ReadError { name: name.to_owned(), kind: &ROUTES, problem };
    let (start, reader) = begun(reader).map_err(|error| refuse(unread(&error, false)))?;
    if start.starts_with(BZIP2) {
        let (what, command) = ("compressed (bzip2)".to_owned(), "bzip2 -dc");
        return Err(refuse(Problem::Packed { what, command }));
    }
    if !start.starts_with(GZIP) {
        unpacked(&ROUTES, name, &start)?;
        return read(name, reader, false, wanted).and_then(not_empty(name));
    }
    let unpacking = MultiGzDecoder::new(reader);
    let (start, reader) = begun(unpacking).map_err(|error| refuse(unread(&error, true)))?;
    if start.starts_with(GZIP) {
        let (what, command) = ("compressed twice (gzip)".to_owned(), "gzip -dc");
        return Err(refuse(Problem::Packed { what, command }));
    }
    unpacked(&ROUTES, name, &start)?;
    read(name, reader, true, wanted).and_then(not_empty(name))
}

/// The route objects of an answer, which may well hold none.
pub fn read_answer(name: &str, bytes: &[u8]) -> Result<Dump, ReadError> {
    read(name, bytes, false, |_, _| true)
}

/// The first bytes of `reader`, and all of it.
fn begun<R: Read>(mut reader: R) -> io::Result<(Vec<u8>, impl Read)> {
    const LOOKED_AT: u64 = 8;
    let mut start = Vec::new();
    reader.by_ref().take(LOOKED_AT).read_to_end(&mut start)?;
    let whole = Cursor::new(start.strip_prefix(MARK).unwrap_or(&start).to_vec()).chain(reader);
    Ok((start, whole))
}

fn not_empty(name: &str) -> impl FnOnce(Dump) -> Result<Dump, ReadError> {
    let problem = ReadError { name: name.to_owned(), kind: &ROUTES, problem: Problem::Empty };
    |dump| if dump.seen == 0 { Err(problem) } else { Ok(dump) }
}

fn read(
    name: &str,
    reader: impl Read,
    is_packed: bool,
    wanted: impl Fn(Prefix, Asn) -> bool,
) -> Result<Dump, ReadError> {
    let refuse = |problem| ReadError { name: name.to_owned(), kind: &ROUTES, problem };
    let mut paragraphs = Paragraphs::of(reader);
    let (mut dump, mut kept) = (Dump::default(), Kept::default());
    let mut cut = None;
    loop {
        let paragraph = match paragraphs.next() {
            Ok(Some(paragraph)) => paragraph,
            Ok(None) => break,
            Err(Stop::Io(error)) => return Err(refuse(unread(&error, is_packed))),
            Err(Stop::TooLong(line)) => return Err(refuse(too_long(line))),
        };
        let Paragraph { text, line, lines } = paragraph;
        cut = (!text.ends_with(b"\n") && object::matters(text)).then_some(line + lines);
        let seen = object::seen(text);
        if matches!(seen, Seen::Foreign) && dump.objects == 0 {
            return Err(unrecognised(&ROUTES, name, text, FORMATS));
        }
        if cut.is_none() {
            cut = kept.count(seen, line, lines, &wanted, &mut dump);
        }
    }
    match cut {
        Some(line) => Err(refuse(Problem::Truncated(usize::try_from(line).unwrap_or(usize::MAX)))),
        None if kept.refused.count > 0 => Err(refuse(Problem::Records(kept.refused))),
        None => Ok(dump),
    }
}

/// What is remembered from object to object.
#[derive(Default)]
struct Kept {
    refused: Refused,
    sources: Vec<Arc<str>>,
}

impl Kept {
    /// Counts one paragraph of `lines` lines from `line` on; if it lacks an attribute that may have been cut off, the line
    /// in which it ends.
    fn count(
        &mut self,
        seen: Seen,
        line: u64,
        lines: u64,
        wanted: impl Fn(Prefix, Asn) -> bool,
        dump: &mut Dump,
    ) -> Option<u64> {
        let place = Place::Line(line);
        if let Seen::Comment { is_end } = seen {
            dump.says_end = is_end;
            return None;
        }
        dump.objects += 1;
        dump.says_end = false;
        match seen {
            Seen::Other => dump.left_out.others += 1,
            Seen::Pseudo => dump.left_out.pseudo += 1,
            Seen::Foreign | Seen::Comment { .. } => {
                self.refused.add(place, "no object: no `attribute:` begins it");
            }
            Seen::Refused { why, is_short } => {
                self.refused.add(place, why);
                return is_short.then(|| (line + lines).saturating_sub(1));
            }
            Seen::Route(route) => {
                dump.seen += 1;
                if !wanted(route.prefix, route.origin) {
                    dump.left_out.unwanted += 1;
                    return None;
                }
                let source = self.source(&route.source);
                match route.read(source, None, line) {
                    Ok(route) => dump.routes.push(route),
                    Err(why) => self.refused.add(place, why),
                }
            }
        }
        None
    }

    /// The name, kept once.
    fn source(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.sources.iter().find(|known| known.as_ref() == name) {
            return known.clone();
        }
        let kept: Arc<str> = name.into();
        // Registries are a few dozen: a dump that has more is not made faster by remembering them.
        if self.sources.len() < 64 {
            self.sources.push(kept.clone());
        }
        kept
    }
}

fn too_long(line: u64) -> Problem {
    let megabytes = LONGEST >> 20;
    Problem::Malformed(format!(
        "what begins in line {line} is longer than {megabytes} MB without an empty line, and no object is"
    ))
}

/// Why reading failed: of a packed stream nearly always because it is cut off.
fn unread(error: &io::Error, is_packed: bool) -> Problem {
    let is_damage =
        [ErrorKind::UnexpectedEof, ErrorKind::InvalidData, ErrorKind::InvalidInput].contains(&error.kind());
    match is_packed && is_damage {
        true => Problem::Malformed("it is compressed (gzip) and cut off or damaged".to_owned()),
        false => Problem::CouldNotLook {
            what: format!("reading it failed: {error}"),
            hint: "look whether it is a file that you may read, and whether the disk or the network is there; then run this again",
        },
    }
}

#[cfg(test)]
mod tests;
