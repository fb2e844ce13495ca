//! RPSL (RFC 2622, RFC 4012) as the RIPE Database writes it.
pub mod policy;
pub mod schema;
