//! A web server that plays other systems, well-behaved and otherwise, and keeps what it was asked.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A question.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Path with query.
    pub target: String,
    headers: Vec<(String, String)>,
}

impl Asked {
    /// Path without query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// A parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// Value of a header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    wait: Duration,
    /// Bytes more than there are that the head announces.
    missing: usize,
}

impl Reply {
    /// What stands there, with its media type.
    pub fn of(media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, body: body.into(), ..Self::default() }.with("content-type", media_type)
    }

    /// A status and nothing else.
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// With a header.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// After a while.
    pub fn after(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// Ending before its end.
    pub fn cut(self) -> Self {
        Self { missing: 1_000, ..self }
    }

    /// As if it were a part that was asked for.
    pub fn in_part(self) -> Self {
        Self { status: 206, ..self }
    }

    /// A web page for people.
    pub fn page(text: &str) -> Self {
        Self::of("text/html", format!("<!DOCTYPE html><html><body>{text}</body></html>"))
    }
}

type Handler = Box<dyn FnMut(&Asked) -> Reply + Send>;

/// The web server.
pub struct House {
    /// Port on 127.0.0.1.
    pub port: u16,
    handler: Arc<Mutex<Handler>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

fn lock<T: ?Sized>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl House {
    /// A server where nothing is.
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("address").port();
        let handler: Arc<Mutex<Handler>> = Arc::new(Mutex::new(Box::new(|_: &Asked| Reply::status(404))));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let shared = (handler.clone(), asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (handler, asked) = shared.clone();
                // The other side may have gone; what it then does is what is tested.
                std::thread::spawn(move || drop(serve(stream, &handler, &asked)));
            }
        });
        Self { port, handler, asked }
    }

    /// What it answers from now on. Where nothing is said of a `robots.txt` there is none.
    pub fn behave(&self, mut answer: impl FnMut(&Asked) -> Reply + Send + 'static) {
        *lock(&self.handler) = Box::new(move |asked| if asked.path() == "/robots.txt" { Reply::status(404) } else { answer(asked) });
    }

    /// What it answers from now on, also of its `robots.txt`.
    pub fn behave_wholly(&self, answer: impl FnMut(&Asked) -> Reply + Send + 'static) {
        *lock(&self.handler) = Box::new(answer);
    }

    /// An address.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What it was asked, in order, but for its `robots.txt`.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.asked).iter().filter(|asked| asked.path() != "/robots.txt").cloned().collect()
    }

    /// Forgets what it was asked.
    pub fn forget(&self) {
        lock(&self.asked).clear();
    }
}

fn serve(mut stream: TcpStream, handler: &Mutex<Handler>, asked: &Mutex<Vec<Asked>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let question = Asked { target, headers };
    lock(asked).push(question.clone());
    let reply = (lock(handler))(&question);
    std::thread::sleep(reply.wait);
    let mut head =
        format!("HTTP/1.1 {} Status\r\ncontent-length: {}\r\nconnection: close\r\n", reply.status, reply.body.len() + reply.missing);
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    stream.write_all(&reply.body)
}
