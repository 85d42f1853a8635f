//! Requests to addresses that other people chose: webhooks, identity providers. Nothing private can be reached by them.

pub mod address;

use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse};
use ureq::Agent;
use ureq::config::{AutoHeaderValue, Config};
use ureq::http::header::{HeaderMap, HeaderName, HeaderValue};
use ureq::http::request::Parts;
use ureq::http::{Request, Response, Uri};
use ureq::unversioned::transport::DefaultConnector;
use url::{Host, Url};

use address::{CheckedResolver, Refused, is_public, not_public};

pub use ureq::http::Method;

/// Headers that say where a message goes or where it ends. Only the client itself may set them.
const FRAMING: [&str; 4] = ["host", "content-length", "transfer-encoding", "connection"];

/// How an [`Outbound`] behaves.
#[derive(Clone, Copy, Debug)]
pub struct OutboundOptions {
    /// Whether addresses that are not public may be reached: for development, and for machines inside the house.
    pub allow_private: bool,
    /// Time to look the name up, and again to connect, with TLS.
    pub connect_timeout: Duration,
    /// Time for all of it, from the look-up to the last byte of the answer.
    pub total_timeout: Duration,
    /// The longest body of an answer that is read, in bytes.
    pub max_body: u64,
}

/// An HTTP client that connects to the addresses it has checked and to no other. It follows no redirect, uses no proxy, keeps no
/// connection, and blocks its thread until the answer is there. Clones share what they can.
#[derive(Clone, Debug)]
pub struct Outbound {
    agent: Agent,
    options: OutboundOptions,
}

/// What a server answered, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status; a redirect (3xx) comes as it is.
    pub status: u16,
    /// Names in lower case, and values; bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body, at most as long as the options allow.
    pub body: Vec<u8>,
}

/// Why there is no answer. The texts name the host at most: no query, no value of a header, no body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutboundError {
    /// The address is not allowed; nothing was sent.
    Address(String),
    /// The answer was not complete in time. The request may have arrived.
    Timeout,
    /// Look-up, connection or exchange failed. The request may have arrived.
    Unreachable(String),
    /// The answer is longer than allowed. The request has arrived.
    TooLarge,
    /// The URL, or a header, is not one that can be sent; nothing was.
    BadUrl(String),
}

impl std::fmt::Display for OutboundError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(text) | Self::BadUrl(text) => f.write_str(text),
            Self::Timeout => f.write_str("there was no complete answer in the time allowed"),
            Self::Unreachable(text) => write!(f, "the server cannot be reached: {text}"),
            Self::TooLarge => f.write_str("the answer is longer than allowed"),
        }
    }
}

impl std::error::Error for OutboundError {}

/// Reads a URL that requests are to go to, as is done when it is registered. The result has no fragment.
///
/// Unless `allow_private`, literal addresses that are not public, and `localhost`, are refused here already. Where a name leads is not
/// looked up now, since that can change: [`Outbound::send`] does it every time.
///
/// # Errors
/// The text is no `http` or `https` URL without user name and password, or is refused; what is said is for the person who gave it.
pub fn check_url(text: &str, allow_private: bool) -> Result<Url, String> {
    read_url(text, allow_private).map(|(url, _)| url).map_err(|error| error.to_string())
}

