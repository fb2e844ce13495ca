//! A pull request brings any content of `ripectl.toml`, `objects/`, `templates/`, `.ripectl/`, links included. Nothing
//! outside the estate is read, quoted or written, and everything comes to an end.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use std::{
    fs,
    io::{Read, Write},
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use common::Estate;
use rustix::fs::{CWD, FileType, Mode, mknodat};

/// The key of the runner. It must be seen nowhere.
const KEY: &str = "PLANTEDPLANTEDPLANTED000:planted-secret";
const PARTS: [&str; 3] = ["PLANTEDPLANTED", "planted-secret", "UExBTlRFRFBMQU5URUQ"];

/// Longer than any command may take, also on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a pull request runs.
const RUN: [&str; 4] = ["check", "plan --registry sandbox", "validate --registry sandbox", "fmt --check"];

/// All that a child says, if it ends in time.
fn said(mut child: Child, line: &str) -> (i32, String) {
    let streams = [
        Box::new(child.stdout.take().unwrap()) as Box<dyn Read + Send>,
        Box::new(child.stderr.take().unwrap()),
    ];
    let readers = streams.map(|mut stream| {
        thread::spawn(move || {
            let mut text = Vec::new();
            stream.read_to_end(&mut text).unwrap();
            String::from_utf8_lossy(&text).into_owned()
        })
    });
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("`{line}` does not end");
        }
        thread::sleep(Duration::from_millis(10));
    };
    let text = readers.map(|reader| reader.join().unwrap()).concat();
    (status.code().unwrap_or(-1), text)
}

/// The command with the key in its environment.
fn with_key(estate: &Estate, line: &str) -> Command {
    let mut command = estate.command(line);
    command.env("RIPECTL_API_KEY", KEY);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Holds the exit status and what is said, and that the key is not.
fn check(estate: &Estate, line: &str, status: i32, parts: &[&str]) -> String {
    let (found, text) = said(with_key(estate, line).spawn().unwrap(), line);
    assert_eq!(found, status, "{line}\n{text}");
    for part in parts {
        assert!(text.contains(part), "`{line}` does not say `{part}` but\n{text}");
    }
    for part in PARTS {
        assert!(!text.contains(part), "`{line}` shows the key:\n{text}");
        without(&estate.path(""), part);
    }
    text
}

/// Holds that no file below a folder has this in it.
fn without(folder: &Path, part: &str) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kind = path.symlink_metadata().unwrap();
        if kind.is_dir() && kind.permissions().mode() & 0o500 == 0o500 {
            without(&path, part);
        } else if kind.is_file() && kind.len() < 1 << 20 {
            let bytes = fs::read(&path).unwrap_or_default();
            assert!(!String::from_utf8_lossy(&bytes).contains(part), "{} has the key", path.display());
        }
    }
}

fn make_pipe(path: &Path) {
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
}

/// Something that does not belong into an estate, at `place`, and how the refusal reads.
fn planted(place: &str, plant: impl Fn(&Path), refusal: &str) {
    let estate = Estate::new();
    let path = estate.path(place);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let _ = fs::remove_file(&path);
    plant(&path);
    let refusal = format!("{place} {refusal}");
    for line in RUN.into_iter().chain(["fmt", "split 2001:db8::/46 --write"]) {
        if line.starts_with("fmt") && !place.starts_with("objects") {
            continue; // it reads objects alone
        }
        check(&estate, line, 2, &[&refusal, "hint: "]);
    }
}

#[test]
fn a_linked_file_is_not_read() {
    let link = "is a link, and links are not followed here";
    for place in ["objects/x.rpsl", "objects/a/b/x.rpsl", "objects/x", "templates/x.rpsl", "ripectl.toml"] {
        planted(place, |path| symlink("/proc/self/environ", path).unwrap(), link);
        planted(place, |path| symlink("as205398.rpsl", path).unwrap(), link);
    }
}

#[test]
fn a_linked_folder_is_not_entered() {
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("x.rpsl"), format!("role: {KEY}\n")).unwrap();
    let link = "is a link, and links are not followed here";
    for place in ["objects/x", "objects/x.rpsl", "templates/x"] {
        planted(place, |path| symlink(elsewhere.path(), path).unwrap(), link);
        planted(place, |path| symlink("..", path).unwrap(), link);
    }
    for place in ["objects", "templates"] {
        let replace = |path: &Path| {
            fs::rename(path, path.with_extension("old")).unwrap();
            symlink(elsewhere.path(), path).unwrap();
        };
        planted(place, replace, link);
    }
}

