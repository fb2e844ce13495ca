//! Prints as CSV what reading the routes of a dump takes, beside less (`memchr` over its lines) and more (`rpsl-rs` parsing
//! each object): median of 10, in one process, of bytes that are in memory.
//!
//!   ripectl-bench-routes FILE

use std::{
    hint::black_box,
    io::Write,
    time::{Duration, Instant},
};

use ripectl::{irr, net::Prefix};

const RUNS: usize = 10;

fn main() {
    let path = std::env::args().nth(1).expect("which file?");
    let bytes = std::fs::read(&path).expect("a file that can be read");
    let text = std::str::from_utf8(&bytes).expect("UTF-8");
    let packed = gzip(&bytes);
    let space: Prefix = "2a00::/16".parse().expect("a prefix");
    let mib = bytes.len() as f64 / f64::from(1 << 20);
    println!("what,routes,milliseconds,MiB per second,times memchr");
    let lines = measured(|| memchr::memchr_iter(b'\n', &bytes).count());
    let row = |what: &str, (found, time): (usize, Duration)| {
        let ms = time.as_secs_f64() * 1e3;
        println!("{what},{found},{ms:.1},{:.0},{:.2}", mib / time.as_secs_f64(), ms / (lines.1.as_secs_f64() * 1e3));
    };
    row("memchr over lines (counted)", lines);
    row("memchr over lines (each handed out)", measured(|| {
        memchr::memchr_iter(b'\n', &bytes).fold(0, |sum, end| sum ^ black_box(end)).min(1)
    }));
    row("ripectl; routes of a /16 kept", measured(|| {
        irr::read_dump("x", &bytes[..], |prefix, _| space.covers(prefix)).expect("a dump").routes.len()
    }));
    row("ripectl; all routes kept", measured(|| {
        irr::read_dump("x", &bytes[..], |_, _| true).expect("a dump").routes.len()
    }));
    row("gzip unpacked and nothing else", measured(|| {
        let mut reader = flate2::read::MultiGzDecoder::new(&packed[..]);
        usize::try_from(std::io::copy(&mut reader, &mut std::io::sink()).expect("gzip")).expect("a size").min(1)
    }));
    row("ripectl; gzip; routes of a /16 kept", measured(|| {
        irr::read_dump("x", &packed[..], |prefix, _| space.covers(prefix)).expect("a dump").routes.len()
    }));
    row("rpsl-rs parsing each object", measured(|| parsed(text)));
}

/// How many objects `rpsl-rs` finds to be routes.
fn parsed(text: &str) -> usize {
    let ends = memchr::memmem::find_iter(text.as_bytes(), b"\n\n");
    let (mut start, mut routes) = (0, 0);
    for end in ends {
        let object = rpsl::parse_object(&text[start..end + 2]).expect("an object");
        routes += usize::from(black_box(&object)[0].name.starts_with("route"));
        start = end + 2;
    }
    routes
}

fn measured(run: impl Fn() -> usize) -> (usize, Duration) {
    let mut times: Vec<(Duration, usize)> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            let found = black_box(run());
            (begun.elapsed(), found)
        })
        .collect();
    times.sort_unstable();
    let (time, found) = times[RUNS / 2];
    (found, time)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}
