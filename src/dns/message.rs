//! Questions and answers on the wire.

use std::str::FromStr;

use domain::{
    base::{Message, MessageBuilder, Name, Rtype, iana::Rcode},
    rdata::{Dnskey, Ns, Soa},
};

use crate::audit::{DnsKey, Reply, lower};

/// What is asked of a zone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum What {
    /// Who is responsible, and which version it is.
    Soa,
    /// Its name servers.
    Servers,
    /// Its keys.
    Keys,
}

/// A question to a server.
#[derive(Clone, Debug)]
pub struct Question {
    /// As it is sent.
    pub bytes: Vec<u8>,
    zone: Name<Vec<u8>>,
}

/// The largest answer over UDP that is asked for: what goes through everywhere without being cut (DNS flag day 2020).
pub const UDP_SIZE: u16 = 1232;

impl Question {
    /// A question about `zone`, with EDNS (RFC 6891) or without; `None` if that is no name.
    pub fn new(id: u16, zone: &str, what: What, with_edns: bool) -> Option<Question> {
        let name = Name::<Vec<u8>>::from_str(zone).ok()?;
        let kind = match what {
            What::Soa => Rtype::SOA,
            What::Servers => Rtype::NS,
            What::Keys => Rtype::DNSKEY,
        };
        let mut builder = MessageBuilder::new_vec();
        builder.header_mut().set_id(id);
        let mut builder = builder.question();
        builder.push((&name, kind)).ok()?;
        let mut builder = builder.additional();
        if with_edns {
            let size = |opt: &mut domain::base::message_builder::OptBuilder<'_, Vec<u8>>| {
                opt.set_udp_payload_size(UDP_SIZE);
                Ok(())
            };
            builder.opt(size).ok()?;
        }
        Some(Question { bytes: builder.finish(), zone: name })
    }

    /// What `answer` says, and whether it was cut; `None` if it is no answer to this.
    pub fn understand(&self, answer: &[u8]) -> Option<(Reply, bool)> {
        let (asked, said) = (Message::from_slice(&self.bytes).ok()?, Message::from_slice(answer).ok()?);
        let header = said.header();
        // A server that could not read the question may leave it out.
        let gave_up = header.qr()
            && header.id() == asked.header().id()
            && header.rcode() != Rcode::NOERROR
            && said.header_counts().qdcount() == 0;
        if !gave_up && !said.is_answer(asked) {
            return None;
        }
        let mut reply = Reply {
            is_authoritative: header.aa(),
            code: header.rcode().to_string(),
            has_edns: said.opt().is_some(),
            ..Reply::default()
        };
        if let Ok(answers) = said.answer() {
            let of_zone =
                answers.into_iter().filter_map(Result::ok).filter(|record| record.owner() == self.zone);
            for record in of_zone {
                if let Ok(Some(soa)) = record.to_record::<Soa<_>>() {
                    reply.serial = Some(soa.data().serial().into_int());
                } else if let Ok(Some(ns)) = record.to_record::<Ns<_>>() {
                    reply.servers.insert(lower(&ns.data().nsdname().to_string()));
                } else if let Ok(Some(key)) = record.to_record::<Dnskey<_>>() {
                    reply.keys.push(dns_key(key.data()));
                }
            }
        }
        Some((reply, header.tc()))
    }
}

fn dns_key<Octets: AsRef<[u8]>>(key: &Dnskey<Octets>) -> DnsKey {
    let (flags, algorithm) = (key.flags().to_be_bytes(), key.algorithm().to_int());
    let data = [&flags[..], &[key.protocol(), algorithm], key.public_key().as_ref()].concat();
    DnsKey { tag: key.key_tag(), algorithm, data }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: &str = "6.2.0.1.c.5.8.f.0.a.2.ip6.arpa";

    #[test]
    fn only_an_answer_to_the_question_is_one() {
        let question = Question::new(7, ZONE, What::Soa, true).unwrap();
        let check = |edit: fn(&mut Vec<u8>), expected: Option<&str>| {
            let mut bytes = question.bytes.clone();
            edit(&mut bytes);
            let code = question.understand(&bytes).map(|(reply, _)| reply.code);
            assert_eq!(code.as_deref(), expected);
        };
        check(|_| (), None); // a question is no answer
        check(|bytes| bytes[2] |= 0x80, Some("NOERROR"));
        check(|bytes| bytes[3] |= 5, None);
        check(|bytes| (bytes[2], bytes[3]) = (0x80, 5), Some("REFUSED"));
        check(|bytes| (bytes[1], bytes[2]) = (8, 0x80), None); // another id
        check(|bytes| (bytes[2], bytes[13]) = (0x80, b'7'), None); // another zone
        check(|bytes| bytes.truncate(5), None);
        check(|bytes| *bytes = vec![0, 7, 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0], Some("FORMERR"));
        check(|bytes| *bytes = vec![0, 7, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0], None);
    }

    #[test]
    fn edns_is_an_opt_record() {
        let with = |edns| {
            let question = Question::new(7, ZONE, What::Servers, edns).unwrap();
            let mut bytes = question.bytes.clone();
            bytes[2] |= 0x86; // QR, AA, TC
            question.understand(&bytes).unwrap()
        };
        let (reply, is_cut) = with(true);
        assert!(reply.has_edns && reply.is_authoritative && is_cut);
        assert!(!with(false).0.has_edns);
        assert!(Question::new(7, "a..b", What::Soa, true).is_none());
    }
}
