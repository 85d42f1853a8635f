//! A record as one reader sees it: whole, without its masked fields, as a stub, or not at all.

use serde_json::Value;

use super::coverage::Coverage;
use super::dataset::Dataset;
use super::holding::{AccessTerms, Holding};
use super::methodology::Methodology;
use super::policy::{Audience, Sight, sight};
use super::text::MultilingualText;
use super::vocabulary::{AccessLevel, MaskableField, RefusalCode, RequestChannel, StatementBasis, Visibility, Vocabulary};

/// Whether every reader who sees the record sees all of it.
pub fn is_plain(dataset: &Dataset) -> bool {
    use super::vocabulary::PublicationStatus;
    dataset.masks.is_empty() && dataset.visibility != Visibility::Stub && dataset.status == PublicationStatus::Published
}

/// The record as an audience sees it; none where it looks absent.
pub fn view(dataset: &Dataset, audience: Audience, is_own: bool) -> Option<Dataset> {
    match sight(audience, is_own, dataset.status, dataset.visibility) {
        Sight::Nothing => None,
        Sight::Stub(reason) => Some(stub(dataset, reason)),
        Sight::Record => {
            let mut shown = dataset.clone();
            for mask in dataset.masks.iter().filter(|mask| audience < Audience::needed(mask.visible_to)) {
                hide(&mut shown, mask.field, RefusalCode::MaskedByProducer);
            }
            shown.masks.clear();
            Some(shown)
        }
    }
}

/// A record as its reader sees it, in the record format, without the parts that every record has and this copy hides.
///
/// # Errors
/// The record cannot be written as JSON.
pub fn shown_json(shown: &Dataset) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(shown)?;
    if shown.hides(MaskableField::Methodology)
        && let Some(methodology) = value.get_mut("methodology").and_then(Value::as_object_mut)
    {
        methodology.shift_remove("sourceType");
    }
    let is_stub = shown.hidden.iter().any(|(_, reason)| *reason != RefusalCode::MaskedByProducer);
    if is_stub && let Value::Object(object) = &mut value {
        object.shift_remove("riskClass");
    }
    Ok(value)
}

/// Takes out of an older version what the present one says nothing of: members of objects, and of the objects in a list those that none of
/// the present ones has.
pub fn keep_what_is_said(older: &mut Value, present: &Value) {
    match (&mut *older, present) {
        (Value::Object(old), Value::Object(new)) => {
            old.retain(|key, _| new.get(key).is_some_and(|value| !value.is_null()));
            for (key, value) in old.iter_mut() {
                new.get(key).into_iter().for_each(|present| keep_what_is_said(value, present));
            }
        }
        (Value::Array(old), Value::Array(new)) if new.is_empty() => old.clear(),
        (Value::Array(old), Value::Array(new)) => {
            let mut all = serde_json::Map::new();
            for (key, value) in new.iter().filter_map(Value::as_object).flatten().filter(|(_, value)| !value.is_null()) {
                // What is said by one of them may be said by each.
                match (all.get_mut(key), value) {
                    (Some(Value::Array(list)), Value::Array(more)) => list.extend(more.iter().cloned()),
                    (Some(Value::Object(members)), Value::Object(more)) => members.extend(more.clone()),
                    (Some(_), _) => {}
                    (None, value) => {
                        all.insert(key.clone(), value.clone());
                    }
                }
            }
            let all = Value::Object(all);
            old.iter_mut().filter(|value| value.is_object()).for_each(|value| keep_what_is_said(value, &all));
        }
        _ => {}
    }
}

/// Identity, title, producer and holders.
fn stub(dataset: &Dataset, reason: RefusalCode) -> Dataset {
    let mut shown = dataset.clone();
    for field in MaskableField::ALL {
        hide(&mut shown, *field, reason);
    }
    shown.collection_status = None;
    shown.certainty_note = MultilingualText::default();
    shown.languages.clear();
    shown.classifications.clear();
    shown.review_due_on = None;
    shown.masks.clear();
    for holding in &mut shown.holdings {
        holding.access_terms = unknown_terms();
    }
    shown
}

fn unknown_terms() -> AccessTerms {
    AccessTerms {
        aggregates: AccessLevel::Unknown,
        aggregates_basis: StatementBasis::Assumed,
        microdata: AccessLevel::Unknown,
        microdata_basis: StatementBasis::Assumed,
        licence: None,
        conditions: MultilingualText::default(),
        legal_basis: None,
        data_protection_reference: None,
        decided_by: MultilingualText::default(),
        channel: RequestChannel::Desk,
        channel_url: None,
        fee: MultilingualText::default(),
        expected_days: None,
        embargo_until: None,
        disclosure_control: MultilingualText::default(),
    }
}

fn hide_conditions(holding: &mut Holding) {
    let terms = &mut holding.access_terms;
    terms.conditions = MultilingualText::default();
    terms.legal_basis = None;
    terms.data_protection_reference = None;
    terms.decided_by = MultilingualText::default();
    terms.disclosure_control = MultilingualText::default();
    terms.fee = MultilingualText::default();
}

fn hide_sampling(methodology: &mut Methodology) {
    methodology.sampling_designs.clear();
    methodology.sampling_text = MultilingualText::default();
    methodology.sampling_frame = MultilingualText::default();
    methodology.sample_size = None;
    methodology.sample_unit = None;
    methodology.weights = MultilingualText::default();
    methodology.response = MultilingualText::default();
}

