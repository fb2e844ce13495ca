//! The durable store: one `SQLite` file, one transaction a request.
//!
//! Knows texts, not rules. A request is stored whole or not at all, also when the process is killed. The file lies in
//! a repository, so it may be of anyone's making: one with other tables, or with more in it than its length, is refused.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Transaction, ffi, params};

use super::state::{Change, Revision};
use crate::rpsl::{Class, Key, Object};

/// An open store.
#[derive(Debug)]
pub struct Store(Mutex<Connection>);

/// What a store holds.
#[derive(Debug, Default)]
pub struct Content {
    /// Every object.
    pub objects: Vec<Object>,
    /// Handles that were used once.
    pub used: Vec<String>,
    /// The revisions of what was changed, in order.
    pub history: Vec<(Key, Revision)>,
}

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS object (
        class TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (class, key)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS used (handle TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS revision (
        number INTEGER PRIMARY KEY, class TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL, text TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS revision_of ON revision (class, key);
";

impl Store {
    /// Opens the store in `file`, or makes it. No part of its path may be a link.
    pub fn open(file: &Path) -> rusqlite::Result<Store> {
        let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let connection = Connection::open_with_flags(file, flags)?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.execute_batch(SCHEMA)?;
        let own = Connection::open_in_memory()?;
        own.execute_batch(SCHEMA)?;
        if tables(&connection)? != tables(&own)? {
            return Err(damaged("its tables are not those of the sandbox"));
        }
        Ok(Store(Mutex::new(connection)))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything in it. A text that is no object any more is left out.
    pub fn content(&self) -> rusqlite::Result<Content> {
        let mut content = Content::default();
        let connection = self.connection();
        let mut length = Length::of(&connection)?;
        let mut objects = connection.prepare("SELECT text FROM object")?;
        for text in objects.query_map([], |row| row.get::<_, String>(0))? {
            content.objects.extend(Object::parse(length.holds(text?)?).ok());
        }
        let mut used = connection.prepare("SELECT handle FROM used")?;
        for handle in used.query_map([], |row| row.get::<_, String>(0))? {
            content.used.push(length.holds(handle?)?);
        }
        let mut revisions =
            connection.prepare("SELECT class, key, at, text FROM revision ORDER BY number")?;
        let row = |row: &rusqlite::Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        for found in revisions.query_map([], row)? {
            let (class, key, at, text) = found?;
            content.history.extend(revision((class, key, at, length.holds(text)?)));
        }
        Ok(content)
    }

    /// Stores the changes of one request together with the handles that it used.
    pub fn write(&self, changes: &[Change], used: &[String], now: Timestamp) -> rusqlite::Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        for handle in used {
            transaction.prepare_cached("INSERT OR IGNORE INTO used VALUES (?1)")?.execute([handle])?;
        }
        for change in changes {
            write_change(&transaction, change, now)?;
        }
        transaction.commit()
    }

    /// Stores many objects at once, without history.
    pub fn fill<'a>(
        &self,
        objects: impl Iterator<Item = &'a Object>,
        used: &[String],
    ) -> rusqlite::Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        enter(&transaction, objects, used)?;
        transaction.commit()
    }

    /// Stores these objects instead of all that it held.
    pub fn replace<'a>(
        &self,
        objects: impl Iterator<Item = &'a Object>,
        used: &[String],
    ) -> rusqlite::Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        transaction.execute_batch("DELETE FROM object; DELETE FROM used; DELETE FROM revision;")?;
        enter(&transaction, objects, used)?;
        transaction.commit()
    }
}

/// The length of the file that is not yet accounted for: pages that are named twice would be read for ever.
struct Length(usize);

impl Length {
    fn of(connection: &Connection) -> rusqlite::Result<Length> {
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let bytes = pragma("page_count")?.saturating_mul(pragma("page_size")?);
        Ok(Length(usize::try_from(bytes).unwrap_or_default()))
    }

