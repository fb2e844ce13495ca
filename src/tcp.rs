//! Servers that speak something else than HTTP: where they are, and plain connections to them.

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
};

use tokio::{io, net::TcpStream};

/// A server by its host and port (RFC 3986 §3.2, without user information).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Server {
    /// A name in lower case, or an address without brackets.
    host: String,
    port: u16,
}

impl Server {
    /// The server in `text`: `HOST:PORT` or `[ADDRESS]:PORT`, or without a port where there is a `usual` one.
    pub fn read(text: &str, usual: Option<u16>) -> Option<Server> {
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (host, rest) = rest.split_once(']')?;
                host.parse::<Ipv6Addr>().ok()?;
                (host, if rest.is_empty() { None } else { Some(rest.strip_prefix(':')?) })
            }
            None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
        };
        let is_name = |b: u8| b.is_ascii_alphanumeric() || b"-.:_".contains(&b);
        let is_number = |port: &&str| port.bytes().all(|b| b.is_ascii_digit());
        let port =
            port.map_or(usual, |port| Some(port).filter(is_number)?.parse().ok()).filter(|port| *port > 0)?;
        (!host.is_empty() && host.bytes().all(is_name))
            .then(|| Server { host: host.to_ascii_lowercase(), port })
    }

    /// A connection. Whoever answers for names does not get what is for this machine: `localhost` is not looked up.
    pub async fn connect(&self) -> io::Result<TcpStream> {
        let Server { host, port } = self;
        if matches!(host.as_str(), "localhost" | "localhost.") {
            let own: [SocketAddr; 2] =
                [(Ipv4Addr::LOCALHOST, *port).into(), (Ipv6Addr::LOCALHOST, *port).into()];
            return TcpStream::connect(&own[..]).await;
        }
        TcpStream::connect((host.as_str(), *port)).await
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Server { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_a_host_and_a_port() {
        let check = |text: &str, usual: Option<u16>, expected: Option<&str>| {
            let read = Server::read(text, usual).map(|server| server.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        };
        check("Whois.radb.net", Some(43), Some("whois.radb.net:43"));
        check("127.0.0.1:8043", Some(43), Some("127.0.0.1:8043"));
        check("[::1]:1", None, Some("[::1]:1"));
        check("[::1]", Some(323), Some("[::1]:323"));
        check("rtr_1.example:3323", None, Some("rtr_1.example:3323"));
        for wrong in [
            "localhost",
            "localhost:",
            ":1",
            "a:0",
            "a:65536",
            "a:+1",
            "::1:1",
            "[a]:1",
            "[::1]1",
            "a b:1",
            "a@b:1",
            "",
        ] {
            check(wrong, None, None);
        }
    }
}
