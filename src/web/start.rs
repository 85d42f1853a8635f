//! The start page: what this is, how much is in it, and the founding question as a link, in the reader's language.

use actix_web::http::header::{ALLOW, CONTENT_SECURITY_POLICY, VARY};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::service::institutions;

use super::absence::not_found;
use super::negotiation::{accepted_languages, languages};
use super::pages::POLICY;
use super::pages::described::Entry;
use super::server::State;

/// The founding question as a query; the README shows it with its answer.
pub const FOUNDING_QUESTION: &str = include_str!("../../graphql/operations/returnees-souss-massa.graphql");

/// Texts of the page in one language.
struct Texts {
    tag: &'static str,
    direction: &'static str,
    title: &'static str,
    lead: &'static str,
    datasets: &'static str,
    institutions: &'static str,
    ask: &'static str,
    question: &'static str,
    ask_note: &'static str,
    principles: &'static str,
    metadata_only: &'static str,
    /// With its own markup, for the addresses read from left to right in any language.
    programs: &'static str,
    languages: &'static str,
    /// What a link from a record asks.
    of_record: &'static str,
}

const ENGLISH: Texts = Texts {
    tag: "en",
    direction: "ltr",
    title: "Who holds which migration data?",
    lead: "This catalogue says which institution holds which migration data: by which method, for which places and years, on which terms of access.",
    datasets: "datasets described",
    institutions: "institutions",
    ask: "Ask",
    question: "Who holds data on returnees in Souss-Massa after 2018, by sex, and how do I get it?",
    ask_note: "The link opens the question, ready to be sent and changed.",
    principles: "What it is not",
    metadata_only: "It holds descriptions only, no data on persons. It grants no access: the holder decides. What is not documented is shown as not documented, never as missing. Each record shows its sources and how certain it is.",
    programs: "For programs: GraphQL at <code>/graphql</code>, query page at <code>/graphiql</code>.",
    languages: "Languages",
    of_record: "How do I get these data: whom do I ask, and on which terms?",
};

const FRENCH: Texts = Texts {
    tag: "fr",
    direction: "ltr",
    title: "Qui détient quelles données migratoires ?",
    lead: "Ce catalogue indique quelle institution détient quelles données sur la migration : selon quelle méthode, pour quels lieux et quelles années, à quelles conditions d'accès.",
    datasets: "jeux de données décrits",
    institutions: "institutions",
    ask: "Poser une question",
    question: "Qui détient des données sur les migrants de retour dans le Souss-Massa après 2018, par sexe, et comment les obtenir ?",
    ask_note: "Le lien ouvre la question, prête à être envoyée et modifiée.",
    principles: "Ce que ce catalogue n'est pas",
    metadata_only: "Il ne contient que des descriptions, aucune donnée sur des personnes. Il n'accorde aucun accès : le détenteur décide. Ce qui n'est pas documenté est montré comme tel, jamais comme absent. Chaque fiche cite ses sources et son degré de certitude.",
    programs: "Pour les programmes : GraphQL à l'adresse <code>/graphql</code>, page d'interrogation à l'adresse <code>/graphiql</code>.",
    languages: "Langues",
    of_record: "Comment obtenir ces données : à qui s'adresser, et à quelles conditions ?",
};

const ARABIC: Texts = Texts {
    tag: "ar",
    direction: "rtl",
    title: "لدى من توجد بيانات الهجرة، وما هي؟",
    lead: "يبيّن هذا الفهرس ما لدى كل مؤسسة من بيانات عن الهجرة: بأي منهجية، وعن أي أماكن وسنوات، وبأي شروط للوصول.",
    datasets: "مجموعة بيانات موصوفة",
    institutions: "مؤسسة",
    ask: "اطرحوا سؤالا",
    question: "لدى من توجد بيانات عن المهاجرين العائدين في سوس ماسة بعد 2018 حسب الجنس، وكيف أحصل عليها؟",
    ask_note: "يفتح الرابط السؤال جاهزا للإرسال والتعديل.",
    principles: "ما ليس هذا الفهرس",
    metadata_only: "لا يتضمن سوى أوصاف، ولا يتضمن أي بيانات عن الأشخاص. ولا يمنح أي وصول: فالحائز هو من يقرر. وما ليس موثقا يُعرض على أنه غير موثق لا على أنه غير موجود. ويعرض كل سجل مصادره ودرجة توثيقه.",
    programs: "للبرامج: <bdi>GraphQL</bdi> على العنوان <code dir=\"ltr\">/graphql</code>، وصفحة الاستعلام على العنوان <code dir=\"ltr\">/graphiql</code>.",
    languages: "اللغات",
    of_record: "كيف أحصل على هذه البيانات: إلى من أتوجه، وبأي شروط؟",
};

fn texts(request: &HttpRequest) -> &'static Texts {
    let asked = url::form_urlencoded::parse(request.query_string().as_bytes())
        .find(|(name, _)| name == "lang")
        .map(|(_, value)| value.into_owned());
    let header = accepted_languages(request).unwrap_or_default();
    let mut wanted: Vec<String> = asked.into_iter().collect();
    wanted.extend(languages(&header));
    let known = |tag: &String| [&ARABIC, &FRENCH, &ENGLISH].into_iter().find(|texts| tag.split('-').next() == Some(texts.tag));
    wanted.iter().find_map(known).unwrap_or(&ENGLISH)
}

