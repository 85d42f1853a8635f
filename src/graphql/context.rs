//! What resolvers share during one request: the catalogue, the viewer, the language, and what was loaded.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::domain::access_request::statistics::Figures;
use crate::domain::ids::HoldingId;
use crate::domain::policy::Actor;
use crate::domain::workdays::Day;
use crate::service::datasets::{RelationTo, StampRow, VersionHead};
use crate::service::drafts::Acting;
use crate::service::forms::FormVersion;
use crate::service::{Catalogue, InstitutionRecord, Record};

/// Context of one request.
pub struct Context {
    /// The catalogue.
    pub catalogue: Arc<Catalogue>,
    /// Who asks.
    pub actor: Actor,
    /// Languages wanted by the `Accept-Language` header, the most wanted first, with commas between them.
    pub language: Option<Arc<str>>,
    /// Address under which the catalogue is published, without a slash at the end.
    pub base_url: Arc<str>,
    /// Name of the catalogue.
    pub name: Arc<str>,
    /// Whether webhooks may go to addresses of the own network.
    pub allow_private: bool,
    /// Whether answers tell the number of SQL statements.
    pub shows_statements: bool,
    /// Hosts of the own network that may be harvested.
    pub harvest_hosts: Arc<[String]>,
    /// The instant of the question; a subscription lives on, and takes a new one with each event.
    now: AtomicI64,
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
    /// Access forms in force of institutions, by slug.
    pub forms: HashMap<String, Vec<FormVersion>>,
    /// Public versions of datasets.
    pub versions: HashMap<Uuid, Vec<VersionHead>>,
    /// Validations and reviews of datasets.
    pub stamps: HashMap<Uuid, Vec<StampRow>>,
    /// Access desks of institutions.
    pub desks: HashMap<String, crate::service::access_requests::desks::Desks>,
    /// Agreements that the viewer may know of.
    pub agreements: Option<Arc<Vec<crate::service::agreements::Seen>>>,
    /// Decisions on pairs of records that the viewer may know of, read at the first need.
    pub decisions: Option<Arc<crate::domain::overlap::Decisions>>,
    /// Agreed and proposed explanations of figures that differ, read at the first need.
    pub explanations: Option<Arc<crate::service::registers::pairs::Explanations>>,
    /// Entries of the registers about datasets.
    pub entries_of: HashMap<Uuid, Vec<Arc<crate::service::registers::EntryRecord>>>,
    /// All entries of the registers that the viewer may read, read where those of an institution are asked for.
    pub entries: Option<Arc<Vec<Arc<crate::service::registers::EntryRecord>>>>,
    /// Discussions by their subjects.
    pub comments: HashMap<crate::service::registers::comments::Topic, Vec<crate::service::rows::CommentRow>>,
    /// Entries of the calendar that were registered about datasets.
    pub events: HashMap<Uuid, Vec<Arc<crate::service::calendar::EventRecord>>>,
    /// Relations of datasets.
    pub relations: HashMap<Uuid, Vec<RelationTo>>,
    /// Records of holdings; none where there is none for the viewer.
    pub held: HashMap<HoldingId, Option<Arc<Record>>>,
    /// Identifiers of datasets that the viewer may not see, or that are not there.
    pub absent: HashSet<Uuid>,
    /// Published figures on holders, by slug and first day of the year.
    pub statistics: HashMap<(String, Day), Figures>,
    /// Datasets that are read together with the first of them that is asked for.
    pub expected_records: HashSet<Uuid>,
    /// Holdings whose records are read together with the first of them that is asked for.
    pub expected_holdings: HashSet<HoldingId>,
    /// Institutions that are read together with the first of them that is asked for.
    pub expected_institutions: HashSet<String>,
}

impl juniper::Context for Context {}

impl Context {
    /// A context with nothing loaded.
    pub fn new(catalogue: Arc<Catalogue>, actor: Actor, language: Option<Arc<str>>, base_url: Arc<str>, name: Arc<str>, now: i64) -> Self {
        Self {
            catalogue,
            actor,
            language,
            base_url,
            name,
            allow_private: false,
            shows_statements: false,
            harvest_hosts: Arc::default(),
            now: AtomicI64::new(now),
            loaded: Mutex::default(),
        }
    }

    /// The instant of the question, milliseconds from 1970-01-01 UTC.
    pub fn now(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    /// Who acts, and when.
    pub fn acting(&self) -> Acting<'_> {
        Acting { actor: &self.actor, now: self.now() }
    }

    /// Begins anew at an instant: nothing is loaded.
    pub fn renew(&self, now: i64) {
        self.now.store(now, Ordering::Relaxed);
        *self.loaded() = Loaded::default();
    }

    /// Forgets what was loaded of the registers: it was written, and what is asked next in the same request is read anew.
    pub fn forget_registers(&self) {
        let mut loaded = self.loaded();
        loaded.entries_of.clear();
        loaded.comments.clear();
        (loaded.entries, loaded.decisions, loaded.explanations) = (None, None, None);
    }

    /// What was loaded; the lock is held only to look or to add.
    pub fn loaded(&self) -> MutexGuard<'_, Loaded> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The day of the request, counted from 1970-01-01.
    pub fn today(&self) -> i64 {
        crate::service::catalogue::day_of(self.now())
    }
}
