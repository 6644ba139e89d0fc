"""``package.json``: what a package holds and what it means (``docs/schemas/notary-package.schema.json``).

Facts of the case at the moment of planning. No account names, no keys, no codes to scan: an office needs none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from identity.subjects import Side
from notary.package.claims import claims_in
from notary.package.names import (
    CONTRACT,
    JOURNAL,
    applicant_file,
    paper_file,
    script_file,
    video_file,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from filing.case import Case
    from filing.case.notary import ApplicantTask, NotaryMatter, PackageVersion, VideoGiven
    from filing.case.people import CaseParty, Contact, Identified, RepresentationRecord
    from filing.profile import FlowProfile

__all__ = ["SCHEMA_ID", "Described", "Listed", "describe"]

SCHEMA_ID: Final = "urn:qianshu:schema:notary-package:1"
"""Identifies the format. A change that old readers would misread gets a new number."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of the package, as it is listed."""

    name: str
    """Path in the container."""

    title: str
    """As people call it."""

    media_type: str
    """Of the file."""

    sha256: str
    """Of the file."""


@dataclass(frozen=True, slots=True)
class Described:
    """What is described."""

    profile: FlowProfile
    """The city."""

    case: Case
    """The case."""

    matter: NotaryMatter
    """The matter."""

    version: PackageVersion
    """The package."""

    journal: bytes
    """The case's journal."""


def describe(about: Described, files: tuple[Listed, ...]) -> Json:
    """The whole of ``package.json``; ``files`` are all others in the package."""
    sha256 = {file.name: file.sha256 for file in files}
    case, matter, version = about.case, about.matter, about.version
    return {
        "schema": SCHEMA_ID,
        "case": _case(about.profile, case),
        "house": _house(case),
        "matter": {
            "number": matter.number,
            "purpose": matter.purpose.value,
            "procedure": matter.procedure,
            "opened_at": _time(matter.opened_at),
            "office": _office(matter),
            "request": _request(case),
        },
        "package": {
            "number": version.number,
            "complete": version.complete,
            "ordered_at": _time(version.ordered_at),
            "supersedes": _superseded(case, version),
        },
        "parties": [_party(case, party) for party in case.people.parties],
        "contract": _file(CONTRACT, sha256),
        "papers": [
            {"paper": paper.paper, "page_count": paper.page_count, **_required(paper_file(paper.paper), sha256)}
            for paper in matter.papers
        ],
        "agreement": _agreement(matter),
        "applicants": [_applicant(about, task, sha256) for task in matter.tasks] if version.complete else [],
        "supplements": _supplements(matter),
        "journal": {"entries": about.journal.count(b"\n"), **_required(JOURNAL, sha256)},
        "files": [
            {"file": file.name, "title": file.title, "media_type": file.media_type, "sha256": file.sha256}
            for file in files
        ],
    }


def _case(profile: FlowProfile, case: Case) -> Json:
    return {
        "case_no": case.case_no,
        "city": profile.city.name,
        "city_title": profile.city.title,
        "region_code": profile.city.region_code,
        "authority": profile.city.authority,
        "opened_at": _time(case.head.opened_at),
        "filing_number": case.filing.number,
        "filed_at": _time(case.filing.filed_at),
    }


def _house(case: Case) -> Json | None:
    if case.house.checked is None:
        return None
    record = case.house.checked.record
    return {
        "location": record.location,
        "unit_no": record.unit_no,
        "certificate_type": record.certificate_type,
        "certificate_number": record.certificate_number,
        "design_use": record.design_use,
    }


def _office(matter: NotaryMatter) -> Json | None:
    if matter.office is None:
        return None
    return {"office_id": matter.office.office_id, "name": matter.office.name, "code": matter.office.code}


def _request(case: Case) -> Json | None:
    """What the cancellation was asked for with (ZN-02)."""
    asked = case.cancelling.current
    if asked is None:
        return None
    return {"scope": asked.scope.value, "reason": asked.reason, "asked_at": _time(asked.asked_at)}


def _superseded(case: Case, version: PackageVersion) -> list[int]:
    """Every earlier package of the case, of whichever matter: this one counts instead (ZN-07)."""
    notary = case.notary
    matters = (*notary.past, *(() if notary.current is None else (notary.current,)))
    numbers = {package.number for matter in matters for package in matter.exchange.packages}
    return sorted(number for number in numbers if number < version.number)


