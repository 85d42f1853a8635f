use super::vocabulary;

vocabulary! {
    /// Where a part of an access request stands. Each part asks one holder for one holding, and the holder alone decides it.
    RequestState "request-state" {
        Draft = "DRAFT" ["Being written by the applicant", "En rédaction par le demandeur", "قيد التحرير لدى مقدم الطلب"],
        Submitted = "SUBMITTED" ["Submitted; the holder checks whether it is complete", "Soumise ; le détenteur vérifie si elle est complète", "مقدم، ويتحقق الحائز من اكتماله"],
        /// The holder's clock stands still until the applicant answers.
        Returned = "RETURNED" ["Returned to the applicant for information", "Renvoyée au demandeur pour complément", "أعيد إلى مقدم الطلب لاستكمال المعلومات"],
        Complete = "COMPLETE" ["Complete; waits for review or decision", "Complète ; en attente d'examen ou de décision", "مكتمل، وينتظر الدراسة أو القرار"],
        InReview = "IN_REVIEW" ["In review", "En cours d'examen", "قيد الدراسة"],
        Approved = "APPROVED" ["Approved by the holder", "Approuvée par le détenteur", "وافق عليه الحائز"],
        ApprovedWithConditions = "APPROVED_WITH_CONDITIONS" ["Approved by the holder with conditions", "Approuvée sous conditions par le détenteur", "وافق عليه الحائز بشروط"],
        Rejected = "REJECTED" ["Refused by the holder, with a reason", "Refusée par le détenteur, avec motif", "رفضه الحائز مع بيان السبب"],
        AgreementPending = "AGREEMENT_PENDING" ["Waits until everyone named has accepted the undertaking", "En attente de l'acceptation de l'engagement par chacun", "ينتظر قبول كل المعنيين بالتعهد"],
        /// The holder gives access outside the catalogue.
        Active = "ACTIVE" ["In force", "En vigueur", "ساري المفعول"],
        RenewalRequested = "RENEWAL_REQUESTED" ["Renewal asked for", "Renouvellement demandé", "طُلب التجديد"],
        Suspended = "SUSPENDED" ["Suspended by the holder", "Suspendue par le détenteur", "علقه الحائز"],
        Expired = "EXPIRED" ["Ended; destruction of the data is to be confirmed", "Expirée ; destruction des données à confirmer", "منتهي المدة، ويبقى تأكيد إتلاف البيانات"],
        Revoked = "REVOKED" ["Revoked by the holder", "Révoquée par le détenteur", "ألغاه الحائز"],
        Closed = "CLOSED" ["Closed", "Close", "مغلق"],
        Withdrawn = "WITHDRAWN" ["Withdrawn by the applicant", "Retirée par le demandeur", "سحبه مقدم الطلب"],
        Appealed = "APPEALED" ["Appealed; another person of the holder looks at it again", "En recours ; une autre personne du détenteur la réexamine", "مطعون فيه، ويعيد شخص آخر لدى الحائز النظر فيه"],
    }
}

vocabulary! {
    /// What a person is in an access request. The same person may be something else in another request.
    RequestRole "request-role" {
        Applicant = "APPLICANT" ["Who asks", "Demandeur", "مقدم الطلب"],
        Member = "MEMBER" ["Named to use the data too", "Personne désignée pour utiliser aussi les données", "شخص معين لاستعمال البيانات أيضا"],
        AccessOfficer = "ACCESS_OFFICER" ["Access officer of the holder", "Responsable des accès chez le détenteur", "مسؤول الوصول لدى الحائز"],
        DataProtection = "DATA_PROTECTION" ["Data-protection adviser of the holder", "Conseiller à la protection des données du détenteur", "مستشار حماية المعطيات لدى الحائز"],
        Reviewer = "REVIEWER" ["Invited to comment or to recommend", "Invité à commenter ou à recommander", "مدعو للتعليق أو التوصية"],
        Decider = "DECIDER" ["Decides for the holder, alone or in a committee", "Décide pour le détenteur, seul ou en comité", "يقرر باسم الحائز منفردا أو ضمن لجنة"],
        /// Sees states and dates, never the content.
        Coordinator = "COORDINATOR" ["Coordinator of the catalogue", "Coordinateur du catalogue", "منسق الفهرس"],
        Auditor = "AUDITOR" ["Reads the log", "Lit le journal", "يطلع على السجل"],
        Clock = "CLOCK" ["The clock of the catalogue, which acts on due dates and standing rules", "L'horloge du catalogue, qui agit selon les échéances et les règles établies", "ساعة الفهرس التي تعمل وفق الآجال والقواعد المقررة"],
    }
}

