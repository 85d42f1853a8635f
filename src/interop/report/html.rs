//! A report as one page of HTML that needs nothing else: no script, no font, no picture from elsewhere.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::direction::{of_link, with_dates_apart};
use super::model::{Block, Column, Figure, HumanText, Report, Section, Span, Table, is_rtl};
use super::text::{Target, anchor, escape, language_code, target, without_forbidden};
use super::words::{self, colon, numbered, say};
use super::{deepest, heading, stamp};

/// Writes the page.
pub fn write(report: &Report) -> String {
    let mut page = Page { report, out: String::new(), tables: 0, figures: 0 };
    page.head();
    page.cover();
    page.contents();
    page.out.push_str("<main id=\"rihla-text\">\n");
    for section in &report.sections {
        page.section(section, 2);
    }
    page.out.push_str("</main>\n");
    page.foot();
    page.out
}

struct Page<'a> {
    report: &'a Report,
    out: String,
    tables: usize,
    figures: usize,
}

impl Page<'_> {
    fn say(&self, words: [&'static str; 3]) -> &'static str {
        say(words, self.report.language)
    }

    fn head(&mut self) {
        let report = self.report;
        let direction = if report.is_rtl() { "rtl" } else { "ltr" };
        self.out += &format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <meta name=\"author\" content=\"{publisher}\">\n<meta name=\"dcterms.identifier\" content=\"{identifier}\">\n\
             <meta name=\"dcterms.created\" content=\"{made}\">\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#rihla-text\">{skip}</a>\n",
            language = report.language,
            title = escape(&report.title),
            publisher = escape(&report.publisher),
            identifier = escape(&report.identifier),
            made = stamp(report.made_at),
            skip = self.say(words::SKIP),
        );
    }

    fn cover(&mut self) {
        let report = self.report;
        self.out.push_str("<header>\n");
        self.line("h1", "", &[Span::text(&report.title)]);
        if !report.subtitle.is_empty() {
            self.line("p", " class=\"subtitle\"", &[Span::text(&report.subtitle)]);
        }
        if !report.cover.is_empty() {
            self.out.push_str("<dl>\n");
            for (label, spans) in &report.cover {
                self.out += &format!("<dt>{}</dt>\n<dd>", escape(label));
                self.spans(spans);
                self.out.push_str("</dd>\n");
            }
            self.out.push_str("</dl>\n");
        }
        self.blocks(&report.preface);
        self.out.push_str("</header>\n");
    }

    fn contents(&mut self) {
        if self.report.sections.is_empty() {
            return;
        }
        self.out += &format!("<nav aria-labelledby=\"rihla-contents\">\n<h2 id=\"rihla-contents\">{}</h2>\n", self.say(words::CONTENTS));
        self.entries(&self.report.sections, 1);
        self.out.push_str("</nav>\n");
    }

    fn entries(&mut self, sections: &[Section], depth: usize) {
        self.out.push_str("<ul>\n");
        for section in sections {
            self.out.push_str("<li>");
            self.spans(&[Span::link(heading(section), format!("#{}", section.anchor))]);
            if depth < 2 && !section.sections.is_empty() {
                self.out.push('\n');
                self.entries(&section.sections, depth + 1);
            }
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</ul>\n");
    }

    fn section(&mut self, section: &Section, level: usize) {
        let name = anchor(&section.anchor);
        let id = if name.is_empty() { String::new() } else { format!(" id=\"{name}\"") };
        self.out += &format!("<section{id}>\n");
        self.line(&format!("h{level}"), "", &[Span::Text(heading(section))]);
        self.blocks(&section.blocks);
        for part in &section.sections {
            self.section(part, deepest(level + 1));
        }
        self.out.push_str("</section>\n");
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(spans) => self.line("p", "", spans),
            Block::List { is_ordered, items } => {
                let list = if *is_ordered { "ol" } else { "ul" };
                self.out += &format!("<{list}>\n");
                for item in items {
                    self.line("li", "", item);
                }
                self.out += &format!("</{list}>\n");
            }
            Block::Table(table) => {
                self.tables += 1;
                let caption = numbered(words::TABLE, self.tables, &table.caption, self.report.language);
                self.table(table, &caption);
            }
            Block::Figure(figure) => self.figure(figure),
            Block::Human(text) => self.human(text),
            Block::Note(spans) => {
                self.out += &format!("<p class=\"note\"><strong>{}{}</strong>", self.say(words::NOTE), colon(self.report.language));
                self.spans(spans);
                self.out.push_str("</p>\n");
            }
        }
    }

    fn line(&mut self, element: &str, attributes: &str, spans: &[Span]) {
        self.out += &format!("<{element}{attributes}>");
        self.spans(spans);
        self.out += &format!("</{element}>\n");
    }

    fn spans(&mut self, spans: &[Span]) {
        for span in with_dates_apart(spans, self.report.is_rtl()).iter() {
            match span {
                Span::Text(text) => self.out += &escape(text),
                Span::Strong(text) => self.out += &format!("<strong>{}</strong>", escape(text)),
                Span::Link { text, url, language } => {
                    let words = link_words(text, language.as_deref().unwrap_or(""));
                    match target(url) {
                        Some(Target::Inside(name)) => self.out += &format!("<a href=\"#{name}\">{words}</a>"),
                        Some(Target::Outside(address)) => self.out += &format!("<a href=\"{}\">{words}</a>", escape(&address)),
                        None => self.out += &words,
                    }
                }
                Span::Foreign { language, text } => self.out += &isolated(text, language),
            }
        }
    }

    /// A text by itself.
    fn plain(&mut self, text: &str) {
        self.spans(&[Span::text(text)]);
    }

    fn table(&mut self, table: &Table, caption: &str) {
        // Who reads by keyboard must be able to move the wide table, hence the place in the order of tabs.
        self.out += &format!("<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"{0}\">\n<table>\n<caption>", escape(caption));
        self.plain(caption);
        self.out.push_str("</caption>\n");
        self.out.push_str("<thead>\n<tr>");
        for column in &table.columns {
            let class = class_of(Some(column));
            self.out += &format!("<th scope=\"col\"{class}>");
            self.plain(&column.label);
            self.out.push_str("</th>");
        }
        self.out.push_str("</tr>\n</thead>\n<tbody>\n");
        for row in &table.rows {
            self.out.push_str("<tr>");
            for (place, column) in table.columns.iter().enumerate() {
                let class = class_of(Some(column));
                let (open, close) = if place == 0 && table.has_row_heads { ("th scope=\"row\"", "th") } else { ("td", "td") };
                self.out += &format!("<{open}{class}>");
                self.spans(row.get(place).map_or(&[], Vec::as_slice));
                self.out += &format!("</{close}>");
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>\n</table>\n</div>\n");
    }

    fn figure(&mut self, figure: &Figure) {
        self.figures += 1;
        let caption = numbered(words::FIGURE, self.figures, &figure.caption, self.report.language);
        // As the source of a picture the document can neither run nor load anything, and its names meet no others.
        let picture = STANDARD.encode(without_forbidden(&figure.svg));
        self.out.push_str("<figure>\n<figcaption>");
        self.plain(&caption);
        self.out += &format!(
            "</figcaption>\n<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"{}\"><img src=\"data:image/svg+xml;base64,{picture}\" alt=\"{}\"></div>\n",
            escape(&caption),
            escape(&figure.alternative)
        );
        if let Some(data) = &figure.data {
            let label = data_caption(data, self.figures, self.report.language);
            self.out += &format!("<details>\n<summary>{}</summary>\n", escape(&label));
            self.table(data, &label);
            self.out.push_str("</details>\n");
        }
        self.out.push_str("</figure>\n");
    }

    fn human(&mut self, text: &HumanText) {
        let (mark, colon) = (self.say(words::HUMAN), colon(self.report.language));
        let unvalidated = if text.is_validated { String::new() } else { format!(" – {}", self.say(words::UNVALIDATED)) };
        let what = if text.what.is_empty() { String::new() } else { format!("{}<br>", escape(&text.what)) };
        self.out += &format!(
            "<div class=\"human\" role=\"group\" aria-label=\"{mark}{unvalidated}\">\n<p class=\"who\"><strong>{mark}{unvalidated}</strong><br>{what}{}{colon}",
            self.say(words::BY)
        );
        self.spans(&text.who);
        if !text.on.is_empty() {
            self.out += &format!("<br>{}{colon}<bdi>{}</bdi>", self.say(words::ON), escape(&text.on));
        }
        self.out.push_str("</p>\n");
        let language = text.language.as_deref().map(language_code).filter(|code| !code.is_empty());
        let attributes = language.map(|code| format!(" lang=\"{code}\" dir=\"{}\"", direction(&code))).unwrap_or_default();
        self.out += &format!("<blockquote{attributes}>\n");
        self.blocks(&text.blocks);
        self.out.push_str("</blockquote>\n</div>\n");
    }

    fn foot(&mut self) {
        let report = self.report;
        self.out += &format!(
            "<footer>\n<p>{} · {}{}<bdi>{}</bdi></p>\n</footer>\n</body>\n</html>\n",
            escape(&report.publisher),
            self.say(words::EDITION),
            colon(report.language),
            escape(&report.identifier)
        );
    }
}

/// Caption of the table behind a picture.
pub(super) fn data_caption(data: &Table, figure: usize, language: &str) -> String {
    numbered(words::DATA, figure, &data.caption, language)
}

fn direction(language: &str) -> &'static str {
    if is_rtl(language) { "rtl" } else { "ltr" }
}

fn isolated(text: &str, language: &str) -> String {
    apart(&escape(text), language)
}

/// The words of a link, with dates apart in what is written from right to left.
fn link_words(text: &str, language: &str) -> String {
    let stretches = of_link(text, language).into_iter();
    let words: String =
        stretches.map(|(is_date, stretch)| if is_date { isolated(stretch, "") } else { escape(stretch).to_string() }).collect();
    apart(&words, language)
}

fn apart(escaped: &str, language: &str) -> String {
    match language_code(language) {
        code if code.is_empty() => format!("<bdi>{escaped}</bdi>"),
        code => format!("<bdi lang=\"{code}\" dir=\"{}\">{escaped}</bdi>", direction(&code)),
    }
}

fn class_of(column: Option<&Column>) -> &'static str {
    if column.is_some_and(|column| column.is_number) { " class=\"number\"" } else { "" }
}

