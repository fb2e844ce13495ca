//! `[rpki]`: where validated ROA payloads come from, how old they may be, and who makes the ROAs.

use std::{path::PathBuf, str::FromStr, time::Duration};

use super::pattern::stays_inside;
use crate::{
    config::{Keys, Kind, Read, Row, Value, words},
    http::{Address, AddressError},
    net::Prefix,
    tcp::Server,
};

/// Where VRPs come from and who makes the ROAs.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Rpki {
    /// The VRPs to validate against.
    pub vrps: Option<VrpOrigin>,
    /// How old they may be.
    pub max_age: MaxAge,
    /// The trust anchors of which there must be VRPs.
    pub anchors: Vec<String>,
    /// Who makes the ROAs of which prefixes.
    pub publishers: Vec<Publisher>,
}

/// Where VRPs come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum VrpOrigin {
    /// A file; a relative path begins at the estate's root.
    File(PathBuf),
    /// A URL.
    Url(Address),
    /// The RTR protocol (RFC 8210).
    Rtr(Server),
}

impl FromStr for VrpOrigin {
    type Err = AddressError;

    /// What begins with a scheme, such as `https://`, is a URL, everything else a path.
    fn from_str(text: &str) -> Result<VrpOrigin, AddressError> {
        if let Some(place) = text.strip_prefix("rtr://") {
            return Server::read(place.trim_end_matches('/'), None).map(VrpOrigin::Rtr).ok_or_else(|| {
                AddressError {
                    what: match place.contains('@') {
                        true => {
                            "it is no place of an RTR server, which has neither user nor password".to_owned()
                        }
                        false => format!("`{text}` is no place of an RTR server"),
                    },
                    next: "write it as rtr://HOST:PORT, such as rtr://localhost:3323",
                    is_secret: place.contains('@'),
                }
            });
        }
        if Address::is_meant_by(text) {
            text.parse().map(VrpOrigin::Url)
        } else {
            Ok(VrpOrigin::File(text.into()))
        }
    }
}

impl Read for VrpOrigin {
    const KIND: Kind = Kind::Text("a file below the folder of `ripectl.toml`, a URL, or `rtr://HOST:PORT`");

    fn read(value: Value) -> Option<VrpOrigin> {
        match value.text()? {
            "" => value.refuse("must name a file or a URL"),
            text => match text.parse::<VrpOrigin>().map_or_else(|error| value.refuse_address(error), Some)? {
                VrpOrigin::File(path) if !stays_inside(&path) => value.refuse_with(
                    "leads out of the estate, and a repository may read nothing there",
                    "put the file below the folder of ripectl.toml, or name it yourself: `ripectl validate --vrps FILE`",
                ),
                origin => Some(origin),
            },
        }
    }
}

/// How old VRPs may be before they are no evidence any more.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MaxAge {
    /// At most this.
    Within(Duration),
    /// As old as they may be: they are a fixture, and every output says so.
    Never,
}

/// Two hours: several runs of a validator.
impl Default for MaxAge {
    fn default() -> MaxAge {
        MaxAge::Within(Duration::from_secs(2 * 3600))
    }
}

/// A text that is no age.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not an age; write it as `90s`, `30m`, `2h` or `1d`, or `never` for a fixture")]
pub struct MaxAgeError(String);

impl FromStr for MaxAge {
    type Err = MaxAgeError;

    fn from_str(text: &str) -> Result<MaxAge, MaxAgeError> {
        const UNITS: [(char, u64); 4] = [('s', 1), ('m', 60), ('h', 3600), ('d', 86400)];
        if text == "never" {
            return Ok(MaxAge::Never);
        }
        let age = UNITS.iter().find_map(|(unit, seconds)| {
            let count =
                text.strip_suffix(*unit).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
            count.parse::<u64>().ok()?.checked_mul(*seconds)
        });
        age.map(|seconds| MaxAge::Within(Duration::from_secs(seconds)))
            .ok_or_else(|| MaxAgeError(text.to_owned()))
    }
}

