//! What is answered to which request: status, form and words, a table for each door.

mod lookups;
mod searches;
mod writes;

use std::net::{IpAddr, Ipv4Addr};

use futures_util::FutureExt;
use http_body_util::BodyExt;
use hyper::http::{HeaderMap, HeaderName, Method, header};
use jiff::Timestamp;

use super::{Server, call::Call, route};
use crate::{
    finding::Source,
    rpsl::File,
    sandbox::{accounts::Accounts, settings, state::World},
};

const BASE: &str = "
mntner: A-MNT\nadmin-c: PA1-RIPE\nupd-to: a@a.example\nauth: SSO a@a.example\nmnt-by: A-MNT\nsource: RIPE

person: Ann A\ne-mail: a@a.example\nnic-hdl: PA1-RIPE\nmnt-by: A-MNT\nsource: RIPE

irt: IRT-AA\nauth: SSO a@a.example\ne-mail: a@a.example\nadmin-c: PA1-RIPE\nmnt-by: A-MNT\nsource: RIPE

as-block: AS1 - AS9\nmnt-by: A-MNT\nsource: RIPE

aut-num: AS7\nas-name: A\nmnt-by: A-MNT\nsource: RIPE

aut-num: AS64000\nas-name: A\nmnt-by: A-MNT\nsource: RIPE-NONAUTH

inetnum: 0.0.0.0 - 255.255.255.255\nnetname: ALL\nsource: RIPE

inet6num: 2a0f::/29\nnetname: L\nmnt-irt: IRT-AA\nmnt-by: A-MNT\nsource: RIPE

inet6num: 2a0f::/44\nnetname: A\nmnt-by: A-MNT\nsource: RIPE

inet6num: 2a0f::/48\nnetname: A-NET\nmnt-by: A-MNT\nsource: RIPE

route6: 2a0f::/48\norigin: AS7\nmnt-by: A-MNT\nsource: RIPE

domain: 0.0.0.0.0.0.0.0.f.0.a.2.ip6.arpa\nmnt-by: A-MNT\nsource: RIPE
";

const KEYS: &str = "[[key]]\nid = \"AAAAAAAAAAAAAAAAAAAAAAAA\"\nsecret = \"s\"\nmaintainers = [\"A-MNT\"]\n";
const KEY: (&str, &str) = ("authorization", "Basic QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBOnM=");
const JSON: (&str, &str) = ("accept", "application/json");
const XML: (&str, &str) = ("accept", "application/xml");
const TEXT: (&str, &str) = ("accept", "text/plain");
const SYNC: (&str, &str) = ("host", "syncupdates.db.example");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn server(settings: &str) -> Server {
    let source = std::sync::Arc::new(Source::new("base", BASE));
    let objects = File::parse(&source).0.objects().map(|(object, _)| object.clone()).collect();
    let mut world = World::open(None, Timestamp::UNIX_EPOCH).unwrap();
    world.load(objects).unwrap();
    let settings = format!("authoritative = [\"AS1-AS999\", \"2000::/4\", \"0.0.0.0/0\"]\n{settings}");
    let (settings, pace) = settings::parse(&settings).unwrap();
    Server::new(world, Accounts::parse(KEYS).unwrap(), settings, pace, "http://127.0.0.1".to_owned())
}

/// A request `METHOD target`, its headers and body, at so many seconds.
struct Ask<'a>(&'a str, &'a [(&'static str, &'a str)], &'a [u8], i64);

impl Ask<'_> {
    /// Status, content type, location and body of the answer.
    fn of(&self, server: &Server) -> (u16, String, String) {
        let Ask(line, given, body, second) = self;
        let (method, target) = line.split_once(' ').unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in *given {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        let now = Timestamp::from_second(*second).unwrap();
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let call = Call::new(method, &target.parse().unwrap(), headers, body.to_vec(), now);
        let reply = route::answer(server, &call, IpAddr::V4(Ipv4Addr::LOCALHOST)).into_response();
        let header = |name| reply.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let (status, kind, location) =
            (reply.status().as_u16(), header(header::CONTENT_TYPE), header(header::LOCATION));
        let body = reply.into_body().collect().now_or_never().unwrap().unwrap().to_bytes();
        (status, kind, location + std::str::from_utf8(&body).unwrap())
    }

    /// Holds that the answer has this status, and says this.
    fn check(&self, server: &Server, status: u16, said: &str) {
        let (found, kind, body) = self.of(server);
        assert_eq!(found, status, "{} {:?}: {kind} {body}", self.0, self.1);
        assert!(body.contains(said), "{} {:?} does not say {said:?}: {kind} {body}", self.0, self.1);
    }
}
