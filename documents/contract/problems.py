"""What is wrong with some terms: found all at once, said in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from documents.errors import TermsError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Problem", "refusal"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong."""

    path: str
    """Where, as in ``sellers.0.identity.number``."""

    code: str
    """Stable, dotted; ``field.*`` where the schema says so, otherwise named after the rule."""

    zh: str
    """In Chinese. Names the field, never a person's data: messages travel further than the terms."""

    en: str
    """The same in English."""

    def to_dict(self) -> dict[str, str]:
        """As JSON."""
        return {"path": self.path, "code": self.code, "zh": self.zh, "en": self.en}


def refusal(problems: Iterable[Problem]) -> TermsError:
    """The error that carries them all."""
    listed = [problem.to_dict() for problem in problems]
    return TermsError(
        "terms.invalid",
        zh=f"合同条款有 {len(listed)} 处需要改正：" + "；".join(f"{one['path']} {one['zh']}" for one in listed[:3]),
        en=f"{len(listed)} problem(s) in the terms: " + "; ".join(f"{one['path']}: {one['en']}" for one in listed[:3]),
        problems=listed,
    )
