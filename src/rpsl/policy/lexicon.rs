//! Which words and kinds of token each grammar knows.
//!
//! A word that is not a keyword of the grammar at hand may be the label of a router's name: `to`
//! is one in `import`, but not in `export`.

use super::{
    Grammar,
    token::{SetKind, Token},
};
use crate::net::Family;

/// A kind of token that not every grammar knows; the others (numbers, addresses, prefixes,
/// operators) are the same for all.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// A label of a domain name.
    Name,
    /// `AS1 - AS5`.
    AsRange,
    /// The name of a set.
    Set(SetKind),
}

/// The words and kinds of one grammar. Keywords are upper case here and of any case in values.
pub(super) struct Lexicon {
    keywords: &'static [&'static [&'static str]],
    /// In the order of preference among tokens of one length.
    pub(super) kinds: &'static [Kind],
}

impl Lexicon {
    /// Every keyword.
    pub(super) fn keywords(&self) -> impl Iterator<Item = &'static str> {
        self.keywords.iter().flat_map(|group| group.iter().copied())
    }

    /// Whether `token` can occur at all.
    pub(super) fn knows(&self, token: Token) -> bool {
        match token {
            Token::Keyword(word) => self.keywords().any(|known| known == word),
            Token::Set(set) => self.kinds.contains(&Kind::Set(set)),
            Token::Name => self.kinds.contains(&Kind::Name),
            _ => true,
        }
    }
}

const OPERATORS: &[&str] = &["OR", "AND"];
const FILTER: &[&str] = &["NOT", "ANY", "PEERAS"];
/// The attributes of a route that actions set and filters test (RFC 2622 §7), and their values.
const ATTRIBUTES: &[&str] = &[
    "PREF",
    "MED",
    "DPA",
    "ASPATH",
    "COMMUNITY",
    "NEXT_HOP",
    "COST",
    "IGP_COST",
    "SELF",
    "PREPEND",
    "APPEND",
    "DELETE",
    "CONTAINS",
    "INTERNET",
    "NO_EXPORT",
    "NO_ADVERTISE",
];
const IMPORT: &[&str] = &["FROM", "ACCEPT", "ACTION", "AT", "PROTOCOL", "INTO", "REFINE"];
const EXPORT: &[&str] = &["TO", "ANNOUNCE", "ACTION", "AT", "PROTOCOL", "INTO", "REFINE"];
const DEFAULT: &[&str] = &["TO", "NETWORKS", "ACTION", "AT"];
const EXCEPT: &[&str] = &["EXCEPT"];
const FAMILIES: &[&str] = &["AFI", "IPV4", "IPV6", "UNICAST", "MULTICAST"];
const INJECT: &[&str] =
    &["ACTION", "AT", "EXCEPT", "UPON", "STATIC", "HAVE-COMPONENTS", "EXCLUDE", "MASKLEN"];
const INTERFACE: &[&str] = &["MASKLEN", "ACTION"];
const TUNNEL: &[&str] = &["TUNNEL", "GRE", "IPV6INIPV4", "IPINIP", "DVMRP"];
const PEER: &[&str] = &["ASNO", "FLAP_DAMP", "PEERAS"];
/// The protocols every grammar with protocols knows (RFC 2622 §7).
const PROTOCOLS: &[&str] =
    &["BGP4", "OSPF", "RIP", "IGRP", "IS-IS", "STATIC", "RIPNG", "PIM-DM", "PIM-SM", "CBT", "MOSPF"];
/// A protocol of multicast, which `import` and `export` do not know.
const DVMRP: &[&str] = &["DVMRP"];
/// The protocol RFC 4012 adds.
const MPBGP: &[&str] = &["MPBGP"];

const SETS_OF_FILTERS: &[Kind] =
    &[Kind::AsRange, Kind::Set(SetKind::Filter), Kind::Set(SetKind::As), Kind::Set(SetKind::Route)];
