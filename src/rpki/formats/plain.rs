//! A record of JSON in the plain form in which nearly all are printed, read in one pass: a flat object of an AS number, a
//! prefix, a maxLength, and perhaps a trust anchor and an expiry in seconds, in any order.
//!
//! A shortcut and never an opinion: whatever is written otherwise, or wrong, is left to [`Roa`](super::roas::Roa), which
//! must say the same of all that is read here.

use memchr::memchr;

use super::records::Plain;
use crate::net::{Asn, number_at, prefix_at};

/// The record with which `text` begins, and the offset behind it.
pub(super) fn record_at(text: &[u8]) -> Option<(Plain<'_>, usize)> {
    let (mut prefix, mut origin, mut max_length) = (None, None, None);
    let (mut anchor, mut expires) = (None, None);
    let mut rest = text.strip_prefix(b"{")?;
    loop {
        let (key, after) = string_at(blanks(rest))?;
        let value = blanks(blanks(after).strip_prefix(b":")?);
        // What is given twice is wrong.
        rest = match key {
            "prefix" if prefix.is_none() => taken(&mut prefix, quoted(value, prefix_at)?),
            "asn" if origin.is_none() => {
                let quoted = value.strip_prefix(b"\"AS").map(|text| closed(number_at(text)?));
                taken(&mut origin, quoted.unwrap_or_else(|| number_at(value))?)
            }
            "maxLength" if max_length.is_none() => taken(&mut max_length, number_at(value)?),
            "expires" if expires.is_none() => taken(&mut expires, number_at(value)?),
            "ta" if anchor.is_none() => taken(&mut anchor, string_at(value)?),
            _ => return None,
        };
        match blanks(rest) {
            [b',', after @ ..] => rest = after,
            [b'}', after @ ..] => {
                let max_length = u8::try_from(max_length?).ok()?;
                let plain = Plain { prefix: prefix?, origin: Asn(origin?), max_length, expires, anchor };
                return Some((plain, text.len() - after.len()));
            }
            _ => return None,
        }
    }
}

/// Keeps the value, and hands on what follows it.
fn taken<'a, T>(kept: &mut Option<T>, (value, rest): (T, &'a [u8])) -> &'a [u8] {
    *kept = Some(value);
    rest
}

/// What `read` makes of the inside of a string, all of it.
fn quoted<'a, T>(text: &'a [u8], read: impl Fn(&'a [u8]) -> Option<(T, &'a [u8])>) -> Option<(T, &'a [u8])> {
    closed(read(text.strip_prefix(b"\"")?)?)
}

fn closed<T>((value, rest): (T, &[u8])) -> Option<(T, &[u8])> {
    Some((value, rest.strip_prefix(b"\"")?))
}

/// A string of printable ASCII without escapes.
fn string_at(text: &[u8]) -> Option<(&str, &[u8])> {
    let inner = text.strip_prefix(b"\"")?;
    let (word, rest) = inner.split_at_checked(memchr(b'"', inner)?)?;
    let is_plain = word.iter().all(|byte| matches!(byte, b' '..=b'~') && *byte != b'\\');
    Some((std::str::from_utf8(word).ok().filter(|_| is_plain)?, rest.strip_prefix(b"\"")?))
}

fn blanks(text: &[u8]) -> &[u8] {
    let count = text.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
    text.get(count..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rpki::{
        Payloads, VrpSet,
        formats::{records::Fields, roas::Roa},
    };

    /// What the shortcut, and what the long way makes of a record.
    fn both(text: &str) -> (Option<String>, Option<String>) {
        let told = |push: &dyn Fn(&mut Payloads) -> bool| {
            let mut payloads = Payloads::default();
            let is_one = push(&mut payloads);
            let set: VrpSet = payloads.into_set();
            is_one.then(|| set.iter().map(|vrp| format!("{vrp:?}")).collect())
        };
        let short = told(&|payloads| {
            record_at(text.as_bytes()).is_some_and(|(plain, _)| plain.push(payloads).is_ok())
        });
        let long = told(&|payloads| {
            let mut values = serde_json::Deserializer::from_str(text).into_iter::<Roa>();
            let Some(Ok(roa)) = values.next() else { return false };
            Fields::from(roa).push(payloads).is_ok()
        });
        (short, long)
    }

    #[test]
    fn plain_records_are_read_at_once() {
        let check = |text: &str| {
            let (short, long) = both(text);
            assert!(short.is_some() && short == long, "{text}: {short:?} {long:?}");
        };
        check(r#"{ "asn": "AS1", "prefix": "2001:db8::/32", "maxLength": 48, "ta": "ripe" }, …"#);
        check(
            r#"{"asn":4294967295,"prefix":"192.0.2.0/24","maxLength":24,"ta":"ripe","expires":1795521562}"#,
        );
        check("{\n\"maxLength\" : 0 ,\t\"prefix\":\"::/0\",\r\n\"asn\":\"AS0\"\n}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]
        /// All that the shortcut takes, the long way takes for the same.
        #[test]
        fn the_shortcut_has_no_opinion_of_its_own(
            fields in prop::collection::vec((
                prop::sample::select(vec!["asn", "prefix", "maxLength", "ta", "expires", "length", "source", "x\\u0041"]),
                prop::sample::select(vec![
                    "\"AS1\"", "1", "\"1\"", "\"as1\"", "01", "\"AS01\"", "4294967296", "1.0", "1e2", "-1", "null", "\"\"",
                    "\"192.0.2.0/24\"", "\"192.0.2.1/24\"", "\"192.0.2.0/24 \"", "\"::/0\"", "\"2001:db8::/32\"", "24", "25",
                    "33", "129", "300", "\"24\"", "\"ripe\"", "\"r\\u0069pe\"", "\"a\u{1b}\"", "\"ü\"", "[]", "{}", "1795521562",
                ]),
            ), 0..6),
            comma in prop::sample::select(vec![",", " , ", ";", ",,"]),
        ) {
            let fields: Vec<String> = fields.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
            let (short, long) = both(&format!("{{{}}}", fields.join(comma)));
            if short.is_some() {
                prop_assert_eq!(short, long);
            }
        }
    }
}
