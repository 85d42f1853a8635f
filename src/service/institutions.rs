//! Finding institutions and reading them.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::domain::concept::Sought;
use crate::domain::draft::validate_institution;
use crate::domain::ids::{InstitutionId, Slug};
use crate::domain::institution::Institution;
use crate::domain::policy::{Action, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::record::read_part;
use crate::domain::vocabulary::{ConceptScheme, InstitutionKind, Vocabulary};
use crate::search::analysis::folded_words;
use crate::search::query::MAX_SEARCH;
use crate::store::any_of::in_parts;
use crate::store::institutions::{self as table, InstitutionQuery};

use super::catalogue::read_institution;
use super::drafts::Acting;
use super::register::{Entry, put_institution};
use super::{Catalogue, Error, InstitutionRecord};

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct InstitutionFilter {
    /// Words that names, acronyms or former names must contain.
    pub search: Option<String>,
    /// Kinds; empty for all.
    pub kinds: Vec<InstitutionKind>,
    /// Countries, codes of PLACES; empty for all.
    pub countries: Vec<String>,
}

/// Institutions by slug, in order, with their number.
pub struct InstitutionPage {
    /// The institutions.
    pub institutions: Vec<InstitutionRecord>,
    /// How many answer the filter.
    pub total: i64,
}

/// All institutions that answer a filter, by slug. Institutions are few; pages are cut from the whole list.
///
/// # Errors
/// The filter is wrong, or the database is unavailable.
pub fn list(catalogue: &Catalogue, filter: &InstitutionFilter, after: &str, limit: i64) -> Result<InstitutionPage, Error> {
    let mut problems = Vec::new();
    for country in &filter.countries {
        if let Err(remedy) = catalogue.concepts.require(ConceptScheme::Places, country) {
            problems.push(Problem::new("where.countries", country, remedy));
        }
    }
    if let Some(search) = filter.search.as_ref().filter(|search| search.chars().count() > MAX_SEARCH) {
        problems.push(Problem::new(
            "search",
            search.chars().count(),
            format!("is longer than {MAX_SEARCH} characters; ask with fewer words"),
        ));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let search = filter.search.as_deref().filter(|search| !search.trim().is_empty());
    if search.is_some_and(|search| folded_words(search).is_empty()) {
        // Signs without a word find nothing rather than everything, as among datasets.
        return Ok(InstitutionPage { institutions: Vec::new(), total: 0 });
    }
    let query =
        InstitutionQuery { kinds: filter.kinds.iter().map(|kind| kind.code().to_owned()).collect(), countries: filter.countries.clone() };
    if let Some(search) = search {
        return named(catalogue, search, &query, after, limit);
    }
    let (rows, total) = catalogue.db.read(|conn| Ok((table::list(conn, &query, after, limit)?, table::count_matching(conn, &query)?)))?;
    let institutions = rows.iter().map(read_institution).collect::<Result<Vec<_>, _>>()?;
    Ok(InstitutionPage { institutions, total })
}

/// The institutions that a search names, by slug.
fn named(catalogue: &Catalogue, search: &str, query: &InstitutionQuery, after: &str, limit: i64) -> Result<InstitutionPage, Error> {
    let readings = readings(catalogue, search);
    let (rows, total) = catalogue.db.read(|conn| {
        let names = table::names(conn, query)?;
        let found_by = |sought: &Vec<Sought>| -> Vec<String> {
            let is_named = |text: &str| sought.iter().any(|one| one.is_in_text(text));
            names.iter().filter(|(_, text)| is_named(text)).map(|(slug, _)| slug.clone()).collect()
        };
        let mut found = readings.iter().map(found_by).find(|found| !found.is_empty()).unwrap_or_default();
        // Databases differ in the order of words.
        found.sort_unstable();
        let page = found.iter().filter(|slug| slug.as_str() > after).take(usize::try_from(limit).unwrap_or(usize::MAX));
        let page: Vec<String> = page.cloned().collect();
        let mut rows = in_parts(&page, |part| table::by_slugs(conn, part))?;
        rows.sort_by(|a, b| a.slug.cmp(&b.slug));
        Ok((rows, found.len()))
    })?;
    let institutions = rows.iter().map(read_institution).collect::<Result<Vec<_>, _>>()?;
    Ok(InstitutionPage { institutions, total: i64::try_from(total).unwrap_or(i64::MAX) })
}

/// What a search may mean, in the order in which it is tried until something is found: its words, where the last one is an acronym in capitals as whole
/// ones; with the last one as a beginning; and without the particles that Arabic writes together with it. Each time with the names that mean the same,
/// such as the acronym in another language.
fn readings(catalogue: &Catalogue, search: &str) -> Vec<Vec<Sought>> {
    let (whole, typed) = (Sought::whole(search), Sought::new(search));
    let akin: Vec<&String> =
        catalogue.concepts.synonyms.groups.iter().filter(|group| group.iter().any(|one| whole.is(one))).flatten().collect();
    let with_akin = |typed: Sought| akin.iter().map(|expression| Sought::whole(expression)).chain([typed]).collect();
    let others = typed.other_readings();
    let in_capitals = is_acronym(search).then_some(whole);
    in_capitals.into_iter().chain([typed]).chain(others).map(with_akin).collect()
}

/// Longest acronym, in letters.
const LONGEST_ACRONYM: usize = 8;

/// Whether the last word of a search is written in capitals, as acronyms are.
fn is_acronym(search: &str) -> bool {
    let last = search.split_whitespace().last().unwrap_or_default();
    let letters = || last.chars().filter(|c| c.is_alphabetic());
    letters().all(char::is_uppercase) && (2..=LONGEST_ACRONYM).contains(&letters().count())
}

/// The institution with this slug.
///
/// # Errors
/// The database is unavailable.
pub fn by_slug(catalogue: &Catalogue, slug: &str) -> Result<Option<Arc<InstitutionRecord>>, Error> {
    Ok(catalogue.institutions_by_slug(&[slug.to_owned()])?.remove(slug))
}

/// Institutions with these identifiers, in one statement.
///
/// # Errors
/// The database is unavailable.
pub fn by_ids(catalogue: &Catalogue, ids: &[InstitutionId]) -> Result<HashMap<InstitutionId, Arc<InstitutionRecord>>, Error> {
    let wanted: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows = catalogue.db.read(|conn| table::by_ids(conn, &wanted))?;
    rows.iter().map(|row| read_institution(row).map(|record| (record.id, Arc::new(record)))).collect()
}

/// Number of institutions.
///
/// # Errors
/// The database is unavailable.
pub fn count(catalogue: &Catalogue) -> Result<i64, Error> {
    Ok(catalogue.db.read(table::count)?)
}

/// Changes an institution's own description.
///
/// # Errors
/// Not found, forbidden, invalid, or written by another since.
pub fn update(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    slug: &Slug,
    expected: i64,
    patch: Map<String, Value>,
) -> Result<Arc<InstitutionRecord>, Error> {
    let action = Action::InstitutionUpdate;
    let absent = || Error::NotFound(format!("institution `{slug}`"));
    let id = catalogue.db.write(|conn, ledger| {
        let row = table::by_slugs(conn, &[slug.to_string()])?.pop().ok_or_else(absent)?;
        check(acting.actor, action, &Subject { institution: Some(slug), ..Subject::default() })
            .map_err(|code| Error::forbidden_in(code, action, slug))?;
        if row.revision != expected {
            return Err(super::drafts::clash(conn, "INSTITUTION", &row.id, expected, row.revision)?);
        }
        let mut doc: Map<String, Value> = serde_json::from_str(&row.doc)?;
        for (key, value) in patch {
            if value.is_null() {
                doc.shift_remove(&key)
            } else {
                doc.insert(key, value)
            };
        }
        let institution: Institution = read_part(Value::Object(doc)).map_err(Error::Invalid)?;
        let mut problems = validate_institution(&institution, &catalogue.concepts);
        problems.extend(mailbox_problem(&institution));
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let actor = acting.actor.log_name();
        put_institution(conn, ledger, institution, Some(&row), Entry { now: acting.now, actor: &actor, note: "" })?;
        super::catalogue::read_id(&row.id)
    })?;
    catalogue.forget(&[id], true);
    catalogue.institutions_by_slug(&[slug.to_string()])?.remove(slug.as_str()).ok_or_else(absent)
}

/// What is wrong with the mailbox of a desk: mails go to it, so it is one plain address.
pub fn mailbox_problem(institution: &Institution) -> Option<Problem> {
    let mailbox = institution.desk.as_ref()?.mailbox.as_deref()?;
    super::mail::address(mailbox).err().map(|remedy| Problem::new("desk.mailbox", "", remedy))
}

/// Name of an institution in a language.
///
/// # Errors
/// The database is unavailable.
pub fn name(catalogue: &Catalogue, slug: &Slug, language: &str) -> Result<String, Error> {
    let record = catalogue.institutions_by_slug(&[slug.to_string()])?.remove(slug.as_str());
    Ok(record.and_then(|r| r.institution.names.words(Some(language), None).map(str::to_owned)).unwrap_or_else(|| slug.to_string()))
}
