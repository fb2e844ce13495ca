//! A name server on loopback that answers as it is told to, over UDP and TCP. Raw bytes: what the program reads with one
//! library is not written with the same.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, UdpSocket},
    thread,
};

/// How it answers.
#[derive(Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fault of its own")]
pub struct Behaviour {
    /// The serial of the zone.
    pub serial: u32,
    /// Its NS records.
    pub servers: Vec<String>,
    /// Whether it says that it is responsible.
    pub authoritative: bool,
    /// Whether an OPT record comes back.
    pub edns: bool,
    /// Whether it answers over UDP.
    pub udp: bool,
    /// Whether it listens for TCP.
    pub tcp: bool,
    /// What it says instead, such as 5 for REFUSED.
    pub code: u8,
    /// The data of its DNSKEY records.
    pub keys: Vec<Vec<u8>>,
}

impl Behaviour {
    /// A server that does all as it should.
    pub fn good(servers: &[&str]) -> Behaviour {
        let servers = servers.iter().map(ToString::to_string).collect();
        Behaviour {
            serial: 71,
            servers,
            authoritative: true,
            edns: true,
            udp: true,
            tcp: true,
            code: 0,
            keys: Vec::new(),
        }
    }
}

/// Starts one, and says where it is. It ends with the test.
pub fn start(behaviour: Behaviour) -> SocketAddr {
    // A port that is free for both.
    let (udp, tcp) = loop {
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        if let Ok(udp) = UdpSocket::bind(tcp.local_addr().unwrap()) {
            break (udp, tcp);
        }
    };
    let address = tcp.local_addr().unwrap();
    if behaviour.tcp {
        let behaviour = behaviour.clone();
        thread::spawn(move || {
            for stream in tcp.incoming() {
                let mut stream = stream.unwrap();
                let mut length = [0; 2];
                if stream.read_exact(&mut length).is_err() {
                    continue;
                }
                let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
                stream.read_exact(&mut question).unwrap();
                let answer = answer(&question, &behaviour);
                let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
                stream.write_all(&[&length[..], &answer].concat()).unwrap();
            }
        });
    }
    if behaviour.udp || behaviour.tcp {
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            loop {
                let (length, from) = udp.recv_from(&mut bytes).unwrap();
                if behaviour.udp {
                    udp.send_to(&answer(&bytes[..length], &behaviour), from).unwrap();
                }
            }
        });
    }
    address
}

/// The answer to a question of one name, which ends before byte `end`.
fn answer(question: &[u8], behaviour: &Behaviour) -> Vec<u8> {
    let end = 12 + question[12..].iter().position(|byte| *byte == 0).unwrap() + 5;
    let kind = u16::from_be_bytes([question[end - 4], question[end - 3]]);
    let asked_with_edns = question[11] == 1;
    let records: Vec<(u16, Vec<u8>)> = match (behaviour.code, kind) {
        (0, 6) => vec![(
            6,
            [
                &name("ns1.hobby.example")[..],
                &name("noc.hobby.example"),
                &behaviour.serial.to_be_bytes(),
                &[0; 16],
            ]
            .concat(),
        )],
        (0, 2) => behaviour.servers.iter().map(|server| (2, name(server))).collect(),
        (0, 48) => behaviour.keys.iter().map(|key| (48, key.clone())).collect(),
        _ => Vec::new(),
    };
    let has_opt = asked_with_edns && behaviour.edns;
    let flags = 0x80 | if behaviour.authoritative { 4 } else { 0 };
    let mut answer = vec![
        question[0],
        question[1],
        flags,
        behaviour.code,
        0,
        1,
        0,
        u8::try_from(records.len()).unwrap(),
        0,
        0,
        0,
        u8::from(has_opt),
    ];
    answer.extend(&question[12..end]);
    for (kind, data) in records {
        answer.extend([0xc0, 12]); // the name of the question
        answer.extend(kind.to_be_bytes());
        answer.extend([0, 1, 0, 0, 14, 16]);
        answer.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        answer.extend(data);
    }
    if has_opt {
        answer.extend([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
    }
    answer
}

fn name(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in text.split('.') {
        bytes.push(u8::try_from(label.len()).unwrap());
        bytes.extend(label.bytes());
    }
    bytes.push(0);
    bytes
}
