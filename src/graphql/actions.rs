//! What mutations take and answer.

use juniper::{GraphQLInputObject, ID};

use crate::domain::vocabulary::{MailPreference, Role, TokenScope};

use super::dataset::Dataset;
use super::declaration::HoldingDeclaration;
use super::draft::DatasetDraft;
use super::filter::DatasetFilter;
use super::input::{DatasetDraftInput, HoldingInput, InstitutionInput};
use super::institution::Institution;
use super::payload::payload;
use super::preview_link::PreviewLink;
use super::scalars::LanguageTag;
use super::viewer::{ApiToken, InstitutionMember, SavedSearch, Viewer, Webhook};

/// Begins a record of an institution, or a working copy of a record that is published.
#[derive(GraphQLInputObject)]
pub struct DatasetDraftCreateInput {
    /// Short name of the institution, for a new record.
    pub institution: Option<String>,
    /// Identifier or short name of a published record, for a working copy of it.
    pub dataset: Option<ID>,
    /// First content; everything may be left out.
    pub content: Option<DatasetDraftInput>,
    /// What will be said of the change when it is published.
    pub change_note: Option<String>,
}

/// Writes in a working copy. What is left out stays; null takes a field out.
#[derive(GraphQLInputObject)]
pub struct DatasetDraftUpdateInput {
    /// The working copy.
    pub draft: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// What to write.
    pub content: DatasetDraftInput,
    /// What will be said of the change when it is published.
    pub change_note: Option<String>,
    /// Where the published record has changed since the copy was made: the version that you have compared the copy with.
    pub base_version: Option<i32>,
}

/// Names a working copy as it was last seen.
#[derive(GraphQLInputObject)]
pub struct DraftInput {
    /// The working copy.
    pub draft: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
}

/// Returns a working copy to its editors.
#[derive(GraphQLInputObject)]
pub struct DatasetReturnInput {
    /// The working copy.
    pub draft: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Why; the editors read it.
    pub reason: String,
}

/// Retires a record.
#[derive(GraphQLInputObject)]
pub struct DatasetRetireInput {
    /// Identifier or short name of the record.
    pub dataset: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Why; it becomes the note of the last version.
    pub reason: String,
}

/// Sets or takes back the coordinator's review.
#[derive(GraphQLInputObject)]
pub struct DatasetReviewInput {
    /// Identifier or short name of the record.
    pub dataset: ID,
    /// Number of the version that was read.
    pub version: i32,
    /// Remark.
    pub note: Option<String>,
    /// Whether the review is taken back; not where left out.
    pub withdraw: Option<bool>,
}

/// Passes a record to the institution that took over its producer's portfolio.
#[derive(GraphQLInputObject)]
pub struct DatasetTransferInput {
    /// Identifier or short name of the record.
    pub dataset: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Short name of the successor.
    pub to: String,
}

/// Declares that an institution holds another's dataset.
#[derive(GraphQLInputObject)]
pub struct HoldingDeclareInput {
    /// Identifier or short name of the dataset.
    pub dataset: ID,
    /// Short name of the institution that declares.
    pub institution: String,
    /// The holding; its `institution` is the one above.
    pub holding: HoldingInput,
}

/// Changes the terms of a declared holding.
#[derive(GraphQLInputObject)]
pub struct HoldingUpdateInput {
    /// The declaration.
    pub declaration: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// The holding as it is now, whole; its role stays.
    pub holding: HoldingInput,
}

/// Names a declared holding as it was last seen.
#[derive(GraphQLInputObject)]
pub struct HoldingDeclarationInput {
    /// The declaration.
    pub declaration: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
}

/// Contests a declared holding.
#[derive(GraphQLInputObject)]
pub struct HoldingContestInput {
    /// The declaration.
    pub declaration: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Why; the holder reads it.
    pub reason: String,
}

/// Changes an institution's own description.
#[derive(GraphQLInputObject)]
pub struct InstitutionUpdateInput {
    /// Short name of the institution.
    pub institution: String,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// What to write. What is left out stays; null takes a field out.
    pub content: InstitutionInput,
}

/// A role to give.
#[derive(GraphQLInputObject)]
pub struct RoleInput {
    /// The role.
    pub role: Role,
    /// Short name of the institution; left out for roles of the catalogue.
    pub institution: Option<String>,
}

/// Invites a person by e-mail.
#[derive(GraphQLInputObject)]
pub struct InvitationSendInput {
    /// E-mail address.
    pub email: String,
    /// Function, such as "Statistics officer, HCP"; never a private name.
    pub function: String,
    /// Language of the mail: ar, fr or en.
    pub language: Option<LanguageTag>,
    /// Roles that the person gets on accepting.
    pub roles: Vec<RoleInput>,
}

