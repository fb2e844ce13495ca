//! A repository that wants a key: whatever its `ripectl.toml` says and whatever answers, a key goes only to the host
//! that it is bound to, and nothing that was fetched leaks.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;
#[path = "common/user.rs"]
mod user;

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::Output,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use common::Estate;
use user::own;

const ID: &str = "PLANTEDKEY00000000000001";
const SECRET: &str = "pl+nted/s3cret=~";
/// The base64 of `ID:SECRET`.
const BASE64: &str = "UExBTlRFREtFWTAwMDAwMDAwMDAwMDAxOnBsK250ZWQvczNjcmV0PX4=";

/// A request: its header, and its body.
type Request = (String, String);

/// A server on loopback that keeps what it is sent.
struct Listener {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Listener {
    fn new(answer: impl Fn(&Request) -> String + Send + 'static) -> Listener {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, requests) = (listener.local_addr().unwrap().port(), Arc::<Mutex<Vec<Request>>>::default());
        let kept = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = request(&mut stream) else { continue };
                let answer = answer(&request);
                kept.lock().unwrap().push(request);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Listener { port, requests }
    }

    /// One that knows of no object.
    fn empty() -> Listener {
        Listener::new(|_| {
            json("404 Not Found", r#"{"severity":"Error","text":"ERROR:101: no entries found"}"#)
        })
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// Whether one of the requests has the text in its header.
    fn saw(&self, text: &str) -> bool {
        self.requests.lock().unwrap().iter().any(|(head, _)| head.contains(text))
    }
}

fn request(stream: &mut TcpStream) -> Option<Request> {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let lower = head.to_ascii_lowercase();
        let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return Some((head.to_owned(), body.to_owned()));
        }
    }
}

fn http(status: &str, more: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{more}Content-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

fn json(status: &str, message: &str) -> String {
    let body = format!(r#"{{"errormessages":{{"errormessage":[{message}]}}}}"#);
    http(status, "", "application/json", &body)
}

/// The example estate, whose only registry is `url`.
fn estate(url: &str, more: &str) -> Estate {
    let estate = Estate::new();
    let registry = format!("[registry.test]\nurl = \"{url}\"\nsource = \"TEST\"\n{more}\n");
    estate.edit("ripectl.toml", "[registry.ripe]\ncredential = \"hobby\"", &registry);
    estate
}

/// Runs the line with the planted key in the environment.
fn run(estate: &Estate, line: &str) -> Output {
    let mut command = estate.command(line);
    command.env("RIPECTL_API_KEY", format!("{ID}:{SECRET}")).env("LAB_KEY", format!("{ID}:{SECRET}"));
    command.stdin(std::process::Stdio::null());
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

const LINES: [&str; 8] = [
    "check",
    "plan",
    "plan --format json",
    "validate",
    "explain aut-num/AS205398",
    "sandbox copy",
    "apply --yes",
    "plan --registry sandbox",
];

/// No line sends a key to the listener, and what needs one says what to write where.
fn gets_no_key(estate: &Estate, listener: &Listener, told: &str) {
    for line in LINES {
        let output = run(estate, line);
        let text = said(&output);
        if line == "apply --yes" {
            assert_eq!(output.status.code(), Some(2), "{text}");
            assert!(text.contains(told) && text.contains(".home/ripectl/config.toml"), "{text}");
        }
        if line == "plan" {
            assert!(text.contains("read without a key: "), "{text}");
        }
    }
    assert!(listener.count() > 3, "it was asked");
    assert!(!listener.saw("uthorization"), "{:?}", listener.requests);
    assert!(!listener.saw(ID) && !listener.saw(BASE64));
}

#[test]
fn a_registry_of_the_repository_gets_no_key() {
    let listener = Listener::empty();
    let told = "RIPECTL_API_KEY goes to the registries of the RIPE NCC alone";
    gets_no_key(&estate(&listener.url(), ""), &listener, told);
    let by_name = format!("http://localhost:{}", listener.port);
    gets_no_key(&estate(&by_name, ""), &listener, told);
    let credential = "credential = \"hobby\"";
    gets_no_key(&estate(&listener.url(), credential), &listener, "there is no credential `hobby`");
    let smuggled = "credential = \"a]\\nhost = \\\"evil.example\\\"\"";
    let text = said(&run(&estate(&listener.url(), smuggled), "apply --yes"));
    assert!(text.contains(r#"[credential."a]\nhost = \"evil.example\""]"#), "{text}");
}

#[test]
fn a_credential_for_another_host_or_port_is_not_sent() {
    let listener = Listener::empty();
    let (url, port) = (listener.url(), listener.port);
    let other = port.wrapping_add(1);
    for host in [
        format!("127.0.0.1:{other}"),
        "rest.db.ripe.net".into(),
        format!("127.0.0.2:{port}"),
        "127.0.0.1".into(),
    ] {
        let estate = estate(&url, "credential = \"lab\"");
        own(&estate, &format!("[credential.lab]\nhost = \"{host}\"\nenv = \"LAB_KEY\"\n"));
        gets_no_key(&estate, &listener, &format!("credential `lab` is bound to `{host}`"));
    }
}

#[test]
fn a_bound_credential_is_sent() {
    let bound = |estate: &Estate, kept: &str, port: u16| {
        own(estate, &format!("[credential.lab]\nhost = \"127.0.0.1:{port}\"\n{kept}\n"));
    };
    let check = |kept: &str| {
        let listener = Listener::empty();
        let estate = estate(&listener.url(), "credential = \"lab\"");
        bound(&estate, kept, listener.port);
        let key = estate.path(".home/ripectl/lab.key");
        fs::write(&key, format!("{ID}:{SECRET}\n")).unwrap();
        fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let text = said(&run(&estate, "plan"));
        assert!(listener.saw(&format!("Basic {BASE64}")), "{text}");
        assert!(!text.contains("without a key"), "{text}");
    };
    check("env = \"LAB_KEY\"");
    check("file = \"lab.key\"");
    check("file = \"~/ripectl/lab.key\"");

    let listener = Listener::empty();
    let estate = Estate::new();
    let (url, port) = (listener.url(), listener.port);
    own(
        &estate,
        &format!(
            "[registry.own]\nurl = \"{url}\"\nsource = \"TEST\"\ncredential = \"own\"\n\
         [credential.own]\nhost = \"127.0.0.1:{port}\"\nenv = \"LAB_KEY\"\n"
        ),
    );
    run(&estate, "plan --registry own");
    assert!(listener.saw(&format!("Basic {BASE64}")), "a registry of the user's own configuration");
}

#[test]
fn a_redirect_takes_no_key_along() {
    let elsewhere = Listener::empty();
    let to = elsewhere.url();
    let listener = Listener::new(move |(head, _)| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        http("307 Temporary Redirect", &format!("Location: {to}{path}\r\n"), "text/plain", "")
    });
    let estate = estate(&listener.url(), "credential = \"lab\"");
    own(&estate, &format!("[credential.lab]\nhost = \"127.0.0.1:{}\"\nenv = \"LAB_KEY\"\n", listener.port));
    for line in ["plan", "validate", "apply --yes"] {
        let text = said(&run(&estate, line));
        assert!(text.contains("redirects are not followed"), "{text}");
    }
    assert!(listener.saw(&format!("Basic {BASE64}")));
    assert_eq!(elsewhere.count(), 0);
}

#[test]
fn the_users_own_configuration_has_the_word() {
    let listener = Listener::empty();
    let estate = estate(&listener.url(), "");
    own(&estate, "[registry.test]\nurl = \"http://127.0.0.1:1\"\nsource = \"TEST\"\n");
    for line in ["plan", "validate", "apply --yes"] {
        let text = said(&run(&estate, line));
        assert!(text.contains("registry `test` has another url in your own configuration"), "{text}");
    }
    estate.check("check", 1, &["registry `test` has another url"]);
    let path = estate.path(".home/ripectl/config.toml");
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o666)).unwrap();
    for line in ["plan", "check", "plan --registry sandbox"] {
        estate.check(line, 2, &["others may write your own configuration", "chmod go-w", "config.toml"]);
    }
    own(&estate, "[credential.a]\nhost = \"a.example\"\nsecret = \"pl+nted/s3cret=~\"\n");
    let text = estate.check("check", 2, &["`secret` is not a key here", "config.toml:3"]);
    assert!(!text.contains(SECRET), "{text}");
    assert_eq!(listener.count(), 0);
}

#[test]
fn vrps_come_without_a_key_and_without_a_detour() {
    let elsewhere = Listener::empty();
    let to = elsewhere.url();
    let redirect = Listener::new(move |_| {
        http("302 Found", &format!("Location: {to}/hidden-path\r\n"), "text/plain", "hidden-body")
    });
    let check = |answer: Option<String>, expected: &[&str]| {
        let listener = match answer {
            Some(answer) => Listener::new(move |_| answer.clone()),
            None => Listener { port: redirect.port, requests: Arc::clone(&redirect.requests) },
        };
        let estate = Estate::new();
        let url = format!("{}/vrps.json", listener.url());
        estate.edit("ripectl.toml", "vrps = \"fixtures/vrps.json\"", &format!("vrps = \"{url}\""));
        for line in
            ["validate --registry sandbox".to_owned(), format!("validate --registry sandbox --vrps {url}")]
        {
            let output = run(&estate, &line);
            let text = said(&output);
            assert_eq!(output.status.code(), Some(2), "{text}");
            for part in expected.iter().chain(&[url.as_str(), "hint: "]) {
                assert!(text.contains(part), "no `{part}` in {text}");
            }
            assert!(!text.contains("hidden"), "{text}");
        }
        assert!(listener.count() >= 2 && !listener.saw("uthorization") && !listener.saw(ID));
    };
    let ok = |body: &str| Some(http("200 OK", "", "application/json", body));
    check(None, &["answers 302", "redirects are not followed"]);
    check(Some(http("500 hidden", "X: hidden\r\n", "text/plain", "hidden")), &["answers 500"]);
    check(Some(http("403 Forbidden", "", "text/hidden", "hidden")), &["answers 403"]);
    check(ok("hidden=1\nhidden"), &["does not send JSON"]);
    check(ok("{\"hidden\": 1}"), &["does not send JSON"]);
    check(ok("{\"roas\": [{\"asn\": \"hidden\"}]}"), &["1 record that cannot be read as VRPs"]);
    check(ok("{\"roas\": \"hidden\"}"), &["nothing of it is shown"]);
    check(ok("{\"roas\": [hidden]}"), &["nothing of it is shown"]);
    check(ok("{\"metadata\": {\"generated\": \"hidden\"}, \"roas\": []}"), &["nothing of it is shown"]);
    check(ok("ASN,IP Prefix,Max Length,Trust Anchor\nhidden,hidden,1,x\n"), &["that cannot be read as VRPs"]);
    check(Some("HTTP/1.1 hidden\r\n\r\n".to_owned()), &["cannot be fetched"]);
    assert_eq!(elsewhere.count(), 0, "no redirect is followed");
}

#[test]
fn vrps_are_not_fetched_in_the_clear_nor_with_a_password() {
    let check = |url: &str, expected: &[&str]| {
        let estate = Estate::new();
        estate.edit("ripectl.toml", "vrps = \"fixtures/vrps.json\"", &format!("vrps = \"{url}\""));
        let texts = [
            estate.check("check", 1, expected),
            estate.check("validate --registry sandbox", 2, expected),
            Estate::new().check(&format!("validate --registry sandbox --vrps {url}"), 2, expected),
        ];
        assert!(texts.iter().all(|text| !text.contains("hunter2")), "{texts:?}");
    };
    let metadata = "http://169.254.169.254/latest/meta-data/iam";
    check(metadata, &["plain HTTP is used on loopback only, and `169.254.169.254` is another machine"]);
    check("http://127.0.0.1.example.net/", &["plain HTTP is used on loopback only"]);
    check("http://user:hunter2@127.0.0.1/", &["a user or a password"]);
    check("file:///etc/passwd", &["`file:` is not spoken here"]);
}

#[test]
fn no_proxy_stands_before_this_machine() {
    let (proxy, registry) = (Listener::empty(), Listener::empty());
    for host in ["127.0.0.1", "localhost"] {
        let base = format!("http://{host}:{}", registry.port);
        let estate = estate(&base, "credential = \"lab\"");
        own(&estate, &format!("[credential.lab]\nhost = \"{host}:{}\"\nenv = \"LAB_KEY\"\n", registry.port));
        let before = registry.count();
        for line in ["plan", "validate --registry sandbox --vrps URL"] {
            let mut command = estate.command(&line.replace("URL", &base));
            command.env("LAB_KEY", format!("{ID}:{SECRET}"));
            for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
                command.env(name, proxy.url());
            }
            command.output().unwrap();
        }
        assert!(registry.count() >= before + 2, "{host}: the registry and the VRPs were asked for");
    }
    assert_eq!(proxy.count(), 0, "{:?}", proxy.requests);
}

/// What a registry may send back that has the key in it.
#[derive(Clone, Copy, Debug)]
enum Echo {
    Message,
    Escaped,
    Object,
    Location,
    Html,
    Type,
    Forbidden,
}

impl Echo {
    fn answer(self, (head, body): &Request) -> String {
        let header = head.lines().find_map(|line| line.strip_prefix("authorization: ")).unwrap_or_default();
        let told = format!("{header} {ID}:{SECRET} {SECRET} {ID}");
        let encoded = told.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        let error = |text: &str| {
            format!(r#"{{"severity":"Error","text":"refused %s","args":[{{"value":"{text}"}}]}}"#)
        };
        let path = head.split(' ').nth(1).unwrap_or_default();
        match self {
            Echo::Message => json("400 Bad Request", &error(&told)),
            Echo::Escaped => {
                let codes = told.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect::<String>();
                json("400 Bad Request", &error(&codes))
            }
            // It says yes to all, and keeps the key in a remark of what it says to have stored.
            Echo::Object => {
                let remark = format!(r#"{{"name":"remarks","value":"{told}"}}"#);
                match path {
                    "/test/mntner/HOBBY-MNT?unfiltered&unformatted" => http(
                        "200 OK",
                        "",
                        "application/json",
                        &format!(
                            r#"{{"objects":{{"object":[{{"type":"mntner","attributes":{{"attribute":[{{"name":"mntner","value":"HOBBY-MNT"}},{{"name":"auth","value":"SSO a@b.example"}},{{"name":"mnt-by","value":"HOBBY-MNT"}},{remark},{{"name":"source","value":"TEST"}}]}}}}]}}}}"#
                        ),
                    ),
                    _ if !head.starts_with("GET") && !body.is_empty() => {
                        let stored = body.replacen(
                            r#"{"name":"source""#,
                            &format!(r#"{remark},{{"name":"source""#),
                            1,
                        );
                        http("200 OK", "", "application/json", &stored)
                    }
                    _ => {
                        json("404 Not Found", r#"{"severity":"Error","text":"ERROR:101: no entries found"}"#)
                    }
                }
            }
            Echo::Location => {
                http("302 Found", &format!("Location: https://a.example/{encoded}\r\n"), "text/plain", "")
            }
            Echo::Html => http("200 OK", "", "text/html", &format!("{}<p>{told} {encoded}", "x".repeat(150))),
            Echo::Type => http("200 OK", "", &format!("text/{told}"), "x"),
            Echo::Forbidden => json("403 Forbidden", &error(&encoded)),
        }
    }
}

/// All files below a folder, as text.
fn files(folder: &Path) -> String {
    let Ok(entries) = fs::read_dir(folder) else { return String::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()
            }
        })
        .collect()
}

#[test]
fn an_echoed_key_is_found_nowhere() {
    for echo in
        [Echo::Message, Echo::Escaped, Echo::Object, Echo::Location, Echo::Html, Echo::Type, Echo::Forbidden]
    {
        let listener = Listener::new(move |request| echo.answer(request));
        let estate = estate(&listener.url(), "credential = \"lab\"");
        let host = format!("127.0.0.1:{}", listener.port);
        own(&estate, &format!("[credential.lab]\nhost = \"{host}\"\nenv = \"LAB_KEY\"\n"));
        let mut all = String::new();
        let lines = [
            "plan -v",
            "plan --format json",
            "plan --out saved.json",
            "explain mntner/HOBBY-MNT --format json",
            "apply --yes --try-anyway",
            "apply --yes --try-anyway --format json",
            "validate --format json",
            "sandbox copy",
        ];
        for line in lines {
            all += &said(&run(&estate, line));
        }
        assert!(listener.saw(&format!("Basic {BASE64}")), "{echo:?}: the key was there to be echoed");
        all += &fs::read_to_string(estate.path("saved.json")).unwrap_or_default();
        all += &files(&estate.path(".ripectl"));
        let encoded = SECRET.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        for planted in [
            ID,
            SECRET,
            BASE64,
            BASE64.trim_end_matches('='),
            encoded.as_str(),
            "PLANTED",
            "pl+nted",
            "UExBTlRFREtFWT",
        ] {
            assert!(!all.contains(planted), "{echo:?}: `{planted}` in\n{all}");
        }
        assert!(all.contains("***"), "{echo:?}: what was taken out is marked\n{all}");
    }
}

/// A pull request may name a credential, and nothing of it: neither where the key is, nor where it goes.
#[test]
fn a_repository_that_says_where_a_key_is_or_goes_is_refused() {
    let listener = Listener::empty();
    let url = listener.url();
    let check = |lines: &str, said: &str| {
        let estate = Estate::new();
        estate.edit("ripectl.toml", "[registry.ripe]\ncredential = \"hobby\"", lines);
        let config = format!("[registry.lab]\nurl = \"{url}\"\nsource = \"RIPE\"\ncredential = \"hobby\"\n");
        let host = url.trim_start_matches("http://");
        own(&estate, &format!("{config}[credential.hobby]\nhost = \"{host}\"\nenv = \"LAB_KEY\"\n"));
        for line in [
            "plan --registry lab",
            "apply --registry lab --yes",
            "whoami --registry lab",
            "login --registry lab",
        ] {
            let output = run(&estate, line);
            let text = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{line}\n{lines}\n{text}");
            assert!(text.contains(said), "{line}\n{lines}\n{text}");
        }
        assert!(!estate.path("stolen").exists());
    };
    let evil = "command = [\"touch\", \"stolen\"]";
    check(&format!("[credential.hobby]\nhost = \"evil.example\"\n{evil}"), "`credential` is not a key here");
    check("[credential.hobby]\nhost = \"evil.example\"\nfile = \"key\"", "`credential` is not a key here");
    check(&format!("[registry.lab]\n{evil}"), "`command` is not a key here");
    check("[registry.lab]\nfile = \"key\"", "`file` is not a key here");
    check("[registry.lab]\nhost = \"evil.example\"", "`host` is not a key here");
    check("[registry.lab]\nsync-url = \"https://evil.example\"", "`sync-url` is not a key here");
    check(
        "[registry.lab]\nurl = \"https://evil.example\"\nsource = \"RIPE\"",
        "has another url in your own configuration",
    );
    check(
        "[registry.new]\nurl = \"https://evil.example\"\nsource = \"RIPE\"",
        "may not say where writes and keys are sent",
    );
    check(&format!("[registry.lab]\ncredential = {{ {evil} }}"), "`credential`");
    check("[registry.lab]\ncredential = [[\"a\"]]", "`credential`");
    assert_eq!(listener.count(), 0);
}
