//! What is validated: what the estate declares, and what was seen.

use crate::{
    estate::{Announcement, Estate},
    net::{Asn, Prefix},
};

/// One announcement, of whoever knows it. A million of these are held at a time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Subject {
    /// Its prefix.
    pub prefix: Prefix,
    /// The AS that originates it; AS0 for an `AS_SET`.
    pub origin: Asn,
    /// Whether its path ends in an `AS_SET`.
    pub is_set: bool,
    source: u16,
    line: u32,
    declared: u32,
}

const NOWHERE: u16 = u16::MAX;
const UNDECLARED: u32 = u32::MAX;

impl Subject {
    /// An announcement as somebody saw it: in the source of this number, in the order in which they were given, and on
    /// this line of it; 0 where there are none. `None` stands for an `AS_SET`.
    pub fn seen_in(source: u16, line: u32, prefix: Prefix, origin: Option<Asn>) -> Subject {
        let (is_set, origin) = (origin.is_none(), origin.unwrap_or(Asn(0)));
        Subject { prefix, origin, is_set, source, line, declared: UNDECLARED }
    }

    /// What originates it, as `AS205398` or `AS_SET`.
    pub fn origin_text(&self) -> String {
        if self.is_set { "AS_SET".to_owned() } else { self.origin.to_string() }
    }

    /// Where it was seen: the number of the source, and the line.
    pub fn seen(&self) -> Option<(usize, u32)> {
        (self.source != NOWHERE).then_some((self.source.into(), self.line))
    }

    /// The announcement of `estate` that declares it.
    pub fn declared<'a>(&self, estate: Option<&'a Estate>) -> Option<&'a Announcement> {
        let number = usize::try_from(self.declared).ok()?;
        estate?.announcements.get(number)
    }

    /// Whether the estate declares it.
    pub fn is_declared(&self) -> bool {
        self.declared != UNDECLARED
    }

    fn key(&self) -> (Prefix, Asn, bool) {
        (self.prefix, self.origin, self.is_set)
    }
}

/// The announcements of `estate` and those that were `seen`, within one of `within` (all, if there is none), each once,
/// by prefix and origin.
pub fn subjects(estate: Option<&Estate>, seen: Vec<Subject>, within: &[Prefix]) -> Vec<Subject> {
    let is_wanted = |prefix: Prefix| within.is_empty() || within.iter().any(|outer| outer.covers(prefix));
    let declared = estate.into_iter().flat_map(|estate| (0_u32..).zip(&estate.announcements));
    let declared = declared.map(|(declared, announcement)| {
        let Announcement { prefix, origin, .. } = *announcement;
        Subject { prefix, origin, is_set: false, source: NOWHERE, line: 0, declared }
    });
    let mut all = seen;
    all.splice(0..0, declared);
    all.retain(|each| is_wanted(each.prefix));
    if !all.is_sorted_by_key(Subject::key) {
        all.sort_by_key(Subject::key); // stable: who saw it first is named
    }
    all.dedup_by(|later, earlier| {
        let is_same = later.key() == earlier.key();
        if is_same && earlier.source == NOWHERE {
            (earlier.source, earlier.line) = (later.source, later.line);
        }
        if is_same {
            earlier.declared = earlier.declared.min(later.declared);
        }
        is_same
    });
    all
}