/// Gives or takes a role of a person who is known.
#[derive(GraphQLInputObject)]
pub struct MembershipInput {
    /// The person, as `members` names them.
    pub person: ID,
    /// The role.
    pub role: Role,
    /// Short name of the institution; left out for roles of the catalogue.
    pub institution: Option<String>,
}

/// Makes a private preview link.
#[derive(GraphQLInputObject)]
pub struct PreviewLinkCreateInput {
    /// The working copy.
    pub draft: ID,
    /// Life of the link in days, 1 to 90; 14 where left out.
    pub expires_in_days: Option<i32>,
    /// Whether the functions of the people who wrote and validated the draft are left out; not where left out.
    pub without_names: Option<bool>,
}

/// Makes a personal API token.
#[derive(GraphQLInputObject)]
pub struct ApiTokenCreateInput {
    /// What will use it.
    pub name: String,
    /// What it may be used for, within your own rights.
    pub scopes: Vec<TokenScope>,
    /// Life in days, 1 to 365; 90 where left out.
    pub expires_in_days: Option<i32>,
}

/// Registers a webhook.
#[derive(GraphQLInputObject)]
pub struct WebhookCreateInput {
    /// Address that takes deliveries: https or http, on the public network.
    pub url: String,
}

/// Delivers changes to a webhook again.
#[derive(GraphQLInputObject)]
pub struct WebhookReplayInput {
    /// The webhook.
    pub webhook: ID,
    /// Place in the change log after which to begin.
    pub since: i32,
}

/// Saves a search.
#[derive(GraphQLInputObject)]
pub struct SavedSearchCreateInput {
    /// Name by which you know it.
    pub name: String,
    /// Words.
    pub search: Option<String>,
    /// Conditions, as for `datasets`.
    pub r#where: Option<DatasetFilter>,
}

/// Sets language and mails.
#[derive(GraphQLInputObject)]
pub struct PreferencesUpdateInput {
    /// Language of mails: ar, fr or en.
    pub language: Option<LanguageTag>,
    /// When mails are sent.
    pub mail_preference: Option<MailPreference>,
}

/// Turns the authenticator app on.
#[derive(GraphQLInputObject)]
pub struct AuthenticatorEnableInput {
    /// Secret that `authenticatorBegin` gave.
    pub secret: String,
    /// Code that the app shows.
    pub code: String,
}

payload! {
    /// A working copy as it is after a mutation.
    DatasetDraftPayload {
        /// The working copy; null where the mutation was not carried out.
        draft: DatasetDraft,
    }
}
payload! {
    /// A record as it is after a mutation.
    DatasetPayload {
        /// The record; null where the mutation was not carried out.
        dataset: Dataset,
    }
}
payload! {
    /// A declared holding as it is after a mutation.
    HoldingDeclarationPayload {
        /// The declaration; null where the mutation was not carried out.
        declaration: HoldingDeclaration,
    }
}
payload! {
    /// An institution as it is after a mutation.
    InstitutionPayload {
        /// The institution; null where the mutation was not carried out.
        institution: Institution,
    }
}
payload! {
    /// A person as those who manage roles see them.
    MembershipPayload {
        /// The person; null where the mutation was not carried out.
        member: InstitutionMember,
    }
}
payload! {
    /// An invitation that was sent. Its link went by mail only.
    InvitationPayload {
        /// Address that the mail goes to.
        email: String,
    }
}
payload! {
    /// A private preview link.
    PreviewLinkPayload {
        /// The link.
        link: PreviewLink,
        /// Its address, shown this once.
        url: String,
    }
}
payload! {
    /// A personal API token.
    ApiTokenPayload {
        /// The token.
        token: ApiToken,
        /// Its secret, shown this once; send it as `Authorization: Bearer …`.
        secret: String,
    }
}
payload! {
    /// A webhook.
    WebhookPayload {
        /// The webhook.
        webhook: Webhook,
        /// The secret that signs its deliveries, shown this once when it is registered.
        secret: String,
    }
}
payload! {
    /// A saved search.
    SavedSearchPayload {
        /// The search.
        saved_search: SavedSearch,
    }
}
payload! {
    /// The viewer as they are after a mutation.
    ViewerPayload {
        /// The viewer.
        viewer: Viewer,
    }
}
payload! {
    /// A secret for an authenticator app. It counts once a code confirms it.
    AuthenticatorPayload {
        /// The secret in base 32, to be typed into the app.
        secret: String,
        /// Address (otpauth://) that the app reads.
        url: String,
    }
}
payload! {
    /// The identifier of something that is gone.
    RemovedPayload {
        /// Identifier of what was removed or revoked.
        removed: String,
    }
}
