//! The data that an agreement covers.

use std::collections::HashMap;
use std::sync::Arc;

use juniper::FieldResult;
use uuid::Uuid;

use crate::domain::agreement::Covered;
use crate::domain::ids::{HoldingId, Slug};
use crate::service::Record;

use super::super::context::Context;
use super::super::dataset::Dataset;
use super::super::holding::Holding;
use super::super::institution::Institution;
use super::super::prefetch;
use super::super::text::Lang;
use super::lists::named_in;

/// Data that an agreement covers.
#[derive(Clone)]
pub struct AgreementCovered {
    dataset: Option<Dataset>,
    holding: Option<Holding>,
    holdings_of: Option<Slug>,
    lang: Lang,
}

impl AgreementCovered {
    /// Data as the viewer may see them; what is hidden is left out, as if it did not exist.
    ///
    /// # Errors
    /// The database is unavailable.
    pub(super) fn of(context: &Context, covers: &[Covered], lang: &Lang) -> FieldResult<Vec<Self>> {
        let (datasets, holdings) = named_in(covers);
        let expected: Vec<Uuid> = std::mem::take(&mut context.loaded().expected_records).into_iter().collect();
        prefetch::records(context, [expected, datasets.clone()].concat())?;
        let records: HashMap<Uuid, Arc<Record>> = {
            let loaded = context.loaded();
            datasets.iter().filter_map(|id| Some((*id, loaded.records.get(id)?.clone()))).collect()
        };
        let held = prefetch::held(context, &holdings)?;
        let blank = || Self { dataset: None, holding: None, holdings_of: None, lang: lang.clone() };
        let shown = |record: &Arc<Record>| Dataset { record: record.clone(), lang: lang.clone() };
        let one = |covered: &Covered| match covered {
            Covered::Dataset(id) => records.get(id).map(|record| Self { dataset: Some(shown(record)), ..blank() }),
            Covered::Holding(id) => held.get(&HoldingId(*id)).map(|record| {
                let holding = Holding::of(record, lang).into_iter().find(|holding| holding.id.0 == *id);
                Self { dataset: Some(shown(record)), holding, ..blank() }
            }),
            Covered::HoldingsOf(slug) => Some(Self { holdings_of: Some(slug.clone()), ..blank() }),
        };
        Ok(covers.iter().filter_map(one).collect())
    }
}

/// Data that an agreement covers: one holding, a dataset wherever a party holds it, or all that an institution holds.
#[juniper::graphql_object(context = Context)]
impl AgreementCovered {
    /// The dataset, where one is named.
    fn dataset(&self) -> Option<&Dataset> {
        self.dataset.as_ref()
    }

    /// The holding, where only one is meant.
    fn holding(&self) -> Option<&Holding> {
        self.holding.as_ref()
    }

    /// The institution all of whose holdings are covered.
    fn holdings_of(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.holdings_of.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug.as_str(), &self.lang))
    }
}
