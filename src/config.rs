//! Settings: written once here, read from flags, environment, file and defaults, in that order;
//! `docs/configuration.md` is generated from this list by a test.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A setting as the documentation lists it.
#[derive(Clone, Copy, Debug)]
pub struct SettingDoc {
    /// Name in the file and after `--set`.
    pub name: &'static str,
    /// Kind of value.
    pub kind: &'static str,
    /// Default as text.
    pub default: &'static str,
    /// What it does.
    pub doc: &'static str,
}

macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:ty = $default:literal,)+) => {
        /// All settings of a node.
        #[derive(Clone, Debug)]
        pub struct Settings {
            $($(#[doc = $doc])+ pub $name: $kind,)+
        }

        /// The settings as the documentation lists them.
        pub const DOCS: &[SettingDoc] = &[
            $(SettingDoc { name: stringify!($name), kind: stringify!($kind), default: $default, doc: concat!($($doc),+) },)+
        ];

        impl Settings {
            /// Reads each setting from the first source that has it.
            ///
            /// # Errors
            /// Every value that cannot be read, with its name and the kind that is needed.
            fn read(find: impl Fn(&str) -> Option<(String, String)>) -> Result<Self, Vec<String>> {
                let mut problems = Vec::new();
                $(let $name: Option<$kind> = {
                    let (value, place) = find(stringify!($name)).unwrap_or_else(|| ($default.to_owned(), "default".to_owned()));
                    match value.parse::<$kind>() {
                        Ok(value) => Some(value),
                        Err(_) => {
                            let wanted = kind_in_words(stringify!($kind));
                            problems.push(format!("{} ({place}): value `{value}` is not {wanted}", stringify!($name)));
                            None
                        }
                    }
                };)+
                match ($($name,)+) {
                    ($(Some($name),)+) if problems.is_empty() => Ok(Self { $($name),+ }),
                    _ => Err(problems),
                }
            }
        }
    };
}

settings! {
    /// Address and port to listen on.
    bind: String = "127.0.0.1:8080",
    /// Address under which the catalogue is published, without a slash at the end; empty: made from `bind`.
    base_url: String = "",
    /// Name of the catalogue, shown on its pages.
    name: String = "Rihla",
    /// Short name of the institution that runs the catalogue, told to harvesters; empty: the catalogue stands for it.
    publisher: String = "",
    /// Licence of the descriptions, as a URI, told to harvesters; empty: none is stated.
    metadata_licence: String = "",
    /// Address to which harvesters write; empty: that of `mail_from`.
    admin_email: String = "",
    /// Folder for the SQLite file, the search index and locks.
    data_dir: String = "rihla-data",
    /// `postgres://user:password@host/database`, or a path of an SQLite file; empty: `rihla.sqlite` in the data folder.
    database_url: String = "",
    /// Folder with concept schemes that replace those shipped, one JSON file a scheme; empty: none.
    concepts_dir: String = "",
    /// `text` for people, `json` for log collectors.
    log_format: String = "text",
    /// Least important messages logged: `error`, `warn`, `info`, `debug`, or a filter such as `rihla=debug,actix_web=info`.
    log_level: String = "info",
    /// Threads that answer requests; 0: one for each core.
    workers: usize = "0",
    /// Connections to the database.
    database_connections: u32 = "8",
    /// Milliseconds to wait for a database connection before the answer is 503.
    database_connect_timeout_ms: u64 = "3000",
    /// Milliseconds that PostgreSQL works on one statement.
    database_statement_timeout_ms: u64 = "5000",
    /// Records kept in memory between requests.
    cache_records: u64 = "4000",
    /// Validated GraphQL documents and persisted queries kept in memory.
    cache_documents: u64 = "1000",
    /// Megabytes of memory for writing the search index.
    index_memory_mb: usize = "64",
    /// Whether GraphQL answers tell the number of SQL statements: for tests of the program and while questions are made faster. It depends on
    /// what is in memory, and so could tell of records that the reader may not see.
    show_statements: bool = "false",
    /// Milliseconds between looks at the change log for what other nodes wrote.
    follow_interval_ms: u64 = "250",
    /// Largest headers of a request, names and values together, in bytes; more is answered 431.
    max_header_bytes: usize = "8192",
    /// Largest body of a GraphQL request, in bytes, counted after decompression.
    max_body_bytes: usize = "262144",
    /// Milliseconds in which a body must arrive.
    body_timeout_ms: u64 = "10000",
    /// Milliseconds in which a question must be answered; a mutation may take twelve times as long.
    execution_timeout_ms: u64 = "5000",
    /// Largest GraphQL answer, in bytes.
    max_response_bytes: usize = "5242880",
    /// Deepest nesting of a GraphQL document.
    max_depth: usize = "18",
    /// Most tokens of a GraphQL document.
    max_tokens: usize = "2000",
    /// Most fields of a GraphQL document, fragments counted where they are spread.
    max_fields: usize = "1000",
    /// Most aliases of a GraphQL document.
    max_aliases: usize = "30",
    /// Most fields at the root of a GraphQL document.
    max_root_fields: usize = "20",
    /// Highest cost of a question, in nodes.
    max_cost: u64 = "10000",
    /// Whether the schema may be asked for; it is a public contract.
    introspection: bool = "true",
    /// Whether the query page at `/graphiql` is served.
    graphiql: bool = "true",
    /// Web origins, divided by blanks, whose pages may ask this catalogue; `*` for any; empty: none.
    cors_origins: String = "",
    /// Whether to tell browsers to use HTTPS only; set it behind TLS.
    hsts: bool = "false",
    /// Whether cookies are sent over HTTPS only: `true`, `false`, or `auto` to follow the scheme of `base_url`.
    secure_cookies: String = "auto",
    /// Minutes without use after which a session ends.
    session_idle_minutes: i64 = "30",
    /// Hours after which a session ends, whatever its use.
    session_hours: i64 = "12",
    /// Sign-in attempts for one account in five minutes.
    sign_in_per_account: usize = "10",
    /// Sign-in attempts from one network address in five minutes, behind which a whole ministry may sit.
    sign_in_per_address: usize = "100",
    /// Header in which a proxy in front names the client's address, such as `x-forwarded-for`; empty: no proxy.
    client_address_header: String = "",
    /// Highest cost of a question of a signed-in person or program, in nodes.
    max_cost_signed_in: u64 = "50000",
    /// Whether people without an institution may make an account of their own at `/register`, without any role.
    self_registration: bool = "false",
    /// TOML file with identity providers (OpenID Connect), see docs/identity.md; empty: none.
    identity_providers: String = "",
    /// Mail server: `smtp://host:port`, `smtps://user:password@host`; empty: mails are written to `outbox` in the data folder.
    smtp_url: String = "",
    /// Sender of mails.
    mail_from: String = "Rihla <rihla@localhost>",
    /// Whether webhooks may go to addresses of the own network.
    webhook_allow_private: bool = "false",
    /// Milliseconds before a failed delivery is tried again; doubled with each failure, up to 12 hours.
    webhook_retry_ms: i64 = "5000",
    /// Milliseconds in which a webhook's receiver must answer.
    webhook_timeout_ms: u64 = "10000",
    /// Whether this node harvests sources when they are due.
    harvest: bool = "true",
    /// Hosts of the own network that may be harvested, divided by blanks or commas, such as `ckan.ministry.local` or `10.0.0.8:5000`; empty: none.
    harvest_allowed_hosts: String = "",
    /// Milliseconds between two requests to a server that is harvested.
    harvest_pause_ms: u64 = "200",
    /// Milliseconds in which a server that is harvested must give a page whole.
    harvest_timeout_ms: u64 = "60000",
    /// Largest page of a source that is harvested, in bytes, before and after decompression.
    harvest_max_bytes: u64 = "33554432",
    /// Milliseconds between looks for sources that are due.
    harvest_interval_ms: u64 = "5000",
    /// Largest file that is taken in over the web, in bytes.
    max_import_bytes: usize = "16777216",
    /// Minutes between looks for records that are past their review date.
    remind_every_minutes: u64 = "60",
    /// Seconds that open requests get to finish when the server is told to stop.
    shutdown_timeout_s: u64 = "10",
}

/// Where settings come from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Flags by name of the setting.
    pub flags: HashMap<String, String>,
    /// A settings file in TOML.
    pub file: Option<PathBuf>,
    /// Names of the variables in the environment, among which misspelt ones are looked for.
    pub variables: Vec<String>,
}

