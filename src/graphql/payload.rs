//! What every mutation answers: the thing as it is now, or null, and the errors of the person's own making.

use juniper::FieldResult;

use crate::domain::vocabulary::{RefusalCode, vocabulary};
use crate::service::Error;

use super::context::Context;
use super::error::from_service;
use super::scalars::DateTime;

vocabulary! {
    /// Kind of error that a person or program can do something about.
    UserErrorCode "user-error-code" {
        Invalid = "INVALID" ["A value is wrong or missing", "Une valeur est erronée ou manquante", "قيمة خاطئة أو ناقصة"],
        NotFound = "NOT_FOUND" ["There is no such thing for the viewer", "Élément introuvable", "العنصر غير موجود"],
        Conflict = "CONFLICT" ["Another write came first, or the thing exists already", "Une autre écriture a précédé, ou l'élément existe déjà", "سبقته كتابة أخرى أو أن العنصر موجود"],
        SignInRequired = "SIGN_IN_REQUIRED" ["Sign in first", "Se connecter d'abord", "سجلوا الدخول أولا"],
        RoleRequired = "ROLE_REQUIRED" ["Needs a role that the viewer does not have", "Exige un rôle que vous n'avez pas", "يتطلب دورا غير مسند إليكم"],
        ScopeRequired = "SCOPE_REQUIRED" ["The API token was not made for this", "Le jeton d'accès n'a pas été créé pour cela", "لم ينشأ رمز الوصول لهذا الغرض"],
        SessionRequired = "SESSION_REQUIRED" ["Only for a person who has signed in, not for a token", "Réservé à une personne connectée", "مخصص لشخص سجل الدخول"],
        WrongState = "WRONG_STATE" ["Not possible in the present state", "Impossible dans l'état actuel", "غير ممكن في الحالة الراهنة"],
        SecondPersonRequired = "SECOND_PERSON_REQUIRED" ["Another person than the author must do this", "Une autre personne que l'auteur doit le faire", "يجب أن يقوم به شخص غير المحرر"],
        OutsideCatalogue = "OUTSIDE_CATALOGUE" ["Requests go to the holder, outside this catalogue", "Les demandes se font auprès du détenteur, hors de ce catalogue", "تقدم الطلبات إلى الحائز خارج هذا الفهرس"],
        CopiedRecord = "COPIED_RECORD" ["The record is a copy of another registry's; it is changed there", "La fiche est la copie de celle d'un autre registre ; elle se modifie là-bas", "السجل نسخة من سجل مسجِّل آخر؛ يُعدَّل هناك"],
        RetiredRecord = "RETIRED_RECORD" ["The record was retired", "La fiche a été retirée", "سُحب السجل"],
        StubRecord = "STUB_RECORD" ["Only title, holder and desk of the record are shown", "Seuls le titre, le détenteur et le guichet de la fiche sont montrés", "لا يعرض من السجل سوى العنوان والحائز وجهة الاتصال"],
        NoRequestNeeded = "NO_REQUEST_NEEDED" ["The data are open: no request is needed", "Les données sont ouvertes : aucune demande n'est nécessaire", "البيانات مفتوحة ولا حاجة إلى طلب"],
        NotShared = "NOT_SHARED" ["The holder does not share these data", "Le détenteur ne communique pas ces données", "لا يتيح الحائز هذه البيانات"],
        OwnRole = "OWN_ROLE" ["Nobody changes their own roles", "Nul ne modifie ses propres rôles", "لا يغير أحد أدواره بنفسه"],
    }
}

impl From<RefusalCode> for UserErrorCode {
    fn from(code: RefusalCode) -> Self {
        match code {
            RefusalCode::SignInRequired => Self::SignInRequired,
            RefusalCode::ScopeRequired => Self::ScopeRequired,
            RefusalCode::SessionRequired => Self::SessionRequired,
            RefusalCode::WrongState => Self::WrongState,
            RefusalCode::SecondPersonRequired => Self::SecondPersonRequired,
            RefusalCode::OwnRole => Self::OwnRole,
            RefusalCode::OutsideCatalogue => Self::OutsideCatalogue,
            RefusalCode::CopiedRecord => Self::CopiedRecord,
            RefusalCode::RetiredRecord => Self::RetiredRecord,
            RefusalCode::StubRecord => Self::StubRecord,
            RefusalCode::NoRequestNeeded => Self::NoRequestNeeded,
            RefusalCode::NotShared => Self::NotShared,
            RefusalCode::RoleRequired | RefusalCode::MaskedByProducer => Self::RoleRequired,
        }
    }
}

/// An error of the person's own making.
#[derive(Clone)]
pub struct UserError {
    code: UserErrorCode,
    message: String,
    path: Vec<String>,
    conflict: Option<WriteConflict>,
}

