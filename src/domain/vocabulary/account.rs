use super::vocabulary;

vocabulary! {
    /// What a person may be in the registry. EDITOR, VALIDATOR and ACCESS_OFFICER belong to an institution;
    /// COORDINATOR, AUDITOR and ADMIN to the catalogue. VISITOR and MEMBER are not granted: they follow from signing in.
    Role "role" {
        Visitor = "VISITOR" ["Anyone, without signing in", "Toute personne, sans connexion", "أي شخص دون تسجيل الدخول"],
        Member = "MEMBER" ["Any signed-in person", "Toute personne connectée", "كل شخص سجل الدخول"],
        Editor = "EDITOR" ["Describes the institution's datasets", "Décrit les jeux de données de l'institution", "يصف مجموعات بيانات المؤسسة"],
        Validator = "VALIDATOR" ["Validates and publishes the institution's records", "Valide et publie les fiches de l'institution", "يصادق على سجلات المؤسسة وينشرها"],
        AccessOfficer = "ACCESS_OFFICER" ["Handles requests for access to the institution's data", "Traite les demandes d'accès aux données de l'institution", "يعالج طلبات الوصول إلى بيانات المؤسسة"],
        Coordinator = "COORDINATOR" ["Reviews published records across institutions; edits none", "Revoit les fiches publiées de toutes les institutions, sans les modifier", "يراجع السجلات المنشورة لجميع المؤسسات دون تعديلها"],
        Auditor = "AUDITOR" ["Reads the change log", "Lit le journal des modifications", "يطلع على سجل التغييرات"],
        Admin = "ADMIN" ["Runs the system: accounts and roles; edits no record", "Administre le système : comptes et rôles, sans modifier de fiche", "يدير النظام: الحسابات والأدوار، دون تعديل أي سجل"],
    }
}

vocabulary! {
    /// What a personal API token may be used for, within the rights of its owner.
    TokenScope "token-scope" {
        Read = "READ" ["Read what the owner may read", "Lire ce que le titulaire peut lire", "قراءة ما يحق لصاحبه قراءته"],
        Register = "REGISTER" ["Write drafts and declare holdings", "Rédiger des brouillons et déclarer des détentions", "تحرير المسودات والتصريح بالحيازات"],
        Access = "ACCESS" ["Request access and handle requests", "Demander l'accès et traiter les demandes", "طلب الوصول ومعالجة الطلبات"],
        Decide = "DECIDE" ["Validate, publish, retire, review, confirm", "Valider, publier, retirer, revoir, confirmer", "المصادقة والنشر والسحب والمراجعة والتأكيد"],
        Audit = "AUDIT" ["Read the change log", "Lire le journal des modifications", "قراءة سجل التغييرات"],
        Subscribe = "SUBSCRIBE" ["Manage webhooks, saved searches and notifications", "Gérer les webhooks, recherches enregistrées et notifications", "إدارة خطافات الويب وعمليات البحث المحفوظة والإشعارات"],
    }
}

vocabulary! {
    /// Where an institution's declaration stands that it holds another's dataset.
    HoldingState "holding-state" {
        Declared = "DECLARED" ["Declared by the holder, not yet confirmed by the producer", "Déclarée par le détenteur, pas encore confirmée par le producteur", "صرح بها الحائز ولم يؤكدها المنتج بعد"],
        Confirmed = "CONFIRMED" ["Confirmed by the producer", "Confirmée par le producteur", "أكدها المنتج"],
        Contested = "CONTESTED" ["Contested by the producer", "Contestée par le producteur", "اعترض عليها المنتج"],
        Withdrawn = "WITHDRAWN" ["Withdrawn by the holder", "Retirée par le détenteur", "سحبها الحائز"],
    }
}

