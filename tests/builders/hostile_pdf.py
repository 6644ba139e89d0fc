"""Files with one thing wrong each, written byte by byte so that no library tidies them up on the way.

``HOSTILE`` names every case with the code it must be refused by; :func:`simple_pdf` and its relations are whole.
"""

from __future__ import annotations

import base64
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

import pikepdf
from PIL import Image

__all__ = ["HOSTILE", "RawPdfFile", "flate_bomb", "jpeg", "png", "scanned_pdf", "simple_pdf"]

CATALOG = b"<< /Type /Catalog /Pages 2 0 R%b >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R%b >>"
CONTENT = b"0.9 g 50 50 200 100 re f"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n" % (len(data), entries) + data + b"\nendstream"


class RawPdfFile:
    """A one-page PDF as a table of object bodies, written with a classic or a compressed cross-reference."""

    def __init__(self, *, catalog: bytes = b"", page: bytes = b"", objects: dict[int, bytes] | None = None) -> None:
        self.objects = {1: CATALOG % catalog, 2: PAGES, 3: PAGE % page, 4: stream(CONTENT), **(objects or {})}
        self.trailer = b""
        self.header = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

    def bytes(self) -> bytes:
        out = bytearray(self.header)
        offsets = {}
        for number, body in sorted(self.objects.items()):
            offsets[number] = len(out)
            out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 1\n0000000000 65535 f \n"
        for number, offset in offsets.items():
            out += b"%d 1\n%010d 00000 n \n" % (number, offset)
        out += b"trailer\n<< /Size %d /Root 1 0 R %b>>\n" % (max(offsets) + 1, self.trailer)
        out += b"startxref\n%d\n%%%%EOF\n" % start
        return bytes(out)

    def compressed(self, *inside: int, pack: Callable[[bytes], bytes] = zlib.compress) -> bytes:
        """The same file with the named objects in one object stream and a cross-reference stream."""
        holder, table = max(self.objects) + 1, max(self.objects) + 2
        out = bytearray(self.header)
        bodies = [self.objects[number] for number in inside]
        places, at = [], 0
        for number, body in zip(inside, bodies, strict=True):
            places.append(b"%d %d" % (number, at))
            at += len(body) + 1
        head = b" ".join(places) + b" "
        rows = {0: struct.pack(">BIH", 0, 0, 65535)}
        plain = {number: body for number, body in self.objects.items() if number not in inside}
        data = pack(head + b"\n".join(bodies))
        entries = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(inside), len(head))
        plain[holder] = stream(data, entries)
        for number, body in sorted(plain.items()):
            rows[number] = struct.pack(">BIH", 1, len(out), 0)
            out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        for index, number in enumerate(inside):
            rows[number] = struct.pack(">BIH", 2, holder, index)
        start = len(out)
        rows[table] = struct.pack(">BIH", 1, start, 0)
        free = struct.pack(">BIH", 0, 0, 0)
        packed = zlib.compress(b"".join(rows.get(number, free) for number in range(table + 1)))
        entries = b"/Type /XRef /Size %d /W [1 4 2] /Root 1 0 R /Filter /FlateDecode" % (table + 1)
        out += b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, stream(packed, entries), start)
        return bytes(out)


def simple_pdf() -> bytes:
    return RawPdfFile().bytes()


def with_catalog(entries: bytes, objects: dict[int, bytes] | None = None) -> bytes:
    return RawPdfFile(catalog=b" " + entries, objects=objects).bytes()


def with_page(entries: bytes, objects: dict[int, bytes] | None = None) -> bytes:
    return RawPdfFile(page=b" " + entries, objects=objects).bytes()


def with_object(body: bytes) -> bytes:
    """An object nothing refers to: an old revision, or a reader's own reconstruction, may still bring it up."""
    return RawPdfFile(objects={9: body}).bytes()


def with_action(action: bytes) -> bytes:
    return with_catalog(b"/OpenAction 9 0 R", {9: action})


