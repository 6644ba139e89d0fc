"""The life of a case as data: states, events, (state, event) → state, and whose move it is.

The same table for every city (``rules.md`` § 7.4). A city's profile says which of these events it has, who may fire
them, which guards hold and which effects follow (``filing.profile``); it cannot add a way that is not here.
:func:`apply` is the only thing that makes a new position; nothing else writes a state.

Refuses every pair that is not in the table. Checks no guard, no actor, no clock: ``now`` is only recorded.

Invariants of § 7.4 and where they are held:

* (a) only the registry's answer leaves ``registering``: ``ANSWERS_OF_REGISTRY``, and no cancelling from there;
* (b) the text is fixed from ``text_ready`` on: ``PERMITS[…].text``; the ways back to ``drafting`` void what was done on
  the old text (``filing.profile.vocabulary.ALWAYS_EFFECTS``);
* (c) one live case per house: :func:`holds_property`;
* (d) every required person resolved through representation: a guard of every city
  (``filing.profile.vocabulary.ALWAYS_GUARDS``);
* (e) a cancelled case keeps its evidence: ``PERMITS[…].in_force`` is false, and no effect deletes evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.errors import FilingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = [
    "ANSWERS_OF_REGISTRY",
    "PERMITS",
    "RESUME",
    "TERMINAL",
    "TRANSITIONS",
    "UNDOES_AN_END",
    "CasePosition",
    "Event",
    "Mover",
    "NotPossibleInState",
    "Permits",
    "Resume",
    "State",
    "TextAccess",
    "TransitionFact",
    "apply",
    "events_from",
    "holds_property",
    "sources_of",
]


class State(StrEnum):
    """Where a case is (``rules.md`` § 7.3)."""

    OPENED = "opened"
    DRAFTING = "drafting"
    TEXT_READY = "text_ready"
    SIGNING = "signing"
    SIGNED = "signed"
    IN_REVIEW = "in_review"
    FILED = "filed"
    REGISTERING = "registering"
    TRANSFERRED = "transferred"
    CANCELLING = "cancelling"
    VOID = "void"
    EXPIRED = "expired"


class Event(StrEnum):
    """What can happen to a case."""

    OPEN = "open"
    IMPORT_FILED = "import_filed"
    VERIFY_PROPERTY = "verify_property"
    GENERATE_TEXT = "generate_text"
    REOPEN_TEXT = "reopen_text"
    START_SIGNING = "start_signing"
    COMPLETE_SIGNING = "complete_signing"
    SUBMIT_FILING = "submit_filing"
    APPROVE_FILING = "approve_filing"
    RETURN_TEXT = "return_text"
    RETURN_MATERIALS = "return_materials"
    AUTO_FILE = "auto_file"
    AMEND = "amend"
    REGISTRY_ACCEPT = "registry_accept"
    REGISTRY_REJECT = "registry_reject"
    REGISTRY_DONE = "registry_done"
    REQUEST_CANCEL = "request_cancel"
    DROP_CANCEL = "drop_cancel"
    FINISH_CANCEL_NETSIGN = "finish_cancel_netsign"
    FINISH_CANCEL_FILING = "finish_cancel_filing"
    EXPIRE = "expire"
    RESTORE_FILING = "restore_filing"
    """What a cancellation rested on was void from the start: the end itself is undone (公证法 art. 39)."""


class Mover(StrEnum):
    """Whose move it is. The city names the very people (``filing.profile``)."""

    ENTRANT = "entrant"
    PARTIES = "parties"
    AUTHORITY = "authority"
    REGISTRY = "registry"
    CANCELLATION = "cancellation"
    """Whoever the chosen cancel rule still waits for: the other side, everybody, a reviewer or the notary."""
    NOBODY = "nobody"


class TextAccess(StrEnum):
    """What may be done to the contract text."""

    NONE = "none"
    EDITABLE = "editable"
    FIXED = "fixed"


class Resume(Enum):
    """The one target that is not a state: back to where the case was."""

    RESUME = "*r"


RESUME: Final = Resume.RESUME


@dataclass(frozen=True, slots=True)
class Permits:
    """What a state permits."""

    mover: Mover
    """Whose move it is."""

    text: TextAccess
    """Whether the text is still to be written, or fixed by its digest (invariant b)."""

    may_sign: bool
    """Parties may put signatures on the text."""

    in_force: bool
    """The content may be shown as a living contract; of a dead case only the evidence is kept (invariant e)."""

    locks_property: bool
    """The house is taken: no other case may be opened on it (invariant c, H-48). False before the property check."""


_S, _E = State, Event

_ROWS: Final[tuple[tuple[Event, tuple[State | None, ...], State | Resume], ...]] = (
    (_E.OPEN, (None,), _S.OPENED),
    (_E.IMPORT_FILED, (None,), _S.FILED),
    (_E.VERIFY_PROPERTY, (_S.OPENED,), _S.DRAFTING),
    (_E.GENERATE_TEXT, (_S.DRAFTING,), _S.TEXT_READY),
    # Until filed the seller may edit, even after signing (SZ-84, H-22).
    (_E.REOPEN_TEXT, (_S.TEXT_READY, _S.SIGNING, _S.SIGNED, _S.IN_REVIEW), _S.DRAFTING),
    (_E.START_SIGNING, (_S.TEXT_READY,), _S.SIGNING),
    (_E.COMPLETE_SIGNING, (_S.SIGNING,), _S.SIGNED),
    (_E.SUBMIT_FILING, (_S.SIGNED,), _S.IN_REVIEW),
    (_E.APPROVE_FILING, (_S.IN_REVIEW,), _S.FILED),
    # A failed review: the text has to change, or only the materials have to and the signatures stay (H-32).
    (_E.RETURN_TEXT, (_S.IN_REVIEW,), _S.DRAFTING),
    (_E.RETURN_MATERIALS, (_S.IN_REVIEW,), _S.SIGNED),
    (_E.AUTO_FILE, (_S.SIGNED,), _S.FILED),
    (_E.AMEND, (_S.FILED,), _S.FILED),
    (_E.REGISTRY_ACCEPT, (_S.TEXT_READY, _S.SIGNED, _S.FILED), _S.REGISTERING),
    (_E.REGISTRY_REJECT, (_S.REGISTERING,), RESUME),
    (_E.REGISTRY_DONE, (_S.REGISTERING,), _S.TRANSFERRED),
    (
        _E.REQUEST_CANCEL,
        (_S.OPENED, _S.DRAFTING, _S.TEXT_READY, _S.SIGNING, _S.SIGNED, _S.IN_REVIEW, _S.FILED),
        _S.CANCELLING,
    ),
    (_E.DROP_CANCEL, (_S.CANCELLING,), RESUME),
    (_E.FINISH_CANCEL_NETSIGN, (_S.CANCELLING,), _S.VOID),
    (_E.FINISH_CANCEL_FILING, (_S.CANCELLING,), _S.DRAFTING),
    (_E.EXPIRE, (_S.OPENED, _S.DRAFTING, _S.TEXT_READY, _S.SIGNING), _S.EXPIRED),
    (_E.RESTORE_FILING, (_S.VOID,), _S.FILED),
)

TRANSITIONS: Final[Mapping[tuple[State | None, Event], State | Resume]] = MappingProxyType(
    {(source, event): target for event, sources, target in _ROWS for source in sources}
)
"""The table. ``None`` is a case that does not exist yet; ``RESUME`` leads back to where the case was."""

_NEEDS_RESUME: Final[Mapping[Event, frozenset[State]]] = MappingProxyType(
    # A filing can be revoked only where there was one (SZ-94).
    {_E.FINISH_CANCEL_FILING: frozenset({_S.FILED})}
)

ANSWERS_OF_REGISTRY: Final = frozenset({_E.REGISTRY_REJECT, _E.REGISTRY_DONE})
"""The only ways out of ``registering`` (invariant a)."""

UNDOES_AN_END: Final = frozenset({Event.RESTORE_FILING})
"""Events that say an end never was one. A city may do without them, and nobody waits for them."""

TERMINAL: Final = frozenset(
    state for state in State if not any(source is state and event not in UNDOES_AN_END for source, event in TRANSITIONS)
)
"""States without exits, computed; :data:`UNDOES_AN_END` aside."""

_REMEMBER_WHENCE: Final = frozenset(
    source for (source, _), target in TRANSITIONS.items() if source is not None and target is RESUME
)
"""States that have a way back, and so must remember where the case was."""

_M, _T = Mover, TextAccess

PERMITS: Final[Mapping[State, Permits]] = MappingProxyType(
    {
        _S.OPENED: Permits(_M.ENTRANT, _T.NONE, may_sign=False, in_force=True, locks_property=False),
        _S.DRAFTING: Permits(_M.ENTRANT, _T.EDITABLE, may_sign=False, in_force=True, locks_property=True),
        _S.TEXT_READY: Permits(_M.PARTIES, _T.FIXED, may_sign=False, in_force=True, locks_property=True),
        _S.SIGNING: Permits(_M.PARTIES, _T.FIXED, may_sign=True, in_force=True, locks_property=True),
        _S.SIGNED: Permits(_M.ENTRANT, _T.FIXED, may_sign=False, in_force=True, locks_property=True),
        _S.IN_REVIEW: Permits(_M.AUTHORITY, _T.FIXED, may_sign=False, in_force=True, locks_property=True),
        _S.FILED: Permits(_M.PARTIES, _T.FIXED, may_sign=False, in_force=True, locks_property=True),
        _S.REGISTERING: Permits(_M.REGISTRY, _T.FIXED, may_sign=False, in_force=True, locks_property=True),
        _S.TRANSFERRED: Permits(_M.NOBODY, _T.FIXED, may_sign=False, in_force=True, locks_property=False),
        _S.CANCELLING: Permits(_M.CANCELLATION, _T.FIXED, may_sign=False, in_force=True, locks_property=True),
        _S.VOID: Permits(_M.NOBODY, _T.FIXED, may_sign=False, in_force=False, locks_property=False),
        _S.EXPIRED: Permits(_M.NOBODY, _T.FIXED, may_sign=False, in_force=False, locks_property=False),
    }
)
"""What each state permits, and who moves next."""


class NotPossibleInState(FilingError):  # noqa: N818 - the family name says error
    """The event is not in the table for this state, or not for where the case came from."""

    def __init__(self, position: CasePosition | None, event: Event) -> None:
        state = "none" if position is None else position.state.value
        resume = None if position is None or position.resume_state is None else position.resume_state.value
        came_from = "" if resume is None else f" (came from {resume})"
        super().__init__(
            "case.not_possible_in_state",
            zh=f"案件处于“{state}”状态时不能办理“{event.value}”。",
            en=f"A case in state {state!r}{came_from} cannot take event {event.value!r}.",
            state=state,
            event=event.value,
            resume_state=resume,
        )


@dataclass(frozen=True, slots=True)
class CasePosition:
    """Where one case is, and where it goes back to."""

    state: State
    """The state."""

    resume_state: State | None = None
    """While cancelling or registering: the state the case was in, to which a drop or a reject leads back."""


@dataclass(frozen=True, slots=True)
class TransitionFact:
    """What the journal records of one transition."""

    event: Event
    """What happened."""

    before: CasePosition | None
    """Where the case was; nothing, if it began here."""

    after: CasePosition
    """Where it is now."""

    at: datetime
    """When, as the caller's clock says."""

    def to_dict(self) -> dict[str, str | None]:
        """The fact as journal data; the entry's own time is the journal's."""
        return {
            "event": self.event.value,
            "from": None if self.before is None else self.before.state.value,
            "to": self.after.state.value,
            "resume_state": None if self.after.resume_state is None else self.after.resume_state.value,
            "at": self.at.isoformat(),
        }


