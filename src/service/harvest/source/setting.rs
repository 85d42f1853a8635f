//! What somebody sets of a source, and what of it is refused.

use serde_json::{Map, Value, json};

use crate::domain::draft::DatasetDraft;
use crate::domain::policy::{Action, State, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::record::read_part;
use crate::domain::text::{LanguageTag, check_characters};
use crate::domain::vocabulary::{ImportFormat, RefusalCode, Vocabulary};

use super::super::super::drafts::Acting;
use super::super::super::{Catalogue, Error};
use super::super::client::check_address;
use super::super::pages::is_registry;
use super::{HarvestSource, Progress, may_manage_all};

/// Longest name of a source, in characters.
const LONGEST_NAME: usize = 200;
/// Longest pause between harvests, in hours: a year.
const LONGEST_PAUSE: i64 = 8_784;

/// What somebody sets of a source. What is not given stays as it is; of a new source, as usual.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// Name for people.
    pub name: Option<String>,
    /// What it gives.
    pub kind: Option<ImportFormat>,
    /// Address.
    pub url: Option<String>,
    /// Language of texts that say none; empty text for none.
    pub language: Option<String>,
    /// Hours between harvests.
    pub every_hours: Option<i64>,
    /// What a draft gets where a record does not say it.
    pub defaults: Option<Map<String, Value>>,
    /// Whether complete records are published at once.
    pub publishes: Option<bool>,
    /// Set of an OAI-PMH provider; empty text for none.
    pub set: Option<String>,
    /// Metadata prefix of an OAI-PMH provider; empty text for none.
    pub prefix: Option<String>,
    /// Whether it is harvested when it is due.
    pub is_active: Option<bool>,
}

/// Puts what somebody sets in its place, and checks all of it.
///
/// # Errors
/// Forbidden, or something of it is wrong: every problem.
pub(super) fn apply(
    catalogue: &Catalogue,
    allowed_hosts: &[String],
    acting: Acting<'_>,
    mut source: HarvestSource,
    setting: Setting,
) -> Result<HarvestSource, Error> {
    let mut problems = Vec::new();
    let institution = source.institution()?;
    let before = source.clone();
    if let Some(kind) = setting.kind {
        source.row.kind = kind.code().to_owned();
    }
    if let Some(url) = setting.url {
        match check_address(url.trim(), allowed_hosts) {
            Ok(checked) => source.row.url = checked.to_string(),
            Err(remedy) => problems.push(Problem::new("url", url, remedy)),
        }
    }
    if let Some(name) = setting.name {
        source.doc.name = name.trim().to_owned();
    }
    if let Some(language) = setting.language {
        match (language.trim(), LanguageTag::parse(language.trim())) {
            ("", _) => source.doc.language = None,
            (_, Ok(tag)) => source.doc.language = Some(tag),
            (_, Err(remedy)) => problems.push(Problem::new("language", language, remedy)),
        }
    }
    if let Some(hours) = setting.every_hours {
        source.doc.every_hours = hours;
    }
    if let Some(defaults) = setting.defaults {
        source.doc.defaults = defaults;
    }
    let wanted = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    if let Some(set) = setting.set {
        source.doc.set = wanted(set);
    }
    if let Some(prefix) = setting.prefix {
        source.doc.prefix = wanted(prefix);
    }
    if let Some(publishes) = setting.publishes {
        source.doc.publishes = publishes;
    }
    if let Some(is_active) = setting.is_active {
        source.row.is_active = i64::from(is_active);
    }
    // To publish is the owner's affair, and not of whoever describes: neither that it is done, nor what is published.
    let is_same = source.is_at(&before) && (&source.doc.defaults, &source.doc.language) == (&before.doc.defaults, &before.doc.language);
    if source.doc.publishes && !(before.doc.publishes && is_same) {
        let subject = Subject { state: Some(State::Validated), institution: Some(&institution), ..Subject::default() };
        check(acting.actor, Action::Publish, &subject).map_err(|code| Error::Forbidden { code, action: Action::Publish })?;
    }
    check_setting(catalogue, &source, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    if source.kind() == ImportFormat::Rihla && is_registry(&source.row.url) && !may_manage_all(acting) {
        // Its records are published here as they are there: whom to believe is the coordinator's affair.
        return Err(Error::Forbidden { code: RefusalCode::RoleRequired, action: Action::SourceManage });
    }
    let is_new = source.row.revision == 0;
    if !source.is_at(&before) {
        // Elsewhere nothing is known yet of what has changed.
        source.progress = Progress::default();
    }
    if is_new || source.doc.every_hours != before.doc.every_hours {
        source.row.next_run_at = (source.doc.every_hours > 0).then_some(acting.now);
    }
    source.row.revision += 1;
    source.row.updated_at = acting.now;
    source.row.doc = serde_json::to_string(&source.doc)?;
    source.row.progress = serde_json::to_string(&source.progress)?;
    Ok(source)
}

/// Adds what is wrong with a source as it would be.
fn check_setting(catalogue: &Catalogue, source: &HarvestSource, problems: &mut Vec<Problem>) {
    let doc = &source.doc;
    if source.row.kind.is_empty() {
        problems.push(Problem::new("kind", "", "say what the source gives, such as OAI_PMH, CKAN or DCAT"));
    }
    if source.row.url.is_empty() && !problems.iter().any(|problem| problem.field == "url") {
        problems.push(Problem::new("url", "", "give the address of the source"));
    }
    if doc.name.is_empty() || doc.name.chars().count() > LONGEST_NAME {
        problems.push(Problem::new("name", &doc.name, format!("give the source a name of at most {LONGEST_NAME} characters")));
    }
    for (field, text) in [("name", Some(&doc.name)), ("set", doc.set.as_ref()), ("prefix", doc.prefix.as_ref())] {
        if let Some(Err(remedy)) = text.map(|text| check_characters(text)) {
            problems.push(Problem::new(field, "", remedy));
        }
    }
    if !(0..=LONGEST_PAUSE).contains(&doc.every_hours) {
        let remedy = format!("give the hours between harvests, from 1 to {LONGEST_PAUSE}; 0 for only when somebody asks");
        problems.push(Problem::new("everyHours", doc.every_hours, remedy));
    }
    let at = |problem: Problem| Problem { field: format!("defaults.{}", problem.field), ..problem };
    for fixed in ["slug", "identifier", "status", "producer", "titles"] {
        if doc.defaults.contains_key(fixed) {
            problems.push(Problem::new(format!("defaults.{fixed}"), "", "is of each record, and cannot be the same for all; leave it out"));
        }
    }
    // A part of a record may be there without the rest of it.
    let mut whole = doc.defaults.clone();
    if let Some(Value::Object(methodology)) = whole.get_mut("methodology") {
        methodology.entry("sourceType").or_insert_with(|| json!("HOUSEHOLD_SURVEY_SPECIALISED"));
    }
    match read_part::<DatasetDraft>(Value::Object(whole)) {
        Ok(draft) => {
            let named = |problem: &Problem| doc.defaults.keys().any(|key| problem.field.starts_with(key.as_str()));
            let found = draft.validate(&catalogue.concepts).err().unwrap_or_default();
            problems.extend(found.into_iter().filter(|problem| !problem.value.is_empty() && named(problem)).map(at));
        }
        Err(found) => problems.extend(found.into_iter().map(at)),
    }
}
