//! Settings of the identity providers, read from a TOML file of the operator.

use std::collections::BTreeMap;

use openidconnect::ClientSecret;
use openidconnect::core::CoreJwsSigningAlgorithm;
use toml::Table;
use url::{Host, Url};

use super::fields::Fields;
use crate::domain::ids::Slug;
use crate::domain::policy::is_of_institution;
use crate::domain::text::LanguageTag;
use crate::domain::vocabulary::{Role, Vocabulary};

#[cfg(test)]
mod tests;

/// The longest name of a provider, in characters.
const MAX_NAME: usize = 40;

/// Scopes asked for where the settings name none, besides `openid`.
const DEFAULT_SCOPES: [&str; 2] = ["email", "profile"];

/// How a provider may sign. Nothing else is accepted: no shared secrets (`HS256` and the like), and never `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// RSA, PKCS#1 v1.5, with SHA-256.
    Rs256,
    /// ECDSA on the curve P-256 with SHA-256.
    Es256,
    /// EdDSA on the curve Ed25519.
    EdDsa,
}

impl SigningAlgorithm {
    /// Every algorithm that is accepted.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Es256, Self::EdDsa];

    /// The name in tokens and settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of this name, written exactly so.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// As the library for signing in has it.
    pub(super) fn for_id_tokens(self) -> CoreJwsSigningAlgorithm {
        match self {
            Self::Rs256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            Self::Es256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            Self::EdDsa => CoreJwsSigningAlgorithm::EdDsa,
        }
    }
}

/// A value of a claim that gives a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Path of the claim, with full stops between names, such as `realm_access.roles`.
    pub claim: String,
    /// The value that the claim must be, or contain where it is a list.
    pub value: String,
    /// The role given; neither VISITOR nor MEMBER.
    pub role: Role,
    /// Slug of the institution that a role of an institution is for; none: the one that the person's claim names.
    pub institution: Option<String>,
}

/// An identity provider. Its secret is not shown by `Debug`.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Short name, unique, part of addresses.
    pub name: String,
    /// What people see, by language tag; never empty.
    pub title: BTreeMap<String, String>,
    /// Issuer exactly as the provider writes it.
    pub issuer: String,
    /// This catalogue's identifier at the provider; none where people do not sign in with it.
    pub client_id: Option<String>,
    /// This catalogue's secret at the provider; none for a public client.
    pub client_secret: Option<ClientSecret>,
    /// Scopes to ask for, without `openid`, which is always asked for.
    pub scopes: Vec<String>,
    /// Algorithms with which the provider may sign; never empty.
    pub algorithms: Vec<SigningAlgorithm>,
    /// Audience of access tokens that are accepted; empty: none are.
    pub audience: String,
    /// Whether access tokens must say in their header that they are (`typ` is `at+jwt`, RFC 9068).
    pub require_at_jwt: bool,
    /// Path of the claim that names the person's institution.
    pub institution_claim: Option<String>,
    /// Slugs of institutions by value of that claim.
    pub institutions: BTreeMap<String, String>,
    /// Which values of claims give which roles.
    pub grants: Vec<Grant>,
}

impl ProviderSettings {
    /// The title in a language, else in the language without region, else in English, else in any.
    pub fn title_in(&self, language: &str) -> &str {
        let primary = language.split('-').next().unwrap_or(language);
        let known = [language, primary, "en"].into_iter().find_map(|tag| self.title.get(tag));
        known.or_else(|| self.title.values().next()).map_or(&self.name, |title| title)
    }
}

/// Where secrets are fetched from; replaced in tests.
struct Outside<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
    file: &'a dyn Fn(&str) -> std::io::Result<String>,
}

fn environment_variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn file_text(path: &str) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}

/// Reads the file of identity providers, given as text; secrets that it refers to are fetched from the environment and from files.
///
/// # Errors
/// Every fault, one sentence each, with its place and the remedy. No sentence repeats a secret.
pub fn read_providers(toml_text: &str) -> Result<Vec<ProviderSettings>, Vec<String>> {
    read(toml_text, &Outside { variable: &environment_variable, file: &file_text })
}

fn read(toml_text: &str, outside: &Outside<'_>) -> Result<Vec<ProviderSettings>, Vec<String>> {
    let table = toml_text.parse::<Table>().map_err(|error| vec![syntax_fault(toml_text, &error)])?;
    let mut fields = Fields::new(&table, "file of identity providers".to_owned());
    let tables = fields.tables("provider", "provider");
    let mut faults = fields.finish();
    let mut providers = Vec::with_capacity(tables.len());
    for (index, table) in tables.into_iter().enumerate() {
        let (provider, found) = read_provider(table, index + 1, outside);
        faults.extend(found);
        providers.push(provider);
    }
    faults.extend(clashes(&providers));
    if faults.is_empty() { Ok(providers) } else { Err(faults) }
}

