//! The wording of the mails in English, French and Arabic.
//!
//! A gap in a text is written `{name}`; what fills it stands on one line and is never read for gaps again.
//! Sentences are built so that they hold for one thing and for many, since Arabic has a form for two as well.

/// All texts of the mails in one language.
pub(super) struct Words {
    /// Language of the labels.
    pub tag: &'static str,
    /// Whether the lines run from right to left.
    pub is_rtl: bool,
    pub greeting: &'static str,
    pub quote: &'static str,
    /// A number of days, as it stands after "for".
    pub days: fn(i64) -> String,
    /// A number of minutes, as it stands after "for".
    pub minutes: fn(i64) -> String,

    pub invitation_subject: &'static str,
    pub invitation_lead: &'static str,
    pub invitation_institution: &'static str,
    pub invitation_roles: &'static str,
    pub invitation_open: &'static str,
    pub invitation_close: &'static str,

    pub named_subject: &'static str,
    pub named_lead: &'static str,
    pub named_data: &'static str,
    pub named_open: &'static str,

    pub reset_subject: &'static str,
    pub reset_lead: &'static str,
    pub reset_open: &'static str,
    pub reset_close: &'static str,

    pub changed_subject: &'static str,
    pub changed_lead: &'static str,
    pub changed_close: &'static str,

    pub notice_subject: &'static str,
    pub notice_lead: &'static str,
    pub notice_who: &'static str,
    pub notice_whom: &'static str,
    pub notice_until: &'static str,
    pub notice_was_due: &'static str,
    pub notice_last_use: &'static str,
    pub notice_appeal: &'static str,
    pub notice_coordination: &'static str,
    pub notice_promised: &'static str,
    pub notice_commitment: &'static str,
    pub notice_wished: &'static str,
    pub notice_reason: &'static str,
    pub notice_open: &'static str,
    pub notice_close: &'static str,

    pub digest_subject: &'static str,
    pub digest_lead: &'static str,
    pub digest_close: &'static str,

    pub review_subject: &'static str,
    pub review_lead: &'static str,
    pub review_digest_subject: &'static str,
    pub review_digest_lead: &'static str,
    pub review_entry: &'static str,
    pub review_request: &'static str,
    pub review_close: &'static str,

    pub agreement_last_day: &'static str,
    pub agreement_notice_day: &'static str,
    pub agreement_request: &'static str,
    pub agreement_over: &'static str,
    pub agreement_close: &'static str,

    pub search_subject: &'static str,
    pub search_lead: &'static str,
    pub search_close: &'static str,

    pub webhook_subject: &'static str,
    pub webhook_lead: &'static str,
    pub webhook_open: &'static str,
    pub webhook_close: &'static str,
}

/// The words of a language; English where it is not one of the three.
pub(super) fn of(language: &str) -> &'static Words {
    let primary = language.split('-').next().unwrap_or_default();
    [&ARABIC, &FRENCH].into_iter().find(|words| words.tag == primary).unwrap_or(&ENGLISH)
}

