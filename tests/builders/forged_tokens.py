"""Time-stamp responses made with asn1crypto, right by default and wrong wherever asked.

Written without a line of ``signing.time``, so that a client and an authority that misread the standard in the same way
are found out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders.small_pki import NOW, SoftSigner

POLICY = "1.3.6.1.4.1.32473.1"  # RFC 5612: for documentation


class TimeStampResp(core.Sequence):
    """asn1crypto's own forgets that the token is optional (RFC 3161 § 2.4.2)."""

    _fields = [  # noqa: RUF012 - asn1crypto's way
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """What to say instead of the truth; ``None`` means the truth."""

    digest: bytes | None = None
    digest_algorithm: str = "sha256"
    nonce: int | None = None
    policy: str = POLICY
    info_version: int = 1
    gen_time: datetime = NOW
    extensions: Any = None
    content_type: str = "tst_info"
    attribute_content_type: str = "tst_info"
    message_digest: bytes | None = None
    named_certificate: bytes | None = None
    signer_digest: str = "sha256"
    without: tuple[str, ...] = ()
    """What to leave out: nonce, certificates, token, an attribute's name, or a virtue: ``single_signer``,
    ``single_value`` (every attribute then has its value twice), ``single_attribute`` (each comes twice)."""


def _certificate(signer: SoftSigner) -> x509.Certificate:
    return x509.Certificate.load(signer.certificate.public_bytes(Encoding.DER))


def forge(request_der: bytes, signer: SoftSigner, forgery: Forgery = Forgery()) -> bytes:
    """DER ``TimeStampResp``, granted."""
    response: dict[str, object] = {"status": {"status": "granted"}}
    if "token" not in forgery.without:
        response["time_stamp_token"] = _token(tsp.TimeStampReq.load(request_der), signer, forgery)
    return TimeStampResp(response).dump()


def reject(status: str = "rejection", failure: str | None = "bad_alg", text: str | None = None) -> bytes:
    """DER ``TimeStampResp`` without a token."""
    info: dict[str, object] = {"status": status}
    if failure:
        info["fail_info"] = {failure}
    if text:
        info["status_string"] = [text]
    return TimeStampResp({"status": info}).dump()


def _info(request: tsp.TimeStampReq, forgery: Forgery) -> bytes:
    info: dict[str, object] = {
        "version": forgery.info_version,
        "policy": forgery.policy,
        "message_imprint": {
            "hash_algorithm": {"algorithm": forgery.digest_algorithm},
            "hashed_message": forgery.digest or request["message_imprint"]["hashed_message"].native,
        },
        "serial_number": 7,
        "gen_time": forgery.gen_time,
    }
    if "nonce" not in forgery.without:
        info["nonce"] = request["nonce"].native if forgery.nonce is None else forgery.nonce
    if forgery.extensions is not None:
        info["extensions"] = forgery.extensions
    return tsp.TSTInfo(info).dump()


def _attributes(info_der: bytes, signer: SoftSigner, forgery: Forgery) -> cms.CMSAttributes:
    digest = hashlib.new(forgery.signer_digest, info_der).digest()
    named = forgery.named_certificate or hashlib.sha256(_certificate(signer).dump()).digest()
    values: dict[str, object] = {
        "content_type": cms.ContentType(forgery.attribute_content_type),
        "message_digest": forgery.message_digest or digest,
        "signing_certificate_v2": tsp.SigningCertificateV2({"certs": [{"cert_hash": named}]}),
    }
    copies = 2 if "single_value" in forgery.without else 1
    attributes = [
        cms.CMSAttribute({"type": name, "values": (value,) * copies})
        for name, value in values.items()
        if name not in forgery.without
    ]
    attributes *= 2 if "single_attribute" in forgery.without else 1
    return cms.CMSAttributes(attributes)


def _signer_info(info_der: bytes, signer: SoftSigner, forgery: Forgery) -> cms.SignerInfo:
    certificate = _certificate(signer)
    attributes = _attributes(info_der, signer, forgery)
    is_rsa = signer.algorithm.value.startswith("sha256WithRSA")
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
            },
            "digest_algorithm": {"algorithm": forgery.signer_digest},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "rsassa_pkcs1v15" if is_rsa else "sha256_ecdsa"},
            "signature": signer.sign(attributes.dump()),
        }
    )


def _token(request: tsp.TimeStampReq, signer: SoftSigner, forgery: Forgery) -> cms.ContentInfo:
    info_der = _info(request, forgery)
    signer_info = _signer_info(info_der, signer, forgery)
    signed_data: dict[str, object] = {
        "version": "v3",
        "digest_algorithms": [algos.DigestAlgorithm({"algorithm": forgery.signer_digest})],
        "encap_content_info": {"content_type": forgery.content_type, "content": core.ParsableOctetString(info_der)},
        "signer_infos": [signer_info] * (2 if "single_signer" in forgery.without else 1),
    }
    if "certificates" not in forgery.without:
        above = [x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in signer.issuers[:1]]
        signed_data["certificates"] = [_certificate(signer), *above]
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed_data)})
