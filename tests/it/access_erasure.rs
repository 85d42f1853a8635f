//! What is erased goes out of the outbox too.

use serde_json::json;

use crate::access_granting::Granting;
use crate::access_nodes::count;
use crate::harness::BACKENDS;
use crate::outgoing::{MailServer, wait_until};

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
        granting.step(researcher, &request, "Withdraw", "", json!({}));
        granting.step(researcher, &request, "Erase", "", json!({}));
        assert_eq!(waiting("body LIKE '%zebra%'"), 0);
        assert!(
            waiting("body = '' AND subject = '' AND sent_at IS NOT NULL AND error LIKE 'erased%'") >= 1,
            "that there were some stays known"
        );
        granting.close();
    }
}
