"""How large an upload may be, in every dimension an attacker can inflate: each number with its reason and source."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT_LIMITS", "UploadLimits"]

MIB = 1 << 20

# The largest paper the house must take in is a 200-page scan of 100 MB (issue 2 § 6); 128 MiB leaves a quarter spare.
MAX_FILE_BYTES = 128 * MIB

# A contract with every annex has some 200 pages (issue 2 § 6); five of them in one file is still somebody's mistake
# rather than an attack, beyond that nobody reads it.
MAX_PAGES = 1000

# A scanned page costs 3-6 objects, a typeset tagged page 50-150: 1000 pages of the densest kind stay below. Walking
# 200 000 objects takes about 3 s, the longest we let one upload occupy a core for its structure.
MAX_OBJECTS = 200_000

# All streams of a file, decoded one after the other and thrown away. 1000 A4 pages at 300 dpi bitonal are 1.1 GB,
# 80 pages of uncompressed 24-bit colour 2.0 GB; zlib takes about 5 s for this much.
MAX_DECOMPRESSED_BYTES = 2048 * MIB

# Everything that is parsed and kept: the text of the file outside streams plus object streams and cross-reference
# streams decoded. qpdf spends up to 75 bytes per byte of it (measured with arrays of one-digit numbers). A tagged
# 200-page text has about 5 MiB.
MAX_STRUCTURE_BYTES = 8 * MIB

# One stream as stored: a page image of A3 at 300 dpi in uncompressed 24-bit colour is 3508 x 4961 x 3 = 49.8 MiB. The
# largest stream is the one thing held in memory whole, so this bounds residency (150 MB, issue 2 § 6).
MAX_RAW_STREAM_BYTES = 52 * MIB

# One decoded stream that is not an image: content, font, CMap or ICC profile. The complete Noto Serif CJK SC is 25 MB.
MAX_STREAM_BYTES = 64 * MIB

# A3 at 600 dpi is 7016 x 9921 = 69.6 megapixels, the largest floor plan an office scanner makes.
# Pillow warns of a decompression bomb at 89.5 megapixels.
MAX_IMAGE_PIXELS = 72_000_000

# Real page trees are balanced (ISO 32000-2 § 7.7.3.2): 64 levels of the recommended fan-out exceed any file.
MAX_PAGE_TREE_DEPTH = 64

# All embedded files of one upload, decoded. An e-invoice's XML is below 100 kB; a scan belongs in an upload of its own.
MAX_EMBEDDED_BYTES = 16 * MIB


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """The limits of one inspection."""

    file_bytes: int = MAX_FILE_BYTES
    """Size of the upload itself."""

    pages: int = MAX_PAGES
    """Pages of a PDF."""

    objects: int = MAX_OBJECTS
    """Cross-reference entries in use."""

    decompressed_bytes: int = MAX_DECOMPRESSED_BYTES
    """Sum of all decoded streams, each stage of a filter chain counted."""

    structure_bytes: int = MAX_STRUCTURE_BYTES
    """Parsed text: outside streams, and inside object and cross-reference streams."""

    raw_stream_bytes: int = MAX_RAW_STREAM_BYTES
    """One stream as stored."""

    stream_bytes: int = MAX_STREAM_BYTES
    """One decoded stream that is not an image."""

    image_pixels: int = MAX_IMAGE_PIXELS
    """Width times height of one image."""

    page_tree_depth: int = MAX_PAGE_TREE_DEPTH
    """Levels of /Kids from the root to a page."""

    embedded_bytes: int = MAX_EMBEDDED_BYTES
    """Sum of all embedded files, decoded."""


DEFAULT_LIMITS = UploadLimits()
