//! The clock of a running server: due dates act by themselves, on the node that holds the lease, and what cannot be read holds up no
//! other.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::access_nodes::{count, read};
use crate::access_requests::agreed::{agreed, asked, step};
use crate::access_requests::cast::{Cast, Request, day, state};
use crate::harness::{BACKENDS, Backend, Server};
use crate::outgoing::wait_until;

/// Name of the lease.
const LEASE: &str = "access-request-clock";

fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
    i64::try_from(now).expect("milliseconds")
}

/// Requests in force that rest on one agreement.
struct Ruled {
    cast: Cast,
    backend: Backend,
    agreement: Value,
    requests: Vec<Request>,
}

impl Ruled {
    fn open(backend: Backend, many: usize) -> Self {
        let cast = Cast::open(backend);
        let ruled = Self { agreement: Value::Null, requests: Vec::new(), cast, backend };
        std::thread::sleep(Duration::from_secs(1));
        let followed = "SELECT count(*) FROM followers WHERE name = 'access-agreements'";
        assert_eq!(count(&ruled.cast.place, backend, followed), 0, "nothing is written where no agreement has changed");
        let agreement = agreed(&ruled.cast, &day(100));
        let activated = |_| {
            let request = asked(&ruled.cast);
            ruled.cast.step("officer", &request, "activate", json!({ "part": 1, "agreement": agreement["id"] }));
            request
        };
        let requests = (0..many).map(activated).collect();
        Self { requests, agreement, ..ruled }
    }

    /// A further node.
    fn node(&self, name: &str) -> Server {
        let folder = self.cast.place.folder.join(name);
        std::fs::create_dir_all(&folder).expect("a folder for the node");
        self.cast.place.serve(&["--data-dir", &folder.display().to_string()])
    }

    /// When each clock acts next, in the order of the requests.
    fn clocks(&self) -> Vec<i64> {
        let rows = read(&self.cast.place, self.backend, "SELECT COALESCE(clock_at, 0) FROM access_requests ORDER BY id");
        rows.iter().map(|at| at.parse().expect("a number")).collect()
    }

    fn make_due(&self) {
        self.cast.place.alter("UPDATE access_requests SET clock_at = 1");
    }

    fn wait_until_acted(&self, what: &str) {
        wait_until(what, 90, || self.clocks().iter().all(|at| *at > now()));
    }

    fn terminate(&self) {
        step(&self.cast, "officer", "terminate", &self.agreement, json!({ "reason": "It is no longer needed." }));
    }

    fn has_expired(&self, request: &Request) -> bool {
        state(&self.cast.look("planner", &request.id), 1) == "EXPIRED"
    }
}

#[test]
fn one_live_node_acts_and_another_takes_over_from_it() {
    let mut ruled = Ruled::open(Backend::Postgres, 2);
    let mut second = ruled.node("second");
    let until = now() + 12_000;
    ruled
        .cast
        .place
        .alter(&format!("DELETE FROM leases; INSERT INTO leases (name, holder, until) VALUES ('{LEASE}', 'somebody', {until})"));
    ruled.make_due();
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(ruled.clocks(), [1, 1], "nobody acts beside who has the lease");
    ruled.wait_until_acted("a node acts once the lease has run out");
    assert!(now() > until);
    let holders = || read(&ruled.cast.place, ruled.backend, "SELECT holder FROM leases");
    assert!(holders().len() == 1 && holders()[0] != "somebody", "{:?}", holders());

    // One of the two held it: whichever is killed, the other goes on.
    let third = ruled.node("third");
    std::mem::replace(&mut ruled.cast.server, third).kill();
    ruled.make_due();
    ruled.wait_until_acted("the others act without the first");
    let fourth = ruled.node("fourth");
    std::mem::replace(&mut second, fourth).kill();
    ruled.make_due();
    ruled.wait_until_acted("the others act without the second");
    second.stop();
    ruled.cast.close();
}

#[test]
fn what_rests_on_an_agreement_ends_once_though_a_node_is_killed() {
    let ruled = Ruled::open(Backend::Postgres, 4);
    let (second, third) = (ruled.node("second"), ruled.node("third"));
    ruled.terminate();
    second.kill();
    wait_until("everything that rests on it has ended", 90, || ruled.requests.iter().all(|request| ruled.has_expired(request)));
    let once = |query: &str| count(&ruled.cast.place, ruled.backend, query);
    assert_eq!(once("SELECT count(*) FROM access_events WHERE kind = 'ENDED'"), 4);
    assert_eq!(once("SELECT count(*) FROM changes WHERE entity = 'ENTITLEMENT' AND kind = 'ENDED'"), 4);
    wait_until("everyone is told", 30, || once("SELECT count(DISTINCT entity_id) FROM notices WHERE kind = 'ACCESS_ENDED'") == 4);
    let twice = "SELECT count(*) FROM (SELECT person_id, seq, kind FROM notices GROUP BY person_id, seq, kind HAVING count(*) > 1) n";
    assert_eq!(once(twice), 0, "nobody is told twice");
    third.stop();
    ruled.cast.close();
}

#[test]
fn a_request_that_cannot_be_read_holds_up_no_other() {
    for backend in BACKENDS {
        let ruled = Ruled::open(backend, 3);
        let place = &ruled.cast.place;
        let first = "(SELECT MIN(id) FROM access_requests)";
        place.alter(&format!("UPDATE access_requests SET doc = '!' || doc WHERE id = {first}"));
        ruled.terminate();
        wait_until("the others end with the agreement", 60, || ruled.requests[1..].iter().all(|request| ruled.has_expired(request)));
        wait_until("the agreement was followed", 30, || {
            count(place, backend, "SELECT count(*) FROM followers WHERE name = 'access-agreements'") == 1
        });
        assert!(ruled.clocks()[0] > now() + 3_000_000, "it is tried again in an hour: {:?}", ruled.clocks());
        ruled.make_due();
        ruled.wait_until_acted("the clocks of all are looked at");
        ruled.make_due();
        ruled.cast.clock(&day(0));
        // Once it can be read again, it is made up for.
        place.alter(&format!("UPDATE access_requests SET doc = substr(doc, 2), clock_at = 1 WHERE id = {first}"));
        wait_until("the first ends as well", 60, || ruled.has_expired(&ruled.requests[0]));
        ruled.cast.close();
    }
}
