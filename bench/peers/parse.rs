//! Parses the VRPs of a file as `serde_json` does into structs that borrow from it, and does nothing else: the floor that the
//! gate is measured against.
//!
//!   parse FILE

use serde::Deserialize;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    roas: Vec<Roa<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Roa<'a> {
    asn: &'a str,
    prefix: &'a str,
    max_length: u8,
    ta: &'a str,
}

fn main() {
    let path = std::env::args().nth(1).expect("which file?");
    let bytes = std::fs::read(&path).expect("a file that can be read");
    let document: Document<'_> = serde_json::from_slice(&bytes).expect("VRPs as Routinator prints them");
    for roa in std::hint::black_box(&document.roas) {
        std::hint::black_box((roa.asn, roa.prefix, roa.max_length, roa.ta));
    }
    println!("{}", document.roas.len());
}