/// All of the methodology but the type of source, which every record has: index and contract leave that out by `hides`.
fn hide_methodology(methodology: &mut Methodology) {
    hide_sampling(methodology);
    methodology.collection_modes.clear();
    methodology.universe = MultilingualText::default();
    methodology.statistical_units.clear();
    methodology.statistical_unit_text = MultilingualText::default();
    methodology.definitions.clear();
    methodology.breaks.clear();
    methodology.quality.clear();
    methodology.known_limits.clear();
    methodology.instruments.clear();
    methodology.census_topics = None;
}

fn hide_levels(coverage: &mut Coverage) {
    coverage.released_level = None;
    coverage.released_level_is_minimum = false;
    coverage.collected_level = None;
    coverage.level_note = MultilingualText::default();
}

/// Takes fields out of a record, for a reader to whom they are not passed on.
pub fn withhold(dataset: &mut Dataset, fields: &[MaskableField]) {
    fields.iter().for_each(|field| hide(dataset, *field, RefusalCode::MaskedByProducer));
}

fn hide(dataset: &mut Dataset, field: MaskableField, reason: RefusalCode) {
    let coverage = &mut dataset.coverage;
    match field {
        MaskableField::Abstract => dataset.abstract_text = MultilingualText::default(),
        MaskableField::Keywords => dataset.keywords.clear(),
        MaskableField::Programme => dataset.programme = MultilingualText::default(),
        MaskableField::Themes => {
            dataset.themes.clear();
            dataset.indicators.clear();
        }
        MaskableField::Partners => dataset.partners.clear(),
        MaskableField::LegalMandate => dataset.legal_mandate = MultilingualText::default(),
        MaskableField::ReportingAreas => {
            coverage.reporting_areas.clear();
            coverage.area_note = MultilingualText::default();
        }
        MaskableField::Origins => coverage.origins.clear(),
        MaskableField::Destinations => coverage.destinations.clear(),
        MaskableField::Period => {
            coverage.period = None;
            coverage.collection_period = None;
            coverage.next_collection = None;
            coverage.open_to_coordination_until = None;
            coverage.frequency = None;
        }
        MaskableField::Levels => hide_levels(coverage),
        MaskableField::Disaggregations => {
            coverage.released_disaggregations.clear();
            coverage.collected_disaggregations.clear();
        }
        MaskableField::Populations => coverage.populations.clear(),
        MaskableField::Methodology => hide_methodology(&mut dataset.methodology),
        MaskableField::Sampling => hide_sampling(&mut dataset.methodology),
        MaskableField::Definitions => dataset.methodology.definitions.clear(),
        MaskableField::Instruments => dataset.methodology.instruments.clear(),
        MaskableField::HoldingConditions => dataset.holdings.iter_mut().for_each(hide_conditions),
        MaskableField::Distributions => dataset.holdings.iter_mut().for_each(|holding| holding.distributions.clear()),
        MaskableField::Variables => dataset.variables.clear(),
        MaskableField::Relations => dataset.relations.clear(),
        MaskableField::Discrepancies => dataset.discrepancies.clear(),
        MaskableField::Links => dataset.links.clear(),
        MaskableField::Citations => dataset.citations.clear(),
    }
    dataset.hidden.push((field, reason));
}

/// Path of a field in the contract, for `maskedFields`.
pub fn path(field: MaskableField) -> &'static str {
    match field {
        MaskableField::Abstract => "abstract",
        MaskableField::Keywords => "keywords",
        MaskableField::Programme => "programme",
        MaskableField::Themes => "themes",
        MaskableField::Partners => "partners",
        MaskableField::LegalMandate => "legalMandate",
        MaskableField::ReportingAreas => "coverage.reportingAreas",
        MaskableField::Origins => "coverage.origins",
        MaskableField::Destinations => "coverage.destinations",
        MaskableField::Period => "coverage.period",
        MaskableField::Levels => "coverage.releasedLevel",
        MaskableField::Disaggregations => "coverage.releasedDisaggregations",
        MaskableField::Populations => "coverage.populations",
        MaskableField::Methodology => "methodology",
        MaskableField::Sampling => "methodology.samplingDesigns",
        MaskableField::Definitions => "methodology.definitions",
        MaskableField::Instruments => "methodology.instruments",
        MaskableField::HoldingConditions => "holdings.accessTerms.conditions",
        MaskableField::Distributions => "holdings.distributions",
        MaskableField::Variables => "variables",
        MaskableField::Relations => "relations",
        MaskableField::Discrepancies => "discrepancies",
        MaskableField::Links => "links",
        MaskableField::Citations => "citations",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_an_older_version_is_kept_what_the_present_one_speaks_of() {
        let mut older = json!({
            "titles": { "fr": { "text": "Ancien" } }, "abstract": { "fr": { "text": "Tout" } }, "coverage": { "period": { "start": "2010" }, "areas": ["MA"] },
            "holdings": [{ "institution": "a", "conditions": "x", "links": [{ "url": "u", "title": "t" }] }, { "institution": "b" }], "citations": [{ "title": "c" }],
        });
        let present = json!({
            "titles": { "fr": { "text": "Nouveau" } }, "coverage": { "period": null, "areas": ["MA", "TN"] },
            "holdings": [{ "institution": "a" }, { "institution": "c", "links": [{ "url": "v" }] }], "citations": [],
        });
        keep_what_is_said(&mut older, &present);
        let kept = json!({
            "titles": { "fr": { "text": "Ancien" } }, "coverage": { "areas": ["MA"] },
            "holdings": [{ "institution": "a", "links": [{ "url": "u" }] }, { "institution": "b" }], "citations": [],
        });
        assert_eq!(older, kept);
    }
}
