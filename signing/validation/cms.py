"""One CMS SignedData (RFC 5652) as found in a signature: parsed, and checked against a digest.

The cryptographic check itself is pyHanko's (`validate_sig_integrity`: message digest, content type, algorithm
protection, ESS signing certificate, signature value). Certificates are not judged here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asn1crypto import cms, core, tsp, x509
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.errors import SignatureValidationError

from signing.der import read_tlv
from signing.errors import ValidationError

if TYPE_CHECKING:
    from datetime import datetime

    from signing.validation.foreign import Asn1Value

__all__ = ["CmsSignature", "CmsVerdict", "check_signature", "check_token", "parse_signature", "weakness"]

_WEAK_DIGESTS = frozenset({"md2", "md5", "sha1"})
_MINIMUM_RSA_BITS = 2048
_MINIMUM_EC_BITS = 224
"""ETSI TS 119 312 v1.5.1 § 5–7: SHA-1 and MD5 are out, RSA below 1900 bits and curves below 224 bits too (we round
RSA up to the size that exists)."""


@dataclass(frozen=True, slots=True)
class CmsSignature:
    """One SignedData with one signer."""

    signed_data: Asn1Value
    """asn1crypto ``SignedData``."""

    signer_info: Asn1Value
    """Its only ``SignerInfo``."""

    signer: Asn1Value
    """asn1crypto certificate of the signer."""

    certificates: tuple[Asn1Value, ...]
    """The other certificates inside."""

    digest_algorithm: str
    """hashlib name of the algorithm the signed bytes are digested with."""

    value: bytes
    """The signature value; its proof of existence is the signature's."""

    tokens: tuple[CmsSignature, ...]
    """Signature time-stamps (RFC 3161) in the unsigned attributes."""

    generated_at: datetime | None
    """``genTime`` if this is a time-stamp token."""

    has_certificate_reference: bool
    """Whether a signing-certificate attribute is signed (RFC 5035), which PAdES demands."""

    bytes_used: int
    """Length of the DER; what follows in /Contents must be padding."""


@dataclass(frozen=True, slots=True)
class CmsVerdict:
    """Whether the signed bytes and the signature value hold."""

    intact: bool
    """The digest is the one that was signed, and the value is the signer's."""

    sub_indication: str | None
    """``HASH_FAILURE``, ``SIG_CRYPTO_FAILURE``, ``FORMAT_FAILURE`` or ``None``."""


_FORGED = CmsVerdict(intact=False, sub_indication="SIG_CRYPTO_FAILURE")
_FORMAT_FAILURE = CmsVerdict(intact=False, sub_indication="FORMAT_FAILURE")


def parse_signature(der: bytes) -> CmsSignature:
    """Parse DER ``ContentInfo``; bytes after it are left alone. Raises ``ValidationError``.

    The length is read, not measured on what asn1crypto writes: it takes a length that ends in octet 80 for an
    indefinite one and encodes everything anew, each level twice and more, for half a minute.
    """
    try:
        bytes_used = read_tlv(der).end
        return _from_signed_data(cms.ContentInfo.load(der)["content"], bytes_used)
    except Exception as cause:  # asn1crypto raises almost anything on hostile DER
        raise ValidationError("signature.unreadable", zh="签名数据无法解析", en="not a CMS signature") from cause


def check_signature(signature: CmsSignature, digest: bytes) -> CmsVerdict:
    """Check an ordinary signature whose signed bytes digest to ``digest``."""
    return _check(signature, "data", digest)


def check_token(token: CmsSignature, digests: dict[str, bytes]) -> CmsVerdict:
    """Check a time-stamp token against what it should stamp, digested under each algorithm name (RFC 3161 § 2.4.2)."""
    try:
        content = token.signed_data["encap_content_info"]["content"]
        info = content.parsed
        imprint = info["message_imprint"]
        if digests.get(imprint["hash_algorithm"]["algorithm"].native) != imprint["hashed_message"].native:
            return CmsVerdict(intact=False, sub_indication="HASH_FAILURE")
        algorithm = token.signer_info["digest_algorithm"]["algorithm"].native
        digest = hashlib.new(algorithm, bytes(content), usedforsecurity=False).digest()
    except Exception:  # noqa: BLE001 - asn1crypto raises almost anything on hostile DER
        return _FORMAT_FAILURE
    return _check(token, "tst_info", digest)


def weakness(signature: CmsSignature) -> str | None:
    """Why the algorithms of the signature are no longer safe, or ``None``."""
    try:
        digest = signature.signer_info["digest_algorithm"]["algorithm"].native
        if digest in _WEAK_DIGESTS:
            return str(digest)
        if signature.generated_at is not None and signature.digest_algorithm in _WEAK_DIGESTS:
            return signature.digest_algorithm
        key = signature.signer.public_key
        bits, algorithm = key.bit_size, key.algorithm
    except Exception:  # noqa: BLE001 - asn1crypto raises almost anything on hostile DER
        return "unknown"
    if algorithm == "rsa" and bits < _MINIMUM_RSA_BITS:
        return f"rsa-{bits}"
    if algorithm == "ec" and bits < _MINIMUM_EC_BITS:
        return f"ec-{bits}"
    return None


def _check(signature: CmsSignature, content_type: str, digest: bytes) -> CmsVerdict:
    try:
        same, authentic = generic_cms.validate_sig_integrity(
            signature.signer_info, signature.signer, expected_content_type=content_type, actual_digest=digest
        )
    except SignatureValidationError as error:
        name = error.ades_subindication.standard_name if error.ades_subindication else "FORMAT_FAILURE"
        return CmsVerdict(intact=False, sub_indication=str(name))
    except Exception:  # noqa: BLE001 - hostile keys and parameters surface as almost anything
        return _FORMAT_FAILURE
    if not same:
        return CmsVerdict(intact=False, sub_indication="HASH_FAILURE")
    return CmsVerdict(intact=True, sub_indication=None) if authentic else _FORGED


def _from_signed_data(signed_data: Asn1Value, bytes_used: int) -> CmsSignature:
    signer_info = extract_signer_info(signed_data)
    found = generic_cms.extract_certs_for_validation(signed_data)
    content = signed_data["encap_content_info"]
    info = content["content"].parsed if content["content_type"].native == "tst_info" else None
    if info is not None and not isinstance(info, tsp.TSTInfo):
        raise TypeError("encapsulated content is not TSTInfo")
    if info is not None:
        algorithm = info["message_imprint"]["hash_algorithm"]["algorithm"].native
    else:
        algorithm = signer_info["digest_algorithm"]["algorithm"].native
    hashlib.new(algorithm, usedforsecurity=False)
    return CmsSignature(
        signed_data=signed_data,
        signer_info=signer_info,
        signer=found.signer_cert,
        certificates=tuple(cert for cert in found.other_certs if isinstance(cert, x509.Certificate)),
        digest_algorithm=algorithm,
        value=signer_info["signature"].native,
        tokens=() if info is not None else _tokens(signer_info),
        generated_at=info["gen_time"].native if info is not None else None,
        has_certificate_reference=generic_cms.get_signing_cert_attr(signer_info["signed_attrs"]) is not None,
        bytes_used=bytes_used,
    )


def _tokens(signer_info: Asn1Value) -> tuple[CmsSignature, ...]:
    if isinstance(signer_info["unsigned_attrs"], core.Void):
        return ()
    return tuple(
        _from_signed_data(signed_data, 0)
        for signed_data in generic_cms.extract_tst_data_iter(signer_info, signed=False)
    )
