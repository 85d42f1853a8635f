//! The indicators of an objective at a day, and at a day before: what changed, with the records behind it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::agreement::{Agreement, Covered};
use crate::domain::comparability::{compare, still_stands};
use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::ids::Slug;
use crate::domain::indicators::{Around, Begun, Board, IndicatorSet, Named, NamedKind, Outcome, RegisterEntry, indicators};
use crate::domain::institution::Institution;
use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{
    AgreementPurpose, AgreementState, ComparabilityVerdict, ConceptScheme, GeographicLevel, IndicatorSilence, InstitutionKind, RecordScope,
    ReportRegister, Vocabulary,
};
use crate::domain::workdays::Day;
use crate::store::{changes, datasets, institutions};

use super::access_requests::statistics;
use super::agreements;
use super::catalogue::read_id;
use super::past::{self, Edition, Entering, LeftOut, Moment};
use super::registers::facts;
use super::ties::Ties;
use super::{Catalogue, Error};

/// Calendar years whose requests are looked at.
const YEARS: i32 = 4;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    /// The objective.
    pub objective: u8,
    /// Code of the country; none for all records.
    pub country: Option<String>,
    /// The day, counted from 1970-01-01.
    pub until: i64,
    /// Day of the review before, in the same way.
    pub previous: Option<i64>,
    /// Which records count.
    pub scope: RecordScope,
}

/// The indicators at one day.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The day and the place in the log.
    pub moment: Moment,
    /// What the indicators come to, in the order of their list.
    pub outcomes: Vec<Outcome>,
    /// Records that were counted.
    pub records: u64,
    /// Of the sources that had begun, those whose producer validated the version in force.
    pub validated: u64,
    /// Sources that had begun, validated or not.
    pub published: u64,
    /// Of these, sources of which nobody documents when they began.
    pub beginning_not_documented: u64,
    /// Records, of this country and of wider places, of which nobody had validated the version in force.
    pub unvalidated: BTreeSet<Slug>,
    /// What was left out.
    pub left_out: LeftOut,
    /// How the records of the moment are related.
    pub ties: Arc<Ties>,
}

/// The indicators of an objective.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The list.
    pub set: IndicatorSet,
    /// At the day.
    pub now: Standing,
    /// At the review before, where one is named.
    pub before: Option<Standing>,
}

/// The indicators of an objective as anyone may see them; none where the catalogue has no list for it.
///
/// # Errors
/// The country or the days are wrong; the database is unavailable.
pub fn measure(catalogue: &Catalogue, asked: &Asked, edition: Edition, today: i64) -> Result<Option<Measured>, Error> {
    if let Some(country) = &asked.country {
        past::check_country(country, &catalogue.concepts)?;
    }
    if let Some(previous) = asked.previous.filter(|previous| *previous >= asked.until) {
        let text = Day(previous).to_string();
        let problem = Problem::new("previousAt", text, "is not before the day itself; name the day of the review before");
        return Err(Error::Invalid(vec![problem]));
    }
    let set = indicators(asked.objective).map_err(|fault| Error::Internal(anyhow::anyhow!(fault)))?;
    let Some(set) = set else { return Ok(None) };
    let moment = past::moment(catalogue, asked.until, edition, today)?;
    let now = standing(catalogue, &set, asked, moment, today)?;
    let before = asked.previous.map(|day| {
        let moment = past::moment(catalogue, day, edition, today)?;
        standing(catalogue, &set, asked, moment, today)
    });
    Ok(Some(Measured { now, before: before.transpose()?, set }))
}

/// The same, remembered until the log or the day changes: the walk over all records is not made for each reader.
///
/// # Errors
/// The country or the days are wrong; the database is unavailable.
pub fn remembered(catalogue: &Catalogue, asked: &Asked, edition: Edition, today: i64) -> Result<Option<Arc<Measured>>, Error> {
    // The whole log, because not every change of a register stands in the part that anyone sees.
    let seq = catalogue.db.read(changes::last_seq)?;
    let key = format!("{asked:?} {edition:?} {seq} {today}");
    if let Some(known) = catalogue.measured.get(&key) {
        return Ok(Some(known));
    }
    let measured = measure(catalogue, asked, edition, today)?.map(Arc::new);
    if let Some(measured) = &measured {
        catalogue.measured.insert(key, measured.clone());
    }
    Ok(measured)
}

