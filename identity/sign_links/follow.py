"""Inviting by link, and coming in by one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from identity.errors import SignLinkError
from identity.sign_links.model import (
    LinkPurpose,
    LinkVisit,
    SignLink,
    check_link,
    check_link_alive,
    draw_token,
    token_key,
)

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from identity.findings import Findings
    from identity.keys import LookupSecret
    from identity.ports import SignLinks

__all__ = ["Invitation", "LinkGreeting", "LinkRequest", "check_visit", "greet", "invite", "spend_link", "whose_case"]


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """Somebody is to be invited."""

    case_id: str
    """To which case."""

    recipient: str
    """Who, as the case calls them."""

    person_keys: tuple[str, ...]
    """Keys of their identity numbers."""

    purpose: LinkPurpose
    """For what."""

    text_sha256: str
    """About which text."""

    life: timedelta
    """How long the link opens; of the city."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that was made. The token goes into the message and nowhere else."""

    link: SignLink
    """What is kept."""

    token: str
    """What is sent."""

    def __repr__(self) -> str:
        return f"Invitation(link_id={self.link.link_id!r})"


@dataclass(frozen=True, slots=True)
class LinkGreeting:
    """All that a link says to whoever opens it: log in. No name, no house, no case."""

    zh: str = "请使用收到此短信的当事人本人账号登录后办理"
    """In Chinese."""

    en: str = "log in as the person this message was sent to"
    """In English."""


def invite(secret: LookupSecret, store: SignLinks, request: LinkRequest, now: datetime) -> Invitation:
    """A new link; every live one to the same recipient for the same purpose ends."""
    if not request.person_keys:
        raise ValueError("a link is bound to a person")
    token = draw_token()
    link = SignLink(
        uuid.uuid4().hex,
        token_key(secret, token),
        case_id=request.case_id,
        recipient=request.recipient,
        person_keys=request.person_keys,
        purpose=request.purpose,
        text_sha256=request.text_sha256,
        expires_at=now + request.life,
    )
    store.add(link, now)
    return Invitation(link, token)


def greet() -> LinkGreeting:
    """What opening a link answers, before anybody has logged in. It does not look the token up: a token that never
    was and one that is good look alike.
    """
    return LinkGreeting()


def whose_case(secret: LookupSecret, store: SignLinks, token: str, person_key: str, now: datetime) -> SignLink:
    """The link, for the person it was sent to, who has logged in: which case to load.

    Raises :class:`SignLinkError`. To anybody else an unknown link and somebody's link are one. The text is compared
    when the case is loaded (:func:`check_visit`).
    """
    link = store.by_token_key(token_key(secret, token))
    if link is None or person_key not in link.person_keys:
        raise SignLinkError(
            "sign_link.another_person",
            zh="链接无效，或者此链接是发给他人的。请使用收到短信的当事人本人账号登录",
            en="no such link, or it was sent to somebody else: the person it was sent to must log in",
        )
    _demand(check_link_alive(link, now))
    return link


def check_visit(link: SignLink, visit: LinkVisit, now: datetime) -> None:
    """Refuse a visit that is not by the person, to the case, about the text and for the purpose of the link."""
    _demand(check_link(link, visit, now))


def spend_link(store: SignLinks, link: SignLink, now: datetime) -> None:
    """Use the link up. Raises :class:`SignLinkError` ``sign_link.used`` if another act was first."""
    if not store.spend(link.link_id, now):
        raise SignLinkError("sign_link.used", zh="此链接已使用或已失效", en="the link was used or replaced")


def _demand(findings: Findings) -> None:
    if findings:
        first = findings[0]
        raise SignLinkError(first.code, zh=first.zh, en=first.en)
