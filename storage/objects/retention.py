"""What retention permits, the same for every backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.canonical import instant_text
from storage.errors import RetentionHeld

if TYPE_CHECKING:
    from datetime import datetime

    from storage.objects.ports import ObjectRef

__all__ = ["refuse_held", "refuse_past", "refuse_shorter"]


def refuse_past(retain_until: datetime, now: datetime) -> datetime:
    """``retain_until`` itself; raises unless it is still to come."""
    if retain_until <= now:
        raise RetentionHeld(
            "storage.retention_past",
            zh="保管期限必须晚于当前时间",
            en="a retention must end in the future",
            retain_until=instant_text(retain_until),
        )
    return retain_until


def refuse_shorter(kept: ObjectRef, retain_until: datetime) -> None:
    """Raise when ``retain_until`` is before the retention in force."""
    if retain_until < kept.retain_until:
        raise RetentionHeld(
            "storage.retention_shortened",
            zh="保管期限只能延长, 不能缩短",
            en="a retention can be extended and never shortened",
            sha256=kept.sha256,
            retain_until=instant_text(kept.retain_until),
        )


def refuse_held(kept: ObjectRef, now: datetime) -> None:
    """Raise when the object must still be kept at ``now``."""
    if now < kept.retain_until:
        raise RetentionHeld(
            "storage.retention_held",
            zh=f"对象须保管至 {instant_text(kept.retain_until)}, 不能删除",
            en=f"the object is kept until {instant_text(kept.retain_until)} and cannot be removed",
            sha256=kept.sha256,
            retain_until=instant_text(kept.retain_until),
        )
