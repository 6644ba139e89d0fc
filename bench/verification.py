"""(c) Verifying a sealed contract with seven signatures: ours with every check, against pyHanko's AdES validation.

The baseline calls pyHanko's own ``ades_lta_validation`` for each signature and ``ades_timestamp_validation`` for the
document time-stamp, over one reader, nothing fetched; all pass. It makes none of our extra checks (renderings, second
parser, raw scan, foreign bytes).
"""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from functools import cache

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation, ades_timestamp_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.utils import CMSAlgorithmUsagePolicy
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from bench import contract
from bench.measure import Row, compare
from signing.validation import TrustAnchors, Verdict, verify_pdf

ROUNDS = 7


def measure() -> list[Row]:
    pdf = seven_signatures()
    root = contract.desk().keys.root
    anchors = TrustAnchors((root.public_bytes(Encoding.DER),))

    def ours() -> None:
        report = verify_pdf(io.BytesIO(pdf), trust=anchors, now=contract.clock())
        if report.verdict is not Verdict.PASSED or len(report.signatures) != 7:
            raise RuntimeError(f"not what is to be measured: {report.verdict}, {report.findings}")

    def theirs() -> None:
        asyncio.run(_pyhanko_validates(pdf))

    name = "verify 7-signature LTA contract, against pyHanko AdES"
    return [compare(name, ours, theirs, ROUNDS, "≥ 1× with all extra checks")]


@cache
def seven_signatures() -> bytes:
    """Certification, four parties, stamp, archive time-stamp."""
    pdf, boxes = contract.text()
    buyer = next(box for box in boxes if box.name == "buyer-1")
    x0, y0, x1, y1 = buyer.rect
    second = replace(buyer, name="buyer-2", rect=(x0 + 230, y0, x1 + 230, y1))
    signed = contract.certified(pdf, (*boxes, second))
    for box in (*contract.party_boxes(), second):
        signed = contract.party_signed(signed, box)
    return contract.sealed(contract.stamped(signed, next(box for box in boxes if box.name == "filing-stamp")))


async def _pyhanko_validates(pdf: bytes) -> None:
    reader = PdfFileReader(io.BytesIO(pdf))
    spec = PdfSignatureValidationSpec(_spec())
    for embedded in reader.embedded_regular_signatures:
        _require_passed((await ades_lta_validation(embedded, spec)).ades_subindic)
    for stamp in reader.embedded_timestamp_signatures:
        stamp.compute_integrity_info()
        checked = await ades_timestamp_validation(
            stamp.signed_data,
            _dss_spec(reader),
            lambda algorithm: stamp.compute_digest(algorithm),  # noqa: B023, PLW0108
        )
        _require_passed(checked.ades_subindic)


def _require_passed(indication: object) -> None:
    if indication is not AdESPassed.OK:
        raise RuntimeError(f"not what is to be compared: {indication}")


def _dss_spec(reader: PdfFileReader) -> SignatureValidationSpec:
    """The same policy, knowing the file's own validation data: what the LTA procedure reads by itself."""
    store = DocumentSecurityStore.read_dss(reader)
    knowledge = LocalKnowledge(
        known_ocsps=[container for response in _ocsps(store) for container in OCSPContainer.load_multi(response)],
        known_crls=[CRLContainer(asn1_crl.CertificateList.load(ref.get_object().data)) for ref in store.crls],
        known_certs=list(store.load_certs()),
    )
    return replace(_spec(), local_knowledge=knowledge)


def _ocsps(store: DocumentSecurityStore) -> list[asn1_ocsp.OCSPResponse]:
    return [asn1_ocsp.OCSPResponse.load(ref.get_object().data) for ref in store.ocsps]


@cache
def _spec() -> SignatureValidationSpec:
    root = asn1_x509.Certificate.load(contract.desk().keys.root.public_bytes(Encoding.DER))
    policy = CertValidationPolicySpec(SimpleTrustManager.build([root]), CertRevTrustPolicy(REQUIRE_REVINFO))
    local_only = RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)
    return SignatureValidationSpec(
        policy,
        local_only,
        ts_cert_validation_policy=policy,
        signature_algorithm_policy=CMSAlgorithmUsagePolicy.lift_policy(policy.algorithm_usage_policy),
    )
