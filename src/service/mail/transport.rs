//! How a letter leaves the house: to a mail server, or into a folder where there is none.

use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0};
use lettre::message::{Body, Mailbox};
use lettre::transport::smtp::response::{Category, Code, Severity};
use lettre::{Message, SmtpTransport, Transport as _};

use super::{Letter, clean};

/// How long to wait for each step of the talk with the mail server.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Last millisecond of the year 9999 since 1970: later dates cannot be written into a mail.
const LAST_MS: i64 = 253_402_300_799_999;
/// What to write instead of a wrong address of the mail server.
const SERVER_REMEDY: &str = "write smtps://user:password@host, smtp://user:password@host:587?tls=required, \
     smtp://127.0.0.1:25 for a server on this machine, or nothing to write mails into a folder";

/// Where mails go.
#[derive(Clone, Debug)]
pub enum Transport {
    /// One file a mail in this folder, for a machine without a mail server and for tests.
    Folder(PathBuf),
    /// A mail server.
    Smtp(Box<SmtpTransport>),
}

/// Sends letters in the name of the catalogue.
#[derive(Clone, Debug)]
pub struct Mailer {
    /// Where mails go.
    pub transport: Transport,
    /// Who writes.
    pub from: Mailbox,
    /// Right side of each Message-ID: the domain of the sender.
    pub host_part: String,
}

/// Why a letter was not sent. The text may be logged: it never holds the letter, its addresses or what the server quotes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailError {
    /// The address is refused; the same letter would be refused again.
    Permanent(String),
    /// The server, the network or the folder fails; trying again later may help.
    Transient(String),
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Permanent(text) | Self::Transient(text)) = self;
        f.write_str(text)
    }
}

impl std::error::Error for MailError {}

impl Transport {
    /// Makes the mailer. `smtp_url` is the address of the mail server; where it is empty, mails are written into `outbox`,
    /// a folder that the first mail makes. `from` is an address, or a name and an address in angle brackets.
    ///
    /// Without TLS (`smtp://` and no `tls=required`) a password is sent only to a server on this machine. Nothing is
    /// connected yet.
    ///
    /// # Errors
    /// A sentence that names the fault and the remedy; it never holds the password.
    pub fn open(smtp_url: &str, from: &str, outbox: PathBuf) -> Result<Mailer, String> {
        let from = sender(from)?;
        let host_part = from.email.domain().to_ascii_lowercase();
        let transport = if smtp_url.is_empty() { Self::Folder(outbox) } else { Self::Smtp(Box::new(server(smtp_url)?)) };
        Ok(Mailer { transport, from, host_part })
    }
}

fn sender(from: &str) -> Result<Mailbox, String> {
    let remedy = || {
        let shown = clean::outside(from, 100);
        format!("the sender `{shown}` cannot be used; write an address such as rihla@institution.ma, or `Name <rihla@institution.ma>`")
    };
    if from.chars().any(char::is_control) {
        return Err(remedy());
    }
    let mailbox: Mailbox = from.parse().map_err(|_| remedy())?;
    super::address(mailbox.email.as_ref())?;
    // The library reads the name back from the header it wrote; what it cannot read back would fail with each letter.
    let probe = Message::builder().from(mailbox.clone()).to(mailbox.clone()).body(String::new());
    probe.map(|_| mailbox).map_err(|_| remedy())
}

fn server(smtp_url: &str) -> Result<SmtpTransport, String> {
    let refuse = |fault: String| format!("the address of the mail server cannot be used: {fault}; {SERVER_REMEDY}");
    let url = url::Url::parse(smtp_url).map_err(|error| refuse(error.to_string()))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let is_secret = url.scheme() == "smtps" || url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
    if !url.username().is_empty() && url.password().is_none() {
        return Err(refuse("it has a user and no password".to_owned()));
    }
    if url.password().is_some() && !is_secret && !is_here {
        return Err(refuse("it would send the password unencrypted".to_owned()));
    }
    if !is_secret && !is_here {
        tracing::warn!("mails go to the mail server unencrypted; use smtps:// or tls=required");
    }
    let builder = SmtpTransport::from_url(smtp_url).map_err(|error| refuse(error.to_string()))?;
    Ok(builder.timeout(Some(TIMEOUT)).build())
}

