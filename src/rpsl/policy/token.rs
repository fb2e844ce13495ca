//! The tokens of routing policies.

use std::fmt;

use crate::net::Family;

/// The class of a set, which the first letters of its name tell (RFC 2622 §5).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum SetKind {
    As,
    Route,
    Filter,
    Peering,
    Router,
}

impl SetKind {
    pub(super) fn prefix(self) -> &'static str {
        match self {
            SetKind::As => "AS-",
            SetKind::Route => "RS-",
            SetKind::Filter => "FLTR-",
            SetKind::Peering => "PRNG-",
            SetKind::Router => "RTRS-",
        }
    }
}

/// One token, without its text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Token {
    Keyword(&'static str),
    Name,
    AsNumber,
    AsRange,
    Set(SetKind),
    Prefix(Family),
    Address(Family),
    Community,
    Integer,
    /// `^-`, `^+`, `^n` or `^n-m`, not joined to a prefix.
    MoreSpecifics,
    /// `~*` or `~+`: all hops the same (RFC 2622 §5.4).
    SameHops,
    Compare,
    Assign,
    Append,
    Symbol(char),
    /// Has the form of a token, but not its range of values; what would be right.
    Invalid(&'static str),
    End,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Token::Keyword(word) => write!(f, "`{}`", word.to_ascii_lowercase()),
            Token::Name => f.write_str("a router name"),
            Token::AsNumber => f.write_str("an AS number"),
            Token::AsRange => f.write_str("a range of AS numbers"),
            Token::Set(kind) => write!(f, "a set name `{}…`", kind.prefix().to_ascii_lowercase()),
            Token::Prefix(Family::V4) => f.write_str("an IPv4 prefix"),
            Token::Prefix(Family::V6) => f.write_str("an IPv6 prefix"),
            Token::Address(Family::V4) => f.write_str("an IPv4 address"),
            Token::Address(Family::V6) => f.write_str("an IPv6 address"),
            Token::Community => f.write_str("a community"),
            Token::Integer => f.write_str("a number"),
            Token::MoreSpecifics => f.write_str("`^`"),
            Token::SameHops => f.write_str("`~`"),
            Token::Compare => f.write_str("`==`"),
            Token::Assign => f.write_str("`=`"),
            Token::Append => f.write_str("`.=`"),
            Token::Symbol(symbol) => write!(f, "`{symbol}`"),
            Token::Invalid(right) => f.write_str(right),
            Token::End => f.write_str("the end"),
        }
    }
}
