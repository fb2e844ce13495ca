//! map comes here
pub mod net;
pub mod rpsl;
