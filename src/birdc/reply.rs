//! One reply of BIRD, line by line.

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// A reply: `1007-Table master6:`, further lines, and one whose code is followed by a space.
pub(super) struct Reply {
    /// The code of its last line: 0 for the end of a list, 8000 and more for errors.
    pub(super) code: u16,
    /// All of its lines without their codes.
    pub(super) text: Vec<u8>,
    /// The last of them.
    pub(super) last: Vec<u8>,
}

/// Reads one reply; an error says what came instead.
pub(super) async fn reply<R: AsyncBufRead + Unpin>(reader: &mut R) -> Result<Reply, String> {
    let mut text = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        reader.read_until(b'\n', &mut line).await.map_err(|error| format!("BIRD says no more: {error}"))?;
        let Some(said) = line.strip_suffix(b"\n") else {
            return Err("BIRD ends in the middle of its answer, or says more than anybody reads".to_owned());
        };
        match said {
            // A message of the log, which may come at any time.
            [b'+', ..] => {}
            // A further line with the code of the one before.
            [b' ', said @ ..] => add(&mut text, said),
            [a, b, c, d, kind @ (b'-' | b' '), said @ ..] => {
                let code = code([*a, *b, *c, *d])?;
                // The end of a list has no words.
                if code != 0 || !said.is_empty() {
                    add(&mut text, said);
                }
                if *kind == b' ' {
                    return Ok(Reply { code, text, last: said.to_vec() });
                }
            }
            _ => return Err(NO_CODE.to_owned()),
        }
    }
}

const NO_CODE: &str = "a line has no code, as each of BIRD's has";

fn add(text: &mut Vec<u8>, said: &[u8]) {
    text.extend_from_slice(said);
    text.push(b'\n');
}

fn code(digits: [u8; 4]) -> Result<u16, String> {
    let number = digits.iter().try_fold(0_u16, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0'))
    });
    number.ok_or_else(|| NO_CODE.to_owned())
}
