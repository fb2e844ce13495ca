//! `AUTO-n` in an applied estate, a first pair among it: whatever cuts a run off or loses an answer, each object is made
//! once, and the files have its key.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::Path,
    process::{Child, Command, ExitStatus},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use ripectl::{
    registry::{Registry, Remote, Search},
    rpsl::{Class, Name, Object},
    sandbox::{self, Clock, Running, ServeOptions, Sharing},
    user::Secret,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
};

const KEY: &str = "RIPECTLUSERKEY0000000001:hush";

/// The files, with `<n>` where a key is to stand: each as a user writes a placeholder, with comments that have it too.
const FILES: [(&str, &str); 4] = [
    (
        "objects/people.rpsl",
        "# AUTO-1 is the NOC\nrole:\tHobby NOC\naddress: Lab\ne-mail: noc@hobby.example\nadmin-c: <2>  # AUTO-2: Nina\n\
         nic-hdl:   <1>   # AUTO-1, chosen by ripectl\nabuse-mailbox: abuse@hobby.example\nmnt-by: HOBBY-MNT\nsource: RIPE\n\n\n\
         person: Nina Night\r\naddress: Lab\r\nphone: +31 20 5550100\r\ne-mail: n@hobby.example\r\nnic-hdl:<2>\r\nmnt-by: HOBBY-MNT\r\nsource: RIPE\r\n",
    ),
    (
        "objects/organisations.rpsl",
        "organisation: <3>\norg-name: Hobby Networks\norg-type: OTHER\naddress: Lab\ncountry: NL\ne-mail: noc@hobby.example\n\
         abuse-c: <1>\nadmin-c: <2>\ntech-c: <2b>\n# AUTO-4\nmnt-ref: HOBBY-MNT\nmnt-by: HOBBY-MNT\nsource: RIPE\n\n\
         organisation: <4> # the holding\norg-name: Hobby Holding\norg-type: OTHER\naddress: Lab\ncountry: NL\n\
         e-mail: noc@hobby.example\nabuse-c: <1>\nmnt-ref: HOBBY-MNT\nmnt-by: HOBBY-MNT\nsource: RIPE\n",
    ),
    (
        "objects/sets/hobby.rpsl",
        "as-set: AS205398:AS-HOBBY\norg: <3>\ntech-c: HP1-RIPE\ntech-c:\n# between AUTO-1\n+ <1> # AUTO-1\nadmin-c: <2>\nremarks: AUTO-3\n\
         mnt-by: HOBBY-MNT\nsource: RIPE\n",
    ),
    (
        "objects/first.rpsl",
        "person: First One\naddress: Lab\nphone: +31 20 5550100\ne-mail: f@hobby.example\nnic-hdl: <5>\n\
         mnt-by: first-mnt\nsource: RIPE\n\nmntner: FIRST-MNT\nadmin-c:  <5b>\ntech-c: HP1-RIPE\n\
         upd-to: f@hobby.example\nauth: SSO f@hobby.example\nmnt-by: FIRST-MNT\nsource: RIPE\n",
    ),
];

/// The placeholders as they are written, and what each object is known by.
const NAMED: [(&str, &str, Class, &str); 7] = [
    ("<1>", "AUTO-1", Class::Role, "hobby noc"),
    ("<2>", "auto-2NN", Class::Person, "nina night"),
    ("<2b>", "AUTO-2", Class::Person, "nina night"),
    ("<3>", "AUTO-3", Class::Organisation, "hobby networks"),
    ("<4>", "AUTO-4HH", Class::Organisation, "hobby holding"),
    ("<5>", "AUTO-5FO", Class::Person, "first one"),
    ("<5b>", "auto-5", Class::Person, "first one"),
];

/// What happens to one request of a run.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// The program is killed before the request reaches the registry.
    KilledBefore,
    /// The program is killed when the registry has answered, and does not see the answer.
    KilledUnanswered,
    /// The program is killed so many milliseconds after it was given the answer.
    KilledAfter(u64),
    /// The connection is reset before the request reaches the registry.
    ResetBefore,
    /// The connection is reset instead of an answer.
    ResetUnanswered,
    /// Something else answers in the registry's place.
    Garbled,
}

const FAULTS: [Fault; 8] = [
    Fault::KilledBefore,
    Fault::KilledUnanswered,
    Fault::KilledAfter(0),
    Fault::KilledAfter(3),
    Fault::KilledAfter(12),
    Fault::ResetBefore,
    Fault::ResetUnanswered,
    Fault::Garbled,
];