vocabulary! {
    /// What may be done with an access request, or with one part of it.
    RequestCommand "request-command" {
        Save = "SAVE" ["Write answers, name members, choose holdings", "Rédiger les réponses, désigner les membres, choisir les détentions", "تحرير الأجوبة وتعيين الأعضاء واختيار الحيازات"],
        Submit = "SUBMIT" ["Submit, or submit again after a return", "Soumettre, ou soumettre à nouveau après renvoi", "التقديم أو إعادة التقديم بعد الإرجاع"],
        Withdraw = "WITHDRAW" ["Withdraw", "Retirer", "السحب"],
        Return = "RETURN" ["Return for information", "Renvoyer pour complément", "الإرجاع لاستكمال المعلومات"],
        ConfirmComplete = "CONFIRM_COMPLETE" ["Confirm that it is complete", "Confirmer qu'elle est complète", "تأكيد الاكتمال"],
        Invite = "INVITE" ["Invite a reviewer, a data-protection adviser or a decider", "Inviter un évaluateur, un conseiller ou un décideur", "دعوة مراجع أو مستشار أو صاحب قرار"],
        Uninvite = "UNINVITE" ["Take an invitation back", "Annuler une invitation", "سحب دعوة"],
        DeclareInterest = "DECLARE_INTEREST" ["Declare a conflict of interest, or that there is none", "Déclarer un conflit d'intérêts ou son absence", "التصريح بوجود تضارب مصالح أو عدمه"],
        Recommend = "RECOMMEND" ["Comment or recommend", "Commenter ou recommander", "التعليق أو التوصية"],
        Decide = "DECIDE" ["Decide, line by line of the five safes", "Décider, ligne par ligne des « five safes »", "اتخاذ القرار بندا بندا وفق مبادئ الأمان الخمسة"],
        ProposeAgreement = "PROPOSE_AGREEMENT" ["Propose the undertaking and the dates", "Proposer l'engagement et les dates", "اقتراح التعهد والتواريخ"],
        AcceptUndertaking = "ACCEPT_UNDERTAKING" ["Accept the undertaking", "Accepter l'engagement", "قبول التعهد"],
        Activate = "ACTIVATE" ["Put into force under an agreement between institutions", "Mettre en vigueur en vertu d'une convention entre institutions", "التفعيل بموجب اتفاقية بين المؤسسات"],
        RequestRenewal = "REQUEST_RENEWAL" ["Ask for a renewal", "Demander un renouvellement", "طلب التجديد"],
        DecideRenewal = "DECIDE_RENEWAL" ["Decide on a renewal", "Décider d'un renouvellement", "البت في التجديد"],
        Suspend = "SUSPEND" ["Suspend", "Suspendre", "التعليق"],
        Resume = "RESUME" ["Resume after a suspension", "Reprendre après suspension", "الاستئناف بعد التعليق"],
        Revoke = "REVOKE" ["Revoke", "Révoquer", "الإلغاء"],
        ConfirmDestruction = "CONFIRM_DESTRUCTION" ["Declare that use has ended and the data are destroyed", "Déclarer la fin d'usage et la destruction des données", "التصريح بانتهاء الاستعمال وإتلاف البيانات"],
        Close = "CLOSE" ["Close, with destruction confirmed or not due", "Clore, destruction confirmée ou sans objet", "الإغلاق بعد تأكيد الإتلاف أو انتفاء موجبه"],
        Appeal = "APPEAL" ["Appeal against a refusal or revocation", "Former un recours contre un refus ou une révocation", "الطعن في رفض أو إلغاء"],
        DecideAppeal = "DECIDE_APPEAL" ["Decide on an appeal, by another person than the one who decided", "Statuer sur un recours, par une autre personne que le décideur", "البت في طعن من شخص غير متخذ القرار"],
        AddMember = "ADD_MEMBER" ["Name a further member", "Désigner un membre supplémentaire", "تعيين عضو إضافي"],
        RemoveMember = "REMOVE_MEMBER" ["Take a member out; their access ends", "Retirer un membre ; son accès prend fin", "إخراج عضو وانتهاء وصوله"],
        Message = "MESSAGE" ["Write a message to everyone concerned", "Écrire un message à tous les intéressés", "كتابة رسالة إلى كل المعنيين"],
        Note = "NOTE" ["Write an internal note of the holder", "Écrire une note interne du détenteur", "كتابة مذكرة داخلية لدى الحائز"],
        Attach = "ATTACH" ["Attach a document", "Joindre un document", "إرفاق وثيقة"],
        Erase = "ERASE" ["Erase the personal data of an ended request", "Effacer les données personnelles d'une demande terminée", "محو المعطيات الشخصية لطلب منته"],
        Tick = "TICK" ["Let due dates act: remind, escalate, expire, erase", "Appliquer les échéances : rappeler, transmettre, faire expirer, effacer", "إعمال الآجال: التذكير والإحالة والإنهاء والمحو"],
    }
}

