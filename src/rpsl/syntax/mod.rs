//! What the values of each attribute look like.
//!
//! [`check`] is the way in. Whether a well-formed value also exists, fits the rest of the object or may be
//! used is not decided here: that is what the rules of the registry do. The grammars of routing policy are in
//! [`crate::rpsl::policy`].

mod address;
mod contact;
mod names;
mod text;
mod tld;
mod uri;
mod values;

pub use address::is_prefix_range;
pub(super) use address::{block, ds_record, name_server};

use super::{
    policy::{self, Grammar},
    schema::{Class, Syntax},
};
use crate::net::{Asn, Family};

/// A value that does not have the form that its attribute demands.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected {expected}")]
pub struct SyntaxError {
    /// What a value looks like, for people: "a nic-hdl such as `AB1-RIPE` or `AUTO-1`".
    pub expected: String,
}

/// Checks one clean value: without comment, white space folded, ends trimmed; one element of a list.
///
/// `class` is the class of the object, where the syntax depends on it.
pub fn check(syntax: Syntax, class: Class, value: &str) -> Result<(), SyntaxError> {
    if let Some(grammar) = policy_grammar(syntax, class) {
        return policy::check(grammar, value).map_err(|error| SyntaxError { expected: error.expected });
    }
    let (holds, expected) = form(syntax, class, value);
    if holds { Ok(()) } else { Err(SyntaxError { expected }) }
}

/// The grammar of a syntax that is one of routing policy.
#[rustfmt::skip]
fn policy_grammar(syntax: Syntax, class: Class) -> Option<Grammar> {
    use Syntax as S;
    let family = if class == Class::Route6 { Family::V6 } else { Family::V4 };
    Some(match syntax {
        S::Import => Grammar::Import, S::Export => Grammar::Export, S::Default => Grammar::Default,
        S::MpImport => Grammar::MpImport, S::MpExport => Grammar::MpExport, S::MpDefault => Grammar::MpDefault,
        S::ImportVia => Grammar::ImportVia, S::ExportVia => Grammar::ExportVia,
        S::Filter => Grammar::Filter, S::MpFilter => Grammar::MpFilter,
        S::Peering => Grammar::Peering, S::MpPeering => Grammar::MpPeering,
        S::AggrBndry => Grammar::AggrBndry, S::AggrMtd => Grammar::AggrMtd,
        S::Components => Grammar::Components(family), S::ExportComps => Grammar::ExportComps(family),
        S::Inject => Grammar::Inject(family), S::Ifaddr => Grammar::Ifaddr, S::Interface => Grammar::Interface,
        S::Peer => Grammar::Peer, S::MpPeer => Grammar::MpPeer,
        _ => return None,
    })
}

