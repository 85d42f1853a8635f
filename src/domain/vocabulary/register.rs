//! Lists of the registers: what producers of migration data tell each other, ask each other and agree on.

use super::vocabulary;

vocabulary! {
    /// What an entry of the registers is.
    RegisterKind "register-kind" {
        Challenge = "CHALLENGE" ["Challenge", "Défi", "تحدٍّ"],
        GoodPractice = "GOOD_PRACTICE" ["Good practice", "Bonne pratique", "ممارسة جيدة"],
        CapacityNeed = "CAPACITY_NEED" ["Capacity need", "Besoin de renforcement des capacités", "حاجة إلى بناء القدرات"],
        /// A plan of a country or region to improve migration data.
        Strategy = "STRATEGY" ["Strategy on migration data", "Stratégie sur les données migratoires", "استراتيجية بيانات الهجرة"],
        /// Institutions are asked to take part: in a strategy, a working group, a workshop. Each says so by itself; silence says nothing.
        Invitation = "INVITATION" ["Invitation to take part", "Invitation à participer", "دعوة إلى المشاركة"],
        /// A training that was given, with the number of people as reported.
        Training = "TRAINING" ["Training that was given", "Formation dispensée", "تكوين أُنجز"],
        /// A published migration profile of a country.
        MigrationProfile = "MIGRATION_PROFILE" ["Migration profile of a country", "Profil migratoire d'un pays", "الملف الوطني للهجرة"],
        /// Somebody asks for what no record of the catalogue gives.
        DataRequest = "DATA_REQUEST" ["Request for data", "Demande de données", "طلب بيانات"],
        /// An institution states that it does not collect something. Nothing else makes a cell of the grid say so.
        NotCollected = "NOT_COLLECTED" ["Statement that something is not collected", "Déclaration de non-collecte", "تصريح بعدم جمع بيانات"],
        /// Whether two records measure the same thing.
        Overlap = "OVERLAP" ["Decision on an overlap", "Décision sur un recoupement", "قرار بشأن تداخل"],
        /// What the producers of two records agree on the comparison of their figures.
        ComparabilityNote = "COMPARABILITY_NOTE" ["Agreed note on comparability", "Note convenue sur la comparabilité", "مذكرة متفق عليها بشأن المقارنة"],
        /// What the producers agree on figures that differ.
        DiscrepancyNote = "DISCREPANCY_NOTE" ["Agreed explanation of differing figures", "Explication convenue de chiffres divergents", "تفسير متفق عليه لأرقام متباينة"],
        /// A function to turn to on a subject, confirmed every year.
        FocalPoint = "FOCAL_POINT" ["Focal point", "Point focal", "جهة اتصال"],
    }
}

vocabulary! {
    /// Where an entry of the registers stands.
    RegisterState "register-state" {
        /// Written down, for example at a workshop; not yet validated by the institution in whose name it speaks.
        Draft = "DRAFT" ["Not validated", "Non validée", "غير مصادق عليها"],
        Validated = "VALIDATED" ["Validated", "Validée", "مصادق عليها"],
        Open = "OPEN" ["Open", "Ouverte", "مفتوحة"],
        Committed = "COMMITTED" ["An institution has committed itself", "Une institution s'est engagée", "التزمت بها مؤسسة"],
        /// Every institution that has answered so far declined; another may still commit itself.
        Declined = "DECLINED" ["Declined, with a reason", "Déclinée, avec un motif", "اعتُذر عنها مع بيان السبب"],
        Fulfilled = "FULFILLED" ["Fulfilled by a record", "Satisfaite par une fiche", "لُبيت بسجل"],
        Proposed = "PROPOSED" ["Proposed, not yet agreed by every producer", "Proposée, pas encore convenue par tous les producteurs", "مقترحة ولم يتفق عليها بعد جميع المنتجين"],
        Agreed = "AGREED" ["Agreed by every producer", "Convenue par tous les producteurs", "متفق عليها من جميع المنتجين"],
        Confirmed = "CONFIRMED" ["Confirmed", "Confirmée", "مؤكدة"],
        Rejected = "REJECTED" ["Rejected", "Écartée", "مستبعدة"],
        Closed = "CLOSED" ["Closed", "Close", "مغلقة"],
        Withdrawn = "WITHDRAWN" ["Withdrawn", "Retirée", "مسحوبة"],
    }
}

