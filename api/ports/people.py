"""People: logging in, sessions, who acts for whom, and the roles of staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - sessions are read back by their types
from typing import TYPE_CHECKING, Protocol

from identity.trust_level import Card, CheckMethod, LoginCapacity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from identity.acting import ActingPerson
    from identity.outside import LoginCallback, LoginStart
    from identity.staff import StaffGrant, StaffRole

__all__ = [
    "AgentAsked",
    "AgentBindingView",
    "Authority",
    "CityLink",
    "HandlerAsked",
    "HandlerView",
    "LoginDesk",
    "SessionFacts",
    "SessionRecords",
    "Somebody",
    "StaffDesk",
]


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What a session remembers of somebody logged in. Everything else is looked up with each request."""

    account_id: str
    """Who."""

    methods: tuple[CheckMethod, ...]
    """Everything done in this session."""

    logged_in_at: datetime
    """When."""

    card: Card = Card.PERSONAL
    """Card chosen (SZ-24)."""

    capacity: LoginCapacity = LoginCapacity.OWNER
    """As whom they come (SZ-33)."""

    organisation_account_id: str | None = None
    """The organisation whose card was chosen."""

    code_phone: str | None = None
    """Where the one-time code of this session went, if one was given back right (SZ-22)."""


class SessionRecords(Protocol):
    """Sessions on the server. The key is a digest of the cookie: whoever reads the records cannot come in."""

    def read(self, key: str, now: datetime) -> bytes | None:
        """What is kept; ``None`` if there is none, or it is over."""
        ...

    def create(self, key: str, account_id: str | None, content: bytes, expires_at: datetime) -> None:
        """Keep a new one, sealed; ``account_id`` so that all sessions of an account can be ended."""
        ...

    def update(self, key: str, content: bytes, expires_at: datetime) -> bool:
        """Keep what it holds now; whether it was there. MUST NOT bring back one that was removed meanwhile."""
        ...

    def remove(self, key: str) -> bool:
        """Whether it was there; of several calls one."""
        ...

    def end_all(self, account_id: str) -> int:
        """End every session of an account; how many."""
        ...


@dataclass(frozen=True, slots=True)
class CityLink:
    """How far somebody's account is linked in a city (ZS-11…18)."""

    city: str
    """Which city."""

    linked: bool
    """Whether the account can be used there."""

    old_account: bool
    """There was an account on the system before: link it, so that its business is kept (ZS-13)."""

    kind: str | None
    """``individual``, ``linked`` or ``agency`` (``identity.accounts.CityAccountKind``); ``None`` until linked."""

    agency_asked: bool = False
    """An agency's right was asked for and is not opened yet (ZS-15)."""


class LoginDesk(Protocol):
    """Logging in and accounts (``identity.accounts``, ``identity.codes``, the identity platform)."""

    def begin(self, return_url: str, hint: str | None) -> LoginStart: ...

    def finish(self, start: LoginStart, callback: LoginCallback, now: datetime) -> SessionFacts:
        """The account, made at the first login. Raises ``LoginRefused``, ``AccountError``."""
        ...

    def acting(self, session: SessionFacts, now: datetime) -> ActingPerson | None:
        """Who acts, from stored records; ``None`` once the account is closed."""
        ...

    def send_code(self, session: SessionFacts, now: datetime) -> Mapping[str, object]:
        """Send a code to the telephone registered on the platform (SZ-22); ``expires_at``, ``resend_at`` and the masked
        telephone.
        """
        ...

    def give_code(self, session: SessionFacts, code: str, now: datetime) -> SessionFacts:
        """The session with ``sms`` among its methods. Raises ``CodeError``."""
        ...

    def links(self, account_id: str) -> Sequence[CityLink]: ...

    def link(self, account_id: str, city: str, old: tuple[str, str] | None, now: datetime) -> CityLink:
        """Link in a city; ``old`` is certificate number and password of the account there was (ZS-17). Raises
        ``AccountError``.
        """
        ...

    def ask_agency(self, account_id: str, city: str, now: datetime) -> CityLink:
        """Ask the authority for an agency's right (ZS-15); the one asked for, if there is one."""
        ...


@dataclass(frozen=True, slots=True)
class Somebody:
    """Name and number as typed; checked behind the port."""

    name: str
    """As in the identity document."""

    id_type: str
    """``identity.numbers.IdType``."""

    id_number: str
    """As typed."""

    def __repr__(self) -> str:
        return "Somebody(…)"


