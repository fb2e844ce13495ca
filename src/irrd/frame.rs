//! The answers of IRRd to commands that begin with `!`: `A<bytes>`, the data and `C`; or `C`, `D`, `F message`
//! (<https://irrd.readthedocs.io/en/stable/users/queries/whois/>).

use memchr::memchr;

/// The longest line that begins or ends an answer.
const LINE: usize = 4096;

/// One answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Frame<'a> {
    /// `A`: data.
    Data(&'a [u8]),
    /// `C`: done, there is nothing to say.
    Done,
    /// `D`: nothing is found.
    Nothing,
    /// `F`: what is wrong with the command, as the server says it.
    Failed(&'a [u8]),
}

/// Bytes that are no answer.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NoFrame {
    /// It has a length which is not its own.
    #[error("says how long an answer is, and sends another length")]
    Length,
    /// It is longer than what is read.
    #[error("announces {0} bytes, more than is read")]
    TooLong(usize),
    /// The server refuses to talk.
    #[error("denies access to this machine")]
    Denied,
    /// Something else.
    #[error("does not speak as IRRd does")]
    Foreign,
}

/// The answer at the beginning of `bytes` and how many of them it is, or `None` if it is not complete; `most` is how long
/// data may be.
pub fn frame(bytes: &[u8], most: usize) -> Result<Option<(Frame<'_>, usize)>, NoFrame> {
    const DENIED: &[u8] = b"%% Access denied";
    if bytes.starts_with(DENIED) {
        return Err(NoFrame::Denied);
    }
    let start = bytes.get(..LINE).unwrap_or(bytes);
    let Some((line, _)) = memchr(b'\n', start).and_then(|end| bytes.split_at_checked(end)) else {
        let may_be = bytes.first().is_none_or(|first| b"ACDF".contains(first)) || DENIED.starts_with(bytes);
        return if may_be && start.len() < LINE { Ok(None) } else { Err(NoFrame::Foreign) };
    };
    let length = line.len() + 1;
    match (line.first(), line.get(1..).unwrap_or_default().trim_ascii_end()) {
        (Some(b'C'), b"") => Ok(Some((Frame::Done, length))),
        (Some(b'D'), b"") => Ok(Some((Frame::Nothing, length))),
        (Some(b'F'), message) => Ok(Some((Frame::Failed(message.trim_ascii()), length))),
        (Some(b'A'), digits) => data(bytes, length, digits, most),
        _ => Err(NoFrame::Foreign),
    }
}

fn data<'a>(
    bytes: &'a [u8],
    start: usize,
    digits: &[u8],
    most: usize,
) -> Result<Option<(Frame<'a>, usize)>, NoFrame> {
    let digits =
        std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let length: usize = digits.and_then(|digits| digits.parse().ok()).ok_or(NoFrame::Foreign)?;
    if length > most {
        return Err(NoFrame::TooLong(length));
    }
    let rest = bytes.get(start..).unwrap_or_default();
    let Some((data, behind)) = rest.split_at_checked(length) else { return Ok(None) };
    match behind {
        _ if !data.is_empty() && !data.ends_with(b"\n") => Err(NoFrame::Length),
        [b'C', b'\n', ..] => Ok(Some((Frame::Data(data), start + length + 2))),
        [b'C', b'\r', b'\n', ..] => Ok(Some((Frame::Data(data), start + length + 3))),
        [] | [b'C'] | [b'C', b'\r'] => Ok(None),
        _ => Err(NoFrame::Length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_as_long_as_it_says() {
        let check = |bytes: &[u8], expected: Result<Option<(Frame, usize)>, NoFrame>| {
            assert_eq!(frame(bytes, 100), expected, "{}", String::from_utf8_lossy(bytes));
        };
        check(b"C\nC\n", Ok(Some((Frame::Done, 2))));
        check(b"D\r\n", Ok(Some((Frame::Nothing, 3))));
        check(b"F Unrecognised command: x\nC", Ok(Some((Frame::Failed(b"Unrecognised command: x"), 26))));
        check(b"A8\nAS64999\nC\nA", Ok(Some((Frame::Data(b"AS64999\n"), 13))));
        for cut in 0..13 {
            check(b"A8\nAS64999\nC\n".get(..cut).unwrap(), Ok(None));
        }
        check(b"A7\nAS64999\nC\n", Err(NoFrame::Length));
        check(b"A9\nAS64999\nC\n", Err(NoFrame::Length));
        check(b"A8\nAS64999\nD\n", Err(NoFrame::Length));
        check(b"A101\n", Err(NoFrame::TooLong(101)));
        check(b"A-1\n", Err(NoFrame::Foreign));
        check(b"A99999999999999999999\n", Err(NoFrame::Foreign));
        check(b"HTTP/1.1 400", Err(NoFrame::Foreign));
        check(b"%% Access denied", Err(NoFrame::Denied));
        check(&[b'F'; 5000], Err(NoFrame::Foreign));
    }
}
