//! A browser without a screen: keeps cookies for each host, says where its forms come from, follows redirects when told to.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use crate::harness::Server;

/// An answer, with the address that gave it.
#[derive(Clone)]
pub struct Page {
    /// Address.
    pub url: Url,
    /// Status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
}

/// A form of a page.
#[derive(Clone)]
pub struct Form {
    /// Where it goes.
    pub action: Url,
    /// Origin of its page.
    pub origin: String,
    /// Fields with what stands in them.
    pub fields: Vec<(String, String)>,
}

/// A browser. A clone of it is somebody who has all its cookies.
#[derive(Clone)]
pub struct Browser {
    home: Url,
    real_host: String,
    cookies: BTreeMap<(String, String), String>,
    agent: ureq::Agent,
}

impl Page {
    /// Value of a header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The line that sets a cookie; empty where there is none.
    pub fn set_cookie(&self, name: &str) -> &str {
        let front = format!("{name}=");
        let mut lines = self.headers.iter().filter(|(known, _)| known == "set-cookie").map(|(_, line)| line.as_str());
        lines.rfind(|line| line.starts_with(&front)).unwrap_or_default()
    }

    /// Where a redirect leads.
    pub fn target(&self) -> Option<Url> {
        let is_redirect = (300..400).contains(&self.status);
        is_redirect.then(|| self.url.join(self.header("location")).expect("an address"))
    }

