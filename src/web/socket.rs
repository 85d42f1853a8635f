//! GraphQL over a WebSocket, after the protocol `graphql-transport-ws`
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>): handshake, signs of life, and the end.

pub mod live;
mod operation;
mod protocol;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use actix_web::dev;
use actix_web::error::PayloadError;
use actix_web::guard::GuardContext;
use actix_web::http::StatusCode;
use actix_web::http::header::{ORIGIN, RETRY_AFTER, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use actix_web::rt::time::{Interval, interval, timeout};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseReason, Closed, ProtocolError};
use futures_util::{Stream, StreamExt};
use serde_json::{Map, Value};
use tracing::Instrument;

use crate::service::pulse::{Beyond, Pulse};

use super::auth::{Credentials, is_own_origin};
use super::graphql;
use super::negotiation::{accepted_languages, wanted};
use super::server::State;

use operation::Shared;
use protocol::FromClient;

/// The only subprotocol spoken here.
const PROTOCOL: &str = "graphql-transport-ws";

/// Most sockets of the process.
const MAX_SOCKETS: usize = 1_000;

/// Most open operations of a socket.
const MAX_OPERATIONS: usize = 50;

/// How long a client may take to introduce itself.
const INIT_WITHIN: Duration = Duration::from_secs(3);

/// How often a client is asked for a sign of life.
const PING_EVERY: Duration = Duration::from_secs(20);

/// How long a client may give no sign of life, or take nothing in.
const SILENCE: Duration = Duration::from_secs(60);

/// Bytes that may arrive beside the largest message: heads of frames, and what one read brings of the next message.
const READ_AHEAD: usize = 128 * 1024;

/// The open sockets of the process: how many there are, and whether they have to end.
#[derive(Debug, Default)]
pub struct Sockets {
    open: AtomicUsize,
    stopping: Pulse,
}

impl Sockets {
    /// Closes every socket and lets no other in.
    pub fn stop(&self) {
        self.stopping.advance(1);
    }
}

/// One of the places for sockets; free again when dropped.
struct Place(web::Data<State>);

impl Place {
    fn take(state: &web::Data<State>) -> Option<Self> {
        let before = state.sockets.open.fetch_add(1, Ordering::SeqCst);
        let place = Self(state.clone());
        (before < MAX_SOCKETS && state.sockets.stopping.last() == 0).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.sockets.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Whether a request asks for a WebSocket.
pub fn is_asked_for(context: &GuardContext<'_>) -> bool {
    let upgrade = context.head().headers().get(UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|value| value.to_ascii_lowercase().contains("websocket"))
}

/// Answers the handshake and leaves the socket to a task of its own.
///
/// # Errors
/// The request is not a handshake of a WebSocket.
pub async fn handle(request: HttpRequest, payload: web::Payload, state: web::Data<State>) -> Result<HttpResponse, actix_web::Error> {
    if !offers_protocol(&request) {
        return Ok(refusal(StatusCode::BAD_REQUEST, &format!("open a WebSocket with the subprotocol {PROTOCOL}")));
    }
    let credentials = match origin(&request, &state) {
        Origin::Own => Credentials::of(&request, &state),
        // As over HTTP, other origins never act with what the browser keeps; they may introduce themselves with a token.
        Origin::Allowed => Credentials::default(),
        Origin::Refused => return Ok(refusal(StatusCode::FORBIDDEN, "pages of this origin may not ask this catalogue")),
    };
    let Some(place) = Place::take(&state) else {
        return Ok(refusal(StatusCode::SERVICE_UNAVAILABLE, "there are too many open sockets; try again later"));
    };
    let limit = state.settings.max_body_bytes;
    let received = Rc::new(Cell::new(0));
    let mut counted = counted(payload, limit.saturating_add(READ_AHEAD), received.clone());
    let payload = web::Payload::from_request(&request, &mut counted).await?;
    let (response, session, incoming) = actix_ws::handle_with_protocols(&request, payload, &[PROTOCOL])?;
    let incoming = incoming.max_frame_size(limit).aggregate_continuations().max_continuation_size(limit);
    let language = accepted_languages(&request).as_deref().and_then(wanted).map(Into::into);
    let (credentials, open) = (RefCell::new(credentials), RefCell::new(HashMap::new()));
    let shared = Rc::new(Shared { state, session, credentials, language, open });
    let socket = Socket::new(shared, incoming, received, place);
    actix_web::rt::spawn(socket.run().instrument(tracing::Span::current()));
    Ok(response)
}

fn offers_protocol(request: &HttpRequest) -> bool {
    let offers = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL).filter_map(|value| value.to_str().ok());
    offers.flat_map(|value| value.split(',')).any(|offer| offer.trim() == PROTOCOL)
}

fn refusal(status: StatusCode, message: &str) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.insert_header((RETRY_AFTER, "30"));
    }
    response.content_type("text/plain; charset=utf-8").body(message.to_owned())
}

