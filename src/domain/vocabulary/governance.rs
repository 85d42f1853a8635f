use super::vocabulary;

vocabulary! {
    /// How well a record is backed by sources that can be read.
    Certainty "certainty" {
        Documented = "DOCUMENTED" ["Key facts read in a cited source", "Faits principaux lus dans une source citée", "الوقائع الأساسية مقروءة في مصدر مذكور"],
        PartlyDocumented = "PARTLY_DOCUMENTED" ["Some facts read in a source; the note says which", "Une partie des faits lue dans une source ; la note précise laquelle", "بعض الوقائع مقروءة في مصدر وتوضح الملاحظة أيها"],
        Unverified = "UNVERIFIED" ["Not confirmed by a source", "Non confirmé par une source", "غير مؤكد بمصدر"],
    }
}

vocabulary! {
    /// Where a record stands between draft and retirement. The public sees PUBLISHED and, as a tombstone, RETIRED.
    PublicationStatus "publication-status" {
        Draft = "DRAFT" ["Draft", "Brouillon", "مسودة"],
        Submitted = "SUBMITTED" ["Submitted for validation", "Soumis à validation", "مقدم للمصادقة"],
        Validated = "VALIDATED" ["Validated by the producer", "Validé par le producteur", "مصادق عليه من المنتج"],
        Published = "PUBLISHED" ["Published", "Publié", "منشور"],
        Retired = "RETIRED" ["Retired; the identifier is never used again", "Retiré ; l'identifiant n'est jamais réutilisé", "مسحوب ولا يعاد استعمال المعرف"],
    }
}

vocabulary! {
    /// Who may see a record of the catalogue.
    Visibility "visibility" {
        Public = "PUBLIC" ["Record visible to all", "Public", "عمومي"],
        Members = "MEMBERS" ["Visible to member institutions", "Membres", "المؤسسات الأعضاء"],
        Coordinator = "COORDINATOR" ["Owner and coordinator only", "Producteur et coordinateur", "المنتج والمنسق"],
        Stub = "STUB" ["Title, holder and contact desk only", "Notice minimale", "بطاقة دنيا"],
    }
}

vocabulary! {
    /// Risk to persons that lies behind the data described. HIGH and above needs a second person to publish.
    RiskClass "risk-class" {
        None = "NONE" ["No personal data behind", "Aucune donnée personnelle", "لا معطيات شخصية"],
        Low = "LOW" ["Aggregates, low re-identification risk", "Faible", "ضعيف"],
        Medium = "MEDIUM" ["Anonymised records or small groups", "Moyen", "متوسط"],
        High = "HIGH" ["Records on status, route, minors, nationality at fine geography", "Élevé", "مرتفع"],
        VeryHigh = "VERY_HIGH" ["Victims, asylum seekers, health, irregular status, biometrics", "Très élevé", "مرتفع جدا"],
    }
}

vocabulary! {
    /// Where the wording of a text comes from.
    TextStatus "text-status" {
        Official = "OFFICIAL" ["Official or usual wording", "Libellé officiel ou usuel", "صيغة رسمية أو متداولة"],
        Translation = "TRANSLATION" ["Translation", "Traduction", "ترجمة"],
        WorkingTranslation = "WORKING_TRANSLATION" ["Working translation, not checked by a native speaker", "Traduction de travail, non relue", "ترجمة عمل غير مراجعة"],
        Machine = "MACHINE" ["Machine translation", "Traduction automatique", "ترجمة آلية"],
        Editorial = "EDITORIAL" ["Written by the registry's editors, not by the producer", "Rédigé par l'équipe du registre, non par le producteur", "من تحرير السجل لا من المنتج"],
    }
}

vocabulary! {
    /// Kind of institution.
    InstitutionKind "institution-kind" {
        Nso = "NSO" ["National statistical office", "Institut national de statistique", "جهاز إحصائي وطني"],
        Ministry = "MINISTRY" ["Ministry", "Ministère", "وزارة"],
        SecurityAgency = "SECURITY_AGENCY" ["Security agency", "Service de sécurité", "جهاز أمني"],
        PublicAgency = "PUBLIC_AGENCY" ["Public agency", "Établissement public", "مؤسسة عمومية"],
        Observatory = "OBSERVATORY" ["Observatory", "Observatoire", "مرصد"],
        RegionalCouncil = "REGIONAL_COUNCIL" ["Regional council", "Conseil régional", "مجلس جهة"],
        CentralBankOrFx = "CENTRAL_BANK_OR_FX" ["Central bank or exchange office", "Banque centrale ou office des changes", "بنك مركزي أو مكتب صرف"],
        SocialSecurity = "SOCIAL_SECURITY" ["Social security body", "Organisme de sécurité sociale", "هيئة ضمان اجتماعي"],
        Justice = "JUSTICE" ["Justice body", "Institution judiciaire", "هيئة قضائية"],
        InterministerialBody = "INTERMINISTERIAL_BODY" ["Inter-ministerial body", "Instance interministérielle", "هيئة مشتركة بين الوزارات"],
        Nhri = "NHRI" ["National human rights institution", "Institution nationale des droits de l'homme", "مؤسسة وطنية لحقوق الإنسان"],
        Dpa = "DPA" ["Data protection authority", "Autorité de protection des données", "سلطة حماية المعطيات"],
        UnAgency = "UN_AGENCY" ["United Nations body", "Organisme des Nations Unies", "هيئة تابعة للأمم المتحدة"],
        Ifi = "IFI" ["International financial institution", "Institution financière internationale", "مؤسسة مالية دولية"],
        RegionalStatOffice = "REGIONAL_STAT_OFFICE" ["Supranational statistical office", "Office statistique supranational", "مكتب إحصائي فوق وطني"],
        IntergovOrg = "INTERGOV_ORG" ["Intergovernmental organisation", "Organisation intergouvernementale", "منظمة حكومية دولية"],
        EuAgency = "EU_AGENCY" ["EU agency", "Agence de l'UE", "وكالة تابعة للاتحاد الأوروبي"],
        NgoResearch = "NGO_RESEARCH" ["NGO or monitoring centre", "ONG ou centre de veille", "منظمة غير حكومية أو مركز رصد"],
        Research = "RESEARCH" ["Research body", "Organisme de recherche", "هيئة بحثية"],
        Private = "PRIVATE" ["Private company", "Entreprise privée", "شركة خاصة"],
    }
}