/// Longest wait before a failed delivery is tried again, in milliseconds.
const MOST_RETRY_MS: i64 = 43_200_000;

/// What a variable is called that a setting is read from.
fn variable_of(setting: &str) -> String {
    format!("RIHLA_{}", setting.to_uppercase())
}

/// Variables that begin like those of settings and are none, nor those of tests, benchmarks and the build.
fn foreign(variables: &[String]) -> impl Iterator<Item = &String> {
    let of_others = ["RIHLA_TEST_", "RIHLA_BENCH_", "RIHLA_UPDATE_", "RIHLA_WITHOUT_"];
    variables.iter().filter(move |variable| {
        let is_ours = variable.starts_with("RIHLA_") && !of_others.iter().any(|front| variable.starts_with(front));
        is_ours && *variable != "RIHLA_CONFIG" && !DOCS.iter().any(|doc| variable_of(doc.name) == **variable)
    })
}

/// The setting that a variable is nearly the name of.
fn nearly(variable: &str) -> Option<String> {
    // Short names are near to too much.
    let is_long = variable.len() >= "RIHLA_".len() + 8;
    let mut names = DOCS.iter().map(|doc| variable_of(doc.name));
    names.find(|name| is_long && strsim::osa_distance(name, variable) <= 2)
}

/// Variables that are nearly the name of a setting.
fn misspelt(variables: &[String]) -> Vec<String> {
    let told = |variable: &String| {
        let name = nearly(variable)?;
        Some(format!("`{variable}` is not a setting; `{name}` is: correct the name, or remove the variable"))
    };
    foreign(variables).filter_map(told).collect()
}

