//! `/sitemap.xml` and `/robots.txt`: the public pages, for search engines. A map has 50,000 addresses at most; a larger catalogue has a map of maps.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::interop::dcat::instant;
use crate::service::publishing::{pages_after, parts};
use crate::service::{Error, institutions};
use crate::web::account::work;
use crate::web::server::State;

use super::{Document, FOR_ALL, failed, parameter, respond, tell, xml};

/// Most addresses of one map.
const MOST: usize = 50_000;
/// Most records of one map, so that the institutions fit into the first one.
const RECORDS: usize = 45_000;
const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// GET /sitemap.xml
pub async fn show(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let after = match parameter(&request, "after").map(|text| text.parse::<i64>()) {
        None => None,
        Some(Ok(after)) if after >= 0 => Some(after),
        Some(_) => return tell(StatusCode::BAD_REQUEST, FOR_ALL, "`after` is not a place in the map; begin at /sitemap.xml\n".to_owned()),
    };
    match work(&state, move |state| written(state, after)).await {
        Ok(text) => respond(&request, StatusCode::OK, Document::open("application/xml", text.into_bytes())),
        Err(error) => failed(&error),
    }
}

/// GET /robots.txt: every page may be read, and where they are listed.
pub async fn robots(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let text = format!("User-agent: *\nAllow: /\n\nSitemap: {}/sitemap.xml\n", state.base_url);
    respond(&request, StatusCode::OK, Document::open("text/plain; charset=utf-8", text.into_bytes()))
}

fn written(state: &State, after: Option<i64>) -> Result<String, Error> {
    let starts = if after.is_none() { parts(&state.catalogue, RECORDS as i64)? } else { Vec::new() };
    if starts.is_empty() {
        return map(state, after.unwrap_or(0));
    }
    let base = &state.base_url;
    let one = |after: &i64| format!("<sitemap><loc>{}</loc></sitemap>\n", xml(&format!("{base}/sitemap.xml?after={after}")));
    let maps: String = std::iter::once(&0).chain(&starts).map(one).collect();
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"{NAMESPACE}\">\n{maps}</sitemapindex>\n"))
}

fn map(state: &State, after: i64) -> Result<String, Error> {
    let base = &state.base_url;
    let mut places = String::new();
    let mut put = |path: &str, changed_at: Option<i64>| {
        let changed = changed_at.map(|at| format!("<lastmod>{}</lastmod>", instant(at))).unwrap_or_default();
        places.push_str(&format!("<url><loc>{}</loc>{changed}</url>\n", xml(&format!("{base}{path}"))));
    };
    if after == 0 {
        put("/", None);
        let filter = institutions::InstitutionFilter::default();
        for record in institutions::list(&state.catalogue, &filter, "", (MOST - RECORDS - 1) as i64)?.institutions {
            put(&format!("/institution/{}", record.institution.slug), Some(record.updated_at));
        }
    }
    for head in pages_after(&state.catalogue, after, RECORDS)? {
        put(&format!("/dataset/{}", head.slug), Some(head.updated_at));
    }
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"{NAMESPACE}\">\n{places}</urlset>\n"))
}
