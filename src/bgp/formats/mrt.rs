//! MRT (RFC 6396): `TABLE_DUMP_V2` as collectors, BIRD and `GoBGP` write it, and `BGP4MP` updates, of which what was withdrawn
//! is not announced.
//!
//! The crate `bgpkit-parser` reads paths and messages. It forgives what is broken and leaves it out, which would make a route
//! of ours of one whose path is damaged; so [`mrt_whole`] looks first that nothing of a record is cut off.
//!
//! Peer tables are not needed: the origin is in the path. Hence neither several of them, as BIRD and `GoBGP` write when they
//! append one dump to the next, nor routes of a peer that no table has, as `GoBGP` writes of its own, are in the way. Of
//! several dumps of one table the last counts.

use std::{collections::HashMap, net::IpAddr};

use bgpkit_parser::{
    ParserError,
    error::BgpValidationWarning,
    models::{
        AsPathSegment, AttributeValue, Attributes, Bgp4MpEnum, Bgp4MpType, BgpMessage, BgpState,
        BgpUpdateMessage, EntryType, MrtMessage, NetworkPrefix, Nlri, RibAfiEntries, Safi,
        TableDumpV2Message, TableDumpV2Type,
    },
    parser::{RawMrtRecord, chunk_mrt_record},
};
use jiff::Timestamp;

use super::{Document, Format, Input, mrt_whole};
use crate::{
    bgp::{Origin, routes::Routes},
    net::{Asn, Family, Prefix},
    reading::{Place, Problem},
};

pub(super) const FORMAT: Format = Format {
    name: "MRT (`TABLE_DUMP_V2`, `BGP4MP`)",
    recognise: |input| mrt_whole::is_header(input.bytes),
    read,
};

/// The dump of a table: its name and when it was written.
type Dump = (String, u32);

/// A table by its name, and the family of its routes.
type Table = (String, Family);

/// The last dump of a table: when it was written, and its routes.
type Dumped = (u32, Vec<(Prefix, Origin)>);

/// What was read so far.
#[derive(Default)]
struct Reader {
    routes: Routes,
    /// The table that is being dumped.
    dump: Dump,
    /// Of each table and family the last dump: its time, and its routes.
    tables: HashMap<Table, Dumped>,
    /// The order in which tables came.
    order: Vec<Table>,
    /// What the updates left of each peer, with the number of the record that announced it.
    live: HashMap<(IpAddr, NetworkPrefix), (u64, Origin)>,
    latest: Option<u32>,
}

fn read(input: &Input) -> Result<Document, Problem> {
    let mut rest = input.bytes;
    let mut reader = Reader::default();
    for number in 1.. {
        let record = match chunk_mrt_record(&mut rest) {
            Ok(record) => record,
            Err(error) if matches!(error.error, ParserError::EofExpected) => break,
            Err(error) => return Err(broken(number, &error.error)),
        };
        reader.latest = reader.latest.max(Some(record.common_header.timestamp));
        reader.record(number, record);
    }
    let generated = reader.latest.and_then(|time| Timestamp::from_second(i64::from(time)).ok());
    Ok(Document { routes: reader.finish(), generated, proves_none: false })
}

fn broken(number: u64, error: &ParserError) -> Problem {
    Problem::Malformed(format!("record {number} is cut off or broken: {error}"))
}

impl Reader {
    fn record(&mut self, number: u64, record: RawMrtRecord) {
        let header = record.common_header;
        if let Err(reason) = known(&record) {
            return self.routes.skip(reason);
        }
        let body = record.message_bytes.clone();
        if !mrt_whole::is_whole(header.entry_type as u16, header.entry_subtype, &body) {
            return self
                .routes
                .refuse(Place::Record(number), "its attributes or its prefixes are cut off or broken");
        }
        match record.parse() {
            Ok(record) => self.message(number, header.timestamp, record.message),
            Err(error) => self.routes.refuse(Place::Record(number), error),
        }
    }

