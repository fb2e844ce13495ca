//! The host that a credential is bound to.

use std::{fmt, str::FromStr};

use reqwest::Url;

use super::Address;

/// A host, with a port or with that of the scheme: `rest.db.ripe.net`, `127.0.0.1:8043`, `[::1]:1`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Host {
    name: String,
    port: Option<u16>,
}

/// A text that is no host.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("this is no host; write it without scheme and path, as in `rest.db.ripe.net` or `127.0.0.1:8043`")]
pub struct HostError;

impl Host {
    /// The host and port of `address`.
    pub fn of(address: &Address) -> Host {
        Host { name: address.host().to_owned(), port: address.url().port() }
    }

    /// Whether `address` is at this host and port.
    pub fn holds(&self, address: &Address) -> bool {
        let default = if address.is_plain() { 80 } else { 443 };
        self.name == address.host() && self.port.unwrap_or(default) == address.port()
    }
}

impl FromStr for Host {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Host, HostError> {
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || "/\\?#@".contains(c)) {
            return Err(HostError);
        }
        // Each scheme hides its own port.
        let [plain, secure] = ["http", "https"].map(|scheme| Url::parse(&format!("{scheme}://{text}/")));
        let (plain, secure) = (plain.map_err(|_| HostError)?, secure.map_err(|_| HostError)?);
        let name = plain.host_str().ok_or(HostError)?;
        let name = if name == "localhost." { "localhost" } else { name };
        Ok(Host { name: name.to_owned(), port: plain.port().or(secure.port()) })
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.name)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_one_host_and_one_port() {
        let check = |host: &str, url: &str, expected: bool| {
            let (host, address): (Host, Address) = (host.parse().unwrap(), url.parse().unwrap());
            assert_eq!(host.holds(&address), expected, "{host} {url}");
        };
        check("rest.db.ripe.net", "https://rest.db.ripe.net/", true);
        check("REST.db.ripe.net:443", "https://rest.db.ripe.net", true);
        check("rest.db.ripe.net:8443", "https://rest.db.ripe.net", false);
        check("rest.db.ripe.net", "https://rest.db.ripe.net:8443", false);
        check("db.ripe.net", "https://rest.db.ripe.net", false);
        check("rest.db.ripe.net", "https://rest.db.ripe.net.evil.example", false);
        check("127.0.0.1:8043", "http://127.0.0.1:8043/x", true);
        check("127.0.0.1:8043", "http://127.0.0.1:8044", false);
        check("127.0.0.1:8043", "http://localhost:8043", false);
        check("127.0.0.1", "http://127.1:80", true);
        check("127.0.0.1:443", "http://127.0.0.1", false);
        check("[::1]:1", "http://[0:0::1]:1", true);
        check("localhost", "http://localhost.", true);
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in ["", "https://a.example", "a.example/x", "u@a.example", "a b", "[::1", "a:99999", "a:b"] {
            assert_eq!(text.parse::<Host>(), Err(HostError), "{text}");
        }
    }
}
