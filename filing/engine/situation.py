"""One moment in which somebody wants something of a case: all that guards, effects and acts may look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from filing.calendar import HolidayCalendar
    from filing.case import Case
    from filing.profile import Actor, FlowProfile, Sale
    from identity.acting import ActingPerson, Machine

__all__ = ["SYSTEM_ACCOUNT", "Situation", "Who"]

SYSTEM_ACCOUNT = "system"
"""Stands in the journal where the service itself acted."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, in which capacity, for whom."""

    actor: Actor
    """The capacity this act is done in."""

    account_id: str
    """Account or client; ``system`` for the service itself. What the journal names."""

    person: ActingPerson | None = None
    """The person, where one acts."""

    machine: Machine | None = None
    """The program, where one acts."""

    parties: tuple[str, ...] = ()
    """Keys of the parties they stand for in this case: their own, or those they represent."""

    key: str | None = None
    """``person_key`` of the person."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a decision sees."""

    profile: FlowProfile
    """The city."""

    case: Case
    """The case as it is."""

    who: Who
    """Who acts."""

    now: datetime
    """Aware."""

    calendar: HolidayCalendar
    """Working days."""

    reason: str | None = None
    """The reason given, where one is asked for."""

    @property
    def sale(self) -> Sale:
        """The sale of the profile; only asked where the city has one."""
        if self.profile.sale is None:
            raise LookupError(f"{self.profile.city.name} has no sale")
        return self.profile.sale
