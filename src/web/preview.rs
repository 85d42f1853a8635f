//! The page of a private preview link.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use crate::domain::concept::Concepts;
use crate::domain::ids::Slug;
use crate::domain::readiness::guidance;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{
    AccessLevel, Certainty, ConceptScheme, Frequency, GeographicLevel, HoldingRole, PublicationStatus, RecordKind, RequestChannel,
    SourceType, StatementBasis, Visibility, Vocabulary,
};
use crate::service::catalogue::now_ms;
use crate::service::drafts::Draft;
use crate::service::{Error, institutions, previews};

use super::account::{failed, language, page as respond, tell, work};
use super::pages::confirm::MessageKind;
use super::pages::preview::{Preview, preview};
use super::pages::{Page, PageLanguage};
use super::server::State;

/// Fields that the page shows, in this order.
const SHOWN: [&str; 18] = [
    "titles",
    "abstract",
    "recordKind",
    "programme",
    "themes",
    "coverage.reportingAreas",
    "coverage.origins",
    "coverage.destinations",
    "coverage.period",
    "coverage.releasedLevel",
    "coverage.releasedDisaggregations",
    "coverage.populations",
    "coverage.frequency",
    "methodology.sourceType",
    "methodology.universe",
    "methodology.samplingText",
    "visibility",
    "reviewDueOn",
];

/// GET /preview/{secret}
pub async fn page(request: HttpRequest, state: web::Data<State>, path: web::Path<String>) -> HttpResponse {
    let (secret, language) = (path.into_inner(), language(&request));
    let found = work(&state, move |state| {
        let Some((link, draft)) = previews::open(&state.catalogue, &secret, now_ms())? else { return Ok(None) };
        let institution = institutions::name(&state.catalogue, &draft.institution()?, language.tag())?;
        let holdings = holdings(state, &draft, language)?;
        Ok(Some((link, draft, institution, holdings)))
    });
    let (link, draft, institution, holdings) = match found.await {
        Ok(Some(found)) => found,
        Ok(None) => return tell(&request, &state, StatusCode::NOT_FOUND, MessageKind::LinkExpired),
        Err(error) => return failed(&error),
    };
    let mut rows = rows(&draft, &state.catalogue.concepts, language);
    rows.push(holdings);
    let titles: MultilingualText = draft.part("titles");
    let title = titles.words(Some(language.tag()), None).unwrap_or(&institution).to_owned();
    let status = draft.status();
    let expires = day(link.expires_at);
    let shown = Page { catalogue_name: &state.name, language, path: "", keep: &[] };
    let view = Preview {
        title: &title,
        institution: &institution,
        state_label: PublicationStatus::label(status, language.tag()),
        rows: &rows,
        expires_on: &expires,
        notice_without_names: link.without_names == 1,
    };
    let mut response = respond(StatusCode::OK, preview(&shown, &view), &[], "");
    response.headers_mut().insert(
        actix_web::http::header::HeaderName::from_static("x-robots-tag"),
        actix_web::http::header::HeaderValue::from_static("noindex, nofollow"),
    );
    response
}

fn day(at: i64) -> String {
    time::OffsetDateTime::from_unix_timestamp(at / 1000).map_or_else(|_| String::new(), |at| at.date().to_string())
}

fn rows(draft: &Draft, concepts: &Concepts, language: PageLanguage) -> Vec<(String, Vec<String>)> {
    SHOWN.iter().map(|field| row(field, &draft.doc, concepts, language)).collect()
}

/// A field of a record in the record format: its label, and its values in words.
pub(super) fn row(field: &str, doc: &Value, concepts: &Concepts, language: PageLanguage) -> (String, Vec<String>) {
    let tag = language.tag();
    let value = doc.pointer(&format!("/{}", field.replace('.', "/")));
    (field_label(field, language), value.map(|value| values(field, value, concepts, tag)).unwrap_or_default())
}

/// Label of a field.
pub(super) fn field_label(field: &str, language: PageLanguage) -> String {
    guidance(field).map_or(field, |found| found.label.text(language.tag())).to_owned()
}

