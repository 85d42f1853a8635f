//! A record of another system made ready to be taken in: as a draft, with its key, the holders settled, and what does not fit named.

use std::sync::Arc;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::domain::draft::parse_urn;
use crate::domain::ids::Slug;
use crate::domain::merge::fill;
use crate::domain::problem::Problem;
use crate::domain::text::{MultilingualText, Wording};
use crate::domain::time::{Bound, Period};
use crate::domain::vocabulary::{ImportFormat, TextStatus};
use crate::interop::dcat::undetermined;
use crate::interop::documents::names_organisation;
use crate::interop::exchange::Found;
use crate::interop::holder::NOT_YET_KNOWN;
use crate::store::sources::OriginalRow;

use super::super::Error;
use super::apart::{is_of_its_system, marked, told_apart};
use super::batch::Taking;
use super::names::propose_slug;
use super::origin::Unfit;

/// Years that a source of migration data writes of the Hijri calendar rather than of the Gregorian one: 1882 to 2076.
const HIJRI_YEARS: std::ops::RangeInclusive<i32> = 1300..=1499;
/// Longest draft that is taken, in bytes of JSON.
const LARGEST: usize = 4 << 20;

/// A record with what it was read from.
pub struct Came {
    /// The record.
    pub found: Found,
    /// What it was read from; shared by records that came in one.
    pub original: Option<Arc<OriginalRow>>,
}

/// A record made ready.
pub struct Ready {
    pub key: String,
    /// The key of the record where another system has given one of the same identifier before; none where its identifier is of everywhere.
    pub other_key: Option<String>,
    /// The draft, with the defaults.
    pub content: Map<String, Value>,
    /// What the record itself says.
    pub said: Map<String, Value>,
    pub identifier: Option<Uuid>,
    pub titles: MultilingualText,
    pub unfit: Vec<Unfit>,
    /// Cells of the registry's own table that are wrong: they are in the report too, for whoever filled it is to correct them.
    pub faults: Vec<Problem>,
    pub problem: Option<Problem>,
    pub origin: crate::interop::exchange::Origin,
    pub original: Option<Arc<OriginalRow>>,
}

impl Ready {
    pub fn hash(&self) -> Option<&str> {
        self.original.as_deref().map(|original| original.hash.as_str())
    }
}

/// Makes the draft of a record: the holders settled, the defaults put in, what does not fit named.
pub fn prepare(taking: &Taking<'_>, came: Came) -> Result<Ready, Error> {
    let Came { mut found, original } = came;
    let (key, is_repeated) = told_apart(taking, &found);
    let other_key = is_of_its_system(taking, &found).then(|| marked(&key, &found));
    let identifier = found.draft.identifier.take().as_deref().and_then(parse_urn);
    let mut unfit: Vec<Unfit> = found.unfit.iter().map(Unfit::from).collect();
    let faults = if taking.format == ImportFormat::Spreadsheet { found.unfit.clone() } else { Vec::new() };
    name_holders(taking, &mut found, &mut unfit);
    if taking.format != ImportFormat::Rihla {
        let coverage = &mut found.draft.coverage;
        doubt_period("coverage.period", &mut coverage.period, &mut unfit);
        doubt_period("coverage.collectionPeriod", &mut coverage.collection_period, &mut unfit);
    }
    let mut content = found.draft.to_doc()?;
    if !found.draft.variables.is_empty() && serde_json::to_string(&content)?.len() > LARGEST {
        // The study itself is worth having.
        content.shift_remove("variables");
        let remedy = "the list of variables makes the record longer than 4 MiB; it stays in the original that is kept";
        unfit.push(Unfit::from(&Problem::new("variables", found.draft.variables.len(), remedy)));
    }
    name_mailboxes(&content, &mut unfit);
    for fixed in ["status", "producer", "copiedFrom"] {
        content.shift_remove(fixed);
    }
    let said = content.clone();
    let mut problem = None;
    if !found.origin.is_deleted {
        fill(&mut content, taking.defaults);
        let size = serde_json::to_string(&content)?.len();
        if is_repeated {
            problem = Some(Problem::new(
                "identifier",
                &key,
                "another record of the source has this identifier and this title; the first one was taken",
            ));
        } else if key.is_empty() {
            problem = Some(Problem::new("titles", "", "the record has neither identifier nor title, so nothing says which one it is"));
        } else if found.draft.titles.is_empty() {
            problem = Some(Problem::new("titles", "", "the record has no title in any language; give it one in the source"));
        } else if size > LARGEST {
            problem = Some(Problem::new("", size, "the record is longer than 4 MiB; shorten its texts or its list of variables"));
        }
    }
    Ok(Ready {
        key,
        other_key,
        content,
        said,
        identifier,
        titles: found.draft.titles,
        unfit,
        faults,
        problem,
        origin: found.origin,
        original,
    })
}

