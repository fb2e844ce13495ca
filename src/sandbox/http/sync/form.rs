//! The fields of a form, in either of the two encodings that forms are sent in.

use std::convert::Infallible;

use futures_util::stream;
use hyper::{
    body::Bytes,
    http::{Method, StatusCode, header},
};

use crate::{
    sandbox::http::{
        Server,
        call::{Call, form},
        reply::Reply,
    },
    wire::charset,
};

/// The most fields that are read.
const MOST: usize = 32;

/// The fields of a request to syncupdates, the first of each name counts.
#[derive(Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads them: from the query of a GET, from the body of a POST.
    pub fn read(server: &Server, call: &Call) -> Result<Fields, Reply> {
        let bad = || Reply::empty(StatusCode::BAD_REQUEST);
        let Some(kind) = call.header(header::CONTENT_TYPE).filter(|_| call.method != Method::GET) else {
            return match call.method {
                Method::GET => Ok(Fields(form(call.query.as_bytes(), "UTF-8").unwrap_or_default())),
                _ => Err(bad()),
            };
        };
        if call.has_content_type("application/x-www-form-urlencoded") {
            return form(&call.body, parameter(kind, "charset").unwrap_or("UTF-8"))
                .map(Fields)
                .ok_or_else(bad);
        }
        if call.has_content_type("multipart/form-data") {
            return multipart(kind, &call.body).map(Fields).ok_or_else(bad);
        }
        Err(Reply::page(StatusCode::UNSUPPORTED_MEDIA_TYPE, call, &server.base))
    }

    /// The value of a field; an empty one is none.
    pub fn value(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(key, _)| key == name);
        field.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether a field is given and does not say no.
    pub fn is_set(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| !value.eq_ignore_ascii_case("no"))
    }
}

/// A parameter of a media type.
fn parameter<'a>(kind: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = kind.split(';').skip(1).filter_map(|pair| pair.split_once('='));
    let value = pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
    value.map(|value| value.trim_matches('"'))
}

/// The fields of `multipart/form-data` (RFC 7578), each in the character set of its own part. `None` if it is none.
fn multipart(kind: &str, body: &[u8]) -> Option<Vec<(String, String)>> {
    let boundary = multer::parse_boundary(kind).ok()?;
    let whole = Bytes::copy_from_slice(body);
    let mut parts = multer::Multipart::new(stream::once(async { Ok::<Bytes, Infallible>(whole) }), boundary);
    // All of it is here: nothing is waited for.
    let read = async {
        let mut fields = Vec::new();
        while let Some(part) = parts.next_field().await.ok()? {
            let label =
                part.content_type().and_then(|kind| kind.get_param("charset")).map(|set| set.to_string());
            let name = part.name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.ok()?;
            fields.push((name, charset::decode(&bytes, label.as_deref().unwrap_or("UTF-8"))?.into_owned()));
            (fields.len() <= MOST).then_some(())?;
        }
        Some(fields)
    };
    futures_util::FutureExt::now_or_never(read).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_body_is_too_strange(body in any::<Vec<u8>>(), cut in "(--X(--)?\r\n|Content-Disposition: form-data; name=|[ -~]|\n|\r\n\r\n){0,40}") {
            for body in [body.as_slice(), cut.as_bytes()] {
                let _ = multipart("multipart/form-data; boundary=X", body);
                let _ = form(body, "iso-8859-1");
                let _ = parameter(&String::from_utf8_lossy(body), "charset");
                let _ = crate::wire::xml::objects(body);
            }
        }
    }

    #[test]
    fn a_parameter_of_a_media_type() {
        let check = |kind, expected| assert_eq!(parameter(kind, "charset"), expected, "{kind}");
        check("text/plain", None);
        check("text/plain;charset=x", Some("x"));
        check("text/plain; Charset = \"iso-8859-1\" ; a=b", Some("iso-8859-1"));
    }

    #[test]
    fn parts_have_names_and_character_sets() {
        let check = |body: &[u8], expected: Option<&[(&str, &str)]>| {
            let read = multipart("multipart/form-data; boundary=XX", body);
            let pairs = read
                .as_ref()
                .map(|fields| fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect::<Vec<_>>());
            assert_eq!(pairs.as_deref(), expected, "{}", String::from_utf8_lossy(body));
        };
        let part = |head: &str, value: &[u8]| {
            [format!("--XX\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(), value, b"\r\n"]
                .concat()
        };
        let end = b"--XX--\r\n";
        check(
            &[part("name=\"DATA\"", "é\r\n\r\nb".as_bytes()), part("name=NEW", b"yes"), end.to_vec()]
                .concat(),
            Some(&[("DATA", "é\r\n\r\nb"), ("NEW", "yes")]),
        );
        let latin = "name=\"DATA\"; filename=\"a\"\r\nContent-Type: text/plain; charset=ISO-8859-1";
        check(&[part(latin, b"\xe9"), end.to_vec()].concat(), Some(&[("DATA", "é")]));
        check(end, Some(&[]));
        check(b"", None);
        check(&part("name=DATA", b"cut"), None);
        check(&[part("name=DATA\r\nContent-Type: text/plain; charset=x", b""), end.to_vec()].concat(), None);
        assert_eq!(multipart("multipart/form-data", b""), None);
        let many = [part("name=a", b"").repeat(40), end.to_vec()].concat();
        check(&many, None);
    }
}
