//! A route object, and why a registry may hide it.

use std::{fmt, sync::Arc};

use jiff::Timestamp;

use crate::{
    net::{Asn, Prefix},
    reading::Place,
};

/// The source under which IRRd shows each ROA as if somebody had made a route object of it: evidence of the RPKI, and
/// none of a registry.
pub const PSEUDO_SOURCE: &str = "RPKI";

/// A route or route6 object, as far as it matters for an announcement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Route {
    /// What may be announced.
    pub prefix: Prefix,
    /// By whom.
    pub origin: Asn,
    /// The registry that it is in, in upper case; never [`PSEUDO_SOURCE`].
    pub source: Arc<str>,
    /// Those who may change it, as they are written.
    pub maintainers: Vec<String>,
    /// When it was written last, if the registry says so.
    pub last_modified: Option<Timestamp>,
    /// Why an ordinary query does not show it, if it does not.
    pub hidden: Option<Hidden>,
    /// The first of its lines in a dump.
    pub place: Option<Place>,
}

impl Route {
    /// Whether it has exactly this prefix and this origin.
    pub fn is_for(&self, prefix: Prefix, origin: Asn) -> bool {
        (self.prefix, self.origin) == (prefix, origin)
    }
}

/// Why a registry does not show an object in an ordinary query. Upstreams ask ordinary queries. (IRRd calls it object
/// suppression; what is suspended it shows to nobody at all.)
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Hidden {
    /// A ROA makes it invalid (RFC 6811).
    Rpki,
    /// Its prefix or AS number is out of what the registry's operator shows.
    Scope,
    /// Another source, which is preferred, has a route object for overlapping space.
    RoutePreference,
    /// The operator has suspended its maintainer. No query shows such objects, so that no loader of ours finds one.
    Suspended,
}

impl Hidden {
    /// The word for it in JSON.
    pub fn text(self) -> &'static str {
        match self {
            Hidden::Rpki => "rpki",
            Hidden::Scope => "scope",
            Hidden::RoutePreference => "route-preference",
            Hidden::Suspended => "suspended",
        }
    }
}

/// The reason as the end of a sentence that begins "it is hidden: ".
impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Hidden::Rpki => "it is RPKI invalid",
            Hidden::Scope => "its prefix or AS number is out of the scope that is shown",
            Hidden::RoutePreference => "a source that is preferred has an overlapping route object",
            Hidden::Suspended => "it is suspended",
        })
    }
}
