"""Which files go to the office under which names (ZN-05, ZN-10…17), as pure data: equal case, equal plan.

A first package holds contract, papers, parties and journal; one of a matter that was handed in holds what every
applicant did besides. Of pictures and videos that were replaced only the newest goes out: the office decides on what
counts, and gets no more of anybody than that (个人信息保护法 art. 6).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from filing.case.notary import FileKind
from notary.errors import PackageInvalid
from notary.package.description import Described, Listed, describe
from notary.package.names import (
    CONTRACT,
    DESCRIPTION,
    JOURNAL,
    TITLES,
    applicant_file,
    paper_file,
    script_file,
    video_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filing.case import Case
    from filing.case.notary import ApplicantTask, NotaryMatter, PackageVersion
    from filing.profile import FlowProfile

__all__ = ["PackagePlan", "PlannedFile", "contract_sent", "plan_package"]

PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of the package."""

    name: str
    """Path in the container."""

    title: str
    """As people call it."""

    media_type: str
    """Of the file."""

    sha256: str
    """Of the file; what it is asked for by where it is kept."""

    content: bytes | None = None
    """The bytes themselves where the plan made them (``package.json``, the journal); ``None``: a file of the case."""


@dataclass(frozen=True, slots=True)
class PackagePlan:
    """One package, before it is built."""

    case_no: str
    """The case."""

    number: int
    """Of the package."""

    complete: bool
    """Whether it holds what the applicants handed in."""

    files: tuple[PlannedFile, ...]
    """In the order they lie in the container; ``package.json`` first."""


def plan_package(profile: FlowProfile, case: Case, matter: NotaryMatter, number: int, journal: bytes) -> PackagePlan:
    """The plan of package ``number`` of ``matter``, which must be among its packages.

    ``journal``: the case's journal so far as JSON lines (``storage.journal``), facts only, chain whole. Raises
    ``PackageInvalid`` (``package.unknown``, ``package.no_papers``).
    """
    version = next((package for package in matter.exchange.packages if package.number == number), None)
    if version is None:
        raise PackageInvalid(
            "package.unknown",
            zh="没有该材料包",
            en="the matter has no such package",
            case_no=case.case_no,
            number=number,
        )
    if not matter.papers and matter.agreement is None and contract_sent(case) is None:
        raise PackageInvalid(
            "package.no_papers", zh="尚无可推送的材料", en="there is nothing to send yet", case_no=case.case_no
        )
    files = tuple(_files(profile, case, matter, version, journal))
    listed = tuple(Listed(file.name, file.title, file.media_type, file.sha256) for file in files)
    about = json.dumps(
        describe(Described(profile, case, matter, version, journal), listed), ensure_ascii=False, indent=1
    )
    description = _made(DESCRIPTION, TITLES["description"], "application/json", f"{about}\n".encode())
    return PackagePlan(case.case_no, number, version.complete, (description, *files))


def _files(
    profile: FlowProfile, case: Case, matter: NotaryMatter, version: PackageVersion, journal: bytes
) -> Iterator[PlannedFile]:
    contract = contract_sent(case)
    if contract is not None:
        yield PlannedFile(CONTRACT, TITLES["contract"], PDF, contract)
    heads = {} if matter.agreement is None else {matter.agreement.text_sha256: matter.agreement.head_sha256}
    for paper in matter.papers:
        known = profile.templates.get(paper.paper)
        title = TITLES.get(paper.paper, paper.paper) if known is None else known.title
        yield PlannedFile(paper_file(paper.paper), title, PDF, heads.get(paper.sha256, paper.sha256))
    if version.complete:
        for task in matter.tasks:
            yield from _of_applicant(case, task)
    yield _made(JOURNAL, TITLES["journal"], "application/jsonl", journal)


def contract_sent(case: Case) -> str | None:
    """The contract as it stands: stamped and sealed, signed, or as it was taken over."""
    if case.filing.sealed is not None:
        return case.filing.sealed.sha256
    fixed = case.text.fixed
    return case.signing.head_sha256 or (None if fixed is None else fixed.sha256)


def _of_applicant(case: Case, task: ApplicantTask) -> Iterator[PlannedFile]:
    party = case.people.party(task.party)
    whose = f"{party.identified.name}：" if party is not None else ""
    for kind in FileKind:
        file = task.file(kind)
        if file is not None:
            name = applicant_file(task.party, kind, file.media_type)
            yield PlannedFile(name, whose + TITLES[kind.value], file.media_type, file.sha256)
    for video in task.videos[-1:]:
        script = f"{video.text}\n".encode()
        yield _made(script_file(task.party), whose + TITLES["script"], "text/plain; charset=utf-8", script)
        name = video_file(task.party, video.media_type)
        yield PlannedFile(name, whose + TITLES["video"], video.media_type, video.sha256)


def _made(name: str, title: str, media_type: str, content: bytes) -> PlannedFile:
    return PlannedFile(name, title, media_type, hashlib.sha256(content).hexdigest(), content)
