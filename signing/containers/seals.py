"""Signatures and archive time-stamps of a container, judged in time like those of a PDF (``signing.validation.ades``).

The container has no revisions as a PDF has; its archive time-stamps take their place: what a time-stamp's manifest
lists existed by then. One that does not list every signature is judged by itself and proves nothing of the others.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from signing.containers.codes import container_finding
from signing.containers.report import SealReport
from signing.errors import ValidationError
from signing.validation.ades import Embedded, Evidence, Judge, SignatureInFile
from signing.validation.chains import ChainBuilder, load_certificate
from signing.validation.cms import CmsSignature, CmsVerdict, check_signature, check_token, parse_signature
from signing.validation.describe import signer_facts
from signing.validation.report import Level, Verdict
from signing.validation.revocation import RevocationStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from signing.validation.ades import Judgement
    from signing.validation.foreign import Asn1Value
    from signing.validation.trust import TrustAnchors

__all__ = ["Sealed", "judge_seals"]

_MAX_CERTIFICATES = 200
_MAX_ANSWERS = 200
"""Looked at per container; one of ours has some ten of each."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A manifest and the signature or time-stamp that it names."""

    name: str
    """Of the file with the signature."""

    cms_der: bytes
    """That file."""

    manifest_name: str
    """Of the manifest."""

    manifest: bytes
    """Its bytes: what is signed."""

    lists: frozenset[str]
    """Names of the files it lists, of those whose digests are right."""

    @property
    def is_stamp(self) -> bool:
        """Whether it says that it is a time-stamp."""
        return self.name.lower().endswith(".tst")


def judge_seals(sealed: Sequence[Sealed], *, trust: TrustAnchors, now: datetime) -> tuple[SealReport, ...]:
    """One report on each, signatures before time-stamps, in the order given."""
    parsed = [(item, _parsed(item)) for item in sealed]
    readable = sorted(
        ((item, cms) for item, cms in parsed if cms is not None), key=lambda pair: pair[1].generated_at is not None
    )
    unreadable = [item for item, cms in parsed if cms is None]
    signed = frozenset(item.name for item, cms in readable if cms.generated_at is None)
    revisions = _revisions(readable, signed)
    in_file = [
        SignatureInFile(cms, _checked(item, cms), revision, is_pades=True)  # it must be AdES to have a level: it is
        for (item, cms), revision in zip(readable, revisions, strict=True)
    ]
    judged = Judge(_evidence([cms for _, cms in readable], trust), now).judge(in_file)
    reports = [
        _report(item, cms, judgement, incomplete=revision == 0)
        for (item, cms), judgement, revision in zip(readable, judged, revisions, strict=True)
    ]
    return (*reports, *map(_unreadable, unreadable))


def _parsed(item: Sealed) -> CmsSignature | None:
    """``None`` for what is not, from first byte to last, the kind of CMS its name says.

    A time-stamp under a signature's name would be trusted, and nobody's word.
    """
    try:
        parsed = parse_signature(item.cms_der)
    except ValidationError:
        return None
    whole = parsed.bytes_used == len(item.cms_der)
    return parsed if whole and (parsed.generated_at is not None) == item.is_stamp else None


def _checked(item: Sealed, cms: CmsSignature) -> CmsVerdict:
    digest = hashlib.new(cms.digest_algorithm, item.manifest, usedforsecurity=False).digest()
    if cms.generated_at is None:
        return check_signature(cms, digest)
    return check_token(cms, {cms.digest_algorithm: digest})


def _revisions(readable: Sequence[tuple[Sealed, CmsSignature]], signed: frozenset[str]) -> list[int]:
    """1 for signatures, then one more for each archive time-stamp, by its time; 0 for one that leaves some out."""
    stamps = sorted(
        (item for item in readable if item[1].generated_at is not None and signed <= item[0].lists),
        key=lambda item: str(item[1].generated_at),
    )
    order = {id(cms): number for number, (_, cms) in enumerate(stamps, start=2)}
    return [1 if cms.generated_at is None else order.get(id(cms), 0) for _, cms in readable]


def _evidence(signatures: Sequence[CmsSignature], trust: TrustAnchors) -> Evidence:
    everything = [each for signature in signatures for each in (signature, *signature.tokens)]
    embedded = tuple(
        Embedded(der, revision=1) for der in dict.fromkeys(der for each in everything for der in _answers(each))
    )[:_MAX_ANSWERS]
    inside = (certificate.dump() for each in everything for certificate in (each.signer, *each.certificates))
    helpers = list(dict.fromkeys((*trust.intermediates, *inside)))[:_MAX_CERTIFICATES]
    chains = ChainBuilder(trust.certificates, _loadable(helpers), trust.time_roots)
    store = RevocationStore([item.der for item in embedded], trust.revocation)
    return Evidence(chains, store, embedded, trust.revocation_max_age)


def _answers(signature: CmsSignature) -> Iterator[bytes]:
    """CRLs and OCSP responses in the SignedData (RFC 5652 § 10.2.1, RFC 5940)."""
    try:
        for choice in signature.signed_data["crls"]:
            if choice.name == "crl":
                yield choice.chosen.dump()
            elif choice.name == "other" and choice.chosen["other_rev_info_format"].native == "ocsp_response":
                yield choice.chosen["other_rev_info"].dump()
    except Exception:  # noqa: BLE001 - asn1crypto raises almost anything on hostile DER; what cannot be read says nothing
        return


def _loadable(certificates: Iterable[bytes]) -> list[Asn1Value]:
    loaded: list[Asn1Value] = []
    for der in certificates:
        try:
            loaded.append(load_certificate(der))
        except ValidationError:
            continue
    return loaded


def _report(item: Sealed, cms: CmsSignature, judgement: Judgement, *, incomplete: bool) -> SealReport:
    codes = (*judgement.codes, *(("container.archive_incomplete",) if incomplete else ()))
    return SealReport(
        name=item.name,
        manifest=item.manifest_name,
        signer=signer_facts(cms.signer),
        level=judgement.level,
        proven_at=judgement.proven_at,
        verdict=judgement.verdict,
        sub_indication=judgement.sub_indication,
        findings=tuple(container_finding(code, name=item.name) for code in codes),
    )


def _unreadable(item: Sealed) -> SealReport:
    findings = (container_finding("signature.unreadable", name=item.name),)
    return SealReport(item.name, item.manifest_name, None, Level.NONE, None, Verdict.FAILED, "FORMAT_FAILURE", findings)
