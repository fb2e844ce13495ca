//! A key that an answer repeats, taken out before anything is made of the answer: what is shown, compared or
//! journalled afterwards cannot have it.

use std::{borrow::Cow, collections::BTreeSet};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use memchr::memmem::Finder;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::answer::Raw;
use crate::{
    rpsl::{Object, ObjectError},
    rules::Message,
    user::Secret,
    wire::Reply,
};

/// What stands for what was taken out.
const HIDDEN: &str = "***";

/// A secret shorter than this may be a word of ordinary text: it is taken out only together with the id of its key.
const SHORTEST: usize = 8;

/// What clients leave as it is when they encode (RFC 3986 §2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What of a key may come back, in every form.
fn of_key(key: &Secret) -> BTreeSet<String> {
    let (id, secret) = key.expose();
    let whole = format!("{id}:{secret}");
    let base64 = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD].map(|way| way.encode(&whole));
    let plain = [id, secret, &whole].into_iter().filter(|text| text.len() >= SHORTEST);
    plain.chain(base64.iter().map(String::as_str)).flat_map(forms).collect()
}

/// The forms in which keys may come back, the longest first.
pub(super) struct Echo(Vec<Finder<'static>>);

impl Echo {
    /// Of each key `id:secret`, its base64, the id and the secret: each as it is, percent-encoded, and escaped as in JSON
    /// and HTML. Without a key there is nothing to find.
    pub fn of<'a>(keys: impl IntoIterator<Item = &'a Secret>) -> Echo {
        let forms: BTreeSet<String> = keys.into_iter().flat_map(of_key).collect();
        let mut forms: Vec<String> = forms.into_iter().collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        Echo(forms.iter().map(|form| Finder::new(form).into_owned()).collect())
    }

    /// The answer without the key.
    pub fn clear(&self, raw: Raw) -> Raw {
        let header = |text: Option<String>| text.map(|text| self.text(&text).into_owned());
        Raw {
            body: self.bytes(raw.body),
            content_type: header(raw.content_type),
            location: header(raw.location),
            ..raw
        }
    }

    /// What was understood of the answer, without a key that was written in it with escapes.
    pub fn clear_reply(&self, reply: Reply) -> Result<Reply, ObjectError> {
        let Reply { objects, messages, is_short, link } = reply;
        let objects = objects.into_iter().map(|object| self.object(object)).collect::<Result<_, _>>()?;
        let messages = messages.into_iter().map(|message| self.message(message)).collect();
        let link = link.map(|link| self.text(&link).into_owned());
        Ok(Reply { objects, messages, is_short, link })
    }

    /// The text without the key.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.replaced(text.as_bytes()) {
            // What was replaced was text between text.
            Some(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
            None => Cow::Borrowed(text),
        }
    }

    fn object(&self, object: Object) -> Result<Object, ObjectError> {
        match self.text(object.text()) {
            Cow::Borrowed(_) => Ok(object),
            Cow::Owned(text) => Object::parse(text),
        }
    }

    fn message(&self, message: Message) -> Message {
        let clear = |text: String| self.text(&text).into_owned();
        Message {
            text: match self.text(&message.text) {
                Cow::Borrowed(_) => message.text,
                Cow::Owned(text) => text.into(),
            },
            args: message.args.into_iter().map(clear).collect(),
            attribute: message.attribute.map(|(label, raw)| (clear(label), clear(raw))),
            ..message
        }
    }

    fn bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.replaced(&bytes).unwrap_or(bytes)
    }

    /// `None` if there is nothing to replace, as nearly always.
    fn replaced(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.0.iter().fold(None, |cleared, form| {
            let bytes = cleared.as_deref().unwrap_or(bytes);
            without(bytes, form).or(cleared)
        })
    }
}

/// `bytes` with `form` replaced; `None` if it does not occur.
fn without(bytes: &[u8], form: &Finder) -> Option<Vec<u8>> {
    form.find(bytes)?;
    let (mut cleared, mut end) = (Vec::with_capacity(bytes.len()), 0);
    for start in form.find_iter(bytes) {
        cleared.extend_from_slice(bytes.get(end..start).unwrap_or_default());
        cleared.extend_from_slice(HIDDEN.as_bytes());
        end = start + form.needle().len();
    }
    cleared.extend_from_slice(bytes.get(end..).unwrap_or_default());
    Some(cleared)
}