const STYLE: &str = "
:root{color-scheme:light}
body{margin:0 auto;padding:1rem;max-width:60rem;font:1rem/1.6 'Noto Sans','Noto Naskh Arabic','DejaVu Sans',Arial,sans-serif;color:#1a1a1a;background:#fff}
a{color:#0b5394}a:focus,div:focus,summary:focus{outline:3px solid #b45309;outline-offset:2px}
.skip{position:absolute;inset-inline-start:-999rem}.skip:focus{position:static}
h1,h2,h3,h4,h5{line-height:1.3;break-after:avoid}h2{margin-top:2.5rem;border-bottom:1px solid #8a8a8a}
.subtitle{font-size:1.25rem}dt{font-weight:bold}dd{margin-inline:1.5rem 0;margin-bottom:.4rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}caption,figcaption{text-align:start;font-weight:bold;padding-block:.3rem}
th,td{border:1px solid #8a8a8a;padding:.25rem .5rem;text-align:start;vertical-align:top}thead th{background:#e8eef4}
.number{text-align:end;font-variant-numeric:tabular-nums}.wide{overflow-x:auto}
figure{margin:1.5rem 0}img{max-width:none}
.note{border-inline-start:.25rem solid #8a8a8a;padding-inline-start:1rem;color:#333}
.human{border:2px solid #7a4a00;background:#fff8ec;padding:.5rem 1rem;margin:1rem 0}.human blockquote{margin:0}.who{margin-top:0}
footer{margin-top:3rem;border-top:1px solid #8a8a8a;font-size:.9rem}
@media print{details::details-content{content-visibility:visible;block-size:auto}body{max-width:none;padding:0;font-size:10pt}.skip{display:none}a{color:inherit}img{max-width:100%}thead{display:table-header-group}tr,figure>div{break-inside:avoid}.wide{overflow:visible}header{break-after:page}main a[href^=http]::after{content:' <' attr(href) '>';font-size:.8em;overflow-wrap:anywhere;unicode-bidi:isolate;direction:ltr}main table a[href^=http]::after{content:none}}
";
