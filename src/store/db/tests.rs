//! What becomes of writes for which there is no room, and of reads beside writes.

use diesel::sql_types::{BigInt, Integer};

use std::path::Path;

use super::*;

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Pages {
    #[diesel(sql_type = Integer)]
    max_page_count: i32,
}

fn opened(folder: &Path, connections: u32) -> Db {
    let options = DbOptions {
        url: folder.join("rihla.sqlite").display().to_string(),
        connections,
        connect_timeout: Duration::from_secs(5),
        statement_timeout: Duration::from_secs(5),
    };
    let db = Db::open(&options).expect("a database");
    db.migrate(None).expect("tables");
    db.read(|conn| conn.batch_execute("CREATE TABLE heap (content TEXT NOT NULL)")).expect("a table");
    db
}

fn put(conn: &mut Conn, bytes: usize) -> QueryResult<()> {
    conn.batch_execute(&format!("INSERT INTO heap VALUES ('{}')", "x".repeat(bytes)))
}

fn sqlite(conn: &mut Conn) -> &mut SqliteConnection {
    match conn {
        Conn::Sqlite(sqlite) => sqlite,
        Conn::Postgres(_) => panic!("a file of SQLite"),
    }
}

fn count(conn: &mut Conn) -> QueryResult<i64> {
    Ok(diesel::sql_query("SELECT COUNT(*) AS count FROM heap").get_result::<Counted>(sqlite(conn))?.count)
}

/// Lets the file grow by so many pages: beyond them SQLite says what it says of a full disk, and takes the transaction back by itself.
fn leave_room(db: &Db, pages: i32) {
    let set = |conn: &mut Conn, sql: &str| diesel::sql_query(sql).get_result::<Pages>(sqlite(conn));
    // Less than what is there is taken for what is there.
    let present = db.read(|conn| set(conn, "PRAGMA max_page_count = 1")).expect("pages").max_page_count;
    db.read(|conn| set(conn, &format!("PRAGMA max_page_count = {}", present + pages))).expect("pages");
}

#[test]
fn what_has_no_room_is_told_as_such_and_written_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = opened(folder.path(), 1);
    leave_room(&db, 20);
    let done: Result<(), StoreError> = db.write(|conn, _| {
        for _ in 0..100 {
            put(conn, 4_000)?;
        }
        Ok(())
    });
    let told = done.expect_err("there is no room");
    assert!(matches!(&told, StoreError::Unavailable(text) if text.contains("disk is full")), "{told:?}");
    assert_eq!(db.read(count).expect("a count"), 0);
    // The connection was given up: a new one knows no bound.
    let done: Result<(), StoreError> = db.write(|conn, _| Ok(put(conn, 400_000)?));
    assert!(done.is_ok(), "{done:?}");
    assert_eq!(db.read(count).expect("a count"), 1);
}

#[test]
fn nothing_goes_on_after_a_part_that_took_all_of_a_write_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = opened(folder.path(), 1);
    leave_room(&db, 20);
    let done: Result<(), StoreError> = db.write(|conn, _| {
        put(conn, 10)?;
        let told: Result<(), StoreError> = apart(conn, |conn| {
            for _ in 0..100 {
                put(conn, 4_000)?;
            }
            Ok(())
        });
        // As those do who pass one faulty part over and go on with the others.
        match told {
            Err(StoreError::Failed(_)) => {}
            told => told?,
        }
        Ok(put(conn, 10)?)
    });
    assert!(matches!(done, Err(StoreError::Unavailable(_))), "{done:?}");
    assert_eq!(db.read(count).expect("a count"), 0);
}

#[test]
fn what_is_read_at_once_is_of_one_moment() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = opened(folder.path(), 2);
    let seen: Result<(i64, i64), StoreError> = db.read_at_once(|conn| {
        let before = count(conn)?;
        db.write::<_, StoreError>(|conn, _| Ok(put(conn, 10)?))?;
        Ok((before, count(conn)?))
    });
    assert_eq!(seen.expect("counts"), (0, 0));
    assert_eq!(db.read(count).expect("a count"), 1);
}
