use super::vocabulary;

vocabulary! {
    /// Type of source, after the GMG source families and the UN recommendations.
    SourceType "source-type" {
        /// Stocks by birth place, citizenship; low frequency; misses irregular and very recent arrivals; emigrants unreachable except through household questions
        Census = "CENSUS" ["Population census", "Recensement de la population", "إحصاء السكان"],
        /// MED-HIMS type; causes, intentions, remittances; whole households that left are missed
        HouseholdSurveySpecialised = "HOUSEHOLD_SURVEY_SPECIALISED" ["Specialised migration survey of households", "Enquête ménages spécialisée migration", "مسح أسري متخصص في الهجرة"],
        /// GCM action (h)
        HouseholdSurveyModule = "HOUSEHOLD_SURVEY_MODULE" ["Household survey with a migration module or usable variables", "Enquête ménages avec module migration", "مسح أسري يتضمن وحدة للهجرة"],
        /// Small migrant samples; frame often ignores institutional and informal housing
        LabourForceSurvey = "LABOUR_FORCE_SURVEY" ["Labour force survey", "Enquête emploi", "مسح القوى العاملة"],
        /// State the selection method; no sampling error for quota and snowball
        HardToReachSurvey = "HARD_TO_REACH_SURVEY" ["Survey of hard-to-reach migrants (RDS, time-location, quota, snowball)", "Enquête auprès de populations difficiles à joindre", "مسح الفئات صعبة الوصول"],
        OpinionSurvey = "OPINION_SURVEY" ["Opinion or attitude survey", "Enquête d'opinion", "استطلاع رأي"],
        /// Remittance and recruitment costs
        PriceSurvey = "PRICE_SURVEY" ["Price or cost survey", "Relevé de prix", "مسح الأسعار"],
        /// Flows with a residence rule; depends on de-registration
        PopulationRegister = "POPULATION_REGISTER" ["Population register", "Registre de population", "سجل السكان"],
        /// Counts decisions, not moves; expiry and renewal rules matter
        AdminRegisterPermits = "ADMIN_REGISTER_PERMITS" ["Visas, residence permits, regularisation and naturalisation files", "Fichiers visas, titres de séjour, régularisation, naturalisation", "ملفات التأشيرات وسندات الإقامة والتسوية والتجنيس"],
        AdminRegisterWork = "ADMIN_REGISTER_WORK" ["Work permits, contracts, placement and social security files", "Permis de travail, contrats, placement, sécurité sociale", "رخص الشغل والعقود والضمان الاجتماعي"],
        AdminRegisterEducation = "ADMIN_REGISTER_EDUCATION" ["Education enrolment records", "Fichiers de scolarité", "سجلات التمدرس"],
        AdminRegisterHealth = "ADMIN_REGISTER_HEALTH" ["Health records", "Fichiers de santé", "سجلات الصحة"],
        /// Cases, victims, prosecuted persons are different units
        AdminRegisterJustice = "ADMIN_REGISTER_JUSTICE" ["Justice and police records", "Fichiers judiciaires et policiers", "سجلات العدالة والشرطة"],
        /// Over-coverage (deaths, returns) and under-coverage (no obligation)
        ConsularRegister = "CONSULAR_REGISTER" ["Consular registration", "Immatriculation consulaire", "التسجيل القنصلي"],
        /// UNHCR or State authority: say which
        RefugeeRegistration = "REFUGEE_REGISTRATION" ["Registration of refugees and asylum seekers", "Enregistrement des réfugiés et demandeurs d'asile", "تسجيل اللاجئين وطالبي اللجوء"],
        /// Crossings, not migrants, unless linked to duration of stay
        BorderStatistics = "BORDER_STATISTICS" ["Border statistics (entries, exits, refusals)", "Statistiques aux frontières", "إحصاءات الحدود"],
        /// Reflect activity of the services
        OperationalCounts = "OPERATIONAL_COUNTS" ["Operational counts of services (interceptions, rescues, expulsions)", "Comptages opérationnels", "إحصاءات عملياتية"],
        /// Beneficiaries, not the population
        ProgrammeRecords = "PROGRAMME_RECORDS" ["Programme or case-management records", "Données de programmes ou de gestion de cas", "سجلات البرامج"],
        /// Key informants and observation points
        FlowMonitoring = "FLOW_MONITORING" ["Flow monitoring and mobility tracking (DTM)", "Suivi des flux et de la mobilité (DTM)", "رصد التدفقات والتنقل"],
        BalanceOfPayments = "BALANCE_OF_PAYMENTS" ["Balance of payments and financial reporting", "Balance des paiements", "ميزان الأداءات"],
        AdminCompiled = "ADMIN_COMPILED" ["Administrative statistics compiled by a supranational office", "Statistiques administratives compilées", "إحصاءات إدارية مجمعة"],
        Compilation = "COMPILATION" ["Compilation of national sources", "Compilation de sources nationales", "تجميع مصادر وطنية"],
        Modelled = "MODELLED" ["Modelled estimates", "Estimations modélisées", "تقديرات نموذجية"],
        MediaAndMultiSource = "MEDIA_AND_MULTI_SOURCE" ["Media and multi-source incident monitoring", "Veille médias et multi-sources", "رصد متعدد المصادر"],
        /// Mobile phone, social network, satellite, payments
        BigData = "BIG_DATA" ["Big data and digital traces", "Mégadonnées et traces numériques", "البيانات الضخمة"],
        PolicyAssessment = "POLICY_ASSESSMENT" ["Policy assessment", "Évaluation de politiques", "تقييم السياسات"],
        Qualitative = "QUALITATIVE" ["Qualitative study", "Étude qualitative", "دراسة نوعية"],
    }
}

