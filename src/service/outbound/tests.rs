//! The client against a server on this machine that says what it is told to.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use super::*;

const OPTIONS: OutboundOptions = OutboundOptions {
    allow_private: true,
    connect_timeout: Duration::from_secs(5),
    total_timeout: Duration::from_secs(10),
    max_body: 1000,
};

/// Answers one request and ends; the request is what the thread gives back.
fn serve(answer: &'static str) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let asked = thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a client");
        let mut reader = BufReader::new(&stream);
        let (mut request, mut length) = (String::new(), 0);
        while !request.ends_with("\r\n\r\n") {
            let start = request.len();
            assert_ne!(reader.read_line(&mut request).expect("a line"), 0, "the request ends early: {request}");
            if let Some(value) = request[start..].strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("the body");
        (&stream).write_all(answer.as_bytes()).expect("the client listens");
        request + &String::from_utf8(body).expect("text")
    });
    (port, asked)
}

fn client() -> Outbound {
    Outbound::new(OPTIONS)
}

fn get(client: &Outbound, url: &str) -> Result<Reply, OutboundError> {
    client.send(Method::GET, url, &[], b"")
}

#[test]
fn a_request_arrives_and_its_answer_comes_back() {
    let (port, asked) = serve("HTTP/1.1 404 Not Found\r\nX-One: 1\r\nx-one: 2\r\nContent-Length: 2\r\n\r\nno");
    let headers = [("Webhook-Id".to_owned(), "msg_1".to_owned()), ("content-type".to_owned(), "application/json".to_owned())];
    let reply = client().send(Method::POST, &format!("http://127.0.0.1:{port}/hook?a=b#c"), &headers, b"{}").expect("an answer");
    assert_eq!((reply.status, reply.body.as_slice()), (404, &b"no"[..]));
    let ones: Vec<&str> = reply.headers.iter().filter(|(name, _)| name == "x-one").map(|(_, value)| value.as_str()).collect();
    assert_eq!(ones, ["1", "2"]);
    let request = asked.join().expect("the server saw it");
    assert!(request.starts_with("POST /hook?a=b HTTP/1.1\r\n") && request.ends_with("\r\n\r\n{}"), "{request}");
    for line in ["webhook-id: msg_1\r\n", "content-length: 2\r\n", "user-agent: rihla/", format!("host: 127.0.0.1:{port}\r\n").as_str()] {
        assert!(request.contains(line), "{line} in {request}");
    }
    assert!(!request.contains("accept-encoding"), "{request}");
}

#[test]
fn only_methods_about_a_body_announce_an_empty_one() {
    for (method, announced) in [(Method::GET, false), (Method::DELETE, false), (Method::POST, true), (Method::PUT, true)] {
        let (port, asked) = serve("HTTP/1.1 204 No Content\r\n\r\n");
        let reply = client().send(method.clone(), &format!("http://127.0.0.1:{port}/"), &[], b"").expect("an answer");
        assert_eq!((reply.status, reply.body.len()), (204, 0));
        let request = asked.join().expect("the server saw it");
        assert_eq!(request.contains("content-length: 0\r\n"), announced, "{method} {request}");
    }
}

#[test]
fn private_addresses_are_refused_before_anything_is_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("no waiting");
    let port = listener.local_addr().expect("an address").port();
    let closed = Outbound::new(OutboundOptions { allow_private: false, ..OPTIONS });
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "017700000001", "[::ffff:127.0.0.1]", "[::1]"] {
        let refused = get(&closed, &format!("http://{host}:{port}/"));
        assert!(matches!(refused, Err(OutboundError::Address(_))), "{host}: {refused:?}");
        // Also where only the resolver is asked, as for a name that leads to a private address.
        let uri = Uri::try_from(Url::parse(&format!("http://{host}:{port}/")).expect(host).as_str()).expect(host);
        let refused = closed.agent.run(Request::get(uri).body(()).expect(host)).map(|_| ()).map_err(failure);
        assert!(matches!(refused, Err(OutboundError::Address(_))), "{host}: {refused:?}");
    }
    assert_eq!(listener.accept().map(|_| ()).map_err(|error| error.kind()), Err(ErrorKind::WouldBlock), "nobody has connected");
}

#[test]
fn a_redirect_is_an_answer_and_not_followed() {
    for answer in [
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/elsewhere\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/elsewhere\r\nContent-Length: 4\r\n\r\ngone",
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/elsewhere\r\nContent-Length: 0\r\n\r\n",
    ] {
        let (port, asked) = serve(answer);
        let reply = client().send(Method::POST, &format!("http://localhost:{port}/"), &[], b"x").expect("an answer");
        assert!(reply.status / 100 == 3, "{}", reply.status);
        assert!(reply.headers.contains(&("location".to_owned(), "http://127.0.0.1:1/elsewhere".to_owned())), "{:?}", reply.headers);
        asked.join().expect("the server saw it");
    }
}

