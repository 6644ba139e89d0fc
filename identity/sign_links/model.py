"""A sign link: whom it was sent to, for what, and every reason why it does not open.

A link is an invitation, not a key. Whoever holds it must log in, and the login must be the very person it was sent to;
forwarded, it is worthless (HS-31).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from identity.findings import Finding, Findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from identity.keys import LookupSecret

__all__ = ["LinkPurpose", "LinkVisit", "SignLink", "check_link", "check_link_alive", "draw_token", "token_key"]

TOKEN_BYTES = 32


class LinkPurpose(StrEnum):
    """What a link leads to, and nothing else."""

    JOIN = "join"
    CONFIRM = "confirm"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class SignLink:
    """A link as it is kept; the token itself is in the message alone."""

    link_id: str
    """Its identifier."""

    token_key: str
    """Key of the token."""

    case_id: str
    """Which case."""

    recipient: str
    """Whom it was sent to, as the case calls them: a new link for the same recipient ends this one."""

    person_keys: tuple[str, ...]
    """Keys of the identity numbers of that person (:func:`identity.keys.person_key`), usually one."""

    purpose: LinkPurpose
    """What for."""

    text_sha256: str
    """The text it was sent about."""

    expires_at: datetime
    """End of its life; aware UTC."""

    replaced_at: datetime | None = None
    """When another took its place, or the text changed."""

    used_at: datetime | None = None
    """When what it led to was done."""


@dataclass(frozen=True, slots=True)
class LinkVisit:
    """Somebody who has logged in follows a link to a case."""

    person_key: str
    """Key of the identity number of the login."""

    case_id: str
    """The case they come to."""

    purpose: LinkPurpose
    """What they want there."""

    text_sha256: str
    """The text as it stands now."""


def draw_token() -> str:
    """256 random bits, written for a URL (RFC 4648 § 5): 43 characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_key(secret: LookupSecret, token: str) -> str:
    """What is kept of a token."""
    return secret.key("sign-link", token)


def check_link_alive(link: SignLink, now: datetime) -> Findings:
    """Every reason in the link itself why it does not open."""
    return tuple(_of_life(link, now))


def check_link(link: SignLink, visit: LinkVisit, now: datetime) -> Findings:
    """Every reason why this person may not come in by this link. The person first: to anybody else it says no more."""
    if visit.person_key not in link.person_keys:
        return (
            Finding(
                "sign_link.another_person",
                zh="此链接是发给他人的。请使用收到短信的当事人本人账号登录",
                en="this link was sent to somebody else: the person it was sent to must log in",
            ),
        )
    return (*_of_life(link, now), *_of_errand(link, visit))


def _of_life(link: SignLink, now: datetime) -> Iterator[Finding]:
    if link.used_at is not None:
        yield Finding("sign_link.used", zh="此链接已使用", en="what this link was for is done")
    elif link.replaced_at is not None:
        yield Finding(
            "sign_link.replaced",
            zh="此链接已失效，请使用最新的短信链接",
            en="a newer link took its place: use that one",
        )
    elif link.expires_at <= now:
        yield Finding(
            "sign_link.expired", zh="此链接已过期，请联系对方重新发起", en="the link has expired: ask for a new one"
        )


def _of_errand(link: SignLink, visit: LinkVisit) -> Iterator[Finding]:
    if visit.case_id != link.case_id:
        yield Finding("sign_link.other_case", zh="此链接不属于该合同", en="this link belongs to another contract")
    elif visit.text_sha256 != link.text_sha256:
        yield Finding(
            "sign_link.text_changed",
            zh="合同文本已变更，请等待新的签署短信",
            en="the text has changed since this link was sent: wait for the new one",
        )
    if visit.purpose is not link.purpose:
        yield Finding("sign_link.other_purpose", zh="此链接不能用于该操作", en="this link is not for this act")