impl Mailer {
    /// Sends one letter, and waits until the server has taken it or the file is written. `now_ms` is the time for the
    /// Date header and the name of the file, in milliseconds since 1970.
    ///
    /// # Errors
    /// [`MailError::Permanent`] where the address is refused, [`MailError::Transient`] for everything else.
    pub fn send(&self, letter: &Letter, now_ms: i64) -> Result<(), MailError> {
        let now_ms = now_ms.clamp(0, LAST_MS);
        let message = self.message(letter, now_ms)?;
        match &self.transport {
            Transport::Folder(folder) => {
                let name = format!("{}-{}.eml", timestamp(now_ms), plain_id(&letter.id));
                let unwritten = |error: io::Error| MailError::Transient(format!("the folder for mails cannot be written: {error}"));
                put(folder, &name, &message.formatted()).map_err(unwritten)
            }
            Transport::Smtp(server) => server.send(&message).map(|_| ()).map_err(|error| failure(&error)),
        }
    }

    fn message(&self, letter: &Letter, now_ms: i64) -> Result<Message, MailError> {
        let wrong = || MailError::Permanent("the address of the recipient is not a plain e-mail address".to_owned());
        let to: lettre::Address = super::address(&letter.to).map_err(|_| wrong())?.parse().map_err(|_| wrong())?;
        let language = match letter.language.split('-').next() {
            Some("ar") => "ar",
            Some("fr") => "fr",
            _ => "en",
        };
        let header = |name: &'static str, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(clean::subject(&letter.subject))
            .date(SystemTime::UNIX_EPOCH + Duration::from_millis(now_ms.unsigned_abs()))
            .message_id(Some(format!("<{}@{}>", plain_id(&letter.id), self.host_part)))
            .raw_header(header("Content-Language", language))
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .header(MIME_VERSION_1_0)
            .header(ContentType::TEXT_PLAIN)
            .body(self.body(&letter.text))
            .map_err(|error| MailError::Transient(format!("the mail cannot be put together: {error}")))
    }

    /// A mail server may take only seven bits, so Arabic travels encoded; a file stays readable for the person who opens it.
    fn body(&self, text: &str) -> Body {
        let text = clean::body(text);
        match self.transport {
            Transport::Folder(_) => Body::dangerous_pre_encoded(text.replace('\n', "\r\n").into_bytes(), ContentTransferEncoding::EightBit),
            Transport::Smtp(_) => Body::new(text),
        }
    }
}

/// The identifier with nothing in it that a header or the name of a file could trip over.
fn plain_id(id: &str) -> String {
    let plain: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(64).collect();
    if plain.is_empty() { "letter".to_owned() } else { plain }
}

/// UTC in a form that sorts by time: `20260131T235959999Z`.
fn timestamp(now_ms: i64) -> String {
    let nanoseconds = i128::from(now_ms) * 1_000_000;
    let at = time::OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    let (hour, minute, second, millisecond) = (at.hour(), at.minute(), at.second(), at.millisecond());
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}{millisecond:03}Z")
}

/// Writes beside the final name and renames, so that whoever watches the folder never sees half a mail.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    make_private_folder(folder)?;
    let temporary = folder.join(format!(".{name}.part"));
    let written = write_private(&temporary, bytes).and_then(|()| fs::rename(&temporary, folder.join(name)));
    if written.is_err() {
        // The first fault is the one to tell; a file that cannot be removed either is overwritten next time.
        drop(fs::remove_file(&temporary));
    }
    written
}