vocabulary! {
    /// Typed link between two datasets, read from the first to the second.
    RelationType "relation-type" {
        Overlaps = "OVERLAPS" ["Measures a part of the same population or fact", "Recoupe", "يتداخل مع"],
        MirrorOf = "MIRROR_OF" ["Same flow seen from the other side", "Statistique miroir", "إحصاء مقابل (مرآة)"],
        Complements = "COMPLEMENTS" ["Completes", "Complète", "يكمل"],
        SuccessorOf = "SUCCESSOR_OF" ["Successor", "Succède à", "يخلف"],
        PredecessorOf = "PREDECESSOR_OF" ["Predecessor", "Précède", "يسبق"],
        SameProgramme = "SAME_PROGRAMME" ["Same programme or publication", "Même programme", "البرنامج نفسه"],
        DerivedFrom = "DERIVED_FROM" ["Derived from", "Dérivé de", "مشتق من"],
        HasExtract = "HAS_EXTRACT" ["Has an extract", "A pour extrait", "له مستخرج"],
        UsesFrameOf = "USES_FRAME_OF" ["Uses as sampling frame", "Utilise comme base de sondage", "يستعمل كقاعدة معاينة"],
        FrameFor = "FRAME_FOR" ["Is the frame for", "Sert de base de sondage à", "قاعدة معاينة لـ"],
        UsesInput = "USES_INPUT" ["Uses as input", "Utilise en entrée", "يستعمل كمدخل"],
        InputTo = "INPUT_TO" ["Input to", "Alimente", "مدخل لـ"],
        ComponentOf = "COMPONENT_OF" ["Component of", "Composante de", "جزء من"],
        /// The inverse of "component of".
        HasComponent = "HAS_COMPONENT" ["Has as component", "A pour composante", "يضم"],
    }
}

impl RelationType {
    /// The relation read from the other dataset: if A succeeds B, then B precedes A.
    pub fn inverse(self) -> Self {
        match self {
            Self::Overlaps | Self::MirrorOf | Self::Complements | Self::SameProgramme => self,
            Self::SuccessorOf => Self::PredecessorOf,
            Self::PredecessorOf => Self::SuccessorOf,
            Self::DerivedFrom => Self::HasExtract,
            Self::HasExtract => Self::DerivedFrom,
            Self::UsesFrameOf => Self::FrameFor,
            Self::FrameFor => Self::UsesFrameOf,
            Self::UsesInput => Self::InputTo,
            Self::InputTo => Self::UsesInput,
            Self::ComponentOf => Self::HasComponent,
            Self::HasComponent => Self::ComponentOf,
        }
    }
}

vocabulary! {
    /// List of concepts that is data, not code: it can be searched with `concepts` and replaced by the operator.
    ConceptScheme "concept-scheme" {
        Themes = "THEMES" ["Migration themes, in groups and topics", "Thèmes migratoires, en groupes et sujets", "مواضيع الهجرة، مجموعات ومواضيع"],
        Places = "PLACES" ["Countries, their subdivisions and groups of countries", "Pays, subdivisions et groupes de pays", "البلدان وتقسيماتها ومجموعاتها"],
        Languages = "LANGUAGES" ["Languages", "Langues", "اللغات"],
        Disaggregations = "DISAGGREGATIONS" ["Breakdowns of figures", "Ventilations des chiffres", "تفصيلات الأرقام"],
        Indicators = "INDICATORS" ["GCM objectives and SDG indicators", "Objectifs du Pacte mondial et indicateurs des ODD", "أهداف الاتفاق العالمي ومؤشرات التنمية المستدامة"],
        Populations = "POPULATIONS" ["Populations of reference", "Populations de référence", "الفئات السكانية المرجعية"],
    }
}
