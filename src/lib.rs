//! map comes here
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::string_slice, clippy::print_stderr, clippy::print_stdout)
)]
pub mod finding;
pub mod net;
pub mod outcome;
pub mod registered;
pub mod rpki;
pub mod rpsl;
pub mod rules;
pub mod wire;
