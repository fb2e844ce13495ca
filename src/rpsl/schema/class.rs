//! The 21 object classes, each a template: a table of its attributes, from which everything else derives.
//!
//! Source: the server's `ObjectTemplate` (RIPE-NCC/whois 1.125), as `/metadata/templates` prints it.

use super::{Name, Name as N};

/// A class of objects, in the order in which the registry lists them.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Class {
    /// `inetnum`: A range of IPv4 address space.
    Inetnum,
    /// `inet6num`: A block of IPv6 address space.
    Inet6num,
    /// `as-block`: Range of AS numbers delegated to an RIR; only RIPE NCC can create or change it.
    AsBlock,
    /// `aut-num`: An autonomous system with its routing policy; created by RIPE NCC, edited by the holder.
    AutNum,
    /// `as-set`: Named set of AS numbers and other as-sets; new ones must have a hierarchical name (ASN:AS-NAME).
    AsSet,
    /// `route`: An IPv4 prefix announced by an origin AS.
    Route,
    /// `route6`: An IPv6 prefix announced by an origin AS.
    Route6,
    /// `route-set`: Named set of prefixes, routes and other sets.
    RouteSet,
    /// `inet-rtr`: A router, its interfaces and peers.
    InetRtr,
    /// `filter-set`: Named routing policy filter.
    FilterSet,
    /// `peering-set`: Named set of peerings.
    PeeringSet,
    /// `rtr-set`: Named set of routers.
    RtrSet,
    /// `domain`: A reverse DNS delegation (in-addr.arpa, ip6.arpa) or ENUM (e164.arpa) zone.
    Domain,
    /// `poetic-form`: A poem form (only RIPE-DBM-MNT may maintain it).
    PoeticForm,
    /// `poem`: A poem (only LIM-MNT may maintain it).
    Poem,
    /// `mntner`: A maintainer: the set of credentials that may change the objects naming it in mnt-by etc.
    Mntner,
    /// `irt`: A computer security incident response team that can be attached to address space.
    Irt,
    /// `key-cert`: A PGP public key or X.509 certificate used by auth: attributes.
    KeyCert,
    /// `organisation`: A legal or operational organisation holding resources; its id is always server assigned.
    Organisation,
    /// `role`: A team or function contact; also used as the abuse contact.
    Role,
    /// `person`: A natural person contact; its name is look-up data, its nic-hdl is the key.
    Person,
}

/// What the objects of a class are, in the order in which a registry grows: who maintains, contacts, numbers, policy,
/// zones.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Group {
    /// Maintainers.
    Maintainer,
    /// Organisations.
    Organisation,
    /// Persons and roles.
    Contact,
    /// What vouches for somebody: key-cert and irt.
    Credential,
    /// Blocks of AS numbers.
    AsBlock,
    /// Address space: inetnum and inet6num.
    Address,
    /// Routes: route and route6.
    Route,
    /// Autonomous systems.
    AutNum,
    /// Sets, whose names may be hierarchical (RFC 2622 §5).
    Set,
    /// Reverse zones.
    Zone,
    /// All else.
    Other,
}

/// Whether an object must have an attribute.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Requirement {
    /// Structure demands it.
    Mandatory,
    /// It may be left out.
    Optional,
    /// Structure leaves it open; a business rule decides.
    Conditional,
    /// The registry writes it.
    Generated,
}

/// One attribute of a class.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "a row of a table: each column stands for itself")]
pub struct Row {
    /// Which attribute.
    pub name: Name,
    /// Whether it must be there.
    pub requirement: Requirement,
    /// Whether it may be there more than once.
    pub multiple: bool,
    /// Whether it is part of the primary key.
    pub primary: bool,
    /// Whether objects are found by its value.
    pub lookup: bool,
    /// Whether objects are found by `inverse-attribute`.
    pub inverse: bool,
}

