//! Answers of IRRd by whois. Nothing may panic, and none is read past its end.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ripectl_fuzz_routes::answers(bytes));

#[path = "../../tests/fuzzed/routes.rs"]
mod ripectl_fuzz_routes;
