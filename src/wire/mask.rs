//! What is left out of texts that people see or that are kept: credentials, and characters that steer terminals.

use crate::rpsl::{Name, Object};

/// How many characters of an unexpected answer are shown.
const SHOWN: usize = 200;

/// The first 200 characters of `text` on one line, masked.
pub fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let masked = mask(&line);
    let shown: String = masked.chars().take(SHOWN).collect();
    if shown.len() < masked.len() { format!("{shown}…") } else { shown }
}

/// `text` with every word that may be a credential replaced by `***`, and control characters but `\n` by blanks.
///
/// A word may be one if it follows `Basic`, `Bearer`, `MD5-PW` or `SSO`, if it begins as an API key does
/// (24 letters and digits and a colon), or if it assigns a `password`.
pub fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut secret_follows = false;
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end_matches(char::is_whitespace);
        if word.is_empty() {
            masked.push_str(part);
            continue;
        }
        let plain = !secret_follows && !is_key(word) && !is_password(word);
        masked.push_str(if plain { word } else { "***" });
        masked.push_str(part.strip_prefix(word).unwrap_or_default());
        secret_follows = announces(word);
    }
    masked.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

/// Whether the next word is a credential.
fn announces(word: &str) -> bool {
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end_matches(':');
    let word = word.rsplit([':', '"', '=']).next().unwrap_or(word);
    ["basic", "bearer", "md5-pw", "sso"].iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// Whether an API key stands in the word: at least 24 letters and digits, a colon, and more.
fn is_key(word: &str) -> bool {
    word.match_indices(':').any(|(at, _)| {
        let (before, behind) = word.split_at_checked(at).unwrap_or((word, ""));
        let id = before.bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
        id >= 24 && behind.len() > 1
    })
}

fn is_password(word: &str) -> bool {
    word.to_ascii_lowercase().contains("password=")
}

/// The attributes of `object` as pairs of label and raw value, with the values of `auth` masked.
pub fn masked_object(object: &Object) -> Vec<(String, String)> {
    let pair = |attribute: crate::rpsl::Attribute| {
        let raw = match attribute.name {
            Some(Name::Auth) => " ***".to_owned(),
            _ => attribute.raw.to_owned(),
        };
        (attribute.label.to_owned(), raw)
    };
    object.attributes().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_shown() {
        let check = |text: &str, expected: &str| assert_eq!(mask(text), expected);
        check("Authorization: Basic UklQRUNU\nHost: a", "Authorization: Basic ***\nHost: a");
        check("auth: SSO a@b.example # x", "auth: SSO *** # x");
        check("auth:MD5-PW $1$abc", "auth:MD5-PW ***");
        check("key RIPECTLUSERKEY0000000001:secret-user.", "key ***");
        check("/ripe/role?password=abc&x", "***");
        check("route6 2a0f:85c1:260::/48AS205398 at https://rest.db.ripe.net/ripe", {
            "route6 2a0f:85c1:260::/48AS205398 at https://rest.db.ripe.net/ripe"
        });
        check("a\u{1b}[2Jb", "a [2Jb");
    }

    #[test]
    fn an_excerpt_is_short() {
        assert_eq!(excerpt("<html>\n <b>x</b>"), "<html> <b>x</b>");
        assert_eq!(excerpt(&"é".repeat(300)).chars().count(), 201);
    }

    #[test]
    fn auth_is_masked_in_what_is_kept() {
        let object = Object::parse("mntner: A-MNT\nauth: SSO a@b.example\n").unwrap();
        assert_eq!(masked_object(&object)[1], ("auth".to_owned(), " ***".to_owned()));
    }
}
