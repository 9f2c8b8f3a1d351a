"""The tables of a SQLite store and how files of earlier versions are brought up to date.

Each migration is one step, run in order, in one transaction with the line that records it.
"""

from __future__ import annotations

import sqlite3

from stores.base import StoreIncompatible

# Keys are bytes (UTF-8), so that any str, NUL and lone surrogates included, compares and sorts as its bytes do.
_VERSION_1 = (
    """CREATE TABLE records (
        key         BLOB PRIMARY KEY,
        number      INTEGER NOT NULL,
        incarnation TEXT NOT NULL,
        op_id       TEXT NOT NULL,
        data        BLOB NOT NULL,
        appended    INTEGER NOT NULL,
        expires_at  REAL
    )""",
    "CREATE INDEX records_by_expiry ON records (expires_at) WHERE expires_at IS NOT NULL",
    """CREATE TABLE log_entries (
        key  BLOB NOT NULL REFERENCES records (key) ON DELETE CASCADE,
        seq  INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (key, seq)
    ) WITHOUT ROWID""",
)

_MIGRATIONS: tuple[tuple[str, ...], ...] = (_VERSION_1,)

NEWEST = len(_MIGRATIONS)
"""The schema version this code reads and writes."""


def bring_up_to_date(db: sqlite3.Connection, path: str) -> None:
    """Create or migrate the tables; safe when several processes open the file at once.

    Raises StoreIncompatible, leaving the file as it was, when it is someone else's or of a newer version.
    """
    if _version(db, path) == NEWEST:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        version = _version(db, path)  # again: another process may have done the work while we waited
        if version == 0:
            db.execute("CREATE TABLE antecedent_schema (version INTEGER NOT NULL)")
            db.execute("INSERT INTO antecedent_schema VALUES (0)")
        for migration in _MIGRATIONS[version:]:
            for statement in migration:
                db.execute(statement)
        db.execute("UPDATE antecedent_schema SET version = ?", (NEWEST,))
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _version(db: sqlite3.Connection, path: str) -> int:
    """0 for an empty file; raises StoreIncompatible for a file this code must not touch."""
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not tables:
        return 0
    if "antecedent_schema" not in tables:
        raise StoreIncompatible(path, "it is a SQLite file of another program")
    (version,) = db.execute("SELECT version FROM antecedent_schema").fetchone()
    if version > NEWEST:
        raise StoreIncompatible(path, f"it has schema version {version}, this version of antecedent reads {NEWEST}")
    return int(version)
