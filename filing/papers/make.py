"""Make a paper of a city from a case: the file to sign, or the words to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.papers import paper_text, parse_template, render_paper
from filing.papers.values import paper_values

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from documents.papers import PaperTemplate
    from documents.typesetting import TypesetPdf
    from filing.engine.situation import Situation

    ReadText = Callable[[str, str], str]

__all__ = ["make_paper", "read_paper", "template_of"]


def make_paper(read_text: ReadText, situation: Situation, name: str, made_at: datetime | None = None) -> TypesetPdf:
    """The paper ``name`` as PDF/A-3a, filled as far as the case knows. Raises ``DocumentError``."""
    values = paper_values(situation.profile, situation.case, situation.now)
    template = template_of(read_text, situation.profile.city.name, name)
    return render_paper(template, values, made_at=made_at or situation.now)


def read_paper(read_text: ReadText, situation: Situation, name: str) -> str:
    """The paper's words for a screen. What a receipt names is :func:`documents.papers.paper_digest` of them."""
    values = paper_values(situation.profile, situation.case, situation.now)
    return paper_text(template_of(read_text, situation.profile.city.name, name), values)


def template_of(read_text: ReadText, city: str, name: str) -> PaperTemplate:
    """The city's template."""
    return parse_template(read_text(city, name))
