//! Links: the URI of a `contact` and the public file of a `geofeed` or `prefixlen`.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::text::{is_digit, only};
use super::tld;

/// A URI with a scheme (RFC 2396 and, for IPv6 hosts, RFC 2732), as the registry's language reads it:
/// characters beyond ASCII are taken, a registry-based authority too.
pub fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let (specific, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let is_empty = specific.is_empty() || rest == "//";
    !is_empty && is_scheme(scheme) && is_specific_part(specific) && all_legal(fragment, URIC)
}

/// Signs of a query, a fragment or an opaque part, beside letters, digits and escapes.
const URIC: &str = "-_.!~*'();/?:@&=+$,[]";
/// Signs of a path.
const PATH: &str = "-_.!~*'();/:@&=+$,";
/// Signs of an authority that is not `[address]`.
const AUTHORITY: &str = "-_.!~*'();:@&=+$,";

fn is_scheme(text: &str) -> bool {
    only(text, |c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn is_specific_part(text: &str) -> bool {
    if !text.starts_with('/') {
        return all_legal(text, URIC);
    }
    let (text, query) = text.split_once('?').unwrap_or((text, ""));
    let Some(behind) = text.strip_prefix("//") else {
        return all_legal(text, PATH) && all_legal(query, URIC);
    };
    let (authority, path) = behind.split_at(behind.find('/').unwrap_or(behind.len()));
    is_authority(authority) && all_legal(path, PATH) && all_legal(query, URIC)
}

fn is_authority(text: &str) -> bool {
    let Some((user, rest)) = text.split_once('[') else { return all_legal(text, AUTHORITY) };
    let is_user = user.is_empty() || user.strip_suffix('@').is_some_and(|user| all_legal(user, AUTHORITY));
    is_user && rest.split_once(']').is_some_and(|(host, port)| is_ipv6(host) && is_port(port))
}

fn is_ipv6(text: &str) -> bool {
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    address.parse::<Ipv6Addr>().is_ok()
}

/// Nothing, or a colon and a number of digits.
fn is_port(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(|port| port.chars().all(is_digit))
}

/// Letters, digits, `signs`, escapes such as `%20`, and visible characters beyond ASCII.
fn all_legal(text: &str, signs: &str) -> bool {
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let legal = match c {
            '%' => (0..2).all(|_| rest.next().is_some_and(|c| c.is_ascii_hexdigit())),
            _ if c.is_ascii() => c.is_ascii_alphanumeric() || signs.contains(c),
            _ => !c.is_control() && !c.is_whitespace(),
        };
        if !legal {
            return false;
        }
    }
    true
}

/// The https URL of a public file: its host is a name below a top-level domain of the public DNS, or an address.
///
/// Source: rules of Apache commons-validator's `UrlValidator`, which the registry uses.
pub fn is_public_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let (rest, _fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    scheme.eq_ignore_ascii_case("https")
        && is_public_authority(authority)
        && is_url_path(path)
        && !query.contains(char::is_whitespace)
}

fn is_public_authority(text: &str) -> bool {
    let (user, host) = text.split_once('@').map_or((None, text), |(user, host)| (Some(user), host));
    if user.is_some_and(|user| !is_user(user)) {
        return false;
    }
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(host, port)| is_ipv6(host) && is_tcp_port(port));
    }
    let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
    let ascii = idna::domain_to_ascii(name).unwrap_or_default();
    (is_public_name(&ascii) || ascii.parse::<Ipv4Addr>().is_ok()) && is_tcp_port(port)
}

/// A user, or a user and a password with a colon between them.
fn is_user(text: &str) -> bool {
    let is_part = |part: &str| only(part, |c| c.is_ascii_alphanumeric() || "%-._~!$&'()*+,;=".contains(c));
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    is_part(user) && (password.is_empty() || is_part(password))
}

/// Nothing, a colon, or a colon and a number up to 65535.
fn is_tcp_port(text: &str) -> bool {
    let is_number = |port: &str| port.is_empty() || (only(port, is_digit) && port.parse::<u16>().is_ok());
    text.is_empty() || text.strip_prefix(':').is_some_and(is_number)
}

/// Two or more labels of up to 63 letters, digits and inner hyphens, the last one a top-level domain.
fn is_public_name(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        only(label, |c| c.is_ascii_alphanumeric() || c == '-')
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = name.rsplit_once('.').map(|(_, top)| top);
    name.len() <= 253 && name.split('.').all(is_label) && top.is_some_and(tld::is_top_level_domain)
}

/// Letters, digits and signs; no empty segment, and `..` never leads above the root.
fn is_url_path(text: &str) -> bool {
    let accept = |c: char| c.is_ascii_alphanumeric() || "-_:@&?=+,.!/~*'%$;()".contains(c);
    let mut depth = 0;
    let stays_below = text.split('/').skip(1).all(|segment| {
        depth += match segment {
            ".." => -1,
            "." | "" => 0,
            _ => 1,
        };
        depth >= 0
    });
    text.chars().all(accept) && !text.contains("//") && stays_below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_has_a_scheme_and_legal_characters() {
        let check = |text: &str, expected: bool| assert_eq!(is_uri(text), expected, "{text}");
        check("https://[2001:db8::1]:443/a%20b?c[]=d#e", true);
        check("file:///etc", true);
        check("a://?b", true);
        check("a://", false);
        check("https://example.net/%2", false);
        check("https://example.net/[a]", false);
        check("https://[2001:db8::1/", false);
        check("9a:b", false);
        check("#a:b", false);
    }

    #[test]
    fn a_public_url_can_be_fetched_by_others() {
        let check = |text: &str, expected: bool| assert_eq!(is_public_url(text), expected, "{text}");
        check("https://user@geo.example.net:8443/a/../b.csv?x=1", true);
        check("HTTPS://example.XN--P1AI.", true);
        check("https://[2001:db8::1]/x", true);
        check("https://intranet.local/x", false);
        check("https://example.net:65536/", false);
        check("https://example.net/../x", false);
        check("https://example.net//x", false);
        check("https://-a.example.net/", false);
        check("https://192.0.2.256/", false);
    }
}
