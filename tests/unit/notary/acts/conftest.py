"""A cancellation by notary at every point of its way: ``at("cancelling-called")`` forks the town there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from errors import QianshuError
from identity.acting import Machine, MachineKind
from tests.builders.notary_world import OTHER_OFFICE_ID
from tests.builders.quick_uploads import quick_uploads
from tests.builders.said import said_by
from tests.builders.walk import Cast, cast_of
from tests.builders.walked import walked_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filing.acts.perform import Performed
    from filing.case import Case
    from filing.case.notary import ApplicantTask, Exchange, NotaryMatter
    from filing.lifecycle import State
    from tests.builders.town import Entry, Town

CITY = "zhongshan-notary"
OTHER = Machine("notary-of-another", MachineKind.NOTARY, (CITY,), ("notary",), office=OTHER_OFFICE_ID)


@dataclass
class Cancelling:
    """One case, and the town around it."""

    town: Town
    case_no: str

    @property
    def cast(self) -> Cast:
        return cast_of(CITY)

    @property
    def case(self) -> Case:
        return self.town.case(self.case_no)

    @property
    def state(self) -> State:
        return self.town.state(self.case_no)

    @property
    def matter(self) -> NotaryMatter:
        assert self.case.notary.current is not None
        return self.case.notary.current

    @property
    def exchange(self) -> Exchange:
        return self.matter.exchange

    def task(self, party: str = "buyer-1") -> ApplicantTask:
        task = self.matter.task(party)
        assert task is not None
        return task

    def do(self, act: str, caller: Any = None, **changes: Any) -> Performed:
        """As whoever means well would, with ``changes``."""
        said = {**said_by(self.town, self.case, act, caller), **changes}
        return self.town.do(self.case_no, act, caller, **said)

    def developer(self, act: str, **changes: Any) -> Performed:
        return self.do(act, self.cast.seller, **changes)

    def office(self, act: str, **changes: Any) -> Performed:
        return self.do(act, self.cast.notary, **changes)

    def reviewer(self, act: str, **changes: Any) -> Performed:
        return self.do(act, self.cast.reviewer, **changes)

    def refused(self, act: str, caller: Any = None, **changes: Any) -> str:
        """Code of the refusal; nothing of the case has changed."""
        before = self.case
        with pytest.raises(QianshuError) as refusal:
            self.do(act, caller, **changes)
        assert self.case == before
        return refusal.value.code

    def entries(self, event: str) -> list[Entry]:
        return [entry for entry in self.town.book.journals[self.case_no] if entry.event == event]

    def lines(self, to: str) -> list[Any]:
        """What a recipient of the feed was told."""
        return [item for number, item in self.town.book.feed if number == self.case_no and item.to == to]

    def told(self, message: str) -> set[str]:
        """Who was sent a message."""
        rows = [row for row in self.town.book.tasks.values() if row.kind == "notify"]
        return {str(row.payload["to"]) for row in rows if row.payload["message"] == message}


@pytest.fixture(scope="session")
def at():
    """A fork of the town at a point of the way."""
    walk = walked_on(CITY)

    def fork(name: str) -> Cancelling:
        snapshot = walk.seen[name]
        return Cancelling(snapshot.town.fork(), snapshot.case_no)

    return fork


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    """Pictures and bundles are looked into once, not in each test."""
    with quick_uploads():
        yield
