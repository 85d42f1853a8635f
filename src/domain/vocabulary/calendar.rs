//! Lists of the calendar.

use super::vocabulary;

vocabulary! {
    /// What an entry of the calendar is.
    CalendarKind "calendar-kind" {
        /// Data are collected: fieldwork, a count, an extract of a register.
        Collection = "COLLECTION" ["Collection", "Collecte", "جمع البيانات"],
        /// Figures or files are released.
        Release = "RELEASE" ["Release", "Diffusion", "نشر"],
        /// The record is due for review.
        Review = "REVIEW" ["Review of the record", "Révision de la fiche", "مراجعة السجل"],
        /// Last day of an agreement; of one that is renewed tacitly, of its present span.
        AgreementEnd = "AGREEMENT_END" ["Last day of an agreement", "Dernier jour d'un accord", "آخر يوم في الاتفاق"],
        /// First day on which access is possible.
        EmbargoEnd = "EMBARGO_END" ["End of an embargo", "Fin d'un embargo", "انتهاء الحظر على البيانات"],
        /// Last day on which others can still agree with a producer on a planned collection.
        CoordinationEnd = "COORDINATION_END" ["Last day open to coordination", "Dernier jour ouvert à la coordination", "آخر يوم مفتوح للتنسيق"],
        /// A meeting or workshop.
        Meeting = "MEETING" ["Meeting or workshop", "Réunion ou atelier", "اجتماع أو ورشة عمل"],
    }
}

vocabulary! {
    /// How an entry of the calendar stands, by what was told and by what the dates make of it.
    CalendarState "calendar-state" {
        Planned = "PLANNED" ["Planned", "Prévu", "مبرمج"],
        /// Its date was put off to a later one; each change is kept with its reason.
        Postponed = "POSTPONED" ["Postponed", "Reporté", "مؤجل"],
        /// By the documented dates it has begun and has not ended.
        Ongoing = "ONGOING" ["Going on by its dates", "En cours d'après les dates", "جار حسب التواريخ"],
        /// It was told as done, or its documented dates are past.
        Done = "DONE" ["Done", "Réalisé", "منجز"],
        /// Given up, with a reason.
        Cancelled = "CANCELLED" ["Cancelled", "Annulé", "ملغى"],
        /// It has begun; whether and when it ended is not documented.
        NotDocumented = "NOT_DOCUMENTED" ["Its end is not documented", "La fin n'est pas documentée", "نهايته غير موثقة"],
    }
}

vocabulary! {
    /// Where an entry of the calendar comes from.
    CalendarBasis "calendar-basis" {
        /// It was not registered: the published record of the dataset documents the date.
        Record = "RECORD" ["Documented by the record", "Documenté par la fiche", "موثق في السجل"],
        /// The date is that of a registered agreement.
        Agreement = "AGREEMENT" ["Follows from an agreement", "Découle d'un accord", "ناتج عن اتفاق"],
        /// An institution registered it.
        Registered = "REGISTERED" ["Registered by an institution", "Enregistré par une institution", "سجلته مؤسسة"],
    }
}

vocabulary! {
    /// How exactly a date is documented.
    DatePrecision "date-precision" {
        Year = "YEAR" ["To the year", "À l'année", "بالسنة"],
        Month = "MONTH" ["To the month", "Au mois", "بالشهر"],
        Day = "DAY" ["To the day", "Au jour", "باليوم"],
    }
}

vocabulary! {
    /// Who sees a meeting that is about no dataset.
    MeetingVisibility "meeting-visibility" {
        Public = "PUBLIC" ["Anyone", "Tout le monde", "الجميع"],
        Members = "MEMBERS" ["Signed-in people", "Personnes connectées", "المسجل دخولهم"],
    }
}
