use super::vocabulary;

vocabulary! {
    /// What kind of answer a question of an access form asks for.
    QuestionKind "question-kind" {
        Text = "TEXT" ["Short text", "Texte court", "نص قصير"],
        LongText = "LONG_TEXT" ["Long text", "Texte long", "نص طويل"],
        /// The code of one option.
        Choice = "CHOICE" ["One of several options", "Un choix parmi plusieurs", "اختيار واحد من بين خيارات"],
        /// The codes of options.
        Choices = "CHOICES" ["Any number of options", "Plusieurs choix possibles", "اختيارات متعددة"],
        /// A day, `YYYY-MM-DD`.
        Date = "DATE" ["Date", "Date", "تاريخ"],
        /// A beginning and an end, each `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
        Period = "PERIOD" ["Period", "Période", "فترة"],
        Number = "NUMBER" ["Number", "Nombre", "عدد"],
        /// Name, function, institution and e-mail address.
        Person = "PERSON" ["Person", "Personne", "شخص"],
        Persons = "PERSONS" ["Persons", "Personnes", "أشخاص"],
        /// The code of a country in the scheme PLACES.
        Country = "COUNTRY" ["Country", "Pays", "بلد"],
        /// Codes of countries in the scheme PLACES.
        Countries = "COUNTRIES" ["Countries", "Pays (plusieurs)", "بلدان"],
        /// The short name of an institution of the catalogue, or the name of another.
        Institution = "INSTITUTION" ["Institution", "Institution", "مؤسسة"],
        YesNo = "YES_NO" ["Yes or no", "Oui ou non", "نعم أو لا"],
        /// A kind of legal basis with its reference and a note.
        LegalBasis = "LEGAL_BASIS" ["Legal basis", "Base légale", "سند قانوني"],
        /// Names of variables of the dataset.
        Variables = "VARIABLES" ["Variables", "Variables", "متغيرات"],
        /// A statement that must be agreed to.
        Agreement = "AGREEMENT" ["Agreement to a statement", "Acceptation d'une déclaration", "موافقة على بيان"],
    }
}

vocabulary! {
    /// On what the use of data rests.
    LegalBasisKind "legal-basis-kind" {
        Law = "LAW" ["A law or decree gives the task", "Une loi ou un décret confie la mission", "قانون أو مرسوم يسند المهمة"],
        PublicTask = "PUBLIC_TASK" ["Task of public interest of the institution", "Mission d'intérêt public de l'institution", "مهمة ذات نفع عام للمؤسسة"],
        Agreement = "AGREEMENT" ["Agreement between institutions", "Convention entre institutions", "اتفاقية بين مؤسسات"],
        Consent = "CONSENT" ["Consent of the persons concerned", "Consentement des personnes concernées", "موافقة الأشخاص المعنيين"],
        /// A decision of the data-protection authority.
        Authorisation = "AUTHORISATION" ["Authorisation by the data-protection authority", "Autorisation de l'autorité de protection des données", "ترخيص من سلطة حماية المعطيات"],
        Research = "RESEARCH" ["Provision for scientific or statistical purposes", "Disposition relative aux fins scientifiques ou statistiques", "مقتضى خاص بالأغراض العلمية أو الإحصائية"],
        AccessToInformation = "ACCESS_TO_INFORMATION" ["Right of access to information", "Droit d'accès à l'information", "الحق في الحصول على المعلومات"],
        Other = "OTHER" ["Another basis, given in the note", "Autre base, précisée dans la note", "سند آخر مبين في الملاحظة"],
    }
}

vocabulary! {
    /// Where a version of an access form stands.
    FormState "form-state" {
        Draft = "DRAFT" ["Being written by the access officer", "En rédaction par le responsable des accès", "قيد التحرير لدى مسؤول الوصول"],
        /// Never changes again; a newer version may be in force.
        Published = "PUBLISHED" ["Published", "Publié", "منشور"],
    }
}
