//! What a record tells on a facet: a value, nothing, that there is none to tell, or that this reader is not shown it.

use crate::domain::dataset::Dataset;
use crate::domain::methodology::MigrantDefinition;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{
    DefinitionBasis, DefinitionCode, DurationBasis, FacetDifference, Frequency, MaskableField, Measure, MovementDirection,
    QualityDimension, ReferencePoint, SamplingDesign, SourceType, StatisticalUnit,
};

/// What a record tells on a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told<T> {
    /// The reader is not shown it.
    Hidden,
    /// Nobody has documented it.
    Undocumented,
    /// There is nothing of the kind to document.
    NotApplicable,
    /// The value.
    Documented(T),
}

impl<T> Told<T> {
    /// The value, unless it is hidden, or nobody has documented it.
    fn of(is_hidden: bool, value: Option<T>) -> Self {
        match (is_hidden, value) {
            (true, _) => Self::Hidden,
            (false, Some(value)) => Self::Documented(value),
            (false, None) => Self::Undocumented,
        }
    }

    /// How two records stand to each other, where `judge` compares values; none where the facet is of neither.
    pub fn against(self, other: Self, judge: impl FnOnce(T, T) -> FacetDifference) -> Option<FacetDifference> {
        match (self, other) {
            (Self::Hidden, _) | (_, Self::Hidden) => Some(FacetDifference::Hidden),
            (Self::NotApplicable, Self::NotApplicable) => None,
            (Self::Documented(one), Self::Documented(other)) => Some(judge(one, other)),
            (Self::NotApplicable, Self::Documented(_)) | (Self::Documented(_), Self::NotApplicable) => Some(FacetDifference::OneSided),
            _ => Some(FacetDifference::Undocumented),
        }
    }
}

fn some<T: Clone>(list: &[T]) -> Option<Vec<T>> {
    (!list.is_empty()).then(|| list.to_vec())
}

/// Whether the reader is not shown the definitions.
pub fn hides_definitions(dataset: &Dataset) -> bool {
    dataset.hides(MaskableField::Methodology) || dataset.hides(MaskableField::Definitions)
}

/// Whether the reader is not shown the sampling.
pub fn hides_sampling(dataset: &Dataset) -> bool {
    dataset.hides(MaskableField::Methodology) || dataset.hides(MaskableField::Sampling)
}

/// Units that are counted.
pub fn units(dataset: &Dataset) -> Told<Vec<StatisticalUnit>> {
    Told::of(dataset.hides(MaskableField::Methodology), some(&dataset.methodology.statistical_units))
}

/// One definition of a record, as far as it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Defined<'a> {
    /// The definition; none where the record gives none.
    pub definition: Option<&'a MigrantDefinition>,
    /// Whether definitions are hidden.
    pub is_hidden: bool,
}

impl Defined<'_> {
    fn tell<T>(&self, value: impl FnOnce(&MigrantDefinition) -> Option<T>) -> Told<T> {
        let told = Told::of(self.is_hidden, self.definition.and_then(value));
        let has_none = self.definition.is_some_and(|definition| definition.code == DefinitionCode::NotApplicable);
        if has_none && matches!(told, Told::Undocumented) { Told::NotApplicable } else { told }
    }

    /// What makes a person or event count. One named definition has two: the single facet cannot say that the basis changes with the country.
    pub fn bases(&self) -> Told<Vec<DefinitionBasis>> {
        self.tell(|definition| {
            let mixed = [DefinitionBasis::CountryOfBirth, DefinitionBasis::Citizenship];
            let both = mixed.into_iter().filter(|_| definition.code == DefinitionCode::ForeignBornOrCitizen);
            let mut bases: Vec<DefinitionBasis> = definition.basis.into_iter().chain(both).collect();
            bases.sort_unstable();
            bases.dedup();
            some(&bases)
        })
    }

    /// Direction of the movement. A stock is of persons who are there; where it names the movement behind them, that counts.
    pub fn direction(&self) -> Told<MovementDirection> {
        let told = self.tell(|definition| definition.direction);
        if told == Told::Undocumented && self.measure() == Told::Documented(Measure::Stock) { Told::NotApplicable } else { told }
    }

    /// What is measured: something always is.
    pub fn measure(&self) -> Told<Measure> {
        Told::of(self.is_hidden, self.definition.and_then(|definition| definition.measure))
    }

    /// Minimum duration in months; 0 where there is none.
    pub fn threshold(&self) -> Told<i32> {
        self.tell(|definition| definition.duration_threshold_months)
    }

    /// How the duration is understood; there is nothing to understand where no duration is asked for.
    pub fn duration_basis(&self) -> Told<DurationBasis> {
        let told = self.tell(|definition| definition.duration_basis);
        if told == Told::Undocumented && self.threshold() == Told::Documented(0) { Told::NotApplicable } else { told }
    }

    /// Point in time referred to.
    pub fn reference_point(&self) -> Told<ReferencePoint> {
        self.tell(|definition| definition.reference_point)
    }

    /// Youngest and oldest age counted, in completed years; one of them is enough to be documented.
    pub fn ages(&self) -> Told<(Option<i32>, Option<i32>)> {
        self.tell(|definition| {
            let ages = (definition.age_minimum, definition.age_maximum);
            (ages != (None, None)).then_some(ages)
        })
    }

    /// Groups left out.
    pub fn excluded(&self) -> Told<Vec<crate::domain::vocabulary::ExcludedGroup>> {
        self.tell(|definition| some(&definition.excluded_groups))
    }
}

