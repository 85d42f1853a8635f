//! Pages that confirm or tell: a sign-in link to be pressed, who is signed in, and short messages.

use super::form::{details, link, post};
use super::{Content, Page, escape, isolated, layout, left_to_right};

/// The person who is signed in.
#[derive(Clone, Copy)]
pub struct SignedIn<'a> {
    /// Function, as the person is known in the registry.
    pub function: &'a str,
    /// Address.
    pub email: &'a str,
    /// Labels of the roles, in the language of the page.
    pub roles: &'a [String],
    /// Mark of the form against other sites.
    pub csrf: &'a str,
}

/// What a page without a form tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// A link from a mail was used already, or is too old.
    LinkExpired,
    /// The session has ended.
    SignedOut,
    /// The new password holds.
    PasswordChanged,
    /// The request seems to come from another site.
    Refused,
    /// There is nothing here, or nothing that may be shown.
    NotFound,
}

/// The page behind a one-time link. Only its button signs in: programs that open the links of a mail must not use it up.
pub fn confirm_link(page: &Page, csrf: &str, action: &str) -> String {
    let language = page.language;
    let lead = language.choose(
        "لقد فتحتم رابطا لتسجيل الدخول. المرجو الضغط على الزر للمتابعة. لا يمكن استعمال هذا الرابط إلا مرة واحدة.",
        "Vous avez ouvert un lien de connexion. Veuillez appuyer sur le bouton pour continuer. Ce lien ne sert qu'une seule fois.",
        "You have opened a sign-in link. Please press the button to go on. The link works only once.",
    );
    let warning = language.choose(
        "إذا لم تطلبوا هذا الرابط، فالمرجو إغلاق هذه الصفحة.",
        "Si vous n'avez pas demandé ce lien, veuillez fermer cette page.",
        "If you did not ask for this link, please close this page.",
    );
    let title = language.choose("تسجيل الدخول", "Se connecter", "Sign in");
    let form = post(page, action, csrf, "", title);
    let body = format!("<p>{lead}</p>\n{form}<p>{warning}</p>\n");
    layout(page, &Content { title, above: String::new(), body, has_problem: false })
}

/// Who is signed in, with the way out.
pub fn signed_in(page: &Page, shown: &SignedIn) -> String {
    let language = page.language;
    let mut roles: Vec<String> = shown.roles.iter().map(|role| isolated(role)).collect();
    if roles.is_empty() {
        roles.push(language.choose("لم يسند أي دور بعد", "Aucun rôle attribué", "No role yet").to_owned());
    }
    let label = |arabic, french, english| escape(language.choose(arabic, french, english));
    let rows = [
        (label("الوظيفة", "Fonction", "Function"), vec![isolated(shown.function)]),
        (label("عنوان البريد الإلكتروني", "Adresse électronique", "E-mail address"), vec![left_to_right(shown.email)]),
        (label("الأدوار", "Rôles", "Roles"), roles),
    ];
    let lead = language.choose("تم تسجيل دخولكم.", "Votre session est ouverte.", "You are signed in.");
    let query = link(page, "/graphiql", language.choose("فتح صفحة الاستعلام", "Ouvrir la page d'interrogation", "Open the query page"));
    let leave = post(page, "/sign-out", shown.csrf, "", language.choose("تسجيل الخروج", "Se déconnecter", "Sign out"));
    let body = format!("<p>{lead}</p>\n{}{query}{leave}", details(&rows));
    let title = language.choose("حسابكم", "Votre compte", "Your account");
    layout(page, &Content { title, above: String::new(), body, has_problem: false })
}

/// A message, with the way on.
pub fn message(page: &Page, kind: MessageKind) -> String {
    let language = page.language;
    let sign_in = ("/sign-in", language.choose("الانتقال إلى تسجيل الدخول", "Aller à la connexion", "Go to sign in"));
    let start = ("/", language.choose("الانتقال إلى الصفحة الرئيسية", "Aller à la page d'accueil", "Go to the start page"));
    let (path, label) = match kind {
        MessageKind::NotFound => start,
        _ => sign_in,
    };
    let (title, text) = words(page, kind);
    let body = format!("<p>{text}</p>\n{}", link(page, path, label));
    layout(page, &Content { title, above: String::new(), body, has_problem: kind == MessageKind::Refused })
}

