"""The certificate comes back, and what becomes of it later (ZN-19, ZN-20, H-36; 公证法 art. 32, 39).

Nothing is believed: bundle, certificate and decision are verified before anything of them is kept
(``notary.certificates``). What comes twice is answered as the first time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec, FileInput
from filing.calendar import beijing_day
from filing.case.notary import Certificate, CertificateChange, ChangeKind, NotaryState
from filing.effects.telling import ENTRANT, tell
from filing.engine.outcome import Outcome
from filing.lifecycle import State
from filing.messages.keys import MessageKey
from filing.profile import Actor
from filing.profile.cancelling import NotaryPurpose
from identity.numbers import IdType
from identity.subjects import Side
from notary.acts.contract import as_extra_paper, without_extra_paper
from notary.acts.inputs import CertificateChanged, CertificateReturned
from notary.certificates import ChangeExpected, Expected, take_in_bundle, trust_in, verify_change
from notary.errors import NotaryError
from notary.matter import (
    MATTER_STATES,
    closed_anew,
    has_notary,
    matter_of,
    office_of,
    procedure_of,
    require_office,
    require_state,
    with_exchange,
    with_matter,
)
from notary.package import contract_sent
from notary.world import notary_world

if TYPE_CHECKING:
    from datetime import date, datetime

    from filing.acts.world import World
    from filing.case.notary import NotaryMatter
    from filing.engine.situation import Situation
    from notary.certificates import OfficeTrust, TakenBundle

__all__ = ["NOTARY_CHANGE_CERTIFICATE", "NOTARY_ISSUE", "expected_of"]

ZIP: Final = "application/zip"
PDF: Final = "application/pdf"

_OFFICE: Final = frozenset({Actor.NOTARY})

_AFTERWARDS: Final = MATTER_STATES | {State.VOID, State.FILED, State.REGISTERING, State.TRANSFERRED}
"""Where a case may be when its certificate is changed."""

_ONE_SIDED: Final = frozenset({IdType.PASSPORT})
"""Documents whose one page says everything (H-38)."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back, verified."""

    certificate: Certificate
    """The certificate."""

    signed_at: datetime
    """Time of the time-stamp on its signature."""


# --- the certificate -------------------------------------------------------------------------------------------------


def expected_of(situation: Situation, matter: NotaryMatter) -> Expected:
    """What the certificate must be about (ZN-20)."""
    case, procedure = situation.case, procedure_of(situation, matter)
    buyers = case.people.of_side(Side.BUYER)
    accepted_at = matter.exchange.decision.accepted_at
    return Expected(
        case_no=case.case_no,
        subject_sha256=_subject(situation, matter),
        party_names=tuple(party.identified.name for party in case.people.parties),
        accepted_on=None if accepted_at is None else beijing_day(accepted_at),
        contract_sha256=contract_sent(case),
        returned=procedure.returned,
        purchasers=tuple(party.key for party in buyers),
        one_sided=frozenset(party.key for party in buyers if party.identified.id_type in _ONE_SIDED),
    )


def _subject(situation: Situation, matter: NotaryMatter) -> str:
    """The very file that is notarised: the agreement with everybody's signature in it."""
    if matter.agreement is not None:
        return matter.agreement.head_sha256
    fixed = situation.case.text.fixed
    if fixed is None:
        raise NotaryError("notary.no_subject", zh="没有公证的文书", en="there is nothing to notarise")
    return fixed.sha256


def _check_issue(situation: Situation, _: CertificateReturned) -> None:
    matter = matter_of(situation)
    require_office(situation, matter)
    if matter.exchange.certificate is None:
        require_state(matter, NotaryState.ACCEPTED)


