//! The API keys that the registry knows, and who a request comes from.
//!
//! ```toml
//! [[key]]
//! id = "ABCDEFGHIJKLMNOPQRSTUVWX"        # 24 letters and digits
//! secret = "…"
//! account = "person@example.net"          # as in `auth: SSO person@example.net`
//! scope = ["ANY"]                         # or names of maintainers
//! expires = 2027-01-31T00:00:00Z          # left out: never
//! ```
//!
//! Instead of an account a key may have `maintainers = […]`: it proves these. A credential that is wrong is
//! no error: its request goes on as anonymous (api.md §2).

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::rules::{Credential, Message, Scope};

/// Keys by id.
#[derive(Clone, Debug, Default)]
pub struct Accounts(Vec<ApiKey>);

/// A key as the registry knows it.
#[derive(Clone)]
pub struct ApiKey {
    /// What stands before the colon: 24 letters and digits.
    pub id: String,
    /// What stands behind it.
    pub secret: String,
    /// For whom it speaks.
    pub credential: Credential,
    /// From when on it is worth nothing.
    pub expires: Option<Timestamp>,
}

/// Who a request comes from, and what the registry says about how that was shown.
#[derive(Clone, Debug)]
pub struct Caller {
    /// For whom the request speaks.
    pub credential: Credential,
    /// What is said in every answer to a write.
    pub notes: Vec<Message>,
    /// What is said of the key when a maintainer that knows accounts is asked for its consent.
    pub when_asked: Option<Message>,
    /// What is said of the key when it speaks for a maintainer.
    pub when_proven: Option<Message>,
}

/// Why an accounts file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// It is not TOML, or has a key that is not known. The line is not shown, for it may hold a secret.
    #[error("line {line}: {message}")]
    Toml {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// An id that no API key has.
    #[error("`{0}` is not the id of an API key: it has 24 letters and digits")]
    Id(String),
    /// A key needs an account or maintainers, not both.
    #[error("key `{0}` needs either `account` or `maintainers`")]
    Owner(String),
    /// A time that cannot be read.
    #[error("key `{0}`: `expires` is not a time such as 2027-01-31T00:00:00Z")]
    Expires(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    key: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    secret: String,
    account: Option<String>,
    maintainers: Option<Vec<String>>,
    scope: Option<Vec<String>>,
    expires: Option<toml::Value>,
}

impl Caller {
    /// The same with so many passwords of the registry's staff: where there is one, no other credential is heard.
    #[must_use]
    pub fn with_override(mut self, passwords: usize) -> Caller {
        if passwords > 0 {
            self.credential = Credential::Override(passwords);
        }
        self
    }
}

impl Accounts {
    /// These keys.
    pub fn of(keys: Vec<ApiKey>) -> Accounts {
        Accounts(keys)
    }

    /// Adds a key.
    pub fn add(&mut self, key: ApiKey) {
        self.0.push(key);
    }

    /// Reads the text of an accounts file.
    pub fn parse(text: &str) -> Result<Accounts, AccountsError> {
        let file: File = toml::from_str(text).map_err(|error| {
            let before = text.get(..error.span().unwrap_or_default().start).unwrap_or_default();
            AccountsError::Toml { line: before.split('\n').count(), message: error.message().to_owned() }
        })?;
        Ok(Accounts(file.key.into_iter().map(Entry::key).collect::<Result<_, _>>()?))
    }

    /// Who comes with this `Authorization` header, and this cookie, at `now`.
    pub fn caller(&self, authorization: Option<&str>, cookie: Option<&str>, now: Timestamp) -> Caller {
        let mut caller =
            Caller { credential: Credential::Nobody, notes: Vec::new(), when_asked: None, when_proven: None };
        let (scheme, rest) = authorization.and_then(|header| header.split_once(' ')).unwrap_or_default();
        match scheme.to_ascii_lowercase().as_str() {
            "basic" => self.basic(rest, now, &mut caller),
            "bearer" => caller.when_asked = Some(Message::warning("Invalid Bearer Token")),
            _ => {}
        }
        if cookie.is_some_and(|cookie| cookie.contains("crowd.token_key=")) {
            caller.notes.push(Message::info("RIPE NCC Access token ignored"));
        }
        caller
    }

    fn basic(&self, encoded: &str, now: Timestamp, caller: &mut Caller) {
        let Some(key) = decoded(encoded.trim()).and_then(|pair| self.key(&pair)) else { return };
        match key.expires {
            Some(expires) if expires <= now => {
                caller.when_asked = Some(Message::warning("[APIKEY] Token has expired"));
                return;
            }
            Some(expires) if expires.duration_since(now) < WARNED_BEFORE => {
                let message = Message::warning("API KeyId %s is due to expire on %s").arg(&key.id);
                caller.when_proven = Some(message.arg(expires.strftime("%Y-%m-%d")));
            }
            _ => {}
        }
        caller.credential = key.credential.clone();
    }

    /// The key of `id:secret`. All bytes of the secret are compared, so that time does not tell how many fit.
    fn key(&self, pair: &str) -> Option<&ApiKey> {
        let (id, secret) = pair.split_once(':')?;
        let key = self.0.iter().find(|key| key.id == id)?;
        let differing =
            key.secret.bytes().zip(secret.bytes()).fold(0, |differing, (a, b)| differing | (a ^ b));
        (differing == 0 && key.secret.len() == secret.len()).then_some(key)
    }
}

/// How long before its end the registry warns of it.
const WARNED_BEFORE: SignedDuration = SignedDuration::from_hours(14 * 24);

impl Entry {
    fn key(self) -> Result<ApiKey, AccountsError> {
        if self.id.len() != 24 || !self.id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(AccountsError::Id(self.id));
        }
        let credential = match (self.account, self.maintainers) {
            (Some(name), None) => Credential::Account { name, scope: scope(self.scope) },
            (None, Some(maintainers)) => Credential::Maintainers(maintainers),
            _ => return Err(AccountsError::Owner(self.id)),
        };
        let expires = self.expires.map(|value| time(&value).ok_or(())).transpose();
        let expires = expires.map_err(|()| AccountsError::Expires(self.id.clone()))?;
        Ok(ApiKey { id: self.id, secret: self.secret, credential, expires })
    }
}