vocabulary! {
    /// Kind of record: what the registry describes.
    RecordKind "record-kind" {
        StatisticalOperation = "STATISTICAL_OPERATION" ["Statistical operation or product", "Opération ou produit statistique", "عملية أو منتج إحصائي"],
        AdministrativeSource = "ADMINISTRATIVE_SOURCE" ["Administrative source with statistical potential", "Source administrative à potentiel statistique", "مصدر إداري ذو إمكانات إحصائية"],
        MicrodataProduct = "MICRODATA_PRODUCT" ["Microdata product", "Fichier de microdonnées", "ملف بيانات دقيقة"],
        PlannedActivity = "PLANNED_ACTIVITY" ["Planned collection", "Collecte planifiée", "جمع مبرمج"],
    }
}

vocabulary! {
    /// Mode of collection (DDI collMode).
    CollectionMode "collection-mode" {
        FaceToFace = "FACE_TO_FACE" ["Face to face, paper or unspecified", "Face à face", "مقابلة مباشرة"],
        Capi = "CAPI" ["Face to face with tablet (CAPI)", "Face à face assisté (CAPI)", "مقابلة مباشرة بلوحة إلكترونية"],
        Cati = "CATI" ["Telephone (CATI)", "Téléphone (CATI)", "مقابلة هاتفية"],
        Cawi = "CAWI" ["Web (CAWI)", "Internet (CAWI)", "استمارة على الشبكة"],
        SelfCompleted = "SELF_COMPLETED" ["Self-completed paper form", "Auto-administré papier", "استمارة ورقية يملؤها المستجوب"],
        Proxy = "PROXY" ["Proxy respondent for persons abroad", "Répondant par procuration", "مجيب بالنيابة عن شخص بالخارج"],
        AdministrativeProcess = "ADMINISTRATIVE_PROCESS" ["By-product of an administrative process", "Sous-produit administratif", "ناتج عن مسطرة إدارية"],
        CaseManagement = "CASE_MANAGEMENT" ["Case management system", "Gestion de cas", "نظام تدبير الحالات"],
        KeyInformant = "KEY_INFORMANT" ["Key informants", "Informateurs clés", "مخبرون رئيسيون"],
        Observation = "OBSERVATION" ["Observation at points", "Observation", "ملاحظة في نقط الرصد"],
        FinancialReporting = "FINANCIAL_REPORTING" ["Reporting by financial operators", "Déclarations financières", "تصريحات المؤسسات المالية"],
        CompilationOfSources = "COMPILATION_OF_SOURCES" ["Compilation of sources", "Compilation", "تجميع مصادر"],
        ModelledEstimate = "MODELLED_ESTIMATE" ["Model", "Modèle", "نموذج تقديري"],
        MysteryShopping = "MYSTERY_SHOPPING" ["Mystery shopping", "Client mystère", "زبون خفي"],
        ExpertAssessment = "EXPERT_ASSESSMENT" ["Expert assessment", "Expertise", "تقييم خبراء"],
        DigitalTrace = "DIGITAL_TRACE" ["Digital trace", "Trace numérique", "أثر رقمي"],
        Biomarkers = "BIOMARKERS" ["Biological measurements", "Mesures biologiques", "قياسات بيولوجية"],
    }
}