vocabulary! {
    /// Why a holder refuses access. Counted in the published statistics.
    RejectionReason "rejection-reason" {
        NoLegalBasis = "NO_LEGAL_BASIS" ["No legal basis for the use", "Aucune base légale pour l'usage", "لا سند قانوني للاستعمال"],
        PurposeNotCompatible = "PURPOSE_NOT_COMPATIBLE" ["The purpose is not compatible with the one of collection", "Finalité incompatible avec celle de la collecte", "الغرض لا يتوافق مع غرض الجمع"],
        DisclosureRisk = "DISCLOSURE_RISK" ["The risk that persons are recognised is too high", "Risque d'identification trop élevé", "خطر التعرف على الأشخاص مرتفع جدا"],
        SafeguardsInsufficient = "SAFEGUARDS_INSUFFICIENT" ["Setting or security do not suffice", "Cadre ou sécurité insuffisants", "الإطار أو تدابير الأمان غير كافية"],
        NoAgreement = "NO_AGREEMENT" ["An agreement between the institutions is needed first", "Une convention entre institutions est d'abord nécessaire", "يلزم أولا إبرام اتفاقية بين المؤسسات"],
        TablesSuffice = "TABLES_SUFFICE" ["Published tables answer the question", "Les tableaux publiés répondent à la question", "الجداول المنشورة تجيب عن السؤال"],
        DataNotHeld = "DATA_NOT_HELD" ["The holder does not have these data", "Le détenteur ne dispose pas de ces données", "لا يتوفر الحائز على هذه البيانات"],
        DataNotSuitable = "DATA_NOT_SUITABLE" ["The data cannot answer the question", "Les données ne permettent pas de répondre à la question", "البيانات لا تصلح للإجابة عن السؤال"],
        Incomplete = "INCOMPLETE" ["Information asked for was not given", "Les informations demandées n'ont pas été fournies", "لم تقدم المعلومات المطلوبة"],
        NotShared = "NOT_SHARED" ["The data are not shared", "Les données ne sont pas communiquées", "البيانات غير متاحة للمشاركة"],
        Other = "OTHER" ["Another reason, given in the text", "Autre motif, donné dans le texte", "سبب آخر مبين في النص"],
    }
}

vocabulary! {
    /// One of the five safes by which committees reason (Desai, Ritchie and Welpton, 2016).
    Safe "five-safes" {
        Projects = "PROJECTS" ["Safe projects: lawful, of public benefit, ethical", "Projets sûrs : licites, d'intérêt public, éthiques", "مشاريع آمنة: قانونية وذات نفع عام وأخلاقية"],
        People = "PEOPLE" ["Safe people: institution, training, undertaking", "Personnes sûres : institution, formation, engagement", "أشخاص آمنون: المؤسسة والتكوين والتعهد"],
        Settings = "SETTINGS" ["Safe settings: download, remote access, safe room", "Cadres sûrs : téléchargement, accès distant, centre sécurisé", "بيئات آمنة: التنزيل أو الولوج عن بعد أو القاعة المؤمنة"],
        Data = "DATA" ["Safe data: treatment, variables removed", "Données sûres : traitement, variables retirées", "بيانات آمنة: المعالجة وحذف المتغيرات"],
        Outputs = "OUTPUTS" ["Safe outputs: checks before release", "Sorties sûres : contrôles avant diffusion", "مخرجات آمنة: مراقبة قبل النشر"],
    }
}

vocabulary! {
    /// Verdict on one line of the five safes.
    SafeVerdict "safe-verdict" {
        Met = "MET" ["Met", "Satisfait", "مستوفى"],
        MetWithCondition = "MET_WITH_CONDITION" ["Met if the condition is kept", "Satisfait si la condition est respectée", "مستوفى بشرط"],
        NotMet = "NOT_MET" ["Not met", "Non satisfait", "غير مستوفى"],
        NotApplicable = "NOT_APPLICABLE" ["Does not apply, for example to published aggregates", "Sans objet, par exemple pour des agrégats publiés", "لا ينطبق، مثلا على البيانات المجمعة المنشورة"],
        /// Only for refusals.
        NotAssessed = "NOT_ASSESSED" ["Not assessed, because another line decided", "Non évalué, une autre ligne ayant été décisive", "لم يقيم لأن بندا آخر كان حاسما"],
    }
}