/// Mails hold links that open accounts: only the user who runs the catalogue may read them.
fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Of an answer of the server only its numbers are told: servers quote the mail that they refuse.
fn failure(error: &lettre::transport::smtp::Error) -> MailError {
    let Some(code) = error.status() else {
        let what = if error.is_response() { "its answer cannot be read".to_owned() } else { error.to_string() };
        return MailError::Transient(format!("the mail server cannot be used: {what}"));
    };
    let reply = std::error::Error::source(error).map(|source| source.to_string()).unwrap_or_default();
    let enhanced = enhanced_status(&reply);
    let numbers = enhanced.map_or_else(|| code.to_string(), |enhanced| format!("{code} {enhanced}"));
    if refuses_the_address(code, enhanced) {
        MailError::Permanent(format!("the mail server refuses the address ({numbers})"))
    } else {
        MailError::Transient(format!("the mail server did not take the mail ({numbers})"))
    }
}

/// The status of RFC 3463 with which many servers begin the text of an answer, such as 5.1.1.
fn enhanced_status(reply: &str) -> Option<&str> {
    let word = reply.split_whitespace().next()?;
    let is_number = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    (word.split('.').count() == 3 && word.split('.').all(is_number)).then_some(word)
}

/// 550 to 559 speak of the mailbox. A refused sign-in (535), a sender that may not write (5.1.7, 5.1.8) or a rule of the
/// server (5.7.x) is for the operator to mend: the letter waits.
fn refuses_the_address(code: Code, enhanced: Option<&str>) -> bool {
    let speaks_of_mailbox = code.severity == Severity::PermanentNegativeCompletion && code.category == Category::MailSystem;
    let speaks_of_recipient = |status: &str| {
        let subject = status.split('.').nth(1);
        matches!(subject, Some("0" | "1" | "2" | "4")) && !matches!(status, "5.1.7" | "5.1.8")
    };
    speaks_of_mailbox && enhanced.is_none_or(speaks_of_recipient)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;

    use lettre::transport::smtp::response::Detail;

    use super::*;

    const FROM: &str = "Rihla <rihla@example.ma>";
    const NOW_MS: i64 = 1_769_860_799_123;

    fn letter() -> Letter {
        Letter {
            id: "0190-abc/../\r\nX: y".to_owned(),
            to: "desk@HCP.ma".to_owned(),
            language: "ar".to_owned(),
            subject: "دعوة\r\nBcc: x@y.z".to_owned(),
            text: "تحية طيبة،\n\nhttps://rihla.example/x?token=secret\n.\n".to_owned(),
        }
    }

    fn scratch() -> PathBuf {
        std::env::temp_dir().join(format!("rihla-mail-{}", uuid::Uuid::now_v7()))
    }

    #[test]
    fn a_folder_gets_one_readable_file_a_mail() {
        let folder = scratch();
        let mailer = Transport::open("", FROM, folder.join("outbox")).expect("mailer");
        mailer.send(&letter(), NOW_MS).expect("written");
        let names: Vec<_> = fs::read_dir(folder.join("outbox")).expect("folder").map(|e| e.expect("entry").file_name()).collect();
        assert_eq!(names, ["20260131T115959123Z-0190-abcXy.eml"]);
        let path = folder.join("outbox").join(&names[0]);
        let text = fs::read_to_string(&path).expect("file");
        let (head, body) = text.split_once("\r\n\r\n").expect("head and body");
        assert_eq!(body, "تحية طيبة،\r\n\r\nhttps://rihla.example/x?token=secret\r\n.\r\n");
        for line in [
            "From: Rihla <rihla@example.ma>",
            "To: desk@hcp.ma",
            "Date: Sat, 31 Jan 2026 11:59:59 +0000",
            "Message-ID: <0190-abcXy@example.ma>",
            "Content-Language: ar",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: 8bit",
        ] {
            assert!(head.lines().any(|found| found == line), "{line}\n{head}");
        }
        assert!(!head.lines().any(|line| line.starts_with("Bcc") || line.starts_with("X:")), "{head}");
        #[cfg(unix)]
        for (path, mode) in [(folder.join("outbox"), 0o700), (path, 0o600)] {
            let found = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).expect("metadata").permissions());
            assert_eq!(found & 0o777, mode);
        }
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn a_recipient_cannot_add_a_header() {
        let folder = scratch();
        let mailer = Transport::open("", FROM, folder.clone()).expect("mailer");
        let error = mailer.send(&Letter { to: "a@b.ma\r\nBcc: x@y.z".to_owned(), ..letter() }, NOW_MS).expect_err("refused");
        assert!(matches!(error, MailError::Permanent(_)) && !folder.exists(), "{error}");
    }

    #[test]
    fn wrong_settings_are_told_with_the_remedy_and_without_the_password() {
        for from in ["", "rihla", "a@b.ma\nBcc: x@y.z", "a@b.ma, c@d.ma", "Name <a@b>"] {
            assert!(Transport::open("", from, scratch()).is_err_and(|e| e.contains("write")), "{from}");
        }
        for url in ["mail.example.ma", "http://mail.example.ma", "smtp://u:hunter2@mail.example.ma", "smtps://u@mail.example.ma"] {
            let error = Transport::open(url, FROM, scratch()).err().unwrap_or_default();
            assert!(error.contains("smtps://") && !error.contains("hunter2"), "{url}: {error}");
        }
        for url in ["smtps://u:p@mail.example.ma", "smtp://u:p@mail.example.ma:587?tls=required", "smtp://127.0.0.1:2525"] {
            assert!(matches!(Transport::open(url, FROM, scratch()).map(|m| m.transport), Ok(Transport::Smtp(_))), "{url}");
        }
    }

    /// A mail server for one connection that answers every RCPT the same way.
    fn server_that_answers(rcpt: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("port");
        let url = format!("smtp://{}", listener.local_addr().expect("address"));
        std::thread::spawn(move || {
            let (stream, _) = listener.accept().expect("caller");
            let mut answers = stream.try_clone().expect("stream");
            answers.write_all(b"220 test\r\n").expect("greeting");
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let answer = match line.get(..4).unwrap_or_default() {
                    "RCPT" => rcpt,
                    "QUIT" => "221 bye",
                    _ => "250 test",
                };
                if answers.write_all(format!("{answer}\r\n").as_bytes()).is_err() {
                    break;
                }
            }
        });
        url
    }

    #[test]
    fn a_refused_address_is_told_from_a_server_in_trouble() {
        let answer = |rcpt| {
            let mailer = Transport::open(&server_that_answers(rcpt), FROM, scratch()).expect("mailer");
            mailer.send(&letter(), NOW_MS).expect_err("refused")
        };
        let unknown = answer("550 5.1.1 nobody here, see https://rihla.example/x?token=secret");
        assert_eq!(unknown, MailError::Permanent("the mail server refuses the address (550 5.1.1)".to_owned()));
        let full = answer("451 https://rihla.example/x?token=secret");
        assert_eq!(full, MailError::Transient("the mail server did not take the mail (451)".to_owned()));
    }

    #[test]
    fn faults_of_the_operator_let_the_letter_wait() {
        let permanent = |category| Code::new(Severity::PermanentNegativeCompletion, category, Detail::Zero);
        assert!(refuses_the_address(permanent(Category::MailSystem), None));
        assert!(!refuses_the_address(permanent(Category::Unspecified3), None), "530 asks for a sign-in");
        assert!(!refuses_the_address(permanent(Category::MailSystem), Some("5.7.1")));
        assert!(!refuses_the_address(permanent(Category::MailSystem), Some("5.1.8")));
        assert_eq!(enhanced_status("5.2.1 disabled"), Some("5.2.1"));
        assert_eq!(enhanced_status("see 5.2.1"), None);
    }
}
