"""Certification and locks: DocMDP, FieldMDP and /Perms must agree with each other and with what was done later.

ISO 32000-2 § 12.8.2.2 (DocMDP), § 12.8.2.4 (FieldMDP), § 12.8.6 (/Perms). Stricter than the standard in one point:
on a certified document nobody may add a signature field, which is how sneaky signature attacks begin (Rohlmann et
al., "Breaking the Specification: PDF Certification", IEEE S&P 2021).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf

from signing.validation.codes import finding
from signing.validation.report import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from signing.validation.found import FoundSignature
    from signing.validation.report import Change, Finding

__all__ = ["change_code", "permission_findings"]

_CODES = {
    ChangeKind.ANNOTATION: "change.annotation",
    ChangeKind.FORM_FIELD: "change.form_field",
    ChangeKind.SIGNED_FIELD: "change.signed_field",
    ChangeKind.PAGE_CONTENT: "change.page_content",
    ChangeKind.PAGE_TREE: "change.page_tree",
    ChangeKind.CATALOG: "change.catalog",
    ChangeKind.TRAILER: "change.trailer",
    ChangeKind.METADATA: "change.metadata",
    ChangeKind.VALIDATION_DATA: "change.validation_data",
    ChangeKind.FREED: "change.freed",
    ChangeKind.OTHER: "change.other",
}


def change_code(change: Change, *, certified: bool) -> str | None:
    """The finding a change amounts to, or ``None`` if it is one of the few allowed."""
    if change.kind is ChangeKind.SIGNATURE_FIELD_ADDED:
        if certified:
            return "change.signature_field_on_certified"
        return "change.signature_field_added" if change.suspicious else "change.invisible_field_added"
    return _CODES.get(change.kind) if change.suspicious else None


def permission_findings(
    pdf: pikepdf.Pdf, found: Sequence[FoundSignature], changes: Sequence[Change]
) -> tuple[Finding, ...]:
    """What disagrees."""
    certifying = [item for item in found if item.dictionary.docmdp is not None]
    problems = [finding("docmdp.several", field=item.field) for item in certifying[1:]]
    problems += _perms(pdf, certifying)
    for item in certifying[:1]:
        if any(0 < other.revision < item.revision for other in found if other is not item):
            problems.append(finding("docmdp.not_first", field=item.field))
        if item.dictionary.docmdp == 1:
            problems += [
                finding("docmdp.violated", field=change.field)
                for change in changes
                if change.kind is ChangeKind.SIGNATURE
            ]
    return (*problems, *_locks(found, changes))


def _perms(pdf: pikepdf.Pdf, certifying: list[FoundSignature]) -> list[Finding]:
    perms = pdf.Root.get("/Perms")
    named = perms.get("/DocMDP") if isinstance(perms, pikepdf.Dictionary) else None
    target = None if named is None else (int(named.objgen[0]), int(named.objgen[1]))
    claimed = certifying[0].dictionary.object_id if certifying else None
    if target == claimed:
        return []
    return [finding("docmdp.mismatch", field=certifying[0].field if certifying else None)]


def _locks(found: Sequence[FoundSignature], changes: Sequence[Change]) -> list[Finding]:
    return [
        finding("fieldmdp.violated", field=change.field)
        for item in found
        if item.dictionary.locked is not None
        for change in changes
        if change.revision > item.revision > 0
        and change.field is not None
        and change.kind is ChangeKind.SIGNATURE
        and _locked(change.field, *item.dictionary.locked)
    ]


def _locked(field: str, action: str, names: tuple[str, ...]) -> bool:
    named = any(field == name or field.startswith(f"{name}.") for name in names)
    return action == "/All" or (action == "/Include" and named) or (action == "/Exclude" and not named)
