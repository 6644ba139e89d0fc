"""Do an act exactly once, whatever is killed in between.

1. under the case's lock, read the journal: an act that is done is returned as it was;
2. an act whose bytes were prepared is adopted if they reached the archive, else abandoned;
3. journal the intent;
4. make the bytes (sign, stamp, seal: the only step that cannot be undone, and it leaves nothing outside memory);
5. journal their digest, so that no object can stand in the archive without an owner;
6. put them into the archive;
7. journal that it is done.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filing.contract.acts import ABANDONED, DONE, INTENDED, PREPARED, Act, Acts, ActStatus, read_acts
from filing.errors import ActRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from filing.ports import CaseJournal, ObjectArchive

__all__ = ["ContractCase", "Produced", "perform_once", "read_object"]


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


def perform_once(case: ContractCase, name: str, produce: Callable[[Acts], Produced]) -> Act:
    """Do the act ``name`` unless it is done; ``produce`` sees the acts so far and may refuse."""
    with case.journal.exclusive():
        acts = read_acts(case.journal.entries())
        done = acts.done(name)
        if done is not None:
            return done
        left_over = acts.prepared(name)
        if left_over is not None and left_over.sha256 is not None:
            if case.archive.contains(left_over.sha256):
                return _record_done(case, name, left_over.sha256, left_over.facts)
            _record(case, ABANDONED, name, {"lost_sha256": left_over.sha256})
        return _perform(case, name, produce, acts)


def _perform(case: ContractCase, name: str, produce: Callable[[Acts], Produced], acts: Acts) -> Act:
    _record(case, INTENDED, name, {"base_sha256": acts.head_sha256})
    try:
        produced = produce(acts)
    except Exception as error:
        _record(case, ABANDONED, name, {"error": getattr(error, "code", type(error).__name__)})
        raise
    sha256 = hashlib.sha256(produced.data).hexdigest()
    facts = {**produced.facts, "media_type": produced.media_type, "size_bytes": len(produced.data)}
    case.journal.append(PREPARED, {"act": name, "sha256": sha256, "facts": facts}, case.clock())
    case.archive.put(produced.data, media_type=produced.media_type, retain_until=case.retain_until)
    return _record_done(case, name, sha256, facts)


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
