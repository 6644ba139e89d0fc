"""Errors of documents.

DocumentError
├── AmountError       an amount of money that cannot be written
├── TermsError        terms refused, with every problem found
├── GlyphError        a character the embedded fonts cannot show
├── TypesettingError  a template or a font failed: our fault
├── PaperTemplateError, PaperValueMissing  a paper's template, or what fills it
├── VideoError        a video that cannot be looked into
└── UploadError       an uploaded file refused
"""

from __future__ import annotations

from errors import QianshuError

__all__ = [
    "AmountError",
    "DocumentError",
    "GlyphError",
    "PaperTemplateError",
    "PaperValueMissing",
    "TermsError",
    "TypesettingError",
    "UploadError",
    "VideoError",
]


class DocumentError(QianshuError):
    """Anything that stops a document from being made or taken in."""


class AmountError(DocumentError):
    """An amount cannot be written in figures and capitals: negative, too precise, too large, or not a Decimal."""


class TermsError(DocumentError):
    """The terms of a contract are incomplete or contradict each other.

    ``fields["problems"]`` lists every problem as ``{path, code, zh, en}``.
    """


class GlyphError(DocumentError):
    """A character cannot be set in the embedded fonts: refused by code point, never dropped."""


class TypesettingError(DocumentError):
    """The template did not compile."""


class PaperTemplateError(DocumentError):
    """The template of a paper is not one."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "paper.template_invalid",
            zh=f"文书模板有误：{reason}",
            en=f"the template of a paper is wrong: {reason}",
            reason=reason,
        )


class PaperValueMissing(DocumentError):  # noqa: N818 - the family name says error
    """A paper cannot be made yet: something it must say is not known."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "paper.value_missing",
            zh=f"文书缺少内容：{name}",
            en=f"the paper needs {name}, which is not known yet",
            name=name,
        )


class UploadError(DocumentError):
    """An uploaded file is refused."""


class VideoError(DocumentError):
    """A video cannot be looked into: it is none, costs too much, or there is no tool."""
