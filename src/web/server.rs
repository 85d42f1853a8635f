//! The server: routes, limits of the connection, the follower of the change log, and a shutdown that loses nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, guard, web};

use crate::config::Settings;
use crate::graphql::limits::Limits;
use crate::graphql::schema;
use crate::service::courier::Courier;
use crate::service::harvest::{ClientOptions, Harvester};
use crate::service::mail::{Mailer, Transport};
use crate::service::oidc::{Exchange, Providers, read_providers};
use crate::service::outbound::{Outbound, OutboundOptions};
use crate::service::{Catalogue, follow};

use super::documents::Documents;
use super::health::{Metrics, Standstill};
use super::socket::Sockets;
use super::{access, account, federation, graphql, health, ide, intake, middleware, preview, publishing, register, socket, start};

/// How long a harvest under way is waited for when the server stops.
const HARVEST_END: Duration = Duration::from_secs(5);

/// Threads of each worker that may work on questions at a time, for each connection to the database. More would wait for a connection,
/// and each holds memory.
const THREADS_A_CONNECTION: usize = 2;

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
    /// Identity providers, where there are any.
    pub providers: Option<Providers>,
    /// Open WebSockets.
    pub sockets: Sockets,
    /// Documents that are being looked through.
    pub scans: access::Scans,
    /// Since when the index cannot follow the change log.
    pub standstill: Arc<Standstill>,
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
        let providers = providers(&settings)?;
        let (sockets, scans, standstill) = (Sockets::default(), access::Scans::default(), Arc::default());
        Ok(Self { catalogue, documents, metrics: Metrics::new()?, base_url, name, settings, providers, sockets, scans, standstill })
    }
}

/// Reads the identity providers that the operator has set.
fn providers(settings: &Settings) -> anyhow::Result<Option<Providers>> {
    if settings.identity_providers.is_empty() {
        return Ok(None);
    }
    let path = &settings.identity_providers;
    let text = std::fs::read_to_string(path).map_err(|e| anyhow::anyhow!("the file of identity providers {path} cannot be read: {e}"))?;
    let read = read_providers(&text).map_err(|problems| anyhow::anyhow!("{path}: {}", problems.join("; ")))?;
    // The operator names the providers, so that they may be in the own network.
    let outbound = outbound(settings, true);
    let exchange: Exchange = Arc::new(move |request| outbound.exchange(request));
    Ok(Some(Providers::new(read, format!("{}/auth/callback", settings.public_url()), exchange)))
}

fn outbound(settings: &Settings, allow_private: bool) -> Outbound {
    let total_timeout = Duration::from_millis(settings.webhook_timeout_ms);
    Outbound::new(OutboundOptions {
        allow_private,
        connect_timeout: Duration::from_secs(5).min(total_timeout),
        total_timeout,
        max_body: 1 << 20,
    })
}

/// Who sends letters in the name of the catalogue.
fn mailer(settings: &Settings) -> anyhow::Result<Mailer> {
    let mailer = Transport::open(&settings.smtp_url, &settings.mail_from, settings.data_path().join("outbox"));
    mailer.map_err(|e| anyhow::anyhow!("mail: {e}"))
}

/// What of the settings would end a server at its start, told without starting one: its parts are made as it makes them.
pub fn faults(settings: &Settings) -> Vec<String> {
    let faults = [mailer(settings).err(), providers(settings).err()];
    faults.into_iter().flatten().map(|fault| fault.to_string()).collect()
}

/// What leaves the house: mails, webhooks, reminders.
fn courier(catalogue: Arc<Catalogue>, settings: &Settings) -> anyhow::Result<Courier> {
    Ok(Courier {
        catalogue,
        mailer: mailer(settings)?,
        outbound: outbound(settings, settings.webhook_allow_private),
        name: settings.name.clone(),
        base_url: settings.public_url(),
        retry_ms: settings.webhook_retry_ms,
        interval: Duration::from_millis(settings.follow_interval_ms),
        remind_every: Duration::from_secs(60 * settings.remind_every_minutes.max(1)),
        idle_ms: settings.session_idle_minutes * 60_000,
    })
}

