"""Every signature the file holds, listed or not, each with its range checked, its CMS parsed and its digest compared.

One broken signature never hides another: whatever is wrong with one becomes its findings, and the rest go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from signing.errors import ValidationError
from signing.validation.ades import Embedded, SignatureInFile
from signing.validation.byterange import ByteRange, check_byte_range, check_padding, spans_a_string
from signing.validation.cms import CmsSignature, CmsVerdict, check_signature, check_token, parse_signature
from signing.validation.codes import finding
from signing.validation.fields import SignatureDictionary, Widget, read_signature, unlisted_signatures
from signing.validation.rawscan import range_digests

if TYPE_CHECKING:
    from signing.validation.foreign import PdfValue
    from signing.validation.limits import Limits
    from signing.validation.opening import OpenedFile
    from signing.validation.report import Finding

__all__ = ["FoundSignature", "find_signatures", "validation_data"]

_KNOWN_SUBFILTERS = frozenset({"/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/ETSI.RFC3161", "/PBAD.PAdES"})
"""What ``check_signature`` and ``check_token`` understand (ISO 32000-2 table 260, and ICP-Brasil's name for PAdES)."""


@dataclass(frozen=True, slots=True)
class FoundSignature:
    """One signature as found."""

    field: str | None
    """Fully qualified field name, or ``None`` if no field refers to it."""

    dictionary: SignatureDictionary
    """The signature dictionary."""

    widgets: tuple[Widget, ...]
    """Where it is seen."""

    byte_range: ByteRange | None
    """Its range, if it can be digested."""

    revision: int
    """The revision it covers whole, 0 if none."""

    in_time: SignatureInFile | None
    """Parsed and checked; ``None`` if it cannot be parsed."""

    findings: tuple[Finding, ...]
    """What is wrong with it."""

    @property
    def is_timestamp(self) -> bool:
        return self.dictionary.type == "/DocTimeStamp" or self.dictionary.subfilter == "/ETSI.RFC3161"


@dataclass(frozen=True, slots=True)
class _Candidate:
    field: str | None
    dictionary: SignatureDictionary
    widgets: tuple[Widget, ...]
    byte_range: ByteRange | None
    cms: CmsSignature | None
    findings: tuple[Finding, ...]


def find_signatures(opened: OpenedFile, limits: Limits) -> tuple[list[FoundSignature], str, list[Finding]]:
    """All signatures in order of signing, SHA-256 of the file, and findings about what is no signature."""
    candidates, findings = _candidates(opened)
    if len(candidates) > limits.signatures:
        raise ValidationError("limit.signatures", zh="签名数超过上限", en="too many signatures", value=len(candidates))
    ranges = [item.byte_range.key for item in candidates if item.byte_range is not None]
    algorithms = {item.cms.digest_algorithm for item in candidates if item.cms is not None}
    sha256, digests = range_digests(opened.file, ranges, algorithms or {"sha256"})
    found = [_checked(opened, item, digests) for item in candidates]
    found.sort(key=lambda item: item.byte_range.end if item.byte_range else opened.scan.size_bytes + 1)
    return found, sha256, findings


def validation_data(opened: OpenedFile, found: list[FoundSignature]) -> tuple[list[Embedded], list[PdfValue]]:
    """Revocation data in the file, and certificates as DER: the store (ISO 32000-2 § 12.8.4.3) and the CMS."""
    revocation: list[Embedded] = []
    certificates: list[bytes] = []
    store = opened.pdf.Root.get("/DSS")
    for key in ("/Certs", "/OCSPs", "/CRLs"):
        for target in _stream_ids(store, key):
            try:
                data = opened.revisions.stream_data(target)
            except Exception:  # noqa: BLE001, S112 - a broken stream proves nothing, and only that
                continue
            if data is None:
                continue
            if key == "/Certs":
                certificates.append(data)
            else:
                revocation.append(Embedded(data, opened.revisions.last_change(target)))
    for item in found:
        if item.in_time is not None:
            signatures = (item.in_time.cms, *item.in_time.cms.tokens)
            certificates += [cert.dump() for each in signatures for cert in (each.signer, *each.certificates)]
            revocation += [Embedded(der, item.revision + 1) for der in _revocation_in_cms(item.in_time.cms)]
    return revocation, certificates


def _candidates(opened: OpenedFile) -> tuple[list[_Candidate], list[Finding]]:
    findings: list[Finding] = []
    found: list[_Candidate] = []
    listed: set[tuple[int, int]] = set()
    for field in opened.fields:
        if not field.is_signature:
            continue
        dictionary = read_signature(field.value)
        if dictionary is None:
            findings.append(finding("field.unsigned", field=field.name))
            continue
        shared = dictionary.object_id in listed and dictionary.object_id != (0, 0)
        listed.add(dictionary.object_id)
        candidate = _candidate(opened, field.name, dictionary, field.widgets)
        found.append(_with(candidate, finding("signature.shared", field=field.name)) if shared else candidate)
    found += [
        _with(_candidate(opened, None, dictionary, ()), finding("signature.unlisted"))
        for dictionary in unlisted_signatures(opened.pdf, listed)
    ]
    findings += _ranges_nobody_owns(opened, found)
    return found, findings


def _ranges_nobody_owns(opened: OpenedFile, found: list[_Candidate]) -> list[Finding]:
    """/ByteRange arrays in plain bytes that no dictionary in force has: signatures that were overwritten or cut off."""
    owned = {item.dictionary.byte_range for item in found}
    return [
        finding("signature.unlisted", offset=raw.offset)
        for raw in opened.scan.byte_ranges
        if raw.numbers not in owned and spans_a_string(opened.file, raw.numbers)
    ]


def _candidate(
    opened: OpenedFile, field: str | None, dictionary: SignatureDictionary, widgets: tuple[Widget, ...]
) -> _Candidate:
    byte_range, problems = check_byte_range(opened.file, opened.scan.size_bytes, dictionary, field)
    findings = list(problems)
    cms: CmsSignature | None = None
    if dictionary.subfilter not in _KNOWN_SUBFILTERS:
        findings.append(finding("signature.subfilter_unknown", field=field, subfilter=dictionary.subfilter or ""))
    elif dictionary.contents:
        try:
            cms = parse_signature(dictionary.contents)
            findings += check_padding(dictionary, cms.bytes_used, field)
        except ValidationError:
            findings.append(finding("signature.unreadable", field=field))
    return _Candidate(field, dictionary, widgets, byte_range, cms, tuple(findings))


def _checked(
    opened: OpenedFile, item: _Candidate, digests: dict[tuple[tuple[int, int, int], str], bytes]
) -> FoundSignature:
    findings = list(item.findings)
    revision = 0
    if item.byte_range is not None:
        revision = _revision(opened, item)
        if revision == 0:
            findings.append(finding("byte_range.not_revision_end", field=item.field, end=item.byte_range.end))
    sound = not item.findings and revision > 0
    in_time: SignatureInFile | None = None
    if item.cms is not None:
        verdict = CmsVerdict(intact=False, sub_indication="FORMAT_FAILURE")
        if item.byte_range is not None:
            verdict = _verdict(item.cms, digests[item.byte_range.key, item.cms.digest_algorithm])
        is_pades = item.dictionary.subfilter in {"/ETSI.CAdES.detached", "/PBAD.PAdES"}
        in_time = SignatureInFile(item.cms, verdict, revision if sound else 0, is_pades)
    return FoundSignature(
        item.field, item.dictionary, item.widgets, item.byte_range, revision, in_time, tuple(findings)
    )


def _verdict(cms: CmsSignature, digest: bytes) -> CmsVerdict:
    if cms.generated_at is not None:
        return check_token(cms, {cms.digest_algorithm: digest})
    return check_signature(cms, digest)


def _revision(opened: OpenedFile, item: _Candidate) -> int:
    """The revision whose last byte is the last byte signed, if the signature was also written in it."""
    assert item.byte_range is not None
    revision = opened.revisions.ends_at(item.byte_range.end)
    if revision is None or item.byte_range.end > opened.readable_bytes:
        return 0
    written = opened.revisions.last_change(item.dictionary.object_id)
    return revision if written in {0, revision} else 0


def _with(candidate: _Candidate, extra: Finding) -> _Candidate:
    return _Candidate(
        candidate.field,
        candidate.dictionary,
        candidate.widgets,
        candidate.byte_range,
        candidate.cms,
        (*candidate.findings, extra),
    )


def _stream_ids(store: PdfValue, key: str) -> list[tuple[int, int]]:
    try:
        return [(int(item.objgen[0]), int(item.objgen[1])) for item in store.get(key, ())][:1000]
    except (AttributeError, TypeError, ValueError):
        return []


def _revocation_in_cms(cms: CmsSignature) -> list[bytes]:
    """Adobe's revocation attribute (ISO 32000-2 § 12.8.3.3.2) and CMS ``crls``."""
    found: list[bytes] = []
    try:
        for attribute in cms.signer_info["signed_attrs"]:
            if attribute["type"].native == "adobe_revocation_info_archival":
                for value in attribute["values"]:
                    found += [item.dump() for part in ("crl", "ocsp") for item in value[part] or ()]
    except Exception:  # noqa: BLE001 - asn1crypto raises almost anything on hostile DER
        return []
    return found
