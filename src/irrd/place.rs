//! Where an IRRd is.

use std::{fmt, str::FromStr};

use crate::{http::Address, tcp::Server, visible};

/// The port of whois (RFC 3912).
const WHOIS: u16 = 43;

/// An IRRd that can be asked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// By whois: `irr://HOST[:PORT][/SOURCE,…]`.
    Whois {
        /// Which one; its port is 43, if none is written.
        server: Server,
        /// The sources that are asked, in upper case, the first one first; empty: those that it asks by default.
        sources: Vec<String>,
    },
    /// By GraphQL: a URL whose path ends in `/graphql/`. It asks the sources that the server asks by default.
    GraphQl(Address),
}

/// A text that is the place of no IRRd.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "{0}\nhint: write `irr://whois.radb.net/RIPE,RADB`, `irr://127.0.0.1:8043`, or `https://irr.example.net/graphql/`"
)]
pub struct PlaceError(String);

impl Place {
    /// Whether `text` is meant to be one, and not the name of a file.
    pub fn is_meant(text: &str) -> bool {
        let has_scheme = text.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("irr://"));
        let path = text.split(['?', '#']).next().unwrap_or_default();
        has_scheme || (text.contains("://") && path.trim_end_matches('/').ends_with("/graphql"))
    }
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Place, PlaceError> {
        let refuse = |why: &str| PlaceError(format!("`{}` {why}", visible::line(text)));
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(refuse("is the place of no IRRd"));
        };
        if !scheme.eq_ignore_ascii_case("irr") {
            let address = text.parse::<Address>().map_err(|error| {
                PlaceError(if error.is_secret { error.what } else { visible::line(&error.what).into_owned() })
            })?;
            let is_graphql = address.url().path().ends_with("/graphql/") && address.url().query().is_none();
            return is_graphql
                .then_some(Place::GraphQl(address))
                .ok_or_else(|| refuse("does not end in `/graphql/`"));
        }
        let (authority, sources) = rest.split_once('/').unwrap_or((rest, ""));
        if authority.contains('@') {
            return Err(PlaceError(
                "whois knows no users and passwords; what was written is not repeated here".into(),
            ));
        }
        let server = Server::read(authority, Some(WHOIS)).ok_or_else(|| refuse("has no host and port"))?;
        let is_source = |name: &&str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        let names: Vec<&str> = if sources.is_empty() { Vec::new() } else { sources.split(',').collect() };
        if !names.iter().all(is_source) {
            return Err(refuse("has a source whose name is none"));
        }
        let sources = names.into_iter().map(str::to_ascii_uppercase).collect();
        Ok(Place::Whois { server, sources })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Place::GraphQl(address) => write!(f, "{address}"),
            Place::Whois { server, sources } => {
                write!(f, "irr://{server}")?;
                if sources.is_empty() { Ok(()) } else { write!(f, "/{}", sources.join(",")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_one_server() {
        let check = |text: &str, expected: &str| {
            assert_eq!(text.parse::<Place>().unwrap().to_string(), expected);
            assert!(Place::is_meant(text), "{text}");
        };
        check("irr://whois.radb.net", "irr://whois.radb.net:43");
        check("IRR://127.0.0.1:8043/ripe,RADB", "irr://127.0.0.1:8043/RIPE,RADB");
        check("irr://[::1]:1/", "irr://[::1]:1");
        check("http://127.0.0.1:8080/graphql/", "http://127.0.0.1:8080/graphql/");
        check("https://irr.example.net/x/graphql/", "https://irr.example.net/x/graphql/");
        for text in
            ["ripe.db.route6.gz", "https://ftp.ripe.net/ripe/dbase/split/ripe.db.route6.gz", "-", "graphql/"]
        {
            assert!(!Place::is_meant(text), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        let check = |text: &str, expected: &str| {
            let error = text.parse::<Place>().unwrap_err().to_string();
            assert!(error.starts_with(expected) && error.contains("\nhint: write `irr://"), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        };
        check("x", "`x` is the place of no IRRd");
        check("irr://", "`irr://` has no host and port");
        check("irr://h:0", "`irr://h:0` has no host and port");
        check("irr://h:x/RIPE", "`irr://h:x/RIPE` has no host and port");
        check("irr://a b", "`irr://a b` has no host and port");
        check("irr://h/RIPE,", "`irr://h/RIPE,` has a source whose name is none");
        check("irr://h/RI\nPE", "`irr://h/RI\\u{a}PE` has a source whose name is none");
        check("irr://u:hunter2@h", "whois knows no users");
        check("https://u:hunter2@h/graphql/", "a URL with a user or a password");
        check("http://h.example/graphql/", "plain HTTP is used on loopback only");
        check("https://h.example/graphql", "`https://h.example/graphql` does not end in `/graphql/`");
    }
}