vocabulary! {
    /// Sampling design (DDI sampProc). Quota, snowball, purposive, convenience and respondent-driven samples have no sampling error.
    SamplingDesign "sampling-design" {
        Complete = "COMPLETE" ["Complete enumeration", "Exhaustif", "حصر شامل"],
        StratifiedMultistage = "STRATIFIED_MULTISTAGE" ["Stratified multistage probability sample", "Probabiliste stratifié à plusieurs degrés", "عينة احتمالية طبقية متعددة المراحل"],
        TwoPhaseListing = "TWO_PHASE_LISTING" ["Two-phase: listing, then oversample of migrant households", "Deux phases: ratissage puis sondage", "مرحلتان: حصر ثم معاينة أسر المهاجرين"],
        AreaProbability = "AREA_PROBABILITY" ["Area probability sample", "Aréolaire", "عينة مساحية احتمالية"],
        RegisterSample = "REGISTER_SAMPLE" ["Sample from a register (e.g. UNHCR database)", "Tirage dans un registre", "عينة من سجل"],
        Panel = "PANEL" ["Panel", "Panel", "عينة متكررة"],
        Quota = "QUOTA" ["Quota", "Quotas", "حصص"],
        Rds = "RDS" ["Respondent-driven sampling", "Échantillonnage déterminé par les répondants", "معاينة يقودها المستجوبون"],
        TimeLocation = "TIME_LOCATION" ["Time-location sampling", "Temps-lieu", "معاينة بالزمان والمكان"],
        Snowball = "SNOWBALL" ["Snowball", "Boule de neige", "كرة الثلج"],
        Purposive = "PURPOSIVE" ["Purposive", "Raisonné", "عينة قصدية"],
        Convenience = "CONVENIENCE" ["Convenience", "Convenance", "عينة ملائمة"],
        NotApplicable = "NOT_APPLICABLE" ["Not applicable", "Sans objet", "لا ينطبق"],
    }
}

