//! What stands in a copy of a registry for what the registry did not show: whoever copies writes it, and whoever compares
//! with the copy knows it for what it is.

/// How such accounts end; nobody can have one.
const ACCOUNT: &str = "@copy.invalid";

/// The `auth` in the place of those that were not shown. It tells `owner` from others.
pub fn account(owner: &str) -> String {
    format!("SSO {owner}{ACCOUNT}")
}

/// Whether this `auth` stands for one that was not shown.
pub fn is_account(auth: &str) -> bool {
    auth.to_ascii_lowercase().ends_with(ACCOUNT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_is_known_again() {
        assert!(is_account(&account("ours")) && is_account(&account("ours").to_ascii_uppercase()));
        assert!(!is_account("SSO ours@a.example"));
    }
}
