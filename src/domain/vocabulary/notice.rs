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
        /// What the producer states of the holding is for the holder to put right, with the producer.
        HoldingStated = "HOLDING_STATED" ["A producer published that your institution holds a dataset", "Un producteur a publié que votre institution détient un jeu de données", "نشر منتِج أن مؤسستكم تحوز مجموعة بيانات"],
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
        AccessMemberNamed = "ACCESS_MEMBER_NAMED" ["You are named in an access request", "Vous êtes désigné dans une demande d'accès", "عُينتم في طلب وصول"],
        AccessSubmitted = "ACCESS_SUBMITTED" ["An access request was submitted to your institution", "Une demande d'accès a été soumise à votre institution", "قُدم طلب وصول إلى مؤسستكم"],
        AccessReturned = "ACCESS_RETURNED" ["The holder asks for information on your access request", "Le détenteur demande un complément sur votre demande d'accès", "يطلب الحائز معلومات عن طلب الوصول المقدم منكم"],
        AccessCompleted = "ACCESS_COMPLETED" ["An access request is complete and is being decided", "Une demande d'accès est complète et sera décidée", "اكتمل طلب وصول وسيتخذ القرار بشأنه"],
        AccessInvited = "ACCESS_INVITED" ["You are asked for your opinion or decision on an access request", "Votre avis ou votre décision est demandé sur une demande d'accès", "يُطلب رأيكم أو قراركم في طلب وصول"],
        AccessRecommended = "ACCESS_RECOMMENDED" ["An opinion on an access request has come in", "Un avis sur une demande d'accès est parvenu", "ورد رأي في طلب وصول"],
        AccessApproved = "ACCESS_APPROVED" ["The holder has approved an access request", "Le détenteur a approuvé une demande d'accès", "وافق الحائز على طلب وصول"],
        AccessRejected = "ACCESS_REJECTED" ["The holder has refused an access request", "Le détenteur a refusé une demande d'accès", "رفض الحائز طلب وصول"],
        AccessUndertaking = "ACCESS_UNDERTAKING" ["An undertaking waits for your acceptance", "Un engagement attend votre acceptation", "تعهد ينتظر قبولكم"],
        AccessAccepted = "ACCESS_ACCEPTED" ["An undertaking was accepted", "Un engagement a été accepté", "قُبل تعهد"],
        AccessActive = "ACCESS_ACTIVE" ["An access is in force; the holder gives the data, outside the catalogue", "Un accès est en vigueur ; le détenteur remet les données hors du catalogue", "وصول ساري المفعول، ويسلم الحائز البيانات خارج الفهرس"],
        AccessEndsSoon = "ACCESS_ENDS_SOON" ["An access ends soon; a renewal can be asked for", "Un accès se termine bientôt ; un renouvellement peut être demandé", "سينتهي وصول قريبا ويمكن طلب تجديده"],
        AccessEnded = "ACCESS_ENDED" ["An access has ended; please declare that the data are destroyed", "Un accès a pris fin ; veuillez déclarer la destruction des données", "انتهى وصول، ويرجى التصريح بإتلاف البيانات"],
        AccessSuspended = "ACCESS_SUSPENDED" ["An access was suspended", "Un accès a été suspendu", "عُلق وصول"],
        AccessResumed = "ACCESS_RESUMED" ["A suspended access is in force again", "Un accès suspendu est de nouveau en vigueur", "استؤنف وصول معلق"],
        AccessRevoked = "ACCESS_REVOKED" ["An access was revoked", "Un accès a été révoqué", "أُلغي وصول"],
        AccessRenewalAsked = "ACCESS_RENEWAL_ASKED" ["The renewal of an access is asked for", "Le renouvellement d'un accès est demandé", "طُلب تجديد وصول"],
        AccessRenewalDecided = "ACCESS_RENEWAL_DECIDED" ["The renewal of an access was decided", "Le renouvellement d'un accès a été décidé", "اتخذ قرار بشأن تجديد وصول"],
        AccessDestroyed = "ACCESS_DESTROYED" ["The destruction of data was declared", "La destruction de données a été déclarée", "صُرح بإتلاف بيانات"],
        AccessClosed = "ACCESS_CLOSED" ["An access request was closed", "Une demande d'accès a été close", "أُغلق طلب وصول"],
        AccessAppealed = "ACCESS_APPEALED" ["A decision on access is appealed", "Une décision d'accès fait l'objet d'un recours", "طُعن في قرار يخص الوصول"],
        AccessAppealDecided = "ACCESS_APPEAL_DECIDED" ["An appeal on access was decided", "Un recours sur un accès a été tranché", "بُت في طعن يخص الوصول"],
        AccessWithdrawn = "ACCESS_WITHDRAWN" ["An access request was withdrawn", "Une demande d'accès a été retirée", "سُحب طلب وصول"],
        AccessMessage = "ACCESS_MESSAGE" ["A message on an access request", "Un message sur une demande d'accès", "رسالة بشأن طلب وصول"],
        AccessNote = "ACCESS_NOTE" ["An internal note on an access request", "Une note interne sur une demande d'accès", "مذكرة داخلية بشأن طلب وصول"],
        AccessReminder = "ACCESS_REMINDER" ["An access request waits for your answer", "Une demande d'accès attend votre réponse", "طلب وصول ينتظر جوابكم"],
        AccessEscalated = "ACCESS_ESCALATED" ["An access request has had no answer in time", "Une demande d'accès est restée sans réponse dans les délais", "طلب وصول لم يتلق جوابا في أجله"],
        /// The successor of the holder decides from now on.
        AccessTransferred = "ACCESS_TRANSFERRED" ["The data of an access request passed to another holder, which takes it on", "Les données d'une demande d'accès passent à un autre détenteur, qui la reprend", "انتقلت بيانات طلب وصول إلى حائز آخر يتولاه"],
        AccessErased = "ACCESS_ERASED" ["The texts of an access request were erased as announced", "Les textes d'une demande d'accès ont été effacés comme annoncé", "مُحيت نصوص طلب وصول كما أُعلن"],
        /// As of now the opinion or decision can be given.
        AccessOpinionDue = "ACCESS_OPINION_DUE" ["An access request is complete; your opinion or decision is asked for now", "Demande d'accès complète : votre avis ou votre décision est attendu", "اكتمل طلب وصول، ويُطلب الآن رأيكم أو قراركم"],
        AccessConflict = "ACCESS_CONFLICT" ["A conflict of interest was declared in an access request", "Un conflit d'intérêts a été déclaré dans une demande d'accès", "صُرح بتضارب في المصالح في طلب وصول"],
        /// As the votes stand, too few are left to agree.
        AccessNoQuorum = "ACCESS_NO_QUORUM" ["The votes left can decide no access request; please invite a decider", "Quorum hors d'atteinte sur une demande d'accès ; invitez un décideur", "لا يمكن بلوغ النصاب في طلب وصول، والمرجو دعوة مقرر آخر"],
        /// The notice says who; where the person decides, another one may have to be named.
        AccessHolderLeft = "ACCESS_HOLDER_LEFT" ["Someone named by your institution no longer takes part in an access request", "Une personne désignée par votre institution quitte une demande d'accès", "لم يعد شخص عينته مؤسستكم يشارك في طلب وصول"],
        AccessApplicantLeft = "ACCESS_APPLICANT_LEFT" ["An applicant has left the institution in whose name access was asked for", "Un demandeur a quitté l'institution au nom de laquelle il demande l'accès", "غادر مقدم طلب وصول المؤسسة التي قدمه باسمها"],
        AccessDocument = "ACCESS_DOCUMENT" ["A document was attached to an access request", "Un document a été joint à une demande d'accès", "أُرفقت وثيقة بطلب وصول"],
        /// Without a change for 180 days.
        AccessLapsed = "ACCESS_LAPSED" ["Your access request was withdrawn, as it lay unchanged for long", "Votre demande d'accès, longtemps inchangée, a été retirée", "سُحب طلب الوصول المقدم منكم لبقائه دون تغيير مدة طويلة"],
        AccessMemberAwaited = "ACCESS_MEMBER_AWAITED" ["Someone you named has no account yet; the undertaking waits for them", "Une personne désignée par vous n'a pas de compte ; l'engagement attend", "شخص عينتموه ليس له حساب بعد، والتعهد ينتظر قبوله"],
        AccessMemberRemoved = "ACCESS_MEMBER_REMOVED" ["You are no longer named in an access request", "Vous n'êtes plus désigné dans une demande d'accès", "لم تعودوا معينين في طلب وصول"],
        AccessMemberLeft = "ACCESS_MEMBER_LEFT" ["Someone is no longer named in an access request", "Une personne n'est plus désignée dans une demande d'accès", "لم يعد شخص معينا في طلب وصول"],
        /// The use of the others goes on.
        AccessPersonEnded = "ACCESS_PERSON_ENDED" ["The access of one person has ended", "L'accès d'une personne a pris fin", "انتهى وصول شخص واحد"],
        AccessOwnEnded = "ACCESS_OWN_ENDED" ["Your own access has ended; please destroy your copy of the data", "Votre accès a pris fin ; veuillez détruire votre copie des données", "انتهى وصولكم، ويرجى إتلاف نسختكم من البيانات"],
        /// The destruction of the data is the applicant's to declare.
        AccessOver = "ACCESS_OVER" ["An access has ended; its applicant is asked to declare the destruction", "Un accès a pris fin ; le demandeur est invité à déclarer la destruction", "انتهى وصول، ويُطلب من مقدم الطلب التصريح بالإتلاف"],
        /// Nothing was ever given, so nothing is to be destroyed.
        AccessEndedUnused = "ACCESS_ENDED_UNUSED" ["An access has ended before it came into force", "Un accès a pris fin avant d'être entré en vigueur", "انتهى وصول قبل أن يسري مفعوله"],
        AccessEndedRenewalPending = "ACCESS_ENDED_RENEWAL_PENDING" ["An access has ended; its renewal is still being decided", "Un accès a pris fin ; son renouvellement reste à décider", "انتهى وصول، ولم يُبت بعد في تجديده"],
        AccessEndsWithAgreement = "ACCESS_ENDS_WITH_AGREEMENT" ["An access ends soon, with the agreement that it rests on", "Un accès se termine bientôt, avec l'accord sur lequel il repose", "سينتهي وصول قريبا مع الاتفاق الذي يقوم عليه"],
        /// Who is awaited can still answer until the day.
        AccessLapsesSoon = "ACCESS_LAPSES_SOON" ["An access request will soon end by itself, as no answer comes", "Une demande d'accès s'éteindra bientôt, faute de réponse", "سينقضي طلب وصول قريبا لعدم ورود جواب"],
        /// Or its renewal, or its appeal.
        AccessUnanswered = "ACCESS_UNANSWERED" ["An access request has ended by itself, as no answer came for long", "Une demande d'accès s'est éteinte, restée longtemps sans réponse", "انقضى طلب وصول لبقائه دون جواب مدة طويلة"],
        RegisterToValidate = "REGISTER_TO_VALIDATE" ["An entry of the registers waits for your validation", "Une inscription aux registres attend votre validation", "قيد في السجلات ينتظر مصادقتكم"],
        RegisterChanged = "REGISTER_CHANGED" ["An entry of the registers was validated, closed or withdrawn", "Une inscription aux registres a été validée, close ou retirée", "صودق على قيد في السجلات أو أُغلق أو سُحب"],
        RequestMade = "REQUEST_MADE" ["Somebody asks for data", "Des données sont demandées", "طُلبت بيانات"],
        RequestCommitted = "REQUEST_COMMITTED" ["An institution has committed itself to a request", "Une institution s'est engagée sur une demande", "التزمت مؤسسة بتلبية طلب"],
        RequestDeclined = "REQUEST_DECLINED" ["An institution has declined a request", "Une institution a décliné une demande", "اعتذرت مؤسسة عن طلب"],
        RequestReleased = "REQUEST_RELEASED" ["A commitment was taken back; the request is open again", "Un engagement a été repris ; la demande est rouverte", "سُحب التزام وأُعيد فتح الطلب"],
        RequestFulfilled = "REQUEST_FULFILLED" ["A record fulfils a request", "Une fiche satisfait une demande", "سجل يلبي طلبا"],
        /// Who asked says why the record that was named does not answer it. Where a commitment stands, the notice says what was promised, and until when.
        RequestReopened = "REQUEST_REOPENED" ["A request that had been fulfilled was opened again", "Une demande satisfaite a été rouverte", "أُعيد فتح طلب سبقت تلبيته"],
        /// Told once, to the institution and to those who asked; the notice says what was promised and which day it was.
        CommitmentDayPassed = "COMMITMENT_DAY_PASSED" ["The day named in a commitment has passed; no record is named yet", "La date annoncée pour un engagement est passée, sans fiche indiquée", "حل الأجل المحدد في التزام ولم يُذكر أي سجل بعد"],
        /// It was retired, is a plan that was given up, or its present version does not document what was asked for. Told once, to those who asked, who committed itself and who named the record; who
        /// asked can open the request again.
        AnswerGone = "ANSWER_GONE" ["The record that fulfils a request was retired, given up or changed", "La fiche qui satisfait une demande a été retirée, abandonnée ou modifiée", "السجل الذي يلبي طلبا سُحب أو تُرك أو تغير"],
        OfferMade = "OFFER_MADE" ["An institution offers help with a capacity need", "Une institution offre un appui pour un besoin", "عرضت مؤسسة الدعم لتلبية حاجة"],
        Invited = "INVITED" ["Your institution is invited to take part", "Votre institution est invitée à participer", "مؤسستكم مدعوة إلى المشاركة"],
        ParticipationChanged = "PARTICIPATION_CHANGED" ["An invited institution takes part, or does so no longer", "Une institution invitée participe, ou ne participe plus", "مؤسسة مدعوة تشارك أو كفت عن المشاركة"],
        OfferAccepted = "OFFER_ACCEPTED" ["Your institution's offer was accepted", "L'offre de votre institution a été acceptée", "قُبل عرض مؤسستكم"],
        NoteProposed = "NOTE_PROPOSED" ["A note on one of your records was proposed or changed", "Une note sur l'une de vos fiches a été proposée ou modifiée", "اقتُرحت مذكرة بشأن أحد سجلاتكم أو عُدلت"],
        /// With the consent of the other producers it is agreed; until then it waits for theirs.
        NoteConsented = "NOTE_CONSENTED" ["A producer consented to a note on one of your records", "Un producteur a approuvé une note sur l'une de vos fiches", "وافق منتِج على مذكرة بشأن أحد سجلاتكم"],
        NoteAgreed = "NOTE_AGREED" ["A note on one of your records was agreed", "Une note sur l'une de vos fiches a été convenue", "اتُفق على مذكرة بشأن أحد سجلاتكم"],
        /// Of a note on two records, how they stand to each other; of one on figures, the figures. Told once, to the producers, who can agree anew.
        NoteOutdated = "NOTE_OUTDATED" ["Your records say otherwise than when a note on them was agreed", "Vos fiches ont changé depuis qu'une note à leur sujet a été convenue", "تغيرت سجلاتكم منذ الاتفاق على مذكرة بشأنها"],
        OverlapDecided = "OVERLAP_DECIDED" ["It was decided whether one of your records overlaps another", "Le recoupement de l'une de vos fiches a été tranché", "حُسم أمر تداخل أحد سجلاتكم مع غيره"],
        Mentioned = "MENTIONED" ["Your institution is spoken to in a discussion", "Votre institution est interpellée dans une discussion", "خوطبت مؤسستكم في نقاش"],
        PlansClash = "PLANS_CLASH" ["Planned collections of two institutions meet in the same field", "Des collectes prévues par deux institutions se rencontrent", "عمليات جمع مبرمجة لمؤسستين تلتقي في المجال نفسه"],
        /// Since a date was changed, a collection was given up or done, or a plan was retired.
        PlansApart = "PLANS_APART" ["Planned collections of two institutions no longer meet", "Des collectes prévues par deux institutions ne se rencontrent plus", "عمليات جمع مبرمجة لمؤسستين لم تعد تلتقي"],
        FocalPointUnconfirmed = "FOCAL_POINT_UNCONFIRMED" ["A focal point has not been confirmed for a year", "Un point focal n'a pas été confirmé depuis un an", "لم تُؤكد جهة اتصال منذ سنة"],
        WebhookDisabled = "WEBHOOK_DISABLED" ["A webhook was switched off because its deliveries did not arrive", "Un webhook a été désactivé, car ses envois n'aboutissaient pas", "أُوقف خطاف ويب لتعذر وصول إرسالاته"],
        /// Entitlements reach the holder's own system by no webhook any more.
        HolderWebhookOff = "HOLDER_WEBHOOK_OFF" ["No webhook tells your institution's system of entitlements any more", "Aucun webhook n'informe plus le système de votre institution des droits", "لم يعد أي خطاف ويب يُعلم نظام مؤسستكم بحقوق الاستعمال"],
    }
}