/// The definitions of a record that are compared; where it gives none, one of which nothing is documented.
pub fn definitions(dataset: &Dataset) -> Vec<Defined<'_>> {
    let is_hidden = hides_definitions(dataset);
    let listed = dataset.methodology.definitions.iter().take(MOST_DEFINITIONS);
    let mut found: Vec<Defined<'_>> = listed.map(|definition| Defined { definition: Some(definition), is_hidden }).collect();
    if found.is_empty() {
        found.push(Defined { definition: None, is_hidden });
    }
    found
}

/// Definitions of a record that are compared; those after them have no counterpart.
pub const MOST_DEFINITIONS: usize = 20;

/// A population by its codes, or in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Population<'a> {
    /// Codes of POPULATIONS.
    Codes(&'a [String]),
    /// The universe as it is described.
    Words(&'a MultilingualText),
}

/// Reference population.
pub fn population(dataset: &Dataset) -> Told<Population<'_>> {
    let (codes, universe) = (&dataset.coverage.populations, &dataset.methodology.universe);
    if dataset.hides(MaskableField::Populations) {
        return Told::Hidden;
    }
    if !codes.is_empty() {
        return Told::Documented(Population::Codes(codes));
    }
    Told::of(dataset.hides(MaskableField::Methodology), (!universe.is_empty()).then_some(Population::Words(universe)))
}

/// How the units of a record were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Nothing is selected: all of them are counted.
    All,
    /// By chance.
    ByChance,
    /// Otherwise.
    NotByChance,
    /// One sample by chance and another that is not.
    Mixed,
    /// A procedure recorded what came before it.
    Procedure,
}

/// Designs without a sampling error.
const NOT_BY_CHANCE: [SamplingDesign; 5] =
    [SamplingDesign::Quota, SamplingDesign::Rds, SamplingDesign::Snowball, SamplingDesign::Purposive, SamplingDesign::Convenience];

/// Sources that are the by-product of a procedure: nothing is selected.
const PROCEDURES: [SourceType; 13] = [
    SourceType::PopulationRegister,
    SourceType::AdminRegisterPermits,
    SourceType::AdminRegisterWork,
    SourceType::AdminRegisterEducation,
    SourceType::AdminRegisterHealth,
    SourceType::AdminRegisterJustice,
    SourceType::ConsularRegister,
    SourceType::RefugeeRegistration,
    SourceType::BorderStatistics,
    SourceType::OperationalCounts,
    SourceType::ProgrammeRecords,
    SourceType::BalanceOfPayments,
    SourceType::AdminCompiled,
];

/// Way of selection. A panel says how often the same units are asked, not how they were chosen.
pub fn selection(dataset: &Dataset) -> Told<Selection> {
    let designs = &dataset.methodology.sampling_designs;
    let is_procedure = designs.contains(&SamplingDesign::NotApplicable) || PROCEDURES.contains(&dataset.methodology.source_type);
    let other = designs.iter().any(|design| NOT_BY_CHANCE.contains(design));
    let says_nothing = |design: &SamplingDesign| matches!(design, SamplingDesign::Panel | SamplingDesign::NotApplicable);
    let mut rest = designs.iter().filter(|design| !NOT_BY_CHANCE.contains(design) && !says_nothing(design)).peekable();
    let by_chance = rest.peek().is_some();
    let all = by_chance && rest.all(|design| *design == SamplingDesign::Complete);
    let found = match (by_chance, other) {
        (true, false) if all => Some(Selection::All),
        (true, true) => Some(Selection::Mixed),
        (true, false) => Some(Selection::ByChance),
        (false, true) => Some(Selection::NotByChance),
        (false, false) => is_procedure.then_some(Selection::Procedure),
    };
    Told::of(hides_sampling(dataset), found)
}

/// Sampling frame in words; of a complete count or a procedure there is none.
pub fn frame(dataset: &Dataset) -> Told<&MultilingualText> {
    let methodology = &dataset.methodology;
    let told = Told::of(hides_sampling(dataset), (!methodology.sampling_frame.is_empty()).then_some(&methodology.sampling_frame));
    let counts_all = methodology.sampling_designs == [SamplingDesign::Complete];
    let has_none = counts_all || selection(dataset) == Told::Documented(Selection::Procedure);
    if told != Told::Hidden && has_none { Told::NotApplicable } else { told }
}

/// Whether something is documented of breaks in the series: a break, a statement on coherence, or that it was collected once.
pub fn breaks(dataset: &Dataset) -> Told<()> {
    let methodology = &dataset.methodology;
    let is_stated = methodology.quality.iter().any(|statement| statement.dimension == QualityDimension::Coherence);
    let is_told = !methodology.breaks.is_empty() || is_stated || dataset.coverage.frequency == Some(Frequency::Once);
    Told::of(dataset.hides(MaskableField::Methodology) || dataset.hides(MaskableField::Period), is_told.then_some(()))
}