/// `text` as it is, and as it stands in a URL, in JSON and in HTML.
fn forms(text: &str) -> Vec<String> {
    let encoded = |set| utf8_percent_encode(text, set).to_string();
    let percent = [encoded(NON_ALPHANUMERIC), encoded(RESERVED)];
    let json = serde_json::Value::from(text).to_string();
    let json = json.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned();
    let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let mut forms = vec![text.to_owned(), json.replace('/', "\\/"), json, html.replace('\'', "&#39;"), html];
    forms.extend(percent.iter().map(|form| lower_hex(form)));
    forms.extend(percent);
    forms
}

/// `%2B` as `%2b`.
fn lower_hex(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (hex, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        format!("{text}%{}{rest}", hex.to_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "RIPECTLUSERKEY0000000001";

    fn echo(secret: &str) -> Echo {
        Echo::of(Some(&Secret::parse(&format!("{ID}:{secret}")).unwrap()))
    }

    #[test]
    fn a_key_is_taken_out_in_every_form() {
        let check = |secret: &str, text: &str, expected: &str| {
            assert_eq!(echo(secret).text(text), expected, "{secret}: {text}");
        };
        let secret = "s+cr/t?=<\"o>~é~~~~?????";
        check(secret, &format!("key {ID}:{secret}."), "key ***.");
        check(secret, &format!("id {ID}, secret {secret}"), "id ***, secret ***");
        let whole = format!("{ID}:{secret}");
        let way = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD].map(|way| way.encode(&whole));
        assert!(way[0].contains('=') && way[0] != way[2], "{way:?}: the forms differ");
        for text in &way {
            check(secret, &format!("Basic {text} end"), "Basic *** end");
            check(secret, &format!("?a={}&b", utf8_percent_encode(text, NON_ALPHANUMERIC)), "?a=***&b");
        }
        check(secret, "https://x/s%2Bcr%2Ft%3F%3D%3C%22o%3E~%C3%A9~~~~%3F%3F%3F%3F%3F", "https://x/***");
        check(
            secret,
            "https://x/s%2bcr%2ft%3f%3d%3c%22o%3e%7e%c3%a9%7e%7e%7e%7e%3f%3f%3f%3f%3f",
            "https://x/***",
        );
        check(secret, r#"{"x":"s+cr\/t?=<\"o>~é~~~~?????"}"#, r#"{"x":"***"}"#);
        check(secret, "<b>s+cr/t?=&lt;&quot;o&gt;~é~~~~?????</b>", "<b>***</b>");
        check("abcdefgh", "xabcdefghabcdefgh y", "x****** y");
    }

    #[test]
    fn ordinary_text_stays() {
        let check = |secret: &str, text: &str, expected: &str| assert_eq!(echo(secret).text(text), expected);
        check("hush", "hush, hushed", "hush, hushed");
        check("hush", &format!("{ID}:hush, hushed"), "***, hushed");
        check("hush-hush", "Hush-Hush is another", "Hush-Hush is another");
        assert_eq!(Echo::of(None).text(ID), ID);
    }

    #[test]
    fn an_object_is_the_same_but_for_the_key() {
        let object = |text: &str| Object::parse(text).unwrap();
        let reply = |text: &str| Reply { objects: vec![object(text)], ..Reply::default() };
        let plain = "person: A B\nremarks: nothing\nnic-hdl: AB1-RIPE\n";
        let cleared = echo("hush-hush").clear_reply(reply(plain)).unwrap();
        assert_eq!(cleared.objects[0].text(), plain);
        let told = "person: A B\nremarks: a hush-hush b\nnic-hdl: AB1-RIPE\n";
        let cleared = echo("hush-hush").clear_reply(reply(told)).unwrap();
        assert_eq!(cleared.objects[0].text(), told.replace("hush-hush", "***"));
        assert_eq!(cleared.objects[0].key(), object(told).key());
        assert!(echo("hush-hush").clear_reply(reply("person: A\nhush-hush: B\n")).is_ok());
    }
}
