//! People who sign in to a test's server, and what they ask it.

use serde_json::{Value, json};

use crate::harness::{Answer, Backend, Place, Server, note_secret, project};

/// Password of everyone whom a [`Registry`] invites.
pub const PASSWORD: &str = "a long way across the strait";

/// A browser that is signed in.
#[derive(Debug)]
pub struct Session {
    /// What the header `Cookie` carries.
    pub cookie: String,
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    /// Anyone on the web.
    Visitor,
    /// A person who has signed in.
    Session(&'a Session),
    /// A program with an API token.
    Token(&'a str),
}

impl<'a> From<&'a Session> for Who<'a> {
    fn from(session: &'a Session) -> Self {
        Who::Session(session)
    }
}

/// An account that `serve --demo` prints.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// Role, such as `EDITOR`.
    pub role: String,
    /// Function.
    pub function: String,
    /// Path of the link that signs in once.
    pub sign_in_path: String,
    /// API token.
    pub token: String,
}

/// Reads the accounts from what `serve --demo` printed: role and function, link, token, a line each.
pub fn demo_accounts(lines: &[String]) -> Vec<DemoAccount> {
    let read = |three: &[String]| {
        let (role, function) = three[0].trim().split_once(' ')?;
        let (_, secret) = three[1].trim().split_once("/sign-in/")?;
        let token = three[2].trim().to_owned();
        token.starts_with("rihla_").then(|| DemoAccount {
            role: role.to_owned(),
            function: function.trim().to_owned(),
            sign_in_path: format!("/sign-in/{secret}"),
            token,
        })
    };
    lines.windows(3).filter_map(read).collect()
}

impl Server {
    /// A GraphQL request of somebody, whatever the answer.
    pub fn graphql_as<'a>(&self, who: impl Into<Who<'a>>, query: &str, variables: Value) -> Answer {
        self.graphql_in("en", who, query, variables)
    }

    /// A GraphQL request of somebody who reads a language, whatever the answer.
    pub fn graphql_in<'a>(&self, language: &str, who: impl Into<Who<'a>>, query: &str, variables: Value) -> Answer {
        let credential = match who.into() {
            Who::Visitor => None,
            Who::Session(session) => Some(("cookie", session.cookie.clone())),
            Who::Token(token) => Some(("authorization", format!("Bearer {token}"))),
        };
        let mut headers =
            vec![("content-type", "application/json"), ("accept", "application/graphql-response+json"), ("accept-language", language)];
        headers.extend(credential.iter().map(|(name, value)| (*name, value.as_str())));
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.post("/graphql", &headers, body.as_bytes())
    }
}

/// What somebody is answered without top-level errors: `data`.
pub fn ask_as<'a>(server: &Server, who: impl Into<Who<'a>>, query: &str, variables: Value) -> Value {
    ask_in(server, "en", who, query, variables)
}

/// What somebody who reads a language is answered without top-level errors: `data`.
pub fn ask_in<'a>(server: &Server, language: &str, who: impl Into<Who<'a>>, query: &str, variables: Value) -> Value {
    let answer = server.graphql_in(language, who, query, variables);
    let json = answer.json();
    assert!(answer.status == 200 && json.get("errors").is_none(), "{} {query}\n{}", answer.status, answer.body);
    json["data"].clone()
}

