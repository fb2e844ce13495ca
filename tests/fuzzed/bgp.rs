//! What is done with what routers announce: shared by the fuzz targets and the test that replays their corpus.

use ripectl::bgp::{self, Origin, Seen};

/// Reads announcements: a refusal says what to do and shows no control; what is read is the same as a list.
pub fn announcements(bytes: &[u8]) {
    let announced = match bgp::read("fuzzed", bytes) {
        Ok(announced) => announced,
        Err(error) => {
            let text = error.to_string();
            assert!(text.contains("\nhint: "), "{text}");
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
            return;
        }
    };
    let known = |seen: &&Seen| seen.origin != Origin::Own;
    let pair = |seen: &Seen| match seen.origin {
        Origin::As(asn) => format!("{},{asn}\n", seen.prefix),
        Origin::Set | Origin::Own => format!("{},{{1,2}}\n", seen.prefix),
    };
    let listed: String = announced.seen.iter().filter(known).map(pair).collect();
    if !listed.is_empty() {
        let again = bgp::read("listed", listed.as_bytes()).expect("a list is read");
        let fields = |seen: &Seen| (seen.prefix, seen.origin);
        assert!(
            again.seen.iter().map(fields).eq(announced.seen.iter().filter(known).map(fields)),
            "{listed}"
        );
    }
}
