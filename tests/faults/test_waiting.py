"""An outbox is lost with its database. What a case waits for is told from the case and its journal: worked off, every
case of every city comes to where it would have come, had nothing been lost.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from errors import QianshuError
from filing.case import case_to_json
from filing.later import waiting_tasks
from tests.builders.cases import profile
from tests.builders.quick_uploads import quick_uploads
from tests.builders.walked import walked

if TYPE_CHECKING:
    from filing.case import Case
    from tests.builders.town import Town
    from tests.builders.walk import Snapshot

Came = tuple[str, list[str], str | None]
"""A case in the end, what was journalled on the way, and what stopped the work."""
REFUSED = "act.refused"
"""Work that has become needless ends so."""


def test_whoever_lost_the_outbox_comes_to_the_same_case() -> None:
    with quick_uploads():
        snapshots = [snapshot for walk in walked().values() for snapshot in walk.seen.values()]
        differing = [str(each) for each in snapshots if _kept(each) != _lost(each)]
        waited = [each for each in snapshots if _lost(each)[1:] != ([], None)]
    assert differing == []
    assert len(waited) > 10


def test_nothing_is_asked_for_twice() -> None:
    """What was done before the database was lost is not done again."""
    with quick_uploads():
        for walk in walked().values():
            for snapshot in walk.seen.values():
                town = snapshot.town.fork()
                if _worked_off(town, snapshot.case_no)[2] is None:
                    left = {task.kind for task in _waiting(town, snapshot.case_no)}
                    assert left <= {"settle-qualification", "tell-notary-overdue"}, str(snapshot)


def _kept(snapshot: Snapshot) -> Came:
    return _worked_off(snapshot.town.fork(), snapshot.case_no)


def _lost(snapshot: Snapshot) -> Came:
    town = snapshot.town.fork()
    town.book.tasks = {}
    for task in _waiting(town, snapshot.case_no):
        town.book.queue(task)
    town.done.clear()
    return _worked_off(town, snapshot.case_no)


def _waiting(town: Town, case_no: str):
    case = town.case(case_no)
    return waiting_tasks(profile(case.head.city), case, town.book.journals[case_no])


def _worked_off(town: Town, case_no: str) -> Came:
    before, code = len(town.book.journals[case_no]), None
    try:
        town.work_off()
    except QianshuError as fault:
        code = fault.code
    events = [entry.event for entry in town.book.journals[case_no][before:] if entry.event != REFUSED]
    return _plain(town.case(case_no)), sorted(set(events)), code


def _plain(case: Case) -> str:
    """Everything but digests: no signature is made twice alike."""
    return re.sub("[0-9a-f]{64}", "sha256", case_to_json(case).decode())
