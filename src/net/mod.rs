//! Numbers and names of the Internet: AS numbers, prefixes, blocks of addresses, reverse zones.
//!
//! Pure values. Text is read and printed as the RIPE Database does it, which for IPv6
//! is not RFC 5952 (see [`ipv6_text`]).

mod asn;
mod block;
mod map;
mod parse;
mod prefix;
mod range;
mod split;
mod zone;

pub use asn::{Asn, AsnError};
pub use block::{Block, Family};
pub use map::{Entries, Finder, PrefixMap};
pub use parse::{number_at, prefix_at, prefix_of};
pub use prefix::{Prefix, PrefixError, ipv6_text};
pub use range::{PrefixRange, PrefixRangeError};
pub use split::{Split, SplitError};
pub use zone::{zone_block, zone_of};
