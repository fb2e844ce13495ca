//! The body of a write, from bytes to the registry's decision. Nothing may panic, whatever the bytes are.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| ripectl_fuzz_request::request(body));

#[path = "../../tests/fuzzed/request.rs"]
mod ripectl_fuzz_request;
