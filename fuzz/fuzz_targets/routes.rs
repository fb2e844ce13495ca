//! A dump of routes. Nothing may panic, and each object is counted once.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ripectl_fuzz_routes::dump(bytes));

#[path = "../../tests/fuzzed/routes.rs"]
mod ripectl_fuzz_routes;
