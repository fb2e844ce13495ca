//! Regular expressions over AS paths (RFC 2622 §5.4), between `<` and `>`.

use super::{
    parser::{Parser, Recognised},
    token::{SetKind, Token},
};

impl Parser<'_> {
    /// One or more alternatives, separated by `|`.
    pub(super) fn as_path(&mut self) -> Recognised {
        let mut needed = true;
        while self.optional("a hop", Self::hops)? {
            needed = self.sign('|');
        }
        if needed { self.refuse() } else { Ok(()) }
    }

    /// An element of a path with its repetitions (`*`, `+`, `?`, `~*`, `~+`); tells whether there is one.
    fn hops(&mut self) -> Result<bool, super::PolicyError> {
        if !self.hop()? {
            return Ok(false);
        }
        let repetitions = [Token::Symbol('*'), Token::Symbol('?'), Token::Symbol('+'), Token::SameHops];
        while self.take_any(repetitions) {}
        Ok(true)
    }

    fn hop(&mut self) -> Result<bool, super::PolicyError> {
        if self.sign('(') {
            return self.parenthesised(Self::as_path).map(|()| true);
        }
        if self.sign('[') {
            self.sign('^');
            while self.one_hop() || self.take(Token::AsRange) {}
            return self.need_sign(']').map(|()| true);
        }
        Ok(self.one_hop() || self.sign('^') || self.sign('$'))
    }

    fn one_hop(&mut self) -> bool {
        self.take_any([
            Token::AsNumber,
            Token::Keyword("PEERAS"),
            Token::Set(SetKind::As),
            Token::Symbol('.'),
        ])
    }
}
