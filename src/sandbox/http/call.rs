//! A request as the handlers see it: decoded, with its format negotiated.

use std::borrow::Cow;

use hyper::http::{HeaderMap, Method, Uri, header};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use super::{
    accept::{ALL, DATA, Format, ranges, without_suffix},
    secrets::without_secrets,
};
use crate::wire::{
    WireObject, charset,
    render::Layout,
    request::{self, Refused},
    xml,
};

/// One HTTP request.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its method.
    pub method: Method,
    /// Its path as written, without a suffix that chose the format; that of a service alone ends in a slash.
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
        let path = rewritten(uri.path());
        let (path, suffix) = without_suffix(&path);
        let query = uri.query().unwrap_or_default().to_owned();
        let parameters = form(query.as_bytes(), "UTF-8").unwrap_or_default();
        Call { method, path: path.to_owned(), query, headers, body, now, suffix, parameters }
    }

    /// The same request at another path, without its body.
    pub fn at(&self, path: String) -> Call {
        let Call { method, query, headers, parameters, .. } = self;
        let (method, query, headers, parameters) =
            (method.clone(), query.clone(), headers.clone(), parameters.clone());
        Call {
            method,
            path,
            query,
            headers,
            body: Vec::new(),
            now: self.now,
            suffix: self.suffix,
            parameters,
        }
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

    /// Whether a parameter is given.
    pub fn has(&self, name: &str) -> bool {
        self.given(name).next().is_some()
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

    /// The format of an answer that is made whole before it is sent. What is written is never answered as text.
    pub fn format(&self) -> Option<Format> {
        let reads = matches!(self.method, Method::GET | Method::HEAD);
        self.negotiated(if reads { ALL } else { DATA })
    }

    /// The media type that is agreed on, of those on offer, the first for who takes anything. A suffix stands for
    /// what was asked for, but where nothing was, the registry's library does not see it. `None` if none is taken.
    pub fn negotiated(&self, offered: &[Format]) -> Option<Format> {
        let first = |range: &str| offered.iter().copied().find(|format| format.is_within(range));
        let accept = self.header(header::ACCEPT).filter(|accept| !accept.is_empty());
        match (accept, self.suffix) {
            (None, _) => offered.first().copied(),
            (Some(_), Some(suffix)) => Some(suffix).filter(|suffix| offered.contains(suffix)),
            (Some(accept), None) => ranges(accept).into_iter().find_map(first),
        }
    }

    /// The format in which objects are written that are found one by one: by suffix, else the first that is named,
    /// however little it is wanted; XML if none is. So it may be another one than the answer is labelled with.
    pub fn streamed(&self) -> Format {
        let named = || self.header(header::ACCEPT)?.split(',').find_map(Format::named);
        self.suffix.or_else(named).unwrap_or(Format::Xml)
    }

    /// What the client named of what it takes, for those who read it by themselves.
    pub fn takes_text(&self) -> bool {
        let named = || self.header(header::ACCEPT).is_some_and(|accept| accept.contains("text/plain"));
        self.suffix.map_or_else(named, |suffix| suffix == Format::Text)
    }

    /// The URL of the request as the client sees it, without passwords. What came through a proxy was sent to the
    /// usual port of that one; else it was sent to `base`.
    pub fn url(&self, base: &str) -> String {
        self.url_within(base, "")
    }

    /// The same as the server behind the web server sees it, under another path.
    pub fn inner_url(&self, base: &str) -> String {
        self.url_within(base, "/whois")
    }

    fn url_within(&self, base: &str, folder: &str) -> String {
        let mut url = format!("{}{folder}{}", self.origin().as_deref().unwrap_or(base), self.path);
        let query = without_secrets(&self.query);
        if !query.is_empty() {
            url.extend(["?", &query]);
        }
        url
    }

    /// Scheme and host of the proxy that passed the request on.
    fn origin(&self) -> Option<String> {
        let scheme = self.headers.get("x-forwarded-proto")?.to_str().ok()?;
        let host = self.header(header::HOST)?;
        let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        Some(format!("{scheme}://{}", name.map_or(host, |(name, _)| name)))
    }

    /// The objects of the body, in JSON or XML as it claims to be; `None` if there is no body.
    pub fn objects(&self) -> Result<Option<Vec<WireObject>>, Refused> {
        match self.has_content_type("application/xml") {
            true => xml::objects(&self.body),
            false => request::objects(&self.body),
        }
    }

    /// Whether the body claims to be of this media type.
    pub fn has_content_type(&self, expected: &str) -> bool {
        let given = self.header(header::CONTENT_TYPE).unwrap_or_default();
        given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(expected)
    }
}

/// The pairs of an `application/x-www-form-urlencoded` text in a character set; what is no character of it is
/// replaced. `None` if nobody knows the set.
pub fn form(text: &[u8], label: &str) -> Option<Vec<(String, String)>> {
    let decode = |part: &[u8]| {
        let spaced: Vec<u8> = part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        let bytes: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
        charset::decode(&bytes, label).map(Cow::into_owned)
    };
    let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    let split = |pair: &[u8]| {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        Some((decode(halves.next().unwrap_or_default())?, decode(halves.next().unwrap_or_default())?))
    };
    pairs.map(split).collect()
}

/// The services that the web server passes on under whatever method: `/search` as `/search/`.
const SERVICES: [&str; 8] = [
    "search",
    "metadata",
    "abuse-contact",
    "references",
    "domain-objects",
    "geolocation",
    "autocomplete",
    "fulltextsearch",
];

/// Whether the first segment of a path is one of these services.
pub fn is_service(segment: &str) -> bool {
    SERVICES.contains(&segment)
}

/// The path with a slash behind the name of the service with which it begins.
fn rewritten(path: &str) -> String {
    let service =
        SERVICES.into_iter().find_map(|name| Some((name, path.strip_prefix('/')?.strip_prefix(name)?)));
    match service {
        Some((name, rest)) => format!("/{name}/{}", rest.strip_prefix('/').unwrap_or(rest)),
        None => path.to_owned(),
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
    fn what_is_sent_and_how_it_is_labelled() {
        use Format::{Json, Text, Xml};
        let check = |target: &str, accept: Option<&str>, label: Option<Format>, body| {
            let call = call(target, accept);
            assert_eq!((call.format(), call.streamed()), (label, body), "{target} {accept:?}");
        };
        let object = "/ripe/mntner/A-MNT";
        check(object, None, Some(Xml), Xml);
        check(object, Some("*/*"), Some(Xml), Xml);
        check(object, Some("text/plain;q=0.5, application/json"), Some(Json), Text);
        check(object, Some("application/json;q=0.5,text/plain"), Some(Text), Json);
        check(object, Some("*/*, application/json"), Some(Json), Json);
        check(object, Some("application/*;q=0.2, text/*;q=0.3"), Some(Text), Xml);
        check(object, Some("application/json;q=0, */*;q=0.1"), Some(Xml), Json);
        check(object, Some("APPLICATION/JSON"), Some(Json), Json);
        check(object, Some("text/html, application/xhtml+xml, */*;q=0.8"), Some(Xml), Xml);
        check(object, Some("text/xml"), None, Xml);
        check(object, Some("image/png"), None, Xml);
        check(object, Some(""), Some(Xml), Xml);
        check("/ripe/mntner/A-MNT.json", Some("application/xml"), Some(Json), Json);
        check("/search.json", None, Some(Xml), Json);
        check("/search.txt", Some("*/*"), Some(Text), Text);
        let offered = [Xml, Json];
        assert_eq!(call(object, Some("text/plain")).negotiated(&offered), None);
        assert_eq!(call(object, Some("text/*, */*;q=0.1")).negotiated(&offered), Some(Xml));
        assert_eq!(call("/ripe/mntner/A-MNT.txt", Some("*/*")).negotiated(&offered), None);
    }

    #[test]
    fn the_url_is_that_of_the_client() {
        let check = |headers: &[(&'static str, &'static str)], target: &str, expected: &str| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, value.parse().unwrap());
            }
            let call =
                Call::new(Method::GET, &target.parse().unwrap(), map, Vec::new(), Timestamp::UNIX_EPOCH);
            assert_eq!(call.url("http://127.0.0.1:1"), expected);
        };
        let proxy = [("x-forwarded-proto", "https"), ("host", "rest.example:8443")];
        check(&[], "/ripe/role/X", "http://127.0.0.1:1/ripe/role/X");
        check(&[], "/search?a=b&password=x", "http://127.0.0.1:1/search/?a=b");
        check(&[], "/search?password=x", "http://127.0.0.1:1/search/");
        check(&proxy, "/ripe/role/X?dry-run", "https://rest.example/ripe/role/X?dry-run");
        check(&[("x-forwarded-proto", "https"), ("host", "[::1]:1")], "/", "https://[::1]/");
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