@dataclass(frozen=True, slots=True)
class HandlerAsked:
    """What a legal person fills in (SZ-02, SZ-10)."""

    handler: Somebody
    """Who is to act."""

    starts_at: datetime
    """Authorised from; aware."""

    ends_at: datetime | None = None
    """Authorised until; aware."""


@dataclass(frozen=True, slots=True)
class AgentAsked:
    """What a clerk enters from the papers on the desk (SZ-14, SZ-15)."""

    agent: Somebody
    """Who came."""

    principal: Somebody
    """The owner who gave the mandate."""

    certificate_number: str
    """Which house: the title's number as printed."""

    mandate_number: str
    """Number of the notarial certificate."""

    scope: str
    """Words of the mandate."""

    matters: tuple[str, ...]
    """Matters it names, e.g. ``check_property``, ``sign``."""

    attestation: str
    """``identity.representation.Attestation``."""

    papers: tuple[str, ...] = ()
    """Kinds of paper seen in the original, the application form among them."""

    mandate_pdf: bytes | None = None
    """The mandate as an electronic certificate: what it says counts, not what was typed of it."""


@dataclass(frozen=True, slots=True)
class HandlerView:
    """One binding of a handler to an organisation (SZ-02, SZ-09…11)."""

    binding_id: str
    """Identifier."""

    organisation: str
    """Name of the legal person; public."""

    credit_code: str
    """Its unified social credit code; public."""

    handler_name: str
    """Masked."""

    state: str
    """``awaiting_consent``, ``bound`` or ``unbound``."""

    starts_at: datetime
    """Authorised from."""

    ends_at: datetime | None
    """Authorised until."""


@dataclass(frozen=True, slots=True)
class AgentBindingView:
    """An agent's account bound to a house by an outlet (SZ-13…15)."""

    binding_id: str
    """Identifier."""

    city: str
    """Where."""

    agent_account_id: str
    """Whose account."""

    certificate_number: str
    """Which house."""

    bound_at: datetime
    """When the outlet bound it."""

    ended_at: datetime | None = None
    """When it was ended."""


class Authority(Protocol):
    """Who acts for whom outside cases. All raise ``IdentityError``; ``authority.unknown`` for what is not theirs."""

    def handlers_of(self, person: ActingPerson) -> Sequence[HandlerView]:
        """我的经办人, for a legal person's account; 我经办的法人, for a person's."""
        ...

    def appoint(self, person: ActingPerson, city: str, asked: HandlerAsked, now: datetime) -> HandlerView:
        """``person`` is the legal person; ``city`` says which trust level it needs (SZ-08)."""
        ...

    def ask_consent(self, person: ActingPerson, binding_id: str, now: datetime) -> Mapping[str, object]:
        """Send the handler the code with which they agree (SZ-09)."""
        ...

    def consent(self, person: ActingPerson, binding_id: str, code: str, now: datetime) -> HandlerView: ...

    def unbind(self, person: ActingPerson, binding_id: str, now: datetime) -> HandlerView:
        """End it, by either (SZ-11)."""
        ...

    def bind_agent(self, clerk: ActingPerson, city: str, asked: AgentAsked, now: datetime) -> AgentBindingView:
        """At the window (SZ-14)."""
        ...

    def unbind_agent(self, clerk: ActingPerson, city: str, binding_id: str, now: datetime) -> AgentBindingView: ...

    def confirm_agency(self, officer: ActingPerson, city: str, account_id: str, now: datetime) -> CityLink:
        """Open an agency's right (ZS-15); the account is linked with it."""
        ...


class StaffDesk(Protocol):
    """Roles of staff. Raises ``NotAllowed`` with every reason (``identity.staff``)."""

    def in_city(self, city: str) -> Sequence[StaffGrant]:
        """Everybody's roles, those that have ended too."""
        ...

    def grant(self, grantor: ActingPerson, city: str, to: tuple[str, StaffRole], now: datetime) -> StaffGrant:
        """``to`` is account and role."""
        ...

    def revoke(self, grantor: ActingPerson, city: str, grant_id: str, now: datetime) -> StaffGrant: ...

    def names_of(self, account_ids: Iterable[str]) -> Mapping[str, str]:
        """Names of these accounts, for administrators and auditors; what is no account is left out."""
        ...

    def find(self, somebody: Somebody, now: datetime) -> str:
        """The newest account of somebody whose name and number are both told. Raises ``account.unknown``: to whoever
        knows only one of them, as to a stranger; and ``NumberError``.
        """
        ...
