//! What becomes of a field in a format that cannot carry it whole.

use super::vocabulary;

vocabulary! {
    /// What becomes of a field in a format that does not carry it as it is.
    LossEffect "loss-effect" {
        NotCarried = "NOT_CARRIED" [
            "It is left out: the format has no place for it",
            "Le champ est omis : le format n'a pas de place pour lui",
            "يُحذف الحقل لأن التنسيق لا يتضمن مكاناً له"
        ],
        CarriedAsText = "CARRIED_AS_TEXT" [
            "It is told in words or by an address, from which no program gets the field back",
            "Il est dit en mots ou par une adresse, dont aucun programme ne peut retrouver le champ",
            "يُذكر بكلمات أو بعنوان لا يستطيع أي برنامج أن يستعيد الحقل منه"
        ],
        CarriedInPart = "CARRIED_IN_PART" [
            "It is carried in part, or less exactly",
            "Il est repris en partie, ou moins exactement",
            "يُنقل جزئياً أو بدقة أقل"
        ],
        WithoutStatus = "WITHOUT_STATUS" [
            "The words are carried; whether a wording is official or a translation is not",
            "Les mots sont repris ; le statut de chaque version, officielle ou traduite, ne l'est pas",
            "تُنقل الكلمات دون بيان ما إذا كانت الصيغة رسمية أو مترجمة"
        ],
        /// Another registry like this one loses nothing.
        ExtensionOnly = "EXTENSION_ONLY" [
            "It is carried only in terms that a registry like this one reads; others do not see it",
            "Il est repris seulement dans des termes que lit un registre comme celui-ci ; les autres ne le voient pas",
            "يُنقل فقط بمصطلحات يقرؤها سجل مثل هذا السجل، ولا يراه غيره"
        ],
        /// Another registry like this one loses nothing.
        PartInExtension = "PART_IN_EXTENSION" [
            "Others see a part of it; the rest is carried in terms that a registry like this one reads",
            "Les autres en voient une partie ; le reste est repris dans des termes que lit un registre comme celui-ci",
            "يرى الآخرون جزءاً منه، ويُنقل الباقي بمصطلحات يقرؤها سجل مثل هذا السجل"
        ],
        /// Another registry like this one loses nothing.
        StatusInExtension = "STATUS_IN_EXTENSION" [
            "Others see the words; whether a wording is official or a translation is carried in terms that a registry like this one reads",
            "Les autres voient les mots ; le statut de chaque version est repris dans des termes que lit un registre comme celui-ci",
            "يرى الآخرون الكلمات، أما صفة كل صيغة، رسمية أو مترجمة، فتُنقل بمصطلحات يقرؤها سجل مثل هذا السجل"
        ],
    }
}