def annotation(entries: bytes) -> bytes:
    return with_page(b"/Annots [9 0 R]", {9: b"<< /Type /Annot /Rect [0 0 9 9] %b >>" % entries})


# -- bombs ---------------------------------------------------------------------------------------------------------


def flate_bomb(size: int, start: bytes = b"") -> bytes:
    """Flate data that decodes to ``start`` and ``size`` blanks, made without ever holding them."""
    engine = zlib.compressobj(9)
    out = [engine.compress(start)]
    blanks = b" " * (1 << 20)
    out += [engine.compress(blanks) for _ in range(size >> 20)]
    return b"".join((*out, engine.flush()))


@cache
def _bomb() -> bytes:
    return flate_bomb(80 << 20)


@cache
def _small_bomb() -> bytes:
    return flate_bomb(20 << 20)


def nested_bomb() -> bytes:
    return with_object(stream(zlib.compress(_bomb(), 9), b"/Filter [/FlateDecode /FlateDecode]"))


def many_streams_bomb() -> bytes:
    data = flate_bomb(50 << 20)
    return RawPdfFile(objects={9 + n: stream(data, b"/Filter /FlateDecode") for n in range(45)}).bytes()


def run_length_bomb() -> bytes:
    return with_object(stream(b"\x81 " * (900 << 10) + b"\x80", b"/Filter /RunLengthDecode"))


def object_stream_bomb() -> bytes:
    file = RawPdfFile(catalog=b" /X 9 0 R", objects={9: b"<< >>"})
    return file.compressed(9, pack=lambda head: flate_bomb(20 << 20, head))


def cross_reference_bomb() -> bytes:
    whole = RawPdfFile().compressed()
    at = whole.rindex(b"stream\n", 0, whole.rindex(b"endstream")) + 7
    packed = whole[at : whole.index(b"\nendstream", at)]
    bomb = flate_bomb(20 << 20, zlib.decompress(packed))
    start = whole.rindex(b"<< /Length", 0, at)
    body = whole[start:at].replace(b"/Length %d" % len(packed), b"/Length %d" % len(bomb), 1)
    return whole[:start] + body + bomb + whole[whole.index(b"\nendstream", at) :]


def plain_structure_bomb() -> bytes:
    return with_object(b"[" + b"1 " * (5 << 20) + b"]")


def too_many_pages() -> bytes:
    file = RawPdfFile()
    file.objects[2] = b"<< /Type /Pages /Kids [%b] /Count 1001 >>" % (b"3 0 R " * 1001)
    return file.bytes()


def too_many_objects() -> bytes:
    return RawPdfFile(objects={9 + n: b"0" for n in range(200_000)}).compressed()


def deep_page_tree(depth: int = 80) -> bytes:
    file = RawPdfFile(catalog=b"")
    file.objects[2] = b"<< /Type /Pages /Kids [100 0 R] /Count 1 >>"
    for level in range(depth):
        file.objects[100 + level] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (101 + level)
    file.objects[100 + depth] = PAGE % b""
    return file.bytes()


def page_tree_cycle() -> bytes:
    file = RawPdfFile()
    file.objects[2] = b"<< /Type /Pages /Kids [3 0 R 9 0 R] /Count 2 >>"
    file.objects[9] = b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"
    return file.bytes()


def image(width: int, height: int, data: bytes, filters: bytes) -> bytes:
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceRGB " % (
        width,
        height,
    )
    return with_page(b"", {9: stream(data, entries + b"/Filter " + filters)})


def jpeg_that_understates_itself() -> bytes:
    """The dictionary says 10 x 10, the JPEG frame header 60 000 x 60 000."""
    data = jpeg(16, 16)
    at = data.index(b"\xff\xc0") + 5
    return image(10, 10, data[:at] + struct.pack(">HH", 60000, 60000) + data[at + 4 :], b"/DCTDecode")


def jpx_that_understates_itself() -> bytes:
    siz = struct.pack(">HHIIII", 41, 0, 60000, 60000, 0, 0) + b"\0" * 24
    return image(10, 10, b"\0\0\0\x0cjP  \r\n\x87\n\xff\x4f\xff\x51" + siz, b"/JPXDecode")


