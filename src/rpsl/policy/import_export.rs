//! `import`, `export` and `default` with their `mp-` and `-via` kin (RFC 2622 §6, RFC 4012 §2.5,
//! draft-snijders-rpsl-via).

use super::{
    Grammar,
    lexicon::is_protocol,
    parser::{Parser, Recognised},
    token::Token,
};

/// The words in which import and export differ.
#[derive(Clone, Copy)]
struct Direction {
    /// Introduces a peering.
    peering: &'static str,
    /// Introduces the filter.
    filter: &'static str,
}

impl Parser<'_> {
    /// `[protocol P] [into P] [afi …] from <peering> [action …] … accept <filter>`, structured or not.
    pub(super) fn import(&mut self) -> Recognised {
        self.policy(Direction { peering: "FROM", filter: "ACCEPT" })
    }

    /// `[protocol P] [into P] [afi …] to <peering> [action …] … announce <filter>`, structured or not.
    pub(super) fn export(&mut self) -> Recognised {
        self.policy(Direction { peering: "TO", filter: "ANNOUNCE" })
    }

    /// `[afi …] to <peering> [action …] [networks <filter>]`.
    pub(super) fn default_route(&mut self) -> Recognised {
        if self.grammar == Grammar::MpDefault {
            self.optional_families()?;
        }
        self.need_word("TO")?;
        self.peering()?;
        self.optional_actions()?;
        if self.word("NETWORKS") { self.filter() } else { Ok(()) }
    }

    fn policy(&mut self, direction: Direction) -> Recognised {
        for word in ["PROTOCOL", "INTO"] {
            if self.word(word) {
                self.protocol()?;
            }
        }
        self.optional_families()?;
        if self.token() == Token::Symbol('{') {
            self.term(direction)?;
        } else {
            self.factor(direction)?;
            // Without a semicolon the policy is this one factor.
            if !self.sign(';') {
                return Ok(());
            }
        }
        while self.word("REFINE") || self.word("EXCEPT") {
            self.optional_families()?;
            self.term(direction)?;
        }
        Ok(())
    }

    /// A routing protocol that this grammar knows.
    pub(super) fn protocol(&mut self) -> Recognised {
        match self.token() {
            Token::Keyword(word) if is_protocol(word) => self.need_word(word),
            _ => self.refuse_for("a routing protocol such as `BGP4`"),
        }
    }

    /// `<factor>;` or `{ <factor>; … }` (RFC 2622 §6.6).
    fn term(&mut self, direction: Direction) -> Recognised {
        if !self.sign('{') {
            self.factor(direction)?;
            return self.need_sign(';');
        }
        loop {
            self.factor(direction)?;
            self.need_sign(';')?;
            if self.sign('}') {
                return Ok(());
            }
        }
    }

    /// One or more peerings with their actions, then the filter.
    fn factor(&mut self, direction: Direction) -> Recognised {
        loop {
            if matches!(self.grammar, Grammar::ImportVia | Grammar::ExportVia) {
                // The peering of the route server in between.
                self.peering()?;
            }
            self.need_word(direction.peering)?;
            self.peering()?;
            self.optional_actions()?;
            if self.word(direction.filter) {
                return self.filter();
            }
        }
    }

    /// `afi ipv4.unicast, ipv6, …` (RFC 4012 §2.2), or nothing.
    fn optional_families(&mut self) -> Recognised {
        if self.word("AFI") { self.list(Self::address_family) } else { Ok(()) }
    }

    fn address_family(&mut self) -> Recognised {
        let any = self.grammar != Grammar::MpDefault && self.word("ANY");
        if !any {
            self.need_any(["IPV4", "IPV6"].map(Token::Keyword))?;
        }
        if self.sign('.') { self.need_any(["UNICAST", "MULTICAST"].map(Token::Keyword)) } else { Ok(()) }
    }
}
