use super::vocabulary;

vocabulary! {
    /// Kind of agreement on which the exchange of data rests.
    AgreementKind "agreement-kind" {
        Undertaking = "UNDERTAKING" ["Undertaking that each user of the data accepts", "Engagement accepté par chaque utilisateur des données", "تعهد يقبله كل مستعمل للبيانات"],
        DataUseAgreement = "DATA_USE_AGREEMENT" ["Data-use agreement", "Accord d'utilisation des données", "اتفاق استعمال البيانات"],
        Mou = "MOU" ["Memorandum of understanding", "Mémorandum d'entente", "مذكرة تفاهم"],
        Protocol = "PROTOCOL" ["Protocol", "Protocole", "بروتوكول"],
        Convention = "CONVENTION" ["Convention", "Convention", "اتفاقية"],
        ExchangeOfLetters = "EXCHANGE_OF_LETTERS" ["Exchange of letters", "Échange de lettres", "تبادل رسائل"],
        /// A text that obliges or allows the parties to exchange data without an agreement of their own.
        Law = "LAW" ["Law, decree or order", "Loi, décret ou arrêté", "قانون أو مرسوم أو قرار"],
    }
}

vocabulary! {
    /// Where an agreement stands. IN_FORCE and EXPIRED follow from the dates of a signed agreement; nobody has to set them.
    AgreementState "agreement-state" {
        Draft = "DRAFT" ["Being written by the parties", "En rédaction par les parties", "قيد التحرير لدى الأطراف"],
        Signed = "SIGNED" ["Signed by every party; not yet in force", "Signé par toutes les parties ; pas encore en vigueur", "موقع من جميع الأطراف ولم يدخل بعد حيز التنفيذ"],
        InForce = "IN_FORCE" ["In force", "En vigueur", "ساري المفعول"],
        Suspended = "SUSPENDED" ["Suspended by a party", "Suspendu par une partie", "علقه أحد الأطراف"],
        Expired = "EXPIRED" ["Its last day has passed", "Arrivé à terme", "انقضت مدته"],
        Terminated = "TERMINATED" ["Ended by a party before its last day, or given up as a draft", "Résilié avant terme, ou projet abandonné", "أُنهي قبل أجله أو تُخلي عن مشروعه"],
    }
}

vocabulary! {
    /// Who may read an agreement. The coordinator sees title, parties, kind, dates and state of every agreement.
    AgreementVisibility "agreement-visibility" {
        Public = "PUBLIC" ["Anyone, once it is signed", "Tous, une fois signé", "الجميع بعد التوقيع"],
        Members = "MEMBERS" ["Signed-in persons, once it is signed", "Personnes connectées, une fois signé", "من سجلوا الدخول بعد التوقيع"],
        Parties = "PARTIES" ["The people of the parties only", "Les parties seulement", "الأطراف فقط"],
    }
}

vocabulary! {
    /// What a party is in an agreement: the direction in which data flow.
    PartyRole "party-role" {
        Provider = "PROVIDER" ["Provides data", "Fournit des données", "يقدم البيانات"],
        Recipient = "RECIPIENT" ["Receives data", "Reçoit des données", "يتلقى البيانات"],
        Both = "BOTH" ["Provides and receives data", "Fournit et reçoit des données", "يقدم البيانات ويتلقاها"],
        /// Reads the agreement, neither signs nor changes it.
        Witness = "WITNESS" ["Witness", "Témoin", "شاهد"],
    }
}

vocabulary! {
    /// For what data that an agreement covers may be used.
    AgreementPurpose "agreement-purpose" {
        /// Figures compiled and published by a statistical authority under the rules of official statistics.
        OfficialStatistics = "OFFICIAL_STATISTICS" ["Official statistics", "Statistique officielle", "الإحصاءات الرسمية"],
        /// Scientific study with a stated question; results concern groups, never single persons.
        Research = "RESEARCH" ["Research", "Recherche", "البحث العلمي"],
        /// Preparing and evaluating plans and policies, national or regional, with aggregated results.
        PolicyPlanning = "POLICY_PLANNING" ["Planning and evaluating policies", "Planification et évaluation des politiques", "تخطيط السياسات وتقييمها"],
        /// Voluntary reviews of the Global Compact for Migration, and indicators of the Sustainable Development Goals.
        ReportingImrfSdg = "REPORTING_IMRF_SDG" ["Reporting for the IMRF and the SDGs", "Rapports pour l'IMRF et les ODD", "إعداد التقارير للمنتدى وأهداف التنمية المستدامة"],
        /// Counts that an administration makes of its own activity to steer it, without decisions on single persons.
        OperationalStatistics = "OPERATIONAL_STATISTICS" ["Statistics of an administration's own activity", "Statistiques d'activité d'une administration", "إحصاءات نشاط الإدارة"],
        /// Sampling frames, comparison and linkage of sources, studies of quality.
        MethodsAndQuality = "METHODS_AND_QUALITY" ["Sampling frames, linkage and quality", "Bases de sondage, appariement et qualité", "أطر المعاينة والربط والجودة"],
        /// Decisions that concern a single person, such as a permit or a benefit. Never allowed under a one-way clause.
        AdministrativeDecisions = "ADMINISTRATIVE_DECISIONS" ["Administrative decisions on persons", "Décisions administratives concernant des personnes", "قرارات إدارية تخص أشخاصا"],
    }
}

