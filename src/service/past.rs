//! The public catalogue as it stood on a day: which versions were in force, and nothing of what has been hidden since.

use crate::domain::calendar::is_plan;
use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::indicators::{Begun, Concerns, Source, begun_by, concerns};
use crate::domain::institution::Institution;
use crate::domain::policy::{Actor, Audience, Readable, readable};
use crate::domain::problem::Problem;
use crate::domain::time::PartialDate;
use crate::domain::view::{keep_what_is_said, view};
use crate::domain::vocabulary::{ConceptScheme, GeographicLevel, PublicationStatus, RefusalCode, Visibility};
use crate::store::changes::KnownTo;
use crate::store::past::{self, Then};
use crate::store::{copies::StampRow, datasets};

pub use crate::store::past::Place;

use super::catalogue::read_id;
use super::ties::Ties;
use super::{Catalogue, Error};

const DAY_MS: i64 = 86_400_000;
/// Records that are read at a time.
const PAGE: i64 = 500;

/// How a look back is asked for.
const LATEST: &str = "latest";

/// Whose knowledge a state is made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edition {
    /// What the catalogue knew at the end of the day that is asked for.
    #[default]
    OfTheDay,
    /// What it knows now: a look back.
    Latest,
    /// What it knew at the end of another day, counted from 1970-01-01.
    Day(i64),
    /// What it knew after a change of the log.
    Change(i64),
}

impl Edition {
    /// Reads `latest`, a day or `change:` with a number.
    ///
    /// # Errors
    /// It is none of these.
    pub fn read(text: &str) -> Result<Self, Error> {
        if text == LATEST {
            return Ok(Self::Latest);
        }
        if let Some(seq) = text.strip_prefix("change:").and_then(|number| number.parse().ok()).filter(|seq| *seq > 0) {
            return Ok(Self::Change(seq));
        }
        day("edition", text).map(Self::Day).map_err(|_| {
            let remedy = "is no edition; use `latest`, a day such as 2022-05-17, or `change:` with the number of a change of the log";
            Error::Invalid(vec![Problem::new("edition", text, remedy)])
        })
    }
}

/// Reads a day, counted from 1970-01-01.
///
/// # Errors
/// It is no whole day.
pub fn day(field: &str, text: &str) -> Result<i64, Error> {
    let date = PartialDate::parse(text).ok().filter(|date| date.day.is_some() && date.qualifier.is_none());
    let wrong = || Error::Invalid(vec![Problem::new(field, text, "is not a day; use YYYY-MM-DD, such as 2022-05-17")]);
    date.map(|date| date.first_day()).ok_or_else(wrong)
}

/// Checks the code of a country.
///
/// # Errors
/// There is no such country in the list of places.
pub fn check_country(country: &str, concepts: &Concepts) -> Result<(), Error> {
    let place = concepts.get(ConceptScheme::Places, country);
    match place.is_some_and(|place| place.level == Some(GeographicLevel::Country)) {
        true => Ok(()),
        false => Err(Error::Invalid(vec![Problem::new("country", country, "is no country of the list of places; use a code such as MA")])),
    }
}

/// A point in the life of the catalogue, and the day up to which sources count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Sources count that had begun by this day, counted from 1970-01-01.
    pub until: i64,
    /// The last change that is known; none where the log begins later.
    pub place: Option<Place>,
    /// When the log begins, milliseconds from 1970-01-01 UTC; none for an empty catalogue.
    pub begins_at: Option<i64>,
    /// Whether it is known today what is shown: a look back.
    pub is_look_back: bool,
    /// The last instant (milliseconds from 1970-01-01 UTC) of the edition for what stands in no public part of the log, such as drafts.
    pub told_until: i64,
}

impl Moment {
    /// The last instant (milliseconds from 1970-01-01 UTC) of the edition: of what is known. In a look back it is later than the day.
    pub fn known_at(&self) -> i64 {
        self.place.as_ref().map_or(i64::MIN, |place| place.at)
    }

    /// The last instant (milliseconds from 1970-01-01 UTC) of which something is known: of the day, and of the log.
    pub fn last_instant(&self) -> i64 {
        self.place.as_ref().map_or(i64::MIN, |place| self.end_of_day().min(place.at))
    }

    /// The last instant of the day.
    pub fn end_of_day(&self) -> i64 {
        self.until.saturating_add(1).saturating_mul(DAY_MS).saturating_sub(1)
    }
}

