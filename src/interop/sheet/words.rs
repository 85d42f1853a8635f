//! What the workbook says beside the guidance of the fields, in English, French and Arabic.

/// A text in English, French and Arabic.
pub type Said = [&'static str; 3];

/// The text in the wanted language; English where the language is not one of the three.
pub fn say(said: Said, language: &str) -> &'static str {
    let [en, fr, ar] = said;
    match language {
        "fr" => fr,
        "ar" => ar,
        _ => en,
    }
}

/// Languages that every text has a column for, with their names in English, French and Arabic.
pub const LANGUAGES: [(&str, Said); 3] =
    [("ar", ["Arabic", "arabe", "العربية"]), ("fr", ["French", "français", "الفرنسية"]), ("en", ["English", "anglais", "الإنجليزية"])];

/// Names of the sheets that are not read.
pub const GUIDE: Said = ["Guide", "Mode d'emploi", "الدليل"];
/// Names of the sheet of examples.
pub const EXAMPLES: Said = ["Examples", "Exemples", "أمثلة"];
/// Names of the sheet of lists.
pub const LISTS: Said = ["Lists", "Listes", "القوائم"];

/// Heading of the column that says to which dataset a row belongs.
pub const DATASET: Said = ["Dataset (short name)", "Jeu de données (nom court)", "مجموعة البيانات (الاسم المختصر)"];
/// Help for it.
pub const DATASET_HELP: Said = [
    "The short name of the dataset, as it stands in the first column of the sheet Datasets. May stay empty where the file has one dataset.",
    "Le nom court du jeu de données, tel qu'il figure dans la première colonne de la feuille « Jeux de données ». Peut rester vide si le fichier n'en compte qu'un.",
    "الاسم المختصر لمجموعة البيانات كما ورد في العمود الأول من ورقة «مجموعات البيانات». يمكن تركه فارغا إذا كان الملف يضم مجموعة واحدة.",
];
/// Heading of the column that numbers rows.
pub const NUMBER: Said = ["Number of the row", "Numéro de la ligne", "رقم السطر"];
/// Help for it.
pub const NUMBER_HELP: Said = [
    "A number of your choice, which ties rows of another sheet to this one. Only needed where the other columns do not tell them apart.",
    "Un numéro de votre choix, qui rattache à cette ligne celles d'une autre feuille. Nécessaire seulement si les autres colonnes ne suffisent pas.",
    "رقم تختارونه لربط أسطر ورقة أخرى بهذا السطر. لا يلزم إلا إذا كانت الأعمدة الأخرى لا تكفي للتمييز.",
];
/// Last part of the heading of a column of statuses.
pub const STATUS: Said = ["status", "statut", "الصفة"];
/// Put in front of the prompt where a cell takes several values.
pub const SEVERAL: Said = [
    "Several values: put ; between them. The values are in the sheet Lists.",
    "Plusieurs valeurs : séparez-les par « ; ». Les valeurs figurent dans la feuille « Listes ».",
    "قيم متعددة: افصلوا بينها بعلامة «؛». القيم مدرجة في ورقة «القوائم».",
];
/// Put in front of the prompt of a date.
pub const AS_TEXT: Said = [
    "Year, year-month or year-month-day: 2018, 2018-08, 2018-08-01.",
    "Année, année-mois ou année-mois-jour : 2018, 2018-08, 2018-08-01.",
    "السنة أو السنة-الشهر أو السنة-الشهر-اليوم: 2018 أو 2018-08 أو 2018-08-01.",
];
/// Put in front of the prompt of a day.
pub const DAY_AS_TEXT: Said = [
    "Year-month-day, such as 2018-08-01; a year or a month by itself is not taken.",
    "Année-mois-jour, par exemple 2018-08-01 ; une année ou un mois seuls ne sont pas repris.",
    "السنة-الشهر-اليوم، مثل 2018-08-01؛ ولا تؤخذ السنة وحدها ولا الشهر وحده.",
];
/// Shown where a value is not in the list.
pub const NOT_IN_LIST: Said = [
    "Choose a value of the list, or leave the cell empty.",
    "Choisissez une valeur de la liste, ou laissez la cellule vide.",
    "اختاروا قيمة من القائمة أو اتركوا الخانة فارغة.",
];
/// Heading words of the sheet of examples.
pub const EXAMPLE_HEADS: [Said; 5] = [
    ["Sheet", "Feuille", "الورقة"],
    ["Column", "Colonne", "العمود"],
    ["What to write", "Que saisir", "ما يكتب"],
    ["Example", "Exemple", "مثال"],
    ["Machine name", "Nom technique", "الاسم التقني"],
];
/// Says that a sheet is not read.
pub const NOT_READ: Said = [
    "# This sheet is for reading only; the import passes it over.",
    "# Cette feuille sert à la lecture ; l'import l'ignore.",
    "# هذه الورقة للاطلاع فقط ولا يقرؤها الاستيراد.",
];
/// Stands before the name of the institution that a template was made for.
pub const MADE_FOR: Said = [
    "This workbook was made for the institution with this short name:",
    "Ce classeur a été préparé pour l'institution qui porte ce nom court :",
    "أعد هذا الملف للمؤسسة ذات الاسم المختصر:",
];