vocabulary! {
    /// Why the viewer cannot do something, or cannot see a field.
    RefusalCode "refusal-code" {
        SignInRequired = "SIGN_IN_REQUIRED" ["Sign in first", "Se connecter d'abord", "سجلوا الدخول أولا"],
        OutsideCatalogue = "OUTSIDE_CATALOGUE" ["Requests go to the holder, outside this catalogue", "Les demandes se font auprès du détenteur, hors de ce catalogue", "تقدم الطلبات إلى الحائز خارج هذا الفهرس"],
        RoleRequired = "ROLE_REQUIRED" ["Needs a role that the viewer does not have", "Exige un rôle que vous n'avez pas", "يتطلب دورا غير مسند إليكم"],
        ScopeRequired = "SCOPE_REQUIRED" ["The API token was not made for this", "Le jeton d'accès n'a pas été créé pour cela", "لم ينشأ رمز الوصول لهذا الغرض"],
        SessionRequired = "SESSION_REQUIRED" ["Only for a person who has signed in, not for a token", "Réservé à une personne connectée, pas à un jeton", "مخصص لشخص سجل الدخول لا لرمز وصول"],
        WrongState = "WRONG_STATE" ["Not possible in the present state of the record", "Impossible dans l'état actuel de la fiche", "غير ممكن في الحالة الراهنة للسجل"],
        SecondPersonRequired = "SECOND_PERSON_REQUIRED" ["Another person than the author must do this", "Une autre personne que l'auteur doit le faire", "يجب أن يقوم به شخص غير المحرر"],
        NoRequestNeeded = "NO_REQUEST_NEEDED" ["The data are open: no request is needed", "Les données sont ouvertes : aucune demande n'est nécessaire", "البيانات مفتوحة ولا حاجة إلى طلب"],
        NotShared = "NOT_SHARED" ["The holder does not share these data", "Le détenteur ne communique pas ces données", "لا يتيح الحائز هذه البيانات"],
        OwnRole = "OWN_ROLE" ["Nobody changes their own roles", "Nul ne modifie ses propres rôles", "لا يغير أحد أدواره بنفسه"],
        MaskedByProducer = "MASKED_BY_PRODUCER" ["The producer does not show this field to everyone", "Le producteur ne montre pas ce champ à tous", "لا يعرض المنتج هذا الحقل للجميع"],
        StubRecord = "STUB_RECORD" ["Only title, holder and desk are shown; write to the desk", "Seuls le titre, le détenteur et le guichet sont montrés ; écrire au guichet", "لا يعرض سوى العنوان والحائز وجهة الاتصال؛ راسلوا جهة الاتصال"],
        CopiedRecord = "COPIED_RECORD" ["The record is a copy of another registry's; it is changed there", "La fiche est la copie de celle d'un autre registre ; elle se modifie là-bas", "السجل نسخة من سجل مسجِّل آخر؛ يُعدَّل هناك"],
        RetiredRecord = "RETIRED_RECORD" ["The record was retired; only its identity remains", "La fiche a été retirée ; seule son identité demeure", "سحب السجل ولم يبق سوى هويته"],
    }
}

vocabulary! {
    /// A field that a producer may hide from visitors, or from members too.
    MaskableField "maskable-field" {
        Abstract = "ABSTRACT" ["Abstract", "Résumé", "الملخص"],
        Keywords = "KEYWORDS" ["Keywords", "Mots-clés", "الكلمات المفتاحية"],
        Programme = "PROGRAMME" ["Programme", "Programme", "البرنامج"],
        Themes = "THEMES" ["Topics", "Thèmes", "المواضيع"],
        Partners = "PARTNERS" ["Partners", "Partenaires", "الشركاء"],
        LegalMandate = "LEGAL_MANDATE" ["Legal mandate", "Mandat légal", "السند القانوني"],
        ReportingAreas = "COVERAGE_REPORTING_AREAS" ["Reporting areas", "Zones couvertes", "المناطق المشمولة"],
        Origins = "COVERAGE_ORIGINS" ["Origins", "Origines", "أماكن المنشأ"],
        Destinations = "COVERAGE_DESTINATIONS" ["Destinations", "Destinations", "وجهات الوصول"],
        Period = "COVERAGE_PERIOD" ["Reference and collection period", "Période de référence et de collecte", "الفترة المرجعية وفترة الجمع"],
        Levels = "COVERAGE_LEVELS" ["Geographic levels", "Niveaux géographiques", "المستويات الجغرافية"],
        Disaggregations = "COVERAGE_DISAGGREGATIONS" ["Breakdowns", "Ventilations", "التفصيلات"],
        Populations = "COVERAGE_POPULATIONS" ["Populations", "Populations", "الفئات السكانية"],
        Methodology = "METHODOLOGY" ["Methodology", "Méthodologie", "المنهجية"],
        Sampling = "METHODOLOGY_SAMPLING" ["Sampling", "Échantillonnage", "المعاينة"],
        Definitions = "METHODOLOGY_DEFINITIONS" ["Definitions", "Définitions", "التعاريف"],
        Instruments = "METHODOLOGY_INSTRUMENTS" ["Questionnaires and manuals", "Questionnaires et manuels", "الاستمارات والأدلة"],
        HoldingConditions = "HOLDINGS_CONDITIONS" ["Conditions, legal basis and references of access", "Conditions, base légale et références d'accès", "شروط الوصول وسنده القانوني ومراجعه"],
        Distributions = "HOLDINGS_DISTRIBUTIONS" ["Files and services", "Fichiers et services", "الملفات والخدمات"],
        Variables = "VARIABLES" ["Variables", "Variables", "المتغيرات"],
        Relations = "RELATIONS" ["Relations", "Relations", "العلاقات"],
        Discrepancies = "DISCREPANCIES" ["Contradicting figures", "Chiffres divergents", "الأرقام المتباينة"],
        Links = "LINKS" ["Pages", "Pages", "الصفحات"],
        Citations = "CITATIONS" ["Sources", "Sources", "المصادر"],
    }
}

impl RefusalCode {
    /// Whether it says of the data, and not of the person, why access cannot be requested.
    pub fn is_of_data(self) -> bool {
        use RefusalCode as C;
        matches!(self, C::OutsideCatalogue | C::RetiredRecord | C::StubRecord | C::NoRequestNeeded | C::NotShared)
    }
}
