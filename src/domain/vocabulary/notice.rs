use super::vocabulary;

vocabulary! {
    /// What a notice tells a person who takes part in the catalogue. The label is the sentence that the list of notices
    /// shows, without a full stop; the title of the record, the institution or the search stands beside it.
    NoticeKind "notice-kind" {
        DraftSubmitted = "DRAFT_SUBMITTED" ["A draft was submitted for validation", "Un brouillon a été soumis à validation", "قُدمت مسودة للمصادقة"],
        /// The reason says what is missing.
        DraftReturned = "DRAFT_RETURNED" ["A draft was returned to be completed or corrected", "Un brouillon a été renvoyé pour être complété ou corrigé", "أُعيدت مسودة لاستكمالها أو تصحيحها"],
        DraftValidated = "DRAFT_VALIDATED" ["A draft was validated by the producer", "Un brouillon a été validé par le producteur", "صادق المنتِج على مسودة"],
        DatasetPublished = "DATASET_PUBLISHED" ["A record was published", "Une fiche a été publiée", "نُشر سجل في الفهرس"],
        DatasetRetired = "DATASET_RETIRED" ["A record was retired", "Une fiche a été retirée", "سُحب سجل من الفهرس"],
        DatasetTransferred = "DATASET_TRANSFERRED" ["A record was transferred to another institution", "Une fiche a été transférée à une autre institution", "نُقل سجل إلى مؤسسة أخرى"],
        /// Not the validation by the producer: these are two facts.
        DatasetReviewed = "DATASET_REVIEWED" ["A record was reviewed by the coordinator", "Une fiche a été revue par le coordinateur", "راجع المنسق سجلا"],
        ReviewWithdrawn = "REVIEW_WITHDRAWN" ["The coordinator's review of a record was withdrawn", "La revue d'une fiche par le coordinateur a été retirée", "سُحبت مراجعة المنسق لسجل"],
        HoldingDeclared = "HOLDING_DECLARED" ["An institution declared that it holds a dataset", "Une institution a déclaré détenir un jeu de données", "صرحت مؤسسة بحيازتها مجموعة بيانات"],
        HoldingUpdated = "HOLDING_UPDATED" ["A declared holding was changed", "Une détention déclarée a été modifiée", "عُدل تصريح بحيازة مجموعة بيانات"],
        HoldingConfirmed = "HOLDING_CONFIRMED" ["The producer confirmed a declared holding", "Le producteur a confirmé une détention déclarée", "أكد المنتِج تصريحا بحيازة مجموعة بيانات"],
        HoldingContested = "HOLDING_CONTESTED" ["The producer contested a declared holding", "Le producteur a contesté une détention déclarée", "اعترض المنتِج على تصريح بحيازة مجموعة بيانات"],
        HoldingWithdrawn = "HOLDING_WITHDRAWN" ["A declared holding was withdrawn", "Une détention déclarée a été retirée", "سُحب تصريح بحيازة مجموعة بيانات"],
        MembershipGranted = "MEMBERSHIP_GRANTED" ["You were given a role in the catalogue", "Un rôle vous a été attribué dans le catalogue", "أُسند إليكم دور في الفهرس"],
        MembershipRevoked = "MEMBERSHIP_REVOKED" ["One of your roles in the catalogue has ended", "L'un de vos rôles dans le catalogue a pris fin", "انتهى أحد أدواركم في الفهرس"],
        /// Registered, changed, suspended, resumed, or notice was given.
        AgreementChanged = "AGREEMENT_CHANGED" ["An agreement of your institution was changed", "Un accord de votre institution a été modifié", "عُدل اتفاق تعنى به مؤسستكم"],
        AgreementSigned = "AGREEMENT_SIGNED" ["An agreement was signed", "Un accord a été signé", "وُقع اتفاق"],
        /// The day that must not be missed stands behind the title: the last day, or the last one for notice against tacit renewal.
        AgreementEndsSoon = "AGREEMENT_ENDS_SOON" ["An agreement ends soon, or is soon renewed", "Un accord arrive bientôt à terme ou à reconduction", "اتفاق يقترب من نهايته أو من تجديده"],
        AgreementEnded = "AGREEMENT_ENDED" ["An agreement has ended", "Un accord a pris fin", "انتهى اتفاق"],
        ReviewDue = "REVIEW_DUE" ["The review date of a record has come", "La date de révision d'une fiche est arrivée", "حل موعد مراجعة سجل"],
        SavedSearchMatched = "SAVED_SEARCH_MATCHED" ["A saved search has new results", "Une recherche enregistrée a de nouveaux résultats", "ظهرت نتائج جديدة لبحث محفوظ"],
        WebhookDisabled = "WEBHOOK_DISABLED" ["A webhook was switched off because its deliveries did not arrive", "Un webhook a été désactivé, car ses envois n'aboutissaient pas", "أُوقف خطاف ويب لتعذر وصول إرسالاته"],
    }
}

vocabulary! {
    /// How often a person gets notices by e-mail. Mails on the security of the account are sent at once in any case.
    MailPreference "mail-preference" {
        AtOnce = "AT_ONCE" ["One message for each notice, at once", "Un message par notification, immédiatement", "رسالة لكل إشعار على الفور"],
        Daily = "DAILY" ["One summary a day", "Un résumé par jour", "ملخص واحد كل يوم"],
        Off = "OFF" ["No messages; notices are shown in the catalogue only", "Aucun message ; les notifications restent visibles dans le catalogue", "بلا رسائل، وتبقى الإشعارات ظاهرة في الفهرس"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vocabulary::Vocabulary;

    #[test]
    fn labels_can_stand_in_a_list_and_in_a_subject() {
        for kind in NoticeKind::ALL {
            assert_eq!(NoticeKind::parse(kind.code()), Some(*kind));
            for label in kind.labels() {
                assert!(!label.is_empty() && !label.ends_with('.') && label.chars().count() < 80, "{label}");
            }
        }
    }
}
