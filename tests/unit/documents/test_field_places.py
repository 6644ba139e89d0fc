"""Where signature fields are on their pages."""

from __future__ import annotations

import io

import pikepdf
import pytest

from documents.field_places import field_places


def with_field(rect: tuple[float, ...], **page: object) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(600, 800))
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, T="buyer-1", Rect=list(rect)
    )
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9])
    widget, first = pdf.make_indirect(field), pdf.pages[0].obj
    first.Annots = pikepdf.Array([pdf.make_indirect(note), widget])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[widget])
    for name, value in page.items():
        first[f"/{name}"] = value
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_a_field_is_told_in_parts_of_its_page_from_the_top() -> None:
    (place,) = field_places(with_field((60, 80, 360, 240)))
    assert (place.name, place.page, place.is_signed) == ("buyer-1", 1, False)
    assert (place.left, place.top, place.width, place.height) == pytest.approx((0.1, 0.7, 0.5, 0.2))


def test_a_cropped_page_counts_as_it_is_displayed() -> None:
    (place,) = field_places(with_field((60, 80, 360, 240), CropBox=[0, 0, 600, 400]))
    assert (place.top, place.height) == pytest.approx((0.4, 0.4))


def test_a_signature_that_is_not_seen_has_no_place() -> None:
    assert field_places(with_field((0, 0, 0, 0))) == ()


def test_a_turned_page_has_no_places() -> None:
    assert field_places(with_field((60, 80, 360, 240), Rotate=90)) == ()