/// Text of a documented operation.
pub fn operation(name: &str) -> String {
    let path = project(&format!("graphql/operations/{name}.graphql"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Payload of a documented mutation that takes `$input`.
pub fn act<'a>(server: &Server, who: impl Into<Who<'a>>, name: &str, input: Value) -> Value {
    payload(&ask_as(server, who, &operation(name), json!({ "input": input })))
}

/// The answer of the one mutation that was asked for.
pub fn payload(data: &Value) -> Value {
    data.as_object().and_then(|fields| fields.values().next()).cloned().unwrap_or_else(|| panic!("no payload: {data}"))
}

/// Codes of the errors of a payload; none where the mutation was carried out.
pub fn codes(payload: &Value) -> Vec<&str> {
    let errors = payload["errors"].as_array().unwrap_or_else(|| panic!("a payload has errors: {payload}"));
    errors.iter().map(|error| error["code"].as_str().expect("code")).collect()
}

/// The thing that a mutation which was carried out answers with.
pub fn done(payload: &Value, thing: &str) -> Value {
    assert!(codes(payload).is_empty() && !payload[thing].is_null(), "{payload}");
    payload[thing].clone()
}

/// Path of an address, which is printed under the address of the settings, not under the one that is served.
pub fn path_of(link: &str) -> String {
    let link = link.trim();
    url::Url::parse(link).map_or_else(|_| link.to_owned(), |url| url.path().to_owned())
}

/// The secret of a private link: the last part of its address.
pub fn secret_of(link: &str) -> String {
    path_of(link).rsplit('/').next().unwrap_or_default().to_owned()
}

fn cookie_of(answer: &Answer, name: &str) -> Option<String> {
    let cookies = answer.headers.iter().filter(|(header, _)| header == "set-cookie").map(|(_, value)| value.as_str());
    let mut pairs = cookies.filter_map(|value| value.split(';').next());
    pairs.find(|pair| pair.strip_prefix(name).is_some_and(|rest| rest.starts_with('=') && rest.len() > 1)).map(str::to_owned)
}

/// Fills in the form of a page as a browser does: the mark of the form and its cookie go back with the fields.
pub fn submit(server: &Server, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = server.get(path, &[]);
    assert_eq!(page.status, 200, "{path}: {}", page.body);
    let mark = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let mark = mark.unwrap_or_else(|| panic!("{path} has no form: {}", page.body));
    let cookie = cookie_of(&page, "rihla_form").unwrap_or_else(|| panic!("{path} sets no cookie: {:?}", page.headers));
    let body = url::form_urlencoded::Serializer::new(String::new()).append_pair("csrf", mark).extend_pairs(fields).finish();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("cookie", cookie.as_str())];
    server.post(path, &headers, body.as_bytes())
}

fn session_of(answer: &Answer) -> Session {
    assert_eq!(answer.status, 303, "{}", answer.body);
    let cookie = cookie_of(answer, "rihla_session").unwrap_or_else(|| panic!("no session: {:?}", answer.headers));
    note_secret(cookie.rsplit('=').next().unwrap_or_default());
    Session { cookie }
}

/// Accepts an invitation on its page, which signs in at once.
pub fn accept_invitation(server: &Server, link: &str, password: &str) -> Session {
    note_secret(&secret_of(link));
    note_secret(password);
    session_of(&submit(server, &path_of(link), &[("password", password), ("password_again", password)]))
}

/// Uses a link that signs in once.
pub fn follow_link(server: &Server, link: &str) -> Session {
    note_secret(&secret_of(link));
    session_of(&submit(server, &path_of(link), &[]))
}

/// Signs in with a password.
pub fn sign_in(server: &Server, email: &str, password: &str) -> Session {
    session_of(&submit(server, "/sign-in", &[("email", email), ("password", password), ("code", "")]))
}

/// A catalogue with institutions, without records and people, served; people are let in as an operator does.
pub struct Registry {
    /// The server.
    pub server: Server,
    /// Its folder and database.
    pub place: Place,
}

impl Registry {
    /// A registry with these institutions, lines of the record format.
    pub fn open(backend: Backend, institutions: &[String]) -> Self {
        let place = Place::new(backend);
        let file = place.write("institutions.jsonl", institutions.join("\n"));
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        Self { server, place }
    }

    /// Address of a person, made of their function.
    pub fn email(function: &str) -> String {
        format!("{}@people.example", function.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"))
    }

    /// Invites a person to an institution; returns the link.
    pub fn invitation(&self, institution: &str, function: &str, roles: &[&str]) -> String {
        let email = Self::email(function);
        let mut arguments = vec!["institution", "invite", institution, &email, "--function", function];
        arguments.extend(roles.iter().flat_map(|role| ["--role", role]));
        self.place.run_ok(&arguments)
    }

    /// A person of an institution who has accepted the invitation.
    pub fn invite(&self, institution: &str, function: &str, roles: &[&str]) -> Session {
        accept_invitation(&self.server, &self.invitation(institution, function, roles), PASSWORD)
    }

    /// A person whom the operator adds, signed in by the link that is printed.
    pub fn add(&self, function: &str, role: &str) -> Session {
        let link = self.place.run_ok(&["user", "add", &Self::email(function), "--function", function, "--role", role]);
        follow_link(&self.server, &link)
    }

    /// Stops the server and checks that log and index are whole.
    pub fn close(self) {
        let Self { server, place } = self;
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn every_account_of_the_demo_has_a_token_and_a_link_that_fit_once() {
    crate::harness::with_demo(|server, _| {
        let query = "{ viewer { function roles { role } } }";
        for account in server.accounts() {
            let viewer = ask_as(server, Who::Token(&account.token), query, Value::Null)["viewer"].clone();
            assert_eq!(viewer["function"], account.function);
            // Who has no role is a member: that follows from signing in.
            let role = viewer["roles"].get(0).map_or(&json!("MEMBER"), |granted| &granted["role"]).clone();
            assert_eq!(role, account.role);
            let session = follow_link(server, &account.sign_in_path);
            assert_eq!(ask_as(server, &session, query, Value::Null)["viewer"], viewer);
            assert_eq!(server.get(&account.sign_in_path, &[]).status, 404, "the link of {} can be used again", account.role);
        }
    });
}
