//! Announcements as text: lists, BIRD, FRR, GoBGP, OpenBGPD, riswhois and RIPEstat. Nothing may panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ripectl_fuzz_bgp::announcements(bytes));

#[path = "../../tests/fuzzed/bgp.rs"]
mod ripectl_fuzz_bgp;
