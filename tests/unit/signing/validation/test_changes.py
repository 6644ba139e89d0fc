"""What a revision may do to the one before it, change by change."""

from __future__ import annotations

import io

import pikepdf
import pytest

from signing.validation import ChangeKind, TrustAnchors, VerificationReport, verify_pdf
from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.files import approval_only, one_signature
from tests.builders.attacks.updates import append_update
from tests.builders.signed_by_pyhanko import FIELD_BOXES, SIGNED_AT, base_objects, stream, write_pdf
from tests.builders.validation_pki import DAY

FAKE = b"<< /Type /%s /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached >>"


def examine(data: bytes) -> VerificationReport:
    pki = signed.shared_notary().pki
    trust = TrustAnchors((pki.root.der,), revocation=pki.crls(SIGNED_AT + DAY))
    return verify_pdf(io.BytesIO(data), trust=trust, now=SIGNED_AT + 2 * DAY)


def changes(data: bytes) -> set[tuple[ChangeKind, bool]]:
    first = examine(data).signatures[0]
    return {(change.kind, change.suspicious) for change in first.changes}


def body(data: bytes, number: int) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as opened:
        return bytes(opened.get_object(number, 0).unparse(resolved=True))


def fresh(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as opened:
        return int(opened.trailer.Size)


def field(data: bytes, name: str) -> int:
    with pikepdf.open(io.BytesIO(data)) as opened:
        return next(int(item.objgen[0]) for item in opened.Root.AcroForm.Fields if str(item.T) == name)


def signed_over(objects: dict[int, bytes]) -> bytes:
    """Sign ``objects`` by the seller in a field of their own."""
    notary = signed.shared_notary()
    out = io.BytesIO()
    notary.with_fields(write_pdf(objects), {"seller": FIELD_BOXES["seller"]}).write(out)
    return notary.sign(out.getvalue(), "seller", SIGNED_AT)


def with_entry(data: bytes, number: int, entry: bytes) -> bytes:
    return body(data, number)[:-2] + b" " + entry + b" >>"


def test_identical_copy_of_an_object_is_no_change() -> None:
    data = approval_only()
    assert changes(append_update(data, {7: body(data, 7)})) == {(ChangeKind.IDENTICAL, False)}


def test_object_nobody_refers_to_is_no_change() -> None:
    data = approval_only()
    assert changes(append_update(data, {fresh(data): b"(nobody)"})) == {(ChangeKind.UNREFERENCED, False)}


def test_higher_version_and_extensions_are_allowed() -> None:
    data = approval_only()
    extended = with_entry(data, 1, b"/Version /2.0 /Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 1 >> >>")
    assert changes(append_update(data, {1: extended})) == set()


@pytest.mark.parametrize(
    "entry",
    [b"/OpenAction [3 0 R /Fit]", b"/Names << >>", b"/OCProperties << >>", b"/AA << >>", b"/Perms << >>", b"/Foo 1"],
    ids=repr,
)
def test_any_other_entry_of_the_catalog_is_suspicious(entry: bytes) -> None:
    data = approval_only()
    assert (ChangeKind.CATALOG, True) in changes(append_update(data, {1: with_entry(data, 1, entry)}))


def test_another_catalog_is_suspicious() -> None:
    data = approval_only()
    number = fresh(data)
    update = append_update(data, {number: body(data, 1)})
    at = update.rindex(b"/Root 1 0 R")
    moved = update[:at] + b"/Root %d 0 R" % number + update[at + len(b"/Root 1 0 R") :]
    assert (ChangeKind.TRAILER, True) in changes(moved)
    assert "change.trailer" in {finding.code for finding in examine(moved).findings}


def test_annotation_taken_away_is_suspicious() -> None:
    objects = base_objects()
    objects[9] = b"<< /Type /Annot /Subtype /Text /Rect [100 500 120 520] /Contents (a proviso) >>"
    objects[3] = objects[3].replace(b"/Contents", b"/Annots [9 0 R] /Contents")
    data = signed_over(objects)
    page = body(data, 3).replace(b"/Annots [ 9 0 R ]", b"/Annots [ ]")
    assert page != body(data, 3)
    assert (ChangeKind.ANNOTATION, True) in changes(append_update(data, {3: page}))


def test_annotation_rewritten_is_suspicious() -> None:
    objects = base_objects()
    objects[9] = b"<< /Type /Annot /Subtype /Text /Rect [100 500 120 520] /Contents (a proviso) >>"
    objects[3] = objects[3].replace(b"/Contents", b"/Annots [9 0 R] /Contents")
    data = signed_over(objects)
    assert (ChangeKind.ANNOTATION, True) in changes(append_update(data, {9: body(data, 9).replace(b"(a", b"(no")}))


def test_page_entry_changed_is_suspicious() -> None:
    data = approval_only()
    assert (ChangeKind.PAGE_CONTENT, True) in changes(append_update(data, {3: with_entry(data, 3, b"/Rotate 180")}))


@pytest.mark.parametrize("entry", [b"/AA << >>", b"/MK << >>", b"/DA (x)", b"/Parent 1 0 R"], ids=repr)
def test_signing_a_field_may_write_its_value_and_look_only(entry: bytes) -> None:
    data = one_signature()
    number, value = field(data, "seller"), fresh(data)
    plain = append_update(data, {number: with_entry(data, number, b"/V %d 0 R" % value), value: FAKE % b"Sig"})
    assert changes(plain) == {(ChangeKind.SIGNATURE, False)}
    more = append_update(
        data, {number: with_entry(data, number, b"/V %d 0 R %s" % (value, entry)), value: FAKE % b"Sig"}
    )
    assert (ChangeKind.FORM_FIELD, True) in changes(more)


def test_value_taken_from_a_signed_field_is_suspicious() -> None:
    data = one_signature()
    number = field(data, "service")
    with pikepdf.open(io.BytesIO(data)) as opened:
        entries = pikepdf.Dictionary(opened.get_object(number, 0))
        del entries["/V"]
        unsigned = bytes(entries.unparse(resolved=True))
    report = examine(append_update(data, {number: unsigned}))
    assert report.verdict.value == "failed"
    assert "change.signed_field" in {finding.code for finding in report.findings}


def _new_field(rect: bytes, flags: int, value_type: bytes) -> bytes:
    data = approval_only()
    number = fresh(data)
    made = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (extra) /F %d /Rect [%s] /P 3 0 R /V %d 0 R >>" % (
        flags,
        rect,
        number + 1,
    )
    with pikepdf.open(io.BytesIO(data)) as opened:
        form = pikepdf.Dictionary(opened.Root.AcroForm)
        form.Fields = pikepdf.Array([*form.Fields])
        listed = bytes(form.unparse(resolved=True)).replace(b"/Fields [", b"/Fields [ %d 0 R" % number)
        catalog = pikepdf.Dictionary(opened.Root)
        del catalog["/AcroForm"]
        root = bytes(catalog.unparse(resolved=True))[:-2] + b" /AcroForm " + listed + b" >>"
    return append_update(data, {1: root, number: made, number + 1: FAKE % value_type})


