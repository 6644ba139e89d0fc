"""One container, examined: who signed for which files, and whether the files are those.

The order:

1. the ZIP: one meaning only (``zip_reader.py``); ``mimetype`` first, stored, plain (EN 319 162-1 § A.1);
2. every file unpacked once, its digests taken;
3. manifests: each names one signature or time-stamp, each file they list is there and is what they say (§ A.4);
4. signatures over manifests and archive time-stamps, judged in time (``seals.py``);
5. every other file is listed by a manifest whose signature was found, whatever that one is worth;
6. the verdict is the worst of all, so that a good signature never hides a bad one.

That the signer is somebody in particular is not asked here: :attr:`SealReport.signer` says who it is. Reads the stream
and nothing else: no network, no clock.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from signing.containers.codes import CONTAINER_CODES, container_finding
from signing.containers.files import MEDIA_TYPE, META_INF, MIMETYPE_NAME
from signing.containers.manifest import Manifest, manifest_from_xml
from signing.containers.report import ContainerReport, MemberReport
from signing.containers.seals import Sealed, judge_seals
from signing.containers.zip_reader import CHUNK_BYTES, DEFAULT_LIMITS, ContainerLimits, read_directory
from signing.errors import ValidationError
from signing.validation.chains import load_certificate
from signing.validation.report import Finding, Severity, Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from signing.containers.zip_reader import ZipDirectory
    from signing.validation.trust import TrustAnchors

__all__ = ["is_container", "open_container"]

_LOG = logging.getLogger(__name__)

_MANIFEST = re.compile(r"META-INF/[^/]*ASiC(Archive)?Manifest[^/]*\.xml")
_SEAL = re.compile(r"META-INF/[^/]*(signature[^/]*\.p7s|timestamp[^/]*\.tst)", re.IGNORECASE)
"""§ 4.4.4.2 and § A.7."""

_VERDICTS = {
    Severity.INFO: Verdict.PASSED,
    Severity.WARNING: Verdict.INDETERMINATE,
    Severity.ERROR: Verdict.FAILED,
    Severity.FATAL: Verdict.UNREADABLE,
}
_WORST_FIRST = [Severity.FATAL, Severity.ERROR, Severity.WARNING, Severity.INFO]


@dataclass(frozen=True, slots=True)
class _Contents:
    """What was unpacked."""

    digests: Mapping[str, Mapping[str, str] | None]
    """By name: hex digests by algorithm; ``None`` where unpacking failed."""

    small: Mapping[str, bytes]
    """Manifests and signatures, whole."""

    manifests: Mapping[str, Manifest]
    """By name."""


def open_container(
    stream: BinaryIO, *, trust: TrustAnchors, now: datetime, limits: ContainerLimits = DEFAULT_LIMITS
) -> ContainerReport:
    """Examine the container in ``stream``, which must seek, as of ``now``, trusting ``trust`` and nothing inside.

    A file that cannot be examined gives a report with verdict ``unreadable``, not an error. Memory does not grow with
    the files. Raises ``OSError`` where reading fails, and ``ValidationError`` where ``trust`` itself cannot be read.
    """
    size = stream.seek(0, 2)
    for der in trust.certificates:
        load_certificate(der)
    try:
        return _examined(stream, size, trust=trust, now=now, limits=limits)
    except ValidationError as error:
        return _unreadable(error.code if error.code in CONTAINER_CODES else "container.damaged", now, size)
    except (MemoryError, OSError):
        raise
    except Exception:  # noqa: BLE001 - see below
        # A hostile file found a way through: no verdict is the only honest one.
        _LOG.exception("container_verification_failed")
        return _unreadable("examiner.error", now, size)


def is_container(start: bytes) -> bool:
    """Whether a file that begins so is to be read as a container, judged or refused as one."""
    return start.startswith(b"PK")


def _unreadable(code: str, now: datetime, size: int) -> ContainerReport:
    return ContainerReport(Verdict.UNREADABLE, now, None, size, (), (), (container_finding(code),))


def _examined(
    stream: BinaryIO, size: int, *, trust: TrustAnchors, now: datetime, limits: ContainerLimits
) -> ContainerReport:
    directory = read_directory(stream, limits)  # (1)
    findings: list[Finding] = [*directory.findings, *_mimetype_findings(directory)]
    small = dict(_small_files(directory, limits, findings))
    manifests = dict(_manifests(small, findings))
    contents = _Contents(dict(_digests(directory, manifests, findings)), small, manifests)  # (2)
    sealed = tuple(_sealed(contents, findings))  # (3)
    seals = judge_seals(sealed, trust=trust, now=now)  # (4)
    covered = _coverage(contents, sealed, findings)  # (5)
    media_types = {item.name: item.media_type for found in manifests.values() for item in found.references}
    members = tuple(
        MemberReport(
            entry.name,
            entry.size_bytes,
            (contents.digests[entry.name] or {}).get("sha256"),
            media_types.get(entry.name),
            entry.name in covered,
        )
        for entry in directory.entries
    )
    return _composed(
        ContainerReport(Verdict.PASSED, now, _sha256(stream), size, members, seals, tuple(findings))
    )  # (6)


def _composed(report: ContainerReport) -> ContainerReport:
    findings = (*report.findings, *(item for seal in report.seals for item in seal.findings))
    verdicts = [*(_VERDICTS[item.severity] for item in findings), *(seal.verdict for seal in report.seals)]
    ordered = tuple(sorted(dict.fromkeys(findings), key=lambda item: _WORST_FIRST.index(item.severity)))
    return ContainerReport(
        worst(verdicts), report.verified_at, report.sha256, report.size_bytes, report.members, report.seals, ordered
    )


def _mimetype_findings(directory: ZipDirectory) -> Iterator[Finding]:
    first = directory.entries[0] if directory.entries else None
    plain = first is not None and first.name == MIMETYPE_NAME and first.method == 0 and not first.has_extra
    try:
        said = directory.read(first, len(MEDIA_TYPE)) if plain and first is not None else b""
    except ValidationError:
        said = b""
    if said != MEDIA_TYPE.encode():
        yield container_finding("container.mimetype")


def _small_files(
    directory: ZipDirectory, limits: ContainerLimits, findings: list[Finding]
) -> Iterator[tuple[str, bytes]]:
    for entry in directory.entries:
        if _MANIFEST.fullmatch(entry.name) or _SEAL.fullmatch(entry.name):
            try:
                yield entry.name, directory.read(entry, limits.small_bytes)
            except ValidationError as error:
                findings.append(container_finding(error.code, name=entry.name))


def _manifests(small: Mapping[str, bytes], findings: list[Finding]) -> Iterator[tuple[str, Manifest]]:
    for name, content in small.items():
        if _MANIFEST.fullmatch(name):
            try:
                yield name, manifest_from_xml(content)
            except ValidationError as error:
                findings.append(container_finding(error.code, name=name))


def _digests(
    directory: ZipDirectory, manifests: Mapping[str, Manifest], findings: list[Finding]
) -> Iterator[tuple[str, Mapping[str, str] | None]]:
    """Hex digests of every file in SHA-256 and in what the manifests use."""
    algorithms = {"sha256", *(item.algorithm for manifest in manifests.values() for item in manifest.references)}
    for entry in directory.entries:
        hashes = {name: hashlib.new(name) for name in algorithms}
        try:
            for piece in directory.pieces(entry):
                for each in hashes.values():
                    each.update(piece)
            yield entry.name, {name: each.hexdigest() for name, each in hashes.items()}
        except ValidationError as error:
            findings.append(container_finding(error.code, name=entry.name))
            yield entry.name, None


def _sealed(contents: _Contents, findings: list[Finding]) -> Iterator[Sealed]:
    """Manifests with their signatures; each without the other is a finding, and so is one signature for two."""
    named: set[str] = set()
    for name, manifest in contents.manifests.items():
        lists = frozenset(_right_references(contents, manifest, findings))
        cms_der = contents.small.get(manifest.signature)
        if cms_der is None or manifest.signature in named or not _SEAL.fullmatch(manifest.signature):
            findings.append(container_finding("container.unsigned_manifest", name=name))
        else:
            yield Sealed(manifest.signature, cms_der, name, contents.small[name], lists)
        named.add(manifest.signature)
    strays = [name for name in contents.small if _SEAL.fullmatch(name) and name not in named]
    findings += [container_finding("container.stray_signature", name=name) for name in strays]


def _right_references(contents: _Contents, manifest: Manifest, findings: list[Finding]) -> Iterator[str]:
    for reference in manifest.references:
        digests = contents.digests.get(reference.name)
        if reference.name not in contents.digests:
            findings.append(container_finding("container.missing_file", name=reference.name))
        elif digests is None or digests.get(reference.algorithm) != reference.digest:
            findings.append(container_finding("container.digest_mismatch", name=reference.name))
        else:
            yield reference.name


def _coverage(contents: _Contents, sealed: Iterable[Sealed], findings: list[Finding]) -> frozenset[str]:
    """Names of files that some signature stands for; a time-stamp alone is nobody's word."""
    signatures = [item for item in sealed if not item.is_stamp]
    if not signatures:
        findings.append(container_finding("container.no_signature"))
    exempt = {MIMETYPE_NAME, *contents.manifests, *(manifest.signature for manifest in contents.manifests.values())}
    data = [name for name in contents.digests if name not in exempt]
    listed = {item.name for seal in signatures for item in contents.manifests[seal.manifest_name].references}
    findings += [container_finding("container.unlisted_file", name=name) for name in data if name not in listed]
    for seal in signatures:
        if any(name not in seal.lists and not name.startswith(META_INF) for name in data):
            findings.append(container_finding("container.partial_signature", name=seal.name))
    return frozenset(name for seal in signatures for name in seal.lists)


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    stream.seek(0)
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()
