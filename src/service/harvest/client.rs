//! How another system is read: only what may be reached, no faster than is polite, again when it is busy, and never without an end.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use robotxt::Robots;
use url::Url;

use crate::domain::problem::Problem;
use crate::interop::charset;

use super::super::outbound::{Method, Outbound, OutboundError, OutboundOptions, Reply};

/// Redirects followed for one question.
const HOPS: usize = 5;
/// Times that a busy server is asked again.
const TRIES: u32 = 4;
/// Longest that a server may ask us to wait before a run ends.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Longest pause between two requests that a `robots.txt` may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long what a `robots.txt` says is remembered.
const ROBOTS_LIFE: Duration = Duration::from_secs(3_600);
/// Largest `robots.txt` that is read, in bytes; the standard asks for 500 KiB at least.
const ROBOTS_SIZE: usize = 512 << 10;
/// Our name in a `robots.txt`.
const AGENT: &str = "rihla";

/// How a [`Client`] behaves.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// Hosts of the own network that may be reached, such as `ckan.ministry.local` or `10.0.0.8:5000`.
    pub allowed_hosts: Vec<String>,
    /// Shortest pause between two requests to one host.
    pub pause: Duration,
    /// Time for one answer, from the look-up of the name to the last byte.
    pub total_timeout: Duration,
    /// The longest answer, in bytes, before and after decompression.
    pub max_body: u64,
    /// Address of this catalogue, told to those who are asked.
    pub base_url: String,
}

/// Reads other systems. Shared by all harvests of a process, so that two of them do not hurry one server.
pub struct Client {
    public: Outbound,
    house: Outbound,
    options: ClientOptions,
    hosts: Mutex<HashMap<String, HostState>>,
}

/// What is known of a host.
#[derive(Default)]
struct HostState {
    next_at: Option<Instant>,
    robots: Option<(Instant, Option<Robots>)>,
}

/// Marks of what was read last, by which a server tells whether it has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Marks {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub enum Fetched {
    /// What stands there.
    Content(Content),
    /// It is what it was when these marks were given.
    NotModified,
}

/// What stands at an address.
#[derive(Clone, Debug)]
pub struct Content {
    /// Where it was found, after redirects.
    pub url: String,
    /// The bytes, decompressed.
    pub bytes: Vec<u8>,
    /// Media type without parameters, in small letters; empty where the server says none.
    pub media_type: String,
    /// Encoding that the server declares with it.
    pub charset: Option<String>,
    /// Address of the page behind it, where the server names one (RFC 8288).
    pub next: Option<String>,
    /// Marks for the next time.
    pub marks: Marks,
}

impl Content {
    /// The bytes as readers understand them, and what is wrong with the encoding that the server declares.
    pub fn readable(&self) -> (Cow<'_, [u8]>, Option<Problem>) {
        charset::settle(&self.bytes, self.charset.as_deref())
    }
}

/// Why nothing was read: where, what was found there, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchError {
    /// The address.
    pub url: String,
    /// What was found, such as `HTTP 500`.
    pub found: String,
    /// What is wrong and how to mend it.
    pub remedy: String,
    /// Whether it may help to try again later.
    pub may_pass: bool,
}

impl Client {
    /// A client with these options. No connection is made yet.
    pub fn new(options: ClientOptions) -> Self {
        let outbound = |allow_private| {
            Outbound::new(OutboundOptions {
                allow_private,
                connect_timeout: Duration::from_secs(5).min(options.total_timeout),
                total_timeout: options.total_timeout,
                max_body: options.max_body,
            })
        };
        Self { public: outbound(false), house: outbound(true), hosts: Mutex::default(), options }
    }

    fn check(&self, text: &str) -> Result<Url, String> {
        check_address(text, &self.options.allowed_hosts)
    }

