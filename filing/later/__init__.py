"""What happens after the commit: a handler for each kind of task that acts and effects leave in the outbox."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.effects.filing import ARCHIVE, STAMP
from filing.effects.telling import NOTIFY
from filing.later.finish_file import close_dossier, finish_file, push_contract
from filing.later.follow_up import SYSTEM_ACTS, act_as_system, expire_drafts
from filing.later.later import ClosedDossier, DossierDesk, Handler, Job, Later, StampFace, StillWaiting
from filing.later.tell import send_message, send_sealed
from filing.later.waiting import waiting_tasks

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "EXPIRE_DRAFTS",
    "HANDLERS",
    "ClosedDossier",
    "DossierDesk",
    "Handler",
    "Job",
    "Later",
    "StampFace",
    "StillWaiting",
    "waiting_tasks",
]

EXPIRE_DRAFTS: Final = "expire-drafts"
"""Kind of the beat's task; once a minute is often enough for a deadline of hours."""

_BY_ACT: Final = SYSTEM_ACTS - {"record-sealed", "record-archived", "record-pushed", "expire"}

HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        **dict.fromkeys(sorted(_BY_ACT), act_as_system),
        STAMP: finish_file,
        ARCHIVE: close_dossier,
        "push": push_contract,
        NOTIFY: send_message,
        "sms": send_sealed,
        EXPIRE_DRAFTS: expire_drafts,
    }
)
"""By kind. Every handler is harmless twice."""
