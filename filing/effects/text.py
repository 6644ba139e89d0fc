"""Effects: the text is fixed, or opened again (rules.md § 7.4, invariant b)."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.case.signing import CaseSigning, MethodBar
from filing.effects.notary import close_contract_matter
from filing.facts import house_facts, method_of, parties_facts
from filing.profile import Answer, Effect, filing_required

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.effects import Follow
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation

__all__ = ["CONTRACT", "EFFECTS"]

CONTRACT: Final = "contract"
"""Subject of a receipt for having read the contract itself (SZ-70)."""


def _fix_text(situation: Situation, outcome: Outcome) -> Outcome:
    """The text is made and certified by now; here the case learns how it is signed and whether it is filed."""
    fixed = outcome.case.text.fixed
    if fixed is None:
        raise LookupError("a text is fixed only by the act that made it")
    decision = method_of(situation.sale, outcome.case, situation.now)
    bars = tuple(MethodBar(reason.party, reason.circumstance) for reason in decision.reasons)
    required = filing_required(
        situation.profile, house_facts(outcome.case), parties_facts(outcome.case, situation.now)
    ).answer
    filing = replace(outcome.case.filing, required=None if required is Answer.UNDECIDED else required is Answer.YES)
    signing = CaseSigning(method=decision.method, bars=bars, head_sha256=fixed.sha256)
    facts = {"version": fixed.version, "sha256": fixed.sha256, "terms_sha256": fixed.source.terms_sha256}
    method = {"method": decision.method.value, "bars": [bar.circumstance.value for bar in bars]}
    return outcome.with_case(signing=signing, filing=filing).noting("text.fixed", **facts, **method)


def _void_acts_on_text(situation: Situation, outcome: Outcome) -> Outcome:
    """Nothing done on the old digest counts on a new one; evidence of it stays in journal and archive (H-22)."""
    text = outcome.case.text
    old = None if text.fixed is None else text.fixed.sha256
    drafted = replace(
        text,
        fixed=None,
        receipts=tuple(one for one in text.receipts if one.subject != CONTRACT and one.sha256 != old),
        confirmations=(),
        downloaded_at=None,
        printed_sha256=None,
        refiling=text.refiling or outcome.case.filing.revoked_at is not None,
    )
    papers = replace(outcome.case.papers, undertakings=())
    signed = [task.party for task in outcome.case.signing.tasks if task.signed_at is not None]
    voided = outcome.with_case(text=drafted, papers=papers, signing=CaseSigning()).noting(
        "text.voided", sha256=old, signatures=signed
    )
    return close_contract_matter(situation, voided)


EFFECTS: Final[Mapping[Effect, Follow]] = MappingProxyType(
    {Effect.FIX_TEXT: _fix_text, Effect.VOID_ACTS_ON_TEXT: _void_acts_on_text}
)
"""By name."""
