//! The embedded registry, killed at any moment while it is written to: what it has said yes to is there when it is
//! started again, and nothing is there by half.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// How often it is killed.
const KILLS: u32 = 200;
/// How many connections write to it at the same time.
const WRITERS: usize = 4;
/// How often a value is repeated in an object, so that half of one would show.
const LINES: usize = 20;

const ACCOUNTS: &str =
    "[[key]]\nid = \"AAAAAAAAAAAAAAAAAAAAAAAA\"\nsecret = \"s\"\naccount = \"hobby@hobby.example\"\n";
/// The `Authorization` header of that key.
const KEY: &str = "Basic QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBOnM=";

#[test]
fn what_was_acknowledged_survives_and_nothing_is_there_by_half() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("accounts.toml"), ACCOUNTS).unwrap();
    let mut written: Vec<Written> = (0..WRITERS).map(|_| Written::default()).collect();
    let (mut random, begun) = (0x2545_f491_u32, Instant::now());
    for kill in 0..KILLS {
        let (mut child, address) = start(directory.path());
        for (writer, written) in written.iter_mut().enumerate() {
            written.check(writer, address, kill);
        }
        let shared: Vec<_> = written.drain(..).map(|each| Arc::new(Mutex::new(each))).collect();
        let threads =
            shared.iter().cloned().enumerate().map(|(writer, written)| {
                thread::spawn(move || written.lock().unwrap().go_on(writer, address))
            });
        let threads: Vec<_> = threads.collect();
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        thread::sleep(Duration::from_micros(u64::from(random >> 16)));
        child.kill().unwrap();
        child.wait().unwrap();
        for thread in threads {
            thread.join().unwrap();
        }
        written.extend(shared.into_iter().map(|each| Arc::into_inner(each).unwrap().into_inner().unwrap()));
    }
    let acknowledged: u64 = written.iter().map(|each| each.acknowledged + each.pairs_made).sum();
    let seconds = begun.elapsed().as_secs_f32();
    println!("{KILLS} kills, {acknowledged} acknowledged writes, {seconds:.1} s");
    assert!(acknowledged > u64::from(KILLS), "too few writes came between the kills: {acknowledged}");
}

/// Starts the registry that is kept in `directory`.
fn start(directory: &Path) -> (Child, SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ripectl"))
        .env("COLUMNS", "1000")
        .args(["sandbox", "serve", "--listen", "127.0.0.1:0", "--accounts"])
        .arg(directory.join("accounts.toml"))
        .arg("--state-dir")
        .arg(directory.join("state"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit("//").next().unwrap().parse();
    (child, address.unwrap_or_else(|_| panic!("it did not say where it listens: {line:?}")))
}

/// What one connection has written.
#[derive(Debug, Default)]
struct Written {
    /// The number of the last version of its set that was sent.
    sent: u64,
    /// The last that was acknowledged.
    acknowledged: u64,
    /// Its pairs of maintainer and person, and what is known of each.
    pairs: BTreeMap<u64, Pair>,
    /// How many pairs were acknowledged.
    pairs_made: u64,
}

/// What is known of a pair.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Pair {
    Stands,
    Gone,
    InDoubt,
}

impl Written {
    /// Sends write after write, until one of them is not answered.
    fn go_on(&mut self, writer: usize, address: SocketAddr) {
        loop {
            match self.write(writer, address) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::Other => panic!("refused: {error}"),
                Err(_) => return,
            }
        }
    }

    /// Sends the next writes.
    fn write(&mut self, writer: usize, address: SocketAddr) -> io::Result<()> {
        self.sent += 1;
        let path = format!("/ripe/as-set/AS205398%3AAS-K{writer}");
        request(address, "PUT", &path, &set(writer, self.sent).to_string())?;
        self.acknowledged = self.sent;
        if !self.sent.is_multiple_of(3) {
            return Ok(());
        }
        let number = self.sent;
        self.pairs.insert(number, Pair::InDoubt);
        request(address, "POST", "/references/ripe", &pair(writer, number).to_string())?;
        self.pairs.insert(number, Pair::Stands);
        self.pairs_made += 1;
        if self.sent.is_multiple_of(2) {
            self.pairs.insert(number, Pair::InDoubt);
            request(address, "DELETE", &format!("/references/ripe/mntner/{}", mntner(writer, number)), "")?;
            self.pairs.insert(number, Pair::Gone);
        }
        Ok(())
    }

    /// Compares what is registered with what was answered.
    fn check(&mut self, writer: usize, address: SocketAddr, kill: u32) {
        if self.sent > 0 {
            let path = format!("/ripe/as-set/AS205398%3AAS-K{writer}");
            let versions = match request(address, "GET", &path, "") {
                Ok(answer) => values(&answer, &["descr", "remarks"]),
                Err(error) => {
                    assert_eq!(self.acknowledged, 0, "kill {kill}: {error}");
                    return;
                }
            };
            let version: u64 = versions[0].parse().unwrap();
            assert_eq!(versions, vec![version.to_string(); 2 * LINES], "kill {kill}: by half");
            assert!((self.acknowledged..=self.sent).contains(&version), "kill {kill}: {version} of {self:?}");
            (self.sent, self.acknowledged) = (version, version);
        }
        // Older ones were looked at after earlier kills.
        for (number, state) in self.pairs.iter_mut().rev().take(3) {
            let name = mntner(writer, *number);
            let query = format!("/search?query-string={name}&inverse-attribute=mnt-by&flags=no-referenced");
            let found = request(address, "GET", &query, "")
                .map_or(0, |answer| answer["objects"]["object"].as_array().map_or(0, Vec::len));
            let expected: &[usize] = match state {
                Pair::Stands => &[2],
                Pair::Gone => &[0],
                Pair::InDoubt => &[0, 2],
            };
            assert!(expected.contains(&found), "kill {kill}: {found} objects of {name}, {state:?}");
            *state = if found == 0 { Pair::Gone } else { Pair::Stands };
        }
    }
}

