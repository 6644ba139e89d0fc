"""The really signed files that attacks begin with."""

from __future__ import annotations

import io
from functools import cache

from tests.builders import signed_by_pyhanko as signed
from tests.builders.signed_by_pyhanko import FIELD_BOXES, SIGNED_AT, page_text

PRICE_BOX = (50, 726, 450, 754)
"""Where page 1 says the price."""

FORGED_PAGE = page_text("Sale of a house", "The price is 1 yuan.")


@cache
def one_signature() -> bytes:
    """Certified by the service and nothing more: one signature in the file."""
    return signed.certified(signed.shared_notary(), signed.base_pdf())


@cache
def approval_only(overlay: bytes = b"") -> bytes:
    """One approval signature, no certification."""
    notary = signed.shared_notary()
    out = io.BytesIO()
    notary.with_fields(signed.base_pdf(overlay), {"seller": FIELD_BOXES["seller"]}).write(out)
    return notary.sign(out.getvalue(), "seller", SIGNED_AT)


def sign_seller(pdf: bytes) -> bytes:
    notary = signed.shared_notary()
    out = io.BytesIO()
    notary.with_fields(pdf, {"seller": FIELD_BOXES["seller"]}).write(out)
    return notary.sign(out.getvalue(), "seller", SIGNED_AT)
