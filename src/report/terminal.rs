//! What the output is shown on: how wide it is, and what it can do.

use std::{io, os::fd::AsFd};

use rustix::termios::tcgetwinsize;

/// A terminal as the environment describes it.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Whether colours are welcome.
    pub(super) colour: bool,
    /// Whether what was written can be written over.
    pub(super) redraws: bool,
    /// How many columns a line may take, if that was said.
    said: Option<usize>,
}

/// The width of what is no terminal: a file, or the log of a build server.
const USUAL: usize = 80;
/// What is narrower than this is not a width but a mistake.
const NARROWEST: usize = 20;

impl Terminal {
    /// By `NO_COLOR`, `TERM` (`dumb` can only write on) and `COLUMNS`, as `variable` gives them.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Terminal {
        let is_dumb = variable("TERM").is_some_and(|name| name == "dumb");
        let is_plain = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
        let columns = variable("COLUMNS").and_then(|columns| columns.trim().parse().ok());
        let said = columns.filter(|columns| *columns >= NARROWEST);
        Terminal { colour: !is_dumb && !is_plain, redraws: !is_dumb, said }
    }

    /// How many columns a line of data may take.
    pub fn columns(self) -> usize {
        self.width(io::stdout())
    }

    /// How many columns a line to `stream` may take.
    pub(super) fn width(self, stream: impl AsFd) -> usize {
        let of_stream = || tcgetwinsize(stream).ok().map(|size| usize::from(size.ws_col));
        self.said.or_else(|| of_stream().filter(|columns| *columns >= NARROWEST)).unwrap_or(USUAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_what_a_terminal_can_do() {
        let check = |variables: &[(&str, &str)], colour, redraws, columns| {
            let value = |name: &str| variables.iter().find(|(known, _)| *known == name);
            let terminal = Terminal::of(|name| value(name).map(|(_, value)| (*value).to_owned()));
            assert_eq!((terminal.colour, terminal.redraws, terminal.said), (colour, redraws, columns));
        };
        check(&[("TERM", "xterm")], true, true, None);
        check(&[("TERM", "dumb")], false, false, None);
        check(&[("NO_COLOR", "1")], false, true, None);
        check(&[("NO_COLOR", ""), ("COLUMNS", "132")], true, true, Some(132));
        check(&[("COLUMNS", "0")], true, true, None);
        check(&[("COLUMNS", "wide")], true, true, None);
        let no_terminal = std::fs::File::open("/dev/null").unwrap();
        assert_eq!(Terminal::of(|_| None).width(&no_terminal), 80);
    }
}