    /// Reads an address, with the marks of what was read last.
    ///
    /// # Errors
    /// See [`FetchError`].
    pub fn get(&self, address: &str, accept: &str, marks: &Marks) -> Result<Fetched, FetchError> {
        let mut url = self.check(address).map_err(|remedy| error(address, "", remedy, false))?;
        for _ in 0..=HOPS {
            self.ask_robots(&url)?;
            let reply = self.patiently(&url, accept, marks)?;
            match reply.status {
                301 | 302 | 303 | 307 | 308 => url = self.follow(&url, &reply)?,
                304 => return Ok(Fetched::NotModified),
                // No part was asked for, and what is not in it is not gone.
                206 => {
                    let remedy = "the server gives a part of the document though all of it was asked for; tell whoever runs it".to_owned();
                    return Err(error(url.as_str(), "HTTP 206", remedy, true));
                }
                200..=299 => return content(&url, reply, self.options.max_body).map(Fetched::Content),
                status => return Err(refused(&url, status)),
            }
        }
        let remedy = format!("the address leads on more than {HOPS} times, perhaps in a circle; give the address where it should end");
        Err(error(address, "", remedy, false))
    }

    /// Where a redirect leads. It is looked at like an address that somebody gave.
    fn follow(&self, url: &Url, reply: &Reply) -> Result<Url, FetchError> {
        let location = header(reply, "location").unwrap_or_default();
        let next = url
            .join(location)
            .map_err(|_| error(url.as_str(), location, "the address leads on to what is no address".to_owned(), false))?;
        self.check(next.as_str())
            .map_err(|remedy| error(url.as_str(), next.as_str(), format!("the address leads on to another: {remedy}"), false))
    }

    /// Sends a request, and sends it again where the server says that it is busy.
    fn patiently(&self, url: &Url, accept: &str, marks: &Marks) -> Result<Reply, FetchError> {
        let mut tried = 0;
        loop {
            tried += 1;
            let reply = self.send(url, accept, marks)?;
            if !matches!(reply.status, 429 | 502 | 503 | 504) {
                return Ok(reply);
            }
            let asked = header(&reply, "retry-after").and_then(|text| time_to_wait(text, SystemTime::now()));
            let wait = asked.unwrap_or_else(|| Duration::from_secs(1 << tried));
            if tried >= TRIES || wait > LONGEST_WAIT {
                let remedy = "the server is busy and asks to be left alone; it is asked again at the next harvest".to_owned();
                return Err(error(url.as_str(), &format!("HTTP {}", reply.status), remedy, true));
            }
            std::thread::sleep(wait);
        }
    }

    fn send(&self, url: &Url, accept: &str, marks: &Marks) -> Result<Reply, FetchError> {
        self.wait_for_turn(url);
        let mut headers = vec![
            ("accept".to_owned(), accept.to_owned()),
            ("accept-encoding".to_owned(), "gzip".to_owned()),
            ("user-agent".to_owned(), format!("{AGENT}/{} (+{})", env!("CARGO_PKG_VERSION"), self.options.base_url)),
        ];
        headers.extend(marks.etag.iter().map(|etag| ("if-none-match".to_owned(), etag.clone())));
        headers.extend(marks.last_modified.iter().map(|date| ("if-modified-since".to_owned(), date.clone())));
        let outbound = if is_allowed(url, &self.options.allowed_hosts) { &self.house } else { &self.public };
        outbound.send(Method::GET, url.as_str(), &headers, b"").map_err(|failure| unreachable(url, &failure, self.options.max_body))
    }

