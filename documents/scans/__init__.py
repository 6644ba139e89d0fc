"""Scans of what was printed and signed by hand: is it this very text, every page once, and does it look as printed?"""

from __future__ import annotations

from documents.scans.guard import CheckedScan, PrintedText, check_scan_guarded
from documents.scans.report import ScannedPage, ScanProblem, ScanReport

__all__ = ["CheckedScan", "PrintedText", "ScanProblem", "ScanReport", "ScannedPage", "check_scan_guarded"]
