"""The database's tables, as a list of steps: step N makes version N + 1 of version N. Steps are never changed."""

from __future__ import annotations

__all__ = ["STEPS"]

STEPS = (
    """
    CREATE TABLE pages (
        number INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        digest TEXT NOT NULL,
        origin TEXT NOT NULL,
        fetched TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'published', 'copy', 'rejected', 'quarantined')),
        reason TEXT,
        verdicts BLOB,
        UNIQUE (source, digest)
    ) STRICT;
    CREATE INDEX pages_pending ON pages (source) WHERE state = 'pending';
    CREATE TABLE recovered (
        source TEXT PRIMARY KEY
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE stamps (
        source TEXT NOT NULL,
        name TEXT NOT NULL,
        stamp TEXT NOT NULL,
        PRIMARY KEY (source, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE entries (
        id TEXT NOT NULL,
        source TEXT NOT NULL,
        digest TEXT NOT NULL,
        origin TEXT NOT NULL,
        url TEXT,
        exact TEXT NOT NULL,
        near TEXT NOT NULL,
        published TEXT NOT NULL,
        updated TEXT NOT NULL,
        entry TEXT NOT NULL,
        PRIMARY KEY (source, id),
        FOREIGN KEY (source, digest) REFERENCES pages (source, digest)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX entries_newest ON entries (source, published DESC, id);
    CREATE INDEX entries_exact ON entries (source, exact);
    CREATE TABLE versions (
        number INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        id TEXT NOT NULL,
        digest TEXT NOT NULL,
        entry TEXT NOT NULL,
        FOREIGN KEY (source, id) REFERENCES entries (source, id)
    ) STRICT;
    CREATE TABLE rounds (
        number INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        started TEXT NOT NULL,
        seconds REAL NOT NULL,
        counts TEXT NOT NULL,
        error TEXT
    ) STRICT;
    CREATE INDEX rounds_latest ON rounds (source, number DESC);
    CREATE TABLE due (
        source TEXT PRIMARY KEY,
        time TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE states (
        source TEXT PRIMARY KEY,
        state TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE addresses (
        source TEXT NOT NULL,
        url TEXT NOT NULL,
        told TEXT NOT NULL,
        etag TEXT NOT NULL,
        modified TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'fetched', 'failed', 'given-up')),
        tries INTEGER NOT NULL,
        next TEXT,
        error TEXT,
        PRIMARY KEY (source, url)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX addresses_waiting ON addresses (source, next) WHERE state IN ('waiting', 'failed');
    CREATE TABLE kept (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    ALTER TABLE addresses ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
    """,
    """
    CREATE TABLE revisions (
        source TEXT PRIMARY KEY,
        number INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO revisions SELECT DISTINCT source, 1 FROM entries;
    CREATE TRIGGER entry_new AFTER INSERT ON entries BEGIN
        INSERT INTO revisions VALUES (NEW.source, 1) ON CONFLICT (source) DO UPDATE SET number = number + 1;
    END;
    CREATE TRIGGER entry_changed AFTER UPDATE ON entries BEGIN
        INSERT INTO revisions VALUES (NEW.source, 1) ON CONFLICT (source) DO UPDATE SET number = number + 1;
    END;
    CREATE TRIGGER entry_gone AFTER DELETE ON entries BEGIN
        INSERT INTO revisions VALUES (OLD.source, 1) ON CONFLICT (source) DO UPDATE SET number = number + 1;
    END;
    """,
    """
    CREATE TABLE kept_versions (
        number INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        id TEXT NOT NULL,
        digest TEXT NOT NULL,
        entry TEXT NOT NULL
    ) STRICT;
    INSERT INTO kept_versions SELECT number, source, id, digest, entry FROM versions;
    DROP TABLE versions;
    ALTER TABLE kept_versions RENAME TO versions;
    CREATE INDEX versions_of ON versions (source, id);
    CREATE INDEX entries_digest ON entries (source, digest);
    CREATE TABLE withdrawn (
        source TEXT NOT NULL,
        id TEXT NOT NULL,
        origin TEXT NOT NULL,
        url TEXT,
        exact TEXT NOT NULL,
        entry TEXT NOT NULL,
        deleted INTEGER NOT NULL,
        PRIMARY KEY (source, id)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE addresses_with_passed_over (
        source TEXT NOT NULL,
        url TEXT NOT NULL,
        told TEXT NOT NULL,
        etag TEXT NOT NULL,
        modified TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'fetched', 'failed', 'given-up', 'passed-over')),
        tries INTEGER NOT NULL,
        next TEXT,
        error TEXT,
        number INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (source, url)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO addresses_with_passed_over (source, url, told, etag, modified, state, tries, next, error, number)
        SELECT source, url, told, etag, modified, state, tries, next, error, number FROM addresses;
    DROP TABLE addresses;
    ALTER TABLE addresses_with_passed_over RENAME TO addresses;
    CREATE INDEX addresses_waiting ON addresses (source, next) WHERE state IN ('waiting', 'failed');
    """,
    """
    ALTER TABLE entries DROP COLUMN near;
    DROP INDEX entries_exact;
    CREATE INDEX entries_exact ON entries (exact, source);
    CREATE INDEX entries_origin ON entries (source, origin);
    CREATE INDEX entries_url ON entries (source, url) WHERE url IS NOT NULL;
    CREATE TABLE stories (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        source TEXT NOT NULL,
        id TEXT NOT NULL,
        story INTEGER NOT NULL,
        UNIQUE (source, id),
        FOREIGN KEY (source, id) REFERENCES entries (source, id) ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX stories_members ON stories (story);
    CREATE TABLE prints (
        print INTEGER NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (print, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE shown (
        feed TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (feed, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER story_told AFTER UPDATE ON stories BEGIN
        INSERT INTO revisions VALUES (NEW.source, 1) ON CONFLICT (source) DO UPDATE SET number = number + 1;
    END;
    CREATE TRIGGER story_joined AFTER INSERT ON stories WHEN NEW.story != 0 BEGIN
        INSERT INTO revisions VALUES (NEW.source, 1) ON CONFLICT (source) DO UPDATE SET number = number + 1;
    END;
    """,
)
