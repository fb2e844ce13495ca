use std::{fs, io::Write};

use flate2::{Compression, write::GzEncoder};

use super::*;
use crate::{irr::Hidden, rpsl::shared};

const TWO: &str = "\
% This is the RIPE Database.\r\n\r\nroute6:\t2A0F:85C1:260:0::/48 # ours\r\ndescr:          caf\u{e9}\r\norigin:AS205398\r
mnt-by: A-MNT,\r\n+ B-MNT # two\r\n # of them\r\nmnt-by:         C-MNT\r\nlast-modified:  2026-11-23T09:27:16Z\r
source:         ripe # Filtered\r\n\r\n\r\naut-num: AS1\r\nsource: RIPE\r\n\r\nROUTE: 192.0.2.0/24\r
Origin: as1\r\nsource: RADB\r\nsource: radb\r\nrpki-ov-state: invalid\r\n\r\n# EOF\r\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn all(bytes: &[u8]) -> Result<Dump, ReadError> {
    read_dump("x", bytes, |_, _| true)
}

fn told(dump: &Dump) -> Vec<String> {
    let one = |route: &Route| {
        let Route { prefix, origin, source, maintainers, hidden, .. } = route;
        let hidden = hidden.map_or("", Hidden::text);
        format!("{prefix} {origin} {source} {} {hidden}", maintainers.join("+"))
    };
    dump.routes.iter().map(one).collect()
}

#[test]
fn a_dump_is_read_as_registries_write_it() {
    let latin = TWO.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
    let unix = TWO.replace('\r', "");
    let marked = format!("\u{feff}{unix}");
    let packed = gzip(TWO.as_bytes());
    let (one, two) = packed_halves(&unix);
    for bytes in [TWO.as_bytes(), &latin, unix.as_bytes(), marked.as_bytes(), &packed, &[one, two].concat()] {
        let dump = all(bytes).unwrap();
        assert_eq!(
            told(&dump),
            ["2a0f:85c1:260::/48 AS205398 RIPE A-MNT+B-MNT+C-MNT ", "192.0.2.0/24 AS1 RADB  rpki"]
        );
        let [first, second] = &dump.routes[..] else { panic!() };
        assert_eq!((first.place, second.place), (Some(Place::Line(3)), Some(Place::Line(17))));
        assert_eq!(first.last_modified.unwrap().to_string(), "2026-11-23T09:27:16Z");
        assert_eq!((dump.objects, dump.seen, dump.says_end), (3, 2, true));
        assert_eq!(dump.left_out.words(), ["1 object of another class"]);
    }
}

fn packed_halves(text: &str) -> (Vec<u8>, Vec<u8>) {
    let (one, two) = text.split_at(100);
    (gzip(one.as_bytes()), gzip(two.as_bytes()))
}

#[test]
fn only_what_is_wanted_is_kept_and_the_rest_is_counted() {
    let dump =
        read_dump("x", TWO.as_bytes(), |prefix, origin| prefix.len() == 24 && origin == Asn(1)).unwrap();
    assert_eq!(told(&dump), ["192.0.2.0/24 AS1 RADB  rpki"]);
    assert_eq!(dump.left_out.words(), ["1 object of another class", "1 object for other address space"]);
}

/// What an IRRd 4.5.4 answered (`A<bytes>`, the objects, `C`).
#[test]
fn what_irrd_prints_is_read_without_its_pseudo_source() {
    let Some(path) = shared::path("rpki/samples/irrd/whois-bang.txt") else { return };
    let text = fs::read_to_string(path).unwrap();
    let (_, text) = text.split_once(">>> !r2a0f:85c1:260::/44,M\nA2343\n").unwrap();
    let answer = text.get(..2343).unwrap();
    assert!(text.get(2343..).unwrap().starts_with("C\n"));
    let dump = read_answer("x", answer.as_bytes()).unwrap();
    assert_eq!(
        told(&dump),
        [
            "2a0f:85c1:260::/48 AS205398 TESTIRR RIPECTL-MNT ",
            "2a0f:85c1:261::/48 AS205398 TESTIRR RIPECTL-MNT ",
            "2a0f:85c1:264::/48 AS205398 TESTIRR RIPECTL-MNT ",
            "2a0f:85c1:26a::/48 AS205398 TESTIRR RIPECTL-MNT ",
            "2a0f:85c1:26f::/48 AS64999 TESTIRR RIPECTL-MNT ",
        ]
    );
    assert_eq!((dump.seen, dump.left_out.pseudo), (5, 3));
}