/// Finds the point that is meant.
///
/// # Errors
/// The database is unavailable.
pub fn moment(catalogue: &Catalogue, until: i64, edition: Edition, today: i64) -> Result<Moment, Error> {
    let end_of = |day: i64| Some(day.saturating_add(1).saturating_mul(DAY_MS));
    let (before, up_to) = match edition {
        Edition::OfTheDay => (end_of(until), None),
        Edition::Day(day) => (end_of(day), None),
        Edition::Latest => (None, None),
        Edition::Change(seq) => (None, Some(seq)),
    };
    let (place, begins_at) = catalogue.db.read(|conn| Ok((past::last_known(conn, before, up_to)?, past::begins_at(conn)?)))?;
    let known_on = match edition {
        Edition::OfTheDay => until,
        Edition::Day(day) => day,
        Edition::Latest => today,
        Edition::Change(_) => place.as_ref().map_or(until, |place| place.at.div_euclid(DAY_MS)),
    };
    let told_until = match edition {
        Edition::Change(_) => place.as_ref().map_or(i64::MIN, |place| place.at),
        _ => end_of(known_on).map_or(i64::MAX, |end| end - 1),
    };
    Ok(Moment { until, place, begins_at, is_look_back: known_on > until, told_until })
}

/// Whose knowledge a report is made from: that which is asked for; where none is, that of its day, or a look back where the log begins only
/// later, since of such a day the catalogue knows nothing. With the text by which the same can be asked for again, empty for that of the day.
///
/// # Errors
/// What is asked for is no edition; or the database is unavailable.
pub fn edition<'a>(catalogue: &Catalogue, asked: Option<&'a str>, until: i64, today: i64) -> Result<(Edition, &'a str), Error> {
    if let Some(text) = asked {
        return Ok((Edition::read(text)?, text));
    }
    let of_the_day = moment(catalogue, until, Edition::OfTheDay, today)?;
    let is_before = of_the_day.place.is_none() && of_the_day.begins_at.is_some();
    Ok(if is_before { (Edition::Latest, LATEST) } else { (Edition::OfTheDay, "") })
}

/// What a walk left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Records that name only a wider place, which may be on the country.
    pub wider: u64,
    /// Records of sources that began later.
    pub later: u64,
    /// Records that were retired since, of which only title and producer are shown.
    pub retired_since: u64,
}

/// How a record of a moment enters what is made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entering {
    /// It counts.
    Counted,
    /// It names only a wider place, and is left out.
    Wider,
    /// It stood then and was retired since: only its title and producer are shown, so that it is in no figure.
    RetiredSince,
}

/// Walks over the public records of a moment, in the order of their creation, some at a time: those of a country, where one is given.
/// Planned collections are handed over as not begun; other sources that had not begun are left out. To the relations of each come those that
/// others declare.
///
/// # Errors
/// The database is unavailable, or what is done with a record failed.
pub fn each(
    catalogue: &Catalogue,
    moment: &Moment,
    ties: &Ties,
    country: Option<&str>,
    take: &mut dyn FnMut(Source, Entering) -> Result<(), Error>,
) -> Result<LeftOut, Error> {
    let mut left_out = LeftOut::default();
    let Some(place) = &moment.place else { return Ok(left_out) };
    // The console too makes what everyone may read.
    let Some(open) = readable(&Actor::Visitor) else { return Ok(left_out) };
    let mut number = 0;
    loop {
        let (page, last) = read_page(catalogue, &open, number, place, moment.until)?;
        for (mut source, stood) in page {
            ties.complete(&mut source.dataset);
            // Of what was retired since it is asked of what anyone read then, and none of that is handed over.
            let dataset = stood.as_ref().unwrap_or(&source.dataset);
            let is_later = source.begun == Begun::No && !is_plan(dataset);
            match country.map_or(Concerns::Named, |country| concerns(dataset, country, &catalogue.concepts)) {
                Concerns::No => {}
                Concerns::Wider => {
                    left_out.wider += 1;
                    take(source, Entering::Wider)?;
                }
                Concerns::Named if is_later => left_out.later += 1,
                Concerns::Named if stood.is_some() => {
                    left_out.retired_since += 1;
                    take(source, Entering::RetiredSince)?;
                }
                Concerns::Named => take(source, Entering::Counted)?,
            }
        }
        match last {
            Some(last) => number = last,
            None => return Ok(left_out),
        }
    }
}