/// A registry, a proxy before it, and an estate that goes there.
struct World {
    proxy: Arc<Proxy>,
    estate: tempfile::TempDir,
    direct: Registry,
    _running: Running,
}

/// What stands before the registry.
struct Proxy {
    url: String,
    upstream: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The requests since the run began.
    lines: Vec<String>,
    /// What happens to the request with this number.
    fault: Option<(usize, Fault)>,
    /// How many handles are still refused as if they had been given away before.
    refusals: usize,
    /// The program that runs.
    child: Option<Child>,
}

impl World {
    async fn new() -> World {
        let estate = tempfile::tempdir().unwrap();
        let accounts = estate.path().join("accounts.toml");
        let (id, secret) = KEY.split_once(':').unwrap();
        fs::write(
            &accounts,
            format!("[[key]]\nid = '{id}'\nsecret = '{secret}'\nmaintainers = ['HOBBY-MNT', 'FIRST-MNT']\n"),
        )
        .unwrap();
        let options = ServeOptions {
            listen: "127.0.0.1:0".parse().unwrap(),
            load: Vec::new(),
            accounts: Some(accounts),
            settings: None,
            state: None,
            own_key: None,
            sharing: Sharing::Alone,
            clock: Clock::default(),
        };
        let running = sandbox::start(options).await.unwrap();
        let remote = Remote::new("test", &running.url, "RIPE");
        let direct =
            Registry::new(remote, vec![Secret::parse(KEY).unwrap().named("test")], Arc::new(|_| ())).unwrap();
        let proxy = Proxy::before(&running.url).await;
        let config = format!(
            "format = 1\n[registry.test]\nurl = \"{}\"\nsource = \"RIPE\"\ncredential = \"test\"\n[manage]\nmaintainers = [\"HOBBY-MNT\", \"FIRST-MNT\"]\n",
            proxy.url
        );
        fs::write(estate.path().join("ripectl.toml"), config).unwrap();
        let user = estate.path().join("user/ripectl");
        fs::create_dir_all(&user).unwrap();
        let host = proxy.url.strip_prefix("http://").unwrap();
        let credential = format!("[credential.test]\nhost = \"{host}\"\nenv = \"TEST_KEY\"\n");
        fs::write(user.join("config.toml"), credential).unwrap();
        for (name, text) in FILES {
            let path = estate.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, filled(text, |written, _| written.to_owned())).unwrap();
        }
        World { proxy, estate, direct, _running: running }
    }

    /// Runs the program with a fault at one of its requests; the status, what it said, and how many it sent.
    async fn run(&self, line: &str, fault: Option<(usize, Fault)>) -> (ExitStatus, String, usize) {
        let log = self.estate.path().join("said");
        let file = File::create(&log).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_ripectl"));
        command.env("COLUMNS", "1000");
        command.args(line.split(' ')).current_dir(self.estate.path()).env("TEST_KEY", KEY);
        command.env("XDG_CONFIG_HOME", self.estate.path().join("user"));
        {
            let mut state = self.proxy.state.lock().unwrap();
            (state.lines, state.fault) = (Vec::new(), fault);
            state.child = Some(command.stdout(file.try_clone().unwrap()).stderr(file).spawn().unwrap());
        }
        loop {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let mut state = self.proxy.state.lock().unwrap();
            if let Some(status) = state.child.as_mut().unwrap().try_wait().unwrap() {
                state.child = None;
                return (status, fs::read_to_string(&log).unwrap(), state.lines.len());
            }
        }
    }

    /// The number of the first request of a run that begins so.
    async fn number_of(line: &str) -> usize {
        let other = World::new().await;
        other.run("apply --yes", None).await;
        let lines = other.proxy.state.lock().unwrap().lines.clone();
        lines
            .iter()
            .position(|each| each.starts_with(line))
            .unwrap_or_else(|| panic!("no {line} in {lines:?}"))
    }

    /// Applies until it ends well, and says how often that took.
    async fn settle(&self, what: &str) -> usize {
        let mut said = Vec::new();
        for run in 1..=4 {
            let (status, text, _) = self.run("apply --yes", None).await;
            said.push(text);
            if status.success() {
                return run;
            }
        }
        panic!("{what}: it does not come to an end: {said:#?}");
    }

    /// Holds that each object stands once, that the files have the keys and are else as they were, and that nothing is
    /// left to do.
    async fn check(&self, what: &str) {
        let mut objects = Vec::new();
        for value in ["HOBBY-MNT", "FIRST-MNT"] {
            let search = Search::Inverse { value, attributes: &[Name::MntBy], classes: &[] };
            objects.extend(self.direct.search(&search).await.unwrap());
        }
        let mut keys: BTreeMap<&str, String> = BTreeMap::new();
        for (mark, written, class, name) in NAMED {
            let is = |object: &&Object| object.class() == class && object.known_as() == name;
            let found: Vec<String> =
                objects.iter().filter(is).map(|object| object.key().text().to_owned()).collect();
            assert_eq!(found.len(), 1, "{what}: {name} stands {} times: {found:?}", found.len());
            if let Some(letters) = written.strip_prefix("auto-2") {
                assert!(found[0].starts_with(letters), "{what}: {found:?}");
            }
            keys.insert(mark, found[0].clone());
        }
        for (name, text) in FILES {
            let expected = filled(text, |_, mark| keys[mark].clone());
            assert_eq!(fs::read_to_string(self.estate.path().join(name)).unwrap(), expected, "{what}");
        }
        let left: Vec<_> = walk(&self.estate.path().join("objects"));
        assert_eq!(left.len(), FILES.len(), "{what}: {left:?}");
        let (status, said, _) = self.run("plan --exit-code", None).await;
        assert!(status.success(), "{what}: there is something to do: {said}");
    }
}

