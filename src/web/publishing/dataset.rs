//! `/dataset/{slug}`, for people and for programs: one address, many forms.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, VARY};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::ids::Slug;
use crate::domain::policy::Actor;
use crate::interop::formats::{Form, write_both};
use crate::service::publishing::{Extent, extent, gather};
use crate::service::{Error, Record, datasets};
use crate::web::absence::told;
use crate::web::account::work;
use crate::web::negotiation::{accepted, best};
use crate::web::pages::confirm::{WithoutForm, without_form};
use crate::web::server::State;

use super::asked::Asked;
use super::{Document, FOR_READER, absent, failed, name, reader, respond, tell, unwritten};

/// What is answered: the page, or a form of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Page,
    /// DCAT and schema.org together: what the page is as JSON-LD.
    Both,
    One(Form),
}

/// Media types that the address without an ending answers with, the first one where all are as welcome.
const OFFERED: [(&str, Wanted); 9] = [
    ("text/html", Wanted::Page),
    ("application/ld+json", Wanted::Both),
    ("text/turtle", Wanted::One(Form::Dcat(crate::interop::rdf::Syntax::Turtle))),
    ("application/rdf+xml", Wanted::One(Form::Dcat(crate::interop::rdf::Syntax::RdfXml))),
    ("application/xml", Wanted::One(Form::Ddi)),
    ("application/vnd.datacite.datacite+xml", Wanted::One(Form::DataCite)),
    ("application/vnd.datacite.datacite+json", Wanted::One(Form::DataCiteJson)),
    ("application/json", Wanted::One(Form::Own)),
    (crate::interop::sheet::MEDIA_TYPE, Wanted::One(Form::Workbook)),
];

/// GET /dataset/{slug} and /dataset/{slug}.{ending}
pub async fn show(request: HttpRequest, state: web::Data<State>, path: web::Path<String>) -> HttpResponse {
    let actor = match reader(&request, &state).await {
        Ok(actor) => actor,
        Err(refused) => return refused,
    };
    let (slug, ending) = path.split_once('.').map_or((path.as_str(), None), |(slug, ending)| (slug, Some(ending)));
    let asked = match ending.map(Form::of_extension) {
        None => None,
        Some(Some(form)) => Some(form),
        Some(None) => return absent(&request),
    };
    let accept = accepted(&request);
    let wanted = match asked {
        Some(form) => Some(Wanted::One(form)),
        None => best(accept.as_deref(), &OFFERED.map(|(media_type, _)| media_type)).map(|place| OFFERED[place].1),
    };
    let (slug, asked) = (slug.to_owned(), Asked::of(&request));
    let done = work(&state, move |state| {
        let Some(record) = datasets::by_slug(&state.catalogue, &actor, &slug)? else { return Ok(None) };
        answer(state, &actor, record, wanted, asked).map(Some)
    });
    match done.await {
        // What is hidden and what is absent are answered alike, to the letter.
        Ok(None) => absent(&request),
        Ok(Some(Answered::Written(status, document))) => respond(&request, status, document),
        Ok(Some(Answered::Told(text))) => tell(StatusCode::NOT_ACCEPTABLE, FOR_READER, text),
        Ok(Some(Answered::PageOnly(why, slug, line))) => {
            let status = if why == WithoutForm::Retired { StatusCode::GONE } else { StatusCode::NOT_FOUND };
            let mut response = told(&request, status, line, |page| without_form(page, why, &format!("/dataset/{slug}")));
            response.headers_mut().insert(VARY, HeaderValue::from_static(FOR_READER));
            response
        }
        Err(error) => failed(&error),
    }
}

/// What the reader gets.
enum Answered {
    Written(StatusCode, Document),
    /// What is offered, where nothing of it is accepted.
    Told(String),
    /// Why the record has its page only, and the line for programs.
    PageOnly(WithoutForm, Slug, String),
}

