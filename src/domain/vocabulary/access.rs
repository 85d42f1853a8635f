use super::vocabulary;

vocabulary! {
    /// How far the figures or the microdata of a dataset are open, and to whom. Aggregates and microdata carry
    /// one level each; the holder decides, never the catalogue.
    AccessLevel "access-level" {
        Open = "OPEN" ["Open: anyone, open licence", "Ouvert", "مفتوح"],
        PublishedReports = "PUBLISHED_REPORTS" ["Published tables or reports only", "Tableaux ou rapports publiés", "تقارير منشورة"],
        /// A reference that can be cited is missing.
        PressFigures = "PRESS_FIGURES" ["Figures only communicated to the press or parliament", "Chiffres communiqués seulement", "أرقام معلنة فقط"],
        Puf = "PUF" ["Public-use microdata file", "Fichier de microdonnées à usage public", "ملف بيانات دقيقة للاستعمال العام"],
        Registered = "REGISTERED" ["Registered users with terms of use", "Utilisateurs enregistrés", "مستخدمون مسجلون"],
        Licensed = "LICENSED" ["Licensed research file after approval", "Fichier sous licence après approbation", "ملف مرخص بعد الموافقة"],
        AggregatesOnRequest = "AGGREGATES_ON_REQUEST" ["Aggregates made on request", "Agrégats à la demande", "بيانات مجمعة عند الطلب"],
        Secure = "SECURE" ["Secure room or remote execution, outputs checked", "Centre sécurisé, sorties contrôlées", "مركز مؤمن"],
        Interagency = "INTERAGENCY" ["Between public bodies under an agreement", "Entre organismes publics sous convention", "بين المؤسسات بموجب اتفاقية"],
        NotShared = "NOT_SHARED" ["Not shared", "Non communiqué", "غير متاح"],
        NotApplicable = "NOT_APPLICABLE" ["No microdata", "Sans objet", "لا ينطبق"],
        /// Nobody has documented the level. Unknown is not the same as closed.
        Unknown = "UNKNOWN" ["Unknown", "Inconnu", "غير معروف"],
    }
}

vocabulary! {
    /// Whether a statement on access was quoted from the holder or a published source, or is an assumption to confirm.
    StatementBasis "statement-basis" {
        Quoted = "QUOTED" ["Seen in a source", "Vu dans une source", "ورد في مصدر"],
        Assumed = "ASSUMED" ["Assumed, to be confirmed with the holder", "Supposé, à confirmer auprès du détenteur", "مفترض، يؤكَّد لدى الجهة الحائزة"],
    }
}

vocabulary! {
    /// Where a request for access goes. The request is always decided by the holder.
    RequestChannel "request-channel" {
        InSystem = "IN_SYSTEM" ["Request form in this catalogue", "Formulaire dans ce catalogue", "استمارة طلب في هذا الفهرس"],
        Url = "URL" ["Address on the web", "Adresse sur le web", "عنوان على الشبكة"],
        Desk = "DESK" ["Desk of the institution", "Guichet de l'institution", "مكتب المؤسسة"],
        Unknown = "UNKNOWN" ["Not documented: write to the institution", "Non documenté : écrire à l'institution", "غير موثق: راسلوا المؤسسة"],
    }
}

vocabulary! {
    /// The part an institution has in a dataset.
    HoldingRole "holding-role" {
        Producer = "PRODUCER" ["Producer", "Producteur", "المنتِج"],
        Holder = "HOLDER" ["Holder", "Détenteur", "الحائز"],
        Disseminator = "DISSEMINATOR" ["Disseminator", "Diffuseur", "الناشر"],
    }
}
