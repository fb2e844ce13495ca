//! Regular expressions over AS paths (RFC 2622 §5.4), between `<` and `>`.

use super::{
    lexer::{SetKind, Token},
    parser::{Parser, Recognised},
};

impl Parser<'_> {
    /// One or more alternatives, separated by `|`.
    pub(super) fn as_path(&mut self) -> Recognised {
        loop {
            if !self.hops()? {
                return self.refuse_for("an AS number, a set, `.`, `[`, `(`, `^` or `$`");
            }
            while self.hops()? {}
            if !self.sign('|') {
                return Ok(());
            }
        }
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