/// Why a record has no other form than its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithoutForm {
    /// It was retired.
    Retired,
    /// It is not published, or shown in outline only.
    Outline,
}

/// What is told where a form of a record was asked for and there is only its page, with the way there.
pub fn without_form(page: &Page, why: WithoutForm, path: &str) -> String {
    let choose = |arabic, french, english| page.language.choose(arabic, french, english);
    let (title, text) = match why {
        WithoutForm::Retired => choose(
            ("سُحب هذا السجل", "لم يبق من هذا السجل سوى ما تعرضه صفحته."),
            ("Cette fiche a été retirée", "Il n'en reste que ce que montre sa page."),
            ("This record was retired", "What remains of it is on its page."),
        ),
        WithoutForm::Outline => choose(
            ("لا توجد صيغة أخرى لهذا السجل", "هذا السجل غير منشور، أو لا يُعرض منه سوى ملخص في صفحته."),
            ("Cette fiche n'a pas d'autre format", "Elle n'est pas publiée, ou seul un aperçu en est montré sur sa page."),
            ("There is no other form of this record", "It is not published, or shown in outline only, on its page."),
        ),
    };
    let label = page.language.choose("الانتقال إلى صفحة السجل", "Aller à la page de la fiche", "Go to the page of the record");
    let body = format!("<p>{text}</p>\n{}", link(page, path, label));
    layout(page, &Content { title, above: String::new(), body, has_problem: false })
}

/// Heading and text of a message.
fn words(page: &Page, kind: MessageKind) -> (&'static str, &'static str) {
    let choose = |arabic, french, english| page.language.choose(arabic, french, english);
    match kind {
        MessageKind::LinkExpired => choose(
            ("لم يعد هذا الرابط صالحا", "سبق استعمال هذا الرابط أو انتهت مدة صلاحيته. المرجو طلب رابط جديد."),
            ("Ce lien n'est plus valable", "Il a déjà été utilisé ou son délai est dépassé. Veuillez en demander un nouveau."),
            ("This link is no longer valid", "It has been used already, or its time is over. Please ask for a new one."),
        ),
        MessageKind::SignedOut => choose(
            ("تم تسجيل خروجكم", "إذا كان أشخاص آخرون يستعملون هذا الحاسوب، فالمرجو إغلاق المتصفح أيضا."),
            ("Votre session est fermée", "Si d'autres personnes utilisent cet ordinateur, veuillez aussi fermer le navigateur."),
            ("You are signed out", "If other people use this computer, please close the browser too."),
        ),
        MessageKind::PasswordChanged => choose(
            ("تم تغيير كلمة المرور", "المرجو تسجيل الدخول بكلمة المرور الجديدة."),
            ("Le mot de passe a été changé", "Veuillez vous connecter avec le nouveau mot de passe."),
            ("The password has been changed", "Please sign in with the new password."),
        ),
        MessageKind::Refused => choose(
            (
                "تم رفض الطلب",
                "لم يرد هذا الطلب من إحدى صفحات هذا الموقع، أو بقيت الصفحة مفتوحة مدة طويلة. المرجو إعادة تحميل الصفحة ثم المحاولة من جديد.",
            ),
            (
                "La demande a été refusée",
                "Elle ne provient pas d'une page de ce site, ou la page est restée ouverte trop longtemps. Veuillez recharger la page, puis réessayer.",
            ),
            (
                "The request was refused",
                "It did not come from a page of this site, or the page was open for too long. Please load the page again, then retry.",
            ),
        ),
        MessageKind::NotFound => choose(
            ("هذه الصفحة غير موجودة", "قد يكون العنوان ناقصا، أو لم تعد الصفحة متاحة لكم."),
            ("Cette page n'existe pas", "L'adresse est peut-être incomplète, ou la page ne vous est plus accessible."),
            ("There is no such page", "The address may be incomplete, or the page may no longer be open to you."),
        ),
    }
}
