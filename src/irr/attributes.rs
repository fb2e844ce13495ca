//! The attributes of an object as ranges of its bytes (RFC 2622 §2).

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

/// The attributes of an object in order, each with its continuation lines; comment lines are left out.
#[derive(Clone)]
pub struct Attributes<'a>(&'a [u8]);

/// One attribute as it stands.
#[derive(Clone, Copy)]
pub struct Attribute<'a> {
    /// What stands before the colon; empty if there is no colon in its first line.
    pub label: &'a [u8],
    /// What stands behind it, to the end of the last continuation line.
    pub raw: &'a [u8],
}

impl<'a> Attributes<'a> {
    /// Those of the object with this text.
    pub fn of(text: &'a [u8]) -> Attributes<'a> {
        Attributes(text)
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        loop {
            let text = self.0;
            if text.is_empty() {
                return None;
            }
            let goes_on = |end: &usize| matches!(text.get(end + 1), Some(b' ' | b'\t' | b'+'));
            let end = memchr_iter(b'\n', text).find(|end| !goes_on(end)).map_or(text.len(), |end| end + 1);
            let (lines, rest) = text.split_at_checked(end)?;
            self.0 = rest;
            if !is_comment(lines) {
                return Some(Attribute::of(lines));
            }
        }
    }
}

/// Whether these lines begin with a comment of the registry (`%`) or of anybody (`#`).
pub fn is_comment(lines: &[u8]) -> bool {
    matches!(lines.first(), Some(b'#' | b'%'))
}

impl<'a> Attribute<'a> {
    fn of(lines: &'a [u8]) -> Attribute<'a> {
        /// Longer than any label.
        const LABEL: usize = 64;
        let start = lines.get(..LABEL).unwrap_or(lines);
        let colon = memchr(b':', start).and_then(|colon| lines.split_at_checked(colon));
        let (label, raw) = colon.unwrap_or((b"", lines));
        let is_label = label.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_*".contains(byte));
        let label = if is_label { label } else { b"" };
        Attribute { label, raw: raw.get(1..).unwrap_or_default() }
    }

    /// Whether it is called `name`, which is in lower case.
    pub fn is(&self, name: &str) -> bool {
        self.label.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Its value: without comments, on one line, in whatever character set (UTF-8, or else Latin-1).
    pub fn value(&self) -> Cow<'a, str> {
        let is_plain = memchr(b'#', self.raw).is_none()
            && memchr(b'\n', self.raw).is_none_or(|end| end + 1 == self.raw.len());
        if is_plain {
            return text(self.raw.trim_ascii());
        }
        let lines = self.raw.split(|byte| *byte == b'\n').enumerate();
        let parts = lines.filter(|(_, line)| !line.starts_with(b"%")).map(|(number, line)| {
            let line = if number == 0 { line } else { line.strip_prefix(b"+").unwrap_or(line) };
            let end = memchr(b'#', line).unwrap_or(line.len());
            text(line.get(..end).unwrap_or_default().trim_ascii())
        });
        let parts: Vec<Cow<str>> = parts.filter(|part| !part.is_empty()).collect();
        Cow::Owned(parts.join(" "))
    }
}

/// These bytes as text: UTF-8, or else Latin-1, in which older dumps are.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_without_comments_and_line_ends() {
        let check = |text: &[u8], expected: &[(&str, &str)]| {
            let found: Vec<(String, String)> = Attributes::of(text)
                .map(|attribute| {
                    let label = String::from_utf8_lossy(attribute.label).into_owned();
                    (label, attribute.value().into_owned())
                })
                .collect();
            let found: Vec<(&str, &str)> =
                found.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect();
            assert_eq!(found, expected);
        };
        check(b"route:192.0.2.0/24\norigin:\tAS1 # one\r\n", &[("route", "192.0.2.0/24"), ("origin", "AS1")]);
        check(
            b"descr: a # b\n+\n+c\n   d\n\te\r\n# x\n% y\nmnt-by: M",
            &[("descr", "a c d e"), ("mnt-by", "M")],
        );
        check(b"descr: caf\xe9\n", &[("descr", "caf\u{e9}")]);
        check("descr: caf\u{e9}\n".as_bytes(), &[("descr", "caf\u{e9}")]);
        check(b"no attribute\n", &[("", "o attribute")]);
        check(b"# a\n", &[]);
        check(b"*xxte: a:b\n", &[("*xxte", "a:b")]);
    }
}
