//! The attributes of `inet-rtr`: its interfaces and peers (RFC 2622 §9, RFC 4012 §4.5).

use super::{
    parser::{Parser, Recognised},
    token::{SetKind, Token},
};
use crate::net::Family;

impl Parser<'_> {
    /// `<address> masklen <n> [action …] [tunnel <address>, <encapsulation>]`; the tunnel for IPv6 only.
    pub(super) fn interface(&mut self) -> Recognised {
        let addresses = self.addresses;
        let found = addresses.iter().copied().find(|family| self.take(Token::Address(*family)));
        let Some(family) = found else {
            return self.refuse();
        };
        // Next hops are of the family of the interface.
        let (addresses, longest): (&[Family], u32) = match family {
            Family::V4 => (&[Family::V4], 32),
            Family::V6 => (&[Family::V6], 128),
        };
        self.addresses = addresses;
        self.need_word("MASKLEN")?;
        self.need_number(longest)?;
        self.optional_actions()?;
        if family == Family::V6 && self.word("TUNNEL") { self.tunnel() } else { Ok(()) }
    }

    fn tunnel(&mut self) -> Recognised {
        self.need(Token::Address(Family::V6))?;
        self.need_sign(',')?;
        self.need_any(["GRE", "IPV6INIPV4", "IPINIP", "DVMRP"].map(Token::Keyword))
    }

    /// `<protocol> <router> [<options>]`; the options with BGP and only there.
    pub(super) fn peer(&mut self) -> Recognised {
        if self.word("BGP4") || self.word("MPBGP") {
            self.peer_name()?;
            return self.bgp_options();
        }
        self.protocol()?;
        self.peer_name()
    }

    fn peer_name(&mut self) -> Recognised {
        if self.take(Token::Set(SetKind::Peering)) || self.router()? { Ok(()) } else { self.refuse() }
    }

    /// `asno(…)` and at most one `flap_damp(…)`, in either order.
    fn bgp_options(&mut self) -> Recognised {
        if self.word("FLAP_DAMP") {
            self.flap_damping()?;
            self.need_sign(',')?;
            return self.peer_as_number();
        }
        self.peer_as_number()?;
        if !self.sign(',') {
            return Ok(());
        }
        self.need_word("FLAP_DAMP")?;
        self.flap_damping()
    }

    fn peer_as_number(&mut self) -> Recognised {
        self.need_word("ASNO")?;
        self.need_sign('(')?;
        self.need_any([Token::AsNumber, Token::Keyword("PEERAS")])?;
        self.need_sign(')')
    }

    /// `()` or six numbers in parentheses (RFC 2622 §7).
    fn flap_damping(&mut self) -> Recognised {
        self.need_sign('(')?;
        if self.sign(')') {
            return Ok(());
        }
        self.need_number(0xffff)?;
        for _ in 0..5 {
            self.need_sign(',')?;
            self.need_number(0xffff)?;
        }
        self.need_sign(')')
    }
}
