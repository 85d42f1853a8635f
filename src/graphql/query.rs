//! The root of the read side: one question of the contract after the other, in one file, since juniper makes a type of one `impl` block. What needs
//! more than a few lines to be answered stands with the thing that is asked for.

use std::sync::Arc;

use juniper::{DefaultScalarValue, Executor, FieldResult, ID};

use crate::domain::vocabulary::{AccessRequestOrder, AccessRequestScope, AgreementOrder, ConceptScheme, GridDimension, RecordScope};
use crate::service::report::kept;
use crate::service::{Error, Record, agreements, changes as feed, datasets, drafts, institutions, previews, registers};

use super::access_desk::AccessDesk;
use super::access_form::AccessForm;
use super::access_lists::{self, AccessRequestFilter};
use super::access_request::{AccessRequest, AccessRequestLineConnection};
use super::actions_access::form_target;
use super::agreement::{self, Agreement, AgreementConnection, AgreementFilter};
use super::audit::{self, AuditEntryConnection, AuditFilter};
use super::calendar::{self, CalendarFilter, CalendarPage};
use super::catalogue::{Catalogue, Suggestion};
use super::change::{self, ChangeConnection};
use super::comparison::Comparison;
use super::concept::Concept;
use super::connection::PageArgs;
use super::context::Context;
use super::coverage_grid::{Asked, CoverageGrid, GridAxis};
use super::coverage_profile::CoverageProfile;
use super::dataset::Dataset;
use super::dataset_connection::DatasetConnection;
use super::discrepancy::{self, DiscrepancyPage};
use super::draft::DatasetDraft;
use super::error::{bad_input, from_service};
use super::filter::{DatasetFilter, DatasetOrder, InstitutionFilter};
use super::harvest::{self, HarvestSourceConnection, IntakeRunConnection};
use super::institution::{self, Institution, InstitutionConnection};
use super::kept_report::{Report, ReportConnection};
use super::node::{self, NodeId, NodeValue, OwnKind};
use super::objective_indicators::{IndicatorQuestion, ObjectiveIndicators};
use super::overlap::{self, ClashFilter, OverlapFilter, OverlapPage, PlannedClashPage};
use super::prefetch::{self, Wanted};
use super::register::{RegisterEntry, RegisterEntryConnection};
use super::register_lists::{self, RegisterFilter};
use super::scalars::{Date, LanguageTag};
use super::text::answer_language;
use super::viewer::Viewer;

/// Most identifiers that `nodes` takes.
const MAX_NODES: usize = 100;

/// Root of all questions.
pub struct Query;

/// Questions to the catalogue: who holds which migration data, by which method, for which places and years, on which terms.
#[juniper::graphql_object(context = Context, scalar = DefaultScalarValue)]
impl Query {
    /// A thing by its opaque identifier; null if there is none or the viewer may not see it.
    fn node(executor: &Executor<'_, '_, Context>, id: ID) -> FieldResult<Option<NodeValue>> {
        let found = node::read(executor.context(), &[id])?.pop().flatten();
        if let Some(NodeValue::Dataset(dataset)) = &found {
            prefetch::datasets(executor.context(), &Wanted::below(&executor.look_ahead(), &[""]), std::slice::from_ref(&dataset.record))?;
        }
        Ok(found)
    }

    /// Things by their opaque identifiers, in the same order, at most 100.
    fn nodes(executor: &Executor<'_, '_, Context>, ids: Vec<ID>) -> FieldResult<Vec<Option<NodeValue>>> {
        if ids.len() > MAX_NODES {
            return Err(bad_input(format!("`ids` lists {} identifiers; ask for at most {MAX_NODES}", ids.len())));
        }
        let context = executor.context();
        let found = node::read(context, &ids)?;
        let records: Vec<Arc<Record>> = found
            .iter()
            .flatten()
            .filter_map(|node| match node {
                NodeValue::Dataset(dataset) => Some(dataset.record.clone()),
                _ => None,
            })
            .collect();
        prefetch::datasets(context, &Wanted::below(&executor.look_ahead(), &[""]), &records)?;
        Ok(found)
    }

