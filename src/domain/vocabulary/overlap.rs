//! Lists of pairs of records that may overlap, and of planned collections that clash.

use super::vocabulary;

vocabulary! {
    /// Why two records may be of the same thing.
    OverlapReason "overlap-reason" {
        SamePopulation = "SAME_POPULATION" ["The same reference population", "La même population de référence", "الفئة السكانية المرجعية نفسها"],
        SameTopic = "SAME_TOPIC" ["A topic in common", "Un sujet en commun", "موضوع مشترك"],
        SameMeasure = "SAME_MEASURE" ["They measure the same", "Ils mesurent la même chose", "يقيسان الشيء نفسه"],
        SameDirection = "SAME_DIRECTION" ["The same direction of movement", "Le même sens de mouvement", "اتجاه الحركة نفسه"],
        SameUnit = "SAME_UNIT" ["A unit in common", "Une unité en commun", "وحدة عد مشتركة"],
        SameArea = "SAME_AREA" ["The same area", "La même zone", "المنطقة نفسها"],
        AreaWithin = "AREA_WITHIN" ["One area lies in the other", "Une zone est dans l'autre", "إحدى المنطقتين داخل الأخرى"],
        /// The territory of one was passed on to the other, at least in part.
        SuccessorArea = "SUCCESSOR_AREA" ["One area took the place of the other", "Une zone a pris la place de l'autre", "إحدى المنطقتين حلت محل الأخرى"],
        OverlappingPeriod = "OVERLAPPING_PERIOD" ["Periods that overlap", "Périodes qui se chevauchent", "فترتان متداخلتان"],
        SimilarTitle = "SIMILAR_TITLE" ["The titles are alike", "Les titres se ressemblent", "العنوانان متشابهان"],
        SameProducer = "SAME_PRODUCER" ["The same producer", "Le même producteur", "المنتج نفسه"],
        SameProgramme = "SAME_PROGRAMME" ["The same programme", "Le même programme", "البرنامج نفسه"],
    }
}

vocabulary! {
    /// Where a pair that may overlap stands.
    OverlapState "overlap-state" {
        /// Computed from the records; nobody has looked at it yet.
        Candidate = "CANDIDATE" ["Computed, not yet looked at", "Calculé, pas encore examiné", "محسوب ولم يُنظر فيه بعد"],
        /// One of the two records names the other.
        Declared = "DECLARED" ["Named by one of the records", "Indiqué par l'une des fiches", "مذكور في أحد السجلين"],
        Confirmed = "CONFIRMED" ["Confirmed by a person", "Confirmé par une personne", "أكده شخص"],
        Rejected = "REJECTED" ["Rejected by a person", "Écarté par une personne", "استبعده شخص"],
    }
}
