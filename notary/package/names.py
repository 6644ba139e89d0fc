"""Names of files in the package: ASCII, stable, one folder for each applicant (docs/notary-package.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from filing.case.notary import FileKind

__all__ = ["CONTRACT", "DESCRIPTION", "JOURNAL", "TITLES", "applicant_file", "paper_file", "script_file", "video_file"]

DESCRIPTION: Final = "package.json"
CONTRACT: Final = "contract/contract.pdf"
JOURNAL: Final = "journal/journal.jsonl"

TITLES: Final = {
    "description": "材料包说明",
    "contract": "商品房买卖合同",
    "journal": "案件日志",
    "id_front": "身份证件照片（正面）",
    "id_back": "身份证件照片（背面）",
    "id_in_hand": "手持身份证件照片",
    "signature": "电子签名图片",
    "ink": "签名笔迹",
    "signed_scan": "签署后的合同扫描件",
    "script": "录制视频时朗读的文字",
    "video": "录制视频",
}
"""What people call a file; papers have their templates' titles."""

_ENDINGS: Final = {
    "application/json": "json",
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
}


def paper_file(paper: str) -> str:
    """Of a generated paper."""
    return f"papers/{paper}.pdf"


def applicant_file(party: str, kind: FileKind, media_type: str) -> str:
    """Of a picture or the strokes of an applicant."""
    return f"applicants/{party}/{kind.value}.{_ending(media_type)}"


def video_file(party: str, media_type: str) -> str:
    """Of an applicant's video."""
    return f"applicants/{party}/video.{_ending(media_type)}"


def script_file(party: str) -> str:
    """Of what was to be read in it."""
    return f"applicants/{party}/script.txt"


def _ending(media_type: str) -> str:
    """Parameters aside; whatever is written in JSON is JSON (RFC 6839 § 3.1)."""
    plain = media_type.partition(";")[0].strip().lower()
    return "json" if plain.endswith("+json") else _ENDINGS.get(plain, "bin")
