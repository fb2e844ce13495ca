//! The user's own configuration as text, and keys in files.

use std::fs;

use super::*;

/// `line:column text`, and the way out on a line of its own.
fn shown(findings: &[Finding]) -> String {
    let show = |finding: &Finding| {
        let place = finding.place.as_ref().unwrap();
        let remedy = finding.remedy.as_ref().map(|remedy| format!("\n→ {remedy}")).unwrap_or_default();
        format!("{}:{} {}{remedy}", place.line(), place.column(), finding.text)
    };
    findings.iter().map(show).collect::<Vec<_>>().join("\n")
}

fn read(text: &str) -> (Configuration, Vec<Finding>) {
    parse(Path::new("config.toml"), text)
}

#[test]
fn credentials_and_registries() {
    let text = r#"
[credential.hobby]
host = "rest.db.ripe.net"
env = "RIPE_KEY"
[credential.lab]
host = "[::1]:8043"
file = "lab.key"
[registry.corp]
url = "https://rest.db.corp.example"
sync-url = "https://syncupdates.db.corp.example"
source = "corp"
[registry.ripe]
credential = "hobby"
"#;
    let (configuration, findings) = read(text);
    assert_eq!(shown(&findings), "");
    assert_eq!(configuration.credential("lab").unwrap().host, "[::1]:8043".parse().unwrap());
    assert_eq!(configuration.registry("corp").unwrap().source.as_deref(), Some("CORP"));
    assert_eq!(configuration.registry("ripe").unwrap().credentials, ["hobby"]);
    assert!(configuration.credential("corp").is_none());
}

#[test]
fn what_is_wrong_is_said_with_its_line_and_without_its_value() {
    let check = |text: &str, expected: &str| {
        let (_, findings) = read(text);
        assert_eq!(shown(&findings), expected, "{text}");
        for finding in &findings {
            let line = &finding.place.as_ref().unwrap().source.text;
            assert!(
                !line.contains("hunter2") && !finding.text.contains("hunter2"),
                "{line} {}",
                finding.text
            );
        }
    };
    let host = "[credential.a]\nhost = \"a.example\"\n";
    let known = "known here: host, file, env, command, keyring, source";
    check(
        &format!("{host}env = \"A\"\nsecret = \"hunter2\""),
        &format!("4:1 `secret` is not a key here\n→ {known}"),
    );
    check(
        &format!("{host}fil = \"a\""),
        "1:1 `file` is missing\n→ add `file = \"hobby.key\"` (mode 0600), `env = \"RIPE_KEY\"` or `command = [\"pass\", \"show\", \"ripe\"]`\n3:1 `fil` is not a key here\n→ did you mean `file`?",
    );
    check(
        &format!("{host}file = \"a\"\nenv = \"A\""),
        "1:1 `a`: `file` and `env` are both there: a key is kept in one place",
    );
    check(
        &format!("{host}password-command = [\"pass\", \"hunter2\"]"),
        "3:20 `password-command` is not there yet: this version of ripectl does not act on it\n\
         → take it out, or put `#` before its lines",
    );
    check(
        "[credential.a]\nhost = \"https://a.example/\"\nenv = \"A\"",
        "2:8 `host`: this is no host; write it without scheme and path, as in `rest.db.ripe.net` or `127.0.0.1:8043`",
    );
    check(
        "[irr.own]\nurl = \"x\"\n[publisher.krill]\n",
        "1:2 `irr` is not there yet: this version of ripectl does not act on it\n\
         → take it out, or put `#` before its lines\n\
         3:2 `publisher` is not there yet: this version of ripectl does not act on it\n\
         → take it out, or put `#` before its lines",
    );
    check(
        "[registry.a]\nurl = \"https://u:hunter2@a.example\"\nsource = \"A\"",
        "2:7 `url`: a URL with a user or a password in it is not used, and not repeated here\n\
         → take out what stands before the `@`; keys stand in your own configuration",
    );
    check(
        "[registry.a]\nurl = \"http://a.example\"",
        "1:1 `source` is missing\n→ add `source = \"CORP\"`, as its objects have it\n\
         2:7 `url`: plain HTTP is used on loopback only, and `a.example` is another machine\n→ write `https://`",
    );
    check("[registrie.a]", "1:2 `registrie` is not a key here\n→ did you mean `registry`?");
}

#[test]
fn a_line_is_shown_without_what_may_be_a_key() {
    let check = |text: &str, expected: &str| assert_eq!(without_values(text), expected);
    check("[credential.a]\nfile = \"a\" # b\n", "[credential.a]\nfile = *** * *\n");
    check("UklQRUNUTFVTRVJLRVk=\n# é", "********************\n* **");
}

/// What comes of a key in a file that `make` makes.
fn kept(make: impl FnOnce(&Path)) -> Result<(String, String), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    make(&path);
    let text = format!("[credential.a]\nhost = \"127.0.0.1:1\"\nfile = \"{}\"", path.display());
    let (configuration, findings) = read(&text);
    assert_eq!(shown(&findings), "");
    let secret =
        configuration.credential("a").unwrap().secret_for(&"http://127.0.0.1:1".parse().unwrap(), "TEST");
    let secret = secret.map(|secret| (secret.expose().0.to_owned(), secret.expose().1.to_owned()));
    secret.map_err(|error| error.to_string().replace(&path.display().to_string(), "KEY"))
}

#[test]
fn a_key_is_read_from_a_file_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt;

    const KEY: &str = "RIPECTLUSERKEY0000000001:hunter2";
    let file = |text: &'static str, mode: u32| {
        move |path: &Path| {
            fs::write(path, text).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    let whole = Ok(("RIPECTLUSERKEY0000000001".to_owned(), "hunter2".to_owned()));
    assert_eq!(kept(file(KEY, 0o600)), whole);
    assert_eq!(kept(file("UklQRUNUTFVTRVJLRVkwMDAwMDAwMDAxOmh1bnRlcjI=\n", 0o400)), whole);
    let check = |made: Result<_, String>, expected: &str| {
        let error = made.unwrap_err();
        assert!(
            error.contains(expected) && error.contains("\nhint: ") && !error.contains("hunter2"),
            "{error}"
        );
    };
    check(kept(file(KEY, 0o640)), "credential `a`: KEY: others may read it\nhint: `chmod 600 KEY`");
    check(kept(file(KEY, 0o604)), "others may read it");
    check(kept(|_| ()), "it cannot be read");
    check(kept(|path| fs::create_dir(path).unwrap()), "it is no regular file");
    check(kept(|path| std::os::unix::fs::symlink("/dev/zero", path).unwrap()), "it is no regular file");
    check(kept(file("hunter2", 0o600)), "this is no API key");
    check(kept(file("", 0o600)), "this is no API key");
    let long = |path: &Path| {
        fs::write(path, " ".repeat(20_000)).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    };
    check(kept(long), "it is too large for a key");
}

#[test]
fn a_key_is_for_one_host() {
    let (configuration, _) = read("[credential.a]\nhost = \"127.0.0.1:1\"\nenv = \"PATH\"");
    let credential = configuration.credential("a").unwrap();
    let error = credential.secret_for(&"http://127.0.0.1:2".parse().unwrap(), "TEST").unwrap_err();
    assert_eq!(
        error.to_string(),
        "credential `a` is bound to `127.0.0.1:1`, and this is `127.0.0.1:2`: it is not sent there"
    );
}