/// Harvests sources that are due, where this node is to do so.
fn start_harvest(catalogue: Arc<Catalogue>, settings: &Settings, stop: Arc<AtomicBool>) -> Vec<std::thread::JoinHandle<()>> {
    if !settings.harvest {
        return Vec::new();
    }
    let client = Arc::new(crate::service::harvest::Client::new(client_options(settings)));
    let interval = Duration::from_millis(settings.harvest_interval_ms);
    Arc::new(Harvester { catalogue, client, interval }).run(stop)
}

/// Waits for harvests under way to reach the end of a page. A server that answers slowly holds up no stop: what was read is kept, and the
/// run goes on after the next start.
fn end_harvest(harvesters: Vec<std::thread::JoinHandle<()>>) {
    let deadline = Instant::now() + HARVEST_END;
    for thread in harvesters {
        while !thread.is_finished() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        if !thread.is_finished() {
            tracing::info!("a source that is harvested has not answered; the harvest goes on after the next start");
        } else if thread.join().is_err() {
            tracing::error!("a harvest ended early; it goes on after the next start");
        }
    }
}

/// How other systems are read, by the settings.
pub fn client_options(settings: &Settings) -> ClientOptions {
    ClientOptions {
        allowed_hosts: settings.harvest_hosts(),
        pause: Duration::from_millis(settings.harvest_pause_ms),
        total_timeout: Duration::from_millis(settings.harvest_timeout_ms),
        max_body: settings.harvest_max_bytes,
        base_url: settings.public_url(),
    }
}

/// Runs until the process is told to stop (SIGINT, SIGTERM), then lets open requests finish.
///
/// # Errors
/// The address cannot be taken.
pub fn run(catalogue: Arc<Catalogue>, settings: Settings, started: impl FnOnce(&str)) -> anyhow::Result<()> {
    let state = web::Data::new(State::new(catalogue.clone(), settings.clone())?);
    let stop = Arc::new(AtomicBool::new(false));
    let couriers = Arc::new(courier(catalogue.clone(), &settings)?).run(stop.clone());
    let harvesters = start_harvest(catalogue.clone(), &settings, stop.clone());
    let follower =
        start_follower(catalogue.clone(), state.standstill.clone(), stop.clone(), Duration::from_millis(settings.follow_interval_ms));
    let served = serve(state, &settings, started);
    stop.store(true, Ordering::SeqCst);
    if follower.join().is_err() {
        tracing::error!("the follower of the change log ended early; the index catches up at the next start");
    }
    for thread in couriers {
        if thread.join().is_err() {
            tracing::error!("the courier ended early; what it had to deliver is delivered after the next start");
        }
    }
    end_harvest(harvesters);
    for index in catalogue.indexes() {
        index.close()?;
    }
    tracing::info!("stopped");
    served
}