fn mntner(writer: usize, number: u64) -> String {
    format!("K{writer}-{number}-MNT")
}

/// Version `number` of the set of a connection.
fn set(writer: usize, number: u64) -> Value {
    let name = format!("AS205398:AS-K{writer}");
    let number = number.to_string();
    let mut pairs = vec![("as-set", name.as_str())];
    pairs.extend(vec![("descr", number.as_str()); LINES]);
    pairs.extend([("tech-c", "HP1-RIPE"), ("admin-c", "HP1-RIPE"), ("mnt-by", "HOBBY-MNT")]);
    pairs.extend(vec![("remarks", number.as_str()); LINES]);
    json!({"objects": {"object": [object("as-set", &pairs)]}})
}

/// A maintainer and a person that refer to each other.
fn pair(writer: usize, number: u64) -> Value {
    let name = mntner(writer, number);
    let auth = ("auth", "SSO hobby@hobby.example");
    let (admin, by) = (("admin-c", "AUTO-1"), ("mnt-by", name.as_str()));
    let mntner = object("mntner", &[("mntner", &name), admin, ("upd-to", "k@hobby.example"), auth, by]);
    let person = [("person", "Kay Killed"), ("e-mail", "k@hobby.example"), ("nic-hdl", "AUTO-1"), by];
    json!({"objects": {"object": [mntner, object("person", &person)]}})
}

fn object(class: &str, pairs: &[(&str, &str)]) -> Value {
    let attribute = |(name, value): &(&str, &str)| json!({"name": name, "value": value});
    let attributes: Vec<Value> = pairs.iter().chain([&("source", "RIPE")]).map(attribute).collect();
    json!({"type": class, "attributes": {"attribute": attributes}})
}

/// The values of the attributes with these names, in order.
fn values(answer: &Value, names: &[&str]) -> Vec<String> {
    let attributes = answer["objects"]["object"][0]["attributes"]["attribute"].as_array().unwrap();
    let wanted = attributes.iter().filter(|attribute| names.contains(&attribute["name"].as_str().unwrap()));
    wanted.map(|attribute| attribute["value"].as_str().unwrap().to_owned()).collect()
}

/// Sends one request on a connection of its own. `Other` is a refusal; every other error an answer that did not come.
fn request(address: SocketAddr, method: &str, path: &str, body: &str) -> io::Result<Value> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {KEY}\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + body).as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    match (head.starts_with("HTTP/1.1 200"), serde_json::from_str(body)) {
        (true, Ok(body)) => Ok(body),
        (false, Ok(Value::Object(_))) => Err(io::Error::other(answer)),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