fn read_url(text: &str, allow_private: bool) -> Result<(Url, Uri), OutboundError> {
    let bad = |why: &str| OutboundError::BadUrl(format!("the URL {why}; give one such as https://example.org/hook"));
    let mut url = Url::parse(text).map_err(|error| bad(&format!("cannot be read ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad("begins with neither https:// nor http://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("contains a user name or a password"));
    }
    url.set_fragment(None);
    let refused = match url.host() {
        None => return Err(bad("names no host")),
        Some(Host::Domain(name)) => is_localhost(name),
        Some(Host::Ipv4(ip)) => !is_public(ip.into()),
        Some(Host::Ipv6(ip)) => !is_public(ip.into()),
    };
    if refused && !allow_private {
        return Err(OutboundError::Address(not_public(url.host_str().unwrap_or_default())));
    }
    // Its normal form is what is sent: odd spellings of an address have become the address that was judged above.
    let uri = Uri::try_from(url.as_str()).map_err(|_| bad("is too long, or has characters that must be percent-encoded"))?;
    Ok((url, uri))
}

fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

impl Outbound {
    /// A client with these options. No connection is made yet.
    pub fn new(options: OutboundOptions) -> Self {
        let resolver = CheckedResolver { allow_private: options.allow_private };
        Self { agent: Agent::with_parts(config(&options), DefaultConnector::default(), resolver), options }
    }

    /// The longest that a request can take.
    pub fn total_timeout(&self) -> Duration {
        self.options.total_timeout
    }

    /// Sends a request and reads the answer. Every status is an answer, also 3xx, 4xx and 5xx.
    ///
    /// # Errors
    /// See [`OutboundError`]. A header that says where the message goes or ends (`host`, `content-length`, …) is refused.
    pub fn send(&self, method: Method, url: &str, headers: &[(String, String)], body: &[u8]) -> Result<Reply, OutboundError> {
        let (_, uri) = read_url(url, self.options.allow_private)?;
        let mut request = Request::new(());
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = header_map(headers)?;
        let (parts, body) = self.run(request.into_parts().0, body)?.into_parts();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        Ok(Reply { status: parts.status.as_u16(), headers, body })
    }

    /// Sends a request of the OpenID Connect library: `&|request| outbound.exchange(request)` is a `SyncHttpClient`.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, OutboundError> {
        let (mut parts, body) = request.into_parts();
        (_, parts.uri) = read_url(&parts.uri.to_string(), self.options.allow_private)?;
        self.run(parts, &body)
    }

    fn run(&self, parts: Parts, body: &[u8]) -> Result<Response<Vec<u8>>, OutboundError> {
        // Where the method is about a body, an empty one is announced too: some servers insist on `content-length: 0`.
        let announced = !body.is_empty() || [Method::POST, Method::PUT, Method::PATCH].contains(&parts.method);
        let answer =
            if announced { self.agent.run(Request::from_parts(parts, body)) } else { self.agent.run(Request::from_parts(parts, ())) };
        let (parts, body) = answer.map_err(failure)?.into_parts();
        let body = body.into_with_config().limit(self.options.max_body).read_to_vec().map_err(failure)?;
        Ok(Response::from_parts(parts, body))
    }
}

fn config(options: &OutboundOptions) -> Config {
    Agent::config_builder()
        .http_status_as_error(false)
        // A redirect would lead to an address that nobody registered, and carry the headers there.
        .max_redirects(0)
        // A proxy would look the name up by itself, unchecked.
        .proxy(None)
        // A kept connection would outlive its check, and fails where the server has closed it meanwhile.
        .max_idle_connections(0)
        .timeout_resolve(Some(options.connect_timeout))
        .timeout_connect(Some(options.connect_timeout))
        .timeout_global(Some(options.total_timeout))
        .user_agent(concat!("rihla/", env!("CARGO_PKG_VERSION")))
        .accept_encoding(AutoHeaderValue::None)
        .build()
}

fn header_map(headers: &[(String, String)]) -> Result<HeaderMap, OutboundError> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let bad = |why: &str| OutboundError::BadUrl(format!("the header `{name}` {why}"));
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad("has a name that HTTP does not allow; correct it"))?;
        if FRAMING.contains(&key.as_str()) {
            return Err(bad("is set by the client itself; leave it out"));
        }
        let value =
            HeaderValue::from_str(value).map_err(|_| bad("has a value that HTTP does not allow; remove line breaks and the like"))?;
        map.append(key, value);
    }
    Ok(map)
}

/// Some texts of the library repeat the URL or a header; only those that tell of nothing but the connection are handed on.
fn failure(error: ureq::Error) -> OutboundError {
    use ureq::Error;
    match error {
        Error::Other(inner) => match inner.downcast::<Refused>() {
            Ok(refused) => OutboundError::Address(refused.0),
            Err(_) => OutboundError::Unreachable("the exchange failed".to_owned()),
        },
        Error::Timeout(_) => OutboundError::Timeout,
        Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => OutboundError::Timeout,
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => OutboundError::TooLarge,
        Error::BadUri(_) | Error::Http(_) => OutboundError::BadUrl("the request cannot be written; correct its URL and headers".to_owned()),
        Error::Io(error) => OutboundError::Unreachable(error.to_string()),
        Error::Rustls(error) => OutboundError::Unreachable(error.to_string()),
        Error::Tls(text) => OutboundError::Unreachable(text.to_owned()),
        Error::HostNotFound => OutboundError::Unreachable("its name leads to no address".to_owned()),
        Error::Protocol(_) => OutboundError::Unreachable("what was exchanged is not valid HTTP/1.1".to_owned()),
        _ => OutboundError::Unreachable("the exchange failed".to_owned()),
    }
}

#[cfg(test)]
mod tests;
