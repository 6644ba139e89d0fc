"""Which sale the demonstration is at: remembered in a file from before the first step until after the last.

The archive alone cannot say it: a killed run may have sealed everything and not yet checked it, and one begun before
midnight goes on under yesterday's number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from signing.appearance.party import BEIJING
from storage import durable

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

__all__ = ["case_under_way", "finish_case"]

MARKER = "case-under-way"


def case_under_way(out: Path, cases_folder: Path, now: datetime) -> str:
    """The case a killed run left, else the next number of the day (HS-19: date and five digits)."""
    marker = out / MARKER
    with durable.translated_os_errors():
        durable.swept(out)
        if marker.exists():
            return marker.read_text("ascii")
        day = f"{now.astimezone(BEIJING):%Y%m%d}"
        taken = (path.name for path in cases_folder.glob(f"{day}[0-9][0-9][0-9][0-9][0-9]"))
        case_no = f"{int(max(taken, default=f'{day}00000')) + 1}"
        durable.replace_file(marker, case_no.encode(), out)
    return case_no


def finish_case(out: Path) -> None:
    """Forget the case: the next run begins a new one."""
    (out / MARKER).unlink(missing_ok=True)
