//! BIRD: `show route`, `show route export PROTO` and the like, in the short form or with `all`.
//!
//! With `all` the attribute `BGP.as_path` (`bgp_path` in BIRD 3) tells the origin; a static route has none and is our own.
//! The short form shows it as `[AS64500i]`. There `[i]` stands for an empty path and for one that ends in an `AS_SET`
//! alike: such routes are taken for our own and counted as unsure.
//!
//! BIRD says `No valid tables` of a session that is down. Its greeting with no route and no error after it is what it
//! prints of a session that is up and to which it exports nothing: that is a proof of silence.

use super::{Document, Format, Input};
use crate::{
    bgp::{
        Origin, path,
        routes::{self, Routes},
    },
    net::Prefix,
    reading::{Place, Problem},
};

pub(super) const FORMAT: Format = Format {
    name: "`show route` of BIRD",
    recognise: |input| input.text.is_some_and(|text| text.lines().take(LOOKED_AT).any(is_telling)),
    read,
};

/// How many lines tell whether a text is BIRD's: it greets with the first, and every table has its name above it.
const LOOKED_AT: usize = 100;

/// Whether only BIRD prints such a line.
fn is_telling(line: &str) -> bool {
    is_greeting(line) || table(line).is_some() || is_route(line) || hint(line).is_some()
}

fn is_greeting(line: &str) -> bool {
    line == "Access restricted" || (line.starts_with("BIRD ") && line.ends_with(" ready."))
}

/// The table that a line begins.
fn table(line: &str) -> Option<&str> {
    line.strip_prefix("Table ")?.strip_suffix(':')
}

/// `PREFIX  blackhole [static1 2026-11-23] * (200)`, where the prefix may be missing.
fn is_route(line: &str) -> bool {
    !line.starts_with('\t') && line.contains(" [") && line.contains("] ") && line.contains('(')
}

/// What to do about an answer of BIRD that says it could not look; `None` if it is no such answer.
pub fn hint(line: &str) -> Option<&'static str> {
    const DOWN: &str = "the session is down, or it is no session: look at `birdc show protocols`, and ask again when it is Established";
    const NAME: &str =
        "look at `birdc show protocols` for the name of the session, and type it as it stands there";
    const BUSY: &str = "ask again when BIRD has read its configuration";
    let known = [
        ("No valid tables", DOWN),
        ("No such table", NAME),
        ("No protocols match", NAME),
        ("syntax error", NAME),
        ("Unable to connect", "look whether BIRD runs, and where its control socket is"),
        (
            "Access denied",
            "this command is not for restricted sessions: ask for `show route export PROTO all`",
        ),
        ("Network not", "ask for all routes: `show route export PROTO all`"),
        ("Reconfiguration in progress", BUSY),
        ("Runtime error", BUSY),
    ];
    known.into_iter().find(|(start, _)| line.starts_with(start)).map(|(_, hint)| hint)
}

/// A route whose attributes may still follow.
struct Open {
    place: Place,
    prefix: Prefix,
    short: Short,
    path: Option<Result<Origin, String>>,
}

/// The origin in the short form.
#[derive(Clone, Copy)]
enum Short {
    /// `[AS64500i]`.
    As(Origin),
    /// `[i]`: an empty path, or one that ends in a set.
    Unsure,
    /// No brackets: not of BGP.
    Own,
}

#[derive(Default)]
struct Reader {
    routes: Routes,
    open: Option<Open>,
    /// The prefix of the last route, for further routes to it.
    prefix: Option<Prefix>,
    is_bird: bool,
}

fn read(input: &Input) -> Result<Document, Problem> {
    let mut reader = Reader::default();
    for (number, line) in (1..).zip(input.whole_lines()?.lines()) {
        reader.line(Place::Line(number), line.trim_end())?;
    }
    reader.close();
    let proves_none = reader.is_bird && reader.routes.skipped.is_empty();
    Ok(Document { routes: reader.routes, proves_none, ..Document::default() })
}

impl Reader {
    fn line(&mut self, place: Place, line: &str) -> Result<(), Problem> {
        if let Some(attribute) = line.strip_prefix('\t') {
            self.attribute(attribute);
            return Ok(());
        }
        if let Some(hint) = hint(line) {
            return Err(Problem::CouldNotLook { what: format!("BIRD answers `{line}`"), hint });
        }
        match line {
            "" => {}
            _ if is_greeting(line) => self.is_bird = true,
            _ if table(line).is_some() => {
                self.close();
                self.prefix = None;
            }
            _ if is_route(line) => self.route(place, line),
            _ => {
                self.close();
                self.routes.refuse(place, format!("`{line}` is no route"));
            }
        }
        Ok(())
    }

    fn route(&mut self, place: Place, line: &str) {
        self.close();
        // A further route to the same prefix has blanks in its place.
        if !line.starts_with(' ') {
            let net = line.split_ascii_whitespace().next().unwrap_or_default();
            self.prefix = None;
            if is_payload(net, line) {
                return self.routes.skip("route of a table of ROAs or ASPAs");
            }
            match routes::prefix(net) {
                Ok(prefix) => self.prefix = Some(prefix),
                Err(problem) => return self.routes.refuse(place, problem),
            }
        }
        match (self.prefix, short(line)) {
            (Some(prefix), Ok(short)) => self.open = Some(Open { place, prefix, short, path: None }),
            (None, Ok(_)) => self.routes.refuse(place, "it is a further route, and has no prefix before it"),
            (_, Err(problem)) => self.routes.refuse(place, problem),
        }
    }

