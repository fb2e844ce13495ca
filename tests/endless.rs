//! Nothing is endless: what an estate, a file or a server can say is answered in bounded time and memory.
//!
//! Each case runs with a limit of memory and of time that is far above what is needed, and far below what it took
//! where it grew without a bound. What is held is how it ends, and what it says.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]
#![cfg(unix)]

#[allow(dead_code, reason = "each test uses a part of it")]
mod common;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use common::Estate;

/// How long each case may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much address space each may have, in KiB.
const MEMORY: u64 = 2 << 20;

/// How deep things nest.
const DEEP: usize = 100_000;
/// The same within what a template may be long.
const SOURCE: usize = 15_000;
/// How an answer begins that has no length.
const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";

/// Runs the program in a folder within the limits: its status, and all that it says.
fn run(folder: &Path, line: &str) -> (Option<i32>, String) {
    let mut command = Command::new("sh");
    let limited = format!("ulimit -v {MEMORY}; exec \"$0\" {line}");
    command.args(["-c", &limited, env!("CARGO_BIN_EXE_ripectl")]).current_dir(folder);
    command.env_remove("RIPECTL_API_KEY").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let out = read(child.stdout.take().unwrap());
    let err = read(child.stderr.take().unwrap());
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("`{line}` has not ended after {PATIENCE:?}");
        }
        thread::sleep(Duration::from_millis(10));
    };
    (status, out.join().unwrap() + &err.join().unwrap())
}

