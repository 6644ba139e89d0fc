"""A picture as a page of a PDF: its coded data unchanged wherever a PDF reader can decode it as it is."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream
from PIL import Image

from documents.uploads.errors import refusal
from documents.uploads.facts import MediaType, PixelSize
from documents.uploads.jpeg import read_jpeg, stripped
from documents.uploads.png import GREY, GREY_ALPHA, PALETTE, SAMPLES, PngFacts, picture_data, read_png

if TYPE_CHECKING:
    from pikepdf import Object

__all__ = ["add_image_page"]

# A4 in points (ISO 216), and the densities a scanner or a camera that knows its subject's size would state; a phone's
# "72 dpi" means nothing and would make a page of a metre and a half.
A4_SHORT, A4_LONG = 595.276, 841.890
MIN_TRUSTED_DPI, MAX_TRUSTED_DPI = 100.0, 1200.0

# Nothing larger than A3 comes out of a document scanner.
A3_LONG = 1190.551

# A picture with transparency or in Adam7 order is decoded to put it on white: 4 bytes a pixel, twice.
MAX_DECODED_PIXELS = 12_000_000

# Unit square to page, by Exif orientation (CIPA DC-008 § 4.6.4), for a page of w x h as displayed.
_PLACEMENT = {
    1: "{w} 0 0 {h} 0 0",
    2: "-{w} 0 0 {h} {w} 0",
    3: "-{w} 0 0 -{h} {w} {h}",
    4: "{w} 0 0 -{h} 0 {h}",
    5: "0 -{h} -{w} 0 {w} {h}",
    6: "0 -{h} {w} 0 0 {h}",
    7: "0 {h} {w} 0 0 0",
    8: "0 {h} -{w} 0 {w} 0",
}


def add_image_page(pdf: Pdf, data: bytes, media_type: MediaType) -> None:
    """Append one page showing the picture upright, filling the page; metadata and anything appended stay behind.

    The orientation goes into the placement, not into /Rotate, so that a signature field put on the page later stands
    upright too. ``data`` MUST have been inspected.
    """
    add = _jpeg_image if media_type is MediaType.JPEG else _png_image
    image, size, orientation, pixels_per_inch = add(pdf, data)
    turned = PixelSize(size.height, size.width) if orientation >= 5 else size
    width, height = (f"{side:.3f}" for side in _page_size(turned, pixels_per_inch))
    content = f"q {_PLACEMENT[orientation].format(w=width, h=height)} cm /Im Do Q"
    page = pdf.make_indirect(
        Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, float(width), float(height)]),
            Resources=Dictionary(XObject=Dictionary(Im=image)),
            Contents=pdf.make_stream(content.encode("ascii")),
        )
    )
    pdf.pages.append(Page(page))


def _page_size(size: PixelSize, pixels_per_inch: float) -> tuple[float, float]:
    """Points: the true size where a trusted density tells it, else the picture fitted to A4."""
    if MIN_TRUSTED_DPI <= pixels_per_inch <= MAX_TRUSTED_DPI:
        width, height = (side * 72 / pixels_per_inch for side in (size.width, size.height))
        if max(width, height) <= A3_LONG and min(width, height) >= 1:
            return width, height
    short, long = sorted((size.width, size.height))
    scale = min(A4_SHORT / short, A4_LONG / long)
    # Nothing thinner than the 3 points a page must have (ISO 32000-1 annex C.2).
    return max(3.0, size.width * scale), max(3.0, size.height * scale)


def _jpeg_image(pdf: Pdf, data: bytes) -> tuple[Stream, PixelSize, int, float]:
    facts = read_jpeg(data)
    if facts.components == 4:
        # Without a profile PDF/A-3 has no meaning for CMYK beside an sRGB output intent (ISO 19005-3 § 6.2.4.3).
        raise refusal("upload.image_kind", kind="CMYK")
    space = _colour_space(pdf, facts.icc, facts.components)
    image = _image(pdf, stripped(data, facts), facts.size, space, Filter=Name.DCTDecode, BitsPerComponent=8)
    return image, facts.size, facts.orientation, facts.pixels_per_inch


def _png_image(pdf: Pdf, data: bytes) -> tuple[Stream, PixelSize, int, float]:
    facts, _ = read_png(data)
    image = _decoded_png(pdf, data, facts) if _needs_decoding(facts) else _packed_png(pdf, data, facts)
    return image, facts.size, facts.orientation, facts.pixels_per_inch


def _needs_decoding(facts: PngFacts) -> bool:
    return facts.has_transparency or facts.is_interlaced


def _packed_png(pdf: Pdf, data: bytes, facts: PngFacts) -> Stream:
    """The IDAT data as it is: PDF's Flate predictors are PNG's filters (ISO 32000-2 § 7.4.4.4)."""
    samples = SAMPLES[facts.colour_type]
    parameters = Dictionary(Predictor=15, Colors=samples, BitsPerComponent=facts.bit_depth, Columns=facts.size.width)
    space = _colour_space(pdf, facts.icc, 3 if facts.colour_type == PALETTE else samples)
    if facts.colour_type == PALETTE:
        space = Array([Name.Indexed, space, len(facts.palette) // 3 - 1, pdf.make_stream(facts.palette)])
    packed = b"".join(picture_data(data, facts))
    return _image(
        pdf,
        packed,
        facts.size,
        space,
        Filter=Name.FlateDecode,
        DecodeParms=parameters,
        BitsPerComponent=facts.bit_depth,
    )


def _decoded_png(pdf: Pdf, data: bytes, facts: PngFacts) -> Stream:
    """The picture on white, which is what it looks like on paper."""
    if facts.bit_depth == 16:
        raise refusal("upload.image_kind", kind="16 bit")
    if facts.size.pixels > MAX_DECODED_PIXELS:
        raise refusal("upload.too_many_pixels", limit=MAX_DECODED_PIXELS)
    mode = "L" if facts.colour_type in (GREY, GREY_ALPHA) else "RGB"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
                white = Image.new("RGBA", picture.size, "white")
                pixels = Image.alpha_composite(white, picture.convert("RGBA")).convert(mode).tobytes()
    except (OSError, ValueError, SyntaxError, Warning) as error:
        raise refusal("upload.malformed", reason="PNG: coded data") from error
    space = _colour_space(pdf, facts.icc, len(mode))
    return _image(pdf, zlib.compress(pixels), facts.size, space, Filter=Name.FlateDecode, BitsPerComponent=8)


def _image(pdf: Pdf, data: bytes, size: PixelSize, space: Object, **entries: object) -> Stream:
    return pdf.make_stream(
        data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size.width,
        Height=size.height,
        ColorSpace=space,
        **entries,
    )


def _colour_space(pdf: Pdf, icc: bytes, components: int) -> Object:
    """The picture's own profile where it is sound, else the device space, which the output intent makes sRGB."""
    if _is_sound_profile(icc, components):
        profile = pdf.make_stream(zlib.compress(icc), N=components, Filter=Name.FlateDecode)
        return Array([Name.ICCBased, profile])
    return Name.DeviceGray if components == 1 else Name.DeviceRGB


def _is_sound_profile(icc: bytes, components: int) -> bool:
    """Whether the header is one ISO 32000-2 § 8.6.5.5 admits: its own length, version 2 or 4, class and space."""
    if len(icc) < 132 or struct.unpack_from(">I", icc)[0] != len(icc):
        return False
    space = b"GRAY" if components == 1 else b"RGB "
    return (
        icc[8] in (2, 4) and icc[12:16] in (b"mntr", b"scnr", b"spac") and icc[16:20] == space and icc[36:40] == b"acsp"
    )
