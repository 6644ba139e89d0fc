"""Notary offices in the database: the list, their certificates, and who works for them."""

from __future__ import annotations

from storage.notary.members import SqlMembers
from storage.notary.offices import SqlOffices

__all__ = ["SqlMembers", "SqlOffices"]
