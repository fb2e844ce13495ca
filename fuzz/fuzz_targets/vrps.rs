//! VRPs of validators and routers, and SLURM. Nothing may panic; what is read holds what `tests/fuzzed/vrps.rs` says.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ripectl_fuzz_vrps::vrps(bytes));

#[path = "../../tests/fuzzed/vrps.rs"]
#[allow(dead_code, reason = "each target has one of it")]
mod ripectl_fuzz_vrps;
