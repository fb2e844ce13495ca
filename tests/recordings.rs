//! The project's own recordings, replayed against the embedded registry: `fixtures/README.md` says how they were made.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{fs, path::Path};

use ripectl::sandbox::{self, Clock, ServeOptions, Sharing};
use serde_json::{Value, json};

/// Replays a file of `fixtures/recordings` in its order; a conversation is a world of its own.
fn check(files: &[&str], expected: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recordings");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let options = ServeOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        load: vec![folder.join("base.rpsl")],
        accounts: Some(folder.join("accounts.toml")),
        settings: None,
        state: None,
        own_key: None,
        sharing: Sharing::Alone,
        clock: Clock::default(),
    };
    // Fails only if a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let running = runtime.block_on(sandbox::start(options)).unwrap();
    let mut replayed = 0;
    for file in files {
        for line in fs::read_to_string(folder.join(file)).unwrap().lines() {
            let pair: Value = serde_json::from_str(line).unwrap();
            let found = runtime.block_on(ask(&running.url, &pair));
            let recorded = json!({
                "status": pair["status"],
                "content-type": pair["response_headers"]["content-type"],
                "body": pair["response_body"],
            });
            let (mut found, mut recorded) = (found, recorded);
            mask(&mut found);
            mask(&mut recorded);
            assert_eq!(found, recorded, "{file}: {}, which rests on {}", pair["name"], pair["facts"]);
            replayed += 1;
        }
    }
    assert_eq!(replayed, expected);
}

async fn ask(url: &str, pair: &Value) -> Value {
    let text = |field: &str| pair[field].as_str().unwrap();
    let target = format!("{url}{}?{}", text("path"), text("query"));
    let client = reqwest::Client::builder().tls_certs_only([]).no_proxy();
    let client = client.redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut request = client.request(text("method").parse().unwrap(), target.trim_end_matches('?'));
    for (name, value) in pair["request_headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    if !pair["request_body"].is_null() {
        request = request.body(pair["request_body"].to_string());
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let content_type = answer.headers()["content-type"].to_str().unwrap().to_owned();
    let body = answer.text().await.unwrap().replace(url, "http://localhost");
    json!({"status": status, "content-type": content_type, "body": serde_json::from_str::<Value>(&body).unwrap()})
}

/// Hides the times that the registry generates: those of the year in which it was recorded, and later ones.
fn mask(value: &mut Value) {
    match value {
        Value::String(text) if is_recent(text) => "<now>".clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(mask),
        Value::Object(fields) => fields.values_mut().for_each(mask),
        _ => {}
    }
}

fn is_recent(text: &str) -> bool {
    let time = text.trim();
    time.len() == 20 && time.ends_with('Z') && time.get(..4).is_some_and(|year| year >= "2026")
}

#[test]
fn a_life_the_refusals_and_everything_else() {
    check(&["lifecycle.jsonl", "refused.jsonl", "others.jsonl"], 52);
}
