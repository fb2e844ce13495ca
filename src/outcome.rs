//! The exit status of every command: an API of its own.

use std::process::ExitCode;

/// What a command came to.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Outcome {
    /// Nothing to complain about: 0.
    Clean,
    /// It looked, and found something or said no: 1.
    Found,
    /// It could not look, or left something half done: 2, as for a usage error.
    Trouble,
}

impl Outcome {
    /// The number that the process ends with.
    pub fn status(self) -> u8 {
        match self {
            Outcome::Clean => 0,
            Outcome::Found => 1,
            Outcome::Trouble => 2,
        }
    }

    /// [`Outcome::Found`] if `found`, else [`Outcome::Clean`].
    pub fn found_if(found: bool) -> Outcome {
        if found { Outcome::Found } else { Outcome::Clean }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(outcome.status())
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn a_gate_can_tell_found_from_could_not_look() {
        let statuses = [Outcome::Clean, Outcome::Found, Outcome::Trouble].map(Outcome::status);
        assert_eq!(statuses, [0, 1, 2]);
        assert_eq!(Outcome::Clean.max(Outcome::Trouble), Outcome::Trouble);
    }
}
