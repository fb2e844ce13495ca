//! What is wrong with the name servers of a reverse zone.

use std::collections::{BTreeMap, BTreeSet};

use super::{Asked, Heard, Look, Reply, Seen, Zone, signer::wire};
use crate::{
    finding::{Finding, Severity},
    rpsl::Name,
};

/// What the answers come to, zone by zone.
pub fn judge_zones<'a>(look: &Look, seen: impl IntoIterator<Item = (&'a Zone, &'a Seen)>) -> Vec<Finding> {
    seen.into_iter().flat_map(|(zone, seen)| Judge { look: *look, zone }.findings(seen)).collect()
}

struct Judge<'a> {
    look: Look<'a>,
    zone: &'a Zone,
}

impl Judge<'_> {
    fn findings(&self, seen: &Seen) -> Vec<Finding> {
        let nameless = seen.nameless.iter().map(|(server, why)| {
            let text = format!("{} names {server}, which has no address: {why}", self.zone.key);
            self.finding("dns-dead", text)
                .fix(format!("correct the name in `nserver:`{}, or give it an address", self.at()))
        });
        let each = seen.asked.iter().flat_map(|asked| self.one(asked));
        let all = [self.serials(seen), self.signers(seen)].into_iter().flatten();
        nameless.chain(each).chain(self.sets(seen)).chain(all).collect()
    }

    fn finding(&self, rule: &'static str, text: String) -> Finding {
        let finding = Finding::error(rule, text).about(&self.zone.key);
        match self.look.place(&self.zone.key, Some(Name::Nserver)) {
            Some(place) => finding.at(place),
            None => finding,
        }
    }

    /// ` at objects/zones.rpsl:9`, if the object is declared.
    fn at(&self) -> String {
        let place = self.look.place(&self.zone.key, Some(Name::Nserver));
        place.map_or_else(String::new, |place| format!(" at {}:{}", place.source.name(), place.line()))
    }

    /// What is wrong with one address of a server.
    fn one(&self, asked: &Asked) -> Vec<Finding> {
        let (server, zone) = (called(asked), &self.zone.name);
        let out = format!("make it answer, or take it out of `nserver:`{}", self.at());
        let (udp, tcp) = match (&asked.udp, &asked.tcp) {
            (Heard::Unasked(_), _) | (_, Heard::Unasked(_)) => return Vec::new(),
            (Heard::Nothing(udp), Heard::Nothing(tcp)) => {
                let text = format!("{server} does not answer for {zone}\nUDP: {udp}\nTCP: {tcp}");
                return vec![self.finding("dns-dead", text).fix(out)];
            }
            both => both,
        };
        let mut findings = Vec::new();
        if let Heard::Nothing(why) = udp {
            let text = format!("{server} does not answer for {zone} over UDP: {why}");
            findings.push(self.finding("dns-udp", text).fix("let port 53 through over UDP too"));
        }
        if let Heard::Nothing(why) = tcp {
            let text = format!("{server} does not answer for {zone} over TCP: {why}");
            let fix = "let port 53 through over TCP too (RFC 7766): answers that are too large for UDP are fetched there";
            findings.push(self.finding("dns-tcp", text).fix(fix));
        }
        let replies: Vec<&Reply> = [udp, tcp].into_iter().filter_map(reply).collect();
        if let Some(why) = replies.iter().find_map(|reply| lame(reply)) {
            let text = format!("{server} is no server of {zone}: {why}");
            let fix = format!("load the zone there, or take the server out of `nserver:`{}", self.at());
            findings.push(self.finding("dns-lame", text).fix(fix));
        } else if replies.iter().any(|reply| !reply.has_edns) {
            let text = format!("{server} answers without EDNS: no OPT record comes back");
            let fix = "update the server, or take away what drops EDNS before it (RFC 6891)";
            findings.push(self.finding("dns-edns", text).weighing(Severity::Warning).fix(fix));
        }
        findings
    }

    /// The sets of name servers that differ from the object's, each once.
    fn sets(&self, seen: &Seen) -> Vec<Finding> {
        let own: BTreeSet<&str> = self.zone.servers.iter().map(|server| server.name.as_str()).collect();
        let mut sets: BTreeMap<BTreeSet<&str>, Vec<String>> = BTreeMap::new();
        for asked in &seen.asked {
            if let Some(reply) =
                reply(&asked.servers).filter(|reply| lame_code(reply).is_none() && reply.is_authoritative)
            {
                sets.entry(reply.servers.iter().map(String::as_str).collect())
                    .or_default()
                    .push(called(asked));
            }
        }
        let differing = sets.into_iter().filter(|(set, _)| *set != own);
        let finding = |(set, servers): (BTreeSet<&str>, Vec<String>)| {
            let named = if set.is_empty() { "no NS at all".to_owned() } else { format!("NS {}", list(&set)) };
            let text = format!(
                "{} for {}: {named}\nthe object has nserver {}",
                servers.join(", "),
                self.zone.name,
                list(&own)
            );
            let fix =
                format!("let the NS records of the zone and `nserver:`{} name the same servers", self.at());
            self.finding("dns-servers", text).fix(fix)
        };
        differing.map(finding).collect()
    }

    fn serials(&self, seen: &Seen) -> Option<Finding> {
        let mut serials: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for asked in &seen.asked {
            let mut replies = [&asked.udp, &asked.tcp].into_iter().filter_map(reply);
            if let Some(serial) = replies.find_map(|reply| reply.serial.filter(|_| lame(reply).is_none())) {
                serials.entry(serial).or_default().push(called(asked));
            }
        }
        let told: Vec<String> =
            serials.iter().map(|(serial, servers)| format!("{serial}: {}", servers.join(", "))).collect();
        let text = format!(
            "the servers of {} have different versions of it (SOA serial)\n{}",
            self.zone.name,
            told.join("\n")
        );
        let fix = "right while a change is on its way; else let the zone be transferred: `NOTIFY`, or reload the secondary";
        (serials.len() > 1).then(|| self.finding("dns-serial", text).weighing(Severity::Warning).fix(fix))
    }

    /// Whether each `ds-rdata` means a key of the zone.
    fn signers(&self, seen: &Seen) -> Option<Finding> {
        let owner = wire(&self.zone.name)?;
        let replies = seen.asked.iter().filter_map(|asked| asked.keys.as_ref().and_then(reply));
        let reply = replies.max_by_key(|reply| reply.keys.len())?;
        let means = |signer: &&super::Signer| {
            let mut known = reply.keys.iter().map(|key| signer.means(&owner, key));
            known.any(|means| means != Some(false))
        };
        let wrong: Vec<String> = self
            .zone
            .signers
            .iter()
            .filter(|signer| !means(signer))
            .map(|signer| signer.tag.to_string())
            .collect();
        let has = match reply.keys.as_slice() {
            [] => "the zone has no DNSKEY".to_owned(),
            keys => format!(
                "the zone has the keys {}",
                keys.iter().map(|key| key.tag.to_string()).collect::<Vec<_>>().join(", ")
            ),
        };
        let text =
            format!("`ds-rdata` of {} means no key of the zone: {}\n{has}", self.zone.key, wrong.join(", "));
        let fix = format!(
            "write the DS of a key that the zone has{}, or take `ds-rdata:` away: who validates gets no answer until then",
            self.at()
        );
        (!wrong.is_empty()).then(|| self.finding("dns-signer", text).fix(fix))
    }
}

fn called(asked: &Asked) -> String {
    format!("{} ({})", asked.server, asked.address.ip())
}

fn list(names: &BTreeSet<&str>) -> String {
    names.iter().copied().collect::<Vec<_>>().join(", ")
}

fn reply(heard: &Heard) -> Option<&Reply> {
    match heard {
        Heard::Reply(reply) => Some(reply),
        Heard::Nothing(_) | Heard::Unasked(_) => None,
    }
}

fn lame_code(reply: &Reply) -> Option<String> {
    (reply.code != "NOERROR").then(|| format!("it says {}", reply.code))
}

/// Why what answers is no server of the zone.
fn lame(reply: &Reply) -> Option<String> {
    lame_code(reply).or_else(|| match (reply.is_authoritative, reply.serial) {
        (false, _) => Some("its answer is not authoritative (no AA)".to_owned()),
        (true, None) => Some("it has no SOA record of it".to_owned()),
        (true, Some(_)) => None,
    })
}