/// What another wrote since.
#[derive(Clone)]
pub struct WriteConflict(crate::service::Clash);

/// What another person wrote since the revision that was given.
#[juniper::graphql_object(context = Context)]
impl WriteConflict {
    /// Revision of the thing now; read it again and repeat the change on top of it.
    fn revision(&self) -> i32 {
        i32::try_from(self.0.present).unwrap_or(i32::MAX)
    }

    /// Function of the person who wrote last; null for the console.
    fn changed_by(&self) -> Option<&str> {
        self.0.by.as_deref()
    }

    /// When it was last written.
    fn changed_at(&self) -> Option<DateTime> {
        self.0.at.map(DateTime)
    }

    /// Top-level fields that were written since.
    fn fields(&self) -> &[String] {
        &self.0.fields
    }
}

/// Something that keeps a mutation from being carried out and that the person can put right. Nothing has changed.
#[juniper::graphql_object(context = Context)]
impl UserError {
    /// Kind of error, for programs.
    fn code(&self) -> UserErrorCode {
        self.code
    }

    /// What is wrong and how to put it right.
    fn message(&self) -> &str {
        &self.message
    }

    /// Where in the input, step by step; empty where no single field is meant.
    fn path(&self) -> &[String] {
        &self.path
    }

    /// For CONFLICT: what another person wrote since.
    fn conflict(&self) -> Option<&WriteConflict> {
        self.conflict.as_ref()
    }
}

fn plain(code: UserErrorCode, message: String) -> Vec<UserError> {
    vec![UserError { code, message, path: Vec::new(), conflict: None }]
}

/// Steps of a dotted path such as `holdings[0].role`. What stands in brackets is one step, as the key in `answers[ma-hcp.project-lab]`.
fn steps(field: &str) -> Vec<String> {
    let pieces = field.split('[').flat_map(|piece| match piece.split_once(']') {
        Some((inner, rest)) => std::iter::once(inner).chain(rest.split('.')).collect::<Vec<_>>(),
        None => piece.split('.').collect(),
    });
    pieces.filter(|step| !step.is_empty()).map(str::to_owned).collect()
}

/// The errors that a person can put right; a fault of the server stays an error of the whole question.
///
/// # Errors
/// The store is unavailable, or the program met a fault.
pub fn user_errors(error: Error) -> FieldResult<Vec<UserError>> {
    Ok(match error {
        Error::NotFound(_) => plain(UserErrorCode::NotFound, error.to_string()),
        Error::Conflict(text) => plain(UserErrorCode::Conflict, text),
        Error::Forbidden { code, .. } => plain(code.into(), error.to_string()),
        Error::NoRole { .. } => plain(UserErrorCode::RoleRequired, error.to_string()),
        Error::Stale(clash) => {
            let message = clash.to_string();
            vec![UserError {
                code: UserErrorCode::Conflict,
                message,
                path: vec!["expectedRevision".to_owned()],
                conflict: Some(WriteConflict(*clash)),
            }]
        }
        Error::Invalid(problems) => {
            let error = |problem: crate::domain::problem::Problem| UserError {
                code: UserErrorCode::Invalid,
                message: problem.to_string(),
                path: steps(&problem.field),
                conflict: None,
            };
            problems.into_iter().map(error).collect()
        }
        error @ (Error::Unavailable(_) | Error::Internal(_)) => return Err(from_service(error)),
    })
}

/// Writes a payload: the things of a mutation, null where it was not carried out, and its errors.
macro_rules! payload {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Default)]
        pub struct $name {
            $(pub $field: Option<$type>,)+
            pub errors: Vec<$crate::graphql::payload::UserError>,
        }

        $(#[doc = $doc])+
        #[juniper::graphql_object(context = $crate::graphql::Context)]
        impl $name {
            $(
                $(#[doc = $field_doc])+
                fn $field(&self) -> Option<&$type> {
                    self.$field.as_ref()
                }
            )+

            /// What keeps the mutation from being carried out; empty where it was.
            fn errors(&self) -> &[$crate::graphql::payload::UserError] {
                &self.errors
            }
        }

        impl $name {
            /// A payload of a mutation that was not carried out.
            pub fn refused(error: $crate::service::Error) -> juniper::FieldResult<Self> {
                Ok(Self { errors: $crate::graphql::payload::user_errors(error)?, ..Self::default() })
            }
        }
    };
}
pub(crate) use payload;

#[cfg(test)]
mod tests {
    #[test]
    fn paths_are_taken_apart() {
        assert_eq!(super::steps("holdings[0].accessTerms.microdata"), ["holdings", "0", "accessTerms", "microdata"]);
        assert!(super::steps("").is_empty());
    }
}