#[test]
fn an_answer_may_be_as_long_as_allowed_and_no_longer() {
    for (max_body, fits) in [(5, true), (4, false), (0, false)] {
        for answer in [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello",
        ] {
            let (port, asked) = serve(answer);
            let answered = get(&Outbound::new(OutboundOptions { max_body, ..OPTIONS }), &format!("http://127.0.0.1:{port}/"));
            let expected = if fits { Ok(b"hello".to_vec()) } else { Err(OutboundError::TooLarge) };
            assert_eq!(answered.map(|reply| reply.body), expected, "{max_body} {answer}");
            asked.join().expect("the server saw it");
        }
    }
}

#[test]
fn silence_and_absence_are_told_apart_without_the_query() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://127.0.0.1:{}/?token=hidden", listener.local_addr().expect("an address").port());
    let hasty = Outbound::new(OutboundOptions { total_timeout: Duration::from_millis(200), ..OPTIONS });
    assert_eq!(get(&hasty, &url), Err(OutboundError::Timeout));
    let absent = get(&client(), "http://127.0.0.1:1/?token=hidden").expect_err("nobody listens");
    assert!(matches!(absent, OutboundError::Unreachable(_)), "{absent:?}");
    let (port, asked) = serve("SSH-2.0-hello\r\n\r\n");
    let strange = get(&client(), &format!("http://127.0.0.1:{port}/?token=hidden")).expect_err("no HTTP");
    assert!(matches!(strange, OutboundError::Unreachable(_)), "{strange:?}");
    asked.join().expect("the server saw it");
    for error in [absent, strange] {
        assert!(!error.to_string().contains("hidden"), "{error}");
    }
}

#[test]
fn headers_that_cannot_be_sent_are_named_without_their_value() {
    for (name, value) in [("Host", "hidden"), ("content-length", "7"), ("bad name", "hidden"), ("x-note", "hidden\r\nx-evil: 1")] {
        let error = client().send(Method::POST, "http://127.0.0.1:1/", &[(name.to_owned(), value.to_owned())], b"").expect_err(name);
        let text = error.to_string();
        assert!(matches!(error, OutboundError::BadUrl(_)) && text.contains(name) && !text.contains("hidden"), "{text}");
    }
}

#[test]
fn the_openid_library_gets_its_own_types() {
    let (port, asked) = serve("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    let outbound = client();
    let call = |request: HttpRequest| outbound.exchange(request);
    let request = Request::post(format!("http://127.0.0.1:{port}/token")).header("authorization", "Basic eDp5").body(b"a=b".to_vec());
    let response = openidconnect::SyncHttpClient::call(&call, request.expect("a request")).expect("an answer");
    assert_eq!((response.status().as_u16(), response.body().as_slice()), (200, &b"{}"[..]));
    assert_eq!(response.headers()["content-type"], "application/json");
    let asked = asked.join().expect("the server saw it");
    assert!(asked.contains("authorization: Basic eDp5\r\n") && asked.ends_with("a=b"), "{asked}");
    let closed = Outbound::new(OutboundOptions { allow_private: false, ..OPTIONS });
    let request = Request::get("http://169.254.169.254/latest").body(Vec::new()).expect("a request");
    assert!(matches!(closed.exchange(request), Err(OutboundError::Address(_))));
}

#[test]
fn urls_are_judged_when_they_are_registered() {
    for (given, read) in [
        ("https://example.org/hook?a=b#c", "https://example.org/hook?a=b"),
        ("HTTP://Example.ORG:80", "http://example.org/"),
        ("https://مثال.example/ق", "https://xn--mgbh0fb.example/%D9%82"),
        ("https://8.8.8.8:8443/", "https://8.8.8.8:8443/"),
        ("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/"),
        ("https://localhost.example.org/", "https://localhost.example.org/"),
    ] {
        assert_eq!(check_url(given, false).map(String::from).as_deref(), Ok(read));
    }
    for url in [
        "",
        "example.org",
        "/hook",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https://a:b@example.org/",
        "http://u@8.8.8.8/",
    ] {
        assert!(check_url(url, true).is_err_and(|text| text.contains("https://example.org/hook")), "{url}");
    }
    for host in
        ["localhost", "LOCALHOST.", "api.localhost", "127.1", "0", "0xa9fea9fe", "10.0.0.1", "[::1]", "[fd00::1]", "[::ffff:10.0.0.1]"]
    {
        let url = format!("http://{host}/?token=hidden");
        assert!(check_url(&url, false).is_err_and(|text| text.contains("not a public address") && !text.contains("hidden")), "{url}");
        assert!(check_url(&url, true).is_ok(), "{url}");
    }
}