/// The guide, line by line.
pub const GUIDE_LINES: [Said; 13] = [
    [
        "Each row of the sheet Datasets describes one dataset: an operation, a register, a file of microdata or a plan. The other sheets add to it.",
        "Chaque ligne de la feuille « Jeux de données » décrit un jeu : une opération, un fichier administratif, un fichier de microdonnées ou un projet. Les autres feuilles le complètent.",
        "يصف كل سطر في ورقة «مجموعات البيانات» مجموعة واحدة: عملية إحصائية أو سجلا إداريا أو ملف بيانات دقيقة أو مشروعا. وتكملها الأوراق الأخرى.",
    ],
    [
        "You need no connection: fill the workbook, save it, go on another day, and send it in when you are ready.",
        "Aucune connexion n'est nécessaire : remplissez le classeur, enregistrez-le, reprenez-le un autre jour et envoyez-le quand il est prêt.",
        "لا حاجة إلى الاتصال بالشبكة: املؤوا الملف واحفظوه وأكملوه في يوم آخر ثم أرسلوه متى كان جاهزا.",
    ],
    [
        "What you send in becomes drafts. Nothing is published before the persons responsible have validated it.",
        "Ce que vous envoyez devient des brouillons. Rien n'est publié avant la validation par les responsables.",
        "يصبح ما ترسلونه مسودات. ولا ينشر شيء قبل أن يصادق عليه المسؤولون.",
    ],
    [
        "Columns marked * are needed for a record. Leave empty what you do not know: it is shown as not documented.",
        "Les colonnes marquées * sont nécessaires. Laissez vide ce que vous ignorez : le champ s'affiche comme non documenté.",
        "الأعمدة المعلمة بعلامة * ضرورية. اتركوا فارغا ما لا تعرفونه: يظهر على أنه غير موثق.",
    ],
    [
        "Describe the data; never enter data on persons, and no names of private persons.",
        "Décrivez les données ; ne saisissez jamais de données sur des personnes, ni de noms de particuliers.",
        "صفوا البيانات؛ ولا تدخلوا أبدا بيانات عن أشخاص ولا أسماء خواص.",
    ],
    [
        "The first row of each sheet holds the machine's names of the columns: leave it as it is. You may move columns, and delete those that you do not use.",
        "La première ligne de chaque feuille contient les noms techniques des colonnes : ne la modifiez pas. Vous pouvez déplacer des colonnes et supprimer celles dont vous ne vous servez pas.",
        "يضم السطر الأول من كل ورقة الأسماء التقنية للأعمدة فلا تغيروه. يمكنكم نقل الأعمدة وحذف ما لا تستعملونه منها.",
    ],
    [
        "Texts have a column for each language; one language is enough. For another language add a column whose first row says so, such as titles.pt for a title in Portuguese.",
        "Chaque texte a une colonne par langue ; une seule suffit. Pour une autre langue, ajoutez une colonne dont la première ligne le dit, par exemple titles.pt pour un titre en portugais.",
        "لكل نص عمود لكل لغة، وتكفي لغة واحدة. لإضافة لغة أخرى أضيفوا عمودا يحمل في السطر الأول اسمه، مثل titles.pt لعنوان بالبرتغالية.",
    ],
    [
        "A text counts as the official wording. Where it is not, add a column such as titles.en.status and choose there: translation, working translation, machine translation or wording of the registry's editors.",
        "Un texte est tenu pour la formulation officielle. Sinon, ajoutez une colonne telle que titles.en.status et indiquez-y : traduction, traduction de travail, traduction automatique ou formulation de la rédaction.",
        "يعد النص صيغة رسمية. وإن لم يكن كذلك فأضيفوا عمودا مثل titles.en.status واذكروا فيه: ترجمة أو ترجمة عمل أو ترجمة آلية أو صياغة هيئة التحرير.",
    ],
    [
        "Where a cell takes several values, put ; between them. Codes and labels of the sheet Lists are understood, in any of the three languages.",
        "Si une cellule admet plusieurs valeurs, séparez-les par « ; ». Les codes et les libellés de la feuille « Listes » sont compris, dans les trois langues.",
        "إذا كانت الخانة تقبل قيما متعددة فافصلوا بينها بعلامة «؛». وتفهم رموز ورقة «القوائم» وتسمياتها باللغات الثلاث.",
    ],
    [
        "Dates are written as 2018, 2018-08 or 2018-08-01; a period that goes on ends with two points: ..",
        "Les dates s'écrivent 2018, 2018-08 ou 2018-08-01 ; une période en cours se termine par deux points : ..",
        "تكتب التواريخ على شكل 2018 أو 2018-08 أو 2018-08-01، وتنتهي الفترة المستمرة بنقطتين: ..",
    ],
    [
        "Institutions are named by their short name in the registry, such as the end of the address of their page. A name or acronym is kept and shown to those who check the draft.",
        "Les institutions se désignent par leur nom court dans le registre, la fin de l'adresse de leur page. Un nom ou un sigle est conservé et signalé aux personnes qui vérifient le brouillon.",
        "تسمى المؤسسات باسمها المختصر في الفهرس، وهو آخر عنوان صفحتها. ويحفظ الاسم الكامل أو المختصر المعتاد ويعرض على من يراجع المسودة.",
    ],
    [
        "An apostrophe in front of = + - or @ keeps programs from taking a text for a formula; the import takes it off.",
        "Une apostrophe devant = + - ou @ empêche de prendre un texte pour une formule ; l'import la retire.",
        "الفاصلة العليا قبل = أو + أو - أو @ تمنع اعتبار النص صيغة حسابية، ويزيلها الاستيراد.",
    ],
    [
        "After the import a list names everything that could not be taken, by sheet, row and column, with what to do; the rest is in the draft.",
        "Après l'import, une liste nomme tout ce qui n'a pu être repris, par feuille, ligne et colonne, avec ce qu'il faut faire ; le reste est dans le brouillon.",
        "بعد الاستيراد تذكر قائمة كل ما تعذر أخذه بالورقة والسطر والعمود وما ينبغي فعله، والباقي في المسودة.",
    ],
];