vocabulary! {
    /// Who may read an entry of the registers once it is validated, or from the beginning where nothing has to be validated.
    RegisterVisibility "register-visibility" {
        Public = "PUBLIC" ["Anyone", "Tous", "الجميع"],
        Members = "MEMBERS" ["Signed-in persons", "Personnes connectées", "من سجلوا الدخول"],
    }
}

vocabulary! {
    /// What can be done with an entry of the registers.
    RegisterCommand "register-command" {
        Update = "UPDATE" ["Change its text; it has to be validated again", "Modifier le texte ; une nouvelle validation est nécessaire", "تعديل النص، مع لزوم المصادقة عليه من جديد"],
        Validate = "VALIDATE" ["Validate it", "Valider", "المصادقة عليها"],
        Close = "CLOSE" ["Close it, with what became of it", "Clore, avec la suite donnée", "إغلاقها مع بيان ما آلت إليه"],
        Reopen = "REOPEN" ["Open it again", "Rouvrir", "إعادة فتحها"],
        Withdraw = "WITHDRAW" ["Withdraw it, with a reason", "Retirer, avec un motif", "سحبها مع بيان السبب"],
        Offer = "OFFER" ["Offer help", "Offrir un appui", "عرض الدعم"],
        AcceptOffer = "ACCEPT_OFFER" ["Accept an offer", "Accepter une offre", "قبول عرض"],
        Support = "SUPPORT" ["Support the request", "Soutenir la demande", "دعم الطلب"],
        Commit = "COMMIT" ["Commit the institution: what, and until when", "Engager l'institution : quoi et pour quand", "التزام المؤسسة: بماذا وإلى متى"],
        Decline = "DECLINE" ["Decline for the institution, with a reason", "Décliner au nom de l'institution, avec un motif", "اعتذار المؤسسة مع بيان السبب"],
        Release = "RELEASE" ["Take the commitment back, with a reason", "Revenir sur l'engagement, avec un motif", "التراجع عن الالتزام مع بيان السبب"],
        Fulfil = "FULFIL" ["Name the record that fulfils the request", "Désigner la fiche qui satisfait la demande", "تسمية السجل الذي يلبي الطلب"],
        Decide = "DECIDE" ["Confirm or reject the overlap", "Confirmer ou écarter le recoupement", "تأكيد التداخل أو استبعاده"],
        Agree = "AGREE" ["Agree in the name of a producer", "Donner l'accord d'un producteur", "الموافقة باسم منتج"],
        TakePart = "TAKE_PART" ["Take part, in the name of an institution that is invited", "Participer, au nom d'une institution invitée", "المشاركة باسم مؤسسة مدعوة"],
        StepBack = "STEP_BACK" ["Take part no longer, with a reason", "Ne plus participer, avec un motif", "الكف عن المشاركة مع بيان السبب"],
        Confirm = "CONFIRM" ["Confirm the function for another year", "Confirmer la fonction pour un an", "تأكيد الوظيفة لسنة أخرى"],
    }
}

vocabulary! {
    /// Kind of a challenge.
    ChallengeKind "challenge-kind" {
        Concept = "CONCEPT" ["Concepts and definitions", "Concepts et définitions", "المفاهيم والتعاريف"],
        Coverage = "COVERAGE" ["Coverage", "Couverture", "التغطية"],
        Law = "LAW" ["Law", "Droit", "القانون"],
        Technical = "TECHNICAL" ["Technical means", "Moyens techniques", "الوسائل التقنية"],
        Human = "HUMAN" ["Staff and skills", "Personnel et compétences", "الموارد البشرية والمهارات"],
        Funds = "FUNDS" ["Funds", "Financement", "التمويل"],
        Access = "ACCESS" ["Access to data", "Accès aux données", "الوصول إلى البيانات"],
        Coordination = "COORDINATION" ["Coordination", "Coordination", "التنسيق"],
        Timeliness = "TIMELINESS" ["Timeliness", "Délais", "الآجال"],
        Language = "LANGUAGE" ["Language", "Langue", "اللغة"],
    }
}

