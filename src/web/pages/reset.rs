//! The pages for a forgotten password.

use super::form::{Field, link, post};
use super::password::{self, PasswordError};
use super::{Content, Page, layout};

struct Texts {
    request: &'static str,
    request_lead: &'static str,
    email: &'static str,
    send: &'static str,
    sent: &'static str,
    sent_lead: &'static str,
    sent_help: &'static str,
    back: &'static str,
    reset: &'static str,
    change: &'static str,
}

const ARABIC: Texts = Texts {
    request: "إعادة تعيين كلمة المرور",
    request_lead: "أدخلوا عنوان بريدكم الإلكتروني، وسنرسل إليه رابطا يتيح لكم اختيار كلمة مرور جديدة.",
    email: "عنوان البريد الإلكتروني",
    send: "إرسال الرابط",
    sent: "راجعوا بريدكم الإلكتروني",
    sent_lead: "إذا كان هناك حساب مرتبط بهذا العنوان، فسيصله الرابط بعد قليل.",
    sent_help: "إذا لم تتوصلوا بأي رسالة خلال بضع دقائق، فالمرجو التحقق من مجلد الرسائل غير المرغوب فيها أو الاتصال بالمسؤولين عن الفهرس.",
    back: "العودة إلى تسجيل الدخول",
    reset: "اختيار كلمة مرور جديدة",
    change: "تغيير كلمة المرور",
};

const FRENCH: Texts = Texts {
    request: "Réinitialiser le mot de passe",
    request_lead: "Indiquez votre adresse électronique : nous y enverrons un lien qui vous permettra de choisir un nouveau mot de passe.",
    email: "Adresse électronique",
    send: "Envoyer le lien",
    sent: "Consultez votre messagerie",
    sent_lead: "S'il existe un compte à cette adresse, le lien y parviendra sous peu.",
    sent_help: "Si vous ne recevez rien d'ici quelques minutes, veuillez vérifier les courriers indésirables ou vous adresser aux responsables du catalogue.",
    back: "Retour à la connexion",
    reset: "Choisir un nouveau mot de passe",
    change: "Changer le mot de passe",
};

const ENGLISH: Texts = Texts {
    request: "Reset the password",
    request_lead: "Enter your e-mail address: we will send it a link with which you can choose a new password.",
    email: "E-mail address",
    send: "Send the link",
    sent: "Check your mail",
    sent_lead: "If there is an account with this address, the link will reach it shortly.",
    sent_help: "If nothing has come within a few minutes, please look among the unwanted mail, or ask those in charge of the catalogue.",
    back: "Back to signing in",
    reset: "Choose a new password",
    change: "Change the password",
};

/// `/password-reset`. The form sends `csrf` and `email`; once sent, the answer is the same whether the address is known or not.
pub fn reset_request(page: &Page, csrf: &str, sent: bool) -> String {
    let texts = page.language.choose(&ARABIC, &FRENCH, &ENGLISH);
    let back = link(page, "/sign-in", texts.back);
    if sent {
        let body = format!("<p>{}</p>\n<p>{}</p>\n{back}", texts.sent_lead, texts.sent_help);
        return layout(page, &Content { title: texts.sent, above: String::new(), body, has_problem: false });
    }
    let email = Field {
        id: "email",
        label: texts.email,
        attributes: r#"name="email" type="email" autocomplete="username" autocapitalize="none" spellcheck="false" dir="ltr" required"#,
        value: "",
        hint: "",
        is_wrong: false,
    };
    let form = post(page, "/password-reset", csrf, &email.markup(), texts.send);
    let body = format!("<p>{}</p>\n{form}{back}", texts.request_lead);
    layout(page, &Content { title: texts.request, above: String::new(), body, has_problem: false })
}

/// The page behind the link. The form sends `csrf`, `password` and `password_again` to the path given.
pub fn reset(page: &Page, csrf: &str, action: &str, error: Option<PasswordError>) -> String {
    let texts = page.language.choose(&ARABIC, &FRENCH, &ENGLISH);
    let body = post(page, action, csrf, &password::fields(page, error), texts.change);
    let above = password::above(page, error);
    layout(page, &Content { title: texts.reset, above, body, has_problem: error.is_some() })
}