    /// Takes a text from it, and its entry in a page.
    fn holds(&mut self, text: String) -> rusqlite::Result<String> {
        self.0 =
            self.0.checked_sub(text.len() + 1).ok_or_else(|| damaged("it holds more than its length"))?;
        Ok(text)
    }
}

/// How tables and indices were made.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<Option<String>>> {
    let mut tables = connection.prepare("SELECT sql FROM sqlite_schema ORDER BY name")?;
    tables.query_map([], |row| row.get(0))?.collect()
}

fn damaged(what: &str) -> rusqlite::Error {
    let what = format!("{what}\nhint: remove the file, and a fresh one is made");
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CORRUPT), Some(what))
}

fn enter<'a>(
    transaction: &Transaction,
    objects: impl Iterator<Item = &'a Object>,
    used: &[String],
) -> rusqlite::Result<()> {
    for handle in used {
        transaction.prepare_cached("INSERT OR IGNORE INTO used VALUES (?1)")?.execute([handle])?;
    }
    for object in objects {
        put(transaction, &object.key(), object.text())?;
    }
    Ok(())
}

fn write_change(transaction: &Transaction, change: &Change, now: Timestamp) -> rusqlite::Result<()> {
    let (class, key) = (change.key.class().text(), change.key.text().to_ascii_lowercase());
    let Some(object) = &change.after else {
        transaction.execute("DELETE FROM object WHERE class = ?1 AND key = ?2", params![class, key])?;
        transaction.execute("DELETE FROM revision WHERE class = ?1 AND key = ?2", params![class, key])?;
        return Ok(());
    };
    put(transaction, &change.key, object.text())?;
    let insert = "INSERT INTO revision (class, key, at, text) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = transaction.prepare_cached(insert)?;
    if let Some(first) = &change.first {
        insert.execute(params![class, key, first.at.to_string(), first.object.text()])?;
    }
    insert.execute(params![class, key, now.to_string(), object.text()])?;
    Ok(())
}

fn put(transaction: &Transaction, key: &Key, text: &str) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached("INSERT OR REPLACE INTO object VALUES (?1, ?2, ?3)")?;
    insert.execute(params![key.class().text(), key.text().to_ascii_lowercase(), text]).map(|_| ())
}

fn revision((class, key, at, text): (String, String, String, String)) -> Option<(Key, Revision)> {
    let key = Key::new(Class::from_text(&class)?, &key);
    Some((key, Revision { at: at.parse().ok()?, object: Object::parse(text).ok()? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a store that was made with `sql` before.
    fn check(sql: &str, expected: &str) {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sandbox.sqlite");
        Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        let read = Store::open(&file).and_then(|store| store.content());
        let said = read.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(said.contains(expected) && said.is_empty() == expected.is_empty(), "{sql}: {said}");
    }

    #[test]
    fn a_store_of_somebody_elses_making_does_not_run() {
        const ENDLESS: &str = "WITH RECURSIVE n(x) AS (VALUES ('a') UNION ALL SELECT x FROM n) SELECT";
        check("", "");
        check(SCHEMA, "");
        check(&format!("{SCHEMA} INSERT INTO used VALUES ('AB1-RIPE')"), "");
        check(
            &format!("CREATE VIEW object AS {ENDLESS} x AS class, x AS key, x AS text FROM n"),
            "not those",
        );
        check(&format!("CREATE VIEW used AS {ENDLESS} x AS handle FROM n"), "not those");
        check("CREATE TABLE used (handle TEXT, more TEXT AS (hex(zeroblob(500000000))))", "not those");
        check(
            &format!("{SCHEMA} CREATE TRIGGER t BEFORE INSERT ON used BEGIN {ENDLESS} x FROM n; END"),
            "not those",
        );
    }

    #[test]
    fn a_link_is_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("elsewhere"), directory.path().join("sandbox.sqlite"));
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(Store::open(&link).is_err());
        assert!(!file.exists());
    }
}