const ENGLISH: Words = Words {
    tag: "en",
    is_rtl: false,
    greeting: "Hello,",
    quote: "“{text}”",
    days: |count| if count == 1 { "1 day".to_owned() } else { format!("{count} days") },
    minutes: |count| if count == 1 { "1 minute".to_owned() } else { format!("{count} minutes") },

    invitation_subject: "Invitation – {catalogue}",
    invitation_lead: "You are invited to take part in the catalogue “{catalogue}”.",
    invitation_institution: "Institution: {institution}",
    invitation_roles: "Your role:",
    invitation_open: "To accept, please open this address. It is valid for {span} and works once:",
    invitation_close: "If you did not expect this invitation, you need not do anything: the address stops working by itself.",

    named_subject: "You are named in an access request – {catalogue}",
    named_lead: "You are named in an access request in the catalogue “{catalogue}”, to use the data too. Before the data are given, your own acceptance of an undertaking will be asked for.",
    named_data: "The data asked for:",
    named_open: "To see the request, please make an account at this address. It is valid until {date} and works once:",

    reset_subject: "A new password – {catalogue}",
    reset_lead: "We received a request to change the password of your account in the catalogue “{catalogue}”.",
    reset_open: "To choose a new password, please open this address. It is valid for {span} and works once:",
    reset_close: "If you did not ask for this, you need not do anything: your password stays as it is. Please show this address to nobody. \
                  If such messages keep coming, please tell the team that runs the catalogue.",

    changed_subject: "Your password was changed – {catalogue}",
    changed_lead: "The password of your account in the catalogue “{catalogue}” was changed.",
    changed_close: "If you did this yourself, you need not do anything. If not, please ask for a new password on the sign-in page at once, \
                    and tell the team that runs the catalogue.",

    notice_subject: "{sentence}: {title}",
    notice_lead: "{sentence}.",
    notice_who: "From: {value}",
    notice_whom: "About: {value}",
    notice_until: "Please answer by: {value}",
    notice_was_due: "The answer was due on: {value}",
    notice_last_use: "Last day of use: {value}",
    notice_appeal: "An appeal is possible until: {value}",
    notice_coordination: "Open to coordination until: {value}",
    notice_promised: "What was promised: {value}",
    notice_commitment: "Day named for it: {value}",
    notice_wished: "Wished for by: {value}",
    notice_reason: "Reason given: {value}",
    notice_open: "To see it:",
    notice_close: "You receive this message because you have an account in the catalogue “{catalogue}” and this concerns your work there. \
                   In your preferences in the catalogue you can ask for one summary a day instead, or for no messages.",

    digest_subject: "Daily summary – {catalogue}",
    digest_lead: "This is new in the catalogue “{catalogue}”:",
    digest_close: "You receive this summary because your preferences provide for one message a day. To change them:",

    review_subject: "Review date has come – {catalogue}",
    review_lead: "The review date has come for:",
    review_digest_subject: "Past the review date – {catalogue}",
    review_digest_lead: "As a reminder, this is past its review date:",
    review_entry: "{title} – review date: {date}",
    review_request: "Please check that this information still holds, then confirm or correct it. Until then it stays visible, \
                     with a note that its review date has passed.",
    review_close: "You receive this message because this address looks after these records in the catalogue “{catalogue}”, as the desk of the \
                   institution or as one of its members. Members choose in their preferences how often they are written to; the address \
                   of the desk is changed in the record of the institution.",

    agreement_last_day: "Last day: {date}",
    agreement_notice_day: "It is renewed tacitly unless a party gives notice by: {date}",
    agreement_request: "Please agree with the other parties in good time on what is to follow.",
    agreement_over: "What rested on this agreement has no basis any more until a new one is in force.",
    agreement_close: "You receive this message because this address is a contact of a party of this agreement in the catalogue “{catalogue}”. \
                      The parties change their contacts in the register of agreements.",

    search_subject: "New for your saved search: {search}",
    search_lead: "This is new for your saved search {search} in the catalogue “{catalogue}”:",
    search_close: "You receive this message because you saved this search. To change or delete it, or to change your preferences:",

    webhook_subject: "Webhook to {host} switched off",
    webhook_lead: "We switched off the webhook to {host}, because its deliveries have not arrived since {since}. \
                   Nothing else in your account has changed.",
    webhook_open: "Once the receiving address answers again, you can switch the webhook on again here:",
    webhook_close: "You receive this message because this webhook belongs to your account in the catalogue “{catalogue}”. You can delete it at the \
                    same address, and choose in your preferences which messages you receive.",
};

