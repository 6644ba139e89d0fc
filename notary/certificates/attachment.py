"""``certificate.json``: what a certificate says, for machines (``docs/schemas/notary-certificate.schema.json``).

An office may attach it to the PDF as an associated file. It adds nothing to what the text says, and must agree with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from identity.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from documents.words import Attached

__all__ = ["ATTACHMENT", "SCHEMA_ID", "Said", "objections_to_attachments"]

ATTACHMENT: Final = "certificate.json"

SCHEMA_ID: Final = "urn:qianshu:schema:notary-certificate:1"

_MEMBERS: Final = frozenset({"schema", "number", "issued_on", "subject_sha256", "matter"})


@dataclass(frozen=True, slots=True)
class Said:
    """What the text says, as the attachment would."""

    number: str
    """Number of the certificate."""

    issued_on: str
    """ISO 8601."""

    subject_sha256: str
    """Lower-case hex."""

    matter: str
    """The contract's number."""


def objections_to_attachments(attached: tuple[Attached, ...], said: Said) -> Iterator[Finding]:
    """What in ``certificate.json``, if there is one, is not what the text says."""
    for each in attached:
        if each.name == ATTACHMENT:
            yield from _objections(each.content, said)


def _objections(content: bytes | None, said: Said) -> Iterator[Finding]:
    data = _parsed(content)
    if data is None:
        yield Finding(
            "certificate.attachment_unreadable",
            "附件 certificate.json 不符合规定格式",
            "the attached certificate.json is not what its schema says",
        )
        return
    for member in ("number", "issued_on", "subject_sha256", "matter"):
        if data[member] != getattr(said, member):
            yield Finding(
                "certificate.attachment_differs",
                "附件 certificate.json 与公证书正文不一致",
                "the attached certificate.json does not agree with the text",
                facts=(("member", member),),
            )


def _parsed(content: bytes | None) -> dict[str, str] | None:
    """The members, all of them texts and none besides; a name given twice is refused."""
    try:
        data = json.loads(content or b"", object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None
    whole = isinstance(data, dict) and set(data) == _MEMBERS and data["schema"] == SCHEMA_ID
    return data if whole and all(isinstance(value, str) for value in data.values()) else None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is given twice")
    return found
