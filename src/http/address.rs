//! URLs that may be asked, decided on what is asked in the end: the parsed URL (WHATWG URL Standard §4.4).

use std::{fmt, net::IpAddr, str::FromStr};

use reqwest::Url;

/// A URL that may be asked.
///
/// Invariant: it has a host, no user and no password; it is HTTPS, or plain HTTP to this machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Address(Url);

/// Why a URL is not asked, without what may be secret in it, and what to write instead.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{what}\nhint: {next}")]
pub struct AddressError {
    /// What is wrong.
    pub what: String,
    /// What to write.
    pub next: &'static str,
    /// Whether a password may stand in what was written, so that it must not be shown.
    pub is_secret: bool,
}

impl Address {
    /// The URL.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Its host.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Its port, written or by its scheme.
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }

    /// Whether it is on this machine: 127.0.0.0/8, `::1` or `localhost`, which no resolver is asked for.
    pub fn is_loopback(&self) -> bool {
        let host = self.host().trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
    }

    /// Whether it is without TLS.
    pub fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// Whether `text` is meant as a URL: it begins with a scheme and two slashes.
    pub fn is_meant_by(text: &str) -> bool {
        text.split_once("://").is_some_and(|(scheme, _)| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        })
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Address, AddressError> {
        let is_secret = text.contains('@');
        let refuse = |what: String, next| Err(AddressError { what, next, is_secret });
        // A parser turns backslashes to slashes and drops line ends: what is read is not what was written.
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            let what = "a URL has no blanks, line ends or backslashes";
            return refuse(what.to_owned(), "write it as `https://rest.db.ripe.net`");
        }
        if has_user(text) {
            let what = "a URL with a user or a password in it is not used, and not repeated here";
            let next = "take out what stands before the `@`; keys stand in your own configuration";
            return refuse(what.to_owned(), next);
        }
        let Ok(mut url) = Url::parse(text) else {
            return refuse(format!("`{text}` is not a URL"), "write it as `https://rest.db.ripe.net`");
        };
        if url.host_str() == Some("localhost.") {
            let _ = url.set_host(Some("localhost")); // fails for no URL that has a host
        }
        let address = Address(url);
        match address.0.scheme() {
            "https" => Ok(address),
            "http" if address.is_loopback() => Ok(address),
            "http" => {
                let host = address.host();
                let what = format!("plain HTTP is used on loopback only, and `{host}` is another machine");
                refuse(what, "write `https://`")
            }
            other => refuse(format!("`{other}:` is not spoken here"), "write `https://`"),
        }
    }
}

/// Without the slash of an empty path.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let text = self.0.as_str();
        f.write_str(if self.0.path() == "/" { text.trim_end_matches('/') } else { text })
    }
}

/// Whether something stands before an `@` in front of the host.
fn has_user(text: &str) -> bool {
    let rest = text.split_once(':').map_or(text, |(_, rest)| rest.trim_start_matches('/'));
    rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_told_by_the_parsed_url() {
        let check = |text: &str, expected: Option<&str>| {
            let address = text.parse::<Address>().ok().filter(Address::is_loopback);
            assert_eq!(address.map(|address| address.to_string()).as_deref(), expected, "{text}");
        };
        check("http://127.0.0.1:8080", Some("http://127.0.0.1:8080"));
        check("http://127.8.9.1/", Some("http://127.8.9.1"));
        check("http://127.1", Some("http://127.0.0.1"));
        check("http://0x7f.1:1/a", Some("http://127.0.0.1:1/a"));
        check("http://2130706433", Some("http://127.0.0.1"));
        check("https://[::1]:1", Some("https://[::1]:1"));
        check("http://[::ffff:127.0.0.1]", Some("http://[::ffff:7f00:1]"));
        check("HTTP://LOCALHOST", Some("http://localhost"));
        check("http://localhost.:8", Some("http://localhost:8"));
        check("http://localhost.example", None);
        check("http://a.localhost", None);
        check("http://127.0.0.1.example.net", None);
        check("http://0.0.0.0", None);
        check("http://[::]", None);
        check("http://169.254.169.254/latest/meta-data", None);
        check("http://127.0.0.1@evil.example", None);
        check("https://127.0.0.1:80@evil.example", None);
        check("http://@127.0.0.1", None);
        check("http:127.0.0.1@evil.example", None);
        check("http://127.0.0.1\\.evil.example", None);
        check("http://127.0.0.1\n.evil.example", None);
        check("https://rest.db.ripe.net", None);
    }

    #[test]
    fn a_refusal_says_what_to_write_and_repeats_no_password() {
        let check = |text: &str, expected: &str| {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
            assert!(error.contains("\nhint: ") && !error.contains("hunter2"), "{error}");
        };
        check(
            "http://169.254.169.254/",
            "plain HTTP is used on loopback only, and `169.254.169.254` is another machine",
        );
        check("https://user:hunter2@rest.db.ripe.net", "user or a password");
        check("//user:hunter2@rest.db.ripe.net", "user or a password");
        check("https://user:hunter2 @rest.db.ripe.net", "no blanks");
        check("ftp://127.0.0.1", "`ftp:` is not spoken here");
        check("rest.db.ripe.net", "`rest.db.ripe.net` is not a URL");
        check("https://", "is not a URL");
    }
}
