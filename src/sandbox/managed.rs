//! What a reader may ask to be told about an object besides its attributes: what the RIPE NCC manages, who holds
//! the resource, and who takes reports of abuse.

use serde_json::{Value, json};

use crate::{
    registered::Registered,
    rpsl::{Name, Object},
    rules::managed::{is_managed, managed_names},
    wire::{WireObject, render::Rendering},
};

/// Marks the attributes that the RIPE NCC manages (`schema.json`, managed attributes), and the object if it has any.
pub fn mark_managed(wire: &mut WireObject, object: &Object, rendering: &Rendering) {
    let names = managed_names(object, rendering.world);
    let mut flags = object.attributes().flat_map(|attribute| {
        let elements = rendering.attribute(attribute, "").into_iter();
        elements.map(move |one| is_managed(attribute, one.value.as_deref().unwrap_or_default(), names))
    });
    for attribute in &mut wire.attributes.attribute {
        attribute.managed = flags.next().filter(|managed| *managed);
    }
    wire.managed = Some(wire.attributes.attribute.iter().any(|attribute| attribute.managed.is_some()));
}

/// The organisation that holds the resource: its own, or that of the block above.
pub fn holder(object: &Object, world: &Registered) -> Option<Value> {
    let organisation =
        upwards(object, world).into_iter().find_map(|block| organisation(block, Name::Org, world))?;
    Some(json!({ "key": organisation.key().text(), "name": organisation.value(Name::OrgName)? }))
}

/// Who takes reports of abuse: the contact of the resource, of its organisation, or of the block above.
pub fn abuse_contact(object: &Object, world: &Registered) -> Option<Value> {
    upwards(object, world).into_iter().find_map(|block| {
        let organisation = organisation(block, Name::Org, world);
        let own = block.value(Name::AbuseC).or_else(|| organisation?.value(Name::AbuseC))?;
        let role = world.referenced(Name::AbuseC, &own).ok()??;
        let responsible = self::organisation(block, Name::SponsoringOrg, world).or(organisation);
        Some(json!({
            "key": role.key().text(),
            "email": role.value(Name::AbuseMailbox)?,
            "suspect": false,
            "org-id": responsible.map(|found| found.key().text().to_owned()),
        }))
    })
}

/// The object and the blocks that contain it, the closest first.
fn upwards<'a>(object: &'a Object, world: &'a Registered) -> Vec<&'a Object> {
    let above =
        object.block().map(|block| world.objects.less_specific(object.class(), block)).unwrap_or_default();
    std::iter::once(object).chain(above.into_iter().flatten()).collect()
}

fn organisation<'a>(object: &Object, name: Name, world: &'a Registered) -> Option<&'a Object> {
    world.referenced(name, &object.value(name)?).ok()?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{registered::Inventory, wire::render::Layout};

    const WORLD: &[&str] = &[
        "organisation: ORG-L1-RIPE\norg-name: L\norg-type: LIR\nabuse-c: L1-RIPE\n",
        "role: L\nnic-hdl: L1-RIPE\nabuse-mailbox: abuse@l.example\n",
        "inet6num: 2a0f::/29\norg: ORG-L1-RIPE\nstatus: ALLOCATED-BY-RIR\nmnt-by: RIPE-NCC-HM-MNT\nmnt-by: L-MNT\n",
        "inet6num: 2a0f::/44\nstatus: ASSIGNED\nmnt-by: L-MNT\n",
    ];

    fn check(key: &str, managed: &str, holder_key: &str) {
        let objects: Vec<Object> = WORLD.iter().map(|text| Object::parse(*text).unwrap()).collect();
        let world = Registered::whole(Inventory::of(objects));
        let object = world.objects.get(&crate::rpsl::Key::new(crate::rpsl::Class::Inet6num, key)).unwrap();
        let rendering = Rendering { base: "", world: &world, layout: Layout::Formatted };
        let mut wire = rendering.object(object);
        mark_managed(&mut wire, object, &rendering);
        let marked = wire.attributes.attribute.iter().filter(|attribute| attribute.managed.is_some());
        let marked: Vec<&str> = marked.filter_map(|attribute| attribute.value.as_deref()).collect();
        assert_eq!(marked.join(" "), managed);
        assert_eq!(holder(object, &world).unwrap()["key"], holder_key);
        assert_eq!(abuse_contact(object, &world).unwrap()["email"], "abuse@l.example");
    }

    #[test]
    fn the_registry_manages_allocations() {
        check("2a0f::/29", "2a0f::/29 ORG-L1-RIPE ALLOCATED-BY-RIR RIPE-NCC-HM-MNT", "ORG-L1-RIPE");
        check("2a0f::/44", "", "ORG-L1-RIPE");
    }
}
