//! The page on which an invited person opens the account.

use super::form::{Field, details, post, providers};
use super::password::{self, PasswordError};
use super::{Content, Page, escape, isolated, layout};

/// What the page shows.
#[derive(Clone, Copy)]
pub struct Invitation<'a> {
    /// Mark of the form against other sites.
    pub csrf: &'a str,
    /// Path to send the form to. A provider gets it as `return_to`.
    pub action: &'a str,
    /// Name of the institution; none for roles of the catalogue.
    pub institution: Option<&'a str>,
    /// Labels of the roles, in the language of the page.
    pub roles: &'a [String],
    /// Address that was invited.
    pub email: &'a str,
    /// Why the password was not taken the last time.
    pub error: Option<PasswordError>,
    /// Identity providers: name in the address, title on the button.
    pub providers: &'a [(String, String)],
}

struct Texts {
    title: &'static str,
    lead: &'static str,
    institution: &'static str,
    roles: &'static str,
    email: &'static str,
    choose: &'static str,
    button: &'static str,
    providers: &'static str,
}

const ARABIC: Texts = Texts {
    title: "قبول الدعوة",
    lead: "تتيح لكم هذه الدعوة المساهمة في هذا الفهرس.",
    institution: "المؤسسة",
    roles: "الأدوار المسندة إليكم",
    email: "عنوان البريد الإلكتروني",
    choose: "اختيار كلمة المرور",
    button: "قبول الدعوة",
    providers: "أو قبول الدعوة بحساب مؤسستكم",
};

const FRENCH: Texts = Texts {
    title: "Accepter l'invitation",
    lead: "Cette invitation vous permet de contribuer à ce catalogue.",
    institution: "Institution",
    roles: "Vos rôles",
    email: "Adresse électronique",
    choose: "Choisir un mot de passe",
    button: "Accepter l'invitation",
    providers: "Ou accepter avec le compte de votre institution",
};

const ENGLISH: Texts = Texts {
    title: "Accept the invitation",
    lead: "This invitation lets you contribute to this catalogue.",
    institution: "Institution",
    roles: "Your roles",
    email: "E-mail address",
    choose: "Choose a password",
    button: "Accept the invitation",
    providers: "Or accept with the account of your institution",
};

/// The invitation. The form sends `csrf`, `password` and `password_again`.
pub fn invitation(page: &Page, shown: &Invitation) -> String {
    let texts = page.language.choose(&ARABIC, &FRENCH, &ENGLISH);
    let fields = address_field(texts, shown.email) + &password::fields(page, shown.error);
    let mut body = format!("<p>{}</p>\n", texts.lead);
    body += &offer(texts, shown);
    body += &format!("<h2>{}</h2>\n", texts.choose);
    body += &post(page, shown.action, shown.csrf, &fields, texts.button);
    body += &providers(page, texts.providers, shown.csrf, shown.action, shown.providers);
    let above = password::above(page, shown.error);
    layout(page, &Content { title: texts.title, above, body, has_problem: shown.error.is_some() })
}

/// Institution and roles; nothing where neither is given.
fn offer(texts: &Texts, shown: &Invitation) -> String {
    let mut rows = Vec::new();
    if let Some(institution) = shown.institution {
        rows.push((escape(texts.institution), vec![isolated(institution)]));
    }
    if !shown.roles.is_empty() {
        rows.push((escape(texts.roles), shown.roles.iter().map(|role| isolated(role)).collect()));
    }
    if rows.is_empty() { String::new() } else { details(&rows) }
}

/// Without a name, so that it is not sent: it shows whose account this is, and password managers keep it as the user's name.
fn address_field(texts: &Texts, email: &str) -> String {
    let field = Field {
        id: "email",
        label: texts.email,
        attributes: r#"type="email" autocomplete="username" dir="ltr" readonly"#,
        value: email,
        hint: "",
        is_wrong: false,
    };
    field.markup()
}
