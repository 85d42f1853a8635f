//! Health for those who run the node: alive, ready, and figures for Prometheus.

use std::time::Duration;

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

/// `/readyz`: the database answers and the index is up to date.
pub async fn ready(state: web::Data<State>) -> HttpResponse {
    let looked = web::block(move || follow::lag(&state.catalogue)).await;
    let (status, text) = match looked {
        Ok(Ok(0)) => (actix_web::http::StatusCode::OK, "ready\n".to_owned()),
        // A few changes behind is the usual state of a busy node; far behind is a node that is starting.
        Ok(Ok(lag)) if lag <= 1_000 => (actix_web::http::StatusCode::OK, format!("ready, {lag} changes behind\n")),
        Ok(Ok(lag)) => (actix_web::http::StatusCode::SERVICE_UNAVAILABLE, format!("catching up, {lag} changes behind\n")),
        _ => (actix_web::http::StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n".to_owned()),
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
