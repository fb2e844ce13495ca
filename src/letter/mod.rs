//! Letters to those who must do what we cannot: to the LIR, or to whoever asks for an AS number for us.
//!
//! [`to_lir`] makes one of a plan: what others must hold, and the ROAs of what the LIR publishes for. Nothing is sent here,
//! and nothing is masked: whoever is asked must see all of it.

mod asn;
mod lir;
mod text;

pub use asn::{AsnRequest, asn_request};
pub use lir::to_lir;
pub use text::text;

use crate::{
    finding::Finding,
    net::{Asn, Prefix},
    rpsl::{Key, Object},
};

/// A letter.
#[derive(Clone, Debug)]
pub struct Letter {
    /// To whom, as far as it is known.
    pub to: Vec<String>,
    /// Who writes: where our maintainers want mail to go.
    pub from: Option<String>,
    /// What it is about.
    pub subject: String,
    /// Whose network it is, in a sentence.
    pub opening: String,
    /// What is asked for.
    pub items: Vec<Item>,
}

/// One thing that is asked for.
#[derive(Clone, Debug)]
pub struct Item {
    /// What is to be done.
    pub wish: Wish,
    /// What it makes possible.
    pub why: Vec<String>,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub enum Wish {
    /// Lines are added to a registered object.
    Add {
        /// The object.
        key: Key,
        /// The lines, as they are written.
        lines: Vec<String>,
        /// The object with them.
        after: Object,
    },
    /// An object is made.
    Make {
        /// Its key.
        key: Key,
        /// What it must have.
        lines: Vec<String>,
    },
    /// An object goes, or lets us make ours below it.
    Remove {
        /// The object.
        key: Key,
        /// What would do, where something would: the line, and the object with it.
        instead: Option<(String, Object)>,
    },
    /// Zones are delegated in a zone that is there.
    Delegate {
        /// The zone.
        key: Key,
        /// The NS records, in master file format (RFC 1035 §5.1).
        records: Vec<String>,
    },
    /// A ROA (RFC 9582).
    Roa {
        /// Its prefix.
        prefix: Prefix,
        /// The AS that originates it.
        origin: Asn,
        /// The longest prefix that it allows: that of the announcement (RFC 9319).
        max_length: u8,
    },
}

/// What keeps a letter from being written, all at once.
pub type Problems = Vec<Finding>;
