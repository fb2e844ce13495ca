//! Filters (RFC 2622 §5.4): which routes.

use super::{
    parser::{Parser, Recognised},
    token::{SetKind, Token},
};

impl Parser<'_> {
    /// Factors joined by `AND`, by `OR` or by standing side by side, which means `OR`.
    pub(super) fn filter(&mut self) -> Recognised {
        let mut needed = true;
        while self.optional("a filter", Self::filter_factor)? {
            needed = self.word("AND") || self.word("OR");
        }
        if needed { self.refuse() } else { Ok(()) }
    }

    /// `NOT` any number of times and one operand; tells whether there is one.
    fn filter_factor(&mut self) -> Result<bool, super::PolicyError> {
        let mut negated = false;
        while self.word("NOT") {
            negated = true;
        }
        match (negated, self.filter_operand()?) {
            (true, false) => self.refuse_for("a filter"),
            (_, found) => Ok(found),
        }
    }

    fn filter_operand(&mut self) -> Result<bool, super::PolicyError> {
        if self.sign('(') {
            return self.parenthesised(Self::filter).map(|()| true);
        }
        if self.sign('<') {
            self.as_path()?;
            return self.need_sign('>').map(|()| true);
        }
        if self.word("ANY") || self.take(Token::Set(SetKind::Filter)) {
            return Ok(true);
        }
        Ok(self.routes_of_set()? || self.route_attribute()?)
    }

    /// Prefixes by name or list, with or without an operator such as `^+`; tells whether there are any.
    fn routes_of_set(&mut self) -> Result<bool, super::PolicyError> {
        let names =
            [Token::Keyword("PEERAS"), Token::AsNumber, Token::Set(SetKind::As), Token::Set(SetKind::Route)];
        if self.token() == Token::Symbol('{') {
            self.prefix_list()?;
        } else if !self.take_any(names) {
            return Ok(false);
        }
        self.take(Token::MoreSpecifics);
        Ok(true)
    }

    /// `{…}` with no, one or more prefixes of the families of this grammar.
    pub(super) fn prefix_list(&mut self) -> Recognised {
        self.need_sign('{')?;
        if self.sign('}') {
            return Ok(());
        }
        self.list(|parser| {
            let prefixes = parser.prefixes.iter().map(|family| Token::Prefix(*family));
            parser.need_any(prefixes)
        })?;
        self.need_sign('}')
    }
}