def _gather_issue(situation: Situation, said: CertificateReturned, world: World) -> Returned:
    matter, case_no = matter_of(situation), situation.case.case_no
    taken = take_in_bundle(said.upload.content, _trust(matter, world), expected_of(situation, matter), situation.now)
    _require_said(said, taken)
    known = matter.exchange.certificate
    if known is not None:
        if known.sha256 != taken.certificate.sha256:
            raise _another()
        return Returned(known, taken.certificate.signed_at)
    # Kept before the case says so: what a killed process left is found again by its digest.
    world.evidence.put(case_no, said.upload.content, ZIP)
    for part in taken.parts:
        world.evidence.put(case_no, part.content, part.media_type)
    return Returned(_certificate(taken, situation), taken.certificate.signed_at)


def _trust(matter: NotaryMatter, world: World) -> OfficeTrust:
    """The office as the list has it now: a certificate it withdrew is not believed; an office that has ended is."""
    office = notary_world(world).offices.load(office_of(matter).office_id)
    if office is None:
        raise LookupError("an office that is in a matter stays on the list")
    return trust_in(office, world.desk.keys.trust_anchors)


def _require_said(said: CertificateReturned, taken: TakenBundle) -> None:
    _require_same("number", said.number.strip(), taken.certificate.number)
    _require_same("issued_on", said.issued_on, taken.certificate.issued_on)


def _require_same(what: str, said: str | date, found: str | date) -> None:
    if said != found:
        raise NotaryError(
            "certificate.said_otherwise",
            zh="填报内容与文件不一致",
            en="what was said is not what stands in the file",
            what=what,
        )


def _another() -> NotaryError:
    return NotaryError(
        "certificate.another",
        zh="本事项已收到另一份公证书；更正或者撤销请另行提交决定",
        en="another certificate is there already: a correction or revocation comes as a decision of its own",
    )


def _certificate(taken: TakenBundle, situation: Situation) -> Certificate:
    facts = taken.certificate
    return Certificate(
        number=facts.number,
        issued_on=facts.issued_on,
        sha256=facts.sha256,
        bundle_sha256=taken.sha256,
        names_sha256=facts.subject_sha256,
        verified_at=situation.now,
        signed_by=facts.signed_by,
        parts=tuple((part.name, part.sha256) for part in taken.parts),
    )


def _issue(situation: Situation, _: CertificateReturned, returned: Returned) -> Outcome:
    matter, certificate = matter_of(situation), returned.certificate
    answer = {"number": certificate.number, "sha256": certificate.sha256}
    if matter.exchange.certificate is not None:
        again = Outcome(situation.case).noting("notary.issued_again", sha256=certificate.sha256)
        return again.answering(**answer)
    issued = with_exchange(replace(matter, state=NotaryState.ISSUED), certificate=certificate)
    noted = with_matter(Outcome(situation.case), issued).noting(
        "notary.issued",
        matter=matter.number,
        sha256=certificate.sha256,
        bundle=certificate.bundle_sha256,
        names=certificate.names_sha256,
        signed_by=certificate.signed_by,
    )
    if matter.purpose is NotaryPurpose.CONTRACT:
        noted = as_extra_paper(situation, noted, certificate, returned.signed_at)
    everybody = (*(party.key for party in situation.case.people.parties), ENTRANT)
    told = tell(noted, MessageKey.NOTARY_ISSUED, everybody, f"issued@{certificate.sha256}")
    return told.answering(**answer)


# --- corrected or revoked --------------------------------------------------------------------------------------------


def _check_change(situation: Situation, said: CertificateChanged) -> None:
    matter = matter_of(situation)
    require_office(situation, matter)
    certificate = matter.exchange.certificate
    if certificate is None:
        raise NotaryError("certificate.none", zh="尚未出具公证书", en="no certificate has been issued yet")
    if said.kind is ChangeKind.CORRECTED and any(each.kind is ChangeKind.REVOKED for each in certificate.changes):
        raise NotaryError(
            "certificate.revoked", zh="公证书已被撤销", en="the certificate was revoked: there is nothing to correct"
        )


