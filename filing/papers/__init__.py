"""The papers of a city: its templates filled from a case."""

from __future__ import annotations

from filing.papers.make import make_paper, read_paper
from filing.papers.values import PAPER_NAMES, paper_values, settlement_values

__all__ = ["PAPER_NAMES", "make_paper", "paper_values", "read_paper", "settlement_values"]