/// A class as a table.
#[derive(Debug)]
pub struct Template {
    /// The class.
    pub class: Class,
    /// What its objects are.
    pub group: Group,
    /// Its name, which is that of its first attribute.
    pub text: &'static str,
    /// The short form of its name.
    pub short: &'static str,
    /// The attributes of its primary key, in the order of their concatenation.
    pub key: &'static [Name],
    /// Its attributes in the order in which the registry documents them.
    pub rows: &'static [Row],
}

const fn row(name: Name, requirement: Requirement) -> Row {
    Row { name, requirement, multiple: false, primary: false, lookup: false, inverse: false }
}
const fn mandatory(name: Name) -> Row {
    row(name, Requirement::Mandatory)
}
const fn optional(name: Name) -> Row {
    row(name, Requirement::Optional)
}
const fn conditional(name: Name) -> Row {
    row(name, Requirement::Conditional)
}
const fn generated(name: Name) -> Row {
    row(name, Requirement::Generated)
}

impl Row {
    const fn multiple(self) -> Row {
        Row { multiple: true, ..self }
    }
    const fn primary(self) -> Row {
        Row { primary: true, ..self }
    }
    const fn lookup(self) -> Row {
        Row { lookup: true, ..self }
    }
    const fn inverse(self) -> Row {
        Row { inverse: true, ..self }
    }
}

