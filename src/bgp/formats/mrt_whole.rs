//! Whether an MRT record holds all that it says (RFC 6396, RFC 4271 §4.3): `bgpkit-parser` forgives what does not.

use bgpkit_parser::models::{Bgp4MpType, TableDumpV2Type};

/// The types of records: `TABLE_DUMP_V2`, `BGP4MP` and `BGP4MP_ET`.
const TABLE_DUMP_V2: u16 = 13;
const BGP4MP: [u16; 2] = [16, 17];

/// Whether bytes begin as a record that can be read, or as one of its kin.
pub(super) fn is_header(bytes: &[u8]) -> bool {
    match bytes {
        // The time, the type, the subtype and the length, of which the first byte is 0.
        [_, _, _, _, 0, kind, 0, subtype, 0, ..] => match kind {
            12 => matches!(subtype, 1..=2),
            13 => matches!(subtype, 1..=12),
            16 | 17 => *subtype <= 11,
            _ => false,
        },
        _ => false,
    }
}

/// Whether the body of a record ends where its parts do, and every attribute in it is whole.
pub(super) fn is_whole(kind: u16, subtype: u16, body: &[u8]) -> bool {
    let mut body = Bytes(body);
    match kind {
        TABLE_DUMP_V2 => TableDumpV2Type::try_from(subtype).is_ok_and(|kind| rib(kind, &mut body).is_some()),
        _ if BGP4MP.contains(&kind) => {
            Bgp4MpType::try_from(subtype).is_ok_and(|kind| bgp4mp(kind, &mut body).is_some())
        }
        _ => true,
    }
}

/// What is left of a record.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self, bytes: usize) -> Option<usize> {
        Some(self.take(bytes)?.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// A RIB entry record: sequence, prefix, and entries with attributes (RFC 6396 §4.3.2, RFC 8050 for path identifiers).
fn rib(kind: TableDumpV2Type, body: &mut Bytes) -> Option<()> {
    use TableDumpV2Type as Kind;
    let path_id = match kind {
        Kind::PeerIndexTable | Kind::GeoPeerTable => return Some(()),
        Kind::RibIpv4UnicastAddPath | Kind::RibIpv6UnicastAddPath => 4,
        _ => 0,
    };
    body.take(4)?;
    prefix(body)?;
    for _ in 0..body.number(2)? {
        body.take(2 + 4 + path_id)?;
        let length = body.number(2)?;
        attributes(&mut Bytes(body.take(length)?))?;
    }
    body.end()
}

/// A message of BGP behind the addresses of its peers; what is no update has nothing to look at.
fn bgp4mp(kind: Bgp4MpType, body: &mut Bytes) -> Option<()> {
    use Bgp4MpType as Kind;
    const UPDATE: usize = 2;
    let number = match kind {
        Kind::StateChange | Kind::StateChangeAs4 => return Some(()),
        Kind::Message | Kind::MessageLocal | Kind::MessageAddpath | Kind::MessageLocalAddpath => 2,
        _ => 4,
    };
    let has_path_id = matches!(
        kind,
        Kind::MessageAddpath
            | Kind::MessageAs4Addpath
            | Kind::MessageLocalAddpath
            | Kind::MessageLocalAs4Addpath
    );
    body.take(2 * number + 2)?;
    let address = if body.number(2)? == 1 { 4 } else { 16 };
    body.take(2 * address + 16)?;
    if body.number(2)? < 19 || body.number(1)? != UPDATE {
        return Some(());
    }
    let withdrawn = body.number(2)?;
    prefixes(&mut Bytes(body.take(withdrawn)?), has_path_id)?;
    let length = body.number(2)?;
    attributes(&mut Bytes(body.take(length)?))?;
    prefixes(body, has_path_id)
}

fn prefixes(bytes: &mut Bytes, has_path_id: bool) -> Option<()> {
    while bytes.end().is_none() {
        bytes.take(if has_path_id { 4 } else { 0 })?;
        prefix(bytes)?;
    }
    Some(())
}

fn prefix(bytes: &mut Bytes) -> Option<()> {
    let bits = bytes.number(1)?;
    bytes.take(bits.div_ceil(8)).map(drop)
}

fn attributes(bytes: &mut Bytes) -> Option<()> {
    const EXTENDED_LENGTH: usize = 0x10;
    while bytes.end().is_none() {
        let flags = bytes.number(1)?;
        bytes.take(1)?;
        let length = bytes.number(if flags & EXTENDED_LENGTH == 0 { 1 } else { 2 })?;
        bytes.take(length)?;
    }
    Some(())
}
