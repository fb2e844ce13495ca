//! Where requests may go, and the clients that make them: rules that hold for every request of the program.
//!
//! HTTPS, or plain HTTP to this machine; no redirect is followed; what is for this machine goes through no proxy and
//! is never looked up by name.

mod address;
mod fault;
mod host;

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::{Client, redirect::Policy};

pub use address::{Address, AddressError};
pub use fault::Fault;
pub use host::{Host, HostError};

/// How long a connection may take to be made, at most.
const CONNECT: Duration = Duration::from_secs(10);

/// A client for `address`; `patience` is how long an answer may stand still.
pub fn client(address: &Address, patience: Duration) -> reqwest::Result<Client> {
    // Fails only if a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let this_machine = [(Ipv4Addr::LOCALHOST, 0).into(), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
    let builder = Client::builder()
        .user_agent(concat!("ripectl/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .connect_timeout(patience.min(CONNECT))
        .read_timeout(patience)
        // Who answers for names must not get what is for this machine.
        .resolve_to_addrs("localhost", &this_machine);
    let builder = if address.is_loopback() { builder.no_proxy() } else { builder };
    // Plain HTTP needs no certificates, and a machine without any can use the sandbox.
    match address.is_plain() {
        true => builder.tls_certs_only([]).build(),
        false => builder.https_only(true).build(),
    }
}