    fn message(&mut self, number: u64, time: u32, message: MrtMessage) {
        match message {
            MrtMessage::TableDumpV2Message(TableDumpV2Message::PeerIndexTable(table)) => {
                self.dump = (table.view_name, time);
            }
            MrtMessage::TableDumpV2Message(TableDumpV2Message::RibAfi(rib)) => self.rib(number, &rib),
            MrtMessage::Bgp4Mp(Bgp4MpEnum::StateChange(change)) => {
                if change.old_state == BgpState::Established {
                    self.live.retain(|(peer, _), _| *peer != change.peer_ip);
                }
            }
            MrtMessage::Bgp4Mp(Bgp4MpEnum::Message(message)) => {
                if let BgpMessage::Update(update) = message.bgp_message {
                    self.update(number, message.peer_ip, message.msg_type, &update);
                }
            }
            _ => self.routes.skip("record without routes"),
        }
    }

    fn rib(&mut self, number: u64, rib: &RibAfiEntries) {
        let prefix = match exact(&rib.prefix) {
            Ok(prefix) => prefix,
            Err(problem) => return self.routes.refuse(Place::Record(number), problem),
        };
        let mut found = Vec::with_capacity(rib.rib_entries.len());
        for entry in &rib.rib_entries {
            match origin(&entry.attributes) {
                Ok(origin) => found.push((prefix, origin)),
                Err(problem) => self.routes.refuse(Place::Record(number), problem),
            }
        }
        let (view, time) = &self.dump;
        let key = (view.clone(), prefix.family());
        if !self.tables.contains_key(&key) {
            self.order.push(key.clone());
        }
        let (last, routes) = self.tables.entry(key).or_insert_with(|| (*time, Vec::new()));
        if *last < *time {
            *last = *time;
            for _ in std::mem::take(routes) {
                self.routes.skip("route of an earlier dump of the same table");
            }
        }
        routes.append(&mut found);
    }

    fn update(&mut self, number: u64, peer: IpAddr, kind: Bgp4MpType, update: &BgpUpdateMessage) {
        if let Some(problem) = lost(kind, update) {
            return self.routes.refuse(Place::Record(number), problem);
        }
        let unreachable = update.attributes.get_unreachable_nlri();
        let reachable = update.attributes.get_reachable_nlri();
        let is_unicast = |nlri: &&Nlri| nlri.safi == Safi::Unicast;
        let is_other = unreachable.into_iter().chain(reachable).any(|nlri| !is_unicast(&nlri));
        if is_other || update.attributes.iter().any(is_raw_nlri) {
            self.routes.skip("update of routes that are neither IPv4 nor IPv6 unicast");
        }
        let gone = unreachable.filter(is_unicast).into_iter().flat_map(|nlri| &nlri.prefixes);
        for prefix in update.withdrawn_prefixes.iter().chain(gone) {
            self.live.remove(&(peer, *prefix));
        }
        let new = reachable.filter(is_unicast).into_iter().flat_map(|nlri| &nlri.prefixes);
        for prefix in update.announced_prefixes.iter().chain(new) {
            match (exact(prefix), origin(&update.attributes)) {
                (Ok(_), Ok(origin)) => {
                    self.live.insert((peer, *prefix), (number, origin));
                }
                (Err(problem), _) | (_, Err(problem)) => self.routes.refuse(Place::Record(number), problem),
            }
        }
    }

    /// The routes of the last dump of each table, and what the updates left.
    fn finish(mut self) -> Routes {
        for key in self.order {
            for (prefix, origin) in self.tables.remove(&key).into_iter().flat_map(|(_, routes)| routes) {
                self.routes.add(prefix, origin, 0);
            }
        }
        let mut live: Vec<(u64, Prefix, Origin)> = self
            .live
            .iter()
            .filter_map(|((_, prefix), (number, origin))| Some((*number, exact(prefix).ok()?, *origin)))
            .collect();
        live.sort_unstable();
        for (_, prefix, origin) in live {
            self.routes.add(prefix, origin, 0);
        }
        self.routes
    }
}

