//! `/institution/{slug}`: what is known of an institution, and the public records that it produces or holds.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::filter::DatasetFilter;
use crate::domain::ids::Slug;
use crate::domain::policy::Actor;
use crate::domain::vocabulary::{ConceptScheme, Vocabulary};
use crate::interop::dcat::{is_web_address, write_institution};
use crate::interop::exchange::Surroundings;
use crate::interop::rdf::Syntax;
use crate::service::catalogue::{day_of, now_ms};
use crate::service::finding::{SortOrder, Window};
use crate::service::{Error, InstitutionRecord, datasets, institutions};
use crate::web::absence::not_found;
use crate::web::account::work;
use crate::web::negotiation::{accepted, best};
use crate::web::pages::Page;
use crate::web::pages::described::{Described, Entry, described};
use crate::web::preview::field_label;
use crate::web::server::State;

use super::asked::Asked;
use super::sources::sources;
use super::{Document, failed, respond, tell, unwritten};

/// Most records that the page lists; the search has all of them.
const MOST_LISTED: usize = 500;

/// Media types of the address without an ending.
const OFFERED: [(&str, Option<Syntax>); 4] = [
    ("text/html", None),
    ("text/turtle", Some(Syntax::Turtle)),
    ("application/rdf+xml", Some(Syntax::RdfXml)),
    ("application/ld+json", Some(Syntax::JsonLd)),
];

/// GET /institution/{slug} and /institution/{slug}.{ending}
pub async fn show(request: HttpRequest, state: web::Data<State>, path: web::Path<String>) -> HttpResponse {
    let (slug, ending) = path.split_once('.').map_or((path.as_str(), None), |(slug, ending)| (slug, Some(ending)));
    let accept = accepted(&request);
    let wanted = match ending {
        None => best(accept.as_deref(), &OFFERED.map(|(media_type, _)| media_type)).map(|place| OFFERED[place].1),
        Some(ending) => match Syntax::ALL.into_iter().find(|syntax| syntax.extension() == ending) {
            Some(syntax) => Some(Some(syntax)),
            None => return not_found(&request),
        },
    };
    let (slug, asked) = (slug.to_owned(), Asked::of(&request));
    let done = work(&state, move |state| {
        let Some(record) = institutions::by_slug(&state.catalogue, &slug)? else { return Ok(None) };
        let Some(wanted) = wanted else { return Ok(Some(Err(offer(&address(state, &record))))) };
        answer(state, &record, wanted, asked).map(|document| Some(Ok(document)))
    });
    match done.await {
        Ok(None) => not_found(&request),
        Ok(Some(Ok(document))) => respond(&request, StatusCode::OK, document),
        Ok(Some(Err(offered))) => tell(StatusCode::NOT_ACCEPTABLE, "Accept, Accept-Language", offered),
        Err(error) => failed(&error),
    }
}

fn address(state: &State, record: &InstitutionRecord) -> String {
    format!("{}/institution/{}", state.base_url, record.institution.slug)
}

fn offer(address: &str) -> String {
    let forms: String = Syntax::ALL.iter().map(|syntax| format!("{}  {address}.{}\n", syntax.media_type(), syntax.extension())).collect();
    format!("This institution is not offered in a form that you accept. Offered:\ntext/html  {address}\n{forms}")
}

fn answer(state: &State, record: &InstitutionRecord, wanted: Option<Syntax>, asked: Asked) -> Result<Document, Error> {
    let address = address(state, record);
    let mut document = match wanted {
        None => Document::open("text/html; charset=utf-8", page(state, record, &address, asked)?.into_bytes()),
        Some(syntax) => {
            let known = |slug: &Slug| (*slug == record.institution.slug).then_some(&record.institution);
            let around = Surroundings { base_url: &state.base_url, institutions: &known, concepts: &state.catalogue.concepts };
            let bytes = write_institution(&record.institution.slug, &around, syntax).map_err(unwritten)?;
            Document::open(syntax.media_type(), bytes)
        }
    };
    document.vary = "Accept, Accept-Language";
    document.links = vec![format!("<{}/id/{}>; rel=\"cite-as\"", state.base_url, record.id)];
    for syntax in Syntax::ALL {
        for relation in ["alternate", "describedby"] {
            document.links.push(format!("<{address}.{}>; rel=\"{relation}\"; type=\"{}\"", syntax.extension(), syntax.media_type()));
        }
    }
    Ok(document)
}

