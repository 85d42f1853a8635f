//! `/data.json`: the public catalogue as DCAT-US, record by record.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;

use crate::interop::data_json::{END, beginning, write_one};
use crate::service::Error;
use crate::service::publishing::{last_change, page};
use crate::web::account::work;
use crate::web::server::State;

use super::{FOR_ALL, failed, matching};

/// Records that are read at a time.
const PAGE: usize = 100;

/// GET /data.json
pub async fn show(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let (_, seq) = match work(&state, |state| last_change(&state.catalogue)).await {
        Ok(last) => last,
        Err(error) => return failed(&error),
    };
    // The content follows from the log and from this program; what is written meanwhile may be in the answer already, so the mark is weak.
    let tag = format!("W/\"{}-{seq}\"", env!("CARGO_PKG_VERSION"));
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-cache")).insert_header((VARY, FOR_ALL)).insert_header((ETAG, tag.clone()));
    if matching(&request, &tag).is_some() {
        return response.status(actix_web::http::StatusCode::NOT_MODIFIED).finish();
    }
    response.insert_header((CONTENT_TYPE, "application/json"));
    if request.method() == actix_web::http::Method::HEAD {
        // The same headers without the work: a stream would be read to its end, though nobody gets it.
        return response.streaming(stream::empty::<Result<web::Bytes, actix_web::Error>>());
    }
    response.streaming(stream::try_unfold(Step::First, move |step| next(state.clone(), step)))
}

/// What is written next.
#[derive(Clone, Copy)]
enum Step {
    First,
    /// Records after a number, and whether any were written before.
    After(i64, bool),
    Done,
}

async fn next(state: web::Data<State>, step: Step) -> Result<Option<(web::Bytes, Step)>, actix_web::Error> {
    match step {
        Step::First => Ok(Some((web::Bytes::from(beginning(&state.base_url)), Step::After(0, false)))),
        Step::Done => Ok(None),
        Step::After(after, is_begun) => {
            // The answer has begun: it breaks off, and is no JSON, rather than be taken for whole.
            let part = work(&state, move |state| records(state, after, is_begun)).await.map_err(|error| {
                tracing::error!(%error, "data.json breaks off");
                actix_web::error::ErrorServiceUnavailable("try again in some seconds")
            })?;
            Ok(Some(part))
        }
    }
}

fn records(state: &State, after: i64, is_begun: bool) -> Result<(web::Bytes, Step), Error> {
    let found = page(&state.catalogue, after, PAGE)?;
    let mut bytes = Vec::new();
    let mut is_begun = is_begun;
    found.batch.write(&state.catalogue, &state.base_url, |outgoing, _| {
        for record in outgoing {
            bytes.extend_from_slice(if is_begun { b",\n" } else { b"\n" });
            bytes.extend(write_one(record)?);
            is_begun = true;
        }
        Ok::<_, Error>(())
    })?;
    let step = match found.next {
        Some(next) => Step::After(next, is_begun),
        None => {
            bytes.extend_from_slice(END.as_bytes());
            Step::Done
        }
    };
    Ok((web::Bytes::from(bytes), step))
}
