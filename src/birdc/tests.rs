//! A stub that speaks as BIRD does, and one that stalls, lies or sends garbage.

use std::path::PathBuf;

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::UnixListener,
};

use super::*;
use crate::bgp;

/// What to say after the greeting and after each command.
fn stub(
    says: Vec<Vec<u8>>,
    ends: bool,
) -> (tempfile::TempDir, PathBuf, tokio::task::JoinHandle<Vec<String>>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bird.ctl");
    let listener = UnixListener::bind(&path).unwrap();
    let heard = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = stream.into_split();
        let mut commands = BufReader::new(reader).lines();
        let mut heard = Vec::new();
        for (number, text) in says.into_iter().enumerate() {
            if number > 0 {
                match commands.next_line().await {
                    Ok(Some(command)) => heard.push(command),
                    _ => return heard,
                }
            }
            if writer.write_all(&text).await.is_err() {
                return heard;
            }
        }
        if !ends {
            // Waits for the other side to give up.
            let mut rest = Vec::new();
            let _ = commands.into_inner().read_to_end(&mut rest).await;
        }
        heard
    });
    (folder, path, heard)
}

async fn answer(says: &[&[u8]], ends: bool) -> Result<String, String> {
    let (_folder, path, _) = stub(says.iter().map(|text| text.to_vec()).collect(), ends);
    let patience = Duration::from_millis(300);
    let said = within(patience, 1 << 16, &path, "vultr6").await;
    said.map(|bytes| String::from_utf8(bytes).unwrap()).map_err(|error| error.to_string())
}

const HELLO: &[u8] = b"0001 BIRD 2.0.12 ready.\n";
const RESTRICTED: &[u8] = b"0016 Access restricted\n";

/// As BIRD 2.0.12 said it.
#[tokio::test]
async fn an_answer_is_assembled_as_birdc_prints_it() {
    let routes = b"1007-Table master6:\n 2001:db8:1::/48      blackhole [s6 11:00:25.402] * (200)\n\
        1008-\tType: static univ\n1007-2001:db8:2::/48      blackhole [s6 11:00:25.402] * (200)\n\
        1008-\tType: static univ\n0000 \n";
    let (_folder, path, heard) = stub(vec![HELLO.to_vec(), RESTRICTED.to_vec(), routes.to_vec()], true);
    let said = exported(&path, "vultr6").await.unwrap();
    assert_eq!(heard.await.unwrap(), ["restrict", "show route export vultr6 all"]);
    assert_eq!(bgp::read("x", &said).unwrap().seen.len(), 2);
    assert_eq!(
        String::from_utf8(said).unwrap(),
        "BIRD 2.0.12 ready.\nTable master6:\n2001:db8:1::/48      blackhole [s6 11:00:25.402] * (200)\n\
         \tType: static univ\n2001:db8:2::/48      blackhole [s6 11:00:25.402] * (200)\n\tType: static univ\n"
    );
}

#[tokio::test]
async fn a_session_that_is_up_and_announces_nothing_is_a_proof() {
    let said = answer(&[HELLO, RESTRICTED, b"0000 \n"], true).await.unwrap();
    assert_eq!(bgp::read("x", said.as_bytes()).unwrap().seen, []);
}

#[tokio::test]
async fn what_could_not_look_says_so() {
    let check = async |says: &[&[u8]], ends: bool, cause: &str| {
        let error = answer(says, ends).await.unwrap_err();
        assert!(error.contains(cause) && error.contains("\nhint: "), "{cause}: {error}");
        assert!(!error.contains('\u{1b}'), "{error:?}");
    };
    check(&[HELLO, RESTRICTED, b"9001 No valid tables\n"], true, "BIRD answers `No valid tables`").await;
    check(&[HELLO, RESTRICTED, b"8001 Network not found\n"], true, "BIRD answers `Network not found`").await;
    check(&[HELLO, b"0000 \n"], true, "code 0000, and not 0016").await;
    check(&[HELLO, RESTRICTED, b"1007-Table master6:\n 2001:d"], true, "ends in the middle of its answer")
        .await;
    check(&[HELLO, RESTRICTED, b"1007-Table master6:\n"], true, "ends in the middle of its answer").await;
    check(&[HELLO, RESTRICTED, b"1007-Table master6:\n"], false, "has not answered within 0.3 s").await;
    check(&[b""], false, "has not answered within 0.3 s").await;
    check(&[b"SSH-2.0-OpenSSH\r\n"], true, "a line has no code").await;
    check(&[b"9001 \x1b[31m\n"], true, "BIRD answers `\\u{1b}[31m`").await;
    check(&[&vec![b'x'; 1 << 17]], true, "says more than anybody reads").await;
    let endless = b"1007-2001:db8::/48 blackhole\n".repeat(1 << 12);
    check(&[HELLO, RESTRICTED, &endless], true, "says more than anybody reads").await;
}

#[tokio::test]
async fn nothing_but_a_name_gets_into_the_command() {
    for name in ["", "a b", "a\nconfigure", "1a", "a;b", "ä", "'a'"] {
        let error = exported(Path::new("/nowhere/bird.ctl"), name).await.unwrap_err().to_string();
        assert!(error.contains("is no name of a protocol"), "{error}");
    }
    let error = exported(Path::new("/nowhere/bird.ctl"), "vultr6").await.unwrap_err().to_string();
    assert!(error.starts_with("`/nowhere/bird.ctl:vultr6`: its control socket cannot be used: "), "{error}");
}
