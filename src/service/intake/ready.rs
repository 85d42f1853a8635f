//! A record of another system made ready to be taken in: as a draft, with its key, the holders settled, and what does not fit named.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::domain::draft::{DatasetDraft, parse_urn};
use crate::domain::ids::Slug;
use crate::domain::merge::fill;
use crate::domain::problem::Problem;
use crate::domain::record::copy_too_long;
use crate::domain::text::{LanguageTag, MultilingualText, Wording};
use crate::domain::time::{Bound, HIJRI_YEARS, Period};
use crate::domain::vocabulary::{ImportFormat, PublicationStatus, TextStatus, Vocabulary};
use crate::interop::dcat::undetermined;
use crate::interop::exchange::{Found, Origin};
use crate::interop::holder::NOT_YET_KNOWN;
use crate::interop::incoming::address_of;

use super::super::Error;
use super::apart::{Again, Apart, Meeting, is_of_its_system, judged_again, mark_of, marked, told_apart};
use super::names::propose_slug;
use super::origin::Unfit;
use super::original::Original;
use super::persons::{self, is_person, name_mailboxes};
use super::taking::Taking;

/// A record with what it was read from.
pub struct Came {
    /// The record.
    pub found: Found,
    /// What it was read from; shared by records that came in one.
    pub original: Option<Arc<Original>>,
}

/// A record made ready.
pub struct Ready {
    pub key: String,
    /// The key without the mark of the titles.
    pub alone: String,
    /// The key with the mark of the titles; none where a provider gives each record once.
    pub titled: Option<String>,
    /// The key of the record where another system has given one of the same identifier before; none where its identifier is of everywhere.
    pub other_key: Option<String>,
    /// Whether another record of the run has its identifier, with other titles.
    pub is_another: bool,
    /// Whether the run has taken the very same record before.
    pub is_once_more: bool,
    /// The draft, with the defaults.
    pub content: Map<String, Value>,
    /// What the record itself says.
    pub said: Map<String, Value>,
    /// The identifier of a record of this registry that it names as its own.
    pub identifier: Option<Uuid>,
    /// Where it does so.
    pub identifier_at: String,
    /// Whether a file that a person fills says that it is published.
    pub says_published: bool,
    /// The address of an identifier of elsewhere, which a new draft keeps as a link.
    pub link: Option<String>,
    pub titles: MultilingualText,
    pub unfit: Vec<Unfit>,
    /// Cells of the registry's own table that are wrong: they are in the report too, for whoever filled it is to correct them.
    pub faults: Vec<Problem>,
    pub problem: Option<Problem>,
    pub origin: Origin,
    pub original: Option<Arc<Original>>,
}

impl Ready {
    pub fn hash(&self) -> Option<&str> {
        self.original.as_deref().map(Original::hash)
    }
}

