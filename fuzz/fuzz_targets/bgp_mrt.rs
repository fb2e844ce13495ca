//! Announcements in MRT: its framing, attributes and paths. Nothing may panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ripectl_fuzz_bgp::announcements(bytes));

#[path = "../../tests/fuzzed/bgp.rs"]
mod ripectl_fuzz_bgp;