vocabulary! {
    /// What a capacity need is of.
    CapacityKind "capacity-kind" {
        Skills = "SKILLS" ["Skills and training", "Compétences et formation", "المهارات والتكوين"],
        Staff = "STAFF" ["Staff", "Personnel", "الموارد البشرية"],
        Methods = "METHODS" ["Methods and standards", "Méthodes et normes", "المناهج والمعايير"],
        Software = "SOFTWARE" ["Software", "Logiciels", "البرمجيات"],
        Equipment = "EQUIPMENT" ["Equipment", "Équipement", "التجهيزات"],
        Funds = "FUNDS" ["Funds", "Financement", "التمويل"],
        Law = "LAW" ["Legal advice", "Appui juridique", "الدعم القانوني"],
    }
}

vocabulary! {
    /// Level of a skill or means that is needed.
    NeedLevel "need-level" {
        Basic = "BASIC" ["Basic", "De base", "أساسي"],
        Intermediate = "INTERMEDIATE" ["Intermediate", "Intermédiaire", "متوسط"],
        Advanced = "ADVANCED" ["Advanced", "Avancé", "متقدم"],
    }
}

vocabulary! {
    /// Priority of a capacity need, as the institution itself sees it.
    NeedPriority "need-priority" {
        High = "HIGH" ["High", "Élevée", "عالية"],
        Medium = "MEDIUM" ["Medium", "Moyenne", "متوسطة"],
        Low = "LOW" ["Low", "Faible", "منخفضة"],
    }
}

vocabulary! {
    /// Where an offer to meet a capacity need stands.
    OfferState "offer-state" {
        Offered = "OFFERED" ["Offered", "Proposée", "معروضة"],
        Accepted = "ACCEPTED" ["Accepted by the institution in need", "Acceptée par l'institution demandeuse", "قبلتها المؤسسة صاحبة الحاجة"],
    }
}

vocabulary! {
    /// Actions of Objective 1 of the Global Compact for Migration (A/RES/73/195, paragraph 17), in the words of this catalogue.
    ObjectiveAction "gcm-objective-1-action" {
        Strategy = "A" ["(a) Strategy to improve migration data at all levels", "(a) Stratégie d'amélioration des données migratoires à tous les niveaux", "(أ) استراتيجية لتحسين بيانات الهجرة على جميع المستويات"],
        Comparability = "B" ["(b) Comparable statistics", "(b) Statistiques comparables", "(ب) إحصاءات قابلة للمقارنة"],
        Capacity = "C" ["(c) National capacity in collection, analysis and dissemination", "(c) Capacités nationales de collecte, d'analyse et de diffusion", "(ج) القدرات الوطنية في الجمع والتحليل والنشر"],
        Effects = "D" ["(d) Effects and benefits of migration, contributions of migrants and diasporas", "(d) Effets et avantages des migrations, apports des migrants et des diasporas", "(د) آثار الهجرة ومنافعها وإسهامات المهاجرين والمغتربين"],
        Repositories = "E" ["(e) Develop and link databases, avoid duplication", "(e) Développer et relier les bases de données, éviter les doublons", "(هـ) تطوير قواعد البيانات وربطها وتفادي الازدواج"],
        Observatories = "F" ["(f) Regional centres and observatories", "(f) Centres et observatoires régionaux", "(و) المراكز والمراصد الإقليمية"],
        Censuses = "G" ["(g) Migration topics in censuses", "(g) Thèmes migratoires dans les recensements", "(ز) مواضيع الهجرة في التعدادات"],
        Surveys = "H" ["(h) Household and labour-force surveys, public-use microdata", "(h) Enquêtes auprès des ménages et sur l'emploi, microdonnées à usage public", "(ح) مسوح الأسر والقوى العاملة والبيانات الدقيقة المتاحة للعموم"],
        Administrative = "I" ["(i) Administrative sources used for statistics", "(i) Sources administratives utilisées pour la statistique", "(ط) المصادر الإدارية المستعملة في الإحصاء"],
        Profiles = "J" ["(j) Country migration profiles", "(j) Profils migratoires nationaux", "(ي) الملامح الوطنية للهجرة"],
        Research = "K" ["(k) Research with countries of origin, transit and destination", "(k) Recherche avec les pays d'origine, de transit et de destination", "(ك) البحث مع بلدان المنشأ والعبور والمقصد"],
    }
}
