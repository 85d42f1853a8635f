//! Identity providers: people who sign in with OpenID Connect, and access tokens that other services bring along.
//!
//! Nothing here knows the database or the web server; what a person who signed in becomes in the registry is decided elsewhere. Requests
//! go through a function given from outside, so that the rules about where requests may go hold here too. They block their thread.

mod bearer;
mod claims;
mod discovery;
mod fields;
mod flow;
mod mapping;
mod settings;
#[cfg(test)]
mod testing;
mod userinfo;

use std::sync::Arc;

use openidconnect::{HttpRequest, HttpResponse};

pub use bearer::{BearerClaims, BearerError};
pub use claims::Claims;
pub use flow::{SignedIn, Started};
pub use mapping::{GrantedRole, granted_roles};
pub use settings::{Grant, ProviderSettings, SigningAlgorithm, read_providers};

use crate::service::outbound::OutboundError;
use discovery::Discovery;

/// How requests are sent: to a checked address, without following redirects, with a limit of time and size.
pub type Exchange = Arc<dyn Fn(HttpRequest) -> Result<HttpResponse, OutboundError> + Send + Sync>;

/// Seconds by which the clocks of a provider and of this machine may differ.
const SKEW_S: i64 = 30;

/// Why signing in, or out, with a provider did not work. No text repeats a secret, a code or a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OidcError {
    /// There is no such provider, or it is not for people to sign in.
    UnknownProvider(String),
    /// The provider cannot be reached, or its answer is of no use; trying again later may help.
    Unavailable(String),
    /// What came back is not to be believed, or the provider refused; the person has to start again.
    Refused(String),
    /// The settings do not agree with what the provider knows; the operator has to act.
    Misconfigured(String),
}

impl std::fmt::Display for OidcError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownProvider(name) => write!(f, "there is no identity provider `{name}` to sign in with; choose one that is offered"),
            Self::Unavailable(text) | Self::Misconfigured(text) => f.write_str(text),
            Self::Refused(text) => write!(f, "{text}; sign in again"),
        }
    }
}

impl std::error::Error for OidcError {}

/// A provider and what is known of it.
struct Provider {
    settings: ProviderSettings,
    discovery: Discovery,
}

/// The identity providers of this catalogue. Share it between threads in an `Arc`.
pub struct Providers {
    providers: Vec<Provider>,
    redirect_uri: String,
    exchange: Exchange,
}

impl Providers {
    /// The providers of these settings. Nothing is asked of them before it is needed.
    ///
    /// `redirect_uri` is the address of this catalogue to which every provider sends people back, as it is registered there.
    pub fn new(settings: Vec<ProviderSettings>, redirect_uri: String, exchange: Exchange) -> Self {
        let providers = settings.into_iter().map(|settings| Provider { settings, discovery: Discovery::default() }).collect();
        Self { providers, redirect_uri, exchange }
    }

    /// The settings of a provider by its name.
    pub fn settings(&self, provider: &str) -> Option<&ProviderSettings> {
        self.providers.iter().map(|known| &known.settings).find(|settings| settings.name == provider)
    }

    /// The providers that people can sign in with, in the order of the file.
    pub fn sign_in_choices(&self) -> impl Iterator<Item = &ProviderSettings> {
        self.providers.iter().map(|known| &known.settings).filter(|settings| settings.client_id.is_some())
    }

    /// Whether access tokens of any provider are accepted.
    pub fn accepts_tokens(&self) -> bool {
        self.providers.iter().any(|known| !known.settings.audience.is_empty())
    }
}