/// `text` with something in the place of each mark.
fn filled(text: &str, with: impl Fn(&str, &str) -> String) -> String {
    let mut text = text.to_owned();
    for (mark, written, ..) in NAMED {
        text = text.replace(mark, &with(written, mark));
    }
    text
}

/// All files below a directory.
fn walk(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path.display().to_string()] })
        .collect()
}

impl Proxy {
    async fn before(upstream: &str) -> Arc<Proxy> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let upstream = upstream.strip_prefix("http://").unwrap().to_owned();
        let proxy = Arc::new(Proxy { url, upstream, state: Mutex::default() });
        let serving = proxy.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let proxy = serving.clone();
                tokio::spawn(async move { proxy.serve(stream).await });
            }
        });
        proxy
    }

    /// One request on one connection.
    async fn serve(&self, mut client: TcpStream) {
        let Some(request) = request(&mut client).await else { return };
        let (fault, refuse) = {
            let mut state = self.state.lock().unwrap();
            let fault =
                state.fault.filter(|(number, _)| *number == state.lines.len()).map(|(_, fault)| fault);
            state.lines.push(request.lines().next().unwrap_or_default().to_owned());
            let refuse = state.refusals > 0 && request.starts_with("POST /ripe/role");
            state.refusals -= usize::from(refuse);
            (fault, refuse)
        };
        match fault {
            Some(Fault::KilledBefore) => return self.kill(),
            Some(Fault::ResetBefore) => return client.set_zero_linger().unwrap(),
            _ => {}
        }
        let answer = if refuse { given_away() } else { self.forwarded(&request).await };
        match fault {
            Some(Fault::KilledUnanswered) => return self.kill(),
            Some(Fault::ResetUnanswered) => return client.set_zero_linger().unwrap(),
            Some(Fault::Garbled) => {
                let body = r#"{"message":"under maintenance"}"#;
                let _ = client.write_all(http("200 OK", body).as_bytes()).await;
            }
            _ => drop(client.write_all(&answer).await),
        }
        let _ = client.shutdown().await;
        if let Some(Fault::KilledAfter(pause)) = fault {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            self.kill();
        }
    }

    async fn forwarded(&self, request: &str) -> Vec<u8> {
        let mut server = TcpStream::connect(&self.upstream).await.unwrap();
        let request = request.replacen("\r\n", "\r\nConnection: close\r\n", 1);
        server.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).await.unwrap();
        answer
    }

    /// SIGKILL.
    fn kill(&self) {
        if let Some(child) = self.state.lock().unwrap().child.as_mut() {
            let _ = child.kill(); // it may have ended
        }
    }
}

/// A whole request, if one comes.
async fn request(client: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let count = client.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let lower = head.to_ascii_lowercase();
        let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return Some(text.into_owned());
        }
    }
}

