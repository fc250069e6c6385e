"""The tables of the log. Rows are only ever inserted: in production the role may do nothing else.

They are plain tables, not mapped classes: nobody loads, changes and flushes an audit row. There
are no foreign keys among them, so that `kern_audit` can be partitioned by time on PostgreSQL.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from muster.kernel.model import Base, Json, UtcDateTime

_Big = BigInteger().with_variant(Integer, "sqlite")


class _TransactionId(FunctionElement[int]):
    """The 64-bit id of the writing transaction; SQLite has one writer and needs none."""

    inherit_cache = True


@compiles(_TransactionId)
def _no_transaction_id(element: _TransactionId, compiler: SQLCompiler, **_: Any) -> str:
    return "0"


@compiles(_TransactionId, "postgresql")
def _transaction_id(element: _TransactionId, compiler: SQLCompiler, **_: Any) -> str:
    return "pg_current_xact_id()::text::bigint"


# `canonical` is the entry, byte for byte as it is hashed. Every other column is a projection of it
# for searching (`document.project`), and `verify` compares the two. (xid, n) is the commit order.
ENTRIES = Table(
    "kern_audit",
    Base.metadata,
    Column("n", _Big, primary_key=True, autoincrement=True),
    Column("xid", BigInteger, nullable=False, server_default=_TransactionId()),
    Column("id", Uuid, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Uuid),
    Column("actor_label", Text, nullable=False),
    Column("unit_id", Uuid),
    Column("device_id", Uuid),
    Column("session_id", Uuid),
    Column("client", Text, nullable=False),
    Column("resource_type", Text, nullable=False),
    Column("resource_id", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("case_ref", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("operation", String(16), nullable=False, server_default=""),
    Column("recipient", Text, nullable=False, server_default=""),
    Column("policies", Json, nullable=False),
    Column("canonical", LargeBinary, nullable=False),
    Index("ix_kern_audit_xid_n", "xid", "n"),
    Index("ix_kern_audit_actor_id_n", "actor_id", "n"),
    Index("ix_kern_audit_resource_n", "resource_type", "resource_id", "n"),
    Index("ix_kern_audit_device_id_n", "device_id", "n"),
    sqlite_autoincrement=True,  # a number is never given twice
)

# Whom an entry is about, as a keyed hash; the key's id says with which key and algorithm.
SUBJECTS = Table(
    "kern_audit_subject",
    Base.metadata,
    Column("n", _Big, primary_key=True, autoincrement=False),
    Column("hash", String(64), primary_key=True),
    Column("key_id", String(64), nullable=False),
    Index("ix_kern_audit_subject_hash_n", "hash", "n"),
    sqlite_with_rowid=False,
)

# The sealed order. `seq` counts from 0 without gaps and is the leaf's place in the tree.
LEAVES = Table(
    "kern_audit_leaf",
    Base.metadata,
    Column("seq", _Big, primary_key=True, autoincrement=False),
    Column("n", _Big, nullable=False, unique=True),
    Column("hash", LargeBinary(32), nullable=False),
)

# Complete subtrees of 256, 65 536 … leaves (`level` 1, 2 …): what keeps proofs short to compute.
TILES = Table(
    "kern_audit_node",
    Base.metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("idx", _Big, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)

# What the sealer signed, and where it goes on: the edge of the tree and the last place in commit
# order. `floor` is the highest n of before the database last moved to another cluster.
CHECKPOINTS = Table(
    "kern_audit_checkpoint",
    Base.metadata,
    Column("size", _Big, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("note", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("origin", Text, nullable=False),
    Column("algorithm", String(32), nullable=False),
    Column("key_id", String(64), nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("xid", BigInteger, nullable=False),
    Column("n", _Big, nullable=False),
    Column("floor", _Big, nullable=False),
)

# What witnesses answered: one line of a signed note (C2SP cosignature/v1) for a checkpoint.
COSIGNATURES = Table(
    "kern_audit_cosignature",
    Base.metadata,
    Column("size", _Big, primary_key=True, autoincrement=False),
    Column("witness", String(200), primary_key=True),
    Column("line", Text, nullable=False),
    Column("signed_at", UtcDateTime, nullable=False),
)

# Bodies that retention took out of the log: where they lie, and the entry that records it.
ARCHIVES = Table(
    "kern_audit_archive",
    Base.metadata,
    Column("id", Uuid, primary_key=True),
    Column("record_id", Uuid, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("entries", _Big, nullable=False),
    Column("folder", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)
RETIRED = Table(
    "kern_audit_retired",
    Base.metadata,
    Column("first", _Big, primary_key=True, autoincrement=False),
    Column("last", _Big, nullable=False),
    Column("archive_id", Uuid, nullable=False, index=True),
)
