//! Values that can be read and make no sense, told before anything starts.

use super::Settings;

/// Longest wait before a failed delivery is tried again, in milliseconds.
const MOST_RETRY_MS: i64 = 43_200_000;

impl Settings {
    /// Values that can be read and make no sense, one sentence each.
    pub(super) fn problems(&self) -> Vec<String> {
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
        let base = self.base_url.trim_end_matches('/');
        let remedy = "is no address of a whole site; give scheme and host such as `https://catalogue.example`, without a path: the program answers \
                      at the root of its address, so give the catalogue a host name of its own";
        add(!self.base_url.is_empty() && !is_origin(base), "base_url", &self.base_url, remedy);
        for origin in self.cors_origins.split_whitespace().filter(|origin| *origin != "*") {
            let remedy = "is not an origin; give scheme and host such as `https://portal.example`, without a path";
            add(!is_origin(origin), "cors_origins", origin, remedy);
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

/// Whether a text is scheme and host, perhaps with a port, and nothing behind them.
fn is_origin(text: &str) -> bool {
    is_web_address(text) && text.matches('/').count() == 2 && !text.contains(['?', '#', '@'])
}

/// Whether a text is a full address on the web.
fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.password().is_none())
}