/// `/`.
pub async fn page(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let texts = texts(&request);
    let datasets = state.catalogue.index.snapshot().public_total;
    let for_count = state.clone();
    let institutions = match web::block(move || institutions::count(&for_count.catalogue)).await {
        Ok(Ok(count)) => count.to_string(),
        _ => "–".to_owned(),
    };
    let body = render(texts, &state.name, datasets, &institutions);
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((VARY, "Accept-Language"))
        .body(body)
}

fn render(texts: &Texts, name: &str, datasets: u64, institutions: &str) -> String {
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("query", &founding_question(texts))
        .append_pair("lang", texts.tag)
        .finish();
    let link = |texts_of: &Texts, label: &str| {
        let current = if texts_of.tag == texts.tag { " aria-current=\"true\"" } else { "" };
        format!("<li><a href=\"/?lang={0}\" lang=\"{0}\" hreflang=\"{0}\"{current}>{label}</a></li>", texts_of.tag)
    };
    let switch = [link(&ARABIC, "العربية"), link(&FRENCH, "Français"), link(&ENGLISH, "English")].concat();
    let Texts {
        tag,
        direction,
        title,
        lead,
        datasets: datasets_label,
        institutions: institutions_label,
        ask,
        question,
        ask_note,
        principles,
        metadata_only,
        programs,
        languages,
        ..
    } = texts;
    let name = escape(name);
    let query = escape(&query);
    format!(
        r#"<!doctype html>
<html lang="{tag}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name} – {title}</title>
<link rel="stylesheet" href="/assets/start.css">
</head>
<body>
<header>
<nav aria-label="{languages}"><ul>{switch}</ul></nav>
</header>
<main>
<p>{name}</p>
<h1>{title}</h1>
<p>{lead}</p>
<dl class="counts">
<div><dt>{datasets_label}</dt><dd>{datasets}</dd></div>
<div><dt>{institutions_label}</dt><dd>{institutions}</dd></div>
</dl>
<h2>{ask}</h2>
<p class="question"><a href="/graphiql?{query}">{question}</a></p>
<p>{ask_note}</p>
<h2>{principles}</h2>
<p>{metadata_only}</p>
</main>
<footer><p>{programs}</p></footer>
</body>
</html>
"#
    )
}

/// The founding question as a query, below the question in words of the reader's language.
fn founding_question(texts: &Texts) -> String {
    format!("# {}\n{}", texts.question, without_remarks(FOUNDING_QUESTION))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What a link to a record asks.
const RECORD: &str = include_str!("../../graphql/operations/how-to-get-access.graphql");

fn texts_of(tag: &str) -> &'static Texts {
    [&ARABIC, &FRENCH].into_iter().find(|texts| texts.tag == tag).unwrap_or(&ENGLISH)
}

/// Heading above questions that can be sent, in a language.
pub fn ask_heading(tag: &str) -> &'static str {
    texts_of(tag).ask
}

/// The query page with a question about a record, ready to be sent; none where the query page is not there.
pub fn question_about(state: &State, slug: &str, tag: &str) -> Vec<Entry> {
    if !state.settings.graphiql {
        return Vec::new();
    }
    let question = texts_of(tag).of_record;
    let query = format!("# {question} {slug}\n{}", without_remarks(RECORD));
    let variables = serde_json::json!({ "slug": slug }).to_string();
    let pairs = [("query", query.as_str()), ("variables", variables.as_str()), ("lang", tag)];
    let query: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    vec![Entry::page(question, format!("/graphiql?{query}"))]
}

/// An operation without the remarks above it, which speak in English of the record that it was written for.
fn without_remarks(mut operation: &str) -> &str {
    while let Some((first, rest)) = operation.split_once('\n')
        && (first.is_empty() || first.starts_with('#'))
    {
        operation = rest;
    }
    operation
}

/// What the catalogue is called and what it is, by language: its name with the question that it answers, and the lead.
pub fn about(name: &str) -> [(&'static str, String, &'static str); 3] {
    [&ENGLISH, &FRENCH, &ARABIC].map(|texts| (texts.tag, format!("{name} – {}", texts.title), texts.lead))
}

/// Addresses that are only sent to, and those that are read and sent to.
const SENT_TO: [&str; 4] = ["/sign-out", "/auth/{provider}/start", "/access-request/{id}/documents", "/institution/{slug}/records"];
const READ_AND_SENT_TO: [&str; 6] =
    ["/sign-in", "/sign-in/{secret}", "/invitation/{secret}", "/password-reset", "/password-reset/{secret}", "/register"];

/// The methods of the address that was asked for; none where there is no such address.
fn methods(request: &HttpRequest) -> Option<&'static str> {
    let pattern = request.resource_map().match_pattern(request.path())?;
    Some(match pattern.as_str() {
        one if SENT_TO.contains(&one) => "POST",
        one if READ_AND_SENT_TO.contains(&one) => "GET, HEAD, POST",
        _ => "GET, HEAD",
    })
}

/// Any other address, and any other method.
pub async fn elsewhere(request: HttpRequest) -> HttpResponse {
    if let Some(allowed) = methods(&request).filter(|allowed| !allowed.split(", ").any(|method| method == request.method().as_str())) {
        let told = format!("This address answers to {allowed} only\n");
        return HttpResponse::MethodNotAllowed().insert_header((ALLOW, allowed)).content_type("text/plain; charset=utf-8").body(told);
    }
    not_found(&request)
}