/// Who holds the data on which terms, a line each.
fn holdings(state: &State, draft: &Draft, language: PageLanguage) -> Result<(String, Vec<String>), Error> {
    let tag = language.tag();
    let label = |field: &str| guidance(field).map_or(field, |found| found.label.text(tag)).to_owned();
    let joint = language.pick(": ", "\u{a0}: ", ": ");
    let mut lines = Vec::new();
    for holding in draft.doc.get("holdings").and_then(Value::as_array).into_iter().flatten() {
        let code = |path: &str| holding.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let name = match Slug::parse(code("/institution")) {
            Ok(slug) => institutions::name(&state.catalogue, &slug, tag)?,
            Err(_) => code("/institution").to_owned(),
        };
        let mut parts = vec![name, label_of::<HoldingRole>(code("/role"), tag)];
        for part in ["aggregates", "microdata"] {
            let stated = code(&format!("/accessTerms/{part}"));
            // An unknown level states nothing that could rest on something.
            let basis = if stated == AccessLevel::Unknown.code() { "" } else { code(&format!("/accessTerms/{part}Basis")) };
            let (level, basis) = (label_of::<AccessLevel>(stated, tag), label_of::<StatementBasis>(basis, tag));
            let basis = if basis.is_empty() { basis } else { format!(" ({basis})") };
            if !level.is_empty() {
                parts.push(format!("{}{joint}{level}{basis}", label(&format!("holdings.accessTerms.{part}"))));
            }
        }
        parts.push(label_of::<RequestChannel>(code("/accessTerms/channel"), tag));
        parts.push(code("/accessTerms/channelUrl").to_owned());
        let conditions = holding.pointer("/accessTerms/conditions").and_then(|text| serde_json::from_value(text.clone()).ok());
        let conditions: MultilingualText = conditions.unwrap_or_default();
        parts.extend(conditions.words(Some(tag), None).map(str::to_owned));
        parts.retain(|part| !part.is_empty());
        lines.push(parts.join(" – "));
    }
    Ok((label("holdings"), lines))
}

/// Label of a member of a closed list, or the code itself.
fn label_of<V: Vocabulary>(code: &str, language: &str) -> String {
    V::parse(code).map_or(code, |member| member.label(language)).to_owned()
}

/// Label of a member of a closed list.
fn closed_list(field: &str, code: &str, language: &str) -> Option<&'static str> {
    fn label<V: Vocabulary>(code: &str, language: &str) -> Option<&'static str> {
        V::parse(code).map(|member| member.label(language))
    }
    match field {
        "recordKind" => label::<RecordKind>(code, language),
        "coverage.releasedLevel" => label::<GeographicLevel>(code, language),
        "coverage.frequency" => label::<Frequency>(code, language),
        "methodology.sourceType" => label::<SourceType>(code, language),
        "certainty" => label::<Certainty>(code, language),
        "visibility" => label::<Visibility>(code, language),
        _ => None,
    }
}

fn values(field: &str, value: &Value, concepts: &Concepts, language: &str) -> Vec<String> {
    let scheme = match field {
        "themes" => Some(ConceptScheme::Themes),
        "coverage.reportingAreas" | "coverage.origins" | "coverage.destinations" => Some(ConceptScheme::Places),
        "coverage.releasedDisaggregations" => Some(ConceptScheme::Disaggregations),
        "coverage.populations" => Some(ConceptScheme::Populations),
        _ => None,
    };
    let label = |code: &str| match scheme.and_then(|scheme| concepts.get(scheme, code)) {
        Some(concept) => concept.label(Some(language)).to_owned(),
        None => closed_list(field, code, language).unwrap_or(code).to_owned(),
    };
    match value {
        Value::Array(list) => list.iter().filter_map(|member| member.as_str().map(label).or_else(|| worded(member, language))).collect(),
        Value::String(text) => vec![label(text)],
        Value::Object(_) if field == "coverage.period" => {
            let period: Option<crate::domain::time::Period> = serde_json::from_value(value.clone()).ok();
            period.map(|period| period.edtf()).into_iter().collect()
        }
        Value::Object(_) => {
            let text: MultilingualText = serde_json::from_value(value.clone()).unwrap_or_default();
            text.iter().map(|(_, wording)| wording.text.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// A text of a list, in the wanted language where it has it.
fn worded(text: &Value, language: &str) -> Option<String> {
    let text: MultilingualText = serde_json::from_value(text.clone()).ok()?;
    text.words(Some(language), None).map(str::to_owned)
}
