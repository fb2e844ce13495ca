//! `[sites]` and `[upstreams]`: where prefixes are announced, and what is asked of them there.

use crate::{
    config::{At, Entries, Keys, Kind, Read, Row, Table, Value, did_you_mean, words},
    finding::{Finding, Location},
    net::Asn,
};

/// A place that announces prefixes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// The name of its upstream.
    pub upstream: Option<String>,
    /// The country that it is in, as ISO 3166 has it.
    pub country: Option<String>,
    /// Where it is written.
    pub place: Location,
}

/// A network that carries our announcements, and what it asks of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Upstream {
    /// Its name.
    pub name: String,
    /// Its AS number.
    pub asn: Asn,
    /// What route origin validation (RFC 6811) must say.
    pub roa: RoaDemand,
    /// The IRRs of which one must hold a route object; empty if none is asked for.
    pub irr: Vec<String>,
    /// The longest prefix that it takes.
    pub longest: Option<u8>,
    /// Where it is written.
    pub place: Location,
}

/// What an upstream asks of a route's validation state.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum RoaDemand {
    /// Nothing.
    #[default]
    Any,
    /// Valid or not found.
    NotInvalid,
    /// Valid.
    Valid,
}

const DEMANDS: [(&str, RoaDemand); 3] =
    [("any", RoaDemand::Any), ("not-invalid", RoaDemand::NotInvalid), ("valid", RoaDemand::Valid)];
const DEMAND_WORDS: [&str; 3] = words(&DEMANDS);

impl Read for RoaDemand {
    const KIND: Kind = Kind::Words(&DEMAND_WORDS);

    fn read(value: Value) -> Option<RoaDemand> {
        value.word(&DEMANDS)
    }
}

/// `{ any-of = […] }`.
struct Irr(Vec<String>);

/// The keys of `irr` of an upstream.
const IRR: Keys = Keys {
    title: "",
    about: "",
    rows: &[Row::needed::<Vec<String>>(
        "any-of",
        "[\"RIPE\"]",
        "one of these IRRs; only the registry of the run is asked today",
    )],
};

impl Read for Irr {
    const KIND: Kind = Kind::Table(&IRR);

    fn read(value: Value) -> Option<Irr> {
        value.table(&IRR, |table| Irr(table.need("any-of").unwrap_or_default()))
    }
}

pub(super) struct WrittenUpstream {
    asn: Asn,
    roa: RoaDemand,
    irr: Vec<String>,
    longest: Option<u8>,
}

/// The keys of an upstream.
const UPSTREAM: Keys = Keys {
    title: "networks that carry our announcements",
    about: "One entry each: `NAME = { asn = \"AS64500\" }`.",
    rows: &[
        Row::needed::<Asn>("asn", "\"AS64500\"", "its AS number"),
        Row::optional::<RoaDemand>("roa", "`\"any\"`", "what route origin validation (RFC 6811) must say"),
        Row::optional::<Irr>("irr", "nowhere", "where a route object must be"),
        Row::optional::<u8>("longest", "any", "the longest prefix that it takes").such_as("48"),
    ],
};

impl Read for WrittenUpstream {
    const KIND: Kind = Kind::Table(&UPSTREAM);

    fn read(value: Value) -> Option<WrittenUpstream> {
        value.table(&UPSTREAM, |table| {
            let (asn, roa) = (table.need("asn"), table.get("roa").unwrap_or_default());
            let irr = table.get("irr").map_or_else(Vec::new, |Irr(any_of)| any_of);
            let longest = table.get("longest");
            Some(WrittenUpstream { asn: asn?, roa, irr, longest })
        })?
    }
}

pub(super) struct WrittenSite {
    upstream: Option<At<String>>,
    country: Option<String>,
}

/// The keys of a site.
const SITE: Keys = Keys {
    title: "places that announce prefixes",
    about: "One entry each: `NAME = { upstream = \"vultr\" }`.",
    rows: &[
        Row::optional::<At<String>>("upstream", "none", "the upstream there, of `[upstreams]`")
            .such_as("\"vultr\""),
        Row::optional::<String>("country", "none", "where it is (ISO 3166), for templates").such_as("\"NL\""),
    ],
};

impl Read for WrittenSite {
    const KIND: Kind = Kind::Table(&SITE);

    fn read(value: Value) -> Option<WrittenSite> {
        value.table(&SITE, |table| WrittenSite {
            upstream: table.get("upstream"),
            country: table.get("country"),
        })
    }
}

/// `[upstreams]`, in the order of the file.
pub(super) fn read_upstreams(root: &mut Table) -> Vec<Upstream> {
    let written =
        root.get::<Entries<WrittenUpstream>>("upstreams").map_or_else(Vec::new, |entries| entries.0);
    let upstream = |entry: crate::config::Entry<WrittenUpstream>| {
        let WrittenUpstream { asn, roa, irr, longest } = entry.value;
        Upstream { name: entry.name, asn, roa, irr, longest, place: entry.place }
    };
    written.into_iter().map(upstream).collect()
}

/// `[sites]`, in the order of the file.
pub(super) fn read_sites(root: &mut Table) -> Vec<Site> {
    let written = root.get::<Entries<WrittenSite>>("sites").map_or_else(Vec::new, |entries| entries.0);
    let upstreams = root.names("upstreams");
    let mut sites = Vec::new();
    for entry in written {
        let WrittenSite { upstream, country } = entry.value;
        if let Some(at) = &upstream {
            check_upstream(root, &entry.name, at, &upstreams);
        }
        let upstream = upstream.map(|at| at.value);
        sites.push(Site { name: entry.name, upstream, country, place: entry.place });
    }
    sites
}

fn check_upstream(root: &Table, site: &str, upstream: &At<String>, upstreams: &[String]) {
    let (name, names) = (&upstream.value, || upstreams.iter().map(String::as_str));
    if !names().any(|known| known == name) {
        let text = format!("site `{site}`: there is no upstream `{name}`{}", did_you_mean(name, names()));
        let remedy = format!("add `{name} = {{ asn = \"AS…\" }}` to [upstreams]");
        root.report(Finding::error("site", text).fix(remedy).at(upstream.place.clone()));
    }
}
