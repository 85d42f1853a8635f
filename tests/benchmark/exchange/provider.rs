//! A provider of OAI-PMH in this process: as many records as are asked for, made of some thousand.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Instant;

use super::outside::Outside;

/// Records of one answer.
pub const PAGE: usize = 200;
/// Different records.
const DIFFERENT: usize = 2_000;
/// Stands in the metadata where the number of the record goes.
const MARK: &str = "@number@";
const BEGINNING: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\">\
    <responseDate>2026-01-01T00:00:00Z</responseDate><request>http://provider.example/oai</request>";

/// A provider that answers until the process ends.
pub struct Provider {
    /// Host and port.
    pub address: String,
}

/// Starts a provider of so many records.
pub fn start(size: usize) -> Provider {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let metadata = Arc::new(Outside::default().dublin_core(DIFFERENT.min(size), MARK));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let metadata = metadata.clone();
            std::thread::spawn(move || serve(stream.expect("a connection"), &metadata, size));
        }
    });
    Provider { address }
}

/// Answers the questions of one connection until it is closed.
fn serve(stream: TcpStream, metadata: &[String], size: usize) {
    stream.set_nodelay(true).expect("no delay");
    let mut reader = BufReader::new(stream);
    loop {
        let (mut first, mut line) = (String::new(), String::new());
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        while reader.read_line(&mut line).unwrap_or(0) > 0 && line != "\r\n" {
            line.clear();
        }
        let path = first.split_whitespace().nth(1).unwrap_or_default();
        let (status, body) =
            if path.starts_with("/oai") { ("200 OK", answer(path, metadata, size)) } else { ("404 Not Found", String::new()) };
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: {}\r\n\r\n", body.len());
        let sent = reader.get_mut().write_all(head.as_bytes()).and_then(|()| reader.get_mut().write_all(body.as_bytes()));
        if sent.is_err() {
            return;
        }
    }
}

fn answer(path: &str, metadata: &[String], size: usize) -> String {
    if path.contains("verb=Identify") {
        let about = "<Identify><repositoryName>Provider</repositoryName><baseURL>http://provider.example/oai</baseURL>\
            <protocolVersion>2.0</protocolVersion><adminEmail>a@provider.example</adminEmail>\
            <earliestDatestamp>2020-01-01T00:00:00Z</earliestDatestamp><deletedRecord>persistent</deletedRecord>\
            <granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>";
        return format!("{BEGINNING}{about}</OAI-PMH>");
    }
    let first: usize = path.split("resumptionToken=").nth(1).map_or(0, |token| token.parse().expect("a token"));
    let mut out = format!("{BEGINNING}<ListRecords>");
    for number in first..(first + PAGE).min(size) {
        let one = metadata[number % metadata.len()].replace(MARK, &number.to_string());
        // Only the first element: a declaration has no place inside a document.
        let one = one.split_once("?>").map_or(one.as_str(), |(_, rest)| rest);
        write!(
            out,
            "<record><header><identifier>oai:provider.example:{number}</identifier><datestamp>2024-01-02T03:04:05Z</datestamp></header>\
            <metadata>{one}</metadata></record>"
        )
        .expect("text");
    }
    let next = if first + PAGE < size { (first + PAGE).to_string() } else { String::new() };
    write!(out, "<resumptionToken completeListSize=\"{size}\" cursor=\"{first}\">{next}</resumptionToken></ListRecords></OAI-PMH>")
        .expect("text");
    out
}

/// What reading the list without a catalogue costs.
pub struct ReadAll {
    /// Seconds.
    pub seconds: f64,
    /// Bytes of all answers.
    pub bytes: usize,
}

/// Fetches and parses the whole list.
pub fn read_all(address: &str) -> ReadAll {
    let (started, mut bytes, mut token) = (Instant::now(), 0, "0".to_owned());
    let mut reader = BufReader::new(TcpStream::connect(address).expect("a connection"));
    while !token.is_empty() {
        write!(reader.get_mut(), "GET /oai?verb=ListRecords&resumptionToken={token} HTTP/1.1\r\nHost: b\r\n\r\n").expect("asked");
        let (mut length, mut line) = (0, String::new());
        while reader.read_line(&mut line).expect("a line") > 0 && line != "\r\n" {
            if let Some(value) = line.strip_prefix("Content-Length: ") {
                length = value.trim().parse().expect("a length");
            }
            line.clear();
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("an answer");
        bytes += length;
        let text = String::from_utf8(body).expect("text");
        let document = roxmltree::Document::parse(&text).expect("XML");
        let next = document.descendants().find(|node| node.has_tag_name(("http://www.openarchives.org/OAI/2.0/", "resumptionToken")));
        token = next.and_then(|node| node.text()).unwrap_or_default().to_owned();
    }
    ReadAll { seconds: started.elapsed().as_secs_f64(), bytes }
}
