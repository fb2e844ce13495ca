//! The 106 attributes of the RIPE Database, one row each: what is the same in every class.
//!
//! Source: the server's `AttributeType` (RIPE-NCC/whois 1.125), as listed in the RIPE Database documentation.

use super::{Class, Syntax, class::Class as C};

/// The name of an attribute that the registry knows.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Name {
    /// `abuse-c`: nic-hdl of the role that receives abuse reports; that role must carry abuse-mailbox.
    AbuseC,
    /// `abuse-mailbox`: Mail address for abuse reports; only in role.
    AbuseMailbox,
    /// `address`: One line of postal address per attribute.
    Address,
    /// `admin-c`: nic-hdl of the administrative contact (person or role).
    AdminC,
    /// `aggr-bndry`: AS expression that bounds where the aggregate is formed.
    AggrBndry,
    /// `aggr-mtd`: How the aggregate route is generated (inbound or outbound).
    AggrMtd,
    /// `alias`: Canonical DNS name of the router.
    Alias,
    /// `as-block`: The range of AS numbers, such as `AS64500 - AS64511`.
    AsBlock,
    /// `as-name`: Short symbolic name of the AS.
    AsName,
    /// `as-set`: Name of the set.
    AsSet,
    /// `assignment-size`: Prefix length of every assignment below an AGGREGATED-BY-LIR block.
    AssignmentSize,
    /// `aut-num`: The AS number.
    AutNum,
    /// `auth`: One credential: SSO account, PGPKEY-id or X509-id (MD5 hashes are refused since 1.121).
    Auth,
    /// `author`: nic-hdl of the poem's author.
    Author,
    /// `certif`: The key material, one armoured line per attribute or with continuation lines.
    Certif,
    /// `changed`: Obsolete; removed by the server with a warning.
    Changed,
    /// `components`: Component routes that form the aggregate.
    Components,
    /// `contact`: URI of a messaging contact (NWI-20); any URI with a scheme, unknown kinds get a warning.
    Contact,
    /// `country`: ISO 3166 two-letter country code or EU.
    Country,
    /// `created`: Creation time, server generated.
    Created,
    /// `default`: Default routing policy (IPv4).
    Default,
    /// `descr`: Free description; may hold UTF-8.
    Descr,
    /// `domain`: Fully qualified reverse or ENUM domain without trailing dot.
    Domain,
    /// `ds-rdata`: DS record data of the delegated zone.
    DsRdata,
    /// `e-mail`: Contact mail address.
    EMail,
    /// `encryption`: key-cert used to encrypt mail to the team.
    Encryption,
    /// `export`: Export policy (IPv4 unicast).
    Export,
    /// `export-comps`: Filter of component routes to export beside the aggregate.
    ExportComps,
    /// `export-via`: Export policy towards a non-adjacent network.
    ExportVia,
    /// `fax-no`: Fax number.
    FaxNo,
    /// `filter`: The set's filter (IPv4).
    Filter,
    /// `filter-set`: Name of the filter set.
    FilterSet,
    /// `fingerpr`: Key fingerprint, server generated.
    Fingerpr,
    /// `form`: The poetic form of the poem.
    Form,
    /// `geofeed`: https URL of an RFC 8805 geolocation CSV.
    Geofeed,
    /// `geoloc`: Latitude and longitude in decimal degrees.
    Geoloc,
    /// `holes`: Prefixes inside the route that are not reachable through it.
    Holes,
    /// `ifaddr`: IPv4 interface address of the router.
    Ifaddr,
    /// `import`: Import policy (IPv4 unicast).
    Import,
    /// `import-via`: Import policy from a non-adjacent network.
    ImportVia,
    /// `inet-rtr`: DNS name of the router.
    InetRtr,
    /// `inet6num`: IPv6 prefix.
    Inet6num,
    /// `inetnum`: IPv4 range, first and last address.
    Inetnum,
    /// `inject`: Routers that perform the aggregation and when.
    Inject,
    /// `interface`: Multiprotocol interface address.
    Interface,
    /// `irt`: Name of the irt, starts with IRT-.
    Irt,
    /// `irt-nfy`: Mail address told when a reference to the irt is added or removed.
    IrtNfy,
    /// `key-cert`: Id of the key: PGPKEY-xxxxxxxx or X509-n.
    KeyCert,
    /// `language`: ISO 639-1 language code.
    Language,
    /// `last-modified`: Time of last change, server generated.
    LastModified,
    /// `local-as`: AS that operates the router.
    LocalAs,
    /// `mbrs-by-ref`: Maintainers whose objects may join the set by member-of, or ANY.
    MbrsByRef,
    /// `member-of`: Sets this object claims to be in; must be allowed by the set's mbrs-by-ref.
    MemberOf,
    /// `members`: Explicit members of the set; not checked for existence.
    Members,
    /// `method`: Kind of key (PGP or X509), server generated.
    Method,
    /// `mnt-by`: Maintainers that may change or delete this object.
    MntBy,
    /// `mnt-domains`: Maintainers that may create reverse domains for this space.
    MntDomains,
    /// `mnt-irt`: irt responsible for this space; adding it needs the irt's own auth.
    MntIrt,
    /// `mnt-lower`: Maintainers that may create objects one level below.
    MntLower,
    /// `mnt-nfy`: Mail address told when an object maintained by this mntner changes.
    MntNfy,
    /// `mnt-ref`: Maintainers that must agree when another object starts to reference this one.
    MntRef,
    /// `mnt-routes`: Maintainer that may create routes here, optionally limited to a prefix list or ANY.
    MntRoutes,
    /// `mntner`: Name of the maintainer; new ones must end in -MNT.
    Mntner,
    /// `mp-default`: Multiprotocol default policy.
    MpDefault,
    /// `mp-export`: Multiprotocol export policy.
    MpExport,
    /// `mp-filter`: Multiprotocol filter.
    MpFilter,
    /// `mp-import`: Multiprotocol import policy.
    MpImport,
    /// `mp-members`: Members of the set, IPv4 or IPv6.
    MpMembers,
    /// `mp-peer`: Multiprotocol peering details.
    MpPeer,
    /// `mp-peering`: Multiprotocol peering.
    MpPeering,
    /// `netname`: Short symbolic name of the network.
    Netname,
    /// `nic-hdl`: Handle of the contact; AUTO-n lets the server choose.
    NicHdl,
    /// `notify`: Mail address told when this object changes.
    Notify,
    /// `nserver`: Name server of the zone, with glue only when inside the zone.
    Nserver,
    /// `org`: organisation that holds the resource or that the object belongs to.
    Org,
    /// `org-name`: Name of the organisation (ASCII, look-up key).
    OrgName,
    /// `org-type`: what kind of organisation it is; users may only set OTHER.
    OrgType,
    /// `organisation`: Id ORG-XXn-RIPE; on creation it must be AUTO-n.
    Organisation,
    /// `origin`: AS that originates the route.
    Origin,
    /// `owner`: User ids of the key, server generated.
    Owner,
    /// `peer`: Router peering details (IPv4).
    Peer,
    /// `peering`: A peering.
    Peering,
    /// `peering-set`: Name of the peering set.
    PeeringSet,
    /// `person`: Full name of the person.
    Person,
    /// `phone`: Telephone number in international form.
    Phone,
    /// `ping-hdl`: Contact for the pingable address.
    PingHdl,
    /// `pingable`: Address inside the route that answers pings.
    Pingable,
    /// `poem`: Key of the poem.
    Poem,
    /// `poetic-form`: Key of the poetic form.
    PoeticForm,
    /// `prefixlen`: https URL of a CSV with prefix-length metadata.
    Prefixlen,
    /// `ref-nfy`: Mail address told when a reference to the organisation is added or removed.
    RefNfy,
    /// `reg-nr`: Registration number of the organisation, RIPE NCC only.
    RegNr,
    /// `remarks`: Free remark; may hold UTF-8.
    Remarks,
    /// `role`: Name of the role.
    Role,
    /// `route`: IPv4 prefix.
    Route,
    /// `route-set`: Name of the route set.
    RouteSet,
    /// `route6`: IPv6 prefix.
    Route6,
    /// `rtr-set`: Name of the router set.
    RtrSet,
    /// `signature`: key-cert the team signs with.
    Signature,
    /// `source`: Registry: RIPE or RIPE-NONAUTH (TEST / TEST-NONAUTH in the test database).
    Source,
    /// `sponsoring-org`: LIR that sponsors the end-user resource, RIPE NCC only.
    SponsoringOrg,
    /// `status`: Registration status of the resource.
    Status,
    /// `tech-c`: nic-hdl of the technical contact (person or role).
    TechC,
    /// `text`: Line of the poem.
    Text,
    /// `upd-to`: Mail address told when an update is refused for lack of authorisation.
    UpdTo,
    /// `zone-c`: nic-hdl of the zone contact.
    ZoneC,
}

