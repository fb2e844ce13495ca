//! Where requests go: the base URL, and paths with keys in them.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use reqwest::Url;

use super::trouble::{Kind, Trouble};
use crate::{
    http::{Address, AddressError},
    rpsl::Class,
};

/// What may not stand in the path of a URI (RFC 3986 §3.3).
pub const NOT_IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What is encoded in a path segment; `:` and, in prefixes, `/` stand as they are, as the registry's own links do.
const SEGMENT: &AsciiSet = &NOT_IN_PATH.add(b'/');

/// What is encoded in the key of an address object or route.
const PREFIX: &AsciiSet = NOT_IN_PATH;

/// What is encoded in the value of a parameter.
const VALUE: &AsciiSet = &PREFIX.add(b'&').add(b'+').add(b'=');

/// `key` as it stands in a path: `193.201.149.0%20-%20193.201.149.255`.
pub fn encoded_key(class: Class, key: &str) -> String {
    let set = if class.is_address() || class.is_route() { PREFIX } else { SEGMENT };
    utf8_percent_encode(key, set).to_string()
}

/// `value` as it stands behind a `=` in a query.
pub fn encoded_value(value: &str) -> String {
    utf8_percent_encode(value, VALUE).to_string()
}

/// The base URL of a registry: one that may be asked, without a query.
pub fn base(text: &str) -> Result<Address, Trouble> {
    let refuse = |what, next| Err(Trouble::new(Kind::Refused, what, next));
    match text.parse::<Address>() {
        Ok(address) if address.url().query().is_some() || address.url().fragment().is_some() => refuse(
            "the URL of a registry has no `?` and no `#`".to_owned(),
            "write its base: `https://rest.db.ripe.net`",
        ),
        Ok(address) => Ok(address),
        Err(AddressError { what, next, .. }) => refuse(what, next),
    }
}

/// `path` and `query`, both encoded, below `base`. Refused if the path means another place than it says.
pub fn below(base: &Url, path: &str, query: &str) -> Result<Url, Trouble> {
    let mut url = base.clone();
    let full = format!("{}/{path}", base.path().trim_end_matches('/'));
    url.set_path(&full);
    url.set_query(Some(query).filter(|query| !query.is_empty()));
    if url.path() == full {
        return Ok(url);
    }
    let what = format!("`{path}` cannot be asked for: it does not stand for itself in a URL");
    Err(Trouble::new(Kind::Refused, what, "look for dots and slashes in the object's key").at(base))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_paths_as_the_registry_has_them() {
        let check = |class: Class, key: &str, expected: &str| {
            let base = base("https://rest.db.ripe.net").unwrap();
            let path = format!("ripe/{class}/{}", encoded_key(class, key));
            let url = below(base.url(), &path, "unfiltered").unwrap().to_string();
            assert_eq!(url, format!("https://rest.db.ripe.net/ripe/{class}/{expected}?unfiltered"));
        };
        check(Class::Inetnum, "193.201.149.0 - 193.201.149.255", "193.201.149.0%20-%20193.201.149.255");
        check(Class::Route6, "2a0f:85c1:264::/48AS205398", "2a0f:85c1:264::/48AS205398");
        check(Class::AsSet, "AS205398:AS-X", "AS205398:AS-X");
        check(Class::Mntner, "A/B?C#D%2e", "A%2FB%3FC%23D%252e");
    }

    #[test]
    fn a_key_cannot_lead_elsewhere() {
        let base = base("http://127.0.0.1:1").unwrap();
        assert!(
            below(base.url(), &format!("ripe/route6/{}", encoded_key(Class::Route6, "../../x")), "").is_err()
        );
        assert!(below(base.url(), &format!("ripe/mntner/{}", encoded_key(Class::Mntner, "..")), "").is_err());
    }

    #[test]
    fn plain_http_is_for_loopback() {
        let check = |text: &str, expected: bool| assert_eq!(base(text).is_ok(), expected, "{text}");
        check("http://127.8.9.1:8080", true);
        check("http://[::1]:8080", true);
        check("http://localhost", true);
        check("http://rest.db.ripe.net", false);
        check("http://127.0.0.1.example.net", false);
        check("http://localhost.example.net", false);
        check("https://rest.db.ripe.net", true);
        check("https://user:secret@rest.db.ripe.net", false);
        check("ftp://127.0.0.1", false);
        check("rest.db.ripe.net", false);
    }
}