/// Variables that begin like those of settings and are none, one sentence each. They may belong to scripts around the program, so that they are no
/// reason not to start.
pub fn unknown_variables(variables: &[String]) -> Vec<String> {
    let unlike = foreign(variables).filter(|variable| nearly(variable).is_none());
    unlike
        .map(|variable| format!("`{variable}` is not a setting and does nothing; the settings are listed in docs/configuration.md"))
        .collect()
}

/// Whether a text names an address, or a host, and a port.
fn is_place_to_listen(text: &str) -> bool {
    let host_and_port =
        || text.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && !host.contains(':') && port.parse::<u16>().is_ok());
    text.parse::<std::net::SocketAddr>().is_ok() || host_and_port()
}

/// Whether a text says what is logged. A word by itself is a level: the library would take a mistyped one for a part of the program, and log nothing of
/// all others.
fn is_log_filter(text: &str) -> bool {
    let is_level = |part: &str| part.parse::<tracing_subscriber::filter::LevelFilter>().is_ok();
    let mut alone = text.split(',').map(str::trim).filter(|part| !part.is_empty() && !part.contains(['=', '[']));
    tracing_subscriber::EnvFilter::try_new(text).is_ok() && alone.all(is_level)
}

/// Whether a text is an address to which a letter from elsewhere can be sent: one with a domain.
fn is_mail_address(text: &str) -> bool {
    text.parse::<lettre::Address>().is_ok_and(|address| address.domain().contains('.'))
}

/// Whether a text is a full address on the web.
fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.password().is_none())
}

/// A kind of value for people who set it.
fn kind_in_words(kind: &str) -> &str {
    match kind {
        "bool" => "true or false",
        "u32" | "u64" | "usize" => "a whole number from 0",
        "i64" => "a whole number",
        other => other,
    }
}

impl Settings {
    /// Loads the settings: flags, then environment (`RIHLA_BIND` …), then file, then defaults.
    ///
    /// # Errors
    /// Every problem, one sentence each.
    pub fn load(sources: &Sources, environment: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let settings = Self::load_unchecked(sources, environment)?;
        let problems: Vec<String> = settings.problems().into_iter().chain(misspelt(&sources.variables)).collect();
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    }

    fn load_unchecked(sources: &Sources, environment: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let known = |name: &str| DOCS.iter().any(|doc| doc.name == name);
        let file_path = sources.file.clone().or_else(|| environment("RIHLA_CONFIG").map(PathBuf::from));
        let file = file_path.as_deref().map(read_file).transpose().map_err(|e| vec![e])?.unwrap_or_default();
        let mut problems: Vec<String> = Vec::new();
        for name in sources.flags.keys().chain(file.keys()).filter(|name| !known(name)) {
            problems.push(format!("`{name}` is not a setting; the settings are listed in docs/configuration.md"));
        }
        let find = |name: &str| {
            let variable = variable_of(name);
            let flag = sources.flags.get(name).map(|value| (value.clone(), "flag".to_owned()));
            let env = || environment(&variable).map(|value| (value, variable.clone()));
            flag.or_else(env).or_else(|| file.get(name).map(|value| (value.clone(), "file".to_owned())))
        };
        match Self::read(find) {
            Ok(settings) if problems.is_empty() => Ok(settings),
            Ok(_) => Err(problems),
            Err(more) => {
                problems.extend(more);
                Err(problems)
            }
        }
    }

