//! Prefixes and VRPs as they are typed. Nothing may panic, and what is printed is read again as the same.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ripectl_fuzz_vrps::typed(bytes));

#[path = "../../tests/fuzzed/vrps.rs"]
#[allow(dead_code, reason = "each target has one of it")]
mod ripectl_fuzz_vrps;
