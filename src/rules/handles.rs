//! How handles of persons and roles may end.

use super::business::COUNTRIES;

/// The registries whose handles the registry knows.
const REGISTRIES: [&str; 8] = ["RIPE", "ORG", "ARIN", "LACNIC", "RADB", "APNIC", "RIPN", "AFRINIC"];

/// Whether what stands behind the hyphen of a new handle is `source`, another registry, or a country (the server's
/// `NicHandle`). Other handles may be named, but none can be made.
pub fn has_known_suffix(handle: &str, source: &str) -> bool {
    let Some((_, suffix)) = handle.split_once('-') else { return true };
    let mut known = REGISTRIES.iter().chain(COUNTRIES).chain([&source]);
    suffix.is_empty() || known.any(|known| known.eq_ignore_ascii_case(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_ends_in_a_registry_or_a_country() {
        let check =
            |handle: &str, expected: bool| assert_eq!(has_known_suffix(handle, "RIPE"), expected, "{handle}");
        for handle in ["FP1-RIPE", "FP1-ripe", "FP1-ARIN", "FP1-AFRINIC", "FP1-NL", "FP1-eu", "FP1"] {
            check(handle, true);
        }
        for handle in ["FP1-fred", "ZQ64-TEST", "FP1-AP", "FP1-RIPE-NONAUTH", "FP1-XX"] {
            check(handle, false);
        }
    }
}