fn page(state: &State, record: &InstitutionRecord, address: &str, asked: Asked) -> Result<String, Error> {
    let (institution, language, tag) = (&record.institution, asked.language, asked.language.tag());
    let texts =
        |text: &crate::domain::text::MultilingualText| text.words(Some(tag), None).map(str::to_owned).into_iter().collect::<Vec<_>>();
    let place = |code: &String| {
        state.catalogue.concepts.get(ConceptScheme::Places, code).map_or_else(|| code.clone(), |place| place.label(Some(tag)).to_owned())
    };
    let of = |arabic: &'static str, french: &'static str, english: &'static str| language.pick(arabic, french, english).to_owned();
    // Terms of access lead to the desk, so that it has to be found here.
    let desk = institution.desk.iter().flat_map(|desk| texts(&desk.function).into_iter().chain(desk.mailbox.clone())).collect();
    let rows = vec![
        (of("الأسماء", "Noms", "Names"), institution.names.iter().map(|(_, wording)| wording.text.clone()).collect()),
        (of("المختصر", "Sigle", "Acronym"), institution.acronym.iter().cloned().collect()),
        (of("النوع", "Type", "Kind"), vec![institution.kind.label(tag).to_owned()]),
        (of("البلد", "Pays", "Country"), institution.country.iter().map(place).collect()),
        (of("المهمة", "Mandat", "Mandate"), texts(&institution.mandate)),
        (of("السند القانوني", "Base légale", "Legal basis"), texts(&institution.legal_basis)),
        (of("جهة الاتصال", "Guichet", "Desk"), desk),
        (field_label("certainty", language), vec![institution.certainty.label(tag).to_owned()]),
        (field_label("certaintyNote", language), texts(&institution.certainty_note)),
    ];
    let website = institution.website.iter().filter(|url| is_web_address(url)).map(|url| Entry::page(url, url)).collect();
    let lists = [
        (of("الموقع", "Site web", "Website"), website),
        (of("السجلات", "Fiches", "Records"), records(state, &institution.slug, asked)?),
        sources(&institution.citations, language),
    ];
    let forms: Vec<_> = Syntax::ALL
        .iter()
        .map(|syntax| Entry {
            media: syntax.media_type().to_owned(),
            ..Entry::page(format!("FOAF ({})", syntax.extension()), format!("{address}.{}", syntax.extension()))
        })
        .collect();
    let title = institution.names.words(Some(tag), None).unwrap_or(institution.slug.as_str());
    let shown = Described { title, rows: &rows, lists: &lists, forms: &forms, canonical: address, is_listed: true, ..Described::default() };
    let path = format!("/institution/{}", institution.slug);
    Ok(described(&Page { catalogue_name: &state.name, language, path: &path, keep: &[] }, &shown))
}

/// Titles and paths of the records that the institution produces or holds, as far as anyone may find them.
fn records(state: &State, slug: &Slug, asked: Asked) -> Result<Vec<Entry>, Error> {
    let filter = DatasetFilter { institutions: vec![slug.clone()], ..DatasetFilter::default() };
    let found = datasets::find(&state.catalogue, &Actor::Visitor, None, &filter, Some(SortOrder::Title), day_of(now_ms()))?;
    let hits = found.page(&Window { count: MOST_LISTED, ..Window::default() }).hits;
    let ids: Vec<_> = hits.iter().map(|hit| hit.id).collect();
    let records = state.catalogue.records(&Actor::Visitor, &ids)?;
    let one = |id| {
        let dataset = &records.get(id)?.dataset;
        let title = dataset.titles.words(Some(asked.language.tag()), dataset.main_language()).unwrap_or(dataset.slug.as_str());
        Some(Entry::page(title, asked.path(&format!("/dataset/{}", dataset.slug))))
    };
    Ok(ids.iter().filter_map(one).collect())
}