/// Where a handshake comes from.
enum Origin {
    /// From the catalogue's own pages, or from no page at all.
    Own,
    /// From pages that the operator allows.
    Allowed,
    /// From other pages.
    Refused,
}

/// Browsers let any page open a WebSocket anywhere and send their cookies along: the server has to look at the origin.
fn origin(request: &HttpRequest, state: &State) -> Origin {
    let Some(given) = request.headers().get(ORIGIN) else {
        return Origin::Own;
    };
    let given = given.to_str().unwrap_or_default();
    if is_own_origin(request, state, given) {
        Origin::Own
    } else if state.settings.cors_origins.split_whitespace().any(|allowed| allowed == "*" || allowed == given) {
        Origin::Allowed
    } else {
        Origin::Refused
    }
}

/// Lets so many bytes pass between two messages and no more: the reader of frames waits for the end of a frame,
/// however long the frame says it is.
fn counted(payload: web::Payload, limit: usize, received: Rc<Cell<usize>>) -> dev::Payload {
    let stream = payload.map(move |chunk| {
        let chunk = chunk?;
        received.set(received.get().saturating_add(chunk.len()));
        if received.get() > limit { Err(PayloadError::Overflow) } else { Ok(chunk) }
    });
    dev::Payload::Stream { payload: Box::pin(stream) }
}

/// How a socket ends.
enum Leave {
    /// The client has gone.
    Gone,
    /// With a close frame.
    Close(Option<CloseReason>),
}

impl From<CloseReason> for Leave {
    fn from(reason: CloseReason) -> Self {
        Self::Close(Some(reason))
    }
}

/// What happens next at a socket.
enum Turn {
    /// The server is stopping.
    Stop,
    /// A second has passed.
    Tick,
    /// A message came, or none will.
    Heard(Option<Result<AggregatedMessage, ProtocolError>>),
}

struct Socket {
    shared: Rc<Shared>,
    incoming: AggregatedMessageStream,
    /// Bytes received since the last message.
    received: Rc<Cell<usize>>,
    stop: Beyond,
    clock: Interval,
    /// Whether the client has introduced itself.
    greeted: bool,
    opened: Instant,
    heard: Instant,
    pinged: Instant,
    _place: Place,
}

impl Socket {
    fn new(shared: Rc<Shared>, incoming: AggregatedMessageStream, received: Rc<Cell<usize>>, place: Place) -> Self {
        let now = Instant::now();
        let (stop, clock) = (shared.state.sockets.stopping.beyond(0), interval(Duration::from_secs(1)));
        Self { shared, incoming, received, stop, clock, greeted: false, opened: now, heard: now, pinged: now, _place: place }
    }

    async fn run(mut self) {
        let leave = loop {
            let turn = self.turn().await;
            if let Err(leave) = self.take(turn).await {
                break leave;
            }
        };
        self.shared.cancel_all();
        if let Leave::Close(reason) = leave
            && patiently(self.shared.session.clone().close(reason)).await.is_err()
        {
            tracing::debug!("the client left before the socket was closed");
        }
    }

    async fn turn(&mut self) -> Turn {
        // The clock comes before the client, so that nobody can keep it from striking.
        poll_fn(|context| {
            if Pin::new(&mut self.stop).poll(context).is_ready() {
                return Poll::Ready(Turn::Stop);
            }
            if self.clock.poll_tick(context).is_ready() {
                return Poll::Ready(Turn::Tick);
            }
            Pin::new(&mut self.incoming).poll_next(context).map(Turn::Heard)
        })
        .await
    }