vocabulary! {
    /// Named definition of a migrant or of the group counted. Comparability is computed on the facets, never on this label.
    DefinitionCode "migrant-definition" {
        Un1998Long = "UN1998_LONG" ["1998 UN Recommendations: long-term migrant, at least 12 months", "Migrant de longue durée (1998), 12 mois au moins", "توصيات الأمم المتحدة 1998: مهاجر لمدة طويلة، 12 شهرا على الأقل"],
        /// The 2021 work calls the term a misnomer: no change of residence
        Un1998Short = "UN1998_SHORT" ["1998 UN Recommendations: short-term migrant, 3 to under 12 months", "Migrant de courte durée (1998), 3 à 12 mois", "توصيات الأمم المتحدة 1998: مهاجر لمدة قصيرة، من 3 إلى أقل من 12 شهرا"],
        /// Residence options follow the census principles
        Un202112m = "UN2021_12M" ["2021 revised framework: change of country of residence, 12-month criterion", "Cadre révisé 2021, critère des 12 mois", "الإطار المنقح 2021: تغيير بلد الإقامة، معيار 12 شهرا"],
        Un20216m1d = "UN2021_6M1D" ["2021 revised framework: most of the last 12 months (six months and one day)", "Cadre révisé 2021, majeure partie des 12 derniers mois", "الإطار المنقح 2021: معظم الأشهر الاثني عشر الأخيرة"],
        Un2021Temporary = "UN2021_TEMPORARY" ["2021 revised framework: temporary mobility, no change of residence", "Cadre révisé 2021, mobilité temporaire", "الإطار المنقح 2021: تنقل مؤقت دون تغيير الإقامة"],
        ForeignBorn = "FOREIGN_BORN" ["Foreign-born stock", "Nés à l'étranger", "المولودون بالخارج"],
        /// UN DESA practice
        ForeignBornOrCitizen = "FOREIGN_BORN_OR_CITIZEN" ["Foreign-born, foreign citizens where birth place is missing", "Nés à l'étranger, à défaut étrangers", "المولودون بالخارج، أو الأجانب عند غياب مكان الولادة"],
        CitizenshipStock = "CITIZENSHIP_STOCK" ["Foreign citizens", "Étrangers (nationalité)", "الأجانب حسب الجنسية"],
        /// RGPH 2014
        CitizenshipStock6m = "CITIZENSHIP_STOCK_6M" ["Foreign citizens resident six months or more, actual or intended", "Étrangers résidant six mois ou plus", "الأجانب المقيمون ستة أشهر أو أكثر، فعلا أو اعتزاما"],
        /// EU population statistics (general knowledge)
        UsualResidence12m = "USUAL_RESIDENCE_12M" ["Usual resident, 12 months, by citizenship or birth", "Résident habituel 12 mois", "مقيم معتاد، 12 شهرا"],
        /// Census topic named in GCM action (g)
        PreviousResidence5y = "PREVIOUS_RESIDENCE_5Y" ["Country or place of residence five years before", "Résidence cinq ans auparavant", "مكان الإقامة قبل خمس سنوات"],
        /// Thresholds to be read in the national questionnaire
        MedhimsHousehold = "MEDHIMS_HOUSEHOLD" ["Household-reported current, return and forced migrants (MED-HIMS)", "Migrants déclarés par le ménage (MED-HIMS)", "مهاجرون يصرح بهم من طرف الأسرة (MED-HIMS)"],
        /// Duration abroad and date of return must be filled
        ReturnMigrant = "RETURN_MIGRANT" ["National who resided abroad and came back", "Migrant de retour", "مهاجر عائد"],
        PermitHolder = "PERMIT_HOLDER" ["Holder of a residence permit", "Titulaire d'un titre de séjour", "حامل سند إقامة"],
        /// Eurostat
        Permit3m = "PERMIT_3M" ["Authorisation to stay of at least three months", "Autorisation d'au moins trois mois", "رخصة إقامة لثلاثة أشهر على الأقل"],
        Applicant = "APPLICANT" ["Applicant to a procedure", "Demandeur dans une procédure", "طالب في مسطرة"],
        AdminDecision = "ADMIN_DECISION" ["Person subject of a decision", "Personne visée par une décision", "شخص صدر في حقه قرار"],
        WorkAuthorisation = "WORK_AUTHORISATION" ["Foreign worker authorised", "Travailleur étranger autorisé", "عامل أجنبي مرخص له"],
        CitizenshipRecorded = "CITIZENSHIP_RECORDED" ["Citizenship as recorded by a service", "Nationalité enregistrée par un service", "الجنسية كما سجلتها مصلحة"],
        ConsularRegistrant = "CONSULAR_REGISTRANT" ["National registered at a consulate", "Immatriculé au consulat", "مواطن مسجل بالقنصلية"],
        RefugeeAsylumSeeker = "REFUGEE_ASYLUM_SEEKER" ["Refugee or asylum seeker", "Réfugié ou demandeur d'asile", "لاجئ أو طالب لجوء"],
        AsylumApplicant = "ASYLUM_APPLICANT" ["Applicant for international protection", "Demandeur de protection internationale", "طالب حماية دولية"],
        LegalStatus = "LEGAL_STATUS" ["Defined by an administrative situation (irregular, regularised)", "Défini par la situation administrative", "محدد بالوضعية الإدارية"],
        /// e.g. "migrants forcés" 2021
        OperationalGroup = "OPERATIONAL_GROUP" ["Operational category of the producer, defined in text", "Catégorie propre au producteur", "فئة خاصة بالمنتج معرفة نصا"],
        IomMigrant = "IOM_MIGRANT" ["IOM broad definition, any person moving away from habitual residence", "Définition large de l'OIM", "التعريف الواسع للمنظمة الدولية للهجرة"],
        Beneficiary = "BENEFICIARY" ["Person assisted by a programme", "Bénéficiaire d'un programme", "مستفيد من برنامج"],
        Event = "EVENT" ["Event, not person (crossing, attempt, death)", "Événement, non personne", "حدث لا شخص"],
        ResidenceBpm = "RESIDENCE_BPM" ["Residence in balance-of-payments sense", "Résidence au sens de la balance des paiements", "الإقامة بمعنى ميزان الأداءات"],
        /// A gap in itself: the catalogue should count it
        NotDocumented = "NOT_DOCUMENTED" ["Not documented", "Non documenté", "غير موثق"],
        NotApplicable = "NOT_APPLICABLE" ["Not applicable", "Sans objet", "لا ينطبق"],
    }
}

