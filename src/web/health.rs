//! Health for those who run the node: alive, ready, and figures for Prometheus.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};

use crate::service::follow;

use super::server::State;

/// Figures of this node.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    index_lag: IntGauge,
    datasets: IntGauge,
}

impl Metrics {
    /// All figures at zero.
    ///
    /// # Errors
    /// Two figures have one name.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let requests =
            IntCounterVec::new(Opts::new("rihla_http_requests_total", "Requests answered, by route and status."), &["route", "status"])?;
        let buckets = vec![0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
        let seconds = HistogramVec::new(
            HistogramOpts::new("rihla_http_request_seconds", "Seconds from request to answer, by route.").buckets(buckets),
            &["route"],
        )?;
        let index_lag = IntGauge::new("rihla_index_lag_changes", "Changes that the search index has not seen.")?;
        let datasets = IntGauge::new("rihla_public_datasets", "Datasets that a visitor may find.")?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        for gauge in [&index_lag, &datasets] {
            registry.register(Box::new(gauge.clone()))?;
        }
        Ok(Self { registry, requests, seconds, index_lag, datasets })
    }

    /// Counts one answer.
    pub fn observe(&self, route: &str, status: u16, elapsed: Duration) {
        self.requests.with_label_values(&[route, &status.to_string()]).inc();
        self.seconds.with_label_values(&[route]).observe(elapsed.as_secs_f64());
    }
}

/// `/healthz`: the process answers.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// How long the index may be unable to follow before that is told: a full disk, or the database, may come back within a moment.
const MOST_STANDSTILL: Duration = Duration::from_secs(60);

/// Since when the index cannot follow the change log.
#[derive(Default)]
pub struct Standstill(Mutex<Option<Instant>>);

impl Standstill {
    /// Notes whether the index followed at the last try.
    pub fn note(&self, follows: bool) {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *since = if follows { None } else { Some(since.unwrap_or_else(Instant::now)) };
    }

    /// How long the index has been standing still; none while it follows.
    pub fn lasts(&self) -> Option<Duration> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).map(|since| since.elapsed())
    }
}

/// What is told of an index that is so many changes behind and has been standing still for so long.
fn readiness(lag: i64, standstill: Option<Duration>) -> (StatusCode, String) {
    match (lag, standstill) {
        (0, _) => (StatusCode::OK, "ready\n".to_owned()),
        (lag, Some(time)) if time >= MOST_STANDSTILL => {
            let text = format!("the search index stands still, {lag} changes behind for {} s; the log says why\n", time.as_secs());
            (StatusCode::SERVICE_UNAVAILABLE, text)
        }
        // A few changes behind is the usual state of a busy node; far behind is a node that is starting.
        (lag, _) if lag <= 1_000 => (StatusCode::OK, format!("ready, {lag} changes behind\n")),
        (lag, _) => (StatusCode::SERVICE_UNAVAILABLE, format!("catching up, {lag} changes behind\n")),
    }
}

/// `/readyz`: the database answers, and the index is up to date or follows.
pub async fn ready(state: web::Data<State>) -> HttpResponse {
    let standstill = state.standstill.lasts();
    let looked = web::block(move || follow::lag(&state.catalogue)).await;
    let (status, text) = match looked {
        Ok(Ok(lag)) => readiness(lag, standstill),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n".to_owned()),
    };
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(text)
}

/// `/metrics`: figures in the text format of Prometheus.
pub async fn metrics(state: web::Data<State>) -> HttpResponse {
    let snapshot = state.catalogue.index.snapshot();
    state.metrics.datasets.set(i64::try_from(snapshot.public_total).unwrap_or(i64::MAX));
    let for_lag = state.clone();
    if let Ok(Ok(lag)) = web::block(move || follow::lag(&for_lag.catalogue)).await {
        state.metrics.index_lag.set(lag);
    }
    let mut body = Vec::new();
    match TextEncoder::new().encode(&state.metrics.registry.gather(), &mut body) {
        Ok(()) => HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(body),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_stands_still_is_told_after_a_while() {
        let told = |lag: i64, seconds: Option<u64>| readiness(lag, seconds.map(Duration::from_secs));
        assert_eq!(told(0, None), (StatusCode::OK, "ready\n".to_owned()));
        assert_eq!(told(3, None).0, StatusCode::OK);
        assert_eq!(told(3, Some(5)).0, StatusCode::OK);
        let (status, text) = told(3, Some(60));
        assert!(status == StatusCode::SERVICE_UNAVAILABLE && text.contains("stands still, 3 changes behind"), "{text}");
        assert_eq!(told(0, Some(60)).0, StatusCode::OK, "nothing is missing");
        assert_eq!(told(5_000, None).0, StatusCode::SERVICE_UNAVAILABLE);
    }

    #[test]
    fn a_standstill_lasts_from_the_first_failure_to_the_next_success() {
        let standstill = Standstill::default();
        assert_eq!(standstill.lasts(), None);
        standstill.note(false);
        let first = standstill.lasts().expect("it stands still");
        standstill.note(false);
        assert!(standstill.lasts().expect("it still does") >= first);
        standstill.note(true);
        assert_eq!(standstill.lasts(), None);
    }
}