/// What holds for an attribute in every class that has it.
#[derive(Debug)]
pub struct Attribute {
    /// The name, which the variant stands for.
    pub name: Name,
    /// The name as printed.
    pub text: &'static str,
    /// The short form, which the registry accepts and replaces.
    pub short: &'static str,
    /// What its values look like.
    pub syntax: Syntax,
    /// Whether a value is a list with commas.
    pub list: bool,
    /// The classes of objects that its values name.
    pub references: &'static [Class],
}

const fn row(name: Name, text: &'static str, short: &'static str, syntax: Syntax) -> Attribute {
    Attribute { name, text, short, syntax, list: false, references: &[] }
}

impl Attribute {
    const fn list(self) -> Attribute {
        Attribute { list: true, ..self }
    }

    const fn to(self, references: &'static [Class]) -> Attribute {
        Attribute { references, ..self }
    }
}

use Name as N;
use Syntax as S;

/// Every attribute, in the order of [`Name`].
#[rustfmt::skip]
pub const ATTRIBUTES: [Attribute; 106] = [
    row(N::AbuseC, "abuse-c", "au", S::NicHandle).to(&[C::Role]),
    row(N::AbuseMailbox, "abuse-mailbox", "am", S::Email),
    row(N::Address, "address", "ad", S::FreeForm),
    row(N::AdminC, "admin-c", "ac", S::NicHandle).to(&[C::Person, C::Role]),
    row(N::AggrBndry, "aggr-bndry", "ab", S::AggrBndry),
    row(N::AggrMtd, "aggr-mtd", "ag", S::AggrMtd),
    row(N::Alias, "alias", "az", S::Alias),
    row(N::AsBlock, "as-block", "ak", S::AsBlock),
    row(N::AsName, "as-name", "aa", S::ObjectName),
    row(N::AsSet, "as-set", "as", S::AsSet),
    row(N::AssignmentSize, "assignment-size", "ae", S::Number),
    row(N::AutNum, "aut-num", "an", S::AsNumber),
    row(N::Auth, "auth", "at", S::AuthScheme).to(&[C::KeyCert]),
    row(N::Author, "author", "ah", S::NicHandle).to(&[C::Person, C::Role]),
    row(N::Certif, "certif", "ce", S::Certif),
    row(N::Changed, "changed", "ch", S::Changed),
    row(N::Components, "components", "co", S::Components),
    row(N::Contact, "contact", "con", S::Contact),
    row(N::Country, "country", "cy", S::CountryCode),
    row(N::Created, "created", "cr", S::Generated),
    row(N::Default, "default", "df", S::Default),
    row(N::Descr, "descr", "de", S::FreeForm),
    row(N::Domain, "domain", "dn", S::Domain),
    row(N::DsRdata, "ds-rdata", "ds", S::DsRdata),
    row(N::EMail, "e-mail", "em", S::Email),
    row(N::Encryption, "encryption", "en", S::KeyCert).to(&[C::KeyCert]),
    row(N::Export, "export", "ex", S::Export),
    row(N::ExportComps, "export-comps", "ec", S::ExportComps),
    row(N::ExportVia, "export-via", "ev", S::ExportVia),
    row(N::FaxNo, "fax-no", "fx", S::Phone),
    row(N::Filter, "filter", "fi", S::Filter),
    row(N::FilterSet, "filter-set", "fs", S::FilterSet),
    row(N::Fingerpr, "fingerpr", "fp", S::Generated),
    row(N::Form, "form", "fr", S::PoeticForm).list().to(&[C::PoeticForm]),
    row(N::Geofeed, "geofeed", "gf", S::Geofeed),
    row(N::Geoloc, "geoloc", "gl", S::Geoloc),
    row(N::Holes, "holes", "ho", S::Holes).list(),
    row(N::Ifaddr, "ifaddr", "if", S::Ifaddr),
    row(N::Import, "import", "ip", S::Import),
    row(N::ImportVia, "import-via", "iv", S::ImportVia),
    row(N::InetRtr, "inet-rtr", "ir", S::InetRtr),
    row(N::Inet6num, "inet6num", "i6", S::Ipv6),
    row(N::Inetnum, "inetnum", "in", S::Ipv4),
    row(N::Inject, "inject", "ij", S::Inject),
    row(N::Interface, "interface", "ie", S::Interface),
    row(N::Irt, "irt", "it", S::Irt),
    row(N::IrtNfy, "irt-nfy", "iy", S::Email),
    row(N::KeyCert, "key-cert", "kc", S::KeyCert),
    row(N::Language, "language", "ln", S::LanguageCode),
    row(N::LastModified, "last-modified", "lm", S::Generated),
    row(N::LocalAs, "local-as", "la", S::AsNumber),
    row(N::MbrsByRef, "mbrs-by-ref", "mr", S::MbrsByRef).list().to(&[C::Mntner]),
    row(N::MemberOf, "member-of", "mo", S::MemberOf).list().to(&[C::AsSet, C::RouteSet, C::RtrSet]),
    row(N::Members, "members", "ms", S::Members).list(),
    row(N::Method, "method", "mh", S::Method),
    row(N::MntBy, "mnt-by", "mb", S::ObjectName).list().to(&[C::Mntner]),
    row(N::MntDomains, "mnt-domains", "md", S::ObjectName).list().to(&[C::Mntner]),
    row(N::MntIrt, "mnt-irt", "mi", S::Irt).list().to(&[C::Irt]),
    row(N::MntLower, "mnt-lower", "ml", S::ObjectName).list().to(&[C::Mntner]),
    row(N::MntNfy, "mnt-nfy", "mn", S::Email),
    row(N::MntRef, "mnt-ref", "mz", S::ObjectName).list().to(&[C::Mntner]),
    row(N::MntRoutes, "mnt-routes", "mu", S::MntRoutes).to(&[C::Mntner]),
    row(N::Mntner, "mntner", "mt", S::ObjectName),
    row(N::MpDefault, "mp-default", "ma", S::MpDefault),
    row(N::MpExport, "mp-export", "me", S::MpExport),
    row(N::MpFilter, "mp-filter", "mf", S::MpFilter),
    row(N::MpImport, "mp-import", "my", S::MpImport),
    row(N::MpMembers, "mp-members", "mm", S::MpMembers).list(),
    row(N::MpPeer, "mp-peer", "mp", S::MpPeer),
    row(N::MpPeering, "mp-peering", "mg", S::MpPeering),
    row(N::Netname, "netname", "na", S::Netname),
    row(N::NicHdl, "nic-hdl", "nh", S::NicHandle),
    row(N::Notify, "notify", "ny", S::Email),
    row(N::Nserver, "nserver", "ns", S::Nserver),
    row(N::Org, "org", "og", S::Organisation).to(&[C::Organisation]),
    row(N::OrgName, "org-name", "on", S::OrgName),
    row(N::OrgType, "org-type", "ot", S::OrgType),
    row(N::Organisation, "organisation", "oa", S::Organisation),
    row(N::Origin, "origin", "or", S::AsNumber),
    row(N::Owner, "owner", "ow", S::Generated),
    row(N::Peer, "peer", "pe", S::Peer),
    row(N::Peering, "peering", "pg", S::Peering),
    row(N::PeeringSet, "peering-set", "ps", S::PeeringSet),
    row(N::Person, "person", "pn", S::PersonRoleName),
    row(N::Phone, "phone", "ph", S::Phone),
    row(N::PingHdl, "ping-hdl", "pc", S::NicHandle).to(&[C::Person, C::Role]),
    row(N::Pingable, "pingable", "pa", S::Pingable),
    row(N::Poem, "poem", "po", S::Poem),
    row(N::PoeticForm, "poetic-form", "pf", S::PoeticForm),
    row(N::Prefixlen, "prefixlen", "pl", S::Prefixlen),
    row(N::RefNfy, "ref-nfy", "rn", S::Email),
    row(N::RegNr, "reg-nr", "re", S::FreeForm),
    row(N::Remarks, "remarks", "rm", S::FreeForm),
    row(N::Role, "role", "ro", S::OrgName),
    row(N::Route, "route", "rt", S::Route),
    row(N::RouteSet, "route-set", "rs", S::RouteSet),
    row(N::Route6, "route6", "r6", S::Route6),
    row(N::RtrSet, "rtr-set", "is", S::RtrSet),
    row(N::Signature, "signature", "sg", S::KeyCert).to(&[C::KeyCert]),
    row(N::Source, "source", "so", S::Source),
    row(N::SponsoringOrg, "sponsoring-org", "sp", S::Organisation).to(&[C::Organisation]),
    row(N::Status, "status", "st", S::Status),
    row(N::TechC, "tech-c", "tc", S::NicHandle).to(&[C::Person, C::Role]),
    row(N::Text, "text", "tx", S::FreeForm),
    row(N::UpdTo, "upd-to", "dt", S::Email),
    row(N::ZoneC, "zone-c", "zc", S::NicHandle).to(&[C::Person, C::Role]),
];
