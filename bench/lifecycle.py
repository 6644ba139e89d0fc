"""(d) The whole life of the demo contract: typeset, certify, three parties, stamp, seal, verify. No baseline exists."""

from __future__ import annotations

import io
import statistics
import time

from cryptography.hazmat.primitives.serialization import Encoding

from bench import contract
from bench.measure import Row
from documents.contract import render_contract
from signing.validation import TrustAnchors, verify_pdf

ROUNDS = 7


def measure() -> list[Row]:
    _life()
    spent = [_life() for _ in range(ROUNDS)]
    return [
        Row(name, round(statistics.median(values) * 1000, 2), "ms", None, None, "–")
        for name, values in zip(
            ("life: typeset the text", "life: certify, 3 parties, stamp, seal", "life: verify", "life: all of it"),
            zip(*spent, strict=True),
            strict=True,
        )
    ]


def _life() -> tuple[float, float, float, float]:
    begun = time.perf_counter()
    typeset = render_contract(contract.demo_terms(), case_no=contract.CASE_NO, made_at=contract.clock())
    typeset_at = time.perf_counter()
    signed = contract.certified(typeset.pdf, typeset.boxes)
    for box in typeset.boxes:
        signed = contract.stamped(signed, box) if box.name == "filing-stamp" else contract.party_signed(signed, box)
    signed = contract.sealed(signed)
    sealed_at = time.perf_counter()
    anchors = TrustAnchors((contract.desk().keys.root.public_bytes(Encoding.DER),))
    verify_pdf(io.BytesIO(signed), trust=anchors, now=contract.clock())
    ended = time.perf_counter()
    return typeset_at - begun, sealed_at - typeset_at, ended - sealed_at, ended - begun