fn serve(state: web::Data<State>, settings: &Settings, started: impl FnOnce(&str)) -> anyhow::Result<()> {
    let workers =
        if settings.workers == 0 { std::thread::available_parallelism().map_or(2, std::num::NonZero::get) } else { settings.workers };
    let threads = THREADS_A_CONNECTION * settings.database_connections.max(1) as usize;
    let with_ide = settings.graphiql;
    let bind = settings.bind.clone();
    let shutdown = settings.shutdown_timeout_s;
    actix_web::rt::System::new().block_on(async move {
        let sockets = state.clone();
        let server = HttpServer::new(move || {
            let app = App::new()
                .app_data(state.clone())
                .app_data(web::FormConfig::default().limit(16 << 10))
                .wrap(Compress::default())
                .wrap(from_fn(super::cors::allow))
                .wrap(from_fn(middleware::observe))
                .configure(account_routes)
                .configure(access_routes)
                .configure(intake_routes)
                .configure(publishing::routes)
                .route("/graphql", web::get().guard(guard::fn_guard(socket::is_asked_for)).to(socket::handle))
                .route("/graphql/ws", web::get().to(socket::handle))
                .route("/graphql", web::route().to(graphql::handle))
                .route("/", readable().to(start::page))
                .route("/healthz", readable().to(health::alive))
                .route("/readyz", readable().to(health::ready))
                .route("/metrics", readable().to(health::metrics))
                .route("/assets/{name}", readable().to(ide::asset));
            let app = if with_ide { app.route("/graphiql", readable().to(ide::page)) } else { app };
            app.default_service(web::to(start::elsewhere))
        })
        .workers(workers)
        .worker_max_blocking_threads(threads)
        .client_request_timeout(Duration::from_secs(5))
        .keep_alive(Duration::from_secs(75))
        .shutdown_timeout(shutdown)
        .shutdown_signal(async move {
            told_to_stop().await;
            // Sockets live as long as their clients want; they are told.
            sockets.sockets.stop();
        })
        .bind(&bind)
        .map_err(|e| anyhow::anyhow!("cannot listen on {bind}: {e}; stop the other program or choose another address with --bind"))?;
        let address = server.addrs().first().map_or(bind, ToString::to_string);
        let running = server.run();
        started(&address);
        running.await.map_err(anyhow::Error::from)
    })
}

/// Until the process is told to stop, by whichever signal.
async fn told_to_stop() {
    use actix_web::rt::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::quit()];
    let signals = kinds.into_iter().filter_map(|kind| signal(kind).ok());
    let mut waiting: Vec<_> = signals.map(|mut signal| Box::pin(async move { signal.recv().await })).collect();
    if waiting.is_empty() {
        return std::future::pending().await;
    }
    std::future::poll_fn(|context| {
        let is_told = waiting.iter_mut().any(|signal| signal.as_mut().poll(context).is_ready());
        if is_told { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

/// Signing in and out, and private previews.
fn account_routes(app: &mut web::ServiceConfig) {
    app.route("/sign-in", readable().to(account::sign_in_form))
        .route("/sign-in", web::post().to(account::sign_in))
        .route("/sign-in/{secret}", web::get().to(account::one_time))
        .route("/sign-in/{secret}", web::post().to(account::use_one_time))
        .route("/sign-out", web::post().to(account::sign_out))
        .route("/signed-out", readable().to(account::signed_out))
        .route("/account", web::get().to(account::account))
        .route("/invitation/{secret}", web::get().to(account::invitation))
        .route("/invitation/{secret}", web::post().to(account::accept_invitation))
        .route("/password-reset", web::get().to(account::reset_form))
        .route("/password-reset", web::post().to(account::request_reset))
        .route("/password-reset/{secret}", web::get().to(account::reset))
        .route("/password-reset/{secret}", web::post().to(account::set_password))
        .route("/register", web::get().to(register::form))
        .route("/register", web::post().to(register::send))
        .route("/auth/callback", web::get().to(federation::callback))
        .route("/auth/{provider}/start", web::post().to(federation::start))
        .route("/preview/{secret}", web::get().to(preview::page));
}

/// What access requests need beside GraphQL.
fn access_routes(app: &mut web::ServiceConfig) {
    app.route("/access-request/{id}", readable().to(access::page))
        .route("/access-request/{id}/documents", web::post().to(access::attach))
        .route("/access-document/{id}", web::get().to(access::document))
        .route("/entitlements", readable().to(access::entitlements));
}

/// Files of other systems in, and what records were read from out.
fn intake_routes(app: &mut web::ServiceConfig) {
    app.route("/institution/{slug}/records", web::post().to(intake::take))
        .route("/institution/{slug}/originals/{hash}", readable().to(intake::original));
}

/// GET, and HEAD for those who only want to know.
pub fn readable() -> actix_web::Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

fn start_follower(
    catalogue: Arc<Catalogue>,
    standstill: Arc<Standstill>,
    stop: Arc<AtomicBool>,
    interval: Duration,
) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut silent = false;
        while !stop.load(Ordering::SeqCst) {
            let followed = follow::follow(&catalogue);
            standstill.note(followed.is_ok());
            match followed {
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
