//! What is erased goes out of the outbox too.

use serde_json::json;

use crate::access_granting::Granting;
use crate::access_nodes::count;
use crate::harness::BACKENDS;

use crate::outgoing::{MailServer, wait_until};
use crate::people::ask_as;

#[test]
fn a_mail_that_waits_is_erased_with_what_it_tells_of() {
    for backend in BACKENDS {
        let mails = MailServer::new(|_, _, _| "451 later");
        let granting = Granting::open(backend, &["--set", &mails.setting]);
        let Granting { place, officer, researcher, .. } = &granting;
        let request = granting.begin();
        granting.submit(&request);
        granting.step(officer, &request, "Return", "Return", json!({ "part": 1, "text": "Say what the zebra is for." }));
        let waiting = |what: &str| count(place, backend, &format!("SELECT count(*) FROM mails WHERE {what}"));
        wait_until("the reason is in a mail that waits", 30, || waiting("body LIKE '%zebra%' AND sent_at IS NULL") == 1);
        wait_until("it was tried", 30, || waiting("body LIKE '%zebra%' AND attempts > 0 AND error IS NOT NULL") == 1);
        granting.step(researcher, &request, "Withdraw", "Withdraw", json!({}));
        granting.step(researcher, &request, "Erase", "", json!({}));
        assert_eq!(waiting("body LIKE '%zebra%'"), 0);
        assert!(
            waiting("body = '' AND subject = '' AND sent_at IS NOT NULL AND error LIKE 'erased%'") >= 1,
            "that there were some stays known"
        );
        granting.close();
    }
}

#[test]
fn a_summary_that_waits_is_erased_and_what_else_it_told_of_is_told_later() {
    for backend in BACKENDS {
        let mails = MailServer::new(|_, _, _| "451 later");
        let granting = Granting::open(backend, &["--set", &mails.setting]);
        let Granting { server, place, officer, researcher, .. } = &granting;
        let daily = "mutation { preferencesUpdate(input: { mailPreference: DAILY }) { errors { code } } }";
        let set = ask_as(server, &researcher.session, daily, json!({}));
        assert_eq!(set["preferencesUpdate"]["errors"], json!([]));
        // No summary until both are noted.
        place.alter(&format!("UPDATE persons SET mailed_at = {} WHERE mail_preference = 'DAILY'", i64::MAX / 2));
        let requests = [("zebra", granting.begin()), ("giraffe", granting.begin())];
        for (name, request) in &requests {
            granting.submit(request);
            granting.step(officer, request, "Return", "Return", json!({ "part": 1, "text": format!("Say what the {name} is for.") }));
        }
        let told = |what: &str| count(place, backend, &format!("SELECT count(*) FROM notices WHERE {what}"));
        wait_until("both are noted", 30, || told("reason LIKE '%zebra%' OR reason LIKE '%giraffe%'") == 2);
        place.alter("UPDATE persons SET mailed_at = 0 WHERE mail_preference = 'DAILY'");
        let waiting = |what: &str| count(place, backend, &format!("SELECT count(*) FROM mails WHERE {what}"));
        let both = "body LIKE '%zebra%' AND body LIKE '%giraffe%'";
        wait_until("one summary of both waits", 30, || waiting(&format!("{both} AND sent_at IS NULL AND attempts > 0")) == 1);
        let [(_, erased), _] = requests;
        granting.step(researcher, &erased, "Withdraw", "Withdraw", json!({}));
        granting.step(researcher, &erased, "Erase", "", json!({}));
        assert_eq!(waiting("body LIKE '%zebra%'"), 0);
        assert_eq!(told("reason LIKE '%zebra%'"), 0);
        assert_eq!(told("reason LIKE '%giraffe%' AND mailed_at IS NULL"), 1, "it goes into a later summary");
        granting.close();
    }
}
