//! How far those who decide have come, and whether enough of them are left.

use uuid::Uuid;

use crate::domain::vocabulary::{RequestOutcome, RequestRole, RequestState};

use super::{Part, Request};

/// How far the deciders of a part have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Votes for an approval, a renewal or the appeal.
    pub in_favour: usize,
    /// Votes against.
    pub against: usize,
    /// Persons who have not voted and can: those named to decide; where none of these can, the access officers, as far as they were looked
    /// up. None where they were not, and any one of them decides.
    pub open: Option<usize>,
    /// Votes that must agree.
    pub needed: usize,
}

impl Tally {
    /// Whether enough votes can still agree.
    pub fn can_decide(&self) -> bool {
        self.open.is_none_or(|open| self.in_favour.max(self.against) + open >= self.needed)
    }
}

impl Part {
    /// Whether it matters how many access officers there are: more than one must agree, or some of them no longer decide.
    pub fn counts_officers(&self) -> bool {
        use RequestState as S;
        self.desk.quorum > 1 || !self.overruled.is_empty() || matches!(self.state, S::Rejected | S::Revoked | S::Appealed)
    }

    /// Persons invited in a role who have neither left nor declared a conflict of interest.
    fn acting(&self, role: RequestRole) -> impl Iterator<Item = Uuid> {
        let acts = move |known: &&super::Invited| known.role == role && known.removed_at.is_none();
        self.invited.iter().filter(acts).map(|known| known.person).filter(|person| !self.conflicted.contains(person))
    }
}

impl Request {
    /// How far the deciders of a part have come with what it has them decide, given the access officers of its holder.
    pub fn tally(&self, part: &Part, officers: Option<&[Uuid]>) -> Tally {
        let is_first = matches!(part.state, RequestState::Submitted | RequestState::Complete | RequestState::InReview);
        let (in_favour, voters): (usize, Vec<Uuid>) = if is_first {
            let for_it = part.votes.iter().filter(|vote| vote.outcome != RequestOutcome::Rejected).count();
            (for_it, part.votes.iter().map(|vote| vote.person).collect())
        } else {
            (part.ballots.iter().filter(|ballot| ballot.is_for).count(), part.ballots.iter().map(|ballot| ballot.person).collect())
        };
        let open = self.deciders_of(part, officers).map(|can| {
            let is_open = |person: &&Uuid| !voters.contains(person) && !part.has_decided_before(**person);
            can.iter().filter(is_open).count()
        });
        let needed = usize::try_from(part.desk.quorum).unwrap_or(usize::MAX).max(1);
        Tally { in_favour, against: voters.len() - in_favour, open, needed }
    }

    /// Who decides on a part: those named to who can; where there are none, the access officers, and the deputies who were called in.
    fn deciders_of(&self, part: &Part, officers: Option<&[Uuid]>) -> Option<Vec<Uuid>> {
        let named: Vec<Uuid> = part.acting(RequestRole::Decider).filter(|person| !self.is_user(*person)).collect();
        if !named.is_empty() {
            return Some(named);
        }
        let officers = officers.filter(|_| part.counts_officers())?.iter().copied().filter(|person| !part.conflicted.contains(person));
        let mut can: Vec<Uuid> = officers.chain(part.acting(RequestRole::AccessOfficer)).filter(|person| !self.is_user(*person)).collect();
        can.sort_unstable();
        can.dedup();
        Some(can)
    }
}
