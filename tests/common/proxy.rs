//! A proxy between the program and a registry: it passes requests on, or does worse.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
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

    /// Its method and path.
    fn place(&self) -> (String, String) {
        let mut words = self.text.split([' ', '?']).map(str::to_owned);
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
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
    /// Passes it on so many times, and answers with what it has answered to such a request before; passes it on if none was.
    Stale(usize),
    /// Passes it on so many times, and never answers.
    Silence(usize),
    /// Never answers, and passes it on before so many further requests have come, or at [`Proxy::release`].
    Late(usize),
}

/// What all connections share.
struct Shared<F> {
    target: String,
    act: F,
    count: Arc<AtomicUsize>,
    late: Late,
    /// The last answer to each method and path.
    answers: Mutex<HashMap<(String, String), String>>,
}

/// What is still on its way: before which request each comes, and it itself.
type Late = Arc<Mutex<Vec<(usize, Asked)>>>;

/// A running proxy; it stops with its runtime.
pub struct Proxy {
    /// Where it listens.
    pub url: String,
    /// How many requests came.
    pub requests: Arc<AtomicUsize>,
    target: String,
    late: Late,
}

impl Proxy {
    /// A proxy to `url` that does with each request, counted from 0, what `act` says.
    pub async fn start(url: &str, act: impl Fn(&Asked, usize) -> Act + Send + Sync + 'static) -> Proxy {
        let target = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (requests, late) = (Arc::<AtomicUsize>::default(), Late::default());
        let (count, answers) = (Arc::clone(&requests), Mutex::default());
        let shared =
            Arc::new(Shared { target: target.clone(), act, count, late: Arc::clone(&late), answers });
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, Arc::clone(&shared)));
            }
        });
        Proxy { url, requests, target, late }
    }

    /// Lets arrive what is still on its way.
    pub async fn release(&self) {
        arrive(&self.late, usize::MAX, &self.target).await;
    }
}

/// Lets arrive what comes before request `number`.
async fn arrive(late: &Late, number: usize, target: &str) {
    let due: Vec<Asked> =
        late.lock().unwrap().extract_if(.., |(due, _)| *due <= number).map(|(_, asked)| asked).collect();
    for asked in due {
        pass(&asked, target).await;
    }
}

/// Answers one request after the other.
async fn serve(
    mut client: TcpStream,
    shared: Arc<Shared<impl Fn(&Asked, usize) -> Act + Send + Sync + 'static>>,
) {
    while let Some(text) = message(&mut client).await {
        let asked = Asked { text };
        let number = shared.count.fetch_add(1, Ordering::SeqCst);
        arrive(&shared.late, number, &shared.target).await;
        let answer = match (shared.act)(&asked, number) {
            Act::Pass => shared.pass(&asked).await,
            Act::Instead(times, make) => {
                let answer = shared.pass_often(&asked, times).await;
                answer.and_then(|answer| make(&asked, &answer))
            }
            Act::Stale(times) => {
                let before = shared.answers.lock().unwrap().get(&asked.place()).cloned();
                match before {
                    Some(before) => shared.pass_often(&asked, times).await.map(|_| before),
                    None => shared.pass(&asked).await,
                }
            }
            Act::Silence(times) => {
                shared.pass_often(&asked, times).await;
                return gone(&mut client).await;
            }
            Act::Late(after) => {
                shared.late.lock().unwrap().push((number + 1 + after, asked));
                return gone(&mut client).await;
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

impl<F> Shared<F> {
    /// Passes it on, and keeps the answer.
    async fn pass(&self, asked: &Asked) -> Option<String> {
        let answer = pass(asked, &self.target).await?;
        self.answers.lock().unwrap().insert(asked.place(), answer.clone());
        Some(answer)
    }

    async fn pass_often(&self, asked: &Asked, times: usize) -> Option<String> {
        let mut answer = Some(String::new());
        for _ in 0..times {
            answer = pass(asked, &self.target).await;
        }
        answer
    }
}

/// Waits until the client has given up.
async fn gone(client: &mut TcpStream) {
    let _ = client.read(&mut [0]).await;
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
