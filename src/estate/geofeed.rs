//! `[geofeed]`: where the file is published that says where addresses are used (RFC 8805), and the objects that must point to
//! it (RFC 9632).

use std::collections::{BTreeSet, HashMap};

use super::{Allocation, Declared, Demand, Expect, block_class};
use crate::{
    config::{At, Keys, Kind, Read, Row, Value},
    finding::{Finding, Location, Severity},
    net::Prefix,
    rpsl::{Class, Key, Name, syntax},
};

/// Where the file is published.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Geofeed {
    /// Its URL, as `geofeed:` has it.
    pub url: String,
    /// Where that is written.
    pub place: Location,
}

/// The variables of a block that the file is made of, in the order of its fields.
pub const VARIABLES: [&str; 3] = ["country", "region", "city"];

/// A URL that the registry takes in `geofeed:`.
struct Url(String);

impl Read for Url {
    const KIND: Kind = Kind::Text("the https URL of a public file");

    fn read(value: Value) -> Option<Url> {
        let text = value.text()?;
        let refuse = |what: &str| {
            value.refuse_with(what, "write the URL of the file, such as `https://example.net/geofeed.csv`")
        };
        match syntax::check(Name::Geofeed.row().syntax, Class::Inet6num, text) {
            Err(_) => refuse("no https URL with a host below a public domain, as the registry wants it"),
            Ok(()) if text.contains(['#', ' ']) => refuse("behind `#` or a blank RPSL has something else"),
            Ok(()) => Some(Url(text.to_owned())),
        }
    }
}

/// The keys of `[geofeed]`.
const KEYS: Keys = Keys {
    title: "where addresses are used",
    about: "`ripectl geofeed` prints that file (RFC 8805) from the variables `country`, `region` and `city` of blocks\n\
            ([geofeed.md](geofeed.md)).",
    rows: &[Row::needed::<At<Url>>(
        "url",
        "\"https://example.net/geofeed.csv\"",
        "where it is published: the `geofeed:` attribute of each allocation points to it",
    )],
};

impl Read for Geofeed {
    const KIND: Kind = Kind::Table(&KEYS);

    fn read(value: Value) -> Option<Geofeed> {
        value.table(&KEYS, |table| {
            let At { value: Url(url), place } = table.need::<At<Url>>("url")?;
            Some(Geofeed { url, place })
        })?
    }
}

impl Geofeed {
    fn is_named_by(&self, declared: &Declared) -> bool {
        declared.object.values(Name::Geofeed).contains(&self.url)
    }
}

/// Whose `geofeed:` is missing: a finding for each object of ours, and what is expected of each that is others'.
///
/// The file is found for an address by the closest object above it that names one (RFC 9632 §3): that of the allocation is
/// enough, and it is not needed where the object of each block does.
pub(super) fn pointers(
    geofeed: &Geofeed,
    allocations: &[Allocation],
    declared: &[Declared],
) -> (Vec<Expect>, Vec<Finding>) {
    let objects = declared.iter().filter(|each| each.object.class().is_address());
    let objects: HashMap<Key, &Declared> = objects.map(|each| (each.object.key(), each)).collect();
    let key = |prefix: Prefix| Key::new(block_class(prefix.block()), &prefix.block().to_string());
    let names_it =
        |prefix: Prefix| objects.get(&key(prefix)).is_some_and(|declared| geofeed.is_named_by(declared));
    let (mut expects, mut findings) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for Allocation { prefix, blocks, customer, .. } in allocations {
        let is_open = !blocks.is_empty() && !names_it(*prefix);
        if !is_open || blocks.iter().all(|block| names_it(block.prefix)) || !seen.insert(key(*prefix)) {
            continue;
        }
        let is_ours =
            |each: &&&Declared| each.shared.as_ref().is_none_or(|shared| shared.is_ours(Name::Geofeed));
        match objects.get(&key(*prefix)).filter(is_ours) {
            Some(own) => findings.push(missing(geofeed, own)),
            None => expects.push(Expect {
                demand: Demand::Has {
                    key: key(*prefix),
                    values: vec![(Name::Geofeed, vec![geofeed.url.clone()])],
                },
                ask: None,
                customer: customer.clone(),
                place: geofeed.place.clone(),
            }),
        }
    }
    findings.extend(declared.iter().filter_map(|each| elsewhere(geofeed, each)));
    (expects, findings)
}

/// The name of the rule that our objects point to the file.
const RULE: &str = "geofeed-attribute";

fn missing(geofeed: &Geofeed, declared: &Declared) -> Finding {
    let Geofeed { url, place } = geofeed;
    let text =
        format!("{} does not say where the geofeed is ({place}): nobody finds it", declared.object.key());
    let finding = Finding::error(RULE, text).weighing(Severity::Warning).about(declared.object.key());
    finding.fix(format!("add the line `geofeed: {url}`")).at(declared.place.clone())
}

/// An object that names another file.
fn elsewhere(geofeed: &Geofeed, declared: &Declared) -> Option<Finding> {
    let index = declared.object.attributes().position(|attribute| attribute.name == Some(Name::Geofeed))?;
    if geofeed.is_named_by(declared) {
        return None;
    }
    let key = declared.object.key();
    let text = format!("{key} names another geofeed than `[geofeed] url` ({})", geofeed.place);
    let finding = Finding::error(RULE, text).weighing(Severity::Warning).about(key);
    Some(finding.fix(format!("write `geofeed: {}`", geofeed.url)).at(declared.place_of(index)))
}