const FRENCH: Words = Words {
    tag: "fr",
    is_rtl: false,
    greeting: "Bonjour,",
    quote: "« {text} »",
    days: |count| if count == 1 { "1 jour".to_owned() } else { format!("{count} jours") },
    minutes: |count| if count == 1 { "1 minute".to_owned() } else { format!("{count} minutes") },

    invitation_subject: "Invitation – {catalogue}",
    invitation_lead: "Nous avons le plaisir de vous inviter à participer au catalogue « {catalogue} ».",
    invitation_institution: "Institution : {institution}",
    invitation_roles: "Votre rôle :",
    invitation_open: "Pour accepter, merci d'ouvrir cette adresse. Elle est valable {span} et ne sert qu'une fois :",
    invitation_close: "Si vous n'attendiez pas cette invitation, vous n'avez rien à faire : l'adresse cessera d'elle-même de fonctionner.",

    named_subject: "Vous êtes désigné dans une demande d'accès – {catalogue}",
    named_lead: "Vous êtes désigné dans une demande d'accès du catalogue « {catalogue} », pour utiliser aussi les données. Avant leur remise, votre propre acceptation d'un engagement vous sera demandée.",
    named_data: "Données demandées :",
    named_open: "Pour voir la demande, veuillez créer un compte à cette adresse. Elle est valable jusqu'au {date} et ne sert qu'une fois :",

    reset_subject: "Nouveau mot de passe – {catalogue}",
    reset_lead: "Nous avons reçu une demande de changement du mot de passe de votre compte dans le catalogue « {catalogue} ».",
    reset_open: "Pour choisir un nouveau mot de passe, merci d'ouvrir cette adresse. Elle est valable {span} et ne sert qu'une fois :",
    reset_close: "Si vous n'avez rien demandé, vous n'avez rien à faire : votre mot de passe reste inchangé. Merci de ne communiquer cette adresse à \
                  personne. Si de tels messages se répètent, merci d'en informer l'équipe qui gère le catalogue.",

    changed_subject: "Votre mot de passe a été changé – {catalogue}",
    changed_lead: "Le mot de passe de votre compte dans le catalogue « {catalogue} » a été changé.",
    changed_close: "Si vous l'avez fait vous-même, vous n'avez rien à faire. Sinon, merci de demander sans attendre un nouveau mot de passe sur la \
                    page de connexion et d'en informer l'équipe qui gère le catalogue.",

    notice_subject: "{sentence} : {title}",
    notice_lead: "{sentence}.",
    notice_who: "De : {value}",
    notice_whom: "Au sujet de : {value}",
    notice_until: "Réponse attendue au plus tard le : {value}",
    notice_was_due: "La réponse était attendue le : {value}",
    notice_last_use: "Dernier jour d'utilisation : {value}",
    notice_appeal: "Un recours est possible jusqu'au : {value}",
    notice_coordination: "Ouvert à la coordination jusqu'au : {value}",
    notice_promised: "Engagement pris : {value}",
    notice_commitment: "Échéance indiquée : {value}",
    notice_wished: "Date souhaitée : {value}",
    notice_reason: "Motif indiqué : {value}",
    notice_open: "À consulter ici :",
    notice_close: "Vous recevez ce message parce que vous avez un compte dans le catalogue « {catalogue} » et que cela concerne le travail que vous y \
                   menez. Vos préférences dans le catalogue permettent de recevoir plutôt un résumé par jour, ou aucun message.",

    digest_subject: "Résumé quotidien – {catalogue}",
    digest_lead: "Voici les nouveautés du catalogue « {catalogue} » :",
    digest_close: "Vous recevez ce résumé parce que vos préférences prévoient un message par jour. Pour les modifier :",

    review_subject: "Date de révision arrivée – {catalogue}",
    review_lead: "La date de révision est arrivée pour :",
    review_digest_subject: "Date de révision passée – {catalogue}",
    review_digest_lead: "Pour rappel, la date de révision est passée pour :",
    review_entry: "{title} – date de révision : {date}",
    review_request: "Merci de vérifier que ces informations sont toujours exactes, puis de les confirmer ou de les corriger. D'ici là, elles restent \
                     visibles, avec la mention que leur date de révision est passée.",
    review_close: "Vous recevez ce message parce que cette adresse suit ces fiches dans le catalogue « {catalogue} », en tant que guichet ou \
                   membre de l'institution. Les membres choisissent dans leurs préférences la fréquence des messages ; l'adresse du guichet \
                   se modifie dans la fiche de l'institution.",

    agreement_last_day: "Dernier jour : {date}",
    agreement_notice_day: "Il est reconduit tacitement, sauf dénonciation par une partie au plus tard le : {date}",
    agreement_request: "Merci de convenir à temps avec les autres parties de la suite à donner.",
    agreement_over: "Ce qui reposait sur cet accord n'a plus de base jusqu'à l'entrée en vigueur d'un nouvel accord.",
    agreement_close: "Vous recevez ce message parce que cette adresse est un contact d'une partie à cet accord dans le catalogue « {catalogue} ». \
                      Les parties modifient leurs contacts dans le registre des accords.",

    search_subject: "Du nouveau pour votre recherche enregistrée : {search}",
    search_lead: "Voici du nouveau pour votre recherche enregistrée {search} dans le catalogue « {catalogue} » :",
    search_close: "Vous recevez ce message parce que vous avez enregistré cette recherche. Pour la modifier ou la supprimer, ou pour modifier vos \
                   préférences :",

    webhook_subject: "Webhook vers {host} désactivé",
    webhook_lead: "Nous avons désactivé le webhook vers {host}, car ses envois n'aboutissent plus depuis le {since}. \
                   Rien d'autre n'a changé dans votre compte.",
    webhook_open: "Lorsque l'adresse de réception répondra de nouveau, vous pourrez réactiver le webhook ici :",
    webhook_close: "Vous recevez ce message parce que ce webhook appartient à votre compte dans le catalogue « {catalogue} ». Vous pouvez le supprimer \
                    à la même adresse et choisir dans vos préférences les messages que vous recevez.",
};

