//! Where our addresses are used, as a file that others read (RFC 8805).
//!
//! [`feed`] makes its lines of the blocks of an estate, [`print()`] its text, and [`differences`] compares that
//! with what is published.

mod file;

pub use file::{Difference, differences, print};

use crate::{
    config::At,
    estate::{Allocation, Block, Estate, GEOFEED_VARIABLES, Given},
    finding::{Finding, Location, Severity, counted},
    net::{Family, Prefix},
    rules::business::COUNTRIES,
};

/// Addresses, and where they are used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// The addresses.
    pub prefix: Prefix,
    /// Where they are used.
    pub location: Geolocation,
}

/// Where addresses are used (RFC 8805 §2.1.1). What is not said is empty.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Geolocation {
    /// The country, as ISO 3166-1 alpha-2 has it.
    pub country: String,
    /// The part of the country, as ISO 3166-2 has it.
    pub region: String,
    /// The city, in words.
    pub city: String,
}

impl Geolocation {
    /// Whether it is nowhere in particular: inside of what is somewhere, such a line takes addresses out of it.
    fn is_nowhere(&self) -> bool {
        self.country.is_empty()
    }
}

/// What the blocks of an estate say of where they are used.
#[derive(Clone, Debug, Default)]
pub struct Feed<'a> {
    /// The lines of the file, in the order of addresses, without those that say what a less specific one says.
    pub entries: Vec<Entry>,
    /// The blocks without a line: no country of them is known. `EU` is the registry's, and no country.
    pub silent: Vec<&'a Block>,
    /// What is wrong with what they say.
    pub findings: Vec<Finding>,
}

impl Feed<'_> {
    /// What is to be known of blocks without a line, if there are any.
    pub fn silence(&self, estate: &Estate) -> Option<Finding> {
        let first = self.silent.first()?;
        let all = estate.allocations.iter().map(|allocation| allocation.blocks.len()).sum();
        let (some, have) = (self.silent.len(), if self.silent.len() == 1 { "has" } else { "have" });
        let text = format!(
            "{some} of {} {have} no line, as no country is known: the first is {}",
            counted(all, "block"),
            first.name
        );
        let finding = Finding::error("geofeed", text).weighing(Severity::Info);
        Some(finding.fix("add `country` to its `vars`, if it is in one").at(first.place.clone()))
    }
}

/// What the blocks of an estate come to.
pub fn feed(estate: &Estate) -> Feed<'_> {
    let mut feed = Feed::default();
    let mut said: Vec<(Entry, &Block)> = Vec::new();
    for allocation in &estate.allocations {
        for block in &allocation.blocks {
            match location(estate, allocation, block) {
                Ok(location) => said.push((Entry { prefix: block.prefix, location }, block)),
                Err(finding) => feed.findings.push(*finding),
            }
        }
    }
    said.sort_by_key(|(Entry { prefix, location }, _)| {
        (prefix.family() == Family::V6, prefix.block().first(), prefix.len(), location.is_nowhere())
    });
    let mut above: Vec<Entry> = Vec::new();
    for (entry, block) in said {
        while above.last().is_some_and(|wide| !wide.prefix.covers(entry.prefix)) {
            above.pop();
        }
        match above.last() {
            None if entry.location.is_nowhere() => feed.silent.push(block),
            Some(wide) if wide.location == entry.location => {}
            Some(wide) if wide.prefix == entry.prefix => {
                if !entry.location.is_nowhere() {
                    feed.findings.push(twice(&entry, block));
                }
            }
            _ => {
                above.push(entry.clone());
                feed.entries.push(entry);
            }
        }
    }
    feed
}

fn twice(entry: &Entry, block: &Block) -> Finding {
    let text = format!("another block has {} too, and says that it is elsewhere", entry.prefix);
    error(text, "let both say the same, for a geofeed names a prefix once", &block.place)
}

fn error(text: String, remedy: impl Into<String>, place: &Location) -> Finding {
    Finding::error("geofeed", text).fix(remedy).at(place.clone())
}

/// A text that is said of a block, and where.
type Said = Option<(String, Location)>;

/// Where a block is used; nowhere, if no country is known.
fn location(estate: &Estate, allocation: &Allocation, block: &Block) -> Result<Geolocation, Box<Finding>> {
    let given = allocation.given(Some(block));
    let [country, region, city] = GEOFEED_VARIABLES.map(|name| variable(name, &given));
    let of_site = || {
        let site = block.only_site(&estate.sites)?;
        Some((site.country.clone()?.to_ascii_uppercase(), site.place.clone()))
    };
    let country = country?.map(|(text, place)| (text.to_ascii_uppercase(), place)).or_else(of_site);
    let region = region?.map(|(text, place)| (text.to_ascii_uppercase(), place));
    let city = city?;
    let Some((country, place)) = country.filter(|(country, _)| country != "EU") else {
        return match region.or(city) {
            Some((_, place)) => Err(Box::new(error(
                format!("block {} has a region or a city, and no country", block.name),
                "add `country = \"NL\"`, say, to its `vars`",
                &place,
            ))),
            None => Ok(Geolocation::default()),
        };
    };
    if !COUNTRIES.contains(&country.as_str()) {
        let text = format!("`{country}` is no country");
        return Err(Box::new(error(text, "write the two letters of ISO 3166-1, such as `NL`", &place)));
    }
    let region = region.map(|said| part_of(&country, said)).transpose()?;
    let city = city.map(named).transpose()?;
    Ok(Geolocation { country, region: region.unwrap_or_default(), city: city.unwrap_or_default() })
}

/// The text of a variable, with where it is written; an empty one is none.
fn variable(name: &str, given: &[Given]) -> Result<Said, Box<Finding>> {
    let Some(At { value, place }) = given.iter().find_map(|given| given.get(name)) else { return Ok(None) };
    match value.as_str().map(str::trim) {
        Some("") => Ok(None),
        Some(text) => Ok(Some((text.to_owned(), place.clone()))),
        None => {
            let text = format!("`{name}` is no text, and a geofeed has one there");
            Err(Box::new(error(text, format!("write `{name} = \"…\"`"), place)))
        }
    }
}

/// The region, if it is one of the country: `NL-NH` (ISO 3166-2: one to three letters or digits behind the country).
fn part_of(country: &str, (region, place): (String, Location)) -> Result<String, Box<Finding>> {
    let such =
        format!("write it as ISO 3166-2 has it, such as `{country}-…` with one to three letters or digits");
    let refuse = |text: String| Err(Box::new(error(text, such.clone(), &place)));
    let Some((of, part)) = region.split_once('-') else {
        return refuse(format!("`{region}` is no region"));
    };
    let is_part = (1..=3).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric());
    match of == country {
        true if is_part => Ok(region),
        true => refuse(format!("`{region}` is no region")),
        false => refuse(format!("region `{region}` is not in the country {country}")),
    }
}

/// The city, if it can stand in a field (RFC 8805 §2.1.1.4).
fn named((city, place): (String, Location)) -> Result<String, Box<Finding>> {
    if city.contains([',', '"', '#']) || city.chars().any(char::is_control) {
        let text =
            "a city is one field of the geofeed: no comma, quote, `#` or line end stands in it".to_owned();
        return Err(Box::new(error(text, "write its name alone", &place)));
    }
    Ok(city)
}
