//! What is read, from where, and what is refused.

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
        ("base_url", "https://ministry.example/rihla"),
        ("base_url", "https://ministry.example/rihla/"),
        ("base_url", "https://ministry.example?site=rihla"),
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
        ("base_url", "http://127.0.0.1:8080"),
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
    assert!(problems.len() == 1 && problems[0].contains("RIHLA_MAX_DEPHT") && problems[0].contains("`RIHLA_MAX_DEPTH`"), "{problems:?}");
    let unknown = unknown_variables(&["RIHLA_MAX_DEPHT", "RIHLA_BIND", "RIHLA_HOME", "RIHLA_TEST_LOG_DIR", "PATH"].map(str::to_owned));
    assert!(unknown.len() == 1 && unknown[0].contains("`RIHLA_HOME`"), "{unknown:?}");
}