vocabulary! {
    /// What a holder decides on a part of an access request.
    RequestOutcome "request-outcome" {
        Approved = "APPROVED" ["Approved", "Approuvée", "موافقة"],
        ApprovedWithConditions = "APPROVED_WITH_CONDITIONS" ["Approved with conditions", "Approuvée sous conditions", "موافقة بشروط"],
        Rejected = "REJECTED" ["Refused", "Refusée", "رفض"],
    }
}

vocabulary! {
    /// What an invited person thinks of a request; the decision is the holder's.
    Recommendation "recommendation" {
        Favour = "FAVOUR" ["In favour", "Favorable", "مؤيدة"],
        FavourWithConditions = "FAVOUR_WITH_CONDITIONS" ["In favour with conditions", "Favorable sous conditions", "مؤيدة بشروط"],
        Against = "AGAINST" ["Against", "Défavorable", "معارضة"],
        CommentOnly = "COMMENT_ONLY" ["A comment without a recommendation", "Commentaire sans recommandation", "تعليق دون توصية"],
    }
}

vocabulary! {
    /// What is asked of a holding.
    RequestedData "requested-data" {
        Aggregates = "AGGREGATES" ["Aggregates: tables made for the question", "Agrégats : tableaux établis pour la question", "بيانات مجمعة: جداول تعد للسؤال"],
        Microdata = "MICRODATA" ["Microdata: records without names", "Microdonnées : enregistrements sans noms", "بيانات دقيقة: سجلات دون أسماء"],
    }
}

vocabulary! {
    /// Why an entitlement or a part in force has ended.
    EndReason "end-reason" {
        EndDate = "END_DATE" ["The end date has passed", "La date de fin est passée", "انقضى تاريخ الانتهاء"],
        AgreementEnded = "AGREEMENT_ENDED" ["The agreement that it rests on has ended", "La convention qui la fonde a pris fin", "انتهت الاتفاقية التي تقوم عليها"],
        Revoked = "REVOKED" ["Revoked by the holder", "Révoquée par le détenteur", "ألغاها الحائز"],
        UseEnded = "USE_ENDED" ["The user has ended the use", "L'utilisateur a mis fin à l'usage", "أنهى المستعمل الاستعمال"],
        MembershipEnded = "MEMBERSHIP_ENDED" ["The person is no longer named in the request", "La personne n'est plus désignée dans la demande", "لم يعد الشخص معينا في الطلب"],
        AccountDisabled = "ACCOUNT_DISABLED" ["The account of the person was disabled", "Le compte de la personne a été désactivé", "عُطل حساب الشخص"],
    }
}

vocabulary! {
    /// Where an entitlement stands: who may use what, from when, until when. The data are delivered by the holder, outside the catalogue.
    EntitlementState "entitlement-state" {
        Active = "ACTIVE" ["In force", "En vigueur", "ساري المفعول"],
        Suspended = "SUSPENDED" ["Suspended", "Suspendu", "معلق"],
        Ended = "ENDED" ["Ended", "Terminé", "منته"],
    }
}

vocabulary! {
    /// Whose list of access requests is wanted.
    AccessRequestScope "access-request-scope" {
        Own = "OWN" ["Requests that the viewer has to do with", "Demandes qui concernent la personne", "الطلبات التي تعني الشخص"],
        Holder = "HOLDER" ["Requests to the institutions whose access officer the viewer is", "Demandes adressées aux institutions dont la personne est responsable des accès", "الطلبات الموجهة إلى المؤسسات التي يتولى الشخص فيها مسؤولية الوصول"],
        /// States and dates only, for the coordinator and auditors.
        Everything = "EVERYTHING" ["All submitted requests", "Toutes les demandes soumises", "كل الطلبات المقدمة"],
    }
}

vocabulary! {
    /// The order of a list of access requests.
    AccessRequestOrder "access-request-order" {
        Due = "DUE" ["What is due first, first", "Par échéance", "حسب الأجل"],
        Submitted = "SUBMITTED" ["What was submitted first, first", "Par date de soumission", "حسب تاريخ التقديم"],
        Updated = "UPDATED" ["What was touched last, first", "Par dernière modification", "حسب آخر تعديل"],
    }
}
