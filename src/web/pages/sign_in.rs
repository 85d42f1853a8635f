//! The page on which people sign in.

use super::form::{Field, hidden, link, post, problem, providers};
use super::{Content, Page, PageLanguage, layout};

/// What the page shows.
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    /// Mark of the form against other sites.
    pub csrf: &'a str,
    /// Where to go afterwards.
    pub return_to: &'a str,
    /// Why signing in did not succeed the last time.
    pub error: Option<SignInError>,
    /// Identity providers: name in the address, title on the button.
    pub providers: &'a [(String, String)],
    /// Address that was entered the last time; else empty.
    pub email: &'a str,
    /// Whether people may make an account of their own.
    pub registers: bool,
}

/// Why signing in did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInError {
    /// Address, password or code is wrong, or the account is disabled. One message, so that nobody learns which accounts exist.
    WrongCredentials,
    /// Too many attempts.
    TooMany {
        /// Minutes to wait.
        retry_after_minutes: u64,
    },
    /// The form is too old.
    Expired,
    /// The identity provider, or the person there, refused.
    ProviderFailed,
    /// The identity provider does not answer.
    ProviderUnavailable,
}

struct Texts {
    title: &'static str,
    lead: &'static str,
    email: &'static str,
    password: &'static str,
    authenticator: &'static str,
    code: &'static str,
    code_hint: &'static str,
    button: &'static str,
    forgotten: &'static str,
    register: &'static str,
    providers: &'static str,
}

const ARABIC: Texts = Texts {
    title: "تسجيل الدخول",
    lead: "يمكن الاطلاع على السجلات المنشورة والبحث فيها دون حساب.",
    email: "عنوان البريد الإلكتروني",
    password: "كلمة المرور",
    authenticator: "أستعمل تطبيقا للمصادقة",
    code: "رمز التحقق",
    code_hint: "الرمز الذي يعرضه التطبيق الآن. المرجو ترك هذه الخانة فارغة إن لم يكن لديكم تطبيق للمصادقة.",
    button: "تسجيل الدخول",
    forgotten: "نسيت كلمة المرور",
    register: "إنشاء حساب",
    providers: "أو تسجيل الدخول بحساب مؤسستكم",
};

const FRENCH: Texts = Texts {
    title: "Se connecter",
    lead: "Les fiches publiées se lisent et se recherchent sans compte.",
    email: "Adresse électronique",
    password: "Mot de passe",
    authenticator: "J'utilise une application d'authentification",
    code: "Code à usage unique",
    code_hint: "Le code que l'application affiche en ce moment. Laissez ce champ vide si vous n'avez activé aucune application.",
    button: "Se connecter",
    forgotten: "J'ai oublié mon mot de passe",
    register: "Créer un compte",
    providers: "Ou se connecter avec le compte de votre institution",
};

const ENGLISH: Texts = Texts {
    title: "Sign in",
    lead: "Published records can be read and searched without an account.",
    email: "E-mail address",
    password: "Password",
    authenticator: "I use an authenticator app",
    code: "One-time code",
    code_hint: "The code that the app shows now. Leave this empty if you have not set up an app.",
    button: "Sign in",
    forgotten: "I have forgotten my password",
    register: "Make an account",
    providers: "Or sign in with the account of your institution",
};

/// `/sign-in`. The form sends `csrf`, `return_to`, `email`, `password` and, where there is one, `code`.
pub fn sign_in(page: &Page, shown: &SignIn) -> String {
    let texts = page.language.choose(&ARABIC, &FRENCH, &ENGLISH);
    let is_wrong = shown.error == Some(SignInError::WrongCredentials);
    let fields = hidden("return_to", shown.return_to) + &credentials(texts, shown.email, is_wrong) + &one_time_code(texts, is_wrong);
    let mut body = format!("<p>{}</p>\n", texts.lead);
    body += &post(page, "/sign-in", shown.csrf, &fields, texts.button);
    body += &link(page, "/password-reset", texts.forgotten);
    if shown.registers {
        body += &link(page, "/register", texts.register);
    }
    body += &providers(page, texts.providers, shown.csrf, shown.return_to, shown.providers);
    let field = is_wrong.then_some("email");
    let above = shown.error.map(|error| problem(page, &message(page.language, error), field)).unwrap_or_default();
    layout(page, &Content { title: texts.title, above, body, has_problem: shown.error.is_some() })
}

