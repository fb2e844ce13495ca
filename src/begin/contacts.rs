//! Who we are, as objects.

use super::Who;
use crate::rpsl::{Object, ObjectError};

/// `objects/contacts.rpsl`: the first maintainer with its person, a role under `handle`, and the organisation.
pub(super) fn text(who: &Who, maintainer: &str, country: Option<&str>, handle: &str) -> String {
    let Who { person, address, phone, email, account, organisation } = who;
    let address = address_lines(address);
    let mut text = format!(
        "# Who we are and whom to write to. `AUTO-n` becomes a key when it is applied.\n\n\
         # The first maintainer and the first person name each other: one request makes both.\n\
         mntner:         {maintainer}\n\
         admin-c:        AUTO-1\n\
         upd-to:         {email}\n\
         auth:           SSO {account}\n\
         mnt-by:         {maintainer}\n\
         source:         RIPE\n\n\
         person:         {person}\n\
         {address}\
         phone:          {phone}\n\
         e-mail:         {email}\n\
         nic-hdl:        AUTO-1\n\
         mnt-by:         {maintainer}\n\
         source:         RIPE\n\n\
         # The contact that all else names.\n\
         {}",
        role_text(who, maintainer, handle)
    );
    let country = country.map_or_else(String::new, |country| format!("country:        {country}\n"));
    if let Some(name) = organisation {
        text.push_str(&format!(
            "\norganisation:   AUTO-2\n\
             org-name:       {name}\n\
             org-type:       OTHER\n\
             {address}\
             {country}\
             e-mail:         {email}\n\
             abuse-c:        {handle}\n\
             mnt-ref:        {maintainer}\n\
             mnt-by:         {maintainer}\n\
             source:         RIPE\n"
        ));
    }
    text
}

/// The role, whose handle is still to be chosen.
pub fn role(who: &Who, maintainer: &str) -> Result<Object, ObjectError> {
    Object::parse(role_text(who, maintainer, "AUTO-1"))
}

fn role_text(who: &Who, maintainer: &str, handle: &str) -> String {
    let (address, email) = (address_lines(&who.address), &who.email);
    let name = who.organisation.as_ref().unwrap_or(&who.person);
    format!(
        "role:           {name} NOC\n\
         {address}\
         e-mail:         {email}\n\
         abuse-mailbox:  {email}\n\
         nic-hdl:        {handle}\n\
         mnt-by:         {maintainer}\n\
         source:         RIPE\n"
    )
}

fn address_lines(lines: &[String]) -> String {
    lines.iter().map(|line| format!("address:        {line}\n")).collect()
}