#[test]
fn what_is_no_file_does_not_make_it_wait() {
    for place in ["objects/x.rpsl", "objects/x", "templates/x.rpsl", "ripectl.toml"] {
        planted(place, make_pipe, "is a pipe, not a file");
        planted(place, |path| symlink("/dev/zero", path).unwrap(), "is a link, and links are not followed");
    }
    planted("ripectl.toml", |path| fs::create_dir(path).unwrap(), "is a folder, not a file");
}

#[test]
fn what_is_too_large_is_not_read() {
    let sparse = |path: &Path| fs::File::create(path).unwrap().set_len(5 << 30).unwrap();
    planted("objects/x.rpsl", sparse, "is larger than 64 MiB");
    planted("templates/x.rpsl", sparse, "is larger than 64 MiB");
    planted("ripectl.toml", sparse, "is larger than 4 MiB");
    let estate = Estate::new();
    for number in 0..5 {
        let file = fs::File::create(estate.path(&format!("objects/{number}.rpsl"))).unwrap();
        file.set_len(63 << 20).unwrap();
    }
    for line in RUN {
        check(&estate, line, 2, &["objects is larger than 256 MiB"]);
    }
}

#[test]
fn a_deep_tree_ends() {
    let deep = |path: &Path| {
        fs::create_dir_all(path.join(["d"; 200].join("/"))).unwrap();
    };
    let place = format!("objects/{}", ["d"; 32].join("/"));
    let estate = Estate::new();
    deep(&estate.path("objects"));
    for line in RUN {
        check(&estate, line, 2, &[&format!("{place}/d is more than 32 folders deep")]);
    }
}

#[test]
fn a_folder_that_cannot_be_entered_is_said() {
    let closed = tempfile::tempdir().unwrap();
    fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read_dir(closed.path()).is_ok() {
        println!("skipped: root enters every folder");
        return;
    }
    planted(
        "objects/x",
        |path| {
            fs::create_dir(path).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o0)).unwrap();
        },
        "cannot be read: Permission denied",
    );
}

#[test]
fn a_name_that_is_not_read_stops_the_plan_and_is_found() {
    let estate = Estate::new();
    check(&estate, "apply --registry sandbox --yes", 0, &[]);
    fs::rename(estate.path("objects/as205398.rpsl"), estate.path("objects/as205398.RPSL")).unwrap();
    let said = ["objects/as205398.RPSL is not read", "rename it to `as205398.rpsl`"];
    check(&estate, "check", 1, &said);
    check(&estate, "fmt --check", 1, &said);
    for line in
        ["plan --registry sandbox", "validate --registry sandbox", "apply --registry sandbox --yes", "fmt"]
    {
        check(&estate, line, 2, &said);
    }
}

#[test]
fn a_name_that_is_no_text_is_said() {
    use std::os::unix::ffi::OsStrExt;
    let estate = Estate::new();
    let name = std::ffi::OsStr::from_bytes(b"objects/\xff.rpsl");
    if fs::write(estate.path("").join(name), "role: A\n").is_err() {
        println!("skipped: this file system has names in UTF-8 only");
        return;
    }
    check(&estate, "check", 1, &["its name is not UTF-8", "rename it"]);
    check(&estate, "plan --registry sandbox", 2, &["its name is not UTF-8"]);
    check(&estate, "check --format json", 1, &["its name is not UTF-8"]);
}

