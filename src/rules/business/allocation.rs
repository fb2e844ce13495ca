//! What the RIPE NCC keeps in its own hands on the resources that it maintains.

use super::{
    super::{Case, MODIFY, Message, Rule, maintainers},
    status::{Status, Trait},
};
use crate::{
    registered::Known,
    rpsl::{Class, Name},
};

const ADDRESSES: &[Class] = &[Class::Inetnum, Class::Inet6num];

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "allocation-netname",
        source: "inetnum.NetnameValidator",
        says: "`netname` of an allocation is the RIPE NCC's to change",
        classes: ADDRESSES,
        kinds: MODIFY,
        check: netname,
        remedy: "keep `netname:` as it is registered; the RIPE NCC (ncc@ripe.net) changes it",
    },
    Rule {
        name: "allocation-mnt-by",
        source: "inetnum.LirMntByValidator",
        says: "`mnt-by` of an allocation is changed in the LIR portal",
        classes: ADDRESSES,
        kinds: MODIFY,
        check: mnt_by,
        remedy: "keep `mnt-by:` as it is registered and change the default maintainer in the LIR portal",
    },
    Rule {
        name: "end-user-maintainer",
        source: "inetnum.EndUserMaintainerChecks",
        says: "the RIPE NCC's maintainer of end users stays in `mnt-by`",
        classes: ADDRESSES,
        kinds: MODIFY,
        check: end_user_maintainer,
        remedy: "keep the RIPE NCC's maintainer of end users in `mnt-by:`",
    },
];

fn maintainers_before(case: &Case) -> Vec<String> {
    case.before.map_or_else(Vec::new, |before| before.values(Name::MntBy))
}

fn netname(case: &Case) -> Known<Vec<Message>> {
    let allocation = maintainers::any_of(maintainers::ALLOCATION, &maintainers_before(case));
    if !allocation || !case.changes(Name::Netname) || case.proves_any(maintainers::REGISTRY)? {
        return Ok(Vec::new());
    }
    Ok(vec![Message::error("The \"netname\" attribute can only be changed by the RIPE NCC")])
}

fn mnt_by(case: &Case) -> Known<Vec<Message>> {
    let status = case.before.and_then(Status::of);
    let allocation = status.is_some_and(|status| status.has(Trait::Allocation))
        && maintainers::any_of_registry(&maintainers_before(case));
    if !allocation || !case.changes(Name::MntBy) || case.proves_any(maintainers::REGISTRY)? {
        return Ok(Vec::new());
    }
    let text = "Attribute \"%s:\" can only be changed via the LIR portal.\nPlease login to https://lirportal.ripe.net and select\n\"LIR Account\" under \"My LIR\" to change it.";
    Ok(vec![Message::error(text).arg(Name::MntBy)])
}

fn end_user_maintainer(case: &Case) -> Known<Vec<Message>> {
    let kept = maintainers::any_of(maintainers::END_USER, &case.after.values(Name::MntBy));
    if kept || !case.proves_any(maintainers::END_USER)? {
        return Ok(Vec::new());
    }
    Ok(vec![Message::error("Cannot remove the administrative maintainer")])
}
