//! `RIPEstat`: the answers `announced-prefixes`, whose resource is the origin, and `looking-glass`.
//!
//! Both say of which time they speak. A prefix whose last timeline ended before that is announced no more. RIS leaves out
//! of `announced-prefixes` what few of its peers see, so that a leak may be missing.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde::Deserialize;

use super::{
    Document, Format, Input,
    json::{self, Text},
};
use crate::{
    bgp::{
        Origin, path,
        routes::{self, Routes},
    },
    reading::{Place, Problem},
};

pub(super) const FORMAT: Format = Format {
    name: "RIPEstat's `announced-prefixes` or `looking-glass`",
    recognise: |input| {
        input.has_key(&["data_call_name"]) || (input.has_key(&["data"]) && input.has_key(&["status"]))
    },
    read,
};

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    data_call_name: Option<Text<'a>>,
    #[serde(default)]
    messages: Vec<serde_json::Value>,
    #[serde(borrow)]
    data: Option<&'a serde_json::value::RawValue>,
}

/// `announced-prefixes`.
#[derive(Deserialize)]
struct Prefixes<'a> {
    #[serde(borrow)]
    resource: Text<'a>,
    #[serde(borrow)]
    query_endtime: Option<Text<'a>>,
    #[serde(rename = "prefixes", borrow)]
    held: Vec<Held<'a>>,
}

#[derive(Deserialize)]
struct Held<'a> {
    #[serde(borrow)]
    prefix: Text<'a>,
    #[serde(default, borrow)]
    timelines: Vec<Timeline<'a>>,
}

#[derive(Deserialize)]
struct Timeline<'a> {
    #[serde(borrow)]
    endtime: Option<Text<'a>>,
}

/// `looking-glass`.
#[derive(Deserialize)]
struct Glass<'a> {
    #[serde(borrow)]
    latest_time: Option<Text<'a>>,
    #[serde(borrow)]
    rrcs: Vec<Collector<'a>>,
}

#[derive(Deserialize)]
struct Collector<'a> {
    #[serde(default, borrow)]
    peers: Vec<Peer<'a>>,
}

#[derive(Deserialize)]
struct Peer<'a> {
    #[serde(borrow)]
    prefix: Text<'a>,
    #[serde(borrow)]
    as_path: Text<'a>,
}

fn read(input: &Input) -> Result<Document, Problem> {
    let envelope: Envelope = json::parse(input.text.unwrap_or_default())?;
    let status = envelope.status.as_ref().map_or("", |Text(status)| status);
    if status != "ok" {
        let said = envelope.messages.first().map(ToString::to_string).unwrap_or_default();
        let what = format!("RIPEstat answers with the status `{status}` {said}").trim_end().to_owned();
        return Err(Problem::CouldNotLook {
            what,
            hint: "ask RIPEstat again, and keep only an answer whose status is ok",
        });
    }
    let data = envelope.data.map_or("null", serde_json::value::RawValue::get);
    match envelope.data_call_name.as_ref().map_or("", |Text(name)| name) {
        "announced-prefixes" => announced(&json::parse(data)?),
        "looking-glass" => glass(json::parse(data)?),
        other => Err(Problem::CouldNotLook {
            what: format!("this is RIPEstat's `{other}`, which does not list announcements"),
            hint: "ask for `announced-prefixes` of an AS or `looking-glass` of a prefix",
        }),
    }
}

fn announced(data: &Prefixes) -> Result<Document, Problem> {
    let Text(resource) = &data.resource;
    let origin = path::listed(resource.as_bytes()).filter(|origin| *origin != Origin::Set);
    let origin = origin.ok_or_else(|| Problem::Malformed(path::no_origin(resource.as_bytes())))?;
    let generated = data.query_endtime.as_ref().map(time).transpose()?;
    let mut routes = Routes::default();
    for (number, held) in (1..).zip(&data.held) {
        let ends: Result<Vec<Timestamp>, Problem> =
            held.timelines.iter().filter_map(|timeline| timeline.endtime.as_ref()).map(time).collect();
        if ends?.into_iter().max() < generated.filter(|_| !held.timelines.is_empty()) {
            routes.skip("prefix that is announced no more");
            continue;
        }
        routes.add_checked(Place::Record(number), routes::prefix(&held.prefix.0), Ok(origin));
    }
    Ok(Document { routes, generated, proves_none: true })
}

fn glass(data: Glass) -> Result<Document, Problem> {
    let generated = data.latest_time.as_ref().map(time).transpose()?;
    let mut routes = Routes::default();
    let peers = data.rrcs.iter().flat_map(|collector| &collector.peers);
    for (number, Peer { prefix: Text(prefix), as_path: Text(path) }) in (1..).zip(peers) {
        routes.add_checked(Place::Record(number), routes::prefix(prefix), path::origin(path));
    }
    Ok(Document { routes, generated, proves_none: true })
}

/// `2025-06-11T08:00:00`, which is UTC.
fn time(Text(text): &Text) -> Result<Timestamp, Problem> {
    let utc = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    let parsed = text.parse::<Timestamp>().ok().or_else(utc);
    parsed.ok_or_else(|| Problem::Time(text.clone().into_owned()))
}

#[cfg(test)]
mod tests {
    use crate::{
        bgp::{Origin, read},
        net::Asn,
    };

    fn answer(prefixes: &str) -> String {
        format!(
            r#"{{"data_call_name":"announced-prefixes","status":"ok","data":{{"prefixes":[{prefixes}],"resource":"64500","query_endtime":"2026-11-20T08:00:00"}}}}"#
        )
    }

    #[test]
    fn a_prefix_that_ended_is_announced_no_more() {
        let text = answer(
            r#"{"prefix":"192.0.2.0/24","timelines":[{"endtime":"2026-11-20T08:00:00"}]},
               {"prefix":"198.51.100.0/24","timelines":[{"endtime":"2026-11-19T08:00:00"}]}"#,
        );
        let announced = read("x", text.as_bytes()).unwrap();
        assert_eq!(announced.generated, "2026-11-20T08:00:00Z".parse().ok());
        let seen: Vec<_> = announced.seen.iter().map(|seen| (seen.prefix.to_string(), seen.origin)).collect();
        assert_eq!(seen, [("192.0.2.0/24".to_owned(), Origin::As(Asn(64500)))]);
        assert_eq!(announced.skipped.first().unwrap().count, 1);
        assert_eq!(read("x", answer("").as_bytes()).unwrap().seen, [], "asked, and nobody sees any");
    }

    #[test]
    fn an_answer_that_is_not_ok_is_refused() {
        let text = r#"{"status":"error","messages":[["error","Unknown resource"]],"data":{}}"#;
        let error = read("x", text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("status `error` [\"error\",\"Unknown resource\"]\nhint: "), "{error}");
        let other = r#"{"status":"ok","data_call_name":"whois","data":{}}"#;
        assert!(read("x", other.as_bytes()).unwrap_err().to_string().contains("`whois`"));
    }
}
