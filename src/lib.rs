//! map comes here
pub mod net;
pub mod rpki;
pub mod rpsl;
