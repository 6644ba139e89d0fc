"""Every code that the rooms below refuse with has a status: a refusal must never look like our own mistake."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from api.problems import STATUSES, TITLES, status_of
from notary.every_act import EVERY_ACT

_CODE = re.compile(r"[a-z_]+(\.[a-z_0-9]+)+")
ROOT = Path(__file__).resolve().parents[3]
ROOMS = (
    "identity",
    "filing",
    "documents/uploads",
    "documents/papers",
    "documents/contract",
    "signing/ink",
    "storage/records",
    "storage/people",
    "qianshu/service",
)

# Said where nobody at the door can hear it: at the start, in jobs, or of damage that is ours to mend.
NOT_AT_THE_DOOR = (
    "rule_table.",
    "profile.",
    "journal.",
    "records.",
    "storage.",
    "calendar.naive",
    "case.unreadable",
    "cases.",
    "messages.",
    "machine.",
    "message.",
)


def raised_codes() -> set[str]:
    """First arguments, dotted, of whatever is raised or found in the rooms."""
    found = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _names_a_refusal(node.func):
                    found |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    return {code for code in found if isinstance(code, str) and _CODE.fullmatch(code)}


def _names_a_refusal(called: ast.expr) -> bool:
    name = getattr(called, "id", getattr(called, "attr", ""))
    return name.endswith(("Error", "Finding", "_finding", "Refused", "NotYours", "_refuse", "_no", "Missing", "Taken"))


def test_every_code_of_the_rooms_has_a_status():
    missing = sorted(
        code for code in raised_codes() if not code.startswith(NOT_AT_THE_DOOR) and status_of(code) is None
    )
    assert missing == []


def test_every_code_an_act_documents_has_a_status():
    missing = sorted({code for act in EVERY_ACT.values() for code in act.doc.errors if status_of(code) is None})
    assert missing == []


def test_finds_codes_to_look_at():
    assert {"code.wrong", "act.not_now", "number.checksum"} <= raised_codes()
    assert len(raised_codes()) > 150


def test_longest_beginning_decides():
    assert status_of("code.too_soon") == 429
    assert status_of("code.wrong") == 422
    assert status_of("case.unreadable") == 500
    assert status_of("nothing.of.ours") is None


def test_every_status_has_a_title():
    assert set(STATUSES.values()) <= set(TITLES)


def test_refusal_of_our_own_credential_is_the_operators_to_mend():
    from api.problems import problem_of  # noqa: PLC0415
    from identity.outside import OutsideRefused, OutsideService  # noqa: PLC0415

    def status(reason):
        error = OutsideRefused(OutsideService.FACE, reason)
        return problem_of(error, instance="/", request_id="1", language="zh").status

    assert (status("credential"), status("refused"), status("a reason. with dots")) == (502, 409, 409)