def apply(position: CasePosition | None, event: Event, now: datetime) -> tuple[CasePosition, TransitionFact]:
    """The position after ``event`` and the fact to journal; raises :class:`NotPossibleInState` otherwise."""
    target = TRANSITIONS.get((None if position is None else position.state, event))
    if target is None:
        raise NotPossibleInState(position, event)
    came_from = None if position is None else position.resume_state
    if event in _NEEDS_RESUME and came_from not in _NEEDS_RESUME[event]:
        raise NotPossibleInState(position, event)
    after = _arrive(position, event, came_from if isinstance(target, Resume) else target)
    return after, TransitionFact(event=event, before=position, after=after, at=now)


def events_from(state: State | None) -> frozenset[Event]:
    """Every event the table has for a state."""
    return frozenset(event for source, event in TRANSITIONS if source is state)


def sources_of(event: Event) -> frozenset[State | None]:
    """Every state an event may happen in; ``None`` is a case that does not exist yet."""
    return frozenset(source for source, each in TRANSITIONS if each is event)


def holds_property(position: CasePosition) -> bool:
    """Whether the house is taken by this case (invariant c): a cancelling case counts as where it came from."""
    return PERMITS[position.resume_state or position.state].locks_property


def _arrive(position: CasePosition | None, event: Event, target: State | None) -> CasePosition:
    if target is None:
        # Only a damaged record is cancelling or registering without knowing where it came from.
        raise NotPossibleInState(position, event)
    came_from = position.state if position is not None and target in _REMEMBER_WHENCE else None
    return CasePosition(target, came_from)
