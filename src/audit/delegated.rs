//! What the RIPE NCC has delegated, and to whom: `delegated-ripencc-extended-latest`.
//!
//! The format is described at <https://ftp.ripe.net/pub/stats/ripencc/RIR-Statistics-Exchange-Format.txt>: a line is
//! `registry|cc|type|start|value|date|status|opaque-id`, after a header and a summary for each type. The value is a count of
//! addresses for ipv4, the length of the prefix for ipv6, and a count of numbers for asn.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    ops::Range,
    sync::Arc,
};

use crate::{
    finding::{Location, Source},
    net::{Asn, Block, Prefix},
    visible,
};

/// The delegations of a file.
#[derive(Clone, Debug)]
pub struct Delegated {
    /// The file.
    pub source: Arc<Source>,
    /// Address space, in order. None overlaps another in what a registry prints.
    blocks: Vec<(Block, Entry)>,
    /// AS numbers, the first and the last of each line, in order.
    numbers: Vec<(Asn, Asn, Entry)>,
}

/// What a line says of a resource.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// `allocated`, `assigned`, `available` or `reserved`.
    pub status: String,
    /// What all resources of one holder have in common; empty for what nobody holds.
    pub holder: String,
    /// The line.
    pub span: Range<usize>,
}

impl Entry {
    /// Whether somebody holds it.
    pub fn is_held(&self) -> bool {
        ["allocated", "assigned"].contains(&self.status.as_str())
    }
}

/// Why a file is not read as one of delegations.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DelegatedError {
    /// The first line is no header.
    #[error(
        "{name}:1 is no header of a file of delegations (`2|ripencc|…`)\n\
         hint: give delegated-ripencc-extended-latest, from https://ftp.ripe.net/pub/stats/ripencc/"
    )]
    Foreign {
        /// The file.
        name: String,
    },
    /// A line is not as the format has it.
    #[error(
        "{name}:{line}: {problem}\nhint: fetch the file again; nothing of it is used while a line cannot be read"
    )]
    Line {
        /// The file.
        name: String,
        /// The line.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// It holds no delegation, or fewer than its header says.
    #[error(
        "{name} is cut off: its header promises {promised} records, and it has {found}\nhint: fetch the file again"
    )]
    CutOff {
        /// The file.
        name: String,
        /// What the header says.
        promised: usize,
        /// What there is.
        found: usize,
    },
}

/// A resource that a line is about.
enum Resource {
    Block(Block),
    Numbers(Asn, Asn),
}

impl Delegated {
    /// Reads the text of a file.
    pub fn parse(source: &Arc<Source>) -> Result<Delegated, DelegatedError> {
        let mut delegated = Delegated { source: Arc::clone(source), blocks: Vec::new(), numbers: Vec::new() };
        let (mut start, mut promised, mut found) = (0, None, 0);
        for (index, line) in source.text.split_inclusive('\n').enumerate() {
            let span = start..start + line.trim_end().len();
            start += line.len();
            let fields: Vec<&str> = line.trim_end().split('|').collect();
            let refuse =
                |problem: String| DelegatedError::Line { name: source.name(), line: index + 1, problem };
            match fields.as_slice() {
                [only] if only.is_empty() || only.starts_with('#') => {}
                [version, _, _, records, ..] if promised.is_none() && is_version(version) => {
                    let count = records
                        .parse()
                        .map_err(|_| refuse(format!("`{}` is no count of records", shown(records))))?;
                    promised = Some(count);
                }
                _ if promised.is_none() => return Err(DelegatedError::Foreign { name: source.name() }),
                [_, "*", _, _, _, "summary", ..] => {}
                [_, _, kind, first, value, _, status, rest @ ..] => {
                    let resource = resource(kind, first, value).map_err(refuse)?;
                    let holder = rest.first().copied().unwrap_or_default();
                    let entry = Entry { status: (*status).to_owned(), holder: holder.to_owned(), span };
                    match resource {
                        Resource::Block(block) => delegated.blocks.push((block, entry)),
                        Resource::Numbers(first, last) => delegated.numbers.push((first, last, entry)),
                    }
                    found += 1;
                }
                _ => return Err(refuse(format!("a record has 8 fields, and this line {}", fields.len()))),
            }
        }
        match promised {
            None => Err(DelegatedError::Foreign { name: source.name() }),
            Some(promised) if found == 0 || found < promised => {
                Err(DelegatedError::CutOff { name: source.name(), promised, found })
            }
            Some(_) => {
                delegated.blocks.sort_by_key(|(block, _)| *block);
                delegated.numbers.sort_by_key(|(first, ..)| *first);
                Ok(delegated)
            }
        }
    }

