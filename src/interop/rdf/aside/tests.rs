//! Statements that lie in a file answer as those that are held.

use std::collections::HashMap;

use oxrdf::{BlankNode, Literal, NamedNode, NamedOrBlankNode, Term, Triple};
use proptest::prelude::*;

use crate::interop::rdf::gather::Gathering;
use crate::interop::rdf::graph::Graph;
use crate::interop::rdf::{Builder, Limits, Syntax, parse, write};

fn gather(triples: &[Triple], room: usize) -> Graph {
    let mut gathering = Gathering::new(room);
    triples.iter().for_each(|triple| gathering.add(triple.clone()).expect("room"));
    assert_eq!(gathering.len(), triples.len());
    gathering.finish().expect("room")
}

fn named(name: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("https://example.org/{name}"))
}

fn subject() -> impl Strategy<Value = NamedOrBlankNode> {
    prop_oneof![
        (0..12u8).prop_map(|n| named(&format!("s{n}")).into()),
        (0..6u8).prop_map(|n| BlankNode::new_unchecked(format!("b{n}")).into()),
        // Names that a blank node keeps as a number.
        (0..6u128).prop_map(|n| BlankNode::new_from_unique_id(n + 0xabcd).into()),
    ]
}

fn object() -> impl Strategy<Value = Term> {
    let text = "[a-zé ]{0,6}".boxed();
    prop_oneof![
        subject().prop_map(|subject| match subject {
            NamedOrBlankNode::NamedNode(node) => node.into(),
            NamedOrBlankNode::BlankNode(node) => node.into(),
        }),
        text.clone().prop_map(|text| Literal::new_simple_literal(text).into()),
        (text.clone(), "fr|ar|ZGH-tfng").prop_map(|(text, tag)| Literal::new_language_tagged_literal_unchecked(text, tag).into()),
        (text, "date|string|é").prop_map(|(text, kind)| Literal::new_typed_literal(text, named(&kind)).into()),
    ]
}

fn triple() -> impl Strategy<Value = Triple> {
    let class = (subject(), 0..3u8).prop_map(|(subject, n)| Triple::new(subject, oxrdf::vocab::rdf::TYPE, named(&format!("C{n}"))));
    let any = (subject(), 0..4u8, object()).prop_map(|(subject, n, object)| Triple::new(subject, named(&format!("p{n}")), object));
    // A property whose name is too long to be listed.
    let long = (subject(), object()).prop_map(|(subject, object)| Triple::new(subject, named(&"long".repeat(100)), object));
    prop_oneof![2 => class, 6 => any, 1 => long]
}

const SPACE: &str = "https://example.org/";

fn things(graph: &Graph, class: &str) -> Vec<String> {
    graph.of_class(SPACE, class).into_iter().map(|thing| graph.subject(thing).expect("a name").to_string()).collect()
}

fn named_by(graph: &Graph) -> HashMap<String, String> {
    let name = |thing| graph.subject(thing).expect("a name").to_string();
    graph.named_by(&[(SPACE, "p1"), (SPACE, "p0")]).into_iter().map(|(part, whole)| (name(part), name(whole))).collect()
}

proptest! {
    #[test]
    fn what_lies_aside_answers_as_what_is_held(triples in proptest::collection::vec(triple(), 0..120), room in 0..40usize) {
        let (held, mut aside) = (gather(&triples, usize::MAX), gather(&triples, room));
        prop_assert!(aside.is_aside() || triples.len() <= room);
        prop_assert_eq!(held.all(), aside.all());
        for name in ["C0", "C1", "C2", "C3"] {
            prop_assert_eq!(things(&held, name), things(&aside, name));
        }
        prop_assert_eq!(named_by(&held), named_by(&aside));
        for name in ["p0", "p3", &"long".repeat(100), "none"] {
            let first = |graph: &Graph| graph.first_value(SPACE, name, |term| matches!(term, Term::Literal(_)).then(|| term.to_string()));
            prop_assert_eq!(first(&held), first(&aside));
        }
        aside.put_away();
        prop_assert_eq!(held.all(), aside.all());
        prop_assert!(aside.fault().is_none());
    }
}

