"""What is wrong with a photo: every finding at once, each with a stable code and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from documents.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PHOTO_FINDINGS", "PhotoFinding", "PhotoRefused", "finding"]

PHOTO_FINDINGS: Mapping[str, tuple[str, str]] = {
    "photo.small": (
        "照片太小，短边至少{least}像素，请靠近后重拍",
        "the photo is too small: its shorter side needs {least} pixels; come nearer and take it again",
    ),
    "photo.blurred": ("照片模糊，请对焦后重拍", "the photo is blurred: let the camera focus and take it again"),
    "photo.dark": ("照片太暗，请在光线充足处重拍", "the photo is too dark: take it again in better light"),
    "photo.bright": (
        "照片过曝，请避开强光后重拍",
        "the photo is too bright: keep out of strong light and take it again",
    ),
    "photo.blank": ("照片中没有可辨认的内容，请重拍", "nothing is to be seen in the photo: take it again"),
    "photo.narrow": ("照片过于狭长，请拍摄完整证件", "the photo is too long and narrow: take the whole document"),
}
"""Code to sentence in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class PhotoFinding:
    """One thing that is wrong."""

    code: str
    """Stable."""

    zh: str
    """What to do, in Chinese."""

    en: str
    """The same in English."""

    facts: Mapping[str, str] = field(default_factory=dict)
    """Measures."""


def finding(code: str, facts: Mapping[str, str]) -> PhotoFinding:
    """The finding of that code, its sentences filled from the facts."""
    zh, en = PHOTO_FINDINGS[code]
    return PhotoFinding(code, zh.format(**facts), en.format(**facts), facts)


class PhotoRefused(DocumentError):  # noqa: N818 - the family name says error
    """The photo shows too little (``photo.refused``), with everything that is wrong with it."""

    def __init__(self, findings: tuple[PhotoFinding, ...]) -> None:
        self.findings = findings
        super().__init__(
            "photo.refused",
            zh="；".join(each.zh for each in findings),
            en="; ".join(each.en for each in findings),
            findings=[
                {"code": each.code, "zh": each.zh, "en": each.en, "facts": dict(each.facts)} for each in findings
            ],
        )
