//! The as-block of a new aut-num: its `mnt-lower`, or without one its `mnt-by`.

use super::{Authority, Decider, FROM_ABOVE, Finding};
use crate::{
    net::Asn,
    registered::Known,
    rpsl::{Class, Object},
    rules::{Case, Kind, Message, business::as_block},
};

/// Creation of an aut-num needs the consent of the as-block that covers it.
pub fn check(case: &Case) -> Known<Finding> {
    if case.kind != Kind::Create || case.class() != Class::AutNum {
        return Ok(Finding::default());
    }
    let key = case.after.key();
    let blocks = match key.text().to_ascii_uppercase().parse::<Asn>() {
        Ok(asn) => case.world.as_blocks_around(asn)?.into_iter().filter(|block| covers(block, asn)).collect(),
        Err(_) => Vec::new(),
    };
    let Some(block) = blocks.into_iter().next() else {
        let messages = vec![Message::error("No parent as-block found for %s").arg(key.text())];
        return Ok(Finding { authority: Vec::new(), messages });
    };
    let decider = Decider::first(block, FROM_ABOVE);
    let authority = decider.ask(case, &block.values(decider.attribute), None)?;
    Ok(Finding::required(authority, Authority::refusal))
}

fn covers(block: &Object, number: Asn) -> bool {
    as_block::range(block).is_some_and(|(first, last)| (first..=last).contains(&number))
}