/// The library's own text quotes the line, which may hold a secret.
fn syntax_fault(toml_text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| toml_text.get(..span.start));
    let place = before.map_or_else(String::new, |before| format!(" in line {}", before.matches('\n').count() + 1));
    format!("file of identity providers: it is not TOML{place}: {}", error.message())
}

/// The provider, with gaps where there are faults, and the faults.
fn read_provider(table: &Table, number: usize, outside: &Outside<'_>) -> (ProviderSettings, Vec<String>) {
    let name = table.get("name").and_then(toml::Value::as_str).map_or_else(String::new, |name| format!(" (`{name}`)"));
    let mut fields = Fields::new(table, format!("provider {number}{name}"));
    let settings = ProviderSettings {
        name: read_name(&mut fields),
        title: read_title(&mut fields),
        issuer: read_issuer(&mut fields),
        client_id: fields.text("client_id"),
        client_secret: read_secret(&mut fields, outside),
        scopes: read_scopes(&mut fields),
        algorithms: read_algorithms(&mut fields),
        audience: fields.text("audience").unwrap_or_default(),
        require_at_jwt: fields.truth("require_at_jwt", true),
        institution_claim: fields.text("institution_claim"),
        institutions: read_institutions(&mut fields),
        grants: read_grants(&mut fields),
    };
    check_together(&settings, &mut fields);
    (settings, fields.finish())
}

fn read_name(fields: &mut Fields<'_>) -> String {
    let name = fields.needed("name", "national");
    let shape = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !shape || name.len() > MAX_NAME {
        fields.fault(format!("`name` is part of addresses; use at most {MAX_NAME} lower-case letters a-z, digits and hyphens"));
    }
    name
}

fn read_title(fields: &mut Fields<'_>) -> BTreeMap<String, String> {
    let example = "titles by language such as { en = \"National account\" }";
    let faults_before = fields.count();
    let mut titles = BTreeMap::new();
    for (tag, title) in fields.words("title", example) {
        match LanguageTag::parse(&tag) {
            Ok(tag) => drop(titles.insert(tag.as_str().to_owned(), title)),
            Err(text) => fields.fault(format!("`title`: {text}")),
        }
    }
    if titles.is_empty() && fields.count() == faults_before {
        fields.fault(format!("`title` has no language; give {example}"));
    }
    titles
}

fn read_issuer(fields: &mut Fields<'_>) -> String {
    let issuer = fields.needed("issuer", "https://id.example.org");
    if !issuer.is_empty()
        && let Err(text) = check_issuer(&issuer)
    {
        fields.fault(format!("`issuer` {text}"));
    }
    issuer
}

fn check_issuer(issuer: &str) -> Result<(), &'static str> {
    let url = Url::parse(issuer).map_err(|_| "is not a URL; give it exactly as the provider writes it, such as https://id.example.org")?;
    let is_this_machine = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && is_this_machine) {
        return Err("is not https; keys fetched without TLS prove nothing, so publish the provider with https");
    }
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if is_plain { Ok(()) } else { Err("has a query, a fragment or a user name; an issuer has none, so remove it") }
}

fn read_secret(fields: &mut Fields<'_>, outside: &Outside<'_>) -> Option<ClientSecret> {
    let (plain, variable, file) =
        (fields.written("client_secret"), fields.written("client_secret_env"), fields.written("client_secret_file"));
    if [&plain, &variable, &file].into_iter().flatten().count() > 1 {
        fields.fault("more than one of `client_secret`, `client_secret_env` and `client_secret_file` is given; keep one");
        return None;
    }
    let secret = match (plain, variable, file) {
        (Some(secret), _, _) => Ok(secret),
        (_, Some(name), _) => (outside.variable)(&name)
            .ok_or_else(|| format!("`client_secret_env`: the environment has no variable `{name}`; set it before the start")),
        (_, _, Some(path)) => (outside.file)(&path).map_err(|e| {
            format!("`client_secret_file`: `{path}` cannot be read ({e}); give the path of a file with nothing but the secret")
        }),
        _ => return None,
    };
    match secret.map(|secret| secret.trim_end_matches(['\r', '\n']).to_owned()) {
        Ok(secret) if !secret.is_empty() => return Some(ClientSecret::new(secret)),
        Ok(_) => fields.fault("the client secret is empty; give it, or leave the setting out for a public client"),
        Err(text) => fields.fault(text),
    }
    None
}