impl Read for MaxAge {
    const KIND: Kind = Kind::Text("a number and `s`, `m`, `h` or `d`; or `never`");

    fn read(value: Value) -> Option<MaxAge> {
        value.parsed()
    }
}

/// Who makes the ROAs of some prefixes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Publisher {
    /// The prefixes.
    pub prefixes: Vec<Prefix>,
    /// What kind of publisher it is.
    pub kind: PublisherKind,
    /// Where requests are mailed to.
    pub mail_to: Option<String>,
}

/// How ROAs come about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PublisherKind {
    /// The sponsoring LIR makes them on request.
    Lir,
    /// The RIPE NCC's hosted RPKI.
    Ripe,
    /// A Krill of our own.
    Krill,
}

const PUBLISHER_KINDS: [(&str, PublisherKind); 3] =
    [("lir", PublisherKind::Lir), ("ripe", PublisherKind::Ripe), ("krill", PublisherKind::Krill)];
const PUBLISHER_WORDS: [&str; 3] = words(&PUBLISHER_KINDS);

impl Read for PublisherKind {
    const KIND: Kind = Kind::Words(&PUBLISHER_WORDS);

    fn read(value: Value) -> Option<PublisherKind> {
        value.word(&PUBLISHER_KINDS)
    }
}

/// The keys of `[[rpki.publisher]]`.
const PUBLISHER: Keys = Keys {
    title: "",
    about: "",
    rows: &[
        Row::needed::<Vec<Prefix>>("prefixes", "[\"2001:db8::/32\"]", "of which prefixes"),
        Row::needed::<PublisherKind>("kind", "\"lir\"", "who that is"),
        Row::optional::<String>("mail-to", "nowhere", "where to write to").such_as("\"noc@lir.example\""),
    ],
};

impl Read for Publisher {
    const KIND: Kind = Kind::Table(&PUBLISHER);

    fn read(value: Value) -> Option<Publisher> {
        value.table(&PUBLISHER, |table| {
            let prefixes = table.need::<Vec<Prefix>>("prefixes").unwrap_or_default();
            let (kind, mail_to) = (table.need("kind"), table.get("mail-to"));
            Some(Publisher { prefixes, kind: kind?, mail_to })
        })?
    }
}

/// The keys of `[rpki]`.
const KEYS: Keys = Keys {
    title: "what the announcements are validated against",
    about: "",
    rows: &[
        Row::optional::<VrpOrigin>(
            "vrps",
            "`validate --vrps`, and `apply` does not judge",
            "where the VRPs are",
        )
        .such_as("\"vrps.json\""),
        Row::optional::<MaxAge>("max-age", "`\"2h\"`", "how old they may be; `\"never\"` is for a fixture")
            .such_as("\"30m\""),
        Row::optional::<Vec<String>>(
            "require-ta",
            "the one of the registry of announced space, where any is named",
            "the trust anchors of which there must be VRPs, as the validator calls them",
        )
        .such_as("[\"ripe\"]"),
        Row::optional::<Vec<Publisher>>(
            "publisher",
            "nobody",
            "who makes the ROAs: `[[rpki.publisher]]`, one for each",
        ),
    ],
};

impl Read for Rpki {
    const KIND: Kind = Kind::Table(&KEYS);

    fn read(value: Value) -> Option<Rpki> {
        value.table(&KEYS, |table| Rpki {
            vrps: table.get("vrps"),
            max_age: table.get("max-age").unwrap_or_default(),
            anchors: table.get("require-ta").unwrap_or_default(),
            publishers: table.get("publisher").unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_a_unit() {
        let check = |text: &str, seconds: Option<u64>| {
            let expected = seconds.map(|seconds| MaxAge::Within(Duration::from_secs(seconds)));
            assert_eq!(text.parse().ok(), expected, "{text}");
        };
        check("90s", Some(90));
        check("2h", Some(7200));
        check("1d", Some(86400));
        check("2", None);
        check("h", None);
        check("+2h", None);
        check("99999999999999999999d", None);
        assert_eq!("never".parse(), Ok(MaxAge::Never));
    }
}
