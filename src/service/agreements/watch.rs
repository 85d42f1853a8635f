//! Watching over the end of agreements: warned at 90, 30 and 7 days, told when it has come; each once, also after an outage.

use crate::domain::agreement::{Agreement, Deadline, WARNING_DAYS, date_on, warnings_due};
use crate::domain::text::{is_rtl, isolated};
use crate::domain::vocabulary::{AgreementState, NoticeKind, Role, Vocabulary};
use crate::service::catalogue::{day_of, now_ms, read_institution};
use crate::service::mail::Message;
use crate::service::people::{Voice, queue_mail};
use crate::service::{Catalogue, Error, notify};
use crate::store::agreements::{self as table, AgreementRow};
use crate::store::changes::Ledger;
use crate::store::{Conn, institutions, persons};

use super::{AgreementRecord, write};

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Agreements whose end was warned of.
    pub warned: usize,
    /// Agreements whose end was told.
    pub ended: usize,
    /// Mails written to contacts and desks.
    pub mails: usize,
}

/// How the warning of the end itself is kept.
const END: i64 = 0;
/// How the change log names who acts when a date comes.
const CLOCK: &str = "clock";

/// What is to be told of an agreement on a day, if it was not told before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Ended(i64),
    Soon(Deadline),
}

impl Word {
    /// What the dates ask for; `signed_on` is the day on which the register learnt of it: what had ended before is history.
    fn of(agreement: &Agreement, signed_on: i64, today: i64) -> Option<Self> {
        if agreement.state_on(today) == AgreementState::Expired {
            return agreement.until(today).filter(|last| *last >= signed_on).map(Self::Ended);
        }
        let farthest = WARNING_DAYS.into_iter().max().unwrap_or_default();
        agreement.deadline(today).filter(|deadline| (0..=farthest).contains(&(deadline.day() - today))).map(Self::Soon)
    }

    fn day(self) -> i64 {
        match self {
            Self::Ended(day) => day,
            Self::Soon(deadline) => deadline.day(),
        }
    }

    /// Days by which the warning is kept; none where it was given before.
    fn due(self, today: i64, told: &[i64]) -> Option<i64> {
        match self {
            Self::Ended(_) => (!told.contains(&END)).then_some(END),
            Self::Soon(deadline) => warnings_due(deadline.day(), today, told),
        }
    }
}

/// Warns the people of the parties and the coordinator, and the parties' contacts by mail, of agreements that end.
///
/// # Errors
/// The database is unavailable; what was told is told once.
pub fn warn(catalogue: &Catalogue, voice: Voice<'_>, now: i64) -> Result<Round, Error> {
    let states = [AgreementState::Signed, AgreementState::Suspended].map(|state| state.code().to_owned());
    let mut round = Round::default();
    for row in catalogue.db.read(|conn| table::in_states(conn, &states))? {
        match warn_of(catalogue, voice, &row, now, &mut round) {
            // One that cannot be read keeps none of the others from being warned of.
            Err(error) if !error.may_pass() => tracing::error!(agreement = %row.id, %error, "an agreement cannot be watched over"),
            done => done?,
        }
    }
    Ok(round)
}

fn warn_of(catalogue: &Catalogue, voice: Voice<'_>, row: &AgreementRow, now: i64, round: &mut Round) -> Result<(), Error> {
    // Looked at first without a write, for most agreements have nothing to tell.
    let Some(word) = word_of(row, now)? else { return Ok(()) };
    let told = catalogue.db.read(|conn| table::warnings(conn, &row.id, &date(word.day())))?;
    if word.due(day_of(now), &told).is_none() {
        return Ok(());
    }
    catalogue.db.write(|conn, ledger| {
        // Read again where it is written: another node may have told it, a party changed it.
        let Some(row) = table::by_id(conn, &row.id)? else { return Ok(()) };
        let Some(word) = word_of(&row, now)? else { return Ok(()) };
        let told = table::warnings(conn, &row.id, &date(word.day()))?;
        match word.due(day_of(now), &told) {
            Some(days) => tell(conn, ledger, voice, &row, (word, days), now, round),
            None => Ok(()),
        }
    })
}