/// Whether the value has the form of the syntax, and what that form is.
#[rustfmt::skip]
fn form(syntax: Syntax, class: Class, value: &str) -> (bool, String) {
    use Syntax as S;
    let (holds, expected) = match syntax {
        S::Alias => (address::is_host_name("-", value), "a host name such as `r1.example.net`"),
        S::AsBlock => (address::is_as_block(value), "two AS numbers such as `AS64500 - AS64511`"),
        S::AsNumber => (value.parse::<Asn>().is_ok(), "an AS number such as `AS64500`"),
        S::AsSet => (names::is_set_name("AS-", value), "an as-set such as `AS64500:AS-EXAMPLE`"),
        S::AuthScheme => (names::is_credential(value), "`SSO user@example.net`, `PGPKEY-1A2B3C4D` or `X509-1`"),
        S::Changed => (values::is_changed(value), "`user@example.net 20240131`"),
        S::Contact => (uri::is_uri(value), "a URI such as `https://signal.me/#p/+31205354444`"),
        S::CountryCode => (values::is_two_letters(value), "a country code of two letters such as `NL`"),
        S::Domain => (address::is_zone(value), "a zone such as `2.0.192.in-addr.arpa` or `8.b.d.0.1.0.0.2.ip6.arpa`"),
        S::DsRdata => (ds_record(value).is_some(), "key tag, algorithm, digest type and digest of a DS record"),
        S::Email => (contact::is_email(value), "a mail address such as `noc@example.net`"),
        S::FilterSet => (names::is_set_name("FLTR-", value), "a filter-set such as `AS64500:FLTR-EXAMPLE`"),
        S::Geofeed | S::Prefixlen => (uri::is_public_url(value), "a URL such as `https://example.net/geofeed.csv`"),
        S::Geoloc => (values::is_location(value), "latitude and longitude in degrees such as `52.37 4.89`"),
        S::InetRtr => (address::is_host_name("-_", value), "the host name of a router such as `r1.example.net`"),
        S::Irt => (names::is_prefixed("IRT-", value), "the name of an irt such as `IRT-EXAMPLE`"),
        S::KeyCert => (names::is_key(value), "`PGPKEY-1A2B3C4D`, `X509-1` or `AUTO-1`"),
        S::LanguageCode => (values::is_two_letters(value), "a language code of two letters such as `en`"),
        S::MntRoutes => (address::is_mnt_routes(value), "a maintainer, perhaps with `ANY` or `{192.0.2.0/24^+}`"),
        S::Netname => (names::is_netname(value), "a name such as `EXAMPLE-NET`"),
        S::NicHandle => (names::is_nic_handle(value), "a nic-hdl such as `AB1-RIPE` or `AUTO-1`"),
        S::Nserver => (name_server(value).is_some(), "a name server such as `ns1.example.net`, perhaps with one address"),
        S::Number => (text::only(value, text::is_digit), "a number"),
        S::ObjectName => (names::is_object_name(value), "a name of 2 to 80 characters such as `EXAMPLE-MNT`"),
        S::OrgName => (names::is_organisation_name(value), "up to 30 words of ASCII letters, digits and ][._\"*()@,&:!'`+/-"),
        S::Organisation => (names::is_organisation(value), "an organisation such as `ORG-EX1-RIPE` or `AUTO-1`"),
        S::PeeringSet => (names::is_set_name("PRNG-", value), "a peering-set such as `AS64500:PRNG-EXAMPLE`"),
        S::PersonRoleName => (names::is_person_name(value), "a name of 2 to 10 words of ASCII letters such as `Ann Example`"),
        S::Phone => (contact::is_phone(value), "a number of at most 30 characters such as `+31 20 535 4444 ext. 12`"),
        S::Pingable => (address::is_address(value), "one address such as `192.0.2.1` or `2001:db8::1`"),
        S::Poem => (names::is_poem_name("POEM-", value), "the name of a poem such as `POEM-SPRING`"),
        S::PoeticForm => (names::is_poem_name("FORM-", value), "the name of a form such as `FORM-HAIKU`"),
        S::RouteSet => (names::is_set_name("RS-", value), "a route-set such as `AS64500:RS-EXAMPLE`"),
        S::RtrSet => (names::is_set_name("RTRS-", value), "a rtr-set such as `AS64500:RTRS-EXAMPLE`"),
        S::Source => (names::is_source(value), "the name of a registry such as `RIPE`"),
        S::Ipv4 => (address::is_block(Family::V4, value), "IPv4 addresses such as `192.0.2.0 - 192.0.2.255`"),
        S::Ipv6 => (address::is_block(Family::V6, value), "an IPv6 prefix such as `2001:db8::/32`"),
        S::Route => (address::is_route(Family::V4, value), "an IPv4 prefix without host bits such as `192.0.2.0/24`"),
        S::Route6 => (address::is_route(Family::V6, value), "an IPv6 prefix such as `2001:db8::/32`"),
        S::Holes if class == Class::Route6 => return form(S::Ipv6, class, value),
        S::Holes => return form(S::Ipv4, class, value),
        S::OrgType => return one_of(values::ORGANISATION_TYPES, value),
        S::Status => return one_of(values::statuses(class), value),
        S::MemberOf => return form(set_of(class), class, value),
        S::Members => return member(class, &[Family::V4], value),
        S::MpMembers => return member(class, &[Family::V4, Family::V6], value),
        _ => (true, ""),
    };
    (holds, expected.to_owned())
}

fn one_of(words: &[&str], value: &str) -> (bool, String) {
    (values::is_one_of(words, value), format!("one of {}", words.join(", ")))
}

/// The sets that an object of `class` may join.
fn set_of(class: Class) -> Syntax {
    match class {
        Class::AutNum => Syntax::AsSet,
        Class::InetRtr => Syntax::RtrSet,
        _ => Syntax::RouteSet,
    }
}

/// Whether `value` may be a member of a set of `class`, with addresses of `families`.
fn member(class: Class, families: &[Family], value: &str) -> (bool, String) {
    let (holds, expected) = match class {
        Class::AsSet => (address::is_as_set_member(value), "an AS number or an as-set"),
        Class::RtrSet => (
            address::is_rtr_set_member(families, value),
            "the host name of a router, a rtr-set or an address",
        ),
        _ => (
            address::is_route_set_member(families, value),
            "a prefix such as `192.0.2.0/24^+`, an AS number, an as-set or a route-set",
        ),
    };
    (holds, expected.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::schema::Name;

    #[test]
    fn accepts_what_the_registry_accepts() {
        let Some(vectors) = crate::rpsl::shared::json("registry/vectors/syntax.json") else { return };
        let (mut checked, mut wrong) = (0, Vec::new());
        for vector in vectors.as_array().unwrap() {
            let text = |field: &str| vector[field].as_str().unwrap();
            let (class, name) =
                (Class::from_text(text("type")).unwrap(), Name::from_text(text("attribute")).unwrap());
            checked += 1;
            if check(name.row().syntax, class, text("value")).is_ok() != vector["valid"].as_bool().unwrap() {
                wrong.push(vector.to_string());
            }
        }
        assert!(wrong.is_empty(), "{} of {checked}:\n{}", wrong.len(), wrong.join("\n"));
        assert!(checked > 1000, "only {checked} values checked");
    }
}
