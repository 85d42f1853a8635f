use super::vocabulary;

vocabulary! {
    /// Geographic level of figures, from coarse to fine. Levels are recorded twice: collected and released.
    GeographicLevel "geographic-level" {
        World = "WORLD" ["World", "Monde", "العالم"],
        CountryGroup = "COUNTRY_GROUP" ["Group of countries", "Groupe de pays", "مجموعة بلدان"],
        Country = "COUNTRY" ["Country", "Pays", "البلد"],
        /// For example a Moroccan region, a Tunisian or Egyptian governorate, an Algerian wilaya.
        Region = "REGION" ["First administrative division (region)", "Première division administrative (région)", "التقسيم الإداري الأول (الجهة)"],
        /// For example a Moroccan province or prefecture.
        Province = "PROVINCE" ["Second administrative division (province or prefecture)", "Deuxième division administrative (province ou préfecture)", "التقسيم الإداري الثاني (الإقليم أو العمالة)"],
        Commune = "COMMUNE" ["Municipality", "Commune", "الجماعة"],
        Locality = "LOCALITY" ["City, quarter or locality", "Ville, quartier ou localité", "المدينة أو الحي أو المحلة"],
    }
}

vocabulary! {
    /// How often the source is collected or updated.
    Frequency "frequency" {
        Continuous = "CONTINUOUS" ["Continuous", "Continue", "مستمرة"],
        Daily = "DAILY" ["Daily", "Quotidienne", "يومية"],
        Weekly = "WEEKLY" ["Weekly", "Hebdomadaire", "أسبوعية"],
        Monthly = "MONTHLY" ["Monthly", "Mensuelle", "شهرية"],
        Quarterly = "QUARTERLY" ["Quarterly", "Trimestrielle", "ربع سنوية"],
        Semiannual = "SEMIANNUAL" ["Half-yearly", "Semestrielle", "نصف سنوية"],
        Annual = "ANNUAL" ["Annual", "Annuelle", "سنوية"],
        Biennial = "BIENNIAL" ["Every two years", "Bisannuelle", "كل سنتين"],
        Quinquennial = "QUINQUENNIAL" ["Every five years", "Quinquennale", "كل خمس سنوات"],
        Decennial = "DECENNIAL" ["Every ten years", "Décennale", "كل عشر سنوات"],
        Irregular = "IRREGULAR" ["Irregular", "Irrégulière", "غير منتظمة"],
        Once = "ONCE" ["One-off", "Ponctuelle", "مرة واحدة"],
        Unknown = "UNKNOWN" ["Unknown", "Inconnue", "غير معروفة"],
    }
}

vocabulary! {
    /// How certainly a record answers a filter.
    MatchCertainty "match-certainty" {
        Certain = "CERTAIN" ["The record documents that it matches", "La fiche documente la correspondance", "السجل يوثق المطابقة"],
        /// What is missing is said in the match notes.
        Possible = "POSSIBLE" ["Nothing excludes a match, but something is not documented", "Rien n'exclut la correspondance, mais un élément n'est pas documenté", "لا شيء يستبعد المطابقة لكن عنصرا غير موثق"],
    }
}

vocabulary! {
    /// How a period filter compares with the reference period of a record.
    PeriodMatch "period-match" {
        Overlaps = "OVERLAPS" ["Part of the reference period lies in the window", "Une partie de la période est dans la fenêtre", "جزء من الفترة المرجعية داخل النافذة"],
        Within = "WITHIN" ["The whole reference period lies in the window", "Toute la période est dans la fenêtre", "كل الفترة المرجعية داخل النافذة"],
    }
}

vocabulary! {
    /// Whether the collection is planned, goes on, or is finished.
    CollectionStatus "collection-status" {
        Planned = "PLANNED" ["Planned", "Planifiée", "مبرمجة"],
        Ongoing = "ONGOING" ["Ongoing", "En cours", "جارية"],
        Completed = "COMPLETED" ["Completed", "Achevée", "منجزة"],
    }
}
