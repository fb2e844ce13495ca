//! What is wrong, where, and what to do about it: one shape for every command.

use std::{
    fmt,
    ops::Range,
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use crate::visible;

/// `1 object`, `2 objects`, `2 prefixes`.
pub fn counted(count: usize, noun: &str) -> String {
    let end = match noun {
        _ if count == 1 => "",
        _ if noun.ends_with('x') => "es",
        _ => "s",
    };
    format!("{count} {noun}{end}")
}

/// A text file as it was read, kept so that messages can show the line they speak of.
#[derive(Debug)]
pub struct Source {
    /// The name as the user would type it: relative to the estate.
    pub path: PathBuf,
    /// All of it.
    pub text: String,
    /// Where its lines end: found once, since a plan of ten thousand steps names as many lines.
    ends: OnceLock<Vec<usize>>,
}

/// What editors may write before a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A text without the byte order marks before it.
pub fn without_mark(mut text: String) -> String {
    let marks = text.len() - text.trim_start_matches(BYTE_ORDER_MARK).len();
    text.drain(..marks);
    text
}

impl Source {
    /// The file `path`, which holds `text`. Byte order marks before it, as some editors write, are no part of it.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Source {
        Source { path: path.into(), text: without_mark(text.into()), ends: OnceLock::new() }
    }

    /// The name on one line: whatever it is made of, it begins no other.
    pub fn name(&self) -> String {
        visible::shown(self.path.display())
    }

    /// The number of lines that end before `offset`.
    fn lines_before(&self, offset: usize) -> usize {
        let ends = || self.text.match_indices('\n').map(|(at, _)| at).collect();
        self.ends.get_or_init(ends).partition_point(|end| *end < offset)
    }
}

/// The same name and the same text.
impl PartialEq for Source {
    fn eq(&self, other: &Source) -> bool {
        self.path == other.path && self.text == other.text
    }
}

impl Eq for Source {}

/// A range of a source file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Location {
    /// The file.
    pub source: Arc<Source>,
    /// Bytes of its text.
    pub span: Range<usize>,
    /// What else led here, such as `block lux, templates/block.rpsl`.
    pub via: Option<String>,
}

impl Location {
    /// A place with nothing else to say about it.
    pub fn new(source: &Arc<Source>, span: Range<usize>) -> Location {
        Location { source: Arc::clone(source), span, via: None }
    }

    /// The same place, reached through `via`.
    #[must_use]
    pub fn through(self, via: impl Into<String>) -> Location {
        Location { via: Some(via.into()), ..self }
    }

    /// The line, counted from 1.
    pub fn line(&self) -> usize {
        self.source.lines_before(self.span.start) + 1
    }

    /// The column in characters, counted from 1.
    pub fn column(&self) -> usize {
        self.before().rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1
    }

    /// The line on which it begins, without its end, and the range of the place in it: one line is enough to show where.
    pub fn in_line(&self) -> (&str, Range<usize>) {
        let text = &self.source.text;
        let at = self.before().len();
        let start = self.before().rfind('\n').map_or(0, |end| end + 1);
        let rest = text.get(start..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default().trim_end_matches('\r');
        let begin = (at - start).min(line.len());
        let end = self.span.end.saturating_sub(start).clamp(begin, line.len());
        (line, begin..end)
    }

    fn before(&self) -> &str {
        self.source.text.get(..self.span.start).unwrap_or(&self.source.text)
    }
}

/// `objects/lux.rpsl:12`, and what led there.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}", self.source.name(), self.line())?;
        self.via.as_ref().map_or(Ok(()), |via| write!(f, " ({})", visible::line(via)))
    }
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// It must be mended.
    Error,
    /// It may be meant.
    Warning,
    /// Good to know.
    Info,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        })
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// The stable name of the rule, such as `rpsl-syntax`.
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, in one or more lines.
    pub text: String,
    /// Where.
    pub place: Option<Location>,
    /// Where else the same is wrong.
    pub also_at: Vec<Location>,
    /// The object it is about, as `class/key`.
    pub object: Option<String>,
    /// What to do, or to type.
    pub remedy: Option<String>,
}

impl Finding {
    /// An error of `rule`.
    pub fn error(rule: &'static str, text: impl Into<String>) -> Finding {
        let text = text.into();
        let severity = Severity::Error;
        Finding { rule, severity, text, place: None, also_at: Vec::new(), object: None, remedy: None }
    }

    /// Whether it says that a file could not be read: what stands in it was not looked at.
    pub fn is_unread(&self) -> bool {
        self.rule == "file"
    }

    /// Whether it is about what was typed and not about what was looked at: no registry has the name of `--registry`.
    pub fn is_of_command_line(&self) -> bool {
        self.rule == "registry" && self.place.is_none()
    }

    /// The same finding at `place`.
    #[must_use]
    pub fn at(self, place: Location) -> Finding {
        Finding { place: Some(place), ..self }
    }

    /// Adds a place where the same is wrong, unless its line is told already.
    pub fn add_place(&mut self, other: Location) {
        let is_same = |place: &Location| place.source == other.source && place.line() == other.line();
        if self.place.iter().chain(&self.also_at).any(is_same) {
            return;
        }
        match &self.place {
            Some(_) => self.also_at.push(other),
            None => self.place = Some(other),
        }
    }