vocabulary! {
    /// What makes a person or event count.
    DefinitionBasis "definition-basis" {
        ChangeOfResidence = "CHANGE_OF_RESIDENCE" ["Change of residence", "Changement de résidence", "تغيير الإقامة"],
        CountryOfBirth = "COUNTRY_OF_BIRTH" ["Country of birth", "Pays de naissance", "بلد الولادة"],
        Citizenship = "CITIZENSHIP" ["Citizenship", "Nationalité", "الجنسية"],
        ParentsBirth = "PARENTS_BIRTH" ["Country of birth of the parents", "Pays de naissance des parents", "بلد ولادة الوالدين"],
        PreviousResidence = "PREVIOUS_RESIDENCE" ["Previous residence", "Résidence antérieure", "الإقامة السابقة"],
        AdministrativeEvent = "ADMINISTRATIVE_EVENT" ["Administrative event", "Événement administratif", "حدث إداري"],
        LegalStatus = "LEGAL_STATUS" ["Legal status", "Statut légal", "الوضعية القانونية"],
        BorderEvent = "BORDER_EVENT" ["Event at a border", "Événement à la frontière", "حدث حدودي"],
        HouseholdReport = "HOUSEHOLD_REPORT" ["Report by the household", "Déclaration du ménage", "تصريح الأسرة"],
        ServiceBeneficiary = "SERVICE_BENEFICIARY" ["Beneficiary of a service", "Bénéficiaire d'un service", "مستفيد من خدمة"],
        SelfIdentification = "SELF_IDENTIFICATION" ["Self-identification", "Auto-identification", "التعريف الذاتي"],
        DeviceOrAccount = "DEVICE_OR_ACCOUNT" ["Device or account", "Appareil ou compte", "جهاز أو حساب"],
    }
}

vocabulary! {
    /// Direction of the movement, seen from the reporting area.
    MovementDirection "movement-direction" {
        In = "IN" ["Into the area", "Entrée", "وافدة"],
        Out = "OUT" ["Out of the area", "Sortie", "مغادرة"],
        Return = "RETURN" ["Return", "Retour", "عودة"],
        Both = "BOTH" ["Both directions", "Deux sens", "في الاتجاهين"],
        Internal = "INTERNAL" ["Inside the country", "Interne", "داخلية"],
    }
}

vocabulary! {
    /// What is measured.
    Measure "measure" {
        Stock = "STOCK" ["Stock at a date", "Stock à une date", "عدد (مخزون) في تاريخ معين"],
        Flow = "FLOW" ["Flow in a period", "Flux sur une période", "تدفق خلال فترة"],
        EventCount = "EVENT_COUNT" ["Count of events", "Nombre d'événements", "عدد الأحداث"],
        Money = "MONEY" ["Amount of money", "Montant", "مبلغ مالي"],
        Attitude = "ATTITUDE" ["Attitude or opinion", "Attitude ou opinion", "موقف أو رأي"],
    }
}

vocabulary! {
    /// How the duration threshold is understood.
    DurationBasis "duration-basis" {
        Actual = "ACTUAL" ["Actual duration", "Durée effective", "المدة الفعلية"],
        Intended = "INTENDED" ["Intended duration", "Durée prévue", "المدة المعتزمة"],
        ActualOrIntended = "ACTUAL_OR_INTENDED" ["Actual or intended duration", "Durée effective ou prévue", "المدة الفعلية أو المعتزمة"],
        PermitValidity = "PERMIT_VALIDITY" ["Validity of the permit", "Validité du titre", "مدة صلاحية السند"],
        None = "NONE" ["No duration criterion", "Aucun critère de durée", "لا معيار للمدة"],
    }
}

vocabulary! {
    /// Point in time that the definition refers to.
    ReferencePoint "reference-point" {
        Date = "DATE" ["A date", "Une date", "تاريخ"],
        Last12Months = "LAST_12_MONTHS" ["The last twelve months", "Les douze derniers mois", "الأشهر الاثنا عشر الأخيرة"],
        FiveYearsAgo = "FIVE_YEARS_AGO" ["Five years before", "Cinq ans auparavant", "قبل خمس سنوات"],
        Ever = "EVER" ["Ever", "Au cours de la vie", "في أي وقت"],
        SinceYear = "SINCE_YEAR" ["Since a given year", "Depuis une année donnée", "منذ سنة معينة"],
        Period = "PERIOD" ["A period", "Une période", "فترة"],
    }
}