fn answer(state: &State, actor: &Actor, record: Arc<Record>, wanted: Option<Wanted>, asked: Asked) -> Result<Answered, Error> {
    let extent = extent(&record);
    let (page, slug) = (page_address(state, &record), record.dataset.slug.clone());
    let document = |media_type: &str, body, links| {
        let is_private = *actor != Actor::Visitor;
        Document { media_type: media_type.to_owned(), body, links, vary: FOR_READER, is_private }
    };
    match (wanted, extent) {
        (None, _) => Ok(Answered::Told(offer(state, &record, extent))),
        (Some(Wanted::Page), _) => {
            let embedded = embedded(state, actor, &record)?;
            let body = super::page::dataset(state, &record, extent, embedded.as_deref(), asked)?;
            let status = if extent == Extent::Gone { StatusCode::GONE } else { StatusCode::OK };
            Ok(Answered::Written(status, document("text/html; charset=utf-8", body.into_bytes(), links(state, &record, extent))))
        }
        (Some(_), Extent::Gone) => {
            let line = format!("The record `{slug}` was retired; what remains of it is at {page}\n");
            Ok(Answered::PageOnly(WithoutForm::Retired, slug, line))
        }
        (Some(_), Extent::Outline) => {
            let line =
                format!("The record `{slug}` is not published, or shown in outline only, at {page}; there is no other form of it.\n");
            Ok(Answered::PageOnly(WithoutForm::Outline, slug, line))
        }
        (Some(wanted), Extent::Whole) => {
            let (media_type, body) = written(state, actor, record, wanted)?;
            Ok(Answered::Written(
                StatusCode::OK,
                document(media_type, body, vec![format!("<{page}>; rel=\"describes\"; type=\"text/html\"")]),
            ))
        }
    }
}

fn written(state: &State, actor: &Actor, record: Arc<Record>, wanted: Wanted) -> Result<(&'static str, Vec<u8>), Error> {
    let batch = gather(&state.catalogue, actor, vec![record])?;
    let catalogue = name(state);
    batch.write(&state.catalogue, &state.base_url, |outgoing, _| {
        let outgoing = outgoing.first().ok_or_else(|| Error::NotFound("the record".to_owned()))?;
        match wanted {
            Wanted::One(form) => Ok((form.media_type(), form.write(outgoing, &catalogue).map_err(unwritten)?)),
            Wanted::Both | Wanted::Page => Ok(("application/ld+json", write_both(outgoing, &catalogue).map_err(unwritten)?)),
        }
    })
}

/// The record as schema.org, as it stands in the page; nothing where the record is not whole.
fn embedded(state: &State, actor: &Actor, record: &Arc<Record>) -> Result<Option<String>, Error> {
    if extent(record) != Extent::Whole {
        return Ok(None);
    }
    let batch = gather(&state.catalogue, actor, vec![record.clone()])?;
    let bytes = batch.write(&state.catalogue, &state.base_url, |outgoing, _| {
        outgoing.first().map(|outgoing| Form::SchemaOrg.write(outgoing, &name(state))).transpose().map_err(unwritten)
    })?;
    bytes.map(|bytes| String::from_utf8(bytes).map_err(|error| Error::Internal(error.into()))).transpose()
}

fn page_address(state: &State, record: &Record) -> String {
    format!("{}/dataset/{}", state.base_url, record.dataset.slug)
}

/// Links of the page by which programs find their way ("signposting").
fn links(state: &State, record: &Record, extent: Extent) -> Vec<String> {
    let page = page_address(state, record);
    let mut links = vec![format!("<{}/id/{}>; rel=\"cite-as\"", state.base_url, record.id)];
    if extent != Extent::Whole {
        return links;
    }
    links.push("<https://schema.org/Dataset>; rel=\"type\"".to_owned());
    for form in Form::ALL {
        let profile = form.profile().map(|uri| format!("; profile=\"{uri}\"")).unwrap_or_default();
        for relation in ["alternate", "describedby"] {
            links.push(format!("<{page}.{}>; rel=\"{relation}\"; type=\"{}\"{profile}", form.extension(), form.media_type()));
        }
    }
    links
}

/// What is offered to whoever wants something else.
fn offer(state: &State, record: &Record, extent: Extent) -> String {
    let page = page_address(state, record);
    let mut text = format!("This record is not offered in a form that you accept. Offered:\ntext/html  {page}\n");
    if extent == Extent::Whole {
        for form in Form::ALL {
            text.push_str(&format!("{}  {page}.{}\n", form.media_type(), form.extension()));
        }
    }
    text
}
