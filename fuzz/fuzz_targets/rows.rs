//! A table of an IPAM, from bytes to blocks. Nothing may panic, and what is wrong has a place.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ripectl_fuzz_rows::rows(bytes));

#[path = "../../tests/fuzzed/rows.rs"]
mod ripectl_fuzz_rows;
