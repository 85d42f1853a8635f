//! What comes in from other systems: runs, and what became of each record.

use super::vocabulary;

vocabulary! {
    /// How a harvest, or the taking in of a file, ended. A run with failures is never called a success.
    RunOutcome "run-outcome" {
        Running = "RUNNING" ["Running", "En cours", "قيد التنفيذ"],
        Succeeded = "SUCCEEDED" ["Every record was taken", "Toutes les fiches ont été reprises", "أُخذت جميع السجلات"],
        WithFailures = "WITH_FAILURES" ["Some records could not be taken", "Certaines fiches n'ont pas pu être reprises", "تعذر أخذ بعض السجلات"],
        Held = "HELD" ["Too many records would vanish; none was flagged as gone", "Trop de fiches disparaîtraient ; aucune n'a été signalée comme disparue", "سيختفي عدد كبير من السجلات؛ لم يُعلَّم أي منها كمختف"],
        Failed = "FAILED" ["The source could not be read to its end", "La source n'a pas pu être lue jusqu'au bout", "تعذرت قراءة المصدر حتى نهايته"],
    }
}

vocabulary! {
    /// What became of one record of another system.
    RecordFate "record-fate" {
        Created = "CREATED" ["A draft was begun", "Un projet a été commencé", "بدأت مسودة"],
        Changed = "CHANGED" ["The changes of the source were taken", "Les modifications de la source ont été reprises", "أُخذت تغييرات المصدر"],
        Unchanged = "UNCHANGED" ["Nothing has changed in the source", "Rien n'a changé dans la source", "لم يتغير شيء في المصدر"],
        Waiting = "WAITING" ["The working copy is being decided on; the changes are taken when that is over", "La copie de travail est en cours de décision ; les modifications seront reprises ensuite", "نسخة العمل قيد البت؛ ستؤخذ التغييرات بعد ذلك"],
        SetAside = "SET_ASIDE" ["The institution has discarded or retired the record; it is not begun again", "L'institution a abandonné ou retiré la fiche ; elle n'est pas recommencée", "تخلت المؤسسة عن السجل أو سحبته؛ لا يُبدأ من جديد"],
        Gone = "GONE" ["The source does not have it any more", "La source ne l'a plus", "لم يعد موجودا في المصدر"],
        Failed = "FAILED" ["It could not be taken", "Elle n'a pas pu être reprise", "تعذر أخذه"],
    }
}