/// Every class, in the order of [`Class`].
#[rustfmt::skip]
pub const TEMPLATES: [Template; 21] = [
    Template { class: Class::Inetnum, group: Group::Address, text: "inetnum", short: "in", key: &[N::Inetnum], rows: &[
        mandatory(N::Inetnum).primary().lookup(),
        mandatory(N::Netname).lookup(),
        optional(N::Descr).multiple(),
        mandatory(N::Country).multiple(),
        optional(N::Geofeed),
        optional(N::Geoloc),
        optional(N::Prefixlen),
        optional(N::Language).multiple(),
        conditional(N::Org).inverse(),
        conditional(N::SponsoringOrg).inverse(),
        mandatory(N::AdminC).multiple().inverse(),
        mandatory(N::TechC).multiple().inverse(),
        optional(N::AbuseC).inverse(),
        mandatory(N::Status),
        optional(N::AssignmentSize),
        optional(N::Remarks).multiple(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        conditional(N::MntLower).multiple().inverse(),
        optional(N::MntDomains).multiple().inverse(),
        optional(N::MntRoutes).multiple().inverse(),
        optional(N::MntIrt).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::Inet6num, group: Group::Address, text: "inet6num", short: "i6", key: &[N::Inet6num], rows: &[
        mandatory(N::Inet6num).primary().lookup(),
        mandatory(N::Netname).lookup(),
        optional(N::Descr).multiple(),
        mandatory(N::Country).multiple(),
        optional(N::Geofeed),
        optional(N::Geoloc),
        optional(N::Prefixlen),
        optional(N::Language).multiple(),
        conditional(N::Org).inverse(),
        conditional(N::SponsoringOrg).inverse(),
        mandatory(N::AdminC).multiple().inverse(),
        mandatory(N::TechC).multiple().inverse(),
        optional(N::AbuseC).inverse(),
        mandatory(N::Status),
        optional(N::AssignmentSize),
        optional(N::Remarks).multiple(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        conditional(N::MntLower).multiple().inverse(),
        optional(N::MntRoutes).multiple().inverse(),
        optional(N::MntDomains).multiple().inverse(),
        optional(N::MntIrt).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::AsBlock, group: Group::AsBlock, text: "as-block", short: "ak", key: &[N::AsBlock], rows: &[
        mandatory(N::AsBlock).primary().lookup(),
        optional(N::Descr).multiple(),
        optional(N::Remarks).multiple(),
        optional(N::Org).multiple().inverse(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        optional(N::MntLower).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::AutNum, group: Group::AutNum, text: "aut-num", short: "an", key: &[N::AutNum], rows: &[
        mandatory(N::AutNum).primary().lookup(),
        mandatory(N::AsName),
        optional(N::Descr).multiple(),
        optional(N::MemberOf).multiple().inverse(),
        optional(N::ImportVia).multiple(),
        optional(N::Import).multiple(),
        optional(N::MpImport).multiple(),
        optional(N::ExportVia).multiple(),
        optional(N::Export).multiple(),
        optional(N::MpExport).multiple(),
        optional(N::Default).multiple(),
        optional(N::MpDefault).multiple(),
        optional(N::Remarks).multiple(),
        conditional(N::Org).inverse(),
        conditional(N::SponsoringOrg).inverse(),
        mandatory(N::AdminC).multiple().inverse(),
        mandatory(N::TechC).multiple().inverse(),
        optional(N::AbuseC).inverse(),
        generated(N::Status),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::AsSet, group: Group::Set, text: "as-set", short: "as", key: &[N::AsSet], rows: &[
        mandatory(N::AsSet).primary().lookup(),
        optional(N::Descr).multiple(),
        optional(N::Members).multiple(),
        optional(N::MbrsByRef).multiple().inverse(),
        optional(N::Remarks).multiple(),
        optional(N::Org).multiple().inverse(),
        mandatory(N::TechC).multiple().inverse(),
        mandatory(N::AdminC).multiple().inverse(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        optional(N::MntLower).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::Route, group: Group::Route, text: "route", short: "rt", key: &[N::Route, N::Origin], rows: &[
        mandatory(N::Route).primary().lookup(),
        optional(N::Descr).multiple(),
        mandatory(N::Origin).primary().inverse(),
        optional(N::Pingable).multiple(),
        optional(N::PingHdl).multiple().inverse(),
        optional(N::Holes).multiple(),
        optional(N::Org).multiple().inverse(),
        optional(N::MemberOf).multiple().inverse(),
        optional(N::Inject).multiple(),
        optional(N::AggrMtd),
        optional(N::AggrBndry),
        optional(N::ExportComps),
        optional(N::Components),
        optional(N::Remarks).multiple(),
        optional(N::Notify).multiple().inverse(),
        optional(N::MntLower).multiple().inverse(),
        optional(N::MntRoutes).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::Route6, group: Group::Route, text: "route6", short: "r6", key: &[N::Route6, N::Origin], rows: &[
        mandatory(N::Route6).primary().lookup(),
        optional(N::Descr).multiple(),
        mandatory(N::Origin).primary().inverse(),
        optional(N::Pingable).multiple(),
        optional(N::PingHdl).multiple().inverse(),
        optional(N::Holes).multiple(),
        optional(N::Org).multiple().inverse(),
        optional(N::MemberOf).multiple().inverse(),
        optional(N::Inject).multiple(),
        optional(N::AggrMtd),
        optional(N::AggrBndry),
        optional(N::ExportComps),
        optional(N::Components),
        optional(N::Remarks).multiple(),
        optional(N::Notify).multiple().inverse(),
        optional(N::MntLower).multiple().inverse(),
        optional(N::MntRoutes).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::RouteSet, group: Group::Set, text: "route-set", short: "rs", key: &[N::RouteSet], rows: &[
        mandatory(N::RouteSet).primary().lookup(),
        optional(N::Descr).multiple(),
        optional(N::Members).multiple(),
        optional(N::MpMembers).multiple(),
        optional(N::MbrsByRef).multiple().inverse(),
        optional(N::Remarks).multiple(),
        optional(N::Org).multiple().inverse(),
        mandatory(N::TechC).multiple().inverse(),
        mandatory(N::AdminC).multiple().inverse(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        optional(N::MntLower).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::InetRtr, group: Group::Other, text: "inet-rtr", short: "ir", key: &[N::InetRtr], rows: &[
        mandatory(N::InetRtr).primary().lookup(),
        optional(N::Descr).multiple(),
        optional(N::Alias).multiple(),
        mandatory(N::LocalAs).inverse(),
        mandatory(N::Ifaddr).multiple().inverse(),
        optional(N::Interface).multiple(),
        optional(N::Peer).multiple(),
        optional(N::MpPeer).multiple(),
        optional(N::MemberOf).multiple().inverse(),
        optional(N::Remarks).multiple(),
        optional(N::Org).multiple().inverse(),
        mandatory(N::AdminC).multiple().inverse(),
        mandatory(N::TechC).multiple().inverse(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::FilterSet, group: Group::Set, text: "filter-set", short: "fs", key: &[N::FilterSet], rows: &[
        mandatory(N::FilterSet).primary().lookup(),
        optional(N::Descr).multiple(),
        conditional(N::Filter),
        conditional(N::MpFilter),
        optional(N::Remarks).multiple(),
        optional(N::Org).multiple().inverse(),
        mandatory(N::TechC).multiple().inverse(),
        mandatory(N::AdminC).multiple().inverse(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        optional(N::MntLower).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::PeeringSet, group: Group::Set, text: "peering-set", short: "ps", key: &[N::PeeringSet], rows: &[
        mandatory(N::PeeringSet).primary().lookup(),
        optional(N::Descr).multiple(),
        conditional(N::Peering).multiple(),
        conditional(N::MpPeering).multiple(),
        optional(N::Remarks).multiple(),
        optional(N::Org).multiple().inverse(),
        mandatory(N::TechC).multiple().inverse(),
        mandatory(N::AdminC).multiple().inverse(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        optional(N::MntLower).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::RtrSet, group: Group::Set, text: "rtr-set", short: "is", key: &[N::RtrSet], rows: &[
        mandatory(N::RtrSet).primary().lookup(),
        optional(N::Descr).multiple(),
        optional(N::Members).multiple(),
        optional(N::MpMembers).multiple(),
        optional(N::MbrsByRef).multiple().inverse(),
        optional(N::Remarks).multiple(),
        optional(N::Org).multiple().inverse(),
        mandatory(N::TechC).multiple().inverse(),
        mandatory(N::AdminC).multiple().inverse(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        optional(N::MntLower).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::Domain, group: Group::Zone, text: "domain", short: "dn", key: &[N::Domain], rows: &[
        mandatory(N::Domain).primary().lookup(),
        optional(N::Descr).multiple(),
        optional(N::Org).multiple().inverse(),
        mandatory(N::AdminC).multiple().inverse(),
        mandatory(N::TechC).multiple().inverse(),
        mandatory(N::ZoneC).multiple().inverse(),
        mandatory(N::Nserver).multiple().inverse(),
        optional(N::DsRdata).multiple().inverse(),
        optional(N::Remarks).multiple(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::PoeticForm, group: Group::Other, text: "poetic-form", short: "pf", key: &[N::PoeticForm], rows: &[
        mandatory(N::PoeticForm).primary().lookup(),
        optional(N::Descr).multiple(),
        mandatory(N::AdminC).multiple().inverse(),
        optional(N::Remarks).multiple(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::Poem, group: Group::Other, text: "poem", short: "po", key: &[N::Poem], rows: &[
        mandatory(N::Poem).primary().lookup(),
        optional(N::Descr).multiple(),
        mandatory(N::Form).inverse(),
        mandatory(N::Text).multiple(),
        optional(N::Author).multiple().inverse(),
        optional(N::Remarks).multiple(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::Mntner, group: Group::Maintainer, text: "mntner", short: "mt", key: &[N::Mntner], rows: &[
        mandatory(N::Mntner).primary().lookup(),
        optional(N::Descr).multiple(),
        optional(N::Org).multiple().inverse(),
        mandatory(N::AdminC).multiple().inverse(),
        optional(N::TechC).multiple().inverse(),
        mandatory(N::UpdTo).multiple().inverse(),
        optional(N::MntNfy).multiple().inverse(),
        mandatory(N::Auth).multiple().inverse(),
        optional(N::Remarks).multiple(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        optional(N::MntRef).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::Irt, group: Group::Credential, text: "irt", short: "it", key: &[N::Irt], rows: &[
        mandatory(N::Irt).primary().lookup(),
        mandatory(N::Address).multiple(),
        optional(N::Phone).multiple(),
        optional(N::FaxNo).multiple(),
        mandatory(N::EMail).multiple().lookup(),
        optional(N::Signature).multiple(),
        optional(N::Contact).multiple(),
        optional(N::Encryption).multiple(),
        optional(N::Org).multiple().inverse(),
        mandatory(N::AdminC).multiple().inverse(),
        mandatory(N::TechC).multiple().inverse(),
        mandatory(N::Auth).multiple().inverse(),
        optional(N::Remarks).multiple(),
        optional(N::IrtNfy).multiple().inverse(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        optional(N::MntRef).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::KeyCert, group: Group::Credential, text: "key-cert", short: "kc", key: &[N::KeyCert], rows: &[
        mandatory(N::KeyCert).primary().lookup(),
        generated(N::Method),
        generated(N::Owner).multiple(),
        generated(N::Fingerpr).inverse(),
        mandatory(N::Certif).multiple(),
        optional(N::Org).multiple().inverse(),
        optional(N::Remarks).multiple(),
        optional(N::Notify).multiple().inverse(),
        optional(N::AdminC).multiple().inverse(),
        optional(N::TechC).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::Organisation, group: Group::Organisation, text: "organisation", short: "oa", key: &[N::Organisation], rows: &[
        mandatory(N::Organisation).primary().lookup(),
        mandatory(N::OrgName).lookup(),
        mandatory(N::OrgType),
        optional(N::Descr).multiple(),
        optional(N::Remarks).multiple(),
        mandatory(N::Address).multiple(),
        optional(N::Country),
        conditional(N::Phone).multiple(),
        conditional(N::FaxNo).multiple(),
        mandatory(N::EMail).multiple().lookup(),
        optional(N::Contact).multiple(),
        optional(N::Geoloc),
        optional(N::Language).multiple(),
        conditional(N::RegNr),
        optional(N::Org).multiple().inverse(),
        optional(N::AdminC).multiple().inverse(),
        optional(N::TechC).multiple().inverse(),
        conditional(N::AbuseC).inverse(),
        optional(N::RefNfy).multiple().inverse(),
        mandatory(N::MntRef).multiple().inverse(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::Role, group: Group::Contact, text: "role", short: "ro", key: &[N::NicHdl], rows: &[
        mandatory(N::Role).lookup(),
        optional(N::Address).multiple(),
        optional(N::Phone).multiple(),
        optional(N::FaxNo).multiple(),
        mandatory(N::EMail).multiple().lookup(),
        optional(N::Contact).multiple(),
        optional(N::Org).multiple().inverse(),
        optional(N::AdminC).multiple().inverse(),
        optional(N::TechC).multiple().inverse(),
        mandatory(N::NicHdl).primary().lookup(),
        optional(N::Remarks).multiple(),
        optional(N::Notify).multiple().inverse(),
        conditional(N::AbuseMailbox).inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        optional(N::MntRef).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
    Template { class: Class::Person, group: Group::Contact, text: "person", short: "pn", key: &[N::NicHdl], rows: &[
        mandatory(N::Person).lookup(),
        optional(N::Address).multiple(),
        optional(N::Phone).multiple(),
        optional(N::FaxNo).multiple(),
        mandatory(N::EMail).multiple().lookup(),
        optional(N::Contact).multiple(),
        optional(N::Org).multiple().inverse(),
        mandatory(N::NicHdl).primary().lookup(),
        optional(N::Remarks).multiple(),
        optional(N::Notify).multiple().inverse(),
        mandatory(N::MntBy).multiple().inverse(),
        optional(N::MntRef).multiple().inverse(),
        generated(N::Created),
        generated(N::LastModified),
        mandatory(N::Source),
    ] },
];