    async fn take(&mut self, turn: Turn) -> Result<(), Leave> {
        match turn {
            Turn::Stop => Err(protocol::close(1001, "The server is stopping").into()),
            Turn::Tick => self.tick().await,
            Turn::Heard(None) => Err(Leave::Gone),
            Turn::Heard(Some(Err(error))) => Err(fault(&error).into()),
            Turn::Heard(Some(Ok(message))) => {
                self.heard = Instant::now();
                self.received.set(0);
                match message {
                    AggregatedMessage::Text(text) => self.read(&text).await,
                    AggregatedMessage::Binary(_) => Err(protocol::bad_request("Messages are texts").into()),
                    AggregatedMessage::Ping(payload) => patiently(self.shared.session.clone().pong(&payload)).await,
                    AggregatedMessage::Pong(_) => Ok(()),
                    AggregatedMessage::Close(reason) => Err(Leave::Close(reason)),
                }
            }
        }
    }

    async fn tick(&mut self) -> Result<(), Leave> {
        if !self.greeted && self.opened.elapsed() >= INIT_WITHIN {
            return Err(protocol::close(4408, "Connection initialisation timeout").into());
        }
        if self.heard.elapsed() >= SILENCE {
            return Err(protocol::close(1001, "No sign of life").into());
        }
        if self.pinged.elapsed() >= PING_EVERY {
            self.pinged = Instant::now();
            patiently(self.shared.session.clone().ping(b"")).await?;
        }
        Ok(())
    }

    async fn read(&mut self, text: &str) -> Result<(), Leave> {
        match protocol::read(text)? {
            FromClient::Init(token) => self.greet(token).await,
            FromClient::Ping(payload) => self.send(protocol::pong(payload)).await,
            FromClient::Pong => Ok(()),
            FromClient::Subscribe(id, payload) => self.subscribe(id, payload).await,
            FromClient::Complete(id) => {
                self.shared.cancel(&id);
                Ok(())
            }
        }
    }

    async fn greet(&mut self, token: Option<String>) -> Result<(), Leave> {
        if std::mem::replace(&mut self.greeted, true) {
            return Err(protocol::close(4429, "Too many initialisation requests").into());
        }
        if let Some(token) = token {
            self.shared.credentials.replace(Credentials::bearer(token));
        }
        if self.shared.identify().await.is_err() {
            return Err(protocol::forbidden().into());
        }
        self.send(protocol::ACK.to_owned()).await
    }

    async fn subscribe(&mut self, id: String, payload: Map<String, Value>) -> Result<(), Leave> {
        if !self.greeted {
            return Err(protocol::close(4401, "Unauthorized").into());
        }
        if self.shared.open.borrow().contains_key(&id) {
            return Err(protocol::close(4409, format!("Subscriber for {id} already exists")).into());
        }
        let asked = graphql::read_object(payload).map_err(|refused| {
            let words = refused.errors.pointer("/0/message").and_then(Value::as_str).unwrap_or("The request is not understood");
            protocol::bad_request(words)
        })?;
        if self.shared.open.borrow().len() >= MAX_OPERATIONS {
            let message = format!("the socket has {MAX_OPERATIONS} open operations, which is the limit; complete one first");
            return self.send(protocol::error(&id, &operation::errors("LIMIT_EXCEEDED", message))).await;
        }
        operation::start(&self.shared, id, asked);
        Ok(())
    }

    async fn send(&self, text: String) -> Result<(), Leave> {
        patiently(self.shared.session.clone().text(text)).await
    }
}

/// Sends what belongs to no operation. A client that takes nothing in for so long has gone.
async fn patiently(sending: impl Future<Output = Result<(), Closed>>) -> Result<(), Leave> {
    match timeout(SILENCE, sending).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(Closed)) | Err(_) => Err(Leave::Gone),
    }
}

/// What a socket is closed with for a fault below the messages.
fn fault(error: &ProtocolError) -> CloseReason {
    match error {
        ProtocolError::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => protocol::bad_request("The message is not UTF-8"),
        // Messages in too many pieces and bytes without a message come as faults of reading. A connection that is
        // really broken takes no close frame, whatever it says.
        ProtocolError::Overflow | ProtocolError::Io(_) => protocol::close(1009, "The message is too large"),
        _ => protocol::close(1002, "The frame is not understood"),
    }
}