def jbig2_that_understates_itself() -> bytes:
    page = struct.pack(">IBBBI", 0, 48, 0, 1, 19) + struct.pack(">IIII", 60000, 60000, 0, 0) + b"\0\0\0"
    return image(10, 10, page, b"/JBIG2Decode")


def billion_laughs(forms: int = 9) -> bytes:
    """Forms that draw the next one ten times each."""
    objects = {}
    for n in range(forms):
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F#41 %d 0 R >> >>" % (
            11 + n
        )
        objects[10 + n] = stream(b"/FA Do " * 10, entries)
    objects[10 + forms] = stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /X 10 0 R >> >> /Contents 4 0 R >>"
    return RawPdfFile(objects={**objects, 3: page, 4: stream(b"/X Do")}).bytes()


def form_that_draws_itself() -> bytes:
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 10 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /X 10 0 R >> >> /Contents 4 0 R >>"
    return RawPdfFile(objects={10: stream(b"/X Do", entries), 3: page, 4: stream(b"/#58 Do")}).bytes()


# -- pictures ------------------------------------------------------------------------------------------------------


@cache
def jpeg(width: int = 120, height: int = 80, mode: str = "RGB", *, progressive: bool = False) -> bytes:
    out = io.BytesIO()
    _picture(width, height, mode).save(out, "JPEG", quality=80, progressive=progressive)
    return out.getvalue()


