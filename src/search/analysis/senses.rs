//! Words that the stemmers of English and French take for other words.

/// Beginnings of words that the stemmers take for another word, each with its search form: a regularisation is not regular, nationality not national,
/// international not internal, a minority no minor, a department no departure; informal not information, a projection no project, a publication not
/// public, communication no commune, a training no format, a treatment no trafficking, retirement no removal, an exit no sort, a visa no aim, important no
/// import, accession no access, integrity no integration, united no unit, relatives no relations, an experiment no experience, provisional no provision, a
/// mother no sea, married not March. Emigration and immigration are never one.
const OWN_SENSE: [(&str, &str); 38] = [
    ("regularis", "regularis"),
    ("regulariz", "regularis"),
    ("nationalit", "nationalit"),
    ("internation", "international"),
    ("organis", "organis"),
    ("organiz", "organis"),
    ("minorit", "minorit"),
    ("authorit", "authorit"),
    ("authoris", "authoris"),
    ("authoriz", "authoris"),
    ("naturalis", "naturalis"),
    ("naturaliz", "naturalis"),
    ("departement", "departement"),
    ("department", "department"),
    ("transition", "transition"),
    ("universit", "universit"),
    ("emigr", "emigr"),
    ("immigr", "immigr"),
    ("informal", "informal"),
    ("projection", "projection"),
    ("publication", "publication"),
    ("communication", "communication"),
    ("formation", "formation"),
    ("traitement", "traitement"),
    ("retraite", "retraite"),
    ("sorti", "sorti"),
    ("sortant", "sorti"),
    ("visa", "visa"),
    ("importan", "importan"),
    ("accession", "accession"),
    ("integral", "integral"),
    ("integrit", "integrit"),
    ("united", "united"),
    ("relative", "relative"),
    ("experiment", "experiment"),
    ("provisional", "provisional"),
    ("mere", "mere"),
    ("marie", "marie"),
];

/// Beginnings of words that the stemmers take for several words, each with its search form: in the feminine or the plural, as in étrangère, immigrées and
/// envois; or in another spelling, as labor, program and center.
const ONE_WORD: [(&str, &str); 26] = [
    ("etranger", "etranger"),
    ("retour", "retour"),
    ("arriv", "arriv"),
    ("entree", "entree"),
    ("refugi", "refug"),
    ("deplac", "deplac"),
    ("expuls", "expuls"),
    ("rapatri", "rapatri"),
    ("refoul", "refoul"),
    ("renvoi", "renvoi"),
    ("envoi", "envoi"),
    ("emploi", "emploi"),
    ("travailleu", "travailleur"),
    ("diplomee", "diplom"),
    ("publiqu", "public"),
    ("laborato", "laboratori"),
    ("labor", "labour"),
    ("labour", "labour"),
    ("program", "program"),
    ("center", "centr"),
    ("urbanis", "urbanis"),
    ("urbaniz", "urbanis"),
    ("harmonis", "harmonis"),
    ("harmoniz", "harmonis"),
    ("demograph", "demograph"),
    ("localit", "localit"),
];

/// The search form that a folded word has of its own, because it looks like a form of a word of another sense.
pub fn own_sense(folded: &str) -> Option<&'static str> {
    listed(&OWN_SENSE, folded)
}

/// The search form of a folded word that the stemmers would take for another word, or for several.
pub fn own_form(folded: &str) -> Option<&'static str> {
    own_sense(folded).or_else(|| listed(&ONE_WORD, folded))
}

fn listed(list: &[(&str, &'static str)], folded: &str) -> Option<&'static str> {
    list.iter().find(|(beginning, _)| folded.starts_with(beginning)).map(|(_, form)| *form)
}

#[cfg(test)]
mod tests {
    use crate::search::analysis::query_forms;

    #[test]
    fn words_of_another_sense_stay_apart() {
        for (one, other) in [
            ("regularization", "regular"),
            ("régularisation", "regular"),
            ("nationality", "national"),
            ("nationalité", "nationaux"),
            ("international", "internal"),
            ("internationale", "interne"),
            ("minorities", "minors"),
            ("department", "departed"),
            ("départements", "départ"),
            ("authority", "authorised"),
            ("immigration", "emigration"),
            ("immigrants", "emigrants"),
            ("immigrés", "émigrés"),
            ("émigrées", "immigration"),
            ("migrants", "immigrants"),
            ("résidents", "résidus"),
            ("residence", "residue"),
            ("residual", "residents"),
            ("retours", "retraites"),
            ("retraité", "retrait"),
            ("asile", "asiatique"),
            ("asylum", "Asian"),
            ("travail", "travers"),
            ("transferts", "transfrontaliers"),
            ("études", "étudiants"),
            ("students", "studies"),
            ("mineurs", "mines"),
            ("minors", "mining"),
            ("séjour", "journée"),
            ("labour", "laboratory"),
            ("travail", "laboratoire"),
            ("departures", "departments"),
            ("borders", "orders"),
            ("census", "consensus"),
            ("recensement", "récemment"),
            ("statistics", "status"),
            ("statistique", "statut"),
            ("states", "statistics"),
            ("stateless", "states"),
            ("étranger", "étrange"),
            ("information", "informal"),
            ("projections", "projects"),
            ("projections", "projets"),
            ("publications", "public"),
            ("communes", "communication"),
            ("formation", "format"),
            ("traite", "traitements"),
            ("sorties", "sortes"),
            ("visas", "vise"),
            ("important", "imports"),
            ("accession", "access"),
            ("integration", "integrity"),
            ("united", "units"),
            ("relatives", "relations"),
            ("mères", "mer"),
            ("mariés", "mars"),
            ("refugees", "refused"),
            ("réfugiés", "refus"),
            ("displacement", "placement"),
            ("detained", "detailed"),
            ("citizens", "cities"),
            ("trafficking", "traffic"),
            ("permis", "permanent"),
            ("frontière", "front"),
            ("pays", "paysans"),
            ("ménages", "aménagement"),
            ("police", "policy"),
            ("registers", "regions"),
        ] {
            let (one, other) = (query_forms(one), query_forms(other));
            assert!(!one.iter().any(|form| other.contains(form)), "{one:?} {other:?}");
        }
        for (one, other) in [
            ("regularization", "régularisations"),
            ("nationalities", "nationality"),
            ("international", "internationaux"),
            ("immigrées", "immigrés"),
            ("émigrée", "émigration"),
            ("étranger", "étrangères"),
            ("réfugiées", "réfugié"),
            ("déplacées", "déplacés"),
            ("retournées", "retour"),
            ("envois", "envoi"),
            ("emplois", "emploi"),
            ("travailleuses", "travailleurs"),
            ("publiques", "public"),
            ("residents", "residence"),
            ("résidente", "résidence"),
            ("demandes", "demander"),
            ("départs", "départ"),
            ("arrivées", "arrivals"),
            ("entrées", "entrée"),
            ("remittances", "remittance"),
            ("returned", "returns"),
            ("labor", "labour"),
            ("programs", "programme"),
            ("centers", "centres"),
            ("demographic", "demography"),
            ("statistical", "statistics"),
        ] {
            assert!(query_forms(one).iter().any(|form| query_forms(other).contains(form)), "{one} {other}");
        }
    }
}