def _gather_change(situation: Situation, said: CertificateChanged, world: World) -> CertificateChange:
    matter, pdf = matter_of(situation), said.upload.content
    certificate = matter.exchange.certificate
    if certificate is None:
        raise LookupError("checked before: there is a certificate")
    expected = ChangeExpected(said.kind, certificate.number, certificate.issued_on)
    facts = verify_change(pdf, _trust(matter, world), expected, situation.now)
    _require_same("decided_on", said.decided_on, facts.decided_on)
    world.evidence.put(situation.case.case_no, pdf, PDF)
    known = next((each for each in certificate.changes if each.sha256 == facts.sha256), None)
    return known or CertificateChange(said.kind, facts.sha256, facts.decided_on, situation.now)


def _change(situation: Situation, said: CertificateChanged, change: CertificateChange) -> Outcome:
    matter = matter_of(situation)
    certificate = matter.exchange.certificate
    if certificate is None:
        raise LookupError("checked before: there is a certificate")
    answer = {"sha256": change.sha256}
    if change in certificate.changes:
        again = Outcome(situation.case).noting("notary.certificate_changed_again", sha256=change.sha256)
        return again.answering(**answer)
    changed = with_exchange(matter, certificate=replace(certificate, changes=(*certificate.changes, change)))
    before = Outcome(situation.case)
    if matter.purpose is NotaryPurpose.CONTRACT and said.kind is ChangeKind.REVOKED:
        before = without_extra_paper(situation, before, certificate)
    noted = with_matter(before, changed).noting(
        "notary.certificate_changed",
        matter=matter.number,
        kind=said.kind.value,
        sha256=change.sha256,
        decided_on=change.decided_on.isoformat(),
    )
    everybody = (*(party.key for party in situation.case.people.parties), ENTRANT)
    told = tell(noted, MessageKey.NOTARY_CHANGED, everybody, f"changed@{change.sha256}")
    return closed_anew(situation, told, change.sha256).answering(**answer)


NOTARY_ISSUE: Final = ActSpec(
    name="notary-issue",
    by=_OFFICE,
    states=MATTER_STATES | {State.VOID, State.FILED, State.REGISTERING, State.TRANSFERRED},
    input=CertificateReturned,
    check=_check_issue,
    gather=_gather_issue,
    decide=_issue,
    file=FileInput.ONE,
    fits=has_notary,
    doc=ActDoc(
        zh="公证处出具公证书并推送返回材料包：核验签名、编号、日期、所证文书摘要及材料是否齐全，待主管部门确认注销。",
        en="The office returns its certificate in a ZIP with fixed names. Signature, number, date, digest of what was"
        " notarised and completeness are verified; everything wrong is said at once. The bureau confirms afterwards."
        " The same certificate again gets the same answer.",
        example={"number": "（2026）粤中石岐第001234号", "issued_on": "2026-11-21"},
        errors=(
            "notary.none",
            "notary.not_now",
            "certificate.refused",
            "certificate.said_otherwise",
            "certificate.another",
        ),
    ),
    rules=("ZN-19", "ZN-20", "H-36", "H-40", "SZ-80"),
)
"""Certified."""

NOTARY_CHANGE_CERTIFICATE: Final = ActSpec(
    name="notary-change-certificate",
    by=_OFFICE,
    states=_AFTERWARDS,
    input=CertificateChanged,
    check=_check_change,
    gather=_gather_change,
    decide=_change,
    file=FileInput.ONE,
    fits=has_notary,
    doc=ActDoc(
        zh="公证处更正或者撤销已出具的公证书（公证法第三十九条）：提交签章的决定，由主管部门判断后果。",
        en="The office corrects or revokes its certificate, by a decision it signed. What follows is for the bureau.",
        example={"kind": "revoked", "decided_on": "2026-11-21"},
        errors=(
            "notary.none",
            "certificate.none",
            "certificate.revoked",
            "certificate.refused",
            "certificate.said_otherwise",
        ),
    ),
    rules=("ZN-18", "H-36", "SZ-80"),
)
"""Corrected or revoked."""
