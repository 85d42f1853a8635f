//! Sentences of a report in English, French and Arabic. Numbers stand so that no word has to agree with them.

/// A wording in English, French and Arabic.
pub type Phrase = [&'static str; 3];

/// The wording in a language.
pub fn say([en, fr, ar]: Phrase, language: &str) -> &'static str {
    match language {
        "fr" => fr,
        "ar" => ar,
        _ => en,
    }
}

/// The wording with what stands between braces filled in.
pub fn fill(phrase: Phrase, language: &str, values: &[(&str, String)]) -> String {
    values.iter().fold(say(phrase, language).to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// The letter of an action, as the Global Compact writes it in the language.
pub fn letter(letter: &str, language: &str) -> String {
    const ARABIC: [(&str, &str); 11] = [
        ("a", "أ"),
        ("b", "ب"),
        ("c", "ج"),
        ("d", "د"),
        ("e", "هـ"),
        ("f", "و"),
        ("g", "ز"),
        ("h", "ح"),
        ("i", "ط"),
        ("j", "ي"),
        ("k", "ك"),
    ];
    let arabic = ARABIC.iter().find(|(latin, _)| *latin == letter && language == "ar");
    arabic.map_or(letter, |(_, arabic)| *arabic).to_owned()
}

pub const TITLE: Phrase = [
    "Data on migration: Objective 1 of the Global Compact",
    "Données sur la migration : objectif 1 du Pacte mondial",
    "بيانات الهجرة: الهدف 1 من الاتفاق العالمي",
];
pub const SUBTITLE: Phrase = ["{country}, up to {day}", "{country}, jusqu'au {day}", "{country}، إلى غاية {day}"];
pub const COUNTRY: Phrase = ["Country", "Pays", "البلد"];
pub const CUT_OFF: Phrase = ["Cut-off date", "Date d'arrêté", "تاريخ الإقفال"];
pub const STATUS: Phrase = ["Status", "Statut", "الحالة"];
pub const STATUS_VALIDATED: Phrase = [
    "Made from records validated by their producers only",
    "Établi à partir des seules fiches validées par leurs producteurs",
    "أُعد انطلاقا من السجلات التي صادق عليها منتجوها فقط",
];
pub const STATUS_DRAFT: Phrase = [
    "DRAFT: contains statements that their producers have not validated",
    "PROJET : contient des énoncés non validés par leurs producteurs",
    "مسودة: تتضمن بيانات لم يصادق عليها منتجوها",
];
pub const STATUS_EMPTY: Phrase =
    ["DRAFT: no record of the catalogue enters it", "PROJET : aucune fiche du catalogue n'y entre", "مسودة: لا يدخل فيها أي سجل من الفهرس"];
pub const EDITION: Phrase = ["Edition of the catalogue", "Édition du catalogue", "نسخة الفهرس"];
pub const EDITION_IS: Phrase = [
    "{name}, change no. {seq} of {day}, hash {hash}",
    "{name}, modification n° {seq} du {day}, empreinte {hash}",
    "{name}، التغيير رقم {seq} بتاريخ {day}، البصمة {hash}",
];
pub const NO_EDITION: Phrase =
    ["none: the catalogue began later", "aucune : le catalogue a commencé plus tard", "لا توجد: بدأ الفهرس بعد ذلك"];
pub const PREVIOUS: Phrase = ["Previous review", "Revue précédente", "المراجعة السابقة"];
pub const INSTITUTIONS_NAMED: Phrase =
    ["Institutions named in the records", "Institutions citées dans les fiches", "المؤسسات المذكورة في السجلات"];
pub const PREFACE: Phrase = [
    "This document was written by software from the records of a catalogue of metadata. Each sentence leads to its records. Text written by people is marked as such. Nothing in it is a score or a ranking of institutions.",
    "Ce document a été rédigé par un logiciel à partir des fiches d'un catalogue de métadonnées. Chaque phrase renvoie à ses fiches. Les textes rédigés par des personnes sont signalés comme tels. Rien n'y constitue une note ou un classement des institutions.",
    "حُرر هذا المستند آليا انطلاقا من سجلات فهرس للبيانات الوصفية. تحيل كل جملة إلى سجلاتها، ويشار إلى النصوص التي حررها أشخاص. ولا يتضمن أي تنقيط أو ترتيب للمؤسسات.",
];

pub const METHOD: Phrase = ["Method", "Méthode", "المنهجية"];
pub const METHOD_DAY: Phrase = [
    "Sources count that had begun by {day}, as the catalogue described them at its change no. {seq}.",
    "Sont prises en compte les sources ayant commencé au plus tard le {day}, telles que le catalogue les décrivait à sa modification n° {seq}.",
    "تؤخذ في الاعتبار المصادر التي بدأت في موعد أقصاه {day}، كما وصفها الفهرس عند التغيير رقم {seq}.",
];
pub const DAY_TO_COME: Phrase = [
    "This day is still to come: the report holds what the catalogue knew when it was made, and one that is made on that day may say more.",
    "Ce jour est à venir : le rapport contient ce que le catalogue savait quand il a été établi ; un rapport établi ce jour-là pourra en dire plus.",
    "لم يحل هذا اليوم بعد: يتضمن التقرير ما كان الفهرس يعرفه عند إعداده، وقد يقول تقرير يُعد في ذلك اليوم أكثر من ذلك.",
];
pub const LOOK_BACK: Phrase = [
    "This is a look back: it shows what was known later of sources that had begun by the cut-off date, not what was known on that day.",
    "Il s'agit d'une rétrospective : elle montre ce que l'on savait plus tard des sources ayant commencé à la date d'arrêté, et non ce que l'on savait ce jour-là.",
    "هذه نظرة استرجاعية: فهي تعرض ما عُرف لاحقا عن المصادر التي بدأت عند تاريخ الإقفال، لا ما كان معروفا في ذلك اليوم.",
];
pub const BEFORE_LOG: Phrase = [
    "The change log of the catalogue begins on {begins}, after the cut-off date. Of that day the catalogue knows nothing; a look back with the latest edition shows what is known today of sources that had begun by then.",
    "Le journal des modifications du catalogue commence le {begins}, après la date d'arrêté. Le catalogue ne sait rien de ce jour ; une rétrospective avec la dernière édition montre ce que l'on sait aujourd'hui des sources ayant alors commencé.",
    "يبدأ سجل تغييرات الفهرس في {begins}، أي بعد تاريخ الإقفال. ولا يعرف الفهرس شيئا عن ذلك اليوم؛ وتُظهر نظرة استرجاعية بأحدث نسخة ما هو معروف اليوم عن المصادر التي كانت قد بدأت آنذاك.",
];
pub const PUBLISHED_VALIDATED: Phrase = [
    "The number of published records of such sources is {published}; the number of those whose producer validated the version in force is {validated}.",
    "Le nombre de fiches publiées de ces sources est de {published} ; le nombre de celles dont le producteur a validé la version en vigueur est de {validated}.",
    "بلغ عدد السجلات المنشورة لهذه المصادر {published}، وبلغ عدد ما صادق المنتج على نسخته السارية {validated}.",
];
pub const SCOPE_VALIDATED: Phrase = [
    "Figures and tables are made from the validated records only. The others are listed in the annex of what was not validated, and nowhere else.",
    "Les chiffres et les tableaux sont établis à partir des seules fiches validées. Les autres figurent dans l'annexe des énoncés non validés, et nulle part ailleurs.",
    "أُعدت الأرقام والجداول من السجلات المصادق عليها فقط. أما غيرها فمدرج في ملحق ما لم يُصادق عليه دون سواه.",
];
pub const SCOPE_PUBLISHED: Phrase = [
    "This draft is made from all published records. Those that are published with their sources but not validated by their producer are marked in every table of records and listed in the annex of what was not validated.",
    "Ce projet est établi à partir de toutes les fiches publiées. Celles qui sont publiées avec leurs sources sans être validées par leur producteur sont signalées dans chaque tableau de fiches et figurent dans l'annexe des énoncés non validés.",
    "أُعدت هذه المسودة من كل السجلات المنشورة. ويشار في كل جدول للسجلات إلى ما نُشر بمصادره دون أن يصادق عليه منتجه، وهو مدرج في ملحق ما لم يُصادق عليه.",
];
pub const COUNTRY_RULE: Phrase = [
    "A record is of the country where its reporting areas, origins or destinations name the country or a place inside it. The number of records left out since they name a wider place only is {wider}.",
    "Une fiche relève du pays lorsque ses zones de référence, origines ou destinations nomment le pays ou un lieu situé à l'intérieur. Le nombre de fiches laissées de côté parce qu'elles ne nomment qu'un lieu plus large est de {wider}.",
    "يُعد السجل خاصا بالبلد إذا ذكرت مناطقه المرجعية أو أماكن المنشأ أو المقصد فيه البلد أو مكانا داخله. وبلغ عدد السجلات المستبعدة لأنها لا تذكر سوى مكان أوسع {wider}.",
];
pub const BEGINNING: Phrase = [
    "The number of records that count although nothing documents whether their source had begun by then is {n}.",
    "Le nombre de fiches prises en compte bien que rien ne documente si leur source avait alors commencé est de {n}.",
    "بلغ عدد السجلات المأخوذة في الاعتبار رغم عدم توثيق ما إذا كان مصدرها قد بدأ آنذاك {n}.",
];
pub const RETIRED_SINCE: Phrase = [
    "The number of these records that were retired since is {n}: only their title and producer are shown, and they enter no other figure.",
    "Le nombre de celles de ces fiches qui ont été retirées depuis est de {n} : seuls leur titre et leur producteur sont montrés, et elles n'entrent dans aucun autre chiffre.",
    "بلغ عدد ما سُحب من هذه السجلات منذ ذلك الحين {n}: لا يظهر منها سوى العنوان والمنتج، ولا تدخل في أي رقم آخر.",
];
pub const LIMITS: Phrase = [
    "A catalogue says what is documented, not what exists. “Not documented” is a finding of its own: it says nothing on whether data exist, and is never counted as zero. What has been hidden since the cut-off date is not shown.",
    "Un catalogue dit ce qui est documenté, non ce qui existe. « Non documenté » est un constat en soi : il ne dit rien de l'existence de données et n'est jamais compté comme zéro. Ce qui a été masqué depuis la date d'arrêté n'est pas montré.",
    "يبين الفهرس ما هو موثق لا ما هو موجود. وعبارة «غير موثق» نتيجة قائمة بذاتها: فهي لا تدل على وجود البيانات أو عدمه ولا تُحسب صفرا أبدا. ولا يُعرض ما حُجب منذ تاريخ الإقفال.",
];
pub const CONSULTED: Phrase = ["Institutions that answered", "Institutions ayant répondu", "المؤسسات التي أجابت"];
pub const NOTHING: Phrase = ["Nothing registered.", "Rien d'enregistré.", "لا شيء مسجل."];
pub const NOTHING_VALIDATED: Phrase = ["Nothing registered and validated.", "Rien d'enregistré et validé.", "لا شيء مسجل ومصادق عليه."];
pub const NO_RECORD: Phrase = [
    "No record enters here in this edition; what is published but not validated is listed in the annex.",
    "Aucune fiche n'entre ici dans cette édition ; ce qui est publié sans être validé figure en annexe.",
    "لا يدخل هنا أي سجل في هذه النسخة؛ وما نُشر دون مصادقة مدرج في الملحق.",
];

pub const INSTITUTIONS: Phrase = ["Institutions and mandates", "Institutions et mandats", "المؤسسات واختصاصاتها"];
pub const COORDINATION: Phrase =
    ["Coordination bodies and observatories", "Instances de coordination et observatoires", "هيئات التنسيق والمراصد"];
pub const INSTITUTION: Phrase = ["Institution", "Institution", "المؤسسة"];
pub const KIND: Phrase = ["Kind", "Type", "النوع"];
pub const LEGAL_BASIS: Phrase = ["Legal basis", "Base légale", "الأساس القانوني"];
pub const MANDATE: Phrase = ["Mandate", "Mandat", "الاختصاص"];
pub const THE_COORDINATION: Phrase = ["The coordination", "La coordination", "التنسيق"];
pub const A_MEMBER: Phrase = ["A member, in their own name", "Un membre, en son nom propre", "عضو باسمه الخاص"];
pub const NOT_DOCUMENTED: Phrase = ["Not documented", "Non documenté", "غير موثق"];

pub const INVENTORY: Phrase = ["Inventory in figures", "Inventaire en chiffres", "الجرد بالأرقام"];
pub const INVENTORY_IS: Phrase = [
    "The number of records in this inventory is {n}.",
    "Le nombre de fiches de cet inventaire est de {n}.",
    "بلغ عدد السجلات في هذا الجرد {n}.",
];
pub const BY_TYPE: Phrase = ["Records by type of source", "Fiches par type de source", "السجلات حسب نوع المصدر"];
pub const BY_GROUP: Phrase = ["Records by group of topics", "Fiches par groupe de sujets", "السجلات حسب مجموعة المواضيع"];
pub const BY_LEVEL: Phrase =
    ["Records by finest level released", "Fiches par niveau de diffusion le plus fin", "السجلات حسب أدق مستوى منشور"];
pub const BY_YEAR: Phrase = [
    "Records by last year of the reference period",
    "Fiches par dernière année de la période de référence",
    "السجلات حسب آخر سنة من الفترة المرجعية",
];
pub const BY_OPENNESS: Phrase = ["Records by access to aggregates", "Fiches par accès aux agrégats", "السجلات حسب إتاحة البيانات المجمعة"];
pub const BY_MICRODATA: Phrase =
    ["Records by access to microdata", "Fiches par accès aux microdonnées", "السجلات حسب إتاحة البيانات الدقيقة"];
pub const NO_HOLDING: Phrase = ["No holder documented", "Aucun détenteur documenté", "لا حائز موثق"];
pub const TIMELINE: Phrase = ["Reference periods of the sources", "Périodes de référence des sources", "الفترات المرجعية للمصادر"];
pub const GOES_ON: Phrase = ["Goes on", "Se poursuit", "مستمر"];
pub const NUMBER: Phrase = ["Records", "Fiches", "عدد السجلات"];
pub const WHICH: Phrase = ["Which", "Lesquelles", "أيها"];
pub const WHAT: Phrase = ["What", "Quoi", "البيان"];
pub const AND_MORE: Phrase = ["and others: {n}", "et d'autres : {n}", "وغيرها: {n}"];

pub const SOURCES: Phrase = ["Table of sources", "Tableau des sources", "جدول المصادر"];
pub const TITLE_OF: Phrase = ["Title", "Titre", "العنوان"];
pub const HOLDER: Phrase = ["Holder", "Détenteur", "الحائز"];
pub const POPULATION: Phrase = ["Population", "Population", "الفئة السكانية"];
pub const DEFINITION: Phrase = ["Definition", "Définition", "التعريف"];
pub const COVERAGE: Phrase = ["Coverage", "Couverture", "التغطية"];
pub const FREQUENCY: Phrase = ["Frequency", "Périodicité", "الدورية"];
pub const BREAKDOWNS: Phrase = ["Breakdowns released", "Ventilations diffusées", "التفصيلات المنشورة"];
pub const ACCESS: Phrase = ["Access: aggregates; microdata", "Accès : agrégats ; microdonnées", "الإتاحة: المجمعة؛ الدقيقة"];
pub const STANDING: Phrase = ["Certainty and validation", "Certitude et validation", "درجة التوثيق والمصادقة"];
pub const VALIDATED: Phrase = ["validated by the producer", "validée par le producteur", "صادق عليه المنتج"];
pub const NOT_VALIDATED: Phrase = [
    "published with sources, not validated by the producer",
    "publiée avec ses sources, non validée par le producteur",
    "منشور بمصادره ولم يصادق عليه المنتج",
];
pub const REVIEWED: Phrase = ["reviewed by the coordinator", "revue par le coordinateur", "راجعه المنسق"];

pub const CONCEPTS: Phrase = ["Concepts and comparability", "Concepts et comparabilité", "المفاهيم وقابلية المقارنة"];
pub const DEFINITIONS: Phrase = ["Definitions in use", "Définitions utilisées", "التعريفات المستعملة"];
pub const BREAKS: Phrase = ["Breaks in series", "Ruptures de série", "انقطاعات السلاسل"];
pub const MIRRORS: Phrase = ["Mirror statistics", "Statistiques miroirs", "الإحصاءات المقابلة"];
pub const AGREED_NOTES: Phrase =
    ["Comparability agreed by the producers", "Comparabilité convenue par les producteurs", "قابلية المقارنة باتفاق المنتجين"];
pub const DIFFERING: Phrase = ["Published figures that differ", "Chiffres publiés qui diffèrent", "أرقام منشورة متباينة"];
pub const DIFFERING_NOTE: Phrase = [
    "Values of the same thing stand side by side, each with the source that publishes it. None is called wrong.",
    "Les valeurs d'une même chose sont placées côte à côte, chacune avec la source qui la publie. Aucune n'est dite fausse.",
    "توضع قيم الشيء الواحد جنبا إلى جنب، مع ذكر المصدر الذي نشر كلا منها. ولا يوصف أي منها بالخطأ.",
];
pub const CONTEXT: Phrase = ["Table, date or scope", "Tableau, date ou champ", "الجدول أو التاريخ أو النطاق"];
pub const PUBLISHED_IN: Phrase = ["Published in", "Publié dans", "نُشرت في"];
pub const EFFECT: Phrase = ["What follows", "Conséquence", "ما يترتب على ذلك"];
pub const EXPLANATION: Phrase = ["Explanation", "Explication", "التفسير"];
pub const NONE_DOCUMENTED: Phrase =
    ["None is documented in the catalogue.", "Rien n'est documenté dans le catalogue.", "لم يوثق شيء من ذلك في الفهرس."];

pub const NOT_KNOWN_THEN: Phrase =
    ["The catalogue began after this day.", "Le catalogue a commencé après ce jour.", "بدأ الفهرس بعد هذا اليوم."];
pub const NONE_VALIDATED: Phrase = ["None in the validated records.", "Rien dans les fiches validées.", "لا شيء في السجلات المصادق عليها."];
pub const NONE_OF_COUNTRY: Phrase =
    ["None in the records of the country.", "Rien dans les fiches du pays.", "لا شيء في السجلات الخاصة بالبلد."];
pub const PUBLISHED_ONLY: Phrase =
    ["Records published and not validated: {n}", "Fiches publiées et non validées : {n}", "سجلات منشورة لم يصادق عليها: {n}"];
pub const WIDER_ONLY: Phrase = ["Records on wider places: {n}", "Fiches sur des lieux plus larges : {n}", "سجلات عن أماكن أوسع: {n}"];

pub const GAPS: Phrase = ["What is documented and what is not", "Ce qui est documenté et ce qui ne l'est pas", "ما هو موثق وما ليس موثقا"];
pub const BY_REGION: Phrase = ["Groups of topics by region", "Groupes de sujets par région", "مجموعات المواضيع حسب الجهة"];
pub const BY_BREAKDOWN: Phrase = ["Groups of topics by breakdown", "Groupes de sujets par ventilation", "مجموعات المواضيع حسب التفصيل"];
pub const BREAKDOWN_BY_REGION: Phrase = ["Breakdowns by region", "Ventilations par région", "التفصيلات حسب الجهة"];
pub const BEHIND_ROWS: Phrase = ["Records behind each row", "Fiches derrière chaque ligne", "السجلات التي يستند إليها كل صف"];
pub const GRID_LEGEND: Phrase = [
    "In the cells: n, records of which figures are released; (n), records that collect, with no release documented; ×, an institution has stated that it is not collected (7.5 names it); ?, records that may be of the cell; +, a collection is planned; –, nothing documented here in the records that enter the report.",
    "Dans les cases : n, fiches dont des chiffres sont diffusés ; (n), fiches qui collectent sans diffusion documentée ; ×, une institution a déclaré que ce n'est pas collecté (voir 7.5) ; ?, fiches qui pourraient en relever ; +, collecte planifiée ; –, rien de documenté ici dans les fiches qui entrent dans le rapport.",
    "في الخانات: n سجلات نُشرت أرقامها؛ (n) سجلات تُجمع بياناتها دون نشر موثق؛ × صرحت مؤسسة بأنه لا يُجمع (انظر 7.5)؛ ? سجلات قد تدخل في الخانة؛ + عملية جمع مبرمجة؛ – لا شيء موثق هنا في السجلات الداخلة في التقرير.",
];
pub const OVERLAPS: Phrase =
    ["Declared overlaps and common programmes", "Recoupements et programmes communs déclarés", "التداخلات والبرامج المشتركة المصرح بها"];
pub const NOT_COLLECTED: Phrase = ["Stated as not collected", "Déclaré non collecté", "مصرح بعدم جمعه"];
pub const COMPUTED: Phrase =
    ["The rules of the registry give: {verdict}.", "Les règles du registre donnent : {verdict}.", "تعطي قواعد السجل: {verdict}."];
pub const NOTE_IN_QUESTION: Phrase = [
    "The record states the same figures of several things; which of them this note was agreed for has to be asked again.",
    "La fiche donne les mêmes chiffres pour plusieurs objets ; il faut demander à nouveau pour lequel cette note a été convenue.",
    "يورد السجل الأرقام نفسها لعدة أشياء؛ ويجب السؤال من جديد عن أيها اتُّفق على هذه المذكرة.",
];
pub const OUTDATED: Phrase = [
    "What the records document has changed since it was agreed.",
    "Ce que documentent les fiches a changé depuis cet accord.",
    "تغير ما توثقه السجلات منذ هذا الاتفاق.",
];

pub const PRIVACY: Phrase = ["Privacy and protection", "Vie privée et protection", "الخصوصية والحماية"];
pub const LEGAL_FRAME: Phrase = ["Legal frame", "Cadre légal", "الإطار القانوني"];
pub const AUTHORITIES: Phrase = ["Data protection authorities", "Autorités de protection des données", "سلطات حماية المعطيات"];
pub const LEGAL_BASES: Phrase = ["Legal basis of the sources", "Base légale des sources", "الأساس القانوني للمصادر"];
pub const LEGAL_BASIS_IS: Phrase = [
    "The number of records with a documented legal basis of the collection or of the access is {n}; the number of those where none is documented is {silent}.",
    "Le nombre de fiches dont la base légale de la collecte ou de l'accès est documentée est de {n} ; le nombre de celles où elle ne l'est pas est de {silent}.",
    "بلغ عدد السجلات التي وُثق فيها الأساس القانوني للجمع أو للإتاحة {n}، وعدد السجلات التي لم يوثق فيها ذلك {silent}.",
];
pub const BY_RISK: Phrase =
    ["Records by class of risk to persons", "Fiches par classe de risque pour les personnes", "السجلات حسب درجة الخطر على الأشخاص"];
pub const AGREEMENTS_ARE: Phrase = [
    "The number of public agreements in force on the day is {n}; the number of those that state that data flow one way is {one_way}.",
    "Le nombre d'accords publics en vigueur à cette date est de {n} ; le nombre de ceux qui prévoient un sens unique des données est de {one_way}.",
    "بلغ عدد الاتفاقات العمومية السارية في ذلك اليوم {n}، وبلغ عدد ما ينص منها على اتجاه واحد للبيانات {one_way}.",
];
pub const DECISIONS: Phrase =
    ["Access requests of {year}, by holder", "Demandes d'accès de {year}, par détenteur", "طلبات الوصول لسنة {year} حسب الجهة الحائزة"];
pub const DECISIONS_NOTE: Phrase = [
    "Figures from 1 to 4 are withheld, with those from which they could be computed. Holders stand in the order of their short names.",
    "Les chiffres de 1 à 4 ne sont pas publiés, ni ceux dont ils pourraient être déduits. Les détenteurs figurent dans l'ordre de leurs noms courts.",
    "تُحجب الأرقام من 1 إلى 4 وما يمكن استنتاجها منه. وترد الجهات الحائزة حسب ترتيب أسمائها المختصرة.",
];
pub const NO_DECISIONS: Phrase = [
    "No figure on access requests can be published.",
    "Aucun chiffre sur les demandes d'accès ne peut être publié.",
    "لا يمكن نشر أي رقم عن طلبات الوصول.",
];
pub const REQUESTS: Phrase = ["Requests", "Demandes", "الطلبات"];
pub const DECIDED: Phrase = ["Decided", "Décidées", "المبتوت فيها"];
pub const APPROVED: Phrase = ["Approved", "Approuvées", "المقبولة"];
pub const REFUSED: Phrase = ["Refused", "Refusées", "المرفوضة"];
pub const MEDIAN: Phrase = ["Median days", "Jours (médiane)", "الأيام (الوسيط)"];
pub const WITHHELD: Phrase = ["withheld", "non publié", "محجوب"];

pub const ACTIONS: Phrase = ["Objective 1, actions (a) to (k)", "Objectif 1, actions (a) à (k)", "الهدف 1، الإجراءات من (أ) إلى (ك)"];
pub const INDICATOR: Phrase = ["Indicator", "Indicateur", "المؤشر"];
pub const VALUE: Phrase = ["Value", "Valeur", "القيمة"];
pub const BEFORE: Phrase = ["At the previous review", "À la revue précédente", "عند المراجعة السابقة"];
pub const UNDOCUMENTED: Phrase = ["Not documented", "Non documenté", "غير موثق"];
pub const EVIDENCE: Phrase = ["Evidence", "Éléments probants", "الأدلة"];
pub const ENTERED: Phrase =
    ["{label}. New since the previous review:", "{label}. Nouveau depuis la revue précédente :", "{label}. الجديد منذ المراجعة السابقة:"];
pub const LEFT: Phrase = ["{label}. No longer counted:", "{label}. N'est plus compté :", "{label}. لم يعد محسوبا:"];
pub const POINTS: Phrase = ["Points of: {label}", "Points de : {label}", "نقاط: {label}"];
pub const FROM_TO: Phrase = ["{from} to {to}", "de {from} à {to}", "من {from} إلى {to}"];
pub const SINCE: Phrase = ["since {from}, goes on", "depuis {from}, se poursuit", "منذ {from}، مستمر"];
pub const FROM_ONLY: Phrase =
    ["from {from}, end not documented", "à partir de {from}, fin non documentée", "ابتداء من {from}، والنهاية غير موثقة"];
pub const TO_ONLY: Phrase =
    ["until {to}, beginning not documented", "jusqu'à {to}, début non documenté", "إلى غاية {to}، والبداية غير موثقة"];
pub const UNTIL: Phrase = ["until {to}", "jusqu'à {to}", "إلى غاية {to}"];
pub const AS_OF: Phrase = ["as of {to}", "arrêté au {to}", "إلى غاية {to}"];
pub const ABOUT: Phrase = ["about {date}", "vers {date}", "حوالي {date}"];
pub const UNCERTAIN: Phrase = ["{date} (uncertain)", "{date} (incertain)", "{date} (غير مؤكد)"];
pub const BEGINNING_SILENT: Phrase = ["goes on, beginning not documented", "se poursuit, début non documenté", "مستمر، والبداية غير موثقة"];
pub const DATES_SILENT: Phrase = ["beginning and end not documented", "début et fin non documentés", "البداية والنهاية غير موثقتين"];
pub const TIMELINE_KEY: Phrase = [
    "A dashed outline: the beginning or the end is not documented (in the table, a question mark). An empty line: neither is. Three dots: it goes on.",
    "Contour en tirets : le début ou la fin n'est pas documenté (dans le tableau, un point d'interrogation). Ligne vide : ni l'un ni l'autre. Points de suspension : se poursuit.",
    "إطار متقطع: البداية أو النهاية غير موثقة (علامة استفهام في الجدول). سطر فارغ: كلتاهما غير موثقتين. ثلاث نقط: مستمر.",
];
pub const BY_CENSUS: Phrase = ["{label}, census by census", "{label}, recensement par recensement", "{label}، تعدادا تعدادا"];
pub const CENSUS: Phrase = ["Census", "Recensement", "التعداد"];
pub const NOT_ASKED: Phrase = ["documented as not asked: {n}", "documenté comme non demandé : {n}", "موثق أنه لم يُسأل عنه: {n}"];
pub const NOT_CURRENT: Phrase =
    ["ended more than five years before: {n}", "terminé depuis plus de cinq ans : {n}", "انتهى قبل أكثر من خمس سنوات: {n}"];
pub const OF_THESE_RELEASED: Phrase = ["Of these, released", "Dont diffusé", "منها ما هو منشور"];
pub const DOCUMENTED_BY: Phrase = ["Documented by", "Documenté par", "يوثقه"];

pub const OBJECTIVES: Phrase = ["Other objectives, 2 to 23", "Autres objectifs, 2 à 23", "الأهداف الأخرى من 2 إلى 23"];
pub const OBJECTIVE: Phrase = ["Objective", "Objectif", "الهدف"];
pub const SDG: Phrase =
    ["SDG indicators on migration", "Indicateurs des ODD sur la migration", "مؤشرات أهداف التنمية المستدامة المتعلقة بالهجرة"];
pub const NATIONAL: Phrase = ["Sources of national institutions", "Sources d'institutions nationales", "مصادر المؤسسات الوطنية"];
pub const OTHER_SOURCES: Phrase = ["Other sources", "Autres sources", "مصادر أخرى"];

pub const PRACTICE: Phrase = ["Challenges and good practices", "Difficultés et bonnes pratiques", "التحديات والممارسات الجيدة"];
pub const NEEDS: Phrase = ["Capacity needs and offers", "Besoins de capacité et offres", "الحاجات إلى القدرات والعروض"];
pub const REGIONS: Phrase = ["Regions", "Régions", "الجهات"];
pub const REGION_RELEASED: Phrase = [
    "Records that document figures for this region: {n}.",
    "Fiches documentant des chiffres pour cette région : {n}.",
    "سجلات توثق أرقاما عن هذه الجهة: {n}.",
];
pub const REGION_COLLECTED: Phrase = [
    "Records that collect there, with no release documented: {n}.",
    "Fiches qui y collectent, sans diffusion documentée : {n}.",
    "سجلات تُجمع بياناتها فيها دون نشر موثق: {n}.",
];
pub const REGION_POSSIBLE: Phrase =
    ["Records that may be of this region: {n}.", "Fiches qui pourraient relever de cette région : {n}.", "سجلات قد تخص هذه الجهة: {n}."];
pub const STEPS: Phrase = ["Next steps", "Prochaines étapes", "الخطوات المقبلة"];
pub const OWNER: Phrase = ["Owner", "Responsable", "المسؤول"];
pub const DATE: Phrase = ["Date", "Date", "التاريخ"];
pub const REVIEW_DUE: Phrase = ["Review of the record", "Revue de la fiche", "مراجعة السجل"];
pub const COLLECTION: Phrase = ["Planned collection", "Collecte planifiée", "عملية جمع مبرمجة"];

pub const ANNEX_LIST: Phrase = ["Full list of records", "Liste complète des fiches", "القائمة الكاملة للسجلات"];
pub const ANNEX_AGREEMENTS: Phrase = ["Public agreements by party", "Accords publics par partie", "الاتفاقات العمومية حسب الطرف"];
pub const ANNEX_METHODS: Phrase = ["Method of the indicators", "Méthode des indicateurs", "منهجية المؤشرات"];
pub const ANNEX_CHANGES: Phrase =
    ["Changes since the previous review", "Modifications depuis la revue précédente", "التغييرات منذ المراجعة السابقة"];
pub const ANNEX_NOT_VALIDATED: Phrase = ["Statements not validated", "Énoncés non validés", "ما لم يُصادق عليه"];
pub const ON_NOT_VALIDATED: Phrase = [
    "Below stands also what was agreed or decided on records of which one at least was not validated.",
    "Figure aussi ci-dessous ce qui a été convenu ou tranché sur des fiches dont l'une au moins n'est pas validée.",
    "ويرد أدناه أيضا ما اتُفق عليه أو حُسم بشأن سجلات لم يُصادق على أحدها على الأقل.",
];
pub const ANNEX_LEFT_OUT: Phrase = ["Records left out", "Fiches laissées de côté", "السجلات المستبعدة"];
pub const LEFT_WIDER: Phrase =
    ["Records that name a wider place only", "Fiches qui ne nomment qu'un lieu plus large", "سجلات لا تذكر سوى مكان أوسع"];
pub const LEFT_RETIRED: Phrase = ["Records that were retired since", "Fiches retirées depuis", "سجلات سُحبت منذ ذلك الحين"];
pub const VERSION: Phrase = ["Version", "Version", "النسخة"];
pub const STATE: Phrase = ["State", "État", "الحالة"];
pub const PARTIES: Phrase = ["Parties", "Parties", "الأطراف"];
pub const ENDS: Phrase = ["Ends", "Fin", "النهاية"];
pub const NO_PREVIOUS: Phrase = ["No previous review was named.", "Aucune revue précédente n'a été indiquée.", "لم تُذكر مراجعة سابقة."];
pub const CHANGE: Phrase = ["Change", "Modification", "التغيير"];
pub const CAME: Phrase = ["entered", "entrée", "دخل"];
pub const WENT: Phrase = ["left", "sortie", "خرج"];
pub const MOVED: Phrase = ["other state", "autre état", "حالة أخرى"];
pub const REVISED: Phrase = ["new version", "nouvelle version", "نسخة جديدة"];
pub const NO_CHANGE: Phrase = ["Nothing changed.", "Rien n'a changé.", "لم يتغير شيء."];
pub const LIST_IS_CUT: Phrase = [
    "The list stops here; the number of further records is {n}.",
    "La liste s'arrête ici ; le nombre de fiches suivantes est de {n}.",
    "تتوقف القائمة هنا؛ وبلغ عدد السجلات المتبقية {n}.",
];
