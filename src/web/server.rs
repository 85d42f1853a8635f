//! The server: routes, limits of the connection, the follower of the change log, and a shutdown that loses nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, guard, web};

use crate::config::Settings;
use crate::graphql::limits::Limits;
use crate::graphql::schema;
use crate::service::{Catalogue, follow};

use super::documents::Documents;
use super::health::Metrics;
use super::{graphql, health, ide, middleware, start};

/// What every request may use.
pub struct State {
    /// The catalogue.
    pub catalogue: Arc<Catalogue>,
    /// Settings.
    pub settings: Settings,
    /// Documents and persisted queries.
    pub documents: Documents,
    /// Figures.
    pub metrics: Metrics,
    /// Address under which the catalogue is published.
    pub base_url: Arc<str>,
    /// Name of the catalogue.
    pub name: Arc<str>,
}

impl State {
    /// Joins the parts.
    ///
    /// # Errors
    /// Two figures have one name.
    pub fn new(catalogue: Arc<Catalogue>, settings: Settings) -> anyhow::Result<Self> {
        let limits = Limits {
            depth: settings.max_depth,
            tokens: settings.max_tokens,
            fields: settings.max_fields,
            aliases: settings.max_aliases,
            root_fields: settings.max_root_fields,
            cost: settings.max_cost,
        };
        let documents = Documents::new(schema(settings.introspection), limits, settings.cache_documents);
        let (base_url, name) = (settings.public_url().into(), settings.name.as_str().into());
        Ok(Self { catalogue, documents, metrics: Metrics::new()?, base_url, name, settings })
    }
}

/// Runs until the process is told to stop (SIGINT, SIGTERM), then lets open requests finish.
///
/// # Errors
/// The address cannot be taken.
pub fn run(catalogue: Arc<Catalogue>, settings: Settings, started: impl FnOnce(&str)) -> anyhow::Result<()> {
    let state = web::Data::new(State::new(catalogue.clone(), settings.clone())?);
    let stop = Arc::new(AtomicBool::new(false));
    let follower = start_follower(catalogue.clone(), stop.clone(), Duration::from_millis(settings.follow_interval_ms));
    let served = serve(state, &settings, started);
    stop.store(true, Ordering::SeqCst);
    if follower.join().is_err() {
        tracing::error!("the follower of the change log ended early; the index catches up at the next start");
    }
    catalogue.index.close()?;
    tracing::info!("stopped");
    served
}

fn serve(state: web::Data<State>, settings: &Settings, started: impl FnOnce(&str)) -> anyhow::Result<()> {
    let workers =
        if settings.workers == 0 { std::thread::available_parallelism().map_or(2, std::num::NonZero::get) } else { settings.workers };
    let with_ide = settings.graphiql;
    let bind = settings.bind.clone();
    let shutdown = settings.shutdown_timeout_s;
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            let app = App::new()
                .app_data(state.clone())
                .wrap(Compress::default())
                .wrap(from_fn(super::cors::allow))
                .wrap(from_fn(middleware::observe))
                .route("/graphql", web::route().to(graphql::handle))
                .route("/", readable().to(start::page))
                .route("/healthz", readable().to(health::alive))
                .route("/readyz", readable().to(health::ready))
                .route("/metrics", readable().to(health::metrics))
                .route("/assets/{name}", readable().to(ide::asset));
            let app = if with_ide { app.route("/graphiql", readable().to(ide::page)) } else { app };
            app.default_service(web::to(start::not_found))
        })
        .workers(workers)
        .client_request_timeout(Duration::from_secs(5))
        .keep_alive(Duration::from_secs(75))
        .shutdown_timeout(shutdown)
        .bind(&bind)
        .map_err(|e| anyhow::anyhow!("cannot listen on {bind}: {e}; stop the other program or choose another address with --bind"))?;
        let address = server.addrs().first().map_or(bind, ToString::to_string);
        let running = server.run();
        started(&address);
        running.await.map_err(anyhow::Error::from)
    })
}

/// GET, and HEAD for those who only want to know.
fn readable() -> actix_web::Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

fn start_follower(catalogue: Arc<Catalogue>, stop: Arc<AtomicBool>, interval: Duration) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut silent = false;
        while !stop.load(Ordering::SeqCst) {
            match follow::follow(&catalogue) {
                Ok(0) => std::thread::sleep(interval),
                Ok(changes) => {
                    silent = false;
                    tracing::debug!(changes, seq = catalogue.index.snapshot().seq, "index follows");
                }
                Err(error) => {
                    // Told once, not at every try.
                    if !silent {
                        tracing::warn!(%error, "the index cannot follow the change log; trying again");
                        silent = true;
                    }
                    std::thread::sleep(interval.max(Duration::from_secs(1)));
                }
            }
        }
    })
}
