//! map comes here
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::string_slice, clippy::print_stderr, clippy::print_stdout)
)]

pub mod outcome;

pub mod finding;

pub mod net;

pub mod rpsl;

pub mod registered;

pub mod rules;

pub mod estate;

pub mod plan;

pub mod rpki;

pub mod validate;

pub mod wire;

pub mod registry;

pub mod report;
