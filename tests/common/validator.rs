//! A server on loopback that answers as a validator's does, and remembers what it was asked.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// What it answers now: the lines of the header behind the status, and the body. To a request with the `ETag` or the
/// `Last-Modified` of these lines it answers 304.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub head: Vec<String>,
    pub body: String,
}

pub struct Validator {
    /// Its URL, without a path.
    pub url: String,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Validator {
    pub fn serve() -> Validator {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (answer, asked) = (Arc::<Mutex<Answer>>::default(), Arc::<Mutex<Vec<String>>>::default());
        let (current, log) = (Arc::clone(&answer), Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answer = current.lock().unwrap().clone();
                converse(stream, &answer, &log);
            }
        });
        Validator { url, answer, asked }
    }

    /// What it answers from now on.
    pub fn answers(&self, head: &[&str], body: &str) {
        let head = head.iter().map(|line| (*line).to_owned()).collect();
        *self.answer.lock().unwrap() = Answer { head, body: body.to_owned() };
    }

    /// What each request since the last call was answered with: `200`, or `304`.
    pub fn statuses(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn converse(mut stream: TcpStream, answer: &Answer, log: &Mutex<Vec<String>>) {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let (mut request, mut chunk) = (String::new(), [0; 4096]);
    while !request.contains("\r\n\r\n") {
        match stream.read(&mut chunk) {
            Ok(count @ 1..) => request.push_str(&String::from_utf8_lossy(&chunk[..count])),
            _ => return,
        }
    }
    let value = |text: &str, name: &str| {
        let lines = text.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
    };
    let head = answer.head.join("\r\n");
    let pairs = [("if-none-match", "etag"), ("if-modified-since", "last-modified")];
    // RFC 9110 §13.2.2: the first condition that is there decides.
    let condition = pairs.iter().find_map(|(asked, own)| Some((value(&request, asked)?, value(&head, own))));
    let is_same = condition.is_some_and(|(asked, own)| Some(asked) == own);
    let (status, body) = if is_same { ("304 Not Modified", "") } else { ("200 OK", answer.body.as_str()) };
    log.lock().unwrap().push(status[..3].to_owned());
    let length = if is_same { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    let head = if head.is_empty() { head } else { format!("{head}\r\n") };
    let _ = write!(stream, "HTTP/1.1 {status}\r\n{head}{length}Connection: close\r\n\r\n{body}");
}