    /// Values that can be read and make no sense, one sentence each.
    fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut add = |is_wrong: bool, name: &str, value: &str, remedy: &str| {
            if is_wrong {
                found.push(format!("{name}: value `{value}` {remedy}"));
            }
        };
        let is_at_most = |number: u64, most: u64| (1..=most).contains(&number);
        let connections = u64::from(self.database_connections);
        add(
            !is_at_most(connections, 1000),
            "database_connections",
            &connections.to_string(),
            "is no number of connections; give 1 to 1000",
        );
        add(!is_place_to_listen(&self.bind), "bind", &self.bind, "is no address with a port; give one such as `127.0.0.1:8080`");
        add(self.workers > 1024, "workers", &self.workers.to_string(), "is too many threads; give 0 to 1024");
        add(
            !(16..=4096).contains(&self.index_memory_mb),
            "index_memory_mb",
            &self.index_memory_mb.to_string(),
            "is not between 16 and 4096",
        );
        for (name, number, least) in self.lower_limits() {
            let remedy = if least == 1 {
                "allows nothing; give a number from 1".to_owned()
            } else {
                format!("is too little; give a number from {least}")
            };
            add(number < least, name, &number.to_string(), &remedy);
        }
        // An end must come, and before the clock of the machine runs out.
        for (name, number, most) in
            [("session_idle_minutes", self.session_idle_minutes, 525_600), ("session_hours", self.session_hours, 8_760)]
        {
            add(!(1..=most).contains(&number), name, &number.to_string(), &format!("is no time that a session may last; give 1 to {most}"));
        }
        add(
            !(1..=MOST_RETRY_MS).contains(&self.webhook_retry_ms),
            "webhook_retry_ms",
            &self.webhook_retry_ms.to_string(),
            "is not between 1 and 43200000, which is 12 hours",
        );
        add(!matches!(self.log_format.as_str(), "text" | "json"), "log_format", &self.log_format, "is neither `text` nor `json`");
        add(
            !is_log_filter(&self.log_level),
            "log_level",
            &self.log_level,
            "is no level and no filter; give one such as `info` or `rihla=debug,actix_web=info`",
        );
        let is_header = self.client_address_header.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
        let remedy = "is no name of a header; give one such as `x-forwarded-for`";
        add(!is_header, "client_address_header", &self.client_address_header, remedy);
        let is_slug = self.publisher.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        add(!is_slug, "publisher", &self.publisher, "is no short name of an institution; give one such as `ma-hcp`");
        let is_uri = self.metadata_licence.is_empty() || url::Url::parse(&self.metadata_licence).is_ok();
        let remedy = "is no URI; give one such as `https://creativecommons.org/licenses/by/4.0/`";
        add(!is_uri, "metadata_licence", &self.metadata_licence, remedy);
        let is_mail = self.admin_email.is_empty() || is_mail_address(&self.admin_email);
        add(!is_mail, "admin_email", &self.admin_email, "is no e-mail address; give a plain one such as `desk@institution.example`");
        let is_choice = matches!(self.secure_cookies.as_str(), "auto" | "true" | "false");
        add(!is_choice, "secure_cookies", &self.secure_cookies, "is neither `auto` nor `true` nor `false`");
        let is_base = self.base_url.is_empty() || is_web_address(&self.base_url);
        add(!is_base, "base_url", &self.base_url, "is not an address; give a full one such as `https://catalogue.example`");
        for origin in self.cors_origins.split_whitespace().filter(|origin| *origin != "*") {
            let remedy = "is not an origin; give scheme and host such as `https://portal.example`, without a path";
            add(!is_web_address(origin) || origin.matches('/').count() != 2, "cors_origins", origin, remedy);
        }
        let scheme = self.database_url.split_once("://").map(|(scheme, _)| scheme);
        let is_known = scheme.is_none_or(|scheme| matches!(scheme, "postgres" | "postgresql" | "sqlite"));
        let remedy = "is of no database that is known; give `postgres://user:password@host/database`, or the path of an SQLite file";
        add(!is_known, "database_url", scheme.unwrap_or_default(), remedy);
        found
    }

    /// Numbers that need more than nothing, with the least that makes sense: below it no question could be asked, or no answer given.
    fn lower_limits(&self) -> [(&'static str, u64, u64); 20] {
        [
            ("database_connect_timeout_ms", self.database_connect_timeout_ms, 1),
            ("follow_interval_ms", self.follow_interval_ms, 1),
            ("max_header_bytes", self.max_header_bytes as u64, 256),
            ("max_body_bytes", self.max_body_bytes as u64, 1_024),
            ("body_timeout_ms", self.body_timeout_ms, 1),
            ("execution_timeout_ms", self.execution_timeout_ms, 1),
            ("max_response_bytes", self.max_response_bytes as u64, 1_024),
            ("max_depth", self.max_depth as u64, 1),
            ("max_tokens", self.max_tokens as u64, 1),
            ("max_fields", self.max_fields as u64, 1),
            ("max_root_fields", self.max_root_fields as u64, 1),
            ("max_cost", self.max_cost, 1),
            ("max_cost_signed_in", self.max_cost_signed_in, 1),
            ("sign_in_per_account", self.sign_in_per_account as u64, 1),
            ("sign_in_per_address", self.sign_in_per_address as u64, 1),
            ("webhook_timeout_ms", self.webhook_timeout_ms, 1),
            ("harvest_timeout_ms", self.harvest_timeout_ms, 1),
            ("harvest_max_bytes", self.harvest_max_bytes, 1_024),
            ("harvest_interval_ms", self.harvest_interval_ms, 1),
            ("max_import_bytes", self.max_import_bytes as u64, 1_024),
        ]
    }

    /// The data folder.
    pub fn data_path(&self) -> &Path {
        Path::new(&self.data_dir)
    }

    /// Where the database is.
    pub fn database(&self) -> String {
        if self.database_url.is_empty() { self.data_path().join("rihla.sqlite").display().to_string() } else { self.database_url.clone() }
    }

    /// Whether cookies go over HTTPS only.
    pub fn cookies_are_secure(&self) -> bool {
        match self.secure_cookies.as_str() {
            "true" => true,
            "false" => false,
            _ => self.public_url().starts_with("https://"),
        }
    }

    /// Hosts of the own network that may be harvested.
    pub fn harvest_hosts(&self) -> Vec<String> {
        let hosts = self.harvest_allowed_hosts.split(|c: char| c.is_whitespace() || c == ',');
        hosts.filter(|host| !host.is_empty()).map(str::to_lowercase).collect()
    }

    /// Address under which the catalogue is published.
    pub fn public_url(&self) -> String {
        let url = self.base_url.trim_end_matches('/');
        if url.is_empty() { format!("http://{}", self.bind) } else { url.to_owned() }
    }
}

