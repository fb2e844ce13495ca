//! The one spelling in which the registry stores a value that may be written in several ways.
//!
//! Only the attributes that the registry itself rewrites (rules.md §3, "Sanitised on every update"); all
//! others are stored as they are typed.

use std::fmt::Write;

use super::schema::{Class, Name, Syntax};
use super::syntax::{self, ds_record, is_host_name, is_zone, name_server};
use crate::net::{Block, ipv6_text};

/// What the registry makes of a clean value of `name` in an object of `class`.
///
/// `None` if it stores the value as it is typed, and if the value is malformed.
pub fn canonical(name: Name, class: Class, clean: &str) -> Option<String> {
    match name {
        Name::Inetnum => Block::parse_v4(clean).map(Block::range_text),
        Name::Inet6num | Name::Route6 => Block::parse_v6(clean).map(Block::prefix_text),
        Name::Route => Block::parse_v4(clean).map(Block::prefix_text),
        Name::Domain => is_zone(clean).then(|| without_dot(clean)),
        Name::InetRtr => is_host_name("-_", clean).then(|| without_dot(clean)),
        Name::Alias => is_host_name("-", clean).then(|| without_dot(clean)),
        Name::Nserver => name_server(clean).map(|(host, glue)| name_server_text(host, glue)),
        Name::DsRdata => ds_record(clean)
            .map(|(tag, algorithm, kind, digest)| format!("{tag} {algorithm} {kind} {digest}")),
        Name::Source => upper_case(Syntax::Source, class, clean),
        Name::Status => upper_case(Syntax::Status, class, clean),
        _ => None,
    }
}

fn without_dot(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_owned()
}

/// The host without its dot and the address without a prefix length.
fn name_server_text(host: &str, glue: Option<Block>) -> String {
    let mut text = without_dot(host);
    if let Some(prefix) = glue.and_then(Block::prefix) {
        let written = match prefix.address() {
            std::net::IpAddr::V4(address) => write!(text, " {address}"),
            std::net::IpAddr::V6(address) => write!(text, " {}", ipv6_text(address)),
        };
        debug_assert!(written.is_ok(), "a String takes all text");
    }
    text
}

fn upper_case(syntax: Syntax, class: Class, clean: &str) -> Option<String> {
    syntax::check(syntax, class, clean).ok().map(|()| clean.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::zone_block;
    use crate::rpsl::shared;

    fn check(name: Name, class: Class, clean: &str, expected: Option<&str>) {
        assert_eq!(canonical(name, class, clean).as_deref(), expected, "{name}: {clean}");
    }

    #[test]
    fn rewrites_what_the_registry_rewrites() {
        let digest = "6BD2B443AD9FB5814AE31DA78819472875B28030";
        let spaced = "18504 010 1 (6BD2B443AD9FB5814AE31 DA78819472875B28030 )";
        check(Name::DsRdata, Class::Domain, spaced, Some(&format!("18504 10 1 {digest}")));
        check(Name::Domain, Class::Domain, "8.B.D.0.1.0.0.2.IP6.ARPA.", Some("8.B.D.0.1.0.0.2.IP6.ARPA"));
        check(Name::Alias, Class::InetRtr, "r1.example.net.", Some("r1.example.net"));
        check(Name::Source, Class::Route, "ripe", Some("RIPE"));
        check(Name::Status, Class::Inet6num, "assigned", Some("ASSIGNED"));
        check(Name::Status, Class::Inet6num, "assigned pa", None);
        check(Name::MntBy, Class::Inet6num, "example-mnt", None);
    }

    #[test]
    fn spells_every_value_as_the_registry_does() {
        let Some(vectors) = shared::json("registry/vectors/values.json") else { return };
        let mut checked = 0;
        let mut each = |group: &str, name: Name, class: Class, field: &str| {
            for vector in vectors[group].as_array().unwrap() {
                check(name, class, vector["in"].as_str().unwrap(), vector[field].as_str());
                checked += 1;
            }
        };
        each("ipv6", Name::Route6, Class::Route6, "out");
        each("ipv6", Name::Inet6num, Class::Inet6num, "out");
        each("ipv4", Name::Inetnum, Class::Inetnum, "inetnum");
        each("ipv4", Name::Route, Class::Route, "route");
        each("nserver", Name::Nserver, Class::Domain, "out");
        for vector in vectors["domain"].as_array().unwrap() {
            let zone = vector["in"].as_str().unwrap();
            let block = zone_block(zone).map(Block::prefix_text);
            assert_eq!(block.as_deref(), vector["reverse"].as_str(), "{zone}");
            assert_eq!(canonical(Name::Domain, Class::Domain, zone).is_some(), block.is_some(), "{zone}");
            checked += 1;
        }
        assert!(checked > 600, "only {checked} values checked");
    }
}
