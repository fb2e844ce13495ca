//! Reverse zones: one zone per block, name servers with glue where they need it.

use super::{
    super::{CREATE, Case, Message, Rule, WRITE, maintainers},
    hierarchy::{crossing, interval, length},
};
use crate::{
    net::{Block, Family},
    registered::Known,
    rpsl::{Attribute, Class, Name, Object},
};

const DOMAIN: &[Class] = &[Class::Domain];

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "domain-overlap",
        source: "domain.DomainIntersectionValidator",
        says: "a reverse zone overlaps no other",
        classes: DOMAIN,
        kinds: CREATE,
        check: none_across,
        remedy: "choose a range of addresses that no other zone overlaps",
    },
    Rule {
        name: "domain-enum",
        source: "domain.EnumDomainAuthorisationValidator",
        says: "ENUM zones are made by the RIPE NCC",
        classes: DOMAIN,
        kinds: CREATE,
        check: enum_authority,
        remedy: "ENUM zones are made by the RIPE NCC (enum-request@ripe.net)",
    },
    Rule {
        name: "domain-hierarchy",
        source: "domain.IpDomainUniqueHierarchyValidator",
        says: "a reverse zone stands neither above nor below another",
        classes: DOMAIN,
        kinds: CREATE,
        check: none_above_or_below,
        remedy: "space is delegated on one level only: change the zone that exists, or ask its holder to delegate in its name servers",
    },
    Rule {
        name: "domain-nserver",
        source: "domain.NServerValidator",
        says: "a name server inside the zone has an address, one outside has none",
        classes: DOMAIN,
        kinds: WRITE,
        check: name_servers,
        remedy: "write an address behind a name server inside the zone, and none behind one outside",
    },
];

fn none_across(case: &Case) -> Known<Vec<Message>> {
    let Some(block) = case.after.block() else { return Ok(Vec::new()) };
    let crossing = crossing(case, Class::Domain, block)?;
    let said = crossing.map(|other| Message::error("This domain overlaps with %s").arg(other.key().text()));
    Ok(said.into_iter().collect())
}

fn is_enum(case: &Case) -> bool {
    case.after.key().text().to_ascii_lowercase().ends_with(".e164.arpa")
}

fn enum_authority(case: &Case) -> Known<Vec<Message>> {
    if !is_enum(case) || case.proves_any(maintainers::ENUM)? {
        return Ok(Vec::new());
    }
    Ok(vec![Message::error("Creating enum domain requires administrative authorisation")])
}

fn none_above_or_below(case: &Case) -> Known<Vec<Message>> {
    let Some(block) = case.after.block() else { return Ok(Vec::new()) };
    let above = case.world.less_specific(Class::Domain, block)?.into_iter().flatten().next();
    let said = if let Some(above) = above {
        in_the_way(above, "Existing less specific domain object found %s")
    } else {
        let below = case.world.children(Class::Domain, block)?.into_iter().next();
        below.and_then(|below| in_the_way(below, "Existing more specific domain object found %s"))
    };
    Ok(said.into_iter().collect())
}

/// The refusal because of a zone of the same line, of which the registry shows the addresses alone.
fn in_the_way(zone: &Object, text: &'static str) -> Option<Message> {
    let holder = zone.values(Name::MntBy).join(", ");
    let remedy = format!(
        "{} of {holder} is in the way, and space is delegated on one level only: change that zone, or ask its holder \
         to delegate in its name servers",
        zone.key()
    );
    Some(Message::error(text).arg(interval(zone.block()?)).remedy(remedy))
}

fn name_servers(case: &Case) -> Known<Vec<Message>> {
    let zone = case.after.key();
    let check = |attribute: Attribute| -> Vec<Message> {
        let value = attribute.value();
        let (host, glue) =
            value.split_once(' ').map_or((value.as_str(), None), |(host, glue)| (host, Some(glue)));
        let inside = is_inside(host, zone.text());
        let found = [ripe_server(case, attribute), glue_of(case, inside, glue, zone.text())];
        found.into_iter().flatten().map(|message| message.on(attribute)).collect()
    };
    Ok(case.after.all(Name::Nserver).flat_map(check).collect())
}

/// What is wrong with a name server's address or its absence.
fn glue_of(case: &Case, inside: bool, glue: Option<&str>, zone: &str) -> Option<Message> {
    match (inside, glue) {
        (true, None) => Some(Message::error("Glue record is mandatory if hostname ends with %s").arg(zone)),
        (false, Some(glue)) if is_enum(case) => {
            let address = Block::parse(glue).map_or_else(|| glue.to_owned(), interval);
            Some(Message::error("Enum domain has invalid glue %s").arg(address))
        }
        (false, Some(_)) => {
            Some(Message::error("Glue records only allowed if hostname ends with %s").arg(zone))
        }
        (true, Some(_)) | (false, None) => None,
    }
}

/// The RIPE NCC's own name server is for blocks of one size only.
fn ripe_server(case: &Case, attribute: Attribute) -> Option<Message> {
    let block = case.after.block()?;
    let wanted = match block.family() {
        Family::V4 => 16,
        Family::V6 => 32,
    };
    let text = "Prefix length must be /16 for IPv4 or /32 for IPv6 if ns.ripe.net is used as a nameserver.";
    let is_ripe = attribute.raw.trim().eq_ignore_ascii_case("ns.ripe.net");
    (is_ripe && length(block) != wanted).then(|| Message::error(text))
}

/// Whether a name server is in the zone. In a zone with a range of last octets (RFC 2317) its last number counts.
fn is_inside(host: &str, zone: &str) -> bool {
    let (host, zone) = (host.to_ascii_lowercase(), zone.to_ascii_lowercase());
    let range = zone.split_once('.').and_then(|(first, rest)| Some((first.split_once('-')?, rest)));
    let Some(((from, to), rest)) = range.filter(|_| zone.ends_with(".in-addr.arpa")) else {
        return host.ends_with(&zone);
    };
    let Some(head) = host.strip_suffix(rest).and_then(|head| head.strip_suffix('.')) else { return false };
    // The registry takes the last digit alone: what is before it may be anything.
    let last = head.chars().next_back().and_then(|digit| digit.to_digit(10));
    let read = |text: &str| text.parse::<u32>().ok();
    match (last, read(from), read(to)) {
        (Some(last), Some(from), Some(to)) => (from..=to).contains(&last),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_server_is_inside_its_zone() {
        let check = |host: &str, zone: &str, expected: bool| {
            assert_eq!(is_inside(host, zone), expected, "{host} {zone}");
        };
        check("ns1.2.0.192.in-addr.arpa", "2.0.192.in-addr.arpa", true);
        check("NS1.2.0.192.IN-ADDR.arpa", "2.0.192.in-addr.arpa", true);
        check("ns1.example.net", "2.0.192.in-addr.arpa", false);
        check("5.2.0.192.in-addr.arpa", "0-7.2.0.192.in-addr.arpa", true);
        check("9.2.0.192.in-addr.arpa", "0-7.2.0.192.in-addr.arpa", false);
        check("ns.2.0.192.in-addr.arpa", "0-7.2.0.192.in-addr.arpa", false);
    }
}