@cache
def png(width: int = 120, height: int = 80, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    _picture(width, height, mode).save(out, "PNG")
    return out.getvalue()


def _picture(width: int, height: int, mode: str) -> Image.Image:
    """A picture whose four corners differ, so that a wrong turn shows."""
    picture = Image.new("RGB", (width, height), (250, 250, 250))
    for box, colour in (
        ((0, 0), (200, 0, 0)),
        ((width * 3 // 4, 0), (0, 160, 0)),
        ((0, height * 3 // 4), (0, 0, 200)),
    ):
        picture.paste(colour, (*box, box[0] + width // 4, box[1] + height // 4))
    if mode == "P":
        return picture.quantize(16)
    return picture.convert(mode)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(header: bytes, *chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IEND", b"")


def png_bomb() -> bytes:
    """Few bytes, few rows promised, many inflated."""
    return png_of(struct.pack(">IIBBBBB", 10, 10, 8, 2, 0, 0, 0), chunk(b"IDAT", _small_bomb()))


def huge_png() -> bytes:
    return png_of(struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0), chunk(b"IDAT", _small_bomb()))


def huge_jpeg() -> bytes:
    data = jpeg(16, 16)
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", 60000, 60000) + data[at + 4 :]


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"hidden")
    return out.getvalue()


def arithmetic_jpeg() -> bytes:
    return jpeg(16, 16).replace(b"\xff\xc0", b"\xff\xc9", 1)


# -- other -----------------------------------------------------------------------------------------------------------


def scanned_pdf(pages: int, width: int = 827, height: int = 1169) -> bytes:
    """What a scanner makes: one JPEG a page."""
    data = jpeg(width, height)
    file = RawPdfFile(catalog=b"")
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceRGB "
    kids = []
    for page in range(pages):
        own = 100 + 3 * page
        kids.append(b"%d 0 R" % own)
        resources = b"<< /XObject << /I %d 0 R >> >>" % (own + 1)
        file.objects[own] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources %b /Contents %d 0 R >>"
        ) % (resources, own + 2)
        file.objects[own + 1] = stream(data, entries % (width, height) + b"/Filter /DCTDecode")
        file.objects[own + 2] = stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    file.objects[2] = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b" ".join(kids), pages)
    return file.bytes()


def encrypted(user: str, owner: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(simple_pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user=user, owner=owner, R=6))
    return out.getvalue()


def with_embedded(name: bytes, data: bytes) -> bytes:
    return with_catalog(
        b"/Names << /EmbeddedFiles << /Names [(a) 9 0 R] >> >>",
        {
            9: b"<< /Type /Filespec /F (%b) /UF (%b) /EF << /F 10 0 R >> >>" % (name, name),
            10: stream(zlib.compress(data), b"/Type /EmbeddedFile /Filter /FlateDecode"),
        },
    )


def compressed_script() -> bytes:
    file = RawPdfFile(catalog=b" /OpenAction 9 0 R", objects={9: b"<< /S /JavaScript /JS (app.alert(1)) >>"})
    return file.compressed(9)


def indirect_action_name() -> bytes:
    return with_catalog(b"/OpenAction << /S 9 0 R /JS 10 0 R >>", {9: b"/JavaScript", 10: b"(app.alert(1))"})


def lost_page() -> bytes:
    file = RawPdfFile()
    file.objects[2] = b"<< /Type /Pages /Kids [3 0 R 77 0 R] /Count 2 >>"
    return file.bytes()


def cut_image() -> bytes:
    """A whole file around an image of which only the first rows are left."""
    return image(100, 100, zlib.compress(random.Random(1).randbytes(30_000))[:-9_000], b"/FlateDecode")


def many_scans() -> bytes:
    """A progressive JPEG that repeats its last scan, each a pass over the whole picture."""
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * 70 + data[-2:]


def cut_in_last_stream() -> bytes:
    whole = RawPdfFile(objects={9: stream(zlib.compress(bytes(range(256)) * 400), b"/Filter /FlateDecode")}).bytes()
    return whole[: whole.index(b"9 0 obj") + 120]


def lzw_behind_a_reference() -> bytes:
    file = RawPdfFile(objects={9: b"[/LZWDecode]"}).compressed(9)
    return file.replace(b"/ObjStm", b"/ObjStm /X /Y", 1).replace(b"/Length 24 ", b"/Length 24 /Filter 9 0 R ", 1)


def with_font_script(action: bytes) -> bytes:
    """An outline item with an action."""
    return with_catalog(
        b"/Outlines 9 0 R",
        {
            9: b"<< /Type /Outlines /First 10 0 R /Last 10 0 R /Count 1 >>",
            10: b"<< /Title (x) /Parent 9 0 R /A %b >>" % action,
        },
    )


def _archive_in_stream() -> bytes:
    """A ZIP whose comment is the rest of the PDF: whole as either."""
    data = zipped()
    file = RawPdfFile(objects={9: stream(data)}).bytes()
    end = file.index(b"PK\x05\x06") + 20
    return file[:end] + struct.pack("<H", len(file) - end - 2) + file[end + 2 :]


def _tar_header() -> bytes:
    file = RawPdfFile()
    file.header = b"%PDF-1.7\n%" + b"x" * 247 + b"ustar\n"
    return file.bytes()


SCRIPT = b"<< /Type /Action /S /JavaScript /JS (app.alert\\(1\\)) >>"

# (code, what is wrong, the file), one line a case: a table to be read down, long lines included.
# ruff: noqa: E501
HOSTILE: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
    ("upload.empty", "no bytes", lambda: b""),
    ("upload.unknown_type", "text", lambda: b"hello"),
    ("upload.unknown_type", "GIF", lambda: b"GIF89a" + b"\0" * 40),
    ("upload.unknown_type", "PE named .pdf", lambda: b"MZ" + b"\0" * 2000),
    ("upload.leading_data", "ZIP before the header", lambda: zipped() + simple_pdf()),
    ("upload.leading_data", "HTML before the header", lambda: b"<html><script>x</script>" + simple_pdf()),
    ("upload.trailing_data", "PE after the end", lambda: simple_pdf() + b"MZ\x90\0" + b"\0" * 99 + b"x"),
    ("upload.trailing_data", "text after a PNG", lambda: png() + b"hello"),
    ("upload.trailing_data", "PE after a JPEG", lambda: jpeg() + b"MZ\x90\0"),
    ("upload.hidden_archive", "ZIP inside, PDF tail in its comment", _archive_in_stream),
    ("upload.hidden_archive", "ZIP after a PDF", lambda: simple_pdf() + zipped() + b"%%EOF\n"),
    ("upload.hidden_archive", "ZIP after a PNG", lambda: png() + zipped()),
    ("upload.hidden_archive", "ZIP after a JPEG", lambda: jpeg() + zipped()),
    ("upload.hidden_archive", "RAR after a JPEG", lambda: jpeg() + b"Rar!\x1a\x07\0" + b"x" * 99),
    ("upload.hidden_archive", "tar header", _tar_header),
    ("upload.truncated", "page reference to nothing", lost_page),
    ("upload.truncated", "fewer pages than promised", lambda: simple_pdf().replace(b"/Count 1", b"/Count 2")),
    ("upload.truncated", "cut inside a stream", cut_in_last_stream),
    ("upload.truncated", "image data cut", cut_image),
    ("upload.truncated", "update broken off", lambda: simple_pdf() + b"3 0 obj\n<< /Type /Page"),
    ("upload.truncated", "PNG cut", lambda: png()[:-30]),
    ("upload.truncated", "PNG without rows", lambda: png_of(struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0), chunk(b"IDAT", b""))),
    ("upload.truncated", "JPEG cut", lambda: jpeg()[:-200]),
    ("upload.malformed", "header only", lambda: b"%PDF-1.7\n%%EOF\n"),
    ("upload.malformed", "rubbish", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"%%EOF"),
    ("upload.malformed", "no page tree", lambda: RawPdfFile(objects={1: b"<< /Type /Catalog >>"}).bytes()),
    ("upload.malformed", "the same key twice", lambda: with_catalog(b"/OpenAction << /S /GoTo /S /GoTo >>")),
    ("upload.malformed", "PNG checksum", lambda: png().replace(b"IDAT", b"IDAU", 1)),
    ("upload.malformed", "PNG chunk nobody knows but must", lambda: png()[:33] + chunk(b"ABCD", b"") + png()[33:]),
    ("upload.malformed", "JPEG of a thousand scans", many_scans),
    ("upload.malformed", "JPEG without picture", lambda: b"\xff\xd8\xff\xd9"),
    ("upload.malformed", "rubbish for a JPEG in a PDF", lambda: image(10, 10, b"rubbish", b"/DCTDecode")),
    ("upload.malformed", "rubbish for ASCII85", lambda: with_object(stream(b"\x80vvvvvvz~>", b"/Filter /ASCII85Decode"))),
    ("upload.malformed", "rubbish for hex", lambda: with_object(stream(b"0g>", b"/Filter /ASCIIHexDecode"))),
    ("upload.encrypted", "user password", lambda: encrypted("secret", "secret")),
    ("upload.encrypted", "empty user password", lambda: encrypted("", "owner")),
    ("upload.javascript", "name tree", lambda: with_catalog(b"/Names << /JavaScript << /Names [(x) 9 0 R] >> >>", {9: SCRIPT})),
    ("upload.javascript", "open action", lambda: with_action(SCRIPT)),
    ("upload.javascript", "additional action of the document", lambda: with_catalog(b"/AA << /WC %b >>" % SCRIPT)),
    ("upload.javascript", "additional action of a page", lambda: with_page(b"/AA << /O %b >>" % SCRIPT)),
    ("upload.javascript", "annotation", lambda: annotation(b"/Subtype /Link /A %b" % SCRIPT)),
    ("upload.javascript", "form field", lambda: annotation(b"/Subtype /Widget /FT /Tx /AA << /K %b >>" % SCRIPT)),
    ("upload.javascript", "outline", lambda: with_font_script(SCRIPT)),
    ("upload.javascript", "chained", lambda: with_action(b"<< /S /GoTo /D [3 0 R /Fit] /Next [%b] >>" % SCRIPT)),
    ("upload.javascript", "escaped name", lambda: with_action(b"<< /S /J#61vaScript /J#53 (app.alert) >>")),
    ("upload.javascript", "script in a stream", lambda: with_catalog(b"/OpenAction << /S /JavaScript /JS 9 0 R >>", {9: stream(b"app.alert(1)")})),
    ("upload.javascript", "in an object stream", compressed_script),
    ("upload.javascript", "name behind a reference", indirect_action_name),
    ("upload.javascript", "object nothing refers to", lambda: with_object(SCRIPT)),
    ("upload.javascript", "requirement handler", lambda: with_catalog(b"/Requirements [<< /S /EnableJavaScripts /RH << /S /JS >> >>]")),
    ("upload.launch_action", "open action", lambda: with_action(b"<< /S /Launch /F (cmd.exe) >>")),
    ("upload.uri_action", "link", lambda: annotation(b"/Subtype /Link /A << /S /URI /URI (http://example.com/) >>")),
    ("upload.submit_action", "button", lambda: annotation(b"/Subtype /Widget /FT /Btn /A << /S /SubmitForm /F (http://example.com/) >>")),
    ("upload.import_action", "open action", lambda: with_action(b"<< /S /ImportData /F (a.fdf) >>")),
    ("upload.remote_goto_action", "GoToR", lambda: with_action(b"<< /S /GoToR /F (\\\\\\\\host\\\\x.pdf) /D [0 /Fit] >>")),
    ("upload.remote_goto_action", "GoToE", lambda: with_action(b"<< /S /GoToE /T << /R /C /N (x) >> /D [0 /Fit] >>")),
    ("upload.remote_goto_action", "thread elsewhere", lambda: with_catalog(b"/OpenAction << /S /Thread /F (x.pdf) /D 0 >>")),
    ("upload.multimedia", "rendition", lambda: with_action(b"<< /S /Rendition /OP 0 >>")),
    ("upload.multimedia", "movie", lambda: with_action(b"<< /S /Movie >>")),
    ("upload.multimedia", "sound annotation", lambda: annotation(b"/Subtype /Sound")),
    ("upload.multimedia", "rich media", lambda: annotation(b"/Subtype /RichMedia")),
    ("upload.multimedia", "3D", lambda: annotation(b"/Subtype /3D /3DD 10 0 R")),
    ("upload.multimedia", "subtype behind a reference", lambda: with_page(b"/Annots [9 0 R]", {9: b"<< /Subtype 10 0 R /Rect [0 0 9 9] >>", 10: b"/Screen"})),
    ("upload.unknown_action", "an action to come", lambda: with_catalog(b"/OpenAction << /S /Teleport >>")),
    ("upload.xfa", "array", lambda: with_catalog(b"/AcroForm << /Fields [] /XFA [(template) 9 0 R] >>", {9: stream(b"<xdp/>")})),
    ("upload.xfa", "stream", lambda: with_catalog(b"/AcroForm << /Fields [] /XFA 9 0 R >>", {9: stream(b"<xdp/>")})),
    ("upload.xfa", "needs rendering", lambda: with_catalog(b"/NeedsRendering true")),
    ("upload.external_content", "stream elsewhere", lambda: with_object(stream(b"", b"/F (http://example.com/x)"))),
    ("upload.external_content", "reference XObject", lambda: with_object(stream(b"", b"/Subtype /Form /Ref << /F (x.pdf) /Page 0 >>"))),
    ("upload.embedded_executable", "PE", lambda: with_embedded(b"a.txt", b"MZ\x90\0" + b"\0" * 99)),
    ("upload.embedded_executable", "ELF", lambda: with_embedded(b"a.txt", b"\x7fELF" + b"\0" * 99)),
    ("upload.embedded_executable", "Mach-O", lambda: with_embedded(b"a.txt", b"\xcf\xfa\xed\xfe" + b"\0" * 99)),
    ("upload.embedded_executable", "shell script", lambda: with_embedded(b"a.txt", b"#!/bin/sh\n")),
    ("upload.embedded_executable", "script by name", lambda: with_embedded(b"a.pdf.VBS", b"x = 1")),
    ("upload.embedded_executable", "HTML", lambda: with_embedded(b"a.txt", b"\n <HTML><body>")),
    ("upload.embedded_file", "ZIP", lambda: with_embedded(b"a.txt", zipped())),
    ("upload.embedded_file", "PDF", lambda: with_embedded(b"a.pdf", simple_pdf())),
    ("upload.embedded_file", "unknown", lambda: with_embedded(b"a.txt", bytes(range(256)))),
    ("upload.decompression_bomb", "one stream", lambda: with_object(stream(_bomb(), b"/Filter /FlateDecode"))),
    ("upload.decompression_bomb", "nested", nested_bomb),
    ("upload.decompression_bomb", "in ASCII85", lambda: with_object(stream(base64.a85encode(_bomb()) + b"~>", b"/Filter [/A85 /Fl]"))),
    ("upload.decompression_bomb", "run lengths", run_length_bomb),
    ("upload.decompression_bomb", "object stream", object_stream_bomb),
    ("upload.decompression_bomb", "cross-reference stream", cross_reference_bomb),
    ("upload.decompression_bomb", "PNG rows", png_bomb),
    ("upload.decompression_bomb", "embedded file", lambda: with_embedded(b"a.txt", b" " * (17 << 20))),
    ("upload.structure_too_large", "endless array", plain_structure_bomb),
    ("upload.too_many_pages", "one page 1001 times", too_many_pages),
    ("upload.too_many_objects", "200 006 objects", too_many_objects),
    ("upload.too_many_pixels", "image dictionary", lambda: image(60000, 60000, zlib.compress(b""), b"/FlateDecode")),
    ("upload.too_many_pixels", "JPEG in a PDF", jpeg_that_understates_itself),
    ("upload.too_many_pixels", "JPEG 2000 in a PDF", jpx_that_understates_itself),
    ("upload.too_many_pixels", "JBIG2 in a PDF", jbig2_that_understates_itself),
    ("upload.too_many_pixels", "PNG", huge_png),
    ("upload.too_many_pixels", "JPEG", huge_jpeg),
    ("upload.drawing_bomb", "billion laughs", billion_laughs),
    ("upload.drawing_bomb", "form draws itself", form_that_draws_itself),
    ("upload.page_tree_too_deep", "80 levels", deep_page_tree),
    ("upload.page_tree_cycle", "kid is grandparent", page_tree_cycle),
    ("upload.forbidden_filter", "LZW", lambda: with_object(stream(b"\x80\x0b", b"/Filter /LZWDecode"))),
    ("upload.forbidden_filter", "LZW escaped and abbreviated", lambda: with_object(stream(b"\x80\x0b", b"/Filter [/#4cZW]"))),
    ("upload.forbidden_filter", "filter behind a reference", lambda: with_catalog(b"", {9: stream(b"", b"/Filter 10 0 R"), 10: b"/FlateDecode"})),
    ("upload.forbidden_filter", "unheard of", lambda: with_object(stream(b"", b"/Filter /BrotliDecode"))),
    ("upload.forbidden_filter", "five deep", lambda: with_object(stream(b"", b"/Filter [/Fl /Fl /Fl /Fl /Fl]"))),
    ("upload.no_pages", "empty tree", lambda: RawPdfFile(objects={2: b"<< /Type /Pages /Kids [] /Count 0 >>"}).bytes()),
    ("upload.page_size", "none", lambda: RawPdfFile(objects={3: b"<< /Type /Page /Parent 2 0 R >>"}).bytes()),
    ("upload.page_size", "null", lambda: RawPdfFile(objects={3: b"<< /Type /Page /Parent 2 0 R /MediaBox [null 0 9 9] >>"}).bytes()),
    ("upload.page_size", "a kilometre", lambda: RawPdfFile(objects={3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 2834645 9] >>"}).bytes()),
    ("upload.animated", "APNG", lambda: png_of(struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0), chunk(b"acTL", b"\0" * 8))),
    ("upload.image_kind", "arithmetic JPEG", arithmetic_jpeg),
)  # fmt: skip
