//! What is looked up or searched for, and of which classes it may be a key: others are refused unseen.

use crate::{
    net::{Asn, Block, Family, zone_block},
    rpsl::{Class, Name},
};

/// The text of a lookup or search, and what it can be read as (the server's `SearchKey`).
#[derive(Clone, Debug)]
pub struct SearchKey {
    /// On one line, words apart by single blanks; addresses in the registry's spelling.
    pub text: String,
    /// The addresses that it is, or that the prefix in it is.
    pub block: Option<Block>,
    /// The origin behind the prefix, in capital letters.
    pub origin: Option<String>,
    /// The addresses whose reverse zone it is.
    pub zone: Option<Block>,
}

impl SearchKey {
    /// Reads it.
    pub fn new(text: &str) -> SearchKey {
        let text = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        let plain = SearchKey { text: text.clone(), block: None, origin: None, zone: None };
        if let Some(block) = Block::parse(&text) {
            let spelled = if block.family() == Family::V4 { block.range_text() } else { block.prefix_text() };
            return SearchKey { text: spelled, block: Some(block), ..plain };
        }
        if let Some((prefix, origin)) = with_origin(&text)
            && let Some(block) = Block::parse(prefix)
        {
            return SearchKey { block: Some(block), origin: Some(origin.to_ascii_uppercase()), ..plain };
        }
        let name = text.strip_suffix('.').unwrap_or(&text);
        match zone_block(name) {
            Some(zone) => SearchKey { text: name.to_owned(), zone: Some(zone), ..plain },
            None => plain,
        }
    }

    /// Whether objects of the class may be looked up by it: by their key, or by another attribute for lookups.
    pub fn fits(&self, class: Class) -> bool {
        class.template().rows.iter().any(|row| row.lookup && self.may_be(row.name))
    }

    /// Whether it has the shape of a value of the attribute, in any letter case (the server's `AttributeMatcher`).
    pub fn may_be(&self, name: Name) -> bool {
        let text = self.text.to_ascii_uppercase();
        match name {
            Name::AsBlock => as_range(&text).is_some(),
            Name::AutNum => {
                text.strip_prefix("AS").is_some_and(|digits| !digits.is_empty() && all(digits, digit))
            }
            Name::AsSet => is_set(&text, "AS-", true),
            Name::FilterSet => is_set(&text, "FLTR-", false),
            Name::PeeringSet => is_set(&text, "PRNG-", false),
            Name::RouteSet => is_set(&text, "RS-", false),
            Name::RtrSet => is_set(&text, "RTRS-", false),
            Name::Domain => is_host(&text) || (self.block.is_some() && self.origin.is_none()),
            Name::InetRtr => is_host(&text),
            Name::Inetnum => self.is_block(Family::V4) || is_netname(&text),
            Name::Inet6num => self.is_block(Family::V6) || is_netname(&text),
            Name::Netname => is_netname(&text),
            Name::Route => self.block.is_some_and(|block| block.family() == Family::V4),
            Name::Route6 => self.block.is_some_and(|block| block.family() == Family::V6),
            Name::NicHdl => !text.is_empty() && all(&text, |c| alphanumeric(c) || c == '-'),
            Name::Irt => text.strip_prefix("IRT-").is_some_and(|rest| rest.len() > 1 && is_word(rest)),
            Name::Poem => text.strip_prefix("POEM-").is_some_and(is_poem),
            Name::PoeticForm => text.strip_prefix("FORM-").is_some_and(is_poem),
            Name::KeyCert => ["PGPKEY-", "X509"]
                .iter()
                .any(|start| text.strip_prefix(start).is_some_and(|rest| !rest.is_empty())),
            Name::Organisation => is_organisation(&text),
            Name::EMail => text.split_once('@').is_some_and(|(local, domain)| {
                !domain.is_empty()
                    && (!local.is_empty() || domain.find('@').is_some_and(|at| at + 1 < domain.len()))
            }),
            Name::Mntner | Name::OrgName | Name::Person | Name::Role => {
                text.contains(|c: char| c.is_ascii_uppercase())
            }
            _ => false,
        }
    }