    /// `line 3 too`, for each further place; with its file, if that is another.
    pub fn also(&self) -> Option<String> {
        let own = self.place.as_ref().map(|place| &place.source);
        let words = |other: &Location| match own {
            Some(own) if *own == other.source => format!("line {} too", other.line()),
            _ => format!("{}:{} too", other.source.name(), other.line()),
        };
        let all: Vec<String> = self.also_at.iter().map(words).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    /// The same finding with a way out.
    #[must_use]
    pub fn fix(self, remedy: impl Into<String>) -> Finding {
        Finding { remedy: Some(remedy.into()), ..self }
    }

    /// The same finding, about `object`.
    #[must_use]
    pub fn about(self, object: impl fmt::Display) -> Finding {
        Finding { object: Some(visible::shown(object)), ..self }
    }

    /// The same finding with another weight.
    #[must_use]
    pub fn weighing(self, severity: Severity) -> Finding {
        Finding { severity, ..self }
    }
}

/// The candidate most like `word`, if it is near enough to be what was meant. Looked for among the first hundred that
/// are about as long; nobody mistypes a word of a hundred letters.
pub fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(word, candidates, 100)
}

/// The same, looked for among all candidates: for what one person typed, and not for each line of a file.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(word, candidates, usize::MAX)
}

fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, most: usize) -> Option<&'a str> {
    // Of two equally near ones the longer: a letter is dropped more often than another is hit.
    let distance = |candidate: &&str| (edits(word, candidate), std::cmp::Reverse(candidate.len()));
    let about_as_long = |candidate: &&str| candidate.len().abs_diff(word.len()) <= word.len().div_ceil(3);
    let candidates = candidates.into_iter().filter(about_as_long).filter(|_| word.len() <= 100);
    let best = candidates.take(most).min_by_key(distance)?;
    (edits(word, best) <= word.chars().count().div_ceil(3)).then_some(best)
}

/// The candidate that differs from `word` by a slip of the pen: one letter, or two from eight letters on. Names that differ
/// in their numbers are others.
pub fn slip<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_ascii_uppercase();
    let letters = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let most = if word.len() < 8 { 1 } else { 2 };
    let is_near = |candidate: &str| {
        let candidate = candidate.to_ascii_uppercase();
        candidate.len().abs_diff(word.len()) <= most
            && letters(&candidate) != letters(&word)
            && edits(&word, &candidate) <= most
    };
    candidates.into_iter().find(|candidate| word.len() <= 100 && is_near(candidate))
}

/// The number of single-character edits between two words (Levenshtein).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let up = *cell;
            left = (diagonal + usize::from(from != *to)).min(up + 1).min(left + 1);
            (diagonal, *cell) = (up, left);
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters() {
        let source = Arc::new(Source::new("objects/a.rpsl", "a: é\nb: x\n"));
        let place = Location::new(&source, 9..10);
        assert_eq!((place.line(), place.column()), (2, 4));
        assert_eq!(place.through("block lux").to_string(), "objects/a.rpsl:2 (block lux)");
    }

    #[test]
    fn what_is_wrong_in_several_lines_names_each_once() {
        let (one, two) = (Arc::new(Source::new("a", "x\ny\nz\n")), Arc::new(Source::new("b", "x\n")));
        let mut finding = Finding::error("x", "wrong").at(Location::new(&one, 0..1).through("block lux"));
        assert_eq!(finding.also(), None);
        for (source, at) in [(&one, 0), (&one, 2), (&one, 4), (&one, 4), (&two, 0)] {
            finding.add_place(Location::new(source, at..at + 1));
        }
        assert_eq!(finding.also().as_deref(), Some("line 2 too, line 3 too, b:1 too"));
        let via = finding.place.and_then(|place| place.via);
        assert_eq!(via.as_deref(), Some("block lux"), "what led there is something else");
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_text() {
        let source = Source::new("a", "\u{feff}role: A");
        assert_eq!((source.text.as_str(), source.lines_before(3)), ("role: A", 0));
        assert_eq!(Source::new("a", "\u{feff}\u{feff}x").text, "x");
    }

    #[test]
    fn a_slip_of_the_pen_gets_a_suggestion() {
        let check = |word, expected| assert_eq!(suggestion(word, ["templates", "origin", "split"]), expected);
        check("template", Some("templates"));
        check("orgin", Some("origin"));
        check("zebra", None);
    }

    #[test]
    fn a_name_that_is_another_is_no_slip() {
        let check = |word, expected| assert_eq!(slip(word, ["HOBBY-MNT", "AS1-MNT"]), expected, "{word}");
        check("HOBY-MNT", Some("HOBBY-MNT"));
        check("hobbby-mnt", Some("HOBBY-MNT"));
        check("HOBYB-MNT", Some("HOBBY-MNT"));
        check("AS2-MNT", None);
        check("HOBBY-MNT", None);
        check("LIX-MNT", None);
    }
}