@pytest.mark.parametrize(
    ("rect", "flags", "value_type", "expected"),
    [
        (b"0 0 0 0", 132, b"DocTimeStamp", (ChangeKind.TIMESTAMP, False)),
        (b"50 700 450 760", 134, b"DocTimeStamp", (ChangeKind.TIMESTAMP, False)),
        (b"50 700 450 760", 132, b"DocTimeStamp", (ChangeKind.SIGNATURE_FIELD_ADDED, True)),
        (b"50 700 450 760", 36, b"DocTimeStamp", (ChangeKind.SIGNATURE_FIELD_ADDED, True)),
        (b"0 0 0 0", 132, b"Sig", (ChangeKind.SIGNATURE_FIELD_ADDED, False)),
        (b"50 700 450 760", 132, b"Sig", (ChangeKind.SIGNATURE_FIELD_ADDED, True)),
    ],
    ids=["stamp", "hidden stamp", "visible stamp", "printed stamp", "invisible signature", "visible signature"],
)
def test_field_added_after_signing(
    rect: bytes, flags: int, value_type: bytes, expected: tuple[ChangeKind, bool]
) -> None:
    assert expected in changes(_new_field(rect, flags, value_type))


def test_shared_appearance_rewritten_is_a_change_of_the_signed_field() -> None:
    # The field dictionary is not written at all; its /AP is an object of its own.
    data = one_signature()
    number = field(data, "seller")
    looks = fresh(data)
    with pikepdf.open(io.BytesIO(data)) as opened:
        entries = pikepdf.Dictionary(opened.get_object(number, 0))
        del entries["/AP"]
        plain = bytes(entries.unparse(resolved=True))[:-2]
    with_looks = append_update(data, {number: plain + b" /AP %d 0 R >>" % looks, looks: b"<< >>"})
    again = append_update(with_looks, {looks: b"<< /N 8 0 R >>"})
    kinds = {(change.kind, change.revision) for change in examine(again).signatures[0].changes if change.suspicious}
    assert (ChangeKind.FORM_FIELD, 4) in kinds


