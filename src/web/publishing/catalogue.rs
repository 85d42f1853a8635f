//! `/catalog`: the public catalogue as DCAT, page by page.

use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, VARY};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::ids::Slug;
use crate::domain::text::LanguageTag;
use crate::interop::dcat::{CataloguePage, Links, write_catalogue};
use crate::interop::rdf::Syntax;
use crate::service::publishing::{self, Batch};
use crate::service::{Error, institutions};
use crate::web::absence::not_found;
use crate::web::account::work;
use crate::web::negotiation::{accepted, best};
use crate::web::server::State;
use crate::web::start::about;

use super::asked::Asked;
use super::{Document, FOR_ALL, failed, named, parameter, respond, tell, unwritten};

/// Records of a page.
const PAGE: usize = 100;

/// Media types of `/catalog`.
const OFFERED: [(&str, Option<Syntax>); 4] = [
    ("text/html", None),
    ("text/turtle", Some(Syntax::Turtle)),
    ("application/rdf+xml", Some(Syntax::RdfXml)),
    ("application/ld+json", Some(Syntax::JsonLd)),
];

/// GET /catalog: the start page for people, a page of DCAT for programs.
pub async fn negotiate(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let accept = accepted(&request);
    let mut offered = OFFERED;
    if parameter(&request, "after").is_some() {
        // Whoever follows the pages without saying what they take is a program.
        offered.rotate_left(1);
    }
    match best(accept.as_deref(), &offered.map(|(media_type, _)| media_type)).map(|place| offered[place].1) {
        Some(Some(syntax)) => page(request, state, syntax, "").await,
        Some(None) => {
            let start = format!("{}{}", state.base_url, Asked::of(&request).path("/"));
            HttpResponse::SeeOther().insert_header((LOCATION, start)).insert_header((VARY, FOR_ALL)).finish()
        }
        None => {
            let base = &state.base_url;
            let one = |syntax: &Syntax| format!("{}  {base}/catalog.{}\n", syntax.media_type(), syntax.extension());
            let forms: String = Syntax::ALL.iter().map(one).collect();
            let text = format!("The catalogue is not offered in a form that you accept. Offered:\ntext/html  {base}/\n{forms}");
            tell(StatusCode::NOT_ACCEPTABLE, FOR_ALL, text)
        }
    }
}

/// GET /catalog.{ending}
pub async fn show(request: HttpRequest, state: web::Data<State>, extension: web::Path<String>) -> HttpResponse {
    match Syntax::ALL.into_iter().find(|syntax| syntax.extension() == *extension) {
        Some(syntax) => page(request, state, syntax, syntax.extension()).await,
        None => not_found(&request),
    }
}

async fn page(request: HttpRequest, state: web::Data<State>, syntax: Syntax, ending: &'static str) -> HttpResponse {
    let after = match parameter(&request, "after").map(|text| text.parse::<i64>()) {
        None => 0,
        Some(Ok(after)) if after >= 0 => after,
        Some(_) => {
            let text = "`after` is not a place in the catalogue; begin at /catalog without it and follow hydra:next\n";
            return tell(StatusCode::BAD_REQUEST, FOR_ALL, text.to_owned());
        }
    };
    match work(&state, move |state| written(state, after, syntax, ending)).await {
        Ok((bytes, next)) => {
            let mut document = Document::open(syntax.media_type(), bytes);
            let link = |next: String| format!("<{next}>; rel=\"next\"");
            document.links.extend(next.map(link));
            respond(&request, StatusCode::OK, document)
        }
        Err(error) => failed(&error),
    }
}

/// Address of the page that begins after a number, with the ending under which it was asked for: whoever negotiates goes on negotiating,
/// whoever does not gets the same form again.
fn address(state: &State, after: i64, ending: &str) -> String {
    let (base, dot) = (&state.base_url, if ending.is_empty() { "" } else { "." });
    if after == 0 { format!("{base}/catalog{dot}{ending}") } else { format!("{base}/catalog{dot}{ending}?after={after}") }
}

fn written(state: &State, after: i64, syntax: Syntax, ending: &str) -> Result<(Vec<u8>, Option<String>), Error> {
    let catalogue = &state.catalogue;
    let mut page = publishing::page(catalogue, after, PAGE)?;
    let total = publishing::count(catalogue)?;
    let (modified_at, _) = publishing::last_change(catalogue)?;
    let publisher = publisher(state, &mut page.batch)?;
    // The first page is the same in every form; only the way on has the ending.
    let (this, first) = (address(state, after, ""), address(state, 0, ""));
    let next = page.next.map(|next| address(state, next, ending));
    let texts = about(&state.name);
    let titles = named(&texts.each_ref().map(|(tag, title, _)| (*tag, title.clone())));
    let descriptions = named(&texts.each_ref().map(|(tag, _, lead)| (*tag, (*lead).to_owned())));
    let languages: Vec<_> = texts.iter().filter_map(|(tag, _, _)| LanguageTag::parse(tag).ok()).collect();
    let licence = Some(state.settings.metadata_licence.as_str()).filter(|licence| !licence.is_empty());
    let bytes = page.batch.write(catalogue, &state.base_url, |records, around| {
        let content = CataloguePage {
            titles: &titles,
            descriptions: &descriptions,
            publisher: publisher.as_ref(),
            languages: &languages,
            licence,
            modified_at,
            records,
            around,
            total,
            links: Links { this: &this, first: Some(&first), previous: None, next: next.as_deref(), last: None },
        };
        write_catalogue(&content, syntax).map_err(unwritten)
    })?;
    Ok((bytes, next))
}

/// The institution that the settings name as the one that runs the catalogue, put among those of the page.
fn publisher(state: &State, batch: &mut Batch) -> Result<Option<Slug>, Error> {
    let named = state.settings.publisher.as_str();
    if named.is_empty() {
        return Ok(None);
    }
    let Some(record) = institutions::by_slug(&state.catalogue, named)? else {
        tracing::warn!("the setting `publisher` names no institution of the catalogue; the catalogue stands for it");
        return Ok(None);
    };
    let slug = record.institution.slug.clone();
    batch.institutions.insert(slug.to_string(), record);
    Ok(Some(slug))
}
