"""The evidence report: who signed which bytes, which checks were made, when, and by which proof."""

from __future__ import annotations

from signing.evidence.model import CaseEvidence, CourseEntry
from signing.evidence.report import ReportHead, ReportSeal, seal_report, typeset_report

__all__ = ["CaseEvidence", "CourseEntry", "ReportHead", "ReportSeal", "seal_report", "typeset_report"]
