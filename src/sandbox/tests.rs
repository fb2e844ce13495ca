//! The registry as another program sees it, over a socket.

use std::{net::Ipv4Addr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::*;

fn options(listen: SocketAddr, state: Option<PathBuf>) -> ServeOptions {
    let (accounts, settings, own_key, sharing) = (None, None, None, Sharing::Alone);
    ServeOptions {
        listen,
        load: Vec::new(),
        accounts,
        settings,
        state,
        own_key,
        sharing,
        clock: Clock::default(),
    }
}

async fn running() -> Running {
    let listen = (Ipv4Addr::LOCALHOST, 0).into();
    start(options(listen, None)).await.unwrap()
}

/// Status and body of the answer to these bytes.
async fn exchange(registry: &Running, request: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(registry.url.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    // A refused body may be answered by a reset behind the answer.
    let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

fn request(line: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nConnection: close\r\n\
         Content-Length: {length}\r\n{headers}\r\n"
    );
    [head.as_bytes(), body].concat()
}

const JSON: &str = "Content-Type: application/json\r\n";

#[tokio::test]
async fn listens_on_loopback_only() {
    let listen = (Ipv4Addr::UNSPECIFIED, 0).into();
    let refused = start(options(listen, None)).await.unwrap_err().to_string();
    assert!(refused.contains("not a loopback address"), "{refused}");
}

#[tokio::test]
async fn what_is_malformed_is_refused_and_stops_nothing() {
    let registry = running().await;
    let check = async |request: &[u8], expected: u16, said: &str| {
        let (status, body) = exchange(&registry, request).await;
        let start = String::from_utf8_lossy(request).chars().take(90).collect::<String>();
        assert_eq!(status, expected, "{start}: {body}");
        assert!(body.contains(said), "{start}: {body}");
    };
    let post = |body: &[u8]| request("POST /ripe/role", JSON, body);
    check(&post(b"{\"objects\":"), 400, "Unexpected end-of-input").await;
    check(&post(b"\xff\xfe"), 400, "JSON processing exception").await;
    check(&post("[".repeat(200_000).as_bytes()), 400, "JSON processing exception").await;
    let long = format!(
        r#"{{"objects":{{"object":[{{"attributes":{{"attribute":[{{"name":"role","value":"{}"}}]}}}}]}}}}"#,
        "x".repeat(10 << 20)
    );
    check(&post(long.as_bytes()), 400, "").await;
    check(&request("POST /ripe/role", "", b"{}"), 415, "Unsupported Media Type").await;
    check(&request("GET /ripe/role/%ff%fe", "", b""), 400, "").await;
    check(&request("GET /ripe/role/%", "", b""), 400, "ERROR:115").await;
    check(&request("GET /nowhere", "", b""), 400, "").await;
    check(&request("BREW /ripe/role/X1-RIPE", "", b""), 400, "").await;
    check(&request("GET /search?query-string=%00%f0&flags=%ff", "", b""), 400, "Invalid search flag").await;
    let plain = "X-Forwarded-Proto: http\r\nAuthorization: Basic eDp5\r\n";
    check(&request("GET /ripe/role/X1-RIPE", plain, b""), 426, "HTTPS required").await;
    check(&request("DELETE /ripe/role/X1-RIPE", plain, b""), 400, "").await;
    check(&request("GET /metadata/sources", "", b""), 200, "ripe-grs").await;
}

#[tokio::test]
async fn a_copy_takes_the_place_of_all_that_was_kept() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("sandbox.sqlite");
    let object = |text: &str| Object::parse(text).unwrap();
    let first = object("person: A B\nnic-hdl: AB1-RIPE\nsource: RIPE\n");
    let second = object("mntner: COPY-MNT\nsource: RIPE\n");
    for objects in [vec![first], vec![second]] {
        replace(&state, objects).unwrap();
    }
    let listen = (Ipv4Addr::LOCALHOST, 0).into();
    let registry = start(options(listen, Some(state))).await.unwrap();
    let get = async |path: &str| exchange(&registry, &request(&format!("GET {path}"), "", b"")).await.0;
    assert_eq!(get("/ripe/mntner/COPY-MNT").await, 200);
    assert_eq!(get("/ripe/person/AB1-RIPE").await, 404);
    assert_eq!(get("/ripe/inet6num/2a0f:85c1:260::/44").await, 404);
}