def _party(case: Case, party: CaseParty) -> Json:
    head = next((head for head in case.people.heads if head.party == party.key), None)
    share = party.shares.held
    return {
        "key": party.key,
        "side": "seller" if party.side is Side.SELLER else "buyer",
        "role": party.role.value,
        **_identified(party.identified),
        **_contact(party.contact),
        "share": None if share is None else f"{share.numerator}/{share.denominator}",
        "head": None if head is None else {"post": head.post, "name": head.name},
        "representatives": [
            _representative(record) for record in case.people.representations if record.party == party.key
        ],
    }


def _identified(who: Identified) -> Json:
    return {
        "kind": who.kind.value,
        "name": who.name,
        "id_type": who.id_type.value,
        "id_number": who.id_number,
        "region": who.region.value,
        "nationality": who.nationality,
        "birth_date": _day(who.birth_date),
        "sex": None if who.sex is None else who.sex.value,
    }


def _contact(contact: Contact | None) -> Json:
    return {
        "phone": None if contact is None else contact.phone,
        "address": None if contact is None else contact.address,
    }


def _representative(record: RepresentationRecord) -> Json:
    """Who acts, by what, and until when (ZN-03, 公证法 art. 26)."""
    times = record.times
    return {
        **_identified(record.representative),
        **_contact(record.contact),
        "basis": record.basis.value,
        "scope": record.scope,
        "matters": list(record.matters),
        "attestation": record.attestation.value,
        "papers_seen": list(record.papers),
        "kinship": None if record.kinship is None else record.kinship.value,
        "starts_at": _time(times.starts_at),
        "ends_at": _time(times.ends_at),
        "ended_at": _time(times.ended_at),
    }


def _agreement(matter: NotaryMatter) -> Json | None:
    agreement = matter.agreement
    if agreement is None:
        return None
    return {
        "text_sha256": agreement.text_sha256,
        "head_sha256": agreement.head_sha256,
        "signed": [
            {"party": signed.party, "signed_at": _time(signed.signed_at), "sha256": signed.sha256}
            for signed in agreement.signed
        ],
    }


def _applicant(about: Described, task: ApplicantTask, sha256: Mapping[str, str]) -> Json:
    newest = {file.kind: file for file in task.files}
    return {
        "party": task.party,
        "group": task.group.value,
        "acts_by": claims_in(about.journal).get((about.matter.number, task.party)),
        "submitted_at": _time(task.submitted_at),
        "steps": [
            {
                "step": taken.step.value,
                "done_at": _time(taken.done_at),
                "method": taken.method,
                "reference": taken.reference,
            }
            for taken in task.steps
        ],
        "pages_read": [
            {"paper": read.paper, "sha256": read.sha256, "page": read.page, "read_at": _time(read.read_at)}
            for read in task.pages
        ],
        "files": [
            {
                "kind": file.kind.value,
                "added_at": _time(file.added_at),
                "original_sha256": file.original_sha256,
                **_required(applicant_file(task.party, file.kind, file.media_type), sha256),
            }
            for file in newest.values()
        ],
        "video": _video(task.party, task.videos[-1], sha256) if task.videos else None,
    }


def _video(party: str, video: VideoGiven, sha256: Mapping[str, str]) -> Json:
    return {
        "text": video.text,
        "attempt": video.attempt,
        "duration_ms": video.duration_ms,
        "size_bytes": video.size_bytes,
        "taken_at": _time(video.taken_at),
        "script": _required(script_file(party), sha256),
        **_required(video_file(party, video.media_type), sha256),
    }


def _supplements(matter: NotaryMatter) -> list[Json]:
    return [
        {
            "asked_at": _time(supplement.asked_at),
            "items": [
                {"text": item.text, "party": item.party, "step": None if item.step is None else item.step.value}
                for item in supplement.items
            ],
            "answer": supplement.answer,
            "answered_at": _time(supplement.answered_at),
        }
        for supplement in matter.exchange.supplements
    ]


def _required(name: str, sha256: Mapping[str, str]) -> Json:
    return {"file": name, "sha256": sha256[name]}


def _file(name: str, sha256: Mapping[str, str]) -> Json | None:
    return _required(name, sha256) if name in sha256 else None


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
