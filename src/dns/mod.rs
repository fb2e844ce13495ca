//! Asking name servers: directly, each of them, over UDP and TCP.
//!
//! Nothing here judges: what is to be asked and what came back are values of [`crate::audit`]. Messages are made and read by
//! the crate `domain`; nobody is asked to recurse, and the name of a server is looked up by the system, unless the zone's
//! object has its address, or the user says where it is ([`Resolve`]).

mod ask;
mod message;
mod transport;

pub use ask::{Answers, Bounds, Reach, ask};

use std::{net::SocketAddr, str::FromStr};

use crate::{audit, visible};

/// Where a name server is asked, whatever its name leads to: `NAME=ADDRESS:PORT`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Resolve {
    /// The name, in small letters and without the last dot.
    pub name: String,
    /// Where it is asked.
    pub address: SocketAddr,
}

/// A text that says of no server where it is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "`{0}` does not say where a name server is; write NAME=ADDRESS:PORT, as in ns1.example.net=127.0.0.1:5300"
)]
pub struct ResolveError(String);

impl FromStr for Resolve {
    type Err = ResolveError;

    fn from_str(text: &str) -> Result<Resolve, ResolveError> {
        let parts = text.split_once('=').filter(|(name, _)| !name.is_empty());
        let read = parts.and_then(|(name, address)| Some((audit::lower(name), address.parse().ok()?)));
        let (name, address) = read.ok_or_else(|| ResolveError(visible::shown(text)))?;
        Ok(Resolve { name, address })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_where_it_is_said_to_be() {
        let resolve: Resolve = "NS1.example.net.=127.0.0.1:5300".parse().unwrap();
        assert_eq!((resolve.name.as_str(), resolve.address.port()), ("ns1.example.net", 5300));
        let resolve: Resolve = "ns1.example.net=[::1]:53".parse().unwrap();
        assert!(resolve.address.is_ipv6());
        for text in ["ns1", "ns1=", "=127.0.0.1:53", "ns1=127.0.0.1", "ns1=other:53"] {
            assert!(text.parse::<Resolve>().is_err(), "{text}");
        }
    }
}