/// A period that ends before it starts, or that is in years of the Hijri calendar, is no period until somebody has looked at it: it
/// stays as words.
fn doubt_period(field: &str, period: &mut Option<Period>, unfit: &mut Vec<Unfit>) {
    let Some(known) = period else { return };
    let is_hijri = [known.start.date(), known.end.date()].into_iter().flatten().any(|date| HIJRI_YEARS.contains(&date.year));
    let remedy = if known.is_impossible() {
        "ends before it starts; it stands in the note of the period: correct one of the two dates"
    } else if is_hijri {
        "may be of the Hijri calendar; it stands in the note of the period: give it in the Gregorian calendar"
    } else {
        return;
    };
    unfit.push(Unfit::from(&Problem::new(field, known.edtf(), remedy)));
    let text = known.edtf();
    match known.note.0.get_mut(&undetermined()) {
        Some(there) => there.text = format!("{}; {text}", there.text),
        None => {
            known.note.0.insert(undetermined(), Wording { text, status: TextStatus::Official });
        }
    }
    (known.start, known.end) = (Bound::Unknown, Bound::Unknown);
}

/// Puts an institution of the catalogue where the reader could only say that somebody holds the data.
fn name_holders(taking: &Taking<'_>, found: &mut Found, unfit: &mut Vec<Unfit>) {
    let (producers, holders) = (&found.origin.producers, &found.origin.holders);
    let find = |names: &[MultilingualText]| names.iter().find_map(|names| taking.institutions.find(names)).cloned();
    let is_own = |names: &&MultilingualText| taking.institutions.find(names) == Some(taking.institution);
    let others: Vec<&MultilingualText> = producers.iter().filter(|names| !is_own(names)).collect();
    if !others.is_empty() {
        let words = |names: &&MultilingualText| names.iter().next().map(|(_, wording)| wording.text.clone());
        let is_person =
            |names: &&&MultilingualText| taking.institutions.find(names).is_none() && words(names).is_some_and(|name| may_be_person(&name));
        let persons = others.iter().filter(is_person).count();
        let mut shown: Vec<String> = others.iter().filter(|names| !is_person(names)).filter_map(words).collect();
        if persons > 0 {
            // Names of persons are not told on.
            shown.push(format!("({persons} written like names of persons)"));
        }
        let remedy = format!(
            "the record names them as producer, author or publisher; the draft is of `{}`, which takes it in: settle between you who describes it",
            taking.institution
        );
        unfit.push(Unfit::from(&Problem::new("producer", shown.join("; "), remedy)));
    }
    // Whoever gives the data out holds them; an author or a producer that the catalogue knows is only the next best guess.
    let given_out = find(holders);
    let known = given_out.clone().or_else(|| find(producers).filter(|_| holders.is_empty()));
    let holder = known.clone().unwrap_or_else(|| taking.institution.clone());
    for holding in found.draft.holdings.iter_mut().filter(|holding| holding.institution.as_str() == NOT_YET_KNOWN) {
        holding.institution = holder.clone();
        let remedy = match (&given_out, &known) {
            (Some(_), _) => continue,
            (None, Some(_)) => {
                "the record does not say who gives the data out; the producer that it names stands here until it is confirmed"
            }
            (None, None) => {
                "the record does not say in terms of the registry who holds the data; the institution that takes it in stands here until it is confirmed"
            }
        };
        unfit.push(Unfit::from(&Problem::new("holdings.institution", &holder, remedy)));
    }
}

/// Whether a name is written like that of a person: a family name, a comma and given names, and nothing that institutions are called.
fn may_be_person(name: &str) -> bool {
    let Some((family, given)) = name.split_once(',') else { return false };
    let is_name = |part: &str| {
        let words: Vec<&str> = part.split_whitespace().collect();
        let is_word = |word: &&str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’'));
        (1..=3).contains(&words.len()) && words.iter().all(is_word)
    };
    !given.contains(',') && is_name(family) && is_name(given) && !names_organisation(name)
}

/// Names the texts that hold a mailbox, without the mailbox: it may be a person's.
fn name_mailboxes(content: &Map<String, Value>, unfit: &mut Vec<Unfit>) {
    let remedy = "holds a mailbox, which will be seen by everyone; if it is a person's, put the desk of the institution in its place";
    for (field, value) in content {
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            match value {
                Value::String(text) if has_mailbox(text) => {
                    unfit.push(Unfit::from(&Problem::new(field, "", remedy)));
                    break;
                }
                Value::Array(values) => waiting.extend(values),
                Value::Object(members) => waiting.extend(members.values()),
                _ => {}
            }
        }
    }
}

fn has_mailbox(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'));
        let host: String = text[at + 1..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).collect();
        before && host.trim_end_matches('.').split('.').filter(|label| !label.is_empty()).count() >= 2
    })
}

/// Short names that a new draft may get, the best first.
pub fn slugs_of(taking: &Taking<'_>, one: &Ready) -> Vec<String> {
    let given = one.content.get("slug").and_then(Value::as_str).map(str::to_owned);
    let proposed = given.clone().or_else(|| propose_slug(taking.institution, &one.titles));
    let mut slugs: Vec<String> = given.into_iter().collect();
    if let Some(base) = proposed {
        // The hash of the key tells records of one title apart, and is the same at each try.
        let mark = super::short_hash(&one.key);
        let numbered = Slug::parse(&format!("{base}-{mark}")).ok().map(|slug| slug.to_string());
        slugs.push(base);
        slugs.extend(numbered);
    }
    slugs.dedup();
    slugs
}