/// Makes the draft of a record: the holders settled, the defaults put in, what does not fit named.
pub fn prepare(taking: &Taking<'_>, came: Came) -> Result<Ready, Error> {
    let Came { mut found, original } = came;
    let Apart { key, alone, titled, meeting } = told_apart(taking, &found);
    let other_key = is_of_its_system(taking, &found).then(|| marked(&key, &found));
    let given = found.draft.identifier.take();
    let identifier = given.as_deref().and_then(parse_urn).or_else(|| named_here(&found.origin));
    let identifier_at = found.identifier_at.take().unwrap_or_else(|| "identifier".to_owned());
    // What is the record's identifier in its source is kept with where it comes from.
    let other = given.filter(|given| parse_urn(given).is_none() && found.origin.identifier.as_ref() != Some(given));
    let link = other.as_deref().and_then(address_of);
    let mut unfit: Vec<Unfit> = found.unfit.iter().map(Unfit::from).collect();
    let is_by_hand = matches!(taking.format, ImportFormat::Spreadsheet | ImportFormat::Rihla);
    let mut faults = if taking.format == ImportFormat::Spreadsheet { found.unfit.clone() } else { Vec::new() };
    if let Some(other) = other.filter(|_| link.is_none()) {
        let remedy = "is no identifier that the registry gives (urn:uuid:…), nor a DOI or an address, which would be kept as a link; it was left out: empty this cell";
        let line = Problem::new(&identifier_at, other, remedy);
        unfit.push(Unfit::from(&line));
        faults.push(line);
    }
    if !is_by_hand {
        persons::hide(taking.institutions, &found.origin, &mut unfit);
    }
    for (slug, place) in found.named.iter().filter(|(slug, _)| !taking.institutions.has(slug)) {
        let remedy = "is the short name of no institution of the registry; correct it, or have the institution registered: until then the record cannot be published";
        let line = Problem::new(place, slug, remedy);
        unfit.push(Unfit::from(&line));
        faults.push(line);
    }
    name_describers(taking, &found, &mut unfit);
    settle(taking, &mut found, &mut unfit);
    let mut content = found.draft.to_doc()?;
    if !found.draft.variables.is_empty() && copy_too_long(&content, None).is_some() {
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
        if key.is_empty() {
            problem = Some(Problem::new("titles", "", "the record has neither identifier nor title, so nothing says which one it is"));
        } else if found.draft.titles.is_empty() && !(found.origin.is_part && content.contains_key("slug")) {
            problem = Some(Problem::new("titles", "", "the record has no title in any language; give it one in the source"));
        } else {
            problem = copy_too_long(&content, None);
        }
    }
    let mut is_once_more = false;
    match judged_again(taking, &key, meeting, mark_of(&said, &unfit), problem.is_none()) {
        _ if found.origin.is_deleted => {}
        Again::First => {}
        Again::Same => is_once_more = true,
        Again::Other => {
            let remedy = "another record of the source has this identifier and this title; the first one was taken";
            problem = Some(Problem::new("identifier", &key, remedy));
        }
    }
    Ok(Ready {
        key,
        alone,
        titled,
        other_key,
        is_another: meeting == Meeting::Another,
        is_once_more,
        content,
        said,
        identifier,
        identifier_at,
        says_published: is_by_hand && taking.begins_again && found.draft.status == Some(PublicationStatus::Published),
        link,
        titles: found.draft.titles,
        unfit,
        faults,
        problem,
        origin: found.origin,
        original,
    })
}

/// Settles who holds the data, and periods that cannot be believed.
fn settle(taking: &Taking<'_>, found: &mut Found, unfit: &mut Vec<Unfit>) {
    name_holders(taking, found, unfit);
    if taking.format != ImportFormat::Rihla {
        let coverage = &mut found.draft.coverage;
        doubt_period("coverage.period", &mut coverage.period, unfit);
        doubt_period("coverage.collectionPeriod", &mut coverage.collection_period, unfit);
    }
}

/// What a record says, settled as that of a file is.
pub(super) fn settled(taking: &Taking<'_>, mut found: Found) -> Result<Map<String, Value>, Error> {
    settle(taking, &mut found, &mut Vec::new());
    Ok(found.draft.to_doc()?)
}

