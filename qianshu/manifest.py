"""Close a dossier and check an archive: manifests sealed by the service seal at CAdES B-T, judged by the verifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

from filing.contract import CERTIFY, SEAL, TEXT, Act, read_acts
from filing.contract.acts import ActStatus
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
    open_folder_archive,
    seal_dossier,
    verify_archive,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filing.contract import ContractCase
    from qianshu.bootstrap import House

__all__ = ["check_archive", "close_dossier"]

_ROLES = {
    TEXT: (Role.CONTRACT_TEXT, "contract-text.pdf"),
    CERTIFY: (Role.SIGNED_REVISION, "contract-certified.pdf"),
    SEAL: (Role.CONTRACT_FINAL, "contract.pdf"),
    REPORT: (Role.EVIDENCE_REPORT, "evidence-report.pdf"),
}

_SEVERITIES = {Verdict.INDETERMINATE: Severity.INDETERMINATE}


def close_dossier(house: House, case: ContractCase) -> SealedManifest:
    """List every object of the case and seal the list; an unchanged case keeps the manifest it has."""
    journal = house.journal(case.case_no).entries()
    acts = read_acts(journal).by_name.values()
    items = tuple(_item(act) for act in acts if act.status is ActStatus.DONE)
    dossier = Dossier(case.case_no, items, journal, case.retain_until)
    desk = house.desk

    def seal(manifest: bytes) -> bytes:
        return sign_detached(manifest, desk.keys.service_seal, desk.timestamper, house.clock())

    return seal_dossier(_archive(house), dossier, seal, house.clock())


def check_archive(house: House) -> ArchiveReport:
    """Walk the whole archive; seals are judged with fresh revocation data of our own authority."""
    now = house.clock()
    keys = house.desk.keys
    anchors = tuple(root.public_bytes(Encoding.DER) for root in keys.trust_anchors)
    crls = tuple(authority.crl(now) for authority in keys.authorities)
    trust = TrustAnchors(anchors, revocation=(*keys.root_crls, *crls))

    def check_seal(manifest: bytes, cms_der: bytes) -> Iterator[ArchiveFinding]:
        judged = verify_detached(manifest, cms_der, trust=trust, now=now)
        if judged.verdict is Verdict.PASSED:
            return
        severity = _SEVERITIES.get(judged.verdict, Severity.FAILED)
        for item in judged.findings:
            yield ArchiveFinding(f"archive.seal_{item.code}", severity, item.zh, item.en)

    return verify_archive(_archive(house), check_seal, now)


def _archive(house: House) -> Archive:
    return open_folder_archive(house.settings.archive_folder)


def _item(act: Act) -> Item:
    """One object by the act that made it; a revision is named after its field."""
    sha256 = str(act.sha256)
    kind, _, field = act.name.partition(":")
    if kind == "strokes":
        return Item(Role.STROKES, f"strokes-{field}.qse", sha256)
    role, name = _ROLES.get(act.name, (Role.SIGNED_REVISION, f"contract-{act.name.replace(':', '-')}.pdf"))
    return Item(role, name, sha256)