    /// Waits until it is polite to ask the host again.
    fn wait_for_turn(&self, url: &Url) {
        let wait = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            let state = hosts.entry(host_key(url)).or_default();
            let asked = state.robots.as_ref().and_then(|(_, robots)| robots.as_ref()?.crawl_delay());
            let pause = asked.unwrap_or_default().min(LONGEST_PAUSE).max(self.options.pause);
            let now = Instant::now();
            let turn = state.next_at.map_or(now, |next| next.max(now));
            state.next_at = Some(turn + pause);
            turn.saturating_duration_since(now)
        };
        std::thread::sleep(wait);
    }

    /// Looks whether the host's `robots.txt` lets us read the address.
    fn ask_robots(&self, url: &Url) -> Result<(), FetchError> {
        let known = {
            let hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            let fresh = hosts.get(&host_key(url)).and_then(|state| state.robots.as_ref()).filter(|(at, _)| at.elapsed() < ROBOTS_LIFE);
            fresh.map(|(_, robots)| robots.as_ref().is_none_or(|robots| robots.is_url_allowed(url)))
        };
        let is_allowed = match known {
            Some(is_allowed) => is_allowed,
            None => self.read_robots(url)?,
        };
        if is_allowed {
            return Ok(());
        }
        let remedy =
            "the server's robots.txt asks programs not to read this address; ask whoever runs it to let `rihla` read it".to_owned();
        Err(error(url.as_str(), "", remedy, false))
    }

    fn read_robots(&self, url: &Url) -> Result<bool, FetchError> {
        let Ok(mut address) = url.join("/robots.txt") else { return Ok(true) };
        let mut hops = 0;
        let reply = loop {
            let reply = self.send(&address, "text/plain, */*;q=0.1", &Marks::default())?;
            // What stands at the end holds for the host that was asked first; after too many redirects there is none. (RFC 9309, 2.3.1.2)
            if !matches!(reply.status, 301 | 302 | 303 | 307 | 308) || hops == HOPS {
                break reply;
            }
            // Where it may not be followed nobody knows whether the source may be read.
            address = self.follow(&address, &reply)?;
            hops += 1;
        };
        let robots = match reply.status {
            200..=299 => {
                let body = reply.body.get(..ROBOTS_SIZE).unwrap_or(&reply.body);
                Some(Robots::parse(body, AGENT))
            }
            // A server in trouble has not said yes. (RFC 9309, 2.3.1.4)
            500..=599 => {
                let remedy =
                    "the server cannot say by its robots.txt whether it may be read; it is asked again at the next harvest".to_owned();
                return Err(error(address.as_str(), &format!("HTTP {}", reply.status), remedy, true));
            }
            _ => None,
        };
        let is_allowed = robots.as_ref().is_none_or(|robots| robots.is_url_allowed(url));
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.entry(host_key(url)).or_default().robots = Some((Instant::now(), robots));
        Ok(is_allowed)
    }
}

/// Checks an address when it is declared, and again when it is read.
///
/// # Errors
/// What is wrong with it, for the person who gave it.
pub fn check_address(text: &str, allowed_hosts: &[String]) -> Result<Url, String> {
    let is_house = Url::parse(text).is_ok_and(|url| is_allowed(&url, allowed_hosts));
    super::super::outbound::check_url(text, is_house)
}

/// Whether the operator lets a host of the own network be reached.
fn is_allowed(url: &Url, allowed_hosts: &[String]) -> bool {
    let Some(host) = url.host_str() else { return false };
    let with_port = url.port_or_known_default().map(|port| format!("{host}:{port}"));
    allowed_hosts.iter().any(|allowed| allowed == host || Some(allowed) == with_port.as_ref())
}

fn host_key(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}

fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
    reply.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The address of a `Link` header that leads to the next page.
fn next_of(header: &str) -> Option<&str> {
    // A link ends where the next one begins: addresses and parameters may hold commas.
    header.split('<').skip(1).find_map(|link| {
        let (address, parameters) = link.split_once('>')?;
        let relations = parameters.split(';').filter_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("rel").then_some(value)
        });
        let words = relations.flat_map(|value| value.split(|c: char| c.is_whitespace() || matches!(c, '"' | ',')));
        words.into_iter().any(|word| word.eq_ignore_ascii_case("next")).then(|| address.trim())
    })
}

/// How long a server asks to be left alone: in seconds, or until a moment.
fn time_to_wait(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    let seconds = || text.parse().ok().map(Duration::from_secs);
    seconds().or_else(|| httpdate::parse_http_date(text).ok().map(|until| until.duration_since(now).unwrap_or_default()))
}

fn error(url: &str, found: &str, remedy: String, may_pass: bool) -> FetchError {
    FetchError { url: url.to_owned(), found: found.to_owned(), remedy, may_pass }
}

fn refused(url: &Url, status: u16) -> FetchError {
    let remedy = match status {
        401 | 403 => "the server wants a sign-in; only what anybody may read is harvested",
        404 | 410 => "there is nothing at this address; correct it",
        400..=499 => "the server does not understand the request; check the kind of the source and its address",
        _ => "the server has a fault; it is asked again at the next harvest",
    };
    error(url.as_str(), &format!("HTTP {status}"), remedy.to_owned(), status >= 500)
}

