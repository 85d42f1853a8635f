//! Pictures of a report: bars and a timeline, read aloud, told apart without colours, and mirrored for Arabic.

use std::fmt::Write;

use quick_xml::escape::{escape, partial_escape};

use crate::interop::label::lines;

const MARGIN: usize = 16;
const WIDTH: usize = 720;
const ROW: usize = 26;
/// Height of a line of a label.
const LINE: usize = 14;
/// Width of the labels.
const LABELS: usize = 300;
const LETTERS: usize = 44;

/// A bar: what it is of, and how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What it is of.
    pub label: String,
    /// How many.
    pub count: u64,
}

/// A span of years on a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// What it is of.
    pub label: String,
    /// First year; none where it is not documented.
    pub from: Option<i32>,
    /// Last year; none where it goes on or is not documented.
    pub to: Option<i32>,
    /// Whether it goes on.
    pub goes_on: bool,
}

/// A row of a picture: where it begins, how much room it has beyond one of a single line, and the lines of its label.
struct Row {
    top: usize,
    more: usize,
    label: Vec<String>,
}

impl Row {
    /// The rows of some labels, one below the other; and where the last one ends.
    fn of<'l>(labels: impl Iterator<Item = &'l str>, top: usize, is_rtl: bool) -> (Vec<Self>, usize) {
        let (mut rows, mut top) = (Vec::new(), top);
        for label in labels {
            let label = lines(label, LETTERS, is_rtl);
            let more = (label.len() - 1) * LINE;
            rows.push(Self { top, more, label });
            top += ROW + more;
        }
        (rows, top)
    }

    /// Where what stands beside the label begins.
    fn middle(&self) -> usize {
        self.top + self.more / 2
    }
}

struct Canvas {
    svg: String,
    is_rtl: bool,
    height: usize,
}

impl Canvas {
    fn new(title: &str, spoken: &str, language: &str, height: usize) -> Self {
        let is_rtl = language == "ar";
        let direction = if is_rtl { "rtl" } else { "ltr" };
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" lang=\"{language}\" \
             direction=\"{direction}\" role=\"img\" font-family=\"'Noto Sans','Noto Sans Arabic','DejaVu Sans',Arial,sans-serif\">\n\
             <title>{}</title>\n<desc>{}</desc>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
            escape(title),
            escape(spoken)
        );
        Self { svg, is_rtl, height }
    }

    /// The left edge of what begins so far from the side on which reading begins.
    fn left(&self, distance: usize, width: usize) -> usize {
        if self.is_rtl { WIDTH.saturating_sub(distance + width) } else { distance }
    }

    /// The label of a row, in the middle of its height.
    fn label(&mut self, row: &Row) {
        let x = if self.is_rtl { WIDTH - MARGIN } else { MARGIN };
        for (line, text) in row.label.iter().enumerate() {
            self.text(x, row.top + LINE + line * LINE, "start", text);
        }
    }

    fn text(&mut self, x: usize, y: usize, anchor: &str, text: &str) {
        // Where a text begins depends on the direction of the picture; readers that know none are told by its root.
        let anchor = if anchor == "start" { String::new() } else { format!(" text-anchor=\"{anchor}\"") };
        // Writing into a string does not fail.
        let _ = writeln!(self.svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"12\"{anchor} fill=\"#1a1a1a\">{}</text>", partial_escape(text));
    }

    /// A block; one with an open end is dashed, so that it is told apart without colours.
    fn block(&mut self, distance: usize, y: usize, width: usize, is_whole: bool) {
        let x = self.left(distance, width);
        let height = ROW - 8;
        let look = if is_whole { "fill=\"#1b6e53\"" } else { "fill=\"#fbe3a1\" stroke-dasharray=\"4 3\"" };
        let _ = writeln!(self.svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {look} stroke=\"#1a1a1a\"/>");
    }

    fn line(&mut self, distance: usize, y: usize) {
        let (x, bottom) = (self.left(distance, 0), self.height - MARGIN);
        let _ = writeln!(self.svg, "<path d=\"M{x} {y}V{bottom}\" stroke=\"#bdbdbd\"/>");
    }

    fn finish(mut self) -> String {
        self.svg.push_str("</svg>\n");
        self.svg
    }
}

