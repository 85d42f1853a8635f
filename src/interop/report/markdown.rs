//! A report as Markdown (CommonMark with tables), for who edits it further. Pictures are there in words and figures.

use super::direction::{of_link, with_dates_apart};
use super::html::data_caption;
use super::model::{Block, Figure, HumanText, Report, Section, Span, Table};
use super::text::{END_ISOLATE, ISOLATE, Target, anchor, clean, target};
use super::words::{self, colon, numbered, say};
use super::{deepest, heading, stamp};

/// Writes the text.
pub fn write(report: &Report) -> String {
    let mut page = Page { report, out: String::new(), tables: 0, figures: 0 };
    page.head();
    page.blocks(&report.preface, "");
    page.contents();
    for section in &report.sections {
        page.section(section, 2);
    }
    if report.is_rtl() {
        page.out.push_str("</div>\n");
    }
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

    fn inline(&self, spans: &[Span]) -> String {
        inline(spans, self.report.is_rtl())
    }

    fn plain(&self, text: &str) -> String {
        self.inline(&[Span::text(text)])
    }

    fn head(&mut self) {
        let report = self.report;
        let direction = if report.is_rtl() { "rtl" } else { "ltr" };
        self.out += &format!(
            "---\ntitle: {}\nlang: {}\ndir: {direction}\ndate: {}\npublisher: {}\nidentifier: {}\n---\n\n",
            quoted(&report.title),
            report.language,
            quoted(&stamp(report.made_at)),
            quoted(&report.publisher),
            quoted(&report.identifier)
        );
        if report.is_rtl() {
            self.out += &format!("<div lang=\"{}\" dir=\"rtl\">\n\n", report.language);
        }
        self.out += &format!("# {}\n\n", self.plain(&report.title));
        if !report.subtitle.is_empty() {
            self.out += &format!("**{}**\n\n", self.plain(&report.subtitle));
        }
        for (label, spans) in &report.cover {
            self.out += &format!("- **{}**{}{}\n", self.plain(label), colon(report.language), self.inline(spans));
        }
        if !report.cover.is_empty() {
            self.out.push('\n');
        }
    }

    fn contents(&mut self) {
        if self.report.sections.is_empty() {
            return;
        }
        self.out += &format!("**{}**\n\n", self.say(words::CONTENTS));
        for section in &self.report.sections {
            self.entry(section, "");
            for part in &section.sections {
                self.entry(part, "  ");
            }
        }
        self.out.push('\n');
    }

    fn entry(&mut self, section: &Section, indent: &str) {
        let words = self.plain(&heading(section));
        match anchor(&section.anchor) {
            name if name.is_empty() => self.out += &format!("{indent}- {words}\n"),
            name => self.out += &format!("{indent}- [{words}](#{name})\n"),
        }
    }

    fn section(&mut self, section: &Section, level: usize) {
        let name = anchor(&section.anchor);
        if !name.is_empty() {
            self.out += &format!("<a id=\"{name}\"></a>\n\n");
        }
        self.out += &format!("{} {}\n\n", "#".repeat(level), self.plain(&heading(section)));
        self.blocks(&section.blocks, "");
        for part in &section.sections {
            self.section(part, deepest(level + 1));
        }
    }

    /// Blocks, each line with what quotes it before.
    fn blocks(&mut self, blocks: &[Block], quote: &str) {
        for block in blocks {
            match block {
                Block::Paragraph(spans) => self.line(quote, &self.inline(spans)),
                Block::Note(spans) => {
                    let note = format!("_{}_{}{}", self.say(words::NOTE), colon(self.report.language), self.inline(spans));
                    self.line(quote, &note);
                }
                Block::List { is_ordered, items } => {
                    for (number, item) in items.iter().enumerate() {
                        let mark = if *is_ordered { format!("{}.", number + 1) } else { "-".to_owned() };
                        self.out += &format!("{quote}{mark} {}\n", self.inline(item));
                    }
                    self.out += &format!("{}\n", quote.trim_end());
                }
                Block::Table(table) => {
                    self.tables += 1;
                    let caption = numbered(words::TABLE, self.tables, &table.caption, self.report.language);
                    self.table(table, &caption, quote);
                }
                Block::Figure(figure) => self.figure(figure, quote),
                Block::Human(text) => self.human(text, quote),
            }
        }
    }

    fn line(&mut self, quote: &str, text: &str) {
        self.out += &format!("{quote}{text}\n{}\n", quote.trim_end());
    }

    fn table(&mut self, table: &Table, caption: &str, quote: &str) {
        self.line(quote, &format!("**{}**", self.plain(caption)));
        if table.columns.is_empty() {
            return;
        }
        let heads: Vec<String> = table.columns.iter().map(|column| self.plain(&column.label)).collect();
        let rules: Vec<&str> = table.columns.iter().map(|column| if column.is_number { "---:" } else { "---" }).collect();
        self.out += &format!("{quote}| {} |\n{quote}| {} |\n", heads.join(" | "), rules.join(" | "));
        for row in &table.rows {
            let cells: Vec<String> =
                (0..table.columns.len()).map(|place| row.get(place).map_or_else(String::new, |cell| self.inline(cell))).collect();
            self.out += &format!("{quote}| {} |\n", cells.join(" | "));
        }
        self.out += &format!("{}\n", quote.trim_end());
    }

    fn figure(&mut self, figure: &Figure, quote: &str) {
        self.figures += 1;
        let language = self.report.language;
        let caption = numbered(words::FIGURE, self.figures, &figure.caption, language);
        self.line(quote, &format!("**{}**", self.plain(&caption)));
        self.line(quote, &format!("_{}_{}{}", self.say(words::DESCRIPTION), colon(language), self.plain(&figure.alternative)));
        if let Some(data) = &figure.data {
            let label = data_caption(data, self.figures, language);
            self.table(data, &label, quote);
        }
    }

    fn human(&mut self, text: &HumanText, quote: &str) {
        let colon = colon(self.report.language);
        let unvalidated = if text.is_validated { String::new() } else { format!(" – {}", self.say(words::UNVALIDATED)) };
        let inner = format!("{quote}> ");
        let what = if text.what.is_empty() { String::new() } else { format!(" – {}", escape_within(&text.what)) };
        let by = format!("**{}{unvalidated}**{what} – {}{colon}{}", self.say(words::HUMAN), self.say(words::BY), self.inline(&text.who));
        let on = if text.on.is_empty() { String::new() } else { format!(" – {}{colon}{}", self.say(words::ON), isolated(&text.on)) };
        self.line(&inner, &format!("{by}{on}"));
        self.blocks(&text.blocks, &inner);
        // The quotation ends here, so that what follows does not count as said by the same.
        self.line(quote, &format!("_{}_", self.say(words::END)));
    }
}