fn read_scopes(fields: &mut Fields<'_>) -> Vec<String> {
    let given = fields.texts("scopes").unwrap_or_else(|| DEFAULT_SCOPES.map(str::to_owned).to_vec());
    let mut scopes: Vec<String> = Vec::with_capacity(given.len());
    for scope in given {
        // What RFC 6749 allows in a scope: visible ASCII without quotes and backslashes.
        let is_scope = !scope.is_empty() && scope.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
        if !is_scope {
            fields.fault(format!("`scopes`: `{scope}` is not a scope; write each as a text of its own, without blanks"));
        } else if scope != "openid" && !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
}

fn read_algorithms(fields: &mut Fields<'_>) -> Vec<SigningAlgorithm> {
    let Some(names) = fields.texts("algorithms") else { return SigningAlgorithm::ALL.to_vec() };
    let accepted = SigningAlgorithm::ALL.map(SigningAlgorithm::name).join(", ");
    if names.is_empty() {
        fields.fault(format!("`algorithms` is empty; name some of {accepted}, or leave it out for all of them"));
    }
    let mut algorithms = Vec::with_capacity(names.len());
    for name in names {
        match SigningAlgorithm::parse(&name) {
            Some(algorithm) => algorithms.push(algorithm),
            None => fields.fault(format!("`algorithms`: `{name}` is not accepted; choose from {accepted}")),
        }
    }
    algorithms
}

fn read_institutions(fields: &mut Fields<'_>) -> BTreeMap<String, String> {
    let institutions = fields.words("institutions", "values of the claim with slugs, such as { a = \"ma-hcp\" }");
    for (value, slug) in &institutions {
        if let Err(text) = Slug::parse(slug) {
            fields.fault(format!("`institutions.{value}`: {text}"));
        }
    }
    institutions
}

fn read_grants(fields: &mut Fields<'_>) -> Vec<Grant> {
    let tables = fields.tables("grant", "provider.grant");
    let mut grants = Vec::with_capacity(tables.len());
    for (index, table) in tables.into_iter().enumerate() {
        let mut inner = Fields::new(table, format!("{}, grant {}", fields.place(), index + 1));
        grants.extend(read_grant(&mut inner));
        fields.absorb(inner.finish());
    }
    grants
}

fn read_grant(fields: &mut Fields<'_>) -> Option<Grant> {
    let claim = fields.needed("claim", "roles");
    let value = fields.needed("value", "institution_editor");
    let code = fields.needed("role", "EDITOR");
    let institution = fields.text("institution");
    if let Some(Err(text)) = institution.as_deref().map(Slug::parse) {
        fields.fault(format!("`institution`: {text}"));
    }
    let can_be_granted = |role: &Role| !matches!(role, Role::Visitor | Role::Member);
    let Some(role) = Role::parse(&code).filter(can_be_granted) else {
        if !code.is_empty() {
            let codes: Vec<&str> = Role::ALL.iter().copied().filter(can_be_granted).map(Role::code).collect();
            fields.fault(format!("`role`: `{code}` cannot be granted; choose from {}", codes.join(", ")));
        }
        return None;
    };
    if institution.is_some() && !is_of_institution(role) {
        fields.fault(format!("`institution`: {code} is a role of the whole catalogue; remove `institution`"));
    }
    Some(Grant { claim, value, role, institution })
}

/// What is wrong only in view of other settings of the same provider.
fn check_together(settings: &ProviderSettings, fields: &mut Fields<'_>) {
    if settings.client_id.is_none() && settings.audience.is_empty() {
        fields.fault("neither `client_id` nor `audience` is given; give one to sign in with it, the other to accept its access tokens");
    }
    if settings.client_id.is_none() && settings.client_secret.is_some() {
        fields.fault("there is a client secret without `client_id`; give both, or neither");
    }
    // The audience of ID tokens is the client; only the type in the header would tell the two apart.
    if !settings.require_at_jwt && settings.client_id.as_deref() == Some(settings.audience.as_str()) {
        fields.fault("`audience` is the same as `client_id`, so that ID tokens would pass; choose another, or set require_at_jwt = true");
    }
    let needs_claim = |grant: &Grant| is_of_institution(grant.role) && grant.institution.is_none();
    if settings.grants.iter().any(needs_claim) && (settings.institution_claim.is_none() || settings.institutions.is_empty()) {
        fields.fault(
            "a grant gives a role of an institution and does not say of which; give `institution` in the grant, or \
             `institution_claim` and the table `institutions`",
        );
    }
}

/// What is wrong only in view of other providers.
fn clashes(providers: &[ProviderSettings]) -> Vec<String> {
    let mut faults = Vec::new();
    for (index, provider) in providers.iter().enumerate() {
        let earlier = &providers[..index];
        if !provider.name.is_empty() && earlier.iter().any(|other| other.name == provider.name) {
            faults.push(format!("provider {}: the name `{}` is taken by an earlier one; choose another", index + 1, provider.name));
        }
        let same_issuer = |other: &&ProviderSettings| !other.audience.is_empty() && other.issuer == provider.issuer;
        if !provider.audience.is_empty()
            && !provider.issuer.is_empty()
            && let Some(other) = earlier.iter().find(same_issuer)
        {
            let (name, other) = (&provider.name, &other.name);
            faults.push(format!("providers `{other}` and `{name}` accept tokens of the same issuer; keep `audience` in one of them"));
        }
    }
    faults
}
