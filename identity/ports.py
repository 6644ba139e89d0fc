"""What identity needs from storage.

Every method is one transaction of its own and MUST be durable when it returns, whatever becomes of the act it belongs
to: a wrong try counts although the act is refused. So none may be called inside an open transaction of the same
thread: with SQLite it would wait for itself. What must hold among processes is said with each method.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from identity.accounts.model import Account, AgencyRight, AgentBinding, CityAccount, HandlerBinding, OldAccount
    from identity.codes.model import SendLimits, SentCode, Spent
    from identity.face.model import FaceAttempt
    from identity.numbers import IdentityNumber
    from identity.sign_links.model import SignLink
    from identity.staff import StaffGrant

__all__ = [
    "Accounts",
    "Authorities",
    "CodeTries",
    "FaceAttempts",
    "Sealer",
    "SentCodes",
    "SignLinks",
    "Staff",
    "TryCounter",
]


class Sealer(Protocol):
    """Encryption at rest (``signing.envelope.EvidenceKey`` is one). An envelope MUST open with its context only."""

    def encrypt(self, evidence: bytes, context: str) -> bytes: ...

    def decrypt(self, envelope: bytes, context: str) -> bytes: ...


class SentCodes(Protocol):
    """Codes that were sent.

    ``replace`` MUST count the send against every limit, end the code sent before for the same slot and store the new
    one, all or nothing; of processes that do so at once for one slot only one MUST succeed within the resend delay.
    It MUST raise :class:`identity.errors.CodeError` (``code.too_soon``, ``code.too_many``) otherwise.
    ``redeem`` MUST return whether this call ended the code; of several calls one.
    """

    def replace(self, sent: SentCode, limits: SendLimits, now: datetime) -> None: ...

    def redeem(self, code_id: str, now: datetime) -> bool: ...


class CodeTries(Protocol):
    """Tries at codes. No crash and no refusal may give a try back."""

    def spend(self, slot: str, now: datetime) -> Spent:
        """Count one try at the live code of ``slot``; atomically, never beyond what the code and the phone allow."""
        ...


class TryCounter(Protocol):
    """Tries of other kinds, counted by everybody together.

    ``count`` MUST count one and return ``None``, or, where ``allowed`` were counted within ``window``, count nothing
    and return when it begins anew.
    """

    def count(self, name: str, allowed: int, window: timedelta, now: datetime) -> datetime | None: ...


class SignLinks(Protocol):
    """Sign links. ``add`` MUST end every live link of the same recipient and purpose."""

    def add(self, link: SignLink, now: datetime) -> None: ...

    def by_token_key(self, token_key: str) -> SignLink | None: ...

    def end_all(self, case_id: str, now: datetime) -> int:
        """End the links of a case (text changed, case over); how many."""
        ...

    def spend(self, link_id: str, now: datetime) -> bool:
        """Whether this call used the link up; of several calls one."""
        ...


class FaceAttempts(Protocol):
    """Face checks begun. ``spend`` MUST return true once per attempt."""

    def add(self, attempt: FaceAttempt) -> None: ...

    def load(self, attempt_id: str) -> FaceAttempt | None: ...

    def settle(self, attempt: FaceAttempt) -> None:
        """Store the provider's answer, once; a later one does not change it."""
        ...

    def spend(self, attempt_id: str, now: datetime) -> bool: ...


class Accounts(Protocol):
    """Accounts and what belongs to them in a city."""

    def load(self, account_id: str) -> Account | None: ...

    def by_login(self, issuer: str, login_subject: str) -> Account | None: ...

    def by_person(self, number: IdentityNumber) -> Sequence[Account]:
        """Every account of one person, oldest first."""
        ...

    def save(self, account: Account) -> None: ...

    def save_first(self, account: Account) -> Account:
        """The account of a first login; of two first logins at once both MUST get the same one."""
        ...

    def city_account(self, account_id: str, city: str) -> CityAccount | None: ...

    def city_accounts(self, account_id: str) -> Sequence[CityAccount]: ...

    def save_city_account(self, link: CityAccount) -> None: ...

    def old_account(self, city: str, person_key: str) -> OldAccount | None:
        """The account somebody had on the system before, by certificate number (ZS-17)."""
        ...

    def save_old_account(self, old: OldAccount) -> None: ...

    def take_old_account(self, old_account_id: str, account_id: str, now: datetime) -> bool:
        """Whether this call linked it; MUST be true for one account only."""
        ...


class Authorities(Protocol):
    """Who may act for whom. Records are ended, never deleted."""

    def save_handler(self, binding: HandlerBinding) -> None: ...

    def handler(self, binding_id: str) -> HandlerBinding | None: ...

    def handlers_of(self, organisation: IdentityNumber) -> Sequence[HandlerBinding]:
        """我的经办人 (SZ-11), oldest first, the ended ones too."""
        ...

    def handled_by(self, handler: IdentityNumber) -> Sequence[HandlerBinding]:
        """我经办的法人 (SZ-09), oldest first, the ended ones too."""
        ...

    def save_agent(self, binding: AgentBinding) -> None: ...

    def agent(self, binding_id: str) -> AgentBinding | None: ...

    def agents_of_house(self, city: str, certificate_number: str) -> Sequence[AgentBinding]:
        """Every agent ever bound to a house (SZ-18)."""
        ...

    def bindings_of_agent(self, agent: IdentityNumber) -> Sequence[AgentBinding]: ...

    def agency_right(self, account_id: str, city: str) -> AgencyRight | None: ...

    def save_agency_right(self, right: AgencyRight) -> None: ...


class Staff(Protocol):
    """Roles of staff. Records are ended, never deleted."""

    def save(self, grant: StaffGrant) -> None:
        """Store it, or its end."""
        ...

    def load(self, grant_id: str) -> StaffGrant | None: ...

    def of_account(self, account_id: str) -> Sequence[StaffGrant]: ...

    def in_city(self, city: str) -> Sequence[StaffGrant]: ...
