//! `include`: files of customers, each with their address space and what is expected for them.

use std::{path::Path, sync::Arc};

use super::{
    allocation::{self, Allocation},
    blocks::Sites,
    expect::{self, Expect},
    pattern::{Customer, Pattern},
    read::{CONFIG, Files, Included},
    written::Written,
};
use crate::config::{At, Keys, Row, Table};

/// What the files of customers say.
#[derive(Default)]
pub(super) struct Customers {
    /// Their names, each once, in the order of their files.
    pub names: Vec<Customer>,
    /// Their address space.
    pub allocations: Vec<Allocation>,
    /// What is expected for them.
    pub expects: Vec<Expect>,
}

/// All that `include` of the file names. `whole` are the keys of `ripectl.toml`.
pub(super) fn read(root: &mut Table, whole: &Keys, sites: &Sites, files: &Files) -> Customers {
    let patterns: Vec<At<Pattern>> = root.get("include").unwrap_or_default();
    if patterns.is_empty() {
        return Customers::default();
    }
    let (included, findings) = files.included(&patterns);
    for finding in findings {
        root.report(finding);
    }
    let mut customers = Customers::default();
    for Included { customer, source } in included {
        if !customers.names.contains(&customer) {
            customers.names.push(Arc::clone(&customer));
        }
        root.beside(&source, &KEYS, |table| {
            customers.expects.extend(expect::read(table, Some(&customer)));
            customers.allocations.extend(allocation::read(table, sites, files, Some(&customer)));
            for key in whole.names().filter(|key| KEYS.row(key).is_none()) {
                table.elsewhere(key, CONFIG);
            }
        });
    }
    customers
}

/// The keys of the file of a customer.
const KEYS: Keys = Keys {
    title: "",
    about: "",
    rows: &[
        Row::optional::<Vec<expect::Written>>("expect", "nothing", "what others must hold for them"),
        Row::optional::<Vec<Written>>("allocation", "none", "their address space"),
    ],
};

/// Whose objects stand in the file `path` of `objects/`: those of the customer with the name of the folder.
pub(super) fn owner<'a>(path: &Path, customers: &'a [Customer]) -> Option<&'a Customer> {
    let mut names = path.strip_prefix("objects").ok()?.iter();
    let (folder, _) = (names.next()?.to_str()?, names.next()?);
    customers.iter().find(|customer| ***customer == *folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_below_a_folder_of_a_customer_are_theirs() {
        let customers = ["acme".into()];
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(owner(Path::new(path), &customers).map(|name| &**name), expected, "{path}");
        };
        check("objects/acme/a.rpsl", Some("acme"));
        check("objects/acme/deep/a.rpsl", Some("acme"));
        check("objects/acme.rpsl", None);
        check("objects/acme", None);
        check("objects/other/a.rpsl", None);
        check("objects/x/acme/a.rpsl", None);
    }
}
