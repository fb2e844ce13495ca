//! The one spelling in which the registry stores a value that may be written in several ways.
//!
//! Only the attributes that the registry itself rewrites (rules.md §3, "Sanitised on every update"); all
//! others are stored as they are typed.

use std::fmt::Write;

use super::schema::{Name, TEMPLATES};
use super::syntax::{ds_record, name_server};
use crate::net::{Block, ipv6_text};

/// What the registry makes of a clean value of `name`, before it looks at its syntax (`AttributeSanitizer`).
///
/// `None` if it stores the value as it is typed, and if it cannot read an address in it.
pub fn canonical(name: Name, clean: &str) -> Option<String> {
    match name {
        Name::Inetnum => Block::parse_v4(clean).map(Block::range_text),
        Name::Inet6num | Name::Route6 => Block::parse_v6(clean).map(Block::prefix_text),
        Name::Route => Block::parse_v4(clean).map(Block::prefix_text),
        Name::Domain | Name::InetRtr | Name::Alias => clean.strip_suffix('.').map(str::to_owned),
        Name::Nserver => name_server(clean).map(|(host, glue)| name_server_text(host, glue)),
        Name::DsRdata => ds_record(clean)
            .map(|(tag, algorithm, kind, digest)| format!("{tag} {algorithm} {kind} {digest}")),
        Name::Source | Name::Status => Some(clean.to_uppercase()),
        name if stands_on_one_line(name) => Some(clean.to_owned()),
        _ => None,
    }
}

/// Whether values of `name` are put on one line: those that name objects, in whatever class they stand.
pub fn stands_on_one_line(name: Name) -> bool {
    TEMPLATES.iter().any(|template| {
        template.key.contains(&name) || template.rows.first().is_some_and(|row| row.name == name)
    })
}

/// The host without its dot and the address without a prefix length.
fn name_server_text(host: &str, glue: Option<Block>) -> String {
    let mut text = host.strip_suffix('.').unwrap_or(host).to_owned();
    if let Some(prefix) = glue.and_then(Block::prefix) {
        let written = match prefix.address() {
            std::net::IpAddr::V4(address) => write!(text, " {address}"),
            std::net::IpAddr::V6(address) => write!(text, " {}", ipv6_text(address)),
        };
        debug_assert!(written.is_ok(), "a String takes all text");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::zone_block;
    use crate::rpsl::shared;

    fn check(name: Name, clean: &str, expected: Option<&str>) {
        assert_eq!(canonical(name, clean).as_deref(), expected, "{name}: {clean}");
    }

    #[test]
    fn rewrites_what_the_registry_rewrites() {
        let digest = "6BD2B443AD9FB5814AE31DA78819472875B28030";
        let spaced = "18504 010 1 (6BD2B443AD9FB5814AE31 DA78819472875B28030 )";
        check(Name::DsRdata, spaced, Some(&format!("18504 10 1 {digest}")));
        check(Name::Domain, "8.B.D.0.1.0.0.2.IP6.ARPA.", Some("8.B.D.0.1.0.0.2.IP6.ARPA"));
        check(Name::Domain, "no zone.", Some("no zone"));
        check(Name::Domain, "8.B.D.0.1.0.0.2.IP6.ARPA", None);
        check(Name::InetRtr, "r1.example.net.", Some("r1.example.net"));
        check(Name::Alias, "r1.example.net.", Some("r1.example.net"));
        check(Name::Source, "r!pe", Some("R!PE"));
        check(Name::Status, "assigned", Some("ASSIGNED"));
        check(Name::Status, "no status", Some("NO STATUS"));
        check(Name::Origin, "as1", Some("as1"));
        check(Name::Role, "A B", Some("A B"));
        check(Name::Inetnum, "no addresses", None);
        check(Name::MntBy, "example-mnt", None);
    }

    #[test]
    fn spells_every_value_as_the_registry_does() {
        let Some(vectors) = shared::json("registry/vectors/values.json") else { return };
        let mut checked = 0;
        let mut each = |group: &str, name: Name, field: &str| {
            // The names of zones were interfaces of the machine that made the vectors.
            let named_zone = |vector: &&serde_json::Value| vector["in"].as_str().unwrap().contains("%eth0");
            for vector in vectors[group].as_array().unwrap().iter().filter(|vector| !named_zone(vector)) {
                check(name, vector["in"].as_str().unwrap(), vector[field].as_str());
                checked += 1;
            }
        };
        each("ipv6", Name::Route6, "out");
        each("ipv6", Name::Inet6num, "out");
        each("ipv4", Name::Inetnum, "inetnum");
        each("ipv4", Name::Route, "route");
        each("nserver", Name::Nserver, "out");
        for vector in vectors["domain"].as_array().unwrap() {
            let zone = vector["in"].as_str().unwrap();
            let block = zone_block(zone).map(Block::prefix_text);
            assert_eq!(block.as_deref(), vector["reverse"].as_str(), "{zone}");
            checked += 1;
        }
        assert!(checked > 600, "only {checked} values checked");
    }
}
