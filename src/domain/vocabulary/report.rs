//! Lists of the indicators of Objective 1 of the Global Compact and of reports.

use super::vocabulary;

vocabulary! {
    /// What the value of an indicator is.
    IndicatorUnit "indicator-unit" {
        /// From 0 to 1: numerator by denominator.
        Share = "SHARE" ["Share", "Part", "نسبة"],
        Count = "COUNT" ["Number", "Nombre", "عدد"],
        Days = "DAYS" ["Days", "Jours", "أيام"],
        Months = "MONTHS" ["Months", "Mois", "أشهر"],
        /// Points that are documented, of all points of a list.
        Checklist = "CHECKLIST" ["Checklist", "Liste de contrôle", "قائمة تحقق"],
        List = "LIST" ["List", "Liste", "قائمة"],
    }
}

vocabulary! {
    /// From what an indicator is made.
    IndicatorBasis "indicator-basis" {
        Computed = "COMPUTED" ["Computed from the records", "Calculé à partir des fiches", "محسوب من السجلات"],
        Registered = "REGISTERED" ["Taken from the registers that institutions keep", "Tiré des registres tenus par les institutions", "مستخرج من السجلات التي تمسكها المؤسسات"],
    }
}

vocabulary! {
    /// Why an indicator has no value. None of these is a zero.
    IndicatorSilence "indicator-silence" {
        /// No record documents what would decide. That says nothing on whether it exists.
        NotDocumented = "NOT_DOCUMENTED" ["Not documented in the catalogue", "Non documenté dans le catalogue", "غير موثق في الفهرس"],
        /// None of the validated records documents it; there are records that are published and not validated, which were not looked at.
        NotInValidated = "NOT_IN_VALIDATED" ["Nothing in the validated records", "Rien dans les fiches validées", "لا شيء في السجلات المصادق عليها"],
        NothingRegistered = "NOTHING_REGISTERED" ["Nothing registered", "Rien d'enregistré", "لا شيء مسجل"],
        /// Too few cases to be published.
        Withheld = "WITHHELD" ["Withheld: too few cases", "Non publié : trop peu de cas", "محجوب: عدد الحالات قليل جدا"],
        /// The change log of the catalogue begins after the day.
        BeforeLog = "BEFORE_LOG" ["The catalogue began after this day", "Le catalogue a commencé après ce jour", "بدأ الفهرس بعد هذا اليوم"],
    }
}

vocabulary! {
    /// Which records a report and its indicators are made from.
    RecordScope "record-scope" {
        /// Those of which the producer validated the version shown.
        Validated = "VALIDATED" ["Records validated by their producer", "Fiches validées par leur producteur", "السجلات التي صادق عليها منتجها"],
        /// All published ones; a report on these is a draft and says so.
        Published = "PUBLISHED" ["All published records", "Toutes les fiches publiées", "كل السجلات المنشورة"],
    }
}

vocabulary! {
    /// Registers that institutions keep beside the records.
    ReportRegister "report-register" {
        Strategy = "STRATEGY" ["Strategy for migration data", "Stratégie pour les données migratoires", "استراتيجية بيانات الهجرة"],
        Invitation = "INVITATION" ["Institution invited to take part", "Institution invitée à participer", "مؤسسة مدعوة للمشاركة"],
        FocalPoint = "FOCAL_POINT" ["Focal point", "Point focal", "جهة اتصال"],
        Need = "NEED" ["Capacity need", "Besoin de capacité", "حاجة إلى القدرات"],
        Offer = "OFFER" ["Offer that answers a need", "Offre répondant à un besoin", "عرض يستجيب لحاجة"],
        Training = "TRAINING" ["Training, as reported", "Formation, telle que rapportée", "تكوين كما أُبلغ عنه"],
        Challenge = "CHALLENGE" ["Challenge", "Difficulté", "تحد"],
        GoodPractice = "GOOD_PRACTICE" ["Good practice", "Bonne pratique", "ممارسة جيدة"],
        Comparison = "COMPARISON" ["Pair of sources that was compared", "Paire de sources comparée", "زوج من المصادر تمت مقارنته"],
        Discrepancy = "DISCREPANCY" ["Explanation of figures that differ", "Explication de chiffres qui diffèrent", "تفسير أرقام متباينة"],
        Duplicate = "DUPLICATE" ["Possible duplicate", "Doublon possible", "تكرار محتمل"],
        CrossCountryRequest = "CROSS_COUNTRY_REQUEST" ["Request between countries", "Demande entre pays", "طلب بين البلدان"],
        TableRelease = "TABLE_RELEASE" ["Release of the migration tables of a census", "Diffusion des tableaux migratoires d'un recensement", "نشر جداول الهجرة لإحصاء"],
        Profile = "PROFILE" ["Migration profile of a country", "Profil migratoire d'un pays", "الملف الوطني للهجرة"],
        NextStep = "NEXT_STEP" ["Next step", "Prochaine étape", "خطوة مقبلة"],
        NotCollected = "NOT_COLLECTED" ["Statement that something is not collected", "Déclaration de non-collecte", "تصريح بعدم الجمع"],
    }
}

vocabulary! {
    /// Where an entry of a register stands, as far as indicators ask.
    FactState "fact-state" {
        Open = "OPEN" ["Open", "Ouvert", "مفتوح"],
        /// An offer or an answer was matched with it.
        Answered = "ANSWERED" ["Answered", "Réponse apportée", "تمت الاستجابة"],
        /// Done, met, settled or in force.
        Settled = "SETTLED" ["Settled", "Réglé", "تمت التسوية"],
    }
}
