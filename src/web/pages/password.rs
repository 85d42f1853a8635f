//! Choosing a password: the two fields, and what may be wrong with it.

use super::form::{Field, problem};
use super::{Page, PageLanguage};

/// Why a new password was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordError {
    /// Too short.
    TooShort {
        /// Least number of characters.
        minimum: usize,
    },
    /// Too long.
    TooLong,
    /// The two entries differ.
    Mismatch,
    /// Well known, thus easily guessed.
    Common,
    /// It is the e-mail address.
    SameAsEmail,
}

/// The fields `password` and `password_again`.
pub(super) fn fields(page: &Page, error: Option<PasswordError>) -> String {
    let first = Field {
        id: "password",
        label: page.language.choose("كلمة المرور الجديدة", "Nouveau mot de passe", "New password"),
        attributes: r#"name="password" type="password" autocomplete="new-password" required"#,
        value: "",
        hint: page.language.choose(
            "تشكل عدة كلمات متتالية كلمة مرور جيدة. المرجو عدم استعمال كلمة مرور مستعملة في خدمة أخرى.",
            "Plusieurs mots à la suite font un bon mot de passe. Veuillez ne pas reprendre un mot de passe utilisé ailleurs.",
            "Several words in a row make a good password. Please do not take one that you use elsewhere.",
        ),
        is_wrong: error.is_some_and(|error| error != PasswordError::Mismatch),
    };
    let again = Field {
        id: "password_again",
        label: page.language.choose("تأكيد كلمة المرور الجديدة", "Confirmation du nouveau mot de passe", "New password again"),
        attributes: r#"name="password_again" type="password" autocomplete="new-password" required"#,
        value: "",
        hint: "",
        is_wrong: error == Some(PasswordError::Mismatch),
    };
    first.markup() + &again.markup()
}

/// What was wrong, above the heading; nothing where nothing was.
pub(super) fn above(page: &Page, error: Option<PasswordError>) -> String {
    let Some(error) = error else {
        return String::new();
    };
    let field = if error == PasswordError::Mismatch { "password_again" } else { "password" };
    problem(page, &message(page.language, error), Some(field))
}

fn message(language: PageLanguage, error: PasswordError) -> String {
    let text = match error {
        PasswordError::TooShort { minimum } => return too_short(language, minimum),
        PasswordError::TooLong => language.choose(
            "كلمة المرور طويلة جدا. المرجو اختيار كلمة مرور أقصر.",
            "Le mot de passe est trop long. Veuillez en choisir un plus court.",
            "The password is too long. Please choose a shorter one.",
        ),
        PasswordError::Mismatch => language.choose(
            "كلمتا المرور غير متطابقتين. المرجو إدخال كلمة المرور نفسها مرتين.",
            "Les deux mots de passe sont différents. Veuillez saisir deux fois le même.",
            "The two passwords differ. Please enter the same one twice.",
        ),
        PasswordError::Common => language.choose(
            "كلمة المرور هذه شائعة ويسهل تخمينها. المرجو اختيار كلمة مرور أخرى.",
            "Ce mot de passe est très répandu et facile à deviner. Veuillez en choisir un autre.",
            "This password is well known and easily guessed. Please choose another.",
        ),
        PasswordError::SameAsEmail => language.choose(
            "يجب أن تختلف كلمة المرور عن عنوان البريد الإلكتروني. المرجو اختيار كلمة مرور أخرى.",
            "Le mot de passe doit être différent de l'adresse électronique. Veuillez en choisir un autre.",
            "The password must differ from the e-mail address. Please choose another.",
        ),
    };
    text.to_owned()
}

fn too_short(language: PageLanguage, minimum: usize) -> String {
    match language {
        // The number stands last, so that the noun needs no form for it.
        PageLanguage::Ar => format!("كلمة المرور قصيرة جدا: يجب ألا يقل عدد رموزها عن {minimum}."),
        PageLanguage::Fr => format!("Le mot de passe est trop court : il doit compter au moins {minimum} caractères."),
        PageLanguage::En => format!("The password is too short: it needs at least {minimum} characters."),
    }
}