impl NoticeKind {
    /// Whether it tells of an entry of the registers.
    pub fn is_of_registers(self) -> bool {
        use NoticeKind as N;
        matches!(
            self,
            N::RegisterToValidate
                | N::RegisterChanged
                | N::RequestMade
                | N::RequestCommitted
                | N::RequestDeclined
                | N::RequestReleased
                | N::RequestFulfilled
                | N::RequestReopened
                | N::CommitmentDayPassed
                | N::AnswerGone
                | N::OfferMade
                | N::OfferAccepted
                | N::Invited
                | N::ParticipationChanged
                | N::NoteProposed
                | N::NoteConsented
                | N::NoteAgreed
                | N::NoteOutdated
                | N::OverlapDecided
                | N::FocalPointUnconfirmed
        )
    }
}

vocabulary! {
    /// What the day in a notice is.
    NoticeDay "notice-day" {
        Answer = "ANSWER" ["Last day for an answer", "Dernier jour pour répondre", "آخر يوم للجواب"],
        Overdue = "OVERDUE" ["Day on which the answer was due", "Jour auquel la réponse était attendue", "اليوم الذي كان الجواب مطلوبا فيه"],
        Use = "USE" ["Last day of use", "Dernier jour d'utilisation", "آخر يوم للاستعمال"],
        Appeal = "APPEAL" ["Last day for an appeal", "Dernier jour pour un recours", "آخر يوم للطعن"],
        Coordination = "COORDINATION" ["Open to coordination until", "Ouvert à la coordination jusqu'au", "مفتوح للتنسيق حتى"],
        /// Until when an institution does what it committed itself to.
        Commitment = "COMMITMENT" ["Day named in the commitment", "Échéance de l'engagement", "الأجل المحدد في الالتزام"],
        /// By when a request would like to be answered.
        Wished = "WISHED" ["Day wished for in the request", "Date souhaitée dans la demande", "التاريخ المرغوب فيه في الطلب"],
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
