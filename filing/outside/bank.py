"""Banks that supervise the money of a sale (ZS-35…37)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from identity.subjects import Subject

__all__ = ["SupervisionAccount", "SupervisionBank", "SupervisionRequest", "SupervisionState", "SupervisionWay"]


class SupervisionWay(StrEnum):
    """How a bank does it, as ``filing.profile`` names the ways of its banks."""

    ONLINE_REDIRECT = "online_redirect"
    """The browser jumps to the bank and comes back (建设银行 龙存管, ZS-36)."""
    BRANCH = "branch"
    """At a branch (农村商业银行, ZS-37)."""


class SupervisionState(StrEnum):
    """How it stands."""

    AWAITING_PARTIES = "awaiting_parties"
    OPENED = "opened"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class SupervisionRequest:
    """What is to be supervised."""

    city: str
    """Name of the city."""

    bank: str
    """Name of the bank, as the city's profile: ``CCB``, ``RCB``."""

    case_number: str
    """The case; one supervision per case and bank."""

    amount: Decimal
    """Yuan, two places."""

    sellers: tuple[Subject, ...]
    """Who is paid."""

    buyers: tuple[Subject, ...]
    """Who pays."""

    return_url: str
    """Where the browser comes back."""


@dataclass(frozen=True, slots=True)
class SupervisionAccount:
    """How the bank answers."""

    ref: str
    """The bank's number."""

    bank: str
    """Which bank."""

    way: SupervisionWay
    """Online, or at a branch."""

    state: SupervisionState
    """How it stands."""

    url: str | None = None
    """Where the browser goes, if online and awaiting."""

    branches: tuple[str, ...] = ()
    """Where to go, if at a branch."""

    account_number: str | None = None
    """The supervision account, once opened."""

    opened_at: datetime | None = None
    """When; aware."""


class SupervisionBank(Protocol):
    """The banks. ``open`` MUST be harmless twice; that the browser came back says nothing: ask ``state``, which MUST be
    about this case, amount and bank.
    """

    def open(self, request: SupervisionRequest) -> SupervisionAccount: ...

    def state(self, ref: str, request: SupervisionRequest) -> SupervisionAccount: ...
