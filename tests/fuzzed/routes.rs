//! What is done with a dump of routes, and with an answer of IRRd: shared by the fuzz targets and the test that replays their
//! corpus.

use ripectl::{
    irr,
    irrd::frame::{Frame, frame},
};

/// Reads a dump: nothing panics, and each object is counted once.
pub fn dump(bytes: &[u8]) {
    let Ok(dump) = irr::read_dump("fuzzed", bytes, |prefix, _| prefix.len() % 2 == 0) else { return };
    let left_out = dump.left_out;
    let kept = u64::try_from(dump.routes.len()).expect("a length");
    assert_eq!(dump.seen, kept + left_out.unwanted);
    assert_eq!(dump.objects, dump.seen + left_out.pseudo + left_out.others);
    assert!(dump.routes.iter().all(|route| &*route.source != irr::PSEUDO_SOURCE));
}

/// Reads answers one after the other: each is as long as it says, and what is cut off is no other answer.
pub fn answers(bytes: &[u8]) {
    const MOST: usize = 1 << 20;
    let mut rest = bytes;
    while let Ok(Some((answer, length))) = frame(rest, MOST) {
        let (whole, later) = rest.split_at(length);
        assert_eq!(frame(whole, MOST), Ok(Some((answer.clone(), length))), "it hangs on what follows");
        let cut = whole.get(..length - 1).expect("an answer has a byte");
        assert!(matches!(frame(cut, MOST), Ok(None) | Err(_)), "it is whole without its end");
        if let Frame::Data(data) = answer {
            let _ = irr::read_answer("fuzzed", data);
        }
        rest = later;
    }
}
