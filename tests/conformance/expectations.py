"""What DSS must say of a contract at a stage of its life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.stages import STAGES

if TYPE_CHECKING:
    from tests.conformance.validators import DssSignature


def assert_passed(signatures: tuple[DssSignature, ...], stage: str, level: str) -> None:
    by_field = {signature.field: signature for signature in signatures}
    assert len(by_field) == len(signatures)
    assert set(by_field) == set(STAGES[stage])
    assert {field: signature.verdict for field, signature in by_field.items() if not signature.passed} == {}
    assert {signature.level for signature in signatures} == {level}
    certifications = {field: signature.certification for field, signature in by_field.items()}
    certified, *others = STAGES[stage]
    # DocMDP P=2: filling and signing of what is there, nothing else.
    assert certifications == {certified: "MINIMAL_CHANGES_PERMITTED", **dict.fromkeys(others)}
