//! Name servers.
