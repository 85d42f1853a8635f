//! Settings: written once here, read from flags, environment, file and defaults, in that order;
//! `docs/configuration.md` is generated from this list by a test.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

mod checks;
mod page;
#[cfg(test)]
mod tests;
mod variables;

pub use page::documentation;
pub use variables::unknown_variables;
use variables::{misspelt, variable_of};

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
    /// Address under which the catalogue is published: scheme and host, without a path; empty: made from `bind`.
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