fn unreachable(url: &Url, failure: &OutboundError, max_body: u64) -> FetchError {
    let (may_pass, remedy) = match failure {
        OutboundError::Address(text) => {
            (false, format!("{text}; whoever runs this catalogue can allow a host by the setting `harvest_allowed_hosts`"))
        }
        OutboundError::BadUrl(text) => (false, text.clone()),
        OutboundError::TooLarge => (false, too_large(max_body)),
        OutboundError::Timeout | OutboundError::Unreachable(_) => (true, format!("{failure}; it is asked again at the next harvest")),
    };
    error(url.as_str(), "", remedy, may_pass)
}

fn too_large(max_body: u64) -> String {
    format!("the answer is longer than {} MiB; ask for pages, or give a smaller file", max_body >> 20)
}

/// The body, decompressed. It must end where the server said, and must not grow without an end.
fn content(url: &Url, reply: Reply, max_body: u64) -> Result<Content, FetchError> {
    let marks =
        Marks { etag: header(&reply, "etag").map(str::to_owned), last_modified: header(&reply, "last-modified").map(str::to_owned) };
    let media_type = header(&reply, "content-type").unwrap_or_default();
    let charset = declared_charset(media_type);
    let links = reply.headers.iter().filter(|(key, _)| key == "link");
    let next = links.filter_map(|(_, value)| next_of(value)).find_map(|address| url.join(address).ok()).map(String::from);
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let encoding = header(&reply, "content-encoding").unwrap_or_default().trim().to_ascii_lowercase();
    let limited = |reader: &mut dyn Read| {
        let mut bytes = Vec::new();
        match reader.take(max_body + 1).read_to_end(&mut bytes) {
            Ok(_) if bytes.len() as u64 > max_body => Err(error(url.as_str(), "", too_large(max_body), false)),
            Ok(_) => Ok(bytes),
            Err(fault) => {
                let remedy = format!("the answer is compressed and cannot be unpacked ({fault}); tell whoever runs the server");
                Err(error(url.as_str(), &encoding, remedy, true))
            }
        }
    };
    let bytes = match encoding.as_str() {
        "" | "identity" => reply.body,
        "gzip" | "x-gzip" => limited(&mut MultiGzDecoder::new(reply.body.as_slice()))?,
        "deflate" => limited(&mut ZlibDecoder::new(reply.body.as_slice()))?,
        other => {
            let remedy = "the answer is compressed in a way that was not asked for; tell whoever runs the server".to_owned();
            return Err(error(url.as_str(), other, remedy, false));
        }
    };
    Ok(Content { url: url.to_string(), bytes, media_type, charset, next, marks })
}

/// The parameter `charset` of a media type.
fn declared_charset(media_type: &str) -> Option<String> {
    media_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_charset_stands_behind_the_media_type() {
        assert_eq!(declared_charset("application/xml; q=1; Charset=\"windows-1256\"").as_deref(), Some("windows-1256"));
        assert_eq!((declared_charset("text/turtle"), declared_charset("text/xml; charset=")), (None, None));
    }

    #[test]
    fn the_next_page_is_the_link_of_that_relation() {
        assert_eq!(next_of("<https://x.ma/c?page=2>; rel=\"next\""), Some("https://x.ma/c?page=2"));
        assert_eq!(next_of("</a,b>; rel=prev; title=\"next\", <?p=3>;title=\"x, y\";REL=\"last  Next\""), Some("?p=3"));
        for none in ["", "<x", "next", "<x>; rel=\"nextone\"", "<x>; title=next", "<x>", "x; rel=next"] {
            assert_eq!(next_of(none), None, "{none}");
        }
    }

    #[test]
    fn servers_say_how_long_to_wait_in_seconds_or_by_a_date() {
        let now = httpdate::parse_http_date("Sat, 28 Nov 2026 18:00:00 GMT").expect("a date");
        let seconds = |text: &str| time_to_wait(text, now).map(|wait| wait.as_secs());
        assert_eq!(seconds(" 17 "), Some(17));
        assert_eq!(seconds("Sat, 28 Nov 2026 18:01:30 GMT"), Some(90));
        assert_eq!(seconds("Saturday, 28-Nov-26 18:01:30 GMT"), Some(90), "the older form");
        assert_eq!(seconds("Sat, 28 Nov 2026 17:00:00 GMT"), Some(0), "the moment has passed");
        assert_eq!((seconds("soon"), seconds("-5"), seconds("")), (None, None, None));
    }
}