    /// What the lines say that have addresses of `block`.
    pub fn around(&self, block: Block) -> impl Iterator<Item = &(Block, Entry)> {
        let [first, last] = block.ends();
        let begin = self.blocks.partition_point(|(each, _)| *each <= first);
        // The line before may reach into it.
        let begin = begin.saturating_sub(1);
        let rest = self.blocks.get(begin..).unwrap_or_default();
        rest.iter().take_while(move |(each, _)| *each <= last).filter(move |(each, _)| each.overlaps(block))
    }

    /// What the file says of an AS number.
    pub fn number(&self, asn: Asn) -> Option<&Entry> {
        let behind = self.numbers.partition_point(|(first, ..)| *first <= asn);
        let (_, last, entry) = self.numbers.get(behind.checked_sub(1)?)?;
        (asn <= *last).then_some(entry)
    }

    /// All address space of a holder.
    pub fn blocks_of<'a>(&'a self, holder: &'a str) -> impl Iterator<Item = &'a (Block, Entry)> {
        self.blocks.iter().filter(move |(_, entry)| entry.is_held() && entry.holder == holder)
    }

    /// All AS numbers of a holder.
    pub fn numbers_of<'a>(&'a self, holder: &'a str) -> impl Iterator<Item = &'a (Asn, Asn, Entry)> {
        self.numbers.iter().filter(move |(_, _, entry)| entry.is_held() && entry.holder == holder)
    }

    /// Where a line is.
    pub fn place(&self, entry: &Entry) -> Location {
        Location::new(&self.source, entry.span.clone())
    }
}