#[test]
fn vrps_of_the_estate_stay_inside_and_are_files() {
    let check_vrps = |path: &str, parts: &[&str]| {
        let estate = Estate::new();
        fs::write(estate.path("secret"), "").unwrap();
        symlink("/proc/self/environ", estate.path("environ")).unwrap();
        symlink("/dev/zero", estate.path("zero")).unwrap();
        symlink("/etc", estate.path("etc")).unwrap();
        make_pipe(&estate.path("pipe"));
        fs::File::create(estate.path("sparse")).unwrap().set_len(5 << 30).unwrap();
        fs::create_dir(estate.path(".git")).unwrap();
        fs::write(estate.path(".git/config"), "AUTHORIZATION: hidden-token\n").unwrap();
        estate.edit("ripectl.toml", "fixtures/vrps.json", path);
        let text = check(&estate, "validate --registry sandbox", 2, parts);
        assert!(!text.contains("hidden-token") && !text.contains("root:"), "{text}");
    };
    for outside in ["/proc/self/environ", "../vrps.json", "fixtures/../../x", "/etc/passwd"] {
        check_vrps(outside, &["leads out of the estate", "--vrps FILE"]);
    }
    check_vrps("environ", &["`environ` is a link", "--vrps FILE"]);
    check_vrps("zero", &["`zero` is a link"]);
    check_vrps("etc/passwd", &["`etc` is a link"]);
    check_vrps("pipe", &["`pipe` is a pipe, not a file"]);
    check_vrps("sparse", &["`sparse` is larger than 512 MiB"]);
    check_vrps("fixtures", &["`fixtures` is a folder, not a file"]);
    check_vrps(".git/config", &["nothing of it is shown"]);
    check_vrps("none.json", &["`none.json` cannot be read", "--vrps FILE"]);
}

#[test]
fn vrps_that_the_user_names_may_come_through_a_link_or_a_pipe() {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    symlink("fixtures/vrps.json", estate.path("link")).unwrap();
    symlink("/proc/self/environ", estate.path("environ")).unwrap();
    fs::write(estate.path("other"), "hidden-token\n").unwrap();
    symlink("other", estate.path("other-link")).unwrap();
    make_pipe(&estate.path("pipe"));
    fs::File::create(estate.path("sparse")).unwrap().set_len(5 << 30).unwrap();
    let validate = |path: &str| format!("validate --registry sandbox --vrps {path}");
    let vrps = fs::read(estate.path("fixtures/vrps.json")).unwrap();
    let found = estate.run("validate --registry sandbox").status.code().unwrap();
    check(&estate, &validate("link"), found, &["VRPs"]);

    check(&estate, &validate("environ"), 2, &["`environ` belongs to the kernel"]);
    check(&estate, &validate("/proc/self/environ"), 2, &["belongs to the kernel"]);
    check(&estate, &validate("/dev/zero"), 2, &["`/dev/zero` is a device, not a file"]);
    check(&estate, &validate("sparse"), 2, &["`sparse` is larger than 512 MiB"]);
    check(&estate, &validate("pipe"), 2, &["`pipe` is a pipe to which nobody wrote for 5 s"]);
    check(&estate, &validate("objects"), 2, &["`objects` is a folder, not a file"]);
    check(&estate, &validate("other"), 2, &["it begins with `hidden-token`"]);
    let text = check(&estate, &validate("other-link"), 2, &["nothing of it is shown"]);
    assert!(!text.contains("hidden-token"), "{text}");

    let pipe = estate.path("pipe");
    let bytes = vrps.clone();
    let writer = thread::spawn(move || {
        fs::OpenOptions::new().write(true).open(pipe).unwrap().write_all(&bytes).unwrap();
    });
    check(&estate, &validate("pipe"), found, &["VRPs"]);
    writer.join().unwrap();

    let line = validate("/dev/stdin");
    let mut child = with_key(&estate, &line).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = thread::spawn(move || input.write_all(&vrps).unwrap());
    let (status, text) = said(child, &line);
    writer.join().unwrap();
    assert_eq!(status, found, "{text}");
}

#[test]
fn what_the_user_names_is_a_file_too() {
    let estate = Estate::new();
    make_pipe(&estate.path("pipe"));
    fs::write(estate.path("other"), "hidden-token = hidden-token\n").unwrap();
    symlink("other", estate.path("link")).unwrap();
    let serve = "sandbox serve --ephemeral --listen 127.0.0.1:0";
    for option in ["--load", "--accounts", "--settings"] {
        check(&estate, &format!("{serve} {option} /dev/zero"), 2, &["is a device, not a file"]);
        let text = check(&estate, &format!("{serve} {option} link"), 2, &["is not shown"]);
        assert!(!text.contains("hidden-token"), "{text}");
    }
    check(&estate, &format!("{serve} --load pipe"), 2, &["is a pipe to which nobody wrote"]);
    let text = check(&estate, "apply --registry sandbox --yes link", 2, &["is not shown"]);
    assert!(!text.contains("hidden-token"), "{text}");
    check(&estate, "apply --registry sandbox --yes /dev/zero", 2, &["is a device, not a file"]);
    for line in ["fmt pipe", "fmt --check pipe"] {
        check(&estate, line, 2, &["pipe is a pipe, not a file"]);
    }
    check(&estate, "fmt /dev/zero", 2, &["is a device, not a file"]);
}

