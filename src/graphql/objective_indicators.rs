//! Indicators of an objective of the Global Compact: value, method, evidence, and what changed since a review.

use std::sync::Arc;

use juniper::FieldResult;

use crate::domain::indicators::{Indicator as Definition, ObjectiveAction, Outcome, Point};
use crate::domain::vocabulary::{IndicatorBasis, IndicatorSilence, IndicatorUnit, RecordScope, Vocabulary};
use crate::domain::workdays::Day;
use crate::service::indicators::{Asked, Measured, Standing, movement, point_label, remembered};
use crate::service::past::{self, Edition, Moment};
use crate::service::workbook::language as language_of;

use super::context::Context;
use super::error::from_service;
use super::indicator_evidence::{IndicatorEvidencePage, IndicatorPoint, evidence, short};
use super::scalars::{Date, DateTime};
use super::text::Lang;

/// What is asked for.
pub struct IndicatorQuestion {
    /// The objective.
    pub objective: i32,
    /// Code of the country.
    pub country: Option<String>,
    /// The day.
    pub at: Option<Date>,
    /// The edition.
    pub edition: Option<String>,
    /// Day of the review before.
    pub previous_at: Option<Date>,
    /// Which records count.
    pub records: Option<RecordScope>,
}

/// The indicators with the language of the answer.
pub struct ObjectiveIndicators {
    measured: Arc<Measured>,
    scope: RecordScope,
    lang: Lang,
}

impl ObjectiveIndicators {
    /// Measures what is asked for; none where there is no list of indicators for the objective.
    ///
    /// # Errors
    /// The question is wrong, or the database is unavailable.
    pub fn make(context: &Context, question: IndicatorQuestion, lang: Lang) -> FieldResult<Option<Self>> {
        let day = |field: &str, date: &Date| past::day(field, &date.0).map_err(from_service);
        let until = question.at.as_ref().map_or(Ok(context.today()), |date| day("at", date))?;
        let previous = question.previous_at.as_ref().map(|date| day("previousAt", date)).transpose()?;
        let edition = question.edition.as_deref().map_or(Ok(Edition::OfTheDay), Edition::read).map_err(from_service)?;
        let scope = question.records.unwrap_or(RecordScope::Published);
        let Ok(objective) = u8::try_from(question.objective) else { return Ok(None) };
        let asked = Asked { objective, country: question.country, until, previous, scope };
        let measured = remembered(&context.catalogue, &asked, edition, context.today()).map_err(from_service)?;
        Ok(measured.map(|measured| Self { measured, scope, lang }))
    }
}

/// The indicators of an objective of the Global Compact at a day, action by action, as anyone may see them. They tell how far the catalogue
/// documents or registers something; they are no score, and nobody is ranked.
#[juniper::graphql_object(context = Context)]
impl ObjectiveIndicators {
    /// The objective, 1 to 23.
    fn objective(&self) -> i32 {
        i32::from(self.measured.set.objective)
    }

    /// Version of the list of indicators.
    fn version(&self) -> &str {
        &self.measured.set.version
    }

    /// Which records count.
    fn records(&self) -> RecordScope {
        self.scope
    }

    /// What the indicators are made from, at the day.
    fn standing(&self) -> IndicatorStanding {
        IndicatorStanding::of(&self.measured.now)
    }

    /// The same at the review before; null where none is named.
    fn previous(&self) -> Option<IndicatorStanding> {
        self.measured.before.as_ref().map(IndicatorStanding::of)
    }

    /// The actions, (a) to (k).
    fn actions(&self) -> Vec<ActionIndicators> {
        let (mut found, mut place) = (Vec::new(), 0);
        for action in &self.measured.set.actions {
            let first = place;
            place += action.indicators.len();
            found.push(ActionIndicators { measured: self.measured.clone(), action: action.clone(), first, lang: self.lang.clone() });
        }
        found
    }
}

/// From what indicators are made.
pub struct IndicatorStanding {
    moment: Moment,
    counted: u64,
    validated: u64,
    published: u64,
    beginning_not_documented: u64,
    wider: u64,
}

impl IndicatorStanding {
    fn of(standing: &Standing) -> Self {
        Self {
            moment: standing.moment.clone(),
            counted: standing.records,
            validated: standing.validated,
            published: standing.published,
            beginning_not_documented: standing.beginning_not_documented,
            wider: standing.left_out.wider,
        }
    }
}

/// From what indicators are made: the day, the edition of the catalogue, and how many records count.
#[juniper::graphql_object(context = Context)]
impl IndicatorStanding {
    /// Sources count that had begun by this day.
    fn at(&self) -> Date {
        Date(Day(self.moment.until).to_string())
    }

    /// Place in the change log of the last change that is known; null where the log begins later.
    fn seq(&self) -> Option<i32> {
        self.moment.place.as_ref().map(|place| i32::try_from(place.seq).unwrap_or(i32::MAX))
    }

    /// Hash of that change and of all before it, by which the edition can be recognised.
    fn hash(&self) -> Option<&str> {
        self.moment.place.as_ref().map(|place| place.hash.as_str())
    }

    /// When that change was made.
    fn known_until(&self) -> Option<DateTime> {
        self.moment.place.as_ref().map(|place| DateTime(place.at))
    }

    /// When the catalogue's log begins.
    fn log_begins_at(&self) -> Option<DateTime> {
        self.moment.begins_at.map(DateTime)
    }

    /// Whether this is a look back: what the catalogue knew later of sources that had begun by the day.
    fn is_look_back(&self) -> bool {
        self.moment.is_look_back
    }

    /// Number of records that count.
    fn counted(&self) -> i32 {
        short(self.counted)
    }

    /// Number of published records of sources that had begun.
    fn published(&self) -> i32 {
        short(self.published)
    }