vocabulary! {
    /// Group that the definition leaves out.
    ExcludedGroup "excluded-group" {
        Diplomats = "DIPLOMATS" ["Diplomats and members of missions", "Diplomates et membres de missions", "الدبلوماسيون وأعضاء البعثات"],
        Military = "MILITARY" ["Military", "Militaires", "العسكريون"],
        Students = "STUDENTS" ["Students", "Étudiants", "الطلبة"],
        Seasonal = "SEASONAL" ["Seasonal workers", "Saisonniers", "العمال الموسميون"],
        Refugees = "REFUGEES" ["Refugees", "Réfugiés", "اللاجئون"],
        Irregular = "IRREGULAR" ["Persons in an irregular situation", "Personnes en situation irrégulière", "الأشخاص في وضعية غير نظامية"],
        Institutional = "INSTITUTIONAL" ["Population in institutions", "Population en institution", "نزلاء المؤسسات"],
        Homeless = "HOMELESS" ["Homeless persons", "Personnes sans abri", "عديمو المأوى"],
        Nomads = "NOMADS" ["Nomads", "Nomades", "الرحل"],
        Tourists = "TOURISTS" ["Tourists", "Touristes", "السياح"],
    }
}

vocabulary! {
    /// Unit that is counted. Persons, permits, attempts and cases must never be added up.
    StatisticalUnit "statistical-unit" {
        Person = "PERSON" ["Person", "Personne", "شخص"],
        Household = "HOUSEHOLD" ["Household", "Ménage", "أسرة"],
        Permit = "PERMIT" ["Permit", "Titre", "سند"],
        Application = "APPLICATION" ["Application", "Demande", "طلب"],
        Contract = "CONTRACT" ["Contract", "Contrat", "عقد"],
        Attestation = "ATTESTATION" ["Attestation", "Attestation", "شهادة"],
        Placement = "PLACEMENT" ["Placement", "Placement", "إدماج في شغل"],
        Attempt = "ATTEMPT" ["Attempt", "Tentative", "محاولة"],
        Movement = "MOVEMENT" ["Observed movement", "Mouvement observé", "حركة مرصودة"],
        Arrival = "ARRIVAL" ["Arrival", "Arrivée", "وصول"],
        Event = "EVENT" ["Event or incident", "Événement", "حدث"],
        Case = "CASE" ["Case", "Affaire", "قضية"],
        Victim = "VICTIM" ["Victim", "Victime", "ضحية"],
        Transaction = "TRANSACTION" ["Transaction", "Transaction", "معاملة"],
        Student = "STUDENT" ["Student or pupil", "Élève ou étudiant", "تلميذ أو طالب"],
        Employee = "EMPLOYEE" ["Employee", "Salarié", "أجير"],
        Community = "COMMUNITY" ["Community", "Communauté", "جماعة سكانية"],
        Locality = "LOCALITY" ["Locality", "Localité", "محلة"],
        Country = "COUNTRY" ["Country", "Pays", "بلد"],
        Other = "OTHER" ["Other, see the text", "Autre, voir le texte", "أخرى، انظر النص"],
    }
}

vocabulary! {
    /// Quality dimension of the UN National Quality Assurance Framework and of the ESS.
    QualityDimension "quality-dimension" {
        Relevance = "RELEVANCE" ["Relevance", "Pertinence", "الملاءمة"],
        Accuracy = "ACCURACY" ["Accuracy and reliability", "Exactitude et fiabilité", "الدقة والموثوقية"],
        Timeliness = "TIMELINESS" ["Timeliness and punctuality", "Actualité et ponctualité", "الحداثة والالتزام بالمواعيد"],
        Accessibility = "ACCESSIBILITY" ["Accessibility and clarity", "Accessibilité et clarté", "سهولة الوصول والوضوح"],
        Coherence = "COHERENCE" ["Coherence and comparability", "Cohérence et comparabilité", "الاتساق وقابلية المقارنة"],
        Metadata = "METADATA" ["Management of metadata", "Gestion des métadonnées", "تدبير البيانات الوصفية"],
        Confidentiality = "CONFIDENTIALITY" ["Statistical confidentiality and data security", "Secret statistique et sécurité des données", "السرية الإحصائية وأمن البيانات"],
        Coordination = "COORDINATION" ["Coordination of the statistical system", "Coordination du système statistique", "تنسيق النظام الإحصائي"],
    }
}