/// `2` or `2.3`.
fn is_version(text: &str) -> bool {
    text.starts_with('2') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn resource(kind: &str, first: &str, value: &str) -> Result<Resource, String> {
    let count = |what: &str| {
        let number = value.parse::<u32>().ok().filter(|count| *count > 0);
        number.ok_or_else(|| format!("`{}` is no {what}", shown(value)))
    };
    match kind {
        "ipv4" => {
            let start: Ipv4Addr =
                first.parse().map_err(|_| format!("`{}` is no IPv4 address", shown(first)))?;
            let last = u32::from(start).checked_add(count("count of addresses")? - 1);
            let last = last.ok_or_else(|| format!("there are no {value} addresses from {start} on"))?;
            let block = Block::new(IpAddr::from(start), IpAddr::from(Ipv4Addr::from(last)));
            block
                .map(Resource::Block)
                .ok_or_else(|| format!("there are no {value} addresses from {start} on"))
        }
        "ipv6" => {
            let start: Ipv6Addr =
                first.parse().map_err(|_| format!("`{}` is no IPv6 address", shown(first)))?;
            let length = u8::try_from(count("length of a prefix")?).unwrap_or(u8::MAX);
            Prefix::new(start.into(), length)
                .map(|prefix| Resource::Block(prefix.block()))
                .map_err(|error| error.to_string())
        }
        "asn" => {
            let start: u32 = first.parse().map_err(|_| format!("`{}` is no AS number", shown(first)))?;
            let last = start.checked_add(count("count of AS numbers")? - 1);
            let last = last.ok_or_else(|| format!("there are no {value} AS numbers from {start} on"))?;
            Ok(Resource::Numbers(Asn(start), Asn(last)))
        }
        other => Err(format!("`{}` is no type of resource: ipv4, ipv6 or asn", shown(other))),
    }
}

/// A field, short and with nothing hidden in it.
fn shown(field: &str) -> String {
    const MOST: usize = 40;
    visible::line(&field.chars().take(MOST).collect::<String>()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "2|ripencc|20261126|3|19830705|20261125|+0100\nripencc|*|ipv4|*|2|summary\n# a remark\n\n";

    fn parse(records: &str) -> Result<Delegated, DelegatedError> {
        Delegated::parse(&Arc::new(Source::new("d.txt", format!("{HEADER}{records}"))))
    }

    const RECORDS: &str = "ripencc|NL|ipv4|192.0.2.0|768|20200101|allocated|a\n\
                           ripencc|NL|ipv6|2001:db8::|32|20200101|allocated|a\n\
                           ripencc||ipv4|198.51.100.0|256||available|\n\
                           ripencc|NL|asn|64500|2|20200101|assigned|b|e-stats\n";

    #[test]
    fn a_resource_is_found_by_what_it_has_in_it() {
        let read = parse(RECORDS).unwrap();
        let check = |block: &str, expected: &[(&str, &str)]| {
            let found: Vec<(String, String)> = read
                .around(Block::parse(block).unwrap())
                .map(|(block, entry)| (block.prefix_text(), entry.status.clone()))
                .collect();
            let expected: Vec<(String, String)> =
                expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            assert_eq!(found, expected, "{block}");
        };
        let odd = "192.0.2.0 - 192.0.4.255"; // a count need not be a power of two
        check("192.0.3.0/24", &[(odd, "allocated")]);
        check("192.0.0.0/16", &[(odd, "allocated")]);
        check("192.0.4.0 - 198.51.100.3", &[(odd, "allocated"), ("198.51.100.0/24", "available")]);
        check("192.0.5.0/24", &[]);
        check("2001:db8:1::/48", &[("2001:db8::/32", "allocated")]);
        check("2001:db9::/32", &[]);
        assert_eq!(read.number(Asn(64501)).map(|entry| entry.holder.as_str()), Some("b"));
        assert_eq!(read.number(Asn(64502)), None);
        assert_eq!(read.blocks_of("a").count(), 2);
        assert_eq!(read.place(read.number(Asn(64500)).unwrap()).line(), 8);
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        let check = |records: &str, expected: &str| {
            let said = parse(records).unwrap_err().to_string();
            assert_eq!(said.lines().next().unwrap(), expected);
        };
        check("ripencc|NL|ipv4|192.0.2|256||allocated|a\n", "d.txt:5: `192.0.2` is no IPv4 address");
        check("ripencc|NL|ipv4|192.0.2.0|0||allocated|a\n", "d.txt:5: `0` is no count of addresses");
        check(
            "ripencc|NL|ipv4|255.0.0.0|4294967295||allocated|a\n",
            "d.txt:5: there are no 4294967295 addresses from 255.0.0.0 on",
        );
        check(
            "ripencc|NL|ipv6|2001:db8::|129||allocated|a\n",
            "d.txt:5: `2001:db8::/129` is not a prefix; write it as `2001:db8:100::/44` or `192.0.2.0/24`",
        );
        check("ripencc|NL|asn|AS1|1||allocated|a\n", "d.txt:5: `AS1` is no AS number");
        check(
            "ripencc|NL|ipx|1|1||allocated|a\n",
            "d.txt:5: `ipx` is no type of resource: ipv4, ipv6 or asn",
        );
        check("ripencc|NL\n", "d.txt:5: a record has 8 fields, and this line 2");
        check(
            "ripencc|NL|asn|64500|1||assigned|a\n",
            "d.txt is cut off: its header promises 3 records, and it has 1",
        );
        let foreign = Delegated::parse(&Arc::new(Source::new("x", "<html>\n"))).unwrap_err();
        assert!(foreign.to_string().starts_with("x:1 is no header"), "{foreign}");
        assert!(Delegated::parse(&Arc::new(Source::new("x", ""))).is_err());
    }
}