/// The identifier of a record of a registry like this one, where a format knows the record by it, by an address `/id/…`, or by an identifier
/// of a provider that ends with it.
fn named_here(origin: &Origin) -> Option<Uuid> {
    let ends_with = |text: &String| Uuid::try_parse(text.rsplit([':', '/']).next()?.trim()).ok();
    origin.identifier.iter().chain(&origin.address).find_map(ends_with)
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

/// Names those whom the record gives as its producers beside the institution that takes it in, a line for each; and what of a record of
/// the registry's own format only its registry decides.
fn name_describers(taking: &Taking<'_>, found: &Found, unfit: &mut Vec<Unfit>) {
    let is_own = |names: &&MultilingualText| taking.institutions.named(names).any(|slug| slug == taking.institution);
    let main = main_language(&found.draft);
    let is_known = |names: &MultilingualText| taking.institutions.named(names).next().is_some();
    let others = found.origin.producers.iter().filter(|names| !names.is_empty() && !is_own(names));
    let (persons, others): (Vec<_>, Vec<_>) = others.partition(|names| !is_known(names) && is_person(&found.origin, names));
    let mut shown: Vec<String> = Vec::new();
    for name in others.into_iter().map(|names| in_all_languages(names, main)) {
        if !shown.contains(&name) {
            shown.push(name);
        }
    }
    let is_named = |slug: &Slug| found.origin.producers.iter().any(|names| taking.institutions.named(names).any(|known| known == slug));
    let said = found.draft.producer.as_ref().filter(|slug| *slug != taking.institution && !is_named(slug)).map(ToString::to_string);
    let shown = said.into_iter().chain(shown);
    // Names of persons are not told on.
    let counted = (!persons.is_empty()).then(|| format!("({} written like names of persons)", persons.len()));
    let remedy = format!(
        "the record names them as producer, author or publisher; the draft is of `{}`, which takes it in: settle between you who describes it",
        taking.institution
    );
    unfit.extend(shown.chain(counted).map(|name| Unfit::from(&Problem::new("producer", name, &remedy))));
    if let Some(status) = found.draft.status.filter(|status| !matches!(status, PublicationStatus::Published | PublicationStatus::Draft)) {
        let remedy = "where the record stands is decided here: it comes in as a draft";
        unfit.push(Unfit::from(&Problem::new("status", status.code(), remedy)));
    }
    if let Some(copied) = &found.draft.copied_from {
        let remedy =
            "another registry keeps the record; the draft is one of its own: better follow that registry as a source of the kind RIHLA";
        unfit.push(Unfit::from(&Problem::new("copiedFrom", &copied.address, remedy)));
    }
}

/// The language that a record speaks first: the one that it names, else that of its only title.
fn main_language(draft: &DatasetDraft) -> Option<&LanguageTag> {
    let mut titles = draft.titles.0.keys();
    draft.main_language.as_ref().or_else(|| titles.next().filter(|_| titles.next().is_none()))
}

/// The names that an institution has in several languages, that of the record's main language first.
fn in_all_languages(names: &MultilingualText, main: Option<&LanguageTag>) -> String {
    let mut all: Vec<(&LanguageTag, &str)> = names.iter().map(|(tag, wording)| (tag, wording.text.as_str())).collect();
    all.sort_by_key(|(tag, _)| main.is_none_or(|main| main.primary() != tag.primary()));
    let mut texts: Vec<&str> = Vec::new();
    for (_, text) in all {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.join(" / ")
}

/// The countries in which offices are looked for that a record names: those that it reports on, else that of the institution that takes it in.
fn countries_of(taking: &Taking<'_>, draft: &DatasetDraft) -> BTreeSet<String> {
    let country = |code: &String| code.split('-').next().filter(|country| country.len() == 2).map(str::to_owned);
    let named: BTreeSet<String> = draft.coverage.reporting_areas.iter().filter_map(country).collect();
    if named.is_empty() { taking.institutions.country(taking.institution).map(str::to_owned).into_iter().collect() } else { named }
}

/// Puts an institution of the catalogue where the reader could only say that somebody holds the data.
fn name_holders(taking: &Taking<'_>, found: &mut Found, unfit: &mut Vec<Unfit>) {
    let (producers, holders) = (&found.origin.producers, &found.origin.holders);
    let countries = countries_of(taking, &found.draft);
    let is_own = |names: &MultilingualText| taking.institutions.named(names).any(|slug| slug == taking.institution);
    let find_one = |names: &MultilingualText| {
        if is_own(names) { Some(taking.institution) } else { taking.institutions.find(names, &countries) }
    };
    let find = |names: &[MultilingualText]| names.iter().find_map(find_one).cloned();
    // Whoever gives the data out holds them; an author or a producer that the catalogue knows is only the next best guess.
    let given_out = find(holders);
    let known = given_out.clone().or_else(|| find(producers).filter(|_| holders.is_empty()));
    let is_elsewhere = |names: &&MultilingualText| find_one(names).is_none() && taking.institutions.named(names).next().is_some();
    let elsewhere = holders.iter().chain(producers).find(is_elsewhere).filter(|_| known.is_none());
    let elsewhere = elsewhere.map(|names| in_all_languages(names, main_language(&found.draft)));
    let holder = known.clone().unwrap_or_else(|| taking.institution.clone());
    for holding in found.draft.holdings.iter_mut().filter(|holding| holding.institution.as_str() == NOT_YET_KNOWN) {
        holding.institution = holder.clone();
        if let Some(name) = &elsewhere {
            let remedy = "the registry knows this name of an institution of another country than the record is of, or of several; the institution that takes it in stands here until it is confirmed";
            unfit.push(Unfit::from(&Problem::new("holdings.institution", name, remedy)));
            continue;
        }
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

/// The main language of a record, as it says.
fn main_of(one: &Ready) -> Option<&str> {
    one.content.get("mainLanguage").and_then(Value::as_str)
}

/// Short names that a new draft may get, the best first.
pub fn slugs_of(taking: &Taking<'_>, one: &Ready) -> Vec<String> {
    let given = one.content.get("slug").and_then(Value::as_str).map(str::to_owned);
    let proposed = given.clone().or_else(|| propose_slug(taking.institution, &one.titles, main_of(one)));
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