impl AgreementPurpose {
    /// Whether the purpose concerns single persons, which statistical confidentiality forbids.
    pub fn concerns_persons(self) -> bool {
        self == Self::AdministrativeDecisions
    }
}

vocabulary! {
    /// What happens when the last day of an agreement comes.
    AgreementRenewal "agreement-renewal" {
        None = "NONE" ["It ends", "Il prend fin", "ينتهي"],
        /// Renewed for the same span again and again, unless a party gives notice in time.
        Tacit = "TACIT" ["Renewed tacitly unless a party gives notice", "Tacite reconduction, sauf dénonciation", "يتجدد ضمنيا ما لم يُخطر أحد الأطراف بخلاف ذلك"],
        Explicit = "EXPLICIT" ["Renewed by a new agreement of the parties", "Reconduction expresse", "يتجدد باتفاق صريح"],
    }
}

vocabulary! {
    /// What a party does with an agreement.
    AgreementCommand "agreement-command" {
        Update = "UPDATE" ["Write in the draft", "Modifier le projet", "تعديل المشروع"],
        /// Contact functions, visibility and the reference of the document; what was signed stays.
        Annotate = "ANNOTATE" ["Change contacts, visibility or document", "Modifier contacts, visibilité ou document", "تعديل جهات الاتصال أو الإتاحة أو الوثيقة"],
        Sign = "SIGN" ["Sign for a party", "Signer pour une partie", "التوقيع باسم طرف"],
        Suspend = "SUSPEND" ["Suspend", "Suspendre", "التعليق"],
        Resume = "RESUME" ["Put in force again", "Remettre en vigueur", "إعادة التفعيل"],
        Terminate = "TERMINATE" ["Terminate, or give the draft up", "Résilier, ou abandonner le projet", "الإنهاء أو التخلي عن المشروع"],
        /// The agreement then ends with its present span instead of being renewed tacitly.
        GiveNotice = "GIVE_NOTICE" ["Give notice that it is not renewed", "Dénoncer la reconduction", "الإخطار بعدم التجديد"],
    }
}

vocabulary! {
    /// Why an agreement does not cover what is asked for.
    AgreementGap "agreement-gap" {
        NotInForce = "NOT_IN_FORCE" ["It is not in force on that day", "Il n'est pas en vigueur ce jour-là", "غير ساري المفعول في ذلك اليوم"],
        ProviderNotParty = "PROVIDER_NOT_PARTY" ["The institution that holds the data is not a party that provides", "L'institution qui détient les données n'y est pas partie comme fournisseur", "المؤسسة الحائزة ليست طرفا مقدما للبيانات"],
        RecipientNotParty = "RECIPIENT_NOT_PARTY" ["The institution that asks is not a party that receives", "L'institution qui demande n'y est pas partie comme destinataire", "المؤسسة الطالبة ليست طرفا متلقيا للبيانات"],
        /// Data may flow from administration to statistics only.
        AgainstOneWay = "AGAINST_ONE_WAY" ["It would go against the one-way clause", "Contraire à la clause de sens unique", "مخالف لبند الاتجاه الواحد"],
        DataNotCovered = "DATA_NOT_COVERED" ["This holding is not among the data covered", "Cette détention n'est pas couverte", "هذه الحيازة غير مشمولة"],
        LevelNotCovered = "LEVEL_NOT_COVERED" ["It covers another level of detail: aggregates or microdata", "Il couvre un autre niveau de détail : agrégats ou microdonnées", "يشمل مستوى تفصيل آخر: بيانات مجمعة أو دقيقة"],
        PurposeNotCovered = "PURPOSE_NOT_COVERED" ["The purpose is not among those agreed", "La finalité n'est pas convenue", "الغرض ليس ضمن الأغراض المتفق عليها"],
    }
}

vocabulary! {
    /// Order of a list of agreements.
    AgreementOrder "agreement-order" {
        /// Agreements with an open end come last.
        EndsFirst = "ENDS_FIRST" ["Those that end first", "Ceux qui prennent fin en premier", "ما ينتهي أولا"],
        StartsLast = "STARTS_LAST" ["Those that began last", "Ceux qui ont commencé en dernier", "ما بدأ أخيرا"],
        Registered = "REGISTERED" ["In the order of registration", "Dans l'ordre d'enregistrement", "حسب ترتيب التسجيل"],
        Updated = "UPDATED" ["Last written first", "Derniers modifiés d'abord", "الأحدث تعديلا أولا"],
    }
}
