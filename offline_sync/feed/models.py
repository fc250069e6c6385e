"""The change feed: which document is in which scope, and the latest change of each per scope."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base


class Doc(Base):
    """A document as sync knows it; its body is in its owner's table.

    `hash` is `digest.of(id, rev)`, summed to prove that a terminal equals the server.
    """

    __tablename__ = "sync_doc"

    collection: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    rev: Mapped[int] = mapped_column(BigInteger)
    deleted: Mapped[bool]
    hash: Mapped[int] = mapped_column(BigInteger)


class DocScope(Base):
    """A live document is in a scope."""

    __tablename__ = "sync_doc_scope"
    __table_args__ = (Index("ix_sync_doc_scope_scope", "scope_id", "collection"),)

    collection: Mapped[str] = mapped_column(String(64), primary_key=True)
    doc_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    scope_id: Mapped[UUID] = mapped_column(ForeignKey("sync_scope.id"), primary_key=True)


class Change(Base):
    """The latest change of a document in a scope, so the log never outgrows rows and tombstones.

    op: PUT (it is in the scope, at `rev`) | REMOVE (it left the scope or is deleted).
    """

    __tablename__ = "sync_change"
    __table_args__ = (
        UniqueConstraint("scope_id", "collection", "doc_id"),
        Index("ix_sync_change_page", "scope_id", "collection", "seq"),
    )

    scope_id: Mapped[UUID] = mapped_column(ForeignKey("sync_scope.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    collection: Mapped[str] = mapped_column(String(64))
    doc_id: Mapped[str] = mapped_column(String(64))
    op: Mapped[str] = mapped_column(String(6))
    rev: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(index=True)


class Epoch(Base):
    """One life of this database; after a restore a new one begins and every terminal begins anew."""

    __tablename__ = "sync_epoch"

    n: Mapped[int] = mapped_column(Integer, primary_key=True)
    token: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))
