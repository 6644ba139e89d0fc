"""Incremental saving: Mladenov et al., "1 Trillion Dollar Refund" (2019)."""

from __future__ import annotations

from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.attack import attack
from tests.builders.attacks.files import FORGED_PAGE, one_signature
from tests.builders.attacks.updates import (
    append_update,
    body_of,
    field_number,
    fresh_number,
    signature_of,
    startxref_of,
)
from tests.builders.signed_by_pyhanko import stream


@attack("failed", "altered", "change.other", "bytes_after_last_signature", "rendering.changed", "change.page_content")
def saving_new_page_content() -> bytes:
    return append_update(signed.lta_contract(), {5: stream(FORGED_PAGE)})


@attack("failed", "altered", "bytes_after_last_signature")
def saving_without_xref() -> bytes:
    """Objects appended, no table: some readers rebuild the table and show them."""
    return signed.lta_contract() + b"5 0 obj\n%s\nendobj\n" % stream(FORGED_PAGE)


@attack("failed", "altered", "bytes_after_last_signature")
def saving_without_xref_far_from_end() -> bytes:
    """The same, with so much after it that the real end of file is out of sight."""
    return signed.lta_contract() + b"5 0 obj\n%s\nendobj\n" % stream(FORGED_PAGE + b" " * 5000)


@attack("failed", "altered", "bytes_after_last_signature", "structure.hidden_revision")
def saving_with_a_trailer_of_its_own() -> bytes:
    """An update whose end points back at the old table, so that only rebuilding readers see it."""
    pdf = signed.lta_contract()
    update = append_update(pdf, {5: stream(FORGED_PAGE)})
    return update + b"startxref\n%d\n%%%%EOF\n" % startxref_of(pdf)


@attack("failed", "altered", "change.signed_field", "bytes_after_last_signature", "signature.unlisted")
def saving_with_a_copied_signature() -> bytes:
    """The attack's second form: the update carries a copy of the signature, so that a checker finds one in it."""
    pdf = one_signature()
    number, byte_range, contents = signature_of(pdf, "service")
    fresh = fresh_number(pdf)
    field = field_number(pdf, "service")
    copied = (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [%s] /Contents <%s> >>"
        % (
            b" ".join(b"%d" % value for value in byte_range),
            contents.hex().encode(),
        )
    )
    widget = body_of(pdf, field).replace(b"/V %d 0 R" % number, b"/V %d 0 R" % fresh)
    return append_update(pdf, {5: stream(FORGED_PAGE), field: widget, fresh: copied})


@attack("failed", "altered", "change.page_tree", "bytes_after_last_signature")
def saving_a_new_page_tree() -> bytes:
    pdf = signed.lta_contract()
    fresh = fresh_number(pdf)
    page = body_of(pdf, 3).replace(b"/Contents 5 0 R", b"/Contents %d 0 R" % (fresh + 2))
    catalog = body_of(pdf, 1).replace(b"/Pages 2 0 R", b"/Pages %d 0 R" % fresh)
    tree = b"<< /Type /Pages /Kids [%d 0 R 4 0 R] /Count 2 >>" % (fresh + 1)
    return append_update(pdf, {1: catalog, fresh: tree, fresh + 1: page, fresh + 2: stream(FORGED_PAGE)})
