//! What the planner of SQLite makes of the statements of long lists: none of them walks a table, or sorts it.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::db::{Conn, Db, DbOptions};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[test]
fn long_lists_find_their_rows_by_an_index() {
    let folder = std::env::temp_dir().join(format!("rihla_plans_{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let url = folder.join("plan.sqlite").display().to_string();
    let second = Duration::from_secs(10);
    let db = Db::open(&DbOptions { url, connections: 1, connect_timeout: second, statement_timeout: second }).expect("a database");
    db.migrate(None).expect("tables");
    let changes = "SELECT * FROM changes WHERE entity = 'DATASET' AND is_public = 1";
    let open = "FROM datasets WHERE (producer IN ('x') OR status = 'PUBLISHED' AND visibility = 'PUBLIC' OR status = 'PUBLISHED' AND visibility = 'STUB')";
    let all = "SELECT * FROM access_parts WHERE submitted_at IS NOT NULL";
    let cases = [
        (format!("{all} ORDER BY due_on IS NULL, due_on, request_id, number LIMIT 20"), "access_parts_due"),
        (format!("{all} ORDER BY submitted_at, request_id, number LIMIT 20"), "access_parts_submitted"),
        (format!("{all} ORDER BY updated_at DESC, request_id DESC, number LIMIT 20"), "access_parts_updated"),
        (format!("{all} AND state IN ('SUBMITTED')"), "access_parts_state"),
        (format!("{all} AND dataset_id = 'x'"), "access_parts_dataset"),
        (
            "SELECT * FROM access_parts WHERE institution IN ('x') AND submitted_at >= 1 AND submitted_at < 2".to_owned(),
            "access_parts_year",
        ),
        (format!("SELECT count(*) {open}"), "datasets_number"),
        (format!("SELECT id, slug {open} AND number > 7 ORDER BY number LIMIT 101"), "datasets_number"),
        (format!("SELECT number {open} AND number > 7 ORDER BY number LIMIT 1 OFFSET 9"), "datasets_number"),
        ("DELETE FROM notices WHERE entity_id = 'x'".to_owned(), "notices_entity"),
        ("SELECT request_id FROM access_sides WHERE person_id = 'x'".to_owned(), "access_sides_person"),
        (
            format!(
                "{changes} AND seq > 7 AND NOT EXISTS (SELECT 1 FROM changes AS later WHERE later.is_public = 1 AND later.entity = 'DATASET' \
                 AND later.entity_id = changes.entity_id AND later.seq > changes.seq) ORDER BY seq LIMIT 51"
            ),
            "changes_entity",
        ),
        (format!("{changes} AND entity_id = 'x' ORDER BY seq"), "changes_entity"),
        (format!("{changes} AND entity_id = 'x' ORDER BY seq DESC LIMIT 1"), "changes_entity"),
    ];
    for (statement, index) in cases {
        let plan = db.read(|conn| match conn {
            Conn::Sqlite(sqlite) => diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load::<Step>(sqlite),
            Conn::Postgres(_) => Ok(Vec::new()),
        });
        let plan: Vec<String> = plan.expect("a plan").into_iter().map(|step| step.detail).collect();
        assert!(plan.iter().any(|step| step.contains(&format!("INDEX {index}"))), "{statement}: {plan:?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{statement}: {plan:?}");
    }
    drop(db);
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}