/// Records, each with what anyone read of it then where it was retired since.
type Page = (Vec<(Source, Option<Dataset>)>, Option<i64>);

fn read_page(catalogue: &Catalogue, open: &Readable, number: i64, place: &Place, until: i64) -> Result<Page, Error> {
    let (rows, last, stamps) = catalogue.db.read(|conn| {
        let (rows, last) = past::page(conn, open, number, PAGE, place.seq)?;
        let ids: Vec<String> = rows.iter().map(|row| row.now.id.clone()).collect();
        let stamps = past::stamps_at(conn, &ids, place)?;
        Ok((rows, last, stamps))
    })?;
    let mut sources = Vec::with_capacity(rows.len());
    for row in &rows {
        let Some((dataset, stood)) = seen(row)? else { continue };
        // Of stubs and tombstones no confirmation is shown.
        let stamp = |kind: &str| {
            let of = |stamp: &&StampRow| stamp.dataset_id == row.now.id && stamp.kind == kind && stamp.version == row.version.version;
            stamps.iter().find(of).filter(|_| !is_stub(&dataset)).map(|stamp| stamp.at)
        };
        let source = Source {
            id: read_id(&row.now.id)?,
            version: row.version.version,
            published_at: row.version.at,
            validated_at: stamp("VALIDATION"),
            reviewed_at: stamp("REVIEW"),
            begun: begun_by(stood.as_ref().unwrap_or(&dataset), until),
            dataset,
        };
        sources.push((source, stood));
    }
    // The name of a record that is hidden today would tell that it exists.
    let mut named: Vec<String> =
        sources.iter().flat_map(|(source, _)| &source.dataset.relations).map(|relation| relation.dataset.to_string()).collect();
    named.sort_unstable();
    named.dedup();
    if !named.is_empty() {
        named = catalogue.db.read(|conn| datasets::readable_slugs(conn, &named, Some(open)))?;
    }
    for (source, _) in &mut sources {
        source.dataset.relations.retain(|relation| named.iter().any(|slug| slug == relation.dataset.as_str()));
    }
    Ok((sources, last))
}

fn is_stub(dataset: &Dataset) -> bool {
    dataset.hidden.iter().any(|(_, reason)| *reason != RefusalCode::MaskedByProducer)
}

/// A record of the past as anyone may see it: as it was shown then, without what has been hidden since. Of what was retired since, the second
/// value is what stood then.
pub(super) fn seen(row: &Then) -> Result<Option<(Dataset, Option<Dataset>)>, Error> {
    if row.version.is_public != KnownTo::Public.number() {
        return Ok(None);
    }
    let mut then: Dataset = serde_json::from_str(&row.version.doc)?;
    if then.status != PublicationStatus::Published {
        return Ok(None);
    }
    let mut stood = None;
    if row.version.version != row.now.version {
        let now: Dataset = serde_json::from_str(&row.now.doc)?;
        if now.visibility == Visibility::Stub {
            then.visibility = Visibility::Stub;
        }
        // Of a copy is known what is shared with this registry today.
        if now.copied_from.is_some() {
            let mut shared = serde_json::to_value(&then)?;
            keep_what_is_said(&mut shared, &serde_json::to_value(&now)?);
            then = serde_json::from_value(shared)?;
        }
        let news = now.masks.into_iter().filter(|mask| then.masks.iter().all(|known| known.field != mask.field)).collect::<Vec<_>>();
        then.masks.extend(news);
        if now.status == PublicationStatus::Retired {
            stood = view(&then, Audience::Public, false);
            then.status = PublicationStatus::Retired;
        }
    }
    Ok(view(&then, Audience::Public, false).map(|seen| (seen, stood)))
}

/// Institutions as they were described at a moment, by short name.
///
/// # Errors
/// The database is unavailable.
pub fn institutions(catalogue: &Catalogue, moment: &Moment) -> Result<Vec<Institution>, Error> {
    let Some(place) = &moment.place else { return Ok(Vec::new()) };
    let mut found: Vec<Institution> = Vec::new();
    let mut number = 0;
    loop {
        let (page, last) = catalogue.db.read(|conn| past::institutions(conn, number, PAGE, place.seq))?;
        for doc in &page {
            found.push(serde_json::from_str(doc)?);
        }
        match last {
            Some(last) => number = last,
            None => break,
        }
    }
    found.sort_by(|one, other| one.slug.cmp(&other.slug));
    Ok(found)
}