/// Statements with the things without an address numbered in their order: each reading names them anew.
pub(in crate::interop::rdf) fn plain(graph: &Graph) -> Vec<String> {
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut name = |text: String| {
        let next = names.len();
        if text.starts_with("_:") { format!("_:{}", names.entry(text).or_insert(next)) } else { text }
    };
    let mut said = Vec::new();
    for (number, subject, predicate, object) in graph.all() {
        let (subject, object) = (name(subject.to_string()), name(object.to_string()));
        said.push(format!("{number} {subject} {predicate} {object}"));
    }
    said
}

#[test]
fn documents_in_each_syntax_say_the_same_however_little_is_held() {
    let mut builder = Builder::default();
    for number in 0..40 {
        let subject: NamedOrBlankNode = named(&format!("d{number}")).into();
        builder.is_a(&subject, SPACE, "C");
        builder.say(&subject, SPACE, "p", Literal::new_simple_literal(format!("text {number}")));
        let part = NamedOrBlankNode::from(BlankNode::default());
        builder.say(&subject, SPACE, "q", part.clone());
        builder.say(&part, SPACE, "p", Literal::new_language_tagged_literal_unchecked("texte", "fr"));
    }
    let triples = builder.finish();
    for syntax in Syntax::ALL {
        let bytes = write(&triples, syntax).expect("written");
        let read = |held| parse(&bytes, None, &Limits { held, ..Limits::default() }).expect("read");
        let (usual, few) = (read(Limits::default().held), read(10));
        assert!(few.graph.is_aside() && !usual.graph.is_aside());
        assert_eq!(plain(&usual.graph), plain(&few.graph), "{syntax:?}");
        assert_eq!(things(&few.graph, "C").len(), 40);
    }
}

#[test]
fn long_blocks_are_read_whole_and_their_heads_alone() {
    let catalogue: NamedOrBlankNode = named("c").into();
    let mut triples = Vec::new();
    for number in 0..3_000 {
        triples.push(Triple::new(catalogue.clone(), named("p0"), named(&format!("d{number}"))));
        triples.push(Triple::new(named(&format!("d{number}")), oxrdf::vocab::rdf::TYPE, named("C0")));
    }
    let (held, aside) = (gather(&triples, usize::MAX), gather(&triples, 2_500));
    assert_eq!(aside.about(&catalogue).len(), 3_000);
    assert_eq!(named_by(&held), named_by(&aside));
    assert_eq!(things(&held, "C0"), things(&aside, "C0"));
    let long: NamedOrBlankNode = named(&"x".repeat(40_000)).into();
    let about = Triple::new(long.clone(), named("p"), named("o"));
    let aside = gather(&[about.clone(), about], 0);
    assert_eq!((aside.about(&long).len(), aside.all().len()), (1, 1));
}

#[test]
fn who_runs_in_circles_through_a_file_runs_out_of_budget() {
    let node: NamedOrBlankNode = named("a").into();
    let graph = gather(&[Triple::new(node.clone(), named("p"), named("a")), Triple::new(node.clone(), named("p"), named("b"))], 0);
    let looked = (0..2_000_000).take_while(|_| !graph.about(&node).is_empty()).count();
    assert!(looked < 400_000 && graph.is_exhausted(), "{looked}");
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let triples: Vec<Triple> = (0..2_000).map(|n| Triple::new(named(&format!("s{n}")), named("p0"), named(&format!("o{n}")))).collect();
    let graph = gather(&triples, 100);
    graph.damage();
    assert!(graph.fault().is_none());
    let last: NamedOrBlankNode = named("s1999").into();
    assert!(graph.about(&last).is_empty());
    let fault = graph.fault().expect("a fault");
    assert_eq!(fault.field, "temporary file");
    assert!(fault.remedy.contains("TMPDIR"), "{fault}");
    // Half an answer is none.
    assert!(graph.about(&named("s1").into()).is_empty());
}