/// A picture of bars, in the order given.
pub fn bars(title: &str, bars: &[Bar], language: &str) -> String {
    let spoken = bars.iter().map(|bar| format!("{}: {}", bar.label, bar.count)).collect::<Vec<_>>().join("; ");
    let (rows, end) = Row::of(bars.iter().map(|bar| bar.label.as_str()), MARGIN, language == "ar");
    let mut canvas = Canvas::new(title, &spoken, language, MARGIN + end);
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
    let room = (WIDTH - 2 * MARGIN - LABELS - 60) as u64;
    for (bar, row) in bars.iter().zip(&rows) {
        canvas.label(row);
        let y = row.middle();
        let width = usize::try_from(bar.count.saturating_mul(room) / most).unwrap_or(0).max(1);
        canvas.block(MARGIN + LABELS, y, width, true);
        let end = canvas.left(MARGIN + LABELS + width + 8, 0);
        canvas.text(end, y + 14, "start", &bar.count.to_string());
    }
    canvas.finish()
}

/// A timeline of reference periods, one line each. A beginning or an end that nobody documents is open, and drawn in another pattern.
pub fn timeline(title: &str, stretches: &[Stretch], last_year: i32, language: &str) -> String {
    let first_year = stretches.iter().filter_map(|stretch| stretch.from.or(stretch.to)).min().unwrap_or(last_year).clamp(1900, last_year);
    let spoken = stretches.iter().map(|stretch| format!("{}: {}", stretch.label, years(stretch))).collect::<Vec<_>>().join("; ");
    let (rows, end) = Row::of(stretches.iter().map(|stretch| stretch.label.as_str()), MARGIN + ROW, language == "ar");
    let mut canvas = Canvas::new(title, &spoken, language, MARGIN + end);
    let span = usize::try_from(last_year - first_year + 1).unwrap_or(1).max(1);
    let room = WIDTH - 2 * MARGIN - LABELS;
    let place =
        |year: i32| MARGIN + LABELS + usize::try_from(year.clamp(first_year, last_year + 1) - first_year).unwrap_or(0) * room / span;
    let step = usize::try_from((last_year - first_year) / 6 + 1).unwrap_or(1);
    for year in (first_year..=last_year).step_by(step) {
        let at = place(year);
        canvas.line(at, MARGIN + 14);
        let x = canvas.left(at, 0);
        canvas.text(x, MARGIN + 10, "middle", &year.to_string());
    }
    for (stretch, row) in stretches.iter().zip(&rows) {
        canvas.label(row);
        let y = row.middle();
        let (from, to) = match (stretch.from, stretch.to) {
            (Some(from), Some(to)) => (from, to),
            (Some(from), None) if stretch.goes_on => (from, last_year),
            (Some(year), None) | (None, Some(year)) => (year, year),
            // That it goes on is documented, its beginning is not.
            (None, None) if stretch.goes_on => (last_year, last_year),
            (None, None) => continue,
        };
        let width = place(to + 1).saturating_sub(place(from)).max(4);
        let is_whole = stretch.from.is_some() && (stretch.to.is_some() || stretch.goes_on);
        canvas.block(place(from), y, width, is_whole);
    }
    canvas.finish()
}

/// The years of a stretch, as they are written.
pub fn years(stretch: &Stretch) -> String {
    let year = |year: Option<i32>| year.map_or_else(|| "?".to_owned(), |year| year.to_string());
    match stretch.goes_on {
        true => format!("{}–…", year(stretch.from)),
        false if stretch.from.is_some() && stretch.from == stretch.to => year(stretch.from),
        false => format!("{}–{}", year(stretch.from), year(stretch.to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_year_is_said_once() {
        let said = |from, to, goes_on| years(&Stretch { label: String::new(), from, to, goes_on });
        assert_eq!(said(Some(2014), Some(2014), false), "2014");
        assert_eq!(said(Some(2014), Some(2018), false), "2014–2018");
        assert_eq!((said(None, None, false), said(Some(2014), None, true)), ("?–?".to_owned(), "2014–…".to_owned()));
    }

    #[test]
    fn pictures_are_well_formed_whatever_the_words_are() {
        let label = "<script>&\"".to_owned();
        let drawn = bars(&label, &[Bar { label: label.clone(), count: 3 }, Bar { label: "z".into(), count: 0 }], "ar");
        let lines = timeline(
            &label,
            &[
                Stretch { label: label.clone(), from: Some(2014), to: None, goes_on: true },
                Stretch { label: label.clone(), from: None, to: Some(1800), goes_on: false },
                Stretch { label: "n".into(), from: None, to: None, goes_on: false },
            ],
            2022,
            "en",
        );
        for svg in [drawn, lines] {
            let mut reader = quick_xml::Reader::from_str(&svg);
            loop {
                match reader.read_event().expect("well-formed") {
                    quick_xml::events::Event::Eof => break,
                    quick_xml::events::Event::Start(tag) => assert_ne!(tag.name().as_ref(), "script"),
                    _ => {}
                }
            }
        }
    }
}