    /// The catalogue itself.
    fn catalogue(context: &Context) -> FieldResult<Catalogue> {
        let (institutions, seq) = (
            institutions::count(&context.catalogue).map_err(from_service)?,
            feed::last_seq(&context.catalogue, &context.actor).map_err(from_service)?,
        );
        let datasets = context.catalogue.snapshot(&context.actor).public_total;
        Ok(Catalogue { datasets: datasets as i64, institutions, seq })
    }

    /// The person or program that asks; null for a visitor.
    fn viewer(context: &Context) -> FieldResult<Option<Viewer>> {
        Viewer::of(context)
    }

    /// A working copy by its identifier; null if there is none or the viewer may not read it.
    fn dataset_draft(context: &Context, id: ID) -> FieldResult<Option<DatasetDraft>> {
        let Some(NodeId::Draft(id)) = NodeId::decode(&id) else { return Ok(None) };
        let draft = drafts::by_id(&context.catalogue, context.acting(), &id.to_string()).map_err(from_service)?;
        draft.map(|draft| DatasetDraft::new(draft, &context.language)).transpose()
    }

    /// The form on which access to a holding is asked for: the holding's own, else the institution's, else that of the catalogue; null
    /// if there is no such holding for the viewer.
    fn access_form(context: &Context, holding: ID) -> FieldResult<Option<AccessForm>> {
        AccessForm::of_holding(context, &holding)
    }

    /// The draft of the access form of an institution or of one of its holdings, for its access officers; null if there is none for
    /// the viewer. Name one of the two.
    fn access_form_draft(context: &Context, institution: Option<String>, holding: Option<ID>) -> FieldResult<Option<AccessForm>> {
        match form_target(context, institution.as_ref(), holding.as_ref()) {
            Ok(target) => AccessForm::draft(context, &target),
            Err(Error::Forbidden { .. } | Error::NotFound(_)) => Ok(None),
            Err(error) => Err(from_service(error)),
        }
    }

    /// What a private preview link shows, by the last part of its address; null where it has ended, was revoked or never was.
    fn preview(context: &Context, token: String) -> FieldResult<Option<DatasetDraft>> {
        let Some((link, draft)) = previews::open(&context.catalogue, &token, context.now()).map_err(from_service)? else {
            return Ok(None);
        };
        let draft = DatasetDraft::new(draft, &context.language)?;
        Ok(Some(if link.without_names == 1 { draft.without_names() } else { draft }))
    }

    /// The whole change log, newest first, for auditors and the coordinator.
    fn audit_log(
        context: &Context,
        #[graphql(name = "where")] filter: Option<AuditFilter>,
        #[graphql(default = 50)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<AuditEntryConnection> {
        audit::list(context, filter.unwrap_or_default(), (first, after, last, before))
    }

    /// An access request by its identifier; null if there is none for the viewer.
    fn access_request(context: &Context, id: ID) -> FieldResult<Option<AccessRequest>> {
        match NodeId::decode(&id) {
            Some(NodeId::Own(OwnKind::AccessRequest, id)) => AccessRequest::by_id(context, &id.to_string()),
            _ => Ok(None),
        }
    }

    /// A copy, as JSON, of everything that one of the viewer's own access requests holds; null if there is none.
    fn access_request_export(context: &Context, id: ID) -> FieldResult<Option<String>> {
        access_lists::export(context, &id)
    }

