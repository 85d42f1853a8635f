//! Files taken in, and sources declared, changed, run and removed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use juniper::{FieldResult, GraphQLInputObject, ID};

use crate::domain::text::LanguageTag;
use crate::domain::vocabulary::ImportFormat;
use crate::service::Error;
use crate::service::harvest::{self, Asked, HarvestSource as Model, Setting};
use crate::service::intake::{self, Content, Given};

use super::context::Context;
use super::harvest::{HarvestSource, IntakeRun, source_id};
use super::input::DatasetDraftInput;
use super::intent::{content, signed_in, slug, wrong};
use super::payload::payload;

/// Takes the records of a file in, as drafts.
#[derive(GraphQLInputObject)]
pub struct RecordsImportInput {
    /// Short name of the institution that gets the drafts.
    pub institution: String,
    /// Name of the file.
    pub name: String,
    /// The file, in base 64.
    pub content: String,
    /// Its format; told from the content where left out.
    pub format: Option<ImportFormat>,
    /// Language of texts that say none (BCP 47).
    pub language: Option<String>,
    /// Whether only to show what would come of it; not where left out.
    pub dry_run: Option<bool>,
}

/// Declares a source.
#[derive(GraphQLInputObject)]
pub struct HarvestSourceDeclareInput {
    /// Short name of the institution that gets the drafts.
    pub institution: String,
    /// Name for people.
    pub name: String,
    /// What the source gives.
    pub kind: ImportFormat,
    /// Address: of the provider (OAI-PMH), of the portal (CKAN), of the document (all others).
    pub url: String,
    /// Language of texts that say none (BCP 47).
    pub language: Option<String>,
    /// Hours between harvests, 24 where left out; 0: only when somebody asks.
    pub every_hours: Option<i32>,
    /// What a draft gets where a record does not say it, such as the risk class.
    pub defaults: Option<DatasetDraftInput>,
    /// Whether complete records are published at once; a validator of the institution decides that.
    pub publishes_at_once: Option<bool>,
    /// Set of an OAI-PMH provider.
    pub set: Option<String>,
    /// Metadata prefix of an OAI-PMH provider.
    pub metadata_prefix: Option<String>,
}

/// Changes a source. What is left out stays.
#[derive(GraphQLInputObject)]
pub struct HarvestSourceChangeInput {
    /// The source.
    pub source: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Name for people.
    pub name: Option<String>,
    /// What the source gives.
    pub kind: Option<ImportFormat>,
    /// Address.
    pub url: Option<String>,
    /// Language of texts that say none (BCP 47); an empty text for none.
    pub language: Option<String>,
    /// Hours between harvests; 0: only when somebody asks.
    pub every_hours: Option<i32>,
    /// What a draft gets where a record does not say it; takes the place of what was set before.
    pub defaults: Option<DatasetDraftInput>,
    /// Whether complete records are published at once; a validator of the institution decides that.
    pub publishes_at_once: Option<bool>,
    /// Set of an OAI-PMH provider; an empty text for all records.
    pub set: Option<String>,
    /// Metadata prefix of an OAI-PMH provider; an empty text for the richest that is read.
    pub metadata_prefix: Option<String>,
    /// Whether it is harvested when it is due.
    pub is_active: Option<bool>,
}

/// Has a source harvested now.
#[derive(GraphQLInputObject)]
pub struct HarvestSourceRunInput {
    /// The source.
    pub source: ID,
    /// Whether everything is read, also what has not changed; not where left out.
    pub whole: Option<bool>,
    /// Whether what the source does not have any more is gone, however much it is; not where left out.
    pub accept_gone: Option<bool>,
}

payload! {
    /// A file that was taken in.
    IntakeRunPayload {
        /// What came of it.
        run: IntakeRun,
    }
}
payload! {
    /// The identifier of a source that is gone, and what became of the copies that it had brought from another registry.
    HarvestSourceRemovedPayload {
        /// Identifier of the source that was removed.
        removed: String,
        /// Number of copies of another registry's records that were taken out of sight, since nobody follows that registry any more. They come
        /// back when the same registry is declared again.
        copies_hidden: i32,
        /// Number of copies that stay in sight, since another source of the same registry takes them over.
        copies_kept: i32,
    }
}
payload! {
    /// A source.
    HarvestSourcePayload {
        /// The source.
        source: HarvestSource,
    }
}

/// Takes a file in.
///
/// # Errors
/// A fault of the server.
pub fn import(context: &Context, input: &RecordsImportInput) -> FieldResult<IntakeRunPayload> {
    match take(context, input) {
        Ok(run) => Ok(IntakeRunPayload { run: Some(run), ..IntakeRunPayload::default() }),
        Err(error) => IntakeRunPayload::refused(error),
    }
}