    fn is_block(&self, family: Family) -> bool {
        self.origin.is_none() && self.block.is_some_and(|block| block.family() == family)
    }
}

/// What stands before the last `AS` with digits, and from there on.
pub fn with_origin(text: &str) -> Option<(&str, &str)> {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (prefix, origin) = text.split_at_checked(text.len().checked_sub(digits + 2)?)?;
    let is_origin = digits > 0 && origin.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("AS"));
    (is_origin && !prefix.is_empty()).then_some((prefix, origin))
}

/// First and last number of `AS1 - AS9`, or of a number alone; they may be larger than there are AS numbers.
pub fn as_range(text: &str) -> Option<(u64, u64)> {
    let number = |text: &str| {
        let (start, digits) = text.trim().split_at_checked(2)?;
        let is_number = start.eq_ignore_ascii_case("AS") && all(digits, digit);
        digits.parse::<i64>().ok().filter(|_| is_number).and_then(|number| u64::try_from(number).ok())
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some((number(first)?, number(last)?)).filter(|(first, last)| first <= last)
}

/// An AS number as the server reads it where it looks for its region: `AS` may be missing.
pub fn loose_asn(text: &str) -> Option<Asn> {
    let digits = text.split_at_checked(2).filter(|(start, _)| start.eq_ignore_ascii_case("AS"));
    let digits = digits.map_or(text, |(_, digits)| digits);
    digits.parse().ok().filter(|_| all(digits, digit)).map(Asn)
}

fn all(text: &str, is: impl Fn(char) -> bool) -> bool {
    text.chars().all(is)
}

fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn alphanumeric(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit()
}

fn in_word(c: char) -> bool {
    alphanumeric(c) || c == '-' || c == '_'
}

/// Letters, digits, hyphens and underscores, a letter or digit last.
fn is_word(text: &str) -> bool {
    all(text, in_word) && text.ends_with(alphanumeric)
}

/// Whether one of the parts between colons is the name of such a set. Numbers of AS may be any.
fn is_set(text: &str, start: &str, may_be_bare: bool) -> bool {
    let rest = |part: &str| {
        part.strip_prefix(start).is_some_and(|rest| is_word(rest) || (may_be_bare && all(rest, in_word)))
    };
    text.split(':').any(rest)
}

fn is_host(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let mut labels = name.split('.');
    let first = labels.next().is_some_and(|label| all(label, |c| alphanumeric(c) || c == '/' || c == '-'));
    first && labels.all(|label| !label.is_empty() && all(label, |c| alphanumeric(c) || c == '-'))
}

fn is_netname(text: &str) -> bool {
    !text.is_empty() && all(text, in_word)
}

fn is_poem(rest: &str) -> bool {
    rest.starts_with(alphanumeric) && all(rest, in_word)
}

/// `ORG-`, two to four letters, a number or none, and a suffix.
fn is_organisation(text: &str) -> bool {
    let Some((middle, suffix)) = text.strip_prefix("ORG-").and_then(|rest| rest.split_once('-')) else {
        return false;
    };
    let digits = middle.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = middle.len() - digits.len();
    let number = digits.len() <= 6 && all(digits, digit) && !digits.starts_with('0');
    let suffixed = (2..=9).contains(&suffix.len()) && suffix.starts_with(|c: char| c.is_ascii_uppercase());
    (2..=4).contains(&letters) && number && suffixed && is_word(suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The classes of which a text may be a key.
    fn check(text: &str, expected: &str) {
        let key = SearchKey::new(text);
        let classes: Vec<&str> = Class::all().filter(|class| key.fits(*class)).map(Class::text).collect();
        assert_eq!(classes.join(" "), expected, "{text}");
    }

    #[test]
    fn a_text_may_be_a_key_of_many_classes() {
        let word = "inet-rtr domain mntner organisation role person";
        check("AS655", &format!("inetnum inet6num as-block aut-num {word}"));
        check("AS4294967296", &format!("inetnum inet6num as-block aut-num {word}"));
        check("AS1 - AS9", "as-block mntner organisation role person");
        check("AS9 - AS1", "mntner organisation role person");
        check("CD2-RIPE", &format!("inetnum inet6num {word}"));
        check("a@b.example", "mntner irt organisation role person");
        check("192.0.2.0/24", "inetnum route domain");
        check("192.0.2.0/24AS1", "route mntner organisation role person");
        check("::/0", "inet6num route6 domain");
        check("2a0f::/32", "inet6num route6 domain mntner organisation role person");
        check("%", "");
    }

    #[test]
    fn a_key_of_another_class_is_none() {
        let check = |class, text: &str, expected| {
            assert_eq!(SearchKey::new(text).fits(class), expected, "{class} {text}");
        };
        check(Class::AsBlock, "AS655", true);
        check(Class::AsBlock, "AS99999999999999999999", false);
        check(Class::AsSet, "AS123", false);
        check(Class::AsSet, "as4294967296:as-x", true);
        check(Class::AsSet, "AS-", true);
        check(Class::RouteSet, "RS-", false);
        check(Class::RouteSet, "AS1:RS-X:PeerAS", true);
        check(Class::FilterSet, "FLTR-A_", false);
        check(Class::PeeringSet, "PRNG-A", true);
        check(Class::RtrSet, "RS-A", false);
        check(Class::AutNum, "AS01", true);
        check(Class::AutNum, "AS1x", false);
        check(Class::AutNum, "1", false);
        check(Class::Domain, "2.0.192.in-addr.arpa.", true);
        check(Class::Domain, "a b", false);
        check(Class::InetRtr, "r1.x.example", true);
        check(Class::InetRtr, "::1", false);
        check(Class::Inetnum, "192.0.2.9 - 192.0.2.1", false);
        check(Class::Inetnum, "2a0f::/32", false);
        check(Class::Inet6num, "192.0.2.0/24", false);
        check(Class::Inet6num, "banana", true); // it may be a netname
        check(Class::Irt, "IRT-A", false);
        check(Class::Irt, "irt-ab", true);
        check(Class::Irt, "a@b", true); // its e-mail
        check(Class::KeyCert, "AB1-RIPE", false);
        check(Class::KeyCert, "AUTO-1", false);
        check(Class::KeyCert, "X509-1", true);
        check(Class::KeyCert, "PGPKEY-", false);
        check(Class::Mntner, "123", false);
        check(Class::Organisation, "AUTO-1", true); // it may be a name
        check(Class::Organisation, "12", false);
        check(Class::Person, "F", true);
        check(Class::Person, "12", true); // a handle
        check(Class::Role, "::", false);
        check(Class::Poem, "POEM-A", true);
        check(Class::Poem, "FORM-A", false);
        check(Class::PoeticForm, "FORM-_", false);
        check(Class::Route, "2a0f::/44", false);
        check(Class::Route, "192.0.2.0/24", true);
        check(Class::Route6, "2a0f::/32AS1", true);
        check(Class::Route6, "2a0f::/32 AS1", true);
        check(Class::Route6, "2a0f::/32AS", false);
        check(Class::Route6, "laurie", false);
    }

    #[test]
    fn organisations_have_handles() {
        let check = |text: &str, expected| assert_eq!(is_organisation(text), expected, "{text}");
        check("ORG-AB-RIPE", true);
        check("ORG-ABCD123456-RIPE", true);
        check("ORG-A1-RIPE", false);
        check("ORG-AB01-RIPE", false);
        check("ORG-AB1", false);
        check("ORG-AB1-R", false);
        check("ORG-AB1-R-", false);
    }

    #[test]
    fn an_origin_stands_behind_a_prefix() {
        assert_eq!(with_origin("2a0f::/32as1"), Some(("2a0f::/32", "as1")));
        assert_eq!(with_origin("2a0f::/32"), None);
        assert_eq!(with_origin("AS1"), None);
        assert_eq!(loose_asn("as12").map(|asn| asn.0), Some(12));
        assert_eq!(loose_asn("12").map(|asn| asn.0), Some(12));
        assert_eq!(loose_asn("AS4294967296"), None);
        assert_eq!(loose_asn("AS+1"), None);
    }
}