fn credentials(texts: &Texts, email: &str, is_wrong: bool) -> String {
    let email = Field {
        id: "email",
        label: texts.email,
        attributes: r#"name="email" type="email" autocomplete="username" autocapitalize="none" spellcheck="false" dir="ltr" required"#,
        value: email,
        hint: "",
        is_wrong,
    };
    let password = Field {
        id: "password",
        label: texts.password,
        attributes: r#"name="password" type="password" autocomplete="current-password" required"#,
        value: "",
        hint: "",
        is_wrong,
    };
    email.markup() + &password.markup()
}

/// Folded away, since most people have none; open after a failure, when it may be what was forgotten.
fn one_time_code(texts: &Texts, is_wrong: bool) -> String {
    let code = Field {
        id: "code",
        label: texts.code,
        attributes: r#"name="code" type="text" inputmode="numeric" autocomplete="one-time-code" spellcheck="false" dir="ltr""#,
        value: "",
        hint: texts.code_hint,
        is_wrong,
    };
    let open = if is_wrong { " open" } else { "" };
    format!("<details{open}>\n<summary>{}</summary>\n{}</details>\n", texts.authenticator, code.markup())
}

fn message(language: PageLanguage, error: SignInError) -> String {
    let text = match error {
        SignInError::WrongCredentials => language.choose(
            "عنوان البريد الإلكتروني أو كلمة المرور أو رمز التحقق غير صحيح. المرجو التأكد منها وإعادة المحاولة.",
            "L'adresse électronique, le mot de passe ou le code à usage unique est incorrect. Veuillez les vérifier et réessayer.",
            "The e-mail address, the password or the one-time code is not right. Please check them and try again.",
        ),
        SignInError::TooMany { retry_after_minutes } => return too_many(language, retry_after_minutes),
        SignInError::Expired => language.choose(
            "بقيت الاستمارة مفتوحة مدة طويلة. المرجو إعادة المحاولة.",
            "Le formulaire est resté ouvert trop longtemps. Veuillez réessayer.",
            "The form was open for too long. Please try again.",
        ),
        SignInError::ProviderFailed => language.choose(
            "لم ينجح تسجيل الدخول بحساب مؤسستكم. المرجو إعادة المحاولة أو استعمال كلمة المرور.",
            "La connexion avec le compte de votre institution n'a pas abouti. Veuillez réessayer ou utiliser votre mot de passe.",
            "Signing in with the account of your institution did not succeed. Please try again, or use your password.",
        ),
        SignInError::ProviderUnavailable => language.choose(
            "تعذر الاتصال بخدمة تسجيل الدخول الخاصة بمؤسستكم. المرجو إعادة المحاولة لاحقا أو استعمال كلمة المرور.",
            "Le service de connexion de votre institution ne répond pas. Veuillez réessayer plus tard ou utiliser votre mot de passe.",
            "The sign-in service of your institution does not answer. Please try again later, or use your password.",
        ),
    };
    text.to_owned()
}

fn too_many(language: PageLanguage, minutes: u64) -> String {
    let minutes = minutes.max(1);
    match language {
        PageLanguage::Ar => format!("تجاوز عدد المحاولات الحد المسموح به. المرجو إعادة المحاولة بعد {}.", arabic_minutes(minutes)),
        PageLanguage::Fr => {
            let unit = if minutes == 1 { "minute" } else { "minutes" };
            format!("Le nombre de tentatives autorisées est dépassé. Veuillez réessayer dans {minutes} {unit}.")
        }
        PageLanguage::En => {
            let unit = if minutes == 1 { "minute" } else { "minutes" };
            format!("There have been too many attempts. Please try again in {minutes} {unit}.")
        }
    }
}

/// Arabic has a form for one, for two, for three to ten and for more; above a hundred the last two digits decide.
fn arabic_minutes(minutes: u64) -> String {
    match (minutes, minutes % 100) {
        (1, _) => "دقيقة واحدة".to_owned(),
        (2, _) => "دقيقتين".to_owned(),
        (_, 3..=10) => format!("{minutes} دقائق"),
        _ => format!("{minutes} دقيقة"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_counted_as_each_language_counts() {
        assert_eq!(arabic_minutes(1), "دقيقة واحدة");
        assert_eq!(arabic_minutes(2), "دقيقتين");
        assert_eq!(arabic_minutes(5), "5 دقائق");
        assert_eq!(arabic_minutes(15), "15 دقيقة");
        assert_eq!(arabic_minutes(105), "105 دقائق");
        assert!(too_many(PageLanguage::Fr, 1).ends_with("dans 1 minute."));
        assert!(too_many(PageLanguage::En, 0).ends_with("in 1 minute."));
        assert!(too_many(PageLanguage::En, 15).ends_with("in 15 minutes."));
    }
}