    /// `BGP.as_path: 64500 64496` of the route that is open.
    fn attribute(&mut self, text: &str) {
        let named =
            ["BGP.as_path:", "bgp_path:"].into_iter().find_map(|name| text.trim_start().strip_prefix(name));
        if let (Some(open), Some(text)) = (&mut self.open, named) {
            open.path = Some(path::origin(text));
        }
    }

    /// Ends the route that is open.
    fn close(&mut self) {
        let Some(Open { place, prefix, short, path }) = self.open.take() else { return };
        let origin = path.unwrap_or_else(|| {
            Ok(match short {
                Short::As(origin) => origin,
                Short::Own => Origin::Own,
                Short::Unsure => {
                    self.routes.unsure += 1;
                    Origin::Own
                }
            })
        });
        self.routes.add_checked(place, Ok(prefix), origin);
    }
}

/// `2001:db8::/48-48 AS64500` of a table of ROAs, `AS64500` of one of ASPAs.
fn is_payload(net: &str, line: &str) -> bool {
    let (length, rest) =
        (net.rsplit('/').next().unwrap_or_default(), line.get(net.len()..).unwrap_or_default());
    let is_roa = net.contains('/') && length.contains('-') && rest.trim_start().starts_with("AS");
    is_roa || (net.starts_with("AS") && path::listed(net.as_bytes()).is_some())
}

/// The origin behind the preference: `(100) [AS64500i]`.
fn short(line: &str) -> Result<Short, String> {
    let after = line.rsplit_once(") [").map(|(_, after)| after);
    let Some(text) = after.and_then(|after| after.strip_suffix(']')) else { return Ok(Short::Own) };
    match text.strip_prefix("AS") {
        None if ["i", "e", "?"].contains(&text) => Ok(Short::Unsure),
        None => Err(format!("`[{text}]` is no origin")),
        Some(number) => {
            let digits = number.trim_end_matches(['i', 'e', '?']);
            let origin = path::listed(digits.as_bytes()).ok_or_else(|| path::no_origin(digits.as_bytes()));
            origin.map(Short::As)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        bgp::{Announced, Origin, read},
        net::Asn,
        reading::ReadError,
    };

    fn bird(text: &str) -> Result<Announced, ReadError> {
        read("x", format!("BIRD 2.0.12 ready.\n{text}").as_bytes())
    }

    fn origins(text: &str) -> Vec<Origin> {
        bird(text).unwrap().seen.iter().map(|seen| seen.origin).collect()
    }

    #[test]
    fn only_the_path_tells_a_set_from_our_own() {
        let short =
            "Table master6:\n2001:db8::/48        unicast [up 2026-11-23 from 2001:db8::1] * (100) [i]\n";
        assert_eq!(origins(short), [Origin::Own]);
        assert_eq!(bird(short).unwrap().unsure, 1);
        let set = format!("{short}\tType: BGP univ\n\tBGP.as_path: 64500 {{64496 64497}}\n");
        assert_eq!(origins(&set), [Origin::Set]);
        let own = format!("{short}\tBGP.as_path: \n");
        assert_eq!((origins(&own), bird(&own).unwrap().unsure), (vec![Origin::Own], 0));
        let confederation = format!("{short}\tBGP.as_path: (65001 65002)\n");
        assert_eq!(origins(&confederation), [Origin::Own]);
    }

    #[test]
    fn further_routes_belong_to_the_prefix_above() {
        let text = "Table master4:\n192.0.2.0/24         unicast [a 2026-11-23] * (100) [AS64500i]\n\
                    \tvia 198.51.100.1 on eth0\n                     unicast [b 2026-11-23] (100) [AS64501?]\n";
        assert_eq!(origins(text), [Origin::As(Asn(64500)), Origin::As(Asn(64501))]);
        assert!(bird("Table master4:\n                     unicast [b 2026] (100) [AS64501?]\n").is_err());
    }

    #[test]
    fn silence_is_proved_by_a_session_that_is_up() {
        assert_eq!(bird("").unwrap().seen, []);
        let down = bird("No valid tables\n").unwrap_err().to_string();
        assert!(down.starts_with("`x`: BIRD answers `No valid tables`\nhint: the session is down"), "{down}");
        let unknown = bird("syntax error, unexpected CF_SYM_UNDEFINED\n").unwrap_err().to_string();
        assert!(unknown.contains("hint: look at `birdc show protocols`"), "{unknown}");
    }

    #[test]
    fn what_is_no_route_is_refused_with_its_line() {
        let error =
            bird("Table master4:\nsomething else\n192.0.2.1/24 blackhole [s 2026] * (200)\n").unwrap_err();
        let text = error.to_string();
        assert!(text.contains("line 3: `something else` is no route"), "{text}");
        assert!(text.contains("line 4: 192.0.2.1/24 has host bits set"), "{text}");
    }
}
