//! map comes here
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::string_slice, clippy::print_stderr, clippy::print_stdout)
)]
pub mod estate;
pub mod finding;
pub mod net;
pub mod outcome;
pub mod rpsl;
