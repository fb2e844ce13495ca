//! What configuration files of routers have in common: comments, statements, and a head that says when they were made.

use std::borrow::Cow;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::records::{Fields, Scalar};

/// A statement without what is behind a `#`, and the number of the line in which it begins.
pub(super) struct Statement<'a> {
    pub(super) words: Vec<&'a str>,
    pub(super) line: u64,
}

/// The statements of a text, which end with one of `ends`; and whether the last one had an end, and each `{` its `}` where
/// these are ends.
pub(super) fn statements<'a>(text: &'a str, ends: &[char]) -> (Vec<Statement<'a>>, bool) {
    let mut all = Vec::new();
    let (mut words, mut begun, mut open) = (Vec::new(), 0, 0_usize);
    for (number, line) in (1..).zip(text.lines()) {
        let mut rest = line.split_once('#').map_or(line, |(code, _)| code);
        loop {
            let (part, behind) = match rest.find(ends) {
                Some(at) => {
                    match rest.as_bytes().get(at) {
                        Some(b'{') => open += 1,
                        Some(b'}') => open = open.saturating_sub(1),
                        _ => {}
                    }
                    (rest.get(..at).unwrap_or_default(), rest.get(at + 1..))
                }
                None => (rest, None),
            };
            for word in part.split_whitespace() {
                if words.is_empty() {
                    begun = number;
                }
                words.push(word);
            }
            let Some(behind) = behind else { break };
            if !words.is_empty() {
                all.push(Statement { words: std::mem::take(&mut words), line: begun });
            }
            rest = behind;
        }
        if ends.contains(&'\n') && !words.is_empty() {
            all.push(Statement { words: std::mem::take(&mut words), line: begun });
        }
    }
    (all, words.is_empty() && open == 0)
}

/// The time in rpki-client's head: `# Generated on host vm at Mon Nov 23 09:22:37 UTC 2026`.
pub(super) fn generated(text: &str) -> Option<Timestamp> {
    let head = text.lines().find(|line| line.starts_with("# Generated on host "))?;
    let (_, time) = head.rsplit_once(" at ")?;
    let time = DateTime::strptime("%a %b %d %H:%M:%S UTC %Y", time.trim()).ok()?;
    TimeZone::UTC.to_timestamp(time).ok()
}

/// The fields of a record in words: each name stands before its value.
pub(super) fn fields<'a>(prefix: &'a str, words: &[&'a str], max: &str, asn: &str) -> Fields<'a> {
    let value = |name: &str| {
        let pair = words.windows(2).find(|pair| pair.first() == Some(&name))?;
        pair.get(1).map(|text| Scalar::Text(Cow::Borrowed(*text)))
    };
    Fields {
        prefix: Some(Scalar::Text(Cow::Borrowed(prefix))),
        max_length: value(max),
        asn: value(asn),
        expires: value("expires"),
        ..Fields::default()
    }
}
