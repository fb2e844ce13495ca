//! The attributes of aggregates in `route` and `route6` (RFC 2622 §8.1).

use super::{
    parser::{Parser, Recognised},
    token::Token,
};

impl Parser<'_> {
    /// `aggr-mtd`: `inbound` or `outbound [<as-expression>]`.
    pub(super) fn aggregation_method(&mut self) -> Recognised {
        if self.word("INBOUND") {
            return Ok(());
        }
        self.need_word("OUTBOUND")?;
        match self.token() {
            Token::End => Ok(()),
            _ => self.as_expression(),
        }
    }

    /// `components`: `[ATOMIC] [<filter>] [protocol P <filter> …]`.
    pub(super) fn components(&mut self) -> Recognised {
        self.word("ATOMIC");
        if !matches!(self.token(), Token::End | Token::Keyword("PROTOCOL")) {
            self.filter()?;
        }
        while self.word("PROTOCOL") {
            self.protocol()?;
            self.filter()?;
        }
        Ok(())
    }

    /// `inject`: `[at <router-expression>] [action …] [upon <condition>]`.
    pub(super) fn inject(&mut self) -> Recognised {
        self.at_routers()?;
        self.optional_actions()?;
        if self.word("UPON") { self.injection_condition() } else { Ok(()) }
    }

    /// Conditions with `AND`, `OR` and parentheses.
    fn injection_condition(&mut self) -> Recognised {
        self.joined(&["AND", "OR"], |parser| {
            if parser.sign('(') {
                return parser.parenthesised(Self::injection_condition);
            }
            if parser.word("STATIC") {
                return Ok(());
            }
            parser.need_any(["HAVE-COMPONENTS", "EXCLUDE"].map(Token::Keyword))?;
            parser.prefix_list()
        })
    }
}
