"""The bureau judges what a corrected or revoked certificate means for the case (公证法 art. 39, 40; H-36)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.acts.review.submit import require_free_for
from filing.acts.spec import ActDoc, ActSpec
from filing.case.cancelling import CancelOutcome
from filing.case.notary import RESTORED, ChangeKind
from filing.effects.cancelling import closed
from filing.effects.telling import ENTRANT, tell
from filing.engine.fire import fire
from filing.engine.outcome import Outcome
from filing.lifecycle import Event, State
from filing.messages.keys import MessageKey
from filing.profile import Actor
from filing.profile.cancelling import NotaryPurpose
from identity.staff import StaffRole
from notary.acts.inputs import ChangeDecided, ChangeOutcome
from notary.errors import NotaryError
from notary.matter import closed_anew, everybody, has_notary, matter_of, require_reason, with_exchange, with_matter

if TYPE_CHECKING:
    from filing.case.notary import CertificateChange
    from filing.engine.situation import Situation

__all__ = ["DECIDE_CERTIFICATE_CHANGE"]

_STATES: Final[frozenset[State | None]] = frozenset(
    {State.CANCELLING, State.VOID, State.FILED, State.REGISTERING, State.TRANSFERRED}
)


def _check(situation: Situation, said: ChangeDecided) -> None:
    require_free_for(situation, StaffRole.REVIEWER, "decide-certificate-change")
    change = _change(situation, said.sha256)
    require_reason(said.reason)
    if matter_of(situation).purpose is NotaryPurpose.CONTRACT:
        _require_stands(said)
    else:
        _require_follows(situation, change, said)


def _require_stands(said: ChangeDecided) -> None:
    """Of a contract's certificate, on which nothing was cancelled."""
    if said.outcome is ChangeOutcome.RESTORED:
        raise NotaryError(
            "certificate.nothing_cancelled",
            zh="该公证书未用于注销，没有可恢复的备案",
            en="nothing was cancelled on this certificate: there is nothing to restore",
        )


def _require_follows(situation: Situation, change: CertificateChange, said: ChangeDecided) -> None:
    """That the outcome is one the change can have where the case is."""
    position = situation.case.position
    cancelling = position is not None and position.state is State.CANCELLING
    if cancelling and change.kind is ChangeKind.REVOKED and said.outcome is ChangeOutcome.STANDS:
        # Nothing was done on it yet, and nothing can be done on what is void.
        raise NotaryError(
            "certificate.must_restore",
            zh="公证书已被撤销，注销尚未确认，只能恢复备案状态",
            en="the certificate is void and nothing was confirmed on it yet: the filing can only stand",
        )
    if change.kind is ChangeKind.CORRECTED and said.outcome is ChangeOutcome.RESTORED:
        raise NotaryError(
            "certificate.only_corrected",
            zh="公证书仅作更正，注销继续有效",
            en="it was only corrected: what was done on it stands",
        )


def _change(situation: Situation, sha256: str) -> CertificateChange:
    """The change that waits to be judged. Raises ``NotaryError`` (``certificate.change_unknown``)."""
    certificate = matter_of(situation).exchange.certificate
    changes = () if certificate is None else certificate.changes
    for change in changes:
        if change.sha256 == sha256 and change.outcome is None:
            return change
    raise NotaryError("certificate.change_unknown", zh="没有待处理的该项决定", en="no such decision waits to be judged")


def _decide(situation: Situation, said: ChangeDecided, _: None) -> Outcome:
    judged = _judged(situation, said)
    if said.outcome is ChangeOutcome.STANDS:
        return closed_anew(situation, judged, f"{said.outcome.value}:{said.sha256}")
    position = situation.case.position
    if position is not None and position.state is State.CANCELLING:
        return _dropped(situation, judged, said)
    if position is None or position.state is not State.VOID:
        return judged
    restored = fire(situation, Event.RESTORE_FILING, judged)
    return tell(restored, MessageKey.FILING_RESTORED, (*everybody(situation.case), ENTRANT), f"restored@{said.sha256}")


def _judged(situation: Situation, said: ChangeDecided) -> Outcome:
    matter = matter_of(situation)
    certificate = matter.exchange.certificate
    if certificate is None:
        raise LookupError("checked before: there is a certificate")
    change = replace(
        _change(situation, said.sha256),
        outcome=said.outcome.value,
        outcome_by=situation.who.account_id,
        outcome_at=situation.now,
        reason=said.reason.strip(),
    )
    changes = tuple(change if each.sha256 == said.sha256 else each for each in certificate.changes)
    judged = with_exchange(matter, certificate=replace(certificate, changes=changes))
    return with_matter(Outcome(situation.case), judged).noting(
        "notary.change_judged", matter=matter.number, sha256=said.sha256, outcome=said.outcome.value
    )


def _dropped(situation: Situation, judged: Outcome, said: ChangeDecided) -> Outcome:
    """Revoked before anybody confirmed: the cancellation has no ground, and the filing never ended."""
    moved = fire(replace(situation, reason=said.reason), Event.DROP_CANCEL, judged)
    cancelling = closed(moved.case.cancelling, CancelOutcome.REFUSED, situation.now, said.reason.strip())
    ended = moved.with_case(cancelling=cancelling).noting("cancel.ended", outcome=CancelOutcome.REFUSED.value)
    return tell(ended, MessageKey.FILING_RESTORED, (*everybody(situation.case), ENTRANT), f"{RESTORED}@{said.sha256}")


DECIDE_CERTIFICATE_CHANGE: Final = ActSpec(
    name="decide-certificate-change",
    by=frozenset({Actor.REVIEWER}),
    states=_STATES,
    input=ChangeDecided,
    check=_check,
    decide=_decide,
    fits=has_notary,
    doc=ActDoc(
        zh="主管部门处理公证书的更正或者撤销：后果不变（stands），或者恢复备案（restored）；须说明原因。",
        en="Judge a corrected or revoked certificate: what was done on it stands, or the filing is restored. A filing"
        " whose house another live case holds cannot be restored before that case has ended.",
        example={"sha256": "9f2c" * 16, "outcome": "restored", "reason": "公证书已被撤销，自始无效。"},
        errors=(
            "notary.none",
            "certificate.change_unknown",
            "certificate.must_restore",
            "certificate.only_corrected",
            "certificate.nothing_cancelled",
            "notary.reason_missing",
            "case.guards_refuse",
        ),
    ),
    rules=("ZN-19", "H-36"),
)
"""Judge."""