    /// Of these, the number of which the producer validated the version in force.
    fn validated(&self) -> i32 {
        short(self.validated)
    }

    /// Of the records that count, the number of which nothing documents whether the source had begun by the day.
    fn beginning_not_documented(&self) -> i32 {
        short(self.beginning_not_documented)
    }

    /// Number of records left out since they name a wider place only, which may include the country.
    fn on_wider_places(&self) -> i32 {
        short(self.wider)
    }
}

/// An action with its indicators.
pub struct ActionIndicators {
    measured: Arc<Measured>,
    action: ObjectiveAction,
    first: usize,
    lang: Lang,
}

/// An action of the objective with its indicators.
#[juniper::graphql_object(context = Context)]
impl ActionIndicators {
    /// Its letter in the Global Compact.
    fn letter(&self) -> &str {
        &self.action.letter
    }

    /// What it asks for, in the registry's words.
    fn label(&self) -> &str {
        self.action.label.say(language_of(self.lang.as_deref()))
    }

    /// Its indicators.
    fn indicators(&self) -> Vec<ObjectiveIndicator> {
        let of = |(place, definition): (usize, &Definition)| {
            let outcome = self.measured.now.outcomes.get(place)?.clone();
            let before = self.measured.before.as_ref().and_then(|before| before.outcomes.get(place)).cloned();
            Some(ObjectiveIndicator {
                measured: self.measured.clone(),
                definition: definition.clone(),
                outcome,
                before,
                lang: self.lang.clone(),
            })
        };
        (self.first..).zip(&self.action.indicators).filter_map(of).collect()
    }
}

/// An indicator with what it comes to.
pub struct ObjectiveIndicator {
    measured: Arc<Measured>,
    definition: Definition,
    outcome: Outcome,
    before: Option<Outcome>,
    lang: Lang,
}

impl ObjectiveIndicator {
    fn language(&self) -> &'static str {
        language_of(self.lang.as_deref())
    }
}

/// An indicator of an action: what it measures, how, and what it comes to.
#[juniper::graphql_object(context = Context)]
impl ObjectiveIndicator {
    /// Its code, such as `1b1`.
    fn code(&self) -> &str {
        &self.definition.code
    }

    /// What it measures.
    fn label(&self) -> &str {
        self.definition.label.say(self.language())
    }

    /// How it is computed, in plain words.
    fn method(&self) -> &str {
        self.definition.method.say(self.language())
    }

    /// What the value is.
    fn unit(&self) -> IndicatorUnit {
        self.definition.unit
    }

    /// From what it is made.
    fn basis(&self) -> IndicatorBasis {
        self.definition.basis
    }

    /// The value: for a share from 0 to 1. Null where nothing documents it, nothing is registered, or it is withheld: that is no zero.
    fn value(&self) -> Option<f64> {
        self.outcome.value
    }

    /// Why there is no value.
    fn silence(&self) -> Option<IndicatorSilence> {
        self.outcome.silence
    }

    /// The same in the reader's language.
    fn silence_label(&self) -> Option<&'static str> {
        self.outcome.silence.map(|silence| silence.label(self.language()))
    }

    /// The numerator.
    fn numerator(&self) -> Option<i32> {
        self.outcome.numerator.map(short)
    }

    /// What the numerator counts.
    fn numerator_label(&self) -> &str {
        self.definition.numerator.say(self.language())
    }

    /// The denominator; it counts also what does not document the answer.
    fn denominator(&self) -> Option<i32> {
        self.outcome.denominator.map(short)
    }

    /// What the denominator counts.
    fn denominator_label(&self) -> Option<&str> {
        self.definition.denominator.as_ref().map(|words| words.say(self.language()))
    }

    /// How many of what was looked at could not be judged, since what would decide is not documented or not shown.
    fn not_documented(&self) -> i32 {
        short(self.outcome.not_documented)
    }

    /// Points of a checklist.
    fn points(&self, context: &Context) -> Vec<IndicatorPoint> {
        let label = |point: &Point| point_label(&context.catalogue, &self.measured.set, &point.code, self.language());
        let of = |point: &Point| IndicatorPoint { label: label(point), point: point.clone(), lang: self.lang.clone() };
        self.outcome.points.iter().map(of).collect()
    }

    /// What the numerator counts, in the order of registration.
    fn evidence(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
    ) -> FieldResult<IndicatorEvidencePage> {
        evidence(context, &self.outcome.evidence, first, after, &self.lang)
    }

    /// The value at the review before.
    fn previous_value(&self) -> Option<f64> {
        self.before.as_ref().and_then(|before| before.value)
    }

    /// Why there was no value at the review before.
    fn previous_silence(&self) -> Option<IndicatorSilence> {
        self.before.as_ref().and_then(|before| before.silence)
    }

    /// The numerator at the review before.
    fn previous_numerator(&self) -> Option<i32> {
        self.before.as_ref().and_then(|before| before.numerator).map(short)
    }

    /// The denominator at the review before.
    fn previous_denominator(&self) -> Option<i32> {
        self.before.as_ref().and_then(|before| before.denominator).map(short)
    }

    /// Evidence that came since the review before; null where none is named.
    fn entered(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
    ) -> FieldResult<Option<IndicatorEvidencePage>> {
        let entered = self.before.as_ref().map(|before| movement(&self.outcome, before).entered);
        entered.map(|entered| evidence(context, &entered, first, after, &self.lang)).transpose()
    }

    /// Evidence of the review before that counts no longer; null where none is named.
    fn left(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
    ) -> FieldResult<Option<IndicatorEvidencePage>> {
        let left = self.before.as_ref().map(|before| movement(&self.outcome, before).left);
        left.map(|left| evidence(context, &left, first, after, &self.lang)).transpose()
    }
}
