"""Finish a filed contract: stamp, B-LTA, record; then send it to each recipient and close the dossier."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from documents.contract.codec import to_data
from documents.contract.record import read_embedded_record
from documents.errors import TermsError
from filing.acts.registry.push import RECORD_PUSHED, PushedInput
from filing.acts.review.file import RECORD_ARCHIVED, RECORD_SEALED, ArchivedInput, SealedInput, still_wanted
from filing.contract import (
    FilingDecision,
    adopt_scan,
    read_object,
    seal_contract,
    seal_unstamped,
    stamp_filing,
)
from filing.errors import FilingError
from filing.later.later import case_of, do_as_system, profile_of
from filing.outside import FiledContract
from filing.profile.signing import SignMethod

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.acts.perform import House
    from filing.case import Case
    from filing.contract import Act, ContractCase
    from filing.later.later import Job, Later

__all__ = ["close_dossier", "finish_file", "push_contract"]

_GONE: Final = frozenset({"act.not_now"})
"""Refusals that say the case has moved on: there is nothing left to record."""


def finish_file(later: Later, job: Job) -> None:
    """``stamp``: put on the stamp where the city has one, seal to B-LTA, record it: that offers it to the registry.

    Nothing is done for a filing that was revoked meanwhile, or a text that was amended again. Raises
    ``TimeStampError`` (ask again); what was stamped already stays.
    """
    case_no, version = str(job.payload["case_no"]), int(job.payload["text_version"])
    house = later.house_of(case_no)
    with house.cases.exclusive(case_no) as unit:
        if not still_wanted(unit.case, version):
            return
        sealed = _finished(later, house, unit.case)
    said = SealedInput(str(sealed.sha256), datetime.fromisoformat(str(sealed.facts["time_stamped_at"])), version)
    do_as_system(house, case_no, RECORD_SEALED, said)


def _finished(later: Later, house: House, case: Case) -> Act:
    profile, contract, desk = profile_of(house, case), _contract(house, case), house.world.desk
    if case.signing.method is SignMethod.WET and case.signing.wet is not None:
        scan = house.world.evidence.get(case.case_no, case.signing.wet.sha256)
        adopt_scan(contract, desk, scan)
    if not profile.filing.stamp:
        return seal_unstamped(contract, desk)
    face = later.stamp_face(case.head.city, case.case_no)
    number = case.filing.number
    if number is None:
        raise LookupError("a filed case has a number")
    decision = FilingDecision(profile.city.authority, number, face.verification, face.seal_number)
    stamp_filing(contract, desk, decision)
    return seal_contract(contract, desk)


def push_contract(later: Later, job: Job) -> None:
    """``push``: send the sealed file to one recipient, once (HS-34, WH-09). Raises ``OutsideUnavailable``.

    Not sent: a file that is not the filed one any more, and to whoever has it.
    """
    case_no, recipient, sha256 = (str(job.payload[name]) for name in ("case_no", "recipient", "sha256"))
    house = later.house_of(case_no)
    case = case_of(house, case_no)
    sealed, known = case.filing.sealed, {name for name, _ in case.registry.pushed}
    if sealed is None or sealed.sha256 != sha256 or not case.filing.in_force or recipient in known:
        return
    receipt = house.world.outside.recipients.push(recipient, _filed(house, case, sha256))
    said = PushedInput(recipient, receipt.ref, receipt.received_at, receipt.pdf_sha256)
    try:
        do_as_system(house, case_no, RECORD_PUSHED, said)
    except FilingError as refusal:
        if refusal.code not in _GONE:
            raise


def _filed(house: House, case: Case, sha256: str) -> FiledContract:
    pdf, filed_at = read_object(_contract(house, case), sha256), case.filing.filed_at
    if filed_at is None or case.filing.number is None:
        raise LookupError("a filed case has a number and a date")
    return FiledContract(
        city=case.head.city,
        case_number=case.case_no,
        filing_number=case.filing.number,
        filed_at=filed_at,
        pdf=pdf,
        pdf_sha256=sha256,
        facts=_terms(pdf),
    )


def _terms(pdf: bytes) -> Mapping[str, object]:
    """The contract's own data; a scan has none."""
    try:
        terms: Mapping[str, object] = to_data(read_embedded_record(pdf).terms)
    except TermsError:
        return {}
    return terms


def close_dossier(later: Later, job: Job) -> None:
    """``archive``: evidence report and sealed manifest of everything the case has, then a note of it in the case."""
    case_no = str(job.payload["case_no"])
    house = later.house_of(case_no)
    with house.cases.exclusive(case_no) as unit:
        contract = _contract(house, unit.case) if unit.case.text.version else None
        closed = later.dossiers.close(unit.case, contract)
    do_as_system(house, case_no, RECORD_ARCHIVED, ArchivedInput(closed.evidence_sha256, closed.manifest_number))


def _contract(house: House, case: Case) -> ContractCase:
    return house.world.contract(case.case_no, case.text.version)
