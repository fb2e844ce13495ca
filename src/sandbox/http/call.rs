//! A request as the handlers see it: decoded, with its format negotiated.

use hyper::http::{HeaderMap, Method, Uri, header};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use crate::wire::render::Layout;

/// One HTTP request.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its method.
    pub method: Method,
    /// Its path as written, without a suffix that chose the format.
    pub path: String,
    /// Its query as written, without the question mark.
    pub query: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
    /// When it came.
    pub now: Timestamp,
    suffix: Option<Format>,
    parameters: Vec<(String, String)>,
}

/// The format of an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// `application/json`
    Json,
    /// `application/xml`
    Xml,
    /// `text/plain`
    Text,
}

/// How the request reached the server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Transport {
    /// Encrypted, or on loopback, which counts as that.
    Secure,
    /// A proxy says that it was plain HTTP.
    Plain,
}

impl Call {
    /// The request with these parts.
    pub fn new(method: Method, uri: &Uri, headers: HeaderMap, body: Vec<u8>, now: Timestamp) -> Call {
        let (path, suffix) = without_suffix(uri.path());
        let query = uri.query().unwrap_or_default().to_owned();
        let parameters = form(query.as_bytes());
        Call { method, path: path.to_owned(), query, headers, body, now, suffix, parameters }
    }

    /// The segments of its path, decoded. Only one that is valid UTF-8 has any.
    pub fn segments(&self) -> Vec<String> {
        let path = self.path.strip_prefix('/').unwrap_or(&self.path);
        let decoded =
            path.split('/').map(|segment| percent_decode_str(segment).decode_utf8().map(Into::into));
        decoded.collect::<Result<_, _>>().unwrap_or_default()
    }

    /// The values of a parameter, decoded, in order; a parameter without `=` has an empty value.
    pub fn values(&self, name: &str) -> Vec<String> {
        self.given(name).map(str::to_owned).collect()
    }

    fn given(&self, name: &str) -> impl Iterator<Item = &str> {
        self.parameters.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a switch is on: given without a value, or with `true`.
    pub fn is_set(&self, name: &str) -> bool {
        self.given(name).next().is_some_and(|value| value.is_empty() || value.eq_ignore_ascii_case("true"))
    }

    /// How attributes are to be written in the answer.
    pub fn layout(&self) -> Layout {
        if self.is_set("unformatted") { Layout::Unformatted } else { Layout::Formatted }
    }

    /// A header that is text.
    pub fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How it reached the server.
    pub fn transport(&self) -> Transport {
        let forwarded = self.headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
        match forwarded {
            Some(protocol) if protocol.eq_ignore_ascii_case("http") => Transport::Plain,
            _ => Transport::Secure,
        }
    }

    /// The format that the client asks for: by suffix, else by `Accept`; XML if it takes anything.
    /// `None` if it takes nothing that there is.
    pub fn format(&self) -> Option<Format> {
        if self.suffix.is_some() {
            return self.suffix;
        }
        let Some(accept) = self.header(header::ACCEPT) else { return Some(Format::Xml) };
        let mut ranges: Vec<(&str, f32)> = accept.split(',').map(weighted).collect();
        ranges.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        ranges.iter().find_map(|(range, _)| format_of(range))
    }

    /// Scheme, host and target of the request as the client sees them.
    pub fn url(&self, base: &str) -> String {
        let mut url = format!("{base}{}", self.path);
        if !self.query.is_empty() {
            url.push('?');
            url.push_str(&self.query);
        }
        url
    }

    /// Whether the body claims to be of this media type.
    pub fn has_content_type(&self, expected: &str) -> bool {
        let given = self.header(header::CONTENT_TYPE).unwrap_or_default();
        given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(expected)
    }
}

/// The pairs of an `application/x-www-form-urlencoded` text; bytes that are not UTF-8 are replaced.
pub fn form(text: &[u8]) -> Vec<(String, String)> {
    let decode = |part: &[u8]| {
        let spaced: Vec<u8> = part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        percent_encoding::percent_decode(&spaced).decode_utf8_lossy().into_owned()
    };
    let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    let split = |pair: &[u8]| {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        (decode(halves.next().unwrap_or_default()), decode(halves.next().unwrap_or_default()))
    };
    pairs.map(split).collect()
}

fn without_suffix(path: &str) -> (&str, Option<Format>) {
    let known = [(".json", Format::Json), (".xml", Format::Xml), (".txt", Format::Text)];
    let found = known.iter().find_map(|(suffix, format)| Some((path.strip_suffix(suffix)?, Some(*format))));
    found.unwrap_or((path, None))
}

fn weighted(range: &str) -> (&str, f32) {
    let mut parts = range.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok());
    (media, weight.unwrap_or(1.0))
}

fn format_of(range: &str) -> Option<Format> {
    match range.to_ascii_lowercase().as_str() {
        "application/json" => Some(Format::Json),
        "application/xml" | "text/xml" | "*/*" | "application/*" => Some(Format::Xml),
        "text/plain" | "text/*" => Some(Format::Text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(target: &str, accept: Option<&str>) -> Call {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert(header::ACCEPT, accept.parse().unwrap());
        }
        Call::new(Method::GET, &target.parse().unwrap(), headers, Vec::new(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn the_suffix_goes_before_the_header() {
        let check = |target, accept, expected| assert_eq!(call(target, accept).format(), expected);
        check("/ripe/mntner/A-MNT.json", Some("application/xml"), Some(Format::Json));
        check("/ripe/mntner/A-MNT", None, Some(Format::Xml));
        check("/ripe/mntner/A-MNT", Some("text/plain;q=0.5, application/json"), Some(Format::Json));
        check("/ripe/mntner/A-MNT", Some("image/png"), None);
    }

    #[test]
    fn a_switch_is_on_without_a_value() {
        let check = |target, expected| assert_eq!(call(target, None).is_set("dry-run"), expected, "{target}");
        check("/?dry-run", true);
        check("/?a=b&dry-run=true", true);
        check("/?dry-run=false", false);
        check("/?dry-running", false);
    }

    #[test]
    fn segments_are_decoded() {
        let path = call("/ripe/inetnum/192.0.2.0%20-%20192.0.2.255", None).segments();
        assert_eq!(path, ["ripe", "inetnum", "192.0.2.0 - 192.0.2.255"]);
        assert!(call("/ripe/%ff", None).segments().is_empty());
    }
}
