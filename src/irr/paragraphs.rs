//! A stream of bytes as paragraphs, the lines between two empty ones, with memory that has a bound.

use std::io::{self, ErrorKind, Read};

use memchr::memchr_iter;

/// The longest paragraph: the largest objects that registries hold, sets of tens of thousands of members, have less
/// than 2 MB.
pub const LONGEST: usize = 16 << 20;

/// What is read at once.
const PIECE: usize = 256 << 10;

/// The paragraphs of a stream.
///
/// Invariant: what is not handed out yet are the bytes `at..filled` of `held`; those before `scanned` end no paragraph.
pub struct Paragraphs<R> {
    reader: R,
    held: Vec<u8>,
    at: usize,
    scanned: usize,
    filled: usize,
    line: u64,
    lines: u64,
}

/// Lines of a stream.
pub struct Paragraph<'a> {
    /// The bytes, with the line end of the last line if it has one.
    pub text: &'a [u8],
    /// The number of its first line, counted from 1.
    pub line: u64,
    /// How many line ends are in it.
    pub lines: u64,
}

/// Why there are no more.
#[derive(Debug)]
pub enum Stop {
    /// The stream cannot be read.
    Io(io::Error),
    /// One that begins in this line is longer than [`LONGEST`].
    TooLong(u64),
}

impl<R: Read> Paragraphs<R> {
    /// Those of `reader`.
    pub fn of(reader: R) -> Paragraphs<R> {
        Paragraphs { reader, held: vec![0; PIECE], at: 0, scanned: 0, filled: 0, line: 1, lines: 0 }
    }

    /// The next one; none is empty.
    pub fn next(&mut self) -> Result<Option<Paragraph<'_>>, Stop> {
        loop {
            self.pass_empty_lines();
            if let Some(end) = self.end() {
                return Ok(self.hand_out(end));
            }
            if !self.read_on()? {
                // A carriage return that no line end follows is of no line.
                return Ok(self.hand_out(self.filled));
            }
        }
    }

    fn pass_empty_lines(&mut self) {
        if self.scanned > self.at && self.byte(self.at) != Some(b'\r') {
            return;
        }
        loop {
            self.at += match (self.byte(self.at), self.byte(self.at + 1)) {
                (Some(b'\n'), _) => 1,
                (Some(b'\r'), Some(b'\n')) => 2,
                _ => break,
            };
            self.line += 1;
        }
        (self.scanned, self.lines) = (self.at, 0);
    }

    /// Where the paragraph ends, if that is held. IRRd too ends an object at a line that is empty, and at no line of
    /// blanks (`irrd/mirroring/parsers.py`).
    fn end(&mut self) -> Option<usize> {
        let open = self.held.get(self.scanned..self.filled).unwrap_or_default();
        let mut lines = 0;
        for end in memchr_iter(b'\n', open) {
            let is_end = match (open.get(end + 1), open.get(end + 2)) {
                (Some(b'\n'), _) | (Some(b'\r'), Some(b'\n')) => true,
                (None, _) | (Some(b'\r'), None) => {
                    self.scanned += end;
                    self.lines += lines;
                    return None;
                }
                _ => false,
            };
            lines += 1;
            if is_end {
                self.lines += lines;
                return Some(self.scanned + end + 1);
            }
        }
        (self.scanned, self.lines) = (self.filled, self.lines + lines);
        None
    }

    fn hand_out(&mut self, end: usize) -> Option<Paragraph<'_>> {
        let (start, line) = (self.at, self.line);
        if end == self.filled && self.scanned < end {
            // The last line end was left for what follows it.
            self.lines += u64::from(self.byte(self.scanned) == Some(b'\n'));
        }
        let lines = self.lines;
        (self.at, self.scanned, self.line, self.lines) = (end, end, line + lines, 0);
        let text = self.held.get(start..end).filter(|text| !text.is_empty())?;
        Some(Paragraph { text, line, lines })
    }

    /// Reads a piece more; `false` at the end.
    fn read_on(&mut self) -> Result<bool, Stop> {
        if self.filled - self.at > LONGEST {
            return Err(Stop::TooLong(self.line));
        }
        if self.filled == self.held.len() {
            self.held.copy_within(self.at..self.filled, 0);
            (self.scanned, self.filled, self.at) = (self.scanned - self.at, self.filled - self.at, 0);
            if self.held.len() - self.filled < PIECE / 2 {
                self.held.resize(self.held.len() * 2, 0);
            }
        }
        loop {
            match self.reader.read(self.held.get_mut(self.filled..).unwrap_or_default()) {
                Ok(length) => {
                    self.filled += length;
                    return Ok(length > 0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Stop::Io(error)),
            }
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.held.get(at).copied().filter(|_| at < self.filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that gives a few bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(buffer.len()).min(self.0.len());
            let (now, later) = self.0.split_at(length);
            buffer[..length].copy_from_slice(now);
            self.0 = later;
            Ok(length)
        }
    }

    #[test]
    fn are_the_same_however_the_bytes_come() {
        let check = |text: &str, expected: &[(&str, u64)]| {
            for step in [1, 2, 3, 7, 1000] {
                let mut paragraphs = Paragraphs::of(Slow(text.as_bytes(), step));
                let mut found = Vec::new();
                while let Some(Paragraph { text, line, .. }) = paragraphs.next().unwrap() {
                    found.push((String::from_utf8(text.to_vec()).unwrap(), line));
                }
                let found: Vec<(&str, u64)> =
                    found.iter().map(|(text, line)| (text.as_str(), *line)).collect();
                assert_eq!(found, expected, "{text:?} by {step}");
            }
        };
        check("", &[]);
        check("\n\r\n\n", &[]);
        check("a\nb\n\nc\n", &[("a\nb\n", 1), ("c\n", 4)]);
        check("\n\na\n\n\n\r\nb", &[("a\n", 3), ("b", 7)]);
        check("a\r\nb\r\n\r\nc\r\n \nd\r\n\r\n", &[("a\r\nb\r\n", 1), ("c\r\n \nd\r\n", 4)]);
        check("a\n\r", &[("a\n\r", 1)]);
        check("a\n\nb\nc", &[("a\n", 1), ("b\nc", 3)]);
    }

    #[test]
    fn have_a_bound() {
        let mut endless = Paragraphs::of(io::repeat(0).take(5 << 30));
        assert!(matches!(endless.next(), Err(Stop::TooLong(1))));
        assert!(endless.held.len() <= 3 * LONGEST, "{}", endless.held.len());
        let mut endless = Paragraphs::of(io::Read::chain(&b"a\n\n"[..], io::repeat(b'x')));
        assert_eq!(endless.next().unwrap().unwrap().text, b"a\n");
        assert!(matches!(endless.next(), Err(Stop::TooLong(3))));
    }
}
