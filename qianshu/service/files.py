"""Files of a case for whoever has been found to be allowed: revisions, pages, papers, the evidence report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.field_places import field_places
from documents.pages import page_sizes, render_page
from storage.errors import ObjectMissing
from storage.objects.reading import read_verified

if TYPE_CHECKING:
    from collections.abc import Callable

    from documents.field_places import FieldPlace
    from documents.pages import PageSize
    from storage.evidence import EvidenceArchive
    from storage.objects.ports import ObjectStore

__all__ = ["CaseFiles"]

MAX_CONTRACT_BYTES = 256 << 20
"""Two hundred colour scans and every signature on them stay far below."""


class CaseFiles:
    """``api.ports.FileReader`` over the archive. Digests come from the case itself, never from the asker."""

    def __init__(
        self, objects: ObjectStore, evidence: EvidenceArchive, make_report: Callable[[str, str], bytes]
    ) -> None:
        """``make_report`` gives the sealed evidence report on a revision of a case."""
        self._objects = objects
        self._evidence = evidence
        self._make_report = make_report

    def contract(self, case_no: str, sha256: str) -> bytes:
        """A revision of the contract file; one that was taken over from elsewhere is among the evidence (ZN-01)."""
        try:
            return read_verified(self._objects, sha256, MAX_CONTRACT_BYTES)
        except ObjectMissing:
            return self._evidence.get(case_no, sha256)

    def material(self, case_no: str, sha256: str) -> bytes:
        """A paper handed in, decrypted."""
        return self._evidence.get(case_no, sha256)

    def page(self, case_no: str, sha256: str, number: int, width_px: int) -> bytes:
        """A page of a revision as PNG; 1 is the first. Raises ``page.out_of_range``."""
        return render_page(self.contract(case_no, sha256), number - 1, width_px=width_px)

    def sheets(self, case_no: str, sha256: str) -> tuple[tuple[PageSize, ...], tuple[FieldPlace, ...]]:
        """Sizes of the pages of a revision, and where its signature fields are."""
        content = self.contract(case_no, sha256)
        return page_sizes(content), field_places(content)

    def evidence_report(self, case_no: str, sha256: str) -> bytes:
        """The sealed evidence report on a revision."""
        return self._make_report(case_no, sha256)
