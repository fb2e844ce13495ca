//! What stands in the way of reading bytes as text, in the words of VRPs.

use std::borrow::Cow;

use crate::{
    packed::{self, Packed},
    rpki::VrpError,
};

/// The bytes themselves, or what a gzip file unpacks to. `name` is for messages.
pub(super) fn unpack<'a>(name: &str, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, VrpError> {
    packed::unpack(bytes).map_err(|error| refused(name, error))
}

fn refused(name: &str, error: Packed) -> VrpError {
    let name = name.to_owned();
    match error {
        Packed::Damaged(_) => VrpError::Malformed { name, problem: error.to_string() },
        Packed::TooLarge { megabytes } => VrpError::TooLarge { name, megabytes },
        Packed::Unread { what, command } => VrpError::Packed { name, what, command },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_obstacle_is_told_of_vrps() {
        let check = |error: Packed, expected: &str| assert_eq!(refused("x", error).to_string(), expected);
        check(
            Packed::Damaged("gzip"),
            "`x`: it is compressed (gzip) and cut off or damaged\nhint: have the validator write it again",
        );
        check(
            Packed::TooLarge { megabytes: 1 },
            "`x` unpacks to more than 1 MB\nhint: is this the output of a validator?",
        );
        check(
            Packed::Unread { what: "UTF-16 text".to_owned(), command: "iconv -f utf-16 -t utf-8" },
            "`x` is UTF-16 text, which is not read\nhint: `iconv -f utf-16 -t utf-8 x > FILE`, and give that",
        );
    }
}
