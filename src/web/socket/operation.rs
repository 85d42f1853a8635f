//! One operation of a socket, from `subscribe` to its end; and what the operations of a socket share.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use actix_web::rt::task::JoinHandle;
use actix_web::rt::time::timeout;
use actix_web::web;
use actix_ws::Session;
use serde_json::{Value, json};
use tracing::Instrument;

use crate::domain::policy::Actor;
use crate::service::pulse::Pulse;
use crate::web::auth::{self, Credentials};
use crate::web::graphql::{self, Request};
use crate::web::server::State;

use super::live::{Live, Ring, Source};
use super::protocol;

/// How long a client counts as who it was found to be.
const IDENTITY_HOLDS: Duration = Duration::from_secs(30);

/// What the operations of a socket share.
pub(super) struct Shared {
    /// What every request may use.
    pub(super) state: web::Data<State>,
    /// The way to the client. It takes in a few messages and then lets who sends more wait.
    pub(super) session: Session,
    /// What the client made itself known with.
    pub(super) credentials: RefCell<Credentials>,
    /// Languages wanted by the `Accept-Language` header, the most wanted first, with commas between them.
    pub(super) language: Option<Arc<str>>,
    /// Operations that are open, by their identifiers.
    pub(super) open: RefCell<HashMap<String, JoinHandle<()>>>,
}

/// Why an operation ended before it was complete.
pub(super) enum End {
    /// For these GraphQL errors.
    Refused(Value),
    /// The client is not, or no longer, who it was.
    Forbidden,
    /// Nobody listens.
    Gone,
}

impl End {
    fn refused(code: &str, message: impl Into<String>) -> Self {
        Self::Refused(errors(code, message))
    }

    fn internal() -> Self {
        Self::refused("INTERNAL", "the catalogue met an internal fault")
    }
}

/// A list of one GraphQL error.
pub(super) fn errors(code: &str, message: impl Into<String>) -> Value {
    json!([{ "message": message.into(), "extensions": { "code": code } }])
}

impl Shared {
    /// Who the client is, as of now.
    pub(super) async fn identify(&self) -> Result<Actor, End> {
        let credentials = self.credentials.borrow().clone();
        auth::identify(&self.state, &credentials).await.map_err(|_| End::Forbidden)
    }

    /// Ends an operation that the client has heard enough of.
    pub(super) fn cancel(&self, id: &str) {
        if let Some(task) = self.open.borrow_mut().remove(id) {
            task.abort();
        }
    }

    /// Ends all operations.
    pub(super) fn cancel_all(&self) {
        for (_, task) in self.open.borrow_mut().drain() {
            task.abort();
        }
    }

    /// Does work that blocks, within the time that a question has.
    async fn on_pool<R: Send + 'static>(&self, work: impl FnOnce() -> R + Send + 'static) -> Result<R, End> {
        let limit = self.state.settings.execution_timeout_ms;
        match timeout(Duration::from_millis(limit), web::block(work)).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(_)) => Err(End::internal()),
            Err(_) => Err(End::refused("TIMEOUT", format!("the question was not answered within {limit} ms; ask for less at once"))),
        }
    }
}

/// Begins an operation.
pub(super) fn start(shared: &Rc<Shared>, id: String, asked: Request) {
    let work = run(shared.clone(), id.clone(), asked).instrument(tracing::Span::current());
    let task = actix_web::rt::spawn(work);
    shared.open.borrow_mut().insert(id, task);
}

async fn run(shared: Rc<Shared>, id: String, asked: Request) {
    let mut outlet = Outlet { session: shared.session.clone(), id, max_bytes: shared.state.settings.max_response_bytes };
    let ended = answer(&shared, &mut outlet, asked).await;
    // Before the last message, after which the client may use the identifier again.
    shared.open.borrow_mut().remove(&outlet.id);
    let Outlet { mut session, id, .. } = outlet;
    let told = match ended {
        Ok(()) => session.text(protocol::complete(&id)).await,
        Err(End::Refused(errors)) => session.text(protocol::error(&id, &errors)).await,
        Err(End::Forbidden) => session.close(Some(protocol::forbidden())).await,
        Err(End::Gone) => Ok(()),
    };
    if told.is_err() {
        tracing::debug!("the client left before an operation ended");
    }
}

/// The way of an operation's results to the client.
struct Outlet {
    session: Session,
    id: String,
    max_bytes: usize,
}

impl Outlet {
    /// Sends a result; waits while the client does not take any.
    async fn next(&mut self, body: Vec<u8>) -> Result<(), End> {
        let (length, limit) = (body.len(), self.max_bytes);
        if length > limit {
            let message = format!("the answer has {length} bytes, the limit is {limit}; ask for smaller pages or fewer fields");
            return Err(End::refused("RESPONSE_TOO_LARGE", message));
        }
        let body = String::from_utf8(body).map_err(|_| End::internal())?;
        self.session.text(protocol::next(&self.id, &body)).await.map_err(|_| End::Gone)
    }
}

async fn answer(shared: &Shared, outlet: &mut Outlet, asked: Request) -> Result<(), End> {
    let state = &shared.state;
    let actor = shared.identify().await?;
    let (prepared, cost) =
        graphql::prepare(&asked, state, graphql::cost_limit(state, &actor)).map_err(|refused| End::Refused(refused.errors))?;
    let context = graphql::context_of(state, actor.clone(), shared.language.clone());
    let variables = asked.variables;
    if prepared.borrow_dependent().is_subscription() {
        return follow(shared, outlet, Source { prepared, variables, context }, &actor).await;
    }
    let limit = state.documents.limits().cost;
    let done = shared.on_pool(move || graphql::execute(&prepared, &variables, &context, cost, limit)).await?;
    match done.refused {
        Some(refused) => Err(End::Refused(refused.errors)),
        None => outlet.next(done.body).await,
    }
}

/// Tells the events of a subscription until it ends.
async fn follow(shared: &Shared, outlet: &mut Outlet, source: Source, actor: &Actor) -> Result<(), End> {
    let mut checked = Instant::now();
    let ring = Pulse::default();
    let waker = Waker::from(Arc::new(Ring(ring.clone())));
    let mut live = shared.on_pool(move || Live::open(source)).await?.map_err(End::Refused)?;
    loop {
        // Looked at before the stream is asked, so that a ring in between is not missed.
        let rung = ring.last();
        let waker = waker.clone();
        let (back, polled) = shared
            .on_pool(move || {
                let polled = live.poll(&waker);
                (live, polled)
            })
            .await?;
        live = back;
        match polled {
            Poll::Pending => {
                ring.beyond(rung).await;
            }
            Poll::Ready(None) => return Ok(()),
            Poll::Ready(Some(event)) => {
                // Who signed out, or lost a role, hears nothing more.
                if checked.elapsed() > IDENTITY_HOLDS {
                    if shared.identify().await? != *actor {
                        return Err(End::Forbidden);
                    }
                    checked = Instant::now();
                }
                outlet.next(event).await?;
            }
        }
    }
}
