"""From a case to the terms of its contract: what is registered, who the people are, what was typed."""

from __future__ import annotations

from filing.terms.build import TermsProblem, build_terms, find_problems, terms_data
from filing.terms.documents import document_of

__all__ = ["TermsProblem", "build_terms", "document_of", "find_problems", "terms_data"]
