//! Peerings (RFC 2622 §5.6): which autonomous systems, at which of their and of our routers.

use super::{
    parser::{Parser, Recognised},
    token::{SetKind, Token},
};

const JOINS: &[&str] = &["AND", "EXCEPT", "OR"];

impl Parser<'_> {
    /// `<as-expression> [<router-expression>] [at <router-expression>]` or the name of a peering set.
    pub(super) fn peering(&mut self) -> Recognised {
        if self.take(Token::Set(SetKind::Peering)) {
            return Ok(());
        }
        self.as_expression()?;
        if self.router_factor()? {
            self.joined_routers()?;
        }
        self.at_routers().map(drop)
    }

    /// `at <router-expression>`, or nothing; tells whether it was there.
    pub(super) fn at_routers(&mut self) -> Result<bool, super::PolicyError> {
        let found = self.word("AT");
        if found {
            self.router_expression()?;
        }
        Ok(found)
    }

    /// AS numbers and as-sets with `AND`, `OR`, `EXCEPT` and parentheses.
    pub(super) fn as_expression(&mut self) -> Recognised {
        self.joined(JOINS, |parser| {
            if parser.sign('(') {
                return parser.parenthesised(Self::as_expression);
            }
            parser.need_any([Token::AsNumber, Token::Set(SetKind::As)])
        })
    }

    /// Routers with `AND`, `OR`, `EXCEPT` and parentheses.
    fn router_expression(&mut self) -> Recognised {
        if self.router_factor()? { self.joined_routers() } else { self.refuse() }
    }

    /// What follows the first router of an expression.
    fn joined_routers(&mut self) -> Recognised {
        while JOINS.iter().any(|word| self.word(word)) {
            if !self.router_factor()? {
                return self.refuse();
            }
        }
        Ok(())
    }

    /// A router or an expression in parentheses; tells whether there is one.
    fn router_factor(&mut self) -> Result<bool, super::PolicyError> {
        if self.sign('(') {
            return self.parenthesised(Self::router_expression).map(|()| true);
        }
        self.router()
    }

    /// An address, the name of a router or of a set of routers; tells whether there is one.
    pub(super) fn router(&mut self) -> Result<bool, super::PolicyError> {
        let addresses = self.addresses.iter().map(|family| Token::Address(*family));
        if self.take_any(addresses) || self.take(Token::Set(SetKind::Router)) {
            return Ok(true);
        }
        if !self.take(Token::Name) {
            return Ok(false);
        }
        while self.sign('.') {
            self.need(Token::Name)?;
        }
        Ok(true)
    }
}
