//! What people may want to do, and the states in which they find what they do it to.

use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What an action is done to, as far as the rules care.
    State "state" {
        Any = "ANY" ["No record, or a record in any state", "Aucune fiche, ou une fiche en tout état", "لا سجل، أو سجل في أي حالة"],
        Draft = "DRAFT" ["Working copy or agreement being written", "Copie de travail ou accord en rédaction", "نسخة عمل أو اتفاق قيد التحرير"],
        Submitted = "SUBMITTED" ["Working copy submitted for validation", "Copie de travail soumise à validation", "نسخة عمل مقدمة للمصادقة"],
        Validated = "VALIDATED" ["Working copy validated", "Copie de travail validée", "نسخة عمل مصادق عليها"],
        Published = "PUBLISHED" ["Published record", "Fiche publiée", "سجل منشور"],
        Retired = "RETIRED" ["Retired record", "Fiche retirée", "سجل مسحوب"],
        Declared = "DECLARED" ["Holding declared", "Détention déclarée", "حيازة مصرح بها"],
        Confirmed = "CONFIRMED" ["Holding confirmed", "Détention confirmée", "حيازة مؤكدة"],
        Contested = "CONTESTED" ["Holding contested", "Détention contestée", "حيازة معترض عليها"],
        Withdrawn = "WITHDRAWN" ["Holding withdrawn", "Détention retirée", "حيازة مسحوبة"],
        Signed = "SIGNED" ["Agreement signed, not yet in force", "Accord signé, pas encore en vigueur", "اتفاق موقع لم يدخل بعد حيز التنفيذ"],
        InForce = "IN_FORCE" ["Agreement in force", "Accord en vigueur", "اتفاق ساري المفعول"],
        Suspended = "SUSPENDED" ["Agreement suspended", "Accord suspendu", "اتفاق معلق"],
        Expired = "EXPIRED" ["Agreement expired", "Accord arrivé à terme", "اتفاق انقضت مدته"],
        Terminated = "TERMINATED" ["Agreement terminated", "Accord résilié", "اتفاق أُنهي"],
    }
}