fn read_file(path: &Path) -> Result<HashMap<String, String>, String> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|e| format!("the settings file {shown} cannot be read: {e}"))?;
    let table: toml::Table = text.parse().map_err(|e| format!("the settings file {shown} is not TOML: {e}"))?;
    let plain = |name: String, value: toml::Value| match value {
        toml::Value::String(text) => Ok((name, text)),
        toml::Value::Integer(number) => Ok((name, number.to_string())),
        toml::Value::Boolean(truth) => Ok((name, truth.to_string())),
        _ => Err(format!("the settings file {shown}: `{name}` is neither a text, a whole number nor true or false")),
    };
    table.into_iter().map(|(name, value)| plain(name, value)).collect()
}

/// The page `docs/configuration.md`.
pub fn documentation() -> String {
    let mut page = String::from(
        "# Configuration\n\n<!-- Generated from src/config.rs; a test keeps it up to date. -->\n\n\
         A setting is taken from the first of: a flag (`--bind`, `--data-dir`, `--database-url`, or `--set name=value` for any), \
         the environment (`RIHLA_` and the name in capitals), the settings file (TOML, by `--config` or `RIHLA_CONFIG`), the default.\n\n\
         | setting | environment | kind | default | what it does |\n|---|---|---|---|---|\n",
    );
    for doc in DOCS {
        let default = if doc.default.is_empty() { "(empty)".to_owned() } else { format!("`{}`", doc.default) };
        page.push_str(&format!("| `{}` | `{}` | {} | {default} | {} |\n", doc.name, variable_of(doc.name), doc.kind, doc.doc.trim()));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_before_environment_before_defaults() {
        let flags = HashMap::from([("bind".to_owned(), "127.0.0.1:1".to_owned())]);
        let environment = |name: &str| (name == "RIHLA_BIND" || name == "RIHLA_NAME").then(|| "from the environment".to_owned());
        let settings = Settings::load(&Sources { flags, ..Sources::default() }, environment).expect("settings");
        assert_eq!((settings.bind.as_str(), settings.name.as_str(), settings.max_depth), ("127.0.0.1:1", "from the environment", 18));
    }

    #[test]
    fn unknown_and_unreadable_settings_are_all_named() {
        let flags = HashMap::from([("colour".to_owned(), "red".to_owned()), ("max_depth".to_owned(), "deep".to_owned())]);
        let problems = Settings::load(&Sources { flags, ..Sources::default() }, |_| None).expect_err("problems");
        assert!(problems.iter().any(|p| p.contains("colour")) && problems.iter().any(|p| p.contains("max_depth")), "{problems:?}");
        assert!(!problems.iter().any(|p| p.contains("usize")), "{problems:?}");
    }

    #[test]
    fn values_that_make_no_sense_are_named_before_anything_starts() {
        for (name, value) in [
            ("database_connections", "0"),
            ("workers", "100000"),
            ("log_format", "xml"),
            ("log_level", "bogus=x=y"),
            ("log_level", "inof"),
            ("log_level", "warn,rihla"),
            ("session_hours", "-5"),
            ("session_idle_minutes", "0"),
            ("webhook_retry_ms", "0"),
            ("client_address_header", "x y"),
            ("max_response_bytes", "10"),
            ("publisher", "Nope"),
            ("metadata_licence", "nope"),
            ("admin_email", "foo"),
            ("sign_in_per_account", "0"),
            ("harvest_interval_ms", "0"),
            ("secure_cookies", "maybe"),
            ("cors_origins", "foo"),
            ("cors_origins", "https://portal.example/path"),
            ("base_url", "foo"),
            ("max_depth", "0"),
            ("database_url", "mysql://x"),
            ("bind", "999"),
            ("bind", "127.0.0.1"),
            ("max_header_bytes", "0"),
        ] {
            let flags = HashMap::from([(name.to_owned(), value.to_owned())]);
            let problems = Settings::load(&Sources { flags, ..Sources::default() }, |_| None).expect_err(name);
            assert!(problems.len() == 1 && problems[0].starts_with(name), "{problems:?}");
        }
        for (name, value) in [
            ("cors_origins", "* https://portal.example http://localhost:3000"),
            ("database_url", "postgres://u:p@h/d"),
            ("database_url", "sqlite:///tmp/x"),
            ("database_url", "./rihla.sqlite"),
            ("log_level", "rihla=debug,actix_web=info"),
            ("log_level", "WARN,rihla=debug"),
            ("log_level", "off"),
            ("client_address_header", "X-Forwarded-For"),
            ("max_response_bytes", "1024"),
            ("publisher", "ma-hcp"),
            ("metadata_licence", "https://creativecommons.org/licenses/by/4.0/"),
            ("admin_email", "desk@office.example"),
            ("base_url", "https://catalogue.example/"),
            ("bind", "[::1]:8080"),
            ("bind", "localhost:8080"),
        ] {
            let flags = HashMap::from([(name.to_owned(), value.to_owned())]);
            assert!(Settings::load(&Sources { flags, ..Sources::default() }, |_| None).is_ok(), "{name} {value}");
        }
    }

    #[test]
    fn a_variable_that_is_nearly_a_setting_is_named() {
        let variables = ["RIHLA_MAX_DEPHT", "RIHLA_BIND", "RIHLA_CONFIG", "RIHLA_HOME", "RIHLA_BIN", "RIHLA_SCRIPT_OF_OURS", "PATH"]
            .map(str::to_owned)
            .to_vec();
        let problems = Settings::load(&Sources { variables, ..Sources::default() }, |_| None).expect_err("problems");
        assert!(
            problems.len() == 1 && problems[0].contains("RIHLA_MAX_DEPHT") && problems[0].contains("`RIHLA_MAX_DEPTH`"),
            "{problems:?}"
        );
        let unknown = unknown_variables(&["RIHLA_MAX_DEPHT", "RIHLA_BIND", "RIHLA_HOME", "RIHLA_TEST_LOG_DIR", "PATH"].map(str::to_owned));
        assert!(unknown.len() == 1 && unknown[0].contains("`RIHLA_HOME`"), "{unknown:?}");
    }
}