fn take(context: &Context, input: &RecordsImportInput) -> Result<IntakeRun, Error> {
    signed_in(context)?;
    let institution = slug("institution", &input.institution)?;
    intake::may_take_in(&context.catalogue, context.acting(), &institution)?;
    let language = input.language.as_deref().map(LanguageTag::parse).transpose();
    let language = language.map_err(|remedy| wrong("language", input.language.as_deref().unwrap_or_default(), &remedy))?;
    let bytes = STANDARD.decode(&input.content).map_err(|_| wrong("content", "", "is not base 64; encode the bytes of the file"))?;
    let format = match input.format {
        Some(format) => format,
        None => intake::format_of(&input.name, None, &bytes).map_err(|problem| Error::Invalid(vec![problem]))?,
    };
    let is_dry = input.dry_run.unwrap_or(false);
    let content = Content::Held(&bytes);
    let given = Given { institution: &institution, format, name: &input.name, content, language: language.as_ref(), is_dry };
    let outcome = intake::take_file(&context.catalogue, context.acting(), &given, &|_| {})?;
    Ok(if is_dry { IntakeRun::with_lines(outcome.run, outcome.lines) } else { IntakeRun::of(outcome.run) })
}

fn answer(done: Result<Model, Error>) -> FieldResult<HarvestSourcePayload> {
    match done {
        Ok(source) => Ok(HarvestSourcePayload { source: Some(HarvestSource(source)), ..HarvestSourcePayload::default() }),
        Err(error) => HarvestSourcePayload::refused(error),
    }
}

/// Declares a source.
///
/// # Errors
/// A fault of the server.
pub fn declare(context: &Context, input: HarvestSourceDeclareInput) -> FieldResult<HarvestSourcePayload> {
    let declared = signed_in(context).and_then(|()| {
        let institution = slug("institution", &input.institution)?;
        let setting = Setting {
            name: Some(input.name),
            kind: Some(input.kind),
            url: Some(input.url),
            language: input.language,
            every_hours: input.every_hours.map(i64::from),
            defaults: Some(content(input.defaults)?),
            publishes: input.publishes_at_once,
            set: input.set,
            prefix: input.metadata_prefix,
            is_active: None,
        };
        harvest::declare(&context.catalogue, &context.harvest_hosts, context.acting(), &institution, setting)
    });
    answer(declared)
}

/// Changes a source.
///
/// # Errors
/// A fault of the server.
pub fn change(context: &Context, input: HarvestSourceChangeInput) -> FieldResult<HarvestSourcePayload> {
    let changed = source_id(context, &input.source).and_then(|id| {
        let setting = Setting {
            name: input.name,
            kind: input.kind,
            url: input.url,
            language: input.language,
            every_hours: input.every_hours.map(i64::from),
            defaults: input.defaults.map(|given| content(Some(given))).transpose()?,
            publishes: input.publishes_at_once,
            set: input.set,
            prefix: input.metadata_prefix,
            is_active: input.is_active,
        };
        let expected = Some(i64::from(input.expected_revision));
        harvest::change(&context.catalogue, &context.harvest_hosts, context.acting(), &id, expected, setting)
    });
    answer(changed)
}

/// Makes a source due now.
///
/// # Errors
/// A fault of the server.
pub fn run(context: &Context, input: &HarvestSourceRunInput) -> FieldResult<HarvestSourcePayload> {
    let asked = Asked { is_whole: input.whole.unwrap_or(false), accepts_gone: input.accept_gone.unwrap_or(false) };
    answer(source_id(context, &input.source).and_then(|id| harvest::ask(&context.catalogue, context.acting(), &id, asked)))
}

/// Removes a source.
///
/// # Errors
/// A fault of the server.
pub fn remove(context: &Context, id: &ID) -> FieldResult<HarvestSourceRemovedPayload> {
    match source_id(context, id).and_then(|own| harvest::remove(&context.catalogue, context.acting(), &own)) {
        Ok(removed) => Ok(HarvestSourceRemovedPayload {
            removed: Some(id.to_string()),
            copies_hidden: Some(i32::try_from(removed.hidden).unwrap_or(i32::MAX)),
            copies_kept: Some(i32::try_from(removed.kept).unwrap_or(i32::MAX)),
            ..HarvestSourceRemovedPayload::default()
        }),
        Err(error) => HarvestSourceRemovedPayload::refused(error),
    }
}
