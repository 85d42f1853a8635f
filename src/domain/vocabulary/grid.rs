//! Lists of the coverage grid.

use super::vocabulary;

vocabulary! {
    /// What the rows or columns of a coverage grid are.
    GridDimension "grid-dimension" {
        /// A topic; a record is in the row of each of its topics.
        Theme = "THEME" ["Topic", "Sujet", "الموضوع"],
        /// A group of topics.
        ThemeGroup = "THEME_GROUP" ["Group of topics", "Groupe de sujets", "مجموعة المواضيع"],
        /// Where the data are collected or reported.
        ReportingArea = "REPORTING_AREA" ["Reporting area", "Zone de référence", "منطقة الإبلاغ"],
        /// Where the movement starts.
        Origin = "ORIGIN" ["Place of origin", "Lieu d'origine", "مكان المنشأ"],
        /// Where the movement leads.
        Destination = "DESTINATION" ["Place of destination", "Lieu de destination", "مكان المقصد"],
        /// A calendar year that the reference period touches.
        Year = "YEAR" ["Year", "Année", "السنة"],
        /// A breakdown of the figures.
        Disaggregation = "DISAGGREGATION" ["Breakdown", "Ventilation", "التفصيل"],
        /// Producer or holder, in alphabetical order: the grid ranks nobody.
        Institution = "INSTITUTION" ["Producer or holder", "Producteur ou détenteur", "المنتج أو الحائز"],
        /// Type of source.
        SourceType = "SOURCE_TYPE" ["Type of source", "Type de source", "نوع المصدر"],
        /// Access to aggregates, of any holding.
        AggregatesAccess = "AGGREGATES_ACCESS" ["Access to aggregates", "Accès aux agrégats", "الوصول إلى البيانات المجمعة"],
        /// Access to microdata, of any holding.
        MicrodataAccess = "MICRODATA_ACCESS" ["Access to microdata", "Accès aux microdonnées", "الوصول إلى البيانات الدقيقة"],
        /// An objective of the Global Compact for Migration.
        GcmObjective = "GCM_OBJECTIVE" ["GCM objective", "Objectif du Pacte mondial", "هدف الاتفاق العالمي للهجرة"],
        /// An indicator of the Sustainable Development Goals.
        SdgIndicator = "SDG_INDICATOR" ["SDG indicator", "Indicateur des ODD", "مؤشر أهداف التنمية المستدامة"],
    }
}

vocabulary! {
    /// What the catalogue knows of a cell of the coverage grid.
    CellState "cell-state" {
        /// At least one record documents that figures are released here.
        Released = "RELEASED" ["Figures are released", "Des chiffres sont diffusés", "توجد أرقام منشورة"],
        /// At least one record documents that it is collected here; none that figures are released. Whether they are kept back or nobody has
        /// documented their release is told by each record.
        ExistsNotReleased = "EXISTS_NOT_RELEASED" ["Collected, no release documented", "Collecté, aucune diffusion documentée", "تُجمع بياناته دون نشر موثق"],
        /// Somebody has stated that it is not collected. Nothing else makes a cell say so.
        NotCollected = "NOT_COLLECTED" ["Stated as not collected", "Déclaré non collecté", "صُرّح بأنه لا تُجمع بياناته"],
        /// Nothing is documented in the catalogue. That says nothing on whether data exist.
        NotDocumented = "NOT_DOCUMENTED" ["Not documented here", "Non documenté ici", "غير موثق هنا"],
    }
}

#[cfg(test)]
mod tests {
    use super::super::Vocabulary;
    use super::*;

    #[test]
    fn what_is_not_documented_is_never_called_absent() {
        let [en, fr, ar] = CellState::NotDocumented.labels();
        for word in ["absent", "no data", "missing", "gap", "aucun", "manque", "لا يوجد", "لا توجد"] {
            assert!([en, fr, ar].iter().all(|label| !label.to_lowercase().contains(word)), "{word}");
        }
    }
}
