"""What is the same for every act that makes a new revision of the contract PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filing.errors import ActRefused

if TYPE_CHECKING:
    from filing.contract.acts import Act, Acts
    from signing.pades import SignedRevision

__all__ = ["PDF", "require_done", "require_same", "revision_facts"]

PDF = "application/pdf"


def revision_facts(made: SignedRevision) -> dict[str, object]:
    """What is journalled of a signed revision; the level recorded is the level reached."""
    return {
        "revision": True,
        "field": made.field_name,
        "level": made.level.value,
        "time_stamped_at": made.timestamp.gen_time.isoformat(),
        "time_stamp_source": made.timestamp.source_name,
    }


def require_done(acts: Acts, name: str) -> Act:
    """The act ``name``, which must be done before this one."""
    act = acts.done(name)
    if act is None:
        raise ActRefused("act.too_early", zh="前一步尚未完成", en="an earlier step is not done", missing=name)
    return act


def require_same(act: Act, fact: str, asked: str) -> Act:
    """``act`` itself if it did what is asked now; an act is done once, and never again in another way."""
    if act.facts.get(fact) != asked:
        raise ActRefused(
            "act.done_otherwise",
            zh="这一步已经以不同的内容完成，不能更改",
            en="this step was done already, with something else",
            act=act.name,
            differs=fact,
        )
    return act