#[test]
fn nothing_is_written_through_a_link() {
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("x.rpsl");
    let text = "role:a\n";
    fs::write(&target, text).unwrap();
    let estate = Estate::new();
    symlink(&target, estate.path("link.rpsl")).unwrap();
    symlink(outside.path(), estate.path("folder")).unwrap();
    for line in ["fmt link.rpsl", "fmt --check link.rpsl", "fmt folder/x.rpsl", "fmt ./folder/x.rpsl"] {
        check(&estate, line, 2, &["is a link, and links are not followed here", "hint: "]);
    }
    let absolute = format!("fmt {}", estate.path("folder/x.rpsl").display());
    check(&estate, &absolute, 2, &["is a link, and links are not followed here"]);
    for out in ["link.rpsl", "folder/plan.json"] {
        check(&estate, &format!("plan --registry sandbox --out {out}"), 2, &["is a link"]);
    }
    assert_eq!(fs::read_to_string(&target).unwrap(), text);
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[test]
fn no_link_of_the_state_directory_is_followed() {
    let commands =
        ["plan --registry sandbox", "apply --registry sandbox --yes", "sandbox dump", "sandbox reset --yes"];
    for place in [
        ".ripectl",
        ".ripectl/.gitignore",
        ".ripectl/journal",
        ".ripectl/sandbox.sqlite",
        ".ripectl/sandbox.sqlite.lock",
        ".ripectl/sandbox.sqlite.serving",
    ] {
        let (estate, outside) = (Estate::new(), tempfile::tempdir().unwrap());
        let path = estate.path(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(outside.path().join("target"), &path).unwrap();
        for line in commands {
            check(&estate, line, 2, &[&format!("{place}` is a link"), "hint: remove it"]);
        }
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0, "{place}");
        fs::create_dir(outside.path().join("target")).unwrap();
        for line in commands {
            check(&estate, line, 2, &[&format!("{place}` is a link")]);
        }
        assert_eq!(fs::read_dir(outside.path().join("target")).unwrap().count(), 0, "{place}");
    }
}

#[test]
fn the_state_directory_is_its_owners_alone() {
    let estate = Estate::new();
    fs::create_dir_all(estate.path(".ripectl/journal")).unwrap();
    for (name, mode) in [(".ripectl", 0o777), (".ripectl/journal", 0o755)] {
        fs::set_permissions(estate.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    fs::write(estate.path(".ripectl/.gitignore"), "*\n").unwrap();
    check(&estate, "apply --registry sandbox --yes", 0, &[]);
    let mut seen = 0;
    let mut folders = vec![estate.path(".ripectl")];
    while let Some(folder) = folders.pop() {
        assert_eq!(
            fs::metadata(&folder).unwrap().permissions().mode() & 0o777,
            0o700,
            "{}",
            folder.display()
        );
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
                assert_eq!(mode, 0o600, "{}", entry.path().display());
                seen += 1;
            }
        }
    }
    assert!(seen >= 4, "a journal, the store, its key and .gitignore, not {seen}");
}

#[test]
fn a_store_of_a_pull_request_does_not_run() {
    let estate = Estate::new();
    fs::create_dir(estate.path(".ripectl")).unwrap();
    let store = rusqlite::Connection::open(estate.path(".ripectl/sandbox.sqlite")).unwrap();
    let endless =
        "CREATE VIEW used AS WITH RECURSIVE n(handle) AS (VALUES ('a') UNION ALL SELECT handle FROM n)
        SELECT handle FROM n";
    store.execute_batch(endless).unwrap();
    drop(store);
    for line in ["plan --registry sandbox", "sandbox dump", "validate --registry sandbox"] {
        check(&estate, line, 2, &["its tables are not those of the sandbox", "hint: remove the file"]);
    }
}
