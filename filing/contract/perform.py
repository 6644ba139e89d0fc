"""Do an act exactly once, whatever is killed in between.

1. under the case's lock, settle what a killed process left: a prepared act is adopted if its bytes reached the archive,
   every other unfinished one is abandoned, so that nothing newer is ever built beside a revision that comes to light
   later;
2. an act that is done is returned as it was;
3. decide whether the act is possible; a refusal leaves no trace;
4. journal the intent;
5. make the bytes (sign, stamp, seal: the only step that cannot be undone, and it leaves nothing outside memory);
6. journal their digest, so that no object can stand in the archive without an owner;
7. put them into the archive;
8. journal that it is done.

The lock is held from 1 to 8, the wait for a time-stamp included: acts on one case happen one after another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from errors import QianshuError
from filing.contract.acts import ABANDONED, DONE, INTENDED, PREPARED, Act, Acts, ActStatus, read_acts
from filing.errors import ActRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from filing.ports import CaseJournal, ObjectArchive

__all__ = ["ContractCase", "Decide", "Make", "Produced", "perform_once", "read_object", "settled_acts"]

INTERRUPTED = "act.interrupted"
"""Why an act is abandoned whose maker was killed."""

MAX_DETAIL = 4000
"""Characters kept of an error's facts: three time-stamp authorities and what each of them answered fit well."""


@dataclass(frozen=True, slots=True)
class ContractCase:
    """Where one contract lives."""

    case_no: str
    """Business number of the case."""

    journal: CaseJournal
    """Its journal."""

    archive: ObjectArchive
    """Where its objects go."""

    clock: Callable[[], datetime]
    """Present time, aware."""

    retain_until: datetime
    """No object of the case may be deleted before this."""


@dataclass(frozen=True, slots=True)
class Produced:
    """The bytes an act made, and what is to be remembered of how."""

    data: bytes
    """The object."""

    media_type: str
    """Its media type."""

    facts: Mapping[str, object]
    """Recorded with the act; ``revision: True`` makes the object the contract's newest revision."""


Make = Callable[[], Produced]
"""Makes the bytes of an act; what it raises abandons the act, which may then be tried again."""

Decide = Callable[[Acts], Make]
"""Sees the acts so far and gathers what the act needs; refuses with ``ActRefused`` while nothing is journalled yet."""


def perform_once(case: ContractCase, name: str, decide: Decide) -> Act:
    """Do the act ``name`` unless it is done; raises what ``decide`` and its ``Make`` raise, and storage's errors."""
    with case.journal.exclusive():
        acts = settled_acts(case)
        return acts.done(name) or _perform(case, name, decide(acts), acts)


def settled_acts(case: ContractCase) -> Acts:
    """The acts of the case, none of them half-done. Only under the journal's lock: whoever was at it is dead."""
    acts = read_acts(case.journal.entries())
    unfinished = acts.unfinished()
    for act in unfinished:
        if act.sha256 is None:
            _record(case, ABANDONED, act.name, {"error": INTERRUPTED})
        elif case.archive.contains(act.sha256):
            _record_done(case, act.name, act.sha256, act.facts)
        else:
            _record(case, ABANDONED, act.name, {"error": INTERRUPTED, "lost_sha256": act.sha256})
    return read_acts(case.journal.entries()) if unfinished else acts


def _perform(case: ContractCase, name: str, make: Make, acts: Acts) -> Act:
    _record(case, INTENDED, name, {"base_sha256": acts.head_sha256})
    try:
        produced = make()
    except Exception as error:
        # Should the journal fail now too, the first failure is still the one to tell; the next act settles this one.
        with suppress(QianshuError):
            _record(case, ABANDONED, name, _why(error))
        raise
    sha256 = hashlib.sha256(produced.data).hexdigest()
    facts = {**produced.facts, "media_type": produced.media_type, "size_bytes": len(produced.data)}
    case.journal.append(PREPARED, {"act": name, "sha256": sha256, "facts": facts}, case.clock())
    # A failure here leaves the act prepared: a store that did not answer may have kept the object all the same.
    case.archive.put(produced.data, media_type=produced.media_type, retain_until=case.retain_until)
    return _record_done(case, name, sha256, facts)


def _why(error: Exception) -> dict[str, object]:
    """An error as facts. A stranger's exception is only named: nobody vouches for what its text holds."""
    if not isinstance(error, QianshuError):
        return {"error": type(error).__name__}
    detail = json.dumps(error.fields, ensure_ascii=True, default=str)  # as text: fields may hold floats
    return {"error": error.code, "detail": detail[:MAX_DETAIL]}


def read_object(case: ContractCase, sha256: str | None) -> bytes:
    """An object of the case, digest checked while reading."""
    if sha256 is None:
        raise ActRefused("contract.no_text", zh="合同文本尚未固定", en="the contract's text is not fixed yet")
    with case.archive.open(sha256) as stream:
        return stream.read()


def _record(case: ContractCase, event: str, name: str, facts: Mapping[str, object]) -> None:
    case.journal.append(event, {"act": name, "facts": facts}, case.clock())


def _record_done(case: ContractCase, name: str, sha256: str, facts: Mapping[str, object]) -> Act:
    case.journal.append(DONE, {"act": name, "sha256": sha256, "facts": facts}, case.clock())
    return Act(name, ActStatus.DONE, sha256, facts)
