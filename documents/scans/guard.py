"""A scan from anywhere, inspected, read, compared and laid out by a child process (``documents.uploads.child``)."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from documents.errors import UploadError
from documents.pages import page_sizes
from documents.print_copy import PageCode
from documents.scans.check import check_scan
from documents.scans.lay_out import Attached, lay_out
from documents.scans.report import ScanReport, report_from_dict
from documents.uploads.child import ChildBounds, run_in_child, serve_parent
from documents.uploads.normalise import combine_uploads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["SCAN_BOUNDS", "CheckedScan", "PrintedText", "check_scan_guarded", "main"]

SCAN_BOUNDS: Final = ChildBounds(cpu_seconds=300, wall_seconds=400.0)
"""A page takes about a second and a half; 100 pages are a contract with every annex."""

_SCAN, _PRINTED, _TEXT, _LAID = "scan.pdf", "printed.pdf", "text.pdf", "laid.pdf"

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PrintedText:
    """What was printed, and what goes with the scan of it."""

    print_copy: bytes = field(repr=False)
    """The file that was downloaded to be printed."""

    first: PageCode
    """Code of its first page."""

    text: bytes = field(repr=False)
    """The certified text, attached to the scan."""

    made_at: str
    """When the text was made, as a PDF date."""

    apart: Mapping[int, Sequence[Box]] = field(default_factory=dict)
    """Boxes in points, by page index, where people write."""


@dataclass(frozen=True, slots=True)
class CheckedScan:
    """A scan that was read."""

    report: ScanReport
    """What it is."""

    clean: bytes = field(repr=False)
    """The scan as it came, inspected and made one clean PDF: the evidence."""

    laid_out: bytes | None = field(repr=False)
    """The contract as signed by hand; ``None`` where the report has problems."""


def check_scan_guarded(
    uploads: Sequence[bytes], printed: PrintedText, *, bounds: ChildBounds = SCAN_BOUNDS
) -> CheckedScan:
    """Check uploads, one after the other, to be this very text. Raises :class:`UploadError`."""
    with tempfile.TemporaryDirectory(prefix="scan-") as name:
        folder = Path(name)
        (folder / _PRINTED).write_bytes(printed.print_copy)
        (folder / _TEXT).write_bytes(printed.text)
        for number, content in enumerate(uploads):
            (folder / f"source-{number}").write_bytes(content)
        request = {
            "folder": name,
            "sources": len(uploads),
            "first": asdict(printed.first),
            "made_at": printed.made_at,
            "apart": {str(index): [list(box) for box in boxes] for index, boxes in printed.apart.items()},
        }
        report = report_from_dict(run_in_child(__name__, request, folder, bounds))
        laid = None if report.problems else (folder / _LAID).read_bytes()
        return CheckedScan(report, (folder / _SCAN).read_bytes(), laid)


def main() -> None:
    """The child."""
    serve_parent(_work, UploadError)


def _work(request: Mapping[str, Any]) -> dict[str, Any]:
    folder, first = Path(request["folder"]), PageCode(**request["first"])
    scan, printed = folder / _SCAN, folder / _PRINTED
    combine_uploads([folder / f"source-{number}" for number in range(request["sources"])], scan)
    apart = {int(index): [_box(each) for each in boxes] for index, boxes in request["apart"].items()}
    report, found = check_scan(scan, printed, first, apart)
    if not report.problems:
        sizes = [(size.width_points, size.height_points) for size in page_sizes(printed)]
        text = Attached("text.pdf", (folder / _TEXT).read_bytes(), "打印并签署的合同文本", request["made_at"])
        (folder / _LAID).write_bytes(lay_out(scan, found, sizes, text))
    return asdict(report)


def _box(values: Sequence[float]) -> Box:
    x0, y0, x1, y1 = values
    return x0, y0, x1, y1
