//! VRPs in every format, exceptions, and prefixes.

use ripectl::{
    net::Prefix,
    reading::ReadError,
    rpki::{self, Evidence, Slurm, Vrp},
};

/// Reads bytes as VRPs and as a SLURM file. What is read is within bounds, is the same when it is printed and read again, and is
/// no more than there was when the text is cut; what is not is refused with a hint, and nothing that a terminal obeys.
pub fn vrps(bytes: &[u8]) {
    match rpki::read("x", bytes) {
        Ok(evidence) => {
            assert!(!evidence.vrps.is_empty());
            evidence.vrps.iter().for_each(|vrp| again(&vrp));
            csv(&evidence);
        }
        Err(error) => refused(&error),
    }
    match Slurm::read("x", bytes) {
        Ok(slurm) => {
            // What a file of exceptions does to what it asserts itself is bounded.
            if let Ok(evidence) = rpki::read("x", bytes) {
                let _ = Slurm::apply(&[slurm], evidence);
            }
        }
        Err(error) => refused(&error),
    }
}

/// Reads bytes as a prefix, and as a VRP that was typed.
pub fn typed(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(prefix) = text.parse::<Prefix>() {
        assert_eq!(prefix.to_string().parse(), Ok(prefix));
        assert!(prefix.covers(prefix) && prefix.len() <= prefix.family().bits());
    }
    if let Ok(vrp) = text.parse::<Vrp>() {
        again(&vrp);
    }
}

fn again(vrp: &Vrp) {
    let length = vrp.prefix().len()..=vrp.prefix().family().bits();
    assert!(length.contains(&vrp.max_length()), "{vrp}");
    let read: Vrp = vrp.as_typed().parse().expect("what is printed is read");
    assert!(read.says_the_same_as(vrp), "{vrp}");
}

/// The same VRPs as CSV are the same.
fn csv(evidence: &Evidence) {
    let mut text = "ASN,IP Prefix,Max Length\n".to_owned();
    for vrp in evidence.vrps.iter() {
        text += &format!("{},{},{}\n", vrp.origin(), vrp.prefix(), vrp.max_length());
    }
    let read = rpki::read("x", text.as_bytes()).expect("CSV of ours");
    assert_eq!(read.vrps.len(), evidence.vrps.len());
    assert!(read.vrps.iter().zip(evidence.vrps.iter()).all(|(a, b)| a.says_the_same_as(&b)));
}

fn refused(error: &ReadError) {
    let text = error.to_string();
    assert!(text.contains("\nhint: "), "{text}");
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
}