    /// Every form.
    pub fn forms(&self) -> Vec<Form> {
        let read = |part: &str| {
            let (tag, rest) = part.split_once('>').expect("the end of a tag");
            let inside = rest.split("</form>").next().unwrap_or_default();
            let field = |input: &str| {
                let tag = input.split('>').next().unwrap_or_default();
                Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default()))
            };
            let action = self.url.join(&attribute(tag, "action").unwrap_or_default()).expect("an address");
            let fields = inside.split("<input").skip(1).filter_map(field).collect();
            Form { action, origin: self.url.origin().ascii_serialization(), fields }
        };
        self.body.split("<form").skip(1).map(read).collect()
    }

    /// The form that goes to a path.
    pub fn form(&self, path: &str) -> Form {
        let found = self.forms().into_iter().find(|form| form.action.path() == path);
        found.unwrap_or_else(|| panic!("{}: {} has no form that goes to {path}: {}", self.status, self.url, self.words()))
    }

    /// The text without its markup.
    pub fn words(&self) -> String {
        let parts = self.body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
        parts.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.body))
    }

    /// Code of the first error of a GraphQL answer.
    pub fn error_code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Form {
    /// The form with something written into a field.
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The form without a field.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// What stands in a field.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

impl Browser {
    /// A browser that knows a server by the address at which it listens.
    pub fn at(server: &Server) -> Self {
        Self::named(&server.address, server)
    }

    /// A browser that knows a server by another address, such as its published one.
    pub fn named(home: &str, server: &Server) -> Self {
        let (_, real_host) = server.address.split_once("://").expect("an address");
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let agent = config.timeout_global(Some(Duration::from_secs(60))).build().into();
        Self { home: Url::parse(home).expect("an address"), real_host: real_host.to_owned(), cookies: BTreeMap::new(), agent }
    }

    /// The address of a path of the catalogue.
    pub fn url(&self, path: &str) -> Url {
        self.home.join(path).expect("an address")
    }

    /// Origin of the catalogue.
    pub fn origin(&self) -> String {
        self.home.origin().ascii_serialization()
    }

    /// The value of a cookie of the catalogue.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(&(self.home.authority().to_owned(), name.to_owned())).map(String::as_str)
    }

    /// Plants a cookie of the catalogue.
    pub fn plant(&mut self, name: &str, value: &str) {
        self.cookies.insert((self.home.authority().to_owned(), name.to_owned()), value.to_owned());
    }

    /// Sends a request, GET without a body and POST with one; follows no redirect.
    pub fn send(&mut self, url: &Url, headers: &[(&str, &str)], body: Option<&str>) -> Page {
        let host = url.authority().to_owned();
        let real_host = if host == self.home.authority() { &self.real_host } else { &host };
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let address = format!("http://{real_host}{}{query}", url.path());
        let of_host = self.cookies.iter().filter(|((of, _), _)| *of == host);
        let cookies = of_host.map(|((_, name), value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let mut all = vec![("accept-language", "en")];
        if !cookies.is_empty() {
            all.push(("cookie", cookies.as_str()));
        }
        all.extend(headers);
        let answer = match body {
            None => {
                let request = self.agent.get(address.as_str());
                all.iter().fold(request, |request, (name, value)| request.header(*name, *value)).call()
            }
            Some(body) => {
                let request = self.agent.post(address.as_str());
                all.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send(body.as_bytes())
            }
        };
        let mut response = answer.unwrap_or_else(|e| panic!("{url}: {e}"));
        let headers: Vec<(String, String)> =
            response.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned())).collect();
        let (status, body) = (response.status().as_u16(), response.body_mut().read_to_string().expect("a body"));
        self.keep_cookies(&host, &headers);
        Page { url: url.clone(), status, headers, body }
    }

    fn keep_cookies(&mut self, host: &str, headers: &[(String, String)]) {
        for (_, line) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (pair, attributes) = line.split_once(';').unwrap_or((line.as_str(), ""));
            let (name, value) = pair.split_once('=').expect("a name and a value");
            let (key, attributes) = ((host.to_owned(), name.to_owned()), attributes.to_ascii_lowercase());
            if value.is_empty() || attributes.contains("max-age=0") || attributes.contains("01 jan 1970") {
                self.cookies.remove(&key);
            } else {
                self.cookies.insert(key, value.to_owned());
            }
        }
    }

    /// Opens a path of the catalogue.
    pub fn open(&mut self, path: &str) -> Page {
        let url = self.url(path);
        self.send(&url, &[], None)
    }

    /// Sends a form as the page it stands on does.
    pub fn submit(&mut self, form: &Form) -> Page {
        self.submit_with(form, &[("origin", &form.origin)])
    }

    /// Sends a form with other headers than those of its page.
    pub fn submit_with(&mut self, form: &Form, headers: &[(&str, &str)]) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend(headers);
        self.send(&form.action, &all, Some(&body))
    }

    /// Follows redirects to the page at their end.
    pub fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..20 {
            let Some(next) = page.target() else { return page };
            page = self.send(&next, &[], None);
        }
        panic!("redirects without end, at last to {}", page.url)
    }

    /// A GraphQL question with the headers given.
    pub fn graphql(&mut self, query: &str, variables: Value, headers: &[(&str, &str)]) -> Page {
        let url = self.url("/graphql");
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut all = vec![("content-type", "application/json"), ("accept", "application/graphql-response+json")];
        all.extend(headers);
        self.send(&url, &all, Some(&body))
    }

    /// A GraphQL question from a page of the catalogue that must be answered without errors; returns `data`.
    pub fn ask(&mut self, query: &str, variables: Value) -> Value {
        let origin = self.origin();
        let page = self.graphql(query, variables, &[("origin", &origin)]);
        let json = page.json();
        assert!(page.status == 200 && json.get("errors").is_none(), "{query}: {} {}", page.status, page.body);
        json["data"].clone()
    }

    /// Who this browser is for the catalogue: e-mail address, else function; none for a visitor.
    pub fn who(&mut self) -> Option<String> {
        let viewer = self.ask("{ viewer { email function } }", Value::Null)["viewer"].clone();
        viewer["email"].as_str().or(viewer["function"].as_str()).map(str::to_owned)
    }

    /// Roles in the catalogue, such as `EDITOR@hcp`, in the order of their names.
    pub fn roles(&mut self) -> Vec<String> {
        let data = self.ask("{ viewer { roles { role institution { slug } } } }", Value::Null);
        let name = |granted: &Value| {
            let role = granted["role"].as_str().expect("a role");
            granted["institution"]["slug"].as_str().map_or_else(|| role.to_owned(), |slug| format!("{role}@{slug}"))
        };
        let mut roles: Vec<String> = data["viewer"]["roles"].as_array().expect("roles").iter().map(name).collect();
        roles.sort_unstable();
        roles
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let front = format!(" {name}=\"");
    let (_, rest) = tag.split_once(front.as_str())?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&"))
}
