//! The policy grammars of RPSL (RFC 2622, RFC 4012 and draft-snijders-rpsl-via) as the RIPE
//! Database reads them: one lexer and one recursive-descent recogniser for all of them.
//!
//! It says yes or no, and where and what was expected; it builds no syntax tree, because nothing
//! reads one. Differences between the grammars are data: the words and kinds of token a grammar
//! knows (`lexicon`) and the families of addresses and prefixes it admits.
//!
//! Where the database is narrower than the RFC, the database decides, for it will judge the
//! object: an AS path knows no repetition `{2,3}`, `export`, `default` and `mp-default` know no
//! `except`, numbers are of 16 bits and an operator `^n` on a set ends at 32 even for IPv6.

mod action;
mod aggregate;
mod as_path;
mod filter;
mod import_export;
mod lexer;
mod lexicon;
mod number;
mod parser;
mod peering;
mod router;
mod token;

use std::fmt;

use crate::net::Family;
use parser::Parser;

/// Which grammar a value follows; with it which families of prefixes and addresses it may name.
///
/// Named after the attributes. Where the attribute is the same in `route` and `route6` and the
/// grammar is not, the family says which.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Grammar {
    /// `import:` (RFC 2622 §6.1).
    Import,
    /// `export:` (RFC 2622 §6.2).
    Export,
    /// `default:` (RFC 2622 §6.5).
    Default,
    /// `mp-import:` (RFC 4012 §2.5).
    MpImport,
    /// `mp-export:` (RFC 4012 §2.5).
    MpExport,
    /// `mp-default:` (RFC 4012 §2.5).
    MpDefault,
    /// `import-via:` (draft-snijders-rpsl-via).
    ImportVia,
    /// `export-via:` (draft-snijders-rpsl-via).
    ExportVia,
    /// `filter:` (RFC 2622 §5.4).
    Filter,
    /// `mp-filter:` (RFC 4012 §4.2).
    MpFilter,
    /// `peering:` (RFC 2622 §5.6).
    Peering,
    /// `mp-peering:` (RFC 4012 §4.4).
    MpPeering,
    /// `aggr-bndry:` (RFC 2622 §8.1).
    AggrBndry,
    /// `aggr-mtd:` (RFC 2622 §8.1).
    AggrMtd,
    /// `components:` (RFC 2622 §8.1) of a `route` or `route6`.
    Components(Family),
    /// `export-comps:` (RFC 2622 §8.1) of a `route` or `route6`.
    ExportComps(Family),
    /// `inject:` (RFC 2622 §8.1) of a `route` or `route6`.
    Inject(Family),
    /// `ifaddr:` (RFC 2622 §9).
    Ifaddr,
    /// `interface:` (RFC 4012 §4.5).
    Interface,
    /// `peer:` (RFC 2622 §9).
    Peer,
    /// `mp-peer:` (RFC 4012 §4.5).
    MpPeer,
}

/// Why a value does not follow its grammar: the first place that cannot be read, and what would
/// have been right there.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub struct PolicyError {
    /// Where in the value, in bytes.
    pub offset: usize,
    /// What could have stood there, as a phrase: "`from` or an AS number".
    pub expected: String,
    /// What stands there, as typed; empty at the end of the value.
    pub found: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.found.as_str() {
            "" => write!(f, "expected {}, found the end", self.expected),
            found => write!(f, "expected {}, found `{found}`", self.expected),
        }
    }
}

const V4: &[Family] = &[Family::V4];
const V6: &[Family] = &[Family::V6];
const BOTH: &[Family] = &[Family::V4, Family::V6];

impl Grammar {
    /// The families of prefixes that filters may list.
    fn prefixes(self) -> &'static [Family] {
        match self {
            Grammar::Components(family) | Grammar::ExportComps(family) | Grammar::Inject(family) => {
                match family {
                    Family::V4 => V4,
                    Family::V6 => V6,
                }
            }
            other => other.addresses(),
        }
    }

    /// The families of addresses that routers and next hops may have.
    fn addresses(self) -> &'static [Family] {
        match self {
            Grammar::Import
            | Grammar::Export
            | Grammar::Default
            | Grammar::Filter
            | Grammar::Peering
            | Grammar::AggrBndry
            | Grammar::AggrMtd
            | Grammar::Components(Family::V4)
            | Grammar::ExportComps(Family::V4)
            | Grammar::Inject(Family::V4)
            | Grammar::Ifaddr
            | Grammar::Peer => V4,
            Grammar::Components(Family::V6) | Grammar::ExportComps(Family::V6) => V6,
            Grammar::MpImport
            | Grammar::MpExport
            | Grammar::MpDefault
            | Grammar::ImportVia
            | Grammar::ExportVia
            | Grammar::MpFilter
            | Grammar::MpPeering
            | Grammar::Inject(Family::V6)
            | Grammar::Interface
            | Grammar::MpPeer => BOTH,
        }
    }
}

/// Checks that `value` follows `grammar`.
///
/// `value` is a clean value: comments removed, continuation lines joined.
pub fn check(grammar: Grammar, value: &str) -> Result<(), PolicyError> {
    let mut parser = Parser::new(grammar, value);
    match grammar {
        Grammar::Import | Grammar::MpImport | Grammar::ImportVia => parser.import()?,
        Grammar::Export | Grammar::MpExport | Grammar::ExportVia => parser.export()?,
        Grammar::Default | Grammar::MpDefault => parser.default_route()?,
        Grammar::Filter | Grammar::MpFilter | Grammar::ExportComps(_) => parser.filter()?,
        Grammar::Peering | Grammar::MpPeering => parser.peering()?,
        Grammar::AggrBndry => parser.as_expression()?,
        Grammar::AggrMtd => parser.aggregation_method()?,
        Grammar::Components(_) => parser.components()?,
        Grammar::Inject(_) => parser.inject()?,
        Grammar::Ifaddr | Grammar::Interface => parser.interface()?,
        Grammar::Peer | Grammar::MpPeer => parser.peer()?,
    }
    parser.end()
}

#[cfg(test)]
mod tests;
