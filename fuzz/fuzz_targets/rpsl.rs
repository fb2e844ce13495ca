//! A file of objects, from bytes to the layout of the registry. Nothing may panic, and the layout settles.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ripectl_fuzz_rpsl::file(bytes));

#[path = "../../tests/fuzzed/rpsl.rs"]
mod ripectl_fuzz_rpsl;
