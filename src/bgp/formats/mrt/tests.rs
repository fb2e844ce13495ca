//! Records made byte by byte after RFC 6396 and RFC 4271.

use crate::{
    bgp::{Announced, Origin, read},
    net::Asn,
    reading::ReadError,
};

fn record(time: u32, kind: u16, subtype: u16, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap();
    [&time.to_be_bytes()[..], &kind.to_be_bytes(), &subtype.to_be_bytes(), &length.to_be_bytes(), body]
        .concat()
}

fn counted(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

/// `ORIGIN` and an `AS_PATH` of segments: their type and their numbers.
fn attributes(segments: &[(u8, &[u32])]) -> Vec<u8> {
    let segment = |(kind, numbers): &(u8, &[u32])| {
        let numbers: Vec<[u8; 4]> = numbers.iter().map(|number| number.to_be_bytes()).collect();
        [&[*kind, u8::try_from(numbers.len()).unwrap()][..], &numbers.concat()].concat()
    };
    let path: Vec<u8> = segments.iter().flat_map(segment).collect();
    [&[0x40, 1, 1, 0, 0x40, 2, u8::try_from(path.len()).unwrap()][..], &path].concat()
}

/// A table without peers, by its name.
fn peers(time: u32, view: &str) -> Vec<u8> {
    record(time, 13, 1, &[&[192, 0, 2, 1][..], &counted(view.as_bytes()), &[0, 0]].concat())
}

/// A route of a table, of a peer that no table has.
fn rib(time: u32, prefix: &[u8], attributes: &[u8]) -> Vec<u8> {
    let entry = [&[0, 7, 0, 0, 0, 0][..], &counted(attributes)].concat();
    record(time, 13, 2, &[&[0, 0, 0, 0][..], prefix, &[0, 1], &entry].concat())
}

/// An update of AS64500 at 192.0.2.2.
fn update(withdrawn: &[u8], attributes: &[u8], announced: &[u8]) -> Vec<u8> {
    let said = [&counted(withdrawn)[..], &counted(attributes), announced].concat();
    let length = u16::try_from(19 + said.len()).unwrap().to_be_bytes();
    let message = [&[0xff; 16][..], &length, &[2], &said].concat();
    let head = [0, 0, 0xfb, 0xf4, 0, 0, 0xfb, 0xf3, 0, 0, 0, 1, 192, 0, 2, 2, 192, 0, 2, 1];
    record(9, 16, 4, &[&head[..], &message].concat())
}

const FIRST: [u8; 4] = [24, 192, 0, 2];
const SECOND: [u8; 4] = [24, 198, 51, 100];

fn table(parts: &[Vec<u8>]) -> Result<Announced, ReadError> {
    read("x", &parts.concat())
}

fn shown(announced: &Announced) -> Vec<(String, Origin)> {
    announced.seen.iter().map(|seen| (seen.prefix.to_string(), seen.origin)).collect()
}

#[test]
fn the_last_segment_is_the_origin() {
    let check = |segments: &[(u8, &[u32])], expected: Option<Origin>| {
        let read = table(&[peers(1, "master4"), rib(1, &FIRST, &attributes(segments))]);
        assert_eq!(
            read.ok().map(|announced| announced.seen.first().unwrap().origin),
            expected,
            "{segments:?}"
        );
    };
    check(&[], Some(Origin::Own));
    check(&[(2, &[64500, 4_200_000_000])], Some(Origin::As(Asn(4_200_000_000))));
    check(&[(2, &[64500]), (1, &[64496, 64497])], Some(Origin::Set));
    check(&[(3, &[65001])], Some(Origin::Own));
    check(&[(4, &[65001])], Some(Origin::Own));
    check(&[(9, &[65001])], None);
    check(&[(2, &[])], None);
}

/// A path that is lost would be an empty one, and the route ours.
#[test]
fn what_is_cut_off_within_a_record_is_refused() {
    let whole = attributes(&[(2, &[64500])]);
    for cut in 1..whole.len() {
        // After ORIGIN alone, the attributes are whole.
        if cut == 4 {
            continue;
        }
        let part = whole.get(..cut).unwrap();
        let error = table(&[rib(1, &FIRST, part)]).unwrap_err().to_string();
        assert!(error.contains("record 1: its attributes or its prefixes are cut off"), "{cut}: {error}");
    }
    let long = table(&[rib(1, &[33, 192, 0, 2, 0, 0], &whole)]).unwrap_err().to_string();
    assert!(long.contains("record 1: "), "{long}");
    let host_bits = table(&[rib(1, &[23, 192, 0, 3], &whole)]).unwrap_err().to_string();
    assert!(host_bits.contains("record 1: 192.0.3.0/23 has host bits set"), "{host_bits}");
}

#[test]
fn of_several_dumps_of_a_table_the_last_counts() {
    let path = attributes(&[(2, &[64500])]);
    let dumps = [
        peers(1, "a"),
        rib(1, &FIRST, &path),
        peers(1, "b"),
        rib(1, &SECOND, &path),
        peers(2, "b"),
        rib(2, &[24, 203, 0, 113], &path),
    ];
    let announced = table(&dumps).unwrap();
    let by = |prefix: &str| (prefix.to_owned(), Origin::As(Asn(64500)));
    assert_eq!(shown(&announced), [by("192.0.2.0/24"), by("203.0.113.0/24")]);
    assert_eq!(announced.skipped.iter().map(|skipped| skipped.count).sum::<usize>(), 1);
    assert_eq!(announced.generated.map(jiff::Timestamp::as_second), Some(2));
}

#[test]
fn what_was_withdrawn_is_not_announced() {
    let path = attributes(&[(2, &[64500])]);
    let announced =
        table(&[update(&[], &path, &[FIRST, SECOND].concat()), update(&FIRST, &[], &[])]).unwrap();
    assert_eq!(shown(&announced), [("198.51.100.0/24".to_owned(), Origin::As(Asn(64500)))]);
    let none = table(&[update(&[], &path, &FIRST), update(&FIRST, &[], &[])]).unwrap_err().to_string();
    assert!(none.contains("holds no announcement at all"), "{none}");
    // The session ended: from Established to Idle.
    let head = [0, 0, 0xfb, 0xf4, 0, 0, 0xfb, 0xf3, 0, 0, 0, 1, 192, 0, 2, 2, 192, 0, 2, 1, 0, 6, 0, 1];
    assert!(table(&[update(&[], &path, &FIRST), record(9, 16, 5, &head)]).is_err());
}

/// `MP_REACH_NLRI` of `family` (RFC 4760) with the next hop `::` and these prefixes.
fn reach(family: [u8; 3], prefixes: &[u8]) -> Vec<u8> {
    let value = [&family[..], &[16], &[0; 16], &[0], prefixes].concat();
    [&attributes(&[(2, &[64500])])[..], &[0x80, 14, u8::try_from(value.len()).unwrap()], &value].concat()
}

#[test]
fn prefixes_of_an_update_are_not_lost() {
    const DOC: [u8; 7] = [48, 0x20, 0x01, 0x0d, 0xb8, 0, 0];
    let six = table(&[update(&[], &reach([0, 2, 1], &DOC), &[])]).unwrap();
    assert_eq!(shown(&six), [("2001:db8::/48".to_owned(), Origin::As(Asn(64500)))]);
    let check = |attributes: &[u8], announced: &[u8]| {
        let error = table(&[update(&[], attributes, announced)]).unwrap_err().to_string();
        assert!(error.contains("record 1: its "), "{error}");
    };
    let path = attributes(&[(2, &[64500])]);
    check(&reach([0, 2, 1], &[129, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), &[]);
    check(&reach([0, 2, 1], &[48, 0x20]), &[]);
    check(&path, &[33, 192, 0, 2, 0, 0]);
    check(&path, &[24, 192, 0]);
    // A default route and 8.0.0.0/8, or the path identifier 0x00080808 and a prefix of 0 bits.
    check(&path, &[0, 8, 8, 8, 0]);
    // What is not unicast is counted.
    let other =
        table(&[update(&[], &reach([0, 2, 1], &DOC), &[]), update(&[], &reach([0, 25, 70], &[1, 2]), &[])]);
    assert_eq!(other.unwrap().skipped.first().unwrap().count, 1);
}

#[test]
fn bzip2_is_unpacked() {
    use std::io::Write;
    let bytes = [peers(1, "master4"), rib(1, &FIRST, &attributes(&[]))].concat();
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(&bytes).unwrap();
    assert_eq!(
        shown(&read("x", &encoder.finish().unwrap()).unwrap()),
        [("192.0.2.0/24".to_owned(), Origin::Own)]
    );
}