vocabulary! {
    /// What a person may want to do.
    Action "action" {
        DraftCreate = "DRAFT_CREATE" ["Begin a record, or a working copy of a published one", "Commencer une fiche ou la copie de travail d'une fiche publiée", "بدء سجل أو نسخة عمل من سجل منشور"],
        DraftRead = "DRAFT_READ" ["Read a working copy", "Lire une copie de travail", "قراءة نسخة عمل"],
        DraftUpdate = "DRAFT_UPDATE" ["Write in a working copy", "Écrire dans une copie de travail", "الكتابة في نسخة عمل"],
        DraftDiscard = "DRAFT_DISCARD" ["Throw a working copy away", "Abandonner une copie de travail", "التخلي عن نسخة عمل"],
        Submit = "SUBMIT" ["Submit for validation", "Soumettre à validation", "التقديم للمصادقة"],
        Return = "RETURN" ["Return to the editor with a reason", "Renvoyer au rédacteur avec un motif", "الإعادة إلى المحرر مع بيان السبب"],
        Validate = "VALIDATE" ["Validate for the producer", "Valider pour le producteur", "المصادقة باسم المنتج"],
        Publish = "PUBLISH" ["Publish", "Publier", "النشر"],
        Retire = "RETIRE" ["Retire a record", "Retirer une fiche", "سحب سجل"],
        Transfer = "TRANSFER" ["Transfer a record to the successor institution", "Transférer une fiche à l'institution qui succède", "نقل سجل إلى المؤسسة الخلف"],
        Review = "REVIEW" ["Set or take back the coordinator's review", "Apposer ou retirer la revue du coordinateur", "وضع مراجعة المنسق أو سحبها"],
        HoldingDeclare = "HOLDING_DECLARE" ["Declare to hold another's dataset", "Déclarer détenir le jeu de données d'une autre institution", "التصريح بحيازة مجموعة بيانات مؤسسة أخرى"],
        HoldingUpdate = "HOLDING_UPDATE" ["Change one's own declared holding", "Modifier sa propre détention déclarée", "تعديل الحيازة المصرح بها"],
        HoldingWithdraw = "HOLDING_WITHDRAW" ["Withdraw one's own declared holding", "Retirer sa propre détention déclarée", "سحب الحيازة المصرح بها"],
        HoldingDecide = "HOLDING_DECIDE" ["Confirm or contest a declared holding, as producer", "Confirmer ou contester une détention déclarée, comme producteur", "تأكيد حيازة مصرح بها أو الاعتراض عليها بصفة المنتج"],
        AgreementCreate = "AGREEMENT_CREATE" ["Register an agreement to which the institution is a party", "Enregistrer un accord auquel l'institution est partie", "تسجيل اتفاق تكون المؤسسة طرفا فيه"],
        AgreementUpdate = "AGREEMENT_UPDATE" ["Write in the draft of an agreement, or its contacts", "Modifier le projet d'un accord, ou ses contacts", "تعديل مشروع اتفاق أو جهات الاتصال فيه"],
        AgreementSign = "AGREEMENT_SIGN" ["Sign an agreement for the institution", "Signer un accord pour l'institution", "توقيع اتفاق باسم المؤسسة"],
        AgreementSuspend = "AGREEMENT_SUSPEND" ["Suspend an agreement", "Suspendre un accord", "تعليق اتفاق"],
        AgreementResume = "AGREEMENT_RESUME" ["Put a suspended agreement in force again", "Remettre en vigueur un accord suspendu", "إعادة تفعيل اتفاق معلق"],
        AgreementTerminate = "AGREEMENT_TERMINATE" ["Terminate an agreement, or give notice of it", "Résilier un accord ou en dénoncer la reconduction", "إنهاء اتفاق أو الإخطار بعدم تجديده"],
        CalendarManage = "CALENDAR_MANAGE" ["Register, postpone, complete and cancel dates of the institution's datasets", "Enregistrer, reporter, déclarer réalisées et annuler les dates des jeux de données de l'institution", "تسجيل مواعيد مجموعات بيانات المؤسسة وتأجيلها والتصريح بإنجازها وإلغاؤها"],
        MeetingManage = "MEETING_MANAGE" ["Register, postpone, complete and cancel meetings and workshops", "Enregistrer, reporter, déclarer tenus et annuler les réunions et ateliers", "تسجيل الاجتماعات وورش العمل وتأجيلها والتصريح بانعقادها وإلغاؤها"],
        SourceManage = "SOURCE_MANAGE" ["Declare, change, run and remove sources that are harvested for the institution", "Déclarer, modifier, lancer et retirer les sources moissonnées pour l'institution", "التصريح بالمصادر التي تُجمع لفائدة المؤسسة وتعديلها وتشغيلها وحذفها"],
        InstitutionUpdate = "INSTITUTION_UPDATE" ["Change the institution's own description", "Modifier la description de l'institution", "تعديل وصف المؤسسة"],
        InstitutionMembers = "INSTITUTION_MEMBERS" ["Invite people, grant and revoke roles of the institution", "Inviter des personnes, accorder et retirer les rôles de l'institution", "دعوة أشخاص وإسناد أدوار المؤسسة وسحبها"],
        CatalogueMembers = "CATALOGUE_MEMBERS" ["Invite people, grant and revoke roles of the catalogue", "Inviter des personnes, accorder et retirer les rôles du catalogue", "دعوة أشخاص وإسناد أدوار الفهرس وسحبها"],
        PreviewShare = "PREVIEW_SHARE" ["Make and revoke private preview links", "Créer et révoquer des liens privés d'aperçu", "إنشاء روابط معاينة خاصة وإلغاؤها"],
        AccessRequest = "ACCESS_REQUEST" ["Request access, and take part in requests as their roles there allow", "Demander l'accès et prendre part aux demandes selon son rôle", "طلب الوصول والمشاركة في الطلبات وفق الدور في كل طلب"],
        AccessDeskManage = "ACCESS_DESK_MANAGE" ["Say how the institution handles access requests", "Définir le traitement des demandes d'accès de l'institution", "تحديد كيفية معالجة المؤسسة لطلبات الوصول"],
        AuditRead = "AUDIT_READ" ["Read the change log", "Lire le journal des modifications", "قراءة سجل التغييرات"],
        Subscribe = "SUBSCRIBE" ["Manage one's notifications, saved searches and preferences", "Gérer ses notifications, recherches enregistrées et préférences", "إدارة الإشعارات وعمليات البحث المحفوظة والتفضيلات"],
        WebhookManage = "WEBHOOK_MANAGE" ["Manage one's webhooks", "Gérer ses webhooks", "إدارة خطافات الويب"],
        AccessFormManage = "ACCESS_FORM_MANAGE" ["Write and publish the forms of access requests", "Rédiger et publier les formulaires de demande d'accès", "تحرير استمارات طلب الوصول ونشرها"],
        RegisterWrite = "REGISTER_WRITE" ["Write in the registers: challenges, practices, needs, overlaps, notes", "Écrire dans les registres : défis, pratiques, besoins, recoupements, notes", "الكتابة في السجلات: التحديات والممارسات والحاجات والتداخلات والمذكرات"],
        RegisterValidate = "REGISTER_VALIDATE" ["Validate entries of the registers, commit the institution or agree in its name", "Valider les inscriptions aux registres, engager l'institution ou donner son accord", "المصادقة على قيود السجلات والتزام المؤسسة أو الموافقة باسمها"],
        RegisterCoordinate = "REGISTER_COORDINATE" ["Act in the registers for the coordination, in nobody else's name", "Agir dans les registres pour la coordination, au nom de personne d'autre", "التصرف في السجلات باسم التنسيق دون غيره"],
        RegisterAsk = "REGISTER_ASK" ["Ask for what is not documented, and support requests of others", "Demander ce qui n'est pas documenté et soutenir les demandes d'autrui", "طلب ما ليس موثقا ودعم طلبات الآخرين"],
        RegisterComment = "REGISTER_COMMENT" ["Take part in discussions", "Participer aux discussions", "المشاركة في النقاشات"],
        ReportGenerate = "REPORT_GENERATE" ["Make reports that are kept", "Produire des rapports qui sont conservés", "إعداد تقارير تُحفظ"],
        AccountManage = "ACCOUNT_MANAGE" ["Make API tokens, change one's sign-in", "Créer des jetons d'accès, modifier sa connexion", "إنشاء رموز الوصول وتعديل تسجيل الدخول"],
    }
}
