"""What a scan was found to be: its pages, what is wrong with it, and where somebody must look."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PROBLEMS", "Place", "ScanProblem", "ScanReport", "ScannedPage"]

PROBLEMS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "scan.no_code": (
            "扫描件第{at}页没有可识别的页码标识，请重新扫描",
            "page {at} of the scan has no readable code",
        ),
        "scan.two_pages": ("扫描件第{at}页上有两页合同，请逐页扫描", "page {at} of the scan shows two pages at once"),
        "scan.other_contract": ("扫描件第{at}页属于另一份合同", "page {at} of the scan is of another contract"),
        "scan.other_text": (
            "扫描件第{at}页是另一版本的合同文本，请下载当前文本重新签署",
            "page {at} of the scan is of another text of this contract",
        ),
        "scan.page_missing": ("缺少合同第{at}页", "page {at} of the contract is missing"),
        "scan.page_twice": ("合同第{at}页重复", "page {at} of the contract is there more than once"),
    }
)
"""Code to sentences; ``{at}`` is a page, of the scan or of the contract as the sentence says."""


@dataclass(frozen=True, slots=True)
class ScanProblem:
    """One thing for which the scan is not taken."""

    code: str
    """One of ``PROBLEMS``."""

    at: int
    """Page, from 1."""

    @property
    def zh(self) -> str:
        """In Chinese."""
        return PROBLEMS[self.code][0].format(at=self.at)

    @property
    def en(self) -> str:
        """In English."""
        return PROBLEMS[self.code][1].format(at=self.at)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere on a page that does not look as it was printed."""

    kind: str
    """``missing`` or ``added`` ink."""

    left_mm: float
    """From the left edge of the printed page."""

    top_mm: float
    """From its top edge."""


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page of the contract, found."""

    number: int
    """Page of the contract, from 1."""

    source_index: int
    """Page of the scan, from 0."""

    look: tuple[str, ...] = ()
    """Why somebody must look: ``missing``, ``added``, or ``one_code`` where it could not be compared; empty if all is
    as printed."""

    places: tuple[Place, ...] = ()
    """Where, greatest first; a few of them."""


@dataclass(frozen=True, slots=True)
class ScanReport:
    """The whole scan."""

    pages: tuple[ScannedPage, ...]
    """Pages found, in the contract's order."""

    problems: tuple[ScanProblem, ...] = ()
    """Why it is not taken; empty if it is."""

    reordered: bool = False
    """The pages lay in another order and were put right."""

    ignored: tuple[int, ...] = ()
    """Blank pages of the scan, from 0: backs of sheets."""

    @property
    def look_at_pages(self) -> tuple[int, ...]:
        """Pages somebody must look at."""
        return tuple(page.number for page in self.pages if page.look)


def report_from_dict(data: Mapping[str, Any]) -> ScanReport:
    """What the child answered."""
    pages = tuple(
        ScannedPage(
            each["number"], each["source_index"], tuple(each["look"]), tuple(Place(**place) for place in each["places"])
        )
        for each in data["pages"]
    )
    problems = tuple(ScanProblem(**each) for each in data["problems"])
    return ScanReport(pages, problems, data["reordered"], tuple(data["ignored"]))
