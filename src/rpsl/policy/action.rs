//! Actions and the attributes of routes they set, which filters also test (RFC 2622 §6.1.1 and §7).

use super::{
    parser::{Parser, Recognised},
    token::Token,
};

const MAX_16_BITS: u32 = 0xffff;

impl Parser<'_> {
    /// `action <attribute>; …`, or nothing.
    pub(super) fn optional_actions(&mut self) -> Recognised {
        if !self.word("ACTION") {
            return Ok(());
        }
        let mut needed = true;
        while self.optional("an action such as `pref = 10;`", Self::route_attribute)? {
            self.need_sign(';')?;
            needed = false;
        }
        if needed { self.refuse() } else { Ok(()) }
    }

    /// One setting or test of an attribute of a route; tells whether there is one.
    pub(super) fn route_attribute(&mut self) -> Result<bool, super::PolicyError> {
        let Token::Keyword(word) = self.token() else {
            return Ok(false);
        };
        if !matches!(word, "PREF" | "MED" | "DPA" | "COST" | "ASPATH" | "COMMUNITY" | "NEXT_HOP") {
            return Ok(false);
        }
        self.need_word(word)?;
        match word {
            "ASPATH" => self.prepend()?,
            "COMMUNITY" => self.communities()?,
            "NEXT_HOP" => self.next_hop()?,
            "MED" => self.metric()?,
            _ => {
                self.need(Token::Assign)?;
                self.need_number(MAX_16_BITS)?;
            }
        }
        Ok(true)
    }

    /// `= igp_cost` or `= <number>`.
    fn metric(&mut self) -> Recognised {
        self.need(Token::Assign)?;
        if self.word("IGP_COST") { Ok(()) } else { self.need_number(MAX_16_BITS) }
    }

    /// `.prepend(AS1, AS1)`.
    fn prepend(&mut self) -> Recognised {
        self.need_sign('.')?;
        self.need_word("PREPEND")?;
        self.need_sign('(')?;
        self.list(|parser| parser.need(Token::AsNumber))?;
        self.need_sign(')')
    }

    /// `= self` or `= <address>`.
    fn next_hop(&mut self) -> Recognised {
        self.need(Token::Assign)?;
        let addresses = self.addresses.iter().map(|family| Token::Address(*family));
        self.need_any([Token::Keyword("SELF")].into_iter().chain(addresses))
    }

    /// `= {…}`, `.= {…}`, `== {…}`, `(…)`, `.append(…)`, `.delete(…)` or `.contains(…)`.
    fn communities(&mut self) -> Recognised {
        if self.take_any([Token::Assign, Token::Append, Token::Compare]) {
            self.need_sign('{')?;
            self.list(Self::community)?;
            return self.need_sign('}');
        }
        if self.sign('.') {
            self.need_any(["APPEND", "DELETE", "CONTAINS"].map(Token::Keyword))?;
        }
        self.need_sign('(')?;
        self.list(Self::community)?;
        self.need_sign(')')
    }

    /// `65000:1`, a number of 32 bits or a well-known community.
    fn community(&mut self) -> Recognised {
        let known = ["INTERNET", "NO_EXPORT", "NO_ADVERTISE"].map(Token::Keyword);
        if self.take(Token::Community) || self.take_any(known) {
            return Ok(());
        }
        match self.token() {
            Token::Integer => self.need_number(u32::MAX),
            _ => self.refuse_for("a community such as `65000:1` or `no_export`"),
        }
    }
}
