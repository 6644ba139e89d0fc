"""People in the database: accounts, authorities, staff, codes, links, faces, sessions, limits. Personal data sealed."""

from __future__ import annotations

from storage.people.accounts import SqlAccounts
from storage.people.authorities import SqlAuthorities
from storage.people.codes import SqlCodes
from storage.people.faces import SqlFaceAttempts
from storage.people.rate_limits import DatabaseLimits
from storage.people.sessions import SqlSessions
from storage.people.sign_links import SqlSignLinks
from storage.people.staff import SqlStaff
from storage.people.sweeping import sweep_people
from storage.people.tallying import SqlTries

__all__ = [
    "DatabaseLimits",
    "SqlAccounts",
    "SqlAuthorities",
    "SqlCodes",
    "SqlFaceAttempts",
    "SqlSessions",
    "SqlSignLinks",
    "SqlStaff",
    "SqlTries",
    "sweep_people",
]
