//! The rules as a page for people.

use super::super::vocabulary::{AgreementVisibility, PublicationStatus, RefusalCode, Visibility, Vocabulary};
use super::{AgreementSight, Audience, RULES, Sight, agreement_sight_of, sight};

/// The page `docs/permissions.md`.
pub fn documentation() -> String {
    let mut page = String::from(
        "# Who may do what\n\n<!-- Generated from src/domain/policy.rs; a test keeps it up to date. -->\n\n\
         What is not listed is refused. Roles EDITOR, VALIDATOR and ACCESS_OFFICER count only for the institution that they were \
         granted for. A person may have several roles. The *scope* is what a personal API token must have been made for; *session* \
         means that only a person who signed in may do it. *Second person*: for records of risk class HIGH and above, whoever wrote \
         or submitted the text cannot do it.\n\n\
         | action | states | roles | scope | second person |\n|---|---|---|---|---|\n",
    );
    for rule in RULES {
        let states: Vec<&str> = rule.states.iter().map(|state| state.code()).collect();
        let roles: Vec<&str> = rule.roles.iter().map(|role| role.code()).collect();
        let scope = rule.scope.map_or("*session*", Vocabulary::code);
        let second = if rule.second_person { "HIGH and above" } else { "" };
        page.push_str(&format!(
            "| {} ({}) | {} | {} | {scope} | {second} |\n",
            rule.action.code(),
            rule.action.labels()[0],
            states.join(", "),
            roles.join(", ")
        ));
    }
    page.push_str(
        "\n## Who sees which record\n\nThe producer's people (any role in the institution) see their own records whole, in every state.\n\n\
         | status | visibility | visitor | member | coordinator |\n|---|---|---|---|---|\n",
    );
    for status in PublicationStatus::ALL {
        for visibility in Visibility::ALL {
            let cells: Vec<&str> = Audience::ALL
                .iter()
                .map(|audience| match sight(*audience, false, *status, *visibility) {
                    Sight::Nothing => "nothing",
                    Sight::Stub(RefusalCode::RetiredRecord) => "tombstone",
                    Sight::Stub(_) => "stub",
                    Sight::Record => "record",
                })
                .collect();
            page.push_str(&format!("| {} | {} | {} |\n", status.code(), visibility.code(), cells.join(" | ")));
        }
    }
    page.push_str(
        "\nTokens: notices, saved searches and webhooks are read with the scope READ or SUBSCRIBE; addresses, drafts and the list of \
         tokens with READ.\n\nA *stub* shows title, producer, holders and their desks; a *tombstone* the same of a retired record. The contract makes slug, \
         identifier, kind of record, status, certainty, revision and version non-null, so they are shown too. A mask hides a field from \
         visitors (`MEMBERS` see it) or from visitors and members (`COORDINATOR` and the producer see it).\n",
    );
    document_agreements(&mut page);
    page
}

fn document_agreements(page: &mut String) {
    page.push_str(
        "\n## Who sees which agreement\n\nThe people of the parties (any role in the institution) see it whole, in every state; roles count \
         for writing in any party that is no witness.\n\n\
         | agreement | visibility | visitor | member | coordinator |\n|---|---|---|---|---|\n",
    );
    for (is_draft, name) in [(true, "draft"), (false, "signed or later")] {
        for visibility in AgreementVisibility::ALL {
            let cell = |audience: &Audience| match agreement_sight_of(*audience, is_draft, *visibility) {
                AgreementSight::Nothing => "nothing",
                AgreementSight::Outline => "outline",
                AgreementSight::Whole => "whole",
            };
            let cells: Vec<&str> = Audience::ALL.iter().map(cell).collect();
            page.push_str(&format!("| {name} | {} | {} |\n", visibility.code(), cells.join(" | ")));
        }
    }
    page.push_str("\nAn *outline* shows title, kind, parties, dates and state, nothing else.\n");
}
