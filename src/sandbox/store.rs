//! The durable store: one `SQLite` file, one transaction a request.
//!
//! Knows texts, not rules. A request is stored whole or not at all, also when the process is killed. The file lies in
//! a repository, so it may be of anyone's making: one with other tables, or with more in it than its length, is refused.
//!
//! Who may write holds the [`Lock`] of the store. Beyond that, the store counts its changes: a writer that has not seen
//! all of them works from a world that is gone, and is refused.

use std::{
    io,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, ffi, params};

use super::{
    history::{Change, Revision},
    lock::{Lock, Serving},
};
use crate::rpsl::{Class, Key, Object};

/// An open store.
#[derive(Debug)]
pub struct Store {
    opened: Mutex<Opened>,
    /// Let go after the connection is closed; a reader has none.
    lock: Option<Lock>,
}

#[derive(Debug)]
struct Opened {
    connection: Connection,
    /// How many changes of the store are known here.
    seen: i64,
}

/// Why a store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process keeps it.
    #[error("another process keeps it")]
    Held,
    /// Somebody else has written to it since it was read.
    #[error("another process has written to it since it was read: nothing was stored")]
    Stale,
    /// Its lock cannot be taken.
    #[error("its lock: {0}")]
    Lock(#[from] io::Error),
    /// `SQLite` cannot.
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
}

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
    CREATE TABLE IF NOT EXISTS change (count INTEGER NOT NULL);
    INSERT INTO change SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM change);
";

impl Store {
    /// Opens the store in `file`, or makes it, to write: nobody else may then. No part of its path may be a link.
    pub fn open(file: &Path) -> Result<Store, StoreError> {
        let lock = Lock::take(file)?.ok_or(StoreError::Held)?;
        let connection = connect(file, OpenFlags::default())?;
        connection.execute_batch(SCHEMA)?;
        Store::of(connection, Some(lock))
    }

    /// Opens the store in `file` to read, whoever keeps it. No part of its path may be a link.
    pub fn read(file: &Path) -> Result<Store, StoreError> {
        Store::of(connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?, None)
    }

    /// The store that is reached so, if it is one of ours.
    fn of(connection: Connection, lock: Option<Lock>) -> Result<Store, StoreError> {
        let own = Connection::open_in_memory()?;
        own.execute_batch(SCHEMA)?;
        if tables(&connection)? != tables(&own)? {
            return Err(damaged("its tables are not those of the sandbox").into());
        }
        Ok(Store { opened: Mutex::new(Opened { connection, seen: 0 }), lock })
    }

    /// Tells other processes where it is served.
    pub fn announce(&self, serving: Serving) -> io::Result<()> {
        self.lock.as_ref().map_or(Ok(()), |lock| lock.announce(serving))
    }

    fn opened(&self) -> MutexGuard<'_, Opened> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every object in it, as of one moment.
    pub fn objects(&self) -> Result<Vec<Object>, StoreError> {
        let opened = self.opened();
        Ok(objects(&opened.connection, &mut Length::of(&opened.connection)?)?)
    }

    /// Everything in it. A text that is no object any more is left out.
    pub fn content(&self) -> Result<Content, StoreError> {
        let mut opened = self.opened();
        let transaction = opened.connection.transaction()?;
        let mut length = Length::of(&transaction)?;
        let mut content = Content { objects: objects(&transaction, &mut length)?, ..Content::default() };
        let mut used = transaction.prepare("SELECT handle FROM used")?;
        for handle in used.query_map([], |row| row.get::<_, String>(0))? {
            content.used.push(length.holds(handle?)?);
        }
        let mut revisions =
            transaction.prepare("SELECT class, key, at, text FROM revision ORDER BY number")?;
        let row = |row: &rusqlite::Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        for found in revisions.query_map([], row)? {
            let (class, key, at, text) = found?;
            content.history.extend(revision((class, key, at, length.holds(text)?)));
        }
        let seen = transaction.query_row("SELECT count FROM change", [], |row| row.get(0))?;
        drop((used, revisions));
        drop(transaction);
        opened.seen = seen;
        Ok(content)
    }

    /// Stores the changes of one request together with the handles that it used.
    pub fn write(&self, changes: &[Change], used: &[String], now: Timestamp) -> Result<(), StoreError> {
        self.change(|transaction| {
            enter(transaction, std::iter::empty(), used)?;
            changes.iter().try_for_each(|change| write_change(transaction, change, now))
        })
    }

    /// Stores many objects at once, without history.
    pub fn fill<'a>(
        &self,
        objects: impl Iterator<Item = &'a Object>,
        used: &[String],
    ) -> Result<(), StoreError> {
        self.change(|transaction| enter(transaction, objects, used))
    }

    /// Stores these objects instead of all that it held.
    pub fn replace<'a>(
        &self,
        objects: impl Iterator<Item = &'a Object>,
        used: &[String],
    ) -> Result<(), StoreError> {
        self.change(|transaction| {
            transaction.execute_batch("DELETE FROM object; DELETE FROM used; DELETE FROM revision;")?;
            enter(transaction, objects, used)
        })
    }

    /// Changes it in one transaction, if nobody else has since it was read.
    fn change(&self, make: impl FnOnce(&Transaction) -> rusqlite::Result<()>) -> Result<(), StoreError> {
        let mut opened = self.opened();
        let seen = opened.seen;
        let transaction = opened.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let counted = "UPDATE change SET count = count + 1 WHERE count = ?1";
        if transaction.prepare_cached(counted)?.execute([seen])? != 1 {
            return Err(StoreError::Stale);
        }
        make(&transaction)?;
        transaction.commit()?;
        opened.seen = seen + 1;
        Ok(())
    }
}

fn connect(file: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NOFOLLOW)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}

fn objects(connection: &Connection, length: &mut Length) -> rusqlite::Result<Vec<Object>> {
    let mut found = Vec::new();
    let mut objects = connection.prepare("SELECT text FROM object")?;
    for text in objects.query_map([], |row| row.get::<_, String>(0))? {
        found.extend(Object::parse(length.holds(text?)?).ok());
    }
    Ok(found)
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

    #[test]
    fn a_world_that_is_gone_overwrites_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("registry.sqlite");
        let object = |text: &str| Object::parse(text).unwrap();
        let (first, second) = (object("mntner: A-MNT\ndescr: 1\n"), object("mntner: A-MNT\ndescr: 2\n"));
        let stale = Store::open(&file).unwrap();
        stale.content().unwrap();
        // As if the lock were none, such as on a file system without locks.
        let fresh = Store { lock: None, ..Store::read(&file).unwrap() };
        fresh.opened().connection = Connection::open(&file).unwrap();
        fresh.content().unwrap();
        fresh.fill([&first].into_iter(), &[]).unwrap();
        let refused = stale.fill([&second].into_iter(), &[]).unwrap_err();
        assert!(matches!(refused, StoreError::Stale), "{refused}");
        assert_eq!(fresh.objects().unwrap()[0].text(), first.text());
    }

    #[test]
    fn one_writes_and_others_read() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("registry.sqlite");
        let store = Store::open(&file).unwrap();
        assert!(matches!(Store::open(&file).unwrap_err(), StoreError::Held));
        store.fill([&Object::parse("mntner: A-MNT\n").unwrap()].into_iter(), &[]).unwrap();
        assert_eq!(Store::read(&file).unwrap().objects().unwrap().len(), 1);
        drop(store);
        assert_eq!(Store::read(&file).unwrap().objects().unwrap().len(), 1);
        assert_eq!(Store::open(&file).unwrap().objects().unwrap().len(), 1);
    }
}