def test_appearance_without_meaning_at_signing_is_found_when_it_gets_one() -> None:
    objects = base_objects()
    objects[9] = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (note) /F 4 /Rect [50 700 450 760] /P 3 0 R"
        b" /AP << /N 900 0 R >> >>"
    )
    objects[3] = objects[3].replace(b"/Contents", b"/Annots [9 0 R] /Contents")
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [9 0 R] >> >>"
    data = signed_over(objects)
    look = stream(b"1 g 0 0 400 60 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 400 60]")
    report = examine(append_update(data, {900: look}))
    assert report.verdict.value == "failed"
    assert (ChangeKind.PAGE_CONTENT, True) in {(c.kind, c.suspicious) for c in report.signatures[0].changes}


def test_inherited_resource_without_meaning_at_signing_is_found_when_it_gets_one() -> None:
    objects = base_objects()
    resources = b"/Resources << /Font << /F1 7 0 R >> /XObject << /Over 900 0 R >> >>"
    objects[2] = objects[2].replace(b"/Type /Pages", b"/Type /Pages " + resources)
    plain = b" /Resources << /Font << /F1 7 0 R >> /XObject << /Over 8 0 R >> >>"
    objects[3] = objects[3].replace(plain, b"")
    objects[4] = objects[4].replace(plain, b"")
    data = signed_over(objects)
    look = stream(b"1 g 0 0 595 842 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")
    report = examine(append_update(data, {900: look}))
    assert (ChangeKind.PAGE_CONTENT, True) in {(c.kind, c.suspicious) for c in report.signatures[0].changes}
    assert "rendering.changed" in {finding.code for finding in report.findings}


def test_page_tree_that_the_store_refers_to_is_still_the_page_tree() -> None:
    # Validation data may grow; a store that names the page tree must not let it grow a rotation.
    objects = base_objects()
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R /DSS << /VRI << /X 2 0 R >> >> >>"
    data = signed_over(objects)
    report = examine(append_update(data, {2: with_entry(data, 2, b"/Rotate 180")}))
    assert report.verdict.value == "failed"
    assert (ChangeKind.PAGE_CONTENT, True) in {(c.kind, c.suspicious) for c in report.signatures[0].changes}


def test_dates_in_metadata_may_move_and_the_title_may_not() -> None:
    packet = (
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        b"<rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'"
        b" xmp:MetadataDate='2026-01-01'><xmp:ModifyDate>2026-01-01</xmp:ModifyDate>"
        b"<dc:title>Sale</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    objects = base_objects()
    entries = b"/Type /Metadata /Subtype /XML"
    objects[9] = stream(packet, entries)
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R /Metadata 9 0 R >>"
    data = signed_over(objects)
    moved = append_update(data, {9: stream(packet.replace(b"2026-01-01", b"2027-02-02"), entries)})
    assert changes(moved) == {(ChangeKind.METADATA, False)}
    retitled = append_update(data, {9: stream(packet.replace(b"Sale", b"Gift"), entries)})
    assert changes(retitled) == {(ChangeKind.METADATA, True)}
    assert "change.metadata" in {finding.code for finding in examine(retitled).findings}
    unreadable = append_update(data, {9: stream(b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + packet, entries)})
    assert changes(unreadable) == {(ChangeKind.METADATA, True)}


def test_validation_data_may_grow_and_not_shrink() -> None:
    objects = base_objects()
    objects[9] = stream(b"one")
    objects[10] = stream(b"two")
    objects[11] = b"[9 0 R]"
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R /DSS << /Certs 11 0 R >> >>"
    data = signed_over(objects)
    number = fresh(data)
    grown = append_update(data, {11: b"[9 0 R %d 0 R]" % number, number: stream(b"three")})
    assert changes(grown) == {(ChangeKind.VALIDATION_DATA, False)}
    shrunk = append_update(data, {11: b"[]"})
    assert (ChangeKind.VALIDATION_DATA, True) in changes(shrunk)
    assert "change.validation_data" in {finding.code for finding in examine(shrunk).findings}
    assert (ChangeKind.OTHER, True) in changes(append_update(data, {9: stream(b"other")}))


def test_signature_written_again_is_no_signature_of_its_revision() -> None:
    data = one_signature()
    number = field(data, "service")
    with pikepdf.open(io.BytesIO(data)) as opened:
        value = int(opened.get_object(number, 0).V.objgen[0])
    at = data.rindex(b"\n%d 0 obj" % value)
    copied = data[at : data.index(b"endobj", at)].split(b"obj", 1)[1]
    report = examine(append_update(data, {value: copied}))
    assert report.verdict.value == "failed"
    assert "byte_range.not_revision_end" in {finding.code for finding in report.findings}
