"""Damage, and signatures of which one is bad."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pikepdf
from asn1crypto import cms

from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.attack import attack
from tests.builders.attacks.files import one_signature
from tests.builders.attacks.updates import signature_of
from tests.builders.signed_by_pyhanko import FIELD_BOXES, SIGNED_AT


def _flipped(pdf: bytes, at: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


@attack("failed", "altered", "signature.hash_mismatch")
def flipped_byte_in_the_text() -> bytes:
    pdf = signed.lta_contract()
    return _flipped(pdf, pdf.index(b"1286500"))


@attack("failed", "altered", "signature.hash_mismatch")
def flipped_byte_in_the_sellers_revision() -> bytes:
    pdf = signed.lta_contract()
    _, (_, _, gap_end, _), _ = signature_of(pdf, "seller")
    at = re.compile(rb"/ID *\[ *<[0-9a-f]").search(pdf, gap_end)
    assert at is not None
    return _flipped(pdf, at.end() - 1)


@attack("failed", "altered", "signature.hash_mismatch", "bytes_after_last_signature")
def first_signature_bad_second_good() -> bytes:
    """The first party's signature is broken inside, and the second signs over it in good faith."""
    notary = signed.shared_notary()
    pdf = one_signature()
    bad = _with_wrong_digest(notary.sign(pdf, "seller", SIGNED_AT))
    good = notary.sign(bad, "buyer", SIGNED_AT)
    return good + b"%junk\n"


@attack("failed", "altered", "signature.hash_mismatch")
def bad_signature_under_a_good_archive() -> bytes:
    """Everything after the bad signature is in order: a good last signature must not hide it."""
    notary = signed.shared_notary()
    bad = _with_wrong_digest(notary.sign(one_signature(), "seller", SIGNED_AT))
    pdf = notary.sign(bad, "buyer", SIGNED_AT)
    return notary.archive(pdf, SIGNED_AT + timedelta(hours=1), notary.pki.crls(SIGNED_AT))


def _with_wrong_digest(pdf: bytes) -> bytes:
    """The last signature with one bit of its message digest turned: well-formed, and wrong."""
    _, (_, gap_start, gap_end, _), contents = signature_of(pdf, "seller")
    info = cms.ContentInfo.load(contents)
    attributes = info["content"]["signer_infos"][0]["signed_attrs"]
    digest = next(item["values"][0].native for item in attributes if item["type"].native == "message_digest")
    assert contents.count(digest) >= 1
    wrong = contents.replace(digest, bytes([digest[0] ^ 1]) + digest[1:])
    return pdf[: gap_start + 1] + wrong.hex().encode() + pdf[gap_end - 1 :]


@attack("failed", "altered", "signature.forged")
def signature_value_of_somebody_else() -> bytes:
    pdf = one_signature()
    _, (_, gap_start, _, _), contents = signature_of(pdf, "service")
    value = cms.ContentInfo.load(contents)["content"]["signer_infos"][0]["signature"].native
    wrong = contents.replace(value, value[:-1] + bytes([value[-1] ^ 1]), 1)
    return pdf[: gap_start + 1] + wrong.hex().encode() + pdf[gap_start + 1 + 2 * len(contents) :]


@attack("failed", "unknown", "contents.trailing_data")
def bytes_hidden_after_the_signature_data() -> bytes:
    pdf = one_signature()
    _, (_, _, gap_end, _), _ = signature_of(pdf, "service")
    return pdf[: gap_end - 21] + b"deadbeefdeadbeefdead" + pdf[gap_end - 1 :]


@attack("failed", "unknown", "signature.unreadable")
def signature_data_that_is_no_cms() -> bytes:
    pdf = one_signature()
    _, (_, gap_start, gap_end, _), _ = signature_of(pdf, "service")
    return pdf[: gap_start + 1] + b"41" * ((gap_end - gap_start - 2) // 2) + pdf[gap_end - 1 :]


@attack("failed", "altered", "bytes_after_last_signature")
def truncated_in_the_last_revision() -> bytes:
    return signed.lta_contract()[:-400]


@attack("unreadable", "unknown", "file.unreadable")
def truncated_in_the_first_revision() -> bytes:
    return signed.lta_contract()[:900]


@attack("indeterminate", "unknown", "signature.none")
def unsigned_file() -> bytes:
    return signed.base_pdf()


@attack("unreadable", "unknown", "file.not_pdf")
def garbage() -> bytes:
    return bytes(range(256)) * 64


@attack("unreadable", "unknown", "file.not_pdf")
def nothing_at_all() -> bytes:
    return b""


@attack("unreadable", "unknown", "file.encrypted")
def encrypted_file() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed.base_pdf())) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


@attack("indeterminate", "unknown", "field.unsigned", "signature.none")
def only_unfilled_fields() -> bytes:
    out = io.BytesIO()
    signed.shared_notary().with_fields(signed.base_pdf(), FIELD_BOXES).write(out)
    return out.getvalue()
