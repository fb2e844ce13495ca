//! What an IRRd knows, or why it could not be asked.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;

use crate::{
    finding::counted,
    irr::{self, Hidden, Route},
    net::{Asn, Prefix},
    reading::ReadError,
};

/// What an IRRd knows of announcements.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Answer {
    /// The route objects, each once; those that an ordinary query does not show have the reason.
    pub routes: Vec<Route>,
    /// The sources that were asked, in their order.
    pub sources: Vec<Source>,
    /// Objects of the pseudo-source `RPKI` that were left out.
    pub pseudo: u64,
    /// What the server cannot be asked for: objects that it hides for these reasons count as missing.
    pub unasked: Vec<Hidden>,
}

impl Answer {
    /// What is to be said of the sources, in lines: how old they are, and what could not be asked.
    pub fn notes(&self) -> Vec<String> {
        let of_source = self.sources.iter().filter_map(|Source { name, authoritative, updated }| {
            let mirror = if *authoritative == Some(false) { "mirror, " } else { "" };
            updated.map(|time| format!("{name}: {mirror}updated {time}"))
        });
        let pseudo = (self.pseudo > 0).then(|| {
            format!(
                "{} of the pseudo-source RPKI left out",
                counted(usize::try_from(self.pseudo).unwrap_or(usize::MAX), "object")
            )
        });
        let unasked = self.unasked.iter().map(|why| {
            format!("what is hidden because {why} cannot be asked for there, and counts as missing")
        });
        of_source.chain(pseudo).chain(unasked).collect()
    }
}

/// A source of an IRRd, with what the server says of it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Source {
    /// Its name, in upper case.
    pub name: String,
    /// Whether objects are changed here; `false` for a mirror, `None` if the server does not say.
    pub authoritative: Option<bool>,
    /// When it was updated last, if the server says so.
    pub updated: Option<Timestamp>,
}

/// Why there is no answer. Its message ends with a line `hint: …`.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum IrrdError {
    /// It could not be asked, or did not answer as an IRRd does.
    #[error("`{at}`: {what}\nhint: {hint}")]
    Trouble {
        /// Which one.
        at: String,
        /// What happened.
        what: String,
        /// What to do.
        hint: &'static str,
    },
    /// It sends what are no route objects.
    #[error(transparent)]
    Unreadable(ReadError),
}

impl IrrdError {
    /// Trouble with a server that is named later.
    pub(super) fn trouble(what: impl Into<String>, hint: &'static str) -> IrrdError {
        IrrdError::Trouble { at: String::new(), what: what.into(), hint }
    }

    /// The same, of the server at `place`.
    pub(super) fn at(self, place: &str) -> IrrdError {
        let at = place.to_owned();
        match self {
            IrrdError::Trouble { what, hint, .. } => IrrdError::Trouble { at, what, hint },
            IrrdError::Unreadable(error) => IrrdError::Unreadable(ReadError { name: at, ..error }),
        }
    }
}

/// Route objects as they come in, each kept once.
#[derive(Default)]
pub(super) struct Found {
    routes: Vec<Route>,
    known: BTreeSet<(Prefix, Asn, Arc<str>)>,
    pseudo: u64,
}

impl Found {
    /// Takes the objects in `text`; those that are new are hidden for the reason `hidden`.
    pub(super) fn add(&mut self, text: &[u8], hidden: Option<Hidden>) -> Result<(), IrrdError> {
        let dump = irr::read_answer("", text).map_err(IrrdError::Unreadable)?;
        for mut route in dump.routes {
            if self.known.insert((route.prefix, route.origin, route.source.clone())) {
                route.hidden = hidden.or(route.hidden);
                route.place = None; // a line of an answer is nowhere to look at
                self.routes.push(route);
            }
        }
        self.pseudo += dump.left_out.pseudo;
        Ok(())
    }

    /// All of it.
    pub(super) fn answer(self, sources: Vec<Source>, unasked: Vec<Hidden>) -> Answer {
        Answer { routes: self.routes, sources, pseudo: self.pseudo, unasked }
    }
}
