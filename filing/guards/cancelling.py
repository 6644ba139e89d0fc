"""Guards: cancelling and expiry."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.case.notary import STANDS, ChangeKind, NotaryState
from filing.guards.cancel_situation import cancel_situation, missing_consents, missing_papers, row_of
from filing.profile import CancelRefusal, Guard, cancellation_for
from filing.profile.cancelling import CancelScope, Consent
from identity.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from filing.case.cancelling import Cancellation
    from filing.case.notary import NotaryMatter
    from filing.engine.situation import Situation
    from filing.guards import GuardCheck
    from filing.profile.cancelling import CancelRule
    from identity.findings import Findings

__all__ = ["GUARDS"]


def _cancel_rule_found(situation: Situation) -> Findings:
    asked = situation.case.cancelling.current
    if asked is None:
        return _none_asked()
    found = cancellation_for(situation.profile, cancel_situation(situation.case, asked))
    if isinstance(found, CancelRefusal):
        facts = () if found.first is None else (("first", found.first),)
        return (Finding(found.code, zh=found.zh, en=found.en, facts=facts),)
    return () if found.name == asked.rule else _none_asked()


def _cancel_consents_complete(situation: Situation) -> Findings:
    """Consents, and whatever the asker must prove to be taken at their word (WH-41, SZ-96)."""
    asked = situation.case.cancelling.current
    return _none_asked() if asked is None else tuple(_of_consent(situation, asked))


def _of_consent(situation: Situation, asked: Cancellation) -> Iterator[Finding]:
    row = row_of(situation.profile, asked)
    for party in missing_consents(situation.case, asked, row):
        yield Finding(
            "cancel.consent_missing", "尚有当事人未确认", "a party has not agreed yet", facts=(("party", party),)
        )
    for proof in sorted(set(row.demands.proofs) - set(asked.file.proofs)):
        yield Finding("cancel.proof_missing", "尚未完成身份核验", "a proof is still missing", facts=(("proof", proof),))
    if row.consent is Consent.NOTARISED:
        yield from _of_certificate(situation.case.notary.current)


def _cancel_papers_complete(situation: Situation) -> Findings:
    asked = situation.case.cancelling.current
    return _none_asked() if asked is None else tuple(_of_papers(situation, asked))


def _of_papers(situation: Situation, asked: Cancellation) -> Iterator[Finding]:
    row = row_of(situation.profile, asked)
    for paper, party in missing_papers(situation.case, asked, row):
        facts = (("paper", paper), ("party", party or "any"))
        yield Finding("cancel.paper_missing", "注销材料不齐", "a paper of the cancellation is missing", facts=facts)
    if row.demands.reason and not (asked.reason or "").strip():
        yield Finding("reason.missing", "请填写原因", "a reason must be given")
    yield from _of_appointment(situation, asked, row)


def _of_appointment(situation: Situation, asked: Cancellation, row: CancelRule) -> Iterator[Finding]:
    at = asked.file.review.appointment_at
    if row.demands.appointment and (at is None or situation.now < at):
        yield Finding("cancel.no_appointment", "须预约后到现场办理", "come to the window by appointment")


def _cancel_review_passed(situation: Situation) -> Findings:
    asked = situation.case.cancelling.current
    if asked is None:
        return _none_asked()
    if not row_of(situation.profile, asked).demands.review or asked.file.review.passed_at is not None:
        return ()
    return (Finding("cancel.not_reviewed", "注销申请尚未审核通过", "the cancellation has not passed review"),)


def _scope_is(wanted: CancelScope) -> GuardCheck:
    def check(situation: Situation) -> Findings:
        asked = situation.case.cancelling.current
        if asked is not None and asked.scope is wanted:
            return ()
        return (Finding("cancel.other_scope", "申请注销的不是该事项", "something else was asked to be cancelled"),)

    return check


def _notary_issued(situation: Situation) -> Findings:
    return tuple(_of_certificate(situation.case.notary.current))


def _of_certificate(matter: NotaryMatter | None) -> Iterator[Finding]:
    """Issued, and neither revoked since nor changed in a way nobody has judged yet (公证法 art. 36, 39)."""
    certificate = None if matter is None else matter.exchange.certificate
    if matter is None or certificate is None or matter.state is not NotaryState.ISSUED:
        yield Finding("cancel.notary_not_issued", "公证书尚未出具", "the notary's certificate has not been issued")
        return
    if any(change.kind is ChangeKind.REVOKED for change in certificate.changes):
        yield Finding("cancel.certificate_revoked", "公证书已被撤销", "the certificate was revoked")
    elif any(change.outcome is None for change in certificate.changes):
        yield Finding("cancel.certificate_changed", "公证书有更正尚未处理", "a correction waits to be judged")


def _certificate_revoked(situation: Situation) -> Findings:
    matter = situation.case.notary.current
    certificate = None if matter is None else matter.exchange.certificate
    changes = () if certificate is None else certificate.changes
    if any(change.kind is ChangeKind.REVOKED and change.outcome != STANDS for change in changes):
        return ()
    return (Finding("certificate.not_revoked", "公证书未被撤销", "no certificate was revoked"),)


def _notary_not_accepted_yet(situation: Situation) -> Findings:
    """Until the office accepts, the matter is the applicant's to take back; then it is the office's (ZN-07, H-41)."""
    matter = situation.case.notary.current
    if matter is None or matter.exchange.decision.accepted_at is None:
        return ()
    return (
        Finding(
            "cancel.notary_accepted",
            "公证处已受理，请向公证处申请撤回",
            "the notary office has accepted the matter: ask the office",
        ),
    )


def _deadline_passed(situation: Situation) -> Findings:
    expires_at = situation.case.head.expires_at
    if expires_at is not None and expires_at <= situation.now:
        return ()
    return (Finding("case.not_expired", "尚未到期", "the deadline has not passed"),)


def _none_asked() -> Findings:
    return (Finding("cancel.none", "没有在办的注销申请", "no cancellation is under way"),)


GUARDS: Final[Mapping[Guard, GuardCheck]] = MappingProxyType(
    {
        Guard.CANCEL_RULE_FOUND: _cancel_rule_found,
        Guard.CANCEL_CONSENTS_COMPLETE: _cancel_consents_complete,
        Guard.CANCEL_PAPERS_COMPLETE: _cancel_papers_complete,
        Guard.CANCEL_REVIEW_PASSED: _cancel_review_passed,
        Guard.CANCEL_SCOPE_NET_SIGN: _scope_is(CancelScope.NET_SIGN),
        Guard.CANCEL_SCOPE_FILING: _scope_is(CancelScope.FILING),
        Guard.NOTARY_ISSUED: _notary_issued,
        Guard.NOTARY_NOT_ACCEPTED_YET: _notary_not_accepted_yet,
        Guard.CERTIFICATE_REVOKED: _certificate_revoked,
        Guard.DEADLINE_PASSED: _deadline_passed,
    }
)
"""By name."""
