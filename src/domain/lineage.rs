//! Which institution belongs to which, and which came after which, whichever of the two says so.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::ids::Slug;
use super::institution::Institution;
use super::problem::Problem;

/// Relations between institutions, by short name.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    parents: HashMap<Slug, Slug>,
    before: HashMap<Slug, BTreeSet<Slug>>,
    after: HashMap<Slug, BTreeSet<Slug>>,
}

impl Lineage {
    /// Joins what institutions say of each other.
    pub fn of<'a>(institutions: impl IntoIterator<Item = &'a Institution>) -> Self {
        let mut all = Self::default();
        for institution in institutions {
            let own = &institution.slug;
            all.parents.extend(institution.parent.iter().map(|parent| (own.clone(), parent.clone())));
            institution.successors.iter().for_each(|heir| all.follow(own, heir));
            institution.predecessors.iter().for_each(|former| all.follow(former, own));
        }
        all
    }

    fn follow(&mut self, former: &Slug, heir: &Slug) {
        self.after.entry(former.clone()).or_default().insert(heir.clone());
        self.before.entry(heir.clone()).or_default().insert(former.clone());
    }

    /// Those whose portfolio an institution took over: the ones that it names, in its order, then the ones that name it.
    pub fn predecessors(&self, institution: &Institution) -> Vec<Slug> {
        joined(&institution.predecessors, self.before.get(&institution.slug))
    }

    /// Those that took over its portfolio: the ones that it names, in its order, then the ones that name it.
    pub fn successors(&self, institution: &Institution) -> Vec<Slug> {
        joined(&institution.successors, self.after.get(&institution.slug))
    }

    /// What an institution says that cannot be true together with what others say: that it belongs to itself over others, or that one came both
    /// before and after another.
    pub fn contradictions(&self, institution: &Institution) -> Vec<Problem> {
        let own = &institution.slug;
        let mut problems = Vec::new();
        if let Some(parent) = &institution.parent
            && let Some(way) = self.way_up(parent, own)
        {
            let remedy = format!("would belong to `{own}` itself ({}); correct the parent of one of them", way.join(" → "));
            problems.push(Problem::new("parent", parent, remedy));
        }
        for (index, former) in institution.predecessors.iter().enumerate().filter(|(_, former)| self.comes_after(former, own)) {
            problems.push(both(format!("predecessors[{index}]"), former, own));
        }
        for (index, heir) in institution.successors.iter().enumerate().filter(|(_, heir)| self.comes_after(own, heir)) {
            problems.push(both(format!("successors[{index}]"), heir, own));
        }
        problems
    }

    /// The way from an institution over its parents to another one; none where it does not lead there.
    fn way_up(&self, from: &Slug, to: &Slug) -> Option<Vec<String>> {
        let mut way = vec![to.to_string()];
        let mut seen = HashSet::new();
        let mut next = Some(from);
        // Others may go round in a circle of their own.
        while let Some(slug) = next.filter(|slug| seen.insert(*slug)) {
            way.push(slug.to_string());
            if slug == to {
                return Some(way);
            }
            next = self.parents.get(slug);
        }
        None
    }

    /// Whether one institution came after another, directly or over others.
    fn comes_after(&self, heir: &Slug, former: &Slug) -> bool {
        let (mut seen, mut open) = (HashSet::new(), vec![former]);
        while let Some(slug) = open.pop() {
            for next in self.after.get(slug).into_iter().flatten() {
                if next == heir {
                    return true;
                }
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        false
    }
}

fn both(field: String, other: &Slug, own: &Slug) -> Problem {
    let remedy = format!("would come both before and after `{own}`, directly or over others; remove what is wrong from one of the records");
    Problem::new(field, other, remedy)
}

fn joined(named: &[Slug], naming: Option<&BTreeSet<Slug>>) -> Vec<Slug> {
    let others = naming.into_iter().flatten().filter(|slug| !named.contains(slug));
    named.iter().chain(others).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn institution(slug: &str, parent: &str, predecessors: &[&str], successors: &[&str]) -> Institution {
        let parent = Some(parent).filter(|parent| !parent.is_empty());
        let line = serde_json::json!({
            "slug": slug, "kind": "MINISTRY", "names": { "en": { "text": slug, "status": "OFFICIAL" } }, "certainty": "UNVERIFIED",
            "parent": parent, "predecessors": predecessors, "successors": successors,
        });
        serde_json::from_value(line).expect("an institution")
    }

    fn fields(institutions: &[Institution]) -> Vec<String> {
        let lineage = Lineage::of(institutions);
        let told =
            institutions.iter().flat_map(|one| lineage.contradictions(one).into_iter().map(move |p| format!("{} {}", one.slug, p.field)));
        told.collect()
    }

    #[test]
    fn circles_are_named_where_they_are_said() {
        let parents = [institution("aa", "bb", &[], &[]), institution("bb", "cc", &[], &[]), institution("cc", "aa", &[], &[])];
        assert_eq!(fields(&parents), ["aa parent", "bb parent", "cc parent"]);
        assert!(fields(&[parents[0].clone(), parents[1].clone(), institution("cc", "", &[], &[])]).is_empty());
        // Who only belongs to one of a circle is not at fault.
        assert_eq!(
            fields(&[parents[0].clone(), institution("bb", "aa", &[], &[]), institution("dd", "aa", &[], &[])]),
            ["aa parent", "bb parent"]
        );
        assert_eq!(fields(&[institution("aa", "", &["bb"], &["bb"])]), ["aa predecessors[0]", "aa successors[0]"]);
        let heirs = [institution("aa", "", &[], &["bb"]), institution("bb", "", &[], &["cc"]), institution("cc", "", &[], &["aa"])];
        assert_eq!(fields(&heirs), ["aa successors[0]", "bb successors[0]", "cc successors[0]"]);
        // Both sides may say the same, and two ways may lead to one heir.
        let sound =
            [institution("aa", "", &[], &["bb", "cc"]), institution("bb", "", &["aa"], &["cc"]), institution("cc", "", &["aa"], &[])];
        assert!(fields(&sound).is_empty());
    }

    #[test]
    fn a_link_said_by_one_is_known_of_both() {
        let (old, new) = (institution("old", "", &[], &["new"]), institution("new", "", &["older"], &[]));
        let lineage = Lineage::of([&old, &new]);
        let names = |slugs: Vec<Slug>| slugs.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(lineage.predecessors(&new)), ["older", "old"]);
        assert_eq!(names(lineage.successors(&old)), ["new"]);
        assert!(lineage.predecessors(&old).is_empty());
    }
}