#[test]
fn what_is_no_route_object_is_refused_with_its_place() {
    let check = |text: &str, expected: &str| {
        let text = format!("{text}\n\naut-num: AS1\nsource: RIPE\n");
        let error = all(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
        assert!(error.contains("\nhint: "), "{error}");
    };
    check(
        "route6: 2001:db8:101::/44\norigin: AS1\nsource: X",
        "`x`: 1 of its records cannot be read as route objects:\n  line 1: 2001:db8:101::/44 has host bits set; did \
         you mean 2001:db8:100::/44?\nhint: ",
    );
    check(
        "\nroute6: 192.0.2.0/24\norigin: AS1\nsource: X",
        "line 2: 192.0.2.0/24 is IPv4, in an object of class route6",
    );
    check("route: ::/0\norigin: AS1\nsource: X", "line 1: ::/0 is IPv6, in an object of class route");
    check("route: 192.0.2.0/24\nsource: X", "line 1: a route object without `origin:`");
    check("route: 192.0.2.0/24\norigin: AS1", "line 1: a route object without `source:`");
    check("route: 192.0.2.0/24\norigin: AS-X\u{1b}[2J\nsource: X", "`AS-X\\u{1b}[2J` is not an AS number");
    check("route: 192.0.2.0/24\norigin: AS1\nsource: X\nsource: Y", "two sources in one object, `X` and `Y`");
    check("route: 192.0.2.0/24\norigin: AS1\norigin: AS2\nsource: X", "two origins in one object");
    check(
        "route: 192.0.2.0/24\norigin: AS1\nsource: X\n \nroute: 192.0.2.0/24\norigin: AS2",
        "an empty line is missing",
    );
    check("route: 192.0.2.0/24\norigin: AS1\nsource: X\nlast-modified: yesterday", "`yesterday` is no time");
    check("route: 192.0.2.0/24\norigin: AS1\nsource: X\n<html>", "a line without `attribute:`");
    check("route: 192.0.2.0/24\norigin: AS1\nsource: X\n\n<html>", "line 5: no object");
    check(
        "<html>\n\nroute: 192.0.2.0/24",
        "holds no route objects in a format that can be read; it begins with `<html>`",
    );
    check("aut-num: AS2\nsource: X", "`x` holds no route object at all, so it proves nothing");
    check("route: 192.0.2.0/24\norigin: AS1\nsource: RPKI", "`x` holds no route object at all");
}

#[test]
fn what_is_cut_off_is_refused() {
    let route = "route: 192.0.2.0/24\norigin: AS1\nsource: X\nmnt-by: A-MNT\n";
    for cut in 1..route.len() {
        let text = format!("{route}\n{}", route.get(..cut).unwrap());
        let error = match all(text.as_bytes()) {
            // All that counts is there, and ends with its line.
            Ok(_) => {
                assert!(text.ends_with("X\n") || text.ends_with('\n') && text.contains("source: X\n\nroute"));
                continue;
            }
            Err(error) => error.to_string(),
        };
        assert!(error.starts_with("`x` is cut off: it ends in the middle of line "), "{text}: {error}");
    }
    let packed = gzip(TWO.repeat(50).as_bytes());
    for cut in 2..packed.len() {
        let error = all(packed.get(..cut).unwrap()).unwrap_err().to_string();
        assert!(error.contains("it is compressed (gzip) and cut off or damaged"), "{cut}: {error}");
    }
    let with_rest = [packed, b"rest".to_vec()].concat();
    assert!(all(&with_rest).is_err());
}

#[test]
fn what_is_packed_otherwise_is_called_by_its_name() {
    let check = |bytes: &[u8], expected: &str| {
        let error = all(bytes).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    };
    check(b"BZh91AY", "`x` is compressed (bzip2), which is not read\nhint: `bzip2 -dc x > FILE`");
    check(b"\xff\xfer\x00", "`x` is UTF-16 text, which is not read");
    check(&gzip(&gzip(b"route:")), "`x` is compressed twice (gzip), which is not read");
    check(&gzip(b"\xfd7zXZ\x00"), "`x` is compressed (xz), which is not read");
    check(b"", "`x` holds no route object at all");
}

#[test]
fn memory_has_a_bound_and_what_exceeds_it_is_refused() {
    let endless = |start: &'static str, byte| start.as_bytes().chain(io::repeat(byte).take(5 << 30));
    let error = |reader| read_dump("x", reader, |_, _| true).unwrap_err().to_string();
    let expected =
        "`x`: what begins in line 1 is longer than 16 MB without an empty line, and no object is\nhint: ";
    assert!(error(endless("", 0)).starts_with(expected));
    assert!(error(endless("route: ", b' ')).starts_with(expected));
    assert!(error(endless("aut-num: AS1\n\nx: ", b'x')).contains("what begins in line 3 "));
}

/// Nothing that is damaged is read as if it were whole without a trace, and nothing panics.
#[test]
fn damage_never_panics() {
    let mut bytes = vec![TWO.as_bytes().to_vec(), gzip(TWO.as_bytes())];
    if let Some(path) = shared::path("rpki/samples/irrd/whois-ripe.txt") {
        bytes.push(fs::read(path).unwrap());
    }
    for whole in bytes {
        for part in 0..20 {
            let _ = all(whole.get(..whole.len() * part / 20).unwrap());
        }
        for flip in 0..200 {
            let mut damaged = whole.clone();
            let at = damaged.len() * flip / 200;
            damaged[at] ^= 1 << (flip % 8);
            let _ = all(&damaged);
        }
    }
}

#[test]
fn a_stream_that_breaks_is_no_dump() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let error = read_dump("x", TWO.as_bytes().chain(Broken), |_, _| true).unwrap_err().to_string();
    assert!(error.starts_with("`x`: reading it failed: the disk is gone\nhint: "), "{error}");
}
