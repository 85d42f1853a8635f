//! The page on which people without an institution ask for an account of their own.

use super::form::{Field, link, post, problem};
use super::{Content, Page, layout};

struct Texts {
    title: &'static str,
    lead: &'static str,
    email: &'static str,
    function: &'static str,
    function_hint: &'static str,
    send: &'static str,
    sent: &'static str,
    sent_lead: &'static str,
    sent_help: &'static str,
    wrong: &'static str,
    back: &'static str,
}

const ARABIC: Texts = Texts {
    title: "إنشاء حساب",
    lead: "يتيح لكم الحساب طلب الوصول إلى البيانات لدى من يحوزها. ولا حاجة إلى حساب للبحث في الفهرس وقراءته.",
    email: "عنوان البريد الإلكتروني",
    function: "الوظيفة والمؤسسة",
    function_hint: "مثال: باحثة في جامعة. المرجو عدم ذكر الاسم الشخصي.",
    send: "إرسال الرابط",
    sent: "راجعوا بريدكم الإلكتروني",
    sent_lead: "إذا لم يكن هناك حساب مرتبط بهذا العنوان، فسيصله بعد قليل رابط لإنشاء الحساب.",
    sent_help: "إذا لم تتوصلوا بأي رسالة، فقد يكون لكم حساب: المرجو تسجيل الدخول، أو طلب كلمة مرور جديدة.",
    wrong: "المرجو إدخال عنوان بريد إلكتروني صحيح، ووظيفة لا تتجاوز 200 حرف.",
    back: "العودة إلى تسجيل الدخول",
};

const FRENCH: Texts = Texts {
    title: "Créer un compte",
    lead: "Un compte permet de demander l'accès aux données à leurs détenteurs. Le catalogue se lit et se consulte sans compte.",
    email: "Adresse électronique",
    function: "Fonction et institution",
    function_hint: "Par exemple : chercheuse dans une université. N'indiquez pas votre nom.",
    send: "Envoyer le lien",
    sent: "Consultez votre messagerie",
    sent_lead: "Si aucun compte n'existe à cette adresse, un lien pour en créer un y parviendra sous peu.",
    sent_help: "Si vous ne recevez rien, vous avez peut-être déjà un compte : connectez-vous ou demandez un nouveau mot de passe.",
    wrong: "Veuillez indiquer une adresse électronique valable et une fonction de 200 caractères au plus.",
    back: "Retour à la connexion",
};

const ENGLISH: Texts = Texts {
    title: "Make an account",
    lead: "With an account you can ask the holders of data for access. The catalogue can be read and searched without one.",
    email: "E-mail address",
    function: "Function and institution",
    function_hint: "For example: researcher at a university. Please do not give your name.",
    send: "Send the link",
    sent: "Check your mail",
    sent_lead: "If there is no account with this address, a link to make one will reach it shortly.",
    sent_help: "If nothing comes you may have an account already: please sign in, or ask for a new password.",
    wrong: "Please give an e-mail address that works, and a function of at most 200 characters.",
    back: "Back to signing in",
};

/// What the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registering<'a> {
    /// The form, empty.
    Form,
    /// The form as it was sent: something in it is wrong.
    Again {
        /// Address.
        email: &'a str,
        /// Function.
        function: &'a str,
    },
    /// The answer, whether the address is known or not.
    Sent,
}

/// `/register`. The form sends `csrf`, `email` and `function`.
pub fn register(page: &Page, csrf: &str, shown: Registering) -> String {
    let texts = page.language.choose(&ARABIC, &FRENCH, &ENGLISH);
    let back = link(page, "/sign-in", texts.back);
    let (email, function, is_wrong) = match shown {
        Registering::Sent => {
            let body = format!("<p>{}</p>\n<p>{}</p>\n{back}", texts.sent_lead, texts.sent_help);
            return layout(page, &Content { title: texts.sent, above: String::new(), body, has_problem: false });
        }
        Registering::Form => ("", "", false),
        Registering::Again { email, function } => (email, function, true),
    };
    let email = Field {
        id: "email",
        label: texts.email,
        attributes: r#"name="email" type="email" autocomplete="email" autocapitalize="none" spellcheck="false" dir="ltr" required"#,
        value: email,
        hint: "",
        is_wrong,
    };
    let function = Field {
        id: "function",
        label: texts.function,
        attributes: r#"name="function" type="text" autocomplete="organization-title" maxlength="200" dir="auto" required"#,
        value: function,
        hint: texts.function_hint,
        is_wrong: false,
    };
    let form = post(page, "/register", csrf, &(email.markup() + &function.markup()), texts.send);
    let body = format!("<p>{}</p>\n{form}{back}", texts.lead);
    let above = if is_wrong { problem(page, texts.wrong, Some("email")) } else { String::new() };
    layout(page, &Content { title: texts.title, above, body, has_problem: is_wrong })
}
