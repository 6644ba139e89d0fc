"""Odd structures, and files that two parsers read differently."""

from __future__ import annotations

import io

from signing.validation import TrustAnchors, verify_pdf
from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.files import approval_only
from tests.builders.attacks.updates import append_update
from tests.builders.signed_by_pyhanko import SIGNED_AT, base_objects, write_pdf


def codes(data: bytes) -> set[str]:
    trust = TrustAnchors((signed.shared_notary().pki.root.der,))
    return {finding.code for finding in verify_pdf(io.BytesIO(data), trust=trust, now=SIGNED_AT).findings}


def test_bytes_before_the_header_are_named() -> None:
    data = write_pdf(base_objects(), header=b"junk\n%PDF-1.7\n")
    assert "structure.header_offset" in codes(data)


def test_number_written_twice_within_a_revision_is_noted() -> None:
    data = write_pdf(base_objects(), header=b"%PDF-1.7\n8 0 obj\nnull\nendobj\n")
    assert "structure.duplicate_object" in codes(data)
    assert "structure.duplicate_object" not in codes(approval_only())


def test_number_written_anew_by_an_update_is_not_taken_for_a_duplicate() -> None:
    assert "structure.duplicate_object" not in codes(append_update(approval_only(), {8: b"null"}))


def test_table_that_stands_before_the_one_it_continues_is_named() -> None:
    # The second update's table stands before the first update's.
    base = write_pdf(base_objects())
    start = base.rindex(b"xref\n", 0, base.rindex(b"startxref"))
    entry = b"xref\n8 1\n%010d 00000 n \n" % base.index(b"8 0 obj")
    trailer = b"trailer\n<< /Size 9 /Root 1 0 R /Prev %010d >>\n"
    early, late = len(base), len(base) + len(entry) + len(trailer % 0)
    data = base + entry + trailer % late + entry + trailer % start
    data += b"startxref\n%d\n%%%%EOF\n" % early
    assert "structure.xref_anomaly" in codes(data)


def test_damage_that_only_repair_can_read_is_named() -> None:
    data = approval_only()
    broken = data.replace(b"trailer\n<<", b"trailer\n< ", 1) if b"trailer\n<<" in data else data
    assert codes(broken) & {"structure.damaged", "file.unreadable"}


def test_parsers_that_disagree_are_an_error() -> None:
    # qpdf takes the second of two equal keys, pyHanko the first.
    objects = base_objects()
    objects[20] = b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>"
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R /Pages 20 0 R >>"
    assert codes(write_pdf(objects)) & {"structure.parser_differential", "file.unreadable"}
