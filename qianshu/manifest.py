"""Close a dossier and check an archive: manifests sealed by the service seal at CAdES B-T, judged by the verifier."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

from filing.contract import CERTIFY, SEAL, TEXT, Act, ActStatus, settled_acts
from qianshu.evidence import REPORT
from signing.pades import sign_detached
from signing.validation import TrustAnchors, Verdict
from signing.validation.detached import verify_detached
from storage.dossier import (
    Archive,
    ArchiveFinding,
    ArchiveReport,
    Dossier,
    Item,
    Role,
    SealedManifest,
    Severity,
    seal_dossier,
    verify_archive,
)
from storage.journal import RECOVERED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from filing.contract import ContractCase
    from qianshu.bootstrap import House
    from signing.keys import KeyRing
    from storage.journal import Entry

__all__ = ["LISTING", "check_archive", "close_dossier", "item_of"]

LISTING = "dossier.listing"
"""Event before a manifest is drawn up; ``data``: how many entries it covers, and the digest of their copy."""

_ROLES = {
    TEXT: (Role.CONTRACT_TEXT, "contract-text.pdf"),
    CERTIFY: (Role.SIGNED_REVISION, "contract-certified.pdf"),
    SEAL: (Role.CONTRACT_FINAL, "contract.pdf"),
    REPORT: (Role.EVIDENCE_REPORT, "evidence-report.pdf"),
}

_SEVERITIES = {Verdict.INDETERMINATE: Severity.INDETERMINATE}


def close_dossier(house: House, case: ContractCase) -> SealedManifest:
    """List every object of the case and seal the list; an unchanged case keeps the manifest it has."""
    desk = house.desk

    def seal(manifest: bytes) -> bytes:
        return sign_detached(manifest, desk.keys.service_seal, desk.timestamper, house.clock())

    with case.journal.exclusive():
        acts = settled_acts(case).by_name.values()
        items = tuple(item_of(act) for act in acts if act.status is ActStatus.DONE)
        dossier = Dossier(case.case_no, items, _announced(house, case), case.retain_until)
        return seal_dossier(house.archive, dossier, seal, house.clock())


def _announced(house: House, case: ContractCase) -> tuple[Entry, ...]:
    """The entries a manifest is drawn up for; the digest of their copy is journalled before the copy is stored."""
    entries = house.journal(case.case_no).entries()
    announced = next((entry.data for entry in reversed(entries) if entry.event == LISTING), None)
    if announced is not None:
        covered, since = entries[: int(str(announced["seq"]))], entries[int(str(announced["seq"])) :]
        if all(entry.event in (LISTING, RECOVERED) for entry in since):
            return covered  # announced before, and nothing has happened since
    copy = b"".join(entry.to_line() for entry in entries)
    facts = {"seq": len(entries), "journal_sha256": hashlib.sha256(copy).hexdigest()}
    case.journal.append(LISTING, facts, house.clock())
    return entries


def check_archive(
    archive: Archive, rings: Iterable[KeyRing], now: datetime, go_on: Callable[[], bool] = lambda: True
) -> ArchiveReport:
    """Walk the whole archive, while ``go_on`` says so; seals are judged with fresh revocation data of our own
    authorities, one for each city.
    """
    rings = tuple(rings)
    anchors = tuple(root.public_bytes(Encoding.DER) for keys in rings for root in keys.trust_anchors)
    crls = tuple(authority.crl(now) for keys in rings for authority in keys.authorities)
    trust = TrustAnchors(anchors, revocation=(*(crl for keys in rings for crl in keys.root_crls), *crls))

    def check_seal(manifest: bytes, cms_der: bytes) -> Iterator[ArchiveFinding]:
        judged = verify_detached(manifest, cms_der, trust=trust, now=now)
        if judged.verdict is Verdict.PASSED:
            return
        severity = _SEVERITIES.get(judged.verdict, Severity.FAILED)
        for item in judged.findings:
            yield ArchiveFinding(f"archive.seal_{item.code}", severity, item.zh, item.en)

    return verify_archive(archive, check_seal, now, go_on)


def item_of(act: Act) -> Item:
    """One object by the act that made it; a revision is named after its field."""
    sha256 = str(act.sha256)
    name = act.name.replace(":", "-")
    if name.startswith("strokes-"):
        return Item(Role.STROKES, f"{name}.qse", sha256)
    return Item(*_ROLES.get(act.name, (Role.SIGNED_REVISION, f"contract-{name}.pdf")), sha256)
