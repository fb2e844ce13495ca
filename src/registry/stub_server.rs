//! A server for tests that answers with given bytes, or worse.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{Registry, Remote};
use crate::user::Secret;

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sends these bytes and closes the connection.
    Send(String),
    /// Resets the connection without an answer.
    Reset,
    /// Says nothing for longer than anyone waits.
    Hang,
    /// Begins an answer, and goes on with a blank now and then.
    Drip,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Method and path with query, as in `GET /ripe/mntner/A-MNT?unfiltered`.
    pub line: String,
    /// The header.
    pub head: String,
    /// The body.
    pub body: String,
}

/// A server on loopback.
pub struct Canned {
    /// Its base URL.
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Canned {
    /// A server that does with each request as `act` says; the number counts requests from 0.
    pub async fn serve(act: impl Fn(&Asked, usize) -> Act + Send + Sync + 'static) -> Canned {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (log, act) = (asked.clone(), Arc::new(act));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, log.clone(), act.clone()));
            }
        });
        Canned { url, asked }
    }

    /// A client of it that is not patient.
    pub fn registry(&self) -> Registry {
        let mut remote = Remote::new("test", &self.url, "RIPE");
        remote.limits.patience = Duration::from_secs(1);
        remote.limits.waits = vec![Duration::from_millis(1); 2];
        let secret = Secret::parse("RIPECTLUSERKEY0000000001:secret-user").unwrap();
        Registry::new(remote, vec![secret.named("test")], Arc::new(|_| ())).unwrap()
    }

    /// The requests up to now.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Methods and paths of the requests up to now.
    pub fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.line).collect()
    }

    /// How many of them would have changed something.
    pub fn writes(&self) -> usize {
        self.lines().iter().filter(|line| !line.starts_with("GET") && !line.contains("dry-run")).count()
    }
}

async fn answer(
    mut stream: TcpStream,
    log: Arc<Mutex<Vec<Asked>>>,
    act: Arc<impl Fn(&Asked, usize) -> Act + Send + Sync + 'static>,
) {
    let Some(asked) = request(&mut stream).await else { return };
    let count = {
        let mut log = log.lock().unwrap();
        log.push(asked.clone());
        log.len() - 1
    };
    match act(&asked, count) {
        Act::Send(bytes) => {
            let _ = stream.write_all(bytes.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
        Act::Reset => stream.set_zero_linger().unwrap(),
        Act::Hang => tokio::time::sleep(Duration::from_secs(30)).await,
        Act::Drip => {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n";
            let mut sent = stream.write_all(head.as_bytes()).await;
            while sent.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
                sent = stream.write_all(b" ").await;
            }
        }
    }
}

async fn request(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let lower = head.to_ascii_lowercase();
        let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            let line = head.lines().next()?.trim_end_matches(" HTTP/1.1").to_owned();
            return Some(Asked { line, head: head.to_owned(), body: body.to_owned() });
        }
    }
}

/// A whole answer with this status line, content type and body.
pub fn http(status: &str, content_type: &str, body: &str) -> Act {
    let length = body.len();
    Act::Send(format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    ))
}

/// The registry's answer with this status and these objects (in RPSL) and messages (severity and text).
pub fn json(status: &str, objects: &[&str], messages: &[(&str, &str)]) -> Act {
    let objects: Vec<_> = objects.iter().map(|text| wire_object(text)).collect();
    let messages: Vec<_> = messages
        .iter()
        .map(|(severity, text)| serde_json::json!({"severity": severity, "text": text}))
        .collect();
    let body =
        serde_json::json!({"objects": {"object": objects}, "errormessages": {"errormessage": messages}});
    http(status, "application/json", &body.to_string())
}

fn wire_object(text: &str) -> serde_json::Value {
    let object = crate::rpsl::Object::parse(text).unwrap();
    let body: serde_json::Value = serde_json::from_str(&crate::wire::request_body(&object)).unwrap();
    body["objects"]["object"][0].clone()
}

/// The registry's "there is none".
pub fn absent() -> Act {
    json(
        "404 Not Found",
        &[],
        &[("Error", "ERROR:101: no entries found\n\nNo entries found in source %s.\n")],
    )
}
