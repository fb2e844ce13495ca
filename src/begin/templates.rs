//! Templates for what is made of our space.

use super::{
    Answers, Contact, Space,
    space::{Room, class},
};
use crate::net::Family;

/// The templates that our spaces need, by path.
pub(super) fn templates(
    answers: &Answers,
    spaces: &[Space],
    contact: Option<&Contact>,
) -> Vec<(String, String)> {
    let mut made = Vec::new();
    for family in [Family::V4, Family::V6] {
        let of_family = || spaces.iter().filter(|space| space.prefix.family() == family);
        if let Some(contact) = contact.filter(|_| of_family().any(|space| space.room != Room::Whole)) {
            made.push((path(block_name(family)), block(family, answers, &contact.handle)));
        }
        if answers.asn.is_some() && of_family().next().is_some() {
            made.push((path(route_name(family)), route(family, answers)));
        }
    }
    made
}

/// `{ inet6num = "block", route6 = "route" }`, as far as there are such templates.
pub(super) fn names(space: &Space, made: &[(String, String)]) -> Option<String> {
    let family = space.prefix.family();
    let route = match family {
        Family::V4 => "route",
        Family::V6 => "route6",
    };
    let is_made = |name: &str| made.iter().any(|(made, _)| *made == path(name));
    let block = Some((class(space.prefix).text(), block_name(family))).filter(|_| space.room != Room::Whole);
    let both = block.into_iter().chain([(route, route_name(family))]).filter(|(_, name)| is_made(name));
    let names: Vec<String> = both.map(|(class, name)| format!("{class} = \"{name}\"")).collect();
    (!names.is_empty()).then(|| format!("{{ {} }}", names.join(", ")))
}

fn path(name: &str) -> String {
    format!("templates/{name}.rpsl")
}

fn block_name(family: Family) -> &'static str {
    match family {
        Family::V4 => "block-v4",
        Family::V6 => "block",
    }
}

fn route_name(family: Family) -> &'static str {
    match family {
        Family::V4 => "route-v4",
        Family::V6 => "route",
    }
}

fn block(family: Family, answers: &Answers, handle: &str) -> String {
    let (class, status) = match family {
        Family::V4 => ("inetnum: ", "ASSIGNED PA"),
        Family::V6 => ("inet6num:", "ASSIGNED"),
    };
    let maintainer = &answers.maintainer;
    let name = maintainer.strip_suffix("-MNT").unwrap_or(maintainer);
    format!(
        "{class}       {{{{ prefix }}}}\n\
         netname:        {name}-{{{{ block | upper }}}}\n\
         country:        {{{{ country }}}}\n\
         admin-c:        {handle}\n\
         tech-c:         {handle}\n\
         status:         {status}\n\
         mnt-by:         {maintainer}\n\
         source:         {{{{ source }}}}\n"
    )
}

fn route(family: Family, answers: &Answers) -> String {
    let class = match family {
        Family::V4 => "route: ",
        Family::V6 => "route6:",
    };
    format!(
        "{class}         {{{{ prefix }}}}\n\
         origin:         {{{{ origin }}}}\n\
         mnt-by:         {}\n\
         source:         {{{{ source }}}}\n",
        answers.maintainer
    )
}
