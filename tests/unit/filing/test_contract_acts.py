"""The journal folded into the state of every act."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from filing.contract import ActStatus, read_acts
from filing.contract.acts import ABANDONED, DONE, INTENDED, PREPARED

AT = datetime(2026, 11, 21, tzinfo=UTC)


@dataclass
class Line:
    event: str
    data: dict[str, object]
    at: datetime = field(default=AT)


def told(event: str, act: str = "sign:seller-1", sha256: str | None = None, **facts: object) -> Line:
    data: dict[str, object] = {"act": act, "facts": facts}
    return Line(event, data if sha256 is None else {**data, "sha256": sha256})


@pytest.mark.parametrize(
    ("lines", "status", "sha256"),
    [
        pytest.param([told(INTENDED)], ActStatus.INTENDED, None, id="begun"),
        pytest.param([told(INTENDED), told(PREPARED, sha256="aa")], ActStatus.PREPARED, "aa", id="made"),
        pytest.param([told(PREPARED, sha256="aa"), told(DONE, sha256="aa")], ActStatus.DONE, "aa", id="stored"),
        pytest.param([told(INTENDED), told(ABANDONED, error="time.slow")], ActStatus.ABANDONED, None, id="given up"),
        pytest.param([told(ABANDONED), told(INTENDED)], ActStatus.INTENDED, None, id="tried again"),
    ],
)
def test_the_last_entry_says_how_far_an_act_has_come(lines: list[Line], status: ActStatus, sha256: str | None) -> None:
    act = read_acts(lines).by_name["sign:seller-1"]
    assert (act.status, act.sha256) == (status, sha256)


def test_the_head_is_the_newest_revision_that_is_done() -> None:
    lines = [
        told(DONE, "text", "aa", revision=True),
        told(DONE, "strokes:seller-1", "bb"),
        told(DONE, "certify", "cc", revision=True),
        told(PREPARED, "sign:seller-1", "dd", revision=True),
    ]
    assert read_acts(lines).head_sha256 == "cc"
    assert read_acts(lines[:2]).head_sha256 == "aa"
    assert read_acts([]).head_sha256 is None


def test_other_events_of_the_case_are_no_acts() -> None:
    assert read_acts([Line("notice.read", {"who": "seller-1"}), told(DONE, "text", "aa")]).by_name.keys() == {"text"}


def test_unfinished_is_what_was_begun_and_neither_done_nor_abandoned() -> None:
    lines = [
        told(INTENDED, "text"),
        told(PREPARED, "certify", "aa"),
        told(DONE, "stamp", "bb"),
        told(ABANDONED, "seal"),
    ]
    assert [act.name for act in read_acts(lines).unfinished()] == ["text", "certify"]
    assert read_acts(lines).done("certify") is None
    assert read_acts(lines).done("stamp") is not None