fn http(status: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// The registry's answer to a handle that somebody had once (api.md §3).
fn given_away() -> Vec<u8> {
    let message = serde_json::json!({"severity": "Error", "text": "The nic-hdl \"%s\" is not available", "args": [{"value": "HN1-RIPE"}]});
    let body = serde_json::json!({"errormessages": {"errormessage": [message]}});
    http("400 Bad Request", &body.to_string()).into_bytes()
}

/// One run with a fault, and those that put it right. So many handles turn out to have been given away before.
async fn case(number: usize, fault: Fault, refusals: usize) -> usize {
    let what = format!("request {number}, {fault:?}, {refusals} handles given away");
    let world = World::new().await;
    world.proxy.state.lock().unwrap().refusals = refusals;
    world.run("apply --yes", Some((number, fault))).await;
    let runs = world.settle(&what).await;
    world.check(&what).await;
    runs
}

/// How many requests a run without a fault sends.
async fn undisturbed(refusals: usize) -> usize {
    let world = World::new().await;
    world.proxy.state.lock().unwrap().refusals = refusals;
    let (status, said, requests) = world.run("apply --yes", None).await;
    assert!(status.success(), "{said}");
    for (_, written, class, _) in NAMED {
        let name = written.to_ascii_uppercase();
        let name = name.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let told = said.lines().any(|line| {
            line.starts_with(class.text()) && line.contains(&format!(" stands for {name} now: "))
        });
        assert!(told, "it does not say what stands for {name}: {said}");
    }
    world.check("undisturbed").await;
    requests
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_at_whichever_request_each_object_is_made_once() {
    let begun = Instant::now();
    let requests = undisturbed(0).await;
    assert!(requests > 10, "{requests}");
    let cases = (0..requests).flat_map(|number| FAULTS.map(|fault| (number, fault, 0)));
    let (count, runs) = all(cases.collect()).await;
    let seconds = begun.elapsed().as_secs_f32();
    println!("{count} faults at {requests} requests, put right by {runs} runs, {seconds:.1} s");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_that_was_given_away_before_is_chosen_again_whatever_happens() {
    let (before, requests) = (undisturbed(0).await, undisturbed(3).await);
    assert!(requests > before);
    // From the first handle on; of two that are given away one is left for the run that puts it right.
    let faults = [Fault::KilledUnanswered, Fault::KilledAfter(3)];
    let cases = (before / 2..requests).flat_map(|number| faults.map(|fault| (number, fault, 2)));
    let (count, runs) = all(cases.collect()).await;
    println!("{count} faults at {requests} requests, put right by {runs} runs");
}

#[tokio::test(flavor = "multi_thread")]
async fn plan_tells_what_was_left_open_and_writes_nothing() {
    let world = World::new().await;
    let post = World::number_of("POST /ripe/organisation").await;
    world.run("apply --yes", Some((post, Fault::KilledUnanswered))).await;
    let before = fs::read_to_string(world.estate.path().join(FILES[1].0)).unwrap();
    assert!(before.contains("organisation: AUTO-3"));
    let (_, said, _) = world.run("plan", None).await;
    for part in
        ["organisation AUTO-3", "and no answer was seen", "`ripectl apply` looks for it before anything else"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    // It stands, so it would be taken for another one.
    assert!(said.contains("STOP: organisation/ORG-HN1-RIPE is ours and has the same name"), "{said}");
    assert_eq!(fs::read_to_string(world.estate.path().join(FILES[1].0)).unwrap(), before);
    let (_, said, _) = world.run("apply --yes", None).await;
    assert!(said.contains("it is ORG-HN1-RIPE, which stands at objects/organisations.rpsl:1 now"), "{said}");
    world.check("after a look").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_plan_is_applied_with_its_placeholders() {
    let world = World::new().await;
    let (status, said, _) = world.run("plan --out saved.json", None).await;
    assert!(status.success(), "{said}");
    let (status, said, _) = world.run("apply saved.json --yes", None).await;
    assert!(status.success(), "{said}");
    world.check("saved").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_already_stops_it_before_anything_is_sent() {
    let world = World::new().await;
    world.settle("undisturbed").await;
    for (name, text) in FILES {
        fs::write(world.estate.path().join(name), filled(text, |written, _| written.to_owned())).unwrap();
    }
    let (status, said, _) = world.run("apply --yes", None).await;
    assert_eq!(status.code(), Some(1), "{said}");
    for (mark, written, class, _) in NAMED.iter().filter(|(mark, ..)| *mark != "<2b>") {
        let name = written.split_at(6).0.to_ascii_uppercase();
        assert!(said.contains(&format!("{class} {name} ")), "{mark}: {said}");
    }
    assert_eq!(said.matches("is ours and has the same name; write `").count(), 5, "{said}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_written_stops_it_before_anything_is_sent() {
    use std::os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    };
    let world = World::new().await;
    let root = world.estate.path();
    let rights = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let state = tempfile::tempdir().unwrap();
    rights(state.path(), 0o777);
    rights(root, 0o755);
    rights(&root.join("objects/sets"), 0o555);
    let mut command = Command::new(env!("CARGO_BIN_EXE_ripectl"));
    command.env("COLUMNS", "1000");
    command.args(["apply", "--yes", "--state-dir"]).arg(state.path());
    command.current_dir(root).env("TEST_KEY", KEY).env("XDG_CONFIG_HOME", root.join("user"));
    if fs::metadata(root).unwrap().uid() == 0 {
        command.uid(65534); // nothing is forbidden to root
        std::os::unix::fs::chown(state.path(), Some(65534), None).unwrap();
    }
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    rights(&root.join("objects/sets"), 0o755);
    let Ok(output) = output else {
        println!("skipped: the program may not be run by others here");
        return;
    };
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let stop = "STOP: objects/sets/hobby.rpsl cannot be written: Permission denied";
    assert_eq!(said.matches(stop).count(), 3, "the role, the person and an organisation: {said}");
    assert!(said.contains("or write a handle of your own in the place of `AUTO-1`"), "{said}");
    let search = Search::Inverse { value: "HOBBY-MNT", attributes: &[Name::MntBy], classes: &[Class::Role] };
    assert!(world.direct.search(&search).await.unwrap().is_empty());
}

#[test]
fn check_knows_which_placeholder_is_meant() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("objects")).unwrap();
    let check = |objects: &str, status: i32, parts: &[&str]| {
        fs::write(
            root.path().join("ripectl.toml"),
            "format = 1\n[manage]\nmaintainers = [\"HOBBY-MNT\", \"FIRST-MNT\"]\n",
        )
        .unwrap();
        fs::write(root.path().join("objects/a.rpsl"), objects).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_ripectl"))
            .env("COLUMNS", "1000")
            .arg("check")
            .current_dir(root.path())
            .env("XDG_CONFIG_HOME", root.path())
            .output()
            .unwrap();
        let said =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{said}");
        for part in parts {
            assert!(said.contains(part), "{part}: {said}");
        }
    };
    let contact = |class: &str, name: &str, key: &str| {
        format!(
            "{class}: {name}\naddress: Lab\nphone: +31 20 5550100\ne-mail: a@hobby.example\nnic-hdl: {key}\nmnt-by: HOBBY-MNT\n\
             source: RIPE\n\n"
        )
    };
    let (role, person) = (contact("role", "NOC", "AUTO-1"), contact("person", "A B", "auto-1AB"));
    let set = "as-set: AS205398:AS-X\ntech-c: AUTO-1\nadmin-c: auto-1XY\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    check(&format!("{role}{set}"), 0, &[]);
    check(&format!("{role}{person}{set}"), 1, &["AUTO-1 stands for role/AUTO-1 at objects/a.rpsl:1 too"]);
    check(set, 1, &["Reference \"AUTO-1\" not found"]);
    let organisation = "aut-num: AS205398\nas-name: A\norg: AUTO-1\nadmin-c: AUTO-1\ntech-c: AUTO-1\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
    check(&format!("{role}{organisation}"), 1, &["Invalid reference to [role]"]);
}

/// Runs the cases, a few at the same time: how many there were, and how many runs put them right.
async fn all(cases: Vec<(usize, Fault, usize)>) -> (usize, usize) {
    let room = Arc::new(Semaphore::new(8));
    let mut running = JoinSet::new();
    for (number, fault, refusals) in cases {
        let room = room.clone();
        running.spawn(async move {
            let _permit = room.acquire().await.unwrap();
            case(number, fault, refusals).await
        });
    }
    let (mut count, mut runs) = (0, 0);
    while let Some(ended) = running.join_next().await {
        count += 1;
        runs += ended.unwrap();
    }
    (count, runs)
}
