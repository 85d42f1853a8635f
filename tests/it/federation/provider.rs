//! The OpenID provider of the tests, and a catalogue that knows it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Backend, Place, Server, project};
use crate::identity::browser::{Browser, Page};

/// Address under which the catalogue is published; a [`Browser`] finds the server behind it.
pub const HOME: &str = "http://catalogue.test";

/// A running provider.
pub struct Provider {
    /// Its issuer.
    pub issuer: String,
    process: Child,
}

impl Provider {
    /// Starts a provider on a free port of this machine.
    pub fn start() -> Self {
        let modules = std::env::var("RIHLA_TEST_PROVIDER").expect(
            "RIHLA_TEST_PROVIDER is not set; run the tests with tests/run, which installs the packages of tests/it/provider and names \
             their folder",
        );
        let mut command = Command::new("node");
        command.arg(project("tests/it/provider/provider.mjs")).arg(HOME).env("MODULES", modules);
        // Its standard input is held open: the provider ends when this process does.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("node can be started");
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().expect("standard output")).read_line(&mut line).expect("a line");
        let issuer = line.trim().strip_prefix("issuer ").unwrap_or_else(|| panic!("the provider said {line:?}")).to_owned();
        Self { issuer, process }
    }

    /// GET at one of the addresses for tests.
    pub fn get(&self, path: &str) -> Value {
        answer(agent().get(format!("{}{path}", self.issuer)).call())
    }

    /// POST at one of the addresses for tests.
    pub fn post(&self, path: &str, body: Value) -> Value {
        answer(agent().post(format!("{}{path}", self.issuer)).send(body.to_string().as_bytes()))
    }

    /// What is said of a person from now on; it replaces what was said before.
    pub fn set_person(&self, name: &str, claims: Value) {
        self.post("/test/person", json!({ "name": name, "claims": claims }));
    }

    /// An access token that a service gets with its own secret, for the catalogue or for another resource.
    pub fn service_token(&self, service: &str, resource: Option<&str>) -> String {
        let mut form = vec![
            ("grant_type", "client_credentials".to_owned()),
            ("scope", "harvest".to_owned()),
            ("client_id", service.to_owned()),
            ("client_secret", format!("{service}-secret-of-the-tests")),
        ];
        form.extend(resource.map(|resource| ("resource", resource.to_owned())));
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = agent().post(format!("{}/token", self.issuer)).header("content-type", "application/x-www-form-urlencoded");
        let answer = answer(request.send(body.as_bytes()));
        answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// A token that the provider signs with its present RSA key, whatever stands in it; null takes a member out.
    pub fn signed(&self, header: Value, claims: Value) -> String {
        let token = self.post("/test/sign", json!({ "header": header, "claims": claims }));
        token["token"].as_str().expect("a token").to_owned()
    }

    /// Ends it at once.
    pub fn kill(mut self) {
        self.process.kill().expect("kill");
        self.process.wait().expect("wait");
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(30))).build().into()
}

fn answer(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Value {
    let text = result.expect("the provider answers").body_mut().read_to_string().expect("a body");
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

/// A catalogue with the provider as the only one, called `office`.
pub struct Office {
    /// The provider.
    pub provider: Provider,
    /// The catalogue's server.
    pub server: Server,
    /// Its folder and database.
    pub place: Place,
}

impl Office {
    /// Starts both; people sign in, and access tokens for the audience `catalogue` are accepted.
    pub fn open(backend: Backend) -> Self {
        let (provider, place) = (Provider::start(), Place::new(backend));
        let settings = place.write(
            "providers.toml",
            format!(
                r#"[[provider]]
name = "office"
title = {{ en = "Office account", fr = "Compte du bureau" }}
issuer = "{}"
client_id = "catalogue-web"
client_secret = "catalogue-web-secret-of-the-tests"
scopes = ["email", "profile", "catalogue"]
audience = "catalogue"
institution_claim = "institution"
institutions = {{ unit-7 = "hcp" }}

[[provider.grant]]
claim = "roles"
value = "institution_editor"
role = "EDITOR"

[[provider.grant]]
claim = "roles"
value = "catalogue_auditor"
role = "AUDITOR"
"#,
                provider.issuer
            ),
        );
        let providers = format!("identity_providers={settings}");
        let server = place.serve(&["--demo", "--set", "base_url=http://catalogue.test", "--set", &providers]);
        Self { provider, server, place }
    }

    /// A new browser.
    pub fn browser(&self) -> Browser {
        Browser::named(HOME, &self.server)
    }

    /// Presses the button of the provider on the page for signing in; the answer leads to the provider.
    pub fn start(&self, browser: &mut Browser) -> Page {
        let form = browser.open("/sign-in").form("/auth/office/start");
        browser.submit(&form)
    }

    /// Signs in at the provider under a name, and goes no further than the address at which the catalogue takes the code.
    pub fn up_to_callback(&self, browser: &mut Browser, name: &str) -> Page {
        let begun = self.start(browser);
        self.at_provider(browser, begun, name)
    }

    /// Goes through the provider's pages, until one of its answers leads back to the catalogue.
    pub fn at_provider(&self, browser: &mut Browser, mut page: Page, name: &str) -> Page {
        for _ in 0..20 {
            page = match page.target() {
                Some(next) if next.as_str().starts_with(HOME) => return page,
                Some(next) => browser.send(&next, &[], None),
                None => {
                    let form = page.forms().into_iter().next().unwrap_or_else(|| panic!("{}: {} {}", page.url, page.status, page.words()));
                    let asks_name = form.fields.iter().any(|(field, _)| field == "login");
                    let form = if asks_name { form.fill("login", name).fill("password", "any") } else { form };
                    browser.submit(&form.fill("logout", "yes"))
                }
            };
        }
        panic!("the provider leads nowhere, at last to {}", page.url)
    }

    /// Signs in with the provider, to the page at the end.
    pub fn enter(&self, browser: &mut Browser, name: &str) -> Page {
        let back = self.up_to_callback(browser, name);
        browser.follow(back)
    }

    /// Stops the catalogue in good order and looks it over.
    pub fn close(self) {
        self.server.stop();
        self.place.assert_healthy();
    }
}
