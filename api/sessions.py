"""Sessions of browsers and apps: kept on the server, found by a random token in a signed cookie.

The cookie is Starlette's (``SessionMiddleware``: signed, HttpOnly, SameSite=Lax, Secure) and holds the token, nothing
else; the records keep a digest of the token. A login always makes a new session, so that nobody can prepare one for
somebody else. A session ends by itself when it is idle or old, and at once when it is ended.
"""

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

from api.ports import SessionFacts, SessionRecords
from api.services import ApiSettings
from identity.outside import LoginStart

__all__ = ["Session", "SessionBook", "cookie_name"]

TOKEN_BYTES: Final = 32
LOGIN_SECONDS: Final = 600
"""How long a login that was begun waits for the browser to come back."""
RENEW_SECONDS: Final = 60
"""Use is recorded this coarsely: not every read of a page writes a row."""


@dataclass(frozen=True, slots=True)
class Session:
    """What is kept."""

    ends_at: datetime
    """Whatever happens, not longer."""

    idle_at: datetime
    """Not longer unless it is used."""

    csrf: str = field(repr=False)
    """What unsafe requests must carry in ``X-CSRF-Token``."""

    facts: SessionFacts | None = None
    """Who is logged in; ``None`` while a login is under way."""

    login: LoginStart | None = field(default=None, repr=False)
    """A login under way."""

    return_to: str = "/"
    """Where the browser goes after it: a path of this service."""


class SessionBook:
    """Makes, reads, renews and ends sessions. Blocking: called from worker threads."""

    def __init__(self, records: SessionRecords, settings: ApiSettings) -> None:
        self._records = records
        self._settings = settings

    def begin_login(self, start: LoginStart, return_to: str, now: datetime) -> str:
        """Remember a login that begins; the token for the cookie."""
        ends_at = now + _seconds(LOGIN_SECONDS)
        return self._create(Session(ends_at, ends_at, _draw(), login=start, return_to=return_to), None)

    def take_login(self, token: str, now: datetime) -> Session | None:
        """The login that was begun; it is used up, whatever comes of it."""
        session = self.read(token, now)
        if session is None or session.login is None or not self._records.remove(_key(token)):
            return None
        return session

    def log_in(self, facts: SessionFacts, now: datetime) -> str:
        """A new session; the token for the cookie."""
        ends_at = now + self._settings.session_life
        session = Session(ends_at, min(ends_at, now + self._settings.idle_life), _draw(), facts)
        return self._create(session, facts.account_id)

    def read(self, token: str, now: datetime) -> Session | None:
        """The session of a token, if it lives."""
        content = self._records.read(_key(token), now)
        if content is None:
            return None
        session = msgspec.json.decode(content, type=Session)
        return session if now < min(session.ends_at, session.idle_at) else None

    def renew(self, token: str, session: Session, now: datetime) -> None:
        """It is used: it lives on, within its longest life."""
        idle_at = min(session.ends_at, now + self._settings.idle_life)
        if (idle_at - session.idle_at).total_seconds() >= RENEW_SECONDS:
            self._update(token, replace(session, idle_at=idle_at))

    def change(self, token: str, session: Session, facts: SessionFacts) -> bool:
        """Other facts from now on; whether the session was still there."""
        return self._update(token, replace(session, facts=facts))

    def end(self, token: str) -> None:
        """It is over."""
        self._records.remove(_key(token))

    def _create(self, session: Session, account_id: str | None) -> str:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._records.create(_key(token), account_id, msgspec.json.encode(session), session.idle_at)
        return token

    def _update(self, token: str, session: Session) -> bool:
        return self._records.update(_key(token), msgspec.json.encode(session), session.idle_at)


def cookie_name(settings: ApiSettings) -> str:
    """``__Host-`` binds a cookie to this very host and to https (RFC 6265bis § 4.1.3.2); browsers take it only so."""
    return "__Host-qianshu" if settings.base_url.startswith("https://") else "qianshu"


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _draw() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def _seconds(number: int) -> timedelta:
    return timedelta(seconds=number)