/// Whether a record may hold unicast routes, and why not.
fn known(record: &RawMrtRecord) -> Result<(), &'static str> {
    let subtype = record.common_header.entry_subtype;
    match record.common_header.entry_type {
        EntryType::TABLE_DUMP_V2 => match TableDumpV2Type::try_from(subtype) {
            Ok(TableDumpV2Type::RibGeneric | TableDumpV2Type::RibGenericAddPath) => {
                Err("record of a table that is neither IPv4 nor IPv6 unicast")
            }
            Ok(TableDumpV2Type::GeoPeerTable) => Err("record without routes"),
            Ok(kind) if is_multicast(kind) => Err("record of a multicast table"),
            Ok(_) => Ok(()),
            Err(_) => Err("record of a kind that is not known"),
        },
        EntryType::BGP4MP | EntryType::BGP4MP_ET => Ok(()),
        _ => Err("record that is neither TABLE_DUMP_V2 nor BGP4MP"),
    }
}

/// Whether a list of prefixes was left as it came, of a family that `bgpkit-parser` does not read or broken.
fn is_raw_nlri(value: &AttributeValue) -> bool {
    matches!(value, AttributeValue::Raw(raw) if [14, 15].contains(&raw.code))
}

/// Why routes of an update may be lost, or others than they are, in what `bgpkit-parser` made of it.
fn lost(kind: Bgp4MpType, update: &BgpUpdateMessage) -> Option<&'static str> {
    use Bgp4MpType as Kind;
    let warnings = update.attributes.validation_warnings();
    if warnings.iter().any(|warning| matches!(warning, BgpValidationWarning::MalformedNlri { .. })) {
        return Some("its prefixes are broken");
    }
    // IPv4 or IPv6 unicast (RFC 4760 §3: two bytes of AFI, and one of SAFI).
    let is_unicast = |value: &AttributeValue| match value {
        AttributeValue::Raw(raw) => matches!(raw.bytes.as_ref(), [0, 1 | 2, 1, ..] | [] | [_] | [_, _]),
        _ => false,
    };
    if update.attributes.iter().any(|value| is_raw_nlri(value) && is_unicast(value)) {
        return Some("its prefixes are broken");
    }
    let has_path_ids = matches!(
        kind,
        Kind::MessageAddpath
            | Kind::MessageAs4Addpath
            | Kind::MessageLocalAddpath
            | Kind::MessageLocalAs4Addpath
    );
    // It takes a first byte of 0 for a path identifier, where it may be the length of a default route.
    let lists = [update.attributes.get_reachable_nlri(), update.attributes.get_unreachable_nlri()];
    let listed = lists.into_iter().flatten().flat_map(|nlri| &nlri.prefixes);
    let mut all = listed.chain(&update.announced_prefixes).chain(&update.withdrawn_prefixes);
    (!has_path_ids && all.any(|prefix| prefix.path_id.is_some()))
        .then_some("its prefixes may be read with path identifiers or without")
}

fn is_multicast(kind: TableDumpV2Type) -> bool {
    use TableDumpV2Type as Kind;
    matches!(
        kind,
        Kind::RibIpv4Multicast
            | Kind::RibIpv4MulticastAddPath
            | Kind::RibIpv6Multicast
            | Kind::RibIpv6MulticastAddPath
    )
}

/// The prefix, if it has no host bits.
fn exact(prefix: &NetworkPrefix) -> Result<Prefix, String> {
    Prefix::new(prefix.prefix.addr(), prefix.prefix.prefix_len()).map_err(|error| error.to_string())
}

/// The origin by the attributes; a route that begins here has an empty path, or none.
fn origin(attributes: &Attributes) -> Result<Origin, String> {
    const PATHS: [u8; 2] = [2, 17];
    let is_broken =
        |value: &AttributeValue| matches!(value, AttributeValue::Raw(raw) if PATHS.contains(&raw.code));
    if attributes.iter().any(is_broken) {
        return Err("its AS path is broken".to_owned());
    }
    let Some(path) = attributes.effective_as_path() else { return Ok(Origin::Own) };
    match path.iter_segments().last() {
        None | Some(AsPathSegment::ConfedSequence(_) | AsPathSegment::ConfedSet(_)) => Ok(Origin::Own),
        Some(AsPathSegment::AsSet(_)) => Ok(Origin::Set),
        Some(AsPathSegment::AsSequence(numbers)) => match numbers.last() {
            Some(asn) => Ok(Origin::As(Asn(asn.to_u32()))),
            None => Err("its AS path ends in a sequence of nothing".to_owned()),
        },
    }
}

#[cfg(test)]
mod tests;