/// Reads to the end, beside what else is done.
fn read(mut from: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Holds how a command ends within the limits, and what it says.
fn check(estate: &Estate, line: &str, status: i32, parts: &[&str]) {
    let (found, text) = run(&estate.path(""), line);
    let shown: String = text.chars().take(2000).collect();
    assert_eq!(found, Some(status), "{line}\n{shown}");
    for part in parts {
        assert!(text.contains(part), "`{line}` does not say `{part}` but\n{shown}");
    }
}

/// Holds that `check` refuses an estate whose template for blocks says this.
fn template(text: &str, said: &str) {
    let estate = Estate::new();
    fs::write(estate.path("templates/block.rpsl"), text).unwrap();
    check(&estate, "check", 1, &[said, "templates/block.rpsl:"]);
}

#[test]
fn templates_end() {
    let nested = "{% for a in range(1000) %}".repeat(4) + "x" + &"{% endfor %}".repeat(4);
    template(&nested, "this goes on too long");
    let wide = format!("{{% for a in range(1000) %}}{}{{% endfor %}}", "x".repeat(20_000));
    template(&wide, "this makes too much text");
    template("{{ sites | batch(4000000000, 1) }}", "unknown filter");
    template("{{ 'a' * 4000000000 }}", "`*` is not offered");
    template("{{ ['a'] * 4000000000 }}", "`*` is not offered");
    template("{{ '%999999999d' | format(1) }}", "unknown filter");
    template("{{ 'a' | indent(4000000000) }}", "too much");
    template("{{ range(4000000000) | list }}", "too much");
    template(&"{% set x = x ~ x %}".repeat(40), "`~` is not offered");
    template(
        &format!("{{% set x = 'a' %}}{}", "{% set x = x | replace('a', 'aaaaaaaaaa') %}".repeat(99)),
        "too much",
    );
    template("{% for a in sites recursive %}{{ loop(sites) }}{% endfor %}", "`recursive`");
    template("{% include 'block' %}", "`include` is not offered");
    template("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "`macro` is not offered");
}

#[test]
fn templates_that_nest_are_refused_before_they_are_parsed() {
    let expression = |inner: &str| format!("{{{{ {inner} }}}}");
    let many = "words and signs";
    template(&expression(&"(".repeat(SOURCE)), many);
    template(&expression(&"[".repeat(SOURCE)), many);
    template(&expression(&"-".repeat(SOURCE)), many);
    template(&expression(&format!("{}1", "1+".repeat(SOURCE))), many);
    template(&expression(&format!("a{}", ".a".repeat(SOURCE))), many);
    template(&expression(&format!("a{}", "|d".repeat(SOURCE))), many);
    template(&expression(&"not ".repeat(SOURCE / 2)), many);
    template(&"{% if a %}".repeat(900), "deep in each other");
    template(&format!("{{% if a %}}{}{{% endif %}}", "{% elif b %}".repeat(900)), "`elif`");
    template(&"{{a}}".repeat(6000), "tags");
    template(&"x".repeat(1 << 20), "at most 32768 are read");
    template(&"\n".repeat(1 << 20), "at most 32768 are read");
}

/// An as-set of the example with these lines in it.
fn set(name: &str, lines: &str) -> String {
    format!(
        "as-set: AS205398:{name}\n{lines}tech-c: HN1-RIPE\nadmin-c: HN1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n"
    )
}

/// `count` times what `line` makes of a number.
fn many(count: u32, line: impl Fn(u32) -> String) -> String {
    (0..count).map(line).collect()
}

/// Holds how `check` judges an estate with this file in `objects/`.
fn objects(text: &str, status: i32, parts: &[&str]) {
    let estate = Estate::new();
    fs::write(estate.path("objects/x.rpsl"), text).unwrap();
    check(&estate, "check --format json", status, parts);
}

#[test]
fn an_object_may_have_many_parts() {
    let members = |count| many(count, |n| format!("AS{}, ", 100_000 + n));
    objects(&set("AS-BIG", &format!("members: {}AS1\n", members(100_000))), 0, &["[]"]);
    objects(&set("AS-BIG", &many(50_000, |n| format!("members: AS{}\n", n + 1))), 0, &["[]"]);
    objects(&set("AS-BIG", &format!("remarks: x\n{}", " y\n".repeat(200_000))), 0, &["[]"]);
    objects(&set("AS-BIG", &format!("members: {}\n", "x".repeat(2_000_000))), 1, &["Syntax error"]);
    objects(&set("AS-BIG", &many(8_000, |n| format!("mnt-by: M{n}-MNT\n"))), 0, &["[]"]);
    objects(&set("AS-BIG", &many(8_000, |n| format!("members: b_d {n}\n"))), 1, &["Syntax error"]);
    objects(
        &set("AS-BIG", &format!("members: {}x\n", many(4_000, |n| format!("b_d {n}, ")))),
        1,
        &["Syntax error"],
    );
}

#[test]
fn there_may_be_many_objects_with_faults() {
    let faulty = |n: u32| {
        format!("role: R{n}\nnonsense: {n}\nnic-hdl: R{n}-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n\n")
    };
    objects(&many(5_000, faulty), 1, &["nonsense"]);
    objects(&many(5_000, |n| format!("nonsense {n}\n\n")), 1, &["this line is no attribute"]);
    objects(&many(3_000, |_| set("AS-TWICE", "") + "\n"), 1, &["is declared twice"]);
}

#[test]
fn policies_may_nest_and_be_long() {
    let policy = |accept: &str, said: &str| {
        let estate = Estate::new();
        estate.edit("objects/as205398.rpsl", "accept ANY", &format!("accept {accept}"));
        check(&estate, "check --format json", i32::from(said != "[]"), &[said]);
    };
    let refused = "Syntax error";
    policy(&("(".repeat(DEEP) + "ANY" + &")".repeat(DEEP)), refused);
    policy(&"NOT ".repeat(DEEP), refused);
    policy(&("NOT ".repeat(DEEP) + "ANY"), "[]");
    policy(&format!("<{}>", "(".repeat(DEEP)), refused);
    policy(&format!("<{}AS1>", "^".repeat(DEEP)), "[]");
    policy(&format!("{{{}::/0}}", "{".repeat(DEEP)), refused);
    let terms: Vec<String> = (1..20_000).map(|n| format!("AS{n}")).collect();
    policy(&terms.join(" OR "), "[]");
    policy(&format!("<{}>", terms.join(" ")), "[]");
}

#[test]
fn differences_of_many_lines_are_shown() {
    let estate = Estate::new();
    let members = |first: u32| set("AS-BIG", &many(10_000, |n| format!("members: AS{}\n", first + n)));
    fs::write(estate.path("objects/x.rpsl"), members(1)).unwrap();
    check(&estate, "apply --registry sandbox --yes --no-validate", 0, &["39 done"]);
    fs::write(estate.path("objects/x.rpsl"), members(100_000)).unwrap();
    check(&estate, "plan --registry sandbox", 0, &["1 to change"]);
    let repeated = set("AS-BIG", &many(20_000, |n| format!("remarks: {}\n", n % 2)));
    fs::write(estate.path("objects/x.rpsl"), &repeated).unwrap();
    check(&estate, "apply --registry sandbox --yes --no-validate", 0, &["1 done"]);
    fs::write(estate.path("objects/x.rpsl"), repeated.replacen("remarks: 0\n", "", 1)).unwrap();
    check(&estate, "plan --registry sandbox", 0, &["1 to change"]);
}

#[test]
fn ripectl_toml_may_be_long_or_deep() {
    let toml = |old: &str, new: &str, status| {
        let estate = Estate::new();
        estate.edit("ripectl.toml", old, new);
        check(&estate, "check --format json", status, &[]);
    };
    toml("format = 1", &format!("format = 1\nx = {}", "[".repeat(DEEP)), 1);
    toml("format = 1", &format!("format = 1\nx = {}1{}", "[".repeat(DEEP), "]".repeat(DEEP)), 1);
    toml("format = 1", &format!("format = 1\nx = {}", "{a=".repeat(DEEP)), 1);
    toml("format = 1", &format!("format = 1\n{}a = 1", "a.".repeat(DEEP)), 1);
    toml("format = 1", &format!("format = 1\n[{}a]\n", "a.".repeat(DEEP)), 1);
    toml("format = 1", &format!("format = 1\n{}", many(5_000, |n| format!("k{n} = 1\n"))), 1);
    toml(
        "[sites]\n",
        &format!("[sites]\n{}", many(5_000, |n| format!("s{n} = {{ upstream = \"vult\" }}\n"))),
        1,
    );
    let blocks = |line: &dyn Fn(u32) -> String| format!("[allocation.blocks]\n{}", many(5_000, line));
    toml("[allocation.blocks]\n", &blocks(&|n| format!("x{n} = {{ index = {} }}\n", n % 16)), 1);
    toml("[allocation.blocks]\n", &blocks(&|n| format!("x{n} = {{ index = 4{n:09} }}\n")), 1);
    toml("[allocation.blocks]\n", &blocks(&|n| format!("x{n} = {{ prefix = \"2a0f:85c1:260::/44\" }}\n")), 1);
    toml("split = 48", "split = 128", 1);
    let estate = Estate::new();
    check(&estate, "split 2000::/19 --into 64", 2, &["35184372088832"]);
    check(&estate, "split 2000::/20 --into 48 --origin AS64500", 0, &["268435456 prefixes in all"]);
    for all in ["--verbose", "--format json", "--write"] {
        check(&estate, &format!("split 2000::/20 --into 48 {all}"), 2, &["268435456", "65536"]);
    }
    check(&estate, "split 2001:db8::/32 --format json", 0, &["2001:db8:ffff::/48"]);
    // All of a /20, and what is free in it is found at once.
    let whole = "prefix = \"2000::/20\"\norigin = \"AS64500\"\nsplit = 48\n[allocation.blocks]\n";
    let blocks = "a = { prefix = \"2000::/21\" }\nb = { prefix = \"2000::/22\" }\n";
    let toml = format!("format = 1\n[manage]\nmaintainers = [\"A-MNT\"]\n[[allocation]]\n{whole}{blocks}");
    fs::write(estate.path("ripectl.toml"), toml).unwrap();
    check(&estate, "check", 1, &["index 134217728 is free"]);
}

#[test]
fn vrps_may_be_many_or_deep() {
    let vrps = |name: &str, text: &str, status, parts: &[&str]| {
        let estate = Estate::new();
        fs::write(estate.path(name), text).unwrap();
        check(&estate, &format!("validate --registry sandbox --vrps {name}"), status, parts);
    };
    vrps("v.json", &"[".repeat(DEEP), 2, &[]);
    vrps("v.json", &format!("{{\"roas\": {}", "[".repeat(DEEP)), 2, &[]);
    vrps("v.json", &format!("{{\"x\": {}", "{\"a\":".repeat(DEEP)), 2, &[]);
    let rows = many(100_000, |n| format!("AS{n},2a0f:85c1:264::/48,48,ripe\n"));
    vrps("v.csv", &format!("ASN,IP Prefix,Max Length,Trust Anchor\n{rows}"), 1, &["2a0f:85c1:264::/48"]);
}

#[test]
fn tables_of_an_ipam_may_be_long_or_deep() {
    let rows = |name: &str, text: &str, part: &str| {
        let estate = Estate::new();
        estate.edit(
            "ripectl.toml",
            "[allocation.blocks]",
            &format!("rows = \"{name}\"\n[allocation.blocks]"),
        );
        fs::write(estate.path(name), text).unwrap();
        check(&estate, "check", 1, &[part]);
    };
    rows("a.csv", &format!("name,prefix\n{}", "a,b\n".repeat(100_001)), "more than 100000 rows");
    let wide = |field: &str| vec![field; 498].join(",");
    let names: Vec<String> = (0..498).map(|n| format!("c{n}")).collect();
    let lines = format!("a,b,{}\n", wide("1")).repeat(50_000);
    rows("a.csv", &format!("name,prefix,{}\n{lines}", names.join(",")), "more than 2000000 fields");
    rows("a.csv", &",".repeat(1_000_000), "more than 500 columns");
    rows("a.csv", &format!("name,prefix\n\"{}", "a,b\n".repeat(1_000_000)), "a field that nothing ends");
    rows("a.csv", &format!("name,prefix\n{}", "a,b\n".repeat(20_000)), "is not a prefix");
    rows("a.json", &"[".repeat(DEEP), "this is no JSON");
    rows("a.json", &format!("[{}", "{\"a\":".repeat(DEEP)), "this is no JSON");
    let many_names = many(500_000, |n| format!(",{{\"a{n}\":1}}"));
    rows("a.json", &format!("[{{}}{many_names}]"), "more than 500 columns");
}

#[test]
fn a_saved_plan_may_be_deep() {
    let estate = Estate::new();
    for text in ["[".repeat(100_000), format!("{{\"steps\": {}", "[".repeat(100_000))] {
        fs::write(estate.path("deep.plan"), text).unwrap();
        check(&estate, "apply deep.plan --registry sandbox --yes", 2, &["deep.plan"]);
    }
}

/// A sandbox that serves, within the limits; killed at the end.
struct Served(Child, SocketAddr);

impl Served {
    /// Serves the example's base, or these objects.
    fn with(folder: &Path, objects: Option<&str>) -> Served {
        let mut line = "sandbox serve --listen 127.0.0.1:0 --ephemeral".to_owned();
        if let Some(objects) = objects {
            fs::write(folder.join("load.rpsl"), objects).unwrap();
            line.push_str(" --load load.rpsl");
        }
        let limited = format!("ulimit -v {MEMORY}; exec \"$0\" {line}");
        let mut command = Command::new("sh");
        command.args(["-c", &limited, env!("CARGO_BIN_EXE_ripectl")]).current_dir(folder);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let address = said.trim().rsplit("//").next().unwrap().parse().unwrap();
        Served(child, address)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.1).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// The answer to these bytes on a connection of its own, as far as one comes.
    fn exchange(&self, request: &[u8]) -> String {
        let mut stream = self.connect();
        // Who sends too much may be cut off while he does.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
        );
        self.exchange(head.as_bytes())
    }

    /// Its memory at the peak, in MiB.
    #[cfg(target_os = "linux")]
    fn peak(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() >> 10
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn connections_that_stand_still_hold_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::with(folder.path(), None);
    let idle: Vec<TcpStream> = (0..100).map(|_| served.connect()).collect();
    let half: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = served.connect();
            stream.write_all(b"GET /ripe/mntner/HOBBY-MNT HTTP/1.1\r\nHost: x\r\n").unwrap();
            stream
        })
        .collect();
    assert!(served.get("/metadata/sources").starts_with("HTTP/1.1 200"));
    // Each is ended by the server, so that the next may come.
    for mut stream in idle.into_iter().chain(half) {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
    }
    assert!(served.get("/metadata/sources").starts_with("HTTP/1.1 200"));
}

