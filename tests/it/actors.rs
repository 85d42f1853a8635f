//! People of the tests: added at the console, signed in by their one-time link, perhaps with a token.

use serde_json::{Value, json};

use crate::harness::{Answer, Place, Server};

/// Who asks: a visitor, a person in a session, or a program with a token.
#[derive(Clone, Debug)]
pub struct Caller(Option<(&'static str, String)>);

impl Caller {
    /// Anyone on the web.
    pub fn visitor() -> Self {
        Self(None)
    }

    /// Adds a person with these roles, such as `EDITOR@alpha` or `AUDITOR`, and signs them in.
    pub fn signed_in(server: &Server, place: &Place, name: &str, roles: &[&str]) -> Self {
        let email = format!("{name}@people.example");
        let function = format!("Function of {name}");
        let mut arguments = vec!["user", "add", email.as_str(), "--function", function.as_str(), "--language", "en"];
        for role in roles {
            arguments.extend(["--role", *role]);
        }
        let printed = place.run_ok(&arguments);
        let secret = printed.split("/sign-in/").nth(1).and_then(|rest| rest.split_whitespace().next());
        let secret = secret.unwrap_or_else(|| panic!("no link in {printed:?}"));
        Self(Some(("cookie", session(server, secret))))
    }

    /// A token of this person with these scopes.
    pub fn token(&self, server: &Server, scopes: &[&str]) -> Self {
        let query = "mutation($input: ApiTokenCreateInput!) { apiTokenCreate(input: $input) { secret errors { code message } } }";
        let data = self.data(server, query, json!({ "input": { "name": "test", "scopes": scopes, "expiresInDays": 30 } }));
        let secret = data["apiTokenCreate"]["secret"].as_str().unwrap_or_else(|| panic!("no token: {data}"));
        Self(Some(("authorization", format!("Bearer {secret}"))))
    }

    /// The header that makes the caller known; none for a visitor.
    pub fn header(&self) -> Option<(&str, &str)> {
        self.0.as_ref().map(|(name, value)| (*name, value.as_str()))
    }

    /// The answer to a GraphQL question as it travels.
    pub fn post(&self, server: &Server, query: &str, variables: &Value) -> Answer {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut headers =
            vec![("content-type", "application/json"), ("accept", "application/graphql-response+json"), ("accept-language", "en")];
        if let Some((name, value)) = &self.0 {
            headers.push((*name, value.as_str()));
        }
        server.post("/graphql", &headers, body.as_bytes())
    }

    /// The whole answer to a GraphQL question.
    pub fn ask(&self, server: &Server, query: &str, variables: Value) -> Value {
        self.post(server, query, &variables).json()
    }

    /// The data of a question that must be answered without errors.
    pub fn data(&self, server: &Server, query: &str, variables: Value) -> Value {
        let answer = self.ask(server, query, variables);
        assert!(answer.get("errors").is_none() && answer.get("data").is_some(), "{query}\n{answer}");
        answer["data"].clone()
    }
}

/// The opaque identifier of a kind and key.
pub fn node_id(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}

/// SQL statements that an answer took.
pub fn statements(answer: &Value) -> u64 {
    answer["extensions"]["cost"]["statements"].as_u64().unwrap_or_else(|| panic!("no number of statements: {answer}"))
}

/// Cookies that an answer sets, as they are sent back.
fn cookies(response: &ureq::http::Response<ureq::Body>) -> String {
    let set = response.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let pairs: Vec<&str> = set.filter_map(|cookie| cookie.split(';').next()).collect();
    pairs.join("; ")
}

/// Uses a sign-in link as a browser does: its page has a form with a mark, and the form opens the session.
fn session(server: &Server, secret: &str) -> String {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
    let address = format!("{}/sign-in/{secret}", server.address);
    let mut page = agent.get(address.as_str()).call().expect("the page of the link");
    let form_cookie = cookies(&page);
    let html = page.body_mut().read_to_string().expect("page");
    let mark = html.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let mark = mark.unwrap_or_else(|| panic!("no form in {html}"));
    let form = format!("csrf={mark}");
    let request =
        agent.post(address.as_str()).header("content-type", "application/x-www-form-urlencoded").header("cookie", form_cookie.as_str());
    let entered = request.send(form.as_bytes()).expect("the form is answered");
    let all = cookies(&entered);
    let session = all.split("; ").find(|cookie| cookie.starts_with("rihla_session="));
    session.unwrap_or_else(|| panic!("no session in {all:?}, status {}", entered.status())).to_owned()
}
