"""The reviewer confirms the original of a notary's paper that came as a scan (SZ-80)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from filing.acts.review.decide import check_mine
from filing.acts.spec import ActDoc, ActSpec
from filing.case.signing import NotarialProof, NotarialStanding
from filing.engine.outcome import Outcome
from filing.errors import FilingError, InputRefused
from filing.lifecycle import State
from filing.profile import Actor
from identity.findings import Finding

if TYPE_CHECKING:
    from filing.case.signing import ExtraPaperFile
    from filing.engine.situation import Situation

__all__ = ["CONFIRM_NOTARISED_PAPER"]

LONGEST_NUMBER: Final = 60
"""Characters: year, office and serial."""


@dataclass(frozen=True, slots=True)
class NotarisedPaperConfirmed:
    """What the reviewer found."""

    paper: str
    """Which paper, as the city calls it, e.g. ``notarised_contract``."""

    sha256: str
    """SHA-256, hex, of the scan that was compared with the original."""

    record_number: str
    """Number under which the office has it on record, e.g. （2026）深证字第1234号."""


def _paper(situation: Situation, said: NotarisedPaperConfirmed) -> ExtraPaperFile:
    fixed = situation.case.text.fixed
    for file in situation.case.signing.extra_papers:
        on_text = fixed is not None and file.text_sha256 == fixed.sha256
        if (file.paper, file.sha256) == (said.paper, said.sha256) and on_text and file.notarial is not None:
            return file
    raise FilingError("notarised.none", zh="没有该份公证书", en="there is no such notary's paper on this text")


def _check(situation: Situation, said: NotarisedPaperConfirmed) -> None:
    check_mine(situation, said)
    proof = _paper(situation, said).notarial
    if proof is not None and proof.standing is NotarialStanding.VERIFIED:
        raise FilingError(
            "notarised.verified", zh="该公证书已由系统核验，无需人工确认", en="this certificate was verified already"
        )
    if not 0 < len(said.record_number.strip()) <= LONGEST_NUMBER:
        raise InputRefused(
            (Finding("notarised.number", zh="请填写公证书编号", en="the number of the certificate is needed"),)
        )


def _decide(situation: Situation, said: NotarisedPaperConfirmed, _: None) -> Outcome:
    signing, number = situation.case.signing, said.record_number.strip()
    proof = NotarialProof(
        NotarialStanding.CONFIRMED,
        number,
        confirmed_by=situation.who.account_id,
        confirmed_at=situation.now,
    )
    confirmed = replace(_paper(situation, said), notarial=proof)
    papers = tuple(confirmed if file.paper == said.paper else file for file in signing.extra_papers)
    return (
        Outcome(situation.case)
        .with_case(signing=replace(signing, extra_papers=papers))
        .noting("notarised.confirmed", paper=said.paper, sha256=said.sha256, number=number)
    )


CONFIRM_NOTARISED_PAPER: Final = ActSpec(
    name="confirm-notarised-paper",
    by=frozenset({Actor.REVIEWER}),
    states=frozenset({State.IN_REVIEW}),
    input=NotarisedPaperConfirmed,
    check=_check,
    decide=_decide,
    fits=lambda profile, _: (
        profile.sale is not None and any(extra.notarised for extra in profile.sale.signing.wet_extra)
    ),
    doc=ActDoc(
        zh="审核人员核对纸质公证书原件并登记公证书编号：扫描件未经确认前不得审核通过、备案。",
        en="Confirm the original of a notary's paper that came as a scan, with its number; nothing is filed before.",
        example={"paper": "notarised_contract", "sha256": "9f2c" * 16, "record_number": "（2026）深证字第001234号"},
        errors=("review.not_claimed", "notarised.none", "notarised.verified", "input.refused"),
    ),
    rules=("SZ-80",),
)
"""A scan proves nothing by itself."""
