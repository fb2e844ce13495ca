//! What the RIPE NCC has changed of objects that it manages together with us.

use crate::{
    registered::Registered,
    rpsl::{Name, Object},
    rules::{
        maintainers::{REGISTRY, is_one_of},
        managed::managed_names,
    },
};

/// The declared object with what the RIPE NCC manages of it as it is registered, all else as it is declared; `None` if that
/// is what is declared. Its maintainers are managed, and ours are not.
pub fn with_managed(declared: &Object, registered: &Object, world: &Registered) -> Option<Object> {
    let names: Vec<Name> =
        managed_names(registered, world).iter().copied().filter(|name| *name != Name::Source).collect();
    let merged = declared.with_attributes_of(registered, &names);
    let staff = |object: &Object| -> Vec<String> {
        let values = object.values(Name::MntBy).into_iter();
        values.filter(|name| is_one_of(REGISTRY, name)).map(|name| name.to_ascii_uppercase()).collect()
    };
    let merged = match staff(&merged) == staff(registered) {
        true => merged,
        false => merged.with_attributes_of(&with_ours(registered, declared), &[Name::MntBy]),
    };
    let is_other = !merged.is_same_as(declared);
    is_other.then_some(merged)
}

/// The registered object with the maintainers of ours that the declared one has.
fn with_ours(registered: &Object, declared: &Object) -> Object {
    let mut draft = registered.edit();
    let known = registered.values(Name::MntBy);
    for ours in declared.values(Name::MntBy) {
        if !is_one_of(REGISTRY, &ours) && !known.iter().any(|known| known.eq_ignore_ascii_case(&ours)) {
            draft.insert(registered.class(), Name::MntBy, &ours);
        }
    }
    draft.build().unwrap_or_else(|_| registered.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registered::Inventory;

    fn check(declared: &str, registered: &str, expected: Option<&str>) {
        let key = "inet6num: 2a0e:4000:40::/48\n";
        let object = |text: &str| Object::parse(format!("{key}{text}source: RIPE\n")).unwrap();
        let world = Registered::whole(Inventory::default());
        let merged = with_managed(&object(declared), &object(registered), &world);
        let expected = expected.map(|text| format!("{key}{text}source: RIPE\n"));
        assert_eq!(merged.map(|object| object.text().to_owned()), expected);
    }

    #[test]
    fn what_is_managed_is_taken_over_and_nothing_else() {
        let registered =
            "netname: N\norg: ORG-B1-RIPE\nstatus: ASSIGNED PI\nmnt-by: RIPE-NCC-END-MNT\nmnt-by: A-MNT\n";
        let declared = registered.replace("ORG-B1", "ORG-A1").replace("netname: N", "netname: MINE # ours");
        check(&declared, registered, Some(&registered.replace("netname: N", "netname: MINE # ours")));
        check(registered, registered, None);
        // A block that the RIPE NCC does not maintain has nothing that it manages.
        let of_lir = |org: &str| format!("netname: N\norg: {org}\nstatus: ASSIGNED\nmnt-by: A-MNT\n");
        check(&of_lir("ORG-A1-RIPE"), &of_lir("ORG-B1-RIPE"), None);
    }

    #[test]
    fn of_the_maintainers_only_those_of_the_ripe_ncc_are() {
        let with = |maintainers: &str| format!("netname: N\nstatus: ASSIGNED PI\n{maintainers}");
        let declared = with("mnt-by: A-MNT\nmnt-by: C-MNT\n");
        let registered = with("mnt-by: RIPE-NCC-END-MNT\nmnt-by: A-MNT\n");
        let world = Registered::whole(Inventory::default());
        let object =
            |text: String| Object::parse(format!("inet6num: 2a0e::/48\n{text}source: RIPE\n")).unwrap();
        let merged = with_managed(&object(declared), &object(registered), &world).unwrap();
        let mut maintainers = merged.values(Name::MntBy);
        maintainers.sort();
        assert_eq!(maintainers, ["A-MNT", "C-MNT", "RIPE-NCC-END-MNT"]);
    }
}
