//! A record of another system made ready to be taken in: as a draft, with its key, the holders settled, and what does not fit named.

use std::sync::{Arc, PoisonError};

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::domain::draft::parse_urn;
use crate::domain::ids::Slug;
use crate::domain::merge::fill;
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::ImportFormat;
use crate::interop::exchange::Found;
use crate::interop::holder::NOT_YET_KNOWN;
use crate::store::sources::OriginalRow;

use super::super::Error;
use super::FILES;
use super::batch::Taking;
use super::names::propose_slug;
use super::origin::{Unfit, key_of};

/// Longest draft that is taken, in bytes of JSON.
const LARGEST: usize = 4 << 20;

/// A record with what it was read from.
pub struct Came {
    /// The record.
    pub found: Found,
    /// What it was read from; shared by records that came in one.
    pub original: Option<Arc<OriginalRow>>,
}

/// A record made ready.
pub struct Ready {
    pub key: String,
    /// The draft, with the defaults.
    pub content: Map<String, Value>,
    /// What the record itself says.
    pub said: Map<String, Value>,
    pub identifier: Option<Uuid>,
    pub titles: MultilingualText,
    pub unfit: Vec<Unfit>,
    pub problem: Option<Problem>,
    pub origin: crate::interop::exchange::Origin,
    pub original: Option<Arc<OriginalRow>>,
}

impl Ready {
    pub fn hash(&self) -> Option<&str> {
        self.original.as_deref().map(|original| original.hash.as_str())
    }
}

/// Makes the draft of a record: the holders settled, the defaults put in, what does not fit named.
pub fn prepare(taking: &Taking<'_>, came: Came) -> Result<Ready, Error> {
    let Came { mut found, original } = came;
    let (key, is_repeated) = told_apart(taking, &found);
    let identifier = found.draft.identifier.take().as_deref().and_then(parse_urn);
    let mut unfit: Vec<Unfit> = found.unfit.iter().map(Unfit::from).collect();
    name_holders(taking, &mut found, &mut unfit);
    let mut content = found.draft.to_doc()?;
    for fixed in ["status", "producer", "copiedFrom"] {
        content.shift_remove(fixed);
    }
    let said = content.clone();
    let mut problem = None;
    if !found.origin.is_deleted {
        fill(&mut content, taking.defaults);
        let size = serde_json::to_string(&content)?.len();
        if is_repeated {
            problem = Some(Problem::new(
                "identifier",
                &key,
                "another record of the source has this identifier and this title; the first one was taken",
            ));
        } else if key.is_empty() {
            problem = Some(Problem::new("titles", "", "the record has neither identifier nor title, so nothing says which one it is"));
        } else if found.draft.titles.is_empty() {
            problem = Some(Problem::new("titles", "", "the record has no title in any language; give it one in the source"));
        } else if size > LARGEST {
            problem = Some(Problem::new("", size, "the record is longer than 4 MiB; shorten its texts or its list of variables"));
        }
    }
    Ok(Ready { key, content, said, identifier, titles: found.draft.titles, unfit, problem, origin: found.origin, original })
}

/// The key of a record, with its title where another record of the run has the same identifier; and whether there is such a record already.
fn told_apart(taking: &Taking<'_>, found: &Found) -> (String, bool) {
    let key = key_of(found, taking.place.starts_with(FILES), taking.format);
    // A provider may give a record again, when it has changed while its list was read.
    if taking.format == ImportFormat::OaiPmh || key.is_empty() {
        return (key, false);
    }
    let mut met = taking.met.lock().unwrap_or_else(PoisonError::into_inner);
    if met.insert(key.clone()) {
        return (key, false);
    }
    let titles: Vec<&str> = found.draft.titles.iter().map(|(_, wording)| wording.text.as_str()).collect();
    let key = format!("{key}#{}", super::short_hash(&titles.join(" / ")));
    let is_repeated = !met.insert(key.clone());
    (key, is_repeated)
}

/// Puts an institution of the catalogue where the reader could only say that somebody holds the data.
fn name_holders(taking: &Taking<'_>, found: &mut Found, unfit: &mut Vec<Unfit>) {
    let producers = &found.origin.producers;
    let known = producers.iter().find_map(|names| taking.institutions.find(names));
    if let Some(names) = producers.first().filter(|_| known != Some(taking.institution)) {
        let shown = names.iter().next().map(|(_, wording)| wording.text.as_str()).unwrap_or_default();
        let remedy = format!(
            "the record names this producer; the draft is of `{}`, which takes it in: settle between you who describes it",
            taking.institution
        );
        unfit.push(Unfit::from(&Problem::new("producer", shown, remedy)));
    }
    let holder = known.unwrap_or(taking.institution);
    for holding in found.draft.holdings.iter_mut().filter(|holding| holding.institution.as_str() == NOT_YET_KNOWN) {
        holding.institution = holder.clone();
        if known.is_none() {
            let remedy = "the record does not say in terms of the registry who holds the data; the institution that takes it in stands here until it is confirmed";
            unfit.push(Unfit::from(&Problem::new("holdings.institution", holder, remedy)));
        }
    }
}

/// Short names that a new draft may get, the best first.
pub fn slugs_of(taking: &Taking<'_>, one: &Ready) -> Vec<String> {
    let given = one.content.get("slug").and_then(Value::as_str).map(str::to_owned);
    let proposed = given.clone().or_else(|| propose_slug(taking.institution, &one.titles));
    let mut slugs: Vec<String> = given.into_iter().collect();
    if let Some(base) = proposed {
        // The hash of the key tells records of one title apart, and is the same at each try.
        let mark = super::short_hash(&one.key);
        let numbered = Slug::parse(&format!("{base}-{mark}")).ok().map(|slug| slug.to_string());
        slugs.push(base);
        slugs.extend(numbered);
    }
    slugs.dedup();
    slugs
}
