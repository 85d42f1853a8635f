//! Lists of the comparison of records.

use super::vocabulary;

vocabulary! {
    /// Whether figures of two records can be compared. It is no number, and it says nothing of how good a record is.
    ComparabilityVerdict "comparability-verdict" {
        /// Everything that would speak against it is documented, and nothing does.
        Comparable = "COMPARABLE" ["Comparable", "Comparable", "قابلة للمقارنة"],
        /// Each difference is named with its rule.
        WithCaution = "WITH_CAUTION" ["Comparable with caution", "Comparable avec prudence", "قابلة للمقارنة بحذر"],
        NotComparable = "NOT_COMPARABLE" ["Not comparable", "Non comparable", "غير قابلة للمقارنة"],
        /// What would decide is not documented, or not shown to whoever asks. It may be comparable, or not.
        NotDocumented = "NOT_DOCUMENTED" ["Cannot be told: what would decide is not documented here", "Impossible à dire : ce qui en déciderait n'est pas documenté ici", "لا يمكن الجزم: ما يحسم ذلك غير موثق هنا"],
    }
}

vocabulary! {
    /// What two records are compared on.
    ComparisonFacet "comparison-facet" {
        /// The definition as it is named, and its words. It is shown, and gives no verdict: definitions are compared on the facets below.
        Definition = "DEFINITION" ["Definition", "Définition", "التعريف"],
        Unit = "UNIT" ["Unit that is counted", "Unité comptée", "وحدة العد"],
        Basis = "BASIS" ["What makes a person or event count", "Ce qui fait compter une personne ou un événement", "ما يجعل الشخص أو الحدث محسوبا"],
        Direction = "DIRECTION" ["Direction of the movement", "Sens du mouvement", "اتجاه الحركة"],
        Measure = "MEASURE" ["What is measured", "Ce qui est mesuré", "ما يقاس"],
        /// In months; 0 means that there is none.
        DurationThreshold = "DURATION_THRESHOLD" ["Minimum duration", "Durée minimale", "المدة الدنيا"],
        DurationBasis = "DURATION_BASIS" ["How the duration is understood", "Comment la durée s'entend", "كيفية فهم المدة"],
        ReferencePoint = "REFERENCE_POINT" ["Point in time referred to", "Moment de référence", "النقطة الزمنية المرجعية"],
        AgeLimits = "AGE_LIMITS" ["Ages counted", "Âges comptés", "الأعمار المحسوبة"],
        ExcludedGroups = "EXCLUDED_GROUPS" ["Groups left out", "Groupes exclus", "الفئات المستثناة"],
        Population = "POPULATION" ["Reference population", "Population de référence", "الفئة السكانية المرجعية"],
        /// Where the data are collected or reported. Two countries are no difference of definition.
        ReportingArea = "REPORTING_AREA" ["Reporting area and its division", "Zone de référence et son découpage", "منطقة الإبلاغ وتقسيمها"],
        Period = "PERIOD" ["Reference period", "Période de référence", "الفترة المرجعية"],
        /// It is shown, and gives no verdict.
        SourceType = "SOURCE_TYPE" ["Type of source", "Type de source", "نوع المصدر"],
        Selection = "SELECTION" ["Way of selection", "Mode de sélection", "طريقة الاختيار"],
        Frame = "FRAME" ["Sampling frame", "Base de sondage", "قاعدة المعاينة"],
        Breaks = "BREAKS" ["Breaks in the series", "Ruptures de série", "انقطاعات السلسلة"],
        /// Such as first permits that are mixed with renewals. They are shown, and give no verdict.
        KnownLimits = "KNOWN_LIMITS" ["Known limits", "Limites connues", "الحدود المعروفة"],
    }
}

vocabulary! {
    /// How two records stand to each other on one facet.
    FacetDifference "facet-difference" {
        Same = "SAME" ["The same", "Identique", "متطابق"],
        /// Some values are shared, or one takes in the other.
        Partly = "PARTLY" ["The same in part", "Identique en partie", "متطابق جزئيا"],
        Different = "DIFFERENT" ["Different", "Différent", "مختلف"],
        /// Described in words that are not the same words: a person has to read them side by side.
        InWords = "IN_WORDS" ["In words, to be read side by side", "En toutes lettres, à lire côte à côte", "موصوف بالكلمات، يُقرأ جنبا إلى جنب"],
        /// The same flow, seen from the other side.
        Mirror = "MIRROR" ["Seen from the other side", "Vu de l'autre côté", "منظور إليه من الجانب الآخر"],
        OtherAreas = "OTHER_AREAS" ["Other areas", "Autres zones", "مناطق أخرى"],
        OtherDivision = "OTHER_DIVISION" ["Another division of the territory", "Autre découpage du territoire", "تقسيم ترابي آخر"],
        /// Neither both of the country as a whole nor of a place that both divisions have.
        NoCommonArea = "NO_COMMON_AREA" ["Other divisions of the territory, no common area", "Autres découpages du territoire, sans zone commune", "تقسيمان ترابيان مختلفان دون منطقة مشتركة"],
        Apart = "APART" ["Periods that do not meet", "Périodes qui ne se rencontrent pas", "فترتان لا تلتقيان"],
        Break = "BREAK" ["A break in the series lies between", "Une rupture de série se trouve entre les deux", "يوجد بينهما انقطاع في السلسلة"],
        /// One of the two at least chose its units by other means than chance.
        NotByChance = "NOT_BY_CHANCE" ["Not chosen by chance", "Non tiré au hasard", "غير مختار عشوائيا"],
        /// One of the two at least joins a sample drawn by chance with one that is not.
        PartlyByChance = "PARTLY_BY_CHANCE" ["Chosen by chance in part", "Tiré au hasard en partie", "مختار عشوائيا جزئيا"],
        /// One counts all of them, the other draws a sample by chance.
        AllAndSample = "ALL_AND_SAMPLE" ["All of them, and a sample drawn by chance", "Tous, et un échantillon tiré au hasard", "الجميع، وعينة مسحوبة عشوائيا"],
        /// The facet is of one of the two only: on the other there is nothing of the kind.
        OneSided = "ONE_SIDED" ["On one side only", "D'un seul côté", "في جانب واحد فقط"],
        Undocumented = "UNDOCUMENTED" ["Not documented on one side or both", "Non documenté d'un côté ou des deux", "غير موثق في أحد الجانبين أو كليهما"],
        Hidden = "HIDDEN" ["Hidden from this reader", "Non montré à ce lecteur", "محجوب عن هذا القارئ"],
    }
}