fn standing(catalogue: &Catalogue, set: &IndicatorSet, asked: &Asked, moment: Moment, today: i64) -> Result<Standing, Error> {
    let ties = Ties::at(catalogue, &moment)?;
    let around = Around { programmes: ties.countries().clone(), ..around(catalogue, asked.country.as_deref(), &moment, today)? };
    let mut board = Board::new(set, &around, &catalogue.concepts);
    let (mut validated, mut published, mut beginning_not_documented) = (0, 0, 0);
    let wanted = facts::Wanted { moment: &moment, country: asked.country.as_deref(), with_drafts: false };
    let mut registers = facts::read(catalogue, wanted)?;
    let (mut censuses, mut unvalidated, mut compared) = (Vec::new(), BTreeSet::new(), HashMap::new());
    let is_compared = |entry: &&RegisterEntry| entry.kind == ReportRegister::Comparison;
    let in_notes: BTreeSet<Slug> = registers.entries.iter().filter(is_compared).flat_map(|entry| entry.datasets.iter().cloned()).collect();
    let left_out = past::each(catalogue, &moment, &ties, asked.country.as_deref(), &mut |source, entering| {
        if source.validated_at.is_none() {
            unvalidated.insert(source.dataset.slug.clone());
        }
        if in_notes.contains(&source.dataset.slug) {
            compared.insert(source.dataset.slug.clone(), source.dataset.clone());
        }
        if entering == Entering::Wider || source.begun == Begun::No {
            return Ok(());
        }
        published += 1;
        if entering == Entering::RetiredSince {
            return Ok(());
        }
        validated += u64::from(source.validated_at.is_some());
        let is_counted = asked.scope == RecordScope::Published || source.validated_at.is_some();
        if is_counted {
            beginning_not_documented += u64::from(source.begun == Begun::NotDocumented);
            if facts::is_census(&source.dataset) {
                censuses.push(source.clone());
            }
        }
        board.add(&source, is_counted);
        Ok(())
    })?;
    let records = board.records();
    for entry in &mut registers.entries {
        entry.is_outdated = is_outdated(entry, &compared, &catalogue.concepts);
    }
    if asked.scope == RecordScope::Validated {
        registers.leave_out(&unvalidated);
    }
    registers.entries.extend(facts::table_releases(catalogue, &censuses, &moment)?);
    let mut outcomes = board.outcomes(&registers);
    for silence in outcomes.iter_mut().filter_map(|outcome| outcome.silence.as_mut()) {
        if moment.place.is_none() {
            *silence = IndicatorSilence::BeforeLog;
        } else if *silence == IndicatorSilence::NotDocumented && asked.scope == RecordScope::Validated && records < published {
            *silence = IndicatorSilence::NotInValidated;
        }
    }
    Ok(Standing { moment, outcomes, records, validated, published, beginning_not_documented, unvalidated, left_out, ties: Arc::new(ties) })
}

/// Whether the records of a note on two of them say otherwise than when it was agreed, as far as both are known.
fn is_outdated(entry: &RegisterEntry, known: &HashMap<Slug, Dataset>, concepts: &Concepts) -> bool {
    let ([one, other], Some(stood)) = (entry.datasets.as_slice(), &entry.figures) else { return false };
    let both = known.get(one).zip(known.get(other)).filter(|_| entry.kind == ReportRegister::Comparison);
    both.is_some_and(|(one, other)| !still_stands(stood, &compare(one, other, None, concepts), one, other))
}

/// What the indicators need beside records and registers, as anyone may know it.
///
/// # Errors
/// The database is unavailable.
pub fn around(catalogue: &Catalogue, country: Option<&str>, moment: &Moment, today: i64) -> Result<Around, Error> {
    let known = past::institutions(catalogue, moment)?;
    let signed = public_agreements(catalogue, moment)?;
    let in_force: Vec<&(Uuid, Agreement)> =
        signed.iter().filter(|(_, agreement)| agreement.state_on(moment.until) == AgreementState::InForce).collect();
    let agreed = agreed(catalogue, in_force.iter().map(|(_, agreement)| agreement))?;
    let is_joint = |agreement: &Agreement| {
        let of = |slug: &&crate::domain::ids::Slug| known.iter().find(|institution| institution.slug == **slug);
        let countries: BTreeSet<Option<&str>> =
            agreement.institutions().iter().filter_map(of).map(|institution| institution.country.as_deref()).collect();
        countries.len() > 1 && country.is_none_or(|country| countries.contains(&Some(country)))
    };
    let joint =
        in_force.iter().filter(|(_, agreement)| is_joint(agreement)).map(|(id, agreement)| Arc::new(named_agreement(*id, agreement)));
    let names = known.iter().map(|institution| Arc::new(named_institution(institution)));
    let is_near = |institution: &&Institution| country.is_none_or(|code| institution.country.as_deref().is_none_or(|own| own == code));
    let observatories = known.iter().filter(|institution| institution.kind == InstitutionKind::Observatory).filter(is_near);
    Ok(Around {
        day: moment.until,
        country: country.map(str::to_owned),
        regions: country.map(|country| regions(catalogue, country, moment.until)).unwrap_or_default(),
        agreed,
        joint: joint.collect(),
        observatories: observatories.map(|institution| Arc::new(named_institution(institution))).collect(),
        institutions: names.collect(),
        request_days: request_days(catalogue, &known, country, moment.until, today)?,
        programmes: BTreeMap::new(),
    })
}

fn named_institution(institution: &Institution) -> Named {
    Named {
        dataset: None,
        key: institution.slug.to_string(),
        title: institution.names.clone(),
        kind: NamedKind::Institution,
        version: None,
    }
}

/// An agreement as evidence: its title alone.
pub fn named_agreement(id: Uuid, agreement: &Agreement) -> Named {
    Named { dataset: None, key: id.to_string(), title: agreement.title.clone(), kind: NamedKind::Agreement, version: None }
}

