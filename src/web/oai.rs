//! `/oai`: the catalogue for harvesters, by OAI-PMH 2.0. Errors are answers of the protocol; the status is 200.

use std::collections::HashMap;

use actix_web::http::header::{ALLOW, CACHE_CONTROL};
use actix_web::{HttpRequest, HttpResponse, web};
use uuid::Uuid;

use crate::domain::policy::Actor;
use crate::interop::exchange::Outgoing;
use crate::interop::oai::{Header, Prefix, Provider, Reply, Request, Selection, fault, read_request};
use crate::service::Error;
use crate::service::catalogue::now_ms;
use crate::service::publishing::harvest::{self, Entry, Part, Span};
use crate::service::publishing::{Batch, gather};

use super::account::work;
use super::publishing::failed;
use super::server::State;

/// Records of one answer.
const PAGE: usize = 50;

/// GET and POST /oai
pub async fn handle(request: HttpRequest, state: web::Data<State>, body: web::Bytes) -> HttpResponse {
    use actix_web::http::Method;
    let text = match *request.method() {
        Method::GET | Method::HEAD => request.query_string().as_bytes().to_vec(),
        Method::POST => body.to_vec(),
        _ => return HttpResponse::MethodNotAllowed().insert_header((ALLOW, "GET, HEAD, POST")).finish(),
    };
    let arguments: Vec<(String, String)> = url::form_urlencoded::parse(&text).into_owned().collect();
    match work(&state, move |state| answer(state, &arguments)).await {
        Ok(text) => HttpResponse::Ok().content_type("text/xml; charset=utf-8").insert_header((CACHE_CONTROL, "no-cache")).body(text),
        Err(error) => failed(&error),
    }
}

/// Prefix of identifiers: the host, where it is a name. An address of numbers is none.
fn identifiers(state: &State) -> String {
    let url = url::Url::parse(&state.base_url).ok();
    let host = url.as_ref().and_then(url::Url::host_str).filter(|host| host.starts_with(|c: char| c.is_ascii_alphabetic()));
    format!("oai:{}:", host.unwrap_or("localhost"))
}

/// Address to write to. The protocol asks for one with a domain; where none is set, one stands there that says so.
fn admin_email(state: &State) -> &str {
    let settings = &state.settings;
    let sender = settings.mail_from.rsplit_once('<').map_or(settings.mail_from.as_str(), |(_, rest)| rest.trim_end_matches('>'));
    let with_domain = |address: &&str| address.split_once('@').is_some_and(|(_, domain)| domain.contains('.'));
    [settings.admin_email.as_str(), sender].into_iter().find(with_domain).unwrap_or("admin-email-not-set@rihla.invalid")
}

fn answer(state: &State, arguments: &[(String, String)]) -> Result<String, Error> {
    let now = now_ms();
    let (address, identifiers) = (format!("{}/oai", state.base_url), identifiers(state));
    let sender = admin_email(state);
    let earliest = harvest::earliest(&state.catalogue)?.unwrap_or(now);
    let provider = Provider { address: &address, name: &state.name, admin_email: sender, identifiers: &identifiers, earliest, now };
    let refuse = |code: &str, message: &str| Ok(Reply::error(provider, arguments, &fault(code, message)));
    let request = match read_request(arguments) {
        Ok(request) => request,
        Err(fault) => return Ok(Reply::error(provider, arguments, &fault)),
    };
    let find = |identifier: &str| match identifier.strip_prefix(&identifiers).map(Uuid::try_parse) {
        Some(Ok(id)) => harvest::one(&state.catalogue, id),
        Some(Err(_)) | None => Ok(None),
    };
    let absent = ("idDoesNotExist", "no record has this identifier; ListIdentifiers names those that are there");
    match request {
        Request::Identify => Ok(Reply::new(provider, arguments).identify()),
        Request::ListSets => Ok(Reply::new(provider, arguments).sets(&harvest::sets(&state.catalogue)?)),
        Request::ListMetadataFormats(None) => Ok(Reply::new(provider, arguments).formats()),
        Request::ListMetadataFormats(Some(identifier)) => match find(&identifier)? {
            Some(_) => Ok(Reply::new(provider, arguments).formats()),
            None => refuse(absent.0, absent.1),
        },
        Request::GetRecord(identifier, prefix) => match find(&identifier)? {
            Some(entry) => records(state, Reply::new(provider, arguments), &[entry], prefix, None),
            None => refuse(absent.0, absent.1),
        },
        Request::ListIdentifiers(selection) | Request::ListRecords(selection) => {
            let is_list_of_records = arguments.iter().any(|(name, value)| name == "verb" && value == "ListRecords");
            let (asked, part, next) = part(state, selection)?;
            if part.entries.is_empty() {
                return refuse("noRecordsMatch", "no record was changed then, or none is in the set");
            }
            let reply = Reply::new(provider, arguments);
            if is_list_of_records {
                return records(state, reply, &part.entries, asked.prefix, Some((&asked, next.as_ref())));
            }
            let headers: Vec<_> = part.entries.iter().map(header).collect();
            Ok(reply.identifiers(&headers, &asked, next.as_ref()))
        }
    }
}

/// Part of the list that is asked for, with the selection by which it goes on.
fn part(state: &State, mut asked: Selection) -> Result<(Selection, Part, Option<Selection>), Error> {
    let span = Span { after: asked.after, from: asked.from, before: asked.before };
    let part = harvest::list(&state.catalogue, span, asked.set.as_deref(), PAGE)?;
    if asked.given == 0 && asked.set.is_none() && part.next.is_some() {
        asked.total = Some(harvest::count(&state.catalogue, span)?);
    }
    let next = part.next.map(|after| Selection { after, given: asked.given + part.entries.len() as u64, ..asked.clone() });
    Ok((asked, part, next))
}

fn header(entry: &Entry) -> Header {
    Header { id: entry.id, at: entry.at, sets: entry.sets.clone(), is_deleted: entry.record.is_none() }
}

fn records(
    state: &State,
    mut reply: Reply<'_>,
    entries: &[Entry],
    prefix: Prefix,
    list: Option<(&Selection, Option<&Selection>)>,
) -> Result<String, Error> {
    let batch: Batch = gather(&state.catalogue, &Actor::Visitor, entries.iter().filter_map(|entry| entry.record.clone()).collect())?;
    let places: HashMap<Uuid, usize> = batch.publications.iter().enumerate().map(|(place, one)| (one.record.id.0, place)).collect();
    reply.begin_records(list.is_some());
    batch
        .write(&state.catalogue, &state.base_url, |outgoing, _| {
            entries.iter().try_for_each(|entry| {
                let found: Option<&Outgoing<'_>> = places.get(&entry.id).and_then(|place| outgoing.get(*place));
                reply.record(&header(entry), found, prefix)
            })
        })
        .map_err(|error| Error::Internal(error.into()))?;
    if let Some((asked, next)) = list {
        reply.token(asked, next);
    }
    Ok(reply.end())
}