const ARABIC: Words = Words {
    tag: "ar",
    is_rtl: true,
    greeting: "تحية طيبة وبعد،",
    quote: "«{text}»",
    days: arabic_days,
    minutes: arabic_minutes,

    invitation_subject: "دعوة إلى المشاركة في الفهرس – {catalogue}",
    invitation_lead: "يسرنا أن ندعوكم إلى المشاركة في الفهرس «{catalogue}».",
    invitation_institution: "المؤسسة: {institution}",
    invitation_roles: "دوركم:",
    invitation_open: "لقبول الدعوة، المرجو فتح العنوان التالي. وهو صالح لمدة {span}، ولا يُستعمل إلا مرة واحدة:",
    invitation_close: "إذا لم تكونوا تنتظرون هذه الدعوة، فلا يلزمكم القيام بأي إجراء: تنتهي صلاحية العنوان من تلقاء نفسها.",

    named_subject: "عُينتم في طلب وصول – {catalogue}",
    named_lead: "عُينتم في طلب وصول في الفهرس «{catalogue}» لاستعمال البيانات أيضا. وقبل تسليم البيانات سيُطلب قبولكم الشخصي لتعهد.",
    named_data: "البيانات المطلوبة:",
    named_open: "للاطلاع على الطلب، يرجى إنشاء حساب في هذا العنوان. وهو صالح إلى غاية {date} ويعمل مرة واحدة:",

    reset_subject: "كلمة مرور جديدة – {catalogue}",
    reset_lead: "توصلنا بطلب لتغيير كلمة مرور حسابكم في الفهرس «{catalogue}».",
    reset_open: "لاختيار كلمة مرور جديدة، المرجو فتح العنوان التالي. وهو صالح لمدة {span}، ولا يُستعمل إلا مرة واحدة:",
    reset_close: "إذا لم تطلبوا ذلك، فلا يلزمكم القيام بأي إجراء، وتبقى كلمة مروركم كما هي. والمرجو عدم إطلاع أي أحد على هذا العنوان. \
                  وإذا تكررت مثل هذه الرسائل، فالمرجو إخبار الفريق المشرف على الفهرس.",

    changed_subject: "تغيير كلمة مروركم – {catalogue}",
    changed_lead: "تم تغيير كلمة مرور حسابكم في الفهرس «{catalogue}».",
    changed_close: "إذا قمتم بذلك بأنفسكم، فلا يلزمكم القيام بأي إجراء. وإلا، فالمرجو طلب كلمة مرور جديدة فورا من صفحة تسجيل الدخول، \
                    وإخبار الفريق المشرف على الفهرس.",

    notice_subject: "{sentence}: {title}",
    notice_lead: "{sentence}.",
    notice_who: "من: {value}",
    notice_whom: "بشأن: {value}",
    notice_until: "الجواب مطلوب في أجل أقصاه: {value}",
    notice_was_due: "كان الجواب مطلوبا في: {value}",
    notice_last_use: "آخر يوم للاستعمال: {value}",
    notice_appeal: "يمكن الطعن إلى غاية: {value}",
    notice_coordination: "مفتوح للتنسيق حتى: {value}",
    notice_promised: "ما التُزم به: {value}",
    notice_commitment: "الأجل المحدد لذلك: {value}",
    notice_wished: "التاريخ المرغوب فيه: {value}",
    notice_reason: "السبب المذكور: {value}",
    notice_open: "للاطلاع على ذلك:",
    notice_close: "تتوصلون بهذه الرسالة لأن لديكم حسابا في الفهرس «{catalogue}» ولأن الأمر يهم عملكم فيه. \
                   ويمكنكم، من خلال تفضيلاتكم في الفهرس، أن تطلبوا ملخصا يوميا بدلا منها، أو عدم التوصل بأي رسالة.",

    digest_subject: "الملخص اليومي – {catalogue}",
    digest_lead: "إليكم ما جد في الفهرس «{catalogue}»:",
    digest_close: "تتوصلون بهذا الملخص لأن تفضيلاتكم تنص على رسالة واحدة كل يوم. ولتغييرها:",

    review_subject: "حلول موعد المراجعة – {catalogue}",
    review_lead: "حل موعد مراجعة ما يلي:",
    review_digest_subject: "فوات موعد المراجعة – {catalogue}",
    review_digest_lead: "للتذكير، فات موعد مراجعة ما يلي:",
    review_entry: "{title} – موعد المراجعة: {date}",
    review_request: "المرجو التحقق من أن هذه المعلومات ما زالت صحيحة، ثم تأكيدها أو تصحيحها. وإلى ذلك الحين تبقى ظاهرة، \
                     مع الإشارة إلى أن موعد مراجعتها قد فات.",
    review_close: "تتوصلون بهذه الرسالة لأن هذا العنوان يتابع هذه السجلات في الفهرس «{catalogue}»، بصفته عنوان مكتب المؤسسة أو عنوان أحد أعضائها. \
                   ويحدد الأعضاء في تفضيلاتهم وتيرة الرسائل، أما عنوان المكتب فيُغيَّر في سجل المؤسسة.",

    agreement_last_day: "اليوم الأخير: {date}",
    agreement_notice_day: "يتجدد ضمنيا ما لم يُخطر أحد الأطراف بخلاف ذلك قبل انقضاء يوم: {date}",
    agreement_request: "المرجو الاتفاق في الوقت المناسب مع الأطراف الأخرى على ما يلي ذلك.",
    agreement_over: "لم يعد لما كان يقوم على هذا الاتفاق أي أساس إلى أن يدخل اتفاق جديد حيز التنفيذ.",
    agreement_close: "تتوصلون بهذه الرسالة لأن هذا العنوان جهة اتصال لأحد أطراف هذا الاتفاق في الفهرس «{catalogue}». \
                      ويغير الأطراف جهات الاتصال الخاصة بهم في سجل الاتفاقات.",

    search_subject: "جديد بحثكم المحفوظ: {search}",
    search_lead: "إليكم جديد بحثكم المحفوظ {search} في الفهرس «{catalogue}»:",
    search_close: "تتوصلون بهذه الرسالة لأنكم حفظتم هذا البحث. ولتعديله أو حذفه، أو لتغيير تفضيلاتكم:",

    webhook_subject: "إيقاف خطاف الويب الموجه إلى {host}",
    webhook_lead: "أوقفنا خطاف الويب (webhook) الموجه إلى {host}، لأن إرسالاته لم تعد تصل منذ {since}. ولم يتغير أي شيء آخر في حسابكم.",
    webhook_open: "عندما يستجيب عنوان الاستقبال من جديد، يمكنكم إعادة تشغيل خطاف الويب من هنا:",
    webhook_close: "تتوصلون بهذه الرسالة لأن خطاف الويب هذا تابع لحسابكم في الفهرس «{catalogue}». ويمكنكم حذفه من العنوان نفسه، \
                    واختيار الرسائل التي تتوصلون بها من خلال تفضيلاتكم.",
};

