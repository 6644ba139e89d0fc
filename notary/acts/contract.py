"""The contract of an overseas party goes to a notary office before it is filed, and its certificate comes back (SZ-80).

It goes as it was signed by hand. Nobody does anything here but the office: the parties see the notary themselves. What
comes back verified is the paper the filing waits for; whoever went to an office on paper hands the scan in instead.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.acts.review.submit import require_free_for
from filing.acts.spec import ActDoc, ActSpec
from filing.case.notary import OPEN_STATES, MatterPaper, NotaryMatter, Office
from filing.case.signing import ExtraPaperFile, NotarialProof, NotarialStanding
from filing.effects.notary import fresh_matter
from filing.engine.outcome import Outcome
from filing.guards.signing import notarised_papers
from filing.lifecycle import State
from filing.profile import Actor
from filing.profile.cancelling import NotaryPurpose
from identity.staff import StaffRole
from notary.acts.inputs import Sent
from notary.errors import NotaryError
from notary.matter import MATTER_STATES, contract_procedure, has_contracts, office_of, order_package, place_of
from notary.offices import acts_at
from notary.world import notary_world

if TYPE_CHECKING:
    from datetime import datetime

    from filing.acts.world import World
    from filing.case.notary import Certificate
    from filing.case.signing import WetCopy
    from filing.engine.situation import Situation
    from notary.offices import NotaryOffice

__all__ = ["SEND_TO_NOTARY", "as_extra_paper", "office_here", "without_extra_paper"]

SIGNED_SCAN: Final = "signed_scan"
"""How the scan of what was signed by hand is named among the papers of the matter."""


def office_here(situation: Situation, office_id: str, world: World) -> Office:
    """公证法 art. 25: of a house, an office at its place, and one that is still on the list."""
    found = notary_world(world).offices.load(office_id)
    if found is None or not _acts_here(found, situation):
        raise NotaryError(
            "notary.office_not_here",
            zh="该公证处不办理本地不动产公证",
            en="this office does not act at the place of the house",
            office=office_id,
        )
    return Office(found.office_id, found.name, found.code)


def _acts_here(office: NotaryOffice, situation: Situation) -> bool:
    ended = office.ended_at is not None and office.ended_at <= situation.now
    return not ended and acts_at(office, place_of(situation.profile, situation.case))


# --- send ------------------------------------------------------------------------------------------------------------


def _check_send(situation: Situation, _: Sent) -> None:
    if situation.who.actor is Actor.WINDOW_STAFF:
        require_free_for(situation, StaffRole.WINDOW_CLERK, "send-to-notary")
    matter, wanted = situation.case.notary.current, notarised_papers(situation)
    if not wanted:
        raise NotaryError(
            "notary.not_needed",
            zh="本合同无需办理公证",
            en="this contract needs no notary",
            case_no=situation.case.case_no,
        )
    if matter is not None and matter.state in OPEN_STATES:
        raise NotaryError("notary.already_sent", zh="合同正在办理公证", en="the contract is before a notary already")
    if {file.paper for file in situation.case.signing.extra_papers if _on_this_text(situation, file)} >= set(wanted):
        raise NotaryError("notary.paper_there", zh="公证书已经提交", en="the notary's paper is there already")
    _scan(situation)


def _on_this_text(situation: Situation, paper: ExtraPaperFile | WetCopy) -> bool:
    fixed = situation.case.text.fixed
    return fixed is not None and paper.text_sha256 == fixed.sha256


def _scan(situation: Situation) -> WetCopy:
    wet = situation.case.signing.wet
    if wet is None or not _on_this_text(situation, wet):
        raise NotaryError(
            "notary.not_signed",
            zh="请先打印、签署合同并上传扫描件，再送公证",
            en="print and sign the contract and hand in the scan first",
        )
    return wet


def _gather_send(situation: Situation, said: Sent, world: World) -> Office:
    return office_here(situation, said.office_id, world)


def _send(situation: Situation, _: Sent, office: Office) -> Outcome:
    case, scan = situation.case, _scan(situation)
    opened = NotaryMatter(
        1,
        NotaryPurpose.CONTRACT,
        contract_procedure(situation.profile),
        situation.now,
        office=office,
        papers=(MatterPaper(SIGNED_SCAN, scan.sha256, scan.page_count),),
    )
    notary = fresh_matter(case.notary, opened)
    number = None if notary.current is None else notary.current.number
    sent = Outcome(case).with_case(notary=notary)
    noted = sent.noting("notary.sent", matter=number, office=office.office_id, scan=scan.sha256)
    return order_package(noted, situation.now, complete=True)


# --- what came back --------------------------------------------------------------------------------------------------


def as_extra_paper(situation: Situation, outcome: Outcome, certificate: Certificate, signed_at: datetime) -> Outcome:
    """The verified certificate is the paper the contract waits for: nobody hands it in (SZ-80)."""
    case, matter, fixed = outcome.case, outcome.case.notary.current, situation.case.text.fixed
    if matter is None or fixed is None or certificate.names_sha256 != fixed.sha256:
        return outcome
    proof = NotarialProof(
        NotarialStanding.VERIFIED,
        number=certificate.number,
        issued_on=certificate.issued_on,
        office=office_of(matter).name,
        signed_at=signed_at,
    )
    wanted = notarised_papers(situation)
    files = tuple(
        ExtraPaperFile(paper, certificate.sha256, fixed.sha256, situation.who.account_id, situation.now, notarial=proof)
        for paper in wanted
    )
    others = tuple(file for file in case.signing.extra_papers if file.paper not in wanted)
    done = outcome.with_case(signing=replace(case.signing, extra_papers=(*others, *files)))
    return done.noting("extra_paper.certified", papers=list(wanted), sha256=certificate.sha256)


def without_extra_paper(situation: Situation, outcome: Outcome, certificate: Certificate) -> Outcome:
    """It was revoked (公证法 art. 39): what is not filed yet waits for another. What is filed a person judges."""
    position = situation.case.position
    if position is None or position.state not in MATTER_STATES:
        return outcome
    signing = outcome.case.signing
    kept = tuple(file for file in signing.extra_papers if file.sha256 != certificate.sha256)
    return outcome.with_case(signing=replace(signing, extra_papers=kept))


SEND_TO_NOTARY: Final = ActSpec(
    name="send-to-notary",
    by=frozenset({Actor.SELLER, Actor.BUYER, Actor.WINDOW_STAFF}),
    states=frozenset({State.SIGNING, State.SIGNED}),
    input=Sent,
    check=_check_send,
    gather=_gather_send,
    decide=_send,
    fits=has_contracts,
    doc=ActDoc(
        zh="境外人士的合同送公证处办理涉外合同公证：签署后的合同连同材料包送所选公证处，公证书返回后自动成为备案材料。",
        en="Send the signed contract of an overseas party to a notary office at the house's place. The certificate that"
        " comes back is the paper the filing waits for; nobody hands it in.",
        example={"office_id": "of_3f6c1b"},
        errors=(
            *("notary.not_needed", "notary.already_sent", "notary.paper_there", "notary.not_signed"),
            "notary.office_not_here",
        ),
    ),
    rules=("SZ-80",),
)
"""Send."""
