"""Papers beside the contract: notices, undertakings, forms, agreements; their templates are data."""

from __future__ import annotations

from documents.papers.render import paper_digest, paper_text, render_paper
from documents.papers.template import PaperTemplate, Values, names_used, parse_template

__all__ = [
    "PaperTemplate",
    "Values",
    "names_used",
    "paper_digest",
    "paper_text",
    "parse_template",
    "render_paper",
]
