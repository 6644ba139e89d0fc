"""A 200-page scan of 100 MB is inspected and normalised within 150 MB resident (issue 2 § 6)."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders.hostile_pdf import RawPdfFile, jpeg, stream

MAX_RESIDENT_KB = 150 * 1000
PAGES = 200
STATUS = Path("/proc/self/status")

CHILD = """
import re, sys
from pathlib import Path
from documents.uploads import inspect_upload, normalise_upload
facts = inspect_upload(Path(sys.argv[1]))
result = normalise_upload(Path(sys.argv[1]), Path(sys.argv[2]))
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
print(facts.page_count, result.page_count, peak)
"""


def heavy_jpeg() -> bytes:
    """A JPEG of half a megabyte: comments make up the weight, so that nothing has to be compressed here."""
    whole = jpeg(827, 1169)
    comment = b"\xff\xfe" + struct.pack(">H", 0xFFFF) + os.urandom(0xFFFD)
    return whole[:2] + comment * 8 + whole[2:]


@pytest.mark.skipif(not STATUS.exists(), reason="needs the peak of resident memory from /proc")
def test_hundred_megabyte_scan_fits_into_memory(tmp_path):
    data = heavy_jpeg()
    entries = b"/Type /XObject /Subtype /Image /Width 827 /Height 1169 /BitsPerComponent 8 /ColorSpace /DeviceRGB "
    file = RawPdfFile()
    kids = []
    for page in range(PAGES):
        own = 100 + 3 * page
        kids.append(b"%d 0 R" % own)
        file.objects[own] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I %d 0 R >> >>"
            b" /Contents %d 0 R >>"
        ) % (own + 1, own + 2)
        file.objects[own + 1] = stream(data, entries + b"/Filter /DCTDecode")
        file.objects[own + 2] = stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    file.objects[2] = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b" ".join(kids), PAGES)
    path = tmp_path / "scan.pdf"
    path.write_bytes(file.bytes())
    assert path.stat().st_size > 100 * 1000 * 1000
    command = [sys.executable, "-c", CHILD, str(path), str(tmp_path / "clean.pdf")]
    child = subprocess.run(command, check=True, capture_output=True, text=True)
    inspected, normalised, peak = map(int, child.stdout.split())
    assert inspected == normalised == PAGES
    assert peak < MAX_RESIDENT_KB
