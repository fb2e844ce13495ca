//! What a real BIRD exports is read through its control socket: two of them on loopback, in folders of the test's own.
//!
//! Where `bird` is not there, it says so and is passed over; with `RIPECTL_REQUIRE=bird` that fails.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use ripectl::{bgp, birdc};

/// A BIRD that ends with the test.
struct Bird(Child);

impl Drop for Bird {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts BIRD with a configuration; its control socket is beside it.
fn start(folder: &Path, name: &str, config: &str) -> (Bird, PathBuf) {
    let path = |end: &str| folder.join(format!("{name}.{end}"));
    fs::write(path("conf"), config).unwrap();
    let mut command = Command::new("bird");
    command.arg("-f").arg("-c").arg(path("conf")).arg("-s").arg(path("ctl")).arg("-P").arg(path("pid"));
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    (Bird(child), path("ctl"))
}

/// A port that was free a moment ago.
fn port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

const OURS: &str = "router id 192.0.2.1;
protocol device { }
protocol static s6 { ipv6; route 2001:db8:1::/48 blackhole; route 2001:db8:2::/48 blackhole; }
template bgp t { strict bind on; multihop 2; connect delay time 1;
  ipv6 { import none; export all; next hop address 2001:db8::1; }; }
protocol bgp up from t { local 127.0.0.1 port OURS as 64500; neighbor 127.0.0.2 port THEIRS as 64501; }
protocol bgp silent from t { local 127.0.0.5 port OURS as 64500; neighbor 127.0.0.3 port THEIRS as 64501; ipv6 { export none; }; }
protocol bgp broken from t { local 127.0.0.6 port OURS as 64500; neighbor 127.0.0.4 port THEIRS as 64501; }
";

const THEIRS: &str = "router id 192.0.2.2;
protocol device { }
template bgp t { strict bind on; multihop 2; connect delay time 1;  ipv6 { import all; export none; }; }
protocol bgp a from t { local 127.0.0.2 port THEIRS as 64501; neighbor 127.0.0.1 port OURS as 64500; }
protocol bgp b from t { local 127.0.0.3 port THEIRS as 64501; neighbor 127.0.0.5 port OURS as 64500; }
";

#[tokio::test]
async fn what_bird_exports_is_read_through_its_socket() {
    if Command::new("bird").arg("--version").output().is_err() {
        let is_demanded = std::env::var("RIPECTL_REQUIRE").is_ok_and(|all| all.contains("bird"));
        assert!(!is_demanded, "bird is not here");
        return println!("skipped: bird is not here");
    }
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (port().to_string(), port().to_string());
    let with_ports =
        |config: &str| config.replace("port OURS", &format!("port {ours}")).replace("THEIRS", &theirs);
    let (_bird, socket) = start(folder.path(), "ours", &with_ports(OURS));
    let (_other, _) = start(folder.path(), "theirs", &with_ports(THEIRS));
    let deadline = Instant::now() + Duration::from_secs(30);
    for name in ["up", "silent"] {
        while let Err(error) = birdc::exported(&socket, name).await {
            assert!(Instant::now() < deadline, "{error}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    let read = async |name: &str| bgp::read(name, &birdc::exported(&socket, name).await.unwrap()).unwrap();
    let seen: Vec<_> =
        read("up").await.seen.iter().map(|seen| (seen.prefix.to_string(), seen.origin)).collect();
    let own = |prefix: &str| (prefix.to_owned(), bgp::Origin::Own);
    assert_eq!(seen, [own("2001:db8:1::/48"), own("2001:db8:2::/48")]);
    assert_eq!(read("silent").await.seen, [], "it is up, and nothing is exported to it");
    let refused = async |name: &str| birdc::exported(&socket, name).await.unwrap_err().to_string();
    let down = refused("broken").await;
    assert!(down.contains("BIRD answers `No valid tables`\nhint: the session is down"), "{down}");
    let unknown = refused("nosuch").await;
    assert!(unknown.contains("BIRD answers `syntax error"), "{unknown}");
}
