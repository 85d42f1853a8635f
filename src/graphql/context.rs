//! What resolvers share during one request: the catalogue, the viewer, the language, and what was loaded.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::domain::policy::Actor;
use crate::service::datasets::{RelationTo, VersionHead};
use crate::service::{Catalogue, InstitutionRecord, Record};

/// Context of one request.
pub struct Context {
    /// The catalogue.
    pub catalogue: Arc<Catalogue>,
    /// Who asks.
    pub actor: Actor,
    /// Language wanted by the `Accept-Language` header.
    pub language: Option<Arc<str>>,
    /// Address under which the catalogue is published, without a slash at the end.
    pub base_url: Arc<str>,
    /// Name of the catalogue.
    pub name: Arc<str>,
    /// The instant of the request, milliseconds from 1970-01-01 UTC.
    pub now: i64,
    loaded: Mutex<Loaded>,
}

/// What was loaded for this request.
#[derive(Default)]
pub struct Loaded {
    /// Datasets by identifier.
    pub records: HashMap<Uuid, Arc<Record>>,
    /// Identifiers of datasets by slug; none where there is no such dataset for the viewer.
    pub slugs: HashMap<String, Option<Uuid>>,
    /// Institutions by slug.
    pub institutions: HashMap<String, Option<Arc<InstitutionRecord>>>,
    /// Public versions of datasets.
    pub versions: HashMap<Uuid, Vec<VersionHead>>,
    /// Relations of datasets.
    pub relations: HashMap<Uuid, Vec<RelationTo>>,
}

impl juniper::Context for Context {}

impl Context {
    /// A context with nothing loaded.
    pub fn new(catalogue: Arc<Catalogue>, actor: Actor, language: Option<Arc<str>>, base_url: Arc<str>, name: Arc<str>, now: i64) -> Self {
        Self { catalogue, actor, language, base_url, name, now, loaded: Mutex::default() }
    }

    /// What was loaded; the lock is held only to look or to add.
    pub fn loaded(&self) -> MutexGuard<'_, Loaded> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The day of the request, counted from 1970-01-01.
    pub fn today(&self) -> i64 {
        crate::service::catalogue::day_of(self.now)
    }
}
