//! A proxy between the program and a registry: it passes requests on, or does worse.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A request as it came.
pub struct Asked {
    /// All of it.
    pub text: String,
}

impl Asked {
    /// Its body.
    pub fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }
}

/// What an answer is made of: the request, and the real answer; `None` resets the connection.
pub type Make = fn(&Asked, &str) -> Option<String>;

/// What the proxy does with a request.
pub enum Act {
    /// Passes it on, and the answer back.
    Pass,
    /// Passes it on so many times, and answers with what this makes of the last answer.
    Instead(usize, Make),
}

/// A running proxy; it stops with its runtime.
pub struct Proxy {
    /// Where it listens.
    pub url: String,
    /// How many requests came.
    pub requests: Arc<AtomicUsize>,
}

impl Proxy {
    /// A proxy to `url` that does with each request, counted from 0, what `act` says.
    pub async fn start(url: &str, act: impl Fn(&Asked, usize) -> Act + Send + Sync + 'static) -> Proxy {
        let target = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (requests, act) = (Arc::<AtomicUsize>::default(), Arc::new(act));
        let count = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, target.clone(), Arc::clone(&act), Arc::clone(&count)));
            }
        });
        Proxy { url, requests }
    }
}

/// Answers one request after the other.
async fn serve(
    mut client: TcpStream,
    target: String,
    act: Arc<impl Fn(&Asked, usize) -> Act + Send + Sync + 'static>,
    count: Arc<AtomicUsize>,
) {
    while let Some(text) = message(&mut client).await {
        let asked = Asked { text };
        let answer = match act(&asked, count.fetch_add(1, Ordering::SeqCst)) {
            Act::Pass => pass(&asked, &target).await,
            Act::Instead(times, make) => {
                let mut answer = Some(String::new());
                for _ in 0..times {
                    answer = pass(&asked, &target).await;
                }
                answer.and_then(|answer| make(&asked, &answer))
            }
        };
        let Some(answer) = answer else { return client.set_zero_linger().unwrap() };
        let is_whole = client.write_all(answer.as_bytes()).await.is_ok() && length(&answer) == Some(0);
        if !is_whole {
            let _ = client.shutdown().await;
            return;
        }
    }
}

/// How many bytes of the body are missing, if its length is said.
fn length(text: &str) -> Option<usize> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let lower = head.to_ascii_lowercase();
    let said =
        lower.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    Some(said.unwrap_or(0).saturating_sub(body.len()))
}

/// Sends the request to `target` on a connection of its own, and reads the answer.
async fn pass(asked: &Asked, target: &str) -> Option<String> {
    let mut server = TcpStream::connect(target).await.ok()?;
    server.write_all(asked.text.as_bytes()).await.ok()?;
    message(&mut server).await
}

/// A whole request or answer: a header, and as much of a body as it says. Bodies are UTF-8 here.
async fn message(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if let Ok(text) = std::str::from_utf8(&bytes)
            && length(text) == Some(0)
        {
            return Some(text.to_owned());
        }
        let read = stream.read_buf(&mut bytes).await.ok()?;
        (read > 0).then_some(())?;
    }
}
