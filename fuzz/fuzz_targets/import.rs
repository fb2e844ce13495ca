//! A dump that is imported, from bytes to files. Nothing may panic, and no object is lost or another.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ripectl_fuzz_import::import(bytes));

#[path = "../../tests/fuzzed/import.rs"]
mod ripectl_fuzz_import;
