"""The bundle an office returns (ZN-20): a ZIP with fixed names, complete or refused.

Names are the whole contract: a part that is missing and a part that nobody knows are each named. Nothing is ever
unpacked to a path; sizes are held while reading, not believed. Pictures and PDFs are looked into by a child process and
kept as they came: they are what the office archived.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from documents.errors import UploadError
from documents.uploads.facts import MediaType
from documents.words import look_into
from identity.findings import Finding
from notary.certificates.certificate import examine_certificate
from notary.certificates.expected import TakenBundle, TakenPart
from notary.errors import CertificateRefused, NotaryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from documents.words import Look
    from identity.findings import Findings
    from notary.certificates.expected import Expected, OfficeTrust

__all__ = ["CERTIFICATE", "CONTRACT", "part_names", "take_in_bundle"]

CERTIFICATE: Final = "certificate.pdf"
CONTRACT: Final = "contract.pdf"

MOST_PARTS: Final = 64
"""Four fixed parts and two for each purchaser; thirty purchasers of one house are more than anybody has seen."""

MOST_PART_BYTES: Final = 64 << 20
"""Of one part: twice a contract with scanned annexes."""

MOST_BUNDLE_BYTES: Final = 256 << 20
"""Of all parts together, unpacked."""

_PICTURES: Final = ("jpg", "png")
_PAPERS: Final = ("pdf", *_PICTURES)
_TYPES: Final = {"pdf": MediaType.PDF, "jpg": MediaType.JPEG, "png": MediaType.PNG}
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
"""Flag bits of traditional and strong encryption and of a masked directory (APPNOTE § 4.4.4)."""

_Parts = dict[str, bytes]


def take_in_bundle(bundle: bytes, trust: OfficeTrust, expected: Expected, now: datetime) -> TakenBundle:
    """Every part of the bundle, its certificate verified. Raises :class:`CertificateRefused` with every finding."""
    parts = _unpacked(bundle)
    wanted = part_names(expected)
    findings = list(_objections_to_names(parts, wanted))
    strange = {name: content for name, content in parts.items() if not _is_ours(name, content, expected)}
    looks = _looked_into({name: content for name, content in strange.items() if _is_known(name, wanted)})
    findings += _objections_to_looks(looks)
    findings += _objections_to_contract(parts, expected)
    facts = None
    if CERTIFICATE in looks:
        facts, more = examine_certificate(parts[CERTIFICATE], looks[CERTIFICATE], trust, expected, now)
        findings += more
    if findings or facts is None:
        raise CertificateRefused(tuple(findings))
    return TakenBundle(
        hashlib.sha256(bundle).hexdigest(),
        facts,
        tuple(_part(name, parts[name], looks.get(name)) for name in sorted(parts)),
    )


def part_names(expected: Expected) -> tuple[tuple[str, ...], ...]:
    """Each part that must be there, by the names it may have; every part but one has alternatives of its kind only.

    Raises :class:`NotaryError` (``bundle.kind_unknown``) where the profile names a kind that has no fixed name.
    """
    return tuple(names for kind in expected.returned for names in _names_of(kind, expected))


def _names_of(kind: str, expected: Expected) -> Iterator[tuple[str, ...]]:
    if kind == "certificate":
        yield (CERTIFICATE,)
    elif kind == "contract":
        yield (CONTRACT,)
    elif kind == "seller_licence":
        yield _either("seller_licence", _PAPERS)
    elif kind == "legal_rep_id":
        yield _either("legal_rep_id_front", _PICTURES)
        yield _either("legal_rep_id_back", _PICTURES)
    elif kind == "buyer_id":
        for key in expected.purchasers:
            yield _either(f"{key}_id_front", _PICTURES)
            if key not in expected.one_sided:
                yield _either(f"{key}_id_back", _PICTURES)
    else:
        raise NotaryError(
            "bundle.kind_unknown", zh=f"返回材料种类未定义：{kind}", en=f"no part is known for {kind}", kind=kind
        )


def _either(stem: str, endings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{stem}.{ending}" for ending in endings)


# --- the ZIP -----------------------------------------------------------------------------------------------------


def _unpacked(bundle: bytes) -> _Parts:
    """The parts by name. Raises :class:`CertificateRefused` for an archive that is not plainly one."""
    if not bundle.startswith(b"PK\x03\x04"):
        raise _refused("bundle.not_zip", "返回材料不是 ZIP 文件", "the bundle is not a ZIP file")
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            entries = archive.infolist()
            found = tuple(_objections_to_archive(archive, entries))
            if found:
                raise CertificateRefused(found)
            return {entry.filename: _read(archive, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError) as cause:
        raise _refused("bundle.broken", "返回材料的 ZIP 文件已损坏", "the bundle's ZIP is broken") from cause


def _objections_to_archive(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_BUNDLE_BYTES:
        yield Finding("bundle.too_large", "返回材料过多或过大", "the bundle has too many parts, or too large ones")
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Finding("bundle.part_twice", f"同名材料重复：{name}", f"{name} is there twice", facts=(("part", name),))
    for entry in entries:
        facts = (("part", entry.filename),)
        if entry.flag_bits & _ENCRYPTED:
            yield Finding("bundle.encrypted", "材料已加密", f"{entry.filename} is encrypted", facts=facts)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield Finding("bundle.method", "压缩方法不支持", f"{entry.filename} is packed in another way", facts=facts)
        if entry.file_size > MOST_PART_BYTES:
            yield Finding("bundle.part_too_large", "材料过大", f"{entry.filename} is too large", facts=facts)
    if (entries and min(entry.header_offset for entry in entries) != 0) or archive.comment:
        yield Finding("bundle.foreign_bytes", "ZIP 文件夹带其他内容", "the ZIP carries something besides its parts")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """At most what the directory claims, which was held against the bounds; CRC and length are checked by reading."""
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise zipfile.BadZipFile("length")
    return content


# --- the parts ---------------------------------------------------------------------------------------------------


def _objections_to_names(parts: Mapping[str, bytes], wanted: tuple[tuple[str, ...], ...]) -> Iterator[Finding]:
    for names in wanted:
        present = [name for name in names if name in parts]
        facts = (("part", names[0].rpartition(".")[0]), ("names", " ".join(names)))
        if not present:
            yield Finding("bundle.part_missing", f"缺少材料：{names[0]}", f"{names[0]} is missing", facts=facts)
        elif len(present) > 1:
            yield Finding(
                "bundle.part_twice", f"同一材料重复：{present[1]}", f"{present[1]} is one too many", facts=facts
            )
    for name in parts:
        if not _is_known(name, wanted):
            shown = name[:100]
            yield Finding(
                "bundle.part_unknown",
                f"不应有的材料：{shown}",
                f"{shown} does not belong here",
                facts=(("part", shown),),
            )


def _is_known(name: str, wanted: tuple[tuple[str, ...], ...]) -> bool:
    return any(name in names for names in wanted)


def _looked_into(parts: Mapping[str, bytes]) -> dict[str, Look | UploadError]:
    return dict(zip(parts, look_into(list(parts.values())), strict=True))


def _is_ours(name: str, content: bytes, expected: Expected) -> bool:
    """Whether it is the very contract that was sent. Signed by hand it carries its text (SZ-79); no upload may."""
    return name == CONTRACT and hashlib.sha256(content).hexdigest() == expected.contract_sha256


def _objections_to_looks(looks: Mapping[str, Look | UploadError]) -> Iterator[Finding]:
    for name, look in looks.items():
        if name == CERTIFICATE:
            continue  # judged as a certificate
        facts: tuple[tuple[str, str], ...] = (("part", name),)
        if isinstance(look, UploadError):
            yield Finding(
                "bundle.part_refused",
                f"{name}：{look.zh}",
                f"{name}: {look.en}",
                facts=(*facts, ("refusal", look.code)),
            )
        elif look.media_type is not _TYPES[name.rpartition(".")[2]]:
            yield Finding(
                "bundle.part_type", f"{name} 的内容与扩展名不符", f"{name} is not what its name says", facts=facts
            )


def _objections_to_contract(parts: Mapping[str, bytes], expected: Expected) -> Findings:
    content = parts.get(CONTRACT)
    if content is None or "contract" not in expected.returned:
        return ()
    if _is_ours(CONTRACT, content, expected):
        return ()
    sha256 = hashlib.sha256(content).hexdigest()
    return (
        Finding(
            "bundle.contract_differs",
            "返回的合同与送出的合同不是同一文件",
            "contract.pdf is not the contract that was sent, byte for byte",
            facts=(("found", sha256), ("expected", expected.contract_sha256 or "")),
        ),
    )


def _part(name: str, content: bytes, look: Look | UploadError | None) -> TakenPart:
    assert not isinstance(look, UploadError)  # refused before
    media_type = _TYPES["pdf"] if look is None else look.media_type
    return TakenPart(name, hashlib.sha256(content).hexdigest(), media_type.value, content)


def _refused(code: str, zh: str, en: str) -> CertificateRefused:
    return CertificateRefused((Finding(code, zh, en),))