/// One, two, three to ten, eleven to ninety-nine and the hundreds each have their own form.
fn arabic_days(count: i64) -> String {
    match (count, count % 100) {
        (1, _) => "يوم واحد".to_owned(),
        (2, _) => "يومين".to_owned(),
        (_, 3..=10) => format!("{count} أيام"),
        (_, 11..=99) => format!("{count} يوما"),
        _ => format!("{count} يوم"),
    }
}

fn arabic_minutes(count: i64) -> String {
    match (count, count % 100) {
        (1, _) => "دقيقة واحدة".to_owned(),
        (2, _) => "دقيقتين".to_owned(),
        (_, 3..=10) => format!("{count} دقائق"),
        _ => format!("{count} دقيقة"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_numbers_agree_with_what_they_count() {
        let days: Vec<String> = [1, 2, 7, 14, 100].map(arabic_days).to_vec();
        assert_eq!(days, ["يوم واحد", "يومين", "7 أيام", "14 يوما", "100 يوم"]);
        let minutes: Vec<String> = [1, 2, 10, 30, 100].map(arabic_minutes).to_vec();
        assert_eq!(minutes, ["دقيقة واحدة", "دقيقتين", "10 دقائق", "30 دقيقة", "100 دقيقة"]);
    }

    #[test]
    fn a_language_is_found_by_its_first_part() {
        assert_eq!(["ar-MA", "fr", "en-GB", "zgh", ""].map(|tag| of(tag).tag), ["ar", "fr", "en", "en", "en"]);
    }
}
