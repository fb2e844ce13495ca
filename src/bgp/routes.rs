//! Routes as they are found in a document, one after the other.

use std::{collections::HashSet, fmt};

use super::{Origin, Seen, Skipped};
use crate::{
    net::{Prefix, PrefixError, prefix_of},
    reading::{Place, Refused},
};

/// What was found so far.
#[derive(Default)]
pub(super) struct Routes {
    pub(super) seen: Vec<Seen>,
    pub(super) refused: Refused,
    pub(super) skipped: Vec<Skipped>,
    pub(super) unsure: usize,
    /// What was seen, in formats that print a route once for each neighbour.
    pub(super) known: HashSet<(Prefix, Origin)>,
}

impl Routes {
    /// Adds a route that stands in `line`, or 0; one that is known already is not added again.
    pub(super) fn add(&mut self, prefix: Prefix, origin: Origin, line: usize) {
        if self.known.insert((prefix, origin)) {
            self.seen.push(Seen { prefix, origin, line: u32::try_from(line).unwrap_or(u32::MAX) });
        }
    }

    /// Adds a route of which each may be wrong.
    pub(super) fn add_checked(
        &mut self,
        place: Place,
        prefix: Result<Prefix, String>,
        origin: Result<Origin, String>,
    ) {
        let line = match place {
            Place::Line(line) => usize::try_from(line).unwrap_or(usize::MAX),
            Place::Record(_) => 0,
        };
        match (prefix, origin) {
            (Ok(prefix), Ok(origin)) => self.add(prefix, origin, line),
            (Err(problem), _) | (_, Err(problem)) => self.refuse(place, problem),
        }
    }

    /// Notes a record that cannot be read.
    pub(super) fn refuse(&mut self, place: Place, problem: impl fmt::Display) {
        self.refused.add(place, problem);
    }

    /// Adds what was found in the next part of a document; its places are those of the document.
    pub(super) fn then(&mut self, later: Routes) {
        if self.seen.is_empty() {
            self.seen = later.seen;
        } else {
            self.seen.extend(later.seen);
        }
        self.refused.then(later.refused, 0);
    }

    /// Counts one that is left out, and why.
    pub(super) fn skip(&mut self, what: &'static str) {
        match self.skipped.iter_mut().find(|skipped| skipped.what == what) {
            Some(skipped) => skipped.count += 1,
            None => self.skipped.push(Skipped { count: 1, what }),
        }
    }
}

/// The prefix that `text` is; host bits are refused and never cleared.
pub(super) fn prefix(text: &str) -> Result<Prefix, String> {
    prefix_of(text.as_bytes()).ok_or_else(|| {
        // The slow way has the words; it takes leading zeros, which some read as octal.
        let error = text.parse::<Prefix>().err().unwrap_or_else(|| PrefixError::Syntax(text.to_owned()));
        error.to_string()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_bits_and_lengths_out_of_range_are_refused() {
        let check = |text: &str, expected: &str| assert_eq!(prefix(text).unwrap_err(), expected);
        check("192.0.2.1/24", "192.0.2.1/24 has host bits set; did you mean 192.0.2.0/24?");
        check("2001:db8::1/48", "2001:db8::1/48 has host bits set; did you mean 2001:db8::/48?");
        for text in
            ["192.0.2.0/33", "2001:db8::/129", "192.0.2.0", "192.0.02.0/24", "192.0.2/24", "/8", "::/"]
        {
            let expected =
                format!("`{text}` is not a prefix; write it as `2001:db8:100::/44` or `192.0.2.0/24`");
            check(text, &expected);
        }
        assert_eq!(prefix("0.0.0.0/0").unwrap().len(), 0);
        assert_eq!(prefix("::/0").unwrap().len(), 0);
    }
}