/// What the dates of an agreement ask for now.
fn word_of(row: &AgreementRow, now: i64) -> Result<Option<Word>, Error> {
    let Some(signed_at) = row.signed_at else { return Ok(None) };
    Ok(Word::of(&AgreementRecord::of(row)?.agreement, day_of(signed_at), day_of(now)))
}

fn date(day: i64) -> String {
    date_on(day).map(|date| date.to_string()).unwrap_or_default()
}

fn tell(
    conn: &mut Conn,
    ledger: &mut Ledger,
    voice: Voice<'_>,
    row: &AgreementRow,
    (word, days): (Word, i64),
    now: i64,
    round: &mut Round,
) -> Result<(), Error> {
    let agreement = AgreementRecord::of(row)?.agreement;
    // Who looks ahead, at the console, has the mails sent today all the same.
    let written = now.min(now_ms());
    let day = date(word.day());
    table::note_warning(conn, &row.id, &day, days, written)?;
    let kind = match word {
        Word::Ended(_) => {
            round.ended += 1;
            write::log(conn, ledger, (CLOCK, written), AgreementState::Expired.code(), (Some(row), row), &[])?;
            NoticeKind::AgreementEnded
        }
        Word::Soon(_) => {
            round.warned += 1;
            NoticeKind::AgreementEndsSoon
        }
    };
    let mut people = people_of(conn, &agreement)?;
    people.extend(notify::people_with(conn, "", &[Role::Coordinator])?);
    people.sort_unstable();
    people.dedup();
    let title = title_of(&agreement);
    let dated = |title: &str| format!("{title} – {}", if title.chars().any(is_rtl) { isolated(&day) } else { day.clone() });
    let titles = notify::in_each(|_, language| dated(agreement.title.words(Some(language), None).unwrap_or(&title)));
    for person in &people {
        notify::notice_until(conn, person, kind, (&dated(&title), &titles), ("", &row.id), None, written)?;
    }
    let is_notice = matches!(word, Word::Soon(Deadline::Notice(_)));
    for mailbox in mailboxes(conn, &agreement)? {
        let language = persons::by_email(conn, &mailbox.to_lowercase())?.map_or_else(|| "fr".to_owned(), |person| person.language);
        let title = agreement.title.words(Some(&language), None).unwrap_or(&title).to_owned();
        let message = Message::Agreement { kind, title, date: day.clone(), is_notice };
        queue_mail(conn, voice, &mailbox, &language, &message, written)?;
        round.mails += 1;
    }
    Ok(())
}

/// People of the parties who handle agreements.
///
/// # Errors
/// The database is unavailable.
pub fn people_of(conn: &mut Conn, agreement: &Agreement) -> Result<Vec<String>, Error> {
    let mut people = Vec::new();
    for slug in agreement.signatories() {
        people.extend(notify::people_with(conn, slug.as_str(), &[Role::Editor, Role::Validator, Role::AccessOfficer])?);
    }
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

/// Title of an agreement in the first language that it has.
pub fn title_of(agreement: &Agreement) -> String {
    agreement.title.words(None, None).unwrap_or_default().to_owned()
}

/// Mailboxes of the parties: their contacts in the agreement, else their desks.
fn mailboxes(conn: &mut Conn, agreement: &Agreement) -> Result<Vec<String>, Error> {
    let mut found: Vec<String> = Vec::new();
    for slug in agreement.signatories() {
        let own = agreement.contacts.iter().filter(|contact| contact.institution.as_ref() == Some(slug));
        let mut boxes: Vec<String> = own.filter_map(|contact| contact.mailbox.clone()).collect();
        if boxes.is_empty() {
            let row = institutions::by_slugs(conn, &[slug.to_string()])?.pop();
            let desk = row.as_ref().map(read_institution).transpose()?.and_then(|record| record.institution.desk);
            boxes.extend(desk.and_then(|desk| desk.mailbox));
        }
        found.extend(boxes);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