fn scope(names: Option<Vec<String>>) -> Scope {
    match names {
        Some(names) if !names.iter().any(|name| name.eq_ignore_ascii_case("ANY")) => Scope::Only(names),
        _ => Scope::Any,
    }
}

fn time(value: &toml::Value) -> Option<Timestamp> {
    match value {
        toml::Value::String(text) => text.parse().ok(),
        toml::Value::Datetime(time) => time.to_string().parse().ok(),
        _ => None,
    }
}

/// The text that `encoded` is the base64 of (RFC 4648 §4).
fn decoded(encoded: &str) -> Option<String> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut pending) = (Vec::new(), 0_u32, 0_u32);
    for byte in encoded.trim_end_matches('=').bytes() {
        let six = u32::try_from(ALPHABET.iter().position(|letter| *letter == byte)?).ok()?;
        bits = (bits << 6 | six) & 0xffff;
        pending += 6;
        if pending >= 8 {
            pending -= 8;
            bytes.push(u8::try_from(bits >> pending & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("ApiKey").field("id", &self.id).field("secret", &"…").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &str = r#"
        [[key]]
        id = "AAAAAAAAAAAAAAAAAAAAAAAA"
        secret = "s"
        account = "a@b.example"
        scope = ["A-MNT"]
        expires = "2027-01-31T00:00:00Z"
    "#;

    fn check(authorization: &str, now: &str, proves: bool, said: &str) {
        let accounts = Accounts::parse(KEYS).unwrap();
        let caller = accounts.caller(Some(authorization), None, now.parse().unwrap());
        assert_eq!(caller.credential != Credential::Nobody, proves, "{authorization} {now}");
        let messages = caller.notes.iter().chain(&caller.when_asked).chain(&caller.when_proven);
        assert_eq!(messages.map(Message::to_string).collect::<String>(), said);
    }

    #[test]
    fn a_wrong_credential_is_nobody() {
        let right = "Basic QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBOnM="; // AAAAAAAAAAAAAAAAAAAAAAAA:s
        check(right, "2026-12-01T00:00:00Z", true, "");
        let due = "API KeyId AAAAAAAAAAAAAAAAAAAAAAAA is due to expire on 2027-01-31";
        check(right, "2027-01-20T00:00:00Z", true, due);
        check(right, "2027-02-01T00:00:00Z", false, "[APIKEY] Token has expired");
        check("Basic QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBOng=", "2026-12-01T00:00:00Z", false, "");
        check("Basic !!!", "2026-12-01T00:00:00Z", false, "");
        check("Bearer x", "2026-12-01T00:00:00Z", false, "Invalid Bearer Token");
    }

    #[test]
    fn refuses_keys_that_cannot_be() {
        let refused = |text: &str, expected: &str| {
            let said = Accounts::parse(text).unwrap_err().to_string();
            assert!(said.contains(expected), "{said}");
        };
        refused("[[key]]\nid = \"x\"\nsecret = \"s\"\naccount = \"a\"", "24 letters and digits");
        refused(
            "[[key]]\nid = \"AAAAAAAAAAAAAAAAAAAAAAAA\"\nsecret = \"s\"",
            "either `account` or `maintainers`",
        );
        refused("[[key]]\nname = \"x\"", "unknown field `name`");
    }

    #[test]
    fn a_key_never_shows_its_secret() {
        let accounts = Accounts::parse(&KEYS.replace("\"s\"", "\"hidden\"")).unwrap();
        assert!(!format!("{accounts:?}").contains("hidden"));
    }
}
