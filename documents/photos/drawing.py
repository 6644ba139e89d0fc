"""A drawing in PDF operators as a picture: what was written by hand, black on white."""

from __future__ import annotations

from documents.pages import render_page

__all__ = ["picture_of_drawing"]


def picture_of_drawing(content: bytes, width: float, height: float, *, width_px: int) -> bytes:
    """A PNG of ``content`` (a content stream without resources, ISO 32000-2 § 7.8.2) on a page of so many points."""
    return render_page(_one_page(content, width, height), 0, width_px=width_px)


def _one_page(content: bytes, width: float, height: float) -> bytes:
    """The smallest PDF there is (ISO 32000-2 § 7.5): the bytes are ours and go nowhere but to the renderer."""
    box = b"[0 0 %.2f %.2f]" % (width, height)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox %b/Resources<<>>/Contents 4 0 R>>" % box,
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
    )
    made = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    made += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(made)
