//! `/feed.atom`: the latest changes of what is public, newest first.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::vocabulary::Vocabulary;
use crate::graphql::ChangeKind;
use crate::interop::dcat::instant;
use crate::interop::xml_text::language::UNDETERMINED;
use crate::service::publishing::latest;
use crate::service::{Change, Error, Record};
use crate::web::account::{language, work};
use crate::web::pages::PageLanguage;
use crate::web::server::State;

use super::{Document, failed, respond, xml};

/// Entries of the feed.
const ENTRIES: usize = 50;

/// GET /feed.atom
pub async fn show(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let language = language(&request);
    match work(&state, move |state| written(state, language)).await {
        Ok(text) => {
            let mut document = Document::open("application/atom+xml", text.into_bytes());
            document.vary = "Accept, Accept-Language";
            respond(&request, StatusCode::OK, document)
        }
        Err(error) => failed(&error),
    }
}

fn written(state: &State, language: PageLanguage) -> Result<String, Error> {
    let changes = latest(&state.catalogue, ENTRIES)?;
    let base = &state.base_url;
    let updated = changes.first().map_or(0, |(change, _)| change.at);
    let entries: String = changes.iter().map(|(change, record)| entry(state, change, record.as_ref(), language)).collect();
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{tag}\">\n<id>{feed}</id>\n\
         <title>{name}</title>\n<updated>{updated}</updated>\n<author><name>{name}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{feed}\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{home}\"/>\n\
         {entries}</feed>\n",
        tag = language.tag(),
        feed = xml(&format!("{base}/feed.atom")),
        home = xml(&format!("{base}/")),
        name = xml(&state.name),
        updated = instant(updated),
    ))
}

/// One change. Of a record that nobody may read any more only its identifier is told, and that it is gone.
fn entry(state: &State, change: &Change, record: Option<&Arc<Record>>, language: PageLanguage) -> String {
    let (base, tag) = (&state.base_url, language.tag());
    let what = ChangeKind::parse(&change.kind).map_or(change.kind.as_str(), |kind| kind.label(tag));
    let address = format!("{base}/id/{}", change.entity_id);
    // An identifier and a short name are of no language.
    let (spoken, title) = match record.map(|record| &record.dataset) {
        Some(dataset) => match dataset.titles.get(Some(tag), dataset.main_language()) {
            Some((spoken, wording)) => (spoken.as_str(), wording.text.clone()),
            None => (UNDETERMINED, dataset.slug.as_str().to_owned()),
        },
        None => (UNDETERMINED, format!("urn:uuid:{}", change.entity_id)),
    };
    format!(
        "<entry>\n<id>{id}</id>\n<title xml:lang=\"{spoken}\">{title}</title>\n<updated>{at}</updated>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{address}\"/>\n<summary>{what}</summary>\n</entry>\n",
        id = xml(&format!("{address}#{}", change.seq)),
        title = xml(&title),
        at = instant(change.at),
        address = xml(&address),
        what = xml(what),
    )
}
