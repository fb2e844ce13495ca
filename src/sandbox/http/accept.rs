//! The formats of answers, and how a client names the ones that it takes (RFC 9110 §12.5.1).

/// The format of an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// `application/json`
    Json,
    /// `application/xml`
    Xml,
    /// `text/plain`
    Text,
}

/// The formats of what is read, in the order in which who takes anything gets them.
pub const ALL: &[Format] = &[Format::Xml, Format::Json, Format::Text];
/// The same where there is no text.
pub const DATA: &[Format] = &[Format::Xml, Format::Json];

/// A path without its suffix, and the format that this names.
pub(super) fn without_suffix(path: &str) -> (&str, Option<Format>) {
    let known = [(".json", Format::Json), (".xml", Format::Xml), (".txt", Format::Text)];
    let found = known.iter().find_map(|(suffix, format)| Some((path.strip_suffix(suffix)?, Some(*format))));
    found.unwrap_or((path, None))
}

/// The media ranges of an `Accept`, the most wanted first, of those the most precise. What is not wanted is left out.
pub fn ranges(accept: &str) -> Vec<&str> {
    let mut ranges: Vec<(&str, f32)> =
        accept.split(',').map(weighted).filter(|(_, weight)| *weight > 0.0).collect();
    let precise = |range: &str| std::cmp::Reverse(range.matches('*').count());
    ranges.sort_by(|(a, x), (b, y)| y.total_cmp(x).then_with(|| precise(b).cmp(&precise(a))));
    ranges.into_iter().map(|(range, _)| range).collect()
}

fn weighted(range: &str) -> (&str, f32) {
    let mut parts = range.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok());
    (media, weight.unwrap_or(1.0))
}

impl Format {
    /// Its media type.
    pub fn media(self) -> &'static str {
        match self {
            Format::Json => "application/json",
            Format::Xml => "application/xml",
            Format::Text => "text/plain",
        }
    }

    /// Whether a media range has it.
    pub(super) fn is_within(self, range: &str) -> bool {
        let range = range.to_ascii_lowercase();
        let folder = self.media().split('/').next().unwrap_or_default();
        range == "*/*" || range == self.media() || range.strip_suffix("/*") == Some(folder)
    }

    /// The format that a media range names by its second half.
    pub(super) fn named(range: &str) -> Option<Format> {
        let (media, _) = weighted(range);
        let (_, kind) = media.split_once('/')?;
        let kind = kind.rsplit('+').next().unwrap_or(kind).to_ascii_lowercase();
        match kind.as_str() {
            "json" => Some(Format::Json),
            "xml" => Some(Format::Xml),
            "plain" => Some(Format::Text),
            _ => None,
        }
    }
}
