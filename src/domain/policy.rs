//! Who may see and do what. Every decision is taken here and nowhere else.
//!
//! The read side knows one actor, the visitor; the table grows with sign-in.

use super::vocabulary::{PublicationStatus, Visibility};

/// Who asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Actor {
    /// Anyone on the web.
    #[default]
    Visitor,
    /// A person at the console of the machine, through the command line.
    Console,
}

/// Whether the actor may find the record and read it.
pub fn may_read_dataset(actor: Actor, status: PublicationStatus, visibility: Visibility) -> bool {
    match actor {
        Actor::Console => true,
        Actor::Visitor => status == PublicationStatus::Published && visibility == Visibility::Public,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vocabulary::Vocabulary;

    #[test]
    fn visitors_see_only_what_is_public_and_published() {
        for status in PublicationStatus::ALL {
            for visibility in Visibility::ALL {
                let public = *status == PublicationStatus::Published && *visibility == Visibility::Public;
                assert_eq!(may_read_dataset(Actor::Visitor, *status, *visibility), public);
            }
        }
    }
}