#[test]
fn bodies_and_heads_take_bounded_room() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::with(folder.path(), None);
    let head = |length: usize| {
        format!(
            "POST /ripe/as-set HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    // Forty that send 60 MB each, and do not wait for an answer.
    let chunk = vec![b' '; 1 << 20];
    let mut streams: Vec<TcpStream> = (0..40).map(|_| served.connect()).collect();
    for stream in &mut streams {
        stream.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
        stream.write_all(head(60 << 20).as_bytes()).unwrap();
        for _ in 0..30 {
            if stream.write_all(&chunk).is_err() {
                break;
            }
        }
    }
    #[cfg(target_os = "linux")]
    assert!(served.peak() < 400, "{} MiB", served.peak());
    drop(streams);
    let long = "x".repeat(1 << 20);
    let refused = |request: &str| {
        let answer = served.exchange(request.as_bytes());
        let status: u16 = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        assert!(status == 0 || (400..500).contains(&status), "{answer}");
    };
    refused(&format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"));
    refused(&format!("GET /search?query-string={long} HTTP/1.1\r\nHost: x\r\n\r\n"));
    refused(&format!("GET / HTTP/1.1\r\nHost: x\r\nX: {long}\r\n\r\n"));
    refused(&format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", many(5_000, |n| format!("X{n}: y\r\n"))));
    refused(&format!(
        "POST /ripe/as-set HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{}",
        "[".repeat(200_000)
    ));
    assert!(served.get("/metadata/sources").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_long_read_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let objects = many(4_000, |n| set(&format!("AS-B{n}"), "") + "\n");
    let served = Served::with(folder.path(), Some(&objects));
    let search = "/search?query-string=HOBBY-MNT&inverse-attribute=mnt-by&flags=no-referenced";
    thread::scope(|scope| {
        let long: Vec<_> = (0..3).map(|_| scope.spawn(|| served.get(search))).collect();
        for _ in 0..20 {
            let answer = served.get("/ripe/as-set/AS205398:AS-B7");
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
        for each in long {
            assert_eq!(each.join().unwrap().matches("\"type\":\"as-set\"").count(), 4_000);
        }
    });
    let attributes = "mnt-by,".repeat(5_000);
    let answer =
        served.get(&format!("/search?query-string=HOBBY-MNT&inverse-attribute={attributes}&limit=1"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// Answers every request with what `answer` writes; the address.
fn answering(answer: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 8192];
            let _ = stream.read(&mut request);
            // The client may have had enough.
            let _ = answer(&mut stream);
        }
    });
    address
}

#[test]
fn an_answer_that_is_too_large_is_not_read() {
    let read = |address: SocketAddr, said: &str| {
        let estate = Estate::new();
        let registry =
            format!("[registry.mine]\nurl = \"http://{address}\"\nsource = \"TEST\"\n\n[registry.ripe]");
        estate.edit("ripectl.toml", "[registry.ripe]", &registry);
        check(&estate, "plan --registry mine", 2, &[said, "hint: "]);
    };
    let endless = |stream: &mut TcpStream| {
        stream.write_all(HEAD)?;
        stream.write_all(b"\r\n")?;
        loop {
            stream.write_all(&[b' '; 8192])?;
        }
    };
    read(answering(endless), "the answer is larger than");
    // 400 MB in 400 kB.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..400 {
        packed.write_all(&vec![b' '; 1_000_000]).unwrap();
    }
    let packed = packed.finish().unwrap();
    let bomb = move |stream: &mut TcpStream| {
        stream.write_all(HEAD)?;
        write!(stream, "Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len())?;
        stream.write_all(&packed)
    };
    read(answering(bomb), "the answer is larger than");
    let header = |stream: &mut TcpStream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nX: ")?;
        loop {
            stream.write_all(&[b'x'; 8192])?;
        }
    };
    read(answering(header), "http://127.0.0.1");
    let deep = |stream: &mut TcpStream| {
        stream.write_all(HEAD)?;
        stream.write_all(b"\r\n{\"objects\":")?;
        stream.write_all("[".repeat(200_000).as_bytes())
    };
    read(answering(deep), "the answer ends in the middle of its JSON");
}

/// Evidence from a server that sends without end, or a bomb, or stands still.
#[test]
fn evidence_from_a_url_ends() {
    let endless = |stream: &mut TcpStream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nprefix,origin\n")?;
        loop {
            stream.write_all(&b"192.0.2.0/24,64500\n".repeat(512))?;
        }
    };
    let headers = |stream: &mut TcpStream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nX: ")?;
        loop {
            stream.write_all(&[b'x'; 8192])?;
        }
    };
    let (endless, headers) = (answering(endless), answering(headers));
    let estate = Estate::empty();
    fs::write(estate.path("seen.csv"), "192.0.2.0/24,64500\n").unwrap();
    fs::write(estate.path("vrps.csv"), "ASN,IP Prefix,Max Length\nAS64500,192.0.2.0/24,24\n").unwrap();
    for (address, said) in [(endless, "sends more than 256 MB"), (headers, "cannot be fetched")] {
        for line in ["--announcements seen.csv --vrps", "--vrps vrps.csv --max-age never --announcements"] {
            check(&estate, &format!("validate {line} http://{address}/x"), 2, &[said, "hint: "]);
        }
    }
}