/// Regions of a country that are in force on a day, in the order of the list of places.
pub fn regions(catalogue: &Catalogue, country: &str, day: i64) -> Vec<String> {
    let places = catalogue.concepts.scheme(ConceptScheme::Places);
    let is_region = |place: &&crate::domain::concept::Concept| {
        place.level == Some(GeographicLevel::Region)
            && place.valid_from.is_none_or(|from| from.first_day() <= day)
            && place.valid_to.is_none_or(|to| to.first_day() > day)
            && places.is_within(&place.code, country)
    };
    places.concepts.iter().filter(is_region).map(|place| place.code.clone()).collect()
}

/// Agreements that anyone may know of and that were signed by a moment.
///
/// # Errors
/// The database is unavailable.
pub fn public_agreements(catalogue: &Catalogue, moment: &Moment) -> Result<Vec<(Uuid, Agreement)>, Error> {
    let Some(place) = &moment.place else { return Ok(Vec::new()) };
    let all = agreements::visible(catalogue, &Actor::Visitor)?;
    let signed = all.into_iter().filter(|seen| seen.record.signed_at.is_some_and(|at| at <= place.at));
    Ok(signed.map(|seen| (seen.record.id, seen.record.agreement.clone())).collect())
}

/// Datasets that agreements on official statistics cover.
fn agreed<'a>(catalogue: &Catalogue, agreements: impl Iterator<Item = &'a Agreement>) -> Result<BTreeSet<Uuid>, Error> {
    let (mut found, mut holdings, mut holders) = (BTreeSet::new(), Vec::new(), Vec::new());
    for covered in agreements.filter(|agreement| agreement.purposes.contains(&AgreementPurpose::OfficialStatistics)).flat_map(|a| &a.covers)
    {
        match covered {
            Covered::Dataset(id) => {
                found.insert(*id);
            }
            Covered::Holding(id) => holdings.push(id.to_string()),
            Covered::HoldingsOf(slug) => holders.push(slug.to_string()),
        }
    }
    let ids = catalogue.db.read(|conn| {
        let mut ids: Vec<String> = datasets::holdings_by_ids(conn, &holdings)?.into_iter().map(|row| row.dataset_id).collect();
        for row in institutions::by_slugs(conn, &holders)? {
            ids.extend(datasets::ids_of_institution(conn, &row.id, &row.slug)?);
        }
        Ok(ids)
    })?;
    for id in ids {
        found.insert(read_id(&id)?);
    }
    Ok(found)
}

/// Median of the days to a decision, over years that were over by the day and the present one.
fn request_days(catalogue: &Catalogue, known: &[Institution], country: Option<&str>, until: i64, today: i64) -> Result<Option<f64>, Error> {
    let of_country = known.iter().filter(|institution| country.is_none_or(|country| institution.country.as_deref() == Some(country)));
    let holders: Vec<String> = of_country.map(|institution| institution.slug.to_string()).collect();
    let Some(last) = crate::domain::time::year_of(until) else { return Ok(None) };
    let mut periods = Vec::new();
    for year in last - YEARS + 1..=last {
        let period = statistics::period(Some(&format!("{year}-01-01")), Some(&format!("{year}-12-31")), Day(today))?;
        if period.1.0 <= until || until >= today {
            periods.push(period);
        }
    }
    statistics::median_days(catalogue, &holders, &periods)
}

/// What came to the evidence of an indicator since the review before, and what is there no longer.
#[derive(Clone, Debug, Default)]
pub struct Movement {
    /// What came.
    pub entered: Vec<Arc<Named>>,
    /// What went.
    pub left: Vec<Arc<Named>>,
}

/// What changed in the evidence of an indicator.
pub fn movement(now: &Outcome, before: &Outcome) -> Movement {
    let keys = |outcome: &Outcome| outcome.evidence.iter().map(|named| (named.kind, named.key.clone())).collect::<BTreeSet<_>>();
    let (are, were) = (keys(now), keys(before));
    let outside = |outcome: &Outcome, keys: &BTreeSet<(NamedKind, String)>| {
        outcome.evidence.iter().filter(|named| !keys.contains(&(named.kind, named.key.clone()))).cloned().collect()
    };
    Movement { entered: outside(now, &were), left: outside(before, &are) }
}

/// Name of a code of a point of a checklist, in a language.
pub fn point_label(catalogue: &Catalogue, set: &IndicatorSet, code: &str, language: &str) -> String {
    let of_lists = [ConceptScheme::Places, ConceptScheme::Themes, ConceptScheme::Disaggregations];
    let found = of_lists.into_iter().find_map(|scheme| catalogue.concepts.get(scheme, code));
    match (set.points.get(code), found) {
        (Some(words), _) => words.say(language).to_owned(),
        (None, Some(concept)) => concept.label(Some(language)).to_owned(),
        (None, None) => {
            let verdict = ComparabilityVerdict::parse(code).map(|verdict| verdict.label(language));
            let level = || GeographicLevel::parse(code).map(|level| level.label(language));
            verdict.or_else(level).unwrap_or(code).to_owned()
        }
    }
}
