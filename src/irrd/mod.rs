//! A client of IRRd, the server of RADB, NTT, LACNIC and others: route objects for announcements, by whois or GraphQL.
//!
//! Asked for are the objects that an ordinary query shows, as upstreams ask it, and then those that IRRd hides, with the
//! reason. What the pseudo-source `RPKI` has is evidence of the RPKI and left out. An object whose maintainer is
//! suspended is shown by no query, so that it counts as missing.
//!
//! Whois is plain TCP, to other hosts too: it is the custom of the field (port 43), what is asked carries no secret,
//! and whoever sits on the way can forge answers. GraphQL is HTTPS, or plain HTTP to this machine.

mod answer;
pub mod frame;
mod graphql;
mod patience;
mod place;
mod whois;

use answer::Found;
pub use answer::{Answer, IrrdError, Source};
pub use patience::Patience;
pub use place::{Place, PlaceError};

use crate::net::Prefix;

/// The route objects for the announced `prefixes`, those that cover them, and those inside the allocations `inside`.
pub async fn routes(at: &Place, prefixes: &[Prefix], inside: &[Prefix]) -> Result<Answer, IrrdError> {
    routes_within(&Patience::usual(), at, prefixes, inside).await
}

/// The same, with what is borne with.
pub async fn routes_within(
    patience: &Patience,
    at: &Place,
    prefixes: &[Prefix],
    inside: &[Prefix],
) -> Result<Answer, IrrdError> {
    let asked = async {
        match at {
            Place::Whois { server, sources } => {
                whois::routes(patience, server, sources, prefixes, inside).await
            }
            Place::GraphQl(address) => graphql::routes(patience, address, prefixes, inside).await,
        }
    };
    let too_late = || {
        let what = format!("no whole answer within {} s", patience.whole.as_secs_f32());
        Err(IrrdError::trouble(
            what,
            "ask again later, or for fewer announcements; or take a dump (`--irr FILE`)",
        ))
    };
    let answer = tokio::time::timeout(patience.whole, asked).await.unwrap_or_else(|_| too_late());
    answer.map_err(|error| error.at(&at.to_string()))
}

#[cfg(test)]
mod tests;
