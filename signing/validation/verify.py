"""One PDF, examined: who signed what when, whether it still says so, and how far that can be believed.

The order:

1. open the file with every parser and look for oddities of structure (``opening.py``);
2. find every signature, check its range, its CMS, its digest (``found.py``);
3. compare neighbouring revisions once (``changes.py``), and see whether later ones reach into pages (``reach.py``);
4. judge the signatures in time (``ades.py``);
5. permissions, what follows the last signature, what people see;
6. put together: the verdict is the worst of all, so that a good last signature never hides a bad first one.

Reads the file and nothing else: no network, no clock; ``now`` is given. Untrusted files belong in ``guard.py``.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from signing.errors import ValidationError
from signing.validation.ades import Evidence, Judge
from signing.validation.appearance import appearance_findings, overlaps_on_signatures
from signing.validation.chains import ChainBuilder, load_certificate
from signing.validation.changes import RevisionChanges, compare_revision
from signing.validation.codes import CODES, finding
from signing.validation.describe import describe_signature
from signing.validation.found import FoundSignature, find_signatures, validation_data
from signing.validation.limits import DEFAULT_LIMITS, Limits
from signing.validation.opening import OpenedFile, hidden_revisions, open_file
from signing.validation.permissions import change_code, permission_findings
from signing.validation.reach import reachable, written_later
from signing.validation.report import (
    Change,
    ChangeKind,
    FileFacts,
    Finding,
    Integrity,
    Severity,
    SignatureReport,
    Verdict,
    VerificationReport,
    worst,
)
from signing.validation.revocation import RevocationStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from signing.validation.ades import Judgement
    from signing.validation.foreign import Asn1Value
    from signing.validation.trust import TrustAnchors

__all__ = ["unreadable_report", "verify_pdf"]

_LOG = logging.getLogger(__name__)

_SEVERITY_VERDICT = {
    Severity.INFO: Verdict.PASSED,
    Severity.WARNING: Verdict.INDETERMINATE,
    Severity.ERROR: Verdict.FAILED,
    Severity.FATAL: Verdict.UNREADABLE,
}
_WORST_FIRST = [Severity.FATAL, Severity.ERROR, Severity.WARNING, Severity.INFO]
_HONEST_CLAIM = timedelta(days=1)
"""A clock may be wrong and a queue long; a day apart, somebody should ask why."""

_HARMLESS_AFTER_LAST = frozenset(
    {ChangeKind.VALIDATION_DATA, ChangeKind.METADATA, ChangeKind.IDENTICAL, ChangeKind.UNREFERENCED}
)


def verify_pdf(
    source: Path | BinaryIO, *, trust: TrustAnchors, now: datetime, limits: Limits = DEFAULT_LIMITS
) -> VerificationReport:
    """Examine ``source`` as of ``now``, trusting ``trust`` and nothing in the file.

    A file that cannot be examined gives a report with verdict ``unreadable``, not an error. Raises ``ValidationError``
    only when ``trust`` itself cannot be read, and ``OSError`` when the file cannot.
    """
    with ExitStack() as stack:
        file = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
        size = file.seek(0, 2)
        if size > limits.file_bytes:
            return unreadable_report("limit.file_size", now, size)
        for der in (*trust.certificates, *trust.time_roots):
            load_certificate(der)
        try:
            opened = open_file(file, limits)
            stack.callback(opened.pdf.close)
            return _examine(opened, trust, now, limits)
        except ValidationError as error:
            code = error.code if error.code in CODES else "file.unreadable"
            return unreadable_report(code, now, size)
        except MemoryError:
            raise  # bounded and reported by guard.py
        except Exception:  # noqa: BLE001 - see below
            # A hostile file found a way through: no verdict is the only honest one. Fuzzing holds that none does.
            _LOG.exception("verification_failed")
            return unreadable_report("examiner.error", now, size)


def unreadable_report(code: str, now: datetime, size: int) -> VerificationReport:
    """The report on a file that cannot be examined, because of ``code``."""
    facts = FileFacts(size, None, None, None)
    return VerificationReport(Verdict.UNREADABLE, Integrity.UNKNOWN, now, facts, (), (finding(code),))


@dataclass(frozen=True, slots=True)
class _Comparisons:
    """What later revisions did."""

    compared: tuple[RevisionChanges, ...]
    """Neighbours compared, from the revision after the first signed one."""

    changes: tuple[Change, ...]
    """All changes, those found by walking the pages included."""

    first_end: int
    """Where the first signed revision ends; the size of the file if there is none."""


def _examine(opened: OpenedFile, trust: TrustAnchors, now: datetime, limits: Limits) -> VerificationReport:
    found, sha256, findings = find_signatures(opened, limits)  # (2)
    comparisons = _compare(opened, found)  # (3)
    judgements = _judge(opened, found, trust, now, limits)  # (4)
    certified = any(item.dictionary.docmdp is not None for item in found)
    findings += opened.findings
    findings += hidden_revisions(opened, comparisons.first_end)
    findings += _change_findings(comparisons.changes, certified=certified)
    findings += permission_findings(opened.pdf, found, comparisons.changes)  # (5)
    findings += _after_last(opened, found, comparisons)
    suspicious = any(item.severity is not Severity.INFO for item in findings) and bool(comparisons.changes)
    if found:
        findings += appearance_findings(opened, comparisons.first_end, comparisons.changes, suspicious=suspicious)
        findings += overlaps_on_signatures(opened.pdf, {widget.object_id for item in found for widget in item.widgets})
    else:
        findings.append(finding("signature.none"))
    reports = _reports(opened, found, judgements, comparisons, certified=certified)
    findings += [finding("time.claim_differs", field=item.field) for item in reports if _claim_differs(item)]
    for item, judgement in zip(found, judgements, strict=True):
        findings += item.findings
        findings += [finding(code, field=item.field) for code in (judgement.codes if judgement else ())]
    facts = FileFacts(opened.scan.size_bytes, sha256, len(opened.pdf.pages), opened.revisions.count)
    return _compose(reports, findings, facts, now)  # (6)


def _compare(opened: OpenedFile, found: Sequence[FoundSignature]) -> _Comparisons:
    signed = [item for item in found if item.revision > 0]
    if not signed:
        return _Comparisons((), (), opened.scan.size_bytes)
    first = min(signed, key=lambda item: item.revision)
    assert first.byte_range is not None
    later = range(first.revision + 1, opened.revisions.count + 1)
    known = {item.dictionary.object_id: item.is_timestamp for item in found}
    compared = tuple(compare_revision(opened.revisions, revision, known) for revision in later)
    changes = tuple(change for item in compared for change in item.changes)
    if compared:
        changes += written_later(reachable(opened.pdf, opened.pdf.pages), compared)
    return _Comparisons(compared, changes, first.byte_range.end)


def _judge(
    opened: OpenedFile, found: Sequence[FoundSignature], trust: TrustAnchors, now: datetime, limits: Limits
) -> list[Judgement | None]:
    revocation, certificates = validation_data(opened, list(found))
    helpers = [*trust.intermediates, *dict.fromkeys(certificates)]
    chains = ChainBuilder(trust.certificates, _loadable(helpers[: limits.certificates]), trust.time_roots)
    store = RevocationStore([item.der for item in revocation], trust.revocation)
    evidence = Evidence(chains, store, tuple(revocation), trust.revocation_max_age)
    parsed = [item.in_time for item in found if item.in_time is not None]
    judged = iter(Judge(evidence, now).judge(parsed))
    return [None if item.in_time is None else next(judged) for item in found]


def _loadable(certificates: Iterable[bytes]) -> list[Asn1Value]:
    loaded: list[Asn1Value] = []
    for der in certificates:
        try:
            loaded.append(load_certificate(der))
        except ValidationError:
            continue
    return loaded


def _change_findings(changes: Sequence[Change], *, certified: bool) -> list[Finding]:
    """One finding per kind, field and page: a file with a thousand changed objects needs no thousand sentences."""
    seen: dict[tuple[str, str | None, int | None], Finding] = {}
    for change in changes:
        code = change_code(change, certified=certified)
        if code is not None:
            made = finding(code, field=change.field, page=change.page, revision=change.revision, detail=change.detail)
            seen.setdefault((code, change.field, change.page), made)
    return list(seen.values())


def _after_last(opened: OpenedFile, found: Sequence[FoundSignature], comparisons: _Comparisons) -> list[Finding]:
    """What stands after the last signature (incremental saving attack)."""
    ends = [item.byte_range.end for item in found if item.byte_range is not None and item.revision > 0]
    size = opened.scan.size_bytes
    if not ends or max(ends) >= size:
        return []
    end = max(ends)
    opened.file.seek(end)
    if size - end < 16 and not opened.file.read(16).strip():
        return [finding("white_space_after_last_signature", bytes=size - end)]
    signed = max(item.revision for item in found)
    trailing = [change for change in comparisons.changes if change.revision > signed]
    complete = opened.readable_bytes == size and opened.revisions.ends_at(size) == opened.revisions.count
    harmless = all(not change.suspicious and change.kind in _HARMLESS_AFTER_LAST for change in trailing)
    if complete and trailing and harmless:
        return [finding("validation_data_after_last_signature", bytes=size - end)]
    return [finding("bytes_after_last_signature", bytes=size - end, offset=end)]


def _reports(
    opened: OpenedFile,
    found: Sequence[FoundSignature],
    judgements: Sequence[Judgement | None],
    comparisons: _Comparisons,
    *,
    certified: bool,
) -> tuple[SignatureReport, ...]:
    reports: list[SignatureReport] = []
    for item, judgement in zip(found, judgements, strict=True):
        later = tuple(change for change in comparisons.changes if 0 < item.revision < change.revision)
        codes = [code for code in (change_code(change, certified=certified) for change in later) if code]
        severities = [entry.severity for entry in item.findings] + [CODES[code].severity for code in codes]
        reports.append(
            describe_signature(
                item,
                judgement,
                later,
                worst(_SEVERITY_VERDICT[severity] for severity in (Severity.INFO, *severities)),
                (opened.scan.size_bytes, opened.revisions.count),
            )
        )
    return tuple(reports)


def _claim_differs(report: SignatureReport) -> bool:
    claimed, proven = report.signed_at.claimed_at, report.signed_at.proven_at
    return claimed is not None and proven is not None and abs(proven - claimed) > _HONEST_CLAIM


def _compose(
    reports: tuple[SignatureReport, ...], findings: Sequence[Finding], facts: FileFacts, now: datetime
) -> VerificationReport:
    unique = list(dict.fromkeys(findings))
    verdicts = [report.outcome.verdict for report in reports]
    verdicts += [_SEVERITY_VERDICT[item.severity] for item in unique]
    altered = any(CODES[item.code].alters for item in unique)
    doubtful = not reports or any(not report.intact for report in reports)
    integrity = Integrity.ALTERED if altered else Integrity.UNKNOWN if doubtful else Integrity.INTACT
    ordered = tuple(sorted(unique, key=lambda item: _WORST_FIRST.index(item.severity)))
    return VerificationReport(worst(verdicts), integrity, now, facts, reports, ordered)