const SETS_OF_FILTERS_AND_NAMES: &[Kind] = &[
    Kind::AsRange,
    Kind::Set(SetKind::Filter),
    Kind::Set(SetKind::As),
    Kind::Set(SetKind::Route),
    Kind::Name,
];
const POLICY: &[Kind] = &[
    Kind::AsRange,
    Kind::Set(SetKind::Filter),
    Kind::Set(SetKind::As),
    Kind::Set(SetKind::Route),
    Kind::Set(SetKind::Peering),
    Kind::Name,
];
const PEERINGS: &[Kind] = &[Kind::Set(SetKind::As), Kind::Set(SetKind::Peering), Kind::Name];
const PEERS: &[Kind] = &[Kind::Set(SetKind::Router), Kind::Set(SetKind::Peering), Kind::Name];

impl Grammar {
    /// The words and kinds of token this grammar knows.
    pub(super) fn lexicon(self) -> Lexicon {
        let (keywords, kinds): (&'static [&'static [&'static str]], &'static [Kind]) = match self {
            Grammar::Import => (&[OPERATORS, FILTER, ATTRIBUTES, IMPORT, EXCEPT, PROTOCOLS], POLICY),
            Grammar::Export => (&[OPERATORS, FILTER, ATTRIBUTES, EXPORT, PROTOCOLS], POLICY),
            Grammar::Default => (&[OPERATORS, FILTER, ATTRIBUTES, DEFAULT], POLICY),
            Grammar::MpImport | Grammar::ImportVia => {
                (&[OPERATORS, FILTER, ATTRIBUTES, IMPORT, EXCEPT, FAMILIES, PROTOCOLS, DVMRP, MPBGP], POLICY)
            }
            Grammar::MpExport | Grammar::ExportVia => {
                (&[OPERATORS, FILTER, ATTRIBUTES, EXPORT, EXCEPT, FAMILIES, PROTOCOLS, DVMRP, MPBGP], POLICY)
            }
            Grammar::MpDefault => (&[OPERATORS, FILTER, ATTRIBUTES, DEFAULT, FAMILIES], POLICY),
            Grammar::Filter | Grammar::ExportComps(Family::V4) => {
                (&[OPERATORS, FILTER, ATTRIBUTES], SETS_OF_FILTERS_AND_NAMES)
            }
            Grammar::MpFilter | Grammar::ExportComps(Family::V6) => {
                (&[OPERATORS, FILTER, ATTRIBUTES], SETS_OF_FILTERS)
            }
            Grammar::Components(Family::V4) => {
                (&[OPERATORS, FILTER, ATTRIBUTES, &["ATOMIC", "PROTOCOL"], PROTOCOLS, DVMRP], SETS_OF_FILTERS)
            }
            Grammar::Components(Family::V6) => (
                &[OPERATORS, FILTER, ATTRIBUTES, &["ATOMIC", "PROTOCOL"], PROTOCOLS, DVMRP, MPBGP],
                SETS_OF_FILTERS,
            ),
            Grammar::Peering | Grammar::MpPeering => (&[OPERATORS, EXCEPT, &["AT"]], PEERINGS),
            Grammar::AggrBndry => (&[OPERATORS, EXCEPT], &[Kind::Set(SetKind::As)]),
            Grammar::AggrMtd => (&[OPERATORS, EXCEPT, &["INBOUND", "OUTBOUND"]], &[Kind::Set(SetKind::As)]),
            Grammar::Inject(_) => {
                (&[OPERATORS, ATTRIBUTES, INJECT], &[Kind::Set(SetKind::Router), Kind::Name])
            }
            Grammar::Ifaddr => (&[ATTRIBUTES, INTERFACE], &[Kind::Name]),
            Grammar::Interface => (&[ATTRIBUTES, INTERFACE, TUNNEL], &[]),
            Grammar::Peer => (&[PEER, PROTOCOLS, DVMRP], PEERS),
            Grammar::MpPeer => (&[PEER, PROTOCOLS, DVMRP, MPBGP], PEERS),
        };
        Lexicon { keywords, kinds }
    }
}

/// Whether `word` names a routing protocol; a keyword that does is one its grammar knows.
pub(super) fn is_protocol(word: &str) -> bool {
    [PROTOCOLS, DVMRP, MPBGP].into_iter().flatten().any(|protocol| *protocol == word)
}