    /// Parts of access requests: those that the viewer has to do with, the queue of the viewer's institutions, or, for the coordinator,
    /// states and dates of all. In the order of due dates where left out.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the contract")]
    fn access_requests(
        context: &Context,
        scope: AccessRequestScope,
        #[graphql(name = "where")] filter: Option<AccessRequestFilter>,
        order_by: Option<AccessRequestOrder>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<AccessRequestLineConnection> {
        access_lists::page(context, scope, filter, order_by, (first, after, last, before))
    }

    /// How an institution handles requests, for its access officers; null for anyone else.
    fn access_desk(context: &Context, institution: String, holding: Option<ID>) -> FieldResult<Option<AccessDesk>> {
        access_lists::desk(context, &institution, holding.as_ref())
    }

    /// An agreement by its identifier; null if there is none or the viewer may not know of it.
    fn agreement(context: &Context, id: ID) -> FieldResult<Option<Agreement>> {
        let Some(NodeId::Own(OwnKind::Agreement, id)) = NodeId::decode(&id) else { return Ok(None) };
        let seen = agreements::by_id(&context.catalogue, &context.actor, &id.to_string()).map_err(from_service)?;
        Ok(seen.map(|seen| Agreement { seen, lang: context.language.clone() }))
    }

    /// Agreements between institutions on the exchange of data, as far as the viewer may know of them. Words are looked for in
    /// title, purpose, legal basis and text. Those that end first come first where no order is given.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the contract")]
    fn agreements(
        context: &Context,
        search: Option<String>,
        #[graphql(name = "where")] filter: Option<AgreementFilter>,
        order_by: Option<AgreementOrder>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<AgreementConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        agreement::list(context, search, filter.unwrap_or_default(), order_by.unwrap_or(AgreementOrder::EndsFirst), &args)
    }

    /// An entry of the registers by its identifier; null if there is none or the viewer may not read it.
    fn register_entry(context: &Context, id: ID) -> FieldResult<Option<RegisterEntry>> {
        let Some(NodeId::Own(OwnKind::RegisterEntry, id)) = NodeId::decode(&id) else { return Ok(None) };
        let found = registers::by_id(&context.catalogue, &context.actor, &id.to_string()).map_err(from_service)?;
        Ok(found.map(|record| RegisterEntry { record, lang: context.language.clone() }))
    }

    /// The registers: challenges, good practices, capacity needs, strategies, requests for what is not documented, statements that
    /// something is not collected, decisions on overlaps, agreed notes, focal points. Newest first; words are looked for in title and text.
    fn register_entries(
        context: &Context,
        search: Option<String>,
        #[graphql(name = "where")] filter: Option<RegisterFilter>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<RegisterEntryConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        register_lists::list(context, search, filter.unwrap_or_default(), &args)
    }

    /// A report that was kept, by its identifier; null if there is none.
    fn report(context: &Context, id: ID) -> FieldResult<Option<Report>> {
        let Some(NodeId::Own(OwnKind::Report, id)) = NodeId::decode(&id) else { return Ok(None) };
        let found = kept::by_id(&context.catalogue, &id.to_string()).map_err(from_service)?;
        Ok(found.map(|kept| Report { kept }))
    }

    /// Reports that were made and kept, the last first.
    fn reports(
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<ReportConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        let found = kept::list(&context.catalogue).map_err(from_service)?;
        ReportConnection::cut(found.into_iter().map(|kept| Report { kept }).collect(), &args)
    }

    /// Sources that are harvested for institutions whose drafts you write, or all for a coordinator; oldest first.
    fn harvest_sources(
        context: &Context,
        institution: Option<String>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<HarvestSourceConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        harvest::sources(context, institution.as_deref(), &args)
    }

    /// Harvests and files taken in, for institutions whose drafts you write, or all for a coordinator; newest first.
    fn intake_runs(
        context: &Context,
        institution: Option<String>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<IntakeRunConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        harvest::runs(context, institution.as_deref(), &args)
    }

    /// What is collected, released, reviewed and met about, and what ends, by first day: dates that published records and agreements
    /// document, and those that institutions registered, planned and actual, with every postponement and its reason. Dates are shown as
    /// exactly as they are documented. `feedUrl` gives the same as iCalendar.
    fn calendar(
        executor: &Executor<'_, '_, Context>,
        #[graphql(name = "where")] filter: Option<CalendarFilter>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        language: Option<LanguageTag>,
    ) -> FieldResult<CalendarPage> {
        calendar::list(executor, filter, (first, after, last, before), language)
    }

    /// A dataset by its short name; null if there is none or the viewer may not see it.
    fn dataset(executor: &Executor<'_, '_, Context>, slug: String) -> FieldResult<Option<Dataset>> {
        let context = executor.context();
        let record = datasets::by_slug(&context.catalogue, &context.actor, &slug).map_err(from_service)?;
        if let Some(record) = &record {
            prefetch::datasets(context, &Wanted::below(&executor.look_ahead(), &[""]), std::slice::from_ref(record))?;
        }
        Ok(record.map(|record| Dataset { record, lang: context.language.clone() }))
    }

    /// Datasets found by words and conditions. Words may be in Arabic, French or English, whatever the language of the
    /// record; words in quotes are looked for as a phrase; small typing errors are forgiven. The order is RELEVANCE where left out.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the contract")]
    fn datasets(
        executor: &Executor<'_, '_, Context>,
        search: Option<String>,
        #[graphql(name = "where")] filter: Option<DatasetFilter>,
        order_by: Option<DatasetOrder>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        language: Option<LanguageTag>,
    ) -> FieldResult<DatasetConnection> {
        let context = executor.context();
        let lang = answer_language(language, context);
        let args = PageArgs::check(first, after, last, before, 20)?;
        DatasetConnection::find(executor, search.as_deref(), (filter.unwrap_or_default(), order_by), &args, &lang)
    }

    /// What the catalogue knows of each pair of two dimensions, such as topics and regions: where figures are released, where it is collected
    /// and no release documented, and where nothing is documented, which says nothing on whether data exist. Each cell leads to the records
    /// behind it. `breakdowns` are looked for in every cell, released or collected. The grid counts published records that the viewer may
    /// find, and no more than 5,000 cells.
    fn coverage_grid(
        context: &Context,
        rows: GridAxis,
        columns: GridAxis,
        search: Option<String>,
        #[graphql(name = "where")] filter: Option<DatasetFilter>,
        breakdowns: Option<Vec<String>>,
        language: Option<LanguageTag>,
    ) -> FieldResult<CoverageGrid> {
        let lang = answer_language(language, context);
        let asked = Asked { words: search, breakdowns: breakdowns.unwrap_or_default(), filter: filter.unwrap_or_default().read()? };
        CoverageGrid::make(context, (&rows, &columns), asked, lang)
    }

    /// Two to ten datasets side by side, by identifier or short name, and whether figures of each pair can be compared: facets of the
    /// definitions, unit, population, area with its division, period, selection and breaks, each with the rule that says what follows.
    fn compare(executor: &Executor<'_, '_, Context>, datasets: Vec<ID>, language: Option<LanguageTag>) -> FieldResult<Comparison> {
        let context = executor.context();
        let lang = answer_language(language, context);
        let agreed = registers::pairs::agreed_notes(&context.catalogue, &context.actor).map_err(from_service)?;
        Comparison::make(executor, &datasets, &agreed, lang)
    }

    /// Published figures that do not agree, side by side, each with its source: all that the records found state. None is called wrong.
    fn discrepancies(
        executor: &Executor<'_, '_, Context>,
        #[graphql(name = "where")] filter: Option<DatasetFilter>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<DiscrepancyPage> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        discrepancy::list(executor, filter.unwrap_or_default().read()?, &args, &executor.context().language)
    }

    /// Pairs of datasets that may be of the same thing, each with what speaks for it. What people confirmed and records say comes first, what
    /// was rejected last; each the nearest first. The catalogue points them out; people
    /// decide what they are. At most 200 datasets that answer the conditions are looked at, and 40 near to each.
    fn overlaps(
        executor: &Executor<'_, '_, Context>,
        #[graphql(name = "where")] filter: Option<OverlapFilter>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<OverlapPage> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        let context = executor.context();
        let decisions = register_lists::decisions(context)?;
        overlap::list(executor, filter.unwrap_or_default(), &args, &decisions, &context.language)
    }

    /// Planned collections of the same field and area that meet in some month, the earliest first. At most 300 planned collections are compared
    /// with each other.
    fn clashes(
        executor: &Executor<'_, '_, Context>,
        #[graphql(name = "where")] filter: Option<ClashFilter>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<PlannedClashPage> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        overlap::clashes(executor, filter.unwrap_or_default(), &args, &executor.context().language)
    }

    /// What the catalogue knows of a region or another place: a page to begin with.
    fn region_profile(
        context: &Context,
        area: String,
        #[graphql(name = "where")] filter: Option<DatasetFilter>,
        language: Option<LanguageTag>,
    ) -> FieldResult<Option<CoverageProfile>> {
        let lang = answer_language(language, context);
        CoverageProfile::make(context, GridDimension::ReportingArea, &area, filter.unwrap_or_default().read()?, lang).map(Some)
    }

    /// What the catalogue knows of a topic, or of a group of topics: a page to begin with.
    fn theme_profile(
        context: &Context,
        theme: String,
        #[graphql(name = "where")] filter: Option<DatasetFilter>,
        language: Option<LanguageTag>,
    ) -> FieldResult<Option<CoverageProfile>> {
        let lang = answer_language(language, context);
        CoverageProfile::make(context, GridDimension::Theme, &theme, filter.unwrap_or_default().read()?, lang).map(Some)
    }

    /// The indicators of the actions of an objective of the Global Compact at a day, with method, evidence and, where a review before is
    /// named, what changed since; null where the catalogue has no list of indicators for the objective. `at` is today where left out;
    /// sources count that had begun by that day. `edition` says whose knowledge is asked for: that of the end of the day where left out,
    /// `latest` for what is known today of sources that had begun by then, another day, or `change:` with a place in the change log.
    /// With `country` records count whose reporting areas, origins or destinations name the country or a place inside it. Everyone sees
    /// what the public sees.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the contract")]
    fn objective_indicators(
        context: &Context,
        #[graphql(default = 1)] objective: Option<i32>,
        country: Option<String>,
        at: Option<Date>,
        edition: Option<String>,
        previous_at: Option<Date>,
        records: Option<RecordScope>,
        language: Option<LanguageTag>,
    ) -> FieldResult<Option<ObjectiveIndicators>> {
        let lang = answer_language(language, context);
        let question = IndicatorQuestion { objective: objective.unwrap_or(1), country, at, edition, previous_at, records };
        ObjectiveIndicators::make(context, question, lang)
    }

    /// An institution by its short name.
    fn institution(executor: &Executor<'_, '_, Context>, slug: String) -> FieldResult<Option<Institution>> {
        let context = executor.context();
        let record = institutions::by_slug(&context.catalogue, &slug).map_err(from_service)?;
        if let Some(record) = &record {
            prefetch::institutions(context, &executor.look_ahead(), &[""], std::slice::from_ref(record))?;
        }
        Ok(record.map(|record| Institution { record, lang: context.language.clone() }))
    }

    /// Institutions by short name, A to Z. Words are looked for in names, former names and acronyms.
    fn institutions(
        executor: &Executor<'_, '_, Context>,
        search: Option<String>,
        #[graphql(name = "where")] filter: Option<InstitutionFilter>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<InstitutionConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        institution::list(executor, search, filter.unwrap_or_default(), &args)
    }

    /// Concepts of a scheme, in its order: all, those with these words in a label of any language or in the code, or those right below a parent. The
    /// last word may be the beginning of one.
    fn concepts(context: &Context, scheme: ConceptScheme, search: Option<String>, parent: Option<String>) -> FieldResult<Vec<Concept>> {
        let concepts = &context.catalogue.concepts;
        if let Some(parent) = &parent {
            concepts.require(scheme, parent).map_err(|remedy| bad_input(format!("parent: value `{parent}`: {remedy}")))?;
        }
        let found = concepts.find(scheme, search.as_deref(), parent.as_deref());
        Ok(found.into_iter().filter_map(|concept| Concept::of(concepts, scheme, &concept.code, &context.language)).collect())
    }

    /// Suggestions while a person types: topics, places, institutions and titles that begin with the letters.
    fn suggest(
        context: &Context,
        prefix: String,
        language: Option<LanguageTag>,
        #[graphql(default = 8)] first: Option<i32>,
    ) -> FieldResult<Vec<Suggestion>> {
        Suggestion::find(context, &prefix, language.as_ref(), first.unwrap_or(8))
    }

    /// What changed after a place in the change log, oldest first: public changes only, tombstones included.
    fn changes(
        executor: &Executor<'_, '_, Context>,
        since: i32,
        #[graphql(default = 100)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<ChangeConnection> {
        change::list(executor, since, (first, after, last, before))
    }
}
