//! Personal data, masked in what is made for others to read: the one place that does it.
//!
//! E-mail and phone numbers are known by their form, wherever they stand; addresses, and the values of `auth`, by
//! the attribute that they stand in. `--show-personal` leaves everything as it is.

use super::Findings;
use crate::{
    finding::{Finding, Location},
    rpsl::Name,
    wire::mask,
};

/// Whether personal data is shown to others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Personal {
    /// As it is.
    Shown,
    /// As `***`.
    Masked,
}

/// What stands in the place of what is masked.
const MASK: &str = "***";

/// A phone number has at least so many digits.
const DIGITS: usize = 7;

impl Personal {
    /// A text of several lines.
    pub fn text(self, text: &str) -> String {
        match self {
            Personal::Shown => text.to_owned(),
            Personal::Masked => {
                text.split_inclusive('\n').map(|line| mask(&phones(&mails(&attributes(line))))).collect()
            }
        }
    }

    /// Findings; besides the text, what it quotes of the attribute that it is about.
    pub fn findings(self, findings: &Findings) -> Findings {
        if self == Personal::Shown {
            return findings.clone();
        }
        let masked = |finding: &Finding| {
            let quoted = finding.place.as_ref().and_then(personal_value);
            let hide = |text: &str| {
                let text = quoted.as_ref().map_or_else(|| text.to_owned(), |value| text.replace(value, MASK));
                self.text(&text)
            };
            // The way out of a syntax error is an example, and nobody's.
            let remedy = finding.remedy.as_deref();
            let remedy =
                remedy.map(|text| if finding.rule == "syntax" { text.to_owned() } else { hide(text) });
            let text = hide(&finding.text);
            Finding { text, remedy, ..finding.clone() }
        };
        Findings { findings: findings.findings.iter().map(masked).collect(), ..findings.clone() }
    }
}

/// Whether the values of an attribute are masked whatever they look like.
fn is_personal(name: Name) -> bool {
    use Name as N;
    matches!(
        name,
        N::Address
            | N::Phone
            | N::FaxNo
            | N::EMail
            | N::Auth
            | N::Notify
            | N::MntNfy
            | N::IrtNfy
            | N::RefNfy
            | N::UpdTo
    )
}

/// The value of the attribute at `place`, if it is masked.
fn personal_value(place: &Location) -> Option<String> {
    let span = place.source.text.get(place.span.clone())?;
    let (label, value) = span.split_once(':')?;
    let value = value.split('#').next().unwrap_or_default().trim();
    (is_personal(Name::from_text(label.trim())?) && !value.is_empty()).then(|| value.to_owned())
}

/// The values behind the names of attributes: `address: …`, or `+ address …` in what a plan shows.
fn attributes(line: &str) -> String {
    let in_plan = line.trim_start().starts_with(['+', '-', '~']);
    let parts: Vec<String> = line.split(" · ").map(|part| attribute(part, in_plan)).collect();
    parts.join(" · ")
}

fn attribute(text: &str, in_plan: bool) -> String {
    let begin = text.trim_start_matches([' ', '+', '-', '~']);
    let signs = text.strip_suffix(begin).unwrap_or_default();
    let label = begin.split([':', ' ']).next().unwrap_or_default();
    let colon = begin.strip_prefix(label).is_some_and(|value| value.starts_with(':'));
    match Name::from_text(label).filter(|name| (colon || in_plan) && is_personal(*name)) {
        Some(_) => {
            let colon = if colon { ":" } else { "" };
            let end = if text.ends_with('\n') { "\n" } else { "" };
            format!("{signs}{label}{colon} {MASK}{end}")
        }
        None => text.to_owned(),
    }
}

/// Every word with a mail address in it.
fn mails(line: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "@._%+-=/~!'*&$?^|".contains(c);
    let is_mail =
        |word: &str| word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.len() > 1);
    pieces(line, is_part).map(|piece| if is_mail(piece) { MASK } else { piece }).collect()
}

/// Every `+` with digits behind it, blanks, dots, dashes and brackets between them.
fn phones(line: &str) -> String {
    let mut masked = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('+') {
        masked.push_str(before);
        let end = behind.find(|c: char| !c.is_ascii_digit() && !" .-()".contains(c)).unwrap_or(behind.len());
        let (number, after) = behind.split_at_checked(end).unwrap_or((behind, ""));
        let digits = number.chars().filter(char::is_ascii_digit).count();
        if digits >= DIGITS && number.starts_with(|c: char| c.is_ascii_digit() || c == '(') {
            let kept = number.trim_end_matches(|c: char| !c.is_ascii_digit());
            masked.push_str(MASK);
            masked.push_str(number.strip_prefix(kept).unwrap_or_default());
        } else {
            masked.push('+');
            masked.push_str(number);
        }
        rest = after;
    }
    masked + rest
}

/// The text cut where characters of `is_part` begin and end.
fn pieces(text: &str, is_part: impl Fn(char) -> bool + Copy) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = is_part(rest.chars().next()?);
        let end = rest.find(|c: char| is_part(c) != first).unwrap_or(rest.len());
        let (piece, behind) = rest.split_at_checked(end)?;
        rest = behind;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::finding::Source;

    #[test]
    fn personal_data_is_not_shown_to_others() {
        let check = |text: &str, expected: &str| assert_eq!(Personal::Masked.text(text), expected);
        check("Syntax error in noc@hobby.example, again", "Syntax error in ***, again");
        check("call +31 (20) 555-0100 now", "call *** now");
        check("address:  Hobby Street 1\ncountry: NL\n", "address: ***\ncountry: NL\n");
        check(
            "   + country NL · address Hobby Street 1 · phone 5550100",
            "   + country NL · address *** · phone ***",
        );
        check("auth: SSO a@b.example", "auth: ***");
        check("the address of the /44 is fine", "the address of the /44 is fine");
        check("route6 2a0f:85c1:260::/48^+ AS205398", "route6 2a0f:85c1:260::/48^+ AS205398");
        assert_eq!(Personal::Shown.text("noc@hobby.example"), "noc@hobby.example");
    }

    #[test]
    fn what_a_finding_quotes_of_its_attribute_is_masked() {
        let text = "role: NOC\naddress: Straße 1\n".to_owned();
        let source = Arc::new(Source::new("a", text));
        let finding = Finding::error("x", "`Straße 1` is odd").at(Location::new(&source, 10..28));
        let findings = Findings { command: "check", looked_at: String::new(), findings: vec![finding] };
        assert_eq!(Personal::Masked.findings(&findings).findings[0].text, "`***` is odd");
        assert_eq!(Personal::Shown.findings(&findings).findings[0].text, "`Straße 1` is odd");
    }
}
