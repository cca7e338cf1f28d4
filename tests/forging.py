# SPDX-License-Identifier: Apache-2.0
"""Bundles and results databases that somebody changed, also with a chain of digests that fits."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import struct
from collections.abc import Callable
from typing import Any

from bundles import Files

Tamper = Callable[[Files], Files]


def flip(name: str, old: bytes, new: bytes) -> Tamper:
    def change(files: Files) -> Files:
        assert old in files[name]
        return files | {name: files[name].replace(old, new, 1)}

    return change


def sql(statement: str, trigger: str) -> Tamper:
    """A row changed by somebody who puts the triggers back."""

    def change(files: Files) -> Files:
        database = sqlite3.connect(":memory:")
        database.deserialize(files["results.db"])
        (again,) = database.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (trigger,)).fetchone()
        database.execute(f"DROP TRIGGER {trigger}")
        database.execute(statement)
        database.execute(again)
        database.commit()
        return files | {"results.db": database.serialize()}

    return change


def number(value: int) -> bytes:
    return struct.pack("<q", value)


def text(content: bytes) -> bytes:
    return number(len(content)) + content


def canonical(name: str, value: Any) -> bytes:
    """A column as docs/formats/facts.md specifies it."""
    if value is None:
        return b""
    match value:
        case int():
            return text(name.encode()) + b"i" + number(value)
        case float():
            return text(name.encode()) + b"r" + struct.pack("<d", value)
        case str():
            return text(name.encode()) + b"t" + text(value.encode())
    return text(name.encode()) + b"b" + text(bytes(value))


def canonical_row(database: sqlite3.Connection, table: str, row: int) -> bytes:
    cursor = database.execute(f"SELECT * FROM {table} WHERE id = ?", (row,))
    columns = [each[0] for each in cursor.description]
    return text(table.encode()) + b"".join(map(canonical, columns, cursor.fetchone()))


def make_chain_again(database: sqlite3.Connection) -> bytes:
    head = bytes(32)
    for link, table, row in database.execute("SELECT id, kind, row FROM chain ORDER BY id").fetchall():
        head = hashlib.sha256(head + canonical_row(database, table, row)).digest()
        database.execute("UPDATE chain SET digest = ? WHERE id = ?", (head, link))
    return head


def forged(files: Files, statement: str) -> Files:
    """The bundle with its results changed by `statement` and a chain that fits them."""
    database = sqlite3.connect(":memory:")
    database.deserialize(files["results.db"])
    triggers = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        database.execute(f"DROP TRIGGER {name}")
    database.execute("PRAGMA ignore_check_constraints = ON")
    database.execute(statement)
    head = make_chain_again(database)
    for _, sql in triggers:
        database.execute(sql)
    database.commit()
    stated = json.loads(files["detail.json"])["predicate"]["chain_head"]
    detail = files["detail.json"].replace(stated.encode(), head.hex().encode())
    return files | {"results.db": database.serialize(), "detail.json": detail}