fn inline(spans: &[Span], is_rtl: bool) -> String {
    let mut out = String::new();
    for span in with_dates_apart(spans, is_rtl).iter() {
        match span {
            Span::Text(text) => out += &escape_within(text),
            Span::Strong(text) if text.trim().is_empty() => {}
            // A blank inside of the marks would undo them, and is one between the words all the same.
            Span::Strong(text) => {
                let blank = if text.ends_with(char::is_whitespace) { " " } else { "" };
                out += &format!("**{}**{blank}", escape(text.trim_end()));
            }
            Span::Foreign { text, .. } => out += &isolated(text),
            Span::Link { text, url, language } => {
                let words = link_words(text, language.as_deref().unwrap_or(""));
                match target(url) {
                    Some(Target::Inside(name)) => out += &format!("[{words}](#{name})"),
                    Some(Target::Outside(address)) => out += &format!("[{words}](<{address}>)"),
                    None => out += &words,
                }
            }
        }
    }
    guarded_start(out.trim())
}

fn isolated(text: &str) -> String {
    format!("{ISOLATE}{}{END_ISOLATE}", escape(text))
}

/// The words of a link, with dates apart in what is written from right to left.
fn link_words(text: &str, language: &str) -> String {
    let stretches = of_link(text, language);
    if stretches.len() < 2 {
        return isolated(text);
    }
    let words = stretches.into_iter().map(|(is_date, stretch)| if is_date { isolated(stretch) } else { escape_within(stretch) });
    format!("{ISOLATE}{}{END_ISOLATE}", words.collect::<String>())
}

/// A text by itself, in which nothing means anything to Markdown.
fn escape(text: &str) -> String {
    guarded_start(escape_within(text).trim())
}

fn escape_within(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (place, c) in text.char_indices() {
        let (before, after) = (&text[..place], &text[place + c.len_utf8()..]);
        let has_meaning = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' | '^' | '@' => true,
            // Addresses would become links by themselves.
            ':' => after.starts_with("//"),
            '.' => before.len().checked_sub(3).and_then(|start| before.get(start..)).is_some_and(|last| last.eq_ignore_ascii_case("www")),
            '!' => after.starts_with('['),
            _ => false,
        };
        if has_meaning {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A line that neither begins a heading, a list nor a rule.
fn guarded_start(line: &str) -> String {
    if line.starts_with(['#', '+', '-', '=', ':']) {
        return format!("\\{line}");
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.get(digits..) {
        Some(rest) if digits > 0 && rest.starts_with(['.', ')']) => format!("{}\\{rest}", &line[..digits]),
        _ => line.to_owned(),
    }
}

/// A value of the properties: the form of JSON is one that YAML reads.
fn quoted(text: &str) -> String {
    serde_json::Value::String(clean(text)).to_string()
}
